"""How values are written so that they look like the text around them."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from auditor.sources.choices import text_of
from auditor.sources.yaml_text import plain

_SAFE_UNQUOTED: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_./-]*")


@dataclass(frozen=True, slots=True)
class Style:
    """How a mapping is written.

    Attributes:
        flow: in braces, as all of JSON is; else in YAML's block style.
        broken: each key is on a line of its own (always so in block style).
        prefix: what those lines begin with; where it is not `broken`, what the line that holds it begins with.
        step: what a nested mapping's lines begin with besides.
        quote: what stands around its keys, which in braces goes for texts too.
        colon: what stands between a key and its value.
        newline: the file's line break.
    """

    flow: bool = False
    broken: bool = True
    prefix: str = ""
    step: str = "  "
    quote: str = ""
    colon: str = ": "
    newline: str = "\n"

    def nested(self) -> Style:
        """The style of a new mapping inside."""
        return replace(self, prefix=self.prefix + self.step) if self.broken else self

    def key(self, name: str) -> str:
        """A key."""
        return f"{self.quote}{name}{self.quote}" if self.quote else scalar(name)

    def entry(self, name: str, value: Any) -> str:
        """A key with its value; in block style a mapping starts on the next line."""
        colon = self.colon.rstrip() if isinstance(value, Mapping) and value and not self.flow else self.colon
        return self.key(name) + colon + self.value(value)

    def value(self, value: Any) -> str:
        """A value of a key."""
        if isinstance(value, Mapping) and value:
            inner = self.nested()
            if not self.flow:
                return "".join(inner.newline + inner.prefix + inner.entry(*each) for each in value.items())
            entries = [inner.entry(*each) for each in value.items()]
            if not self.broken:
                return f"{{{self.separator.join(entries)}}}"
            line = self.newline + inner.prefix
            return f"{{{line}{(',' + line).join(entries)}{self.newline}{self.prefix}}}"
        if isinstance(value, Mapping):
            return "{}"
        if isinstance(value, list):
            inline = replace(self, flow=True, broken=False)
            return f"[{inline.separator.join(inline.value(member) for member in value)}]"
        return scalar(value, '"' if self.flow and self.quote == '"' else "")

    @property
    def separator(self) -> str:
        """What stands between two entries on one line."""
        return ", " if self.colon.endswith(" ") else ","


def scalar(value: Any, quote: str = "") -> str:
    """A scalar as YAML, or JSON where texts are in double quotes.

    Args:
        value: a text, a number, true or false, or None.
        quote: what a text goes between; where empty, only a text that needs quotes gets them.
    """
    if value is None:
        return "null"
    if not isinstance(value, str):
        return text_of(value)
    if quote == "'":
        return "'" + value.replace("'", "''") + "'"
    if quote or not _SAFE_UNQUOTED.fullmatch(value) or plain(value) != value:
        return json.dumps(value, ensure_ascii=False)
    return value
