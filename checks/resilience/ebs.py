"""EBS volumes: what is left when one is lost."""

from auditor import MEDIUM, Findings, Inventory, check
from auditor.knowledge.backups import USES, is_backed_up
from auditor.members import every, some
from auditor.resources.dlm import LifecyclePolicy
from auditor.resources.ec2 import Snapshot, Volume

_SELECTED = """
        Resources:
          Data: {Type: AWS::EC2::Volume, Properties: {Size: 500, Tags: [{Key: backup, Value: %s}]}}
          Selection:
            Type: AWS::Backup::BackupSelection
            Properties:
              BackupPlanId: plan
              BackupSelection:
                SelectionName: data
                IamRoleArn: role
                %s
        """
_BY_TAG = "ListOfTags: [{ConditionType: STRINGEQUALS, ConditionKey: backup, ConditionValue: daily}]"
_MANAGED = """
        Resources:
          Data: {Type: AWS::EC2::Volume, Properties: {Size: 500, Tags: [{Key: backup, Value: daily}]}}
          Snapshots:
            Type: AWS::DLM::LifecyclePolicy
            Properties:
              State: %s
              PolicyDetails: {ResourceTypes: [VOLUME], TargetTags: [{Key: backup, Value: daily}]}
        """


@check(
    "ebs-volume-backup",
    title="EBS volumes with data have snapshots or a backup plan",
    severity=MEDIUM,
    uses=(*USES, Snapshot, LifecyclePolicy),
    bad=(
        "AWS::EC2::Volume: {Size: 500, AvailabilityZone: eu-west-1a}",
        _SELECTED % ("none", _BY_TAG),
        _SELECTED % ("daily", "Resources: ['arn:aws:rds:*:*:db:*']"),
        _MANAGED % "DISABLED",
    ),
    good=(
        _SELECTED % ("daily", _BY_TAG),
        _SELECTED % ("none", "Resources: ['arn:aws:ec2:*:*:volume/*']"),
        _MANAGED % "ENABLED",
    ),
)
def volume_backup(volume: Volume, inventory: Inventory) -> Findings:
    """A volume lives in one Availability Zone, and what is deleted or overwritten on it is gone.

    Volumes that are deleted with the instance they are attached to hold nothing that should last, and are left out.

    Fix: give the volume the tag that a plan of AWS Backup or a policy of Data Lifecycle Manager selects by.
    """
    kept = every(
        lambda: not volume.is_temporary,
        lambda: not is_backed_up(volume, inventory),
        lambda: not inventory.referring(Snapshot, lambda snapshot: snapshot.volume_id, to=volume),
        lambda: not some(inventory.beside(LifecyclePolicy, volume), lambda policy: policy.snapshots(volume.tags)),
    )
    if kept:
        yield volume.fail("has no snapshot, and no plan makes any", at="tags")
