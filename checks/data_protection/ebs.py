"""How EBS volumes are encrypted."""

from auditor import HIGH, MEDIUM, Findings, Undecided, check
from auditor.resources.ec2 import Volume
from auditor.resources.ec2_settings import EbsEncryptionByDefault


@check(
    "ebs-volume-encryption",
    title="EBS volumes are encrypted",
    severity=HIGH,
    fixable="needs a new volume in the place of an existing one, whose data has to be copied",
    bad=(
        "AWS::EC2::Volume: {AvailabilityZone: us-east-1a, Size: 100}",
        "AWS::EC2::Volume: {AvailabilityZone: us-east-1a, Size: 100, Encrypted: false}",
    ),
    good="AWS::EC2::Volume: {AvailabilityZone: us-east-1a, Size: 100, Encrypted: true}",
)
def volume_encryption(volume: Volume) -> Findings:
    """Data on an unencrypted volume is also readable in each of its snapshots, and by whoever these are shared with.

    Fix: set Encrypted to true, also where the account encrypts by default, as another account may not. A volume that
    exists is replaced by an encrypted copy of its snapshot.
    """
    if volume.encrypted:
        return
    if volume.encrypted is None and volume.snapshot_id:
        raise Undecided(f"it is encrypted if the snapshot {volume.snapshot_id} is, which is not known here")
    yield volume.fail("is not encrypted", at="encrypted", expected="true")


@check(
    "ebs-default-encryption",
    title="New EBS volumes are encrypted by default",
    severity=MEDIUM,
    inputs=("live", "terraform"),
)
def default_encryption(setting: EbsEncryptionByDefault) -> Findings:
    """Volumes made by hand, by services and by scripts are then encrypted although nobody thinks of it.

    Fix: switch on encryption by default in each region (aws ec2 enable-ebs-encryption-by-default).
    """
    if not setting.enabled:
        yield setting.fail("does not encrypt new EBS volumes by default", at="enabled", expected="true")
