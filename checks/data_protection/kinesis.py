"""How Kinesis encrypts what its streams hold."""

from auditor import HIGH, LOW, Findings, Inventory, check
from auditor.resources.kinesis import Stream, VideoStream
from auditor.resources.kms import AwsManagedKey
from checks.data_protection.kms import is_customer_managed


@check(
    "kinesis-stream-encryption",
    title="Kinesis streams are encrypted at rest, with a customer managed KMS key where required",
    severity=HIGH,
    bad=("AWS::Kinesis::Stream: {ShardCount: 1}", "AWS::Kinesis::Stream: {StreamModeDetails: {StreamMode: ON_DEMAND}}"),
    good=(
        "AWS::Kinesis::Stream: {ShardCount: 1, StreamEncryption: {EncryptionType: KMS, KeyId: alias/aws/kinesis}}",
        "AWS::Kinesis::Stream: {StreamEncryption: {EncryptionType: KMS, KeyId: !Ref 'AWS::StackName'}}",
    ),
)
def stream_encryption(stream: Stream) -> Findings:
    """A stream keeps its records for a day up to a year; unencrypted, they have no key that could be withdrawn.

    Fix: set StreamEncryption with EncryptionType KMS and a KeyId: alias/aws/kinesis, or a key of your own where other
    accounts read the stream or the data calls for it.
    """
    if stream.encryption_type != "KMS":
        yield stream.fail("is not encrypted", at="encryption_type", expected="KMS")


@check(
    "kinesisvideo-kms-cmk",
    title="Kinesis video streams are encrypted with a customer managed KMS key",
    severity=LOW,
    uses=(AwsManagedKey,),
    bad=(
        "AWS::KinesisVideo::Stream: {DataRetentionInHours: 24}",
        "AWS::KinesisVideo::Stream: {KmsKeyId: alias/aws/kinesisvideo}",
    ),
    good="AWS::KinesisVideo::Stream: {KmsKeyId: alias/cameras}",
)
def video_stream_key(stream: VideoStream, inventory: Inventory) -> Findings:
    """With a key of your own you decide who can watch, apart from who may call the service, and every use is on record.

    Fix: set KmsKeyId to a customer managed key; this needs a new stream.
    """
    if not stream.kms_key_id or not is_customer_managed(stream.kms_key_id, stream, inventory):
        yield stream.fail("is encrypted with AWS's own key", at="kms_key_id")
