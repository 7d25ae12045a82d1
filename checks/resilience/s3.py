"""S3 buckets: what survives a mistake."""

from auditor import LOW, MEDIUM, Findings, Inventory, Undecided, check
from auditor.config import Config
from auditor.knowledge.environment import environment_of
from auditor.knowledge.s3_places import bucket_of
from auditor.members import known_first, some, those
from auditor.resources.s3 import Bucket, ReplicationRule


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


_NAMED = "AWS::S3::Bucket: {BucketName: prod-models%s}"
_REPLICATED = ", ReplicationConfiguration: {Role: role, Rules: [{Status: %s, Destination: {Bucket: %s}}]}"
_BESIDE = """
        Resources:
          Copies: {Type: AWS::S3::Bucket, Properties: {BucketName: dev-copies}}
          Models:
            Type: AWS::S3::Bucket
            Properties:
              Tags: [{Key: environment, Value: production}]
              ReplicationConfiguration:
                Role: role
                Rules: [{Status: Enabled, Destination: {Bucket: !GetAtt Copies.Arn}}]
        """


@check(
    "s3-bucket-replication-missing",
    title="Production S3 buckets replicate to another region",
    severity=LOW,
    uses=(Bucket,),
    bad=(
        _NAMED % "",
        "AWS::S3::Bucket: {Tags: [{Key: Environment, Value: prod}]}",
        _NAMED % (_REPLICATED % ("Disabled", "'arn:aws:s3:::models-copy'")),
        _BESIDE,
        _BESIDE.replace("!GetAtt Copies.Arn", "!Sub 'arn:aws:s3:::${Copies}'"),
        _BESIDE.replace("!GetAtt Copies.Arn", "arn:aws:s3:::dev-copies"),
    ),
    good=(
        _NAMED % (_REPLICATED % ("Enabled", "'arn:aws:s3:::models-copy'")),
        "AWS::S3::Bucket: {BucketName: dev-models}",
    ),
)
def bucket_replication_missing(bucket: Bucket, inventory: Inventory, config: Config) -> Findings:
    """A bucket is in one region: while that is down, or once an account is lost, so are its data sets and models.

    Buckets count as production by their tag or name; where neither says which, that is unknown.

    Fix: add a ReplicationConfiguration to a bucket in another region, best of another account. What can be made again
    from its source needs none: suppress the check with that as the reason.
    """
    environment = environment_of(bucket, config)
    if environment == "development":
        return
    rules = those(bucket.replication_rules, lambda rule: rule.status == "Enabled")
    if some(rules, lambda rule: not _is_beside(bucket, rule, inventory)):
        return
    if environment is None:
        raise Undecided("neither its tags nor its name say whether it is for production")
    yield bucket.fail("is not replicated to another region", at="replication_rules")


def _is_beside(bucket: Bucket, rule: ReplicationRule, inventory: Inventory) -> bool:
    """Whether what a rule copies to is certainly in the same region: declared in the same template, or listed there."""
    copies = known_first((rule.destination,), lambda arn: bucket_of(arn, bucket, inventory))
    return some(tuple.__iter__(copies), lambda copy: _in_one_region(copy, bucket))


def _in_one_region(one: Bucket, other: Bucket) -> bool:
    if one.raw.provider == other.raw.provider:
        return one.raw.origin.locate(()).region == other.raw.origin.locate(()).region
    if None in (one.scope.region, other.scope.region):
        raise Undecided(f"of which region the provider of {one.title} is, is not known")
    return one.scope.region == other.scope.region
