"""Settings of EC2 that hold for all of a region, each asked with a call of its own."""

from __future__ import annotations

from auditor.sources.account.regular import Listing, regular

# Type, operation, what is wanted of the answer, what people call it.
_SETTINGS = (
    (
        "api:EC2::EbsEncryptionByDefault",
        "GetEbsEncryptionByDefault",
        "{EbsEncryptionByDefault: EbsEncryptionByDefault}",
        "EBS encryption by default",
    ),
    (
        "api:EC2::InstanceMetadataDefaults",
        "GetInstanceMetadataDefaults",
        "{HttpTokens: AccountLevel.HttpTokens}",
        "instance metadata defaults",
    ),
    (
        "api:EC2::ImageBlockPublicAccess",
        "GetImageBlockPublicAccessState",
        "{ImageBlockPublicAccessState: ImageBlockPublicAccessState}",
        "block public access for images",
    ),
    (
        "AWS::EC2::SnapshotBlockPublicAccess",
        "GetSnapshotBlockPublicAccessState",
        "{State: State}",
        "block public access for snapshots",
    ),
    (
        "AWS::EC2::VPCBlockPublicAccessOptions",
        "DescribeVpcBlockPublicAccessOptions",
        "VpcBlockPublicAccessOptions",
        "VPC block public access",
    ),
)

for _type, _operation, _key, _title in _SETTINGS:
    regular(
        "ec2",
        _type,
        Listing(_operation, _key),
        arn=f"arn:{{partition}}:ec2:{{region}}:{{account}}:{_title.replace(' ', '-')}",
        title=f"{_title} in {{region}}",
    )
