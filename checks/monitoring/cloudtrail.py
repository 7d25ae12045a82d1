"""CloudTrail: the record of who did what."""

from auditor import HIGH, MEDIUM, Findings, Inventory, check
from auditor.members import some, sure
from auditor.resources.account import Account
from auditor.resources.cloudtrail import Trail

_TRAIL = "AWS::CloudTrail::Trail: {S3BucketName: audit, IsLogging: true%s}"
_EVERYWHERE = "{IsMultiRegionTrail: true, IncludeGlobalServiceEvents: true}"  # the first is refused without the second


@check(
    "cloudtrail-multi-region",
    title="A multi-region CloudTrail trail records management events for reads and writes",
    severity=HIGH,
    fixable="stores, and may bill, what happens in every other region as well",
    uses=(Trail,),
    bad=(
        _TRAIL % "",
        _TRAIL.replace("IsLogging: true", "IsLogging: false") % ", IsMultiRegionTrail: true",
        _TRAIL % ", IsMultiRegionTrail: true, EventSelectors: [{ReadWriteType: WriteOnly}]",
        _TRAIL % ", IsMultiRegionTrail: true, AdvancedEventSelectors: [{FieldSelectors: "
        "[{Field: eventCategory, Equals: [Data]}, {Field: resources.type, Equals: ['AWS::S3::Object']}]}]",
    ),
    good=(
        _TRAIL % ", IsMultiRegionTrail: true",
        _TRAIL % ", IsMultiRegionTrail: true, EventSelectors: [{ReadWriteType: ReadOnly}, {ReadWriteType: WriteOnly}]",
        _TRAIL % ", IsMultiRegionTrail: true, AdvancedEventSelectors: [{FieldSelectors: "
        "[{Field: eventCategory, Equals: [Management]}, {Field: eventSource, NotEquals: [kms.amazonaws.com]}]}]",
    ),
)
def account_multi_region_trail(account: Account, inventory: Inventory) -> Findings:
    """What happens in a region that no trail covers leaves no record, and attackers choose such regions.

    Fix: have one trail with IsMultiRegionTrail true that is logging and whose selectors record all management events.
    """
    trails = inventory.declared(Trail, near=account)
    if some(trails, lambda trail: trail.lacks() is None):
        return
    why = ", ".join(f"{trail.title} {trail.lacks()}" for trail in trails)
    at = trails[0] if trails else None
    expected = _EVERYWHERE if len(trails) == 1 and sure(trails, _lacks_regions_only) else None
    yield account.fail(f"has no trail that records it all{f': {why}' if why else ''}", at=at, expected=expected)


@check(
    "cloudtrail-log-file-validation",
    title="CloudTrail trails validate log files",
    severity=MEDIUM,
    fixable=True,
    bad=(_TRAIL % "", _TRAIL % ", EnableLogFileValidation: false"),
    good=_TRAIL % ", EnableLogFileValidation: true",
)
def trail_log_file_validation(trail: Trail) -> Findings:
    """Digests show whether somebody changed or deleted log files; without them the log proves nothing.

    Fix: set EnableLogFileValidation to true.
    """
    if not trail.enable_log_file_validation:
        yield trail.fail("does not validate its log files", at="enable_log_file_validation", expected="true")


def _lacks_regions_only(trail: Trail) -> bool:
    return not trail.is_multi_region_trail and trail.is_logging and trail.records_management_events()
