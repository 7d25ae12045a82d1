"""The report for a terminal: diagnostics as compilers print them, then a summary that ends in the gate's verdict."""

from __future__ import annotations

from typing import TYPE_CHECKING

from auditor.findings import Severity
from reports.digest import causes_of, digest
from reports.terminal.groups import groups
from reports.terminal.paint import Paint
from reports.terminal.statistics import statistics
from reports.terminal.summary import gate_line, summary

if TYPE_CHECKING:
    from auditor.report import Report, Result
    from reports.interface import RenderOptions


def render(report: Report, *, options: RenderOptions) -> str:
    """The report as lines of text, with ANSI colours where the options ask for them."""
    paint = Paint(options.colour)
    about = digest(report)
    causes = causes_of(
        report,
        (
            result
            for result in about.findings
            if (options.verbose or not result.known) and (not options.quiet or _fails_gate(report, result))
        ),
    )
    lines: list[str] = []
    if options.only == "statistics":
        lines += statistics(causes, options.width)
    elif options.only is None:
        lines += groups(report, causes, paint, options)
    if not options.quiet and options.only != "statistics":
        lines += summary(report, about, paint, options)
    if not (options.quiet and options.only == "statistics"):
        lines.append(gate_line(report, paint))
    return "".join(f"{line}\n" for line in lines)


def _fails_gate(report: Report, result: Result) -> bool:
    least = report.gate.fail_on
    if result.known:
        return False
    return least == "never" or Severity[report.checks[result.check].severity.upper()] >= Severity[least.upper()]
