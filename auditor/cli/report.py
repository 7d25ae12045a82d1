"""`auditor report`: a saved report in another format."""

from __future__ import annotations

import click

from auditor.cli import output
from auditor.cli.options import output_options
from auditor.report import load


@click.command("report", epilog="Example: `auditor report scan.json -f html -o scan.html`.")
@click.argument("file", metavar="FILE")
@output_options
def command(file: str, formats: tuple[str, ...], outputs: tuple[str, ...], quiet: bool, verbose: bool) -> None:
    """Render a saved JSON report in another format; nothing is scanned again."""
    where = output.targets(formats, outputs)
    if outputs and not formats[len(outputs) :]:
        where = where[:-1]  # no terminal report beside the file that was asked for
    output.show(load(file), where, quiet=quiet, verbose=verbose)
