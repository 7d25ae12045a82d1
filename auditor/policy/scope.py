"""On what a statement lets actions be done that could be limited to named resources."""

from __future__ import annotations

from functools import cache
from typing import Final

from auditor.members import every, known_first
from auditor.policy.actions import Action, expand
from auditor.policy.documents import Statement
from auditor.policy.patterns import SOME, Pattern
from auditor.values import Partial

# Reads that give away data, beside everything that changes something.
_DATA_READS: Final = frozenset(
    {
        "s3:GetObject",
        "s3:GetObjectVersion",
        "dynamodb:GetItem",
        "dynamodb:BatchGetItem",
        "dynamodb:Query",
        "dynamodb:Scan",
        "kinesis:GetRecords",
        "secretsmanager:GetSecretValue",
        "secretsmanager:BatchGetSecretValue",
        "ssm:GetParameter",
        "ssm:GetParameters",
        "ssm:GetParametersByPath",
        "sqs:ReceiveMessage",
        "athena:GetQueryResults",
        "sagemaker:InvokeEndpoint",
        "sagemaker:GetRecord",
    }
)
# What AWS's own documents give workloads on all resources: network interfaces in a VPC, logs and scaling of their own.
_USUALLY_ON_ALL: Final = (
    "ec2:*NetworkInterface*",
    "ec2:*PrivateIpAddresses",
    "ec2:CreateTags",
    "logs:CreateLogGroup",
    "logs:CreateLogStream",
    "logs:PutLogEvents",
    "logs:CreateLogDelivery",
    "logs:UpdateLogDelivery",
    "logs:DeleteLogDelivery",
    "logs:PutRetentionPolicy",
    "application-autoscaling:*",
    "iam:CreateServiceLinkedRole",
    "ssm:UpdateInstanceInformation",
    "cloudwatch:PutMetricAlarm",
    "ec2messages:*",
    "ssmmessages:*",
    "xray:*",
)
ANY_OBJECT: Final = f"arn:aws:s3:::{SOME}/{SOME}"
"""Any object of any bucket."""

ANY_BUCKET: Final = f"arn:aws:s3:::{SOME}"
"""Any bucket."""


def unlimited(statement: Statement) -> tuple[str, ...]:
    """The actions that it allows on all resources although they could be limited, undecided as `known_first` is.

    Only those that change something or give away data; without those that workloads usually have on all resources.
    """
    if not every(statement.allows, statement.on_everything, lambda: not statement.limits_what()):
        return ()
    found = expanded(statement)
    names = [action.name for action in tuple.__iter__(found) if _matters(action)]
    return Partial(tuple(names), found.undecided) if isinstance(found, Partial) else tuple(names)


def expanded(statement: Statement) -> tuple[Action, ...]:
    """The known actions that a statement is about, undecided as `known_first` is."""
    if statement.not_actions:
        return known_first(expand(Pattern(("*",))), lambda one: one if statement.concerns(one.name) else None)
    groups = known_first(statement.actions, expand)
    flat = tuple(dict.fromkeys(action for group in tuple.__iter__(groups) for action in group))
    return Partial(flat, groups.undecided) if isinstance(groups, Partial) else flat


@cache
def _matters(action: Action) -> bool:
    if not action.on_resources or not (action.changes or action.name in _DATA_READS):
        return False
    return not any(pattern.matches(action.name) for pattern in _USUAL)


_USUAL: Final = tuple(Pattern((text,)) for text in _USUALLY_ON_ALL)
