"""S3 Glacier vaults."""

from __future__ import annotations

import json

from auditor.inventory import Inventory
from auditor.resources.glacier import Vault
from tests.sources.account.services.support import ACCOUNT, REGION, Behaviour, Case, scan

_ARN = f"arn:aws:glacier:{REGION}:{ACCOUNT}:vaults/old"
_POLICY = json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "*"}]})
_VAULTS = {"VaultList": [{"VaultARN": _ARN, "VaultName": "old", "NumberOfArchives": 3}]}


class TestGlacier(Behaviour):
    cases = (
        Case(
            "api:Glacier::Vault",
            _ARN,
            "ListVaults",
            {"ListVaults": _VAULTS, "GetVaultAccessPolicy": {"policy": {"Policy": _POLICY}}},
            {"Policy": _POLICY},
            token="Marker",
            needs=("VaultARN", "VaultName"),
            title="old",
        ),
    )


def test_a_vault_without_a_policy(moto, scripted):
    scripted({"ListVaults": _VAULTS, "GetVaultAccessPolicy": "ResourceNotFoundException"})
    found = scan("api:Glacier::Vault")
    assert found.gaps == []
    (vault,) = Inventory(found).of(Vault)
    assert vault.policy is None
