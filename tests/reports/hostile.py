"""A report in which every text that comes from outside tries to do harm."""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from typing import Any

from auditor.findings import Hop, Status
from auditor.report import Change, Earlier, Report
from tests.reports import sample

PAYLOADS = (
    "</script><script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "'><svg/onload=alert(1)>",
    "{{ 7 * 7 }}{% raw %}<!--",
    "\x1b[2J\x1b]0;owned\x07\x9b31m",
    "safe\u202egnp.exe\u2066\u200f\u061c",
    "line\nbreak\r\n\ttab\x00\x7f\u2028\u2029\ud800",
    "arn:aws:s3:::" + "x" * 10_000,
    "=HYPERLINK(\"http://evil\")[link](javascript:alert(1))",
    'if aws:PrincipalTag/team is "a\nb\u2028c" or "</style>"',
    "",
)  # fmt: skip

_CLOSED = {"severity", "status", "level", "kind", "exit_code", "fail_on", "schema", "confidence", "created", "types"}


def hostile_report() -> Report:
    """Both sample reports in one, each text replaced by the next payload; enums, numbers and the schema's name stay."""
    report = sample.template_report()
    other = sample.account_report()
    report.resources |= other.resources
    report.checks |= other.checks
    report.results += other.results
    report.gaps, report.calls, report.compliance = other.gaps, other.calls, other.compliance
    for number, info in enumerate(report.resources.values()):
        info.tags = {"team": "", PAYLOADS[number % len(PAYLOADS)]: ""}
    for result in report.results:
        result.observed = "something"
    report.results[0].hops = (Hop("igw-1", "connects the VPC", change="something"), Hop("sg-1", "admits port 22"))
    report.history = [Earlier("1.json", report.created, report.score, {"high": 1}, 1, 1.0, 2.0)]
    report.since = Change("1.json", new=1, fixed=[replace(report.results[0])])
    report.costs = other.costs
    return _Poison().report(report)


class _Poison:
    def __init__(self) -> None:
        self.turn = 0

    def report(self, report: Report) -> Report:
        checks = {name: f"{self.text()}{number}" for number, name in enumerate(report.checks)}
        resources = {name: f"{self.text()}{number}" for number, name in enumerate(report.resources)}
        for result in report.results:
            result.check, result.resource = checks[result.check], resources[result.resource]
        report.checks = {checks[name]: info for name, info in report.checks.items()}
        report.resources = {resources[name]: info for name, info in report.resources.items()}
        keep = {(result.check, result.resource) for result in report.results}
        poisoned: Report = self.value(report, keep={name for pair in keep for name in pair})
        return poisoned

    def text(self) -> str:
        self.turn += 1
        return PAYLOADS[self.turn % len(PAYLOADS)]

    def member(self, name: str, value: Any, keep: set[str]) -> Any:
        if name in _CLOSED:
            return value
        if name == "fingerprint" and value:
            return f"{self.text()}{self.turn}"  # one of its own, as each finding has
        return self.value(value, keep)

    def value(self, value: Any, keep: set[str]) -> Any:
        if isinstance(value, Status):
            return value
        if isinstance(value, str):
            return value if value in keep else self.text()
        if is_dataclass(value) and not isinstance(value, type):
            changed = {
                member.name: self.member(member.name, getattr(value, member.name), keep) for member in fields(value)
            }
            return type(value)(**changed)
        if isinstance(value, dict):
            return {
                key: self.value(member, keep) if key not in ("verdicts", "failures") else member
                for key, member in value.items()
            }
        if isinstance(value, list):
            return [self.value(member, keep) for member in value]
        return value
