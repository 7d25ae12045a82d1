"""AWS Backup: plans, selections, vaults, recovery points, reports, protected resources."""

from __future__ import annotations

from auditor.inventory import Inventory
from auditor.resources.backup import BackupPlan, BackupSelection, BackupVault, ProtectedResource, RecoveryPoint
from tests.sources.account.services.support import ACCOUNT, REGION, Behaviour, Case, scan

_ARN = f"arn:aws:backup:{REGION}:{ACCOUNT}"
_PLANS = {
    "BackupPlansList": [{"BackupPlanArn": f"{_ARN}:backup-plan:p1", "BackupPlanId": "p1", "BackupPlanName": "nightly"}]
}
_VAULTS = {
    "BackupVaultList": [
        {
            "BackupVaultName": "Default",
            "BackupVaultArn": f"{_ARN}:backup-vault:Default",
            "EncryptionKeyArn": "arn:aws:kms:us-east-1:1:key/k",
            "NumberOfRecoveryPoints": 1,
        }
    ]
}
_TABLE = f"arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/features"
_SELECTION = {
    "SelectionName": "all",
    "IamRoleArn": f"arn:aws:iam::{ACCOUNT}:role/backup",
    "Resources": ["arn:aws:dynamodb:*:*:table/*"],
    "ListOfTags": [{"ConditionType": "STRINGEQUALS", "ConditionKey": "backup", "ConditionValue": "yes"}],
}


class TestBackup(Behaviour):
    cases = (
        Case(
            "AWS::Backup::BackupPlan",
            f"{_ARN}:backup-plan:p1",
            "ListBackupPlans",
            {
                "ListBackupPlans": _PLANS,
                "GetBackupPlan": {
                    "BackupPlan": {
                        "BackupPlanName": "nightly",
                        "Rules": [
                            {
                                "RuleName": "r",
                                "TargetBackupVaultName": "Default",
                                "CopyActions": [
                                    {"DestinationBackupVaultArn": "arn:aws:backup:eu-west-1:1:backup-vault:x"}
                                ],
                            }
                        ],
                    },
                    "BackupPlanId": "p1",
                },
            },
            {"BackupPlanName": "nightly"},
            token="NextToken",
            gone={"GetBackupPlan": "ResourceNotFoundException"},
            needs=(
                "BackupPlanArn",
                "BackupPlanId",
                "BackupPlanName",
                "DestinationBackupVaultArn",
                "RuleName",
                "Rules",
                "TargetBackupVaultName",
            ),
            title="nightly",
        ),
        Case(
            "AWS::Backup::BackupSelection",
            f"{_ARN}:backup-plan:p1/selection/s1",
            "ListBackupPlans",
            {
                "ListBackupPlans": _PLANS,
                "ListBackupSelections": {
                    "BackupSelectionsList": [{"SelectionId": "s1", "SelectionName": "all", "BackupPlanId": "p1"}]
                },
                "GetBackupSelection": {"BackupSelection": _SELECTION, "SelectionId": "s1"},
            },
            {"BackupSelection": _SELECTION},
            token="NextToken",
            gone=dict.fromkeys(("ListBackupSelections", "GetBackupSelection"), "ResourceNotFoundException"),
            needs=(
                "BackupPlanId",
                "ConditionKey",
                "ConditionType",
                "ConditionValue",
                "IamRoleArn",
                "SelectionId",
                "SelectionName",
            ),
        ),
        Case(
            "AWS::Backup::BackupVault",
            f"{_ARN}:backup-vault:Default",
            "ListBackupVaults",
            {"ListBackupVaults": _VAULTS},
            {"EncryptionKeyArn": "arn:aws:kms:us-east-1:1:key/k"},
            token="NextToken",
            needs=("BackupVaultArn",),
            title="Default",
        ),
        Case(
            "api:Backup::RecoveryPoint",
            f"{_ARN}:recovery-point:r1",
            "ListBackupVaults",
            {
                "ListBackupVaults": _VAULTS,
                "ListRecoveryPointsByBackupVault": {
                    "RecoveryPoints": [
                        {
                            "RecoveryPointArn": f"{_ARN}:recovery-point:r1",
                            "ResourceArn": _TABLE,
                            "IsEncrypted": False,
                            "Status": "COMPLETED",
                        }
                    ]
                },
            },
            {"IsEncrypted": False},
            token="NextToken",
            gone={"ListRecoveryPointsByBackupVault": "ResourceNotFoundException"},
            needs=("BackupVaultName", "RecoveryPointArn"),
        ),
        Case(
            "AWS::Backup::ReportPlan",
            f"{_ARN}:report-plan:r",
            "ListReportPlans",
            {"ListReportPlans": {"ReportPlans": [{"ReportPlanArn": f"{_ARN}:report-plan:r", "ReportPlanName": "r"}]}},
            {"ReportPlanName": "r"},
            token="NextToken",
            needs=("ReportPlanArn",),
        ),
        Case(
            "api:Backup::ProtectedResource",
            f"{_ARN}:protected-resource:{_TABLE}",
            "ListProtectedResources",
            {"ListProtectedResources": {"Results": [{"ResourceArn": _TABLE, "ResourceType": "DynamoDB"}]}},
            {"ResourceType": "DynamoDB"},
            token="NextToken",
            needs=("ResourceArn",),
            title=_TABLE,
        ),
    )

    def test_the_fields(self, scripted) -> None:
        for case in self.cases:
            scripted(dict(case.answers))
        inventory = Inventory(scan(*(case.type for case in self.cases)))
        (plan,) = inventory.of(BackupPlan)
        copies = [copy.destination_backup_vault_arn for rule in plan.rules for copy in rule.copy_actions]
        assert copies == ["arn:aws:backup:eu-west-1:1:backup-vault:x"]
        (selection,) = inventory.of(BackupSelection)
        assert selection.resources == ("arn:aws:dynamodb:*:*:table/*",)
        assert [(tag.key, tag.value) for tag in selection.tags] == [("backup", "yes")]
        (point,) = inventory.of(RecoveryPoint)
        assert (point.is_encrypted, point.encryption_key_arn) == (False, None)
        assert inventory.get(ProtectedResource, _TABLE) is not None
        assert inventory.get(ProtectedResource, _TABLE + "2") is None


def test_what_moto_has(aws):
    backup = aws("backup")
    backup.create_backup_vault(BackupVaultName="ml", EncryptionKeyArn="arn:aws:kms:us-east-1:1:key/k")
    rule = {"RuleName": "r", "TargetBackupVaultName": "ml"}
    backup.create_backup_plan(BackupPlan={"BackupPlanName": "nightly", "Rules": [rule]})
    found = scan("AWS::Backup::BackupPlan", "AWS::Backup::BackupVault")
    assert (found.gaps, found.notices) == ([], [])
    inventory = Inventory(found)
    assert [(one.title, [rule.copy_actions for rule in one.rules]) for one in inventory.of(BackupPlan)] == [
        ("nightly", [()])
    ]
    assert [(one.backup_vault_name, one.encryption_key_arn) for one in inventory.of(BackupVault)] == [
        ("ml", "arn:aws:kms:us-east-1:1:key/k")
    ]
