"""S3 buckets: who read what."""

from auditor import MEDIUM, Findings, Inventory, check
from auditor.config import Config
from auditor.members import some, those
from auditor.resources.s3 import Bucket


@check(
    "s3-bucket-access-logging",
    title="S3 buckets log server access",
    severity=MEDIUM,
    uses=(Bucket,),
    bad="AWS::S3::Bucket: {BucketName: training-data}",
    good=(
        """
Resources:
  Data:
    Type: AWS::S3::Bucket
    Properties: {LoggingConfiguration: {DestinationBucketName: !Ref Audit, LogFilePrefix: data/}}
  Audit:
    Type: AWS::S3::Bucket
""",
        "AWS::S3::Bucket: {BucketName: acme-access-logs}",
    ),
)
def bucket_access_logging(bucket: Bucket, inventory: Inventory, config: Config) -> Findings:
    """After a leak the first question is who read which object; without a log it stays open.

    Fix: set LoggingConfiguration with a bucket of its own as the destination. Buckets that receive logs need none:
    log-buckets in the configuration names them.
    """
    if bucket.logging is not None or bucket.access_control == "LogDeliveryWrite":
        return

    def logged() -> tuple[Bucket, ...]:
        return those(inventory.declared(Bucket, near=bucket), lambda other: other.logging is not None)

    others = inventory.remembered(bucket, bucket_access_logging, logged)
    if not bucket.is_called(config.log_buckets) and not some(others, lambda other: other.logs_to(bucket)):
        yield bucket.fail("does not log who accesses it", at="logging")
