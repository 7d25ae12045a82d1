"""EMR: clusters on EC2 that are not terminated, security configurations, serverless applications."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from auditor.raw import Raw
from auditor.sources.account.collector import Api, Incomplete, collector
from auditor.sources.account.regular import Call, Listing, regular
from auditor.values import Unknown

_ACTIVE = ["STARTING", "BOOTSTRAPPING", "RUNNING", "WAITING"]
_GONE = ("InvalidRequestException",)  # what EMR says of an id that it does not know

# The last fifty, which is a page: a cluster that runs for months has had thousands.
_STEPS = (
    "Steps[].{Name: Name, ActionOnFailure: ActionOnFailure, HadoopJarStep: Config.{Jar: Jar, Args: Args},"
    " Started: Status.Timeline.StartDateTime, Ended: Status.Timeline.EndDateTime}"
)
_GROUPS = (
    "InstanceGroups[].{Role: InstanceGroupType, Market: Market, BidPrice: BidPrice, InstanceType: InstanceType,"
    " InstanceCount: RequestedInstanceCount, AutoScalingPolicy: AutoScalingPolicy}"
)
_FLEETS = (
    "InstanceFleets[].{Role: InstanceFleetType, TargetOnDemandCapacity: TargetOnDemandCapacity,"
    " TargetSpotCapacity: TargetSpotCapacity,"
    " InstanceTypeConfigs: InstanceTypeSpecifications[].{InstanceType: InstanceType}}"
)


@collector(
    "emr",
    types=("AWS::EMR::Cluster",),
    operations=("ListClusters", "DescribeCluster"),
    details={
        "ListInstanceGroups": ("Instances",),
        "ListInstanceFleets": ("Instances",),
        "ListInstances": ("MasterPublicIp",),
        "ListSteps": ("Steps",),
        "GetManagedScalingPolicy": ("ManagedScalingPolicy",),
        "GetAutoTerminationPolicy": ("AutoTerminationPolicy",),
    },
)
def clusters(api: Api) -> Iterator[Raw]:
    """Every cluster that is not terminated."""
    listed_ones = api.pages("ListClusters", "Clusters", ClusterStates=_ACTIVE)
    for listed, properties in api.each(lambda listed: (listed, _cluster(api, listed)), listed_ones):
        if properties is not None:
            names = (listed["Id"], listed["Name"])
            yield api.raw("AWS::EMR::Cluster", listed["ClusterArn"], properties, names=names, title=listed["Name"])


def _cluster(api: Api, listed: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """A cluster as CloudFormation has it, None where it is gone."""
    name = listed["Id"]
    described = api.ask("DescribeCluster", "Cluster", gone=_GONE, ClusterId=name)
    if described is None:
        return None
    cluster = api.merge(listed, described)
    if isinstance(cluster, Incomplete):
        return cluster
    return {
        **cluster,
        "Instances": _instances(api, cluster),
        "MasterPublicIp": _master_public_ip(api, cluster),
        "Steps": api.ask("ListSteps", _STEPS, ClusterId=name),
        "ManagedScalingPolicy": api.ask("GetManagedScalingPolicy", "ManagedScalingPolicy", ClusterId=name),
        "AutoTerminationPolicy": api.ask("GetAutoTerminationPolicy", "AutoTerminationPolicy", ClusterId=name),
    }


def _instances(api: Api, cluster: Mapping[str, Any]) -> dict[str, Any]:
    """CloudFormation's `Instances`."""
    network = cluster.get("Ec2InstanceAttributes") or {}
    keys = (
        "Ec2SubnetId",
        "EmrManagedMasterSecurityGroup",
        "EmrManagedSlaveSecurityGroup",
        "AdditionalMasterSecurityGroups",
    )
    kind = "Fleet" if _has_fleets(cluster) else "Group"
    key = _FLEETS if kind == "Fleet" else _GROUPS
    members = api.ask_all(f"ListInstance{kind}s", key, ClusterId=cluster["Id"])
    return {
        **{key: network[key] for key in keys if network.get(key)},
        "KeepJobFlowAliveWhenNoSteps": not cluster.get("AutoTerminate", False),
        **_by_role(members, kind),
    }


def _by_role(members: Sequence[Mapping[str, Any]] | Unknown, kind: str) -> dict[str, Any]:
    """Groups or fleets as `MasterInstanceGroup`, `CoreInstanceGroup`, `TaskInstanceGroups`."""
    single = {role: f"{role.capitalize()}Instance{kind}" for role in ("MASTER", "CORE")}
    several = f"TaskInstance{kind}s"
    if isinstance(members, Unknown):
        return dict.fromkeys((*single.values(), several), members)
    found: dict[str, Any] = {several: [member for member in members if member["Role"] == "TASK"]}
    for member in members:
        if member["Role"] in single:
            found[single[member["Role"]]] = member
    return found


def _master_public_ip(api: Api, cluster: Mapping[str, Any]) -> Any:
    role: dict[str, Any] = (
        {"InstanceFleetType": "MASTER"} if _has_fleets(cluster) else {"InstanceGroupTypes": ["MASTER"]}
    )
    key = "Instances[?PublicIpAddress].PublicIpAddress | [0]"
    return api.ask("ListInstances", key, ClusterId=cluster["Id"], InstanceStates=["RUNNING"], **role)


def _has_fleets(cluster: Mapping[str, Any]) -> bool:
    return cluster.get("InstanceCollectionType") == "INSTANCE_FLEET"


regular(
    "emr",
    "AWS::EMR::SecurityConfiguration",
    Listing("ListSecurityConfigurations", "SecurityConfigurations"),
    describe=Call("DescribeSecurityConfiguration", "", {"Name": "{Name}"}, gone=_GONE),
    arn="arn:{partition}:elasticmapreduce:{region}:{account}:security-configuration/{Name}",  # made up: it has none
    title="{Name}",
)

# One for each region.
regular(
    "emr",
    "api:EMR::BlockPublicAccess",
    Listing("GetBlockPublicAccessConfiguration", "{BlockPublicAccessConfiguration: BlockPublicAccessConfiguration}"),
    arn="arn:{partition}:elasticmapreduce:{region}:{account}:block-public-access",
    title="EMR in {region}",
)

regular(
    "emr-serverless",
    "AWS::EMRServerless::Application",
    Listing(
        "ListApplications",
        "Applications",
        {"states": ["CREATING", "CREATED", "STARTING", "STARTED", "STOPPING", "STOPPED"]},
        tells=("Name",),
    ),
    describe=Call("GetApplication", "Application", {"applicationId": "{Id}"}, gone=("ResourceNotFoundException",)),
    arn="{Arn}",
    title="{Name}",
    names=("{Id}",),
    pascal=True,
)
