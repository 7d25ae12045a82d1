"""S3 Glacier: vaults of the old, separate service."""

from __future__ import annotations

from auditor.sources.account.regular import Call, Listing, regular

regular(
    "glacier",
    "api:Glacier::Vault",
    Listing("ListVaults", "VaultList", {"accountId": "{account}"}),
    more=(
        Call(
            "GetVaultAccessPolicy",
            "policy.Policy",
            {"accountId": "{account}", "vaultName": "{VaultName}"},
            into="Policy",
            absent=("ResourceNotFoundException",),  # says of a vault without a policy, too
        ),
    ),
    arn="{VaultARN}",
    title="{VaultName}",
)
