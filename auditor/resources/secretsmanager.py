"""Secrets Manager: secrets, never their values."""

from datetime import datetime
from typing import Annotated

from auditor.policy import Policy
from auditor.resources.base import Resource, Struct
from auditor.resources.fields import NOWHERE, From, Part


class Rotation(Struct):
    """How often a secret is replaced."""

    automatically_after_days: Annotated[
        int | None,
        From(
            cfn="RotationRules.AutomaticallyAfterDays",
            tf="rotation_rules.automatically_after_days",
            live="RotationRules.AutomaticallyAfterDays",
        ),
    ] = None
    schedule_expression: Annotated[
        str | None,
        From(
            cfn="RotationRules.ScheduleExpression",
            tf="rotation_rules.schedule_expression",
            live="RotationRules.ScheduleExpression",
        ),
    ] = None
    last_rotated_date: Annotated[datetime | None, From(cfn=None, tf=None)] = None
    next_rotation_date: Annotated[datetime | None, From(cfn=None, tf=None)] = None


class Secret(Resource, cfn="AWS::SecretsManager::Secret", tf="aws_secretsmanager_secret"):
    """A secret (Secrets Manager ListSecrets)."""

    name: str | None = None
    kms_key_id: str | None = None
    policy: Annotated[
        Policy | None,
        From(cfn=NOWHERE, live="ResourcePolicy"),
        Part("AWS::SecretsManager::ResourcePolicy", "SecretId", "ResourcePolicy"),
        Part("aws_secretsmanager_secret_policy", "secret_arn", "policy"),
    ] = None
    block_public_policy: Annotated[
        bool,
        From(cfn=NOWHERE, tf=NOWHERE, live=None),
        Part("AWS::SecretsManager::ResourcePolicy", "SecretId", "BlockPublicPolicy"),
        Part("aws_secretsmanager_secret_policy", "secret_arn", "block_public_policy"),
    ] = False
    rotation: Annotated[
        Rotation | None,
        From(cfn=NOWHERE, tf=NOWHERE),
        Part("AWS::SecretsManager::RotationSchedule", "SecretId"),
        Part("aws_secretsmanager_secret_rotation", "secret_id"),
    ] = None
    created_date: Annotated[datetime, From(cfn=None, tf=None)]
    last_accessed_date: Annotated[datetime | None, From(cfn=None, tf=None)] = None
