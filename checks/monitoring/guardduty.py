"""GuardDuty: threats that AWS finds."""

from auditor import HIGH, Findings, Inventory, Undecided, check
from auditor.members import some
from auditor.resources.guardduty import Detector
from auditor.resources.region import Region


@check(
    "guardduty-enabled",
    title="GuardDuty is enabled",
    severity=HIGH,
    fixable="is billed by the events and traffic that it looks through",
    uses=(Detector,),
    bad="AWS::GuardDuty::Detector: {Enable: false}",
    good="AWS::GuardDuty::Detector: {Enable: true}",
)
def enabled(place: Region | Detector, inventory: Inventory) -> Findings:
    """GuardDuty sees stolen credentials, mining on GPUs and data that leaves, in logs that nobody else reads.

    Fix: enable a detector in every region, the unused ones too, best from the organization's administrator account.
    """
    if isinstance(place, Detector):
        if not place.enable:
            yield place.fail("is suspended", at="enable", expected="true")
    elif some(inventory.declared(Detector, near=place), lambda _: True):
        raise Undecided("its detector is judged instead", elsewhere=True)
    else:
        yield place.fail("has no GuardDuty detector")


@check(
    "guardduty-s3-protection",
    title="GuardDuty S3 Protection is enabled",
    severity=HIGH,
    bad=(
        "AWS::GuardDuty::Detector: {Enable: true, Features: [{Name: S3_DATA_EVENTS, Status: DISABLED}]}",
        "AWS::GuardDuty::Detector: {Enable: true, DataSources: {S3Logs: {Enable: false}}}",
    ),
    good=(
        "AWS::GuardDuty::Detector: {Enable: true, Features: [{Name: S3_DATA_EVENTS, Status: ENABLED}]}",
        "AWS::GuardDuty::Detector: {Enable: true, DataSources: {S3Logs: {Enable: true}}}",
        "AWS::GuardDuty::Detector: {Enable: true}",
        "AWS::GuardDuty::Detector: {Enable: true, Features: [{Name: EKS_AUDIT_LOGS, Status: DISABLED}]}",
    ),
)
def s3_protection(detector: Detector) -> Findings:
    """With it GuardDuty looks at who reads and deletes objects, and so sees training data being copied or destroyed.

    A detector that is suspended is guardduty-enabled's to report.

    Fix: set the feature S3_DATA_EVENTS to ENABLED; without features and data sources a new detector has it.
    """
    if not detector.enable:
        raise Undecided("it is suspended", elsewhere=True)
    if not detector.protects_s3:
        yield detector.fail("does not look at what is done with objects in S3", at="features")
