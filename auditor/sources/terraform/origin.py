"""Where a resource's property stands in Terraform's files, found when a finding asks for it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from auditor.raw import Location, Path
from auditor.sources.terraform.syntax import Attribute, Block, Body, Call, Expression, Literal, Object, Tuple

_ENCODERS: Final = ("jsonencode", "yamlencode", "tolist", "toset", "tomap")


class ResourceOrigin:
    """The origin of one resource."""

    __slots__ = ("_block", "_places")

    def __init__(self, block: Block, places: Mapping[Path, Body]) -> None:
        """`places` are of `Properties`."""
        self._block = block
        self._places = places

    def locate(self, path: Path) -> Location:
        """The span of the value at a path of the properties, or of the nearest thing that should hold it.

        A value of many lines is shown by its name; where the property is absent, the block's header is shown, that of
        the resource or of the nested block.
        """
        if not path:
            return self._block.file.header(self._block)
        body, taken = self._body(path)
        attribute = _attribute(body, path[taken]) if taken < len(path) else None
        if attribute:
            return _within(attribute, path[taken + 1 :])
        return self._header(body, path, present=taken == len(path))

    def _body(self, path: Path) -> tuple[Body, int]:
        """The innermost block that holds a path, and how many of its steps lead there."""
        place: Path = ()
        taken = 0
        while taken < len(path):
            step = path[taken]
            after = taken + 1
            number = path[after] if after < len(path) and isinstance(path[after], int) else None
            inner = (*place, step, 0 if number is None else number)
            if inner not in self._places:
                inner = (*place, _snake(step), 0 if number is None else number)
            if inner not in self._places:
                break
            place, taken = inner, after + (number is not None)
        return self._places.get(place) or self._block.body, taken

    def _header(self, body: Body, path: Path, *, present: bool) -> Location:
        for block in _all_blocks(self._block):
            if block.body is body:
                return block.file.header(block, present=present)
        return self._block.file.header(self._block, present=False)


def _all_blocks(block: Block) -> list[Block]:
    found = [block]
    for inner in found:
        found.extend(inner.body.blocks)
    return found[1:]


def _attribute(body: Body, step: str | int) -> Attribute | None:
    return body.attributes.get(str(step)) or body.attributes.get(str(_snake(step)))


def _within(attribute: Attribute, path: Path) -> Location:
    """The span of what stands at a path within an argument's value, as far as its text shows the path."""
    node = attribute.value
    key: Expression | None = None
    shown = True
    for step in path:
        holder = _content(node)
        found = _child(holder, step)
        if found is None:
            if isinstance(holder, Object | Tuple):  # it would show what it holds, so this is not there
                shown = isinstance(step, int) and step == 0
                if shown:
                    continue  # one where a list is usual counts as a list of one
            break
        key, node = found[0] or key, found[1]
        shown = True
    file = attribute.file
    one_line = "\n" not in file.text[node.start : node.end]
    span = node if one_line else key or attribute
    return file.span(span.start, span.end, present=shown)


def _content(node: Expression) -> Expression:
    """What a value shows: of the call of an encoding function, its argument."""
    while isinstance(node, Call) and node.name in _ENCODERS and len(node.arguments) == 1:
        node = node.arguments[0]
    return node


def _child(node: Expression, step: str | int) -> tuple[Expression | None, Expression] | None:
    """The key, where it has one, and the value that a step leads to."""
    if isinstance(node, Tuple) and isinstance(step, int) and step < len(node.items):
        return None, node.items[step]
    if isinstance(node, Object):
        for key, value in node.items:
            if isinstance(key, Literal) and str(key.value) in (step, _snake(step)):
                return key, value
    return None


def _snake(step: str | int) -> str | int:
    """The name that the AWSCC provider gives a property of CloudFormation."""
    return snake(step) if isinstance(step, str) else step


def snake(name: str) -> str:
    """A name in PascalCase as snake_case: `DBInstance` is `db_instance`."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name).lower()
