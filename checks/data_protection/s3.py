"""S3 buckets: public access, encryption at rest and in transit."""

from collections.abc import Callable
from fnmatch import fnmatchcase

from auditor import CRITICAL, HIGH, MEDIUM, Findings, Inventory, Resource, check
from auditor.config import Config
from auditor.knowledge.zones import BRONZE, zones_in, zones_of
from auditor.members import either, every, some, sure
from auditor.policy import Statement
from auditor.policy.duties import writes_to
from auditor.policy.patterns import HOLE, Pattern
from auditor.policy.principals import LOOKED_UP, permissions_of
from auditor.resources.account import Account
from auditor.resources.cloudtrail import Trail
from auditor.resources.iam import Group, Role, User
from auditor.resources.kms import AwsManagedKey
from auditor.resources.s3 import AccountPublicAccessBlock, Bucket
from auditor.values import ABSENT, Reference, Undecided, known
from checks.data_protection.kms import is_customer_managed

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
        "AWS::S3::Bucket: {BucketName: acme-7, Tags: [{Key: classification, Value: confidential}]}",
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
        if key and is_customer_managed(key, bucket, inventory):
            return
    sensitive = either(
        lambda: bucket.is_called(config.sensitive_buckets), lambda: bucket.is_tagged(config.sensitive_tags)
    )
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


@check(
    "s3-account-public-access-block",
    title="S3 Block Public Access is on for the account",
    severity=HIGH,
    inputs=("live", "terraform"),
)
def account_public_access_block(account: Account | AccountPublicAccessBlock) -> Findings:
    """The account's own block overrules every bucket's ACL and policy, also those of buckets that are made tomorrow.

    Fix: switch all four settings on for the account (aws s3control put-public-access-block), after moving what is meant
    to be public behind CloudFront.
    """
    if isinstance(account, Account) and not account.scope.closed:
        raise Undecided("another configuration may switch it on", elsewhere=True)
    blocks = account.public_access_block
    if blocks is None:
        yield account.fail("does not block public access to S3", at="public_access_block")
        return
    for setting in blocks.off():
        name = setting.title().replace("_", "")
        yield account.fail(f"leaves {name} of S3 off", at=f"public_access_block.{setting}", expected="true")


_RULE = "AWS::S3::Bucket: {BucketEncryption: {ServerSideEncryptionConfiguration: [{%s}]}}"


@check(
    "s3-bucket-encryption-at-rest",
    title="S3 buckets have default server-side encryption",
    severity=HIGH,
    bad=_RULE % "BucketKeyEnabled: true",
    good=(
        "AWS::S3::Bucket: {BucketName: acme-features}",
        _RULE % "ServerSideEncryptionByDefault: {SSEAlgorithm: AES256}",
        _RULE % "ServerSideEncryptionByDefault: {SSEAlgorithm: 'aws:kms', KMSMasterKeyID: key}, BucketKeyEnabled: true",
    ),
)
def bucket_encryption_at_rest(bucket: Bucket) -> Findings:
    """Objects of an unencrypted bucket are in the clear on S3's disks.

    S3 encrypts every new object since January 2023, also where a template says nothing of it; a rule that names no
    algorithm was meant to say more than that.

    Fix: set BucketEncryption with an SSEAlgorithm, aws:kms and a key of your own where the data calls for it, and copy
    old objects over themselves.
    """
    if not bucket.is_encrypted:
        yield bucket.fail("does not encrypt new objects", at="encryption_rules")
    for rule in bucket.encryption_rules:
        if rule.given("algorithm") is ABSENT:
            yield bucket.fail("has an encryption rule that names no algorithm", at=rule)


_RETENTION = "Rule: {DefaultRetention: {Mode: COMPLIANCE, Days: 365}}"
_LOCKED = "ObjectLockEnabled: true, ObjectLockConfiguration: {ObjectLockEnabled: Enabled, %s}"
_TRAIL = """
Resources:
  Kept: {Type: AWS::S3::Bucket, Properties: {%s}}
  Trail: {Type: AWS::CloudTrail::Trail, Properties: {S3BucketName: !Ref Kept, IsLogging: true}}
"""


@check(
    "s3-bucket-object-lock",
    title="Raw (bronze) S3 and audit buckets use Object Lock with a default retention",
    severity=MEDIUM,
    uses=(Trail,),
    bad=(
        "AWS::S3::Bucket: {BucketName: acme-raw-data}",
        "AWS::S3::Bucket: {BucketName: acme-7, Tags: [{Key: zone, Value: bronze}]}",
        "AWS::S3::Bucket: {BucketName: acme-audit, ObjectLockEnabled: true}",
        _TRAIL % "VersioningConfiguration: {Status: Enabled}",
    ),
    good=(
        f"AWS::S3::Bucket: {{BucketName: acme-raw-data, {_LOCKED % _RETENTION}}}",
        _TRAIL % _LOCKED % _RETENTION,
        "AWS::S3::Bucket: {BucketName: acme-curated}",
        "AWS::S3::Bucket: {BucketName: acme-raw-access-logs}",
    ),
)
def bucket_object_lock(bucket: Bucket, inventory: Inventory, config: Config) -> Findings:
    """Raw data is what everything else is made from again, and an audit log is what proves things: neither may change.

    Raw buckets are those whose name or zone tag says raw, bronze, landing or ingest; audit buckets those that say so,
    or that a trail writes to.

    Fix: set ObjectLockEnabled and an ObjectLockConfiguration with a DefaultRetention. An existing bucket needs
    versioning first.
    """
    kept: tuple[Callable[[], bool], ...] = (
        lambda: BRONZE in zones_of(bucket) and not bucket.is_called(config.log_buckets),
        lambda: bucket.is_called(("*audit*", "*cloudtrail*")),
        lambda: bool(inventory.referring(Trail, lambda trail: trail.s3_bucket_name, bucket)),
    )
    if not some(kept, lambda question: question()):
        return
    if bucket.object_lock_retention is not None:
        return
    if not bucket.object_lock_enabled:
        yield bucket.fail("does not lock its objects", at="object_lock_enabled")
    else:
        yield bucket.fail("locks objects only where somebody asks for it", at="object_lock_retention")


_WRITES = """
Resources:
  %s:
    Type: AWS::IAM::Role
    Properties:
      Policies:
        - PolicyName: lake
          PolicyDocument: {Statement: [{Effect: Allow, Action: %s, Resource: "arn:aws:s3:::%s/*"}]}
"""
_LETS = """
Resources:
  RawData: {Type: AWS::S3::Bucket}
  RawDataPolicy:
    Type: AWS::S3::BucketPolicy
    Properties:
      Bucket: !Ref RawData
      PolicyDocument:
        Statement:
          - {Effect: Allow, Principal: {%s}, Action: ["s3:GetObject", "%s"], Resource: !Sub "${RawData.Arn}/*"}
"""
_ANALYST = "AWS: 'arn:aws:iam::111122223333:role/analyst'"


@check(
    "s3-datalake-bronze-mutable",
    title="Only ingestion roles can overwrite or delete objects in raw (bronze) buckets",
    severity=MEDIUM,
    uses=LOOKED_UP,
    bad=(
        _WRITES % ("Analyst", "s3:DeleteObject", "acme-raw-data"),
        _WRITES % ("Transform", "'s3:*'", "acme-bronze"),
        _LETS % (_ANALYST, "s3:PutObject"),
        _LETS % (_ANALYST, "s3:Delete*"),
    ),
    good=(
        _WRITES % ("IngestRole", "s3:PutObject", "acme-raw-data"),
        _WRITES % ("Analyst", "s3:GetObject", "acme-raw-data"),
        _WRITES % ("Transform", "'s3:*'", "acme-curated"),
        _LETS % (_ANALYST, "s3:ListBucket"),
        _LETS % ("AWS: 'arn:aws:iam::111122223333:role/web-ingestion'", "s3:PutObject"),
        _LETS % ("Service: logs.amazonaws.com", "s3:PutObject"),
    ),
)
def bronze_mutable(owner: Bucket | Role | User | Group, inventory: Inventory, config: Config) -> Findings:
    """Raw data must stay as it came: what somebody overwrites or deletes there can't be made again from anything.

    Raw buckets are those whose name, in the bucket itself or in a policy, says raw, bronze, landing or ingest;
    ingestion roles are set by ingestion-roles in the configuration.

    Fix: take s3:PutObject and s3:DeleteObject on raw buckets from everybody but the roles that bring data in; give
    readers s3:GetObject, and jobs a bucket of their own to write to.
    """
    if isinstance(owner, Bucket):
        if BRONZE in zones_of(owner) and owner.policy:
            for statement in owner.policy.where(lambda one: _lets_others_change(one, inventory, config)):
                yield owner.fail("lets others than ingestion roles overwrite or delete raw data", at=statement)
        return
    for where, grant in writes_to(permissions_of(owner, inventory), lambda bucket: BRONZE in zones_in(bucket)):
        if not _brings_data_in(owner, config):
            yield owner.fail(f"may overwrite or delete raw data in {where}", at=grant.statement)


def _lets_others_change(statement: Statement, inventory: Inventory, config: Config) -> bool:
    return every(
        statement.allows,
        lambda: some(("s3:PutObject", "s3:DeleteObject"), statement.concerns),
        lambda: some(statement.principals, lambda one: _is_another(one[1], inventory, config)),
    )


def _is_another(principal: Pattern, inventory: Inventory, config: Config) -> bool:
    """Whether a principal is a role or user that does not bring data in."""
    whole = principal.parts[0]
    if isinstance(whole, Reference):
        role = inventory.get(Role, whole)
        return role is not None and not _brings_data_in(role, config)
    _, found, name = principal.sketch().rpartition("/")
    if not found or _is_for_ingestion(name, config):
        return False
    if HOLE in name:
        raise Undecided("the name of a principal of its policy is not known")
    return True


def _brings_data_in(owner: Resource, config: Config) -> bool:
    named = any(_is_for_ingestion(name, config) for name in owner.known_names)
    return named or bool(known(owner.raw.unknown_name))


def _is_for_ingestion(name: str, config: Config) -> bool:
    plain = name.rpartition("/")[2].lower().replace("-", "").replace("_", "")
    return any(fnmatchcase(plain, glob.lower()) for glob in config.ingestion_roles)
