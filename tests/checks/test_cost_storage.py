"""S3 buckets, EFS file systems and DynamoDB tables that cost more than they need to."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from auditor.config import Config
from auditor.raw import Raw
from auditor.utilisation.services.s3 import BucketStorage
from auditor.values import Unknown
from tests.checks.by_hand import Measured, account, arn, gap, judged, live, measured, unmeasured
from tests.support import by_title, statuses, template
from tests.usage import publish

BUCKET = "arn:aws:s3:::acme-raw"
GIB = 1024**3
TIERING, ARCHIVE = "s3-bucket-intelligent-tiering-missing", "s3-bucket-archive-transition-missing"
TEMPORARY, VERSIONS = "s3-bucket-temp-data-expiration", "s3-bucket-noncurrent-versions"
LIFECYCLE = "s3-bucket-lifecycle-missing"
UNKNOWN = Unknown("s3:GetBucketLifecycleConfiguration was denied")


def bucket(name: str = "acme-raw", rules: Any = (), **properties: Any) -> Raw:
    rules = rules if isinstance(rules, Unknown) else {"Rules": list(rules)}
    said = {"BucketName": name, "LifecycleConfiguration": rules, "Tags": [], **properties}
    return live("AWS::S3::Bucket", BUCKET, said, name)


def rule(**properties: Any) -> dict[str, Any]:
    return {"Status": "Enabled", "Filter": {"Prefix": ""}, **properties}


def holding(gigabytes: float, objects: float = 1_000_000) -> Measured:
    return measured(BucketStorage, standard_bytes=gigabytes * GIB, objects=objects)


TO_IA = rule(Transitions=[{"StorageClass": "STANDARD_IA", "Days": 30}])
TO_GLACIER = rule(Transitions=[{"StorageClass": "GLACIER", "Days": 90}])
EXPIRES = rule(Expiration={"Days": 30})


@pytest.mark.parametrize(
    ("check", "given", "usage", "status"),
    [
        (TIERING, bucket("any"), holding(1_000), "fail"),
        (TIERING, bucket("any"), holding(99), "pass"),
        (TIERING, bucket("any"), holding(1_000, objects=1e9), "pass"),  # a KB each: they never move
        (TIERING, bucket("any", [TO_IA]), holding(1_000), "pass"),
        (TIERING, bucket("any", [EXPIRES]), holding(1_000), "pass"),
        (TIERING, bucket("any", [rule(Filter={"Prefix": "tmp/"}, Expiration={"Days": 1})]), holding(1_000), "fail"),
        (TIERING, bucket("any", UNKNOWN), holding(1_000), "unknown"),
        (TIERING, bucket("any"), unmeasured(BucketStorage), "unknown"),
        (ARCHIVE, bucket(), holding(1_000), "fail"),
        (ARCHIVE, bucket("any", Tags=[{"Key": "zone", "Value": "bronze"}]), holding(1_000), "fail"),
        (ARCHIVE, bucket("any"), holding(1_000), "pass"),
        (ARCHIVE, bucket(), holding(1), "pass"),
        (ARCHIVE, bucket(rules=[TO_GLACIER]), holding(1_000), "pass"),
        (ARCHIVE, bucket(rules=[TO_IA]), holding(1_000), "fail"),
        (ARCHIVE, bucket(rules=UNKNOWN), holding(1_000), "unknown"),
        (ARCHIVE, bucket(), unmeasured(BucketStorage), "unknown"),
    ],
)
def test_colder_classes(check: str, given: Raw, usage: Measured, status: str) -> None:
    assert statuses(account(given, usage(given)), check) == {BUCKET: status}


def figure(check: str, *raws: Raw) -> Any:
    (finding,) = judged(account(*raws), check)[BUCKET].findings
    return finding


def test_figures_of_colder_classes() -> None:
    given = bucket()
    saving = figure(TIERING, given, holding(1_000)(given)).saving
    assert saving.high == pytest.approx(1_000 * (0.023 - 0.0125) - 1_000 * 0.0025)
    saving = figure(ARCHIVE, given, holding(1_000)(given)).saving
    assert (saving.low, saving.high) == (0, pytest.approx(1_000 * (0.023 - 0.004)))
    assert (saving.confidence, "the share that is old is not known" in saving.basis) == ("low", True)
    saving = figure(LIFECYCLE, given, holding(1_000)(given)).saving
    assert saving.high == pytest.approx(1_000 * (0.023 - 0.0125))
    assert figure(LIFECYCLE, given, unmeasured(BucketStorage)(given)).saving is None


def test_what_is_large_is_a_setting() -> None:
    given = bucket("any")
    collected = account(given, holding(50, objects=1_000)(given))
    assert statuses(collected, TIERING, Config(large_bucket_gb=10)) == {BUCKET: "fail"}


def contents(**properties: Any) -> Raw:
    return live("api:S3::BucketContents", BUCKET, {"Name": "acme-raw", **properties}, "acme-raw")


def group(location: str) -> Raw:
    said = {"Name": "a", "Configuration": {"ResultConfiguration": {"OutputLocation": location}}}
    return live("AWS::Athena::WorkGroup", arn("athena", "workgroup/a"), said, "a")


def job(folder: str) -> Raw:
    said = {"Name": "a", "DefaultArguments": {"--TempDir": folder}}
    return live("AWS::Glue::Job", arn("glue", "job/a"), said, "a")


@pytest.mark.parametrize(
    ("raws", "status", "words"),
    [
        ([bucket(), contents(Prefixes=["tmp/", "events/"])], "fail", "what is under tmp/ for ever"),
        ([bucket(), contents(Prefixes=["templates/", "events/"])], "pass", ""),
        ([bucket(rules=[EXPIRES]), contents(Prefixes=["tmp/"])], "pass", ""),
        ([bucket(), group("s3://acme-raw/athena/out/")], "fail", "athena/out/ for ever"),
        ([bucket(), group("s3://other/athena/out/")], "pass", ""),
        ([bucket(), job("s3://acme-raw/glue-temp/")], "fail", "glue-temp/ for ever"),
        (
            [
                bucket(rules=[rule(Filter={"Prefix": "glue-temp/"}, Expiration={"Days": 1})]),
                job("s3://acme-raw/glue-temp/"),
            ],
            "pass",
            "",
        ),
        (
            [
                bucket(rules=[rule(Filter={"And": {"Prefix": "", "Tags": [{}]}}, Expiration={"Days": 1})]),
                job("s3://acme-raw/glue-temp/"),
            ],
            "fail",
            "",
        ),
        ([bucket("acme-athena-query-results")], "fail", "temporary data for ever"),
        ([bucket(), contents(Prefixes=Unknown("s3:ListObjectsV2 was denied"))], "unknown", ""),
        ([bucket(rules=UNKNOWN), contents(Prefixes=["tmp/"])], "unknown", ""),
    ],
)
def test_temporary_data(raws: list[Raw], status: str, words: str) -> None:
    found = judged(account(*raws), TEMPORARY)[BUCKET]
    assert found.status.value == status
    assert all(words in finding.message for finding in found.findings)


def test_each_prefix_is_named_once() -> None:
    raws = [bucket(), job("s3://acme-raw/tmp"), contents(Prefixes=["tmp/", "scratch/"])]
    found = judged(account(*raws), TEMPORARY)[BUCKET]
    assert len(found.findings) == 2


def test_a_temporary_bucket_has_a_figure() -> None:
    given = bucket("emr-scratch")
    saving = figure(TEMPORARY, given, holding(200)(given)).saving
    assert (saving.low, saving.high) == (0, pytest.approx(200 * 0.023))


VERSIONED: dict[str, Any] = {"VersioningConfiguration": {"Status": "Enabled"}}


@pytest.mark.parametrize(
    ("given", "status"),
    [
        (bucket(**VERSIONED), "fail"),
        (bucket(rules=[rule(NoncurrentVersionExpiration={"NoncurrentDays": 30})], **VERSIONED), "pass"),
        (bucket(rules=[TO_IA], **VERSIONED), "fail"),
        (bucket(VersioningConfiguration={"Status": "Suspended"}), "pass"),
        (bucket(rules=UNKNOWN, **VERSIONED), "unknown"),
        (bucket(VersioningConfiguration=UNKNOWN), "unknown"),
    ],
)
def test_noncurrent_versions(given: Raw, status: str) -> None:
    assert statuses(account(given), VERSIONS) == {BUCKET: status}


def test_what_noncurrent_versions_cost_is_of_those_that_were_seen() -> None:
    saving = figure(VERSIONS, bucket(**VERSIONED), contents(NoncurrentBytes=500 * GIB)).saving
    assert saving.high == pytest.approx(500 * 0.023)
    assert "there may be more" in saving.basis
    assert figure(VERSIONS, bucket(**VERSIONED), contents(NoncurrentBytes=0)).saving is None
    assert figure(VERSIONS, bucket(**VERSIONED), contents(NoncurrentBytes=UNKNOWN)).saving is None


def test_buckets_of_a_simulated_account(aws: Any, scan: Any, deny: Any) -> None:
    s3, cloudwatch = aws("s3"), aws("cloudwatch")
    for name, size in (("large", 5_000), ("small", 1)):
        s3.create_bucket(Bucket=name)
        for metric, kind, value in (
            ("BucketSizeBytes", "StandardStorage", size * GIB),
            ("NumberOfObjects", "AllStorageTypes", 1_000),
        ):
            publish(cloudwatch, "AWS/S3", metric, {"BucketName": name, "StorageType": kind}, value)
    assert by_title(judged(scan(TIERING), TIERING)) == {"large": "fail", "small": "pass"}
    assert by_title(judged(scan(ARCHIVE), ARCHIVE)) == {"large": "pass", "small": "pass"}
    s3.put_object(Bucket="small", Key="tmp/a", Body=b"a")
    assert by_title(judged(scan(TEMPORARY), TEMPORARY)) == {"large": "pass", "small": "fail"}
    s3.put_bucket_versioning(Bucket="large", VersioningConfiguration={"Status": "Enabled"})
    assert by_title(judged(scan(VERSIONS), VERSIONS)) == {"large": "fail", "small": "pass"}
    deny("GetMetricData", "GetBucketVersioning", "ListObjectsV2")
    for check in (TIERING, VERSIONS, TEMPORARY):
        assert set(statuses(scan(check), check).values()) == {"unknown"}


def test_buckets_of_templates(tmp_path: Path) -> None:
    text = """
    Parameters: {Zone: {Type: String}, Stage: {Type: String}}
    Conditions: {Prod: !Equals [!Ref Stage, prod]}
    Resources:
      Sometimes:
        Type: AWS::S3::Bucket
        Properties:
          BucketName: raw-events
          LifecycleConfiguration: !If
            - Prod
            - Rules: [{Status: Enabled, Transitions: [{StorageClass: GLACIER, TransitionInDays: 90}]}]
            - !Ref AWS::NoValue
      Tagged: {Type: AWS::S3::Bucket, Properties: {Tags: [{Key: zone, Value: !Ref Zone}]}}
      Versions: {Type: AWS::S3::Bucket, Properties: {VersioningConfiguration: {Status: !Ref Stage}}}
      Results: {Type: AWS::S3::Bucket, Properties: {BucketName: !Sub "${Stage}-athena-results"}}
    """
    collected = template(tmp_path, text)
    found = statuses(collected, ARCHIVE)
    assert found == {"Sometimes": "unknown", "Tagged": "unknown", "Versions": "pass", "Results": "pass"}
    assert statuses(collected, VERSIONS)["Versions"] == "unknown"
    assert statuses(collected, TEMPORARY)["Results"] == "fail"


# --- EFS ------------------------------------------------------------------------------------------------------------

EFS = "efs-lifecycle-missing"


def test_file_systems(aws: Any, scan: Any, deny: Any, answers: dict[str, Any]) -> None:
    efs = aws("efs")
    kept, moved, zonal = (
        efs.create_file_system(CreationToken=token, **more)["FileSystemId"]
        for token, more in (("a", {}), ("b", {}), ("c", {"AvailabilityZoneName": "us-east-1a"}))
    )
    efs.put_lifecycle_configuration(FileSystemId=moved, LifecyclePolicies=[{"TransitionToIA": "AFTER_30_DAYS"}])

    def sized(answer: Any) -> Any:
        for one in answer["FileSystems"]:
            one["SizeInBytes"]["ValueInStandard"] = 100 * GIB
        return answer

    answers["DescribeFileSystems"] = sized
    found = {verdict.resource.title: verdict for verdict in judged(scan(EFS), EFS).values()}
    assert {name: one.status.value for name, one in found.items()} == {kept: "fail", moved: "pass", zonal: "fail"}
    assert found[kept].findings[0].saving.high == pytest.approx(100 * 0.8 * (0.3 - 0.025), abs=0.01)
    assert found[zonal].findings[0].saving.high == pytest.approx(100 * 0.8 * (0.16 - 0.0133), abs=0.01)
    assert found[kept].findings[0].saving.low == 0
    deny("DescribeLifecycleConfiguration")
    assert set(statuses(scan(EFS), EFS).values()) == {"unknown"}


def test_file_systems_of_templates(tmp_path: Path) -> None:
    text = """
    Parameters: {After: {Type: String}}
    Resources:
      Files: {Type: AWS::EFS::FileSystem}
      Open: {Type: AWS::EFS::FileSystem, Properties: {LifecyclePolicies: !Ref After}}
    """
    assert statuses(template(tmp_path, text), EFS) == {"Files": "fail", "Open": "unknown"}


# --- DynamoDB -------------------------------------------------------------------------------------------------------

SCALING = "dynamodb-autoscaling-missing"


def test_tables(aws: Any, scan: Any, deny: Any) -> None:
    fixed = {"BillingMode": "PROVISIONED", "ProvisionedThroughput": {"ReadCapacityUnits": 5, "WriteCapacityUnits": 5}}
    for name, mode in (("demand", {"BillingMode": "PAY_PER_REQUEST"}), ("fixed", fixed), ("scaled", fixed)):
        aws("dynamodb").create_table(
            TableName=name,
            AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
            KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
            **mode,
        )
    for units in ("Read", "Write"):
        aws("application-autoscaling").register_scalable_target(
            ServiceNamespace="dynamodb",
            ResourceId="table/scaled",
            ScalableDimension=f"dynamodb:table:{units}CapacityUnits",
            MinCapacity=1,
            MaxCapacity=9,
        )
    found = judged(scan(SCALING), SCALING)
    assert by_title(found) == {"demand": "pass", "fixed": "fail", "scaled": "pass"}
    (finding,) = (finding for verdict in found.values() for finding in verdict.findings)
    assert finding.message.startswith("has a fixed capacity for reads and writes; what scaling saves depends on")
    deny("DescribeScalableTargets")
    assert by_title(judged(scan(SCALING), SCALING)) == {"demand": "pass", "fixed": "unknown", "scaled": "unknown"}


def test_indexes_scale_apart_from_their_table() -> None:
    throughput = {"ProvisionedThroughput": {"ReadCapacityUnits": 5, "WriteCapacityUnits": 5}}
    said = {"TableName": "a", **throughput, "GlobalSecondaryIndexes": [{"IndexName": "day", **throughput}]}
    table = live("AWS::DynamoDB::Table", arn("dynamodb", "table/a"), said, "a")
    targets = [
        live(
            "AWS::ApplicationAutoScaling::ScalableTarget",
            arn("application-autoscaling", f"{place}{units}"),
            {
                "ServiceNamespace": "dynamodb",
                "ResourceId": place,
                "ScalableDimension": f"dynamodb:{kind}:{units}CapacityUnits",
            },
        )
        for place, kind in (("table/a", "table"), ("table/a/index/day", "index"))
        for units in ("Read", "Write")
    ]
    assert list(statuses(account(table, *targets), SCALING).values()) == ["pass"]
    (finding,) = next(iter(judged(account(table, *targets[:-1]), SCALING).values())).findings
    assert "capacity for writes of the index day;" in finding.message
    denied = gap("application-autoscaling", "DescribeScalableTargets", "AWS::ApplicationAutoScaling::ScalableTarget")
    assert list(statuses(account(table, *targets[:2], gaps=(denied,)), SCALING).values()) == ["unknown"]


def test_a_template_without_any_scaling_is_not_judged(tmp_path: Path) -> None:
    text = "Resources: {Orders: {Type: AWS::DynamoDB::Table}}"
    assert "fail" not in statuses(template(tmp_path, text), SCALING).values()


def test_a_rule_in_force_is_enough_whatever_another_is(tmp_path: Path) -> None:
    text = """
Parameters: {Mode: {Type: String}}
Resources:
  Lake:
    Type: AWS::S3::Bucket
    Properties:
      LifecycleConfiguration:
        Rules: [{Status: !Ref Mode, ExpirationInDays: 1}, {Status: %s, Prefix: tmp/, ExpirationInDays: 7}]
"""
    for state, status in (("Enabled", "pass"), ("Disabled", "unknown")):
        assert statuses(template(tmp_path, text % state), LIFECYCLE) == {"Lake": status}
