"""KMS keys and grants."""

from __future__ import annotations

import json

from auditor.inventory import Inventory
from auditor.resources.kms import Grant, Key
from tests.sources.account.services.support import ACCOUNT, REGION, Behaviour, Case, scan

_KEY = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/k-1"
_LISTS = {
    "ListKeys": {"Keys": [{"KeyId": "k-1", "KeyArn": _KEY}]},
    "ListAliases": {"Aliases": []},
}


class TestKms(Behaviour):
    cases = (
        Case(
            "AWS::KMS::Key",
            _KEY,
            "ListKeys",
            {
                "ListKeys": _LISTS["ListKeys"],
                "ListAliases": {"Aliases": [{"AliasName": "alias/data", "TargetKeyId": "k-1"}]},
                "DescribeKey": {"KeyMetadata": {"KeyId": "k-1", "Origin": "AWS_KMS", "MultiRegion": False}},
                "GetKeyRotationStatus": {"KeyRotationEnabled": True},
                "GetKeyPolicy": {"Policy": "{}"},
            },
            {"KeyRotationEnabled": True, "KeyPolicy": "{}", "MultiRegion": False},
            token="NextMarker",
            more="Truncated",
            gone={"DescribeKey": "NotFoundException", "GetKeyPolicy": "NotFoundException"},
            needs=("KeyId", "KeyArn", "AliasName", "TargetKeyId", "KeyMetadata"),
            title="alias/data",
        ),
        Case(
            "api:KMS::Grant",
            f"{_KEY}/grant/g-1",
            "ListGrants",
            {
                **_LISTS,
                "ListGrants": {"Grants": [{"KeyId": "k-1", "GrantId": "g-1", "Operations": ["Decrypt"]}]},
            },
            {"Operations": ["Decrypt"]},
            gone={"ListGrants": "NotFoundException"},
            needs=("KeyId", "KeyArn", "GrantId"),
        ),
    )


def test_moto(aws):
    kms = aws("kms")
    key = kms.create_key(MultiRegion=True)["KeyMetadata"]["Arn"]
    created = kms.create_key()["KeyMetadata"]
    gone = created["Arn"]
    kms.schedule_key_deletion(KeyId=created["KeyId"], PendingWindowInDays=7)
    kms.create_grant(KeyId=key, GranteePrincipal=f"arn:aws:iam::{ACCOUNT}:role/x", Operations=["Decrypt"])
    policy = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "kms:*"}]}
    kms.put_key_policy(KeyId=key, PolicyName="default", Policy=json.dumps(policy))
    found = scan("AWS::KMS::Key", "api:KMS::Grant")
    assert found.calls["kms:ListKeys"] == 1
    inventory = Inventory(found)
    keys = {one.address: one for one in inventory.of(Key)}
    assert keys[key].multi_region
    key_policy = keys[key].key_policy
    assert key_policy is not None
    assert len(key_policy.statements) == 1
    assert keys[key].deletion_date is None
    assert keys[gone].key_state == "PendingDeletion"
    assert keys[gone].deletion_date is not None
    (grant,) = inventory.of(Grant)
    assert (grant.grantee_principal, grant.operations) == (f"arn:aws:iam::{ACCOUNT}:role/x", ("Decrypt",))


def test_grants_on_keys_of_aws_are_not_asked(moto, scripted):
    scripted({**_LISTS, "ListAliases": {"Aliases": [{"AliasName": "alias/aws/s3", "TargetKeyId": "k-1"}]}})
    assert "kms:ListGrants" not in scan("api:KMS::Grant").calls
