"""Data Firehose: delivery streams."""

from typing import Annotated, Any

from auditor.resources.base import Resource, Struct
from auditor.resources.fields import NOWHERE, From


class StreamEncryption(Struct):
    """How what waits for delivery is encrypted; only Terraform has a switch beside it."""

    enabled: Annotated[bool | None, From(cfn=NOWHERE, live=NOWHERE)] = None
    key_type: str = "AWS_OWNED_CMK"
    key_arn: Annotated[str | None, From(cfn="KeyARN", live="KeyARN")] = None


_LOGGING = "CloudWatchLoggingOptions.Enabled"


class Destination(Struct):
    """How records are delivered."""

    logging: Annotated[bool, From(cfn=_LOGGING, tf="cloudwatch_logging_options.enabled", live=_LOGGING)] = False


class PlainS3Destination(Destination):
    """How records are written to S3 as they come."""

    bucket_arn: Annotated[str, From(cfn="BucketARN", live="BucketARN")]
    prefix: str | None = None
    compression_format: str = "UNCOMPRESSED"


class FormatConversion(Struct):
    """Into what format records are converted; it is on unless it is switched off."""

    enabled: bool = True


class S3Destination(PlainS3Destination):
    """The same where they may be transformed or converted before."""

    data_format_conversion_configuration: FormatConversion | None = None
    processing: Annotated[
        bool,
        From(
            cfn="ProcessingConfiguration.Enabled",
            tf="processing_configuration.enabled",
            live="ProcessingConfiguration.Enabled",
        ),
    ] = False
    error_output_prefix: str | None = None
    s3_backup_mode: Annotated[str, From(cfn="S3BackupMode", live="S3BackupMode")] = "Disabled"
    buffering_size: Annotated[int | None, From(cfn="BufferingHints.SizeInMBs", live="BufferingHints.SizeInMBs")] = None
    buffering_interval: Annotated[
        int | None, From(cfn="BufferingHints.IntervalInSeconds", live="BufferingHints.IntervalInSeconds")
    ] = None

    @property
    def format_conversion(self) -> bool:
        """Whether records are converted to Parquet or ORC."""
        conversion = self.data_format_conversion_configuration
        return conversion is not None and conversion.enabled

    @property
    def keeps_failures_apart(self) -> bool:
        """Whether records that can't be transformed or converted, if there can be such, are not below its prefix."""
        return (
            not self.prefix or self.error_output_prefix is not None or not (self.processing or self.format_conversion)
        )


def _to(name: str, tf: str) -> From:
    """Where a kind of destination stands."""
    return From(cfn=f"{name}Configuration", tf=tf, live=f"Destinations.{name}Description")


class SecretsManager(Struct):
    """Whether a destination's credentials are in Secrets Manager."""

    enabled: bool = False


class Authenticated(Destination):
    """A destination that may ask for a credential."""

    secrets_manager: Annotated[
        SecretsManager | None,
        From(cfn="SecretsManagerConfiguration", tf="secrets_manager_configuration", live="SecretsManagerConfiguration"),
    ] = None

    @property
    def credential(self) -> str | None:
        """The credential that it keeps itself; None where it has none, or it is in Secrets Manager."""
        return None if self.secrets_manager is not None and self.secrets_manager.enabled else self._own()

    def _own(self) -> str | None:
        raise NotImplementedError


class RedshiftDestination(Authenticated):
    """A warehouse; live, the API tells its user's name only, which comes with a password."""

    password: Annotated[str | None, From(live="Username")] = None

    def _own(self) -> str | None:
        return self.password


class HttpDestination(Authenticated):
    """An HTTP endpoint; live, the API does not tell whether it has an access key."""

    access_key: Annotated[str | None, From(cfn="EndpointConfiguration.AccessKey", live=None)] = None

    def _own(self) -> str | None:
        return self.access_key


class SplunkDestination(Authenticated):
    """Splunk's HTTP event collector (HEC)."""

    hec_token: Annotated[str | None, From(cfn="HECToken", live="HECToken")] = None

    def _own(self) -> str | None:
        return self.hec_token


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
    msk_source: Annotated[
        Any, From(cfn="MSKSourceConfiguration", tf="msk_source_configuration", live="Source.MSKSourceDescription")
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

    plain_s3_destination: Annotated[PlainS3Destination | None, _to("S3Destination", "s3_configuration")] = None
    redshift_destination: Annotated[
        RedshiftDestination | None, _to("RedshiftDestination", "redshift_configuration")
    ] = None
    http_destination: Annotated[
        HttpDestination | None, _to("HttpEndpointDestination", "http_endpoint_configuration")
    ] = None
    splunk_destination: Annotated[SplunkDestination | None, _to("SplunkDestination", "splunk_configuration")] = None
    elasticsearch_destination: Annotated[
        Destination | None, _to("ElasticsearchDestination", "elasticsearch_configuration")
    ] = None
    opensearch_destination: Annotated[
        Destination | None, _to("AmazonopensearchserviceDestination", "opensearch_configuration")
    ] = None
    opensearch_serverless_destination: Annotated[
        Destination | None, _to("AmazonOpenSearchServerlessDestination", "opensearchserverless_configuration")
    ] = None
    snowflake_destination: Annotated[Destination | None, _to("SnowflakeDestination", "snowflake_configuration")] = None
    iceberg_destination: Annotated[Destination | None, _to("IcebergDestination", "iceberg_configuration")] = None

    @property
    def destination(self) -> Destination | None:
        """Where it delivers to; a stream has one destination, and S3 besides for what fails there."""
        return (
            self.redshift_destination
            or self.elasticsearch_destination
            or self.opensearch_destination
            or self.opensearch_serverless_destination
            or self.splunk_destination
            or self.http_destination
            or self.snowflake_destination
            or self.iceberg_destination
            or self.s3_destination
            or self.plain_s3_destination
        )

    @property
    def is_put_to(self) -> bool:
        """Whether its records are sent to it, and not read from another stream; Terraform says no more than that."""
        return self.delivery_stream_type == "DirectPut" and self.kinesis_source is None and self.msk_source is None

    @property
    def is_encrypted(self) -> bool:
        """Whether it encrypts what waits for delivery."""
        encryption = self.encryption
        if encryption is None:
            return False
        return bool(encryption.enabled) if self.raw.dialect == "tf" else True
