"""KMS keys."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from auditor.raw import Raw
from auditor.sources.account.collector import Api, Incomplete, collector
from auditor.values import ABSENT, Unknown


@collector(
    "kms",
    types=("AWS::KMS::Key", "AWS::KMS::ReplicaKey", "api:KMS::AwsManagedKey"),
    operations=("ListKeys", "ListAliases", "DescribeKey", "GetKeyRotationStatus"),
)
def keys(api: Api) -> Iterator[Raw]:
    """Every key of a region. Aliases are asked first: they tell AWS's own keys apart without a call for each."""
    listed = list(api.pages("ListKeys", "Keys"))
    aliases: dict[str, list[str]] = {}
    found = api.ask_all("ListAliases", "Aliases", resource="the aliases of keys") if listed else []
    for alias in () if isinstance(found, Unknown) else found:
        if "TargetKeyId" in alias:
            aliases.setdefault(alias["TargetKeyId"], []).append(alias["AliasName"])

    def described(key: Mapping[str, Any]) -> Raw | None:
        return _key(api, key["KeyId"], key["KeyArn"], aliases.get(key["KeyId"], []))

    yield from filter(None, api.each(described, listed))


def _key(api: Api, key_id: str, arn: str, aliases: list[str]) -> Raw | None:
    alias_arns = [f"{arn.rpartition(':')[0]}:{alias}" for alias in aliases]
    about: dict[str, Any] = {"names": (key_id, *aliases, *alias_arns), "title": next(iter(aliases), key_id)}
    if any(alias.startswith("alias/aws/") for alias in aliases):
        return api.raw("api:KMS::AwsManagedKey", arn, {}, **about)
    metadata = api.ask("DescribeKey", "KeyMetadata", gone=("NotFoundException",), KeyId=key_id)
    if metadata is None:
        return None
    if isinstance(metadata, Unknown):
        return api.raw("AWS::KMS::Key", arn, Incomplete({}, metadata), **about)
    if metadata.get("KeyManager") == "AWS":
        return api.raw("api:KMS::AwsManagedKey", arn, {}, **about)
    if metadata.get("MultiRegionConfiguration", {}).get("MultiRegionKeyType") == "REPLICA":
        return api.raw("AWS::KMS::ReplicaKey", arn, metadata, **about)
    rotates = ABSENT
    if _can_rotate(metadata):
        rotates = api.ask("GetKeyRotationStatus", "KeyRotationEnabled", KeyId=key_id)
    return api.raw("AWS::KMS::Key", arn, {**metadata, "KeyRotationEnabled": rotates}, **about)


def _can_rotate(metadata: Mapping[str, Any]) -> bool:
    spec = metadata.get("KeySpec") or metadata.get("CustomerMasterKeySpec")
    return spec in (None, "SYMMETRIC_DEFAULT") and metadata.get("Origin") == "AWS_KMS" and metadata.get("Enabled", True)
