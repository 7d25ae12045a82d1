"""Many resources of many services in a simulated account, and the fewest calls that tell all about them."""

from __future__ import annotations

import io
import json
import zipfile
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import product
from math import ceil
from typing import Any

ACCOUNT = "123456789012"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/plenty-0"
TRUST = json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Principal": "*", "Action": "*"}]})
TAGS = [{"Key": "Team", "Value": "ml"}]

Make = Callable[[Any, str], Any]
"""Makes a resource with a client and a name."""


@dataclass(frozen=True)
class Kind:
    """A type of resource.

    Attributes:
        type: what the scan calls it.
        service: whose client makes it.
        share: how many of a thousand resources are of it.
        make: makes one.
        calls: what the scan needs to know of it: by operation, of how many resources one call tells. An operation of
            one resource is not called where there is none; what tells of many (a page, a batch) is called once.
        everywhere: whether it is in each region, else it is in none (IAM) or made in the first (S3's buckets).
        there: how many a new account has in each region.
    """

    type: str
    service: str
    share: int
    make: Make
    calls: Mapping[str, int] = field(default_factory=dict)
    everywhere: bool = True
    there: int = 0


def _code() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("index.py", "def handler(event, context): ...")
    return packed.getvalue()


CODE = _code()
MACHINE = json.dumps({"StartAt": "Done", "States": {"Done": {"Type": "Succeed"}}})
CONTAINER = [{"name": "main", "image": "app:1", "memory": 128}]
OF_A_BUCKET = (
    "GetPublicAccessBlock",
    "GetBucketPolicy",
    "GetBucketEncryption",
    "GetBucketVersioning",
    "GetBucketLogging",
    "GetBucketLifecycleConfiguration",
    "GetObjectLockConfiguration",
    "GetBucketNotificationConfiguration",
    "GetBucketReplication",
    "GetBucketWebsite",
    "ListBucketIntelligentTieringConfigurations",
    "GetBucketOwnershipControls",
    "GetBucketAcl",
    "GetBucketLocation",  # in AWS, the list tells it
    "ListObjectsV2",
    "ListObjectVersions",
    "ListMultipartUploads",
)
KINDS = (
    Kind(
        "AWS::EC2::Volume",
        "ec2",
        180,
        lambda ec2, name: ec2.create_volume(AvailabilityZone=f"{ec2.meta.region_name}a", Size=8),
        {"ec2:DescribeVolumes": 1000},
    ),
    Kind(
        "AWS::EC2::SecurityGroup",
        "ec2",
        80,
        lambda ec2, name: ec2.create_security_group(GroupName=name, Description="x"),
        {"ec2:DescribeSecurityGroups": 1000},
        there=1,
    ),
    Kind(
        "AWS::EC2::EIP", "ec2", 20, lambda ec2, _: ec2.allocate_address(Domain="vpc"), {"ec2:DescribeAddresses": 1000}
    ),
    Kind(
        "AWS::S3::Bucket",
        "s3",
        20,
        lambda s3, name: s3.create_bucket(Bucket=name),
        {"s3:ListBuckets": 1000, **{f"s3:{operation}": 1 for operation in OF_A_BUCKET}},
        everywhere=False,
    ),
    Kind(
        "AWS::IAM::Role",
        "iam",
        60,
        lambda iam, name: iam.create_role(RoleName=name, AssumeRolePolicyDocument=TRUST),
        {"iam:GetAccountAuthorizationDetails": 1000},
        everywhere=False,
    ),
    Kind(
        "AWS::DynamoDB::Table",
        "dynamodb",
        40,
        lambda dynamodb, name: dynamodb.create_table(
            TableName=name,
            KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
            BillingMode="PAY_PER_REQUEST",
        ),
        {
            "dynamodb:ListTables": 100,
            "dynamodb:DescribeTable": 1,
            "dynamodb:DescribeContinuousBackups": 1,
            "dynamodb:GetResourcePolicy": 1,
        },
    ),
    Kind(
        "AWS::SQS::Queue",
        "sqs",
        60,
        lambda sqs, name: sqs.create_queue(QueueName=name),
        {"sqs:ListQueues": 1000, "sqs:GetQueueAttributes": 1},
    ),
    Kind(
        "AWS::SNS::Topic",
        "sns",
        40,
        lambda sns, name: sns.create_topic(Name=name),
        {"sns:ListTopics": 100, "sns:GetTopicAttributes": 1},
    ),
    Kind(
        "AWS::Logs::LogGroup",
        "logs",
        120,
        lambda logs, name: logs.create_log_group(logGroupName=name),
        {"logs:DescribeLogGroups": 50},
    ),
    Kind(
        "AWS::KMS::Key",
        "kms",
        20,
        lambda kms, name: kms.create_key(Description=name),
        {
            "kms:ListKeys": 1000,
            "kms:DescribeKey": 1,
            "kms:GetKeyPolicy": 1,
            "kms:GetKeyRotationStatus": 1,
            "kms:ListGrants": 1,
        },
    ),
    Kind(
        "AWS::SecretsManager::Secret",
        "secretsmanager",
        20,
        lambda secrets, name: secrets.create_secret(Name=name, SecretString="of nobody"),
        {"secretsmanager:ListSecrets": 100, "secretsmanager:GetResourcePolicy": 1},
    ),
    Kind(
        "AWS::Lambda::Function",
        "lambda",
        20,
        lambda functions, name: functions.create_function(
            FunctionName=name, Runtime="python3.12", Role=ROLE, Handler="index.handler", Code={"ZipFile": CODE}
        ),
        {
            "lambda:ListFunctions": 50,
            "lambda:GetFunctionConcurrency": 1,
            "lambda:GetPolicy": 1,
            "lambda:GetFunctionEventInvokeConfig": 1,
            "lambda:ListFunctionUrlConfigs": 1,
        },
    ),
    Kind(
        "AWS::ECR::Repository",
        "ecr",
        20,
        lambda ecr, name: ecr.create_repository(repositoryName=name),
        {
            "ecr:DescribeRepositories": 1000,
            "ecr:GetRepositoryPolicy": 1,
            "ecr:GetLifecyclePolicy": 1,
            "ecr:DescribeImages": 1,
        },
    ),
    Kind(
        "AWS::Kinesis::Stream",
        "kinesis",
        10,
        lambda kinesis, name: kinesis.create_stream(StreamName=name, ShardCount=1),
        {"kinesis:ListStreams": 100, "kinesis:DescribeStreamSummary": 1, "kinesis:ListStreamConsumers": 1},
    ),
    Kind(
        "AWS::Glue::Job",
        "glue",
        20,
        lambda glue, name: glue.create_job(Name=name, Role=ROLE, Command={"Name": "glueetl"}),
        {"glue:GetJobs": 1000, "glue:GetJobRuns": 1},
    ),
    Kind(
        "AWS::Glue::Database",
        "glue",
        10,
        lambda glue, name: glue.create_database(DatabaseInput={"Name": name}),
        {"glue:GetDatabases": 100, "glue:GetTables": 1, "lakeformation:GetResourceLFTags": 1},
    ),
    Kind(
        "AWS::SageMaker::NotebookInstance",
        "sagemaker",
        20,
        lambda sagemaker, name: sagemaker.create_notebook_instance(
            NotebookInstanceName=name, InstanceType="ml.t3.medium", RoleArn=ROLE
        ),
        {"sagemaker:ListNotebookInstances": 100, "sagemaker:DescribeNotebookInstance": 1},
    ),
    Kind(
        "AWS::SageMaker::Model",
        "sagemaker",
        40,
        lambda sagemaker, name: sagemaker.create_model(
            ModelName=name, ExecutionRoleArn=ROLE, PrimaryContainer={"Image": "image"}
        ),
        {"sagemaker:ListModels": 100, "sagemaker:DescribeModel": 1},
    ),
    Kind(
        "api:SageMaker::TrainingJob",
        "sagemaker",
        60,
        lambda sagemaker, name: sagemaker.create_training_job(
            TrainingJobName=name,
            AlgorithmSpecification={"TrainingImage": "image", "TrainingInputMode": "File"},
            RoleArn=ROLE,
            OutputDataConfig={"S3OutputPath": "s3://nowhere/"},
            ResourceConfig={"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 10},
            StoppingCondition={"MaxRuntimeInSeconds": 3600},
        ),
        {"sagemaker:ListTrainingJobs": 100, "sagemaker:DescribeTrainingJob": 1},
    ),
    Kind(
        "AWS::RDS::DBInstance",
        "rds",
        20,
        lambda rds, name: rds.create_db_instance(
            DBInstanceIdentifier=name,
            DBInstanceClass="db.t3.micro",
            Engine="postgres",
            AllocatedStorage=20,
            MasterUsername="x",
            MasterUserPassword="of-nobody",
        ),
        {"rds:DescribeDBInstances": 100},
    ),
    Kind(
        "AWS::ECS::TaskDefinition",
        "ecs",
        20,
        lambda ecs, name: ecs.register_task_definition(family=name, containerDefinitions=CONTAINER),
        {"ecs:ListTaskDefinitions": 100, "ecs:DescribeTaskDefinition": 1},
    ),
    Kind(
        "AWS::EKS::Cluster",
        "eks",
        4,
        lambda eks, name: eks.create_cluster(name=name, roleArn=ROLE, resourcesVpcConfig={"subnetIds": []}),
        {"eks:ListClusters": 100, "eks:DescribeCluster": 1, "eks:ListNodegroups": 1, "eks:ListAddons": 1},
    ),
    Kind(
        "AWS::StepFunctions::StateMachine",
        "stepfunctions",
        16,
        lambda steps, name: steps.create_state_machine(name=name, definition=MACHINE, roleArn=ROLE),
        {
            "stepfunctions:ListStateMachines": 1000,
            "stepfunctions:DescribeStateMachine": 1,
            "stepfunctions:ListStateMachineVersions": 1,
            "stepfunctions:ListStateMachineAliases": 1,
        },
    ),
    Kind(
        "AWS::CloudWatch::Alarm",
        "cloudwatch",
        60,
        lambda cloudwatch, name: cloudwatch.put_metric_alarm(
            AlarmName=name,
            MetricName="Errors",
            Namespace="AWS/Lambda",
            Period=60,
            EvaluationPeriods=1,
            Threshold=1,
            ComparisonOperator="GreaterThanThreshold",
            Statistic="Sum",
        ),
        {"cloudwatch:DescribeAlarms": 100},
    ),
    Kind(
        "AWS::Events::Rule",
        "events",
        20,
        lambda events, name: events.put_rule(Name=name, ScheduleExpression="rate(1 hour)"),
        {"events:ListRules": 100, "events:ListTargetsByRule": 1},
    ),
)

CALLS = {operation: per for kind in KINDS for operation, per in kind.calls.items()}
A_REGION = {
    "accessanalyzer:ListAnalyzers": 2,  # of accounts, of organizations
    "application-autoscaling:DescribeScalableTargets": 3,  # a call for each service that scales
    "application-autoscaling:DescribeScalingPolicies": 3,
    "s3:HeadBucket": 6,  # a call for each name
}
"""How many calls a region takes, whatever is in it, where it is more than one."""


class Plenty:
    """So many resources in some regions.

    Attributes:
        count: how many of each type are in each region; those of `global` are in no region, or in S3's.
    """

    def __init__(self, number: int, regions: Collection[str]) -> None:
        """About `number` resources, evenly in `regions`; call `make` to have them."""
        self.regions = tuple(regions)
        self.count: dict[tuple[str, str], int] = {}
        for kind in KINDS:
            count = max(1, round(number * kind.share / 1000))
            if not kind.everywhere:
                self.count[kind.type, "global"] = count
            for region in self.regions if kind.everywhere else ():
                self.count[kind.type, region] = max(1, count // len(self.regions)) + kind.there

    def make(self, session: Any) -> None:
        """Make them."""
        with ThreadPoolExecutor(4) as executor:
            list(executor.map(lambda job: job(), self._jobs(session)))

    def _jobs(self, session: Any) -> Iterator[Callable[[], Any]]:
        clients = {
            (kind.service, region): session.client(kind.service, region_name=region)
            for kind, region in product(KINDS, self.regions)
        }

        def making(kind: Kind, client: Any, count: int) -> Callable[[], Any]:
            return lambda: [kind.make(client, f"plenty-{number}") for number in range(count)]

        for kind in KINDS:
            for region in self.regions if kind.everywhere else ("global",):
                client = clients[kind.service, self.regions[0] if region == "global" else region]
                yield making(kind, client, self.count[kind.type, region] - kind.there)

    def fewest(self, asked: Mapping[tuple[str, str], int]) -> Counter[tuple[str, str]]:
        """The fewest calls that tell the same, by operation and region.

        An operation that tells of one resource: a call for each. One that tells of many: resources by page or batch,
        rounded up, and one where there is none. Another operation: as `A_REGION` says, else one in a region.

        Args:
            asked: the calls that were made; an operation that was asked nowhere is needed nowhere.
        """
        fewest: Counter[tuple[str, str]] = Counter()
        for operation, region in asked:
            per = CALLS.get(operation)
            if per is None:
                fewest[operation, region] = A_REGION.get(operation, 1)
                continue
            number = sum(self._number(kind, region) for kind in KINDS if operation in kind.calls)
            fewest[operation, region] = number if per == 1 else max(1, ceil(number / per))
        return fewest

    def _number(self, kind: Kind, region: str) -> int:
        return self.count.get((kind.type, region)) or self.count.get((kind.type, "global"), 0)
