"""Batch: what jobs run on, and how they are defined."""

from typing import Annotated, Any

from auditor.resources.base import Resource, Struct
from auditor.resources.fields import From
from auditor.resources.tags import Tags


class ComputeEnvironment(Resource, cfn="AWS::Batch::ComputeEnvironment", tf="aws_batch_compute_environment"):
    """A compute environment that is not being deleted; an unmanaged one has no compute resources."""

    compute_type: Annotated[
        str | None, From(cfn="ComputeResources.Type", tf="compute_resources.type", live="ComputeResources.Type")
    ] = None
    allocation_strategy: Annotated[
        str | None,
        From(
            cfn="ComputeResources.AllocationStrategy",
            tf="compute_resources.allocation_strategy",
            live="ComputeResources.AllocationStrategy",
        ),
    ] = None
    minv_cpus: Annotated[
        int, From(cfn="ComputeResources.MinvCpus", tf="compute_resources.min_vcpus", live="ComputeResources.MinvCpus")
    ] = 0
    instance_types: Annotated[
        tuple[str, ...],
        From(
            cfn="ComputeResources.InstanceTypes",
            tf="compute_resources.instance_type",
            live="ComputeResources.InstanceTypes",
        ),
    ] = ()
    tags: Tags = Tags({})


class QueueEnvironment(Struct):
    """A compute environment that a queue's jobs go to."""

    compute_environment: str


class JobQueue(Resource, cfn="AWS::Batch::JobQueue", tf="aws_batch_job_queue"):
    """A job queue; live, `has_running_jobs` says whether it runs any now."""

    compute_environment_order: tuple[QueueEnvironment, ...] = ()
    has_running_jobs: Annotated[bool, From(cfn=None, tf=None)]


class Variable(Struct):
    """An environment variable."""

    name: str
    value: str | None = None


class Container(Struct):
    """The container of a job; in Terraform, the JSON that `container_properties` holds."""

    image: str | None = None
    privileged: bool = False
    command: tuple[str, ...] = ()
    environment: tuple[Variable, ...] = ()


class JobDefinition(Resource, cfn="AWS::Batch::JobDefinition", tf="aws_batch_job_definition"):
    """A job definition; live, the newest active revision of each name."""

    container_properties: Container | None = None
    parameters: Any = None
    attempts: Annotated[
        int, From(cfn="RetryStrategy.Attempts", tf="retry_strategy.attempts", live="RetryStrategy.Attempts")
    ] = 1
    attempt_duration_seconds: Annotated[
        int | None,
        From(
            cfn="Timeout.AttemptDurationSeconds",
            tf="timeout.attempt_duration_seconds",
            live="Timeout.AttemptDurationSeconds",
        ),
    ] = None
