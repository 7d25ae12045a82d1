"""What Auto Scaling groups cost that don't follow their load, or could run on spot capacity."""

import math
from collections.abc import Iterator, Mapping

from auditor import LOW, MEDIUM, Findings, Inventory, check
from auditor.config import Config
from auditor.knowledge.capacity import SOURCES, instance_type, template_of, uses_spot
from auditor.knowledge.work import is_interruptible
from auditor.members import every, flat, if_decided, some
from auditor.pricing import fleets, savings
from auditor.pricing.book import HOURS_PER_MONTH
from auditor.pricing.saving import Saving
from auditor.resources.autoscaling import AutoScalingGroup, ScalingPolicy, ScheduledAction
from auditor.resources.tags import Tags
from auditor.utilisation.patterns import repetition
from auditor.utilisation.series import DAY
from auditor.utilisation.services.autoscaling import GroupCapacity, GroupLoad

_REPEATS = 0.7  # the correlation of a day's load with the day before from which it counts as a pattern
_HEADROOM = 1.2

_SCALING = """
        Resources:
          Group: {Type: AWS::AutoScaling::AutoScalingGroup, Properties: {MinSize: "1", MaxSize: "6"}}
          Other: {Type: AWS::AutoScaling::AutoScalingGroup, Properties: {MinSize: "1", MaxSize: "1"}}
          Policy:
            Type: AWS::AutoScaling::ScalingPolicy
            Properties: {AutoScalingGroupName: !Ref %s, PolicyType: TargetTrackingScaling}
        """


@check(
    "autoscaling-policy-missing",
    title="Auto Scaling groups scale with demand instead of running at a fixed size",
    severity=MEDIUM,
    uses=(ScalingPolicy, ScheduledAction, GroupLoad, *SOURCES),
    bad=(
        'AWS::AutoScaling::AutoScalingGroup: {MinSize: "4", MaxSize: "4"}',
        'AWS::AutoScaling::AutoScalingGroup: {MinSize: "2", MaxSize: "2", DesiredCapacity: "2"}',
        _SCALING % "Other",
    ),
    good=(
        _SCALING % "Group",
        'AWS::AutoScaling::AutoScalingGroup: {MinSize: "1", MaxSize: "1"}',
        """
        Resources:
          Group: {Type: AWS::AutoScaling::AutoScalingGroup, Properties: {MinSize: "3", MaxSize: "3"}}
          Night:
            Type: AWS::AutoScaling::ScheduledAction
            Properties: {AutoScalingGroupName: !Ref Group, Recurrence: "0 20 * * *", MinSize: 0}
        """,
        """
        AWS::AutoScaling::AutoScalingGroup:
          MinSize: "3"
          MaxSize: "3"
          Tags: [{Key: kubernetes.io/cluster/ml, Value: owned, PropagateAtLaunch: true}]
        """,
    ),
)
def policy_missing(group: AutoScalingGroup, inventory: Inventory, config: Config) -> Findings:
    """A group of a fixed size is paid for its peak at all hours, and is too small on the day that the peak grows.

    Groups of one instance pass, as they only replace it, and so do the nodes of clusters, which others scale. In a
    template, a group with a range but without a policy is judged only where the template declares policies.

    Fix: set MaxSize above MinSize and add a target tracking policy, on CPU or on requests for each target.
    """
    if group.max_size <= 1 or group.of_cluster:
        return
    if inventory.referring(ScheduledAction, _group_of_action, group):
        return
    fixed = group.min_size == group.max_size
    if not fixed and inventory.declared(ScalingPolicy, near=group) and _policies(group, inventory):
        return
    saving = if_decided(lambda: _following_load(group, inventory, config))
    size = f"runs {group.max_size} instances at all hours" if fixed else "has no scaling policy and no schedule"
    hint = "" if saving else "; what scaling saves depends on its load and on what it starts"
    yield group.fail(f"{size}{hint}", at="max_size", saving=saving)


@check(
    "autoscaling-predictive-scaling",
    title="Auto Scaling groups with daily or weekly patterns use predictive or scheduled scaling",
    severity=LOW,
    uses=(ScalingPolicy, ScheduledAction, GroupLoad, GroupCapacity, *SOURCES),
    inputs=("live",),
)
def predictive_scaling(group: AutoScalingGroup, inventory: Inventory, config: Config) -> Findings:
    """Where every day is like the one before, instances can be there just in time instead of ahead of time.

    A pattern is a load that correlates by more than 0.7 with that of 24 hours before, in 14 days. The load is CPU times
    instances where the group's own metrics are switched on, else CPU alone.

    Fix: add a predictive scaling policy, at first in ForecastOnly mode, beside the target tracking policy that stays;
    or scheduled actions for the hours that never change.
    """
    if group.max_size <= 1 or group.min_size == group.max_size or group.of_cluster:
        return
    if inventory.referring(ScheduledAction, _group_of_action, group):
        return
    if some(_policies(group, inventory), lambda policy: policy.policy_type == "PredictiveScaling"):
        return
    cpu = GroupLoad.of(group, inventory).cpu.last(config.idle_days)
    instances = GroupCapacity.of(group, inventory).in_service.by_period()
    load = {at: value * instances.get(at, 1) for at, value in cpu.by_period().items()}
    if repetition(load, DAY // cpu.period) <= _REPEATS:
        return
    saving = _ahead_of_time(group, load, instances, cpu.maximum(), inventory)
    hint = "" if saving else "; what that saves depends on how many instances run when, and of which type"
    yield group.fail(f"has a load that repeats every day, and scales only once it has come{hint}", saving=saving)


_WORKERS = """
        Resources:
          Template: {Type: AWS::EC2::LaunchTemplate, Properties: {LaunchTemplateData: {InstanceType: c5.xlarge%s}}}
          Workers:
            Type: AWS::AutoScaling::AutoScalingGroup
            Properties:
              MinSize: "0"
              MaxSize: "8"
              LaunchTemplate: {LaunchTemplateId: !Ref Template, Version: "1"}
              Tags: [{Key: workload, Value: %s, PropagateAtLaunch: true}]
        """
_MIXED = """
        AWS::AutoScaling::AutoScalingGroup:
          MinSize: "2"
          MaxSize: "8"
          MixedInstancesPolicy:
            LaunchTemplate: {LaunchTemplateSpecification: {LaunchTemplateId: lt-1, Version: "1"}}
            InstancesDistribution: {OnDemandPercentageAboveBaseCapacity: %d}
          Tags: [{Key: Name, Value: training-nodes, PropagateAtLaunch: true}]
        """


@check(
    "autoscaling-spot-mix-missing",
    title="Auto Scaling groups for batch and training work mix in spot capacity",
    severity=MEDIUM,
    uses=SOURCES,
    bad=(_WORKERS % ("", "batch"), _MIXED % 100),
    good=(
        _WORKERS % (", InstanceMarketOptions: {MarketType: spot}", "batch"),
        _WORKERS % ("", "web"),
        _MIXED % 20,
    ),
)
def spot_mix_missing(group: AutoScalingGroup, inventory: Inventory, config: Config) -> Findings:
    """Batch and training work survives an interruption, and spot capacity costs up to 90 % less.

    Which tag values mark such work is set with interruptible-tags.

    Fix: give the group a mixed instances policy with several instance types, OnDemandPercentageAboveBaseCapacity of 0
    to 20, SpotAllocationStrategy price-capacity-optimized and CapacityRebalance, and let the work write checkpoints.
    """
    if every(
        lambda: _may_be_interrupted(group, inventory, config),
        lambda: not uses_spot(group, inventory),
        lambda: group.max_size > 0,
    ):
        saving = if_decided(lambda: _on_spot(group, inventory))
        hint = "" if saving else "; what spot saves depends on what it starts, and for how long"
        yield group.fail(f"starts on-demand instances only, though its work may be interrupted{hint}", saving=saving)


def _may_be_interrupted(group: AutoScalingGroup, inventory: Inventory, config: Config) -> bool:
    def tag_sets(own: AutoScalingGroup) -> Iterator[Tags]:
        yield own.own_tags
        template = template_of(own, inventory)
        if template is not None:
            yield from template.data.instance_tags

    return some(flat((group,), tag_sets), lambda tags: is_interruptible(tags, config))


def _policies(group: AutoScalingGroup, inventory: Inventory) -> tuple[ScalingPolicy, ...]:
    return inventory.referring(ScalingPolicy, _group_of_policy, group)


def _group_of_policy(policy: ScalingPolicy) -> str:
    return policy.auto_scaling_group_name


def _group_of_action(action: ScheduledAction) -> str:
    return action.auto_scaling_group_name


def _following_load(group: AutoScalingGroup, inventory: Inventory, config: Config) -> Saving | None:
    """Run as many instances as the load needs; None where they are not all of one type, on demand."""
    name = instance_type(group, inventory)
    cpu = GroupLoad.of(group, inventory).cpu.last(config.idle_days)
    peak, count = cpu.maximum(), _count(group)
    if not name or not peak or count <= 1 or uses_spot(group, inventory):
        return None
    needed = max(1.0, count * cpu.mean() / peak)
    remark = f"as its processors were {cpu.mean():.0f} % busy on average, and {peak:.0f} % at the peak"
    return fleets.fewer(name, (count - needed) * HOURS_PER_MONTH, group.scope.region, remark=remark)


def _ahead_of_time(
    group: AutoScalingGroup,
    load: Mapping[int, float],
    instances: Mapping[int, float],
    peak: float,
    inventory: Inventory,
) -> Saving | None:
    """Do without what ran above the need of the hour and a fifth; None where that is not seen."""
    name = instance_type(group, inventory)
    hours = [at for at in load if at in instances]
    if not name or not peak or not hours or uses_spot(group, inventory):
        return None
    needed = {at: max(float(group.min_size), math.ceil(_HEADROOM * load[at] / peak)) for at in hours}
    unneeded = sum(max(0.0, instances[at] - needed[at]) for at in hours) / len(hours) * HOURS_PER_MONTH
    if not unneeded:
        return None
    remark = f"capacity above what each hour needed at {peak:.0f} % CPU, and a fifth more"
    return fleets.fewer(name, unneeded, group.scope.region, remark=remark)


def _on_spot(group: AutoScalingGroup, inventory: Inventory) -> Saving | None:
    name, count = instance_type(group, inventory), _count(group)
    return savings.spot_instead_of_on_demand(name, count, group.scope.region) if name and count else None


def _count(group: AutoScalingGroup) -> int:
    """The instances that run now, or, as far as a template says, at least."""
    return group.min_size if group.desired_capacity is None else group.desired_capacity
