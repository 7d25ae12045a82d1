"""ECR: repositories, their images, and how the registry scans."""

from __future__ import annotations

from auditor.sources.account.regular import Call, Listing, regular

_REPOSITORIES = Listing("DescribeRepositories", "Repositories", shared=True)
_GONE = ("RepositoryNotFoundException",)
_NAMED = {"repositoryName": "{RepositoryName}"}

regular(
    "ecr",
    "AWS::ECR::Repository",
    _REPOSITORIES,
    more=(
        Call(
            "GetRepositoryPolicy",
            "PolicyText",
            _NAMED,
            into="RepositoryPolicyText",
            absent=("RepositoryPolicyNotFoundException",),
            gone=_GONE,
        ),
        Call(
            "GetLifecyclePolicy",
            "LifecyclePolicyText",
            _NAMED,
            into="LifecyclePolicyText",
            absent=("LifecyclePolicyNotFoundException",),
            gone=_GONE,
        ),
    ),
    arn="{RepositoryArn}",
    title="{RepositoryName}",
    names=("{RepositoryUri}",),
    pascal=True,
)

# A repository can have thousands of images, so only what is read of each is kept.
regular(
    "ecr",
    "api:ECR::RepositoryImages",
    _REPOSITORIES,
    more=(
        Call(
            "DescribeImages",
            "ImageDetails[].{ImageDigest: ImageDigest, ImageTags: ImageTags, ImageSizeInBytes: ImageSizeInBytes, "
            "ImagePushedAt: ImagePushedAt, LastRecordedPullTime: LastRecordedPullTime, "
            "ImageScanStatus: ImageScanStatus, "
            "FindingSeverityCounts: ImageScanFindingsSummary.FindingSeverityCounts}",
            _NAMED,
            into="Images",
            gone=_GONE,
            pages=True,
        ),
    ),
    arn="{RepositoryArn}",
    title="{RepositoryName}",
    pascal=True,
)

regular(
    "ecr",
    "AWS::ECR::RegistryScanningConfiguration",
    Listing("GetRegistryScanningConfiguration", "ScanningConfiguration"),
    arn="arn:{partition}:ecr:{region}:{account}:registry-scanning-configuration",
    title="the registry's scanning configuration",
    pascal=True,
)
