"""Kinesis: data streams with their consumers, video streams, analytics applications."""

from __future__ import annotations

import pytest

from auditor.resources.kinesis import AnalyticsApplication, Stream
from tests.sources.account.services.reading import Reading, Reads
from tests.sources.account.services.support import ACCOUNT, REGION, one, scan

_ARN = f"arn:aws:kinesis:{REGION}:{ACCOUNT}:stream/clicks"
_THEN = "2024-05-01T00:00:00Z"
_TAGS = [{"Key": "team", "Value": "data"}]
_STREAMS = {"StreamNames": ["clicks"], "HasMoreStreams": False}
_APPLICATION = {
    "ApplicationName": "joins",
    "ApplicationARN": f"arn:aws:kinesisanalytics:{REGION}:{ACCOUNT}:application/joins",
    "ApplicationStatus": "RUNNING",
}


class TestKinesis(Reads):
    cases = (
        Reading(
            "AWS::Kinesis::Stream",
            _ARN,
            "ListStreams",
            {
                "ListStreams": _STREAMS,
                "DescribeStreamSummary": {
                    "StreamDescriptionSummary": {
                        "StreamName": "clicks",
                        "StreamARN": _ARN,
                        "StreamStatus": "ACTIVE",
                        "RetentionPeriodHours": 48,
                        "StreamCreationTimestamp": _THEN,
                        "EnhancedMonitoring": [],
                        "EncryptionType": "KMS",
                        "KeyId": "alias/aws/kinesis",
                        "OpenShardCount": 4,
                        "StreamModeDetails": {"StreamMode": "PROVISIONED"},
                    }
                },
                "GetResources": {"ResourceTagMappingList": [{"ResourceARN": _ARN, "Tags": _TAGS}]},
            },
            {"Tags": _TAGS},
            empty={"StreamNames": [], "HasMoreStreams": False},
            token="NextToken",
            more="HasMoreStreams",
            gone={"DescribeStreamSummary": "ResourceNotFoundException"},
            needs=("ResourceARN", "Key", "Value"),
            title="clicks",
            service="kinesis",
            reads={
                "name": "clicks",
                "encryption_type": "KMS",
                "key_id": "alias/aws/kinesis",
                "retention_period_hours": 48,
                "shard_count": 4,
                "stream_mode": "PROVISIONED",
            },
        ),
        Reading(
            "AWS::Kinesis::StreamConsumer",
            f"{_ARN}/consumer/features:1700000000",
            "ListStreams",
            {
                "ListStreams": _STREAMS,
                "ListStreamConsumers": {
                    "Consumers": [
                        {
                            "ConsumerName": "features",
                            "ConsumerARN": f"{_ARN}/consumer/features:1700000000",
                            "ConsumerStatus": "ACTIVE",
                            "ConsumerCreationTimestamp": _THEN,
                        }
                    ]
                },
            },
            {},
            empty={"StreamNames": [], "HasMoreStreams": False},
            gone={"ListStreamConsumers": "ResourceNotFoundException"},
            title="features of clicks",
            service="kinesis",
            reads={"consumer_name": "features", "stream_arn": _ARN},
        ),
        Reading(
            "AWS::KinesisVideo::Stream",
            f"arn:aws:kinesisvideo:{REGION}:{ACCOUNT}:stream/door/1700000000",
            "ListStreams",
            {
                "ListStreams": {
                    "StreamInfoList": [
                        {
                            "StreamName": "door",
                            "StreamARN": f"arn:aws:kinesisvideo:{REGION}:{ACCOUNT}:stream/door/1700000000",
                            "KmsKeyId": f"arn:aws:kms:{REGION}:{ACCOUNT}:alias/aws/kinesisvideo",
                            "Status": "ACTIVE",
                        }
                    ]
                }
            },
            {},
            empty={"StreamInfoList": []},
            token="NextToken",
            needs=("StreamARN",),
            title="door",
            service="kinesisvideo",
            reads={"kms_key_id": f"arn:aws:kms:{REGION}:{ACCOUNT}:alias/aws/kinesisvideo"},
        ),
    )


pytestmark = pytest.mark.usefixtures("moto")

BOTH = "AWS::KinesisAnalyticsV2::Application"


def test_streams_are_listed_once_for_their_consumers_too(scripted):
    scripted({**TestKinesis.cases[0].answers, **TestKinesis.cases[1].answers})
    found = scan("AWS::Kinesis::Stream", "AWS::Kinesis::StreamConsumer")
    assert found.calls["kinesis:ListStreams"] == 1
    assert len(found.raws) == 2


def test_an_application_that_both_apis_list_is_one(monkeypatch):
    sql = {**_APPLICATION, "ApplicationName": "sql", "ApplicationARN": _APPLICATION["ApplicationARN"] + "-sql"}
    by_service = {
        "kinesisanalyticsv2": {
            "ApplicationSummaries": [
                {**_APPLICATION, "ApplicationVersionId": 1, "RuntimeEnvironment": "FLINK-1_18"},
                {**sql, "ApplicationVersionId": 1, "RuntimeEnvironment": "SQL-1_0"},
            ]
        },
        "kinesisanalytics": {"ApplicationSummaries": [sql], "HasMoreApplications": False},
    }
    _by_service(monkeypatch, by_service)
    found = scan(BOTH)
    assert (found.gaps, found.notices) == ([], [])
    runtimes = {raw.title: AnalyticsApplication(raw).runtime_environment for raw in found.raws}
    assert runtimes == {"joins": "FLINK-1_18", "sql": "SQL-1_0"}
    assert len(found.raws) == 2


def test_an_application_that_only_the_first_api_lists(monkeypatch):
    _by_service(
        monkeypatch,
        {
            "kinesisanalyticsv2": {"ApplicationSummaries": []},
            "kinesisanalytics": {"ApplicationSummaries": [_APPLICATION], "HasMoreApplications": False},
        },
    )
    assert AnalyticsApplication(one(scan(BOTH), BOTH)).runtime_environment == "SQL-1_0"


def test_no_application(monkeypatch):
    _by_service(
        monkeypatch,
        {
            "kinesisanalyticsv2": {"ApplicationSummaries": []},
            "kinesisanalytics": {"ApplicationSummaries": [], "HasMoreApplications": False},
        },
    )
    found = scan(BOTH)
    assert (found.raws, found.gaps, found.notices) == ([], [], [])


def test_denied_applications(scripted):
    scripted({"ListApplications": "AccessDeniedException"})
    gaps = scan(BOTH).gaps
    assert sorted(gap.service for gap in gaps) == ["kinesisanalytics", "kinesisanalyticsv2"]
    assert {gap.types for gap in gaps} == {(BOTH,)}


def _by_service(monkeypatch, answers):
    """Answers ListApplications by service: both have an operation of that name."""
    from botocore.awsrequest import AWSResponse

    from auditor.sources.account.calls import Calls

    make = Calls.client

    def client(self, service, region):
        made = make(self, service, region)
        if service in answers:
            made.meta.events.register_first(
                "before-call.*.ListApplications",
                lambda **_: (AWSResponse("", 200, {}, None), dict(answers[service])),
                unique_id="by service",
            )
        return made

    monkeypatch.setattr(Calls, "client", client)


def test_streams_in_a_simulated_account(aws):
    for number in range(12):  # moto ends a page at ten
        aws("kinesis").create_stream(StreamName=f"stream{number:02}", ShardCount=1)
    found = scan("AWS::Kinesis::Stream")
    assert (found.gaps, found.notices) == ([], [])
    assert {Stream(raw).encryption_type for raw in found.raws} == {"NONE"}
    assert [raw.title for raw in found.raws] == [f"stream{number:02}" for number in range(12)]


def test_consumers_in_a_simulated_account(aws):
    kinesis = aws("kinesis")
    kinesis.create_stream(StreamName="clicks", ShardCount=1)
    kinesis.register_stream_consumer(StreamARN=_ARN, ConsumerName="features")
    found = scan("AWS::Kinesis::StreamConsumer")
    assert (found.gaps, found.notices) == ([], [])
    assert one(found, "AWS::Kinesis::StreamConsumer").title == "features of clicks"
