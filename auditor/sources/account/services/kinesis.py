"""Kinesis: data streams with their consumers, video streams, analytics applications."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from auditor.sources.account.regular import Call, Listing, regular

_GONE = ("ResourceNotFoundException",)
_STREAM_ARN = "arn:{partition}:kinesis:{region}:{account}:stream/{StreamName}"
_STREAMS = Listing("ListStreams", "StreamNames[].{StreamName: @}", shared=True)


def _with_stream(consumer: dict[str, Any]) -> Mapping[str, Any]:
    """A consumer's ARN begins with its stream's: `…:stream/clicks/consumer/features:1700000000`."""
    stream = consumer["ConsumerARN"].partition("/consumer/")[0]
    return {**consumer, "StreamARN": stream, "StreamName": stream.rpartition("/")[2]}


regular(
    "kinesis",
    "AWS::Kinesis::Stream",
    _STREAMS,
    describe=Call("DescribeStreamSummary", "StreamDescriptionSummary", {"StreamName": "{StreamName}"}, gone=_GONE),
    drop="StreamStatus=='DELETING'",
    tagging="kinesis:stream",
    arn=_STREAM_ARN,
    title="{StreamName}",
)

regular(
    "kinesis",
    "AWS::Kinesis::StreamConsumer",
    Listing(
        "ListStreamConsumers",
        "Consumers[?ConsumerStatus!='DELETING']",
        {"StreamARN": _STREAM_ARN},
        within=_STREAMS,
        gone=_GONE,
    ),
    reshape=_with_stream,
    arn="{ConsumerARN}",
    title="{ConsumerName} of {StreamName}",
    names=("{ConsumerName}",),
)

regular(
    "kinesisvideo",
    "AWS::KinesisVideo::Stream",
    Listing("ListStreams", "StreamInfoList[?Status!='DELETING']"),
    arn="{StreamARN}",
    title="{StreamName}",
)

_RUNS = "[?ApplicationStatus!='DELETING']"

regular(
    "kinesisanalyticsv2",
    "AWS::KinesisAnalyticsV2::Application",
    Listing("ListApplications", f"ApplicationSummaries{_RUNS}"),
    arn="{ApplicationARN}",
    title="{ApplicationName}",
)

# The first API knows SQL applications only. One that the second lists too becomes one with it, by its ARN.
regular(
    "kinesisanalytics",
    "AWS::KinesisAnalyticsV2::Application",
    Listing("ListApplications", f"ApplicationSummaries{_RUNS}.merge(@, {{RuntimeEnvironment: 'SQL-1_0'}})"),
    arn="{ApplicationARN}",
    title="{ApplicationName}",
)
