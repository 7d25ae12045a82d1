"""CloudWatch alarms and dashboards."""

from __future__ import annotations

import json

from auditor.inventory import Inventory
from auditor.resources.cloudwatch import Alarm, Dashboard
from tests.sources.account.services.support import ACCOUNT, REGION, Behaviour, Case, scan

_ALARM = f"arn:aws:cloudwatch:{REGION}:{ACCOUNT}:alarm"


class TestCloudWatch(Behaviour):
    cases = (
        Case(
            "AWS::CloudWatch::Alarm",
            f"{_ALARM}:errors",
            "DescribeAlarms",
            {
                "DescribeAlarms": {
                    "MetricAlarms": [
                        {
                            "AlarmName": "errors",
                            "AlarmArn": f"{_ALARM}:errors",
                            "ActionsEnabled": True,
                            "AlarmActions": ["arn:aws:sns:us-east-1:123456789012:oncall"],
                            "MetricName": "Invocation5XXErrors",
                            "Namespace": "AWS/SageMaker",
                            "Dimensions": [{"Name": "EndpointName", "Value": "churn"}],
                        }
                    ],
                    "CompositeAlarms": [],
                }
            },
            {"Namespace": "AWS/SageMaker", "ActionsEnabled": True},
            token="NextToken",
            needs=("AlarmName", "AlarmArn", "Name", "Value"),
            title="errors",
        ),
        Case(
            "AWS::CloudWatch::CompositeAlarm",
            f"{_ALARM}:any",
            "DescribeAlarms",
            {
                "DescribeAlarms": {
                    "CompositeAlarms": [
                        {"AlarmName": "any", "AlarmArn": f"{_ALARM}:any", "AlarmRule": "ALARM(errors)"}
                    ],
                }
            },
            {"AlarmRule": "ALARM(errors)"},
            token="NextToken",
            needs=("AlarmName", "AlarmArn"),
        ),
        Case(
            "AWS::CloudWatch::Dashboard",
            f"arn:aws:cloudwatch::{ACCOUNT}:dashboard/ml",
            "ListDashboards",
            {
                "ListDashboards": {
                    "DashboardEntries": [
                        {"DashboardName": "ml", "DashboardArn": f"arn:aws:cloudwatch::{ACCOUNT}:dashboard/ml"}
                    ]
                },
                "GetDashboard": {"DashboardName": "ml", "DashboardBody": '{"widgets": []}'},
            },
            {"DashboardBody": '{"widgets": []}'},
            token="NextToken",
            gone={"GetDashboard": "ResourceNotFound"},
            needs=("DashboardArn", "DashboardName"),
            title="ml",
        ),
    )


def test_alarms_of_moto(aws):
    cloudwatch = aws("cloudwatch")
    common = {"ComparisonOperator": "GreaterThanThreshold", "EvaluationPeriods": 1, "Threshold": 1.0}
    cloudwatch.put_metric_alarm(
        AlarmName="late",
        Namespace="AWS/Kinesis",
        MetricName="GetRecords.IteratorAgeMilliseconds",
        Dimensions=[{"Name": "StreamName", "Value": "clicks"}],
        AlarmActions=["arn:aws:sns:us-east-1:123456789012:oncall"],
        ActionsEnabled=False,
        Period=60,
        Statistic="Maximum",
        **common,
    )
    cloudwatch.put_metric_alarm(
        AlarmName="ratio",
        Metrics=[
            {
                "Id": "errors",
                "MetricStat": {
                    "Metric": {
                        "Namespace": "AWS/SageMaker",
                        "MetricName": "Invocation5XXErrors",
                        "Dimensions": [{"Name": "EndpointName", "Value": "churn"}],
                    },
                    "Period": 60,
                    "Stat": "Sum",
                },
            },
            {"Id": "share", "Expression": "errors / 100"},
        ],
        **common,
    )
    found = scan("AWS::CloudWatch::Alarm")
    assert found.calls["cloudwatch:DescribeAlarms"] == 1
    inventory = Inventory(found)
    alarms = {alarm.title: alarm for alarm in inventory.of(Alarm)}
    late = alarms["late"]
    assert (late.namespace, late.metric_name) == ("AWS/Kinesis", "GetRecords.IteratorAgeMilliseconds")
    assert (late.actions_enabled, late.alarm_actions) == (False, ("arn:aws:sns:us-east-1:123456789012:oncall",))
    assert (late.dimensions.get("StreamName"), late.dimensions.get("ShardId")) == ("clicks", None)
    first, second = alarms["ratio"].metrics
    assert first.metric is not None
    assert (first.metric.metric_name, first.metric.dimensions.get("EndpointName")) == ("Invocation5XXErrors", "churn")
    assert second.metric is None


def test_dashboards_of_moto(aws):
    body = json.dumps({"widgets": [{"type": "metric"}]})
    aws("cloudwatch").put_dashboard(DashboardName="ml", DashboardBody=body)
    (dashboard,) = Inventory(scan("AWS::CloudWatch::Dashboard")).of(Dashboard)
    assert dashboard.scope.region == "global"
    assert json.loads(dashboard.dashboard_body) == json.loads(body)
