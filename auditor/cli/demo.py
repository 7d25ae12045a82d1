"""`auditor demo`: the whole product on a simulated account."""

from __future__ import annotations

from pathlib import Path

import click


@click.command("demo", epilog="Example: `auditor demo --output /tmp/auditor-demo`.")
@click.option("-o", "--output", "folder", default="auditor-demo", metavar="DIR", show_default=True, help="For reports.")
def command(folder: str) -> None:
    """Scan a simulated ML platform and its templates; needs no AWS account and no network.

    The account lives in this process (moto); its HTML report and the templates' are written to a folder.
    """
    from auditor.demo.run import run

    for line in run(Path(folder)):
        click.echo(line)
