"""CloudWatch alarms and dashboards; metrics are read elsewhere, as they cost money."""

from __future__ import annotations

from collections.abc import Iterator

from auditor.raw import Raw
from auditor.sources.account.collector import Api, collector
from auditor.sources.account.regular import Call, Listing, regular


@collector(
    "cloudwatch",
    types=("AWS::CloudWatch::Alarm", "AWS::CloudWatch::CompositeAlarm"),
    operations=("DescribeAlarms",),
)
def alarms(api: Api) -> Iterator[Raw]:
    """Every alarm of metrics and of other alarms, from one listing."""
    for alarm in api.pages(
        "DescribeAlarms", "[MetricAlarms, CompositeAlarms][]", AlarmTypes=["MetricAlarm", "CompositeAlarm"]
    ):
        kind = "CompositeAlarm" if "AlarmRule" in alarm else "Alarm"
        name = alarm["AlarmName"]
        yield api.raw(f"AWS::CloudWatch::{kind}", alarm["AlarmArn"], alarm, names=(name,), title=name)


# A dashboard is of no region, and every region lists them all.
regular(
    "cloudwatch",
    "AWS::CloudWatch::Dashboard",
    Listing("ListDashboards", "DashboardEntries"),
    describe=Call("GetDashboard", "", {"DashboardName": "{DashboardName}"}, gone=("ResourceNotFound",)),
    arn="{DashboardArn}",
    title="{DashboardName}",
    scope="global",
)
