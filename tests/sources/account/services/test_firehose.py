"""Data Firehose."""

from __future__ import annotations

import pytest

from auditor.resources.firehose import DeliveryStream
from auditor.values import Undecided
from tests.sources.account.services.reading import Reading, Reads
from tests.sources.account.services.support import ACCOUNT, REGION, one, scan

_TYPE = "AWS::KinesisFirehose::DeliveryStream"
_ARN = f"arn:aws:firehose:{REGION}:{ACCOUNT}:deliverystream/clicks"
_ROLE = f"arn:aws:iam::{ACCOUNT}:role/firehose"
_DESCRIBED = {
    "DeliveryStreamName": "clicks",
    "DeliveryStreamARN": _ARN,
    "DeliveryStreamStatus": "ACTIVE",
    "DeliveryStreamType": "DirectPut",
    "VersionId": "1",
    "DeliveryStreamEncryptionConfiguration": {
        "Status": "ENABLED",
        "KeyType": "CUSTOMER_MANAGED_CMK",
        "KeyARN": f"arn:aws:kms:{REGION}:{ACCOUNT}:key/k",
    },
    "HasMoreDestinations": False,
    "Destinations": [
        {
            "DestinationId": "d1",
            "ExtendedS3DestinationDescription": {
                "RoleARN": _ROLE,
                "BucketARN": "arn:aws:s3:::clicks",
                "BufferingHints": {"SizeInMBs": 64, "IntervalInSeconds": 300},
                "CompressionFormat": "GZIP",
                "EncryptionConfiguration": {"NoEncryptionConfig": "NoEncryption"},
                "CloudWatchLoggingOptions": {"Enabled": True},
                "ErrorOutputPrefix": "errors/",
                "S3BackupMode": "Enabled",
                "DataFormatConversionConfiguration": {"Enabled": True},
            },
        }
    ],
}
_LISTED = {"DeliveryStreamNames": ["clicks"], "HasMoreDeliveryStreams": False}


class TestFirehose(Reads):
    cases = (
        Reading(
            _TYPE,
            _ARN,
            "ListDeliveryStreams",
            {"ListDeliveryStreams": _LISTED, "DescribeDeliveryStream": {"DeliveryStreamDescription": _DESCRIBED}},
            {},
            empty={"DeliveryStreamNames": [], "HasMoreDeliveryStreams": False},
            gone={"DescribeDeliveryStream": "ResourceNotFoundException"},
            title="clicks",
            service="firehose",
            reads={
                "delivery_stream_type": "DirectPut",
                "is_encrypted": True,
                "encryption.key_type": "CUSTOMER_MANAGED_CMK",
                "encryption.key_arn": f"arn:aws:kms:{REGION}:{ACCOUNT}:key/k",
                "kinesis_source": None,
                "s3_destination.compression_format": "GZIP",
                "s3_destination.data_format_conversion_configuration.enabled": True,
                "s3_destination.logging": True,
                "s3_destination.error_output_prefix": "errors/",
                "s3_destination.s3_backup_mode": "Enabled",
                "s3_destination.buffering_size": 64,
                "s3_destination.buffering_interval": 300,
            },
        ),
    )


pytestmark = pytest.mark.usefixtures("moto")


@pytest.mark.parametrize(
    ("configuration", "encrypted"),
    [
        (None, False),
        ({"Status": "DISABLED"}, False),
        ({"Status": "DISABLED", "KeyType": "AWS_OWNED_CMK"}, False),
        ({"Status": "ENABLING_FAILED", "KeyType": "AWS_OWNED_CMK"}, False),
        ({"Status": "ENABLING", "KeyType": "AWS_OWNED_CMK"}, True),
    ],
)
def test_encryption(scripted, configuration, encrypted):
    described = {key: value for key, value in _DESCRIBED.items() if key != "DeliveryStreamEncryptionConfiguration"}
    if configuration:
        described["DeliveryStreamEncryptionConfiguration"] = configuration
    scripted({"ListDeliveryStreams": _LISTED, "DescribeDeliveryStream": {"DeliveryStreamDescription": described}})
    assert DeliveryStream(one(scan(_TYPE), _TYPE)).is_encrypted is encrypted


def test_what_a_denied_description_would_tell_is_unknown(scripted):
    scripted({"ListDeliveryStreams": _LISTED, "DescribeDeliveryStream": "AccessDeniedException"})
    stream = DeliveryStream(one(scan(_TYPE), _TYPE))
    for field in ("is_encrypted", "s3_destination", "delivery_stream_type"):
        with pytest.raises(Undecided, match="DescribeDeliveryStream was denied"):
            getattr(stream, field)


def test_more_streams_than_a_page_has(scripted):
    pages = {
        None: {"DeliveryStreamNames": ["a", "b"], "HasMoreDeliveryStreams": True},
        "b": {"DeliveryStreamNames": ["c"], "HasMoreDeliveryStreams": False},
    }
    scripted(
        {
            "ListDeliveryStreams": lambda params: pages[params.get("ExclusiveStartDeliveryStreamName")],
            "DescribeDeliveryStream": lambda params: {
                "DeliveryStreamDescription": {**_DESCRIBED, "DeliveryStreamName": params["DeliveryStreamName"]}
            },
        }
    )
    assert [raw.title for raw in scan(_TYPE).raws] == ["a", "b", "c"]


def test_streams_in_a_simulated_account(aws):
    destination = {"RoleARN": _ROLE, "BucketARN": "arn:aws:s3:::clicks", "CompressionFormat": "Snappy"}
    for number in range(12):
        aws("firehose").create_delivery_stream(
            DeliveryStreamName=f"s{number:02}", ExtendedS3DestinationConfiguration=destination
        )
    found = scan(_TYPE)
    assert (found.gaps, found.notices) == ([], [])
    assert [raw.title for raw in found.raws] == [f"s{number:02}" for number in range(12)]
    formats = {stream.s3_destination.compression_format for stream in map(DeliveryStream, found.raws)}  # type: ignore[union-attr]
    assert formats == {"Snappy"}
