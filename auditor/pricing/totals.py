"""Adding up savings, so that several on one resource never come to more than it costs.

What stops a resource also saves what resizing it would have saved, and so on: of several on one resource those of the
first kind that is there count (`idle`, `oversize`, `spot`, `commitment`), and of several checks' of that kind the
greatest. The findings of one check on one resource are about different parts of it, and add up. What an Auto Scaling
group could save is a part of what its instances cost: of its own saving and theirs together the greater counts.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from auditor.pricing.saving import Confidence, Kind, Saving

_ORDER: tuple[Kind, ...] = ("idle", "oversize", "spot", "commitment", "")
_LEAST_SURE_FIRST: tuple[Confidence, ...] = ("low", "medium", "high")

Range = tuple[float, float]
"""The least and the most, USD a month."""


@dataclass(frozen=True, slots=True)
class Counted:
    """What of several savings on one resource counts.

    Attributes:
        check: whose savings these are.
        low, high: USD a month.
        kind: what they are about.
        confidence: that of the least sure of them.
        as_of: the date of the oldest price.
    """

    check: str
    low: float
    high: float
    kind: Kind
    confidence: Confidence
    as_of: str


def total(savings: Iterable[tuple[str, str, Saving]], costs: Mapping[str, float] | None = None) -> Range:
    """What all of them save together, USD a month at list prices, before discounts; see `counted`."""
    found = counted(savings, costs).values()
    return round(sum(one.low for one in found), 2), round(sum(one.high for one in found), 2)


def counted(savings: Iterable[tuple[str, str, Saving]], costs: Mapping[str, float] | None = None) -> dict[str, Counted]:
    """What counts of each resource's savings; resources with none are left out.

    Args:
        savings: each with the resource that it is about and the check that found it.
        costs: what resources cost a month at the most, where that is known.
    """
    by_resource: defaultdict[str, list[tuple[str, Saving]]] = defaultdict(list)
    groups: dict[str, str] = {}
    for resource, check, saving in savings:
        by_resource[resource].append((check, saving))
        if saving.group:
            groups[resource] = saving.group
    chosen = {resource: of_one(found) for resource, found in by_resource.items()}
    capped = {resource: _capped(one, (costs or {}).get(resource)) for resource, one in chosen.items() if one}
    return _once(capped, groups)


def _once(counted: dict[str, Counted], groups: Mapping[str, str]) -> dict[str, Counted]:
    """Without what is of the same money twice: a group's saving, or else those of its members."""
    members: defaultdict[str, list[str]] = defaultdict(list)
    for member, group in groups.items():
        if member in counted and group in counted:
            members[group].append(member)
    twice: set[str] = set()
    for group, ones in members.items():
        of_members = sum(counted[one].high for one in ones), sum(counted[one].low for one in ones)
        own = counted[group].high, counted[group].low
        twice.update([group] if of_members >= own else ones)
    return {resource: one for resource, one in counted.items() if resource not in twice}


def of_one(savings: Iterable[tuple[str, Saving]]) -> Counted | None:
    """What counts of several on one resource, each with the check that found it; None where nothing is saved."""
    by_kind: dict[Kind, dict[str, list[Saving]]] = {}
    for check, saving in savings:
        by_kind.setdefault(saving.kind, {}).setdefault(check, []).append(saving)
    for kind in _ORDER:
        of_checks = [_together(check, found) for check, found in by_kind.get(kind, {}).items()]
        greatest = max(of_checks, key=lambda one: (one.high, one.low), default=None)
        if greatest and greatest.high > 0:
            return greatest
    return None


def _together(check: str, savings: list[Saving]) -> Counted:
    return Counted(
        check,
        sum(saving.low for saving in savings),
        sum(saving.high for saving in savings),
        savings[0].kind,
        min((saving.confidence for saving in savings), key=_LEAST_SURE_FIRST.index),
        min(saving.as_of for saving in savings),
    )


def _capped(one: Counted, cap: float | None) -> Counted:
    return one if cap is None else replace(one, low=min(one.low, cap), high=min(one.high, cap))
