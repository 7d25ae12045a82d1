"""KMS keys and grants."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from auditor.raw import Raw
from auditor.sources.account.collector import Api, Incomplete, collector
from auditor.values import ABSENT, Unknown


@collector(
    "kms",
    types=("AWS::KMS::Key", "AWS::KMS::ReplicaKey", "api:KMS::AwsManagedKey"),
    operations=("ListKeys", "ListAliases", "DescribeKey"),
    details={"GetKeyRotationStatus": ("KeyRotationEnabled",), "GetKeyPolicy": ("KeyPolicy",)},
)
def keys(api: Api) -> Iterator[Raw]:
    """Every key of a region. Aliases are asked first: they tell AWS's own keys apart without a call for each."""

    def described(key: _Listed) -> Raw | None:
        return _key(api, key)

    yield from filter(None, api.each(described, _listed(api)))


@collector("kms", types=("api:KMS::Grant",), operations=("ListKeys", "ListAliases", "ListGrants"))
def grants(api: Api) -> Iterator[Raw]:
    """The grants on every key that is not AWS's own."""

    def granted(key: _Listed) -> tuple[_Listed, Any]:
        return key, api.ask_all(
            "ListGrants", "Grants", gone=("NotFoundException",), types=("api:KMS::Grant",), KeyId=key.id
        )

    for key, found in api.each(granted, (key for key in _listed(api) if not key.of_aws)):
        for grant in found if isinstance(found, list) else ():
            yield api.raw("api:KMS::Grant", f"{key.arn}/grant/{grant['GrantId']}", grant, title=grant["GrantId"])


@dataclass(frozen=True, slots=True)
class _Listed:
    """A key, as far as the lists tell; `of_aws` where an alias shows that AWS made it for a service."""

    id: str
    arn: str
    aliases: list[str]

    @property
    def of_aws(self) -> bool:
        return any(alias.startswith("alias/aws/") for alias in self.aliases)


def _listed(api: Api) -> list[_Listed]:
    listed = list(api.pages("ListKeys", "Keys", shared=True))
    aliases: dict[str, list[str]] = {}
    if not listed:
        return []
    # Without aliases, who refers to a key by one does not find it.
    found = api.ask_all("ListAliases", "Aliases", resource="the aliases of keys", types=("AWS::KMS::Key",))
    for alias in () if isinstance(found, Unknown) else found:
        if "TargetKeyId" in alias:
            aliases.setdefault(alias["TargetKeyId"], []).append(alias["AliasName"])
    return [_Listed(key["KeyId"], key["KeyArn"], aliases.get(key["KeyId"], [])) for key in listed]


def _key(api: Api, key: _Listed) -> Raw | None:
    key_id, arn = key.id, key.arn
    alias_arns = [f"{arn.rpartition(':')[0]}:{alias}" for alias in key.aliases]
    about: dict[str, Any] = {"names": (key_id, *key.aliases, *alias_arns), "title": next(iter(key.aliases), key_id)}
    if key.of_aws:
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
    policy = api.ask("GetKeyPolicy", "Policy", gone=("NotFoundException",), KeyId=key_id, PolicyName="default")
    if policy is None:
        return None
    return api.raw("AWS::KMS::Key", arn, {**metadata, "KeyRotationEnabled": rotates, "KeyPolicy": policy}, **about)


def _can_rotate(metadata: Mapping[str, Any]) -> bool:
    spec = metadata.get("KeySpec") or metadata.get("CustomerMasterKeySpec")
    return spec in (None, "SYMMETRIC_DEFAULT") and metadata.get("Origin") == "AWS_KMS" and metadata.get("Enabled", True)
