"""CloudWatch log groups."""

from __future__ import annotations

from collections.abc import Iterator

from auditor.raw import Raw
from auditor.sources.account.collector import Api, collector


@collector("logs", types=("AWS::Logs::LogGroup",), operations=("DescribeLogGroups",))
def log_groups(api: Api) -> Iterator[Raw]:
    """Every log group of a region."""
    for group in api.pages("DescribeLogGroups", "logGroups"):
        arn = (group.get("logGroupArn") or group["arn"]).removesuffix(":*")
        names = (group["logGroupName"], f"{arn}:*")
        yield api.raw("AWS::Logs::LogGroup", arn, group, names=names, title=group["logGroupName"])
