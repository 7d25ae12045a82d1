"""What many accounts add up to: merged one after the other, so that more findings take no more memory."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version
from typing import Final

from auditor.distributed.summary import Line, Summary, Tally, added, score_of, worst
from auditor.findings import Level, Severity
from auditor.score import Score

SCHEMA: Final = "auditor-organization/1"

MOST_ALARMS: Final = 100
"""New critical findings that a roll-up names; it counts the others."""

LONGEST_TREND: Final = 400
"""Runs that a trend remembers: more than a year of nights."""


@dataclass(frozen=True, slots=True)
class FailedCheck:
    """How a check fares in all accounts.

    Attributes:
        title, severity: the check's.
        findings: how often it failed.
        accounts: in how many accounts.
    """

    title: str
    severity: Level
    findings: int
    accounts: int = 1


@dataclass(frozen=True, slots=True)
class Alarm:
    """A new critical finding."""

    account: str
    name: str
    check: str
    message: str
    fingerprint: str


@dataclass(slots=True)
class News:
    """What has changed since an earlier run.

    Attributes:
        against: that run; empty where there is none, so that everything is new.
        new: number of findings that it does not have.
        fixed: number of its findings that are gone, where their check was decided everywhere in the account.
        unseen: number of its findings that are not here only because not everything was seen or selected.
        alarms: the new critical findings, of which `more` are not named.
    """

    against: str
    new: int = 0
    fixed: int = 0
    unseen: int = 0
    alarms: list[Alarm] = field(default_factory=list)
    more: int = 0


@dataclass(frozen=True, slots=True)
class Point:
    """One run in the trend.

    Attributes:
        scanned, partial, failed, skipped: numbers of accounts.
        failures: number of failed (check, resource) pairs by severity.
        saving_low, saving_high: USD a month.
    """

    run: str
    created: str
    scanned: int
    partial: int
    failed: int
    skipped: int
    score: Score | None
    failures: dict[str, int]
    findings: int
    unknown: int
    saving_low: float
    saving_high: float


@dataclass(slots=True)
class RollUp:
    """What the accounts add up to.

    Attributes:
        accounts: one line for every account that was asked for, in their order; none is left out.
        checks: those that fail somewhere, the gravest first, then those that fail in the most accounts.
        exit_code: as of a scan: 1 a gate does not hold, 2 a check broke, 3 an account or a part of one was not read.
        run: what the run is called, where it has a name.
        score: of all accounts together.
        news: what has changed since the run before, where there is one to compare with.
        trend: the runs so far, this one last.
    """

    version: str
    created: str
    accounts: list[Line]
    checks: dict[str, FailedCheck]
    exit_code: int
    run: str = ""
    score: Score | None = None
    news: News | None = None
    trend: list[Point] = field(default_factory=list)
    schema: str = SCHEMA

    def to_json(self) -> str:
        """As JSON text, ending in a newline."""
        return json.dumps(asdict(self), ensure_ascii=False, indent=1) + "\n"

    def point(self) -> Point:
        """This run in the trend."""
        states = [line.status for line in self.accounts]
        return Point(
            run=self.run,
            created=self.created,
            scanned=states.count("scanned"),
            partial=states.count("partial"),
            failed=states.count("failed"),
            skipped=states.count("skipped"),
            score=self.score,
            failures={
                severity.label: sum(line.failures.get(severity.label, 0) for line in self.accounts)
                for severity in reversed(Severity)
            },
            findings=sum(line.findings for line in self.accounts),
            unknown=sum(line.unknown for line in self.accounts),
            saving_low=round(sum(line.saving_low for line in self.accounts), 2),
            saving_high=round(sum(line.saving_high for line in self.accounts), 2),
        )


class Merge:
    """Adds accounts up, one after the other, in any order."""

    def __init__(self, against: str | None = None, selected: Collection[str] | None = None) -> None:
        """Begin.

        Args:
            against: the earlier run that is compared with; empty where there is none yet, None where nobody asks.
            selected: the checks that were run; all where None.
        """
        self._lines: dict[str, Line] = {}
        self._tallies: dict[str, Tally] = {}
        self._checks: dict[str, FailedCheck] = {}
        self._news = None if against is None else News(against)
        self._selected = selected

    def add(self, summary: Summary, before: Summary | None = None) -> None:
        """Add an account's summary.

        Args:
            summary: the account's, of all its groups of regions.
            before: what the earlier run said of it; None where it did not know the account.
        """
        self._lines[summary.line.account] = summary.line
        self._tallies = added((self._tallies, summary.tallies))
        for check, tally in summary.tallies.items():
            if tally.findings:
                so_far = self._checks.get(check)
                findings, accounts = (so_far.findings, so_far.accounts) if so_far else (0, 0)
                self._checks[check] = FailedCheck(tally.title, tally.severity, findings + tally.findings, accounts + 1)
        if self._news:
            self._compare(self._news, summary, before)

    def rolled(self, order: Iterable[str], run: str = "", trend: Iterable[Point] = ()) -> RollUp:
        """What they add up to.

        Args:
            order: the accounts that were asked for; each has been added.
            run: what the run is called.
            trend: the runs so far; this one takes the place of its own earlier try.
        """
        lines = [self._lines[account] for account in order]
        rolled = RollUp(
            version=version("auditor"),
            created=datetime.now(UTC).isoformat(timespec="seconds"),
            accounts=lines,
            checks=dict(sorted(self._checks.items(), key=_gravity)),
            exit_code=worst(line.exit_code for line in lines if line.status != "skipped"),
            run=run,
            score=score_of(self._tallies.values()),
            news=self._news,
        )
        if run:
            others = [point for point in trend if point.run != run]
            rolled.trend = sorted([*others, rolled.point()], key=lambda point: point.run)[-LONGEST_TREND:]
        return rolled

    def _compare(self, news: News, now: Summary, before: Summary | None) -> None:
        before = before or Summary(now.line)
        for check, fingerprints in now.failing.items():
            fresh = set(fingerprints).difference(before.failing.get(check, ()))
            news.new += len(fresh)
            for fingerprint in sorted(fresh.intersection(now.alarms)):
                if len(news.alarms) == MOST_ALARMS:
                    news.more += 1
                    continue
                line = now.line
                news.alarms.append(Alarm(line.account, line.name, check, now.alarms[fingerprint], fingerprint))
        seen = now.line.status == "scanned"
        for check, fingerprints in before.failing.items():
            gone = len(set(fingerprints).difference(now.failing.get(check, ())))
            if seen and check not in now.undecided and (self._selected is None or check in self._selected):
                news.fixed += gone
            else:
                news.unseen += gone


def _gravity(entry: tuple[str, FailedCheck]) -> tuple[int, int, str]:
    name, check = entry
    return -Severity[check.severity.upper()], -check.accounts, name
