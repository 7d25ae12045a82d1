"""What EBS volumes cost."""

from collections.abc import Iterator

from auditor import MEDIUM, Findings, Undecided, check
from auditor.members import if_known, place, those
from auditor.pricing import savings
from auditor.resources.ec2 import Ebs, Instance, LaunchTemplate, Volume

_NO_SLOWER = 1000
"""GB up to which gp2's baseline (3 IOPS a GB) is no more than the 3,000 IOPS of any gp3 volume (EBS volume types)."""


@check(
    "ebs-volume-gp2",
    title="General purpose EBS volumes are gp3",
    severity=MEDIUM,
    fixable="gives 125 MiB/s, where gp2 above 170 GB bursts to 250; may replace an instance that declares the volume",
    bad=(
        "AWS::EC2::Volume: {AvailabilityZone: us-east-1a, Size: 500, VolumeType: gp2}",
        "AWS::EC2::Volume: {AvailabilityZone: us-east-1a, Size: 500}",
        """
        AWS::EC2::Instance:
          BlockDeviceMappings: [{DeviceName: /dev/xvda, Ebs: {VolumeSize: 200, VolumeType: gp2}}]
        """,
        """
        AWS::EC2::LaunchTemplate:
          LaunchTemplateData:
            BlockDeviceMappings: [{DeviceName: /dev/xvda, Ebs: {VolumeSize: 200, VolumeType: gp2}}]
        """,
    ),
    good=(
        "AWS::EC2::Volume: {AvailabilityZone: us-east-1a, Size: 500, VolumeType: gp3}",
        """
        AWS::EC2::Instance:
          BlockDeviceMappings: [{DeviceName: /dev/xvda, Ebs: {VolumeSize: 200, VolumeType: gp3}}]
        """,
    ),
)
def volume_gp2(holder: Volume | Instance | LaunchTemplate) -> Findings:
    """A GB of gp3 costs a fifth less than one of gp2, and even a small gp3 volume gives 3,000 IOPS.

    Fix: set VolumeType to gp3; above 1,000 GB, where gp2 gives more than 3,000 IOPS, set Iops and Throughput as well. A
    volume in use is changed in place, without a stop: aws ec2 modify-volume.
    """
    disks: Iterator[Volume | Ebs] = holder.disks
    for disk in those(disks, _is_gp2):
        size = if_known(disk, "size")
        counted = size and not isinstance(holder, LaunchTemplate)
        saving = savings.gp2_to_gp3(size, region=holder.scope.region) if size and counted else None
        hint = "" if saving else "; what gp3 saves depends on its size and on how many there are"
        what = "is gp2" if disk is holder else "has a gp2 volume"
        expected = "gp3" if size and size <= _NO_SLOWER else None
        yield holder.fail(f"{what}{hint}", at=place(disk, "volume_type"), expected=expected, saving=saving)


def _is_gp2(disk: Volume | Ebs) -> bool:
    if disk.volume_type is None:
        raise Undecided("the image decides of a volume without VolumeType")
    return disk.volume_type == "gp2"


@check(
    "ebs-volume-unattached",
    title="EBS volumes are attached",
    severity=MEDIUM,
    inputs=("live",),
)
def volume_unattached(volume: Volume) -> Findings:
    """A volume that is attached to nothing costs as much as one in use, often years after its experiment ended.

    Fix: delete the volume, after taking a snapshot if its data may be needed; snapshots cost about half as much.
    """
    if volume.state == "available":
        saving = savings.unattached_volume(
            volume.volume_type, volume.size or 0, volume.iops, volume.throughput, volume.scope.region
        )
        hint = "" if saving else f"; what it costs depends on the price of {volume.volume_type}, which is not known"
        yield volume.fail(f"is attached to nothing{hint}", saving=saving)
