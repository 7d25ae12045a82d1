"""EKS: clusters with their add-ons and node groups, and which versions AWS supports."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from auditor.raw import Raw
from auditor.sources.account.collector import Api, collector
from auditor.sources.account.regular import Call, Listing, regular

_CLUSTERS = Listing("ListClusters", "Clusters[].{ClusterName: @}", shared=True)
_GONE = ("ResourceNotFoundException",)


def _cluster(properties: dict[str, Any]) -> Mapping[str, Any]:
    """The types of log that are on, as CloudFormation has them."""
    if "Logging" not in properties:
        return properties
    setups = properties["Logging"].get("ClusterLogging") or ()
    enabled = [type for setup in setups if setup.get("Enabled") for type in setup.get("Types", ())]
    return {**properties, "Logging": {"ClusterLogging": {"EnabledTypes": enabled}}}


regular(
    "eks",
    "AWS::EKS::Cluster",
    _CLUSTERS,
    describe=Call("DescribeCluster", "Cluster", {"name": "{ClusterName}"}, gone=_GONE),
    drop="Status=='DELETING'",
    reshape=_cluster,
    arn="arn:{partition}:eks:{region}:{account}:cluster/{ClusterName}",
    title="{ClusterName}",
    pascal=True,
)

regular(
    "eks",
    "AWS::EKS::Addon",
    Listing("ListAddons", "Addons[].{AddonName: @}", {"clusterName": "{ClusterName}"}, within=_CLUSTERS, gone=_GONE),
    describe=Call("DescribeAddon", "Addon", {"clusterName": "{ClusterName}", "addonName": "{AddonName}"}, gone=_GONE),
    drop="Status=='DELETING'",
    arn="arn:{partition}:eks:{region}:{account}:addon/{ClusterName}/{AddonName}",
    title="{ClusterName}/{AddonName}",
    names=("{AddonArn}",),
    pascal=True,
)

regular(
    "eks",
    "AWS::EKS::Nodegroup",
    Listing(
        "ListNodegroups",
        "Nodegroups[].{NodegroupName: @}",
        {"clusterName": "{ClusterName}"},
        within=_CLUSTERS,
        gone=_GONE,
    ),
    describe=Call(
        "DescribeNodegroup",
        "Nodegroup",
        {"clusterName": "{ClusterName}", "nodegroupName": "{NodegroupName}"},
        gone=_GONE,
    ),
    drop="Status=='DELETING'",
    arn="arn:{partition}:eks:{region}:{account}:nodegroup/{ClusterName}/{NodegroupName}",
    title="{ClusterName}/{NodegroupName}",
    names=("{NodegroupArn}",),
    pascal=True,
)


@collector(
    "eks", types=("api:EKS::ClusterVersion",), operations=("ListClusters", "DescribeClusterVersions"), pascal=True
)
def cluster_versions(api: Api) -> Iterator[Raw]:
    """The versions of Kubernetes that AWS knows, in regions that have clusters."""
    if not any(api.pages(_CLUSTERS.operation, _CLUSTERS.key, shared=True)):
        return
    for version in api.pages("DescribeClusterVersions", "ClusterVersions"):
        name = version["ClusterVersion"]
        arn = f"arn:{api.partition}:eks:{api.region}:{api.account}:cluster-version/{name}"
        yield api.raw("api:EKS::ClusterVersion", arn, version, names=(name,), title=f"Kubernetes {name}")
