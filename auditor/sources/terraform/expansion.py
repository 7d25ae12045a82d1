"""`count` and `for_each`: the instances of a resource or module, and what its name stands for in expressions."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from auditor.sources.terraform.evaluate import Context
from auditor.sources.terraform.syntax import Attribute, Block
from auditor.sources.terraform.values import (
    BadArgument,
    OpenList,
    OpenMap,
    Thing,
    cases,
    each,
    joined,
    kind_of,
    members,
    whole_number,
)
from auditor.sources.truths import Truth, combined
from auditor.values import AnyOf, Choice, Reference, Unknown

MAX_INSTANCES: Final = 10_000
"""Instances of one resource or module; of more, one is judged."""

ANY: Final = "*"
"""Stands in an address for a key that is not known."""


@dataclass(slots=True)
class Expansion:
    """The instances of a block.

    Attributes:
        things: the instances, in order.
        value: what the block's name stands for: one of them, a list or a map.
    """

    things: list[Any] = field(default_factory=list)
    value: Any = None


Make = Callable[[str, Mapping[str, Any], Truth], Thing]
"""Makes an instance: of the end of its address (`["key"]`), the names it adds (`each`), and whether it exists."""


def expand(block: Block, address: str, context: Context, read: Callable[[Attribute], Any], make: Make) -> Expansion:
    """The instances that a block makes; `read` evaluates one of its arguments."""
    attributes = block.body.attributes
    if "count" in attributes:
        return _Counted(address, context, make).expand(attributes["count"], read)
    if "for_each" in attributes:
        return _Keyed(address, context, make).expand(attributes["for_each"], read)
    only = make("", {}, True)
    return Expansion([only], only)


class _Expander:
    """What `count` and `for_each` have in common: the value may be open, and then one instance is taken for all."""

    def __init__(self, address: str, context: Context, make: Make) -> None:
        self.address = address
        self.context = context
        self.make = make
        self.things: dict[Any, Thing] = {}

    def expand(self, attribute: Attribute, read: Callable[[Attribute], Any]) -> Expansion:
        try:
            value = each(self.settled, read(attribute))
        except BadArgument as error:
            where = attribute.file.span(attribute.value.start, attribute.value.end)
            self.context.world.warn(f"{attribute.name}: {error}", where)
            value = each(self.settled, Unknown(f"{attribute.name} of {self.address} is not understood"))
        self.build(cases(value))
        return Expansion(list(self.things.values()), each(self.collected, value))

    def exists(self) -> Any:
        """Open: whether there is any instance."""
        return self.context.world.open(f"{self.address} is created")

    def settled(self, value: Any) -> Any:
        raise NotImplementedError

    def build(self, found: list[tuple[Truth, Any]]) -> None:
        raise NotImplementedError

    def collected(self, value: Any) -> Any:
        raise NotImplementedError

    def _limited(self, size: int) -> None:
        if size > MAX_INSTANCES:
            raise BadArgument(f"{size:,} instances are too many to judge; the limit is {MAX_INSTANCES:,}")


class _Counted(_Expander):
    def settled(self, value: Any) -> Any:
        if type(value) in (Unknown, Reference):
            reason = value.reason if type(value) is Unknown else "it is known only at deployment"
            return Choice(self.exists().condition, Unknown(reason), 0)
        if isinstance(value, bool):
            raise BadArgument("a whole number is needed, not true or false")
        count = whole_number(value)
        self._limited(count)
        if count < 0:
            raise BadArgument("it can't be negative")
        return count

    def build(self, found: list[tuple[Truth, Any]]) -> None:
        for number in range(max((1 if type(count) is Unknown else count for _, count in found), default=0)):
            truths = [truth for truth, count in found if type(count) is Unknown or count > number]
            index = next((one for _, one in found if type(one) is Unknown), number)
            self.things[number] = self.make(f"[{number}]", {"count": {"index": index}}, combined(AnyOf, truths))

    def collected(self, value: Any) -> Any:
        if type(value) is Unknown:
            return OpenList([self.things[0], value])
        return [self.things[number] for number in range(value)]


class _Keyed(_Expander):
    def settled(self, value: Any) -> Any:
        if type(value) in (Unknown, Reference):
            reason = value.reason if type(value) is Unknown else "it is known only at deployment"
            return Choice(self.exists().condition, {ANY: (Unknown(reason), Unknown(reason))}, {})
        if not isinstance(value, dict | list):
            raise BadArgument(f"a map or a set of texts is needed, not {kind_of(value)}")
        self._limited(len(value))
        entries: dict[str, tuple[Any, Any]] = {}
        for key, member in members(value):
            key = key if isinstance(value, dict) else member
            name = joined(key) if isinstance(key, str | int | float | Unknown) else Unknown("it depends on a condition")
            entries[name if isinstance(name, str) else ANY] = (name, member)
        if isinstance(value, OpenMap):
            entries[ANY] = (Unknown(value.reason), Unknown(value.reason))
        return entries

    def build(self, found: list[tuple[Truth, Any]]) -> None:
        for key in dict.fromkeys(key for _, entries in found for key in entries):
            truths = [truth for truth, entries in found if key in entries]
            pairs = [entries[key] for _, entries in found if key in entries]
            value = self._value(found, key) if len(pairs) > 1 else pairs[0][1]
            names = {"each": {"key": pairs[0][0], "value": value}}
            self.things[key] = self.make(f"[{json.dumps(key, ensure_ascii=False)}]", names, combined(AnyOf, truths))

    @staticmethod
    def _value(found: list[tuple[Truth, Any]], key: str) -> Any:
        """The value under a key that several cases have."""
        having = [(truth, entries[key][1]) for truth, entries in found if key in entries]
        value = having[-1][1]
        for truth, other in reversed(having[:-1]):
            value = other if isinstance(truth, bool) else Choice(truth, other, value)
        return value

    def collected(self, value: Any) -> Any:
        things = {key: self.things[key] for key in value}
        if ANY in value and type(value[ANY][0]) is Unknown:
            return OpenMap(things, value[ANY][0].reason)
        return things
