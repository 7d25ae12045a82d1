"""OCSF 1.5 Compliance Findings (https://schema.ocsf.io/1.5.0/classes/compliance_finding), for Security Lake and SIEMs.

An event for everything that is not a pass. Inputs that could not be read and calls that did not answer are events too,
with an unknown status, as a lake that does not hear of them would take silence for a pass.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from auditor.findings import Status
from reports import text
from reports.digest import gravest_first
from reports.evidence import broken, demand, statement
from reports.requirements import requirements_by_check

if TYPE_CHECKING:
    from collections.abc import Iterator

    from auditor.raw import Gap, Location, Notice
    from auditor.report import Report, Result
    from reports.interface import RenderOptions

VERSION: Final = "1.5.0"
_COMPLIANCE_FINDING: Final = 2003
_CREATE: Final = 1
_SEVERITIES: Final = {"low": (2, "Low"), "medium": (3, "Medium"), "high": (4, "High"), "critical": (5, "Critical")}
_INFORMATIONAL: Final = (1, "Informational")
_NEW, _SUPPRESSED = (1, "New"), (3, "Suppressed")
_FAIL, _UNKNOWN = (3, "Fail"), (0, "Unknown")
_AWS_ACCOUNT: Final = (10, "AWS Account")


def render(report: Report, *, options: RenderOptions) -> str:
    """A JSON array of events."""
    return json.dumps(list(events(report)), ensure_ascii=False, indent=1) + "\n"


def events(report: Report) -> Iterator[dict[str, Any]]:
    """The events, the gravest first."""
    requirements = requirements_by_check(report)
    told = [result for result in report.results if result.status is not Status.PASS]
    for result in gravest_first(report, told):
        yield _event(report) | _result(report, result, requirements.get(result.check, ()))
    for notice in report.notices:
        yield _event(report) | _notice(notice)
    for gap in report.gaps:
        yield _event(report) | _gap(gap)


def _event(report: Report) -> dict[str, Any]:
    product = {"name": "auditor", "uid": "auditor", "vendor_name": "auditor", "version": text.name(report.version)}
    return {
        "activity_id": _CREATE,
        "activity_name": "Create",
        "category_name": "Findings",
        "category_uid": 2,
        "class_name": "Compliance Finding",
        "class_uid": _COMPLIANCE_FINDING,
        "type_name": "Compliance Finding: Create",
        "type_uid": _COMPLIANCE_FINDING * 100 + _CREATE,
        "time": _milliseconds(report.created),
        "metadata": {"version": VERSION, "product": product, "profiles": ["cloud"]},
    }


def _result(report: Report, result: Result, requirements: tuple[tuple[str, str], ...]) -> dict[str, Any]:
    check, resource = report.checks[result.check], report.resources[result.resource]
    place = result.location or resource.location
    fails = result.status in (Status.FAIL, Status.SUPPRESSED)
    said = statement(report, result)
    if not fails:
        said = broken(report, result) if result.status is Status.ERROR else f"{said}: {text.clip(result.reason)}"
    identity = text.clip(result.fingerprint) or f"{text.name(result.check)}:{text.clip(result.resource)}"
    details: dict[str, Any] = {"property": text.clip(result.property), "expected": text.clip(result.expected or "")}
    if place.file:
        details |= {"file": text.clip(place.file), "line": place.line, "column": place.column}
    subject = {
        "uid": text.clip(result.resource),
        "name": text.name(resource.title),
        "type": text.name(resource.type),
        "region": text.name(place.region or "") or None,
        "data": {name: value for name, value in details.items() if value},
    }
    event = {
        **_told(said, _SEVERITIES[check.severity], _SUPPRESSED if result.status is Status.SUPPRESSED else _NEW),
        "status_detail": _detail(result),
        "finding_info": {
            "uid": identity,
            "title": text.clip(check.title),
            "desc": " ".join(text.paragraphs(check.why)),
            "types": [text.name(check.pillar)],
            "created_time": _milliseconds(report.created),
            "analytic": {"name": text.name(result.check), "uid": text.name(result.check), "type_id": 1, "type": "Rule"},
        },
        "compliance": {
            **_compliance(_FAIL if fails else _UNKNOWN),
            "control": text.name(result.check),
            "standards": sorted({standard for standard, _ in requirements}),
            "requirements": [control for _, control in requirements],
        },
        "remediation": {"desc": " ".join(text.paragraphs(check.fix))},
        "resources": [{name: value for name, value in subject.items() if value}],
        "unmapped": _money(result),
        **_cloud(place),
    }
    return {name: value for name, value in event.items() if value not in (None, "", {})}


def _notice(notice: Notice) -> dict[str, Any]:
    said = text.clip(notice.message)
    place = text.clip(notice.location.file or notice.location.arn or "the scan")
    title = "An input was not read" if notice.level == "error" else "An input was read in part"
    return {
        **_told(f"{place}: {said}", _INFORMATIONAL, _NEW),
        "finding_info": {"uid": f"{title}: {place}: {said}", "title": title, "desc": said},
        "compliance": _compliance(_UNKNOWN),
        **_cloud(notice.location),
    }


def _gap(gap: Gap) -> dict[str, Any]:
    said = text.clip(gap.reason)
    place = ":".join(text.name(part) for part in (gap.account, gap.region, gap.resource) if part)
    info = {"uid": f"{said}: {place}", "title": "A call did not answer", "desc": text.clip(gap.message)}
    compliance = _compliance(_UNKNOWN) | {"checks": [{"uid": text.name(check)} for check in gap.checks]}
    subject = {"uid": text.clip(gap.resource)} if gap.resource else None
    event = {
        **_told(said, _INFORMATIONAL, _NEW),
        "finding_info": info,
        "compliance": compliance,
        **_account(gap.account, gap.region),
    }
    return event | ({"resources": [subject]} if subject else {})


def _told(said: str, severity: tuple[int, str], status: tuple[int, str]) -> dict[str, Any]:
    return {
        "message": said,
        "severity_id": severity[0],
        "severity": severity[1],
        "status_id": status[0],
        "status": status[1],
    }


def _compliance(status: tuple[int, str]) -> dict[str, Any]:
    return {"status_id": status[0], "status": status[1]}


def _detail(result: Result) -> str:
    if result.suppression:
        return text.clip(result.suppression.reason)
    return demand(result) or text.clip(result.reason)


def _money(result: Result) -> dict[str, Any]:
    saving = result.saving
    if saving is None:
        return {}
    return {
        "saving_usd_a_month": {"low": round(saving.low, 2), "high": round(saving.high, 2)},
        "saving_basis": text.clip(saving.basis),
        "saving_confidence": saving.confidence,
        "prices_as_of": text.clip(saving.as_of),
    }


def _cloud(place: Location) -> dict[str, Any]:
    return _account(place.account, place.region)


def _account(account: str | None, region: str | None) -> dict[str, Any]:
    if not account:
        return {}
    number = text.name(account)
    cloud: dict[str, Any] = {
        "provider": "AWS",
        "account": {"uid": number, "name": number, "type_id": _AWS_ACCOUNT[0], "type": _AWS_ACCOUNT[1]},
    }
    return {"cloud": cloud | ({"region": text.name(region)} if region else {})}


def _milliseconds(created: str) -> int:
    """Milliseconds since 1970; 0 for what is no date, as a saved report may come from anybody."""
    try:
        moment = datetime.fromisoformat(created)
    except ValueError:
        return 0
    return int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp() * 1000)
