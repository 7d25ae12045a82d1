"""ANSI colours, or none. A colour only ever repeats what a word or a sign says."""

from __future__ import annotations

from typing import Final

_CODES: Final = {"bold": 1, "dim": 2, "red": 31, "green": 32, "yellow": 33, "blue": 34, "cyan": 36}

SEVERITY_STYLES: Final = {
    "critical": ("bold", "red"),
    "high": ("red",),
    "medium": ("yellow",),
    "low": ("cyan",),
}


class Paint:
    """Puts a text in colours, if there are any."""

    def __init__(self, colour: bool) -> None:
        self._colour = colour

    def __call__(self, text: str, *styles: str) -> str:
        """The text in these styles, as it is where colours are off."""
        if not self._colour or not styles or not text:
            return text
        return f"\x1b[{';'.join(str(_CODES[style]) for style in styles)}m{text}\x1b[0m"
