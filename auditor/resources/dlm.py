"""Data Lifecycle Manager: policies that make and remove snapshots."""

from typing import Annotated, Any

from auditor.resources.base import Resource, Struct
from auditor.resources.fields import From


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


class LifecyclePolicy(Resource, cfn="AWS::DLM::LifecyclePolicy", tf="aws_dlm_lifecycle_policy"):
    """A lifecycle policy (DLM GetLifecyclePolicy)."""

    state: str = "DISABLED"
    policy_type: Annotated[
        str, From(cfn="PolicyDetails.PolicyType", tf="policy_details.policy_type", live="PolicyDetails.PolicyType")
    ] = "EBS_SNAPSHOT_MANAGEMENT"
    schedules: Annotated[
        tuple[Schedule, ...],
        From(cfn="PolicyDetails.Schedules", tf="policy_details.schedule", live="PolicyDetails.Schedules"),
    ] = ()
    actions: Annotated[
        tuple[Action, ...],
        From(cfn="PolicyDetails.Actions", tf="policy_details.action", live="PolicyDetails.Actions"),
    ] = ()
