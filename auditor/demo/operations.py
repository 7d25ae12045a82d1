"""Keys, audit trails and logs."""

from __future__ import annotations

from typing import NamedTuple

from auditor.demo import backdate
from auditor.demo.site import ACCOUNT, COMPANY, Site, tags


class Key(NamedTuple):
    """A customer managed key."""

    name: str
    what: str
    rotates: bool
    spec: str = "SYMMETRIC_DEFAULT"


class LogGroup(NamedTuple):
    """A log group; without `days` it keeps logs for ever."""

    name: str
    gigabytes: float
    days: int | None


KEYS = {
    "us-east-1": [
        Key("lake-data", "Data lake, all zones", True),
        Key("model-artifacts", "Models and checkpoints", True),
        Key("ml-volumes", "Volumes of training nodes, endpoints and notebooks", True),
        Key("legacy-analytics", "Made by hand, before the platform team", False),
        Key("model-signing", "Signs approved model packages", False, "RSA_2048"),  # asymmetric keys cannot rotate
    ],
    "eu-west-1": [Key("eu-inference", "Endpoints and volumes in Europe", False)],
}

LOG_GROUPS = {
    "us-east-1": [
        LogGroup("/aws/sagemaker/TrainingJobs", 412.0, None),
        LogGroup("/aws/sagemaker/Endpoints/fraud-scoring", 38.5, 90),
        LogGroup("/aws/sagemaker/NotebookInstances", 6.2, 30),
        LogGroup("/aws/lambda/feature-refresh", 57.3, None),
        LogGroup("/vpc/flow-logs/ml-training", 164.0, 365),
        LogGroup("/ecs/mlflow", 21.9, 60),
    ],
    "eu-west-1": [LogGroup("/aws/sagemaker/Endpoints/fraud-scoring-eu", 12.4, None)],
}


def build_keys(site: Site) -> None:
    """Make the region's keys; each is known by its ARN."""
    kms = site.client("kms")
    for key in KEYS[site.region]:
        made = kms.create_key(
            Description=key.what,
            KeySpec=key.spec,
            KeyUsage="ENCRYPT_DECRYPT" if key.spec == "SYMMETRIC_DEFAULT" else "SIGN_VERIFY",
            Tags=[{"TagKey": "Name", "TagValue": key.name}],
        )
        arn = site.ids[key.name] = made["KeyMetadata"]["Arn"]
        kms.create_alias(AliasName=f"alias/{key.name}", TargetKeyId=arn)
        if key.rotates:
            kms.enable_key_rotation(KeyId=arn)


def build_log_groups(site: Site) -> None:
    """Make the region's log groups."""
    logs = site.client("logs")
    for group in LOG_GROUPS[site.region]:
        logs.create_log_group(logGroupName=group.name, tags={"Owner": "ml-platform"})
        logs.create_log_stream(logGroupName=group.name, logStreamName="demo")
        backdate.fill_log_group(site.region, group.name, gigabytes=group.gigabytes)
        if group.days:
            logs.put_retention_policy(logGroupName=group.name, retentionInDays=group.days)


def build_trails(site: Site) -> None:
    """One trail for all regions, as it should be, and what the analytics team once made. Needs the buckets."""
    trail = site.client("cloudtrail")
    trail.create_trail(
        Name="organization-audit",
        S3BucketName=f"{COMPANY}-audit-trail",
        IsMultiRegionTrail=True,
        IncludeGlobalServiceEvents=True,
        EnableLogFileValidation=True,
        KmsKeyId=site.ids["lake-data"],
        TagsList=tags(Owner="security"),
    )
    trail.create_trail(
        Name="analytics-legacy",
        S3BucketName=f"{COMPANY}-audit-trail",
        S3KeyPrefix="legacy",
        IsMultiRegionTrail=False,
        IncludeGlobalServiceEvents=False,
        EnableLogFileValidation=False,
    )
    trail.put_event_selectors(
        TrailName="organization-audit",
        EventSelectors=[{"ReadWriteType": "All", "IncludeManagementEvents": True, "DataResources": []}],
    )
    trail.put_event_selectors(
        TrailName="analytics-legacy",
        EventSelectors=[{"ReadWriteType": "WriteOnly", "IncludeManagementEvents": True, "DataResources": []}],
    )
    for name in ("organization-audit", "analytics-legacy"):
        trail.start_logging(Name=f"arn:aws:cloudtrail:{site.region}:{ACCOUNT}:trail/{name}")
