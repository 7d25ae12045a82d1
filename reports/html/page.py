"""What the page shows, as texts that are ready to be shown: no template and no script decides anything."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any, Final

from auditor.findings import Status
from reports import text
from reports.compliance import listed, standing
from reports.digest import SEVERITIES, Cause, Digest, digest, headline, since, verdict
from reports.evidence import acceptance, console_url, path_lines, place_text, snippet

if TYPE_CHECKING:
    from auditor.raw import Notice
    from auditor.report import Compliance, Report, Result
    from auditor.score import Score

FIRST_PAGE: Final = 100
"""Findings in the page itself; the script shows as many at a time."""
LONGEST_TABLE: Final = 200
MOST_CONTROLS: Final = 60
"""Controls in the tables of all frameworks together, as the page must stay small."""
_TOP: Final = 5


@dataclass(frozen=True, slots=True)
class Entry:
    """One result with its evidence, all text; a member that does not apply is empty."""

    check: str
    status: str
    id: str
    title: str
    message: str
    place: str
    where: str
    url: str
    property: str
    expected: str
    path: str
    line: str
    before: str
    marked: str
    after: str
    added: str
    saving: str
    basis: str
    prices: str
    note: str


@dataclass(frozen=True, slots=True)
class CauseView:
    """What is said once of all results of a check."""

    check: str
    title: str
    severity: str
    pillar: str
    why: str
    fix: str
    facts: str


BLANK_ENTRY: Final = Entry(**{member.name: "" for member in fields(Entry)})
BLANK_CAUSE: Final = CauseView(**{member.name: "" for member in fields(CauseView)})


@dataclass(frozen=True, slots=True)
class ScoreView:
    """A score as a word, a length and a grade; `length` is 0 to 100."""

    name: str
    points: str
    length: int
    grade: str
    coverage: str


@dataclass(frozen=True, slots=True)
class CheckRow:
    """A check's verdicts, counted."""

    check: str
    title: str
    severity: str
    pillar: str
    counts: dict[str, int]


@dataclass(frozen=True, slots=True)
class FrameworkView:
    """A framework's standing, and the controls that are not passed though judged."""

    name: str
    title: str
    standing: str
    remarks: str
    controls: list[tuple[str, str, str]]
    left_out: int


@dataclass(frozen=True, slots=True)
class Page:
    """Everything on the page."""

    report: Report
    about: Digest
    headline: str
    verdict: str
    grade: str
    saving: str
    since: str
    overall: ScoreView
    pillars: list[ScoreView]
    risks: list[Cause]
    savings: list[Cause]
    causes: list[CauseView]
    entries: list[Entry]
    notices: list[tuple[Notice, str]]
    broken: list[Result]
    suppressed: list[Result]
    checks: list[CheckRow]
    compliance: list[FrameworkView]
    inventory: list[tuple[str, int]]
    inputs: list[tuple[str, str, str]]
    undecided: int

    @property
    def first(self) -> list[tuple[CauseView, list[Entry]]]:
        """The findings that are in the page itself, by cause."""
        views = {view.check: view for view in self.causes}
        grouped: dict[str, list[Entry]] = {}
        for entry in self.entries[: min(FIRST_PAGE, len(self.about.findings))]:
            grouped.setdefault(entry.check, []).append(entry)
        return [(views[check], entries) for check, entries in grouped.items()]


def page(report: Report) -> Page:
    """Make a report ready to be shown."""
    about = digest(report)
    checks = _checks(report)
    summary = report.summary
    return Page(
        report=report,
        about=about,
        headline=headline(report, about),
        verdict=verdict(report),
        grade={0: "good", 3: "fair"}.get(report.gate.exit_code, "poor"),
        since=since(report.change) if report.change else "",
        saving=text.usd_range(summary.saving_low, summary.saving_high) if summary.saving_high else "",
        overall=_score("overall", report.score),
        pillars=[_score(name, score) for name, score in report.pillars.items()],
        risks=about.risks[:_TOP],
        savings=about.savings[:_TOP],
        causes=_views(report, about, checks),
        entries=[_entry(report, result) for result in _ordered(about)],
        notices=[(notice, place_text(notice.location)) for notice in report.notices],
        broken=about.by_status[Status.ERROR],
        suppressed=about.by_status[Status.SUPPRESSED],
        checks=checks,
        compliance=[_framework(one, MOST_CONTROLS // len(report.compliance)) for one in report.compliance],
        inventory=sorted(Counter(resource.type for resource in report.resources.values()).items()),
        inputs=list(_inputs(report)),
        undecided=len(about.by_status[Status.UNKNOWN]),
    )


def _ordered(about: Digest) -> Iterator[Result]:
    """Findings by cause, the gravest first; then what else is not a pass."""
    for cause in about.causes:
        yield from cause.results
    for status in (Status.ERROR, Status.UNKNOWN, Status.SUPPRESSED):
        yield from sorted(about.by_status[status], key=lambda result: result.check)


def _entry(report: Report, result: Result) -> Entry:
    place, found, saving = result.location, snippet(result), result.saving
    indent = len(found.before) - len(found.before.lstrip()) if found else 0
    return Entry(
        check=text.name(result.check),
        status=result.status.value,
        id=f"f-{text.clip(result.fingerprint)}" if result.fingerprint else "",
        title=text.name(report.resources[result.resource].title),
        message=text.clip(result.message),
        place=place_text(place) if place else "",
        where=", ".join(text.name(part) for part in (place.account, place.region) if part) if place else "",
        url=(console_url(place) if place else None) or "",
        property=text.clip(result.property),
        expected=text.clip(result.expected or ""),
        path="\n".join(path_lines(result)),
        line=str(found.line) if found else "",
        before=found.before.lstrip() if found else "",
        marked=found.marked if found else "",
        after=found.after if found else "",
        added="\n".join(line[indent:] for line in found.added) if found else "",
        saving=f"{text.usd_range(saving.low, saving.high)} a month" if saving else "",
        basis=text.clip(saving.basis) if saving else "",
        prices=f"{text.clip(saving.source)}, {text.clip(saving.as_of)}; {saving.confidence} confidence"
        if saving
        else "",
        note=_note(result),
    )


def _note(result: Result) -> str:
    if result.suppression:
        return acceptance(result)
    if result.known:
        return "Known from before: the gate lets it pass"
    labels = {Status.UNKNOWN: "Could not be checked", Status.ERROR: "The check broke off"}
    return text.clip(f"{labels[result.status]}: {result.reason}") if result.status in labels else ""


def _checks(report: Report) -> list[CheckRow]:
    """Every check, the gravest first, with its (check, resource) pairs by status."""
    pairs = {(result.check, result.resource): result.status.value for result in report.results}
    counts: dict[str, Counter[str]] = {check: Counter() for check in report.checks}
    for (check, _), status in pairs.items():
        counts[check][status] += 1
    rows = [
        CheckRow(check, info.title, info.severity, info.pillar, {s.value: counts[check][s.value] for s in Status})
        for check, info in report.checks.items()
    ]
    return sorted(rows, key=lambda row: (SEVERITIES.index(row.severity), row.check))


def _views(report: Report, about: Digest, checks: Iterable[CheckRow]) -> list[CauseView]:
    causes = {cause.check: cause for cause in about.causes}
    views = []
    for row in checks:
        info = report.checks[row.check]
        facts = _facts(row.counts, causes.get(row.check))
        why, fix = (" ".join(text.paragraphs(part)) for part in (info.why, info.fix))
        views.append(
            CauseView(
                text.name(row.check),
                text.clip(row.title),
                row.severity,
                text.name(row.pillar),
                why,
                fix,
                " · ".join(facts),
            )
        )
    return views


def _facts(counts: dict[str, int], cause: Cause | None) -> Iterator[str]:
    failed, passed, unknown = counts["fail"], counts["pass"], counts["unknown"]
    if failed or passed:
        yield f"fails on {failed:,} of {text.count(failed + passed, 'resource')}"
    if unknown:
        yield f"{unknown:,} undecided"
    if cause:
        if len(cause.results) > cause.resources:
            yield text.count(len(cause.results), "finding")
        if cause.one_fix:
            yield f"one edit closes all {len(cause.results):,}"
        yield text.points(cause.gain)
        if cause.saving:
            yield f"{cause.saving} a month"


def _framework(one: Compliance, most: int) -> FrameworkView:
    controls = listed(one)
    return FrameworkView(
        name=text.name(one.short),
        title=text.name(f"{one.title} {one.version}"),
        standing=standing(one),
        remarks=text.clip(f"{one.note} Source: {one.source}.".strip()),
        controls=[
            (f"{text.name(one.id)} {text.clip(one.title)}", one.status, ", ".join(map(text.name, one.because)))
            for one in controls[:most]
        ],
        left_out=max(len(controls) - most, 0),
    )


def _score(name: str, score: Score) -> ScoreView:
    points = text.score(score.value)
    length = max(0, min(100, int(score.value or 0)))
    grade = "none" if score.value is None else "good" if length >= 90 else "fair" if length >= 60 else "poor"
    return ScoreView(name, points, length, grade, text.percent(score.coverage))


def _inputs(report: Report) -> Iterator[tuple[str, str, str]]:
    """Kind, name, and whatever else the source says of each input."""
    for given in report.inputs:
        others = {
            key: value for key, value in given.items() if key not in ("kind", "name") and value not in (None, "", [])
        }
        yield (
            str(given.get("kind", "")),
            str(given.get("name", "")),
            ", ".join(f"{key.replace('_', ' ')}: {_plain(value)}" for key, value in others.items()),
        )


def _plain(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
