"""The IAM policy that collecting needs, derived from what the collectors declare."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from auditor.sources.account.collector import Collector
from auditor.sources.account.guard import CORE_OPERATIONS

# Where IAM's prefix is not botocore's service name. Source: the Service Authorization Reference, "Topics".
_PREFIXES = {
    "accessanalyzer": "access-analyzer",
    "bedrock-agent": "bedrock",
    "bedrock-agentcore-control": "bedrock-agentcore",
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
    "s3:ListDirectoryBuckets": "s3express:ListAllMyDirectoryBuckets",
    "s3:ListMultipartUploads": "s3:ListBucketMultipartUploads",
    "s3:ListObjectVersions": "s3:ListBucketVersions",
    "s3:ListObjectsV2": "s3:ListBucket",
    "s3control:GetPublicAccessBlock": "s3:GetAccountPublicAccessBlock",
}

# Where that depends on what is asked about. Source: "Required permissions", S3 API reference, of each operation.
_ACTIONS_FOR_TYPES = {
    ("s3:GetBucketLifecycleConfiguration", "AWS::S3Express::DirectoryBucket"): "s3express:GetLifecycleConfiguration",
}

# What IAM checks besides, as an operation tells about another service's resources. Source: the Service Authorization
# Reference, "Dependent actions" of Compute Optimizer; WAF's developer guide, "Permissions for GetWebACLForResource".
_ALSO = {
    "compute-optimizer:GetEBSVolumeRecommendations": ("ec2:DescribeVolumes",),
    "compute-optimizer:GetEC2InstanceRecommendations": ("ec2:DescribeInstances",),
    "compute-optimizer:GetECSServiceRecommendations": ("ecs:ListClusters", "ecs:ListServices"),
    "compute-optimizer:GetLambdaFunctionRecommendations": (
        "lambda:ListFunctions",
        "lambda:ListProvisionedConcurrencyConfigs",
    ),
    "compute-optimizer:GetRDSDatabaseRecommendations": ("rds:DescribeDBClusters", "rds:DescribeDBInstances"),
    "wafv2:GetWebACLForResource": ("elasticloadbalancing:GetLoadBalancerWebACL",),
}

POLICY_SIZE = 6_144
"""Characters of a managed policy, white space not counted. Source: IAM user guide, "IAM and AWS STS quotas"."""

POLICIES_PER_ROLE = 10
"""The most managed policies on a role, unless AWS raises it. Source: as above."""

ROLE_NAME = "Auditor"
"""The template's role, unless its parameter says otherwise, and the one that a scan of an organization assumes."""

_PLACES = {"ssm:GetParametersByPath": "arn:*:ssm:*::parameter/aws/service/*"}
"""Actions of which one place is all that a scan asks for: AWS's own lists of machine images, no parameter of yours."""

_NO_PERMISSION_NEEDED = frozenset({"sts:GetCallerIdentity"})


def action(operation: str) -> str | None:
    """The IAM action that allows an operation (`service:Operation`), None where none is needed."""
    if operation in _NO_PERMISSION_NEEDED:
        return None
    service, _, name = operation.partition(":")
    return _ACTIONS.get(operation, f"{_PREFIXES.get(service, service)}:{name}")


def actions(collector: Collector) -> frozenset[str]:
    """The IAM actions that allow what a collector calls."""
    allowed = (
        _ACTIONS_FOR_TYPES.get((operation, type), action(operation))
        for operation in collector.declared
        for type in collector.types or ("",)
    )
    also = (one for operation in collector.declared for one in _ALSO.get(operation, ()))
    return frozenset(filter(None, (*allowed, *also)))


def place(action: str) -> str:
    """The ARN, with wildcards, of all that a scan asks an action about."""
    return _PLACES.get(action, "*")


def policy(collectors: Iterable[Collector]) -> dict[str, Any]:
    """The IAM policy document that allows exactly what these collectors and every scan call.

    A statement per service. The resource is `*` but for what asks about one place only: what there is to read is not
    known before it is read, and most list operations have no resource level.
    """
    allowed = set(filter(None, map(action, CORE_OPERATIONS))).union(*map(actions, collectors))
    by_place: dict[tuple[str, str], set[str]] = defaultdict(set)
    for one in allowed:
        by_place[one.partition(":")[0], place(one)].add(one)
    return {
        "Version": "2012-10-17",
        "Statement": [
            {"Sid": _sid(service, where), "Effect": "Allow", "Action": sorted(found), "Resource": where}
            for (service, where), found in sorted(by_place.items())
        ],
    }


def _sid(service: str, where: str) -> str:
    """`AuditorAccessAnalyzer` of `access-analyzer`: a Sid holds only letters and digits, and is there once."""
    words = [*service.split("-"), *(["In", "One", "Place"] if where != "*" else [])]
    return "Auditor" + "".join(word.capitalize() for word in words)


def split(document: Mapping[str, Any], limit: int = POLICY_SIZE) -> list[dict[str, Any]]:
    """The document as the fewest documents of its statements' order that are no longer than a managed policy may be.

    Statements stay whole where they can; one that is too long by itself is split between its actions.
    """
    documents: list[dict[str, Any]] = []
    room = limit - size({**document, "Statement": []})
    pieces = [piece for statement in document["Statement"] for piece in _pieces(statement, room)]
    for piece in pieces:
        if documents and size({**documents[-1], "Statement": [*documents[-1]["Statement"], piece]}) <= limit:
            documents[-1]["Statement"].append(piece)
        else:
            documents.append({**document, "Statement": [piece]})
    return documents


def size(document: Any) -> int:
    """How many characters IAM counts of a document: all but white space, of which its texts have none."""
    return len(json.dumps(document, separators=(",", ":")))


def _pieces(statement: Mapping[str, Any], room: int) -> Iterator[Mapping[str, Any]]:
    """A statement in parts that are no longer than `room`, of which each but the first has a number in its Sid."""
    actions: list[str] = []
    number = 1
    for one in statement["Action"]:
        longer = {**statement, "Sid": f"{statement['Sid']}{number}", "Action": [*actions, one]}
        if actions and size(longer) > room:
            yield _part(statement, actions, number)
            actions, number = [], number + 1
        actions.append(one)
    yield _part(statement, actions, number)


def _part(statement: Mapping[str, Any], actions: list[str], number: int) -> Mapping[str, Any]:
    return {**statement, "Sid": f"{statement['Sid']}{number if number > 1 else ''}", "Action": actions}


def template(documents: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """A CloudFormation template of a role that somebody named when it is created may assume to scan, and nothing else.

    Args:
        documents: what it is allowed, as `split` gives it.
    """
    return {
        "AWSTemplateFormatVersion": "2010-09-09",
        "Description": "A role that auditor assumes to read this account. It can change nothing.",
        "Parameters": {
            "RoleName": {"Type": "String", "Default": ROLE_NAME, "Description": "What the role is called."},
            "Principal": {
                "Type": "String",
                "AllowedPattern": "arn:aws[a-z-]*:iam::[0-9]{12}:(root|(role|user)/.+)",
                "Description": "ARN of the role, user or account that may assume it.",
            },
            "ExternalId": {
                "Type": "String",
                "Default": "",
                "Description": "What who assumes it must say, where the account is another organization's.",
            },
        },
        "Conditions": {"HasExternalId": {"Fn::Not": [{"Fn::Equals": [{"Ref": "ExternalId"}, ""]}]}},
        "Resources": {
            "Role": {
                "Type": "AWS::IAM::Role",
                "Properties": {
                    "RoleName": {"Ref": "RoleName"},
                    "Description": "Assumed by auditor to read this account.",
                    "AssumeRolePolicyDocument": {
                        "Version": "2012-10-17",
                        "Statement": [
                            {
                                "Effect": "Allow",
                                "Principal": {"AWS": {"Ref": "Principal"}},
                                "Action": "sts:AssumeRole",
                                "Condition": {
                                    "Fn::If": [
                                        "HasExternalId",
                                        {"StringEquals": {"sts:ExternalId": {"Ref": "ExternalId"}}},
                                        {"Ref": "AWS::NoValue"},
                                    ]
                                },
                            }
                        ],
                    },
                },
            },
            **{
                f"Policy{number}": {
                    "Type": "AWS::IAM::ManagedPolicy",
                    "Properties": {
                        "Description": "What auditor reads.",
                        "Roles": [{"Ref": "Role"}],
                        "PolicyDocument": document,
                    },
                }
                for number, document in enumerate(documents, 1)
            },
        },
        "Outputs": {"RoleArn": {"Description": "For --role-arn.", "Value": {"Fn::GetAtt": ["Role", "Arn"]}}},
    }
