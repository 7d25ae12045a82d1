"""The public API for authors of checks: `from auditor import HIGH, Findings, check`."""

from auditor.findings import Finding, Severity
from auditor.inventory import Inventory
from auditor.registry import Findings, check
from auditor.resources.base import Resource
from auditor.values import Undecided

LOW, MEDIUM, HIGH, CRITICAL = Severity.LOW, Severity.MEDIUM, Severity.HIGH, Severity.CRITICAL

__all__ = [
    "CRITICAL",
    "HIGH",
    "LOW",
    "MEDIUM",
    "Finding",
    "Findings",
    "Inventory",
    "Resource",
    "Severity",
    "Undecided",
    "check",
]
