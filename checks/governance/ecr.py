"""ECR: repositories of images."""

from auditor import MEDIUM, Findings, check
from auditor.resources.ecr import Repository


@check(
    "ecr-tag-mutable",
    title="ECR image tags are immutable",
    severity=MEDIUM,
    fixable="makes a push under a tag that is taken fail",
    bad=(
        "AWS::ECR::Repository: {RepositoryName: training}",
        "AWS::ECR::Repository: {ImageTagMutability: MUTABLE}",
        """
        AWS::ECR::Repository:
          ImageTagMutability: MUTABLE_WITH_EXCLUSION
          ImageTagMutabilityExclusionFilters:
            - {ImageTagMutabilityExclusionFilterType: WILDCARD, ImageTagMutabilityExclusionFilterValue: v*}
        """,
    ),
    good=(
        "AWS::ECR::Repository: {ImageTagMutability: IMMUTABLE}",
        """
        AWS::ECR::Repository:
          ImageTagMutability: IMMUTABLE_WITH_EXCLUSION
          ImageTagMutabilityExclusionFilters:
            - {ImageTagMutabilityExclusionFilterType: WILDCARD, ImageTagMutabilityExclusionFilterValue: dev-*}
        """,
    ),
)
def tag_mutable(repository: Repository) -> Findings:
    """Where a tag can be moved, a training cannot be repeated, and whoever may push can replace the image in use.

    Fix: set ImageTagMutability to IMMUTABLE and push every build under a tag of its own; IMMUTABLE_WITH_EXCLUSION
    leaves room for a tag such as `latest`.
    """
    if not repository.image_tag_mutability.startswith("IMMUTABLE"):
        yield repository.fail("lets image tags be overwritten", at="image_tag_mutability", expected="IMMUTABLE")
