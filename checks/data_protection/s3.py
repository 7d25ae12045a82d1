"""S3 buckets: public access, encryption at rest and in transit."""

from auditor import CRITICAL, HIGH, MEDIUM, Findings, Inventory, check
from auditor.config import Config
from auditor.members import sure
from auditor.resources.account import Account
from auditor.resources.kms import AwsManagedKey
from auditor.resources.s3 import Bucket

_ALL_ON = "{BlockPublicAcls: true, BlockPublicPolicy: true, IgnorePublicAcls: true, RestrictPublicBuckets: true}"

_PUBLIC = """
Resources:
  Models:
    Type: AWS::S3::Bucket
  ModelsPolicy:
    Type: AWS::S3::BucketPolicy
    Properties:
      Bucket: !Ref Models
      PolicyDocument:
        Statement: [{Effect: Allow, Principal: %s, Action: "s3:GetObject", Resource: !Sub "${Models.Arn}/*"%s}]
"""

_TLS = """
Resources:
  Models:
    Type: AWS::S3::Bucket
  ModelsPolicy:
    Type: AWS::S3::BucketPolicy
    Properties:
      Bucket: !Ref Models
      PolicyDocument:
        Statement:
          Effect: %s
          Principal: "*"
          Action: "%s"
          Resource: %s
          Condition: {Bool: {"aws:SecureTransport": %s}}
"""


@check(
    "s3-bucket-public-access-block",
    title="S3 buckets have all four Block Public Access settings on",
    severity=HIGH,
    fixable="closes the bucket to a public that ACLs or policies kept elsewhere let in",
    bad=(
        "AWS::S3::Bucket: {BucketName: models}",
        "AWS::S3::Bucket: {PublicAccessBlockConfiguration: {BlockPublicAcls: true, BlockPublicPolicy: true}}",
        f"AWS::S3::Bucket: {{PublicAccessBlockConfiguration: {_ALL_ON.replace('true}', 'false}')}}}",
    ),
    good=f"AWS::S3::Bucket: {{PublicAccessBlockConfiguration: {_ALL_ON}}}",
)
def bucket_public_access_block(bucket: Bucket) -> Findings:
    """One careless ACL or policy makes training data and models public; Block Public Access overrules both.

    New buckets have it on since April 2023, older ones need not: only where it is written down is it sure to be on.

    Fix: set all four properties of PublicAccessBlockConfiguration to true.
    """
    blocks = bucket.public_access_block
    # S3 refuses a public ACL or policy beside it, so where there is one, a person must choose.
    closable = bool(sure([bucket], lambda one: one.is_private))
    if blocks is None:
        expected = _ALL_ON if closable else None
        yield bucket.fail("does not set Block Public Access", at="public_access_block", expected=expected)
        return
    for setting in blocks.off():
        name = setting.title().replace("_", "")
        expected = "true" if closable else None
        yield bucket.fail(f"leaves {name} off", at=f"public_access_block.{setting}", expected=expected)


@check(
    "s3-bucket-public-policy",
    title="S3 bucket policies grant no access to everyone",
    severity=CRITICAL,
    uses=(Account,),
    bad=(
        _PUBLIC % ('"*"', ""),
        _PUBLIC % ("{AWS: ['*']}", ", Condition: {StringLike: {'aws:SourceVpce': 'vpce-*'}}"),
        _PUBLIC % ("{AWS: '*'}", ", Condition: {IpAddress: {'aws:SourceIp': [10.0.0.0/8, 0.0.0.0/0]}}"),
    ),
    good=(
        _PUBLIC % ("{AWS: 'arn:aws:iam::111122223333:root'}", ""),
        _PUBLIC % ('"*"', ", Condition: {StringEquals: {'aws:PrincipalOrgID': o-a1b2c3d4e5}}"),
        _PUBLIC.replace("Bucket\n", f"Bucket\n    Properties: {{PublicAccessBlockConfiguration: {_ALL_ON}}}\n", 1)
        % ('"*"', ""),
    ),
)
def bucket_public_policy(bucket: Bucket, inventory: Inventory) -> Findings:
    """Whoever knows or guesses the bucket's name can use what its policy grants to everyone, without an account.

    Fix: name the accounts or roles in Principal, or add a condition such as aws:PrincipalOrgID or aws:SourceVpce; turn
    on RestrictPublicBuckets, which makes S3 ignore such grants. Publish files through CloudFront instead.
    """
    accounts = [account for account in inventory.of(Account) if account.scope.account == bucket.scope.account]
    for statement in bucket.public_statements(accounts):
        yield bucket.fail("has a policy that grants access to everyone", at=statement)


@check(
    "s3-bucket-kms-encryption",
    title="S3 buckets with training data, models or sensitive zones use SSE-KMS with a customer managed key",
    severity=MEDIUM,
    uses=(AwsManagedKey,),
    bad=(
        "AWS::S3::Bucket: {BucketName: acme-training-data}",
        "AWS::S3::Bucket: {BucketName: acme-7, Tags: [{Key: Classification, Value: confidential}]}",
        """
Resources:
  ModelArtifacts:
    Type: AWS::S3::Bucket
    Properties:
      BucketEncryption:
        ServerSideEncryptionConfiguration: [{ServerSideEncryptionByDefault: {SSEAlgorithm: "aws:kms"}}]
""",
    ),
    good=(
        """
AWS::S3::Bucket:
  BucketName: acme-training-data
  BucketEncryption:
    ServerSideEncryptionConfiguration:
      - ServerSideEncryptionByDefault: {SSEAlgorithm: "aws:kms", KMSMasterKeyID: alias/training}
""",
        "AWS::S3::Bucket: {BucketName: acme-website}",
    ),
)
def bucket_kms_encryption(bucket: Bucket, inventory: Inventory, config: Config) -> Findings:
    """With a key of your own, reading the data takes a second permission, and every use of the key is on record.

    Fix: encrypt by default with SSEAlgorithm aws:kms and the ARN or alias of a customer managed key. Which buckets are
    sensitive is set by sensitive-buckets and sensitive-tags in the configuration.
    """
    for rule in bucket.encryption_rules:
        key = rule.kms_key if rule.algorithm.startswith("aws:kms") else None
        if key and not key.endswith("alias/aws/s3") and not _is_managed_by_aws(key, inventory):
            return
    sensitive = bucket.is_called(config.sensitive_buckets) or bucket.is_tagged(config.sensitive_tags)
    if sensitive and not bucket.is_called(config.log_buckets):
        yield bucket.fail("is not encrypted with a customer managed KMS key", at="encryption_rules")


@check(
    "s3-bucket-secure-transport",
    title="S3 bucket policies deny requests without TLS",
    severity=MEDIUM,
    bad=(
        _TLS % ("Deny", "s3:*", '!Sub "${Models.Arn}/*"', "false"),
        _TLS % ("Deny", "s3:PutObject", '[!GetAtt Models.Arn, !Sub "${Models.Arn}/*"]', "false"),
        _TLS % ("Allow", "s3:*", '[!GetAtt Models.Arn, !Sub "${Models.Arn}/*"]', "true"),
    ),
    good=(
        _TLS % ("Deny", "s3:*", '[!GetAtt Models.Arn, !Sub "${Models.Arn}/*"]', "false"),
        _TLS % ("Deny", "*", '"*"', '"false"'),
    ),
)
def bucket_secure_transport(bucket: Bucket) -> Findings:
    """S3 answers plain HTTP too, which anybody on the way can read and change; only a policy can refuse it.

    An Allow on condition of TLS is not enough: what an identity's own policy allows needs no Allow here.

    Fix: add a statement that denies s3:* to everyone ("*") on the bucket and its objects where aws:SecureTransport is
    false.
    """
    use = bucket.accepts_plain_http()
    if use:
        at = None if bucket.policy is None else "policy"
        yield bucket.fail(f"accepts requests without TLS that {use} objects", at=at)


def _is_managed_by_aws(key: str, inventory: Inventory) -> bool:
    return any(managed.answers_to(key) for managed in inventory.of(AwsManagedKey))
