"""Text from outside, put into Markdown so that it is shown as it is.

GitHub and GitLab act on more than Markdown: HTML, `@mentions`, references such as `#12`, web addresses, formulas. An
entity never is markup, and a zero-width space after it ends whatever a later filter would see in the text.
"""

from __future__ import annotations

import re
from typing import Final

from reports.text import LONGEST_VALUE, clip

_REFERENCE: Final = r"""[@#!~%$&](?=[\w"'])"""
_MARKUP: Final = re.compile(rf"({_REFERENCE})|[\\`*_\[\]<>|^~$&]")
_ADDRESS: Final = re.compile(r"(?i):(?=//)|www(?=\.)")
_TICKS: Final = re.compile("`+")
_BREAK: Final = "&#8203;"


def escape(text: str, longest: int = LONGEST_VALUE) -> str:
    """The text on one line, without effect; not for the start of a line, where `-` or `1.` would make a list."""
    harmless = _MARKUP.sub(lambda found: f"&#{ord(found[0])};{_BREAK if found[1] else ''}", clip(text, longest))
    return _ADDRESS.sub(rf"\g<0>{_BREAK}", harmless)


def code(text: str, longest: int = LONGEST_VALUE) -> str:
    """The text as a code span: for identifiers and paths. Nothing in one is markup, a mention or a link."""
    text = clip(text, longest) or " "
    fence = _fence(text, 1)
    pad = " " if text[0] == "`" or text[-1] == "`" else ""
    return f"{fence}{pad}{text}{pad}{fence}"


def block(text: str, language: str) -> str:
    """Several lines as a code block; of our own, so not cleaned."""
    fence = _fence(text, 3)
    return f"{fence}{language}\n{text}\n{fence}"


def _fence(text: str, least: int) -> str:
    return "`" * max([least, *(len(run) + 1 for run in _TICKS.findall(text))])
