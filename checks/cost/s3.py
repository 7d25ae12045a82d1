"""S3 buckets: data that costs more than it needs to."""

from auditor import MEDIUM, Findings, check
from auditor.pricing.savings import s3_lifecycle
from auditor.resources.s3 import Bucket


@check(
    "s3-bucket-lifecycle-missing",
    title="S3 buckets have a lifecycle configuration",
    severity=MEDIUM,
    bad=(
        "AWS::S3::Bucket: {BucketName: experiments}",
        "AWS::S3::Bucket: {LifecycleConfiguration: {Rules: [{Status: Disabled, ExpirationInDays: 30}]}}",
    ),
    good="AWS::S3::Bucket: {LifecycleConfiguration: {Rules: [{Status: Enabled, ExpirationInDays: 30}]}}",
)
def bucket_lifecycle_missing(bucket: Bucket) -> Findings:
    """Data that nobody reads any more stays in the dearest storage class until a rule moves or deletes it.

    Fix: add lifecycle rules: move what is older than 90 days to Standard-IA or Glacier, expire temporary files and
    noncurrent versions, abort incomplete uploads after a week.
    """
    if any(rule.status == "Enabled" for rule in bucket.lifecycle_rules):
        return
    saving = s3_lifecycle(bucket.size_bytes, bucket.scope.region)
    depends = "" if saving else "; what one saves depends on how much of its data is old"
    yield bucket.fail(f"has no lifecycle rule in force{depends}", at="lifecycle_rules", saving=saving)
