"""What whatever starts EC2 instances says of them: launch templates and configurations, fleets, instances."""

from typing import Annotated

from auditor.resources.base import Struct
from auditor.resources.fields import NOWHERE, From


class MetadataOptions(Struct):
    """How the instance metadata service answers; without `http_tokens`, the image or the account decides."""

    http_tokens: str | None = None
    http_endpoint: str = "enabled"
    http_put_response_hop_limit: int | None = None


class Ebs(Struct):
    """The volume that a block device mapping asks for; unless it says so, the account's default encrypts it or not."""

    volume_type: str | None = None
    size: Annotated[int | None, From(cfn="VolumeSize", tf="volume_size", live="VolumeSize")] = None
    iops: int | None = None
    # CloudFormation takes none for an instance, and a live volume tells its own.
    throughput: Annotated[int | None, From(cfn=NOWHERE, live=NOWHERE)] = None
    encrypted: bool | None = None


class BlockDeviceMapping(Struct):
    """A disk of an instance."""

    ebs: Ebs | None = None


class BlockDevice(BlockDeviceMapping):
    """A disk where Terraform writes the volume's settings without a block around them."""

    ebs: Annotated[Ebs | None, From(tf="")] = None
