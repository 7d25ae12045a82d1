"""Systems Manager: the instances that it manages, and how they comply."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from auditor.raw import Raw
from auditor.sources.account.collector import Api, collector
from auditor.values import Unknown


@collector(
    "ssm",
    types=("api:SSM::ManagedInstance",),
    operations=("DescribeInstanceInformation",),
    details={"ListResourceComplianceSummaries": ("Compliance",)},
)
def managed_instances(api: Api) -> Iterator[Raw]:
    """Every managed instance, with whether it complies with its patch baseline, associations and the like."""
    compliance: dict[str, list[Any]] | Unknown | None = None
    for instance in api.pages("DescribeInstanceInformation", "InstanceInformationList"):
        compliance = _compliance(api) if compliance is None else compliance
        name = instance["InstanceId"]
        arn = f"arn:{api.partition}:ssm:{api.region}:{api.account}:managed-instance/{name}"
        found = compliance if isinstance(compliance, Unknown) else compliance.get(name, [])
        properties = {**instance, "Compliance": found}
        yield api.raw("api:SSM::ManagedInstance", arn, properties, names=(name,), title=name)


def _compliance(api: Api) -> dict[str, list[Any]] | Unknown:
    """By instance; the summaries of all come in a call for every fifty, where the items are asked one by one."""
    found = api.ask_all("ListResourceComplianceSummaries", "ResourceComplianceSummaryItems", resource="compliance")
    if isinstance(found, Unknown):
        return found
    by_instance: dict[str, list[Any]] = defaultdict(list)
    for one in found:
        by_instance[one["ResourceId"]].append({key: one.get(key) for key in ("ComplianceType", "Status")})
    return by_instance
