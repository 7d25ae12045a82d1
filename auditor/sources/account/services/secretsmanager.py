"""Secrets Manager: secrets, never their values."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from auditor.sources.account.regular import Call, Listing, regular


def _rotation(secret: dict[str, Any]) -> Mapping[str, Any]:
    """The secret with its rotation together, where it is switched on."""
    if secret.get("RotationEnabled"):
        about = ("RotationRules", "LastRotatedDate", "NextRotationDate")
        secret["Rotation"] = {key: secret[key] for key in about if key in secret}
    return secret


regular(
    "secretsmanager",
    "AWS::SecretsManager::Secret",
    Listing("ListSecrets", "SecretList"),
    more=(
        Call(
            "GetResourcePolicy",
            "ResourcePolicy",
            {"SecretId": "{ARN}"},
            into="ResourcePolicy",
            gone=("ResourceNotFoundException",),
        ),
    ),
    arn="{ARN}",
    title="{Name}",
    reshape=_rotation,
)
