"""Tags of many resources in one call."""

from __future__ import annotations

from typing import Any

from auditor.sources.account.collector import Api
from auditor.values import Unknown

TAGS_OPERATION = "resourcegroupstaggingapi:GetResources"
"""What a collector that uses `tags_by_arn` must declare."""


def tags_by_arn(api: Api, kind: str, region: str | None = None) -> dict[str, Any] | Unknown:
    """The tags of all resources of a kind, such as `sagemaker:endpoint`; one that is not in the answer has none.

    `Unknown`, recorded as a gap, where the call did not answer; `region` as in `Api.pages`.
    """
    service, _, operation = TAGS_OPERATION.partition(":")
    found = api.ask_all(
        operation,
        "ResourceTagMappingList",
        service=service,
        region=region,
        resource=f"tags of {kind}",
        ResourceTypeFilters=[kind],
    )
    return found if isinstance(found, Unknown) else {one["ResourceARN"]: one.get("Tags", []) for one in found}


def tags_of(tags: dict[str, Any] | Unknown, arn: str) -> Any:
    """One resource's tags of `tags_by_arn`."""
    return tags if isinstance(tags, Unknown) else tags.get(arn, [])
