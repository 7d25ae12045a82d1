"""`auditor scan organization`: many accounts, a report of each and a roll-up."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from auditor.cli.options import asking_options, checks_options, configuration, gate_options
from auditor.cli.progress import progress_on_terminal

if TYPE_CHECKING:
    from auditor.distributed.rollup import RollUp
    from auditor.sources.account.manner import Manner


@click.command(
    "organization",
    epilog="Examples: `auditor scan organization --role-name Auditor -o reports/`, "
    "`auditor scan organization --accounts prod.txt --exclude 'sandbox-*' -o reports/`. "
    "Your credentials need sts:AssumeRole for the role and, without --accounts, organizations:ListAccounts; "
    "`auditor permissions --format cloudformation` prints the role. "
    "Exit codes: 0 every gate holds; 1 one does not; 2 bad usage or configuration; "
    "3 they hold for what was read, but an account or a part of one could not be read.",
)
@click.option(
    "-o", "--output", "folder", metavar="DIR", required=True, type=click.Path(path_type=Path, file_okay=False)
)
@click.option("--accounts", metavar="FILE", help="Account ids, one a line with an optional name; else Organizations'.")
@click.option("--include", multiple=True, metavar="GLOB", help="Only accounts with such an id or name.")
@click.option("--exclude", multiple=True, metavar="GLOB", help="No accounts with such an id or name.")
@click.option("--role-name", default="Auditor", show_default=True, metavar="NAME", help="Assumed in each account.")
@click.option(
    "--at-once", type=click.IntRange(1, 32), default=4, show_default=True, help="Accounts scanned at the same time."
)
@click.option(
    "--baseline",
    metavar="DIR",
    type=click.Path(path_type=Path),
    help="The folder of an earlier scan: only findings that its reports lack fail the gates.",
)
@click.option("-q", "--quiet", is_flag=True, help="Print nothing but the accounts that could not be scanned.")
@asking_options
@checks_options
@gate_options
def organization(
    folder: Path,
    accounts: str | None,
    include: tuple[str, ...],
    exclude: tuple[str, ...],
    role_name: str,
    external_id: str | None,
    profile: str | None,
    regions: list[str],
    manner: Manner,
    at_once: int,
    baseline: Path | None,
    quiet: bool,
    config_file: str | None,
    strict: bool,
    **flags: Any,
) -> None:
    """Scan many AWS accounts: a report of each and a roll-up, index.html and index.json, in a folder."""
    from auditor.organization import scan_organization
    from auditor.sources.account.spool import folder as spool_folder

    with progress_on_terminal(quiet) as progress:
        rolled = scan_organization(
            configuration(config_file, **flags),
            folder,
            role_name=role_name,
            external_id=external_id,
            profile=profile,
            accounts=accounts,
            include=include,
            exclude=exclude,
            regions=regions,
            at_once=at_once,
            strict=strict,
            manner=replace(manner, spool=spool_folder(None, resume=manner.resume)),
            baseline=baseline,
            progress=progress,
        )
    _tell(rolled, folder, quiet)
    click.get_current_context().exit(rolled.exit_code)


def _tell(rolled: RollUp, folder: Path, quiet: bool) -> None:
    """The accounts in a line each, those that could not be scanned on stderr."""
    from reports import text

    for line in rolled.accounts:
        called = text.name(f"{line.account} {line.name}".rstrip())
        if line.status == "failed":
            click.echo(f"{called}: not scanned: {text.clip(line.reason)}", err=True)
        elif line.status == "partial":
            click.echo(f"{called}: scanned in part: {text.clip(line.reason)}", err=True)
        elif not quiet and line.status == "skipped":
            click.echo(f"{called}: passed over: {text.clip(line.reason)}")
        elif not quiet:
            click.echo(f"{called}: {text.count(line.findings, 'finding')}, {line.unknown:,} unknown; {line.reason}")
    if not quiet:
        click.echo(f"wrote {folder / 'index.html'}", err=True)
