"""Application Auto Scaling targets and policies."""

from __future__ import annotations

from typing import Any

import pytest

from auditor.inventory import Inventory
from auditor.resources.applicationautoscaling import ScalableTarget, ScalingPolicy
from auditor.values import Unknown
from tests.sources.account.services.support import ACCOUNT, REGION, scan

_ARN = f"arn:aws:application-autoscaling:{REGION}:{ACCOUNT}:scalable-target"
_TARGET = "AWS::ApplicationAutoScaling::ScalableTarget"
_POLICY = "AWS::ApplicationAutoScaling::ScalingPolicy"
_WHICH = {"ResourceId": "endpoint/churn/variant/main", "ScalableDimension": "sagemaker:variant:DesiredInstanceCount"}
_ROLE = "arn:aws:iam::123456789012:role/r"
_ABOUT = {
    "ServiceNamespace": "sagemaker",
    **_WHICH,
    "MinCapacity": 1,
    "MaxCapacity": 4,
    "RoleARN": _ROLE,
    "CreationTime": "2025-01-03T20:54:22Z",
}
_ACTION = {
    "ScheduledActionName": "night",
    "ScheduledActionARN": "action",
    "ServiceNamespace": "sagemaker",
    **_WHICH,
    "Schedule": "cron(0 20 * * ? *)",
    "CreationTime": "2025-01-03T20:54:22Z",
}


def _of(namespace, key, *items):
    """Answers with the items where this namespace is asked for."""
    return lambda params: {key: [*items] if params["ServiceNamespace"] == namespace else []}


@pytest.fixture
def answers(moto, scripted):
    scripted(
        {
            "DescribeScalableTargets": _of("sagemaker", "ScalableTargets", _ABOUT),
            "DescribeScheduledActions": _of("sagemaker", "ScheduledActions", _ACTION),
        }
    )
    return scripted


def test_a_target_with_its_scheduled_actions(answers):
    found = scan(_TARGET)
    assert (found.gaps, found.notices) == ([], [])
    (target,) = Inventory(found).of(ScalableTarget)
    assert target.raw.id == f"{_ARN}/endpoint/churn/variant/main/sagemaker:variant:DesiredInstanceCount"
    assert (target.service_namespace, target.min_capacity) == ("sagemaker", 1)
    assert [action.schedule for action in target.scheduled_actions] == ["cron(0 20 * * ? *)"]
    assert found.calls["application-autoscaling:DescribeScalableTargets"] == 3
    assert found.calls["application-autoscaling:DescribeScheduledActions"] == 1


def test_its_arn_where_aws_tells_it(answers):
    answers({"DescribeScalableTargets": _of("ecs", "ScalableTargets", {**_ABOUT, "ScalableTargetARN": f"{_ARN}/1"})})
    (raw,) = scan(_TARGET).raws
    assert (raw.id, raw.properties["ScheduledActions"]) == (f"{_ARN}/1", [])


def test_several_pages(answers):
    other = {**_ABOUT, "ResourceId": "endpoint/fraud/variant/main"}
    none: dict[str, Any] = {"ScalableTargets": []}
    answers(
        {
            "DescribeScalableTargets": [
                none,
                none,
                {"ScalableTargets": [_ABOUT], "NextToken": "more"},
                {"ScalableTargets": [other]},
            ]
        }
    )
    assert {raw.title for raw in scan(_TARGET).raws} == {_WHICH["ResourceId"], other["ResourceId"]}


def test_denied_actions(answers):
    answers({"DescribeScheduledActions": "AccessDeniedException"})
    found = scan(_TARGET)
    (raw,) = found.raws
    assert raw.properties["ScheduledActions"] == Unknown(found.gaps[0].reason)


@pytest.mark.parametrize(
    ("type", "operation"), [(_TARGET, "DescribeScalableTargets"), (_POLICY, "DescribeScalingPolicies")]
)
def test_denied_lists(answers, type, operation):
    answers({operation: "AccessDeniedException"})
    found = scan(type)
    assert found.raws == []
    assert {(gap.operation, gap.types) for gap in found.gaps} == {(operation, (type,))}


def test_what_moto_has(aws):
    client = aws("application-autoscaling")
    table = {
        "ServiceNamespace": "dynamodb",
        "ResourceId": "table/features",
        "ScalableDimension": "dynamodb:table:ReadCapacityUnits",
    }
    aws("dynamodb").create_table(
        TableName="features",
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        ProvisionedThroughput={"ReadCapacityUnits": 1, "WriteCapacityUnits": 1},
    )
    client.register_scalable_target(**table, MinCapacity=1, MaxCapacity=9, RoleARN=_ROLE)
    client.put_scaling_policy(
        **table,
        PolicyName="half",
        PolicyType="TargetTrackingScaling",
        TargetTrackingScalingPolicyConfiguration={
            "TargetValue": 50.0,
            "PredefinedMetricSpecification": {"PredefinedMetricType": "DynamoDBReadCapacityUtilization"},
        },
    )
    found = scan(_TARGET, _POLICY)
    assert (found.gaps, found.notices) == ([], [])
    inventory = Inventory(found)
    (target,), (policy,) = inventory.of(ScalableTarget), inventory.of(ScalingPolicy)
    assert (target.resource_id, target.scheduled_actions) == ("table/features", ())
    assert (policy.policy_type, policy.resource_id) == ("TargetTrackingScaling", "table/features")
    assert scan(_TARGET).calls["application-autoscaling:DescribeScalableTargets"] == 3


def test_nothing_there(moto):
    found = scan(_TARGET, _POLICY)
    assert (found.raws, found.gaps, found.notices) == ([], [], [])
    assert "application-autoscaling:DescribeScheduledActions" not in found.calls
