"""The score: how much of what could be decided is right, weighted by severity, beside how much was decided."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from auditor.findings import Severity, Status, Verdict
from auditor.registry import PILLARS, Check


@dataclass(frozen=True, slots=True)
class Score:
    """How well a pillar, or everything, stands.

    Attributes:
        value: 0 to 100; None where nothing could be decided.
        coverage: share of the verdicts that are not unknown, 0 to 1; 1 where there is nothing to judge.
    """

    value: float | None
    coverage: float


@dataclass(slots=True)
class _Tally:
    check: Check
    passed: int = 0
    failed: int = 0
    unknown: int = 0

    @property
    def decided(self) -> int:
        return self.passed + self.failed


@dataclass(frozen=True, slots=True)
class Scores:
    """The overall score, the pillars' (only those that were judged), and what mending one resource adds.

    Attributes:
        gains: by check id, the points that the overall score rises when one more resource passes it.
    """

    overall: Score
    pillars: dict[str, Score]
    gains: dict[str, float]


def score(verdicts: Iterable[Verdict]) -> Scores:
    """Per check the share of decided resources that pass; the mean over checks, weighted by severity.

    Unknown, suppressed and erroneous verdicts count neither as pass nor as fail.
    """
    tallies: dict[str, _Tally] = {}
    for verdict in verdicts:
        tally = tallies.setdefault(verdict.check.id, _Tally(verdict.check))
        if verdict.status is Status.PASS:
            tally.passed += 1
        elif verdict.status is Status.FAIL:
            tally.failed += 1
        elif verdict.status is not Status.SUPPRESSED:
            tally.unknown += 1
    pillars: dict[str, list[_Tally]] = defaultdict(list)
    for tally in tallies.values():
        pillars[tally.check.pillar].append(tally)
    decided = [tally for tally in tallies.values() if tally.decided]
    weight = sum(tally.check.severity.weight for tally in decided)
    return Scores(
        overall=_mean(tallies.values()),
        pillars={pillar: _mean(pillars[pillar]) for pillar in PILLARS if pillar in pillars},
        gains={t.check.id: 100 * t.check.severity.weight / weight / t.decided for t in decided},
    )


def _mean(tallies: Iterable[_Tally]) -> Score:
    return mean((tally.check.severity, tally.passed, tally.failed, tally.unknown) for tally in tallies)


def mean(tallies: Iterable[tuple[Severity, int, int, int]]) -> Score:
    """The score of checks, each given by its severity and how many resources passed, failed and are unknown."""
    weight = points = known = unknown = 0.0
    for severity, passed, failed, open_ones in tallies:
        decided = passed + failed
        if decided:
            weight += severity.weight
            points += 100 * severity.weight * passed / decided
        known += decided
        unknown += open_ones
    return Score(points / weight if weight else None, known / (known + unknown) if known + unknown else 1.0)
