from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from auditor.errors import UsageError
from auditor.findings import Status
from auditor.history import remember
from auditor.report import Report
from tests.reports import sample
from tests.support import Run


def saved(folder: Path, name: str, report: Report, created: str) -> str:
    file = folder / name
    file.write_text(replace(report, created=created).to_json(), encoding="utf-8")
    return str(file)


def without(report: Report, *indexes: int) -> Report:
    return replace(report, results=[result for number, result in enumerate(report.results) if number not in indexes])


def test_several_earlier_reports_make_a_trend_and_say_since_when(tmp_path: Path) -> None:
    whole = sample.template_report()
    first = saved(tmp_path, "1.json", without(whole, 1), "2026-05-01T06:00:00+00:00")
    second = saved(tmp_path, "2.json", without(whole, 0), "2026-06-01T06:00:00+00:00")
    report = sample.template_report()
    remember(report, [second, first])
    assert [one.created[:7] for one in report.history] == ["2026-05", "2026-06"], "whatever their order"
    assert [sum(one.findings.values()) for one in report.history] == [4, 4]
    assert report.since
    assert (report.since.against, report.since.new, report.since.known, len(report.since.fixed)) == (second, 1, 4, 0)
    findings = [result for result in report.results if result.status is Status.FAIL]
    assert [one.seen[:7] for one in findings] == ["", "2026-06", "2026-05", "2026-05", "2026-05"], (
        "what was gone in between is new again"
    )
    assert not any(one.known for one in findings), "the gate has its own baseline"


def test_what_is_fixed_is_told(tmp_path: Path) -> None:
    before = saved(tmp_path, "1.json", sample.template_report(), "2026-05-01T06:00:00+00:00")
    report = without(sample.template_report(), 0, 1)
    remember(report, [before])
    assert report.since
    assert (report.since.new, report.since.known, len(report.since.fixed)) == (0, 3, 2)


def test_nothing_is_told_without_an_earlier_report() -> None:
    report = sample.template_report()
    remember(report, [])
    assert (report.history, report.since) == ([], None)
    assert report == sample.template_report()


@pytest.mark.parametrize(
    ("earlier", "created", "told"),
    [
        (sample.account_report(), "2026-05-01T06:00:00+00:00", "is about account, and this report is about templates"),
        (sample.template_report(), "2026-08-01T06:00:00+00:00", "after this report"),
    ],
)
def test_what_cannot_be_compared_is_refused(tmp_path: Path, earlier: Report, created: str, told: str) -> None:
    file = saved(tmp_path, "other.json", earlier, created)
    with pytest.raises(UsageError, match=told):
        remember(sample.template_report(), [file])


def test_the_command_keeps_it_in_the_report(tmp_path: Path, run: Run) -> None:
    before = saved(tmp_path, "1.json", sample.template_report(), "2026-05-01T06:00:00+00:00")
    after = saved(tmp_path, "2.json", without(sample.template_report(), 0), "2026-07-01T06:00:00+00:00")
    output = tmp_path / "both.json"
    assert run("report", after, "--previous", before, "-o", str(output)).code == 0
    content = json.loads(output.read_text(encoding="utf-8"))
    assert content["since"]["known"] == 4
    assert len(content["since"]["fixed"]) == 1
    assert len(content["history"]) == 1
    page = tmp_path / "report.html"
    assert run("report", str(output), "-o", str(page)).code == 0
    assert "1 fixed" in page.read_text(encoding="utf-8")
