"""CloudWatch log groups, metric filters and resource policies."""

from __future__ import annotations

from collections.abc import Iterator

from auditor.raw import Raw
from auditor.sources.account.collector import Api, collector
from auditor.sources.account.regular import Listing, regular


@collector("logs", types=("AWS::Logs::LogGroup",), operations=("DescribeLogGroups",))
def log_groups(api: Api) -> Iterator[Raw]:
    """Every log group of a region."""
    for group in api.pages("DescribeLogGroups", "logGroups"):
        arn = (group.get("logGroupArn") or group["arn"]).removesuffix(":*")
        names = (group["logGroupName"], f"{arn}:*")
        yield api.raw("AWS::Logs::LogGroup", arn, group, names=names, title=group["logGroupName"])


regular(
    "logs",
    "AWS::Logs::MetricFilter",
    Listing("DescribeMetricFilters", "MetricFilters"),
    # The API has no ARN for one.
    arn="arn:{partition}:logs:{region}:{account}:log-group:{LogGroupName}:metric-filter:{FilterName}",
    title="{FilterName}",
    pascal=True,
)

regular(
    "logs",
    "AWS::Logs::ResourcePolicy",
    Listing("DescribeResourcePolicies", "ResourcePolicies"),
    arn="arn:{partition}:logs:{region}:{account}:resource-policy:{PolicyName}",
    title="{PolicyName}",
    pascal=True,
)
