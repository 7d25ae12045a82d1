"""What EBS volumes cost."""

from collections.abc import Iterator

from auditor import LOW, MEDIUM, Findings, Inventory, Undecided, check
from auditor.config import Config
from auditor.members import if_known, place, some, those
from auditor.pricing import savings, usage
from auditor.resources.ec2 import Ebs, Instance, LaunchTemplate, Volume
from auditor.utilisation.series import HOUR, added
from auditor.utilisation.services.ebs import LARGE_GB, VolumeTraffic

_NO_SLOWER = 1000
"""GB up to which gp2's baseline (3 IOPS a GB) is no more than the 3,000 IOPS of any gp3 volume (EBS volume types)."""

# What st1 gives at any time: 40 MiB/s for a TiB (EBS user guide, "Throughput Optimized HDD and Cold HDD volumes").
_ST1_BYTES_PER_GB = 40 * 2**20 / 1024
_LARGE_OPERATION = 64 * 1024
_ROOT_DEVICES = ("/dev/xvda", "/dev/sda1", "/dev/sda")  # no system starts from an HDD


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


@check(
    "ebs-volume-hdd-candidate",
    title="Large sequential or cold EBS volumes use st1 or sc1",
    severity=LOW,
    uses=(VolumeTraffic,),
    inputs=("live",),
)
def volume_hdd_candidate(volume: Volume, inventory: Inventory, config: Config) -> Findings:
    """Large operations one after the other, and data that is hardly read, need no SSD: HDDs cost a third or a sixth.

    It is about data volumes above 500 GB that do less than one operation a second at any hour (sc1), or operations of
    more than 64 KiB within what st1 always gives (st1). Volumes that systems start from are left out.

    Fix: aws ec2 modify-volume with the type that the finding names; the volume stays in use. Look at bursts first: an
    hour's mean hides a minute's peak.
    """
    size = volume.size or 0
    if size <= LARGE_GB or volume.volume_type not in ("gp2", "gp3", "io1", "io2") or volume.state != "in-use":
        return
    if some(volume.mounts, lambda mount: mount.device in _ROOT_DEVICES):
        return
    load = VolumeTraffic.of(volume, inventory)
    operations = added([load.read_ops, load.write_ops]).last(config.idle_days)
    moved = added([load.read_bytes, load.write_bytes]).last(config.idle_days)
    target = _disk(size, operations.maximum(), operations.total(), moved.maximum(), moved.total())
    if target:
        kind = volume.volume_type
        yield volume.fail(
            f"is {kind}, and {target} can do what it did: at most {operations.maximum() / HOUR:.1f} operations and"
            f" {moved.maximum() / HOUR / 1e6:.1f} MB a second in any hour of {config.idle_days} days",
            saving=usage.moved("EBS", f"{kind} storage", f"{target} storage", size, volume.scope.region),
        )


def _disk(size: float, most_operations: float, operations: float, most_bytes: float, moved: float) -> str | None:
    """The type of HDD that does what a volume does: sums of its busiest hour and of all hours."""
    if most_operations < HOUR:
        return "sc1"
    large = moved / operations > _LARGE_OPERATION
    return "st1" if large and most_bytes <= size * _ST1_BYTES_PER_GB * HOUR else None
