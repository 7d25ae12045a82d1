"""OpenSearch: domains, also those that still run Elasticsearch, and reservations."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from auditor.sources.account.regular import Batch, Listing, regular


def _policy(domain: dict[str, Any]) -> Mapping[str, Any]:
    """A domain without a policy has an empty one."""
    if domain.get("AccessPolicies") == "":
        domain["AccessPolicies"] = None
    return domain


regular(
    "opensearch",
    "AWS::OpenSearchService::Domain",
    Listing("ListDomainNames", "DomainNames"),
    describe=Batch(
        "DescribeDomains", "DomainStatusList", "DomainNames", listed="{DomainName}", described="{DomainName}", size=5
    ),
    tagging="es:domain",
    arn="arn:{partition}:es:{region}:{account}:domain/{DomainName}",
    title="{DomainName}",
    drop="Deleted",
    reshape=_policy,
)

regular(
    "opensearch",
    "api:OpenSearchService::ReservedInstance",
    Listing("DescribeReservedInstances", "ReservedInstances"),
    arn="arn:{partition}:es:{region}:{account}:reserved-instance/{ReservedInstanceId}",
    title="{ReservationName}",
    names=("{ReservedInstanceId}",),
)
