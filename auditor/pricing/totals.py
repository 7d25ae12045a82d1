"""Adding up savings, so that several on one resource never come to more than it costs.

What stops a resource also saves what resizing it would have saved, and so on: of several on one resource those of the
first kind that is there count (`idle`, `oversize`, `spot`, `commitment`), and of several checks' of that kind the
greatest. The findings of one check on one resource are about different parts of it, and add up.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from auditor.pricing.saving import Kind, Saving

_ORDER: tuple[Kind, ...] = ("idle", "oversize", "spot", "commitment", "")

Range = tuple[float, float]
"""The least and the most, USD a month."""


def total(savings: Iterable[tuple[str, str, Saving]], costs: Mapping[str, float] | None = None) -> Range:
    """What all of them save together, USD a month at list prices, before discounts.

    Args:
        savings: each with the resource that it is about and the check that found it.
        costs: what resources cost a month at the most, where that is known.
    """
    by_resource: defaultdict[str, list[tuple[str, Saving]]] = defaultdict(list)
    for resource, check, saving in savings:
        by_resource[resource].append((check, saving))
    low = high = 0.0
    for resource, found in by_resource.items():
        least, most = of_one(found)
        cap = (costs or {}).get(resource)
        low += least if cap is None else min(least, cap)
        high += most if cap is None else min(most, cap)
    return round(low, 2), round(high, 2)


def of_one(savings: Iterable[tuple[str, Saving]]) -> Range:
    """What several on one resource save together; each with the check that found it."""
    sums: dict[Kind, dict[str, Range]] = {}
    for check, saving in savings:
        low, high = sums.setdefault(saving.kind, {}).get(check, (0.0, 0.0))
        sums[saving.kind][check] = low + saving.low, high + saving.high
    for kind in _ORDER:
        of_checks = [one for one in sums.get(kind, {}).values() if one[1] > 0]
        if of_checks:
            return max(of_checks, key=lambda one: (one[1], one[0]))
    return 0.0, 0.0
