"""Findings and tables as compact JSON in the page, for the script to show those beyond the first ones.

Real reports repeat themselves (messages, properties, expected values), so that each distinct text is written once and
a finding is a list of numbers.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from operator import attrgetter
from typing import TYPE_CHECKING, Final

from reports.html.entries import FIELDS

if TYPE_CHECKING:
    from reports.html.entries import Entry
    from reports.html.page import CauseView
    from reports.html.tables import Table

_VALUES: Final = attrgetter(*FIELDS)
_REPEATING: Final = (FIELDS.index("url"), FIELDS.index("cli"))
# Control characters are in no text of an entry.
_ADDRESS: Final = "\x01"
_NAME: Final = "\x02"
_LAST: Final = re.compile(r"[^/:]{4,}$")


def embedded(entries: Iterable[Entry], causes: Sequence[CauseView], tables: Iterable[Table]) -> str:
    """JSON that is safe inside a script element."""
    numbers: dict[str, int] = {"": 0}
    checks = {cause.check: number for number, cause in enumerate(causes)}
    rows = []
    for entry in entries:
        values = list(_VALUES(entry))
        for place in _REPEATING:
            values[place] = _short(values[place], entry.place)
        row = [checks[entry.check], *(numbers.setdefault(value, len(numbers)) for value in values)]
        while row[-1] == 0 and len(row) > 1:
            row.pop()
        rows.append(row)
    content = {
        "fields": FIELDS,
        "causes": [asdict(cause) for cause in causes],
        "strings": list(numbers),
        "rows": rows,
        "tables": {
            table.id: {"kinds": [kind for _, kind in table.columns], "shown": table.shown, "rows": table.rows}
            for table in tables
        },
    }
    return _for_script(json.dumps(content, ensure_ascii=False, separators=(",", ":")))


def _short(text: str, address: str) -> str:
    """A text with marks for the address and the name at its end, so that many have the same; `data.js` undoes it."""
    if not text or not address:
        return text
    text = text.replace(address, _ADDRESS)
    name = _LAST.search(address)
    return text.replace(name[0], _NAME) if name else text


def _for_script(text: str) -> str:
    """No `</script>` and no `<!--` can come about, and no line break that JavaScript of old would stumble over."""
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text
