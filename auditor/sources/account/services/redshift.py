"""Redshift: clusters and what belongs to them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from auditor.sources.account.regular import Call, Listing, regular

_ARN = "arn:{partition}:redshift:{region}:{account}:"


def _as_declared(cluster: dict[str, Any]) -> Mapping[str, Any]:
    """A cluster with its groups, zones and log as CloudFormation has them."""
    return {
        **cluster,
        "VpcSecurityGroupIds": [group.get("VpcSecurityGroupId") for group in cluster.get("VpcSecurityGroups", ())],
        "ClusterSecurityGroupNames": [
            group.get("ClusterSecurityGroupName") for group in cluster.get("ClusterSecurityGroups", ())
        ],
        "MultiAZ": cluster.get("MultiAZ", "").lower() == "enabled",
    }


regular(
    "redshift",
    "AWS::Redshift::Cluster",
    Listing("DescribeClusters", "Clusters"),
    more=(
        Call(
            "DescribeLoggingStatus",
            # It goes on to tell where a log went that was switched off.
            "[@][?LoggingEnabled] | [0].{BucketName: BucketName, LogDestinationType: LogDestinationType}",
            {"ClusterIdentifier": "{ClusterIdentifier}"},
            into="LoggingProperties",
            gone=("ClusterNotFound",),
        ),
    ),
    arn=_ARN + "cluster:{ClusterIdentifier}",
    title="{ClusterIdentifier}",
    drop="ClusterStatus=='deleting' || ClusterStatus=='final-snapshot'",
    reshape=_as_declared,
)

regular(
    "redshift",
    "AWS::Redshift::ClusterSubnetGroup",
    Listing("DescribeClusterSubnetGroups", "ClusterSubnetGroups"),
    arn=_ARN + "subnetgroup:{ClusterSubnetGroupName}",
    title="{ClusterSubnetGroupName}",
    reshape=lambda group: {**group, "SubnetIds": [one.get("SubnetIdentifier") for one in group.get("Subnets", ())]},
)

regular(
    "redshift",
    "AWS::Redshift::ClusterParameterGroup",
    Listing("DescribeClusterParameterGroups", "ParameterGroups"),
    more=(
        Call(
            "DescribeClusterParameters",
            "Parameters[].{ParameterName: ParameterName, ParameterValue: ParameterValue}",
            # Only what somebody set: the defaults follow from the family, and a default group has nothing else.
            {"ParameterGroupName": "{ParameterGroupName}", "Source": "user"},
            into="Parameters",
            gone=("ClusterParameterGroupNotFound",),
            pages=True,
            when="!starts_with(ParameterGroupName, 'default.')",
        ),
    ),
    arn=_ARN + "parametergroup:{ParameterGroupName}",
    title="{ParameterGroupName}",
)

regular(
    "redshift",
    "AWS::Redshift::ScheduledAction",
    Listing("DescribeScheduledActions", "ScheduledActions"),
    arn=_ARN + "scheduledaction:{ScheduledActionName}",
    title="{ScheduledActionName}",
    reshape=lambda action: {**action, "Enabled": action.get("State") == "ACTIVE"},
)

regular(
    "redshift",
    "AWS::Redshift::SnapshotCopyGrant",
    Listing("DescribeSnapshotCopyGrants", "SnapshotCopyGrants"),
    arn=_ARN + "snapshotcopygrant:{SnapshotCopyGrantName}",
    title="{SnapshotCopyGrantName}",
)

regular(
    "redshift",
    "api:Redshift::ReservedNode",
    Listing("DescribeReservedNodes", "ReservedNodes"),
    arn=_ARN + "reservednode:{ReservedNodeId}",
    title="{ReservedNodeId}",
)
