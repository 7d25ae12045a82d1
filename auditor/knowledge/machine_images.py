"""The images that instances start from: Deep Learning AMIs and how current they are, and which bring GPU drivers.

An image is known by its name where it was listed, or by the public parameter of Systems Manager that a template or a
launch template takes it from.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final, Self

from auditor.raw import Path, Raw
from auditor.resources.fields import wrong
from auditor.values import ABSENT, Undecided, Unknown, known, settle

if TYPE_CHECKING:
    from auditor.inventory import Inventory
    from auditor.resources.ec2 import ForeignImage

RECENT_DAYS: Final = 180
"""For how many days an image that is not the newest of its kind counts as recent."""

# When AWS ends its patches (DLAMI developer guide, "Support policy table", read 2026-11-23). Older ones have ended.
_PYTORCH: Final = {
    "2.9": date(2026, 10, 15),
    "2.8": date(2026, 8, 6),
    "2.7": date(2026, 4, 23),
    "2.6": date(2026, 1, 29),
    "2.5": date(2025, 11, 24),
    "2.4": date(2025, 7, 24),
    "2.3": date(2025, 4, 24),
    "2.2": date(2025, 1, 30),
    "2.1": date(2024, 10, 4),
    "2.0": date(2024, 3, 15),
    "1.13": date(2024, 10, 28),
}
_SYSTEMS: Final = {
    ("ubuntu", "24.04"): date(2029, 4, 30),
    ("ubuntu", "22.04"): date(2027, 4, 30),
    ("amazon linux", "2023"): date(2029, 6, 30),
    ("amazon linux", "2"): date(2026, 6, 30),
}
_OLDEST_UBUNTU: Final = 22.04

_PARAMETER: Final = re.compile(r"resolve:ssm:(/aws/service/[\w./-]+)(:\w+)?")  # a version or a label may follow
_DEEP_LEARNING: Final = re.compile(r"deep learning|^/aws/service/deeplearning/", re.IGNORECASE)
_FRAMEWORK: Final = re.compile(r"\b(pytorch|tensorflow)[ -](\d+)\.(\d+)", re.IGNORECASE)
_SYSTEM: Final = re.compile(r"\b(ubuntu|amazon[ -]linux)[ -](\d{4}|\d{2}\.\d{2}|\d)\b", re.IGNORECASE)
_FOR_GPU: Final = re.compile(
    r"deep.?learning|dlami|nvidia|cuda|gpu|tensorflow|pytorch|parallelcluster|rapids", re.IGNORECASE
)
_PLAIN: Final = re.compile(
    r"/aws/service/(ami-amazon-linux-latest|ami-windows-latest|canonical|debian|suse|freebsd|ecs|eks|bottlerocket)/"
    r"|(al2023-ami|amzn2?-ami|amzn-ami|ubuntu/|ubuntu-minimal/|ubuntu-pro|debian-|rhel-|suse-|windows_server"
    r"|fedora|centos|rocky|almalinux|bottlerocket-|amazon-eks-)",
    re.IGNORECASE,
)


class ImageSource:
    """What names the image: its id, or the public parameter that holds the id.

    Attributes:
        id: `ami-...`, None where there is none.
        parameter: such as `/aws/service/deeplearning/ami/x86_64/base-oss-nvidia-driver-gpu-al2023/latest/ami-id`.
    """

    def __init__(self, id: str | None, parameter: str | None) -> None:
        """See the attributes."""
        self.id = id
        self.parameter = parameter

    @property
    def is_named(self) -> bool:
        """Whether anything names an image."""
        return bool(self.id or self.parameter)

    @classmethod
    def from_raw(cls, value: Any, raw: Raw, path: Path) -> Self:
        """Read the image of an instance, or of a launch template's data.

        Raises:
            Undecided: it is not known, and no public parameter.
        """
        if not isinstance(value, Mapping):
            raise wrong(path, "a map", value)
        keys = ("ImageId", "ami", "image_id")
        image = settle(next((value[key] for key in keys if key in value), ABSENT))
        text = image.taken_from if isinstance(image, Unknown) else image
        if isinstance(text, str) and (parameter := _PARAMETER.fullmatch(text)):
            return cls(None, parameter[1])
        image = known(image)
        if image is ABSENT or image is None:
            return cls(None, None)
        if not isinstance(image, str):
            raise wrong((*path, "ImageId"), "text", image)
        return cls(image, None)


@dataclass(frozen=True, slots=True)
class UsedImage:
    """An image by its name, or by the public parameter that it is taken from.

    Attributes:
        name: either.
        listed: what EC2 tells of an image of somebody else's; None for a parameter and for the account's own images.
    """

    name: str
    listed: ForeignImage | None = None

    @property
    def is_deep_learning(self) -> bool:
        """Whether it is a Deep Learning AMI of AWS's."""
        by_aws = self.listed is None or self.listed.image_owner_alias == "amazon"
        return by_aws and _DEEP_LEARNING.search(self.name) is not None

    @property
    def has_gpu_drivers(self) -> bool:
        """Whether somebody who makes images for GPUs keeps its drivers.

        Raises:
            Undecided: its name does not tell.
        """
        if _FOR_GPU.search(self.name):
            return True
        if _PLAIN.match(self.name):
            return False
        raise Undecided(f"what the image {self.name} brings is not known")

    def age(self, now: datetime) -> str | None:
        """Why a Deep Learning AMI is no longer current, to be read after the machine's title; None where it is.

        Raises:
            Undecided: whether it is the newest of its kind is not known.
        """
        if ended := _ended(self.name, now.date()):
            return f"starts from a Deep Learning AMI with {ended}"
        if self.listed is None:
            return None
        deprecated = self.listed.deprecation_time
        if deprecated and _utc(deprecated) <= now:
            return f"starts from the Deep Learning AMI {self.name}, deprecated since {deprecated:%Y-%m-%d}"
        made = self.listed.creation_date
        if _utc(made) > now - timedelta(days=RECENT_DAYS) or self.listed.newest_of:
            return None
        return f"starts from the Deep Learning AMI {self.name} of {made:%Y-%m-%d}, and newer ones have replaced it"


def used_image(source: ImageSource, inventory: Inventory) -> UsedImage | None:
    """The image that a machine starts from; None where it names none.

    A check that calls it uses `ForeignImage` and `Image`.

    Raises:
        Undecided: an image of that id is not known here.
    """
    from auditor.resources.ec2 import ForeignImage, Image

    if source.parameter:
        return UsedImage(source.parameter)
    if source.id is None:
        return None
    foreign = inventory.get(ForeignImage, source.id)
    if foreign:
        return UsedImage(foreign.name or source.id, foreign)
    own = inventory.get(Image, source.id)
    if own is None:
        raise Undecided(f"the image {source.id} is not to be seen: it is private to others, or gone")
    return UsedImage(own.name or source.id)


def _utc(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _ended(name: str, today: date) -> str | None:
    """What of a Deep Learning AMI AWS patches no more."""
    if (framework := _FRAMEWORK.search(name)) and framework[1].lower() == "pytorch":
        version = f"{framework[2]}.{framework[3]}"
        last = _PYTORCH.get(version, date.min if int(framework[2]) < 2 else date.max)
        if last <= today:
            return _since(f"PyTorch {version}", last)
    if system := _SYSTEM.search(name):
        kind, version = system[1].lower().replace("-", " "), system[2]
        old = kind == "ubuntu" and float(version) < _OLDEST_UBUNTU
        last = _SYSTEMS.get((kind, version), date.min if old else date.max)
        if last <= today:
            return _since(f"{kind.title()} {version}", last)
    return None


def _since(what: str, last: date) -> str:
    return f"{what}, which AWS patches no more" + ("" if last == date.min else f" since {last}")
