"""Where the money is: what could be saved, by resource, service and team."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reports import costs, text
from reports.terminal.table import Cell, table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from auditor.report import Report, Share
    from reports.terminal.paint import Paint

_TOP: Final = 5


def money(report: Report, paint: Paint, width: int) -> list[str]:
    """The greatest savings; nothing where at most one resource could save, which the findings say already."""
    view = report.costs
    if view is None or sum(share.resources for share in view.savings.services) < 2:
        return []
    keys = " or ".join(map(text.name, view.team_tags))
    lines = _block(report, "Savings by resource", view.savings.top, paint, width)
    lines += _block(report, "Savings by service", view.savings.services, paint, width, several=True)
    lines += _block(report, f"Savings by team (tag {keys})", view.savings.teams, paint, width, several=True)
    note = f"USD a month at {costs.NOTE}; dates are of the oldest price; of several savings on a resource one counts."
    return [*lines, *text.wrap(note, width, "  ")]


def _block(
    report: Report, heading: str, shares: Sequence[Share], paint: Paint, width: int, *, several: bool = False
) -> list[str]:
    """The first few shares, of one resource or of several each."""
    rows = [
        [
            Cell(costs.figure(share), right=True),
            Cell(costs.called(report, share)),
            *([Cell(text.count(share.resources, "resource"))] if several else []),
            Cell(text.name(share.as_of)),
            Cell(costs.sureness(share) if several else costs.about(share)),
        ]
        for share in shares[:_TOP]
    ]
    more = f" (first {_TOP} of {len(shares):,})" if several and len(shares) > _TOP else ""
    first, *others = text.wrap(heading + more, width, "  ", "")
    return ["", *(paint(line, "bold") for line in (first, *others)), *table(rows, paint, width)]
