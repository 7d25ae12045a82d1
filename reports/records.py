"""A report as flat records, one for everything that is not a pass: what tables and streams are made of.

Every record has every member, so that a table has one shape; texts are cleaned, and shortened as in other reports.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from auditor.findings import Status
from reports import text
from reports.digest import gravest_first
from reports.evidence import console_url

if TYPE_CHECKING:
    from auditor.raw import Gap, Location, Notice
    from auditor.report import Report, Result

Value = str | int | float | bool | None
Record = dict[str, Value]

_NOTHING: Final[Record] = {
    "created": None,  # when the scan ended
    "status": None,  # fail, suppressed, unknown, error; gap, not-read or partly-read for what could not be seen
    "severity": None,
    "pillar": None,
    "check": None,
    "check_title": None,
    "resource_type": None,
    "resource": None,  # its address: an ARN, or a file and a logical id
    "resource_title": None,
    "account": None,
    "region": None,
    "file": None,
    "line": None,
    "column": None,
    "property": None,
    "message": None,
    "expected": None,
    "reason": None,
    "known": None,  # whether the baseline has it
    "saving_low": None,  # USD a month at list prices
    "saving_high": None,
    "saving_confidence": None,
    "saving_basis": None,
    "prices_as_of": None,
    "accepted_by": None,
    "accepted_until": None,
    "fix": None,
    "fingerprint": None,
    "url": None,
}
MEMBERS: Final = tuple(_NOTHING)
"""The members of every record, in order."""


def records(report: Report) -> Iterator[Record]:
    """Inputs that were not read, then findings, the gravest first, then verdicts that were not reached, then gaps."""
    created: Record = {"created": text.clip(report.created)}
    for notice in report.notices:
        yield _NOTHING | created | _notice(notice)
    told = [result for result in report.results if result.status is not Status.PASS]
    order = list(Status)
    for result in sorted(gravest_first(report, told), key=lambda result: order.index(result.status)):
        yield _NOTHING | created | _result(report, result)
    for gap in report.gaps:
        yield _NOTHING | created | _gap(gap)


def _result(report: Report, result: Result) -> Record:
    check, resource = report.checks[result.check], report.resources[result.resource]
    found: Record = {
        "status": result.status.value,
        "severity": check.severity,
        "pillar": text.name(check.pillar),
        "check": text.name(result.check),
        "check_title": text.clip(check.title),
        "resource_type": text.name(resource.type),
        "resource": text.clip(result.resource),
        "resource_title": text.name(resource.title),
        "property": text.clip(result.property) or None,
        "message": text.clip(result.message) or None,
        "expected": text.clip(result.expected) if result.expected else None,
        "reason": text.clip(result.reason) or None,
        "known": result.known,
        "fix": " ".join(text.paragraphs(check.fix)),
        "fingerprint": text.clip(result.fingerprint) or None,
    }
    if result.saving:
        found["saving_low"], found["saving_high"] = round(result.saving.low, 2), round(result.saving.high, 2)
        found["saving_confidence"] = result.saving.confidence
        found["saving_basis"] = text.clip(result.saving.basis)
        found["prices_as_of"] = text.clip(result.saving.as_of)
    if result.suppression:
        found["reason"] = text.clip(result.suppression.reason)
        found["accepted_by"] = text.clip(result.suppression.by or "") or None
        found["accepted_until"] = text.clip(result.suppression.until or "") or None
    return found | _place(result.location or resource.location)


def _notice(notice: Notice) -> Record:
    status = "not-read" if notice.level == "error" else "partly-read"
    return {"status": status, "message": text.clip(notice.message), **_place(notice.location)}


def _gap(gap: Gap) -> Record:
    return {
        "status": "gap",
        "check": " ".join(map(text.name, gap.checks)) or None,
        "resource_type": " ".join(map(text.name, gap.types)) or None,
        "resource": text.clip(gap.resource) if gap.resource else None,
        "account": text.name(gap.account or "") or None,
        "region": text.name(gap.region or "") or None,
        "message": text.clip(gap.message),
        "reason": text.clip(gap.reason),
    }


def _place(place: Location) -> Record:
    return {
        "account": text.name(place.account or "") or None,
        "region": text.name(place.region or "") or None,
        "file": text.clip(place.file) if place.file else None,
        "line": place.line,
        "column": place.column,
        "url": console_url(place),
    }
