from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from jsonschema import Draft202012Validator

from auditor.report import Report
from reports.interface import render
from tests.reports import sample
from tests.reports.every import EVERY

SCHEMA = json.loads((Path(__file__).parent / "schemas" / "gitlab-code-quality.json").read_text(encoding="utf-8"))


@EVERY
def test_it_follows_the_documented_format(make: Callable[[], Report]) -> None:
    entries = json.loads(render(make(), "gitlab"))
    Draft202012Validator(SCHEMA).validate(entries)
    prints = [entry["fingerprint"] for entry in entries]
    assert len(prints) == len(set(prints)), "GitLab shows one of those with the same fingerprint"


def test_severities_and_places() -> None:
    entries = json.loads(render(sample.template_report(), "gitlab"))
    found = {entry["check_name"]: entry["severity"] for entry in entries}
    assert found == {
        "input-not-read": "blocker",
        "ec2-gpu-spot-candidate": "blocker",
        "iam-policy-admin-star": "blocker",
        "s3-bucket-public-access-block": "critical",
        "sagemaker-notebook-direct-internet": "critical",
        "s3-bucket-kms-encryption": "major",
        "input-partly-read": "info",
    }
    assert entries[2]["location"] == {"path": "infra/ml.yaml", "lines": {"begin": 48}}


def test_the_fingerprint_of_a_finding_is_the_reports() -> None:
    report = sample.template_report()
    prints = {entry["fingerprint"] for entry in json.loads(render(report, "gitlab"))}
    assert prints >= {result.fingerprint for result in report.results if result.status == "fail"}


def test_what_the_baseline_knows_is_there_as_gitlab_compares_itself() -> None:
    assert render(sample.changed_report(), "gitlab") == render(sample.template_report(), "gitlab")
