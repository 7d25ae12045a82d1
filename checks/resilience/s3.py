"""S3 buckets: what survives a mistake."""

from auditor import MEDIUM, Findings, check
from auditor.resources.s3 import Bucket


@check(
    "s3-bucket-versioning",
    title="S3 buckets have versioning enabled",
    severity=MEDIUM,
    fixable="keeps, and bills, old versions until a lifecycle rule expires them",
    bad=(
        "AWS::S3::Bucket: {BucketName: raw-zone}",
        "AWS::S3::Bucket: {VersioningConfiguration: {Status: Suspended}}",
    ),
    good="AWS::S3::Bucket: {VersioningConfiguration: {Status: Enabled}}",
)
def bucket_versioning(bucket: Bucket) -> Findings:
    """Without versions, an overwritten or deleted data set or model is gone, by mistake as well as by malice.

    Fix: set VersioningConfiguration to Status Enabled, with a lifecycle rule that expires noncurrent versions.
    """
    if bucket.versioning != "Enabled":
        yield bucket.fail("does not keep old versions of its objects", at="versioning", expected="Enabled")
