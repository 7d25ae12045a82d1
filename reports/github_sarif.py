"""SARIF for GitHub code scanning, which knows no `suppressions`: it would open an alert for each accepted finding."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reports.sarif import document

if TYPE_CHECKING:
    from auditor.report import Report
    from reports.interface import RenderOptions


def render(report: Report, *, options: RenderOptions) -> str:
    """The SARIF log without accepted findings."""
    return document(report, known=options.verbose, accepted=False)
