"""The findings, those of one check together: the first few in full, then some in a line each, the rest counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

from reports import text
from reports.digest import SEVERITIES, Cause
from reports.terminal.diagnostics import diagnostic, short

if TYPE_CHECKING:
    from auditor.report import Report, Result
    from reports.interface import RenderOptions
    from reports.terminal.paint import Paint

_IN_FULL: Final = 3
_IN_SHORT: Final = 5


def groups(report: Report, causes: Sequence[Cause], paint: Paint, options: RenderOptions) -> list[str]:
    """The lines of all findings, as many as the options want; the fix is told once, at the first of its check."""
    lines: list[str] = []
    left = options.limit
    for number, cause in enumerate(causes):
        if left <= 0 and not options.verbose:
            return [*lines, _not_shown(causes[number:]), ""]
        full, brief = _shown(cause, None if options.verbose else left)
        left -= full + brief
        results = sorted(cause.results, key=_dollars, reverse=True)
        for place, result in enumerate(results[:full]):
            lines += [*diagnostic(report, result, paint, options.width, fix=place == 0), ""]
        lines += _rest(report, cause, results[full:], brief, options.width)
    return lines


def _shown(cause: Cause, most: int | None) -> tuple[int, int]:
    """How many of a check's findings are shown in full, and how many more in a line."""
    every = len(cause.results)
    if most is None:
        return every, 0
    full = min(every if every <= _IN_FULL + 1 else _IN_FULL, most)
    return full, min(every - full, _IN_SHORT, most - full)


def _dollars(result: Result) -> float:
    return result.saving.high if result.saving else 0.0


def _rest(report: Report, cause: Cause, rest: Sequence[Result], brief: int, width: int) -> Iterator[str]:
    """What is not shown in full of a check's findings: so many in a line, the others counted."""
    if not rest:
        return
    once = "; one edit closes all" if cause.one_fix else ""
    yield text.fit(f"{text.count(len(rest), 'more finding')} of {text.name(cause.check)}{once}", width)
    for result in rest[:brief]:
        yield short(report, result, width)
    if len(rest) > brief:
        yield f"  … and {len(rest) - brief:,} more"
    yield ""


def _not_shown(causes: Sequence[Cause]) -> str:
    """Where the findings are that were one too many."""
    counts: Counter[str] = Counter()
    for cause in causes:
        counts[cause.info.severity] += len(cause.results)
    grades = ", ".join(f"{counts[severity]:,} {severity}" for severity in SEVERITIES if counts[severity])
    number = text.count(sum(counts.values()), "more finding")
    return (
        f"… and {number} of {text.count(len(causes), 'check')}: {grades}\n"
        "  See all with --verbose, --format html or --format json; --statistics counts them."
    )
