"""The IAM policy that collecting needs, derived from what the collectors declare."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from auditor.sources.account.collector import Collector
from auditor.sources.account.guard import CORE_OPERATIONS

# Where IAM's prefix is not botocore's service name. Source: the Service Authorization Reference, "Topics".
_PREFIXES = {
    "accessanalyzer": "access-analyzer",
    "bedrock-agent": "bedrock",
    "docdb": "rds",
    "efs": "elasticfilesystem",
    "elb": "elasticloadbalancing",
    "elbv2": "elasticloadbalancing",
    "emr": "elasticmapreduce",
    "kinesisanalyticsv2": "kinesisanalytics",
    "mwaa": "airflow",
    "neptune": "rds",
    "opensearch": "es",
    "opensearchserverless": "aoss",
    "resourcegroupstaggingapi": "tag",
    "s3control": "s3",
    "service-quotas": "servicequotas",
    "stepfunctions": "states",
}

# Where the action that allows an operation has another name; several operations may share one. Sources: the Service
# Authorization Reference, "Actions, resources, and condition keys" of each service, and for S3 "Required permissions
# for Amazon S3 API operations" in its user guide.
_ACTIONS = {
    "accessanalyzer:GetFindingV2": "access-analyzer:GetFinding",
    "accessanalyzer:ListFindingsV2": "access-analyzer:ListFindings",
    "budgets:DescribeBudget": "budgets:ViewBudget",
    "budgets:DescribeBudgetNotificationsForAccount": "budgets:ViewBudget",
    "budgets:DescribeBudgetPerformanceHistory": "budgets:ViewBudget",
    "budgets:DescribeBudgets": "budgets:ViewBudget",
    "budgets:DescribeNotificationsForBudget": "budgets:ViewBudget",
    "budgets:DescribeSubscribersForNotification": "budgets:ViewBudget",
    "s3:GetBucketAccelerateConfiguration": "s3:GetAccelerateConfiguration",
    "s3:GetBucketAnalyticsConfiguration": "s3:GetAnalyticsConfiguration",
    "s3:GetBucketEncryption": "s3:GetEncryptionConfiguration",
    "s3:GetBucketIntelligentTieringConfiguration": "s3:GetIntelligentTieringConfiguration",
    "s3:GetBucketInventoryConfiguration": "s3:GetInventoryConfiguration",
    "s3:GetBucketLifecycleConfiguration": "s3:GetLifecycleConfiguration",
    "s3:GetBucketMetricsConfiguration": "s3:GetMetricsConfiguration",
    "s3:GetBucketNotificationConfiguration": "s3:GetBucketNotification",
    "s3:GetBucketReplication": "s3:GetReplicationConfiguration",
    "s3:GetObjectLockConfiguration": "s3:GetBucketObjectLockConfiguration",
    "s3:GetPublicAccessBlock": "s3:GetBucketPublicAccessBlock",
    "s3:HeadBucket": "s3:ListBucket",
    "s3:ListBucketAnalyticsConfigurations": "s3:GetAnalyticsConfiguration",
    "s3:ListBucketIntelligentTieringConfigurations": "s3:GetIntelligentTieringConfiguration",
    "s3:ListBucketInventoryConfigurations": "s3:GetInventoryConfiguration",
    "s3:ListBucketMetricsConfigurations": "s3:GetMetricsConfiguration",
    "s3:ListBuckets": "s3:ListAllMyBuckets",
    "s3:ListMultipartUploads": "s3:ListBucketMultipartUploads",
    "s3:ListObjectVersions": "s3:ListBucketVersions",
    "s3:ListObjectsV2": "s3:ListBucket",
    "s3control:GetPublicAccessBlock": "s3:GetAccountPublicAccessBlock",
}

_NO_PERMISSION_NEEDED = frozenset({"sts:GetCallerIdentity"})


def action(operation: str) -> str | None:
    """The IAM action that allows an operation (`service:Operation`), None where none is needed."""
    if operation in _NO_PERMISSION_NEEDED:
        return None
    service, _, name = operation.partition(":")
    return _ACTIONS.get(operation, f"{_PREFIXES.get(service, service)}:{name}")


def policy(collectors: Iterable[Collector]) -> dict[str, Any]:
    """The IAM policy document that allows exactly what these collectors and every scan call.

    A statement per service. The resource is always `*`: what there is to read is not known before it is read, and
    most list operations have no resource level.
    """
    operations = CORE_OPERATIONS.union(*(collector.declared for collector in collectors))
    by_service: dict[str, set[str]] = defaultdict(set)
    for allowed in map(action, operations):
        if allowed:
            by_service[allowed.partition(":")[0]].add(allowed)
    return {
        "Version": "2012-10-17",
        "Statement": [
            {"Sid": _sid(service), "Effect": "Allow", "Action": sorted(actions), "Resource": "*"}
            for service, actions in sorted(by_service.items())
        ],
    }


def _sid(service: str) -> str:
    """`AuditorAccessAnalyzer` of `access-analyzer`: a Sid holds only letters and digits."""
    return "Auditor" + "".join(word.capitalize() for word in service.split("-"))
