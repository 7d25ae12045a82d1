"""How EBS volumes are used (EBS user guide, "CloudWatch metrics for Amazon EBS"): operations and bytes, summed up."""

from collections.abc import Mapping
from typing import Annotated, Any

from auditor.utilisation import Metric, Series, Usage
from auditor.values import known

LARGE_GB = 500
"""Volumes above this size are worth moving to another kind of disk."""

_EBS = "AWS/EBS"
_VOLUME = {"VolumeId": "VolumeId"}


def is_large_ssd(volume: Mapping[str, Any]) -> bool:
    """Whether a live volume is a large SSD that is in use."""
    kind, size = known(volume.get("VolumeType", "gp2")), known(volume.get("Size", 0))
    return kind in ("gp2", "gp3", "io1", "io2") and size > LARGE_GB and known(volume.get("State")) == "in-use"


class VolumeTraffic(Usage, cfn="usage:EC2::VolumeTraffic", measures="AWS::EC2::Volume", only=is_large_ssd):
    """What is read from a large SSD volume and written to it, by hour."""

    read_ops: Annotated[Series, Metric(_EBS, "VolumeReadOps", "Sum", _VOLUME)]
    write_ops: Annotated[Series, Metric(_EBS, "VolumeWriteOps", "Sum", _VOLUME)]
    read_bytes: Annotated[Series, Metric(_EBS, "VolumeReadBytes", "Sum", _VOLUME)]
    write_bytes: Annotated[Series, Metric(_EBS, "VolumeWriteBytes", "Sum", _VOLUME)]
