"""EC2 Auto Scaling: groups, what they start from, and when they scale."""

from typing import TYPE_CHECKING, Annotated, Any

from auditor.members import either, some
from auditor.resources.base import Resource, Struct
from auditor.resources.fields import NOWHERE, From, Part
from auditor.resources.launching import BlockDevice, MetadataOptions
from auditor.resources.tags import Tags

if TYPE_CHECKING:
    from auditor.resources.ec2 import LaunchTemplate


_OF_CLUSTERS = (
    *("kubernetes.io/", "k8s.io/", "eks:", "AmazonECSManaged"),
    *("aws:batch", "AWSBatch", "aws:elasticmapreduce"),
)


class GroupTemplate(Struct):
    """Which launch template a group starts from."""

    launch_template_id: Annotated[str | None, From(tf=("id", "launch_template_id"))] = None
    launch_template_name: Annotated[str | None, From(tf=("name", "launch_template_name"))] = None

    def means(self, template: "LaunchTemplate") -> bool:
        """Whether it is that template."""
        return template.answers_to(self.launch_template_id or self.launch_template_name)


class Override(Struct):
    """An instance type that a group may start besides."""

    instance_type: str | None = None


class InstancesDistribution(Struct):
    """How a group's capacity is split between on-demand and spot instances."""

    on_demand_base_capacity: int = 0
    on_demand_percentage_above_base_capacity: int = 100
    spot_allocation_strategy: str = "lowest-price"


class MixedInstancesPolicy(Struct):
    """Several instance types, and on-demand and spot instances, in one group."""

    instances_distribution: InstancesDistribution | None = None
    launch_template: Annotated[
        GroupTemplate | None,
        From(
            cfn="LaunchTemplate.LaunchTemplateSpecification",
            tf="launch_template.launch_template_specification",
            live="LaunchTemplate.LaunchTemplateSpecification",
        ),
    ] = None
    overrides: Annotated[
        tuple[Override, ...],
        From(cfn="LaunchTemplate.Overrides", tf="launch_template.override", live="LaunchTemplate.Overrides"),
    ] = ()


class GroupTag(Struct):
    """A tag of a group, which its instances may get too."""

    key: str
    value: str | None = None
    propagate_at_launch: bool


class TrafficSource(Struct):
    """What sends a group requests: a target group, a Classic Load Balancer, or VPC Lattice."""

    identifier: str


class AutoScalingGroup(Resource, cfn="AWS::AutoScaling::AutoScalingGroup", tf="aws_autoscaling_group"):
    """An Auto Scaling group that is not being deleted."""

    launch_template: GroupTemplate | None = None
    launch_configuration_name: Annotated[str | None, From(tf="launch_configuration")] = None
    mixed_instances_policy: MixedInstancesPolicy | None = None
    min_size: int
    max_size: int
    desired_capacity: int | None = None
    availability_zones: tuple[str, ...] = ()
    vpc_zone_identifier: Annotated[tuple[str, ...], From(cfn="VPCZoneIdentifier", live="VPCZoneIdentifier")] = ()
    health_check_type: str = "EC2"
    target_group_arns: Annotated[
        tuple[str, ...],
        From(cfn="TargetGroupARNs", live="TargetGroupARNs"),
        Part("aws_autoscaling_attachment", by="autoscaling_group_name", take="lb_target_group_arn"),
    ] = ()
    load_balancer_names: Annotated[
        tuple[str, ...],
        From(tf="load_balancers"),
        Part("aws_autoscaling_attachment", by="autoscaling_group_name", take="elb"),
    ] = ()
    traffic_sources: Annotated[
        tuple[TrafficSource, ...],
        From(tf="traffic_source"),
        Part("aws_autoscaling_traffic_source_attachment", by="autoscaling_group_name", take="traffic_source"),
    ] = ()
    capacity_rebalance: bool = False
    tags: Annotated[tuple[GroupTag, ...], From(tf="tag")] = ()
    own_tags: Annotated[Tags, From(cfn="Tags", tf="tag", live="Tags")] = Tags({})

    @property
    def of_cluster(self) -> bool:
        """Whether its instances are the nodes of a cluster, which scales it: EKS, ECS, Batch or EMR."""
        return some(self.tags, lambda tag: tag.key.startswith(_OF_CLUSTERS))

    def starts(self, template: "LaunchTemplate") -> bool:
        """Whether it starts instances of `template` as that says; a mixed instances policy would decide otherwise."""
        source = self.launch_template
        return source is not None and source.means(template)

    def launches(self, template: "LaunchTemplate") -> bool:
        """Whether it starts instances of `template`, also where a mixed instances policy decides of what type."""

        def in_a_mix() -> bool:
            mix = self.mixed_instances_policy
            return mix is not None and mix.launch_template is not None and mix.launch_template.means(template)

        return either(lambda: self.starts(template), in_a_mix)


class LaunchConfiguration(Resource, cfn="AWS::AutoScaling::LaunchConfiguration", tf="aws_launch_configuration"):
    """What groups start instances from where they have no launch template."""

    instance_type: str | None = None
    associate_public_ip_address: bool | None = None
    metadata_options: MetadataOptions | None = None
    block_device_mappings: Annotated[tuple[BlockDevice, ...], From(tf="ebs_block_device")] = ()
    root_block_device: Annotated[BlockDevice | None, From(cfn=NOWHERE, live=NOWHERE)] = None
    user_data: Annotated[str | None, From(tf=("user_data", "user_data_base64"))] = None
    spot_price: str | None = None


class ScalingPolicy(Resource, cfn="AWS::AutoScaling::ScalingPolicy", tf="aws_autoscaling_policy"):
    """When a group scales."""

    auto_scaling_group_name: Annotated[str, From(tf="autoscaling_group_name")]
    policy_type: str = "SimpleScaling"
    predictive_scaling_configuration: Any = None


class ScheduledAction(Resource, cfn="AWS::AutoScaling::ScheduledAction", tf="aws_autoscaling_schedule"):
    """A change of a group's size at a time."""

    auto_scaling_group_name: Annotated[str, From(tf="autoscaling_group_name")]
    recurrence: str | None = None
