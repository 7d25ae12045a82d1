"""`Fn::ForEach`: a template with its loops written out, each copy's position being that of the loop's body."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from auditor.raw import Path
from auditor.sources.choices import BadArgument, kind_of, text_of
from auditor.sources.cloudformation.resolve import Resolver
from auditor.sources.documents import Document
from auditor.sources.nodes import Entry, Node
from auditor.values import Reference, Unknown

LOOP: Final = "Fn::ForEach"
MAX_EXPANDED: Final = 200_000
"""Values that one template's loops may write; nested loops multiply."""

_PLACEHOLDER: Final = re.compile(r"([$&])\{([A-Za-z0-9]+)\}")
_NOT_ALPHANUMERIC: Final = re.compile(r"[^A-Za-z0-9]")


def has_loops(document: Document) -> bool:
    """A cheap test for whether there is anything to write out."""
    return LOOP in document.text or "\\u" in document.text


def written_out(document: Document, resolver: Resolver) -> Document:
    """The document with its loops written out.

    A loop whose collection is not known stays as it is, with a notice of `resolver`: what it makes is unknown.
    """
    data, root = _Writer(resolver).written(document.data, document.root, {}, ())
    return document.rewritten(data, root)


class _TooMuch(Exception):
    pass


class _Writer:
    def __init__(self, resolver: Resolver) -> None:
        self._resolver = resolver
        self._left = MAX_EXPANDED

    def written(self, value: Any, node: Node, names: Mapping[str, str], path: Path) -> tuple[Any, Node]:
        """A value and its positions, with the identifiers of the loops around it replaced by `names`."""
        if names:
            self._left -= 1
            if self._left < 0:
                raise _TooMuch
        if isinstance(value, str):
            return _replaced(value, names), node
        if isinstance(value, dict):
            if len(value) == 1 and isinstance(name := value.get("Ref"), str) and name in names:
                return names[name], node
            return self._mapping(value, node, names, path)
        if isinstance(value, list):
            # `!GetAtt A.B` is a list, and a single text.
            nodes = node.children if isinstance(node.children, list) else None
            pairs = [
                self.written(member, nodes[index] if nodes else node, names, (*path, index))
                for index, member in enumerate(value)
            ]
            places = [place for _, place in pairs] if nodes else None
            return [data for data, _ in pairs], Node(node.start, node.end, places)
        return value, node

    def _mapping(
        self, value: dict[str, Any], node: Node, names: Mapping[str, str], path: Path
    ) -> tuple[dict[str, Any], Node]:
        data: dict[str, Any] = {}
        children: dict[str, Entry] = {}
        entries: Any = node.children
        for key, item in value.items():
            entry, here = entries[key], (*path, key)
            made = self._loop(key, item, entry, names, here) if key.startswith(f"{LOOP}::") else None
            if made is None:
                inner, node_of = self.written(item, entry.node, names, here)
                made = [(_replaced(key, names), inner, Entry(entry.start, entry.end, node_of))]
            for name, inner, place in made:
                if name in data:
                    self._resolver.warn(f"{name} is made more than once", here)
                else:
                    data[name], children[name] = inner, place
        return data, Node(node.start, node.end, children)

    def _loop(
        self, key: str, loop: Any, entry: Entry, names: Mapping[str, str], path: Path
    ) -> list[tuple[str, Any, Entry]] | None:
        """What a loop makes, by key; None where that is unknown."""
        problem = _misshapen(loop)
        if problem:
            self._resolver.warn(f"{key}: {problem}", path)
            return None
        identifier, collection, body = loop
        nodes: Any = entry.node.children
        collection, _ = self.written(collection, nodes[1], names, (*path, 1))
        self._resolver.start(*path, 1)
        members = self._resolver.resolve(collection)
        unknown = _unknown_member(members)
        if unknown:
            self._resolver.warn(f"what {key} creates is unknown, because {unknown}", path)
            return None
        made: list[tuple[str, Any, Entry]] = []
        left = self._left
        try:
            for member in members:
                inner = {**names, identifier: text_of(member)}
                data, place = self._mapping(body, nodes[2], inner, (*path, 2))
                children: Any = place.children
                made += [(name, data[name], children[name]) for name in data]
        except _TooMuch:
            if names:
                raise  # the outermost loop is left as it is
            self._left = left
            self._resolver.warn(f"{key} creates more than {MAX_EXPANDED:,} values, so it is not written out", path)
            return None
        return made


def _misshapen(loop: Any) -> str:
    if not isinstance(loop, list) or len(loop) != 3:
        return "it takes an identifier, a collection and a mapping"
    identifier, _, body = loop
    if not isinstance(identifier, str):
        return f"its identifier must be a text, not {kind_of(identifier)}"
    return "" if isinstance(body, dict) else f"what it repeats must be a mapping, not {kind_of(body)}"


def _unknown_member(members: Any) -> str:
    """Why a collection can't be gone through; empty where it can."""
    if type(members) is Unknown:
        return members.reason
    if not isinstance(members, list):
        return "its collection is no list that is known before deployment"
    for member in members:
        if type(member) is Unknown:
            return member.reason
        try:
            text = text_of(member)
        except BadArgument:
            return "a member of its collection is not a text that is known before deployment"
        if type(member) is Reference or "${" in text:
            return f"{text} is known only after deployment"
    return ""


def _replaced(text: str, names: Mapping[str, str]) -> str:
    """A text with the identifiers in it replaced: `${Name}` by the member, `&{Name}` by its letters and digits."""
    if not names or "{" not in text:
        return text

    def member(match: re.Match[str]) -> str:
        value = names.get(match[2])
        if value is None:
            return match[0]
        return value if match[1] == "$" else _NOT_ALPHANUMERIC.sub("", value)

    return _PLACEHOLDER.sub(member, text)
