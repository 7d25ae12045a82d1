"""Positions of a text's keys and values, whichever syntax it is written in.

Each syntax (`yaml_text`, `json_text`) yields plain data and a tree of `Node` of exactly the same shape, so a path into
the data is a path into the tree.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

MAX_DEPTH: Final = 120
"""Deeper nesting is refused: no template needs it, and everything downstream recurses once or twice per level."""


class SyntaxFault(Exception):
    """The text can't be read.

    Attributes:
        message: what is wrong, for a person to read.
        offset: the character where.
    """

    def __init__(self, message: str, offset: int) -> None:
        super().__init__(message)
        self.message = message
        self.offset = offset


class TooDeep(SyntaxFault):
    """Nested deeper than `MAX_DEPTH`."""

    def __init__(self, offset: int) -> None:
        super().__init__(f"is nested more than {MAX_DEPTH} levels deep", offset)


class DuplicateKey(SyntaxFault):
    """A mapping holds one key twice."""

    def __init__(self, key: str, offset: int) -> None:
        super().__init__(f"the key {key!r} is given twice in one mapping; remove one of them", offset)


@dataclass(slots=True)
class Node:
    """Where a value stands, as offsets into the text; `children` is None for a scalar."""

    start: int
    end: int
    children: dict[str, Entry] | list[Node] | None = None

    @property
    def function(self) -> str | None:
        """The function's name where this is the mapping of an intrinsic function, such as `Fn::If`."""
        if isinstance(self.children, dict) and len(self.children) == 1:
            name = next(iter(self.children))
            if is_function(name):
                return name
        return None


@dataclass(slots=True)
class Entry:
    """A key of a mapping: where the key stands, and its value's node."""

    start: int
    end: int
    node: Node


def is_function(name: str) -> bool:
    """Whether a mapping's only key makes it a call of an intrinsic function, or of the tool `rain`."""
    return name == "Ref" or name.startswith(("Fn::", "Rain::"))
