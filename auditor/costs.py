"""Where the money is: what could be saved, and what templates cost, by resource, service and team."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Final

from auditor.inventory import Inventory
from auditor.pricing import monthly
from auditor.pricing.saving import Saving
from auditor.pricing.totals import counted
from auditor.redact import redact
from auditor.report import Breakdown, CostView, Share
from auditor.resources.autoscaling import AutoScalingGroup
from auditor.resources.base import Resource, service_of
from auditor.resources.tags import Tags
from auditor.values import Undecided, known

_TOP: Final = 20
_LONGEST_TEAM: Final = 100
_TAGS: Final = ("Tags", "tags")


@dataclass(frozen=True, slots=True)
class _Part:
    """A resource's share, before it is known who else has one."""

    address: str
    low: float
    high: float
    as_of: str
    confidence: str = ""
    kind: str | None = None
    check: str = ""


class Ledger:
    """What the resources of an inventory cost if they always run, who pays for them, and who could save.

    Attributes:
        costs: by address; see `monthly.costs`.
    """

    def __init__(self, inventory: Inventory, team_tags: Sequence[str]) -> None:
        """`team_tags` are keys of the tags that name a team."""
        self.costs = monthly.costs(inventory)
        self._payers = monthly.payers(inventory)
        self._groups = monthly.groups(inventory)
        self._team_tags = tuple(team_tags)
        self._inventory = inventory

    def charged(self, saving: Saving, address: str) -> Saving:
        """A saving that was found on a resource, with who pays, and what started that."""
        payer = self._payers.get(address, saving.payer)
        return replace(saving, payer=payer, group=self._groups.get(payer or address, ""))

    def view(self, savings: Iterable[tuple[str, str, Saving]], *, running: bool) -> CostView:
        """Where the money is.

        Args:
            savings: each with the resource that pays and the check that found it.
            running: tell what the resources cost as well, as is right for templates.
        """
        caps = {address: cost.high for address, cost in self.costs.items()}
        saved = [
            _Part(address, one.low, one.high, one.as_of, one.confidence, one.kind, one.check)
            for address, one in counted(savings, caps).items()
        ]
        paid = [_Part(address, cost.low, cost.high, cost.as_of) for address, cost in self.costs.items()]
        return CostView(self._team_tags, self._breakdown(saved), self._breakdown(paid) if running else None)

    def _breakdown(self, parts: Sequence[_Part]) -> Breakdown:
        return Breakdown(
            low=_sum(part.low for part in parts),
            high=_sum(part.high for part in parts),
            top=_shares(parts, lambda part: part.address)[:_TOP],
            services=_shares(parts, lambda part: service_of(self._resources[part.address].raw.type)),
            teams=_shares(parts, lambda part: team_of(self._resources[part.address], self._team_tags)),
        )

    @cached_property
    def _resources(self) -> Mapping[str, Resource]:
        # What was asked about a resource later, such as its metrics, has its address too.
        return {resource.address: resource for resource in reversed(self._inventory.resources)}


def team_of(resource: Resource, keys: Sequence[str]) -> str | None:
    """What a resource's tag says, empty where it has none of these; None where its tags are not known."""
    try:
        tags = _tags(resource)
        return None if tags is None else redact(tags.get(*keys) or "")[:_LONGEST_TEAM]
    except Undecided:
        return None


def _tags(resource: Resource) -> Tags | None:
    """A resource's tags; None where nobody asked for them.

    Raises:
        Undecided: it is not known whether it has any.
    """
    if isinstance(resource, AutoScalingGroup):
        return resource.own_tags
    if "tags" in type(resource).plan(resource.raw.dialect):
        tags: Tags = resource.tags  # type: ignore[attr-defined]
        return tags
    given: Any = next((resource.raw.properties[name] for name in _TAGS if name in resource.raw.properties), None)
    if given is not None:
        return Tags.from_raw(known(given), resource.raw, ())
    return None if resource.raw.dialect == "live" else Tags({})


def _shares(parts: Iterable[_Part], name: Callable[[_Part], str | None]) -> list[Share]:
    """The parts by whatever `name` tells of them, the greatest first."""
    groups: defaultdict[str | None, list[_Part]] = defaultdict(list)
    for part in parts:
        groups[name(part)].append(part)
    shares = [
        Share(
            name=called,
            low=_sum(part.low for part in group),
            high=_sum(part.high for part in group),
            resources=len(group),
            as_of=min(part.as_of for part in group),
            confidence=_by(group, lambda part: part.confidence, ("high", "medium", "low")),
            kinds=_by(group, lambda part: part.kind),
            checks=tuple(_by(group, lambda part: part.check or None)),
        )
        for called, group in groups.items()
    ]
    return sorted(shares, key=lambda share: (-share.high, -share.low, share.name or ""))


def _by(parts: Iterable[_Part], key: Callable[[_Part], str | None], order: Sequence[str] = ()) -> dict[str, float]:
    """The most that the parts come to by a key, in an order or the greatest first; without those that have none."""
    sums: defaultdict[str, float] = defaultdict(float)
    for part in parts:
        if (found := key(part)) is not None:
            sums[found] += part.high
    names = [name for name in order if name in sums] or sorted(sums, key=lambda name: (-sums[name], name))
    return {name: round(sums[name], 2) for name in names}


def _sum(amounts: Iterable[float]) -> float:
    return round(sum(amounts), 2)
