"""`auditor package lambda`: the zip that AWS Lambda runs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from auditor.packaging import Architecture

_ARCHITECTURES = ("x86_64", "arm64")
_PYTHONS = ("3.12", "3.13", "3.14")


@click.group("package")
def command() -> None:
    """Make what runs elsewhere: the package for AWS Lambda."""


@command.command(
    "lambda",
    epilog="Examples: `auditor package lambda`, `auditor package lambda --architecture x86_64 --python 3.13 -o a.zip`. "
    "The same versions give the same bytes. The handlers are auditor.aws_lambda.audit (one account), .list_items, "
    ".scan_item, .record_failure and .roll_up; docs/deploy.md has the rest. "
    "Exit codes: 0 done; 2 a library is not to be had, or the file cannot be written.",
)
@click.option(
    "-o", "--output", metavar="FILE", type=click.Path(path_type=Path), default="auditor.zip", show_default=True
)
@click.option("--architecture", type=click.Choice(_ARCHITECTURES), default="arm64", show_default=True)
@click.option("--python", type=click.Choice(_PYTHONS), default="3.12", show_default=True, help="The runtime's version.")
@click.option("--with-sdk", is_flag=True, help="Put boto3 in too: the version that auditor was tested with.")
@click.option("--installed", is_flag=True, help="Take the libraries as they are installed here, for the same Python.")
@click.option(
    "--wheels",
    metavar="DIR",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="Take the libraries from there, not from the network.",
)
def lambda_(
    output: Path, architecture: Architecture, python: str, with_sdk: bool, installed: bool, wheels: Path | None
) -> None:
    """Make the zip for AWS Lambda: auditor and its libraries, compiled ones for the runtime."""
    from auditor.packaging import build

    made = build(output, architecture, python, with_sdk=with_sdk, wheels=wheels, installed=installed)
    click.echo(f"wrote {made.path}: {made.size / 1e6:.1f} MB, {made.unzipped / 1e6:.1f} MB unzipped")
    click.echo(f"sha256 {made.digest}")
    click.echo("\n".join(made.pins))
