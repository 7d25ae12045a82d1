"""Findings as compact JSON in the page, for the script to show those beyond the first ones.

Real reports repeat themselves (messages, properties, expected values), so that each distinct text is written once and
a finding is a list of numbers.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from reports.html.page import CauseView, Entry

# In a row's order, after the check's number; mostly empty ones last, as a row ends with its last text.
FIELDS: Final = (
    "status", "id", "title", "message", "place", "where", "url", "property", "expected",
    "line", "before", "marked", "after", "added", "saving", "basis", "prices", "note", "path",
)  # fmt: skip


def embedded(entries: Sequence[Entry], causes: Sequence[CauseView]) -> str:
    """JSON that is safe inside a script element."""
    numbers: dict[str, int] = {"": 0}
    checks = {cause.check: number for number, cause in enumerate(causes)}
    rows = []
    for entry in entries:
        row = [checks[entry.check]]
        row += [numbers.setdefault(getattr(entry, name), len(numbers)) for name in FIELDS]
        while row[-1] == 0 and len(row) > 1:
            row.pop()
        rows.append(row)
    content = {"fields": FIELDS, "causes": [asdict(cause) for cause in causes], "strings": list(numbers), "rows": rows}
    return _for_script(json.dumps(content, ensure_ascii=False, separators=(",", ":")))


def _for_script(text: str) -> str:
    """No `</script>` and no `<!--` can come about, and no line break that JavaScript of old would stumble over."""
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text
