"""The formats that are made of flat records: CSV and JSON Lines."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from dataclasses import replace

import pytest

from auditor.findings import Status
from auditor.report import Report
from reports.interface import render
from reports.records import MEMBERS
from tests.reports import sample
from tests.reports.every import EVERY


def rows(report: Report) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(render(report, "csv"))))


def lines(report: Report) -> list[dict[str, object]]:
    return [json.loads(line) for line in render(report, "jsonl").splitlines()]


@EVERY
def test_both_tell_all_that_is_not_a_pass_in_one_shape(make: Callable[[], Report]) -> None:
    report = make()
    told = sum(result.status is not Status.PASS for result in report.results) + len(report.gaps) + len(report.notices)
    assert len(rows(report)) == len(lines(report)) == told
    assert {tuple(line) for line in lines(report)} <= {MEMBERS}


def test_a_finding_in_full() -> None:
    found = next(line for line in lines(sample.template_report()) if line["line"] == 13)
    told = {name: value for name, value in found.items() if value is not None}
    assert told == {
        "created": "2026-07-01T06:00:00+00:00",
        "status": "fail",
        "severity": "high",
        "pillar": "network",
        "check": "sagemaker-notebook-direct-internet",
        "check_title": "Notebook instances have no direct internet access",
        "resource_type": "AWS::SageMaker::NotebookInstance",
        "resource": "infra/ml.yaml#TrainingNotebook",
        "resource_title": "TrainingNotebook",
        "file": "infra/ml.yaml",
        "line": 13,
        "column": 29,
        "property": "DirectInternetAccess",
        "message": "has direct internet access",
        "expected": "Disabled",
        "known": False,
        "fix": "set DirectInternetAccess to Disabled and give the notebook a private subnet; "
        "reach AWS through VPC endpoints.",
        "fingerprint": found["fingerprint"],
    }


def test_a_saving_and_an_accepted_risk() -> None:
    saving = next(line for line in lines(sample.account_report()) if line["saving_high"])
    assert isinstance(saving["saving_high"], float)
    assert saving["saving_basis"] and saving["prices_as_of"] and saving["saving_confidence"]
    accepted = next(line for line in lines(sample.template_report()) if line["status"] == "suppressed")
    assert (accepted["reason"], accepted["accepted_until"]) == ("logs are written once", "2026-12-31")


@pytest.mark.parametrize(
    "name",
    ['=HYPERLINK("http://x")', "+1", "-2+3", "@SUM(A1)", " =1", "\uff1d1", "|calc", "%0A"],
)
def test_no_cell_is_a_formula(name: str) -> None:
    report = sample.template_report()
    for address, info in report.resources.items():
        report.resources[address] = replace(info, title=name)
    titles = {row["resource_title"] for row in rows(report)} - {""}
    assert {title[0] for title in titles} == {"'"}
