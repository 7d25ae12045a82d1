"""What a roll-up needs to know of a scan, small enough to read thousands: counts, and findings by fingerprint only."""

from __future__ import annotations

import gzip
import json
import zlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final, Literal

from auditor.baseline import savings_of
from auditor.distributed.item import Status as ItemStatus
from auditor.errors import UsageError
from auditor.findings import Level, Severity, Status
from auditor.gate import BROKEN, FAILS, HOLDS, INCOMPLETE
from auditor.pricing.totals import total
from auditor.score import Score, mean
from reports.evidence import statement

if TYPE_CHECKING:
    from auditor.report import Report, Result
    from auditor.unit import Outcome

SCHEMA: Final = "auditor-summary/1"

_ALARMING: Final = Severity.CRITICAL.label
_UNDECIDED: Final = (Status.UNKNOWN, Status.ERROR)
_GRAVEST_FIRST: Final = (BROKEN, FAILS, INCOMPLETE, HOLDS)


@dataclass(slots=True)
class Line:
    """What the roll-up says of an account; its own report says the rest.

    Attributes:
        account, name: the account.
        status: `failed` where it could not be scanned, `partial` where not all of it, `skipped` where it was not to be.
        reason: why it was not scanned, or how its gate decided.
        exit_code: its gate's.
        score: overall.
        failures: number of failed (check, resource) pairs by severity.
        unknown: number of pairs that could not be decided.
        gaps, calls: calls to AWS that did not answer, and all of them.
        saving_low, saving_high: USD per month.
        reports: its files by format, relative to the roll-up.
    """

    account: str
    name: str
    status: ItemStatus
    reason: str
    exit_code: int = INCOMPLETE
    score: Score | None = None
    failures: dict[str, int] = field(default_factory=dict)
    findings: int = 0
    unknown: int = 0
    resources: int = 0
    gaps: int = 0
    calls: int = 0
    saving_low: float = 0.0
    saving_high: float = 0.0
    reports: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Tally:
    """How a check fares: numbers of (check, resource) pairs by status, and of findings."""

    title: str
    severity: Level
    passed: int = 0
    failed: int = 0
    unknown: int = 0
    findings: int = 0

    def plus(self, other: Tally) -> Tally:
        """Both together."""
        return Tally(
            self.title,
            self.severity,
            self.passed + other.passed,
            self.failed + other.failed,
            self.unknown + other.unknown,
            self.findings + other.findings,
        )


@dataclass(slots=True)
class Summary:
    """What a roll-up needs to know of one scan.

    Attributes:
        line: what it says of the account.
        tallies: by check.
        failing: fingerprints of the findings by check.
        alarms: what each critical finding says, by fingerprint.
        undecided: checks that could not be decided everywhere: what they do not find may still be there.
    """

    line: Line
    tallies: dict[str, Tally] = field(default_factory=dict)
    failing: dict[str, list[str]] = field(default_factory=dict)
    alarms: dict[str, str] = field(default_factory=dict)
    undecided: tuple[str, ...] = ()
    schema: str = SCHEMA

    def to_bytes(self) -> bytes:
        """As compressed JSON, the same for the same content."""
        return gzip.compress(json.dumps(asdict(self), ensure_ascii=False).encode(), compresslevel=6, mtime=0)

    @staticmethod
    def from_bytes(content: bytes) -> Summary:
        """What `to_bytes` gave.

        Raises:
            UsageError: it is something else, or another version's.
        """
        try:
            data: dict[str, Any] = json.loads(gzip.decompress(content))
            if data["schema"] != SCHEMA:
                raise UsageError(f"a summary of another version of auditor ({data['schema']})")
            line = data["line"]
            score = Score(**line["score"]) if line["score"] else None
            return Summary(
                Line(**{**line, "score": score}),
                {check: Tally(**tally) for check, tally in data["tallies"].items()},
                data["failing"],
                data["alarms"],
                tuple(data["undecided"]),
            )
        except (OSError, EOFError, zlib.error, ValueError, KeyError, TypeError) as error:
            raise UsageError(f"a broken summary ({type(error).__name__}: {error})") from error


def unscanned(account: str, name: str, status: Literal["failed", "skipped"], reason: str) -> Summary:
    """That of an account that was not scanned."""
    return Summary(Line(account, name, status, reason))


def summarise(outcome: Outcome, name: str = "", results: Sequence[Result] | None = None) -> Summary:
    """What became of an account, for the roll-up.

    Args:
        outcome: of its unit of work.
        name: the account's.
        results: those of the report's results that count, where not all do.
    """
    report = outcome.report
    if report is None:
        return unscanned(outcome.account, name, "failed", outcome.reason)
    every = results is None
    results = report.results if results is None else results
    tallies = _tallies(report, results)
    failed = [result for result in results if result.status is Status.FAIL]
    savings = (report.summary.saving_low, report.summary.saving_high) if every else _savings(report, results)
    failures = Counter[str]()
    for tally in tallies.values():
        failures[tally.severity] += tally.failed
    line = Line(
        account=outcome.account,
        name=name,
        status="partial" if outcome.left else "scanned",
        reason=report.gate.reason,
        exit_code=report.gate.exit_code,
        score=report.score if every else score_of(tallies.values()),
        failures={severity.label: failures[severity.label] for severity in reversed(Severity)},
        findings=len(failed),
        unknown=sum(tally.unknown for tally in tallies.values()),
        resources=report.summary.resources if every else len({result.resource for result in results}),
        gaps=len(report.gaps),
        calls=sum(report.calls.values()),
        saving_low=savings[0],
        saving_high=savings[1],
    )
    failing: defaultdict[str, list[str]] = defaultdict(list)
    for result in failed:
        failing[result.check].append(result.fingerprint)
    return Summary(
        line,
        tallies,
        dict(failing),
        {
            result.fingerprint: statement(report, result)
            for result in failed
            if report.checks[result.check].severity == _ALARMING
        },
        tuple(sorted(_undecided(report))),
    )


def combine(summaries: Sequence[Summary]) -> Summary:
    """One account's summary from those of its groups of regions.

    It is scanned where all of them are, failed where none is, and else partial.
    """
    if len(summaries) == 1:
        return summaries[0]
    lines = [one.line for one in summaries]
    tallies = added(one.tallies for one in summaries)
    states = {line.status for line in lines}
    failures = sum((Counter(line.failures) for line in lines), Counter[str]())
    line = replace(
        lines[0],
        status=lines[0].status if len(states) == 1 else "partial",
        reason="; ".join(dict.fromkeys(line.reason for line in lines)),
        exit_code=worst(line.exit_code for line in lines),
        score=score_of(tallies.values()) if tallies else None,
        failures={severity.label: failures[severity.label] for severity in reversed(Severity)},
        reports={name: file for line in reversed(lines) for name, file in line.reports.items()},
        **{name: sum(getattr(line, name) for line in lines) for name in _ADDED},
    )
    failing: defaultdict[str, dict[str, None]] = defaultdict(dict)
    for one in summaries:
        for check, fingerprints in one.failing.items():
            failing[check].update(dict.fromkeys(fingerprints))
    return Summary(
        line,
        tallies,
        {check: list(fingerprints) for check, fingerprints in failing.items()},
        {fingerprint: words for one in summaries for fingerprint, words in one.alarms.items()},
        tuple(sorted({check for one in summaries for check in one.undecided})),
    )


_ADDED: Final = ("findings", "unknown", "resources", "gaps", "calls", "saving_low", "saving_high")


def added(every: Iterable[dict[str, Tally]]) -> dict[str, Tally]:
    """The tallies of several scans, added up by check."""
    together: dict[str, Tally] = {}
    for tallies in every:
        for check, tally in tallies.items():
            together[check] = together[check].plus(tally) if check in together else tally
    return together


def score_of(tallies: Iterable[Tally]) -> Score:
    """The score of counts, as `auditor.score` has it of verdicts."""
    return mean((Severity[one.severity.upper()], one.passed, one.failed, one.unknown) for one in tallies)


def worst(codes: Iterable[int]) -> int:
    """The gravest of exit codes; 0 of none."""
    there = set(codes)
    return next((code for code in _GRAVEST_FIRST if code in there), HOLDS)


def _tallies(report: Report, results: Iterable[Result]) -> dict[str, Tally]:
    tallies: dict[str, Tally] = {}
    pairs: set[tuple[str, str]] = set()
    for result in results:
        info = report.checks[result.check]
        tally = tallies.setdefault(result.check, Tally(info.title, info.severity))
        tally.findings += result.status is Status.FAIL
        if (result.check, result.resource) in pairs:
            continue
        pairs.add((result.check, result.resource))
        tally.passed += result.status is Status.PASS
        tally.failed += result.status is Status.FAIL
        tally.unknown += result.status in _UNDECIDED
    return tallies


def _savings(report: Report, results: Iterable[Result]) -> tuple[float, float]:
    costs = {address: one.cost.high for address, one in report.resources.items() if one.cost is not None}
    return total(savings_of(results), costs)


def _undecided(report: Report) -> set[str]:
    by_gaps = {check for gap in report.gaps for check in gap.checks}
    return by_gaps | {result.check for result in report.results if result.status in _UNDECIDED}
