from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from auditor.config import Config
from auditor.findings import Status, Suppression
from auditor.raw import Location
from auditor.report import Report
from auditor.scan import scan_templates
from reports import sarif
from reports.interface import render
from tests.reports import sample
from tests.reports.every import EVERY

SCHEMA = json.loads((Path(__file__).parent / "schemas" / "sarif-2.1.0.json").read_text(encoding="utf-8"))


def run_of(report: Report, name: str = "sarif") -> dict[str, Any]:
    (run,) = json.loads(render(report, name))["runs"]
    assert isinstance(run, dict)
    return run


def notifications(run: dict[str, Any], what: str) -> list[dict[str, Any]]:
    (invocation,) = run["invocations"]
    return [said for said in invocation["toolExecutionNotifications"] if said["descriptor"]["id"] == what]


@EVERY
@pytest.mark.parametrize("name", ["sarif", "github-sarif"])
def test_it_follows_the_published_schema(make: Callable[[], Report], name: str) -> None:
    log = json.loads(render(make(), name))
    Draft202012Validator.check_schema(SCHEMA)
    Draft202012Validator(SCHEMA).validate(log)
    assert log["version"] == "2.1.0"


@EVERY
def test_what_github_requires_is_there(make: Callable[[], Report]) -> None:
    run = run_of(make())
    rules = run["tool"]["driver"]["rules"]
    for rule in rules:
        assert 0 < len(rule["shortDescription"]["text"]) <= 1024
        assert 0 < len(rule["fullDescription"]["text"]) <= 1024
        assert rule["help"]["text"]
        assert rule["help"]["markdown"]
        assert 0 < len(rule["name"]) <= 255
        assert rule["name"].isalnum()
        assert "helpUri" not in rule, "there is no such page yet"
        assert len(rule["properties"]["tags"]) <= 10
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        assert result["level"] == rules[result["ruleIndex"]]["defaultConfiguration"]["level"]
        assert result["message"]["text"]
        assert result["partialFingerprints"]["auditorFingerprint/v1"]
        (location,) = result["locations"]
        region = location["physicalLocation"]["region"]
        assert set(region) == {"startLine", "startColumn", "endLine", "endColumn"}
        assert 1 <= region["startColumn"] <= region["endColumn"]
    assert run["columnKind"] == "utf16CodeUnits"
    assert run["automationDetails"]["id"].endswith("/")


def test_a_security_check_has_a_score_and_a_cost_check_has_none() -> None:
    rules = {rule["id"]: rule for rule in run_of(sample.template_report())["tool"]["driver"]["rules"]}
    found = {name: rule["properties"].get("security-severity") for name, rule in rules.items()}
    assert found == {
        "iam-policy-admin-star": "9.5",
        "s3-bucket-public-access-block": "8.0",
        "sagemaker-notebook-direct-internet": "8.0",
        "s3-bucket-kms-encryption": "5.5",
        "s3-bucket-versioning": "3.0",
        "ec2-gpu-spot-candidate": None,
    }
    assert rules["s3-bucket-versioning"]["properties"]["tags"] == ["security", "resilience"]
    assert rules["ec2-gpu-spot-candidate"]["properties"]["tags"] == ["cost"]


def test_help_says_why_how_and_shows_examples() -> None:
    rules = {rule["id"]: rule for rule in run_of(sample.template_report())["tool"]["driver"]["rules"]}
    shown = rules["s3-bucket-public-access-block"]["help"]["markdown"]
    assert shown.startswith("One wrong ACL")
    assert "**Fix:** turn all four" in shown
    assert "Fails:\n\n```yaml\nAWS::S3::Bucket: {}\n```" in shown
    assert "    BlockPublicAcls: true\n```" in shown


def test_a_finding_is_told_in_sentences_and_on_its_line() -> None:
    run = run_of(sample.template_report())
    found = next(entry for entry in run["results"] if "TrainingNotebook" in entry["message"]["text"])
    assert found["message"]["text"] == (
        "TrainingNotebook has direct internet access. DirectInternetAccess must be Disabled."
    )
    assert found["locations"][0]["physicalLocation"] == {
        "artifactLocation": {"uri": "infra/ml.yaml", "uriBaseId": "%SRCROOT%"},
        "region": {"startLine": 13, "startColumn": 29, "endLine": 13, "endColumn": 36},
    }


def test_a_link_in_a_name_is_none_in_the_message() -> None:
    report = sample.template_report()
    next(iter(report.resources.values())).title = "[click](https://evil.example)"
    assert "](" not in json.dumps([entry["message"] for entry in run_of(report)["results"]])


def test_accepted_findings_say_so_and_where() -> None:
    report = sample.template_report()
    accepted = next(result for result in report.results if result.status is Status.SUPPRESSED)
    suppressions = [entry["suppressions"] for entry in run_of(report)["results"]]
    assert suppressions.count([]) == 5, "all results have the member, or none"
    assert suppressions[-1] == [
        {
            "kind": "external",
            "status": "accepted",
            "justification": "Accepted until 2026-12-31 by data platform team: logs are written once",
        }
    ]
    accepted.suppression = Suppression("written once", f"{sample.TEMPLATE}:71")
    assert run_of(report)["results"][-1]["suppressions"][0]["kind"] == "inSource"


def test_github_gets_no_accepted_findings_as_it_would_open_alerts() -> None:
    results = run_of(sample.template_report(), "github-sarif")["results"]
    assert [entry["suppressions"] for entry in results] == [[]] * 5


def test_what_could_not_be_checked_is_told_and_is_no_result() -> None:
    run = run_of(sample.template_report())
    (unread,) = notifications(run, "input-not-read")
    assert unread["level"] == "error"
    place = unread["locations"][0]["physicalLocation"]
    assert (place["artifactLocation"]["uri"], place["region"]["startLine"]) == ("infra/broken.yaml", 4)
    (broken,) = notifications(run, "check-broke-off")
    assert broken["associatedRule"]["id"] == "ec2-gpu-spot-candidate"
    assert len(notifications(run, "input-partly-read")) == 1
    assert "(2, such as RawZone, CuratedZone)" in notifications(run, "not-decided")[0]["message"]["text"]
    assert run["properties"]["verdicts"]["unknown"] == 3
    assert run["invocations"][0]["executionSuccessful"] is False
    assert run_of(sample.clean_report())["invocations"][0]["executionSuccessful"] is True


def test_a_live_account_says_which_calls_failed() -> None:
    run = run_of(sample.account_report())
    assert len(notifications(run, "call-failed")) == 2
    uri = run["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert uri == "aws/111122223333/eu-west-1/arn%3Aaws%3As3%3A%3A%3Araw-zone"


def test_too_many_results_are_cut_from_the_least_grave(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sarif, "MOST_RESULTS", 30)
    report = sample.large_report(60)
    report.results.reverse()
    run = run_of(report)
    assert len(run["results"]) == 30
    assert {entry["level"] for entry in run["results"]} == {"error"}
    (said,) = notifications(run, "left-out")
    assert said["message"]["text"].startswith("30 results that a file GitHub accepts has no room for: ")
    assert said["message"]["text"].endswith("10 medium, 20 low.")


def test_a_file_beyond_githubs_size_is_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = render(sample.large_report(200), "sarif")
    monkeypatch.setattr(sarif, "MOST_BYTES", 8_000)
    cut = render(sample.large_report(200), "sarif")
    assert not sarif._too_large(cut)
    assert 0 < len(json.loads(cut)["runs"][0]["results"]) < len(json.loads(whole)["runs"][0]["results"])
    assert "no room for" in cut
    monkeypatch.setattr(sarif, "MOST_BYTES", 10)
    assert json.loads(render(sample.large_report(5), "sarif"))["runs"][0]["results"] == [], "and it ends"


def test_a_report_without_places_is_still_sarif() -> None:
    report = sample.template_report()
    report.results = [replace(result, location=None) for result in report.results]
    report.notices = [replace(notice, location=Location()) for notice in report.notices]
    Draft202012Validator(SCHEMA).validate(json.loads(render(report, "sarif")))


def test_a_certain_repair_is_a_fix(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    before = "Resources:\n  K:\n    Type: AWS::KMS::Key\n    Properties: {Description: 😀, EnableKeyRotation: false}\n"
    (tmp_path / "app.yaml").write_text(before, encoding="utf-8")
    report = scan_templates(["app.yaml"], Config(select=("kms-key-rotation",)))
    log = json.loads(render(report, "sarif"))
    Draft202012Validator(SCHEMA).validate(log)
    (result,) = log["runs"][0]["results"]
    (change,) = result["fixes"][0]["artifactChanges"]
    (replacement,) = change["replacements"]
    region = replacement["deletedRegion"]
    line = before.splitlines()[3].encode("utf-16-le")
    cut = line[2 * (region["startColumn"] - 1) : 2 * (region["endColumn"] - 1)].decode("utf-16-le")
    assert (region["startLine"], region["endLine"], cut) == (4, 4, "false")
    assert replacement["insertedContent"]["text"] == "true"
    assert change["artifactLocation"]["uri"] == "app.yaml"
