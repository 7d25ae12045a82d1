"""Where a template's property stands, found when a finding asks for it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from auditor.raw import Location, Path
from auditor.sources.cloudformation.resolve import Resolver
from auditor.sources.documents import child
from auditor.sources.nodes import Entry, Node
from auditor.values import Condition


@dataclass(frozen=True, slots=True)
class _Place:
    """A node on the way down: its key, its path in the document, and how many steps of the property path led to it."""

    node: Node
    key: Entry | None
    path: Path
    taken: int


class TemplateOrigin:
    """The origin of one resource of a template."""

    __slots__ = ("_id", "_resolver")

    def __init__(self, resolver: Resolver, logical_id: str) -> None:
        self._resolver = resolver
        self._id = logical_id

    def locate(self, path: Path) -> Location:
        """The span of the value at a path of the resolved properties, where the resource writes it.

        A block is shown by its key, a value that a function gives by the function. Where the property is absent, the
        key of the block that should hold it is shown, or the resource's logical id.
        """
        document = self._resolver.document
        if not path:
            return document.key(("Resources", self._id))
        found = self._follow(self._properties(), path)
        if found.taken == 0:
            return replace(document.key(("Resources", self._id)), present=False)
        # A function, or a text (a policy written as JSON), may hold the rest of the path without showing it.
        holds_it = found.taken == len(path) or found.node.function is not None or found.node.children is None
        return document.mark(found.node, found.key, present=holds_it)

    def _properties(self) -> _Place:
        node, path = self._resolver.document.root, ("Resources", self._id, "Properties")
        for step in path:
            found = child(node, step)
            node = found[0] if found else Node(0, 0, {})
        return _Place(node, None, path, 0)

    def _follow(self, place: _Place, path: Path) -> _Place:
        """Go down as far as the template's text shows the steps that are left of `path`."""
        if place.node.function:
            reached = sorted((self._follow(branch, path) for branch in self._branches(place)), key=lambda at: at.taken)
            # Where the condition is open, the branch that has more of the path is meant; if both have, the whole.
            if not reached or (len(reached) > 1 and reached[0].taken == reached[1].taken):
                return place
            return reached[-1]
        if place.taken == len(path):
            return place
        step: Any = path[place.taken]
        if isinstance(step, int):
            kept = self._resolver.kept.get(place.path)
            if kept and 0 <= step < len(kept):
                step = kept[step]
            if isinstance(place.node.children, dict) and step == 0:
                # One block where a list is usual counts as a list of one.
                return self._follow(_Place(place.node, place.key, place.path, place.taken + 1), path)
        found = child(place.node, step)
        if found is None:
            return place
        return self._follow(_Place(found[0], found[1], (*place.path, step), place.taken + 1), path)

    def _branches(self, place: _Place) -> list[_Place]:
        """The branches of an `Fn::If` that may hold; none for any other function."""
        argument = child(place.node, "Fn::If")
        data = argument[0].children if argument else None
        if not isinstance(data, list) or len(data) != 3:
            return []
        name = self._condition_name((*place.path, "Fn::If", 0))
        truth = self._resolver.conditions.named(name) if name else None
        if isinstance(truth, Condition):
            truth = truth.decide()
        indexes = (1, 2) if truth is None else (1,) if truth else (2,)
        return [_Place(data[i], place.key, (*place.path, "Fn::If", i), place.taken) for i in indexes]

    def _condition_name(self, path: Path) -> str | None:
        value = self._resolver.document.data
        for step in path:
            value = value[step]
        if isinstance(value, dict):
            value = value.get("Condition")
        return value if isinstance(value, str) else None
