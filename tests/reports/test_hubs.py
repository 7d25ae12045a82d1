"""The formats that security hubs read: OCSF, held to its published classes, and ASFF, held to botocore's shape."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import botocore.session
import pytest
from botocore.validate import validate_parameters
from py_ocsf_models.events.findings.compliance_finding import ComplianceFinding

from auditor.errors import UsageError
from auditor.findings import Status
from auditor.report import Compliance, ControlResult, Report
from reports.interface import render
from tests.reports import sample
from tests.reports.every import EVERY


def events(report: Report) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(render(report, "ocsf"))
    return found


def asff(report: Report) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(render(report, "asff"))["Findings"]
    return found


def with_compliance(report: Report) -> Report:
    control = ControlResult("SageMaker.1", "Notebooks are inside", "fail", ("s3-bucket-public-access-block",))
    framework = Compliance("fsbp", "Best practices", "FSBP", "2026", True, "AWS", {"fail": 1}, [control])
    report.compliance = [framework]
    return report


@EVERY
def test_every_event_is_a_compliance_finding(make: Callable[[], Report]) -> None:
    report = make()
    told = [result for result in report.results if result.status is not Status.PASS]
    found = events(report)
    assert len(found) == len(told) + len(report.notices) + len(report.gaps)
    for event in found:
        known = ComplianceFinding.model_validate(event)
        assert known.metadata.version == "1.5.0"
        assert event.keys() - type(known).model_fields.keys() == {"cloud"} & event.keys(), "the profile `cloud` adds it"


def test_what_an_event_says() -> None:
    event = next(one for one in events(with_compliance(sample.account_report())) if one["severity"] == "High")
    assert event["compliance"] == {
        "status_id": 3,
        "status": "Fail",
        "control": "s3-bucket-public-access-block",
        "standards": ["FSBP"],
        "requirements": ["FSBP SageMaker.1"],
    }
    assert event["cloud"]["account"]["uid"] == sample.ACCOUNT
    assert event["resources"][0]["uid"] == "arn:aws:s3:::raw-zone"
    assert event["time"] == 1782885600000


def test_what_was_not_seen_is_an_event_of_unknown_status() -> None:
    unknown = [event for event in events(sample.account_report()) if event["compliance"]["status"] == "Unknown"]
    assert any("GetBucketPolicy" in event["message"] or "denied" in event["message"] for event in unknown)


def test_findings_are_what_security_hub_takes() -> None:
    shape = botocore.session.get_session().get_service_model("securityhub").operation_model("BatchImportFindings")
    found = asff(with_compliance(sample.account_report()))
    validate_parameters({"Findings": found}, shape.input_shape)
    assert max(len(json.dumps(finding)) for finding in found) < 240_000
    for finding in found:
        assert len(finding["Title"]) <= 256
        assert len(finding["Description"]) <= 1024
        assert len(finding["Remediation"]["Recommendation"]["Text"]) <= 512


def test_what_a_finding_says() -> None:
    found = asff(with_compliance(sample.account_report()))
    (bucket,) = (one for one in found if one["GeneratorId"] == "auditor/s3-bucket-public-access-block")
    assert bucket["Severity"] == {"Label": "HIGH", "Original": "high"}
    assert bucket["Compliance"] == {"Status": "FAILED", "RelatedRequirements": ["FSBP SageMaker.1"]}
    assert bucket["Resources"] == [
        {"Type": "AwsS3Bucket", "Id": "arn:aws:s3:::raw-zone", "Partition": "aws", "Region": sample.REGION}
    ]
    assert bucket["ProductArn"].startswith(f"arn:aws:securityhub:{sample.REGION}:{sample.ACCOUNT}:product/")


def test_an_unknown_verdict_is_a_warning_and_no_pass() -> None:
    report = sample.account_report()
    undecided = sum(result.status is Status.UNKNOWN for result in report.results)
    warnings = [one for one in asff(report) if one["Compliance"]["Status"] == "WARNING"]
    assert len(warnings) == undecided > 0
    assert {one["Severity"]["Label"] for one in warnings} == {"INFORMATIONAL"}


def test_security_hub_takes_nothing_about_templates() -> None:
    with pytest.raises(UsageError, match="not about templates"):
        render(sample.template_report(), "asff")
