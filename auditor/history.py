"""What became of an earlier report's findings, and a trend over several."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

from auditor.baseline import compare
from auditor.errors import UsageError
from auditor.findings import Severity, Status
from auditor.report import Change, Earlier, Report, Result, load


def remember(report: Report, files: Iterable[str]) -> None:
    """Tell in a report what changed since earlier ones; the gate's decision stays as it is.

    Args:
        report: gets `history`, `since` and its findings' `seen`.
        files: saved reports, in any order.

    Raises:
        UsageError: one cannot be read, is of another kind, or is younger than the report.
    """
    earlier = sorted(((load(file), file) for file in files), key=lambda pair: pair[0].created)
    for before, file in earlier:
        if before.kind != report.kind:
            raise UsageError(f"--previous {file}: it is about {before.kind}, and this report is about {report.kind}")
        if before.created > report.created:
            raise UsageError(f"--previous {file}: it is of {before.created}, after this report ({report.created})")
    report.history = [_numbers(before, file) for before, file in earlier]
    open_since = [result for result in report.results if result.status is Status.FAIL]
    for number, (before, file) in enumerate(reversed(earlier)):
        change, open_since = _known(report, open_since, before, file)
        for result in open_since:
            result.seen = before.created
        if number == 0:
            report.since = change


def _known(report: Report, findings: list[Result], before: Report, file: str) -> tuple[Change, list[Result]]:
    """What changed since an earlier report, and which of the findings it has too."""
    copies = [replace(result, known=False) for result in findings]
    others = [result for result in report.results if result.status is not Status.FAIL]
    change = compare([*copies, *others], before, file, _cost(report))
    return change, [result for result, copy in zip(findings, copies, strict=True) if copy.known]


def _cost(report: Report) -> tuple[float, float] | None:
    low, high = report.summary.cost_low, report.summary.cost_high
    return None if low is None or high is None else (low, high)


def _numbers(report: Report, name: str) -> Earlier:
    failures = [result for result in report.results if result.status is Status.FAIL]
    counts = Counter(report.checks[result.check].severity for result in failures)
    return Earlier(
        name=name,
        created=report.created,
        score=report.score,
        findings={severity.label: counts[severity.label] for severity in reversed(Severity)},
        unknown=report.summary.verdicts.get(Status.UNKNOWN.value, 0),
        saving_low=report.summary.saving_low,
        saving_high=report.summary.saving_high,
    )
