"""EFS file systems: what is left when files are lost."""

from auditor import MEDIUM, Findings, Inventory, check
from auditor.knowledge.backups import USES, is_backed_up
from auditor.resources.efs import FileSystem

_SELECTED = """
        Resources:
          Shared: {Type: AWS::EFS::FileSystem, Properties: {Encrypted: true}}
          Selection:
            Type: AWS::Backup::BackupSelection
            Properties:
              BackupPlanId: plan
              BackupSelection: {SelectionName: files, IamRoleArn: role, Resources: [!GetAtt %s.Arn]}
        """


@check(
    "efs-backup",
    title="EFS file systems are backed up",
    severity=MEDIUM,
    uses=USES,
    fixable="bills backups by their size",
    bad=(
        "AWS::EFS::FileSystem: {Encrypted: true}",
        "AWS::EFS::FileSystem: {BackupPolicy: {Status: DISABLED}}",
        "AWS::EFS::FileSystem: {BackupPolicy: {Status: DISABLED}, AvailabilityZoneName: eu-west-1a}",
    ),
    good=(
        "AWS::EFS::FileSystem: {BackupPolicy: {Status: ENABLED}}",
        "AWS::EFS::FileSystem: {AvailabilityZoneName: eu-west-1a}",
        _SELECTED % "Shared",
    ),
)
def file_system_backup(files: FileSystem, inventory: Inventory) -> Findings:
    """Shared files are deleted and overwritten by many hands, and without a backup they are gone.

    Fix: set BackupPolicy to Status ENABLED, which uses AWS Backup's plan for EFS, or add it to a plan of your own.
    """
    status = files.backup_status
    enabled = status in ("ENABLED", "ENABLING") or (status is None and files.availability_zone_name is not None)
    if not enabled and not is_backed_up(files, inventory):
        yield files.fail("is not backed up", at="backup_status", expected="ENABLED")
