"""Reports to load in a browser: as many checks, findings and rows of everything as a large account has."""

from __future__ import annotations

from dataclasses import replace

from auditor.findings import Hop, Status, Suppression
from auditor.raw import Gap, Location, Notice
from auditor.report import Change, Earlier, Report
from auditor.score import Score
from tests.reports import sample

REGIONS = ("eu-west-1", "eu-central-1", "us-east-1", "us-west-2", "ap-southeast-2")


def busy_report(findings: int, checks: int = 270) -> Report:
    """That many findings over that many checks, beside accepted and unknown ones, gaps, notices and frameworks."""
    report = sample.large_report(findings)
    names = sorted(sample.CHECKS)
    kinds = [names[number % len(names)] for number in range(checks)]
    infos = {f"{kind}-{number}": sample.CHECKS[kind] for number, kind in enumerate(kinds)}
    by_kind = {name: [check for check in infos if check.rpartition("-")[0] == name] for name in names}
    for number, result in enumerate(report.results):
        kind = by_kind[result.check]
        result.check = kind[number % len(kind)]
        result.seen = "2026-05-01T06:00:00+00:00" if number % 3 else ""
    for number, (address, info) in enumerate(report.resources.items()):
        region = REGIONS[number % len(REGIONS)]
        team = {"team": f"team-{number % 60}", "environment": ("production", "development")[number % 2]}
        report.resources[address] = replace(info, location=replace(info.location, region=region), tags=team)
    for result in report.results:
        result.location = report.resources[result.resource].location
    grave = min(range(len(report.results)), key=lambda index: -(report.results[index].gain or 0))
    report.results[grave].hops = (
        Hop("igw-1", "connects the VPC to the internet"),
        Hop("sg-1", "admits port 22 from 0.0.0.0/0", change="admit port 22 only from those who need it"),
        Hop("training-1", "has a public IP address"),
    )
    for number, result in enumerate(list(report.results[: min(300, findings)])):
        other = replace(result, fingerprint=f"other-{number}", known=False, saving=None, gain=None)
        status = (Status.SUPPRESSED, Status.UNKNOWN, Status.ERROR)[number % 3]
        accepted = Suppression(f"reason {number}", "data platform team", "2026-12-31")
        report.results.append(
            replace(
                other,
                status=status,
                reason="" if status is Status.SUPPRESSED else f"a reason, number {number}",
                suppression=accepted if status is Status.SUPPRESSED else None,
            )
        )
    used = {result.check for result in report.results}
    report.checks = {check: info for check, info in infos.items() if check in used}
    report.pillars = {pillar: Score(70.0, 0.9) for pillar in sorted({info.pillar for info in infos.values()})}
    counts = {status.value: sum(result.status is status for result in report.results) for status in Status}
    report.summary = replace(report.summary, verdicts=counts, checks=len(report.checks))
    report.gaps = [
        Gap("s3", f"GetBucket{number}", "AccessDenied", "no", sample.ACCOUNT, checks=tuple(names))
        for number in range(40)
    ]
    files = [Location(f"infra/{number}.yaml", 1, 1) for number in range(40)]
    report.notices = [Notice("warning", f"notice about {file.file}", file) for file in files]
    report.compliance = [sample.large_framework(f"framework-{number}") for number in range(9)]
    report.calls = {f"s3:Get{number}": number for number in range(120)}
    report.history = [_earlier(month) for month in range(1, 6)]
    gone = [
        replace(result, resource=f"arn:aws:s3:::gone-{number}") for number, result in enumerate(report.results[:50])
    ]
    new = sum(not result.seen for result in report.results if result.status is Status.FAIL)
    report.since = Change("5.json", new=new, known=findings - new, fixed=gone, saving_low=-5.0, saving_high=20.0)
    return report


def _earlier(month: int) -> Earlier:
    created = f"2026-0{month}-01T06:00:00+00:00"
    return Earlier(f"{month}.json", created, Score(50.0 + month, 0.9), {"high": 90 - month}, 3, 1.0, 99.0)
