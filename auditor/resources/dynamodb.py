"""DynamoDB: tables and their replicas."""

from typing import Annotated

from auditor.policy import Policy
from auditor.resources.base import Resource, Struct
from auditor.resources.fields import NOWHERE, From, Part
from auditor.resources.tags import Tags


class Encryption(Struct):
    """Encryption with a key of KMS; without one DynamoDB uses its own key."""

    enabled: Annotated[bool, From(cfn="SSEEnabled", live="SSEEnabled")] = False
    kms_key_id: Annotated[str | None, From(cfn="KMSMasterKeyId", tf="kms_key_arn", live="KMSMasterKeyId")] = None


class Index(Struct):
    """A global secondary index, with capacity of its own."""

    index_name: Annotated[str, From(tf="name")]
    read_capacity: Annotated[
        int, From(cfn="ProvisionedThroughput.ReadCapacityUnits", live="ProvisionedThroughput.ReadCapacityUnits")
    ] = 0
    write_capacity: Annotated[
        int, From(cfn="ProvisionedThroughput.WriteCapacityUnits", live="ProvisionedThroughput.WriteCapacityUnits")
    ] = 0


class Replica(Struct):
    """A region's copy of a global table."""

    region: Annotated[str, From(tf="region_name")]
    point_in_time_recovery: Annotated[
        bool,
        From(
            cfn="PointInTimeRecoverySpecification.PointInTimeRecoveryEnabled",
            live="PointInTimeRecoverySpecification.PointInTimeRecoveryEnabled",
        ),
    ] = False
    kms_key_id: Annotated[
        str | None,
        From(cfn="SSESpecification.KMSMasterKeyId", tf="kms_key_arn", live="SSESpecification.KMSMasterKeyId"),
    ] = None


class Table(Resource, cfn="AWS::DynamoDB::Table", tf="aws_dynamodb_table"):
    """A table (DynamoDB DescribeTable). A replica of it is a table of its own region, in a live account."""

    table_name: Annotated[str | None, From(tf="name")] = None
    billing_mode: Annotated[str, From(live="BillingModeSummary.BillingMode")] = "PROVISIONED"
    read_capacity: Annotated[
        int, From(cfn="ProvisionedThroughput.ReadCapacityUnits", live="ProvisionedThroughput.ReadCapacityUnits")
    ] = 0
    write_capacity: Annotated[
        int, From(cfn="ProvisionedThroughput.WriteCapacityUnits", live="ProvisionedThroughput.WriteCapacityUnits")
    ] = 0
    global_secondary_indexes: Annotated[tuple[Index, ...], From(tf="global_secondary_index")] = ()
    deletion_protection_enabled: bool = False
    point_in_time_recovery: Annotated[
        bool,
        From(
            cfn="PointInTimeRecoverySpecification.PointInTimeRecoveryEnabled",
            tf="point_in_time_recovery.enabled",
            live="PointInTimeRecoverySpecification.PointInTimeRecoveryEnabled",
        ),
    ] = False
    encryption: Annotated[
        Encryption | None, From(cfn="SSESpecification", tf="server_side_encryption", live="SSESpecification")
    ] = None
    policy: Annotated[
        Policy | None,
        From(cfn="ResourcePolicy.PolicyDocument", tf=NOWHERE, live="ResourcePolicy"),
        Part("aws_dynamodb_resource_policy", "resource_arn", "policy"),
    ] = None
    replicas: Annotated[tuple[Replica, ...], From(cfn=NOWHERE, tf="replica", live=NOWHERE)] = ()
    tags: Tags = Tags({})


class GlobalTable(Resource, cfn="AWS::DynamoDB::GlobalTable"):
    """A table with its replicas as CloudFormation declares them together; in an account each is a `Table`."""

    billing_mode: str = "PROVISIONED"
    encrypted: Annotated[bool, From(cfn="SSESpecification.SSEEnabled")] = False
    replicas: tuple[Replica, ...] = ()


class TableReplica(Resource, tf="aws_dynamodb_table_replica"):
    """A replica as Terraform declares it; in an account it is a `Table`."""

    kms_key_id: Annotated[str | None, From(tf="kms_key_arn")] = None
    point_in_time_recovery: bool = False
