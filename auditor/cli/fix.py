"""`auditor fix`: repair templates."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

from auditor import gate
from auditor.cli.options import checks_options, configuration, values_of, values_options
from auditor.errors import UsageError
from auditor.scan import scan_templates
from reports import interface
from reports.terminal.paint import Paint

if TYPE_CHECKING:
    from auditor.fix import Rewritten


@click.command(
    "fix",
    epilog="Examples: `auditor fix infra/`, `auditor fix infra/ >infra.diff`, `auditor fix app.yaml -s kms-* --write`. "
    "Exit codes: 0 nothing to repair, or all written; 1 there are repairs to write; 2 bad usage or configuration; "
    "3 a file could not be read or written.",
)
@click.argument("paths", nargs=-1, required=True, metavar="PATH…")
@click.option("--diff", "show", is_flag=True, help="Print what would change; the default without --write.")
@click.option("--write", "apply", is_flag=True, help="Change the files.")
@values_options
@checks_options
def command(
    paths: tuple[str, ...],
    show: bool,
    apply: bool,
    parameters: str | None,
    variables: tuple[str, ...],
    var_files: tuple[str, ...],
    config_file: str | None,
    **flags: Any,
) -> None:
    """Repair what certainly can be: the checks that `auditor checks` marks with "fix".

    Comments, order and style are kept. What a function, a parameter or a YAML anchor gives is left to you, and said.
    """
    from auditor.fix import repairs, rewrite
    from auditor.fix.summary import summary

    values = values_of(parameters, variables, var_files)
    report = scan_templates(paths, configuration(config_file, **flags), **values)
    found, refused = repairs(report)
    files, contradicting = rewrite(found)
    unwritten: list[str] = []
    if apply:
        files, unwritten = _write(files)
    paint = Paint(interface.wants_colour(sys.stdout))
    for line in summary(report, files, refused + contradicting, paint, diffs=show or not apply, written=apply):
        click.echo(line)
    for message in unwritten:
        click.echo(f"auditor: {message}", err=True)
    ctx = click.get_current_context()
    if report.gate.exit_code == gate.BROKEN:
        ctx.exit(gate.BROKEN)
    if files and not apply:
        ctx.exit(gate.FAILS)
    if unwritten or any(notice.level == "error" for notice in report.notices):
        ctx.exit(gate.INCOMPLETE)


def _write(files: list[Rewritten]) -> tuple[list[Rewritten], list[str]]:
    """Write the files, each on its own: those that were written, and what went wrong with the others."""
    written, problems = [], []
    for file in files:
        try:
            interface.write(file.after, file.file)
            written.append(file)
        except UsageError as error:
            problems.append(str(error))
    return written, problems
