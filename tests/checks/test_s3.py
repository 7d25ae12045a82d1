"""S3 checks on a simulated account, and on templates beyond their examples."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from auditor.config import Config
from auditor.findings import Status
from auditor.raw import Collected
from auditor.sources.account.source import collect
from tests.support import judge, statuses, template

ACCOUNT = "123456789012"
ALL_ON = {
    "BlockPublicAcls": True,
    "BlockPublicPolicy": True,
    "IgnorePublicAcls": True,
    "RestrictPublicBuckets": True,
}
PUBLIC = {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::bad/*"}
TLS = {
    "Effect": "Deny",
    "Principal": "*",
    "Action": "s3:*",
    "Resource": ["arn:aws:s3:::good", "arn:aws:s3:::good/*"],
    "Condition": {"Bool": {"aws:SecureTransport": "false"}},
}

# What is denied to make the check undecided, by check.
OPERATIONS = {
    "s3-bucket-public-access-block": "GetPublicAccessBlock",
    "s3-bucket-public-policy": "GetBucketPolicy",
    "s3-bucket-kms-encryption": "GetBucketEncryption",
    "s3-bucket-secure-transport": "GetBucketPolicy",
    "s3-bucket-versioning": "GetBucketVersioning",
    "s3-bucket-access-logging": "GetBucketLogging",
    "s3-bucket-lifecycle-missing": "GetBucketLifecycleConfiguration",
}
SENSITIVE = Config(sensitive_buckets=("bad", "good"))


def scan(*types: str) -> Collected:
    return collect(types={"AWS::S3::Bucket", *types}, regions=["us-east-1"])


@pytest.fixture
def buckets(aws: Any) -> Any:
    """One bucket that passes every check, one that fails every check; the second is in another region."""
    s3 = aws("s3")
    key = aws("kms").create_key()["KeyMetadata"]["Arn"]
    s3.create_bucket(Bucket="good")
    s3.create_bucket(Bucket="bad", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    s3.put_public_access_block(Bucket="good", PublicAccessBlockConfiguration=ALL_ON)
    s3.put_bucket_policy(Bucket="good", Policy=json.dumps({"Version": "2012-10-17", "Statement": TLS}))
    s3.put_bucket_policy(Bucket="bad", Policy=json.dumps({"Version": "2012-10-17", "Statement": [PUBLIC]}))
    default = {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": key}
    rules = [{"ApplyServerSideEncryptionByDefault": default}]
    s3.put_bucket_encryption(Bucket="good", ServerSideEncryptionConfiguration={"Rules": rules})
    s3.put_bucket_versioning(Bucket="good", VersioningConfiguration={"Status": "Enabled"})
    s3.create_bucket(Bucket="sink", ACL="log-delivery-write")
    logging = {"LoggingEnabled": {"TargetBucket": "sink", "TargetPrefix": "good/"}}
    s3.put_bucket_logging(Bucket="good", BucketLoggingStatus=logging)
    rule = {"ID": "old", "Status": "Enabled", "Prefix": "", "Expiration": {"Days": 30}}
    s3.put_bucket_lifecycle_configuration(Bucket="good", LifecycleConfiguration={"Rules": [rule]})
    return s3


def arn(name: str) -> str:
    return f"arn:aws:s3:::{name}"


def test_live_fail_and_pass(buckets: Any) -> None:
    collected = scan("account")
    for check in OPERATIONS:
        found = statuses(collected, check, SENSITIVE)
        assert (found[arn("good")], found[arn("bad")]) == ("pass", "fail"), check


@pytest.mark.parametrize("check", OPERATIONS)
def test_live_denied_is_unknown_and_leaves_the_others(buckets: Any, failing: Any, check: str) -> None:
    failing({OPERATIONS[check]: "AccessDenied"})
    collected = scan()
    verdict = judge(collected, check, SENSITIVE)[arn("bad")]
    assert verdict.status is Status.UNKNOWN
    assert f"s3:{OPERATIONS[check]} was denied" in verdict.reason
    for other, operation in OPERATIONS.items():
        # Without the bucket's public access block, its public policy may or may not be in force.
        related = (check, other) == ("s3-bucket-public-access-block", "s3-bucket-public-policy")
        if operation != OPERATIONS[check] and not related:
            found = statuses(collected, other, SENSITIVE)
            assert (found[arn("good")], found[arn("bad")]) == ("pass", "fail"), other


def test_live_denied_list_is_a_gap(buckets: Any, failing: Any) -> None:
    failing({"ListBuckets": "AccessDenied"})
    collected = scan()
    assert [(gap.operation, gap.types) for gap in collected.gaps] == [("ListBuckets", ("AWS::S3::Bucket",))]
    assert statuses(collected, "s3-bucket-versioning") == {}


def test_live_a_bucket_deleted_meanwhile_is_dropped(buckets: Any, failing: Any) -> None:
    failing({"GetBucketVersioning": "NoSuchBucket"})
    collected = scan()
    assert collected.gaps == []
    assert statuses(collected, "s3-bucket-versioning") == {}


def test_live_calls_are_few(buckets: Any) -> None:
    calls = scan().calls
    assert calls.pop("resourcegroupstaggingapi:GetResources") == 2  # one for each region with buckets
    per_bucket = {name: count for name, count in calls.items() if name.startswith("s3:") and name != "s3:ListBuckets"}
    assert set(per_bucket.values()) == {3}


def test_live_a_log_target_needs_no_log(buckets: Any) -> None:
    assert statuses(scan(), "s3-bucket-access-logging", Config(log_buckets=()))[arn("sink")] == "pass"


def test_live_the_account_can_restrict_public_policies(buckets: Any, aws: Any, failing: Any) -> None:
    aws("s3control").put_public_access_block(AccountId=ACCOUNT, PublicAccessBlockConfiguration=ALL_ON)
    assert statuses(scan("account"), "s3-bucket-public-policy")[arn("bad")] == "pass"
    failing({"GetPublicAccessBlock": "AccessDenied"})
    assert statuses(scan("account"), "s3-bucket-public-policy") == {
        arn("bad"): "unknown",
        arn("good"): "pass",
        arn("sink"): "pass",
    }


def test_live_the_bucket_can_restrict_public_policies(buckets: Any) -> None:
    buckets.put_public_access_block(Bucket="bad", PublicAccessBlockConfiguration=ALL_ON)
    assert statuses(scan(), "s3-bucket-public-policy")[arn("bad")] == "pass"


def test_live_sensitive_by_tag(buckets: Any, failing: Any) -> None:
    def found(**tags: str) -> str:
        tag_set = [{"Key": key, "Value": value} for key, value in tags.items()]
        buckets.put_bucket_tagging(Bucket="bad", Tagging={"TagSet": tag_set})
        return statuses(scan(), "s3-bucket-kms-encryption", Config(sensitive_tags=("zone", "data=pii")))[arn("bad")]

    assert found(Zone="gold") == "fail"
    assert found(zone="public") == "pass"
    assert found(data="PII") == "fail"
    assert found(data="weather") == "pass"
    failing({"GetResources": "AccessDenied"})
    assert found(zone="gold") == "unknown"


@pytest.mark.parametrize("by_alias", [True, False])
def test_live_a_key_of_aws_is_none_of_ones_own(buckets: Any, aws: Any, by_alias: bool) -> None:
    made = aws("kms").describe_key(KeyId="alias/aws/s3")["KeyMetadata"]["Arn"]
    key = "arn:aws:kms:us-east-1:123456789012:alias/aws/s3" if by_alias else made
    default = {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": key}
    rules = {"Rules": [{"ApplyServerSideEncryptionByDefault": default}]}
    buckets.put_bucket_encryption(Bucket="good", ServerSideEncryptionConfiguration=rules)
    collected = scan("api:KMS::AwsManagedKey")
    assert statuses(collected, "s3-bucket-kms-encryption", SENSITIVE)[arn("good")] == "fail"


def test_live_findings_say_where(buckets: Any) -> None:
    verdict = judge(scan(), "s3-bucket-public-policy")[arn("bad")]
    location = verdict.findings[0].raw.origin.locate(verdict.findings[0].path)
    assert (location.arn, location.region, verdict.resource.title) == (arn("bad"), "eu-west-1", "bad")


# --- templates ------------------------------------------------------------------------------------------------------

Judge = Callable[[str, str], dict[str, str]]


@pytest.fixture
def on(tmp_path: Path) -> Judge:
    """Statuses of a check by logical id, for resources given as YAML."""

    def run(check: str, text: str) -> dict[str, str]:
        return statuses(template(tmp_path, text), check)

    return run


POLICY = """
Parameters:
  Name: {Type: String}
  Everyone: {Type: String, AllowedValues: ["yes", "no"]}
  Block: {Type: String}
Conditions:
  Public: !Equals [!Ref Everyone, "yes"]
Resources:
  Models: {Type: AWS::S3::Bucket, Properties: {%s}}
  ModelsPolicy:
    Type: AWS::S3::BucketPolicy
    Properties:
      Bucket: %s
      PolicyDocument: {Statement: %s}
"""
GRANT = '{Effect: Allow, Principal: "*", Action: "s3:GetObject", Resource: !Sub "arn:aws:s3:::${Models}/*"}'
NAMED = '{Effect: Allow, Principal: {AWS: "111122223333"}, Action: "s3:GetObject", Resource: !Sub "${Models.Arn}/*"}'


@pytest.mark.parametrize(
    ("bucket", "reference", "statement", "expected"),
    [
        ("", "!Ref Models", GRANT, {"Models": "fail"}),
        ("BucketName: models", "models", f"[{NAMED}, {GRANT}]", {"Models": "fail"}),
        ("", "!Ref Models", NAMED, {"Models": "pass"}),
        ("", "!Ref Models", f"!If [Public, {GRANT}, {NAMED}]", {"Models": "unknown"}),
        ("", "!Ref Models", f"[!If [Public, {GRANT}, !Ref AWS::NoValue], {GRANT}]", {"Models": "fail"}),
        ("", "!Ref Models", f"!If [Public, {GRANT}, {GRANT}]", {"Models": "fail"}),
        ("", "!Ref Models", GRANT.replace('"*"', "!Ref Name"), {"Models": "unknown"}),
        ("", "!Ref Models", GRANT.replace('"*"', '{AWS: !Sub "arn:aws:iam::${Name}:root"}'), {"Models": "pass"}),
        (
            "PublicAccessBlockConfiguration: {RestrictPublicBuckets: !Ref Block}",
            "!Ref Models",
            GRANT,
            {"Models": "unknown"},
        ),
        (
            "PublicAccessBlockConfiguration: {RestrictPublicBuckets: !Ref Block}",
            "!Ref Models",
            NAMED,
            {"Models": "pass"},
        ),
        # The policy of another stack's bucket is judged all the same, under its own name.
        ("", "of-another-stack", GRANT, {"Models": "unknown", "ModelsPolicy": "fail"}),
        ("", "of-another-stack", NAMED, {"Models": "unknown", "ModelsPolicy": "pass"}),
        ("", "!Ref Name", GRANT, {"Models": "unknown", "ModelsPolicy": "unknown"}),
    ],
)
def test_public_policy_on_templates(on: Judge, bucket: str, reference: str, statement: str, expected: Any) -> None:
    assert on("s3-bucket-public-policy", POLICY % (bucket, reference, statement)) == expected


def test_without_a_policy_another_stack_may_have_one(on: Judge) -> None:
    alone = "Resources: {B: {Type: AWS::S3::Bucket%s}}"
    blocked = ", Properties: {PublicAccessBlockConfiguration: {RestrictPublicBuckets: true}}"
    assert on("s3-bucket-public-policy", alone % "") == {"B": "unknown"}
    assert on("s3-bucket-public-policy", alone % blocked) == {"B": "pass"}
    assert on("s3-bucket-secure-transport", alone % "") == {"B": "unknown"}


def test_an_orphan_policy_brings_no_verdicts_about_its_bucket(on: Judge) -> None:
    properties = "{Bucket: elsewhere, PolicyDocument: {Statement: []}}"
    text = f"Resources: {{AccessLogPolicy: {{Type: AWS::S3::BucketPolicy, Properties: {properties}}}}}"
    expected = {"s3-bucket-public-policy": "pass", "s3-bucket-secure-transport": "fail"}
    for check in OPERATIONS:
        assert on(check, text) == ({"AccessLogPolicy": expected[check]} if check in expected else {})


DENY = '{Effect: Deny, Principal: "*", Action: "s3:*", Resource: %s, Condition: {Bool: {"aws:SecureTransport": false}}}'


@pytest.mark.parametrize(
    ("resource", "expected"),
    [
        ('[!GetAtt Models.Arn, !Sub "${Models.Arn}/*"]', "pass"),
        ('[!Sub "arn:aws:s3:::${Models}", !Join ["", ["arn:aws:s3:::", !Ref Models, "/*"]]]', "pass"),
        ('[!Sub "arn:${AWS::Partition}:s3:::${Name}", !Sub "arn:${AWS::Partition}:s3:::${Name}/*"]', "pass"),
        ('!Sub "${Models.Arn}*"', "pass"),
        ('!Sub "${Models.Arn}/*"', "fail"),
        ("!GetAtt Models.Arn", "fail"),
        ('[!GetAtt Models.Arn, !Sub "${Models.Arn}/public/*"]', "fail"),
        ("!Ref Name", "unknown"),
    ],
)
def test_secure_transport_on_templates(on: Judge, resource: str, expected: str) -> None:
    found = on("s3-bucket-secure-transport", POLICY % ("", "!Ref Models", DENY % resource))
    assert found["Models"] == expected


def test_secure_transport_in_two_statements(on: Judge) -> None:
    both = f'[{DENY % "!GetAtt Models.Arn"}, {DENY % """!Sub "${Models.Arn}/*" """}]'
    assert on("s3-bucket-secure-transport", POLICY % ("", "!Ref Models", both)) == {"Models": "pass"}


@pytest.mark.parametrize(
    ("properties", "expected"),
    [
        ("PublicAccessBlockConfiguration: {BlockPublicAcls: !Ref P, BlockPublicPolicy: false}", "fail"),
        (
            "PublicAccessBlockConfiguration: {BlockPublicAcls: !Ref P, BlockPublicPolicy: true,"
            " IgnorePublicAcls: true, RestrictPublicBuckets: 'true'}",
            "unknown",
        ),
        ("PublicAccessBlockConfiguration: !If [C, !Ref AWS::NoValue, {BlockPublicAcls: true}]", "fail"),
    ],
)
def test_public_access_block_on_templates(on: Judge, properties: str, expected: str) -> None:
    text = f"""
Parameters: {{P: {{Type: String}}}}
Conditions: {{C: !Equals [!Ref P, x]}}
Resources: {{B: {{Type: AWS::S3::Bucket, Properties: {{{properties}}}}}}}
"""
    assert on("s3-bucket-public-access-block", text) == {"B": expected}


def test_which_template_buckets_are_sensitive(on: Judge) -> None:
    text = """
Parameters: {Name: {Type: String}}
Resources:
  TrainingSet: {Type: AWS::S3::Bucket}
  A: {Type: AWS::S3::Bucket, Properties: {BucketName: !Sub "${Name}-models"}}
  B: {Type: AWS::S3::Bucket, Properties: {BucketName: !Ref Name}}
  C: {Type: AWS::S3::Bucket, Properties: {Tags: [{Key: !Ref Name, Value: x}]}}
  D: {Type: AWS::S3::Bucket, Properties: {BucketName: model-access-logs}}
"""
    expected = {"TrainingSet": "fail", "A": "fail", "B": "unknown", "C": "unknown", "D": "pass"}
    assert on("s3-bucket-kms-encryption", text) == expected


def test_access_logging_on_templates(on: Judge) -> None:
    text = """
Parameters: {Name: {Type: String}}
Resources:
  Data: {Type: AWS::S3::Bucket, Properties: {LoggingConfiguration: {DestinationBucketName: %s}}}
  Sink: {Type: AWS::S3::Bucket, Properties: {BucketName: !Sub "${Name}-sink"}}
  Old: {Type: AWS::S3::Bucket, Properties: {AccessControl: LogDeliveryWrite}}
"""

    def found(destination: str) -> dict[str, str]:
        return on("s3-bucket-access-logging", text % destination)

    assert found("!Ref Sink") == {"Data": "pass", "Sink": "pass", "Old": "pass"}
    assert found("central")["Sink"] == "fail"
    assert found("prod-sink")["Sink"] == "unknown"
    assert found("!Ref Name")["Sink"] == "unknown"


def test_lifecycle_says_what_the_saving_depends_on(tmp_path: Path) -> None:
    collected = template(tmp_path, "Resources: {B: {Type: AWS::S3::Bucket}}")
    finding = judge(collected, "s3-bucket-lifecycle-missing")["B"].findings[0]
    assert finding.saving is None
    assert "depends on how much of its data is old" in finding.message
