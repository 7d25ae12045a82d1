"""AWS Backup: plans, what they cover, vaults with their recovery points, reports, what is backed up."""

from __future__ import annotations

from auditor.sources.account.regular import Call, Listing, regular

_PLANS = Listing("ListBackupPlans", "BackupPlansList", shared=True, tells=("BackupPlanId", "BackupPlanName"))
_VAULTS = Listing("ListBackupVaults", "BackupVaultList", shared=True)
_GONE = ("ResourceNotFoundException",)

regular(
    "backup",
    "AWS::Backup::BackupPlan",
    _PLANS,
    describe=Call("GetBackupPlan", "{BackupPlan: BackupPlan}", {"BackupPlanId": "{BackupPlanId}"}, gone=_GONE),
    arn="{BackupPlanArn}",
    title="{BackupPlanName}",
    names=("{BackupPlanId}",),
)

regular(
    "backup",
    "AWS::Backup::BackupSelection",
    Listing(
        "ListBackupSelections",
        "BackupSelectionsList",
        {"BackupPlanId": "{BackupPlanId}"},
        within=_PLANS,
        gone=_GONE,
        tells=("SelectionName",),
    ),
    describe=Call(
        "GetBackupSelection",
        "{BackupSelection: BackupSelection}",
        {"BackupPlanId": "{BackupPlanId}", "SelectionId": "{SelectionId}"},
        gone=_GONE,
    ),
    arn="arn:{partition}:backup:{region}:{account}:backup-plan:{BackupPlanId}/selection/{SelectionId}",
    title="{SelectionName}",
    names=("{SelectionId}",),
)

regular(
    "backup",
    "AWS::Backup::BackupVault",
    _VAULTS,
    arn="{BackupVaultArn}",
    title="{BackupVaultName}",
)

regular(
    "backup",
    "api:Backup::RecoveryPoint",
    Listing(
        "ListRecoveryPointsByBackupVault",
        "RecoveryPoints[?Status!='DELETING']",
        {"BackupVaultName": "{BackupVaultName}"},
        within=_VAULTS,
        gone=_GONE,
    ),
    arn="{RecoveryPointArn}",
)

regular(
    "backup",
    "AWS::Backup::ReportPlan",
    Listing("ListReportPlans", "ReportPlans"),
    arn="{ReportPlanArn}",
    title="{ReportPlanName}",
)

regular(
    "backup",
    "api:Backup::ProtectedResource",
    Listing("ListProtectedResources", "Results"),
    # AWS has no ARN for it; that of the resource itself is the resource's.
    arn="arn:{partition}:backup:{region}:{account}:protected-resource:{ResourceArn}",
    title="{ResourceArn}",
)
