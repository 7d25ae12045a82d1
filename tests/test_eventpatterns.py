"""EventBridge patterns against events: the operators that people write, and what is not known."""

from __future__ import annotations

import json
from typing import Any

import pytest

from auditor.knowledge.eventpatterns import Event, EventPattern
from auditor.resources.glue import Job
from auditor.values import ABSENT, Reference, Undecided, Unknown
from tests.builders import ACCOUNT, TEMPLATE, raw

FAILED: Event = {
    "source": "aws.glue",
    "detail-type": "Glue Job State Change",
    "detail": {"state": "FAILED", "jobName": "features-daily"},
}
UNKNOWN = Unknown("a parameter without a default")


def read(pattern: Any) -> EventPattern:
    return EventPattern.from_raw(pattern, raw("AWS::Events::Rule", "Rule"), ("EventPattern",))


def detail(**fields: Any) -> dict[str, Any]:
    return {"source": ["aws.glue"], "detail": fields}


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ({}, True),
        ({"source": ["aws.glue"]}, True),
        ({"source": ["aws.ec2", "aws.glue"]}, True),
        ({"source": ["aws.ec2"]}, False),
        ({"source": [{"prefix": "aws."}]}, True),
        ({"source": [{"prefix": "AWS"}]}, False),
        ({"source": [{"prefix": {"equals-ignore-case": "AWS."}}]}, True),
        ({"source": [{"suffix": ".glue"}]}, True),
        ({"source": []}, False),
        ({"source": [None]}, False),
        ({"detail-type": [{"wildcard": "Glue * State Change"}]}, True),
        ({"detail-type": [{"wildcard": "Glue Crawler*"}]}, False),
        ({"detail-type": [{"equals-ignore-case": "glue job state change"}]}, True),
        ({"account": ["123456789012"], "region": ["eu-west-1"]}, True),
        (detail(state=["FAILED", "TIMEOUT"]), True),
        (detail(state=["SUCCEEDED"]), False),
        (detail(state=[{"anything-but": "SUCCEEDED"}]), True),
        (detail(state=[{"anything-but": ["SUCCEEDED", "FAILED"]}]), False),
        (detail(state=[{"anything-but": {"prefix": "FAIL"}}]), False),
        (detail(state=[{"anything-but": {"suffix": ["ING", "PED"]}}]), True),
        (detail(state=[{"exists": True}]), True),
        (detail(state=[{"exists": False}]), False),
        (detail(state=[{"numeric": [">", 3]}]), False),
        (detail(jobName=["ingest"]), False),
        (detail(jobName=[{"prefix": ["ingest", "features"]}]), True),
        (detail(severity=["ERROR"]), True),
        (detail(state={"value": ["FAILED"]}), False),
        ({"detail": ["FAILED"]}, False),
        ({"$or": [{"source": ["aws.ec2"]}, {"detail": {"state": ["FAILED"]}}]}, True),
        ({"$or": [{"source": ["aws.ec2"]}, {"detail": {"state": ["STOPPED"]}}]}, False),
        ({"$or": [["aws.ec2"], "aws.glue"]}, False),
        ({"$or": "aws.glue"}, False),
        ({"source": ABSENT, "detail": {"state": ["FAILED"]}}, True),
        ({"source": ["aws.glue", UNKNOWN]}, True),
        ({"source": UNKNOWN, "detail": {"state": ["STOPPED"]}}, False),
        ({"source": ["aws.ec2"], "detail": UNKNOWN}, False),
    ],
)
def test_a_pattern_matches(pattern: Any, expected: bool) -> None:
    assert read(pattern).matches(FAILED) is expected
    if "Unknown" not in repr(pattern) and "ABSENT" not in repr(pattern):
        assert read(json.dumps(pattern)).matches(FAILED) is expected


@pytest.mark.parametrize(
    "pattern",
    [
        {"source": UNKNOWN},
        {"source": ["aws.ec2", UNKNOWN]},
        {"source": [{"prefix": UNKNOWN}]},
        {"source": ["aws.glue"], "detail": UNKNOWN},
        {"source": [{"prefix": Reference("Source", None, TEMPLATE.name)}]},
    ],
)
def test_a_pattern_that_is_not_known(pattern: Any) -> None:
    with pytest.raises(Undecided):
        read(pattern).matches(FAILED)


@pytest.mark.parametrize(
    ("text", "why"), [("{", "should be JSON"), ("[1]", "should be a map"), ("[" * 99_999, "should be JSON")]
)
def test_a_pattern_that_is_none(text: str, why: str) -> None:
    with pytest.raises(Undecided, match=why):
        read(text)


def of(job: Job) -> Event:
    return {**FAILED, "detail": {"state": "FAILED", "jobName": job}}


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        ([Reference("Job", None, TEMPLATE.name)], True),
        ([Reference("Other", None, TEMPLATE.name)], False),
        (["features"], True),
        (["ingest"], False),
        ([{"prefix": "feat"}], True),
        ([{"anything-but": ["features"]}], False),
        ([{"anything-but": Reference("Job", None, TEMPLATE.name)}], False),
    ],
)
def test_a_name_may_be_a_resource(names: Any, expected: bool) -> None:
    job = Job(raw("AWS::Glue::Job", "Job", {"Name": "features"}, names=("features",)))
    assert read(detail(jobName=names)).matches(of(job)) is expected


def test_a_live_resource_has_its_arn_and_its_names() -> None:
    arn = "arn:aws:glue:eu-west-1:123456789012:job/features"
    job = Job(raw("AWS::Glue::Job", arn, {"Name": "features"}, names=("features",), scope=ACCOUNT))
    assert read(detail(jobName=[{"suffix": "job/features"}])).matches(of(job))
    assert not read(detail(jobName=[{"prefix": "ingest"}])).matches(of(job))


@pytest.mark.parametrize("names", [(), (UNKNOWN,)])
def test_a_name_that_only_deployment_gives(names: Any) -> None:
    job = Job(raw("AWS::Glue::Job", "Job", names=names))
    with pytest.raises(Undecided, match="known only after deployment"):
        read(detail(jobName=[{"prefix": "feat"}])).matches(of(job))
