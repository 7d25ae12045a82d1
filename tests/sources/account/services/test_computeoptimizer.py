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


def test_found_by_the_resource(moto, scripted):
    scripted(dict(TestComputeOptimizer.cases[0].answers))
    found = Inventory(scan("api:ComputeOptimizer::InstanceRecommendation"))
    recommendation = found.get(InstanceRecommendation, _INSTANCE)
    assert recommendation is not None
    assert [(option.instance_type, option.savings) for option in recommendation.options] == [("m5.large", 42.5)]


def test_nobody_opted_in(moto, scripted):
    scripted({"GetEC2InstanceRecommendations": "OptInRequiredException"})
    with pytest.raises(Undecided, match="OptInRequiredException"):
        Inventory(scan("api:ComputeOptimizer::InstanceRecommendation")).get(InstanceRecommendation, _INSTANCE)
