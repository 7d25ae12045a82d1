"""Kinesis: data streams with their consumers, video streams, analytics applications."""

from datetime import datetime
from typing import Annotated

from auditor.resources.base import Resource
from auditor.resources.fields import NOWHERE, From
from auditor.resources.tags import Tags


class Stream(Resource, cfn="AWS::Kinesis::Stream", tf="aws_kinesis_stream"):
    """A data stream."""

    name: Annotated[str | None, From(live="StreamName")] = None
    encryption_type: Annotated[
        str, From(cfn="StreamEncryption.EncryptionType", tf="encryption_type", live="EncryptionType")
    ] = "NONE"
    key_id: Annotated[str | None, From(cfn="StreamEncryption.KeyId", tf="kms_key_id", live="KeyId")] = None
    retention_period_hours: Annotated[int, From(tf="retention_period")] = 24
    shard_count: Annotated[int | None, From(live="OpenShardCount")] = None
    stream_mode: Annotated[
        str,
        From(
            cfn="StreamModeDetails.StreamMode",
            tf="stream_mode_details.stream_mode",
            live="StreamModeDetails.StreamMode",
        ),
    ] = "PROVISIONED"
    creation_time: Annotated[datetime, From(cfn=None, tf=None, live="StreamCreationTimestamp")]
    tags: Tags = Tags({})


class StreamConsumer(Resource, cfn="AWS::Kinesis::StreamConsumer", tf="aws_kinesis_stream_consumer"):
    """A consumer with a throughput of its own (enhanced fan-out)."""

    consumer_name: Annotated[str, From(tf="name")]
    stream_arn: Annotated[str, From(cfn="StreamARN", live="StreamARN")]
    creation_time: Annotated[datetime, From(cfn=None, tf=None, live="ConsumerCreationTimestamp")]


class VideoStream(Resource, cfn="AWS::KinesisVideo::Stream", tf="aws_kinesis_video_stream"):
    """A video stream; live, its key is AWS's own where nobody chose one."""

    kms_key_id: str | None = None


class SqlApplication(Resource, cfn="AWS::KinesisAnalytics::Application", tf="aws_kinesis_analytics_application"):
    """An application of the first API, which is always SQL; live ones are `AnalyticsApplication`."""

    application_name: Annotated[str | None, From(tf="name", live=NOWHERE)] = None


class AnalyticsApplication(
    Resource, cfn="AWS::KinesisAnalyticsV2::Application", tf="aws_kinesisanalyticsv2_application"
):
    """An application of Managed Service for Apache Flink; live, also a SQL one, whatever API made it."""

    runtime_environment: str
