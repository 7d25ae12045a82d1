"""Secrets."""

from __future__ import annotations

import json
from datetime import UTC, datetime

from auditor.inventory import Inventory
from auditor.resources.secretsmanager import Secret
from tests.sources.account.services.support import ACCOUNT, REGION, Behaviour, Case, scan

_ARN = f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:db-XTUSpD"
_POLICY = json.dumps({"Version": "2012-10-17", "Statement": []})
_THEN = datetime(2025, 11, 19, tzinfo=UTC)


class TestSecretsManager(Behaviour):
    cases = (
        Case(
            "AWS::SecretsManager::Secret",
            _ARN,
            "ListSecrets",
            {
                "ListSecrets": {
                    "SecretList": [
                        {
                            "ARN": _ARN,
                            "Name": "db",
                            "RotationEnabled": True,
                            "RotationRules": {"AutomaticallyAfterDays": 1, "ScheduleExpression": "rate(4 hours)"},
                            "LastRotatedDate": _THEN,
                            "CreatedDate": _THEN,
                        }
                    ]
                },
                "GetResourcePolicy": {"ARN": _ARN, "Name": "db", "ResourcePolicy": _POLICY},
            },
            {
                "ResourcePolicy": _POLICY,
                "Rotation": {
                    "RotationRules": {"AutomaticallyAfterDays": 1, "ScheduleExpression": "rate(4 hours)"},
                    "LastRotatedDate": _THEN,
                },
            },
            token="NextToken",
            gone={"GetResourcePolicy": "ResourceNotFoundException"},
            needs=("ARN",),
            title="db",
        ),
    )

    def test_the_fields(self, scripted) -> None:
        scripted(dict(self.cases[0].answers))
        (secret,) = Inventory(scan("AWS::SecretsManager::Secret")).of(Secret)
        assert secret.rotation is not None
        assert (secret.rotation.automatically_after_days, secret.rotation.schedule_expression) == (1, "rate(4 hours)")
        assert (secret.rotation.last_rotated_date, secret.rotation.next_rotation_date) == (_THEN, None)
        assert (secret.last_accessed_date, secret.created_date, secret.kms_key_id) == (None, _THEN, None)


def test_what_moto_has(aws):
    secrets = aws("secretsmanager")
    secrets.create_secret(Name="plain", SecretString="hunter2")
    whole = secrets.create_secret(Name="whole", SecretString="hunter2", KmsKeyId="alias/ml")["ARN"]
    secrets.put_resource_policy(SecretId=whole, ResourcePolicy=_POLICY)
    found = scan("AWS::SecretsManager::Secret")
    assert (found.gaps, found.notices) == ([], [])
    by_name = {secret.title: secret for secret in Inventory(found).of(Secret)}
    assert (by_name["plain"].kms_key_id, by_name["plain"].policy, by_name["plain"].rotation) == (None, None, None)
    assert by_name["whole"].kms_key_id == "alias/ml"
    assert by_name["whole"].policy is not None
    assert "hunter2" not in repr(found)
