"""Redshift clusters and what belongs to them."""

from __future__ import annotations

from datetime import UTC, datetime

from auditor.inventory import Inventory
from auditor.resources.redshift import Cluster, ClusterParameterGroup, ClusterSubnetGroup, ScheduledAction
from tests.sources.account.services.support import ACCOUNT, REGION, Behaviour, Case, scan

_ARN = f"arn:aws:redshift:{REGION}:{ACCOUNT}"
_CLUSTER = {
    "ClusterIdentifier": "dw",
    "NodeType": "ra3.large",
    "NumberOfNodes": 2,
    "ClusterStatus": "available",
    "MasterUsername": "boss",
    "DBName": "dev",
    "Endpoint": {"Address": "dw.example.com", "Port": 5440},
    "Encrypted": True,
    "PubliclyAccessible": False,
    "MultiAZ": "Enabled",
    "VpcSecurityGroups": [{"VpcSecurityGroupId": "sg-1", "Status": "active"}],
    "ClusterParameterGroups": [{"ParameterGroupName": "tuned", "ParameterApplyStatus": "in-sync"}],
    "ClusterSecurityGroups": [],
    "Tags": [{"Key": "team", "Value": "ml"}],
}


class TestRedshift(Behaviour):
    cases = (
        Case(
            "AWS::Redshift::Cluster",
            f"{_ARN}:cluster:dw",
            "DescribeClusters",
            {
                "DescribeClusters": {"Clusters": [_CLUSTER]},
                "DescribeLoggingStatus": {"LoggingEnabled": True, "BucketName": "logs"},
            },
            {
                "LoggingProperties": {"BucketName": "logs", "LogDestinationType": None},
                "MultiAZ": True,
                "VpcSecurityGroupIds": ["sg-1"],
            },
            token="Marker",
            gone={"DescribeLoggingStatus": "ClusterNotFound"},
            needs=("ClusterIdentifier",),
            title="dw",
        ),
        Case(
            "AWS::Redshift::ClusterSubnetGroup",
            f"{_ARN}:subnetgroup:private",
            "DescribeClusterSubnetGroups",
            {
                "DescribeClusterSubnetGroups": {
                    "ClusterSubnetGroups": [
                        {"ClusterSubnetGroupName": "private", "Subnets": [{"SubnetIdentifier": "subnet-1"}]}
                    ]
                }
            },
            {"SubnetIds": ["subnet-1"]},
            token="Marker",
            needs=("ClusterSubnetGroupName",),
        ),
        Case(
            "AWS::Redshift::ClusterParameterGroup",
            f"{_ARN}:parametergroup:tuned",
            "DescribeClusterParameterGroups",
            {
                "DescribeClusterParameterGroups": {
                    "ParameterGroups": [{"ParameterGroupName": "tuned", "ParameterGroupFamily": "redshift-1.0"}]
                },
                "DescribeClusterParameters": {
                    "Parameters": [{"ParameterName": "require_ssl", "ParameterValue": "true", "Source": "user"}]
                },
            },
            {"Parameters": [{"ParameterName": "require_ssl", "ParameterValue": "true"}]},
            token="Marker",
            gone={"DescribeClusterParameters": "ClusterParameterGroupNotFound"},
            needs=("ParameterGroupName",),
            title="tuned",
        ),
        Case(
            "AWS::Redshift::ScheduledAction",
            f"{_ARN}:scheduledaction:pause",
            "DescribeScheduledActions",
            {
                "DescribeScheduledActions": {
                    "ScheduledActions": [
                        {
                            "ScheduledActionName": "pause",
                            "State": "ACTIVE",
                            "TargetAction": {"PauseCluster": {"ClusterIdentifier": "dw"}},
                        }
                    ]
                }
            },
            {"Enabled": True},
            token="Marker",
            needs=("ScheduledActionName", "ClusterIdentifier"),
        ),
        Case(
            "AWS::Redshift::SnapshotCopyGrant",
            f"{_ARN}:snapshotcopygrant:g",
            "DescribeSnapshotCopyGrants",
            {
                "DescribeSnapshotCopyGrants": {
                    "SnapshotCopyGrants": [{"SnapshotCopyGrantName": "g", "KmsKeyId": "key", "Tags": []}]
                }
            },
            {"KmsKeyId": "key"},
            token="Marker",
            needs=("SnapshotCopyGrantName",),
        ),
        Case(
            "api:Redshift::ReservedNode",
            f"{_ARN}:reservednode:n",
            "DescribeReservedNodes",
            {
                "DescribeReservedNodes": {
                    "ReservedNodes": [
                        {
                            "ReservedNodeId": "n",
                            "NodeType": "ra3.large",
                            "NodeCount": 2,
                            "State": "active",
                            "StartTime": datetime(2026, 1, 1, tzinfo=UTC),
                            "Duration": 31536000,
                        }
                    ]
                }
            },
            {"NodeCount": 2},
            token="Marker",
            needs=("ReservedNodeId",),
        ),
    )

    def test_the_fields(self, scripted) -> None:
        for case in self.cases:
            scripted(dict(case.answers))
        inventory = Inventory(scan(*(case.type for case in self.cases)))
        (cluster,) = inventory.of(Cluster)
        assert (cluster.node_type, cluster.number_of_nodes, cluster.port) == ("ra3.large", 2, 5440)
        assert (cluster.master_username, cluster.db_name, cluster.multi_az) == ("boss", "dev", True)
        assert (cluster.vpc_security_group_ids, cluster.cluster_security_groups) == (("sg-1",), ())
        assert cluster.logging is not None
        assert (cluster.logging.enabled, cluster.logging.log_destination_type) == (True, "s3")
        assert (cluster.cluster_parameter_group_name, cluster.tags.get("team")) == ("tuned", "ml")
        group = inventory.get(ClusterParameterGroup, cluster.cluster_parameter_group_name)
        assert group is not None
        assert (group.family, group.parameters.get("require_ssl")) == ("redshift-1.0", "true")
        (action,) = inventory.of(ScheduledAction)
        assert (action.enabled, action.pauses) == (True, "dw")

    def test_a_log_that_was_switched_off(self, scripted) -> None:
        scripted({**self.cases[0].answers, "DescribeLoggingStatus": {"LoggingEnabled": False, "BucketName": "logs"}})
        found = scan("AWS::Redshift::Cluster")
        assert found.gaps == []
        (cluster,) = Inventory(found).of(Cluster)
        assert cluster.logging is None


def test_what_moto_has(aws):
    redshift = aws("redshift")
    subnet = aws("ec2").describe_subnets()["Subnets"][0]["SubnetId"]
    redshift.create_cluster_subnet_group(ClusterSubnetGroupName="private", Description="x", SubnetIds=[subnet])
    redshift.create_cluster(
        ClusterIdentifier="dw",
        NodeType="ra3.large",
        MasterUsername="boss",
        MasterUserPassword="Hunter2hunter2",
        ClusterSubnetGroupName="private",
        EnhancedVpcRouting=True,
        Encrypted=True,
        Tags=[{"Key": "team", "Value": "ml"}],
    )
    found = scan("AWS::Redshift::Cluster", "AWS::Redshift::ClusterSubnetGroup")
    assert (found.gaps, found.notices) == ([], [])
    inventory = Inventory(found)
    (cluster,) = inventory.of(Cluster)
    assert (cluster.encrypted, cluster.enhanced_vpc_routing, cluster.publicly_accessible) == (True, True, False)
    assert (cluster.logging, cluster.port, cluster.tags.get("team")) == (None, 5439, "ml")
    group = inventory.get(ClusterSubnetGroup, cluster.cluster_subnet_group_name)
    assert group is not None
    assert group.subnet_ids == (subnet,)
    assert "unter2" not in repr(found)
