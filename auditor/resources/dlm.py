"""Data Lifecycle Manager: policies that make and remove snapshots."""

from collections.abc import Iterable, Mapping
from typing import Annotated, Any, Self

from auditor.members import known_first, some
from auditor.raw import Path, Raw
from auditor.resources.base import Resource, Struct
from auditor.resources.fields import From, walk, wrong
from auditor.resources.tags import Tags
from auditor.values import Undecided, known


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


class TargetTags:
    """The tags of what a policy is for: AWS's list, in which a key may be several times, or Terraform's map."""

    def __init__(self, pairs: Iterable[tuple[str, Any]]) -> None:
        """`pairs` of keys and values."""
        self._pairs = pairs

    @classmethod
    def from_raw(cls, value: Any, raw: Raw, path: Path) -> Self:
        """See `Convertible`."""
        if isinstance(value, Mapping):
            return cls(value.items())
        if not isinstance(value, list):
            raise wrong(path, "a list of tags", value)
        return cls(known_first(value, lambda tag: (walk(known(tag), ("Key",)), walk(known(tag), ("Value",)))))

    def fit(self, tags: Tags) -> bool:
        """Whether one of them is among a resource's tags.

        Raises:
            Undecided: none that is known is, and one may be.
        """
        return some(self._pairs, lambda pair: tags.get(pair[0]) == known(pair[1]))


class LifecyclePolicy(Resource, cfn="AWS::DLM::LifecyclePolicy", tf="aws_dlm_lifecycle_policy"):
    """A lifecycle policy (DLM GetLifecyclePolicy)."""

    state: Annotated[str, From(tf_default="ENABLED")] = "DISABLED"
    policy_type: Annotated[
        str, From(cfn="PolicyDetails.PolicyType", tf="policy_details.policy_type", live="PolicyDetails.PolicyType")
    ] = "EBS_SNAPSHOT_MANAGEMENT"
    default_policy: Any = None  # set where the policy is for all that no other policy is for
    resource_types: Annotated[
        tuple[str, ...],
        From(cfn="PolicyDetails.ResourceTypes", tf="policy_details.resource_types", live="PolicyDetails.ResourceTypes"),
    ] = ()
    target_tags: Annotated[
        TargetTags,
        From(cfn="PolicyDetails.TargetTags", tf="policy_details.target_tags", live="PolicyDetails.TargetTags"),
    ] = TargetTags(())
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
        return self.target_tags.fit(tags)
