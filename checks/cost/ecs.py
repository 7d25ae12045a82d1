"""What ECS services cost that don't follow their load, could run on spot capacity, or have tasks too large."""

import math
from typing import Final

from auditor import MEDIUM, Findings, Inventory, check
from auditor.config import Config
from auditor.definitions.content import reference
from auditor.knowledge.environment import is_development
from auditor.knowledge.work import is_interruptible
from auditor.members import either, every, if_decided, some
from auditor.pricing import fleets
from auditor.pricing.book import HOURS_PER_MONTH
from auditor.pricing.fleets import Task
from auditor.pricing.saving import Saving
from auditor.resources.applicationautoscaling import ScalableTarget
from auditor.resources.ecs import Cluster, Service, TaskDefinition
from auditor.utilisation.services.ecs import ServiceCpu, ServiceLoad

_BUSY: Final = 70  # percent of its processors that a task may use on average
_FARGATE_SPOT_LESS: Final = 0.7  # "up to 70 %" (AWS Fargate pricing, "Fargate Spot"); the rate itself moves

_SCALING = """
        Resources:
          Cluster: {Type: AWS::ECS::Cluster}
          Web: {Type: AWS::ECS::Service, Properties: {Cluster: !Ref Cluster, DesiredCount: 3%s}}
          Other: {Type: AWS::ECS::Service, Properties: {Cluster: !Ref Cluster, DesiredCount: 1}}
          Target:
            Type: AWS::ApplicationAutoScaling::ScalableTarget
            Properties:
              ServiceNamespace: ecs
              ScalableDimension: ecs:service:DesiredCount
              ResourceId: !Sub service/${Cluster}/${%s.Name}
              MinCapacity: 1
              MaxCapacity: 9
        """


@check(
    "ecs-service-autoscaling-missing",
    title="ECS services scale with demand",
    severity=MEDIUM,
    uses=(ScalableTarget, TaskDefinition, Cluster, ServiceCpu),
    bad=(_SCALING % ("", "Other"),),
    good=(
        _SCALING % ("", "Web"),
        _SCALING % (", SchedulingStrategy: DAEMON", "Other"),
    ),
)
def service_autoscaling_missing(service: Service, inventory: Inventory, config: Config) -> Findings:
    """A service that always runs as many tasks as its busiest hour needs is paid for at night as well.

    Services of one task pass, as there is nothing to scale in, and so do daemons. In a template, a service is judged
    only where the template declares scalable targets.

    Fix: register its DesiredCount as a scalable target and add a target tracking policy, on CPU or on requests for each
    target of the Application Load Balancer.
    """
    if service.scheduling_strategy == "DAEMON" or service.desired_count <= 1:
        return
    if inventory.declared(ScalableTarget, near=service) and inventory.referring(ScalableTarget, _scaled, service):
        return
    saving = if_decided(lambda: _following_load(service, inventory, config))
    hint = "" if saving else "; what scaling saves depends on its load and on what a task costs"
    message = f"runs {service.desired_count} tasks at all hours, as nothing scales it{hint}"
    yield service.fail(message, at="desired_count", saving=saving)


def _scaled(target: ScalableTarget) -> tuple[str, ...]:
    """The service of `service/cluster/name`: by its ARN where that is known, as clusters may share names."""
    kind, _, rest = target.resource_id.partition("/")
    if kind != "service":
        return ()
    arn = target.raw.id.split(":")
    if len(arn) > 5:
        return (f"arn:{arn[1]}:ecs:{arn[3]}:{arn[4]}:service/{rest}",)
    return (reference(rest.rpartition("/")[2], target.raw),)


_TASK = """
        Resources:
          Cluster: {Type: AWS::ECS::Cluster%s}
          Task: {Type: AWS::ECS::TaskDefinition, Properties: {Cpu: "1024", Memory: "2048"}}
          Worker:
            Type: AWS::ECS::Service
            Properties:
              Cluster: !Ref Cluster
              TaskDefinition: !Ref Task
              DesiredCount: 2
              %s
              Tags: [{Key: %s, Value: %s}]
        """
_DEFAULT = ", Properties: {DefaultCapacityProviderStrategy: [{CapacityProvider: %s, Weight: 1}]}"
_STRATEGY = "CapacityProviderStrategy: [{CapacityProvider: %s, Weight: 1}]"


@check(
    "ecs-fargate-spot-missing",
    title="Batch and fault-tolerant Fargate tasks use Fargate Spot",
    severity=MEDIUM,
    uses=(Cluster, TaskDefinition),
    bad=(
        _TASK % ("", "LaunchType: FARGATE", "workload", "batch"),
        _TASK % ("", "LaunchType: FARGATE", "environment", "dev"),
        _TASK % ("", _STRATEGY % "FARGATE", "workload", "training"),
        _TASK % (_DEFAULT % "FARGATE", "EnableECSManagedTags: true", "workload", "batch"),
    ),
    good=(
        _TASK % ("", _STRATEGY % "FARGATE_SPOT", "workload", "batch"),
        _TASK % ("", "LaunchType: FARGATE", "workload", "web"),
        _TASK % ("", "LaunchType: EC2", "workload", "batch"),
        _TASK % (_DEFAULT % "FARGATE_SPOT", "EnableECSManagedTags: true", "workload", "batch"),
    ),
)
def fargate_spot_missing(service: Service, inventory: Inventory, config: Config) -> Findings:
    """Fargate Spot costs up to 70 % less for tasks that may be stopped with two minutes' notice.

    Such tasks are those that a tag calls batch or training (interruptible-tags), and all of development. Windows has no
    Fargate Spot.

    Fix: replace LaunchType by a CapacityProviderStrategy with FARGATE_SPOT, and FARGATE with a small base where some
    tasks must always run; the cluster needs both capacity providers.
    """
    if not every(
        lambda: service.desired_count > 0,
        lambda: either(lambda: is_interruptible(service.tags, config), lambda: is_development(service, config)),
        lambda: _only_on_fargate(service, inventory),
        lambda: not _is_windows(service, inventory),
    ):
        return
    task = if_decided(lambda: _task(service, inventory))
    saving = None
    if task:
        remark = "the published most, as the rate moves; interrupted tasks start again"
        hours = service.desired_count * HOURS_PER_MONTH
        region = service.scope.region
        saving = fleets.tasks(task, hours, region, high=_FARGATE_SPOT_LESS, remark=remark, kind="spot")
    hint = "" if saving else "; what spot saves depends on the size of its tasks"
    yield service.fail(f"runs on Fargate only, though its tasks may be interrupted{hint}", saving=saving)


@check(
    "ecs-task-oversized",
    title="ECS tasks match their CPU and memory use",
    severity=MEDIUM,
    uses=(Cluster, TaskDefinition, ServiceLoad),
    inputs=("live",),
)
def task_oversized(service: Service, inventory: Inventory, config: Config) -> Findings:
    """Fargate is paid by what a task reserves, not by what it uses; on EC2 a reservation keeps others off the instance.

    It counts where 95 of 100 hours used less than 40 % of both processors and memory, in 14 days. Instances of a
    cluster are judged by `ec2-instance-oversized`.

    Fix: halve Cpu and Memory in a new revision of the task definition, and watch latency and memory for a week.
    """
    if service.desired_count == 0:
        return
    task = _task(service, inventory)
    smaller = task.smaller() if task else None
    if task and smaller is None:
        return
    load = ServiceLoad.of(service, inventory)
    cpu, memory = (series.last(config.idle_days).percentile(95) for series in (load.cpu, load.memory))
    if max(cpu, memory) >= config.oversized_utilization:
        return
    saving = None
    if task and smaller:
        less = Task(task.vcpu - smaller.vcpu, task.memory - smaller.memory, task.arm)
        remark = f"{smaller.vcpu:g} vCPU and {smaller.memory:g} GB instead of {task.vcpu:g} and {task.memory:g}"
        hours = service.desired_count * HOURS_PER_MONTH
        saving = fleets.tasks(less, hours, service.scope.region, low=1.0, remark=remark, confidence="medium")
    hint = "" if saving else "; what smaller ones save depends on the instances that they run on"
    yield service.fail(
        f"has tasks that in 95 of 100 hours of {config.idle_days} days used at most {cpu:.0f} % of their processors and"
        f" {memory:.0f} % of their memory{hint}",
        saving=saving,
    )


def _task(service: Service, inventory: Inventory) -> Task | None:
    """What its tasks reserve on Fargate; None elsewhere, with Windows, and where spot capacity may be among it."""
    if not _only_on_fargate(service, inventory) or _is_windows(service, inventory):
        return None
    definition = _definition(service, inventory)
    if definition is None or definition.vcpu is None or definition.memory_gib is None:
        return None
    return Task(definition.vcpu, definition.memory_gib, definition.cpu_architecture == "ARM64")


def _definition(service: Service, inventory: Inventory) -> TaskDefinition | None:
    return inventory.get(TaskDefinition, service.task_definition, near=service)


def _is_windows(service: Service, inventory: Inventory) -> bool:
    definition = _definition(service, inventory)
    return definition is not None and definition.operating_system_family.upper().startswith("WINDOWS")


def _only_on_fargate(service: Service, inventory: Inventory) -> bool:
    strategy = service.capacity_provider_strategy
    if not strategy and service.launch_type is not None:
        return service.launch_type == "FARGATE"
    if not strategy:
        cluster = inventory.get(Cluster, service.cluster, near=service)
        strategy = cluster.default_capacity_provider_strategy if cluster else ()
    return bool(strategy) and not some(strategy, lambda share: share.capacity_provider != "FARGATE")


def _following_load(service: Service, inventory: Inventory, config: Config) -> Saving | None:
    """Run as many tasks as each hour needs; None where a task's price is not known."""
    task = _task(service, inventory)
    if task is None:
        return None
    busy = ServiceCpu.of(service, inventory).average.last(config.idle_days).by_period().values()
    count = service.desired_count
    unneeded = [count - min(count, max(1, math.ceil(count * percent / _BUSY))) for percent in busy]
    remark = f"tasks above what each hour of {config.idle_days} days needed at {_BUSY} % CPU"
    mean = sum(unneeded) / len(unneeded)
    return fleets.tasks(task, mean * HOURS_PER_MONTH, service.scope.region, remark=remark) if mean else None
