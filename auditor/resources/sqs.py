"""SQS: queues."""

from typing import Annotated

from auditor.policy import Policy
from auditor.resources.base import Resource, Struct
from auditor.resources.fields import NOWHERE, From, Part


class Redrive(Struct):
    """Where messages go that nobody could process: a map, or one as JSON, as the API and Terraform have it."""

    dead_letter_target_arn: Annotated[
        str, From(cfn="deadLetterTargetArn", tf="deadLetterTargetArn", live="deadLetterTargetArn")
    ]


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
