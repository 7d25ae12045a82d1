"""What Auto Scaling groups start, as their launch template or configuration says."""

from __future__ import annotations

from typing import Final

from auditor.inventory import Inventory
from auditor.resources.autoscaling import AutoScalingGroup, GroupTemplate, LaunchConfiguration
from auditor.resources.base import Resource
from auditor.resources.ec2 import LaunchTemplate

SOURCES: Final[tuple[type[Resource], ...]] = (LaunchTemplate, LaunchConfiguration)
"""What is looked up; a check that calls these functions names them in `uses`."""


def template_of(group: AutoScalingGroup, inventory: Inventory) -> LaunchTemplate | None:
    """The launch template that a group starts from, None where it has none."""
    policy = group.mixed_instances_policy
    source: GroupTemplate | None = policy.launch_template if policy else group.launch_template
    if source is None:
        return None
    return inventory.get(LaunchTemplate, source.launch_template_id or source.launch_template_name, near=group)


def instance_type(group: AutoScalingGroup, inventory: Inventory) -> str | None:
    """The one type that a group starts, None where there may be several or none is named."""
    policy = group.mixed_instances_policy
    overrides = {override.instance_type for override in policy.overrides} if policy else set()
    if overrides:
        return overrides.pop() if len(overrides) == 1 else None
    template = template_of(group, inventory)
    if template is not None:
        return template.data.instance_type
    configuration = inventory.get(LaunchConfiguration, group.launch_configuration_name, near=group)
    return configuration.instance_type if configuration else None


def uses_spot(group: AutoScalingGroup, inventory: Inventory) -> bool:
    """Whether a group starts spot instances, alone or beside on-demand ones."""
    policy = group.mixed_instances_policy
    if policy is not None:
        shares = policy.instances_distribution
        return shares is not None and shares.on_demand_percentage_above_base_capacity < 100
    template = template_of(group, inventory)
    if template is not None:
        return template.data.market_type == "spot"
    configuration = inventory.get(LaunchConfiguration, group.launch_configuration_name, near=group)
    return configuration is not None and configuration.spot_price is not None
