"""Text for people: what comes from outside made harmless, widths on a screen, and numbers in words."""

from __future__ import annotations

import textwrap
import unicodedata
from typing import Final

LONGEST_NAME: Final = 200
LONGEST_VALUE: Final = 2048  # an ARN's limit


def clean(text: str) -> str:
    """The text without anything that acts on a terminal or a reader instead of being shown.

    Each control character becomes its picture (`␛`), each invisible one (bidi controls, zero-width characters,
    surrogates) `�`. One character stays one, so that columns hold.
    """
    return text if text.isprintable() else "".join(map(_visible, text))


def _visible(character: str) -> str:
    if character.isprintable():
        return character
    code = ord(character)
    if code < 0x20:
        return chr(0x2400 + code)
    if code == 0x7F:
        return "␡"
    return " " if unicodedata.category(character) == "Zs" else "�"


def clip(text: str, longest: int = LONGEST_VALUE) -> str:
    """The text cleaned, its middle left out where it is longer than that many characters."""
    if len(text) > longest:
        head = longest * 2 // 3
        text = f"{text[:head]}…{text[head + 1 - longest :]}"
    return clean(text)


def name(text: str) -> str:
    """Something's name, cleaned, as short as a name should be."""
    return clip(text, LONGEST_NAME)


def width(text: str) -> int:
    """How many columns a text takes on a terminal."""
    return len(text) if text.isascii() else sum(map(_columns, text))


def _columns(character: str) -> int:
    if unicodedata.combining(character) or unicodedata.category(character) in ("Mn", "Me"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def fit(text: str, columns: int) -> str:
    """What fits of the start of a text, ending in `…` where something is left out."""
    if width(text) <= columns:
        return text
    kept = text[: max(columns - 1, 0)]
    while kept and width(kept) > columns - 1:
        kept = kept[:-1]
    return f"{kept}…"


def paragraphs(text: str) -> list[str]:
    """A docstring's paragraphs, each on one line, cleaned."""
    return [clean(" ".join(block.split())) for block in text.split("\n\n") if block.strip()]


def wrap(text: str, columns: int, indent: str, first: str | None = None) -> list[str]:
    """A paragraph's lines, each after the indent, the first one after `first`; a path or an ARN stays whole."""
    start = indent if first is None else first
    lines = textwrap.wrap(
        text,
        max(columns, 40),
        initial_indent=start,
        subsequent_indent=indent,
        break_on_hyphens=False,
        break_long_words=False,
    )
    return lines or [start]


def count(number: int, noun: str, plural: str = "") -> str:
    """`1 finding`, `1,200 findings`."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def usd(amount: float) -> str:
    """`$0.40`, `$1,234`: cents only where they matter."""
    return f"${amount:,.0f}" if amount >= 100 else f"${amount:,.2f}"


def usd_about(amount: float) -> str:
    """`about $1.20`, `under $0.01`."""
    return "under $0.01" if 0 < amount < 0.01 else f"about {usd(amount)}"


def usd_range(low: float, high: float) -> str:
    """`$100–250`, `up to $250`, `$12.00`."""
    least, most = usd(low), usd(high)
    if least == most:
        return most
    return f"up to {most}" if not low else f"{least}–{most[1:]}"


def usd_change(low: float, high: float) -> str:
    """How much more (`+`) or less (`-`) a month: `+$10.00 to +$25.00 a month`, `no change`."""
    if not low and not high:
        return "no change"
    least, most = (f"{'-' if amount < 0 else '+'}{usd(abs(amount))}" for amount in (low, high))
    return f"{least if least == most else f'{least} to {most}'} a month"


def percent(share: float) -> str:
    """A share of 0 to 1 in whole per cent, rounded down: what is not complete never reads 100 %."""
    return f"{int(share * 100 + 1e-9)} %"


def score(value: float | None) -> str:
    """Points of 100, rounded down: 100 is perfect and nothing less."""
    return "not rated" if value is None else str(int(value + 1e-9))


def points(gain: float) -> str:
    """What a fix adds to the score: `+4.2 points`."""
    return f"+{gain:.1f} points" if gain >= 0.05 else "under 0.1 points"
