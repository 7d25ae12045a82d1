"""Settings of EC2 that hold for all of a region, each of which templates declare as a resource of its own."""

from typing import Annotated

from auditor.resources.base import Resource
from auditor.resources.fields import From


class EbsEncryptionByDefault(Resource, cfn="api:EC2::EbsEncryptionByDefault", tf="aws_ebs_encryption_by_default"):
    """Whether new EBS volumes are encrypted although nobody asks for it (EC2 GetEbsEncryptionByDefault)."""

    enabled: Annotated[bool, From(live="EbsEncryptionByDefault")] = True


class InstanceMetadataDefaults(
    Resource, cfn="api:EC2::InstanceMetadataDefaults", tf="aws_ec2_instance_metadata_defaults"
):
    """How new instances' metadata service answers where nothing else says so (EC2 GetInstanceMetadataDefaults)."""

    http_tokens: str | None = None


class ImageBlockPublicAccess(Resource, cfn="api:EC2::ImageBlockPublicAccess", tf="aws_ec2_image_block_public_access"):
    """Whether images can be made public (EC2 GetImageBlockPublicAccessState)."""

    state: Annotated[str, From(live="ImageBlockPublicAccessState")]


class SnapshotBlockPublicAccess(
    Resource, cfn="AWS::EC2::SnapshotBlockPublicAccess", tf="aws_ebs_snapshot_block_public_access"
):
    """Whether snapshots can be shared with everyone, or stay so."""

    state: str


class VpcBlockPublicAccess(
    Resource, cfn="AWS::EC2::VPCBlockPublicAccessOptions", tf="aws_vpc_block_public_access_options"
):
    """Whether traffic through internet gateways is blocked."""

    internet_gateway_block_mode: str
