"""EKS clusters, add-ons, node groups and versions."""

from __future__ import annotations

from auditor.inventory import Inventory
from auditor.resources.eks import Addon, Cluster, ClusterVersion, Nodegroup
from tests.sources.account.services.support import ACCOUNT, REGION, Behaviour, Case, scan

_ARN = f"arn:aws:eks:{REGION}:{ACCOUNT}"
_LISTED = {"ListClusters": {"clusters": ["ml"]}}
_CLUSTER = {
    "name": "ml",
    "arn": f"{_ARN}:cluster/ml",
    "status": "ACTIVE",
    "version": "1.31",
    "resourcesVpcConfig": {
        "endpointPublicAccess": True,
        "endpointPrivateAccess": True,
        "publicAccessCidrs": ["203.0.113.0/24"],
        "securityGroupIds": ["sg-1"],
    },
    "encryptionConfig": [{"resources": ["secrets"], "provider": {"keyArn": "key"}}],
    "logging": {
        "clusterLogging": [
            {"types": ["api", "audit"], "enabled": True},
            {"types": ["scheduler"], "enabled": False},
        ]
    },
    "tags": {"team": "ml"},
}
_NODES = {
    "nodegroupName": "gpu",
    "nodegroupArn": f"{_ARN}:nodegroup/ml/gpu/1",
    "clusterName": "ml",
    "status": "ACTIVE",
    "version": "1.31",
    "capacityType": "SPOT",
    "instanceTypes": ["g5.xlarge"],
    "scalingConfig": {"minSize": 1, "maxSize": 4, "desiredSize": 2},
    "remoteAccess": {"ec2SshKey": "ops"},
    "taints": [{"key": "nvidia.com/gpu", "effect": "NO_SCHEDULE"}],
    "labels": {"workload": "training"},
    "resources": {"autoScalingGroups": [{"name": "eks-gpu"}]},
    "tags": {"Environment": "dev"},
}


class TestEks(Behaviour):
    cases = (
        Case(
            "AWS::EKS::Cluster",
            f"{_ARN}:cluster/ml",
            "ListClusters",
            {**_LISTED, "DescribeCluster": {"cluster": _CLUSTER}},
            {"Version": "1.31", "Tags": {"team": "ml"}},
            token="nextToken",
            gone={"DescribeCluster": "ResourceNotFoundException"},
            title="ml",
        ),
        Case(
            "AWS::EKS::Addon",
            f"{_ARN}:addon/ml/vpc-cni",
            "ListClusters",
            {
                **_LISTED,
                "ListAddons": {"addons": ["vpc-cni"]},
                "DescribeAddon": {
                    "addon": {
                        "addonName": "vpc-cni",
                        "clusterName": "ml",
                        "addonArn": f"{_ARN}:addon/ml/vpc-cni/1",
                        "configurationValues": '{"enableNetworkPolicy": "true"}',
                    }
                },
            },
            {"ConfigurationValues": '{"enableNetworkPolicy": "true"}'},
            token="nextToken",
            gone={"ListAddons": "ResourceNotFoundException", "DescribeAddon": "ResourceNotFoundException"},
        ),
        Case(
            "AWS::EKS::Nodegroup",
            f"{_ARN}:nodegroup/ml/gpu",
            "ListClusters",
            {**_LISTED, "ListNodegroups": {"nodegroups": ["gpu"]}, "DescribeNodegroup": {"nodegroup": _NODES}},
            {"CapacityType": "SPOT"},
            token="nextToken",
            gone={"ListNodegroups": "ResourceNotFoundException", "DescribeNodegroup": "ResourceNotFoundException"},
            title="ml/gpu",
        ),
        Case(
            "api:EKS::ClusterVersion",
            f"{_ARN}:cluster-version/1.31",
            "ListClusters",
            {
                **_LISTED,
                "DescribeClusterVersions": {
                    "clusterVersions": [
                        {
                            "clusterVersion": "1.31",
                            "versionStatus": "EXTENDED_SUPPORT",
                            "endOfStandardSupportDate": "2025-11-26T00:00:00Z",
                        }
                    ]
                },
            },
            {"VersionStatus": "EXTENDED_SUPPORT"},
            token="nextToken",
            needs=("clusterVersion",),
        ),
    )

    def test_what_is_read(self, scripted) -> None:
        for case in self.cases:
            scripted(case.answers)
        inventory = Inventory(scan(*(case.type for case in self.cases)))
        (cluster,), (nodes,), (addon,) = inventory.of(Cluster), inventory.of(Nodegroup), inventory.of(Addon)
        assert cluster.enabled_log_types == ("api", "audit")
        assert (cluster.endpoint_public_access, cluster.public_access_cidrs) == (True, ("203.0.113.0/24",))
        assert (cluster.encryption_config[0].key_arn, cluster.encryption_config[0].resources) == ("key", ("secrets",))
        assert (cluster.deletion_protection, cluster.tags.get("Team")) == (False, "ml")
        assert (nodes.min_size, nodes.max_size, nodes.desired_size) == (1, 4, 2)
        assert (nodes.ec2_ssh_key, nodes.source_security_groups) == ("ops", ())
        assert (nodes.taints[0].key, nodes.labels.get("workload")) == ("nvidia.com/gpu", "training")
        assert [group.name for group in nodes.auto_scaling_groups] == ["eks-gpu"]
        assert inventory.get(Nodegroup, f"{_ARN}:nodegroup/ml/gpu/1") is nodes
        assert (addon.cluster_name, addon.addon_name) == ("ml", "vpc-cni")
        (version,) = inventory.of(ClusterVersion)
        assert version.end_of_standard_support_date is not None


def test_a_cluster_on_its_way_out_is_left_out(moto, scripted):
    scripted({**_LISTED, "DescribeCluster": {"cluster": {**_CLUSTER, "status": "DELETING"}}})
    assert scan("AWS::EKS::Cluster").raws == []


def test_versions_are_not_asked_where_there_is_no_cluster(moto, scripted):
    scripted({"ListClusters": {"clusters": []}})
    assert list(scan("api:EKS::ClusterVersion").calls) == [
        "ec2:DescribeRegions",
        "eks:ListClusters",
        "sts:GetCallerIdentity",
    ]


def test_what_moto_has(aws):
    eks = aws("eks")
    role = f"arn:aws:iam::{ACCOUNT}:role/eks"
    eks.create_cluster(name="ml", roleArn=role, resourcesVpcConfig={"endpointPublicAccess": False})
    eks.create_nodegroup(clusterName="ml", nodegroupName="gpu", nodeRole=role, subnets=["subnet-1"])
    found = scan("AWS::EKS::Cluster", "AWS::EKS::Nodegroup")
    assert (found.gaps, found.notices) == ([], [])
    inventory = Inventory(found)
    assert [cluster.title for cluster in inventory.of(Cluster)] == ["ml"]
    assert [nodes.title for nodes in inventory.of(Nodegroup)] == ["ml/gpu"]
    assert found.calls["eks:ListClusters"] == 1
