"""What Batch's compute environments cost."""

import math

from auditor import HIGH, MEDIUM, Findings, Inventory, check
from auditor.members import flat, if_decided, some
from auditor.pricing import book, fleets
from auditor.pricing.book import HOURS_PER_MONTH
from auditor.pricing.saving import Saving
from auditor.resources.batch import ComputeEnvironment, JobQueue

_ON_DEMAND = ("EC2", "FARGATE")
_SPOT = ("SPOT", "FARGATE_SPOT")

_ENVIRONMENT = "{Type: MANAGED, ComputeResources: {Type: %s, MaxvCpus: 256, Subnets: [subnet-1]%s}}"
_QUEUE = """
        Resources:
          Cheap: {Type: AWS::Batch::ComputeEnvironment, Properties: %s}
          Sure: {Type: AWS::Batch::ComputeEnvironment, Properties: %s}
          Jobs:
            Type: AWS::Batch::JobQueue
            Properties:
              Priority: 1
              ComputeEnvironmentOrder:
                - {Order: 1, ComputeEnvironment: !Ref Cheap}
                - {Order: 2, ComputeEnvironment: !Ref Sure}
        """


@check(
    "batch-compute-spot-missing",
    title="Batch compute environments for ML batch jobs use spot capacity",
    severity=MEDIUM,
    uses=(JobQueue,),
    bad=(
        f"AWS::Batch::ComputeEnvironment: {_ENVIRONMENT % ('EC2', '')}",
        f"AWS::Batch::ComputeEnvironment: {_ENVIRONMENT % ('FARGATE', '')}",
        f"AWS::Batch::ComputeEnvironment: {_ENVIRONMENT % ('ec2', '')}",
    ),
    good=(
        f"AWS::Batch::ComputeEnvironment: {_ENVIRONMENT % ('SPOT', '')}",
        f"AWS::Batch::ComputeEnvironment: {_ENVIRONMENT % ('FARGATE_SPOT', '')}",
        "AWS::Batch::ComputeEnvironment: {Type: UNMANAGED}",
        _QUEUE % (_ENVIRONMENT % ("SPOT", ""), _ENVIRONMENT % ("EC2", "")),
    ),
)
def compute_spot_missing(environment: ComputeEnvironment, inventory: Inventory) -> Findings:
    """Batch tries an interrupted job again by itself, and spot capacity costs up to 90 % less.

    An on-demand environment passes where a queue has it beside one with spot capacity, as for what spot can't do.

    Fix: make an environment of type SPOT with the allocation strategy SPOT_PRICE_CAPACITY_OPTIMIZED and put it first in
    the queue, before this one; let job definitions retry. Jobs on several nodes, and very long ones without
    checkpoints, stay on demand.
    """
    if not _is(environment, _ON_DEMAND):
        return
    queues = inventory.referring(JobQueue, _environments, environment)
    others = flat(queues, _environments)

    def is_spot(name: str) -> bool:
        found = inventory.get(ComputeEnvironment, name, near=environment)
        return found is not None and _is(found, _SPOT)

    if not some(others, is_spot):
        message = "runs jobs on demand only; what spot saves depends on the hours that jobs run, and on what"
        yield environment.fail(message, at="compute_type")


@check(
    "batch-compute-min-vcpus",
    title="Batch compute environments scale to zero",
    severity=HIGH,
    bad=(
        f"AWS::Batch::ComputeEnvironment: {_ENVIRONMENT % ('EC2', ', MinvCpus: 16, InstanceTypes: [c5.4xlarge]')}",
        f"AWS::Batch::ComputeEnvironment: {_ENVIRONMENT % ('SPOT', ', MinvCpus: 4, InstanceTypes: [optimal]')}",
    ),
    good=(
        f"AWS::Batch::ComputeEnvironment: {_ENVIRONMENT % ('EC2', ', MinvCpus: 0, InstanceTypes: [c5.4xlarge]')}",
        f"AWS::Batch::ComputeEnvironment: {_ENVIRONMENT % ('FARGATE', '')}",
        "AWS::Batch::ComputeEnvironment: {Type: UNMANAGED}",
    ),
)
def compute_min_vcpus(environment: ComputeEnvironment) -> Findings:
    """VCPUs above a minimum end with their jobs; those of the minimum are paid for at all hours, jobs or not.

    Fix: set MinvCpus to 0, and shorten the wait for the first instance with a small image and warm data instead.
    """
    if environment.minv_cpus > 0:
        saving = if_decided(lambda: _unused(environment))
        hint = "" if saving else "; what they cost without jobs depends on the instance types that Batch picks"
        message = f"keeps {environment.minv_cpus} vCPUs whether or not there are jobs{hint}"
        yield environment.fail(message, at="minv_cpus", expected="0", saving=saving)


def _is(environment: ComputeEnvironment, types: tuple[str, ...]) -> bool:
    """Whether an environment is of some types, which Batch and Terraform take in any case."""
    return (environment.compute_type or "").upper() in types


def _environments(queue: JobQueue) -> tuple[str, ...]:
    return queue.environments


def _unused(environment: ComputeEnvironment) -> Saving | None:
    """At the most all hours of the instances that hold the minimum; None where Batch picks their type."""
    names = environment.instance_types
    kind = book.instance_type(names[0]) if len(names) == 1 else None
    if kind is None:
        return None
    count = environment.minv_cpus / kind.vcpu
    return fleets.fewer(
        kind.name,
        math.ceil(count) * HOURS_PER_MONTH,
        environment.scope.region,
        remark="as much of it as no job needs",
        spot=_is(environment, _SPOT),
        kind="idle",
    )
