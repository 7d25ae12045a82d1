"""Governance checks, each on a simulated account: what fails, what passes, and what is unknown where AWS refuses."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

import pytest

from auditor.findings import Status
from auditor.raw import Collected, Gap, Raw
from auditor.values import Unknown
from tests.builders import ACCOUNT, raw
from tests.sources.account import conftest as account
from tests.support import by_title, judge

ROLE = "arn:aws:iam::123456789012:role/service/Data"
DIGEST = f"sha256:{'0' * 64}"

scripted = account.scripted

# What moto lacks, or answers where AWS does not.
ANSWERS: dict[str, dict[str, list[Any]]] = {
    "GetCrawlerMetrics": {"CrawlerMetricsList": []},
    "ListEnvironments": {"Environments": []},
    "ListStateMachineVersions": {"stateMachineVersions": []},
    "ListSchedules": {"Schedules": []},
    "ListStacks": {"StackSummaries": []},
}


def _repositories(aws: Any) -> None:
    aws("ecr").create_repository(repositoryName="bad")
    aws("ecr").create_repository(repositoryName="good", imageTagMutability="IMMUTABLE")


def _tasks(aws: Any) -> None:
    for name, image in (("bad", "train"), ("good", f"train@{DIGEST}")):
        containers = [{"name": name, "image": image, "memory": 128}]
        aws("ecs").register_task_definition(family=name, containerDefinitions=containers)


def _models(aws: Any) -> None:
    for name, tag in (("bad", "latest"), ("good", "2.1")):
        container = {"Image": f"1.dkr.ecr.us-east-1.amazonaws.com/churn:{tag}"}
        aws("sagemaker").create_model(ModelName=name, ExecutionRoleArn=ROLE, PrimaryContainer=container)


def _crawlers(aws: Any) -> None:
    glue = aws("glue")
    glue.create_database(DatabaseInput={"Name": "lake"})
    for name, schedule, behavior in (
        ("bad", "", "DELETE_FROM_DATABASE"),
        ("good", "cron(0 2 * * ? *)", "DEPRECATE_IN_DATABASE"),
    ):
        glue.create_crawler(
            Name=name,
            Role=ROLE,
            DatabaseName="lake",
            Targets={"S3Targets": [{"Path": "s3://lake/raw"}]},
            SchemaChangePolicy={"UpdateBehavior": "UPDATE_IN_DATABASE", "DeleteBehavior": behavior},
            **({"Schedule": schedule} if schedule else {}),
        )


def _jobs(aws: Any) -> None:
    glue = aws("glue")
    for name in ("bad", "good"):
        glue.create_job(Name=name, Role=ROLE, Command={"Name": "glueetl"})
    glue.create_trigger(Name="nightly", Type="SCHEDULED", Schedule="cron(0 2 * * ? *)", Actions=[{"JobName": "good"}])


def _landing(aws: Any) -> None:
    s3 = aws("s3")
    for name in ("acme-raw-bad", "acme-raw-good"):
        s3.create_bucket(Bucket=name)
    aws("sqs").create_queue(QueueName="new")
    queue = {"QueueArn": "arn:aws:sqs:us-east-1:123456789012:new", "Events": ["s3:ObjectCreated:*"]}
    s3.put_bucket_notification_configuration(
        Bucket="acme-raw-good", NotificationConfiguration={"QueueConfigurations": [queue]}
    )


def _lakes(aws: Any) -> None:
    s3 = aws("s3")
    for name in ("lake-bad", "lake-good"):
        s3.create_bucket(Bucket=name)
    s3.put_bucket_tagging(Bucket="lake-good", Tagging={"TagSet": [{"Key": "Zone", "Value": "gold"}]})


def _machines(aws: Any) -> None:
    definition = json.dumps({"StartAt": "A", "States": {"A": {"Type": "Succeed"}}})
    aws("stepfunctions").create_state_machine(name="bad-prod", definition=definition, roleArn=ROLE)
    aws("stepfunctions").create_state_machine(name="good-dev", definition=definition, roleArn=ROLE)


def _deployments(aws: Any) -> None:
    deploy = {
        "Type": "Task",
        "Resource": "arn:aws:states:::sagemaker:updateEndpoint",
        "Parameters": {"EndpointName": "churn", "EndpointConfigName": "b"},
        "End": True,
    }
    train = {**deploy, "Resource": "arn:aws:states:::sagemaker:createTrainingJob.sync"}
    for name, state in (("bad", deploy), ("good", train)):
        definition = json.dumps({"StartAt": "Do", "States": {"Do": state}})
        aws("stepfunctions").create_state_machine(name=name, definition=definition, roleArn=ROLE)


def _served(aws: Any) -> None:
    sagemaker = aws("sagemaker")
    package = "arn:aws:sagemaker:us-east-1:123456789012:model-package/churn/1"
    for name, container in (
        ("bad", {"Image": "x", "ModelDataUrl": "s3://models/a"}),
        ("good", {"ModelPackageName": package}),
        ("idle", {"Image": "x", "ModelDataUrl": "s3://models/a"}),
    ):
        sagemaker.create_model(ModelName=name, ExecutionRoleArn=ROLE, PrimaryContainer=container)
    for name in ("bad", "good"):
        variant = {"VariantName": "a", "ModelName": name, "InstanceType": "ml.m5.large", "InitialInstanceCount": 2}
        sagemaker.create_endpoint_config(EndpointConfigName=name, ProductionVariants=[variant])
        sagemaker.create_endpoint(EndpointName=name, EndpointConfigName=name)


def _pipelines(aws: Any) -> None:
    for name, tags in (("bad", []), ("good", [{"Key": "managed-by", "Value": "terraform"}])):
        aws("sagemaker").create_pipeline(
            PipelineName=name,
            PipelineDefinition=json.dumps({"Version": "2020-12-01", "Steps": []}),
            ClientRequestToken=name * 16,
            RoleArn=ROLE,
            Tags=tags,
        )


def _registering(aws: Any) -> None:
    for name, status in (("bad", "Approved"), ("good", "PendingManualApproval")):
        step = {"Name": "Register", "Type": "RegisterModel", "Arguments": {"ModelApprovalStatus": status}}
        aws("sagemaker").create_pipeline(
            PipelineName=name,
            PipelineDefinition=json.dumps({"Version": "2020-12-01", "Steps": [step]}),
            ClientRequestToken=name * 16,
            RoleArn=ROLE,
        )


class Live(NamedTuple):
    """What to make for a check, and the call without which its failing resource is unknown."""

    check: str
    make: Callable[[Any], None]
    denied: str
    bad: str = "bad"
    good: str = "good"


LIVE = (
    Live("container-image-mutable-tag", _tasks, "DescribeTaskDefinition", "bad:1", "good:1"),
    Live("container-image-mutable-tag", _models, "DescribeModel"),
    Live("glue-crawler-schema-change-policy", _crawlers, ""),
    Live("glue-crawler-unscheduled", _crawlers, "GetTriggers"),
    Live("glue-job-unorchestrated", _jobs, "ListStateMachines"),
    Live(
        "s3-bucket-event-notifications", _landing, "GetBucketNotificationConfiguration", "acme-raw-bad", "acme-raw-good"
    ),
    Live("s3-datalake-zone-unmarked", _lakes, "GetResources", "lake-bad", "lake-good"),
    Live("stepfunctions-unversioned", _machines, "ListStateMachineAliases", "bad-prod", "good-dev"),
    Live("stepfunctions-deployment-approval", _deployments, "DescribeStateMachine"),
    Live("sagemaker-model-registry-in-use", _served, "DescribeModel"),
    Live("sagemaker-pipeline-definition-unversioned", _pipelines, "GetResources"),
    Live("tags-not-managed-as-code", _pipelines, "GetResources"),
    Live("sagemaker-model-package-hardcoded-approval", _registering, "DescribePipeline"),
    Live("ecr-tag-mutable", _repositories, ""),
)


@pytest.mark.parametrize("live", LIVE, ids=lambda live: f"{live.check}-{live.make.__name__}")
def test_live(live: Live, aws: Any, scan: Any, deny: Any, scripted: Any) -> None:
    scripted(ANSWERS)
    live.make(aws)
    found = by_title(judge(scan(live.check), live.check))
    assert (found[live.bad], found[live.good]) == ("fail", "pass")
    if live.denied:
        deny(live.denied)
        verdicts = judge(scan(live.check), live.check)
        unknown = {verdict.resource.title: verdict for verdict in verdicts.values()}[live.bad]
        assert unknown.status.value == "unknown"
        assert f"{live.denied} was denied" in unknown.reason


# --- what moto does not have: raw resources as the collectors give them -----------------------------------------------

NOW = datetime.now(UTC)
BUCKET = {"BucketName": "lake-gold"}
TABLE = {"Name": "orders", "DatabaseName": "sales", "StorageDescriptor": {"Location": "s3://lake-gold/orders/"}}
GLUE = "arn:aws:glue:eu-west-1:123456789012"
JOB = "arn:aws:sagemaker:eu-west-1:123456789012:training-job/churn-7"
COMPONENT = "arn:aws:sagemaker:eu-west-1:123456789012:experiment-trial-component/churn-7-aws-training-job"
CONTEXT = "arn:aws:sagemaker:eu-west-1:123456789012:context/churn"
ARTIFACT = "arn:aws:sagemaker:eu-west-1:123456789012:artifact/1"
IMAGE = "ami-0a"


def live(kind: str, name: str, properties: dict[str, Any], *names: str, arn: str = "") -> Raw:
    return raw(kind, arn or f"arn:{kind}/{name}", properties, scope=ACCOUNT, names=(name, *names), title=name)


def bucket(name: str = "lake-gold", **more: Any) -> Raw:
    return live("AWS::S3::Bucket", name, {"BucketName": name, "Tags": [], **more})


def table(**more: Any) -> Raw:
    return live("AWS::Glue::Table", "orders", {**TABLE, **more})


def region(*_: Any) -> Raw:
    return live("region", "eu-west-1", {})


def training(**more: Any) -> Raw:
    return live("api:SageMaker::TrainingJob", "churn-7", {"RoleArn": ROLE, **more}, arn=JOB)


def lineage(other: str) -> tuple[Raw, ...]:
    tracked = {"TrialComponentSource": {"SourceArn": JOB}}
    edge = {"SourceArn": COMPONENT, "DestinationArn": other}
    return (
        live("api:SageMaker::TrialComponent", "component", tracked, arn=COMPONENT),
        live("api:SageMaker::Association", "edge", edge),
    )


def machine(role: Any) -> Raw:
    state = {
        "Type": "Task",
        "Resource": "arn:aws:states:::sagemaker:createTrainingJob.sync",
        "Parameters": {"RoleArn": role},
        "End": True,
    }
    definition = json.dumps({"StartAt": "Train", "States": {"Train": state}})
    return live("AWS::StepFunctions::StateMachine", "train", {"Definition": definition})


def served(status: str | None, *, group: str | None = "churn") -> tuple[Raw, ...]:
    package = live("AWS::SageMaker::ModelPackage", "churn/3", {"ModelPackageGroupName": group})
    if status:
        package.properties = {**package.properties, "ModelApprovalStatus": status}
    container = {"ModelPackageName": "churn/3"}
    return (
        live("AWS::SageMaker::Endpoint", "churn", {"EndpointConfigName": "config"}),
        live("AWS::SageMaker::EndpointConfig", "config", {"ProductionVariants": [{"ModelName": "m"}]}),
        live("AWS::SageMaker::Model", "m", {"PrimaryContainer": container}),
        package,
    )


def package(**more: Any) -> Raw:
    made = {"ModelPackageGroupName": "churn", "ModelApprovalStatus": "Approved", "CreationTime": NOW, **more}
    return live("AWS::SageMaker::ModelPackage", "churn/3", made)


def instance(image: dict[str, Any], kind: str = "g5.xlarge", owned: str = "api:EC2::ForeignImage") -> tuple[Raw, ...]:
    return (
        live("AWS::EC2::Instance", "i-1", {"InstanceType": kind, "ImageId": IMAGE}),
        live(owned, IMAGE, {"ImageOwnerAlias": "amazon", "CreationDate": NOW.isoformat(), "NewestOf": [], **image}),
    )


def old(days: int) -> str:
    return (NOW - timedelta(days=days)).isoformat()


def stack(kind: str, name: str) -> Raw:
    made = [{"ResourceType": kind, "PhysicalResourceId": name}]
    return live("AWS::CloudFormation::Stack", "ml", {"Resources": made})


def glue_job(**tags: str) -> Raw:
    given = [{"Key": key.replace("_", "-"), "Value": value} for key, value in tags.items()]
    return live("AWS::Glue::Job", "clean", {"Tags": given})


def dags(versioning: str, *, private: bool) -> tuple[Raw, ...]:
    names = ("BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets")
    block = dict.fromkeys(names, private)
    return (
        live("AWS::MWAA::Environment", "flows", {"SourceBucketArn": "arn:aws:s3:::dags"}),
        bucket("dags", VersioningConfiguration={"Status": versioning}, PublicAccessBlockConfiguration=block),
    )


def application(runtime: Any) -> Raw:
    return live("AWS::KinesisAnalyticsV2::Application", "clicks", {"RuntimeEnvironment": runtime})


def crawler(state: str) -> Raw:
    schedule = {"ScheduleExpression": "cron(0 2 * * ? *)", "State": state}
    targets = {"S3Targets": [{"Path": "s3://lake-gold/orders"}]}
    return live("AWS::Glue::Crawler", "lake", {"Schedule": schedule, "Targets": targets})


def ruleset(age: int) -> Raw:
    made = {**RULES, "CreatedOn": NOW - timedelta(days=age)}
    return live("AWS::Glue::DataQualityRuleset", "rules", made)


DLAMI = "Deep Learning Base OSS Nvidia Driver GPU AMI (Ubuntu 24.04) 20260601"
PYTORCH = "Deep Learning OSS Nvidia Driver AMI GPU PyTorch 2.4.1 (Ubuntu 22.04) 20260601"
DENIED = Unknown("was denied")
LINEAGE = "sagemaker-training-lineage-missing"
REGISTERED = live("AWS::LakeFormation::Resource", "at", {"ResourceArn": "arn:aws:s3:::lake-gold/orders"})
ELSEWHERE = live("AWS::LakeFormation::Resource", "at", {"ResourceArn": "arn:aws:s3:::lake-gold/order"})
STREAM = live("AWS::Kinesis::Stream", "clicks", {})
SCHEMA = live("AWS::Glue::Schema", "clicks", {"Compatibility": "BACKWARD"})
LOOSE = live("AWS::Glue::Schema", "clicks", {"Compatibility": "NONE"})
DATABASE = live("AWS::Glue::Database", "sales", {"Name": "sales"})
LF_TAGS = {"Resource": {"Database": {"Name": "sales"}}, "LFTags": [{"TagKey": "zone"}]}
TAGGED = live("AWS::LakeFormation::TagAssociation", "sales", LF_TAGS, arn=f"{GLUE}:database/sales")
RULES = {"TargetTable": {"DatabaseName": "sales", "TableName": "orders"}}
RESULT = {"DataSource": {"GlueTable": {"DatabaseName": "sales", "TableName": "orders"}}}

HAND_MADE: list[tuple[str, str, tuple[Raw, ...]]] = [
    ("kinesisanalytics-sql-discontinued", "fail", (application("SQL-1_0"),)),
    ("kinesisanalytics-sql-discontinued", "pass", (application("FLINK-1_20"),)),
    ("kinesisanalytics-sql-discontinued", "unknown", (application(DENIED),)),
    ("datapipeline-deprecated", "fail", (live("AWS::DataPipeline::Pipeline", "p", {"State": "SCHEDULED"}),)),
    ("datapipeline-deprecated", "pass", (live("AWS::DataPipeline::Pipeline", "p", {"State": "FINISHED"}),)),
    ("datapipeline-deprecated", "unknown", (live("AWS::DataPipeline::Pipeline", "p", {"State": DENIED}),)),
    ("mwaa-dag-bucket-unversioned", "pass", dags("Enabled", private=True)),
    ("mwaa-dag-bucket-unversioned", "fail", dags("Suspended", private=True)),
    ("mwaa-dag-bucket-unversioned", "fail", dags("Enabled", private=False)),
    ("glue-crawler-unscheduled", "pass", (crawler("SCHEDULED"),)),
    ("glue-crawler-unscheduled", "fail", (crawler("NOT_SCHEDULED"),)),
    ("glue-crawler-unscheduled", "unknown", (crawler("NOT_SCHEDULED"), live("AWS::MWAA::Environment", "flows", {}))),
    ("glue-datalake-bucket-uncatalogued", "pass", (bucket(), table())),
    ("glue-datalake-bucket-uncatalogued", "fail", (bucket(),)),
    ("glue-datalake-bucket-uncatalogued", "pass", (bucket("website"),)),
    ("glue-datalake-bucket-uncatalogued", "pass", (bucket(), crawler("SCHEDULED"))),
    ("glue-datalake-bucket-uncatalogued", "unknown", (bucket(), table(StorageDescriptor=DENIED))),
    ("glue-schema-registry-missing", "fail", (region(), STREAM)),
    ("glue-schema-registry-missing", "pass", (region(),)),
    ("glue-schema-registry-missing", "pass", (region(), STREAM, SCHEMA)),
    ("glue-schema-registry-missing", "fail", (LOOSE,)),
    ("lakeformation-location-unregistered", "pass", (bucket(), table(), REGISTERED)),
    ("lakeformation-location-unregistered", "fail", (bucket(), table(), ELSEWHERE)),
    ("lakeformation-location-unregistered", "pass", (bucket(),)),
    ("lakeformation-location-unregistered", "pass", (bucket("acme-access-logs"), table())),
    ("lakeformation-tags-missing", "fail", (DATABASE,)),
    ("lakeformation-tags-missing", "pass", (DATABASE, TAGGED)),
    ("glue-data-quality-missing", "fail", (table(),)),
    ("glue-data-quality-missing", "pass", (table(StorageDescriptor={"Location": "s3://lake/raw"}),)),
    ("glue-data-quality-missing", "pass", (table(TableType="VIRTUAL_VIEW"),)),
    ("glue-data-quality-missing", "pass", (table(), ruleset(1))),
    ("glue-data-quality-missing", "fail", (table(), ruleset(90))),
    ("glue-data-quality-missing", "pass", (table(), ruleset(90), live("api:Glue::DataQualityResult", "r", RESULT))),
    ("glue-data-quality-missing", "fail", (table(DatabaseName="other"), ruleset(1))),
    (LINEAGE, "fail", (training(),)),
    (LINEAGE, "pass", (training(ExperimentConfig={"ExperimentName": "churn"}),)),
    (LINEAGE, "pass", (training(), machine(ROLE))),
    (LINEAGE, "fail", (training(), machine("arn:aws:iam::123456789012:role/other"))),
    (LINEAGE, "unknown", (training(), machine({"Get": "x"}))),
    (LINEAGE, "pass", (training(), *lineage(CONTEXT))),
    (LINEAGE, "fail", (training(), *lineage(ARTIFACT))),
    (LINEAGE, "pass", (live("api:SageMaker::TrainingJob", "pipelines-0a1b2c3d4e5f-Train-x", {}),)),
    ("sagemaker-endpoint-unapproved-model", "pass", served("Approved")),
    ("sagemaker-endpoint-unapproved-model", "fail", served("PendingManualApproval")),
    ("sagemaker-endpoint-unapproved-model", "fail", served("Rejected")),
    ("sagemaker-endpoint-unapproved-model", "fail", served("Approved")[:3]),
    ("sagemaker-endpoint-unapproved-model", "pass", served(None, group=None)),
    ("sagemaker-model-package-hardcoded-approval", "fail", (package(),)),
    ("sagemaker-model-package-hardcoded-approval", "fail", (package(Approval={"LastModifiedTime": NOW}),)),
    (
        "sagemaker-model-package-hardcoded-approval",
        "pass",
        (package(Approval={"LastModifiedTime": NOW + timedelta(hours=2)}),),
    ),
    ("sagemaker-model-package-hardcoded-approval", "unknown", (package(Approval=DENIED),)),
    ("ec2-dlami-outdated", "pass", instance({"Name": DLAMI})),
    ("ec2-dlami-outdated", "fail", instance({"Name": DLAMI, "CreationDate": old(300)})),
    ("ec2-dlami-outdated", "pass", instance({"Name": DLAMI, "CreationDate": old(300), "NewestOf": ["/aws/service/x"]})),
    ("ec2-dlami-outdated", "unknown", instance({"Name": DLAMI, "CreationDate": old(300), "NewestOf": DENIED})),
    ("ec2-dlami-outdated", "fail", instance({"Name": DLAMI, "DeprecationTime": old(1)})),
    ("ec2-dlami-outdated", "fail", instance({"Name": PYTORCH})),
    ("ec2-dlami-outdated", "pass", instance({"Name": PYTORCH, "ImageOwnerAlias": "aws-marketplace"})),
    ("ec2-dlami-outdated", "pass", instance({"Name": "al2023-ami-2023.1", "CreationDate": old(900)})),
    ("ec2-dlami-outdated", "unknown", instance({})[:1]),
    ("ec2-gpu-non-dlami", "fail", instance({"Name": "al2023-ami-2023.9.20261101.0-kernel-6.12-x86_64"})),
    ("ec2-gpu-non-dlami", "fail", instance({"Name": "ubuntu/images/hvm-ssd-gp3/ubuntu-noble-24.04-amd64-server-1"})),
    ("ec2-gpu-non-dlami", "pass", instance({"Name": "al2023-ami-2023.9-x86_64"}, "m7i.large")),
    ("ec2-gpu-non-dlami", "pass", instance({"Name": DLAMI})),
    ("ec2-gpu-non-dlami", "pass", instance({"Name": "acme-gpu-7"}, owned="api:EC2::Image")),
    ("ec2-gpu-non-dlami", "unknown", instance({"Name": "acme-7"}, owned="api:EC2::Image")),
    ("tags-not-managed-as-code", "fail", (glue_job(owner="ana"),)),
    ("tags-not-managed-as-code", "pass", (glue_job(managed_by="Terraform Cloud"),)),
    ("tags-not-managed-as-code", "fail", (glue_job(managed_by="ana"),)),
    ("tags-not-managed-as-code", "pass", (glue_job(terraform="true"),)),
    ("tags-not-managed-as-code", "fail", (glue_job(terraform="false"),)),
    ("tags-not-managed-as-code", "pass", (glue_job(), stack("AWS::Glue::Job", "clean"))),
    ("tags-not-managed-as-code", "fail", (glue_job(), stack("AWS::SageMaker::Pipeline", "clean"))),
]


@pytest.mark.parametrize(
    ("check", "status", "raws"), HAND_MADE, ids=[f"{one[0]}-{n}-{one[1]}" for n, one in enumerate(HAND_MADE)]
)
def test_hand_made(check: str, status: str, raws: tuple[Raw, ...]) -> None:
    place = {"kind": "account", "name": "123456789012", "regions": ["eu-west-1"]}
    verdicts = judge(Collected(raws=list(raws), inputs=[place]), check)
    assert verdicts[raws[0].id].status.value == status, verdicts[raws[0].id].reason


def test_a_list_that_failed_leaves_it_open() -> None:
    """What is not there may be there where a list call was denied."""
    for check, raws, kind in (
        ("glue-datalake-bucket-uncatalogued", [bucket()], "AWS::Glue::Crawler"),
        ("lakeformation-location-unregistered", [bucket(), table()], "AWS::LakeFormation::Resource"),
        ("lakeformation-tags-missing", [DATABASE], "AWS::LakeFormation::TagAssociation"),
        ("glue-schema-registry-missing", [region(), STREAM], "AWS::Glue::Schema"),
        ("glue-data-quality-missing", [table()], "AWS::Glue::DataQualityRuleset"),
        ("sagemaker-endpoint-unapproved-model", list(served("Approved")[:3]), "AWS::SageMaker::ModelPackage"),
        (LINEAGE, [training()], "AWS::StepFunctions::StateMachine"),
        ("tags-not-managed-as-code", [glue_job()], "AWS::CloudFormation::Stack"),
    ):
        gap = Gap("service", "List", "AccessDenied", "", "123456789012", "eu-west-1", types=(kind,))
        assert judge(Collected(raws=raws, gaps=[gap]), check)[raws[0].id].status is Status.UNKNOWN, check
