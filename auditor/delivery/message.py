"""The short message about a scan: what is new and grave, what it costs, what could not be seen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from auditor.baseline import compare
from auditor.findings import Status
from reports import text
from reports.digest import digest, gravest_first, headline, verdict
from reports.evidence import statement

if TYPE_CHECKING:
    from auditor.report import Report, Result

LONGEST_LIST: Final = 10
LONGEST_SUBJECT: Final = 99
_ALARMING: Final = ("critical",)


@dataclass(frozen=True, slots=True)
class Message:
    """What to tell; texts are cleaned, so that they only need escaping for where they go.

    Attributes:
        subject: one line of less than 100 characters, as SNS takes it.
        headline: the verdict in a sentence.
        news: what has changed since the previous report; empty where there is none.
        alarms: the new critical findings, the first ten; `more`: how many there are besides.
        savings: the largest savings, dollars a month first.
        unseen: what could not be looked at; empty where there is nothing.
        link: where the report is, empty where nobody said.
    """

    subject: str
    headline: str
    news: str
    alarms: tuple[str, ...]
    more: int
    savings: tuple[str, ...]
    unseen: str
    link: str

    @property
    def lines(self) -> list[str]:
        """The message as lines of plain text."""
        found = [self.headline, *([self.news] if self.news else [])]
        found += [f"- CRITICAL {alarm}" for alarm in self.alarms]
        if self.more:
            found.append(f"- and {self.more:,} more")
        found += [f"- saves {saving}" for saving in self.savings]
        return [*found, *filter(None, [self.unseen, self.link])]


def message(report: Report, previous: Report | None = None, against: str = "", link: str = "") -> Message:
    """The message about a report.

    Args:
        report: what is told.
        previous: an earlier report: only what it lacks is new. Without one, what the report's own baseline lacks.
        against: what the earlier report is called.
        link: where the whole report can be read.
    """
    news = ""
    if previous is not None:
        change = compare(report.results, previous, against)
        counts = f"{change.new:,} new, {len(change.fixed):,} fixed, {change.known:,} known"
        waste = text.usd_change(change.saving_low, change.saving_high)
        news = f"Since {text.clip(against)}: {counts}; waste {waste}."
    about = digest(report)
    alarms = [result for result in gravest_first(report, about.new) if _is_alarming(report, result)]
    targets = _targets(report)
    target = ", ".join(map(text.name, targets[:3])) or report.kind
    more = f" and {len(targets) - 3} more" if len(targets) > 3 else ""
    counted = f"{text.count(len(alarms), 'new critical')}" if alarms else "no new criticals"
    return Message(
        subject=text.clip(f"auditor: {verdict(report)}, {counted} in {target}{more}", LONGEST_SUBJECT),
        headline=f"{verdict(report)}. {headline(report, about)}",
        news=news,
        alarms=tuple(f"{statement(report, one)} ({text.name(one.check)})" for one in alarms[:LONGEST_LIST]),
        more=max(len(alarms) - LONGEST_LIST, 0),
        savings=tuple(f"{cause.saving} a month: {text.clip(cause.info.title)}" for cause in about.savings[:3]),
        unseen=_unseen(report, len(about.by_status[Status.UNKNOWN])),
        link=text.clip(link),
    )


def _targets(report: Report) -> list[str]:
    """What was scanned; of folders, not what is in them."""
    folders = {str(place.get("name", "")).rstrip("/") for place in report.inputs if place.get("kind") == "folder"}
    names = dict.fromkeys(str(place.get("name", "")).rstrip("/") for place in report.inputs)
    return [name for name in names if not any(name.startswith(f"{folder}/") for folder in folders)]


def _is_alarming(report: Report, result: Result) -> bool:
    return report.checks[result.check].severity in _ALARMING


def _unseen(report: Report, unknown: int) -> str:
    unread = sum(notice.level == "error" for notice in report.notices)
    parts = [
        text.count(unread, "input was not read", "inputs were not read") if unread else "",
        text.count(len(report.gaps), "call was not answered", "calls were not answered") if report.gaps else "",
        text.count(unknown, "verdict is open", "verdicts are open") if unknown else "",
    ]
    said = ", ".join(filter(None, parts))
    return f"Not seen: {said}." if said else ""
