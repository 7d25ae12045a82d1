"""DAX: clusters."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from auditor.sources.account.regular import Listing, regular


def _as_declared(cluster: dict[str, Any]) -> Mapping[str, Any]:
    """A cluster with its encryption, size and zones as CloudFormation has them."""
    encrypted = cluster.get("SSEDescription", {}).get("Status") in ("ENABLED", "ENABLING")
    zones = {node["AvailabilityZone"]: None for node in cluster.get("Nodes", ()) if "AvailabilityZone" in node}
    return {
        **cluster,
        "SSESpecification": {"SSEEnabled": encrypted},
        "ReplicationFactor": cluster.get("TotalNodes"),
        "AvailabilityZones": list(zones),
    }


regular(
    "dax",
    "AWS::DAX::Cluster",
    Listing("DescribeClusters", "Clusters"),
    arn="{ClusterArn}",
    title="{ClusterName}",
    drop="Status=='deleting'",
    reshape=_as_declared,
)
