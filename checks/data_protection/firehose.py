"""Firehose: how delivery streams encrypt, and how they log in at their destinations."""

from collections.abc import Callable

from auditor import HIGH, Findings, check
from auditor.members import known_first
from auditor.resources.firehose import Authenticated, DeliveryStream

_TYPE = "AWS::KinesisFirehose::DeliveryStream"
_SOURCE = "KinesisStreamSourceConfiguration: {KinesisStreamARN: 'arn:aws:kinesis:x', RoleARN: role}"


@check(
    "firehose-encryption",
    title="Firehose delivery streams are encrypted at rest, with a customer managed KMS key where required",
    severity=HIGH,
    bad=(
        f"{_TYPE}: {{DeliveryStreamType: DirectPut}}",
        f"{_TYPE}: {{ExtendedS3DestinationConfiguration: {{BucketARN: 'arn:aws:s3:::raw', RoleARN: role}}}}",
    ),
    good=(
        f"{_TYPE}: {{DeliveryStreamEncryptionConfigurationInput: {{KeyType: AWS_OWNED_CMK}}}}",
        f"{_TYPE}: {{DeliveryStreamEncryptionConfigurationInput: {{KeyType: CUSTOMER_MANAGED_CMK, KeyARN: key}}}}",
        f"{_TYPE}: {{DeliveryStreamType: KinesisStreamAsSource, {_SOURCE}}}",
    ),
)
def encryption(stream: DeliveryStream) -> Findings:
    """Records wait in the stream until they are delivered, for up to a day where the destination does not answer.

    A stream that reads from Kinesis is encrypted as that is, and one that reads from MSK keeps nothing of its own.

    Fix: set DeliveryStreamEncryptionConfigurationInput, with KeyType CUSTOMER_MANAGED_CMK and a KeyARN where the data
    calls for a key of your own.
    """
    if not stream.is_encrypted and stream.is_put_to:
        yield stream.fail("does not encrypt what waits for delivery", at="encryption")


_HTTP = "HttpEndpointDestinationConfiguration: {EndpointConfiguration: {Url: 'https://logs.example.com'%s}%s}"
_SPLUNK = "SplunkDestinationConfiguration: {HECEndpoint: 'https://splunk.example.com', HECEndpointType: Raw, %s}"
_REDSHIFT = "RedshiftDestinationConfiguration: {ClusterJDBCURL: 'jdbc:redshift://x', %s}"
_KEPT_APART = "SecretsManagerConfiguration: {Enabled: true, SecretARN: secret}"


@check(
    "firehose-plaintext-credentials",
    title="Firehose delivery streams take destination credentials from Secrets Manager",
    severity=HIGH,
    bad=(
        f"{_TYPE}: {{{_REDSHIFT % 'Username: loader, Password: hunter2'}}}",
        f"{_TYPE}: {{{_HTTP % (', AccessKey: hunter2', '')}}}",
        f"{_TYPE}: {{{_SPLUNK % 'HECToken: hunter2'}}}",
        f"{_TYPE}: {{{_SPLUNK % 'HECToken: hunter2, SecretsManagerConfiguration: {Enabled: false}'}}}",
    ),
    good=(
        f"{_TYPE}: {{{_REDSHIFT % _KEPT_APART}}}",
        f"{_TYPE}: {{{_HTTP % ('', '')}}}",
        f"{_TYPE}: {{{_HTTP % ('', ', ' + _KEPT_APART)}}}",
        f"{_TYPE}: {{{_SPLUNK % _KEPT_APART}}}",
        f"{_TYPE}: {{ExtendedS3DestinationConfiguration: {{BucketARN: 'arn:aws:s3:::raw', RoleARN: role}}}}",
    ),
)
def plaintext_credentials(stream: DeliveryStream) -> Findings:
    """A credential in the stream's configuration is in the template, too, is not rotated, and nobody sees who reads it.

    Fix: put it into Secrets Manager and set SecretsManagerConfiguration of the destination, with Enabled and SecretARN.
    """
    places: tuple[tuple[str, Callable[[], Authenticated | None]], ...] = (
        ("redshift_destination.password", lambda: stream.redshift_destination),
        ("http_destination.access_key", lambda: stream.http_destination),
        ("splunk_destination.hec_token", lambda: stream.splunk_destination),
    )

    def kept(place: tuple[str, Callable[[], Authenticated | None]]) -> str | None:
        destination = place[1]()
        return place[0] if destination is not None and destination.credential else None

    for at in known_first(places, kept):
        yield stream.fail("keeps the credential of a destination itself", at=at, secret=True)
