"""The report for a terminal: diagnostics as compilers print them, then a summary that ends in the gate's verdict."""

from __future__ import annotations

from typing import TYPE_CHECKING

from auditor.findings import Severity
from reports.digest import digest
from reports.terminal.diagnostics import diagnostic
from reports.terminal.paint import Paint
from reports.terminal.summary import gate_line, not_shown, summary

if TYPE_CHECKING:
    from auditor.report import Report, Result
    from reports.interface import RenderOptions


def render(report: Report, *, options: RenderOptions) -> str:
    """The report as lines of text, with ANSI colours where the options ask for them."""
    paint = Paint(options.colour)
    about = digest(report)
    findings = [
        result
        for result in about.findings
        if (options.verbose or not result.known) and (not options.quiet or _fails_gate(report, result))
    ]
    shown = findings if options.verbose else findings[: options.limit]
    lines: list[str] = []
    explained: set[str] = set()  # a fix is told once, at the first finding of its check
    for result in shown:
        lines += [*diagnostic(report, result, paint, options.width, fix=result.check not in explained), ""]
        explained.add(result.check)
    if len(shown) < len(findings):
        lines += [not_shown(len(findings) - len(shown)), ""]
    if not options.quiet:
        lines += summary(report, about, paint, options)
    lines.append(gate_line(report, paint))
    return "\n".join(lines) + "\n"


def _fails_gate(report: Report, result: Result) -> bool:
    least = report.gate.fail_on
    if result.known:
        return False
    return least == "never" or Severity[report.checks[result.check].severity.upper()] >= Severity[least.upper()]
