"""A resource's arguments and nested blocks as plain data, in the shape that Terraform's JSON has."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from auditor.raw import Path
from auditor.sources.terraform.syntax import Attribute, Block, Body, Literal, Name
from auditor.sources.terraform.values import (
    FAILED,
    BadArgument,
    Encoded,
    OpenList,
    OpenMap,
    Thing,
    each,
    members,
)
from auditor.values import Choice, Reference, Unknown

if TYPE_CHECKING:
    from auditor.sources.terraform.module import Instance

_MEMBER_COST: Final = 10
"""What a value within a value counts of `world.MAX_WORK`, as it needs that much more memory than a character."""

META: Final = frozenset({"count", "for_each", "provider", "depends_on", "lifecycle", "provisioner", "connection"})
"""What is said to Terraform itself."""


class Properties:
    """The properties of one instance of a resource.

    Attributes:
        places: by the path of a block, the body that gives its values.
        volatile: whether some value depends on an open condition.
        open: whether some value is not known, or depends on such a condition.
    """

    def __init__(self, instance: Instance) -> None:
        self.places: dict[Path, Body] = {}
        self.volatile = self.open = False
        self._instance = instance
        self._module = instance.module

    def all(self) -> dict[str, Any]:
        """All of them."""
        body = self._instance.block.body
        own = Body(
            {name: attribute for name, attribute in body.attributes.items() if name not in META},
            [block for block in body.blocks if block.type not in META],
        )
        return self._body(own, self._instance.names, ())

    def blocks(self, name: str) -> Any:
        """The nested blocks of a type."""
        body = self._instance.block.body
        own = [block for block in body.blocks if name in (block.type, *block.labels)]
        return self._body(Body({}, own), self._instance.names, ()).get(name)

    def _body(self, body: Body, names: Mapping[str, Any], path: Path) -> dict[str, Any]:
        self.places[path] = body
        result: dict[str, Any] = {}
        for name, attribute in body.attributes.items():
            if path:
                value = self._module.value(attribute, names)
            else:
                key = (self._instance.address, name)
                value = self._module.once(key, f"{self._instance.address}.{name}", attribute, names)
            result[name] = self.argument(attribute, value)
        for block in body.blocks:
            name = block.labels[0] if block.type == "dynamic" and block.labels else block.type
            found = self._nested(block, name, names, path)
            result[name] = each(_concat, result.get(name, []), found)
        return result

    def _nested(self, block: Block, name: str, names: Mapping[str, Any], path: Path) -> Any:
        """The blocks that one block makes: itself, or what it makes dynamically."""
        if block.type != "dynamic":
            return [self._body(block.body, names, self._place(path, name))]
        attributes = block.body.attributes
        content = next((inner for inner in block.body.blocks if inner.type == "content"), None)
        if "for_each" not in attributes or content is None:
            where = block.file.header(block)
            self._module.world.warn("a dynamic block needs for_each and a content block", where)
            return [Unknown(f"the dynamic block {name} is not understood")]
        iterator = _iterator(attributes.get("iterator")) or name
        made: dict[Any, Any] = {}

        def generated(collection: Any) -> list[Any]:
            if type(collection) in (Unknown, Reference):
                reason = collection.reason if type(collection) is Unknown else "it is known only at deployment"
                return OpenList([Unknown(f"there may be blocks {name}: {reason}")])
            return [one(key, member) for key, member in members(collection)]

        def one(key: Any, member: Any) -> Any:
            inner = {**names, iterator: {"key": key, "value": member}}
            made_key = (repr(key), id(member))
            if made_key not in made:
                made[made_key] = self._body(content.body, inner, self._place(path, name))
            return made[made_key]

        collection = self._module.value(attributes["for_each"], names)
        try:
            result = each(generated, collection)
        except BadArgument as error:
            where = block.file.header(block)
            self._module.world.warn(f"for_each: {error}", where)
            return [Unknown(f"the dynamic block {name} is not understood")]
        if type(result) is Choice:
            self.volatile = self.open = True
        return result

    def _place(self, path: Path, name: str) -> Path:
        """Where the next block of a type stands."""
        number = 0
        while (*path, name, number) in self.places:
            number += 1
        return (*path, name, number)

    def argument(self, attribute: Attribute, value: Any) -> Any:
        """The value of an argument as `settled` gives it; unknown, with a notice, where it is too large."""
        try:
            return self.settled(value, is_tags=attribute.name == "tags")
        except BadArgument as error:
            self._module.world.warn(str(error), attribute.file.span(attribute.start, attribute.end))
            self.open = True
            return Unknown(f"{attribute.name} is too large: {error}")

    def settled(self, value: Any, *, is_tags: bool = False) -> Any:
        """A value as plain data with the members of `auditor.values`."""
        kind = type(value)
        if kind is str or kind is bool or kind is int or value is None or kind is Reference:
            return value
        if kind is Unknown or isinstance(value, OpenMap):
            self.open = True
        self._module.world.charge(_MEMBER_COST)
        if kind is Unknown:
            return value
        if kind is Choice:
            self.volatile = self.open = True
            then, otherwise = (self.settled(side, is_tags=is_tags) for side in (value.then, value.otherwise))
            return Choice(value.condition, then, otherwise)
        if isinstance(value, OpenMap):
            if not is_tags:
                return Unknown(value.reason)
            pairs = [{"Key": key, "Value": self.settled(member)} for key, member in value.items()]
            return [*pairs, Unknown(value.reason)]
        if isinstance(value, dict):
            return {key: self.settled(member) for key, member in value.items()}
        if isinstance(value, list):
            return [self.settled(member) for member in value]
        if kind is Encoded:
            return self.settled(value.value)
        if isinstance(value, Thing):
            return self.settled(value.settled())
        return Unknown("it has no value in some cases") if value is FAILED else value


def _iterator(attribute: Attribute | None) -> str:
    """The name that a dynamic block gives what it iterates over; in JSON it is a text."""
    value = attribute.value if attribute else None
    return value.name if isinstance(value, Name) else str(value.value) if isinstance(value, Literal) else ""


def _concat(first: Any, second: Any) -> list[Any]:
    """Two lists of blocks as one; what is no list counts as one of one."""
    return [member for value in (first, second) for member in (value if isinstance(value, list) else [value])]
