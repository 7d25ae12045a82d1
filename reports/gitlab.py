"""GitLab's code quality report: https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format.

GitLab itself compares the report with the target branch's, so what the baseline knows is in it, too. It has no
place for what could not be decided: the JUnit report has.
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any, Final

from auditor.findings import Status
from reports import text
from reports.digest import digest, gravest_first
from reports.evidence import broken, demand, statement
from reports.places import Repository, span

if TYPE_CHECKING:
    from auditor.raw import Location
    from auditor.report import Report
    from reports.interface import RenderOptions

_SEVERITIES: Final = {"critical": "blocker", "high": "critical", "medium": "major", "low": "minor"}


def render(report: Report, *, options: RenderOptions) -> str:
    """A list of findings, and of inputs and checks that something was wrong with, the gravest first."""
    about = digest(report)
    repository = Repository()
    entries = [
        _entry(repository, "input-not-read", text.clip(notice.message), "blocker", notice.location)
        for notice in about.unread
    ]
    entries += [
        _entry(repository, result.check, f"broke off: {broken(report, result)}", "blocker", result.location)
        for result in about.by_status[Status.ERROR]
    ]
    for result in gravest_first(report, about.findings):
        said = "; ".join(filter(None, [statement(report, result), demand(result)]))
        severity = _SEVERITIES[report.checks[result.check].severity]
        entry = _entry(repository, result.check, said, severity, result.location, result.source)
        entries.append(entry | ({"fingerprint": text.clip(result.fingerprint)} if result.fingerprint else {}))
    entries += [
        _entry(repository, "input-partly-read", text.clip(notice.message), "info", notice.location)
        for notice in about.doubts
    ]
    return json.dumps(entries, ensure_ascii=False, indent=1) + "\n"


def _entry(
    repository: Repository,
    check: str,
    said: str,
    severity: str,
    place: Location | None,
    source: str | None = None,
) -> dict[str, Any]:
    path = text.clip(repository.path(place)) if place else "."
    identity = "\0".join((check, path, said)).encode("utf-8", "replace")
    return {
        "description": said or text.name(check),
        "check_name": text.name(check),
        "fingerprint": hashlib.sha256(identity).hexdigest()[:32],
        "severity": severity,
        "location": {"path": path, "lines": {"begin": span(place, source).line if place else 1}},
    }
