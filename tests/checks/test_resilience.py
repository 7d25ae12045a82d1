"""The resilience pillar on a simulated account: what fails, what passes, and what is unknown once a call is denied."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import boto3
import pytest

from auditor.findings import Verdict
from auditor.raw import Collected, Raw
from auditor.sources.account.source import collect
from auditor.values import Unknown
from tests.builders import ACCOUNT, raw
from tests.sources.account.conftest import scripted
from tests.support import hcl, judge, plan, statuses, template
from tools.build_terraform_plans import recorded

__all__ = ["scripted"]

ROLE = "arn:aws:iam::123456789012:role/service"
TRUST = {"Version": "2012-10-17", "Statement": []}


def buckets(aws: Any) -> None:
    s3 = aws("s3")
    for name in ("prod-raw", "prod-copied", "prod-beside", "dev-raw", "models", "elsewhere"):
        s3.create_bucket(Bucket=name)
        s3.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})
    west = {"LocationConstraint": "us-west-2"}
    aws("s3", "us-west-2").create_bucket(Bucket="dev-copies", CreateBucketConfiguration=west)
    aws("s3", "us-west-2").put_bucket_versioning(Bucket="dev-copies", VersioningConfiguration={"Status": "Enabled"})
    for name, copies in (("prod-copied", "dev-copies"), ("prod-beside", "elsewhere")):
        rule = {"Status": "Enabled", "Prefix": "", "Destination": {"Bucket": f"arn:aws:s3:::{copies}"}}
        s3.put_bucket_replication(Bucket=name, ReplicationConfiguration={"Role": ROLE, "Rules": [rule]})


def file_systems(aws: Any) -> None:
    efs = aws("efs")
    for name, backup in (("bad", False), ("good", True)):
        tags = [{"Key": "Name", "Value": name}]
        efs.create_file_system(CreationToken=name, Tags=tags, Backup=backup)


def volumes(aws: Any) -> None:
    ec2 = aws("ec2")
    for name in ("bad", "good"):
        tags = [{"ResourceType": "volume", "Tags": [{"Key": "Name", "Value": name}]}]
        made = ec2.create_volume(Size=8, AvailabilityZone="us-east-1a", TagSpecifications=tags)
        if name == "good":
            ec2.create_snapshot(VolumeId=made["VolumeId"])


def tables(aws: Any) -> None:
    dynamodb = aws("dynamodb")
    for name in ("bad", "good"):
        dynamodb.create_table(
            TableName=name,
            AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
            KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
            BillingMode="PAY_PER_REQUEST",
        )
    recovery = {"PointInTimeRecoveryEnabled": True}
    dynamodb.update_continuous_backups(TableName="good", PointInTimeRecoverySpecification=recovery)


def databases(aws: Any) -> None:
    rds = aws("rds")
    for name, zones, days in (("bad", False, 1), ("good", True, 7), ("dev-scratch", False, 7)):
        rds.create_db_instance(
            DBInstanceIdentifier=name,
            DBInstanceClass="db.m6g.large",
            Engine="postgres",
            AllocatedStorage=20,
            MultiAZ=zones,
            BackupRetentionPeriod=days,
        )


def warehouses(aws: Any) -> None:
    for name, days in (("bad", 1), ("good", 7)):
        aws("redshift").create_cluster(
            ClusterIdentifier=name,
            NodeType="ra3.large",
            MasterUsername="admin1",
            MasterUserPassword="Password1",
            AutomatedSnapshotRetentionPeriod=days,
        )


def streams(aws: Any) -> None:
    kinesis = aws("kinesis")
    for name in ("bad", "good"):
        kinesis.create_stream(StreamName=name, ShardCount=1)
    kinesis.increase_stream_retention_period(StreamName="good", RetentionPeriodHours=168)


def queues(aws: Any) -> None:
    sqs, cloudwatch = aws("sqs"), aws("cloudwatch")
    for name in ("dead1", "dead2", "bad"):
        sqs.create_queue(QueueName=name)
    for name, dead in (("watched", "dead1"), ("unwatched", "dead2")):
        redrive = {"deadLetterTargetArn": f"arn:aws:sqs:us-east-1:123456789012:{dead}", "maxReceiveCount": "3"}
        sqs.create_queue(QueueName=name, Attributes={"RedrivePolicy": json.dumps(redrive)})
    cloudwatch.put_metric_alarm(
        AlarmName="dead letters",
        Namespace="AWS/SQS",
        MetricName="ApproximateNumberOfMessagesVisible",
        Dimensions=[{"Name": "QueueName", "Value": "dead1"}],
        ComparisonOperator="GreaterThanThreshold",
        EvaluationPeriods=1,
        Period=60,
        Statistic="Maximum",
        Threshold=0,
    )


def functions(aws: Any) -> None:
    role = aws("iam").create_role(RoleName="run", AssumeRolePolicyDocument=json.dumps(TRUST))["Role"]["Arn"]
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr("a.py", "")
    client = aws("lambda")
    for name in ("bad", "good", "handled", "called-by-an-api"):
        code = {"ZipFile": held.getvalue()}
        client.create_function(FunctionName=name, Runtime="python3.12", Role=role, Handler="a.b", Code=code)
        by = "apigateway" if name == "called-by-an-api" else "s3"
        client.add_permission(
            FunctionName=name, StatementId="a", Action="lambda:InvokeFunction", Principal=f"{by}.amazonaws.com"
        )
    destination = {"OnFailure": {"Destination": "arn:aws:sqs:us-east-1:123456789012:dead"}}
    client.put_function_event_invoke_config(FunctionName="handled", DestinationConfig=destination)


def groups(aws: Any) -> None:
    ec2, autoscaling = aws("ec2"), aws("autoscaling")
    data = {"ImageId": "ami-12c6146b", "InstanceType": "m5.large"}
    made = ec2.create_launch_template(LaunchTemplateName="workers", LaunchTemplateData=data)["LaunchTemplate"]
    source = {"LaunchTemplateSpecification": {"LaunchTemplateId": made["LaunchTemplateId"], "Version": "$Latest"}}
    for name, rebalance, share in (("bad", False, 0), ("good", True, 0), ("on-demand", False, 100)):
        autoscaling.create_auto_scaling_group(
            AutoScalingGroupName=name,
            MinSize=0,
            MaxSize=1,
            AvailabilityZones=["us-east-1a"],
            CapacityRebalance=rebalance,
            MixedInstancesPolicy={
                "LaunchTemplate": source,
                "InstancesDistribution": {"OnDemandPercentageAboveBaseCapacity": share},
            },
        )


def services(aws: Any) -> None:
    data = {"ImageId": "ami-12c6146b", "InstanceType": "m5.large"}
    made = aws("ec2").create_launch_template(LaunchTemplateName="serving", LaunchTemplateData=data)["LaunchTemplate"]
    for name, size in (("fraud-inference", 2), ("small-inference", 1), ("async-inference", 2), ("web", 2)):
        aws("autoscaling").create_auto_scaling_group(
            AutoScalingGroupName=name,
            MinSize=size,
            MaxSize=2,
            AvailabilityZones=["us-east-1a"],
            LaunchTemplate={"LaunchTemplateId": made["LaunchTemplateId"], "Version": "$Latest"},
        )


def jobs(aws: Any) -> None:
    batch = aws("batch")
    container = {"image": "busybox", "vcpus": 1, "memory": 128}
    batch.register_job_definition(jobDefinitionName="bad", type="container", containerProperties=container)
    batch.register_job_definition(
        jobDefinitionName="good",
        type="container",
        containerProperties=container,
        retryStrategy={"attempts": 3},
        timeout={"attemptDurationSeconds": 3600},
    )


def machines(aws: Any) -> None:
    role = aws("iam").create_role(RoleName="run", AssumeRolePolicyDocument=json.dumps(TRUST))["Role"]["Arn"]
    errors = {"ErrorEquals": ["States.ALL"]}
    for name, more in (("bad", {}), ("good", {"Retry": [errors], "Catch": [{**errors, "Next": "Tell"}]})):
        states = {
            "Train": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "End": True, **more},
            "Tell": {"Type": "Fail"},
        }
        definition = json.dumps({"StartAt": "Train", "States": states})
        aws("stepfunctions").create_state_machine(name=name, definition=definition, roleArn=role)


def endpoints(aws: Any) -> None:
    sagemaker = aws("sagemaker")
    sagemaker.create_model(ModelName="m", ExecutionRoleArn=ROLE, PrimaryContainer={"Image": "a"})
    variant = {"VariantName": "a", "ModelName": "m", "InstanceType": "ml.m5.large", "InitialInstanceCount": 2}
    sagemaker.create_endpoint_config(EndpointConfigName="serving", ProductionVariants=[variant])
    for name in ("bad", "good"):
        sagemaker.create_endpoint(EndpointName=name, EndpointConfigName="serving")


def plans(aws: Any) -> None:
    backup = aws("backup")
    backup.create_backup_vault(BackupVaultName="main")
    rule = {"RuleName": "daily", "TargetBackupVaultName": "main"}
    for name, region in (("bad", "us-east-1"), ("good", "us-west-2"), ("dev-plan", "us-east-1")):
        copy = {"DestinationBackupVaultArn": f"arn:aws:backup:{region}:123456789012:backup-vault:copies"}
        plan = {"BackupPlanName": name, "Rules": [{**rule, "CopyActions": [copy]}]}
        backup.create_backup_plan(BackupPlan=plan)


def glue_jobs(aws: Any) -> None:
    for name, retries in (("bad", 0), ("good", 1)):
        aws("glue").create_job(Name=name, Role=ROLE, Command={"Name": "glueetl"}, MaxRetries=retries, Timeout=60)


# What moto lacks: there is nothing of it.
NOTHING: dict[str, dict[str, list[Any]]] = {
    "ListProtectedResources": {"Results": []},
    "ListBackupSelections": {"BackupSelectionsList": []},
    "GetLifecyclePolicies": {"Policies": []},
    "ListSchedules": {"Schedules": []},
}
ALARMS = {"AutoRollbackConfiguration": {"Alarms": [{"AlarmName": "errors"}]}}
SHIFTED = {"BlueGreenUpdatePolicy": {"TrafficRoutingConfiguration": {"Type": "CANARY", "WaitIntervalInSeconds": 600}}}
DEAD = {"TargetArn": "arn:aws:sqs:us-east-1:123456789012:dead"}

# What moto was told, and does not tell: operation, property, value.
FORGOTTEN = (
    ("DescribeEndpoint", "LastDeploymentConfig", {**ALARMS, **SHIFTED}),
    ("ListFunctions", "DeadLetterConfig", DEAD),
)


def add_to_good(key: str, said: Any, answer: Any) -> Any:
    for one in (answer, *answer.get("Functions", ())):
        if "good" in (one.get("FunctionName"), one.get("EndpointName")):
            one[key] = said
    return answer


def names(verdicts: dict[str, Verdict], expected: dict[str, str]) -> dict[str, str]:
    """Statuses by the resource's name: that of the expected ones which it has, else its title without the id."""
    found = {}
    for verdict in verdicts.values():
        resource = verdict.resource
        own = (name for name in resource.raw.names if name in expected)
        found[next(own, resource.title.partition(" (")[0])] = verdict.status.value
    return found


Case = tuple[str, Callable[[Any], None], dict[str, str], str]
PASSED, FAILED = {"good": "pass"}, {"bad": "fail"}
LIVE: list[Case] = [
    (
        "s3-bucket-replication-missing",
        buckets,
        {
            "prod-raw": "fail",
            "prod-copied": "pass",
            "prod-beside": "fail",
            "dev-raw": "pass",
            "dev-copies": "pass",
            "models": "unknown",
            "elsewhere": "unknown",
        },
        "GetBucketReplication",
    ),
    ("ebs-volume-backup", volumes, FAILED | PASSED, "DescribeSnapshots"),
    ("dynamodb-point-in-time-recovery", tables, FAILED | PASSED, "DescribeContinuousBackups"),
    ("rds-multi-az", databases, FAILED | PASSED | {"dev-scratch": "pass"}, ""),
    ("rds-backup", databases, FAILED | PASSED | {"dev-scratch": "pass"}, "ListProtectedResources"),
    ("redshift-automated-snapshots", warehouses, FAILED | PASSED, ""),
    ("kinesis-stream-retention", streams, FAILED | PASSED, "DescribeStreamSummary"),
    (
        "sqs-dead-letter-queue",
        queues,
        FAILED | {"dead1": "pass", "dead2": "pass", "watched": "pass", "unwatched": "fail"},
        "GetQueueAttributes",
    ),
    (
        "lambda-dead-letter-queue",
        functions,
        FAILED | PASSED | {"handled": "pass", "called-by-an-api": "pass"},
        "GetPolicy",
    ),
    ("autoscaling-capacity-rebalance", groups, FAILED | PASSED | {"on-demand": "pass"}, ""),
    (
        "autoscaling-inference-without-load-balancer",
        services,
        {"fraud-inference": "fail", "small-inference": "pass", "async-inference": "pass", "web": "pass"},
        "",
    ),
    ("batch-job-retry", jobs, FAILED | PASSED, ""),
    ("glue-job-retry-timeout", glue_jobs, FAILED | PASSED, ""),
    ("stepfunctions-retry-missing", machines, FAILED | PASSED, "DescribeStateMachine"),
    ("stepfunctions-catch-missing", machines, FAILED | PASSED, "DescribeStateMachine"),
    ("backup-cross-region-copy", plans, FAILED | PASSED | {"dev-plan": "pass"}, "GetBackupPlan"),
    ("efs-backup", file_systems, FAILED | PASSED, "DescribeBackupPolicy"),
    ("sagemaker-endpoint-deployment-guardrails", endpoints, FAILED | PASSED, "DescribeEndpoint"),
    ("sagemaker-endpoint-canary-shifting", endpoints, FAILED | PASSED, "DescribeEndpoint"),
]


@pytest.mark.parametrize(("check", "fill", "expected", "call"), LIVE, ids=[case[0] for case in LIVE])
def test_live(
    check: str,
    fill: Any,
    expected: dict[str, str],
    call: str,
    aws: Any,
    scan: Any,
    scripted: Any,
    answers: dict[str, Any],
) -> None:
    fill(aws)
    scripted(NOTHING)
    for operation, key, said in FORGOTTEN:
        answers[operation] = partial(add_to_good, key, said)
    assert names(judge(scan(check), check), expected) == expected
    if call:
        scripted({call: "AccessDenied"})
        after = names(judge(scan(check), check), expected)
        assert "unknown" in after.values()
        assert all(after.get(name) != "pass" for name, status in expected.items() if status == "fail")


def test_vpcs_in_one_region_or_two(aws: Any, failing: Any) -> None:
    check = "vpc-multi-region"

    def judged(*regions: str) -> str:
        types = ["account", "region", "AWS::EC2::VPC"]
        collected = collect(regions=list(regions), types=types, session=boto3.Session())
        (status,) = statuses(collected, check).values()
        return status

    assert judged("us-east-1", "us-west-2") == "pass"  # nothing but default VPCs
    aws("ec2").create_vpc(CidrBlock="10.0.0.0/16")
    assert judged("us-east-1", "us-west-2") == "fail"
    assert judged("us-east-1") == "unknown"
    aws("ec2", "us-west-2").create_vpc(CidrBlock="10.1.0.0/16")
    assert judged("us-east-1", "us-west-2") == "pass"
    failing({"DescribeVpcs": "AccessDenied"})
    assert judged("us-east-1", "us-west-2") == "unknown"


def test_backup_plans_and_vaults(aws: Any, scan: Any, deny: Any) -> None:
    check = "backup-plan-missing"
    (verdict,) = judge(scan(check), check).values()
    assert [finding.message.split()[3] for finding in verdict.findings] == ["plan", "vault"]
    plans(aws)
    assert set(statuses(scan(check), check).values()) == {"pass"}
    deny("ListBackupPlans")
    assert set(statuses(scan(check), check).values()) == {"unknown"}


# --- what moto lacks: resources as the collectors give them -----------------------------------------------------------

DENIED = Unknown("emr:DescribeCluster was denied")


def live(kind: str, properties: dict[str, Any], check: str, *others: Raw) -> str:
    raws = [raw(kind, "it", properties, scope=ACCOUNT, names=("it",)), *others]
    return statuses(Collected(raws=raws), check)["it"]


GROUP = {"InstanceType": "m5.xlarge", "InstanceCount": 1, "Market": "ON_DEMAND"}
SPOT_GROUP = {**GROUP, "Market": "SPOT"}
TWO_TYPES = [{"InstanceType": "m5.xlarge"}, {"InstanceType": "m5a.xlarge"}]
FLEET = {"TargetOnDemandCapacity": 0, "TargetSpotCapacity": 4, "InstanceTypeConfigs": TWO_TYPES}


@pytest.mark.parametrize(
    ("instances", "core", "fleet"),
    [
        ({"MasterInstanceGroup": GROUP, "CoreInstanceGroup": GROUP}, "pass", "pass"),
        ({"MasterInstanceGroup": GROUP, "CoreInstanceGroup": SPOT_GROUP}, "fail", "fail"),
        ({"MasterInstanceGroup": SPOT_GROUP}, "fail", "pass"),
        ({"CoreInstanceGroup": GROUP, "TaskInstanceGroups": [GROUP, SPOT_GROUP]}, "pass", "fail"),
        ({"CoreInstanceFleet": FLEET}, "fail", "pass"),
        ({"TaskInstanceFleets": [FLEET]}, "pass", "pass"),
        ({"TaskInstanceFleets": [{**FLEET, "InstanceTypeConfigs": TWO_TYPES[:1]}]}, "pass", "fail"),
        ({"CoreInstanceGroup": DENIED}, "unknown", "unknown"),
        ({"CoreInstanceGroup": GROUP, "TaskInstanceGroups": DENIED}, "pass", "unknown"),
        ({"CoreInstanceGroup": DENIED, "TaskInstanceGroups": [SPOT_GROUP]}, "unknown", "fail"),
        (DENIED, "unknown", "unknown"),
    ],
)
def test_emr(instances: Any, core: str, fleet: str) -> None:
    properties = {"Name": "it", "Instances": instances}
    assert live("AWS::EMR::Cluster", properties, "emr-core-nodes-spot") == core
    assert live("AWS::EMR::Cluster", properties, "emr-instance-fleet-missing") == fleet


HOUR = 3_600
CHECKPOINTS = {"CheckpointConfig": {"S3Uri": "s3://checkpoints/a"}}


@pytest.mark.parametrize(
    ("job", "spot", "long"),
    [
        ({"BillableTimeInSeconds": 60}, "pass", "pass"),
        ({"BillableTimeInSeconds": 5 * HOUR}, "pass", "fail"),
        ({"BillableTimeInSeconds": 5 * HOUR, **CHECKPOINTS}, "pass", "pass"),
        ({"BillableTimeInSeconds": 5 * HOUR, "EnableManagedSpotTraining": True}, "fail", "pass"),
        ({"EnableManagedSpotTraining": True, **CHECKPOINTS}, "pass", "pass"),
        ({"StoppingCondition": {"MaxRuntimeInSeconds": 2 * HOUR}}, "pass", "pass"),
        ({"StoppingCondition": {"MaxRuntimeInSeconds": 5 * HOUR}}, "pass", "fail"),
        ({"StoppingCondition": {"MaxRuntimeInSeconds": 24 * HOUR}}, "pass", "unknown"),
        ({}, "pass", "unknown"),
        ({"EnableManagedSpotTraining": DENIED, "BillableTimeInSeconds": 5 * HOUR}, "unknown", "unknown"),
        ({"EnableManagedSpotTraining": True, "CheckpointConfig": DENIED}, "unknown", "pass"),
    ],
)
def test_training_jobs(job: dict[str, Any], spot: str, long: str) -> None:
    assert live("api:SageMaker::TrainingJob", job, "sagemaker-training-spot-checkpoint") == spot
    assert live("api:SageMaker::TrainingJob", job, "sagemaker-training-checkpoint-missing") == long


def run(minutes: int, state: str = "SUCCEEDED") -> dict[str, Any]:
    return {"JobRunState": state, "ExecutionTime": minutes * 60}


@pytest.mark.parametrize(
    ("timeout", "runs", "status"),
    [
        (600, [run(20), run(30)], "fail"),
        (600, [run(20), run(90)], "pass"),
        (600, [run(20), run(90, "FAILED")], "fail"),
        (600, [], "pass"),
        (60, [run(1)], "pass"),
        (2880, [run(1000)], "fail"),
        (600, DENIED, "unknown"),
    ],
)
def test_how_long_glue_jobs_take(timeout: int, runs: Any, status: str) -> None:
    history = raw("api:Glue::JobHistory", "it", {"Runs": runs}, scope=ACCOUNT)
    job = {"Name": "it", "MaxRetries": 1, "Timeout": timeout}
    found = [raw("AWS::Glue::Job", "job", job, scope=ACCOUNT, names=("it",)), history]
    assert statuses(Collected(raws=found), "glue-job-retry-timeout")["job"] == status


# --- templates --------------------------------------------------------------------------------------------------------

CHOSEN = """
Parameters: {Stage: {Type: String}, Days: {Type: Number}, Key: {Type: String}}
Conditions: {IsProd: !Equals [!Ref Stage, prod]}
Resources:
"""


@pytest.mark.parametrize(
    ("check", "resources", "expected"),
    [
        (
            "rds-multi-az",
            "It: {Type: AWS::RDS::DBInstance, Properties: {MultiAZ: !If [IsProd, true, false]}}",
            "unknown",
        ),
        ("rds-multi-az", "It: {Type: AWS::RDS::DBInstance, Properties: {MultiAZ: !If [IsProd, true, true]}}", "pass"),
        (
            "rds-multi-az",
            "It: {Type: AWS::RDS::DBInstance, Properties: {Tags: [{Key: env, Value: !Ref Stage}]}}",
            "unknown",
        ),
        ("rds-multi-az", "It: {Type: AWS::RDS::DBInstance, Properties: {DBClusterIdentifier: c}}", None),
        ("rds-multi-az", "It: {Type: AWS::RDS::DBCluster, Properties: {Engine: aurora-mysql}}", "unknown"),
        ("rds-backup", "It: {Type: AWS::RDS::DBInstance, Properties: {BackupRetentionPeriod: !Ref Days}}", "unknown"),
        ("rds-backup", "It: {Type: AWS::RDS::DBInstance, Condition: IsProd}", "fail"),
        (
            "kinesis-stream-retention",
            "It: {Type: AWS::Kinesis::Stream, Properties: {RetentionPeriodHours: !Ref Days}}",
            "unknown",
        ),
        (
            "sqs-dead-letter-queue",
            "It: {Type: AWS::SQS::Queue, Properties: {RedrivePolicy: {deadLetterTargetArn: a}}}",
            "unknown",
        ),
        (
            "sqs-dead-letter-queue",
            "It: {Type: AWS::SQS::Queue, Properties: {RedrivePolicy: {deadLetterTargetArn: !GetAtt Other.Arn}}}\n"
            "  Other: {Type: AWS::SQS::Queue}",
            "unknown",
        ),
        (
            "sqs-dead-letter-queue",
            "It: {Type: AWS::SQS::Queue}\n"
            "  F: {Type: AWS::Lambda::Function, Properties: {DeadLetterConfig: {TargetArn: !GetAtt It.Arn}}}",
            "pass",
        ),
        (
            "lambda-dead-letter-queue",
            "It: {Type: AWS::Lambda::Function}\n"
            "  A: {Type: AWS::Lambda::Alias, Properties: {FunctionName: !Ref It, Name: live}}\n"
            "  C: {Type: AWS::Lambda::EventInvokeConfig, Properties: {FunctionName: !Ref It, Qualifier: live,"
            " DestinationConfig: {OnFailure: {Destination: queue}}}}\n"
            "  P: {Type: AWS::Lambda::Permission, Properties: {FunctionName: !Ref A, Principal: s3.amazonaws.com}}",
            "pass",
        ),
        (
            "lambda-dead-letter-queue",
            "It: {Type: AWS::Lambda::Function}\n"
            "  P: {Type: AWS::Lambda::Permission, Condition: IsProd,"
            " Properties: {FunctionName: !Ref It, Principal: s3.amazonaws.com}}",
            "unknown",
        ),
        (
            "lambda-dead-letter-queue",
            "It: {Type: AWS::Lambda::Function}\n"
            "  S: {Type: AWS::Scheduler::Schedule, Properties: {Target: {Arn: !GetAtt It.Arn}}}",
            "fail",
        ),
        (
            "emr-instance-fleet-missing",
            "It: {Type: AWS::EMR::InstanceGroupConfig, Properties: {JobFlowId: !ImportValue a, Market: SPOT,"
            " InstanceType: m5.xlarge, InstanceCount: 1}}",
            "fail",
        ),
        (
            "ebs-volume-backup",
            "It: {Type: AWS::EC2::Volume}\n"
            "  S: {Type: AWS::Backup::BackupSelection, Properties: {BackupSelection:"
            " {Resources: ['*'], NotResources: ['arn:aws:ec2:*:*:volume/*']}}}",
            "fail",
        ),
        (
            "ebs-volume-backup",
            "It: {Type: AWS::EC2::Volume}\n"
            "  S: {Type: AWS::Backup::BackupSelection, Properties: {BackupSelection:"
            " {Resources: ['arn:aws:ec2:eu-west-1:*:volume/*']}}}",
            "unknown",
        ),
        (
            "ebs-volume-backup",
            "It: {Type: AWS::EC2::Volume}\n"
            "  S: {Type: AWS::Backup::BackupSelection, Properties: {BackupSelection:"
            " {Resources: ['arn:aws-cn:ec2:*:*:volume/*']}}}",
            "pass",
        ),
        (
            "ebs-volume-backup",
            "It: {Type: AWS::EC2::Volume}\n"
            "  S: {Type: AWS::Backup::BackupSelection, Properties: {BackupSelection:"
            " {Resources: ['*'], Conditions: {StringEquals: [{ConditionKey: a, ConditionValue: b}]}}}}",
            "unknown",
        ),
        (
            "autoscaling-capacity-rebalance",
            "It: {Type: AWS::AutoScaling::AutoScalingGroup,"
            " Properties: {LaunchTemplate: {LaunchTemplateId: !Ref Key}}}",
            "unknown",
        ),
        (
            "sagemaker-endpoint-deployment-guardrails",
            "It: {Type: AWS::SageMaker::Endpoint, Properties: {EndpointConfigName: !Ref Key}}",
            "unknown",
        ),
        (
            "glue-job-retry-timeout",
            "It: {Type: AWS::Glue::Job, Properties: {Timeout: 60}}\n"
            "  M: {Type: AWS::StepFunctions::StateMachine, Properties: {DefinitionS3Location: {Bucket: a, Key: b}}}",
            "unknown",
        ),
        ("stepfunctions-retry-missing", "It: {Type: AWS::StepFunctions::StateMachine}", "unknown"),
        ("s3-bucket-replication-missing", "It: {Type: AWS::S3::Bucket}", "unknown"),
        (
            "backup-cross-region-copy",
            "It: {Type: AWS::Backup::BackupPlan, Properties: {BackupPlan: !Ref Key}}",
            "unknown",
        ),
    ],
)
def test_templates(check: str, resources: str, expected: str | None, tmp_path: Path) -> None:
    found = statuses(template(tmp_path, f"{CHOSEN}  {resources}\n"), check)
    assert found.get("It") == expected


@pytest.mark.parametrize(
    ("provider", "region", "expected"),
    [
        ("aws.other", 'region = "us-west-2"', "pass"),
        ("aws.other", 'region = "us-east-1"', "fail"),
        ("aws.other", "region = var.region", "unknown"),
        ("aws", 'region = "us-west-2"', "fail"),
    ],
)
def test_replication_to_a_bucket_of_another_provider(provider: str, region: str, expected: str, tmp_path: Path) -> None:
    text = """
variable "region" {}
provider "aws" {
  region = "us-east-1"
}
provider "aws" {
  alias = "other"
  %s
}
resource "aws_s3_bucket" "models" {
  bucket = "prod-models"
}
resource "aws_s3_bucket" "copies" {
  provider = %s
  bucket   = "dev-copies"
}
resource "aws_s3_bucket_replication_configuration" "models" {
  bucket = aws_s3_bucket.models.id
  role   = "role"
  rule {
    status = "Enabled"
    destination {
      bucket = aws_s3_bucket.copies.arn
    }
  }
}
"""
    found = statuses(hcl(tmp_path, text % (region, provider)), "s3-bucket-replication-missing")
    assert found["aws_s3_bucket.models"] == expected


def test_steps_of_a_machine_are_told_once_for_what_holds_them(tmp_path: Path) -> None:
    text = """
Resources:
  Machine:
    Type: AWS::StepFunctions::StateMachine
    Properties:
      Definition:
        StartAt: Each
        States:
          Each:
            Type: Map
            ItemProcessor:
              StartAt: Train
              States:
                Train: {Type: Task, Resource: "arn:aws:states:::lambda:invoke", Next: Judge}
                Judge: {Type: Task, Resource: "arn:aws:states:::lambda:invoke", End: true}
            Next: Report
          Report: {Type: Task, Resource: "arn:aws:states:::sns:publish", End: true}
"""
    collected = template(tmp_path, text)
    caught = judge(collected, "stepfunctions-catch-missing")["Machine"].findings
    assert [finding.message for finding in caught] == [
        "does not catch errors of Train in Each",
        "does not catch errors of Report",
    ]
    assert [finding.path[-2:] for finding in caught] == [("Each", "Catch"), ("Report", "Catch")]
    retried = judge(collected, "stepfunctions-retry-missing")["Machine"].findings
    assert [finding.path[-2] for finding in retried] == ["Train", "Judge", "Report"]


COPIED = """
variable "region" {}

provider "aws" {
  region = "us-east-1"
}

provider "aws" {
  alias  = "other"
  region = %s
}

resource "aws_backup_vault" "copies" {
  %s
  name = "copies"
}

resource "aws_backup_plan" "lake" {
  name = "lake"

  rule {
    rule_name         = "daily"
    target_vault_name = "main"

    copy_action {
      destination_vault_arn = aws_backup_vault.copies.arn
    }
  }
}
"""


@pytest.mark.parametrize(
    ("region", "provider", "expected"),
    [
        ('"us-west-2"', "provider = aws.other", "pass"),
        ('"us-west-2"', "", "fail"),
        ('"us-east-1"', "provider = aws.other", "unknown"),  # maybe of another account
        ("var.region", "provider = aws.other", "unknown"),
    ],
)
def test_a_vault_of_another_provider(region: str, provider: str, expected: str, tmp_path: Path) -> None:
    found = statuses(hcl(tmp_path, COPIED % (region, provider)), "backup-cross-region-copy")
    assert found == {"aws_backup_plan.lake": expected}


@pytest.mark.parametrize(("region", "expected"), [("us-west-2", "pass"), ("us-east-1", "unknown")])
def test_a_planned_vault_of_another_provider(region: str, expected: str, tmp_path: Path) -> None:
    data = recorded("backup-cross-region-copy")["plans"]["bad-1"]
    configuration = data["configuration"]
    configuration["provider_config"]["aws.other"] = {"expressions": {"region": {"constant_value": region}}}
    for resource in configuration["root_module"]["resources"]:
        if resource["address"] == "aws_backup_vault.second":
            resource["provider_config_key"] = "aws.other"
    assert statuses(plan(tmp_path, data), "backup-cross-region-copy") == {"aws_backup_plan.production": expected}


SERVED = """
variable "unknown" {}

resource "aws_autoscaling_group" "inference" {
  name     = %s
  min_size = 2
  max_size = 8
  %s
}
%s
"""
ATTACHED = """
resource "aws_autoscaling_attachment" "front" {
  autoscaling_group_name = %s
  elb                    = "front"
}
"""
SOURCE = 'traffic_source {\n    identifier = "arn"\n    type = "vpc-lattice"\n  }'
SPLIT_SOURCE = f"""
resource "aws_autoscaling_traffic_source_attachment" "front" {{
  autoscaling_group_name = aws_autoscaling_group.inference.id
  {SOURCE}
}}
"""


@pytest.mark.parametrize(
    ("name", "block", "beside", "expected"),
    [
        ('"fraud"', "", "", "fail"),
        ('"fraud"', SOURCE, "", "pass"),
        ('"fraud"', "", SPLIT_SOURCE, "pass"),
        ('"fraud"', "", ATTACHED % "aws_autoscaling_group.inference.name", "pass"),
        ('"fraud"', "", ATTACHED % '"other"', "fail"),
        ('"fraud"', "", ATTACHED % "var.unknown", "unknown"),
        ('"fraud-workers"', "", "", "pass"),
        ('"${var.unknown}-fraud"', "", "", "fail"),
        ("var.unknown", "", "", "unknown"),  # maybe it works from a queue
    ],
)
def test_groups_that_something_sends_requests(
    name: str, block: str, beside: str, expected: str, tmp_path: Path
) -> None:
    found = statuses(hcl(tmp_path, SERVED % (name, block, beside)), "autoscaling-inference-without-load-balancer")
    assert found["aws_autoscaling_group.inference"] == expected


SNAPSHOTS = """
Parameters: {Value: {Type: String}}
Resources:
  Data: {Type: AWS::EC2::Volume, Properties: {Size: 500, Tags: [{Key: backup, Value: weekly}]}}
  Snapshots:
    Type: AWS::DLM::LifecyclePolicy
    Properties:
      State: ENABLED
      PolicyDetails: {ResourceTypes: [VOLUME], TargetTags: [{Key: backup, Value: daily}, %s]}
"""


@pytest.mark.parametrize(
    ("tag", "expected"),
    [
        ("{Key: backup, Value: weekly}", "pass"),
        ("{Key: backup, Value: monthly}", "fail"),
        ("{Key: backup, Value: !Ref Value}", "unknown"),
        ("{Key: !Ref Value, Value: weekly}", "unknown"),
    ],
)
def test_a_key_that_a_policy_names_twice(tag: str, expected: str, tmp_path: Path) -> None:
    assert statuses(template(tmp_path, SNAPSHOTS % tag), "ebs-volume-backup") == {"Data": expected}


FAILED_QUEUE = """
Resources:
  Work: {Type: AWS::SQS::Queue, Properties: {RedrivePolicy: {deadLetterTargetArn: !GetAtt Failed.Arn}}}
  Failed: {Type: AWS::SQS::Queue, Properties: {QueueName: failed}}
  Watch: {Type: AWS::CloudWatch::Alarm, Properties: {%s}}
"""
_OF_IT = "Namespace: AWS/SQS, MetricName: %s, Dimensions: [{Name: QueueName, Value: failed}]"
_OF_EACH = "Metrics: [{Id: q, Expression: 'SELECT MAX(%s) FROM SCHEMA(\"AWS/SQS\", QueueName)'}]"


@pytest.mark.parametrize(
    ("alarm", "expected"),
    [
        (_OF_IT % "ApproximateNumberOfMessagesVisible", "pass"),
        (_OF_IT % "ApproximateAgeOfOldestMessage", "pass"),
        (_OF_EACH % "ApproximateNumberOfMessagesVisible", "pass"),
        (_OF_IT % "NumberOfMessagesSent", "unknown"),  # which is 0 for what is moved; another template may have one
        (_OF_EACH % "SentMessageSize", "unknown"),
    ],
)
def test_what_watches_a_dead_letter_queue(alarm: str, expected: str, tmp_path: Path) -> None:
    collected = template(tmp_path, FAILED_QUEUE % alarm)
    assert statuses(collected, "sqs-dead-letter-queue")["Work"] == expected


@pytest.mark.parametrize(
    ("region", "account", "expected"),
    [
        (None, None, "pass"),
        ("eu-central-1", None, "pass"),
        ("eu-west-1", None, "unknown"),
        ("eu-west-1", "123456789012", "fail"),
        ("eu-west-1", "999999999999", "pass"),
    ],
)
def test_where_copies_of_backups_go(region: str | None, account: str | None, expected: str, tmp_path: Path) -> None:
    text = """
    Resources:
      Plan:
        Type: AWS::Backup::BackupPlan
        Properties:
          BackupPlan:
            BackupPlanName: nightly
            BackupPlanRule:
              - CopyActions:
                  [{DestinationBackupVaultArn: "arn:aws:backup:eu-west-1:123456789012:backup-vault:copies"}]
    """
    collected = template(tmp_path, text, region=region, account=account)
    assert statuses(collected, "backup-cross-region-copy") == {"Plan": expected}
