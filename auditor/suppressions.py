"""Accepted risks applied to verdicts: the configuration's `[[suppress]]`, and what templates say of themselves."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fnmatch import fnmatchcase

from auditor.config import Suppress
from auditor.findings import Finding, Status, Suppression, Verdict
from auditor.raw import Ignore, Location, Notice, Path, Raw
from auditor.registry import Check


@dataclass(frozen=True, slots=True)
class _Entry:
    """One accepted risk, wherever it was written."""

    name: str
    checks: tuple[str, ...]
    reason: str
    until: str | None
    by: str
    location: Location
    covers: Callable[[Verdict, Finding], bool]


def apply(
    verdicts: list[Verdict],
    suppress: Sequence[Suppress],
    ignores: Sequence[Ignore],
    today: date,
    not_run: Collection[Check] = (),
) -> list[Notice]:
    """Turn the failures that are accepted into `suppressed`, in place.

    A verdict of which only some findings are accepted is split in two. Whether an entry about one of the checks that
    were not run still matches something is not known.

    Returns:
        Notices about entries that have expired, have no reason, or match nothing.
    """
    notices = []
    for entry in (*map(_from_configuration, suppress), *map(_from_template, ignores)):
        problem = _problem(entry, today)
        used = False
        for verdict in [one for one in verdicts if one.status is Status.FAIL and _is_about(entry, one.check)]:
            accepted = tuple(finding for finding in verdict.findings if entry.covers(verdict, finding))
            used = used or bool(accepted)
            if accepted and not problem:
                _accept(verdicts, verdict, accepted, Suppression(entry.reason, entry.by, entry.until))
        if problem and (used or "expired" not in problem):
            notices.append(Notice("warning", f"{entry.name} {problem}", entry.location))
        elif not used and not any(_is_about(entry, check) for check in not_run):
            notices.append(Notice("warning", f"{entry.name} matches no finding; remove it", entry.location))
    return notices


def _from_configuration(entry: Suppress) -> _Entry:
    def covers(verdict: Verdict, _: Finding) -> bool:
        resource = verdict.resource
        names = (resource.address, resource.title, resource.raw.id)  # with brackets, in Terraform's addresses
        return entry.resource in names or any(fnmatchcase(name, entry.resource) for name in names)

    until = entry.until.isoformat() if entry.until else None
    name = f"the suppression of {entry.check} on {entry.resource}"
    return _Entry(name, (entry.check,), entry.reason, until, entry.by, Location(), covers)


def _from_template(ignore: Ignore) -> _Entry:
    def covers(verdict: Verdict, finding: Finding) -> bool:
        """By where the finding is, or where the resource it is about begins."""
        own = verdict.resource.raw
        return any(_covers(ignore, raw, path) for raw, path in ((finding.raw, finding.path), (own, ())))

    name = f"the ignore of {', '.join(ignore.checks) or 'nothing'}"
    by = f"{ignore.location.file}:{ignore.location.line}"
    return _Entry(name, ignore.checks, ignore.reason, ignore.until, by, ignore.location, covers)


def _covers(ignore: Ignore, raw: Raw, path: Path) -> bool:
    place = raw.origin.locate(path)
    if place.file != ignore.location.file:
        return False
    if ignore.resource is not None and ignore.resource == raw.id:
        return True
    if ignore.lines is None:
        return ignore.resource is None
    return place.line is not None and ignore.lines[0] <= place.line <= ignore.lines[1]


def _is_about(entry: _Entry, check: Check) -> bool:
    return any(fnmatchcase(name, pattern) for name in (check.id, *check.aliases) for pattern in entry.checks)


def _problem(entry: _Entry, today: date) -> str:
    """Why an entry does not count; empty where it does."""
    if not entry.checks:
        return "names no check: write ignore[check-id] and why"
    if not entry.reason.strip():
        return "has no reason, so it does not count; give one"
    if entry.until is None:
        return ""
    try:
        last = date.fromisoformat(entry.until)
    except ValueError:
        return f"ends {entry.until!r}, which is no date such as 2027-01-31, so it does not count"
    return f"expired on {last}; its findings fail again" if last < today else ""


def _accept(verdicts: list[Verdict], verdict: Verdict, accepted: tuple[Finding, ...], suppression: Suppression) -> None:
    left = tuple(finding for finding in verdict.findings if finding not in accepted)
    if not left:
        verdict.status, verdict.suppression = Status.SUPPRESSED, suppression
        return
    verdicts.append(replace(verdict, status=Status.SUPPRESSED, findings=accepted, suppression=suppression))
    verdict.findings = left
