"""Data Firehose: delivery streams."""

from typing import Annotated, Any

from auditor.resources.base import Resource, Struct
from auditor.resources.fields import NOWHERE, From


class StreamEncryption(Struct):
    """How what waits for delivery is encrypted; only Terraform has a switch beside it."""

    enabled: Annotated[bool | None, From(cfn=NOWHERE, live=NOWHERE)] = None
    key_type: str = "AWS_OWNED_CMK"
    key_arn: Annotated[str | None, From(cfn="KeyARN", live="KeyARN")] = None


class S3Destination(Struct):
    """How records are written to S3."""

    compression_format: str = "UNCOMPRESSED"
    format_conversion: Annotated[
        bool,
        From(
            cfn="DataFormatConversionConfiguration.Enabled",
            tf="data_format_conversion_configuration.enabled",
            live="DataFormatConversionConfiguration.Enabled",
        ),
    ] = False
    logging: Annotated[
        bool,
        From(
            cfn="CloudWatchLoggingOptions.Enabled",
            tf="cloudwatch_logging_options.enabled",
            live="CloudWatchLoggingOptions.Enabled",
        ),
    ] = False
    error_output_prefix: str | None = None
    s3_backup_mode: Annotated[str, From(cfn="S3BackupMode", live="S3BackupMode")] = "Disabled"
    buffering_size: Annotated[int | None, From(cfn="BufferingHints.SizeInMBs", live="BufferingHints.SizeInMBs")] = None
    buffering_interval: Annotated[
        int | None, From(cfn="BufferingHints.IntervalInSeconds", live="BufferingHints.IntervalInSeconds")
    ] = None


class DeliveryStream(Resource, cfn="AWS::KinesisFirehose::DeliveryStream", tf="aws_kinesis_firehose_delivery_stream"):
    """A delivery stream."""

    delivery_stream_type: Annotated[str, From(tf=NOWHERE)] = "DirectPut"
    kinesis_source: Annotated[
        Any,
        From(
            cfn="KinesisStreamSourceConfiguration",
            tf="kinesis_source_configuration",
            live="Source.KinesisStreamSourceDescription",
        ),
    ] = None
    encryption: Annotated[
        StreamEncryption | None,
        From(
            cfn="DeliveryStreamEncryptionConfigurationInput",
            tf="server_side_encryption",
            live="DeliveryStreamEncryptionConfigurationInput",
        ),
    ] = None
    s3_destination: Annotated[
        S3Destination | None,
        From(
            cfn="ExtendedS3DestinationConfiguration",
            tf="extended_s3_configuration",
            live="ExtendedS3DestinationConfiguration",
        ),
    ] = None

    @property
    def is_encrypted(self) -> bool:
        """Whether it encrypts what waits for delivery."""
        encryption = self.encryption
        if encryption is None:
            return False
        return bool(encryption.enabled) if self.raw.dialect == "tf" else True
