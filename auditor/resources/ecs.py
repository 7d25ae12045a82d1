"""ECS: clusters, services, task definitions, and what they run on."""

import re
from typing import Annotated, Any

from auditor.knowledge.container_images import ImageReference
from auditor.resources.base import JsonBlock, Resource, Struct
from auditor.resources.fields import NOWHERE, From, Part
from auditor.resources.tags import Tags
from auditor.values import Undecided

_ASSIGNS = ("ENABLED", "true")  # as AWS and as Terraform write it


_AMOUNT = re.compile(r"(\d*\.?\d+) ?(vcpu|gb)?", re.IGNORECASE)


def _amount(text: str | None) -> float | None:
    """CPU units or MiB, or a text such as "1 vCPU" or "2 GB", in vCPUs or GiB (ECS, "Task size")."""
    if text is None:
        return None
    found = _AMOUNT.fullmatch(text.strip())
    if found is None:
        raise Undecided(f"{text} is no size of a task")
    return float(found[1]) if found[2] else float(found[1]) / 1024


class ClusterSetting(Struct):
    """A setting of a cluster: `containerInsights`."""

    name: str
    value: str


class ExecuteCommandConfiguration(Struct):
    """How ECS Exec sessions are kept."""

    logging: str = "DEFAULT"
    kms_key_id: str | None = None


class CapacityProviderShare(Struct):
    """A capacity provider that tasks may run on."""

    capacity_provider: str


class Cluster(Resource, cfn="AWS::ECS::Cluster", tf="aws_ecs_cluster"):
    """A cluster; without a setting for Container Insights, the account's default held when it was made."""

    cluster_settings: Annotated[tuple[ClusterSetting, ...], From(tf="setting", live="Settings")] = ()
    execute_command_configuration: Annotated[
        ExecuteCommandConfiguration | None,
        From(
            cfn="Configuration.ExecuteCommandConfiguration",
            tf="configuration.execute_command_configuration",
            live="Configuration.ExecuteCommandConfiguration",
        ),
    ] = None
    default_capacity_provider_strategy: Annotated[
        tuple[CapacityProviderShare, ...],
        From(tf=NOWHERE),
        Part("AWS::ECS::ClusterCapacityProviderAssociations", by="Cluster", take="DefaultCapacityProviderStrategy"),
        Part("aws_ecs_cluster_capacity_providers", by="cluster_name", take="default_capacity_provider_strategy"),
    ] = ()
    tags: Tags = Tags({})


class ServiceLoadBalancer(Struct):
    """A load balancer that sends a service its requests."""

    target_group_arn: str | None = None
    load_balancer_name: Annotated[str | None, From(tf="elb_name")] = None


class Service(Resource, cfn="AWS::ECS::Service", tf="aws_ecs_service"):
    """A service that is not deleted."""

    cluster: Annotated[str | None, From(live="ClusterArn")] = None
    task_definition: str | None = None
    desired_count: Annotated[int, From(tf_default=0)] = 1
    scheduling_strategy: str = "REPLICA"
    launch_type: str | None = None
    platform_version: str = "LATEST"
    capacity_provider_strategy: tuple[CapacityProviderShare, ...] = ()
    load_balancers: Annotated[tuple[ServiceLoadBalancer, ...], From(tf="load_balancer")] = ()
    service_registries: Any = None
    service_connect: Annotated[
        bool,
        From(
            cfn="ServiceConnectConfiguration.Enabled",
            tf="service_connect_configuration.enabled",
            live="Deployments.ServiceConnectConfiguration.Enabled",
        ),
    ] = False
    assign_public_ip: Annotated[
        str,
        From(
            cfn="NetworkConfiguration.AwsvpcConfiguration.AssignPublicIp",
            tf="network_configuration.assign_public_ip",
            live="NetworkConfiguration.AwsvpcConfiguration.AssignPublicIp",
        ),
    ] = "DISABLED"
    tags: Tags = Tags({})

    @property
    def has_public_ip(self) -> bool:
        """Whether its tasks get public addresses."""
        return self.assign_public_ip in _ASSIGNS


class TaskSet(Resource, cfn="AWS::ECS::TaskSet", tf="aws_ecs_task_set"):
    """A task set: a service's tasks of one version, where a deployment controller of one's own is used."""

    assign_public_ip: Annotated[
        str,
        From(
            cfn="NetworkConfiguration.AwsVpcConfiguration.AssignPublicIp",
            tf="network_configuration.assign_public_ip",
            live="NetworkConfiguration.AwsvpcConfiguration.AssignPublicIp",
        ),
    ] = "DISABLED"

    @property
    def has_public_ip(self) -> bool:
        """Whether its tasks get public addresses."""
        return self.assign_public_ip in _ASSIGNS


class AutoScalingGroupProvider(Struct):
    """The Auto Scaling group of a capacity provider."""

    managed_termination_protection: str = "DISABLED"


class CapacityProvider(Resource, cfn="AWS::ECS::CapacityProvider", tf="aws_ecs_capacity_provider"):
    """A capacity provider; AWS's own, Fargate and Fargate Spot, have no Auto Scaling group."""

    auto_scaling_group_provider: AutoScalingGroupProvider | None = None


class Variable(JsonBlock):
    """An environment variable."""

    name: str
    value: str | None = None


class LogConfiguration(JsonBlock):
    """Where a container's log goes; `options` is a map that depends on the driver."""

    log_driver: Annotated[str, From(tf="logDriver")]
    options: Any = None


class ContainerDefinition(JsonBlock):
    """One container of a task; in Terraform, a member of the JSON that `container_definitions` holds."""

    name: str | None = None
    image: str | None = None
    image_reference: Annotated[ImageReference, From(cfn="", tf="", live="")]
    user: str | None = None
    privileged: bool = False
    readonly_root_filesystem: Annotated[bool, From(tf="readonlyRootFilesystem")] = False
    environment: tuple[Variable, ...] = ()
    command: tuple[str, ...] = ()
    entry_point: Annotated[tuple[str, ...], From(tf="entryPoint")] = ()
    log_configuration: Annotated[LogConfiguration | None, From(tf="logConfiguration")] = None


class EfsVolume(Struct):
    """An EFS file system that a task mounts."""

    transit_encryption: str = "DISABLED"


class TaskVolume(Struct):
    """A volume of a task."""

    efs_volume_configuration: Annotated[EfsVolume | None, From(cfn="EFSVolumeConfiguration")] = None


class TaskDefinition(Resource, cfn="AWS::ECS::TaskDefinition", tf="aws_ecs_task_definition"):
    """A task definition; live, the newest active revision of each family and those that services run."""

    container_definitions: tuple[ContainerDefinition, ...] = ()
    volumes: Annotated[tuple[TaskVolume, ...], From(tf="volume")] = ()
    network_mode: str | None = None
    pid_mode: str | None = None
    task_role_arn: str | None = None
    execution_role_arn: str | None = None
    cpu: str | None = None
    memory: str | None = None
    cpu_architecture: Annotated[
        str,
        From(
            cfn="RuntimePlatform.CpuArchitecture",
            tf="runtime_platform.cpu_architecture",
            live="RuntimePlatform.CpuArchitecture",
        ),
    ] = "X86_64"
    operating_system_family: Annotated[
        str,
        From(
            cfn="RuntimePlatform.OperatingSystemFamily",
            tf="runtime_platform.operating_system_family",
            live="RuntimePlatform.OperatingSystemFamily",
        ),
    ] = "LINUX"

    @property
    def vcpu(self) -> float | None:
        """The vCPUs of a task, None where it reserves none as a whole; 1024 CPU units are one."""
        return _amount(self.cpu)

    @property
    def memory_gib(self) -> float | None:
        """The memory of a task in GiB, None where it reserves none as a whole."""
        return _amount(self.memory)


class Attribute(Struct):
    """What ECS knows of an instance, such as `ecs.cpu-architecture`."""

    name: str
    value: str | None = None


class ContainerInstance(Resource, cfn="api:ECS::ContainerInstance"):
    """An EC2 or external instance of a cluster (ECS DescribeContainerInstances)."""

    ec2_instance_id: str | None = None
    attributes: tuple[Attribute, ...] = ()
