"""EFS file systems: files that nobody reads."""

from auditor import LOW, Findings, check
from auditor.members import if_known, some
from auditor.pricing import usage
from auditor.pricing.saving import Saving
from auditor.resources.efs import FileSystem, LifecyclePolicy

_COLD = 0.8  # the share of files that is assumed to be cold at the most


@check(
    "efs-lifecycle-missing",
    title="EFS file systems move cold files to Infrequent Access or Archive",
    severity=LOW,
    bad=(
        "AWS::EFS::FileSystem: {Encrypted: true}",
        "AWS::EFS::FileSystem: {LifecyclePolicies: []}",
        "AWS::EFS::FileSystem: {LifecyclePolicies: [{TransitionToPrimaryStorageClass: AFTER_1_ACCESS}]}",
    ),
    good=(
        "AWS::EFS::FileSystem: {LifecyclePolicies: [{TransitionToIA: AFTER_30_DAYS}]}",
        "AWS::EFS::FileSystem: {LifecyclePolicies: [{TransitionToArchive: AFTER_90_DAYS}]}",
    ),
)
def lifecycle_missing(system: FileSystem) -> Findings:
    """A GB in EFS Standard costs a tenth in Infrequent Access, and most files are hardly read after their first month.

    Fix: add the lifecycle policy TransitionToIA: AFTER_30_DAYS; reading a file there costs extra, so add
    TransitionToPrimaryStorageClass: AFTER_1_ACCESS for files that come into use again.
    """
    if some(system.lifecycle_policies, _moves):
        return
    saving = _infrequent(system)
    hint = "" if saving else "; what that saves depends on how much it holds, and how much of it nobody reads"
    yield system.fail(f"keeps all files in the dearest storage class{hint}", at="lifecycle_policies", saving=saving)


def _moves(policy: LifecyclePolicy) -> bool:
    return policy.transition_to_ia is not None or policy.transition_to_archive is not None


def _infrequent(system: FileSystem) -> Saving | None:
    stored = if_known(system, "standard_bytes")
    if not stored:
        return None
    here = "One Zone" if if_known(system, "availability_zone_name") else "Standard"
    return usage.moved(
        "EFS",
        here,
        f"{here}-IA",
        stored / 1024**3,
        system.scope.region,
        low=0.0,
        high=_COLD,
        remark="up to 80 % are assumed to be cold; reading them again costs extra",
        confidence="low",
    )
