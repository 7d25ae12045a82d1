"""Sets arguments of Terraform's blocks by replacing the fewest characters of their text."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from auditor.fix.edits import Edit, Plan, Uncertain, Wanted, apply
from auditor.raw import Location
from auditor.sources.documents import Malformed
from auditor.sources.terraform.files import File
from auditor.sources.terraform.syntax import Attribute, Block, Body, Expression, Literal


class HclFile:
    """A `.tf` file, read to be changed."""

    def __init__(self, document: File, mark: str) -> None:
        """`mark` is the byte order mark that the file begins with, if any."""
        self.document = document
        self.mark = mark

    def resource_at(self, place: Location) -> tuple[tuple[str, ...], str]:
        """The path of the resource that a place is in, and its type; both empty where it is in none."""
        at = (place.line or 0, place.column or 0)
        before = [block for block in self.document.data.blocks if self.document.position(block.start) <= at]
        block = before[-1] if before else None
        if block is None or block.type != "resource" or len(block.labels) != 2:
            return (), ""
        return ("resource", *block.labels), block.labels[0]

    def plan(self, wanted: Wanted) -> Plan:
        """The edits that make resources hold what is wanted, by type, name and argument.

        Raises:
            Uncertain: an expression, a dynamic block or something of another shape stands there.
        """
        made: list[tuple[Edit, tuple[str, ...], Any]] = []
        for kind, names in wanted["resource"].items():
            for name, arguments in names.items():
                made += self._block(self._resource(kind, name), arguments, ("resource", kind, name))
        made.sort(key=lambda one: one[0].start)
        return Plan(tuple(edit for edit, _, _ in made), tuple((path, value) for _, path, value in made))

    def written(self, plan: Plan) -> str:
        """The file's text as planned.

        Raises:
            Uncertain: it would then hold anything else than before besides what is planned.
        """
        text = apply(self.document.text, plan.edits)
        expected = _shown(self.document.data, self.document.text)
        for path, value in plan.values:
            expected["/".join(map(str, path))] = _literal(value)
        try:
            if _shown(File(self.document.file, text).data, text) == expected:
                return text
        except Malformed:
            pass
        raise Uncertain("the way this file is written does not allow a change that leaves the rest of it alone")

    def _resource(self, kind: str, name: str) -> Block:
        return next(
            block for block in self.document.data.blocks if block.type == "resource" and block.labels == (kind, name)
        )

    def _block(
        self, block: Block, wanted: Wanted, path: tuple[str, ...]
    ) -> Iterator[tuple[Edit, tuple[str, ...], Any]]:
        for name, value in wanted.items():
            attribute = block.body.attributes.get(name)
            inner = [one for one in block.body.blocks if name in (one.type, *one.labels)]
            if isinstance(value, Mapping):
                yield from self._inner(name, attribute, inner, value, path)
            elif inner:
                raise Uncertain(f"{name} is a block here")
            elif attribute:
                yield self._replaced(attribute.value, name, value), (*path, name), value
            else:
                yield self._added(block, name, value), (*path, name), value

    def _inner(
        self, name: str, attribute: Attribute | None, blocks: list[Block], wanted: Wanted, path: tuple[str, ...]
    ) -> Iterator[tuple[Edit, tuple[str, ...], Any]]:
        if attribute or not blocks:
            raise Uncertain(f"there is no block {name} yet" if not attribute else f"{name} is not a block")
        if any(block.type == "dynamic" for block in blocks):
            raise Uncertain(f"a dynamic block makes {name}")
        indexed = all(key.isdecimal() for key in wanted)
        if not indexed and len(blocks) > 1:
            raise Uncertain(f"there are several blocks {name}")
        for key, arguments in wanted.items() if indexed else [("0", wanted)]:
            if int(key) >= len(blocks) or not isinstance(arguments, Mapping):
                raise Uncertain(f"there is no such block {name}")
            yield from self._block(blocks[int(key)], arguments, (*path, name, key))

    def _replaced(self, written: Expression, name: str, value: Any) -> Edit:
        text = self.document.text[written.start : written.end]
        if not isinstance(written, Literal) or text.startswith("<<"):
            raise Uncertain(f"an expression gives {name}")
        if isinstance(written.value, bool) and not isinstance(value, bool):
            raise Uncertain(f"{name} is true or false, and what the check expects is not")
        return self._edit(written.start, written.end, _literal(value))

    def _added(self, block: Block, name: str, value: Any) -> Edit:
        """A line for an argument, the first in its block, in line with the next one."""
        text = self.document.text
        start = text.index("{", block.end) + 1
        end = text.find("\n", start)
        if end < 0 or text[start:end].strip():
            raise Uncertain("the block is written in one line")
        newline = "\r\n" if text[start:end].endswith("\r") else "\n"
        header = text[text.rfind("\n", 0, block.start) + 1 : block.start]
        following = text[end + 1 : text.find("\n", end + 1)]
        indent = following[: len(following) - len(following.lstrip())] if following.strip() not in ("", "}") else ""
        key, equals, _ = following.strip().partition(" = ")
        aligned = name.ljust(len(key)) if equals and key.rstrip().isidentifier() else name
        line = f"{indent or header + '  '}{aligned} = {_literal(value)}{newline}"
        return self._edit(end + 1, end + 1, line)

    def _edit(self, start: int, end: int, text: str) -> Edit:
        return Edit(start, end, text, self.document.span(start, end))


def _literal(value: Any) -> str:
    """A scalar in HCL.

    Raises:
        Uncertain: it is none.
    """
    if not isinstance(value, str | int | float):
        raise Uncertain("no single value is certain to be right here")
    text = json.dumps(value, ensure_ascii=False)
    return text.replace("${", "$${").replace("%{", "%%{")


def _shown(body: Body, text: str, path: str = "") -> dict[str, str]:
    """The text of each argument by its path: what must not change."""
    found = {f"{path}{name}": text[one.value.start : one.value.end] for name, one in body.attributes.items()}
    numbers: dict[str, int] = {}
    for block in body.blocks:
        key = "/".join((block.type, *block.labels))
        number = numbers[key] = numbers.get(key, -1) + 1
        place = f"{path}{key}/" if not path and block.type == "resource" else f"{path}{key}/{number}/"
        found |= {place: "", **_shown(block.body, text, place)}
    return found
