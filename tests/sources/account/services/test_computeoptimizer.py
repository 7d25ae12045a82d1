"""Compute Optimizer."""

from __future__ import annotations

import pytest

from auditor.inventory import Inventory
from auditor.resources.computeoptimizer import InstanceRecommendation
from auditor.values import Undecided
from tests.sources.account.services.support import ACCOUNT, REGION, Behaviour, Case, scan

_ARN = f"arn:aws:compute-optimizer:{REGION}:{ACCOUNT}"
_INSTANCE = f"arn:aws:ec2:{REGION}:{ACCOUNT}:instance/i-1"
_SAVINGS = {"estimatedMonthlySavings": {"currency": "USD", "value": 42.5}}


def _case(kind, operation, key, member, arn, more, properties):
    return Case(
        f"api:ComputeOptimizer::{kind}Recommendation",
        f"{_ARN}:recommendation/{arn}",
        operation,
        {operation: {key: [{member: arn, **more}]}},
        properties,
        token="nextToken",
        needs=(member,),
    )


class TestComputeOptimizer(Behaviour):
    cases = (
        _case(
            "Instance",
            "GetEC2InstanceRecommendations",
            "instanceRecommendations",
            "instanceArn",
            _INSTANCE,
            {
                "finding": "Overprovisioned",
                "recommendationOptions": [{"instanceType": "m5.large", "rank": 1, "savingsOpportunity": _SAVINGS}],
            },
            {"Finding": "Overprovisioned"},
        ),
        _case(
            "Idle",
            "GetIdleRecommendations",
            "idleRecommendations",
            "resourceArn",
            _INSTANCE,
            {"finding": "Idle", "resourceType": "EC2Instance"},
            {"Finding": "Idle", "ResourceType": "EC2Instance"},
        ),
        _case(
            "Volume",
            "GetEBSVolumeRecommendations",
            "volumeRecommendations",
            "volumeArn",
            f"arn:aws:ec2:{REGION}:{ACCOUNT}:volume/vol-1",
            {"finding": "NotOptimized"},
            {"Finding": "NotOptimized"},
        ),
        _case(
            "Service",
            "GetECSServiceRecommendations",
            "ecsServiceRecommendations",
            "serviceArn",
            f"arn:aws:ecs:{REGION}:{ACCOUNT}:service/main/api",
            {"finding": "Overprovisioned"},
            {"Finding": "Overprovisioned"},
        ),
        _case(
            "Function",
            "GetLambdaFunctionRecommendations",
            "lambdaFunctionRecommendations",
            "functionArn",
            f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:resize",
            {"finding": "NotOptimized"},
            {"Finding": "NotOptimized"},
        ),
        _case(
            "Database",
            "GetRDSDatabaseRecommendations",
            "rdsDBRecommendations",
            "resourceArn",
            f"arn:aws:rds:{REGION}:{ACCOUNT}:db:orders",
            {"instanceFinding": "Overprovisioned"},
            {"InstanceFinding": "Overprovisioned"},
        ),
        Case(
            "api:ComputeOptimizer::Enrollment",
            f"{_ARN}:enrollment",
            "GetEnrollmentStatus",
            {"GetEnrollmentStatus": {"status": "Inactive"}},
            {"Status": "Inactive"},
            empty=None,
        ),
    )


_HUB = f"arn:aws:cost-optimization-hub::{ACCOUNT}"


class TestCostOptimizationHub(Behaviour):
    cases = (
        Case(
            "api:CostOptimizationHub::Recommendation",
            f"{_HUB}:recommendation/r-1",
            "ListRecommendations",
            {
                "ListEnrollmentStatuses": {"items": [{"accountId": ACCOUNT, "status": "Active"}]},
                "ListRecommendations": {
                    "items": [
                        {
                            "recommendationId": "r-1",
                            "resourceId": "i-1",
                            "resourceArn": _INSTANCE,
                            "actionType": "Stop",
                            "estimatedMonthlySavings": 42.5,
                            "currencyCode": "USD",
                        }
                    ]
                },
            },
            {"ActionType": "Stop", "EstimatedMonthlySavings": 42.5},
            empty={"items": []},
            needs=("recommendationId", "items", "status"),
            title="i-1",
        ),
    )


def test_who_is_not_enrolled_is_not_asked_for_recommendations(moto, scripted):
    scripted({"ListEnrollmentStatuses": {"items": [{"accountId": ACCOUNT, "status": "Inactive"}]}})
    found = scan("api:CostOptimizationHub::Recommendation")
    assert (found.raws, found.gaps) == ([], [])
    assert "cost-optimization-hub:ListRecommendations" not in found.calls


def test_found_by_the_resource(moto, scripted):
    scripted(dict(TestComputeOptimizer.cases[0].answers))
    found = Inventory(scan("api:ComputeOptimizer::InstanceRecommendation"))
    recommendation = found.get(InstanceRecommendation, _INSTANCE)
    assert recommendation is not None
    assert [(option.instance_type, option.savings) for option in recommendation.options] == [("m5.large", 42.5)]


def test_who_did_not_opt_in_has_none(moto, scripted):
    scripted({"GetEC2InstanceRecommendations": "OptInRequiredException"})
    found = scan("api:ComputeOptimizer::InstanceRecommendation")
    assert found.gaps == []
    assert Inventory(found).get(InstanceRecommendation, _INSTANCE) is None


def test_denied_recommendations_are_unknown(moto, scripted):
    scripted({"GetEC2InstanceRecommendations": "AccessDeniedException"})
    with pytest.raises(Undecided, match="was denied"):
        Inventory(scan("api:ComputeOptimizer::InstanceRecommendation")).get(InstanceRecommendation, _INSTANCE)
