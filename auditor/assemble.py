"""Puts a scan's outcome together into the canonical report."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from inspect import cleandoc
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from auditor import gate
from auditor.baseline import compare, savings_of
from auditor.costs import Ledger
from auditor.examples import terraform_examples
from auditor.findings import Finding, Severity, Status, Verdict, fingerprint
from auditor.observed import named, observed
from auditor.raw import Collected, Location
from auditor.redact import redact
from auditor.registry import Check
from auditor.report import CheckInfo, Compliance, Report, ResourceInfo, Result, Summary
from auditor.score import Scores, score
from auditor.secrets import HIDDEN
from auditor.wording import in_terraform

if TYPE_CHECKING:
    from auditor.lint import Linted
    from auditor.resources.base import Resource

_LONGEST_LINE = 300


@dataclass(frozen=True, slots=True)
class Rules:
    """What decides whether a scan passes.

    Attributes:
        fail_on: severity from which a finding fails the gate, or `never`.
        strict: a denied call makes the scan incomplete.
        baseline: an earlier report, whose findings don't count.
        against: what the baseline is called.
    """

    fail_on: str = "high"
    strict: bool = False
    baseline: Report | None = None
    against: str = ""


def build(
    kind: Literal["templates", "account"],
    collected: Collected,
    verdicts: Sequence[Verdict],
    rules: Rules,
    *,
    version: str,
    now: datetime | None = None,
    linted: Iterable[Linted] = (),
    compliance: Iterable[Compliance] = (),
    ledger: Ledger,
    tags: Iterable[str] = (),
) -> Report:
    """Put a scan's outcome together: results, score, what is new, and the gate's decision.

    What cfn-lint found stands among the failures and counts for the gate, but not for the score. `ledger`
    knows what resources cost, and who pays. `tags` are the keys of the tags that the report tells.
    """
    scores = score(verdicts)
    checks: dict[str, CheckInfo] = {}
    resources: dict[str, ResourceInfo] = {}
    results: list[Result] = []
    lines = _Lines()
    elsewhere = {verdict.check.id for verdict in verdicts if verdict.resource.raw.dialect != "tf"}
    for verdict in verdicts:
        check, resource = verdict.check, verdict.resource
        if check.id not in checks:
            checks[check.id] = _info(check) if check.id in elsewhere else _info_for_terraform(check)
        if resource.address not in resources:
            place = resource.raw.origin.locate(())
            cost = ledger.costs.get(resource.address)
            told = named(resource.raw, tags)
            resources[resource.address] = ResourceInfo(resource.raw.type, resource.title, place, cost, told)
        results.extend(_results(verdict, scores, resources[resource.address].location, lines, ledger))
    for one in linted:
        checks.setdefault(one.result.check, one.check)
        resources.setdefault(one.result.resource, one.resource)
        one.result.source = lines.at(one.result.location) if one.result.location else None
        results.append(one.result)
    severities = {name: Severity[info.severity.upper()] for name, info in checks.items()}
    results.sort(key=lambda r: (_RANK[r.status], -severities[r.check], r.check, r.resource))
    money = ledger.view(savings_of(results), running=kind == "templates")
    altogether = (money.running.low, money.running.high) if money.running else None
    change = compare(results, rules.baseline, rules.against, altogether) if rules.baseline else None
    decision = gate.decide(results, severities, rules.fail_on, collected.notices, collected.gaps, strict=rules.strict)
    pairs = {(result.check, result.resource, result.status) for result in results}
    counts = Counter(status.value for _, _, status in pairs)
    failures = Counter(checks[check].severity for check, _, status in pairs if status is Status.FAIL)
    return Report(
        version=version,
        created=(now or datetime.now(UTC)).isoformat(timespec="seconds"),
        kind=kind,
        inputs=collected.inputs,
        summary=Summary(
            verdicts={status.value: counts[status.value] for status in Status},
            failures={severity.label: failures[severity.label] for severity in reversed(Severity)},
            findings=sum(result.status is Status.FAIL for result in results),
            resources=len(resources),
            checks=len(checks),
            saving_low=money.savings.low,
            saving_high=money.savings.high,
            cost_low=altogether[0] if altogether else None,
            cost_high=altogether[1] if altogether else None,
        ),
        score=scores.overall,
        pillars=scores.pillars,
        gate=decision,
        checks=dict(sorted(checks.items())),
        resources=resources,
        results=results,
        gaps=collected.gaps,
        notices=collected.notices,
        calls=dict(sorted(collected.calls.items())),
        change=change,
        compliance=list(compliance),
        costs=money,
    )


def _info(check: Check) -> CheckInfo:
    bad, good = (cleandoc(examples[0]) if examples else "" for examples in (check.bad, check.good))
    return CheckInfo(check.title, check.severity.label, check.pillar, check.why, check.fix, bad, good)


def _info_for_terraform(check: Check) -> CheckInfo:
    """The same where all that the check judged is Terraform's."""
    info, examples = _info(check), terraform_examples(check)
    info.fix = in_terraform(info.fix, _classes(check))
    info.bad, info.good = (texts[0].strip() if texts else "" for texts in (examples.bad, examples.good))
    return info


def _classes(check: Check) -> tuple[type[Resource], ...]:
    """What a check speaks of."""
    return (*check.types, *check.uses)


_RANK = {Status.FAIL: 0, Status.ERROR: 1, Status.UNKNOWN: 2, Status.SUPPRESSED: 3, Status.PASS: 4}


def _results(verdict: Verdict, scores: Scores, place: Location, lines: _Lines, ledger: Ledger) -> Iterable[Result]:
    check, resource, status = verdict.check, verdict.resource, verdict.status

    def told(said: str) -> str:
        return in_terraform(said, _classes(check)) if resource.raw.dialect == "tf" else said

    if not verdict.findings:
        location = None if status is Status.PASS else place
        yield Result(check.id, resource.address, status, reason=told(verdict.reason), location=location)
        return
    seen: Counter[str] = Counter()
    for finding in verdict.findings:
        location = finding.raw.origin.locate(finding.path)
        yield Result(
            check.id,
            resource.address,
            status,
            message=told(finding.message),
            fingerprint=fingerprint(check.id, resource.address, finding.field, seen[finding.field]),
            property=_property(finding),
            expected=finding.expected,
            observed=observed(finding),
            location=location,
            source=lines.at(location, hide=finding.secret),
            saving=finding.saving and ledger.charged(finding.saving, resource.address),
            suppression=verdict.suppression,
            gain=round(scores.gains[check.id], 2) if status is Status.FAIL else None,
            hops=finding.hops,
        )
        seen[finding.field] += 1


def _property(finding: Finding) -> str:
    return ".".join(str(step) for step in finding.path)


def _without_span(line: str, location: Location) -> str:
    """The line without the value that stands at a location, or after it where that is the value's key."""
    one_line = location.end_column is not None and location.end_line == location.line
    before, after = line[: (location.column or 1) - 1], line[(location.end_column or 1) - 1 :] if one_line else ""
    return f"{line[: len(line) - len(after)]}: {HIDDEN}" if after.startswith(":") else f"{before}{HIDDEN}{after}"


class _Lines:
    """The lines of the files that findings are in, each file read once."""

    def __init__(self) -> None:
        self._files: dict[str, list[str]] = {}

    def at(self, location: Location, *, hide: bool = False) -> str | None:
        """The line, secrets hidden; None for a live resource, or where the file is gone since it was read.

        Args:
            hide: what stands at the location is a secret itself.
        """
        if location.file is None or location.line is None:
            return None
        if location.file not in self._files:
            self._files[location.file] = self._read(location.file)
        lines = self._files[location.file]
        if location.line > len(lines):
            return None
        line = lines[location.line - 1].rstrip()
        return redact(_without_span(line, location) if hide else line)[:_LONGEST_LINE]

    @staticmethod
    def _read(file: str) -> list[str]:
        """As positions count lines: `splitlines` would also end them at U+2028 and form feeds."""
        try:
            return Path(file).read_text(encoding="utf-8-sig", errors="replace").split("\n")
        except OSError:
            return []
