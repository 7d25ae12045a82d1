"""The summary of a GitHub Actions job: append it to the file that `$GITHUB_STEP_SUMMARY` names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reports.markdown import document

if TYPE_CHECKING:
    from auditor.report import Report
    from reports.interface import RenderOptions

MOST_IN_SUMMARY: Final = 1024 * 1024
"""Bytes that GitHub accepts of one step; beyond, it shows nothing of it."""


def render(report: Report, *, options: RenderOptions) -> str:
    """The same as the comment, with more room."""
    return document(report, MOST_IN_SUMMARY)
