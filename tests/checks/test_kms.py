"""KMS checks on a simulated account, and on templates beyond their examples."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from auditor.raw import Collected
from auditor.sources.account.source import collect
from tests.support import judge, statuses, template

CHECK = "kms-key-rotation"


def scan() -> Collected:
    return collect(types={"AWS::KMS::Key"}, regions=["us-east-1"])


@pytest.fixture
def keys(aws: Any) -> dict[str, str]:
    """ARNs by what the key is."""
    kms = aws("kms")
    kinds: dict[str, dict[str, Any]] = {
        "rotating": {},
        "still": {},
        "signing": {"KeySpec": "RSA_2048", "KeyUsage": "SIGN_VERIFY"},
        "hmac": {"KeySpec": "HMAC_256", "KeyUsage": "GENERATE_VERIFY_MAC"},
        "imported": {"Origin": "EXTERNAL"},
        "off": {},
    }
    made = {name: kms.create_key(**kind)["KeyMetadata"]["Arn"] for name, kind in kinds.items()}
    kms.enable_key_rotation(KeyId=made["rotating"])
    kms.disable_key(KeyId=made["off"].rpartition("/")[2])
    kms.create_alias(AliasName="alias/models", TargetKeyId=made["still"])
    return made


def test_live_fail_and_pass(keys: dict[str, str]) -> None:
    found = statuses(scan(), CHECK)
    assert {name: found[arn] for name, arn in keys.items()} == {
        "rotating": "pass",
        "still": "fail",
        "signing": "pass",
        "hmac": "pass",
        "imported": "pass",
        "off": "pass",
    }


def test_live_titles_are_aliases(keys: dict[str, str]) -> None:
    verdicts = judge(scan(), CHECK)
    assert verdicts[keys["still"]].resource.title == "alias/models"
    assert verdicts[keys["off"]].resource.title == keys["off"].rpartition("/")[2]


def test_live_asks_only_where_rotation_is_possible(keys: dict[str, str]) -> None:
    assert scan().calls["kms:GetKeyRotationStatus"] == 2


@pytest.mark.parametrize(("operation", "undecided"), [("GetKeyRotationStatus", 2), ("DescribeKey", 6)])
def test_live_denied_is_unknown(keys: dict[str, str], failing: Any, operation: str, undecided: int) -> None:
    failing({operation: "AccessDeniedException"})
    verdicts = judge(scan(), CHECK)
    reasons = [verdict.reason for verdict in verdicts.values() if verdict.status.value == "unknown"]
    assert len(reasons) == undecided
    assert all(f"kms:{operation} was denied" in reason for reason in reasons)


def test_live_denied_aliases_cost_only_names(keys: dict[str, str], failing: Any) -> None:
    failing({"ListAliases": "AccessDeniedException"})
    collected = scan()
    assert [gap.operation for gap in collected.gaps] == ["ListAliases"]
    assert statuses(collected, CHECK)[keys["still"]] == "fail"


def test_live_keys_of_aws_are_not_ours(aws: Any) -> None:
    aws("kms").describe_key(KeyId="alias/aws/s3")  # makes it
    collected = scan()
    assert [raw.type for raw in collected.raws] == ["api:KMS::AwsManagedKey"]
    assert statuses(collected, CHECK) == {}


def test_live_replicas_follow_their_primary(aws: Any) -> None:
    primary = aws("kms", "eu-west-1").create_key(MultiRegion=True)["KeyMetadata"]["KeyId"]
    aws("kms", "eu-west-1").replicate_key(KeyId=primary, ReplicaRegion="us-east-1")
    collected = scan()
    assert [raw.type for raw in collected.raws] == ["AWS::KMS::ReplicaKey"]
    assert statuses(collected, CHECK) == {}


@pytest.mark.parametrize(
    ("properties", "expected"),
    [
        ("EnableKeyRotation: !Ref P", "unknown"),
        ("EnableKeyRotation: !Ref P, KeySpec: ECC_NIST_P256", "pass"),
        ("EnableKeyRotation: 'false'", "fail"),
        ("EnableKeyRotation: !If [C, true, false]", "unknown"),
        ("EnableKeyRotation: !If [C, true, !Ref AWS::NoValue], Enabled: false", "pass"),
        ("Origin: AWS_CLOUDHSM", "pass"),
        ("KeySpec: !Ref P", "unknown"),
    ],
)
def test_templates(tmp_path: Path, properties: str, expected: str) -> None:
    text = f"""
Parameters: {{P: {{Type: String}}}}
Conditions: {{C: !Equals [!Ref P, x]}}
Resources: {{K: {{Type: AWS::KMS::Key, Properties: {{{properties}}}}}}}
"""
    assert statuses(template(tmp_path, text), CHECK) == {"K": expected}
