"""Application, Network and Gateway Load Balancers, their listeners and target groups."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from auditor.sources.account.regular import Call, Listing, regular

LOAD_BALANCERS = Listing("DescribeLoadBalancers", "LoadBalancers", shared=True)
"""Every load balancer but the classic ones."""

_GONE = ("LoadBalancerNotFound",)
_WHICH = {"LoadBalancerArn": "{LoadBalancerArn}"}


def _load_balancer(properties: dict[str, Any]) -> Mapping[str, Any]:
    subnets = [zone["SubnetId"] for zone in properties.get("AvailabilityZones", ()) if "SubnetId" in zone]
    return {**properties, "Subnets": subnets}


regular(
    "elbv2",
    "AWS::ElasticLoadBalancingV2::LoadBalancer",
    LOAD_BALANCERS,
    more=(Call("DescribeLoadBalancerAttributes", "Attributes", _WHICH, into="LoadBalancerAttributes", gone=_GONE),),
    reshape=_load_balancer,
    arn="{LoadBalancerArn}",
    title="{LoadBalancerName}",
)

regular(
    "elbv2",
    "AWS::ElasticLoadBalancingV2::Listener",
    Listing("DescribeListeners", "Listeners", _WHICH, within=LOAD_BALANCERS, gone=_GONE),
    arn="{ListenerArn}",
    title="{LoadBalancerName}, port {Port}",
)

regular(
    "elbv2",
    "AWS::ElasticLoadBalancingV2::TargetGroup",
    Listing("DescribeTargetGroups", "TargetGroups"),
    more=(
        Call(
            "DescribeTargetHealth",
            "TargetHealthDescriptions",
            {"TargetGroupArn": "{TargetGroupArn}"},
            into="TargetHealthDescriptions",
            gone=("TargetGroupNotFound",),
        ),
    ),
    arn="{TargetGroupArn}",
    title="{TargetGroupName}",
)
