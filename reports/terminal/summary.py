"""The last lines: what was found, what could not be seen, what to do first, and whether the gate holds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from auditor.findings import Status
from auditor.utilisation.queries import PRICE
from reports import compliance, costs, text
from reports.digest import since, verdict
from reports.evidence import broken, notice_text, place_text
from reports.terminal.money import money
from reports.terminal.paint import SEVERITY_STYLES
from reports.terminal.table import Cell, table

if TYPE_CHECKING:
    from auditor.raw import Gap, Notice
    from auditor.report import Report, Result
    from auditor.score import Score
    from reports.digest import Cause, Digest, Group
    from reports.interface import RenderOptions
    from reports.terminal.paint import Paint

_TOP: Final = 5
_TOP_REASONS: Final = 3
_LABEL: Final = 11
_SOON_DAYS: Final = 30


def summary(report: Report, about: Digest, paint: Paint, options: RenderOptions) -> list[str]:
    """Everything after the findings, except the gate's line."""
    width = options.width
    lines = [line for notice in report.notices for line in _notice(notice, paint, width)]
    lines += _broken(report, about, paint, width)
    if options.verbose:
        lines += _undecided(report, about, paint)
    if lines:
        lines.append("")
    lines += _facts(_overview(report, about, verbose=options.verbose), paint, width)
    lines += _fixes("Top fixes by risk", about.risks, paint, width)
    lines += _fixes("Top fixes by dollars a month, each taken alone", about.savings, paint, width, dollars=True)
    lines += [*money(report, paint, width), ""]
    return [*lines, *_facts(_outcome(report, about, verbose=options.verbose), paint, width), ""]


def gate_line(report: Report, paint: Paint) -> str:
    """The verdict and why."""
    colour = {0: "green", 3: "yellow"}.get(report.gate.exit_code, "red")
    said = f"{verdict(report)}: {text.clip(report.gate.reason)}"
    return f"{paint(said, 'bold', colour)} (exit code {report.gate.exit_code})"


def _overview(report: Report, about: Digest, *, verbose: bool) -> Iterator[tuple[str, str]]:
    """How well it stands, and how much of it was seen."""
    yield from _scores(report)
    for number, one in enumerate(report.compliance):
        yield "" if number else "Compliance", f"{text.name(one.short)}: {compliance.standing(one)}"
    if report.kind == "account":
        yield "Coverage", _coverage(report, about)
        if verbose:
            yield from (("", line) for line in _gaps(report))


def _outcome(report: Report, about: Digest, *, verbose: bool) -> Iterator[tuple[str, str]]:
    """What was found, what of it counts, and what it costs."""
    yield "Findings", _severities(about) if report.results else "none: no resource was found that a check knows"
    for change in filter(None, (report.change, report.since)):
        yield "Since", since(change)
    suppressed = report.summary.verdicts.get(Status.SUPPRESSED.value, 0)
    if suppressed:
        yield "Suppressed", f"{suppressed:,}{_expiry(report, about)}"
    yield "Unknown", _reasons(len(about.by_status[Status.UNKNOWN]), about.unknown)
    if verbose:
        yield "Passed", f"{report.summary.verdicts.get(Status.PASS.value, 0):,}{_passes(about)}"
    if running := costs.running(report):
        yield "Costs", running
    if about.savings:
        saving = text.usd_range(report.summary.saving_low, report.summary.saving_high)
        yield "To save", f"{saving} a month ({costs.NOTE})"


def _severities(about: Digest) -> str:
    if not about.findings:
        return "none"
    parts = [f"{number:,} {severity}" for severity, number in about.by_severity.items() if number]
    return f"{len(about.findings):,}: {', '.join(parts)}"


def _reasons(number: int, groups: Sequence[Group]) -> str:
    if not number:
        return "none"
    told = [f"{text.clip(group.reason)} ({group.count:,})" for group in groups[:_TOP_REASONS]]
    rest = len(groups) - len(told)
    if rest:
        told.append(f"{text.count(rest, 'other reason')} ({sum(group.count for group in groups[_TOP_REASONS:]):,})")
    return f"{number:,}: {', '.join(told)}"


def _expiry(report: Report, about: Digest) -> str:
    """When the first of what is suppressed fails again, and how many soon do."""
    ends = [
        (result.suppression.until, result)
        for result in about.by_status[Status.SUPPRESSED]
        if result.suppression and result.suppression.until
    ]
    if not ends:
        return ", none of them ever expires"
    until, first = min(ends, key=lambda end: end[0])
    soon = sum(end <= _soon(report) for end, _ in ends)
    many = f", {soon:,} of them within {_SOON_DAYS} days" if soon else ""
    title = text.name(report.resources[first.resource].title)
    return f"{many}, the next expires on {text.name(until)}: {text.name(first.check)} on {title}"


def _soon(report: Report) -> str:
    """Until which day something counts as expiring soon, as ISO date; empty where a saved report's date is none."""
    try:
        created = datetime.fromisoformat(report.created)
    except ValueError:
        return ""
    return (created + timedelta(days=_SOON_DAYS)).date().isoformat()


def _passes(about: Digest) -> str:
    passed = Counter(result.check for result in about.by_status[Status.PASS])
    return (
        ": " + ", ".join(f"{text.name(check)} ({number:,})" for check, number in passed.most_common()) if passed else ""
    )


def _scores(report: Report) -> Iterator[tuple[str, str]]:
    yield "Score", _score(report.score)
    pillars = [(text.name(pillar), score) for pillar, score in report.pillars.items()]
    width = max((len(pillar) for pillar, _ in pillars), default=0)
    for pillar, score in pillars:
        yield "", f"{pillar:<{width}}  {_score(score)}"


def _score(score: Score) -> str:
    if score.value is None and score.coverage == 1:
        return "not rated: nothing was judged"
    return f"{text.score(score.value)}, {text.percent(score.coverage)} evaluated"


def _coverage(report: Report, about: Digest) -> str:
    services: Counter[str] = Counter()
    for call, number in report.calls.items():
        services[text.name(call.partition(":")[0])] += number
    said = f"{about.answered:,} of {text.count(about.calls, 'call')} answered"
    if services:
        said += f" ({_some([f'{service} {number:,}' for service, number in services.most_common()])})"
    if metrics := sum(place.get("metrics", 0) for place in report.inputs):
        said += f"; {text.count(metrics, 'metric')} of CloudWatch, for {text.usd_about(metrics * PRICE)}"
    for what, gaps in (
        ("denied", [gap for gap in report.gaps if gap.denied]),
        ("failed", [gap for gap in report.gaps if not gap.denied]),
    ):
        if gaps:
            calls = Counter(map(_called, gaps)).most_common()
            told = _some([f"{call} ({number:,})" if number > 1 else call for call, number in calls])
            said += f"; {len(gaps):,} {what}: {told}"
    unsure = sorted({text.name(check) for gap in report.gaps for check in gap.checks})
    if unsure:
        said += f"; this leaves {text.count(len(unsure), 'check')} unknown or incomplete: {_some(unsure)}"
    return said


def _gaps(report: Report) -> Iterator[str]:
    """Each call that was not answered, with the checks that it leaves unknown or incomplete."""
    checks: dict[str, set[str]] = {}
    for gap in report.gaps:
        checks.setdefault(_called(gap), set()).update(map(text.name, gap.checks))
    for call, names in sorted(checks.items()):
        yield f"{call}: {', '.join(sorted(names)) or 'no check depends on it'}"


def _called(gap: Gap) -> str:
    return f"{text.name(gap.service)}:{text.name(gap.operation)}"


def _some(names: Sequence[str]) -> str:
    """The first few, and how many others."""
    rest = len(names) - _TOP
    return ", ".join(names[:_TOP]) + (f" and {rest} others" if rest > 0 else "")


def _notice(notice: Notice, paint: Paint, width: int) -> list[str]:
    colour = "red" if notice.level == "error" else "yellow"
    start = f"{notice.level}: "
    first, *others = text.wrap(notice_text(notice), width, "  ", start)
    return [paint(start, "bold", colour) + first[len(start) :], *others]


def _broken(report: Report, about: Digest, paint: Paint, width: int) -> Iterator[str]:
    """The checks that broke off, each with its first resource and how many others."""
    by_check: dict[str, list[Result]] = {}
    for result in about.by_status[Status.ERROR]:
        by_check.setdefault(result.check, []).append(result)
    for check, results in by_check.items():
        word = f"broken check[{text.name(check)}]"
        others = f", and on {text.count(len(results) - 1, 'other resource')}" if len(results) > 1 else ""
        first, *rest = text.wrap(broken(report, results[0]) + others, width, "  ", f"{word} ")
        yield paint(word, "bold", "red") + first[len(word) :]
        yield from rest


def _undecided(report: Report, about: Digest, paint: Paint) -> Iterator[str]:
    for result in about.by_status[Status.UNKNOWN]:
        where = place_text(result.location) if result.location else ""
        title = text.name(report.resources[result.resource].title)
        said = f"{title}: {text.clip(result.reason)}"
        yield f"{paint(f'unknown[{text.name(result.check)}]', 'bold')} {said}{f' ({where})' if where else ''}"


def _fixes(heading: str, causes: Sequence[Cause], paint: Paint, width: int, *, dollars: bool = False) -> Iterator[str]:
    """The first few causes as a table."""
    top = causes[:_TOP]
    if not top:
        return
    yield ""
    yield paint(f"{heading} (of {len(causes):,})" if len(causes) > _TOP else heading, "bold")
    rows = [
        [
            Cell(f"{number}."),
            Cell(cause.info.severity, SEVERITY_STYLES[cause.info.severity]),
            Cell(cause.saving if dollars else text.points(cause.gain), right=True),
            Cell(text.name(cause.check)),
            Cell(text.count(cause.resources, "resource") + _once(cause)),
        ]
        for number, cause in enumerate(top, 1)
    ]
    yield from table(rows, paint, width)


def _once(cause: Cause) -> str:
    return f", one edit closes {len(cause.results):,}" if cause.one_fix else ""


def _facts(facts: Iterable[tuple[str, str]], paint: Paint, width: int) -> Iterator[str]:
    """Wrapped texts, each after a label; painted afterwards, as colours have no width."""
    for label, said in facts:
        start = f"{label:<{_LABEL}} "
        first, *others = text.wrap(said, width, " " * len(start), start)
        yield paint(start, "bold") + first[len(start) :]
        yield from others
