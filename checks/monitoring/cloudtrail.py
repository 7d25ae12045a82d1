"""CloudTrail: the record of who did what."""

from auditor import HIGH, MEDIUM, Findings, Inventory, Undecided, check
from auditor.config import Config
from auditor.members import either, every, some, sure, those
from auditor.resources.account import Account
from auditor.resources.cloudtrail import Trail
from auditor.resources.s3 import Bucket

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


@check(
    "cloudtrail-logging-stopped",
    title="CloudTrail trails are logging",
    severity=HIGH,
    fixable="stores, and bills, what happens from then on",
    bad="AWS::CloudTrail::Trail: {S3BucketName: audit, IsLogging: false}",
    good=_TRAIL % "",
)
def trail_logging_stopped(trail: Trail) -> Findings:
    """A trail that is stopped looks as if somebody watched, and records nothing; intruders stop trails first.

    Fix: set IsLogging to true, or delete a trail that is no longer needed.
    """
    if not trail.is_logging:
        yield trail.fail("is not logging", at="is_logging", expected="true")


_DATA_EVENTS = """
Resources:
  Models: {Type: AWS::S3::Bucket, Properties: {BucketName: acme-models}}
  Trail:
    Type: AWS::CloudTrail::Trail
    Properties:
      S3BucketName: audit
      IsLogging: true
      IsMultiRegionTrail: true
      %s
"""
_OBJECTS = "EventSelectors: [{ReadWriteType: %s, DataResources: [{Type: 'AWS::S3::Object', Values: [%s]}]}]"
_CONDITIONS = (
    "AdvancedEventSelectors: [{FieldSelectors: [{Field: eventCategory, Equals: [Data]}, "
    "{Field: resources.type, Equals: ['AWS::S3::Object']}%s]}]"
)


@check(
    "cloudtrail-s3-data-events",
    title="S3 object-level reads and writes of data lake and model buckets are recorded",
    severity=MEDIUM,
    uses=(Trail, Bucket),
    bad=(
        _DATA_EVENTS % "EventSelectors: [{ReadWriteType: All}]",
        _DATA_EVENTS % _OBJECTS % ("WriteOnly", '"arn:aws:s3"'),
        _DATA_EVENTS % _OBJECTS % ("All", '"arn:aws:s3:::other/"'),
        _DATA_EVENTS % _CONDITIONS % ", {Field: readOnly, Equals: ['false']}",
        _DATA_EVENTS % _CONDITIONS % ", {Field: eventName, Equals: [DeleteObject]}",
        _DATA_EVENTS % _CONDITIONS % ", {Field: resources.ARN, NotStartsWith: [!Sub '${Models.Arn}/tmp/']}",
    ),
    good=(
        _DATA_EVENTS % _OBJECTS % ("All", '"arn:aws:s3"'),
        _DATA_EVENTS % _OBJECTS % ("All", '"arn:aws:s3:::"'),
        _DATA_EVENTS % _OBJECTS % ("All", '!Sub "${Models.Arn}/"'),
        _DATA_EVENTS % _OBJECTS % ("All", '"arn:aws:s3:::acme-models/"'),
        _DATA_EVENTS % _CONDITIONS % "",
        _DATA_EVENTS % _CONDITIONS % ", {Field: resources.ARN, StartsWith: ['arn:aws:s3:::acme-models/']}",
        _DATA_EVENTS % _CONDITIONS % ", {Field: resources.ARN, NotStartsWith: ['arn:aws:s3:::audit/']}",
    ),
)
def account_s3_data_events(account: Account, inventory: Inventory, config: Config) -> Findings:
    """Without data events a trail tells who changed a bucket's settings, but not who read or replaced what is in it.

    Buckets count whose name or tags sensitive-buckets and sensitive-tags in the configuration name.

    Fix: give a multi-region trail a selector of data events of AWS::S3::Object, for these buckets or for all; events
    are billed by their number.
    """
    trails = inventory.declared(Trail, near=account)
    if not some(trails, lambda _: True):
        raise Undecided("it has no trail, as cloudtrail-multi-region says", elsewhere=True)

    def counts(bucket: Bucket) -> bool:
        return every(
            lambda: either(
                lambda: bucket.is_called(config.sensitive_buckets), lambda: bucket.is_tagged(config.sensitive_tags)
            ),
            lambda: not bucket.is_called(config.log_buckets),
        )

    buckets = those(inventory.declared(Bucket, near=account), counts)
    if not buckets:
        raise Undecided("it has no data lake or model bucket", elsewhere=True)
    left_out = those(buckets, lambda bucket: not some(trails, lambda trail: trail.records_objects(bucket)))
    names = [bucket.title for bucket in sure(left_out, lambda _: True)]
    for _ in left_out:
        shown = ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")
        yield account.fail(f"has no trail that records reads and writes of what is in {shown}", at=next(iter(trails)))
        return
