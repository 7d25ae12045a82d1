"""What the charts show, in numbers and lengths; the templates draw, and every length stands beside its text."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from auditor.pricing.saving import Saving
from auditor.pricing.totals import counted
from reports import text
from reports.digest import SEVERITIES, Digest
from reports.services import service

if TYPE_CHECKING:
    from auditor.report import Report
    from auditor.score import Score

_MOST_BARS: Final = 8
_WIDTH: Final = 100
_HEIGHT: Final = 40


@dataclass(frozen=True, slots=True)
class ScoreView:
    """A score as a word, a length and a grade; `length` is 0 to 100."""

    name: str
    points: str
    length: int
    grade: str
    coverage: str


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a bar: what it is of, where it starts and how long it is (0 to 100), and its number as text."""

    name: str
    start: float
    length: float
    amount: str


@dataclass(frozen=True, slots=True)
class Bar:
    """A row of a bar chart."""

    name: str
    parts: tuple[Part, ...]
    label: str


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a trend.

    Attributes:
        points: of an SVG polyline in a box of 100 by 40.
        last: its last point.
        told: the numbers in words.
    """

    name: str
    points: str
    last: tuple[float, float]
    first_amount: str
    last_amount: str
    told: str


def score(name: str, one: Score) -> ScoreView:
    """A score, ready to be drawn."""
    points = text.score(one.value)
    length = max(0, min(100, int(one.value or 0)))
    grade = "none" if one.value is None else "good" if length >= 90 else "fair" if length >= 60 else "poor"
    return ScoreView(text.name(name), points, length, grade, text.percent(one.coverage))


def by_pillar(report: Report, about: Digest) -> list[Bar]:
    """Findings by pillar and severity; pillars without one have an empty bar."""
    counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for result in about.findings:
        check = report.checks[result.check]
        counts[check.pillar][check.severity] += 1
    longest = max((found.total() for found in counts.values()), default=0)
    pillars = [*report.pillars, *(name for name in counts if name not in report.pillars)]
    return [_stacked(name, counts[name], longest) for name in pillars]


def _stacked(name: str, counts: Counter[str], longest: int) -> Bar:
    parts, start = [], 0.0
    for severity in SEVERITIES:
        if counts[severity]:
            length = _WIDTH * counts[severity] / longest
            parts.append(Part(severity, round(start, 2), round(length, 2), f"{counts[severity]:,} {severity}"))
            start += length
    return Bar(text.name(name), tuple(parts), f"{counts.total():,}")


def by_service(report: Report, about: Digest) -> list[Bar]:
    """Waste by service, dollars a month: the certain part and what it may be at the most."""
    costs = {address: info.cost.high for address, info in report.resources.items() if info.cost}
    found: list[tuple[str, str, Saving]] = []
    services: dict[str, str] = {}
    for result in about.findings:
        if result.saving:
            payer = result.saving.payer or result.resource
            info = report.resources.get(payer) or report.resources[result.resource]
            services[payer] = service(info.type)
            found.append((payer, result.check, result.saving))
    ranges: defaultdict[str, tuple[float, float]] = defaultdict(lambda: (0.0, 0.0))
    for payer, one in counted(found, costs).items():
        low, high = ranges[services[payer]]
        ranges[services[payer]] = low + one.low, high + one.high
    sums = sorted(((each, name) for name, each in ranges.items()), key=lambda one: (-one[0][1], one[1]))
    longest = max((high for (_, high), _ in sums), default=0.0)
    shown = [_waste(name, low, high, longest) for (low, high), name in sums[:_MOST_BARS]]
    rest = sums[_MOST_BARS:]
    if rest:
        low, high = (sum(each[index] for each, _ in rest) for index in (0, 1))
        shown.append(_waste(f"{len(rest)} more", low, high, max(longest, high)))
    return shown


def _waste(name: str, low: float, high: float, longest: float) -> Bar:
    sure, most = _WIDTH * low / longest, _WIDTH * high / longest
    parts = (Part("sure", 0.0, round(sure, 2), text.usd(low)), Part("maybe", round(sure, 2), round(most - sure, 2), ""))
    return Bar(name, parts, text.usd_range(low, high))


def trend(report: Report, about: Digest) -> list[Line]:
    """Score, grave findings, all findings and waste over the earlier reports and this one."""
    if not report.history:
        return []
    past = report.history
    scores = [one.score.value or 0.0 for one in past] + [report.score.value or 0.0]
    grave = [sum(one.findings.get(name, 0) for name in ("critical", "high")) for one in past]
    grave.append(sum(about.by_severity[name] for name in ("critical", "high")))
    every = [sum(one.findings.values()) for one in past] + [len(about.findings)]
    waste = [one.saving_high for one in past] + [report.summary.saving_high]
    return [
        _line("Score", scores, [text.score(value) for value in scores], 100.0),
        _line("Critical and high findings", grave, [f"{value:,}" for value in grave]),
        _line("All findings", every, [f"{value:,}" for value in every]),
        _line("Waste a month, at the most", waste, [text.usd(value) for value in waste]),
    ]


def _line(name: str, values: list[float] | list[int], words: list[str], highest: float = 0.0) -> Line:
    top = highest or max(values) or 1
    step = _WIDTH / (len(values) - 1)
    points = [
        (round(step * number, 1), round(_HEIGHT - _HEIGHT * value / top, 1)) for number, value in enumerate(values)
    ]
    return Line(
        name,
        " ".join(f"{x},{y}" for x, y in points),
        points[-1],
        words[0],
        words[-1],
        f"{name}: {', then '.join(words)}",
    )
