"""Which controls of which frameworks a check's findings bear on, for formats that tell it with each finding."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reports import text

if TYPE_CHECKING:
    from auditor.report import Report

Requirement = tuple[str, str]
"""A framework and one of its controls: `("AWS FSBP", "AWS FSBP S3.1")`."""


def requirements_by_check(report: Report) -> dict[str, tuple[Requirement, ...]]:
    """The controls that each check of the report judges, or a part of them."""
    found: dict[str, tuple[Requirement, ...]] = {}
    for framework in report.compliance:
        standard = text.name(framework.short)
        for control in framework.controls:
            for check in control.checks:
                found[check] = (*found.get(check, ()), (standard, f"{standard} {text.name(control.id)}"))
    return found
