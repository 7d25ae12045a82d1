"""CloudWatch Logs."""

from __future__ import annotations

import json

from auditor.inventory import Inventory
from auditor.resources.logs import LogGroup, MetricFilter, ResourcePolicy
from tests.sources.account.services.support import ACCOUNT, REGION, Behaviour, Case, scan

_ARN = f"arn:aws:logs:{REGION}:{ACCOUNT}"


class TestLogs(Behaviour):
    cases = (
        Case(
            "AWS::Logs::LogGroup",
            f"{_ARN}:log-group:/aws/job",
            "DescribeLogGroups",
            {"DescribeLogGroups": {"logGroups": [{"logGroupName": "/aws/job", "arn": f"{_ARN}:log-group:/aws/job:*"}]}},
            {"logGroupName": "/aws/job"},
            token="nextToken",
            needs=("logGroupName", "arn"),
            title="/aws/job",
        ),
        Case(
            "AWS::Logs::MetricFilter",
            f"{_ARN}:log-group:trail:metric-filter:root",
            "DescribeMetricFilters",
            {
                "DescribeMetricFilters": {
                    "metricFilters": [
                        {
                            "filterName": "root",
                            "filterPattern": '{ $.userIdentity.type = "Root" }',
                            "logGroupName": "trail",
                            "metricTransformations": [
                                {"metricName": "root", "metricNamespace": "Trail", "metricValue": "1"}
                            ],
                        }
                    ]
                }
            },
            {"LogGroupName": "trail", "FilterPattern": '{ $.userIdentity.type = "Root" }'},
            token="nextToken",
            needs=("filterName", "logGroupName", "metricName", "metricNamespace", "metricValue"),
            title="root",
        ),
        Case(
            "AWS::Logs::ResourcePolicy",
            f"{_ARN}:resource-policy:dns",
            "DescribeResourcePolicies",
            {"DescribeResourcePolicies": {"resourcePolicies": [{"policyName": "dns", "policyDocument": "{}"}]}},
            {"PolicyDocument": "{}"},
            token="nextToken",
            needs=("policyName",),
            title="dns",
        ),
    )


def test_moto(aws):
    logs = aws("logs")
    logs.create_log_group(logGroupName="trail", kmsKeyId="arn:aws:kms:us-east-1:123456789012:key/k")
    logs.put_metric_filter(
        logGroupName="trail",
        filterName="root",
        filterPattern='{ $.userIdentity.type = "Root" }',
        metricTransformations=[{"metricName": "root-usage", "metricNamespace": "Trail", "metricValue": "1"}],
    )
    statement = {"Effect": "Allow", "Principal": "*", "Action": "logs:PutLogEvents", "Resource": "*"}
    document = {"Version": "2012-10-17", "Statement": [statement]}
    logs.put_resource_policy(policyName="open", policyDocument=json.dumps(document))
    inventory = Inventory(scan("AWS::Logs::LogGroup", "AWS::Logs::MetricFilter", "AWS::Logs::ResourcePolicy"))
    (group,) = inventory.of(LogGroup)
    assert group.kms_key_id == "arn:aws:kms:us-east-1:123456789012:key/k"
    (counted,) = inventory.of(MetricFilter)
    assert (counted.log_group_name, counted.filter_pattern) == ("trail", '{ $.userIdentity.type = "Root" }')
    assert [one.metric_name for one in counted.metric_transformations] == ["root-usage"]
    (policy,) = inventory.of(ResourcePolicy)
    assert len(policy.policy_document.statements) == 1
