"""Redshift: clusters with their parameters, subnets, schedules, snapshot copies and reservations."""

from datetime import datetime
from typing import Annotated

from auditor.resources.base import Resource, Struct
from auditor.resources.fields import NOWHERE, REQUIRED, From, Part
from auditor.resources.parameters import Parameters
from auditor.resources.tags import Tags


class Logging(Struct):
    """Where a cluster's audit log goes."""

    log_destination_type: str = "s3"
    enabled: Annotated[bool, From(cfn=NOWHERE, tf="enable", live=NOWHERE)] = True


class Cluster(Resource, cfn="AWS::Redshift::Cluster", tf="aws_redshift_cluster"):
    """A cluster (Redshift DescribeClusters)."""

    cluster_identifier: str | None = None
    node_type: str | None = None
    number_of_nodes: int = 1
    master_username: str | None = None
    master_user_password: Annotated[str | None, From(tf=("master_password", "master_password_wo"), live=None)] = None
    manage_master_user_password: Annotated[
        bool | None, From(cfn="ManageMasterPassword", tf="manage_master_password", live=NOWHERE)
    ] = None
    master_user_secret: Annotated[str | None, From(cfn=NOWHERE, tf=NOWHERE, live="MasterPasswordSecretArn")] = None
    db_name: Annotated[str | None, From(cfn="DBName", tf="database_name", live="DBName")] = None
    port: Annotated[int, From(live="Endpoint.Port")] = 5439
    # Since January 2025; Terraform's provider has sent the contrary up to its version 5.
    encrypted: Annotated[bool, From(tf_default=REQUIRED)] = True
    publicly_accessible: Annotated[bool, From(tf_default=REQUIRED)] = False
    kms_key_id: str | None = None
    enhanced_vpc_routing: bool = False
    multi_az: Annotated[bool, From(cfn="MultiAZ", live="MultiAZ")] = False
    cluster_subnet_group_name: str | None = None
    cluster_parameter_group_name: Annotated[str | None, From(live="ClusterParameterGroups.ParameterGroupName")] = None
    cluster_security_groups: Annotated[tuple[str, ...], From(live="ClusterSecurityGroupNames")] = ()
    vpc_security_group_ids: tuple[str, ...] = ()
    automated_snapshot_retention_period: int = 1
    allow_version_upgrade: bool = True
    logging: Annotated[
        Logging | None,
        From(cfn="LoggingProperties", live="LoggingProperties"),
        Part("aws_redshift_logging", "cluster_identifier"),
    ] = None
    status: Annotated[str, From(cfn=None, tf=None, live="ClusterStatus")]
    created: Annotated[datetime, From(cfn=None, tf=None, live="ClusterCreateTime")]
    tags: Tags = Tags({})


class ClusterSubnetGroup(Resource, cfn="AWS::Redshift::ClusterSubnetGroup", tf="aws_redshift_subnet_group"):
    """Subnets for clusters."""

    subnet_ids: tuple[str, ...] = ()


class ClusterParameterGroup(Resource, cfn="AWS::Redshift::ClusterParameterGroup", tf="aws_redshift_parameter_group"):
    """Parameters that differ from the family's defaults (Redshift DescribeClusterParameters)."""

    family: Annotated[str, From(cfn="ParameterGroupFamily", tf="family", live="ParameterGroupFamily")]
    parameters: Annotated[Parameters, From(tf="parameter")] = Parameters({})


class ScheduledAction(Resource, cfn="AWS::Redshift::ScheduledAction", tf="aws_redshift_scheduled_action"):
    """What is done to a cluster at set times."""

    enabled: Annotated[bool, From(cfn="Enable", tf="enable")] = True
    pauses: Annotated[
        str | None,
        From(
            cfn="TargetAction.PauseCluster.ClusterIdentifier",
            tf="target_action.pause_cluster.cluster_identifier",
            live="TargetAction.PauseCluster.ClusterIdentifier",
        ),
    ] = None


class SnapshotCopyGrant(Resource, cfn="AWS::Redshift::SnapshotCopyGrant", tf="aws_redshift_snapshot_copy_grant"):
    """What lets Redshift encrypt copies of snapshots in another region; without a key, with AWS's own."""

    kms_key_id: str | None = None


class ReservedNode(Resource, cfn="api:Redshift::ReservedNode"):
    """A reservation; duration in seconds (Redshift DescribeReservedNodes)."""

    node_type: str
    count: Annotated[int, From(live="NodeCount")]
    state: str
    start_time: datetime
    duration: int
