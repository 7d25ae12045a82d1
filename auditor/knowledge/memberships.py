"""Which group or cluster started an instance, as the tags that AWS gives it say; only live instances have them."""

from __future__ import annotations

from typing import Final

from auditor.inventory import Inventory
from auditor.members import if_decided
from auditor.resources import emr
from auditor.resources.autoscaling import AutoScalingGroup
from auditor.resources.base import Resource
from auditor.resources.ec2 import Instance
from auditor.resources.eks import Nodegroup

_TAGS: Final = ("aws:autoscaling:groupName", "aws:elasticmapreduce:job-flow-id", "eks:nodegroup-name")


def is_member(instance: Instance) -> bool:
    """Whether a group or cluster started it, which would replace it if it were stopped."""
    return instance.tags.get(*_TAGS) is not None


def node_group(instance: Instance) -> str | None:
    """The ARN, as this tool names node groups, of the one of EKS that an instance is in; None where it is in none."""
    cluster, name = instance.tags.get("eks:cluster-name"), instance.tags.get("eks:nodegroup-name")
    if not cluster or not name:
        return None
    _, partition, _, region, account, *_ = *instance.raw.id.split(":"), *[""] * 5
    return f"arn:{partition}:eks:{region}:{account}:nodegroup/{cluster}/{name}"


def started_by(instance: Instance, inventory: Inventory) -> Resource | None:
    """The EKS node group, EMR cluster or Auto Scaling group that an instance is of; None where none is known."""
    return if_decided(lambda: _started_by(instance, inventory))


def _started_by(instance: Instance, inventory: Inventory) -> Resource | None:
    tags = instance.tags
    return (
        inventory.get(Nodegroup, node_group(instance))
        or inventory.get(emr.Cluster, tags.get("aws:elasticmapreduce:job-flow-id"), near=instance)
        or inventory.get(AutoScalingGroup, tags.get("aws:autoscaling:groupName"), near=instance)
    )
