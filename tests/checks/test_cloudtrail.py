"""CloudTrail checks on a simulated account, and on templates beyond their examples."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from auditor.findings import Status
from auditor.raw import Collected
from auditor.sources.account.source import collect
from tests.support import judge, statuses, template

MULTI, VALIDATION = "cloudtrail-multi-region", "cloudtrail-log-file-validation"
ROOT = "arn:aws:iam::123456789012:root"


def scan(*regions: str) -> Collected:
    return collect(types={"AWS::CloudTrail::Trail", "account"}, regions=list(regions) or ["us-east-1"])


@pytest.fixture
def trail(aws: Any) -> Any:
    """Makes a trail."""
    aws("s3").create_bucket(Bucket="audit-bucket")

    def make(name: str, region: str = "us-east-1", *, logging: bool = True, **more: Any) -> str:
        cloudtrail = aws("cloudtrail", region)
        arn = str(cloudtrail.create_trail(Name=name, S3BucketName="audit-bucket", **more)["TrailARN"])
        if logging:
            cloudtrail.start_logging(Name=name)
        return arn

    return make


def test_live_no_trail_fails(moto: None) -> None:
    verdict = judge(scan(), MULTI)[ROOT]
    assert verdict.status is Status.FAIL
    assert verdict.findings[0].message == "has no trail that records it all"


def test_live_one_good_trail_is_enough(trail: Any) -> None:
    trail("regional", "eu-west-1")
    trail("stopped", logging=False, IsMultiRegionTrail=True)
    verdict = judge(scan("us-east-1", "eu-west-1"), MULTI)[ROOT]
    assert verdict.status is Status.FAIL
    assert "regional covers one region only" in verdict.findings[0].message
    assert "stopped is not logging" in verdict.findings[0].message
    trail("good", IsMultiRegionTrail=True)
    assert statuses(scan("us-east-1", "eu-west-1"), MULTI) == {ROOT: "pass"}


def test_live_a_trail_of_another_region_counts_whatever_is_scanned(trail: Any) -> None:
    arn = trail("good", "eu-west-1", IsMultiRegionTrail=True, EnableLogFileValidation=True)
    collected = scan("us-east-1")
    assert statuses(collected, MULTI) == {ROOT: "pass"}
    assert statuses(collected, VALIDATION) == {arn: "pass"}
    (found,) = [raw for raw in collected.raws if raw.id == arn]
    assert found.origin.locate(()).region == "eu-west-1"


@pytest.mark.parametrize(
    ("selectors", "expected"),
    [
        ({"EventSelectors": [{"ReadWriteType": "All", "IncludeManagementEvents": True}]}, "pass"),
        ({"EventSelectors": [{"ReadWriteType": "WriteOnly", "IncludeManagementEvents": True}]}, "fail"),
        ({"EventSelectors": [{"ReadWriteType": "All", "IncludeManagementEvents": False}]}, "fail"),
    ],
)
def test_live_selectors(trail: Any, aws: Any, selectors: Any, expected: str) -> None:
    arn = trail("good", IsMultiRegionTrail=True)
    aws("cloudtrail").put_event_selectors(TrailName=arn, **selectors)
    assert statuses(scan(), MULTI) == {ROOT: expected}


@pytest.mark.parametrize("operation", ["GetTrailStatus", "GetEventSelectors", "DescribeTrails"])
def test_live_denied_is_unknown(trail: Any, failing: Any, operation: str) -> None:
    arn = trail("good", IsMultiRegionTrail=True, EnableLogFileValidation=True)
    failing({operation: "AccessDeniedException"})
    collected = scan()
    verdict = judge(collected, MULTI)[ROOT]
    assert verdict.status is Status.UNKNOWN
    assert f"cloudtrail:{operation} was denied" in verdict.reason
    assert statuses(collected, VALIDATION) == ({} if operation == "DescribeTrails" else {arn: "pass"})


def test_live_what_fails_fails_whatever_else_is_denied(trail: Any, failing: Any) -> None:
    trail("regional")
    failing({"GetTrailStatus": "AccessDeniedException", "GetEventSelectors": "AccessDeniedException"})
    assert statuses(scan(), MULTI) == {ROOT: "fail"}


def test_live_log_file_validation(trail: Any) -> None:
    bad = trail("bad")
    good = trail("good", EnableLogFileValidation=True)
    collected = scan()
    assert statuses(collected, VALIDATION) == {bad: "fail", good: "pass"}
    for raw in collected.raws:
        if raw.id == bad:
            raw.properties = {key: value for key, value in raw.properties.items() if key != "LogFileValidationEnabled"}
    assert statuses(collected, VALIDATION)[bad] == "fail"


# --- templates ------------------------------------------------------------------------------------------------------


def on(folder: Path, check: str, *trails: str) -> dict[str, str]:
    resources = "".join(f"  T{n}: {{Type: AWS::CloudTrail::Trail{trail}}}\n" for n, trail in enumerate(trails))
    text = f"""
Parameters: {{P: {{Type: String}}}}
Conditions: {{C: !Equals [!Ref P, x]}}
Resources:
  Bucket: {{Type: AWS::S3::Bucket}}
{resources}"""
    found = statuses(template(folder, text), check)
    return {name if name.startswith("T") else "account": status for name, status in found.items()}


def properties(text: str) -> str:
    return f", Properties: {{S3BucketName: !Ref Bucket, IsLogging: true, {text}}}"


GOOD, BAD = properties("IsMultiRegionTrail: true"), properties("IsMultiRegionTrail: false")


@pytest.mark.parametrize(
    ("trails", "expected"),
    [
        ((), None),
        ((BAD, GOOD), "pass"),
        ((BAD,), "fail"),
        ((properties("IsMultiRegionTrail: !Ref P"),), "unknown"),
        ((properties("IsMultiRegionTrail: !Ref P"), GOOD), "pass"),
        ((f", Condition: C{GOOD}",), "pass"),  # if it is not there, this template says nothing of trails
        ((f", Condition: C{GOOD}", BAD), "unknown"),
        ((f", Condition: C{GOOD}", GOOD), "pass"),
        ((properties("IsMultiRegionTrail: !If [C, true, 'true']"),), "pass"),
    ],
)
def test_multi_region_on_templates(tmp_path: Path, trails: tuple[str, ...], expected: str | None) -> None:
    assert on(tmp_path, MULTI, *trails) == ({"account": expected} if expected else {})


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ("{Field: eventCategory, Equals: [Management]}", "pass"),
        ("{Field: eventCategory, Equals: [Management]}, {Field: readOnly, Equals: ['false']}", "fail"),
        (
            "{Field: eventCategory, Equals: [Management]}, {Field: eventSource, NotEquals: [rdsdata.amazonaws.com]}",
            "pass",
        ),
        ("{Field: eventCategory, Equals: [Management]}, {Field: eventSource, Equals: [iam.amazonaws.com]}", "fail"),
        ("{Field: eventCategory, Equals: [Data]}", "fail"),
        ("{Field: eventCategory, Equals: [!Ref P]}", "unknown"),
    ],
)
def test_advanced_selectors_on_templates(tmp_path: Path, fields: str, expected: str) -> None:
    text = f"IsMultiRegionTrail: true, AdvancedEventSelectors: [{{FieldSelectors: [{fields}]}}]"
    assert on(tmp_path, MULTI, properties(text)) == {"account": expected}


def test_two_advanced_selectors_together(tmp_path: Path) -> None:
    management = "{Field: eventCategory, Equals: [Management]}"
    both = ", ".join(
        f"{{FieldSelectors: [{management}, {{Field: readOnly, Equals: ['{kind}']}}]}}" for kind in ("true", "false")
    )
    assert on(tmp_path, MULTI, properties(f"IsMultiRegionTrail: true, AdvancedEventSelectors: [{both}]")) == {
        "account": "pass"
    }


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("EnableLogFileValidation: !Ref P", "unknown"),
        ("EnableLogFileValidation: 'true'", "pass"),
        ("TrailName: t", "fail"),
    ],
)
def test_log_file_validation_on_templates(tmp_path: Path, text: str, expected: str) -> None:
    assert on(tmp_path, VALIDATION, properties(text)) == {"T0": expected}
