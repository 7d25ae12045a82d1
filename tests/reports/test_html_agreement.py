"""HTML, JSON, SARIF and the terminal count the same, over what the demo finds."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from auditor.config import Config
from auditor.demo.account import REGIONS
from auditor.demo.run import TEMPLATES, simulated_account
from auditor.demo.site import ACCOUNT
from auditor.findings import Status
from auditor.report import Report
from auditor.scan import scan_account, scan_templates
from reports.digest import SEVERITIES
from reports.interface import RenderOptions, render
from tests.reports.test_html import Page


def templates() -> Report:
    return scan_templates([str(TEMPLATES)], Config(account=ACCOUNT, region=REGIONS[0]))


def account() -> Report:
    with simulated_account() as session:
        return scan_account(Config(account=ACCOUNT), session=session, regions=REGIONS)


@pytest.mark.slow
@pytest.mark.parametrize("scan", [templates, account])
def test_every_count_is_the_same(scan: Callable[[], Report], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    report = scan()
    findings = [result for result in report.results if result.status is Status.FAIL]
    by_severity = Counter(report.checks[result.check].severity for result in findings)
    unknown = sum(result.status is Status.UNKNOWN for result in report.results)
    assert findings, "else it says nothing"

    saved = json.loads(render(report, "json"))
    assert saved["summary"]["findings"] == len(findings)
    assert saved["summary"]["verdicts"]["unknown"] == unknown

    page = Page(source := render(report, "html"))
    column, strings = 1 + page.data["fields"].index("status"), page.data["strings"]
    statuses = Counter(strings[row[column]] for row in page.data["rows"])
    assert statuses["fail"] == len(findings)
    assert statuses["unknown"] == unknown
    told = ", ".join(f"{by_severity[name]:,} {name}" for name in SEVERITIES if by_severity[name]).rpartition(", ")
    assert f"{len(findings):,} findings" in source
    assert f"{told[0]} and {told[2]}" in source
    in_data = Counter(
        page.data["causes"][row[0]]["severity"] for row in page.data["rows"] if strings[row[column]] == "fail"
    )
    assert in_data == by_severity

    terminal = render(report, "terminal", RenderOptions(width=120))
    numbers = re.search(r"^Findings +([\d,]+): (.*)$", terminal, re.MULTILINE)
    assert numbers
    assert int(numbers[1].replace(",", "")) == len(findings)
    assert numbers[2] == ", ".join(f"{by_severity[name]:,} {name}" for name in SEVERITIES if by_severity[name])
    assert f"Unknown     {unknown}" in terminal

    run = json.loads(render(report, "sarif"))["runs"][0]
    assert sum(not result["suppressions"] for result in run["results"]) == len(findings)
