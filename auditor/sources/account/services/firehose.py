"""Data Firehose: delivery streams, as CloudFormation has them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from auditor.sources.account.regular import Call, Listing, regular

_ENCRYPTED = ("ENABLED", "ENABLING")


def _as_configured(stream: dict[str, Any]) -> Mapping[str, Any]:
    """What the API calls a description is a configuration in CloudFormation; a switched-off encryption is none."""
    encryption = stream.get("DeliveryStreamEncryptionConfiguration") or {}
    destination: Mapping[str, Any] = next(iter(stream.get("Destinations") or ()), {})
    configured = {
        "ExtendedS3DestinationConfiguration": destination.get("ExtendedS3DestinationDescription"),
        "DeliveryStreamEncryptionConfigurationInput": encryption if encryption.get("Status") in _ENCRYPTED else None,
    }
    return {**stream, **configured} if "Destinations" in stream else stream


regular(
    "firehose",
    "AWS::KinesisFirehose::DeliveryStream",
    Listing("ListDeliveryStreams", "DeliveryStreamNames[].{DeliveryStreamName: @}"),
    describe=Call(
        "DescribeDeliveryStream",
        "DeliveryStreamDescription",
        {"DeliveryStreamName": "{DeliveryStreamName}"},
        gone=("ResourceNotFoundException",),
    ),
    drop="DeliveryStreamStatus=='DELETING'",
    reshape=_as_configured,
    arn="arn:{partition}:firehose:{region}:{account}:deliverystream/{DeliveryStreamName}",
    title="{DeliveryStreamName}",
)
