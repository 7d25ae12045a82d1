"""The buckets: a data lake of three zones, models, and what gathers around them."""

from __future__ import annotations

import json
from typing import Any, Literal, NamedTuple

from auditor.demo.site import ACCOUNT, COMPANY, Site, tags

LOGS = f"{COMPANY}-access-logs"
TRAIL = f"{COMPANY}-audit-trail"


class Bucket(NamedTuple):
    """A bucket; `key` is its KMS key, else S3's own encryption."""

    name: str
    zone: str | None
    environment: str | None
    key: str | None
    versions: bool
    logged: bool
    expiry: int | None  # days; as a lifecycle rule
    blocked: Literal["all", "some", "none"]  # Block Public Access
    tls: bool = True
    open_prefix: str | None = None  # readable by everyone


BUCKETS = {
    "us-east-1": [
        # name, zone, environment, key, versions, logged, expiry, blocked
        Bucket(LOGS, None, "production", None, False, False, 400, "all"),
        Bucket(TRAIL, None, "production", "lake-data", True, True, 2555, "all"),
        Bucket(f"{COMPANY}-lake-raw", "bronze", "production", "lake-data", True, True, 1095, "all"),
        Bucket(f"{COMPANY}-lake-processed", "silver", "production", "lake-data", False, True, None, "all"),
        Bucket(f"{COMPANY}-lake-curated", "gold", "production", None, True, False, 730, "all", tls=False),
        Bucket(f"{COMPANY}-partner-landing", "bronze", None, None, False, False, None, "some", tls=False),
        Bucket(f"{COMPANY}-feature-store", "gold", "production", "lake-data", True, True, 365, "all"),
        Bucket(f"{COMPANY}-model-artifacts", None, "production", "model-artifacts", True, True, None, "all"),
        Bucket(f"{COMPANY}-training-checkpoints", None, "development", None, False, True, 14, "all"),
        Bucket(f"{COMPANY}-notebook-exports", None, None, None, False, False, None, "none", tls=False),
        Bucket(
            f"{COMPANY}-public-benchmarks",
            None,
            "production",
            None,
            True,
            False,
            None,
            "none",
            tls=False,
            open_prefix="datasets/",
        ),
        Bucket(f"{COMPANY}-athena-results", None, "production", "lake-data", False, True, 7, "all"),
    ],
    "eu-west-1": [
        Bucket(f"{COMPANY}-eu-inference-data", "gold", "production", "eu-inference", True, False, 90, "all", tls=False),
    ],
}


def build(site: Site) -> None:
    """Make the region's buckets. Needs the keys; the bucket for access logs comes first."""
    for bucket in BUCKETS[site.region]:
        _bucket(site, bucket)


def _bucket(site: Site, bucket: Bucket) -> None:
    s3, name = site.client("s3"), bucket.name
    if site.region == "us-east-1":  # where naming it is an error
        s3.create_bucket(Bucket=name)
    else:
        s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": site.region})
    said = {"Owner": "ml-platform", "Zone": bucket.zone, "Environment": bucket.environment}
    pairs = {key: value for key, value in said.items() if value}
    s3.put_bucket_tagging(Bucket=name, Tagging={"TagSet": tags(**pairs)})
    s3.put_bucket_encryption(Bucket=name, ServerSideEncryptionConfiguration={"Rules": [_encryption(site, bucket)]})
    if bucket.versions:
        s3.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})
    if bucket.expiry:
        s3.put_bucket_lifecycle_configuration(Bucket=name, LifecycleConfiguration={"Rules": [_lifecycle(bucket)]})
    if bucket.blocked != "none":
        whole = bucket.blocked == "all"
        s3.put_public_access_block(
            Bucket=name,
            PublicAccessBlockConfiguration={
                "BlockPublicAcls": True,
                "IgnorePublicAcls": True,
                "BlockPublicPolicy": whole,
                "RestrictPublicBuckets": whole,
            },
        )
    statements = _statements(bucket)
    if statements:
        s3.put_bucket_policy(Bucket=name, Policy=json.dumps({"Version": "2012-10-17", "Statement": statements}))
    if bucket.logged:
        s3.put_bucket_logging(
            Bucket=name,
            BucketLoggingStatus={"LoggingEnabled": {"TargetBucket": LOGS, "TargetPrefix": f"{name}/"}},
        )


def _encryption(site: Site, bucket: Bucket) -> dict[str, Any]:
    if not bucket.key:
        return {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}
    return {
        "ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": site.ids[bucket.key]},
        "BucketKeyEnabled": True,
    }


def _lifecycle(bucket: Bucket) -> dict[str, Any]:
    rule: dict[str, Any] = {
        "ID": "retention",
        "Status": "Enabled",
        "Filter": {"Prefix": ""},
        "Expiration": {"Days": bucket.expiry},
        "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 7},
    }
    if bucket.expiry and bucket.expiry > 90:
        rule["Transitions"] = [{"Days": 90, "StorageClass": "STANDARD_IA"}]
    return rule


def _statements(bucket: Bucket) -> list[dict[str, Any]]:
    arn = f"arn:aws:s3:::{bucket.name}"
    everything = [arn, f"{arn}/*"]
    statements: list[dict[str, Any]] = []
    if bucket.tls:
        statements.append(
            {
                "Sid": "TlsOnly",
                "Effect": "Deny",
                "Principal": {"AWS": "*"},  # moto trips over a bare "*" in the policy of a log bucket
                "Action": "s3:*",
                "Resource": everything,
                "Condition": {"Bool": {"aws:SecureTransport": "false"}},
            }
        )
    if bucket.open_prefix:
        statements.append(
            {
                "Sid": "PublicDatasets",
                "Effect": "Allow",
                "Principal": "*",
                "Action": "s3:GetObject",
                "Resource": f"{arn}/{bucket.open_prefix}*",
            }
        )
    writers = {LOGS: "logging.s3.amazonaws.com", TRAIL: "cloudtrail.amazonaws.com"}
    if bucket.name in writers:
        principal = {"Service": writers[bucket.name]}
        if bucket.name == TRAIL:
            statements.append(_allow(principal, "s3:GetBucketAcl", arn))
        statements.append(_allow(principal, "s3:PutObject", f"{arn}/*"))
    return statements


def _allow(principal: dict[str, str], action: str, resource: str) -> dict[str, Any]:
    return {
        "Effect": "Allow",
        "Principal": principal,
        "Action": action,
        "Resource": resource,
        "Condition": {"StringEquals": {"aws:SourceAccount": ACCOUNT}},
    }
