"""Accepted risks: the configuration's `[[suppress]]` entries applied to verdicts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from fnmatch import fnmatchcase

from auditor.config import Suppress
from auditor.findings import Status, Suppression, Verdict
from auditor.raw import Notice


def apply(verdicts: Iterable[Verdict], entries: Sequence[Suppress], today: date) -> list[Notice]:
    """Turn the failures that an entry accepts into `suppressed`, in place.

    Returns:
        Notices about entries that have expired (their failures stay failures) or that match nothing.
    """
    failed = [verdict for verdict in verdicts if verdict.status is Status.FAIL]
    notices = []
    for entry in entries:
        matching = [verdict for verdict in failed if _matches(entry, verdict)]
        name = f"the suppression of {entry.check} on {entry.resource}"
        if not entry.reason.strip():
            notices.append(Notice("warning", f"{name} has no reason, so it does not count; give one"))
        elif entry.until is not None and entry.until < today:
            if matching:
                notices.append(Notice("warning", f"{name} expired on {entry.until}; its findings fail again"))
        elif not matching:
            notices.append(Notice("warning", f"{name} matches no finding; remove it"))
        else:
            until = entry.until.isoformat() if entry.until else None
            for verdict in matching:
                verdict.status = Status.SUPPRESSED
                verdict.suppression = Suppression(entry.reason, entry.by, until)
    return notices


def _matches(entry: Suppress, verdict: Verdict) -> bool:
    ids = (verdict.check.id, *verdict.check.aliases)
    resource = verdict.resource
    names = (resource.address, resource.title, resource.raw.id)
    return any(fnmatchcase(name, entry.check) for name in ids) and any(
        fnmatchcase(name, entry.resource) for name in names
    )
