"""Data Lifecycle Manager: policies that make and remove snapshots."""

from typing import Annotated, Any

from auditor.members import some
from auditor.resources.base import Resource, Struct
from auditor.resources.fields import From
from auditor.resources.tags import Tags
from auditor.values import Undecided


class CopyEncryption(Struct):
    """How copies in another region are encrypted."""

    encrypted: bool = False
    cmk_arn: str | None = None


class Schedule(Struct):
    """When snapshots are made, copied and removed."""

    retain_rule: Any = None
    cross_region_copies: Annotated[
        tuple[CopyEncryption, ...],
        From(cfn="CrossRegionCopyRules", tf="cross_region_copy_rule", live="CrossRegionCopyRules"),
    ] = ()


class CrossRegionCopy(Struct):
    """A copy that an event starts."""

    encryption: Annotated[
        CopyEncryption | None,
        From(cfn="EncryptionConfiguration", tf="encryption_configuration", live="EncryptionConfiguration"),
    ] = None


class Action(Struct):
    """What a policy does when a snapshot is shared with the account."""

    cross_region_copies: Annotated[
        tuple[CrossRegionCopy, ...], From(cfn="CrossRegionCopy", tf="cross_region_copy", live="CrossRegionCopy")
    ] = ()


class TargetTag(Struct):
    """A tag of what a policy is for."""

    key: str
    value: str


class LifecyclePolicy(Resource, cfn="AWS::DLM::LifecyclePolicy", tf="aws_dlm_lifecycle_policy"):
    """A lifecycle policy (DLM GetLifecyclePolicy)."""

    state: str = "DISABLED"
    policy_type: Annotated[
        str, From(cfn="PolicyDetails.PolicyType", tf="policy_details.policy_type", live="PolicyDetails.PolicyType")
    ] = "EBS_SNAPSHOT_MANAGEMENT"
    default_policy: Any = None  # set where the policy is for all that no other policy is for
    resource_types: Annotated[
        tuple[str, ...],
        From(cfn="PolicyDetails.ResourceTypes", tf="policy_details.resource_types", live="PolicyDetails.ResourceTypes"),
    ] = ()
    target_tags: Annotated[
        tuple[TargetTag, ...],
        From(cfn="PolicyDetails.TargetTags", tf=None, live="PolicyDetails.TargetTags"),
    ] = ()
    schedules: Annotated[
        tuple[Schedule, ...],
        From(cfn="PolicyDetails.Schedules", tf="policy_details.schedule", live="PolicyDetails.Schedules"),
    ] = ()
    actions: Annotated[
        tuple[Action, ...],
        From(cfn="PolicyDetails.Actions", tf="policy_details.action", live="PolicyDetails.Actions"),
    ] = ()

    def snapshots(self, tags: Tags) -> bool:
        """Whether it makes snapshots of a volume with these tags.

        Raises:
            Undecided: it goes by the tags of the volume's instance.
        """
        if self.state != "ENABLED" or self.policy_type != "EBS_SNAPSHOT_MANAGEMENT":
            return False
        if self.default_policy:
            return True
        if "INSTANCE" in self.resource_types:
            raise Undecided(f"which volumes the instances have that {self.title} is for is not known")
        return some(self.target_tags, lambda tag: tags.get(tag.key) == tag.value)
