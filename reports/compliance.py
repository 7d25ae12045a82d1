"""What reports for people say of compliance frameworks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reports import text

if TYPE_CHECKING:
    from auditor.report import Compliance, ControlResult, ControlStatus

_JUDGED: Final = {"fail": True, "pass": True, "unknown": True, "accepted": False}
"""The statuses that are a judgement; those that are told even when no control has them."""
_LISTED: Final[tuple[ControlStatus, ...]] = ("fail", "unknown", "accepted")


def standing(one: Compliance) -> str:
    """The number of controls by status: `41 controls judged: 12 fail, 25 pass, 4 unknown; 120 not covered`."""
    counts = one.counts
    told = [f"{counts.get(status, 0):,} {status}" for status, always in _JUDGED.items() if always or counts.get(status)]
    judged = sum(counts.get(status, 0) for status in _JUDGED)
    parts = [f"{text.count(judged, 'control')} judged: {', '.join(told)}" if judged else "no control judged"]
    if counts.get("no-resources"):
        parts.append(f"{counts['no-resources']:,} without resources")
    parts.append(f"{counts.get('not-covered', 0):,} not covered")
    known = "" if one.complete else f" (controls known here: {len(one.controls):,})"
    return "; ".join(parts) + known


def listed(one: Compliance) -> list[ControlResult]:
    """The controls that are not passed though judged: failures first, then unknown, then accepted ones."""
    return [control for status in _LISTED for control in one.controls if control.status == status]
