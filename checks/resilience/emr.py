"""EMR clusters: what an interruption of spot capacity costs them."""

from auditor import LOW, MEDIUM, Findings, check
from auditor.members import place, those
from auditor.resources.emr import Cluster

_CLUSTER = """
        AWS::EMR::Cluster:
          Name: features
          Instances:
            %s
        """
_GROUPS = _CLUSTER % (
    "MasterInstanceGroup: {InstanceCount: 1, InstanceType: m5.xlarge, Market: %s}\n"
    "            CoreInstanceGroup: {InstanceCount: 2, InstanceType: m5.xlarge, Market: %s}"
)
_TASKS = """
        Resources:
          Features:
            Type: AWS::EMR::Cluster
            Properties:
              Name: features
              Instances: {CoreInstanceGroup: {InstanceCount: 2, InstanceType: m5.xlarge}}
          Tasks:
            Type: AWS::EMR::%s
        """
_FLEET = _CLUSTER % "CoreInstanceFleet: {%s}"


@check(
    "emr-core-nodes-spot",
    title="EMR core and primary nodes, which hold HDFS, do not use spot capacity",
    severity=MEDIUM,
    bad=(
        _GROUPS % ("ON_DEMAND", "SPOT"),
        _GROUPS % ("SPOT", "ON_DEMAND"),
        _FLEET % "TargetOnDemandCapacity: 1, TargetSpotCapacity: 4",
        _CLUSTER % "MasterInstanceFleet: {TargetSpotCapacity: 1}",
    ),
    good=(
        _GROUPS % ("ON_DEMAND", "ON_DEMAND"),
        _FLEET % "TargetOnDemandCapacity: 4",
        _CLUSTER % "TaskInstanceFleets: [{TargetSpotCapacity: 4}]",
    ),
)
def core_nodes_spot(cluster: Cluster) -> Findings:
    """Without its primary node a cluster is gone, and with a core node the blocks of HDFS that only it held.

    Fix: buy primary and core nodes on demand, and move as much of the work as can be repeated to spot task nodes.
    """
    kinds = (
        ("primary", cluster.master_instance_group, "master_instance_group.market"),
        ("core", cluster.core_instance_group, "core_instance_group.market"),
    )
    for what, group, at in kinds:
        if group is not None and group.is_spot:
            yield cluster.fail(f"has {what} nodes on spot capacity", at=at, expected="ON_DEMAND")
    fleets = (("primary", cluster.master_instance_fleet), ("core", cluster.core_instance_fleet))
    for what, fleet in fleets:
        if fleet is not None and fleet.target_spot_capacity > 0:
            spot = place(fleet, "target_spot_capacity")
            yield cluster.fail(f"has {what} nodes on spot capacity", at=spot, expected="0")


@check(
    "emr-instance-fleet-missing",
    title="EMR clusters with spot capacity use instance fleets with several instance types",
    severity=LOW,
    bad=(
        _GROUPS % ("ON_DEMAND", "SPOT"),
        _TASKS % "InstanceGroupConfig\n            Properties: "
        "{JobFlowId: !Ref Features, InstanceRole: TASK, InstanceCount: 4, InstanceType: m5.xlarge, Market: SPOT}",
        _FLEET % "TargetSpotCapacity: 4, InstanceTypeConfigs: [{InstanceType: m5.xlarge}]",
    ),
    good=(
        _GROUPS % ("ON_DEMAND", "ON_DEMAND"),
        _FLEET % "TargetSpotCapacity: 4, InstanceTypeConfigs: [{InstanceType: m5.xlarge}, {InstanceType: m5a.xlarge}]",
        _FLEET % "TargetOnDemandCapacity: 4, InstanceTypeConfigs: [{InstanceType: m5.xlarge}]",
    ),
)
def instance_fleet_missing(cluster: Cluster) -> Findings:
    """When the spot capacity of one type runs out, all of the nodes of that type go at once and no others come.

    Fix: use instance fleets with five or more types of one size, and the allocation strategy price-capacity-optimized.
    """
    for group in those(cluster.worker_groups, lambda group: group.is_spot):
        message = f"has spot nodes of the one type {group.instance_type} in an instance group"
        yield cluster.fail(message, at=place(group, "market"))
    for fleet in those(cluster.worker_fleets, lambda fleet: fleet.target_spot_capacity > 0):
        if len({config.instance_type for config in fleet.instance_type_configs}) < 2:
            at = place(fleet, "instance_type_configs")
            yield cluster.fail("has a fleet of spot nodes with one instance type", at=at)
