"""Kinesis streams: how long consumers may be down."""

from typing import Final

from auditor import MEDIUM, Findings, check
from auditor.resources.kinesis import Stream

_WEEK: Final = 168  # hours; AWS FSBP Kinesis.3


@check(
    "kinesis-stream-retention",
    title="Kinesis streams keep data long enough to recover from consumer failure",
    severity=MEDIUM,
    bad=(
        "AWS::Kinesis::Stream: {ShardCount: 2}",
        "AWS::Kinesis::Stream: {ShardCount: 2, RetentionPeriodHours: 24}",
        "AWS::Kinesis::Stream: {StreamModeDetails: {StreamMode: ON_DEMAND}, RetentionPeriodHours: 72}",
    ),
    good=(
        "AWS::Kinesis::Stream: {ShardCount: 2, RetentionPeriodHours: 168}",
        "AWS::Kinesis::Stream: {ShardCount: 2, RetentionPeriodHours: 8760}",
    ),
)
def stream_retention(stream: Stream) -> Findings:
    """What a broken consumer has not read when the retention ends is lost, and a failure may go unseen for a weekend.

    Fix: set RetentionPeriodHours to 168, which is billed by shard and hour; where the data can be had again from its
    source, suppress the check with that as the reason.
    """
    hours = stream.retention_period_hours
    if hours < _WEEK:
        yield stream.fail(f"keeps records for {hours} hours, not for a week", at="retention_period_hours")
