"""How many findings there are of each check, a line each: for `sort`, `head` and `awk`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reports import text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from reports.digest import Cause


def statistics(causes: Iterable[Cause], width: int) -> list[str]:
    """Number, severity, check and title, the most frequent first; a title ends where the terminal does."""
    rows = [(len(cause.results), cause.info.severity, text.name(cause.check), cause.info.title) for cause in causes]
    rows.sort(key=lambda row: -row[0])
    digits = max((len(str(number)) for number, *_ in rows), default=0)
    longest = max((text.width(check) for _, _, check, _ in rows), default=0)
    lines = []
    for number, severity, check, title in rows:
        start = f"{number:>{digits}}  {severity:<8}  {check}{' ' * (longest - text.width(check))}  "
        lines.append((start + text.fit(text.name(title), width - text.width(start))).rstrip())
    return lines
