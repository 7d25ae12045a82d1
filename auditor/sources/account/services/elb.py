"""Classic Load Balancers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from auditor.sources.account.regular import Call, Listing, regular

_GONE = ("LoadBalancerNotFound",)
_NAMED = {"LoadBalancerName": "{LoadBalancerName}"}
_DESYNC = "elb.http.desyncmitigationmode"
_TOLD_BY_ATTRIBUTES = ("AccessLoggingPolicy", "ConnectionDrainingPolicy", "CrossZone", "DesyncMitigationMode")


def _load_balancer(properties: dict[str, Any]) -> Mapping[str, Any]:
    """As CloudFormation has it; what the attributes tell stays unknown where they are."""
    listeners = [
        {**described.get("Listener", {}), "PolicyNames": described.get("PolicyNames", [])}
        for described in properties.pop("ListenerDescriptions", ())
    ]
    made = {
        **properties,
        "Listeners": listeners,
        "Instances": [one["InstanceId"] for one in properties.get("Instances", ()) if "InstanceId" in one],
        "Policies": _policies(properties.pop("PolicyDescriptions", [])),
    }
    attributes = properties.pop("Attributes", {})
    if not isinstance(attributes, Mapping):
        return {**made, **dict.fromkeys(_TOLD_BY_ATTRIBUTES, attributes)}
    additional = {one.get("Key"): one.get("Value") for one in attributes.get("AdditionalAttributes", ())}
    return {
        **made,
        "AccessLoggingPolicy": attributes.get("AccessLog"),
        "ConnectionDrainingPolicy": attributes.get("ConnectionDraining"),
        "CrossZone": attributes.get("CrossZoneLoadBalancing", {}).get("Enabled"),
        "DesyncMitigationMode": additional.get(_DESYNC),
    }


def _policies(described: Any) -> Any:
    if not isinstance(described, list):
        return described
    return [
        {
            "PolicyName": policy.get("PolicyName"),
            "PolicyType": policy.get("PolicyTypeName"),
            "Attributes": [
                {"Name": one.get("AttributeName"), "Value": one.get("AttributeValue")}
                for one in policy.get("PolicyAttributeDescriptions", ())
            ],
        }
        for policy in described
    ]


regular(
    "elb",
    "AWS::ElasticLoadBalancing::LoadBalancer",
    Listing("DescribeLoadBalancers", "LoadBalancerDescriptions"),
    more=(
        Call(
            "DescribeLoadBalancerAttributes",
            "LoadBalancerAttributes",
            _NAMED,
            into="Attributes",
            gone=_GONE,
            tells=_TOLD_BY_ATTRIBUTES,
        ),
        Call(
            "DescribeLoadBalancerPolicies",
            "PolicyDescriptions",
            _NAMED,
            into="PolicyDescriptions",
            gone=_GONE,
            when="ListenerDescriptions[].PolicyNames[]",
            tells=("Policies",),
        ),
    ),
    reshape=_load_balancer,
    arn="arn:{partition}:elasticloadbalancing:{region}:{account}:loadbalancer/{LoadBalancerName}",
    title="{LoadBalancerName}",
)
