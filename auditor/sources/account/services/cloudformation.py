"""CloudFormation: stacks with what they made."""

from __future__ import annotations

from auditor.sources.account.regular import Call, Listing, regular

# All but DELETE_COMPLETE, of which CloudFormation remembers those of 90 days.
_STATUSES = (
    "CREATE_IN_PROGRESS",
    "CREATE_FAILED",
    "CREATE_COMPLETE",
    "ROLLBACK_IN_PROGRESS",
    "ROLLBACK_FAILED",
    "ROLLBACK_COMPLETE",
    "DELETE_IN_PROGRESS",
    "DELETE_FAILED",
    "UPDATE_IN_PROGRESS",
    "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS",
    "UPDATE_COMPLETE",
    "UPDATE_FAILED",
    "UPDATE_ROLLBACK_IN_PROGRESS",
    "UPDATE_ROLLBACK_FAILED",
    "UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS",
    "UPDATE_ROLLBACK_COMPLETE",
    "REVIEW_IN_PROGRESS",
    "IMPORT_IN_PROGRESS",
    "IMPORT_COMPLETE",
    "IMPORT_ROLLBACK_IN_PROGRESS",
    "IMPORT_ROLLBACK_FAILED",
    "IMPORT_ROLLBACK_COMPLETE",
)

regular(
    "cloudformation",
    "AWS::CloudFormation::Stack",
    Listing("ListStacks", "StackSummaries", {"StackStatusFilter": _STATUSES}),
    more=(
        Call(
            "ListStackResources",
            "StackResourceSummaries[].{ResourceType: ResourceType, PhysicalResourceId: PhysicalResourceId}",
            {"StackName": "{StackId}"},
            into="Resources",
            gone=("ValidationError",),
            pages=True,
        ),
    ),
    arn="{StackId}",
    title="{StackName}",
)
