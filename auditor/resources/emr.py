"""EMR: clusters, security configurations, serverless applications."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Self

from auditor.definitions.emr import Location, locations
from auditor.members import either, flat, in_turn, known_first, some
from auditor.raw import Path, Raw
from auditor.resources.base import Resource, Struct
from auditor.resources.fields import NOWHERE, From, Part, decoded, walk, wrong
from auditor.resources.tags import Tags
from auditor.values import ABSENT, known


class InstanceGroup(Struct):
    """Instances of one type; a bid price, unless it is empty, says that they are Spot instances."""

    instance_type: str
    instance_count: int = 1
    market: Annotated[str, From(tf=NOWHERE)] = "ON_DEMAND"
    bid_price: str | None = None
    auto_scaling_policy: Annotated[Any, From(tf="autoscaling_policy")] = None

    @property
    def is_spot(self) -> bool:
        """Whether they are Spot instances."""
        return either(lambda: self.market == "SPOT", lambda: bool(self.bid_price))


class InstanceTypeConfig(Struct):
    """One of the types that a fleet may consist of."""

    instance_type: str


class InstanceFleet(Struct):
    """Instances of several types, so much of them bought on demand and so much as Spot."""

    target_on_demand_capacity: int = 0
    target_spot_capacity: int = 0
    instance_type_configs: tuple[InstanceTypeConfig, ...] = ()


_ARGS = "HadoopJarStep.Args"
_JAR = "HadoopJarStep.Jar"


class Step(Struct):
    """A step; live, with when it ran."""

    name: str
    jar: Annotated[str | None, From(cfn=_JAR, tf="hadoop_jar_step.jar", live=_JAR)] = None
    args: Annotated[tuple[str, ...], From(cfn=_ARGS, tf="hadoop_jar_step.args", live=_ARGS)] = ()
    started: Annotated[datetime | None, From(cfn=None, tf=None)] = None
    ended: Annotated[datetime | None, From(cfn=None, tf=None)] = None

    @property
    def locations(self) -> tuple[Location, ...]:
        """The places in S3 and HDFS that its arguments name."""
        return known_first(locations(self.args), lambda location: location)


def _application(value: Any) -> str:
    value = known(value)
    return str(known(value.get("Name", "")) if isinstance(value, Mapping) else value)


def _instances(name: str, tf: str) -> From:
    """Where a part of `Instances` stands; the collector puts live ones there, too."""
    return From(cfn=f"Instances.{name}", tf=tf, live=f"Instances.{name}")


_IDLE_TIMEOUT = "AutoTerminationPolicy.IdleTimeout"


class Cluster(Resource, cfn="AWS::EMR::Cluster", tf="aws_emr_cluster"):
    """A cluster on EC2; live, one that is not terminated, with its last steps."""

    release_label: str | None = None
    security_configuration: str | None = None
    kerberos_realm: Annotated[
        str | None,
        From(cfn="KerberosAttributes.Realm", tf="kerberos_attributes.realm", live="KerberosAttributes.Realm"),
    ] = None
    log_uri: str | None = None
    applications: Any = ()
    configurations: Annotated[Any, From(tf=("configurations_json", "configurations"))] = None
    steps: Annotated[tuple[Step, ...], From(tf="step"), Part("AWS::EMR::Step", by="JobFlowId")] = ()
    subnet_id: Annotated[str | None, _instances("Ec2SubnetId", "ec2_attributes.subnet_id")] = None
    subnet_ids: Annotated[tuple[str, ...], _instances("Ec2SubnetIds", "ec2_attributes.subnet_ids")] = ()
    master_security_group: Annotated[
        str | None, _instances("EmrManagedMasterSecurityGroup", "ec2_attributes.emr_managed_master_security_group")
    ] = None
    slave_security_group: Annotated[
        str | None, _instances("EmrManagedSlaveSecurityGroup", "ec2_attributes.emr_managed_slave_security_group")
    ] = None
    additional_master_security_groups: Annotated[
        tuple[str, ...],
        _instances("AdditionalMasterSecurityGroups", "ec2_attributes.additional_master_security_groups"),
    ] = ()
    keep_job_flow_alive_when_no_steps: Annotated[
        bool, _instances("KeepJobFlowAliveWhenNoSteps", "keep_job_flow_alive_when_no_steps")
    ] = True
    master_instance_group: Annotated[
        InstanceGroup | None, _instances("MasterInstanceGroup", "master_instance_group")
    ] = None
    core_instance_group: Annotated[InstanceGroup | None, _instances("CoreInstanceGroup", "core_instance_group")] = None
    task_instance_groups: Annotated[
        tuple[InstanceGroup, ...],
        _instances("TaskInstanceGroups", NOWHERE),
        Part("AWS::EMR::InstanceGroupConfig", by="JobFlowId"),
        Part("aws_emr_instance_group", by="cluster_id"),
    ] = ()
    master_instance_fleet: Annotated[
        InstanceFleet | None, _instances("MasterInstanceFleet", "master_instance_fleet")
    ] = None
    core_instance_fleet: Annotated[InstanceFleet | None, _instances("CoreInstanceFleet", "core_instance_fleet")] = None
    task_instance_fleets: Annotated[
        tuple[InstanceFleet, ...],
        _instances("TaskInstanceFleets", NOWHERE),
        Part("AWS::EMR::InstanceFleetConfig", by="ClusterId"),
        Part("aws_emr_instance_fleet", by="cluster_id"),
    ] = ()
    compute_limits: Annotated[
        Any,
        From(cfn="ManagedScalingPolicy.ComputeLimits", tf=NOWHERE, live="ManagedScalingPolicy.ComputeLimits"),
        Part("aws_emr_managed_scaling_policy", by="cluster_id", take="compute_limits"),
    ] = None
    idle_timeout: Annotated[
        int | None, From(cfn=_IDLE_TIMEOUT, tf="auto_termination_policy.idle_timeout", live=_IDLE_TIMEOUT)
    ] = None
    state: Annotated[str, From(cfn=None, tf=None, live="Status.State")]
    creation_time: Annotated[datetime, From(cfn=None, tf=None, live="Status.Timeline.CreationDateTime")]
    master_public_ip: Annotated[str | None, From(cfn=None, tf=None)] = None
    tags: Tags = Tags({})

    @property
    def has_hbase(self) -> bool:
        """Whether it serves a database at all hours; Terraform has applications' names, the others blocks of them."""
        names = known_first(self.applications, _application)
        return some(names, lambda name: name.lower() == "hbase")

    @property
    def worker_groups(self) -> tuple[InstanceGroup, ...]:
        """The groups of core and task nodes."""
        core = known_first((self,), lambda one: one.core_instance_group)
        return in_turn(core, flat((self,), lambda one: one.task_instance_groups))

    @property
    def worker_fleets(self) -> tuple[InstanceFleet, ...]:
        """The fleets of core and task nodes."""
        core = known_first((self,), lambda one: one.core_instance_fleet)
        return in_turn(core, flat((self,), lambda one: one.task_instance_fleets))


class SecuritySettings:
    """What a security configuration says: JSON, as a text or as a map."""

    def __init__(self, settings: Mapping[str, Any]) -> None:
        """`settings` as they stand in the source."""
        self._settings = settings

    @classmethod
    def from_raw(cls, value: Any, raw: Raw, path: Path) -> Self:
        """Read the settings.

        Raises:
            Undecided: they are no JSON object.
        """
        value = decoded(value, path)
        if not isinstance(value, Mapping):
            raise wrong(path, "a map", value)
        return cls(value)

    @property
    def encrypts_at_rest(self) -> bool:
        """Whether what is in S3 or on local disks is encrypted."""
        return self._is_on("EnableAtRestEncryption")

    @property
    def encrypts_local_disks(self) -> bool:
        """Whether local disks are among it."""
        return self.encrypts_at_rest and self._has(
            "EncryptionConfiguration", "AtRestEncryptionConfiguration", "LocalDiskEncryptionConfiguration"
        )

    @property
    def encrypts_in_transit(self) -> bool:
        """Whether the connections between nodes are encrypted."""
        return self._is_on("EnableInTransitEncryption")

    @property
    def has_kerberos(self) -> bool:
        """Whether users are authenticated by Kerberos."""
        return self._has("AuthenticationConfiguration", "KerberosConfiguration")

    @property
    def has_runtime_roles(self) -> bool:
        """Whether each step can run with an IAM role of its own."""
        path = ("AuthorizationConfiguration", "IAMConfiguration", "EnableApplicationScopedIAMRole")
        return str(walk(self._settings, path)).lower() == "true"

    def _is_on(self, switch: str) -> bool:
        return str(walk(self._settings, ("EncryptionConfiguration", switch))).lower() == "true"

    def _has(self, *path: str) -> bool:
        return walk(self._settings, path) is not ABSENT


class SecurityConfiguration(Resource, cfn="AWS::EMR::SecurityConfiguration", tf="aws_emr_security_configuration"):
    """How the clusters that name it encrypt, and authenticate users."""

    settings: Annotated[
        SecuritySettings, From(cfn="SecurityConfiguration", tf="configuration", live="SecurityConfiguration")
    ]


class BlockPublicAccess(Resource, cfn="api:EMR::BlockPublicAccess", tf="aws_emr_block_public_access_configuration"):
    """Whether clusters of a region may have security groups that are open to everyone; there is one for each region."""

    block_public_security_group_rules: Annotated[
        bool, From(live="BlockPublicAccessConfiguration.BlockPublicSecurityGroupRules")
    ]


_S3_LOG = "MonitoringConfiguration.S3MonitoringConfiguration.LogUri"
_MANAGED_LOG = "MonitoringConfiguration.ManagedPersistenceMonitoringConfiguration.Enabled"
_CLOUDWATCH_LOG = "MonitoringConfiguration.CloudWatchLoggingConfiguration.Enabled"


class ServerlessApplication(Resource, cfn="AWS::EMRServerless::Application", tf="aws_emrserverless_application"):
    """An EMR Serverless application."""

    log_uri: Annotated[
        str | None,
        From(cfn=_S3_LOG, tf="monitoring_configuration.s3_monitoring_configuration.log_uri", live=_S3_LOG),
    ] = None
    cloudwatch_logging: Annotated[
        bool,
        From(
            cfn=_CLOUDWATCH_LOG,
            tf="monitoring_configuration.cloudwatch_logging_configuration.enabled",
            live=_CLOUDWATCH_LOG,
        ),
    ] = False
    managed_logging: Annotated[
        bool,
        From(
            cfn=_MANAGED_LOG,
            tf="monitoring_configuration.managed_persistence_monitoring_configuration.enabled",
            live=_MANAGED_LOG,
        ),
    ] = True
    release_label: str
    tags: Tags = Tags({})
