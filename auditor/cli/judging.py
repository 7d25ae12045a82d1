"""What the commands that judge an account share: their options, and what becomes of the report."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from auditor.cli import output
from auditor.cli.options import baseline_options, checks_options, configuration, gate_options, output_options
from auditor.history import remember
from auditor.report import Report, load
from reports.interface import Only


def judging(function: Callable[..., Report]) -> Callable[..., None]:
    """Adds the options for checks, gate, baseline and output to a command that returns a report, and shows that.

    The command gets `config`, `baseline`, `against` and `strict`, as `auditor.scan` has them, and `quiet`.
    """

    @baseline_options
    @checks_options
    @gate_options
    @output_options
    @wraps(function)
    def command(
        *,
        baseline: str | None,
        config_file: str | None,
        select: tuple[str, ...],
        ignore: tuple[str, ...],
        frameworks: tuple[str, ...],
        checks_dir: tuple[str, ...],
        fail_on: str | None,
        formats: tuple[str, ...],
        outputs: tuple[str, ...],
        previous: tuple[str, ...],
        quiet: bool,
        verbose: bool,
        only: Only | None,
        **others: Any,
    ) -> None:
        where = output.targets(formats, outputs, only)
        flags = {"select": select, "ignore": ignore, "frameworks": frameworks, "checks_dir": checks_dir}
        report = function(
            config=configuration(config_file, fail_on=fail_on, **flags),
            baseline=load(baseline) if baseline else None,
            against=baseline or "",
            quiet=quiet,
            **others,
        )
        remember(report, previous)
        output.show(report, where, quiet=quiet, verbose=verbose, only=only)
        output.finish(report)

    return command
