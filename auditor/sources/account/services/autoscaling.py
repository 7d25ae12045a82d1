"""EC2 Auto Scaling: groups, launch configurations, policies, scheduled actions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from auditor.sources.account.regular import Listing, regular


def _group(properties: dict[str, Any]) -> Mapping[str, Any]:
    """The subnets as a list: the API gives one text, empty where the group names zones."""
    subnets = properties.get("VPCZoneIdentifier") or ""
    return {**properties, "VPCZoneIdentifier": [name.strip() for name in subnets.split(",") if name.strip()]}


regular(
    "autoscaling",
    "AWS::AutoScaling::AutoScalingGroup",
    Listing("DescribeAutoScalingGroups", "AutoScalingGroups[?!Status]"),  # only one that is being deleted has a status
    reshape=_group,
    arn="{AutoScalingGroupARN}",
    title="{AutoScalingGroupName}",
)

regular(
    "autoscaling",
    "AWS::AutoScaling::LaunchConfiguration",
    Listing("DescribeLaunchConfigurations", "LaunchConfigurations"),
    arn="{LaunchConfigurationARN}",
    title="{LaunchConfigurationName}",
)

regular(
    "autoscaling",
    "AWS::AutoScaling::ScalingPolicy",
    Listing("DescribePolicies", "ScalingPolicies"),
    arn="{PolicyARN}",
    title="{PolicyName}",
)

regular(
    "autoscaling",
    "AWS::AutoScaling::ScheduledAction",
    Listing("DescribeScheduledActions", "ScheduledUpdateGroupActions"),
    arn="{ScheduledActionARN}",
    title="{ScheduledActionName}",
)
