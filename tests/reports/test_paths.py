"""A finding's path, hop by hop, in the reports."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

from auditor.findings import Hop
from auditor.report import Report, load
from reports.interface import RenderOptions, render
from tests.reports.sample import template_report

HOPS = (
    Hop("Gateway", "connects the VPC to the internet"),
    Hop("<b>Group</b>\x1b[31m", "admits port 22 from 0.0.0.0/0", "t.yaml#Group", "admit port 22 only from <us>"),
)


def with_path() -> Report:
    report = template_report()
    first = next(index for index, result in enumerate(report.results) if result.message)
    report.results[first] = replace(report.results[first], hops=HOPS)
    return report


def test_terminal() -> None:
    lines = render(with_path(), "terminal", RenderOptions(verbose=True)).splitlines()
    path = [line.strip() for line in lines if line.strip().startswith("path:")]
    assert path[0] == "path: 1. Gateway connects the VPC to the internet"
    assert path[1].startswith("path: 2. <b>Group</b>")
    assert "\x1b[31m" not in "".join(path)


def test_html() -> None:
    page = render(with_path(), "html", RenderOptions())
    assert "1. Gateway connects the VPC to the internet" in page
    assert "&lt;b&gt;Group&lt;/b&gt;" in page
    assert "<b>Group" not in page
    assert "(change this: admit port 22 only from &lt;us&gt;)" in page


def test_a_saved_report_keeps_it(tmp_path: Path) -> None:
    report = with_path()
    file = tmp_path / "report.json"
    file.write_text(report.to_json(), encoding="utf-8")
    assert [result.hops for result in load(str(file)).results if result.hops] == [HOPS]
    without = [result for result in json.loads(report.to_json())["results"] if "hops" not in result]
    assert len(without) == len(report.results) - 1
