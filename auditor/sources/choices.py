"""Values with unknown pieces and open choices: putting texts together, and functions over choices."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final

from auditor.values import ABSENT, Choice, Reference, Unknown

MAX_LEAVES: Final = 64
"""A value that depends on more combinations of open conditions than this is unknown."""

# Looked up at deployment; a reference in it (`${Parameter}`) may bring braces of its own.
_DYNAMIC: Final = re.compile(r"\{\{resolve:(?:[^{}]|\$\{[^{}]*\})*\}\}")
_HOLE: Final = "\0"


class BadArgument(Exception):
    """A function's argument has the wrong shape; the text says what is wanted."""


class _TooMany(Exception):
    pass


def spread(function: Callable[..., Any], *values: Any) -> Any:
    """`function(*values)`, with choices pushed outward: a function of a choice is a choice of its results."""
    left = MAX_LEAVES

    def split(values: Sequence[Any]) -> Any:
        nonlocal left
        choice = next((value for value in values if type(value) is Choice), None)
        if choice is None:
            left -= 1
            if left < 0:
                raise _TooMany
            return function(*values)
        condition = choice.condition
        return Choice(
            condition,
            split([value.then if _on(value, condition) else value for value in values]),
            split([value.otherwise if _on(value, condition) else value for value in values]),
        )

    try:
        return split(values)
    except _TooMany:
        return Unknown(f"it depends on more than {MAX_LEAVES} combinations of conditions")


def _on(value: Any, condition: Any) -> bool:
    return type(value) is Choice and value.condition is condition


def spread_list(function: Callable[[list[Any]], Any], members: Any) -> Any:
    """As `spread`, for a function of one list: over the choice of lists and over the choices among its members."""

    def over_members(settled: Any) -> Any:
        if isinstance(settled, list):
            return spread(lambda *each: function(list(each)), *settled)
        return function(settled)

    return spread(over_members, members)


def concat(pieces: Iterable[Any]) -> Any:
    """One text of several pieces; unknown where one of them is, its known pieces kept.

    Raises:
        BadArgument: a piece is a list or a mapping.
    """
    pieces = list(pieces)
    if len(pieces) == 1 and isinstance(pieces[0], Reference | Unknown):
        return pieces[0]
    parts: list[str | None] = []
    reason = ""
    for piece in pieces:
        if type(piece) is Unknown:
            reason = reason or piece.reason
            parts.extend(piece.parts or (None,))
        else:
            parts.append(text_of(piece))
    if reason:
        return unknown_text(reason, parts)
    return finished("".join(part for part in parts if part))


def finished(text: str) -> str | Unknown:
    """A text as it is, or unknown where it holds a dynamic reference (`{{resolve:...}}`)."""
    if "{{resolve:" not in text:
        return text
    found = _DYNAMIC.search(text)
    return unknown_text(f"{found[0]} is looked up at deployment", [text]) if found else text


def unknown_text(reason: str, parts: Iterable[str | None]) -> Unknown:
    """An unknown text, with neighbouring pieces of a kind made one."""
    text = "".join(_HOLE if part is None else part for part in parts)
    whole = _DYNAMIC.fullmatch(text)
    taken_from = whole[0][2:-2].replace(_HOLE, "…") if whole else None
    if "{{resolve:" in text:
        text = _DYNAMIC.sub(_HOLE, text)
    pieces = tuple(None if piece[0] == _HOLE else piece for piece in re.findall(r"\0+|[^\0]+", text))
    return Unknown(reason, None if pieces == (None,) else pieces, taken_from=taken_from)


def text_of(value: Any) -> str:
    """The text that CloudFormation makes of a scalar.

    Raises:
        BadArgument: it is no scalar.
    """
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return str(value)
    raise BadArgument(f"a text is needed where there is {kind_of(value)}")


def kind_of(value: Any) -> str:
    """What a value is, for a person to read; never the value, which may be a secret."""
    if value is ABSENT:
        return "AWS::NoValue"
    kinds = {dict: "a mapping", list: "a list", str: "a text", bool: "true or false", type(None): "nothing (null)"}
    return kinds.get(type(value), "a number" if isinstance(value, int | float) else "something else")


def could_be(value: Unknown, text: str) -> bool:
    """Whether a text that is known in part may turn out to be `text`."""
    parts = value.parts
    if not parts:
        return True
    if any(part and "${" in part for part in parts):
        return True  # a piece stands for a resource's name or attribute
    first, last = parts[0] or "", parts[-1] or ""
    if not text.startswith(first) or not text[len(first) :].endswith(last):
        return False
    place, end = len(first), len(text) - len(last)
    for part in parts[1:-1]:
        if part:
            place = text.find(part, place, end)
            if place < 0:
                return False
            place += len(part)
    return True
