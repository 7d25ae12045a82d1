"""ECR: repositories, their images, and how a registry scans."""

from datetime import datetime
from typing import Annotated, Any

from auditor.policy import Policy
from auditor.resources.base import Resource, Struct
from auditor.resources.fields import NOWHERE, From, Part


class Repository(Resource, cfn="AWS::ECR::Repository", tf="aws_ecr_repository"):
    """A private repository; its lifecycle policy is a text of JSON."""

    image_tag_mutability: str = "MUTABLE"
    scan_on_push: Annotated[
        bool,
        From(
            cfn="ImageScanningConfiguration.ScanOnPush",
            tf="image_scanning_configuration.scan_on_push",
            live="ImageScanningConfiguration.ScanOnPush",
        ),
    ] = False
    encryption_type: Annotated[
        str,
        From(
            cfn="EncryptionConfiguration.EncryptionType",
            tf="encryption_configuration.encryption_type",
            live="EncryptionConfiguration.EncryptionType",
        ),
    ] = "AES256"
    kms_key: Annotated[
        str | None,
        From(
            cfn="EncryptionConfiguration.KmsKey",
            tf="encryption_configuration.kms_key",
            live="EncryptionConfiguration.KmsKey",
        ),
    ] = None
    policy: Annotated[
        Policy | None,
        From(cfn="RepositoryPolicyText", tf=NOWHERE, live="RepositoryPolicyText"),
        Part("aws_ecr_repository_policy", by="repository", take="policy"),
    ] = None
    lifecycle_policy: Annotated[
        str | None,
        From(cfn="LifecyclePolicy.LifecyclePolicyText", tf=NOWHERE, live="LifecyclePolicyText"),
        Part("aws_ecr_lifecycle_policy", by="repository", take="policy"),
    ] = None


class Image(Struct):
    """An image, with the number of its vulnerabilities by severity where it was scanned."""

    digest: Annotated[str, From(live="ImageDigest")]
    tags: Annotated[tuple[str, ...], From(live="ImageTags")] = ()
    size_in_bytes: Annotated[int | None, From(live="ImageSizeInBytes")] = None
    pushed_at: Annotated[datetime | None, From(live="ImagePushedAt")] = None
    last_recorded_pull_time: datetime | None = None
    scan_status: Annotated[str | None, From(live="ImageScanStatus.Status")] = None
    finding_severity_counts: Any = None


class RepositoryImages(Resource, cfn="api:ECR::RepositoryImages"):
    """The images of a repository, which it is named after (ECR DescribeImages)."""

    repository_arn: str
    images: tuple[Image, ...] = ()


class RepositoryFilter(Struct):
    """Which repositories a rule is for: a name with wildcards."""

    filter: str


class ScanningRule(Struct):
    """How often the images of some repositories are scanned."""

    scan_frequency: str
    repository_filters: Annotated[tuple[RepositoryFilter, ...], From(tf="repository_filter")] = ()


class RegistryScanningConfiguration(
    Resource, cfn="AWS::ECR::RegistryScanningConfiguration", tf="aws_ecr_registry_scanning_configuration"
):
    """How a region's registry scans: by itself (`BASIC`), or with Inspector (`ENHANCED`)."""

    scan_type: str = "BASIC"
    rules: Annotated[tuple[ScanningRule, ...], From(tf="rule")] = ()
