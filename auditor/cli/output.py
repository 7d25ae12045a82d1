"""Writes a report to where the user asked, and ends with the gate's exit code."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Sequence
from typing import NoReturn

import click

from auditor.errors import UsageError
from auditor.report import Report
from reports import interface


def targets(
    formats: Sequence[str], outputs: Sequence[str], only: interface.Only | None = None
) -> list[tuple[str, str | None]]:
    """Which format goes to which file; None is standard output.

    Formats and files pair up in order. A file without a format has the one of its suffix; one format without a file
    goes to standard output, which otherwise gets `terminal`.

    Raises:
        UsageError: a format is unknown, a suffix says nothing, several formats are left for standard output, or one is
            that has no part to be asked for alone (`only`).
    """
    for name in formats:
        interface.load(name)
    pairs: list[tuple[str, str | None]] = [
        (formats[index] if index < len(formats) else _by_suffix(file), file) for index, file in enumerate(outputs)
    ]
    left = formats[len(outputs) :]
    if len(left) > 1:
        raise UsageError(f"--format {' and '.join(left)} would both go to the terminal; give each an --output FILE")
    if only and left and left[0] != "terminal":
        raise UsageError(f"--{only} is for people; leave --format {left[0]} out, or give it an --output FILE")
    if left and left[0] in interface.FILES_ONLY:
        raise UsageError(f"--format {left[0]} is no text; give it an --output FILE")
    return [*pairs, (left[0] if left else "terminal", None)]


def _by_suffix(file: str) -> str:
    name = interface.by_suffix(file)
    if name is None:
        raise UsageError(f"--output {file}: its suffix is no format's; say which with --format")
    return name


def show(
    report: Report,
    where: Sequence[tuple[str, str | None]],
    *,
    quiet: bool = False,
    verbose: bool = False,
    only: interface.Only | None = None,
) -> None:
    """Render a report to every target."""
    options = interface.RenderOptions(
        colour=interface.wants_colour(sys.stdout),
        width=min(shutil.get_terminal_size((100, 24)).columns, 120),
        quiet=quiet,
        verbose=verbose,
        only=only,
    )
    for name, file in where:
        if file is None:
            text = interface.render(report, name, options)
            click.echo(text, nl=not text.endswith("\n"))
        else:
            interface.render_file(report, name, file, options)
    written = [file for _, file in where if file is not None]
    if written and not quiet:
        click.echo(f"wrote {', '.join(written)}", err=True)


def finish(report: Report) -> NoReturn:
    """Leave with the gate's exit code."""
    click.get_current_context().exit(report.gate.exit_code)
