"""What is new: a scan's findings against those of an earlier report."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import replace

from auditor.findings import Status
from auditor.pricing.saving import Saving
from auditor.pricing.totals import total
from auditor.report import Change, Report, Result


def compare(results: Sequence[Result], before: Report, against: str, cost: tuple[float, float] | None = None) -> Change:
    """Mark the findings that an earlier report has too (`Result.known`), and tell what changed.

    A finding is the same if it is about the same property of the same resource. Of several on one property, those with
    the same words on the same text are paired first, so that an added one is not taken for its neighbour. A file that
    is gone and a new one with the same resource count as one that was renamed. What is accepted now, or is no longer
    decided, is not fixed. `cost` is what the resources cost now if they always run, where that is known.
    """
    left = [result for result in before.results if result.status is Status.FAIL]
    new = [result for result in results if result.status is Status.FAIL]
    gone = {file(result) for result in before.results} - {file(result) for result in results}
    come = {file(result) for result in results} - {file(result) for result in before.results}
    accepted = [replace(result) for result in results if result.status is Status.SUPPRESSED]
    for identity in (_exactly, _property):
        new, left = _pair(new, left, identity)
        accepted, left = _pair(accepted, left, identity)
    moved, stayed = _split(left, lambda result: file(result) in gone)
    fresh, old = _split(new, lambda result: file(result) in come)
    for identity in (_exactly_elsewhere, _property_elsewhere):
        fresh, moved = _pair(fresh, moved, identity)
    undecided = {(one.check, one.resource) for one in results if one.status in (Status.UNKNOWN, Status.ERROR)}
    fixed = [result for result in (*stayed, *moved) if (result.check, result.resource) not in undecided]
    failures = [result for result in results if result.status is Status.FAIL]
    waste_now, waste_then = total(savings_of(results)), total(savings_of(before.results))
    costs_then = (before.summary.cost_low, before.summary.cost_high) if cost else (None, None)
    cost_low, cost_high = map(_grown, cost or (None, None), costs_then)
    return Change(
        against,
        new=len(fresh) + len(old),
        known=len(failures) - len(fresh) - len(old),
        fixed=fixed,
        saving_low=round(waste_now[0] - waste_then[0], 2),
        saving_high=round(waste_now[1] - waste_then[1], 2),
        cost_low=cost_low,
        cost_high=cost_high,
    )


def file(result: Result) -> str:
    """The template that a finding is in; a live resource's ARN holds no `#` and is its own."""
    return result.resource.rpartition("#")[0] or result.resource


def _id(result: Result) -> str:
    return result.resource.rpartition("#")[2]


def _place(result: Result) -> str:
    return ".".join(step for step in result.property.split(".") if not step.isdigit())


def _exactly(result: Result) -> Hashable:
    return result.check, result.resource, _place(result), result.message, (result.source or "").strip()


def _property(result: Result) -> Hashable:
    return result.check, result.resource, _place(result)


def _exactly_elsewhere(result: Result) -> Hashable:
    return result.check, _id(result), _place(result), result.message, (result.source or "").strip()


def _property_elsewhere(result: Result) -> Hashable:
    return result.check, _id(result), _place(result)


def _pair(
    new: list[Result], old: list[Result], identity: Callable[[Result], Hashable]
) -> tuple[list[Result], list[Result]]:
    """Mark each new finding that has a counterpart of the same identity; return those that have none, on both sides."""
    waiting: dict[Hashable, list[Result]] = defaultdict(list)
    for result in old:
        waiting[identity(result)].append(result)
    alone = []
    for result in new:
        counterparts = waiting[identity(result)]
        if counterparts:
            counterparts.pop(0)
            result.known = True
        else:
            alone.append(result)
    return alone, [result for counterparts in waiting.values() for result in counterparts]


def _split(results: Iterable[Result], belongs: Callable[[Result], bool]) -> tuple[list[Result], list[Result]]:
    inside: list[Result] = []
    outside: list[Result] = []
    for result in results:
        (inside if belongs(result) else outside).append(result)
    return inside, outside


def savings_of(results: Iterable[Result]) -> Iterator[tuple[str, str, Saving]]:
    """The savings of failures, each with the resource that pays and the check."""
    for result in results:
        if result.saving and result.status is Status.FAIL:
            yield result.saving.payer or result.resource, result.check, result.saving


def _grown(now: float | None, then: float | None) -> float | None:
    return None if now is None or then is None else round(now - then, 2)
