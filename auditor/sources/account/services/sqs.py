"""SQS: queues."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from auditor.sources.account.regular import Call, Listing, regular

_WANTED = ["KmsMasterKeyId", "Policy", "QueueArn", "RedrivePolicy", "SqsManagedSseEnabled"]


def _encryption(queue: dict[str, Any]) -> Mapping[str, Any]:
    """A queue that does not speak of SQS's own encryption has none, while a new one has."""
    if "QueueArn" in queue:  # it was described
        queue.setdefault("SqsManagedSseEnabled", "false")
    return queue


regular(
    "sqs",
    "AWS::SQS::Queue",
    Listing("ListQueues", "QueueUrls[].{QueueUrl: @}"),
    describe=Call(
        "GetQueueAttributes",
        "Attributes",
        {"QueueUrl": "{QueueUrl}", "AttributeNames": _WANTED},
        gone=("AWS.SimpleQueueService.NonExistentQueue", "QueueDoesNotExist"),
    ),
    arn="arn:{partition}:sqs:{region}:{account}:{QueueUrl!n}",
    title="{QueueUrl!n}",
    names=("{QueueUrl}",),
    reshape=_encryption,
)
