"""Regular expressions as Terraform has them (RE2), for Python's engine, which can be made to take for ever."""

from __future__ import annotations

import re
from math import factorial
from typing import Final

from auditor.sources.terraform.values import BadArgument

_CLASSES: Final = {
    "alnum": "a-zA-Z0-9",
    "alpha": "a-zA-Z",
    "blank": r" \t",
    "digit": "0-9",
    "lower": "a-z",
    "punct": r"!-/:-@\[-`{-~",
    "space": r"\s",
    "upper": "A-Z",
    "word": r"\w",
    "xdigit": "0-9A-Fa-f",
}
_PIECE: Final = re.compile(r"\\.|\[\^?\]?(?:\[:\w+:\]|\\.|[^\]\\])*\]|[()|]|[*+]\??|\{\d+(?:,\d*)?\}\??|.", re.DOTALL)
_MAX_STEPS: Final = 1e8
_MAX_OPTIONS: Final = 40
_MAX_PATTERN: Final = 1_000


def compiled(pattern: str, text: str) -> re.Pattern[str]:
    """A pattern for Python.

    Raises:
        BadArgument: it is none, or matching it against `text` may take too long.
    """
    if len(pattern) > _MAX_PATTERN or not _is_quick(pattern, len(text)):
        raise BadArgument("matching this pattern could take too long, so it is not tried")
    translated = re.sub(r"\[:(\w+):\]", lambda match: _CLASSES.get(match[1], match[0]), pattern).replace(r"\z", r"\Z")
    try:
        return re.compile(translated, re.ASCII)
    except (re.error, OverflowError, RecursionError):
        raise BadArgument("the pattern is not understood") from None


def _is_quick(pattern: str, length: int) -> bool:
    """Whether no repetition is within another one, and there are few for a text of that length."""
    repeats = options = 0
    inner = [False]  # whether each open group holds a repetition or an alternative
    closed = False  # that of the group which has just ended
    for match in _PIECE.finditer(pattern):
        piece = match[0]
        if piece == "(":
            inner.append(False)
        elif piece == ")" and len(inner) > 1:
            closed = inner.pop()
            inner[-1] |= closed
            continue
        elif piece[0] in "*+" or (piece[0] == "{" and len(piece) > 2):
            if closed:
                return False
            repeats += 1
            inner[-1] = True
        elif piece in ("|", "?"):
            options += 1
            inner[-1] = True
        closed = False
    if repeats + options > _MAX_OPTIONS:
        return False
    steps: float = max(length, 2) ** (repeats + 1) * 2**options / factorial(repeats)
    return steps <= _MAX_STEPS
