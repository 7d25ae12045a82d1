"""DAX clusters."""

from __future__ import annotations

from auditor.inventory import Inventory
from auditor.resources.dax import Cluster
from tests.sources.account.services.support import ACCOUNT, REGION, Behaviour, Case, scan

_ARN = f"arn:aws:dax:{REGION}:{ACCOUNT}:cache/hot"


class TestDax(Behaviour):
    cases = (
        Case(
            "AWS::DAX::Cluster",
            _ARN,
            "DescribeClusters",
            {
                "DescribeClusters": {
                    "Clusters": [
                        {
                            "ClusterName": "hot",
                            "ClusterArn": _ARN,
                            "TotalNodes": 2,
                            "Status": "available",
                            "Nodes": [
                                {"NodeId": "a", "AvailabilityZone": "us-east-1a"},
                                {"NodeId": "b", "AvailabilityZone": "us-east-1a"},
                            ],
                            "SSEDescription": {"Status": "ENABLED"},
                            "ClusterEndpointEncryptionType": "TLS",
                        }
                    ]
                }
            },
            {"ReplicationFactor": 2, "AvailabilityZones": ["us-east-1a"], "SSESpecification": {"SSEEnabled": True}},
            token="NextToken",
            needs=("ClusterArn",),
            title="hot",
        ),
    )


def test_what_moto_has(aws):
    aws("dax").create_cluster(
        ClusterName="hot", NodeType="dax.t3.small", ReplicationFactor=2, IamRoleArn=f"arn:aws:iam::{ACCOUNT}:role/dax"
    )
    (cluster,) = Inventory(scan("AWS::DAX::Cluster")).of(Cluster)
    assert (cluster.encrypted, cluster.cluster_endpoint_encryption_type) == (False, "NONE")
    assert cluster.replication_factor == 2
