"""S3: the buckets of a data lake."""

from auditor import LOW, Findings, Inventory, check
from auditor.config import Config
from auditor.knowledge.zones import BRONZE, ZONE_TAGS, is_lake, zones_in, zones_of
from auditor.members import every, some
from auditor.resources.s3 import Bucket, NotificationsByCdk
from auditor.values import known

_NOTIFIES = "AWS::S3::Bucket: {BucketName: acme-landing, NotificationConfiguration: %s}"


@check(
    "s3-bucket-event-notifications",
    title="Landing S3 buckets send events that start processing of new data",
    severity=LOW,
    uses=(NotificationsByCdk,),
    bad=(
        "AWS::S3::Bucket: {BucketName: acme-raw-data}",
        "AWS::S3::Bucket: {BucketName: acme-7, Tags: [{Key: zone, Value: bronze}]}",
        _NOTIFIES % '{TopicConfigurations: [{Event: "s3:ObjectRemoved:*", Topic: topic}]}',
        _NOTIFIES % "{EventBridgeConfiguration: {EventBridgeEnabled: false}}",
        """
Resources:
  RawData: {Type: AWS::S3::Bucket}
  Other:
    Type: Custom::S3BucketNotifications
    Properties:
      BucketName: !Ref RawData
      NotificationConfiguration: {QueueConfigurations: [{Events: ["s3:ObjectRemoved:*"], QueueArn: queue}]}
""",
    ),
    good=(
        _NOTIFIES % "{EventBridgeConfiguration: {EventBridgeEnabled: true}}",
        _NOTIFIES % '{QueueConfigurations: [{Event: "s3:ObjectCreated:*", Queue: queue}]}',
        """
Resources:
  RawData: {Type: AWS::S3::Bucket}
  OnNewData:
    Type: Custom::S3BucketNotifications
    Properties: {BucketName: !Ref RawData, NotificationConfiguration: {EventBridgeConfiguration: {}}}
""",
        "AWS::S3::Bucket: {BucketName: acme-curated}",
        "AWS::S3::Bucket: {BucketName: acme-raw-access-logs}",
    ),
)
def bucket_event_notifications(bucket: Bucket, inventory: Inventory, config: Config) -> Findings:
    """Without an event, new data waits for the next schedule, or for somebody to look.

    Landing buckets are those whose name or zone tag says raw, bronze, landing or ingest. Where a schedule is what you
    want, suppress this check for the bucket.

    Fix: switch on EventBridge for the bucket, or send s3:ObjectCreated events to a function, queue or topic.
    """
    if bucket.is_called(config.log_buckets) or BRONZE not in zones_of(bucket):
        return
    if every(
        lambda: bucket.notifications is None or not bucket.notifications.tell_of_new_objects,
        lambda: not some(inventory.referring(NotificationsByCdk, lambda one: one.bucket_name, bucket), _tell),
    ):
        yield bucket.fail("takes in new data and tells nobody of it", at="notifications")


def _tell(custom: NotificationsByCdk) -> bool:
    return custom.notifications is not None and custom.notifications.tell_of_new_objects


@check(
    "s3-datalake-zone-unmarked",
    title="Data lake S3 buckets carry their zone (bronze/raw, silver/processed, gold/curated) in name or tag and "
    "zones are separated",
    severity=LOW,
    bad=(
        "AWS::S3::Bucket: {BucketName: acme-data-lake}",
        "AWS::S3::Bucket: {BucketName: acme-datalake, Tags: [{Key: owner, Value: data}]}",
        "AWS::S3::Bucket: {BucketName: acme-raw-and-curated}",
        "Resources: {DataLakeBucket: {Type: AWS::S3::Bucket}}",
    ),
    good=(
        "AWS::S3::Bucket: {BucketName: acme-data-lake-raw}",
        "AWS::S3::Bucket: {BucketName: acme-data-lake, Tags: [{Key: zone, Value: gold}]}",
        "AWS::S3::Bucket: {BucketName: acme-lake-access-logs}",
        "AWS::S3::Bucket: {BucketName: acme-drawings}",
    ),
)
def datalake_zone_unmarked(bucket: Bucket, config: Config) -> Findings:
    """Who may read data, how long it is kept and whether it may change differ by zone; in a mix, nobody can set that.

    Fix: keep each zone in a bucket of its own, with the zone in its name or in a tag `zone`. Where zones are prefixes
    of one bucket on purpose, say so in the tag.
    """
    zones = zones_in(*bucket.known_names)
    if len(zones) > 1:
        yield bucket.fail(f"is for several zones of the data lake by its name: {' and '.join(sorted(zones))}")
        return
    is_unnamed = not zones and is_lake(bucket) and not bucket.is_called(config.log_buckets)
    if is_unnamed and not (bucket.tags.get(*ZONE_TAGS) or "").strip():
        for name in bucket.raw.names:
            known(name)  # the zone may be in what is not known of it
        yield bucket.fail("is part of a data lake, and neither name nor tags say which zone it holds", at="tags")
