"""Columns that are as wide as they must be, and lines that are no wider than the terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from reports import text

if TYPE_CHECKING:
    from reports.terminal.paint import Paint

_INDENT: Final = "  "
_BELOW: Final = " " * 7
_GAP: Final = "  "


@dataclass(frozen=True, slots=True)
class Cell:
    """A text in a table, in some styles; figures stand on the right of their column."""

    text: str
    styles: tuple[str, ...] = ()
    right: bool = False


def table(rows: Sequence[Sequence[Cell]], paint: Paint, width: int) -> list[str]:
    """The rows as lines, all with as many cells; the columns that don't fit are on a line of their own below."""
    widths = [max(text.width(cell.text) for cell in column) for column in zip(*rows, strict=True)]
    below = _below(widths, width)
    return [line for row in rows for line in _lines(row, widths, below, paint)]


def _below(widths: Sequence[int], width: int) -> set[int]:
    """The columns that begin a line."""
    below: set[int] = set()
    used = len(_INDENT)
    for number, columns in enumerate(widths):
        if number and used + columns > width:
            below.add(number)
            used = len(_BELOW)
        used += columns + len(_GAP)
    return below


def _lines(row: Sequence[Cell], widths: Sequence[int], below: set[int], paint: Paint) -> Iterator[str]:
    line = _INDENT
    for number, (cell, columns) in enumerate(zip(row, widths, strict=True)):
        if number in below:
            yield line.rstrip()
            line = _BELOW
        pad = " " * (columns - text.width(cell.text))
        painted = paint(cell.text, *cell.styles)
        line += (pad + painted if cell.right else painted + pad) + _GAP
    if line.strip():
        yield line.rstrip()
