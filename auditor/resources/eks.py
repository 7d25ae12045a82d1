"""EKS: clusters, their add-ons and node groups, and which versions AWS supports."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any

from auditor.raw import Path, Raw
from auditor.resources.base import Resource, Struct
from auditor.resources.fields import From, wrong
from auditor.resources.tags import Tags
from auditor.values import known


class LogType(str):
    """A kind of control plane log, such as `audit`: CloudFormation has a block for it, the others a text."""

    __slots__ = ()

    @classmethod
    def from_raw(cls, value: Any, raw: Raw, path: Path) -> "LogType":
        """Read either."""
        name = known(value.get("Type")) if isinstance(value, Mapping) else value
        if not isinstance(name, str):
            raise wrong(path, "a log type", name)
        return cls(name)


class EncryptionConfig(Struct):
    """A KMS key, and the kinds of resources that it encrypts: `secrets`."""

    resources: tuple[str, ...] = ()
    key_arn: Annotated[str | None, From(cfn="Provider.KeyArn", tf="provider.key_arn", live="Provider.KeyArn")] = None


class Cluster(Resource, cfn="AWS::EKS::Cluster", tf="aws_eks_cluster"):
    """A cluster that is not being deleted."""

    version: str | None = None
    endpoint_public_access: Annotated[
        bool,
        From(
            cfn="ResourcesVpcConfig.EndpointPublicAccess",
            tf="vpc_config.endpoint_public_access",
            live="ResourcesVpcConfig.EndpointPublicAccess",
        ),
    ] = True
    endpoint_private_access: Annotated[
        bool,
        From(
            cfn="ResourcesVpcConfig.EndpointPrivateAccess",
            tf="vpc_config.endpoint_private_access",
            live="ResourcesVpcConfig.EndpointPrivateAccess",
        ),
    ] = False
    public_access_cidrs: Annotated[
        tuple[str, ...],
        From(
            cfn="ResourcesVpcConfig.PublicAccessCidrs",
            tf="vpc_config.public_access_cidrs",
            live="ResourcesVpcConfig.PublicAccessCidrs",
        ),
    ] = ("0.0.0.0/0",)
    security_group_ids: Annotated[
        tuple[str, ...],
        From(
            cfn="ResourcesVpcConfig.SecurityGroupIds",
            tf="vpc_config.security_group_ids",
            live="ResourcesVpcConfig.SecurityGroupIds",
        ),
    ] = ()
    encryption_config: tuple[EncryptionConfig, ...] = ()
    enabled_log_types: Annotated[
        tuple[LogType, ...],
        From(
            cfn="Logging.ClusterLogging.EnabledTypes",
            tf="enabled_cluster_log_types",
            live="Logging.ClusterLogging.EnabledTypes",
        ),
    ] = ()
    deletion_protection: bool = False
    tags: Tags = Tags({})


class Addon(Resource, cfn="AWS::EKS::Addon", tf="aws_eks_addon"):
    """An add-on of a cluster; `configuration_values` is JSON or YAML."""

    cluster_name: str
    addon_name: str
    configuration_values: str | None = None


class Taint(Struct):
    """What keeps pods off the nodes of a group."""

    key: str | None = None


class NodeLaunchTemplate(Struct):
    """The launch template of a node group."""

    id: str | None = None
    name: str | None = None


class NodeAutoScalingGroup(Struct):
    """The Auto Scaling group that a node group's instances are in."""

    name: str


class Nodegroup(Resource, cfn="AWS::EKS::Nodegroup", tf="aws_eks_node_group"):
    """A managed node group."""

    cluster_name: str
    version: str | None = None
    release_version: str | None = None
    ami_type: str | None = None
    capacity_type: str = "ON_DEMAND"
    instance_types: tuple[str, ...] = ()
    min_size: Annotated[
        int | None, From(cfn="ScalingConfig.MinSize", tf="scaling_config.min_size", live="ScalingConfig.MinSize")
    ] = None
    max_size: Annotated[
        int | None, From(cfn="ScalingConfig.MaxSize", tf="scaling_config.max_size", live="ScalingConfig.MaxSize")
    ] = None
    desired_size: Annotated[
        int | None,
        From(cfn="ScalingConfig.DesiredSize", tf="scaling_config.desired_size", live="ScalingConfig.DesiredSize"),
    ] = None
    taints: Annotated[tuple[Taint, ...], From(tf="taint")] = ()
    labels: Tags = Tags({})
    launch_template: NodeLaunchTemplate | None = None
    ec2_ssh_key: Annotated[
        str | None, From(cfn="RemoteAccess.Ec2SshKey", tf="remote_access.ec2_ssh_key", live="RemoteAccess.Ec2SshKey")
    ] = None
    source_security_groups: Annotated[
        tuple[str, ...],
        From(
            cfn="RemoteAccess.SourceSecurityGroups",
            tf="remote_access.source_security_group_ids",
            live="RemoteAccess.SourceSecurityGroups",
        ),
    ] = ()
    auto_scaling_groups: Annotated[
        tuple[NodeAutoScalingGroup, ...], From(cfn=None, tf=None, live="Resources.AutoScalingGroups")
    ] = ()
    tags: Tags = Tags({})


class ClusterVersion(Resource, cfn="api:EKS::ClusterVersion"):
    """A version of Kubernetes and until when AWS supports it (EKS DescribeClusterVersions)."""

    cluster_version: str
    version_status: str
    end_of_standard_support_date: datetime | None = None
    end_of_extended_support_date: datetime | None = None
