"""What every report for people says first, worked out once so that all of them agree on every count."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from auditor.findings import Severity, Status
from reports import text

if TYPE_CHECKING:
    from auditor.raw import Gap, Notice
    from auditor.report import Change, CheckInfo, Report, Result

SEVERITIES: Final = tuple(severity.label for severity in reversed(Severity))
LEVELS: Final = {"critical": "error", "high": "error", "medium": "warning", "low": "note"}
"""What a compiler would call a finding of each severity, and SARIF does."""
COST: Final = "cost"
"""The pillar whose findings are about money, not about risk."""


@dataclass(slots=True)
class Cause:
    """The findings of one check: one thing to learn, and mostly one way to mend it.

    Attributes:
        check, info: the check.
        results: its findings.
        resources: how many resources they are on.
        gain: points that the overall score rises when all of them are mended.
        low, high: what mending saves, USD a month; None where no finding has a figure.
        one_fix: all findings point at one and the same value, so that one edit closes them.
    """

    check: str
    info: CheckInfo
    results: list[Result]
    resources: int
    gain: float
    low: float | None
    high: float | None
    one_fix: bool

    @property
    def saving(self) -> str:
        """The saving in words, empty where no figure is known or there is nothing to save."""
        return text.usd_range(self.low or 0.0, self.high) if self.high else ""


@dataclass(slots=True)
class Group:
    """Results or gaps with the same reason."""

    reason: str
    count: int
    examples: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Digest:
    """A report, sorted out.

    Attributes:
        by_status: the results by status; `fail` in the report's own order, the gravest first.
        by_severity: number of findings by severity, the gravest first, none left out.
        causes: the findings by check, the gravest first.
        risks: causes by severity, then by what mending them adds to the score; without the cost checks.
        savings: causes by the dollars that mending them saves.
        unknown: reasons for unknown verdicts, the most frequent first.
        gaps: failed calls by operation and code.
        unread: inputs that could not be read; `doubts`: those that were only partly understood.
        calls, answered: API calls made, and those that were answered.
    """

    by_status: dict[Status, list[Result]]
    by_severity: dict[str, int]
    causes: list[Cause]
    risks: list[Cause]
    savings: list[Cause]
    unknown: list[Group]
    gaps: list[Group]
    unread: list[Notice]
    doubts: list[Notice]
    calls: int
    answered: int

    @property
    def findings(self) -> list[Result]:
        """The results that are `fail`."""
        return self.by_status[Status.FAIL]

    @property
    def new(self) -> list[Result]:
        """The findings that the baseline lacks; all of them where there is none."""
        return [result for result in self.findings if not result.known]


def digest(report: Report) -> Digest:
    """Sort a report out."""
    by_status: dict[Status, list[Result]] = {status: [] for status in Status}
    for result in report.results:
        by_status[result.status].append(result)
    findings = by_status[Status.FAIL]
    severities = Counter(report.checks[result.check].severity for result in findings)
    causes = causes_of(report, findings)
    calls = sum(report.calls.values())
    return Digest(
        by_status=by_status,
        by_severity={severity: severities[severity] for severity in SEVERITIES},
        causes=causes,
        risks=[cause for cause in causes if cause.info.pillar != COST],
        savings=sorted((cause for cause in causes if cause.high), key=lambda cause: (-(cause.high or 0), cause.check)),
        unknown=_groups(
            (result.reason, report.resources[result.resource].title) for result in by_status[Status.UNKNOWN]
        ),
        gaps=_groups((_call(gap), gap.resource or gap.region or "") for gap in report.gaps),
        unread=[notice for notice in report.notices if notice.level == "error"],
        doubts=[notice for notice in report.notices if notice.level != "error"],
        calls=calls,
        answered=max(calls - len({_question(gap) for gap in report.gaps if gap.operation != "*"}), 0),
    )


def _question(gap: Gap) -> tuple[str | None, ...]:
    """What tells a call from others: of one that several collectors share, each has a gap."""
    return gap.service, gap.operation, gap.account, gap.region, gap.resource


def gravest_first(report: Report, results: Iterable[Result]) -> list[Result]:
    """The results by severity, else in the order they have."""
    return sorted(results, key=lambda result: SEVERITIES.index(report.checks[result.check].severity))


def since(change: Change) -> str:
    """What changed since the report or revision that this one is compared with."""
    return f"{text.clip(change.against)}: {counts(change)}"


def counts(change: Change) -> str:
    """How many findings are new, known and fixed, and the dollars a month by which waste and costs have changed."""
    told = f"{change.new:,} new, {change.known:,} known, {len(change.fixed):,} fixed"
    told += f"; waste: {text.usd_change(change.saving_low, change.saving_high)}"
    if change.cost_low is not None and change.cost_high is not None:
        told += f"; costs if always on: {text.usd_change(change.cost_low, change.cost_high)}"
    return told


def headline(report: Report, about: Digest) -> str:
    """The verdict in one sentence."""
    if not report.results:
        return "Nothing was checked: no resource was found that a check knows."
    resources = text.count(report.summary.resources, "resource")
    if about.findings:
        grave = _listed([f"{number:,} {severity}" for severity, number in about.by_severity.items() if number])
        touched = len({result.resource for result in about.findings})
        clauses = [f"{text.count(len(about.findings), 'finding')} on {touched:,} of {resources}: {grave}"]
    else:
        clauses = [f"No findings on {resources}"]
    if report.summary.saving_high:
        saving = text.usd_range(report.summary.saving_low, report.summary.saving_high)
        clauses.append(f"mending them saves {saving} a month at list prices")
    undecided = len(about.by_status[Status.UNKNOWN])
    if undecided:
        clauses.append(f"{text.count(undecided, 'verdict')} could not be reached")
    return "; ".join(clauses) + "."


def verdict(report: Report) -> str:
    """What the gate says, in two words."""
    return {0: "Gate holds", 1: "Gate fails", 2: "Scan broken", 3: "Scan incomplete"}.get(
        report.gate.exit_code, "Gate fails"
    )


def causes_of(report: Report, findings: Iterable[Result]) -> list[Cause]:
    """Findings by check, the gravest first."""
    by_check: dict[str, list[Result]] = {}
    for result in findings:
        by_check.setdefault(result.check, []).append(result)
    causes = [_cause(check, report.checks[check], results) for check, results in by_check.items()]
    return sorted(causes, key=lambda cause: (SEVERITIES.index(cause.info.severity), -cause.gain, cause.check))


def _cause(check: str, info: CheckInfo, results: list[Result]) -> Cause:
    gains = {result.resource: result.gain or 0.0 for result in results}
    savings = [result.saving for result in results if result.saving]
    places = {result.location for result in results}
    place = next(iter(places))
    return Cause(
        check=check,
        info=info,
        results=results,
        resources=len(gains),
        gain=sum(gains.values()),
        low=sum(saving.low for saving in savings) if savings else None,
        high=sum(saving.high for saving in savings) if savings else None,
        one_fix=len(results) > 1 and len(places) == 1 and place is not None and place.present and bool(place.line),
    )


def _groups(pairs: Iterable[tuple[str, str]]) -> list[Group]:
    groups: dict[str, Group] = {}
    for reason, example in pairs:
        group = groups.setdefault(reason, Group(reason or "no reason given", 0))
        group.count += 1
        if example and len(group.examples) < 3 and example not in group.examples:
            group.examples.append(example)
    return sorted(groups.values(), key=lambda group: -group.count)


def _call(gap: Gap) -> str:
    return f"{gap.service}:{gap.operation} ({gap.code})"


def _listed(parts: list[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"
