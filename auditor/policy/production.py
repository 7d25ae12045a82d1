"""What a role that serves models in production may do beyond serving, scaling and watching named resources."""

from __future__ import annotations

from typing import Final

from auditor.members import known_first
from auditor.policy.patterns import Pattern
from auditor.policy.principals import Grant, Permissions
from auditor.policy.scope import expanded, unlimited
from auditor.values import Partial

# What changes something and still belongs to serving: answers, their capture, scaling, logs, metrics, alerts, keys, and
# the network interfaces of a model in a VPC.
_SERVING: Final = tuple(
    Pattern((text,))
    for text in (
        "sagemaker:Invoke*",
        "sagemaker:*Endpoint*",
        "sagemaker:CreateModel",
        "sagemaker:*InferenceComponent*",
        "application-autoscaling:*",
        "autoscaling:*",
        "cloudwatch:*",
        "logs:*",
        "xray:*",
        "sns:Publish",
        "sqs:SendMessage",
        "sqs:DeleteMessage",
        "sqs:ChangeMessageVisibility",
        "kinesis:PutRecord*",
        "firehose:PutRecord*",
        "events:PutEvents",
        "lambda:Invoke*",
        "s3:PutObject*",
        "s3:AbortMultipartUpload",
        "kms:Encrypt",
        "kms:Decrypt",
        "kms:GenerateDataKey*",
        "kms:ReEncrypt*",
        "kms:CreateGrant",
        "dynamodb:*Item",
        "ec2:*NetworkInterface*",
        "ecr:GetAuthorizationToken",
        "iam:PassRole",
        "iam:CreateServiceLinkedRole",
        "sts:*",
        "ssmmessages:*",
        "execute-api:Invoke",
        "bedrock:Invoke*",
    )
)


def beyond_serving(permissions: Permissions) -> tuple[tuple[str, Grant], ...]:
    """What it may do besides, each to be read after "lets production", undecided as `known_first` is."""
    return known_first(permissions.grants, lambda grant: _beyond(grant, permissions))


def _beyond(grant: Grant, permissions: Permissions) -> tuple[str, Grant] | None:
    statement = grant.statement
    if statement.allows_everything():
        return "do everything", grant
    actions = expanded(statement)
    known = tuple(tuple.__iter__(actions))
    strange = [one.name for one in known if one.changes and not any(may.matches(one.name) for may in _SERVING)]
    if kept := _kept(strange, permissions):
        return f"do what serving does not need: {kept}", grant
    if kept := _kept(list(tuple.__iter__(unlimited(statement))), permissions):
        return f"act on all resources: {kept}", grant
    if isinstance(actions, Partial):
        raise actions.undecided.again()
    return None


def _kept(names: list[str], permissions: Permissions) -> str:
    """The first few that no Deny and no boundary takes back."""
    kept: list[str] = []
    for name in names:
        if permissions.allows(name, None):
            kept.append(name)
        if len(kept) == 3:
            return f"{', '.join(kept)}{' and more' if len(names) > 3 else ''}"
    return ", ".join(kept)
