"""Batch: what jobs run on, and how they are defined."""

from typing import Annotated, Any

from auditor.knowledge.container_images import ImageReference
from auditor.members import flat, in_turn, known_first
from auditor.resources.base import JsonBlock, Resource, Struct
from auditor.resources.fields import NOWHERE, From
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
    # Older configurations have the names alone, in their order.
    compute_environments: Annotated[tuple[str, ...], From(cfn=NOWHERE, live=NOWHERE)] = ()
    has_running_jobs: Annotated[bool, From(cfn=None, tf=None)]

    @property
    def environments(self) -> tuple[str, ...]:
        """The compute environments that its jobs go to."""
        ordered = known_first(self.compute_environment_order, lambda one: one.compute_environment)
        return in_turn(ordered, flat((self,), lambda queue: queue.compute_environments))


class Variable(JsonBlock):
    """An environment variable."""

    name: str
    value: str | None = None


class Container(JsonBlock):
    """The container of a job; in Terraform, the JSON that `container_properties` holds."""

    image: str | None = None
    image_reference: Annotated[ImageReference, From(cfn="", tf="", live="")]
    privileged: bool = False
    command: tuple[str, ...] = ()
    environment: tuple[Variable, ...] = ()
    passed = ("environment", "command")


class NodeRange(JsonBlock):
    """Some nodes of a job that runs on several, with the container that they run."""

    container: Container | None = None


class NodeProperties(JsonBlock):
    """How a job runs on several nodes."""

    node_range_properties: Annotated[tuple[NodeRange, ...], From(tf="nodeRangeProperties")] = ()


class Task(JsonBlock):
    """A job's containers that run together on ECS."""

    containers: tuple[Container, ...] = ()


class EcsProperties(JsonBlock):
    """How a job runs as tasks of ECS."""

    task_properties: Annotated[tuple[Task, ...], From(tf="taskProperties")] = ()


_PRIVILEGED = "SecurityContext.Privileged"


class PodContainer(Struct):
    """A container of a job that runs on EKS."""

    image: str | None = None
    image_reference: Annotated[ImageReference, From(cfn="", tf="", live="")]
    privileged: Annotated[bool, From(cfn=_PRIVILEGED, tf="security_context.privileged", live=_PRIVILEGED)] = False
    command: tuple[str, ...] = ()
    args: tuple[str, ...] = ()
    environment: Annotated[tuple[Variable, ...], From(cfn="Env", tf="env", live="Env")] = ()
    passed = ("environment", "command", "args")


class JobDefinition(Resource, cfn="AWS::Batch::JobDefinition", tf="aws_batch_job_definition"):
    """A job definition; live, the newest active revision of each name."""

    container_properties: Container | None = None
    node_properties: NodeProperties | None = None
    ecs_properties: EcsProperties | None = None
    pod_containers: Annotated[
        tuple[PodContainer, ...],
        From(
            cfn="EksProperties.PodProperties.Containers",
            tf="eks_properties.pod_properties.containers",
            live="EksProperties.PodProperties.Containers",
        ),
    ] = ()
    pod_init_containers: Annotated[
        tuple[PodContainer, ...],
        From(
            cfn="EksProperties.PodProperties.InitContainers",
            tf="eks_properties.pod_properties.init_containers",
            live="EksProperties.PodProperties.InitContainers",
        ),
    ] = ()
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

    @property
    def containers(self) -> tuple[Container | PodContainer, ...]:
        """Every container that the job runs, be it on one node, on several, on ECS or on EKS."""
        own = (self,)
        alone = known_first(own, lambda job: job.container_properties)
        on_nodes = known_first(flat(own, _node_ranges), lambda nodes: nodes.container)
        on_ecs = flat(flat(own, _tasks), lambda task: task.containers)
        on_eks = in_turn(flat(own, lambda job: job.pod_containers), flat(own, lambda job: job.pod_init_containers))
        containers: tuple[Container | PodContainer, ...] = in_turn(alone, on_nodes, on_ecs, on_eks)
        return containers


def _node_ranges(job: JobDefinition) -> tuple[NodeRange, ...]:
    return job.node_properties.node_range_properties if job.node_properties else ()


def _tasks(job: JobDefinition) -> tuple[Task, ...]:
    return job.ecs_properties.task_properties if job.ecs_properties else ()
