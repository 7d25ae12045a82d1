"""SQS: queues."""

import json
from typing import Annotated, Any, Self

from auditor.policy import Policy
from auditor.raw import Path, Raw
from auditor.resources.base import Resource, Struct
from auditor.resources.fields import NOWHERE, From, Part, wrong
from auditor.values import Reference


class Redrive(Struct):
    """Where messages go that nobody could process."""

    dead_letter_target_arn: Annotated[
        str, From(cfn="deadLetterTargetArn", tf="deadLetterTargetArn", live="deadLetterTargetArn")
    ]

    @classmethod
    def from_raw(cls, value: Any, raw: Raw, path: Path) -> Self:
        """Read a map, or one as JSON, as the API and Terraform have it."""
        if isinstance(value, str) and not isinstance(value, Reference):
            try:
                value = json.loads(value)
            except ValueError:
                raise wrong(path, "JSON", value) from None
        return super().from_raw(value, raw, path)


class Queue(Resource, cfn="AWS::SQS::Queue", tf="aws_sqs_queue"):
    """A queue (SQS GetQueueAttributes)."""

    kms_master_key_id: str | None = None
    sqs_managed_sse_enabled: bool = True
    redrive_policy: Annotated[
        Redrive | None, From(), Part("aws_sqs_queue_redrive_policy", "queue_url", "redrive_policy")
    ] = None
    policy: Annotated[
        Policy | None,
        From(cfn=NOWHERE),
        Part("AWS::SQS::QueuePolicy", "Queues", "PolicyDocument"),
        Part("AWS::SQS::QueueInlinePolicy", "Queue", "PolicyDocument"),
        Part("aws_sqs_queue_policy", "queue_url", "policy"),
    ] = None
