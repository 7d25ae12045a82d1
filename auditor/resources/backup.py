"""AWS Backup: plans, what they cover, vaults, recovery points."""

from datetime import datetime
from typing import Annotated, Any

from auditor.resources.base import Resource, Struct
from auditor.resources.fields import From


class CopyAction(Struct):
    """Where a rule copies its recovery points."""

    destination_backup_vault_arn: Annotated[str, From(tf="destination_vault_arn")]


class BackupRule(Struct):
    """One rule of a plan."""

    copy_actions: Annotated[tuple[CopyAction, ...], From(tf="copy_action")] = ()


class BackupPlan(Resource, cfn="AWS::Backup::BackupPlan", tf="aws_backup_plan"):
    """A backup plan (Backup GetBackupPlan)."""

    backup_plan_name: Annotated[
        str | None, From(cfn="BackupPlan.BackupPlanName", tf="name", live="BackupPlan.BackupPlanName")
    ] = None
    rules: Annotated[
        tuple[BackupRule, ...], From(cfn="BackupPlan.BackupPlanRule", tf="rule", live="BackupPlan.Rules")
    ] = ()


class SelectionTag(Struct):
    """A tag of the resources that a plan covers."""

    key: Annotated[str, From(cfn="ConditionKey", live="ConditionKey")]
    value: Annotated[str, From(cfn="ConditionValue", live="ConditionValue")]


class BackupSelection(Resource, cfn="AWS::Backup::BackupSelection", tf="aws_backup_selection"):
    """What a plan covers: ARNs, maybe with `*`, and resources with one of the tags."""

    resources: Annotated[tuple[str, ...], From(cfn="BackupSelection.Resources", live="BackupSelection.Resources")] = ()
    not_resources: Annotated[
        tuple[str, ...], From(cfn="BackupSelection.NotResources", live="BackupSelection.NotResources")
    ] = ()
    tags: Annotated[
        tuple[SelectionTag, ...],
        From(cfn="BackupSelection.ListOfTags", tf="selection_tag", live="BackupSelection.ListOfTags"),
    ] = ()
    conditions: Annotated[
        Any, From(cfn="BackupSelection.Conditions", tf="condition", live="BackupSelection.Conditions")
    ] = None


class BackupVault(Resource, cfn="AWS::Backup::BackupVault", tf="aws_backup_vault"):
    """A vault of recovery points."""

    backup_vault_name: Annotated[str, From(tf="name")]
    encryption_key_arn: Annotated[str | None, From(tf="kms_key_arn")] = None


class RecoveryPoint(Resource, cfn="api:Backup::RecoveryPoint"):
    """A backup (Backup ListRecoveryPointsByBackupVault)."""

    is_encrypted: bool
    encryption_key_arn: str | None = None


class ReportPlan(Resource, cfn="AWS::Backup::ReportPlan", tf="aws_backup_report_plan"):
    """A report that Backup makes regularly."""

    report_plan_name: Annotated[str, From(tf="name")]


class ProtectedResource(Resource, cfn="api:Backup::ProtectedResource"):
    """A resource of which there is a backup (Backup ListProtectedResources); it answers to that resource's ARN."""

    resource_arn: str
    last_backup_time: datetime | None = None
