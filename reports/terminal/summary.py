"""The last lines: what was found, what could not be seen, what to do first, and whether the gate holds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

from auditor.findings import Status
from auditor.utilisation.queries import PRICE
from reports import compliance, text
from reports.digest import since, verdict
from reports.evidence import broken, notice_text, place_text
from reports.terminal.paint import SEVERITY_STYLES

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


def summary(report: Report, about: Digest, paint: Paint, options: RenderOptions) -> list[str]:
    """Everything after the findings, except the gate's line."""
    lines = [line for notice in report.notices for line in _notice(notice, paint, options.width)]
    lines += [_broken(report, result, paint) for result in about.by_status[Status.ERROR]]
    if options.verbose:
        lines += _undecided(report, about, paint)
    if lines:
        lines.append("")
    for label, said in _facts(report, about, verbose=options.verbose):
        lines += _fact(label, said, paint, options.width)
    lines += _fixes("Top fixes by risk", about.risks, paint)
    lines += _fixes("Top fixes by dollars", about.savings, paint, dollars=True)
    return [*lines, ""]


def gate_line(report: Report, paint: Paint) -> str:
    """The verdict and why."""
    colour = {0: "green", 3: "yellow"}.get(report.gate.exit_code, "red")
    said = f"{verdict(report)}: {text.clip(report.gate.reason)}"
    return f"{paint(said, 'bold', colour)} (exit code {report.gate.exit_code})"


def not_shown(number: int) -> str:
    """Where the findings are that were one too many."""
    return f"… and {text.count(number, 'more finding')}: see all with --verbose, --format html or --format json."


def _facts(report: Report, about: Digest, *, verbose: bool) -> Iterator[tuple[str, str]]:
    yield "Findings", _severities(about) if report.results else "none: no resource was found that a check knows"
    if report.change:
        yield "Since", since(report.change)
    yield "Unknown", _reasons(len(about.by_status[Status.UNKNOWN]), about.unknown)
    suppressed = report.summary.verdicts.get(Status.SUPPRESSED.value, 0)
    if suppressed:
        yield "Suppressed", f"{suppressed:,}{_expiry(report, about)}"
    if verbose:
        yield "Passed", f"{report.summary.verdicts.get(Status.PASS.value, 0):,}{_passes(about)}"
    yield from _scores(report)
    for number, one in enumerate(report.compliance):
        yield "" if number else "Compliance", f"{text.name(one.short)}: {compliance.standing(one)}"
    if about.savings:
        saving = text.usd_range(report.summary.saving_low, report.summary.saving_high)
        yield "To save", f"{saving} a month (list prices, before discounts)"
    if report.kind == "account":
        yield "Coverage", _coverage(report, about)
        if verbose:
            yield from (("", line) for line in _gaps(report))


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
    ends = [
        (result.suppression.until, result)
        for result in about.by_status[Status.SUPPRESSED]
        if result.suppression and result.suppression.until
    ]
    if not ends:
        return ", none of them ever expires"
    until, first = min(ends, key=lambda end: end[0])
    title = text.name(report.resources[first.resource].title)
    return f", the next expires on {text.name(until)}: {text.name(first.check)} on {title}"


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
    return f"{text.score(score.value)}, {text.percent(score.coverage)} evaluated"


def _coverage(report: Report, about: Digest) -> str:
    services: Counter[str] = Counter()
    for call, number in report.calls.items():
        services[text.name(call.partition(":")[0])] += number
    said = f"{about.answered:,} of {text.count(about.calls, 'call')} answered"
    if services:
        said += f" ({_some([f'{service} {number:,}' for service, number in services.most_common()])})"
    if metrics := sum(place.get("metrics", 0) for place in report.inputs):
        said += f"; {text.count(metrics, 'metric')} of CloudWatch, for about ${metrics * PRICE:,.2f}"
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


def _broken(report: Report, result: Result, paint: Paint) -> str:
    word = paint(f"broken check[{text.name(result.check)}]", "bold", "red")
    return f"{word} {broken(report, result)}"


def _undecided(report: Report, about: Digest, paint: Paint) -> Iterator[str]:
    for result in about.by_status[Status.UNKNOWN]:
        where = place_text(result.location) if result.location else ""
        title = text.name(report.resources[result.resource].title)
        said = f"{title}: {text.clip(result.reason)}"
        yield f"{paint(f'unknown[{text.name(result.check)}]', 'bold')} {said}{f' ({where})' if where else ''}"


def _fixes(heading: str, causes: Sequence[Cause], paint: Paint, *, dollars: bool = False) -> list[str]:
    """The first few causes as a table, its columns as wide as they must be."""
    top = causes[:_TOP]
    if not top:
        return []
    gains = [f"{cause.saving} a month" if dollars else text.points(cause.gain) for cause in top]
    width = max(map(len, gains))
    ids = [text.name(cause.check) for cause in top]
    id_width = max(map(len, ids))
    lines = ["", paint(f"{heading} (of {len(causes):,})" if len(causes) > _TOP else heading, "bold")]
    for number, (cause, gain, check) in enumerate(zip(top, gains, ids, strict=True), 1):
        severity = paint(f"{cause.info.severity:<8}", *SEVERITY_STYLES[cause.info.severity])
        resources = text.count(cause.resources, "resource")
        lines.append(f"  {number}. {severity}  {gain:>{width}}  {check:<{id_width}}  {resources}{_once(cause)}")
    return lines


def _once(cause: Cause) -> str:
    return f", one edit closes {len(cause.results):,}" if cause.one_fix else ""


def _fact(label: str, said: str, paint: Paint, width: int) -> list[str]:
    """Wrapped text after a label; painted afterwards, as colours have no width."""
    start = f"{label:<{_LABEL}} "
    first, *others = text.wrap(said, width, " " * len(start), start)
    return [paint(start, "bold") + first[len(start) :], *others]
