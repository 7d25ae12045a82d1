"""What the page shows, as texts that are ready to be shown: no template and no script decides anything."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Final

from auditor.findings import Status
from reports import text
from reports.digest import Cause, Digest, digest, headline, verdict
from reports.documentation import check_page
from reports.html import charts, tables
from reports.html.entries import Entry, entries
from reports.requirements import requirements_by_check

if TYPE_CHECKING:
    from auditor.report import Change, Report

FIRST_PAGE: Final = 100
"""Findings in the page itself, for readers without JavaScript."""
_TOP: Final = 5


@dataclass(frozen=True, slots=True)
class CauseView:
    """What is said once of all results of a check.

    Attributes:
        total: number of its findings.
        one_fix: one edit closes all of them.
        gain, saving: what mending all of them adds to the score, and saves; empty for nothing.
        decided: how it stands altogether.
        frameworks: names, for the filter; `controls` in words.
        docs: where it is documented, a web address; empty where that is not known.
    """

    check: str
    title: str
    severity: str
    pillar: str
    why: str
    fix: str
    total: int
    one_fix: bool
    gain: str
    saving: str
    decided: str
    frameworks: tuple[str, ...]
    controls: str
    good: str
    docs: str


@dataclass(frozen=True, slots=True)
class Since:
    """What changed since an earlier report."""

    against: str
    new: int
    known: int
    fixed: int
    waste: str


@dataclass(frozen=True, slots=True)
class Page:
    """Everything on the page but the findings, of which `first` are those in the page itself, by cause."""

    report: Report
    about: Digest
    headline: str
    verdict: str
    grade: str
    saving: str
    since: Since | None
    overall: charts.ScoreView
    pillars: list[charts.ScoreView]
    risks: list[Cause]
    savings: list[Cause]
    by_pillar: list[charts.Bar]
    by_service: list[charts.Bar]
    trend: list[charts.Line]
    causes: list[CauseView]
    first: list[tuple[CauseView, list[Entry]]]
    frameworks: list[tables.Framework]
    sections: dict[str, tables.Table]
    undecided: int

    @property
    def turned(self) -> list[tables.Table]:
        """The tables that have more rows than are in the page itself."""
        every = [*self.sections.values(), *(one.table for one in self.frameworks)]
        return [one for one in every if len(one.rows) > len(one.first)]


def page(report: Report) -> Page:
    """Make a report ready to be shown."""
    about = digest(report)
    summary = report.summary
    change = report.since or report.change
    causes = _views(report, about)
    made = {
        "unknown": tables.unknown(about),
        "gaps": tables.gaps(report),
        "notices": tables.notices(report),
        "broken": tables.broken(report, about),
        "accepted": tables.accepted(report, about),
        "checks": tables.checks(report),
        "inventory": tables.inventory(report),
        "inputs": tables.inputs(report),
        "calls": tables.calls(report),
        "history": tables.history(report, about),
    }
    if change:
        made["fixed"] = tables.fixed(report, change)
    return Page(
        report=report,
        about=about,
        headline=headline(report, about),
        verdict=verdict(report),
        grade={0: "good", 3: "fair"}.get(report.gate.exit_code, "poor"),
        saving=text.usd_range(summary.saving_low, summary.saving_high) if summary.saving_high else "",
        since=_since(change) if change else None,
        overall=charts.score("overall", report.score),
        pillars=[charts.score(name, score) for name, score in report.pillars.items()],
        risks=about.risks[:_TOP],
        savings=about.savings[:_TOP],
        by_pillar=charts.by_pillar(report, about),
        by_service=charts.by_service(report, about),
        trend=charts.trend(report, about),
        causes=causes,
        first=_first(report, about, causes),
        frameworks=tables.frameworks(report),
        sections=made,
        undecided=len(about.by_status[Status.UNKNOWN]),
    )


def _since(change: Change) -> Since:
    waste = text.usd_change(change.saving_low, change.saving_high)
    return Since(text.clip(change.against), change.new, change.known, len(change.fixed), waste)


def _first(report: Report, about: Digest, causes: list[CauseView]) -> list[tuple[CauseView, list[Entry]]]:
    views = {view.check: view for view in causes}
    grouped: dict[str, list[Entry]] = {}
    for entry in islice(entries(report, about), min(FIRST_PAGE, len(about.findings))):
        grouped.setdefault(entry.check, []).append(entry)
    return [(views[check], members) for check, members in grouped.items()]


def _views(report: Report, about: Digest) -> list[CauseView]:
    causes = {cause.check: cause for cause in about.causes}
    counts = tables.counted(report)
    requirements = requirements_by_check(report)
    views = []
    for check, info in tables.gravest_checks(report):
        cause, controls = causes.get(check), requirements.get(check, ())
        failed, passed, unknown = (counts[check][status] for status in (Status.FAIL, Status.PASS, Status.UNKNOWN))
        decided = [f"fails on {failed:,} of {text.count(failed + passed, 'resource')}"] if failed or passed else []
        views.append(
            CauseView(
                check=text.name(check),
                title=text.clip(info.title),
                severity=info.severity,
                pillar=text.name(info.pillar),
                why="\n".join(text.paragraphs(info.why)),
                fix="\n".join(text.paragraphs(info.fix)),
                total=len(cause.results) if cause else 0,
                one_fix=cause.one_fix if cause else False,
                gain=text.points(cause.gain) if cause and cause.gain else "",
                saving=f"{cause.saving} a month" if cause and cause.saving else "",
                decided=", ".join([*decided, *([f"{unknown:,} undecided"] if unknown else [])]),
                frameworks=tuple(dict.fromkeys(name for name, _ in controls)),
                controls=", ".join(control for _, control in controls),
                good="\n".join(text.clip(line) for line in info.good.split("\n")),
                docs=check_page(check),
            )
        )
    return views
