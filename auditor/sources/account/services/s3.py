"""S3: buckets with everything about them that S3 tells in calls of their own, what they hold, access points."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from auditor.raw import Raw
from auditor.sources.account.collector import Api, Incomplete, collector
from auditor.sources.account.regular import Call, Listing, regular
from auditor.sources.account.services import places
from auditor.sources.account.services.tagging import TAGS_OPERATION, tags_by_arn, tags_of
from auditor.values import ABSENT, Unknown

_GONE = ("NoSuchBucket",)


@collector(
    "s3",
    types=("AWS::S3::Bucket",),
    operations=("ListBuckets", "GetBucketLocation"),
    details={
        "GetPublicAccessBlock": ("PublicAccessBlockConfiguration",),
        "GetBucketPolicy": ("Policy",),
        "GetBucketEncryption": ("ServerSideEncryptionConfiguration",),
        "GetBucketVersioning": ("VersioningConfiguration",),
        "GetBucketLogging": ("LoggingConfiguration",),
        "GetBucketLifecycleConfiguration": ("LifecycleConfiguration",),
        "GetObjectLockConfiguration": ("ObjectLockConfiguration",),
        "GetBucketNotificationConfiguration": ("NotificationConfiguration",),
        "GetBucketReplication": ("ReplicationConfiguration",),
        "GetBucketWebsite": ("WebsiteConfiguration",),
        "ListBucketIntelligentTieringConfigurations": ("IntelligentTieringConfigurations",),
        "GetBucketOwnershipControls": ("ObjectOwnership", "Grants"),
        "GetBucketAcl": ("Grants",),
        TAGS_OPERATION: ("Tags",),
    },
    scope="global",
)
def buckets(api: Api) -> Iterator[Raw]:
    """Every bucket of the account, whatever regions are scanned: S3 lists them all at once."""
    listed = list(api.each(lambda bucket: _placed(api, bucket), api.pages("ListBuckets", "Buckets", shared=True)))
    found = [(name, region) for name, region in listed if region is not None]
    tags = {region: _tags(api, region) for region in dict.fromkeys(region for _, region in found)}

    def described(place: tuple[str, str | Unknown]) -> Raw | None:
        name, region = place
        return _bucket(api, name, region, tags[region])

    yield from filter(None, api.each(described, found))


@collector(
    "s3control",
    types=("account",),
    operations=(),
    details={"GetPublicAccessBlock": ("PublicAccessBlockConfiguration",)},
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
    yield places.account(api, {"PublicAccessBlockConfiguration": block})


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
    return region if isinstance(region, Unknown) else tags_by_arn(api, "s3", region)


def _bucket(api: Api, name: str, region: str | Unknown, tags: dict[str, Any] | Unknown) -> Raw | None:
    arn = f"arn:{api.partition}:s3:::{name}"
    if isinstance(region, Unknown):
        unknown = Incomplete({"BucketName": name}, region)
        return api.raw("AWS::S3::Bucket", arn, unknown, names=(name,), title=name)
    properties = {"BucketName": name, **dict(_described(api, name, region))}
    if None in properties.values():
        return None
    properties["Tags"] = tags_of(tags, arn)
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
    yield (
        "ObjectLockConfiguration",
        ask(
            "GetObjectLockConfiguration",
            "ObjectLockConfiguration.{ObjectLockEnabled: ObjectLockEnabled == 'Enabled', Rule: Rule}",
            "ObjectLockConfigurationNotFoundError",
        ),
    )
    yield "NotificationConfiguration", ask("GetBucketNotificationConfiguration", _NOTIFICATIONS)
    yield (
        "ReplicationConfiguration",
        ask("GetBucketReplication", "ReplicationConfiguration", "ReplicationConfigurationNotFoundError"),
    )
    yield "WebsiteConfiguration", ask("GetBucketWebsite", "@", "NoSuchWebsiteConfiguration")
    yield (
        "IntelligentTieringConfigurations",
        api.ask_all(
            "ListBucketIntelligentTieringConfigurations",
            "IntelligentTieringConfigurationList",
            gone=_GONE,
            region=region,
            Bucket=name,
        ),
    )
    ownership = _ownership(api, name, region)
    yield "ObjectOwnership", ownership
    yield "Grants", [] if ownership == _NO_ACLS else ask("GetBucketAcl", "Grants")


_NO_ACLS = "BucketOwnerEnforced"

# As in CloudFormation, where EventBridge is switched on by a setting; in the API it is on where its block is there.
_NOTIFICATIONS = (
    "{EventBridge: EventBridgeConfiguration != `null`, LambdaFunctionConfigurations: LambdaFunctionConfigurations,"
    " QueueConfigurations: QueueConfigurations, TopicConfigurations: TopicConfigurations}"
)


def _ownership(api: Api, name: str, region: str) -> Any:
    """Who owns a bucket's objects. One that never chose is older than April 2023, and has ACLs; None if it is gone."""
    chosen = api.ask(
        "GetBucketOwnershipControls",
        "OwnershipControls.Rules[0].ObjectOwnership",
        absent=("OwnershipControlsNotFoundError",),
        gone=_GONE,
        region=region,
        Bucket=name,
    )
    return "ObjectWriter" if chosen is ABSENT else chosen


# --- what is in buckets ---------------------------------------------------------------------------------------------

SAMPLE = 10
"""How many objects of a bucket are asked for their ACL, where the bucket has ACLs."""


@collector(
    "s3",
    types=("api:S3::BucketContents",),
    operations=("ListBuckets", "GetBucketLocation"),
    details={
        "ListObjectsV2": ("Prefixes", "ObjectGrants"),
        "ListObjectVersions": ("NoncurrentBytes",),
        "ListMultipartUploads": ("IncompleteUploads",),
        "GetBucketOwnershipControls": ("ObjectGrants",),
        "GetObjectAcl": ("ObjectGrants",),
    },
    scope="global",
)
def contents(api: Api) -> Iterator[Raw]:
    """What every bucket holds, as far as a page of each list tells. No object is read."""

    def described(bucket: Mapping[str, Any]) -> Raw | None:
        name, region = _placed(api, bucket)
        return None if region is None else _contents(api, name, region)

    yield from filter(None, api.each(described, api.pages("ListBuckets", "Buckets", shared=True)))


def _contents(api: Api, name: str, region: str | Unknown) -> Raw | None:
    arn = f"arn:{api.partition}:s3:::{name}"
    if isinstance(region, Unknown):
        unknown = Incomplete({"Name": name}, region)
        return api.raw("api:S3::BucketContents", arn, unknown, names=(name,), title=name)

    def ask(operation: str, key: str, **params: Any) -> Any:
        return api.ask(operation, key, gone=_GONE, region=region, Bucket=name, **params)

    properties = {
        "Name": name,
        "Prefixes": ask("ListObjectsV2", "CommonPrefixes[].Prefix", Delimiter="/"),
        "NoncurrentBytes": ask("ListObjectVersions", "sum(Versions[?!IsLatest].Size || `[]`)"),
        "IncompleteUploads": ask("ListMultipartUploads", "Uploads[].Initiated"),
        "ObjectGrants": _object_grants(api, name, region),
    }
    if None in properties.values():
        return None
    return api.raw("api:S3::BucketContents", arn, properties, names=(name,), title=name, region=region)


def _object_grants(api: Api, name: str, region: str) -> Any:
    """What ACLs of a few objects grant; nothing where the bucket has no ACLs; None where it is gone."""
    ownership = _ownership(api, name, region)
    if not isinstance(ownership, str) or ownership == _NO_ACLS:
        return [] if ownership == _NO_ACLS else ownership
    keys = api.ask("ListObjectsV2", "Contents[].Key", gone=_GONE, region=region, Bucket=name, MaxKeys=SAMPLE)
    if not isinstance(keys, list):
        return [] if keys is ABSENT else keys
    found: list[Any] = []
    for key in keys:
        grants = api.ask(
            "GetObjectAcl", "Grants", gone=(*_GONE, "NoSuchKey"), region=region, resource=name, Bucket=name, Key=key
        )
        found += grants if isinstance(grants, list) else [grants] if isinstance(grants, Unknown) else []
    nothing_known = found and all(isinstance(grant, Unknown) for grant in found)
    return found[0] if nothing_known else found


# What AWS's own tools call a bucket of an account and region, so that anyone who knows the account's number can take
# the name first. Source: "Bucket Monopoly", Aqua Security, 2024, and the names that SageMaker, CDK, Glue, EMR, Athena
# and Elastic Beanstalk document.
_PREDICTABLE = (
    "aws-athena-query-results-{account}-{region}",
    "aws-emr-studio-{account}-{region}",
    "aws-glue-assets-{account}-{region}",
    "cdk-hnb659fds-assets-{account}-{region}",
    "elasticbeanstalk-{region}-{account}",
    "sagemaker-{region}-{account}",
)


@collector("s3", types=("api:S3::PredictableName",), operations=("ListBuckets", "HeadBucket"))
def predictable_names(api: Api) -> Iterator[Raw]:
    """Names that a tool would give a bucket here, and that are not this account's."""
    own = {bucket["Name"] for bucket in api.pages("ListBuckets", "Buckets", shared=True)}
    for template in _PREDICTABLE:
        name = template.format(account=api.account, region=api.region)
        if name in own:
            continue
        answer = api.ask("HeadBucket", absent=("404",), gone=("403",), Bucket=name)  # nobody's, somebody else's
        taken = answer if isinstance(answer, Unknown) else answer is not ABSENT
        arn = f"arn:{api.partition}:s3:::{name}"
        yield api.raw("api:S3::PredictableName", arn, {"Taken": taken}, names=(name,), title=name)


# --- access points, directory buckets -------------------------------------------------------------------------------

regular(
    "s3control",
    "AWS::S3::AccessPoint",
    Listing("ListAccessPoints", "AccessPointList", {"AccountId": "{account}"}),
    describe=Call(
        "GetAccessPoint",
        "{PublicAccessBlockConfiguration: PublicAccessBlockConfiguration}",
        {"AccountId": "{account}", "Name": "{Name}"},
        gone=("NoSuchAccessPoint",),
    ),
    more=(
        Call(
            "GetAccessPointPolicy",
            "Policy",
            {"AccountId": "{account}", "Name": "{Name}"},
            into="Policy",
            absent=("NoSuchAccessPointPolicy",),
            gone=("NoSuchAccessPoint",),
        ),
    ),
    arn="arn:{partition}:s3:{region}:{account}:accesspoint/{Name}",
    title="{Name}",
)

_MULTI_REGION = {"aws": "us-west-2"}
"""Where a partition's Multi-Region Access Points are asked; other partitions have none."""


@collector(
    "s3control",
    types=("AWS::S3::MultiRegionAccessPoint",),
    operations=("ListMultiRegionAccessPoints",),
    details={"GetMultiRegionAccessPointPolicy": ("Policy",)},
    scope="global",
)
def multi_region_access_points(api: Api) -> Iterator[Raw]:
    """Every Multi-Region Access Point with the policy in force."""
    region = _MULTI_REGION.get(api.partition)
    if region is None:
        return

    def described(point: Mapping[str, Any]) -> Raw | None:
        policy = api.ask(
            "GetMultiRegionAccessPointPolicy",
            "Policy.Established.Policy",
            absent=("NoSuchMultiRegionAccessPointPolicy",),
            gone=("NoSuchMultiRegionAccessPoint",),
            region=region,
            resource=point["Name"],
            AccountId=api.account,
            Name=point["Name"],
        )
        if policy is None:
            return None
        arn = f"arn:{api.partition}:s3::{api.account}:accesspoint/{point.get('Alias', point['Name'])}"
        properties = {**point, "Policy": policy}
        return api.raw("AWS::S3::MultiRegionAccessPoint", arn, properties, names=(point["Name"],), title=point["Name"])

    points = api.pages("ListMultiRegionAccessPoints", "AccessPoints", region=region, AccountId=api.account)
    yield from filter(None, api.each(described, points))


regular(
    "s3",
    "AWS::S3Express::DirectoryBucket",
    # Most regions have no S3 Express, and so no address for it.
    Listing("ListDirectoryBuckets", "Buckets", absent=("EndpointConnectionError",)),
    more=(
        Call(
            "GetBucketLifecycleConfiguration",
            "{Rules: Rules}",
            {"Bucket": "{Name}"},
            into="LifecycleConfiguration",
            absent=("NoSuchLifecycleConfiguration",),
            gone=_GONE,
        ),
    ),
    arn="arn:{partition}:s3express:{region}:{account}:bucket/{Name}",
    title="{Name}",
)
