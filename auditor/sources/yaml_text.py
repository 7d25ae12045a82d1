"""YAML text to plain data and positions, in one pass over libyaml's events.

PyYAML's own composer recurses in C (deep nesting kills the process), lets alias bombs through and keeps the last of two
equal keys; its constructor turns dates, octal-looking account ids and `22:22` into something else. Both are replaced.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Final

import yaml

from auditor.sources.nodes import MAX_DEPTH, DuplicateKey, Entry, Node, SyntaxFault, TooDeep

_LOADER: Final[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

MAX_ALIASED: Final = 200_000
"""Nodes that aliases may add to a file; more is an alias bomb."""

_WORDS: Final[dict[str, bool | None]] = {
    # CloudFormation reads YAML 1.1, where these are booleans too (and y and n are not, in practice).
    **dict.fromkeys((spelt for word in ("true", "yes", "on") for spelt in (word, word.title(), word.upper())), True),
    **dict.fromkeys((spelt for word in ("false", "no", "off") for spelt in (word, word.title(), word.upper())), False),
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
}
# Left out on purpose: octal (account ids), base 60 (port mappings such as 22:22), dates (policy versions).
_NUMBERS: Final[tuple[tuple[re.Pattern[str], Callable[[str], int | float]], ...]] = (
    (re.compile(r"[-+]?(?:0|[1-9][0-9_]{0,999})"), int),
    (re.compile(r"[-+]?0x[0-9a-fA-F_]{1,999}"), lambda text: int(text, 16)),
    (re.compile(r"[-+]?(?:[0-9][0-9_]*\.[0-9_]*|\.[0-9][0-9_]*)(?:[eE][-+][0-9]+)?"), float),
)
_NUMBER_STARTS: Final = frozenset("0123456789+-.")
_TEXT_TAGS: Final = frozenset({"!", "tag:yaml.org,2002:str", "tag:yaml.org,2002:binary"})
_MERGE: Final = object()


def load(text: str) -> tuple[Any, Node | None]:
    """The data of a YAML text and its positions; `(None, None)` where it holds no document.

    Short-form tags come out in their long form: `!Sub x` is `{"Fn::Sub": "x"}`.

    Raises:
        SyntaxFault: it is not YAML, or hostile.
    """
    try:
        return _Composer().compose(text)
    except yaml.reader.ReaderError as error:
        raise SyntaxFault(f"holds a character that YAML does not allow ({error.reason})", error.position) from None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        offset = mark.index if mark else 0
        problem = " ".join(part for part in (error.problem, error.context) if part)
        hint = "; indent with spaces instead of tabs" if text[offset : offset + 1] == "\t" else ""
        raise SyntaxFault(f"is not valid YAML: {problem}{hint}", offset) from None
    except yaml.YAMLError as error:
        raise SyntaxFault(f"is not valid YAML: {error}", 0) from None


def plain(text: str) -> Any:
    """What an unquoted scalar means."""
    if text in _WORDS:
        return _WORDS[text]
    if text[0] in _NUMBER_STARTS:
        for pattern, convert in _NUMBERS:
            if pattern.fullmatch(text):
                try:
                    return convert(text.replace("_", ""))
                except ValueError:  # such as `0x_`
                    return text
    return text


class _Frame:
    """A mapping or sequence that is still open."""

    __slots__ = ("anchor", "data", "height", "key", "merges", "node", "size", "span", "tag")

    def __init__(self, data: dict[str, Any] | list[Any], event: Any) -> None:
        self.data = data
        self.node = Node(event.start_mark.index, event.end_mark.index, {} if isinstance(data, dict) else [])
        self.anchor: str | None = event.anchor
        self.tag: str | None = event.tag
        self.key: Any = None  # of the value that comes next, None where a key comes next
        self.span = (0, 0)
        self.merges: list[_Value] = []
        self.size = 1  # nodes, aliases expanded
        self.height = 1


class _Value:
    """A finished value."""

    __slots__ = ("data", "height", "node", "size")

    def __init__(self, data: Any, node: Node, size: int = 1, height: int = 0) -> None:
        self.data = data
        self.node = node
        self.size = size
        self.height = height


class _Composer:
    def __init__(self) -> None:
        self.root: _Value | None = None
        self.stack: list[_Frame] = []
        self.anchors: dict[str, _Value] = {}
        self.aliased = 0

    def compose(self, text: str) -> tuple[Any, Node | None]:
        loader = _LOADER(text)
        actions: dict[type, Callable[[Any], None]] = {
            yaml.ScalarEvent: self._scalar,
            yaml.MappingStartEvent: lambda event: self._open({}, event),
            yaml.SequenceStartEvent: lambda event: self._open([], event),
            yaml.MappingEndEvent: self._close,
            yaml.SequenceEndEvent: self._close,
            yaml.AliasEvent: self._alias,
            yaml.DocumentStartEvent: self._document,
        }
        try:
            while (event := loader.get_event()) is not None:
                action = actions.get(type(event))
                if action:
                    action(event)
        finally:
            loader.dispose()
        return (self.root.data, self.root.node) if self.root else (None, None)

    def _document(self, event: Any) -> None:
        if self.root:
            message = "holds more than one YAML document; put each template in a file of its own"
            raise SyntaxFault(message, event.start_mark.index)

    def _scalar(self, event: Any) -> None:
        start, end = event.start_mark.index, event.end_mark.index
        text: str = event.value
        frame = self.stack[-1] if self.stack else None
        if frame and frame.key is None and type(frame.data) is dict:
            key: Any = text
            if event.implicit[0]:
                truth = _WORDS.get(text)
                key = _MERGE if text == "<<" else text if truth is None else "true" if truth else "false"
            self._key(frame, key, start, end)
            if event.anchor:
                self.anchors[event.anchor] = _Value(text, Node(start, end))
            return
        tag: str | None = event.tag
        node = Node(start, end)
        data: Any
        if tag is None:
            data = plain(text) if event.implicit[0] else text
        elif tag in _TEXT_TAGS:
            data = text
        elif tag[0] == "!":
            data, node = _call(tag, text, node)
        else:
            data = plain(text)
        self._put(_Value(data, node), event.anchor)

    def _open(self, data: dict[str, Any] | list[Any], event: Any) -> None:
        if len(self.stack) >= MAX_DEPTH:
            raise TooDeep(event.start_mark.index)
        self.stack.append(_Frame(data, event))

    def _close(self, event: Any) -> None:
        frame = self.stack.pop()
        node = frame.node
        node.end = event.end_mark.index
        for merged in frame.merges:
            own: Any = node.children
            for key, value in merged.data.items():
                if key not in frame.data:
                    frame.data[key] = value
                    own[key] = merged.node.children[key]  # type: ignore[index]
        data: Any = frame.data
        if frame.tag and frame.tag[0] == "!" and frame.tag != "!":
            data, node = _call(frame.tag, data, node)
        self._put(_Value(data, node, frame.size, frame.height), frame.anchor)

    def _alias(self, event: Any) -> None:
        value = self.anchors.get(event.anchor)
        start, end = event.start_mark.index, event.end_mark.index
        if value is None:
            raise SyntaxFault(f"the alias *{event.anchor} stands for nothing, or for what it is part of", start)
        self.aliased += value.size
        if self.aliased > MAX_ALIASED:
            raise SyntaxFault(f"its aliases expand to more than {MAX_ALIASED:,} values", start)
        if len(self.stack) + value.height > MAX_DEPTH:
            raise TooDeep(start)
        frame = self.stack[-1] if self.stack else None
        if frame and frame.key is None and type(frame.data) is dict and isinstance(value.data, str):
            self._key(frame, value.data, start, end)
        else:
            self._put(value, None)

    def _key(self, frame: _Frame, key: Any, start: int, end: int) -> None:
        if key is not _MERGE and key in frame.data:
            raise DuplicateKey(key, start)
        frame.key = key
        frame.span = (start, end)

    def _put(self, value: _Value, anchor: str | None) -> None:
        if anchor:
            self.anchors[anchor] = value
        if not self.stack:
            self.root = value
            return
        frame = self.stack[-1]
        frame.size += value.size
        frame.height = max(frame.height, value.height + 1)
        data, children = frame.data, frame.node.children
        if isinstance(data, list):
            data.append(value.data)
            children.append(value.node)  # type: ignore[union-attr]
        elif frame.key is None:
            raise SyntaxFault("a key must be text, not a list or a mapping", value.node.start)
        elif frame.key is _MERGE:
            frame.merges += _mergeable(value)
            frame.key = None
        else:
            data[frame.key] = value.data
            children[frame.key] = Entry(*frame.span, value.node)  # type: ignore[index, call-overload]
            frame.key = None


def _mergeable(value: _Value) -> list[_Value]:
    """The mappings that a merge key `<<` adds; the first one that has a key wins."""
    values = [value]
    if isinstance(value.data, list):
        nodes = value.node.children
        values = [_Value(*pair) for pair in zip(value.data, nodes, strict=True)]  # type: ignore[arg-type]
    if not all(isinstance(each.data, dict) for each in values):
        raise SyntaxFault("the merge key << needs a mapping or a list of mappings", value.node.start)
    return values


def _call(tag: str, data: Any, inner: Node) -> tuple[dict[str, Any], Node]:
    """The long form of a short-form tag."""
    name = tag[1:]
    if name not in ("Ref", "Condition") and not name.startswith("Rain::"):
        name = f"Fn::{name}"
    if name == "Fn::GetAtt" and isinstance(data, str):
        data = data.split(".", 1)
    entry = Entry(inner.start, inner.start + len(tag), inner)
    return {name: data}, Node(inner.start, inner.end, {name: entry})
