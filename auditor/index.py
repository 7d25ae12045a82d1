"""Things by the resources that they refer to: where there are many of both, no pair of them is looked at."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable
from typing import Any, Generic, TypeVar

from auditor.members import flat
from auditor.resources.base import Resource
from auditor.values import Partial, Reference, Undecided, Unknown

T = TypeVar("T")

Reading = str | tuple[str, ...] | None
"""What a thing refers to: an id, name, ARN or template reference, or several, or nothing."""


class Index(Generic[T]):
    """Things of which each refers to resources; those of which that is not known may refer to anything."""

    def __init__(self, things: Iterable[T], read: Callable[[T], Reading]) -> None:
        """`read` gives what a thing refers to."""
        pairs = flat(things, lambda one: [(_key(name), one) for name in several(read(one))])
        self._undecided = pairs.undecided if isinstance(pairs, Partial) else None
        self._by_name: dict[Hashable, list[Any]] = defaultdict(list)
        for name, one in tuple.__iter__(pairs):
            self._by_name[name].append(one)
        self._texts = sum(isinstance(name, str) for name in self._by_name)

    def of(self, resource: Resource) -> tuple[T, ...]:
        """Those that refer to a resource by any of its names, once each; see `Resource.answers_to`."""
        raw = resource.raw
        names = ((raw.scope.name, raw.id), raw.id, *(name for name in raw.names if isinstance(name, str)))
        found = tuple(dict.fromkeys(one for name in names for one in self._by_name.get(name, ())))
        undecided = self._undecided
        unknown = next((name for name in raw.names if isinstance(name, Unknown)), None)
        if unknown and self._texts > sum(name in self._by_name for name in set(names[1:])):
            undecided = undecided or Undecided(unknown.reason)
        return Partial(found, undecided) if undecided else found


def several(reading: Reading) -> tuple[str, ...]:
    """Everything that a reading refers to."""
    return reading if isinstance(reading, tuple) else () if reading is None else (reading,)


def _key(name: str) -> Hashable:
    return (name.scope, name.target) if isinstance(name, Reference) else name
