"""A template's file: read, parsed, and able to say where everything in it stands."""

from __future__ import annotations

import re
from bisect import bisect_right
from copy import copy
from functools import cached_property
from pathlib import Path as FilePath
from typing import Any, Final

from auditor.raw import Location, Path
from auditor.sources import json_text, yaml_text
from auditor.sources.nodes import Entry, Node, SyntaxFault

MAX_BYTES: Final = 5_000_000
"""Larger files are refused; CloudFormation itself takes templates of at most 1 MB."""

_BOMS: Final = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
_LINE_BREAK: Final = re.compile(r"\r\n|\r|\n")


class Malformed(Exception):
    """A file that can't be read as YAML or JSON.

    Attributes:
        message: what is wrong, to be read after the file's name.
        location: where.
    """

    def __init__(self, message: str, location: Location) -> None:
        super().__init__(f"{location.file}: {message}")
        self.message = message
        self.location = location


class Document:
    """A parsed file.

    Attributes:
        file: its path as the user gave it.
        text: what is in it.
        data: the same as plain data, functions in their long form; None where the file holds nothing.
    """

    def __init__(self, file: str, text: str) -> None:
        """Parse `text`.

        Raises:
            Malformed: it is neither YAML nor JSON, or hostile.
        """
        self.file = file
        self.text = text
        self._root: Node | None = None
        try:
            self.data = self._load()
        except SyntaxFault as fault:
            raise Malformed(fault.message, self.span(fault.offset, fault.offset + 1)) from None

    def _load(self) -> Any:
        json_fault: SyntaxFault | None = None
        if self.text.lstrip()[:1] in ("{", "["):
            try:
                return json_text.load(self.text)
            except SyntaxFault as fault:
                if self.file.endswith(".json") or not fault.message.startswith("is not valid JSON"):
                    raise
                json_fault = fault  # it may still be YAML in flow style
        try:
            data, self._root = yaml_text.load(self.text)
        except SyntaxFault as fault:
            raise json_fault or fault from None
        return data

    def rewritten(self, data: Any, root: Node) -> Document:
        """The same file with other data (a loop written out, say); `root` has its shape and this text's positions."""
        other = copy(self)
        other.data, other._root = data, root
        return other

    @property
    def root(self) -> Node:
        """The tree of positions. That of JSON is built when first asked for."""
        if self._root is None:
            self._root = json_text.positions(self.text)
        return self._root

    @cached_property
    def _line_starts(self) -> list[int]:
        return [0, *(match.end() for match in _LINE_BREAK.finditer(self.text))]

    def position(self, offset: int) -> tuple[int, int]:
        """Line and column, both from 1, of a character."""
        line = bisect_right(self._line_starts, offset)
        return line, offset - self._line_starts[line - 1] + 1

    def span(self, start: int, end: int, *, present: bool = True) -> Location:
        """The location of a stretch of text, white space at its end left out."""
        start = min(start, len(self.text))
        end = max(start + len(self.text[start:end].rstrip()), start + 1)
        return Location(self.file, *self.position(start), *self.position(end), present=present)

    def mark(self, node: Node, key: Entry | None, *, present: bool = True) -> Location:
        """Where a person should look for a value: at itself, or at its key where it is a block."""
        start = key.end if key and key.end <= node.start else node.start  # an aliased value stands elsewhere
        one_line = "\n" not in self.text[start : node.end].rstrip()
        if node.children is None or (node.function and one_line):
            return self.span(node.start, node.end, present=present)
        if key:
            return self.span(key.start, key.end, present=present)
        line_end = self.text.find("\n", node.start, node.end)
        return self.span(node.start, node.end if line_end < 0 else line_end, present=present)

    def locate(self, path: Path) -> Location:
        """Where the value at a path of `data` stands, or the nearest thing that holds it."""
        node, key = self.root, None
        for step in path:
            found = child(node, step)
            if found is None:
                return self.mark(node, key, present=False)
            node, key = found
        return self.mark(node, key)

    def key(self, path: Path) -> Location:
        """Where the key at a path of `data` stands; the location of its value where it has none."""
        node, key = self.root, None
        for step in path:
            node, key = child(node, step) or (node, key)
        return self.span(key.start, key.end) if key else self.mark(node, key)


def child(node: Node, step: str | int) -> tuple[Node, Entry | None] | None:
    """One step down the tree: the value's node and its key; None where there is no such step."""
    children = node.children
    if isinstance(children, dict) and isinstance(step, str):
        entry = children.get(step)
        return (entry.node, entry) if entry else None
    if isinstance(children, list) and isinstance(step, int) and 0 <= step < len(children):
        return children[step], None
    return None


def read_text(file: str, limit: int = MAX_BYTES) -> str:
    """A file's text.

    Raises:
        Malformed: it is missing, has more than `limit` bytes, or is not text.
    """
    here = Location(file)
    path = FilePath(file)
    try:
        with path.open("rb") as stream:
            content = stream.read(limit + 1)
        if len(content) > limit:
            size = path.stat().st_size
            raise Malformed(f"is {size / 1e6:,.1f} MB; files over {limit / 1e6:.0f} MB are not read", here)
    except FileNotFoundError:
        raise Malformed("there is no such file", here) from None
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise Malformed(f"cannot be read: {reason}", here) from None
    return decode(file, content)


def decode(file: str, content: bytes) -> str:
    """The text of a file's bytes: UTF-8, or UTF-16 with a byte order mark.

    Raises:
        Malformed: it is not text.
    """
    mark, encoding = next(((mark, name) for mark, name in _BOMS if content.startswith(mark)), (b"", "utf-8"))
    body = content[len(mark) :]
    try:
        text = body.decode(encoding)
    except UnicodeDecodeError as error:
        before = body[: error.start].decode(encoding, "replace")
        line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
        what = "a binary file" if b"\0" in body and not mark else "not UTF-8 text"
        raise Malformed(f"is {what}", Location(file, line, column, line, column + 1)) from None
    if (place := text.find("\0")) >= 0:
        line, column = text.count("\n", 0, place) + 1, place - text.rfind("\n", 0, place)
        raise Malformed("is a binary file (it holds NUL bytes)", Location(file, line, column, line, column + 1))
    return text
