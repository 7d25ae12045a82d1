"""Buckets, with everything about them that S3 tells in calls of their own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from auditor.raw import Raw
from auditor.sources.account.collector import Api, Incomplete, collector
from auditor.values import ABSENT, Unknown

_GONE = ("NoSuchBucket",)


@collector(
    "s3",
    types=("AWS::S3::Bucket",),
    operations=(
        "ListBuckets",
        "GetBucketLocation",
        "GetPublicAccessBlock",
        "GetBucketPolicy",
        "GetBucketEncryption",
        "GetBucketVersioning",
        "GetBucketLogging",
        "GetBucketLifecycleConfiguration",
        "resourcegroupstaggingapi:GetResources",
    ),
    scope="global",
)
def buckets(api: Api) -> Iterator[Raw]:
    """Every bucket of the account, whatever regions are scanned: S3 lists them all at once."""
    listed = list(api.each(lambda bucket: _placed(api, bucket), api.pages("ListBuckets", "Buckets")))
    found = [(name, region) for name, region in listed if region is not None]
    tags = {region: _tags(api, region) for region in dict.fromkeys(region for _, region in found)}

    def described(place: tuple[str, str | Unknown]) -> Raw | None:
        name, region = place
        return _bucket(api, name, region, tags[region])

    yield from filter(None, api.each(described, found))


@collector(
    "s3control",
    types=("account",),
    operations=("GetPublicAccessBlock",),
    scope="global",
)
def account(api: Api) -> Iterator[Raw]:
    """The account's own Block Public Access, which holds for all its buckets."""
    block = api.ask(
        "GetPublicAccessBlock",
        "PublicAccessBlockConfiguration",
        absent=("NoSuchPublicAccessBlockConfiguration",),
        AccountId=api.account,
    )
    arn = f"arn:{api.partition}:iam::{api.account}:root"
    yield api.raw("account", arn, {"PublicAccessBlockConfiguration": block}, names=(api.account,), title=api.account)


def _placed(api: Api, bucket: Mapping[str, Any]) -> tuple[str, str | Unknown | None]:
    """A bucket's name and region, which the list tells since 2024; None where it is gone."""
    name, region = bucket["Name"], bucket.get("BucketRegion")
    if region is None:
        answer = api.ask("GetBucketLocation", gone=_GONE, Bucket=name)
        if isinstance(answer, Unknown) or answer is None:
            return name, answer
        region = answer.get("LocationConstraint") or "us-east-1"
    return name, "eu-west-1" if region == "EU" else region


def _tags(api: Api, region: str | Unknown) -> dict[str, Any] | Unknown:
    """The tags of a region's buckets by ARN: a call for a hundred buckets instead of one for each."""
    if isinstance(region, Unknown):
        return region
    mappings = api.ask_all(
        "GetResources",
        "ResourceTagMappingList",
        service="resourcegroupstaggingapi",
        region=region,
        resource=f"the tags of buckets in {region}",
        ResourceTypeFilters=["s3"],
    )
    if isinstance(mappings, Unknown):
        return mappings
    return {mapping["ResourceARN"]: mapping["Tags"] for mapping in mappings}


def _bucket(api: Api, name: str, region: str | Unknown, tags: dict[str, Any] | Unknown) -> Raw | None:
    arn = f"arn:{api.partition}:s3:::{name}"
    if isinstance(region, Unknown):
        return api.raw("AWS::S3::Bucket", arn, Incomplete({}, region), names=(name,), title=name)
    properties = dict(_described(api, name, region))
    if None in properties.values():
        return None
    properties["Tags"] = tags if isinstance(tags, Unknown) else tags.get(arn, ABSENT)
    return api.raw("AWS::S3::Bucket", arn, properties, names=(name,), title=name, region=region)


def _described(api: Api, name: str, region: str) -> Iterator[tuple[str, Any]]:
    """A bucket's properties; a value None says that it is gone."""

    def ask(operation: str, key: str, *absent: str) -> Any:
        return api.ask(operation, key, absent=absent, gone=_GONE, region=region, Bucket=name)

    yield (
        "PublicAccessBlockConfiguration",
        ask("GetPublicAccessBlock", "PublicAccessBlockConfiguration", "NoSuchPublicAccessBlockConfiguration"),
    )
    yield "Policy", ask("GetBucketPolicy", "Policy", "NoSuchBucketPolicy")
    yield (
        "ServerSideEncryptionConfiguration",
        ask(
            "GetBucketEncryption",
            "ServerSideEncryptionConfiguration",
            "ServerSideEncryptionConfigurationNotFoundError",
        ),
    )
    yield "VersioningConfiguration", ask("GetBucketVersioning", "{Status: Status, MFADelete: MFADelete}")
    target = ask(
        "GetBucketLogging", "LoggingEnabled.{DestinationBucketName: TargetBucket, LogFilePrefix: TargetPrefix}"
    )
    yield "LoggingConfiguration", target
    yield (
        "LifecycleConfiguration",
        ask("GetBucketLifecycleConfiguration", "{Rules: Rules}", "NoSuchLifecycleConfiguration"),
    )
