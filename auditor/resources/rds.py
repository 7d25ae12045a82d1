"""RDS: database instances and clusters, their snapshots, parameters, subnets, proxies, reservations, engines."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any

from auditor.members import known_first
from auditor.resources.base import Resource, Struct
from auditor.resources.fields import NOWHERE, From, Part
from auditor.resources.parameters import Parameters
from auditor.resources.tags import Tags


class DBInstance(Resource, cfn="AWS::RDS::DBInstance", tf="aws_db_instance"):
    """A database instance (RDS DescribeDBInstances)."""

    db_instance_class: Annotated[
        str | None, From(cfn="DBInstanceClass", tf="instance_class", live="DBInstanceClass")
    ] = None
    db_cluster_identifier: Annotated[
        str | None, From(cfn="DBClusterIdentifier", tf=NOWHERE, live="DBClusterIdentifier")
    ] = None
    source_db_instance_identifier: Annotated[
        str | None,
        From(cfn="SourceDBInstanceIdentifier", tf="replicate_source_db", live="ReadReplicaSourceDBInstanceIdentifier"),
    ] = None
    db_parameter_group_name: Annotated[
        str | None,
        From(cfn="DBParameterGroupName", tf="parameter_group_name", live="DBParameterGroups.DBParameterGroupName"),
    ] = None
    db_security_groups: Annotated[tuple[str, ...], From(cfn="DBSecurityGroups", tf=NOWHERE, live=NOWHERE)] = ()
    db_subnet_group_name: Annotated[
        str | None, From(cfn="DBSubnetGroupName", live="DBSubnetGroup.DBSubnetGroupName")
    ] = None
    engine: str | None = None
    engine_version: str | None = None
    engine_lifecycle_support: str = "open-source-rds-extended-support"
    storage_type: str | None = None
    storage_encrypted: bool = False
    kms_key_id: str | None = None
    multi_az: Annotated[bool, From(cfn="MultiAZ", live="MultiAZ")] = False
    # None: it depends on its subnets
    publicly_accessible: Annotated[bool | None, From(tf_default=False)] = None
    port: Annotated[int | None, From(live="Endpoint.Port")] = None
    vpc_security_groups: Annotated[
        tuple[Any, ...], From(cfn="VPCSecurityGroups", tf="vpc_security_group_ids", live="VpcSecurityGroups")
    ] = ()
    db_snapshot_identifier: Annotated[
        str | None, From(cfn="DBSnapshotIdentifier", tf="snapshot_identifier", live=NOWHERE)
    ] = None
    master_username: Annotated[str | None, From(tf="username")] = None
    master_user_password: Annotated[str | None, From(tf=("password", "password_wo"), live=None)] = None
    manage_master_user_password: Annotated[bool | None, From(live=NOWHERE)] = None
    master_user_secret: Annotated[str | None, From(cfn=NOWHERE, tf=NOWHERE, live="MasterUserSecret.SecretArn")] = None
    enable_iam_database_authentication: Annotated[
        bool,
        From(
            cfn="EnableIAMDatabaseAuthentication",
            tf="iam_database_authentication_enabled",
            live="IAMDatabaseAuthenticationEnabled",
        ),
    ] = False
    backup_retention_period: Annotated[int, From(tf_default=0)] = 1
    automatic_backup_replication_kms_key_id: Annotated[
        str | None,
        From(tf=NOWHERE, live=None),
        Part("aws_db_instance_automated_backups_replication", "source_db_instance_arn", "kms_key_id"),
    ] = None
    deletion_protection: bool = False
    auto_minor_version_upgrade: bool = True
    copy_tags_to_snapshot: bool = False
    monitoring_interval: int = 0
    enable_performance_insights: Annotated[
        bool, From(tf="performance_insights_enabled", live="PerformanceInsightsEnabled")
    ] = False
    performance_insights_kms_key_id: Annotated[
        str | None, From(cfn="PerformanceInsightsKMSKeyId", live="PerformanceInsightsKMSKeyId")
    ] = None
    enable_cloudwatch_logs_exports: Annotated[
        tuple[str, ...], From(tf="enabled_cloudwatch_logs_exports", live="EnabledCloudwatchLogsExports")
    ] = ()
    ca_certificate_identifier: Annotated[
        str | None, From(cfn="CACertificateIdentifier", tf="ca_cert_identifier", live="CACertificateIdentifier")
    ] = None
    certificate_valid_till: Annotated[datetime | None, From(cfn=None, tf=None, live="CertificateDetails.ValidTill")] = (
        None
    )
    status: Annotated[str, From(cfn=None, tf=None, live="DBInstanceStatus")]
    created: Annotated[datetime, From(cfn=None, tf=None, live="InstanceCreateTime")]
    tags: Annotated[Tags, From(live="TagList")] = Tags({})

    @property
    def has_default_parameters(self) -> bool:
        """Whether it has AWS's own parameter group for its engine and version."""
        return (self.db_parameter_group_name or "default.").startswith("default.")

    @property
    def copied_from(self) -> str | None:
        """What it is restored from or a replica of, as far as a template says; it is encrypted as that is."""
        return None if self.raw.dialect == "live" else self.db_snapshot_identifier or self.source_db_instance_identifier

    @property
    def security_groups(self) -> tuple[str, ...]:
        """The ids of its VPC security groups, which the API tells with their state."""
        key = "VpcSecurityGroupId"
        return known_first(self.vpc_security_groups, lambda one: one[key] if isinstance(one, Mapping) else one)


class ClusterInstance(DBInstance, tf="aws_rds_cluster_instance"):
    """An instance of an Aurora cluster, which Terraform keeps apart."""

    db_cluster_identifier: Annotated[
        str | None, From(cfn="DBClusterIdentifier", tf="cluster_identifier", live="DBClusterIdentifier")
    ] = None
    db_parameter_group_name: Annotated[
        str | None, From(cfn="DBParameterGroupName", live="DBParameterGroups.DBParameterGroupName")
    ] = None
    publicly_accessible: bool | None = None


class DBCluster(Resource, cfn="AWS::RDS::DBCluster", tf="aws_rds_cluster"):
    """A cluster: Aurora, or an instance with two readable standbys (RDS DescribeDBClusters)."""

    db_cluster_instance_class: Annotated[
        str | None, From(cfn="DBClusterInstanceClass", live="DBClusterInstanceClass")
    ] = None
    db_cluster_parameter_group_name: Annotated[
        str | None, From(cfn="DBClusterParameterGroupName", live="DBClusterParameterGroup")
    ] = None
    engine: str | None = None
    engine_version: str | None = None
    engine_lifecycle_support: str = "open-source-rds-extended-support"
    engine_mode: str = "provisioned"
    snapshot_identifier: Annotated[str | None, From(live=NOWHERE)] = None
    source_db_cluster_identifier: Annotated[
        str | None, From(cfn="SourceDBClusterIdentifier", tf="replication_source_identifier", live=NOWHERE)
    ] = None
    storage_encrypted: bool = False
    kms_key_id: str | None = None
    availability_zones: tuple[str, ...] = ()
    multi_az: Annotated[bool, From(cfn=None, tf=None, live="MultiAZ")]
    publicly_accessible: Annotated[bool | None, From(tf=NOWHERE)] = None  # None: it depends on its subnets
    db_subnet_group_name: Annotated[str | None, From(cfn="DBSubnetGroupName", live="DBSubnetGroup")] = None
    port: int | None = None
    master_username: str | None = None
    master_user_password: Annotated[str | None, From(tf=("master_password", "master_password_wo"), live=None)] = None
    manage_master_user_password: Annotated[bool | None, From(live=NOWHERE)] = None
    master_user_secret: Annotated[str | None, From(cfn=NOWHERE, tf=NOWHERE, live="MasterUserSecret.SecretArn")] = None
    enable_iam_database_authentication: Annotated[
        bool,
        From(
            cfn="EnableIAMDatabaseAuthentication",
            tf="iam_database_authentication_enabled",
            live="IAMDatabaseAuthenticationEnabled",
        ),
    ] = False
    backup_retention_period: int = 1
    backtrack_window: int = 0
    deletion_protection: bool = False
    auto_minor_version_upgrade: Annotated[bool, From(tf=NOWHERE)] = True
    copy_tags_to_snapshot: bool = False
    monitoring_interval: int = 0
    enable_cloudwatch_logs_exports: Annotated[
        tuple[str, ...], From(tf="enabled_cloudwatch_logs_exports", live="EnabledCloudwatchLogsExports")
    ] = ()
    activity_stream_kms_key_id: Annotated[
        str | None, From(cfn=None, tf=NOWHERE), Part("aws_rds_cluster_activity_stream", "resource_arn", "kms_key_id")
    ] = None
    status: Annotated[str, From(cfn=None, tf=None)]
    tags: Annotated[Tags, From(live="TagList")] = Tags({})

    @property
    def has_default_parameters(self) -> bool:
        """Whether it has AWS's own parameter group for its engine and version."""
        return (self.db_cluster_parameter_group_name or "default.").startswith("default.")

    @property
    def copied_from(self) -> str | None:
        """What it is restored from or a replica of, as far as a template says; it is encrypted as that is."""
        return self.snapshot_identifier or self.source_db_cluster_identifier


class GlobalCluster(Resource, cfn="AWS::RDS::GlobalCluster", tf="aws_rds_global_cluster"):
    """Aurora clusters of several regions that are one database (RDS DescribeGlobalClusters)."""

    storage_encrypted: bool = False
    source_db_cluster_identifier: Annotated[str | None, From(cfn="SourceDBClusterIdentifier", live=NOWHERE)] = None

    @property
    def copied_from(self) -> str | None:
        """The cluster that it began with, as far as a template says; it is encrypted as that is."""
        return self.source_db_cluster_identifier


class AutomatedBackup(Resource, cfn="api:RDS::DBInstanceAutomatedBackup"):
    """Automated backups of an instance, which may be in another region, or gone."""

    encrypted: bool = False
    kms_key_id: str | None = None


class DBSubnetGroup(Resource, cfn="AWS::RDS::DBSubnetGroup", tf="aws_db_subnet_group"):
    """Subnets for databases."""

    subnet_ids: tuple[str, ...] = ()


class DBSecurityGroup(Resource, cfn="AWS::RDS::DBSecurityGroup"):
    """A security group of EC2-Classic, which AWS retired in 2022: an account has none, an old template may."""


class ParameterGroup(Resource):
    """Parameters that differ from the family's defaults."""

    family: Annotated[str | None, From(live="DBParameterGroupFamily")] = None
    parameters: Annotated[Parameters, From(tf="parameter")] = Parameters({})


class DBParameterGroup(ParameterGroup, cfn="AWS::RDS::DBParameterGroup", tf="aws_db_parameter_group"):
    """Parameters of instances (RDS DescribeDBParameters)."""


class DBClusterParameterGroup(
    ParameterGroup, cfn="AWS::RDS::DBClusterParameterGroup", tf="aws_rds_cluster_parameter_group"
):
    """Parameters of clusters (RDS DescribeDBClusterParameters)."""


class DBProxy(Resource, cfn="AWS::RDS::DBProxy", tf="aws_db_proxy"):
    """A pool of connections to a database."""

    require_tls: Annotated[bool, From(cfn="RequireTLS", live="RequireTLS")] = False


class Snapshot(Resource):
    """A snapshot that somebody made: those that RDS makes are as encrypted as their database, and never shared."""

    kms_key_id: str | None = None
    shared_accounts: Annotated[tuple[str, ...], From(cfn=None)] = ()
    created: Annotated[datetime, From(cfn=None, tf=None, live="SnapshotCreateTime")]
    allocated_storage: Annotated[int | None, From(cfn=None)] = None


class DBSnapshot(Snapshot, cfn="AWS::RDS::DBSnapshot", tf="aws_db_snapshot"):
    """A snapshot of an instance (RDS DescribeDBSnapshots)."""

    encrypted: bool = False
    db_instance_identifier: Annotated[str, From(cfn="DBInstanceIdentifier", live="DBInstanceIdentifier")]


class DBSnapshotCopy(Resource, tf="aws_db_snapshot_copy"):
    """A copy of a snapshot as Terraform declares it; in an account it is a `DBSnapshot`."""

    kms_key_id: str | None = None


class ClusterSnapshot(Snapshot, cfn="AWS::RDS::ClusterSnapshot", tf="aws_db_cluster_snapshot"):
    """A snapshot of a cluster (RDS DescribeDBClusterSnapshots)."""

    encrypted: Annotated[bool, From(cfn="StorageEncrypted", tf="storage_encrypted", live="StorageEncrypted")] = False
    db_cluster_identifier: Annotated[str, From(cfn="DBClusterIdentifier", live="DBClusterIdentifier")]


class EventSubscription(Resource, cfn="AWS::RDS::EventSubscription", tf="aws_db_event_subscription"):
    """Notifications of what happens to databases; without categories, or a type, of all."""

    source_type: str | None = None
    event_categories: Annotated[tuple[str, ...], From(live="EventCategoriesList")] = ()
    enabled: bool = True


class ReservedDBInstance(Resource, cfn="api:RDS::ReservedDBInstance"):
    """A reservation; duration in seconds (RDS DescribeReservedDBInstances)."""

    db_instance_class: Annotated[str, From(live="DBInstanceClass")]
    product_description: str
    multi_az: Annotated[bool, From(live="MultiAZ")] = False
    count: Annotated[int, From(live="DBInstanceCount")]
    state: str
    start_time: datetime
    duration: int


class Certificate(Resource, cfn="api:RDS::Certificate"):
    """A certificate authority of RDS (RDS DescribeCertificates)."""

    valid_till: datetime


class UpgradeTarget(Struct):
    """A version that a version can be upgraded to."""

    engine_version: str
    auto_upgrade: bool = False
    is_major_version_upgrade: bool = False


class EngineVersion(Resource, cfn="api:RDS::DBEngineVersion"):
    """A version that a database of the region runs; its name is such as `postgres 15.4`."""

    status: str
    valid_upgrade_targets: Annotated[tuple[UpgradeTarget, ...], From(live="ValidUpgradeTarget")] = ()


class SupportPeriod(Struct):
    """Until when a version has a kind of support, such as `open-source-rds-extended-support`."""

    name: Annotated[str, From(live="LifecycleSupportName")]
    start: Annotated[datetime, From(live="LifecycleSupportStartDate")]
    end: Annotated[datetime, From(live="LifecycleSupportEndDate")]


class MajorEngineVersion(Resource, cfn="api:RDS::DBMajorEngineVersion"):
    """A major version of an engine, with its end of support; its name is such as `postgres 15`."""

    support: Annotated[tuple[SupportPeriod, ...], From(live="SupportedEngineLifecycles")] = ()
