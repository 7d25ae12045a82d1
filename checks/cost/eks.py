"""What EKS node groups cost that run for nobody, at a fixed size, or could run on spot capacity."""

import math
from dataclasses import replace

from auditor import HIGH, MEDIUM, Findings, Inventory, check
from auditor.config import Config
from auditor.knowledge.environment import environment_of
from auditor.knowledge.memberships import node_group
from auditor.knowledge.work import INFERENCE, is_interruptible, works_on
from auditor.members import either, every, if_decided, known_first, some
from auditor.pricing import fleets, machines, savings
from auditor.pricing.book import HOURS_PER_MONTH
from auditor.pricing.saving import Saving
from auditor.resources.ec2 import Instance, LaunchTemplate, type_details
from auditor.resources.eks import Nodegroup
from auditor.utilisation.gpus import Idleness, idleness
from auditor.utilisation.series import highest
from auditor.utilisation.services.ec2 import GpuLoad
from auditor.utilisation.services.eks import NodeCpu

_BUSY = 70  # percent of their processors that nodes may use on average
_DEFAULT_TYPE = "t3.medium"  # what EKS takes where nothing says another type (EKS CreateNodegroup)

_NODES = """
        AWS::EKS::Nodegroup:
          ClusterName: ml
          NodeRole: role
          Subnets: [subnet-1]
          InstanceTypes: [%s]
          ScalingConfig: {MinSize: %d, MaxSize: %d, DesiredSize: %d}
          %s
        """


@check(
    "eks-node-spot-missing",
    title="EKS node groups for batch and training work use spot capacity",
    severity=MEDIUM,
    uses=(LaunchTemplate,),
    bad=(
        _NODES % ("c5.4xlarge", 0, 9, 2, "Labels: {workload: batch}"),
        _NODES % ("g5.xlarge", 0, 9, 0, "Tags: {workload: training}\n          CapacityType: ON_DEMAND"),
    ),
    good=(
        _NODES % ("c5.4xlarge", 0, 9, 2, "Labels: {workload: batch}\n          CapacityType: SPOT"),
        _NODES % ("c5.4xlarge", 0, 9, 2, "Labels: {workload: web}"),
    ),
)
def node_spot_missing(group: Nodegroup, inventory: Inventory, config: Config) -> Findings:
    """Kubernetes starts a pod again elsewhere when its node goes, and spot capacity costs up to 90 % less.

    Which values of labels or tags mark such work is set with interruptible-tags.

    Fix: make a node group with CapacityType SPOT and several instance types of the same size, move the work there by
    its label, and delete this one: the capacity type of a node group can't be changed.
    """
    if group.capacity_type == "ON_DEMAND" and either(
        lambda: is_interruptible(group.labels, config), lambda: is_interruptible(group.tags, config)
    ):
        saving = if_decided(lambda: _on_spot(group, inventory))
        hint = "" if saving else "; what spot saves depends on how many nodes run, and for how long"
        message = f"runs on demand, though its work may be interrupted{hint}"
        yield group.fail(message, at="capacity_type", expected="SPOT", saving=saving)


@check(
    "eks-gpu-node-idle",
    title="EKS GPU node groups are busy and can scale to zero",
    severity=HIGH,
    uses=(LaunchTemplate, Instance, GpuLoad),
    bad=(
        _NODES % ("g5.xlarge", 1, 4, 1, "Labels: {workload: training}"),
        _NODES % ("p3.2xlarge", 2, 4, 2, "Tags: {team: ml}"),
    ),
    good=(
        _NODES % ("g5.xlarge", 0, 4, 1, "Labels: {workload: training}"),
        _NODES % ("m5.xlarge", 2, 4, 2, "Tags: {team: ml}"),
        _NODES % ("g5.xlarge", 1, 4, 1, "Labels: {workload: inference}"),
        _NODES % ("g5.xlarge", 1, 4, 1, "Tags: {environment: prod}"),
    ),
)
def gpu_node_idle(group: Nodegroup, inventory: Inventory, config: Config) -> Findings:
    """GPU nodes that wait for pods cost as much as those that work, and a minimum above zero makes them wait for ever.

    In an account it counts what each node did in the last days. Where nothing is measured, as in a template, a group
    whose minimum is above zero fails, unless its tags or labels say inference or production.

    Fix: set MinSize to 0 and let Cluster Autoscaler or Karpenter start nodes for pending pods; taint the nodes, so that
    only pods that need GPUs keep them.
    """
    kind = type_details(_type_of(group, inventory))
    if kind is None or not kind.has_gpu:
        return
    nodes = _nodes(group, inventory)
    for node, found in known_first(nodes, lambda node: _idle(node, inventory, config)):
        name = node.instance_type or ""
        saving = machines.stopped(node, name, inventory, confidence=found.confidence)
        yield group.fail(
            f"has the node {node.title}, a {name} {found.words}",
            at="min_size",
            saving=replace(saving, payer=node.address) if saving else None,
        )
    if not nodes and every(lambda: (group.min_size or 0) > 0, lambda: not _is_needed(group, config)):
        message = f"always keeps {group.min_size} nodes of {kind.name}; what that wastes depends on how busy they are"
        yield group.fail(message, at="min_size", expected="0")


@check(
    "eks-node-autoscaling-missing",
    title="EKS node groups scale with demand",
    severity=MEDIUM,
    uses=(LaunchTemplate, NodeCpu),
    bad=(_NODES % ("m5.xlarge", 3, 3, 3, "Tags: {team: ml}"),),
    good=(
        _NODES % ("m5.xlarge", 1, 6, 3, "Tags: {team: ml}"),
        _NODES % ("m5.xlarge", 1, 1, 1, "Tags: {team: ml}"),
    ),
)
def node_autoscaling_missing(group: Nodegroup, inventory: Inventory, config: Config) -> Findings:
    """Nodes of a fixed number are paid for at night, and are too few on the day that more is asked of them.

    Groups of one node pass. Whether Cluster Autoscaler runs in the cluster is not seen, so a group with a range passes.

    Fix: set MaxSize above MinSize and run Cluster Autoscaler, or let Karpenter start the nodes.
    """
    size = group.max_size
    if size is not None and size > 1 and group.min_size == size:
        saving = if_decided(lambda: _following_load(group, inventory, config))
        hint = "" if saving else "; what scaling saves depends on how busy the nodes are, and of which type"
        yield group.fail(f"always runs {size} nodes{hint}", at="max_size", saving=saving)


def _type_of(group: Nodegroup, inventory: Inventory) -> str | None:
    """The type that an on-demand group takes first, whatever else it may start; None where that is not said."""
    for name in group.instance_types:
        return name
    source = group.launch_template
    if source is None:
        return _DEFAULT_TYPE
    template = inventory.get(LaunchTemplate, source.id or source.name, near=group)
    return (template.data.instance_type if template else None) or _DEFAULT_TYPE


def _only_type(group: Nodegroup, inventory: Inventory) -> str | None:
    return _type_of(group, inventory) if len(group.instance_types) <= 1 else None


def _nodes(group: Nodegroup, inventory: Inventory) -> tuple[Instance, ...]:
    """Its instances, by the tags that EKS gives them."""
    return inventory.referring(Instance, node_group, group)


def _idle(node: Instance, inventory: Inventory, config: Config) -> tuple[Instance, Idleness] | None:
    found = idleness(node, inventory, config) if node.running else None
    return (node, found) if found else None


def _is_needed(group: Nodegroup, config: Config) -> bool:
    """Whether it serves inference, or is for production, so that nodes have to be there."""
    return either(
        lambda: environment_of(group, config) == "production",
        lambda: some((group.labels, group.tags), lambda tags: works_on(tags, INFERENCE)),
    )


def _on_spot(group: Nodegroup, inventory: Inventory) -> Saving | None:
    name, count = _only_type(group, inventory), group.desired_size
    return savings.spot_instead_of_on_demand(name, count, group.scope.region) if name and count else None


def _following_load(group: Nodegroup, inventory: Inventory, config: Config) -> Saving | None:
    """Run as many nodes as the processors need; None where they are not all of one type, on demand."""
    name, count = _only_type(group, inventory), group.desired_size or 0
    if not name or count <= 1 or group.capacity_type != "ON_DEMAND":
        return None
    busy = highest(NodeCpu.of(group, inventory).average).last(config.idle_days).percentile(95)
    unneeded = count - max(1, math.ceil(count * busy / _BUSY))
    if unneeded <= 0:
        return None
    remark = f"as their processors were {busy:.0f} % busy in 95 of 100 hours; their memory is not seen"
    return fleets.fewer(name, unneeded * HOURS_PER_MONTH, group.scope.region, remark=remark)
