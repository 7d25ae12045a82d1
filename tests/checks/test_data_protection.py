"""The data-protection pillar on a simulated account: encryption, and secrets that people wrote into configurations."""

from __future__ import annotations

import base64
import json
import pathlib
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import pytest

from auditor.raw import Collected, Location, Path, Raw, Scope
from auditor.sources.account.hiding import without_values
from auditor.values import ABSENT, Unknown
from tests.support import judge, statuses, template

ROLE = "arn:aws:iam::123456789012:role/service/Loader"
KEY = "arn:aws:kms:us-east-1:123456789012:key/11111111-2222-3333-4444-555555555555"
SECRET = "hunter2-swordfish"
WRITTEN = f"export DB_PASSWORD={SECRET}"
ALL_ON = dict.fromkeys(("BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets"), True)
Aws = Callable[[str], Any]


class Nowhere:
    def locate(self, path: Path) -> Location:
        return Location(arn="arn:aws:x")


def grant(principal: str) -> str:
    statement = {"Effect": "Allow", "Principal": {"AWS": principal}, "Action": "glue:GetTable", "Resource": "*"}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def encoded(script: str) -> str:
    return base64.b64encode(script.encode()).decode()


class Case(NamedTuple):
    """A check on a live account.

    Attributes:
        make: makes one resource that fails and one that passes, with these words in their ids.
        denied: operations whose denial makes it undecided.
        left: what is said of the failing one then; None where it is not listed any more, which is a gap.
    """

    check: str
    make: Callable[[Aws], None]
    denied: tuple[str, ...]
    left: str | None = None


def each(create: Callable[[str, bool], Any]) -> None:
    for name in ("bad", "good"):
        create(name, name == "good")


def file_systems(aws: Aws) -> None:
    each(lambda name, good: aws("efs").create_file_system(CreationToken=name, Encrypted=good, Tags=named(name)))


def named(name: str) -> list[dict[str, str]]:
    return [{"Key": "Name", "Value": name}]


def file_system_policies(aws: Aws) -> None:
    deny = {"Effect": "Deny", "Principal": {"AWS": "*"}, "Action": "*"}
    only_tls = {**deny, "Condition": {"Bool": {"aws:SecureTransport": "false"}}}
    allow = {"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "elasticfilesystem:ClientMount"}
    efs = aws("efs")

    def create(name: str, good: bool) -> None:
        made = efs.create_file_system(CreationToken=name, Tags=named(name))["FileSystemId"]
        policy = {"Version": "2012-10-17", "Statement": [only_tls if good else allow]}
        efs.put_file_system_policy(FileSystemId=made, Policy=json.dumps(policy))

    each(create)


def streams(aws: Aws) -> None:
    kinesis = aws("kinesis")

    def create(name: str, good: bool) -> None:
        kinesis.create_stream(StreamName=name, ShardCount=1)
        if good:
            kinesis.start_stream_encryption(StreamName=name, EncryptionType="KMS", KeyId="alias/aws/kinesis")

    each(create)


def video_streams(aws: Aws) -> None:
    # moto gives every stream the key of AWS unless told otherwise
    each(
        lambda name, good: aws("kinesisvideo").create_stream(
            StreamName=name, KmsKeyId=KEY if good else "alias/aws/kinesisvideo"
        )
    )


def workgroups(aws: Aws) -> None:
    def create(name: str, good: bool) -> None:
        encrypted = {"EncryptionConfiguration": {"EncryptionOption": "SSE_S3"}} if good else {}
        aws("athena").create_work_group(
            Name=name, Configuration={"ResultConfiguration": {"OutputLocation": "s3://results", **encrypted}}
        )

    each(create)


def warehouses(aws: Aws) -> None:
    each(
        lambda name, good: aws("redshift").create_cluster(
            ClusterIdentifier=name,
            NodeType="ra3.large",
            MasterUsername="app",
            MasterUserPassword="Secret-123456",
            Encrypted=good,
        )
    )


def search_domains(aws: Aws) -> None:
    each(
        lambda name, good: aws("opensearch").create_domain(
            DomainName=f"{name}-vectors",
            EncryptionAtRestOptions={"Enabled": good},
            DomainEndpointOptions={
                "EnforceHTTPS": good,
                "TLSSecurityPolicy": f"Policy-Min-TLS-1-{2 if good else 0}-2019-07",
            },
        )
    )


def databases(aws: Aws) -> None:
    each(
        lambda name, good: aws("rds").create_db_instance(
            DBInstanceIdentifier=name,
            DBInstanceClass="db.m6g.large",
            Engine="postgres",
            EngineVersion="16.3" if good else "14.7",
            StorageEncrypted=good,
            AllocatedStorage=10,
            MasterUsername="app",
            **({"ManageMasterUserPassword": True} if good else {"MasterUserPassword": SECRET}),
        )
    )


def proxies(aws: Aws) -> None:
    vpc = aws("ec2").create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    subnets = [
        aws("ec2").create_subnet(VpcId=vpc, CidrBlock=f"10.0.{n}.0/24", AvailabilityZone=f"us-east-1{zone}")["Subnet"]
        for n, zone in enumerate("ab")
    ]
    each(
        lambda name, good: aws("rds").create_db_proxy(
            DBProxyName=name,
            EngineFamily="POSTGRESQL",
            RoleArn=ROLE,
            Auth=[{"AuthScheme": "SECRETS"}],
            VpcSubnetIds=[subnet["SubnetId"] for subnet in subnets],
            RequireTLS=good,
        )
    )


def listeners(aws: Aws) -> None:
    ec2, elb = aws("ec2"), aws("elbv2")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    subnets = [
        ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.0.{n}.0/24", AvailabilityZone=f"us-east-1{zone}")["Subnet"]
        for n, zone in enumerate("ab")
    ]
    to_https = {"Type": "redirect", "RedirectConfig": {"Protocol": "HTTPS", "StatusCode": "HTTP_301", "Port": "443"}}
    plain = {"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "200"}}

    def create(name: str, good: bool) -> None:
        made = elb.create_load_balancer(Name=name, Subnets=[subnet["SubnetId"] for subnet in subnets])["LoadBalancers"]
        elb.create_listener(
            LoadBalancerArn=made[0]["LoadBalancerArn"],
            Protocol="HTTP",
            Port=80,
            DefaultActions=[to_https if good else plain],
        )

    each(create)


def domains(aws: Aws) -> None:
    each(
        lambda name, good: aws("sagemaker").create_domain(
            DomainName=name,
            AuthMode="IAM",
            DefaultUserSettings={"ExecutionRole": ROLE},
            **({"KmsKeyId": KEY} if good else {}),
        )
    )


def trainings(aws: Aws) -> None:
    def create(name: str, good: bool) -> None:
        key = {"VolumeKmsKeyId": KEY} if good else {}
        aws("sagemaker").create_training_job(
            TrainingJobName=name,
            RoleArn=ROLE,
            AlgorithmSpecification={"TrainingImage": "train", "TrainingInputMode": "File"},
            OutputDataConfig={"S3OutputPath": "s3://models", **({"KmsKeyId": KEY} if good else {})},
            ResourceConfig={"InstanceType": "ml.m5.large", "InstanceCount": 2, "VolumeSizeInGB": 9, **key},
            StoppingCondition={"MaxRuntimeInSeconds": 60},
            EnableInterContainerTrafficEncryption=good,
            HyperParameters={"epochs": "3"} if good else {"wandb_api_key": SECRET},
        )

    each(create)


def models(aws: Aws) -> None:
    each(
        lambda name, good: aws("sagemaker").create_model(
            ModelName=name,
            ExecutionRoleArn=ROLE,
            PrimaryContainer={"Image": "serve", "Environment": {"MODE": "fast"} if good else {"HF_TOKEN": SECRET}},
        )
    )


def lifecycle_scripts(aws: Aws) -> None:
    def create(name: str, good: bool) -> None:
        script = "pip list" if good else WRITTEN
        aws("sagemaker").create_notebook_instance_lifecycle_config(
            NotebookInstanceLifecycleConfigName=name,
            OnStart=[{"Content": encoded(script)}],
        )

    each(create)


def artifact_buckets(aws: Aws) -> None:
    s3 = aws("s3")

    def create(name: str, good: bool) -> None:
        s3.create_bucket(Bucket=f"{name}-artifacts")
        if good:
            s3.put_bucket_versioning(Bucket=f"{name}-artifacts", VersioningConfiguration={"Status": "Enabled"})
            s3.put_public_access_block(Bucket=f"{name}-artifacts", PublicAccessBlockConfiguration=ALL_ON)
        aws("sagemaker").create_model(
            ModelName=name,
            ExecutionRoleArn=ROLE,
            PrimaryContainer={"Image": "serve", "ModelDataUrl": f"s3://{name}-artifacts/model.tar.gz"},
        )

    each(create)


def locked_buckets(aws: Aws) -> None:
    s3 = aws("s3")

    def create(name: str, good: bool) -> None:
        s3.create_bucket(Bucket=f"{name}-raw-data", ObjectLockEnabledForBucket=good)
        if good:
            rule = {"DefaultRetention": {"Mode": "COMPLIANCE", "Days": 30}}
            s3.put_object_lock_configuration(
                Bucket=f"{name}-raw-data", ObjectLockConfiguration={"ObjectLockEnabled": "Enabled", "Rule": rule}
            )

    each(create)


def raw_writers(aws: Aws) -> None:
    iam = aws("iam")
    trust = {"Version": "2012-10-17", "Statement": []}

    def create(name: str, good: bool) -> None:
        iam.create_role(RoleName=f"{name}-role", AssumeRolePolicyDocument=json.dumps(trust))
        statement = {"Effect": "Allow", "Action": "s3:GetObject" if good else "s3:*", "Resource": "arn:aws:s3:::raw/*"}
        document = {"Version": "2012-10-17", "Statement": [statement]}
        iam.put_role_policy(RoleName=f"{name}-role", PolicyName="lake", PolicyDocument=json.dumps(document))

    each(create)


def instances(aws: Aws) -> None:
    each(
        lambda name, good: aws("ec2").run_instances(
            ImageId="ami-12c6146b",
            InstanceType="t3.micro",
            MinCount=1,
            MaxCount=1,
            UserData="yum update" if good else WRITTEN,
            TagSpecifications=[{"ResourceType": "instance", "Tags": named(name)}],
        )
    )


def launch_templates(aws: Aws) -> None:
    def create(name: str, good: bool) -> None:
        script = encoded("yum update" if good else WRITTEN)
        aws("ec2").create_launch_template(LaunchTemplateName=name, LaunchTemplateData={"UserData": script})

    each(create)


def task_definitions(aws: Aws) -> None:
    def create(name: str, good: bool) -> None:
        variable = {"name": "STAGE", "value": "prod"} if good else {"name": "DB_PASSWORD", "value": SECRET}
        mounted = {"fileSystemId": "fs-1", **({"transitEncryption": "ENABLED"} if good else {})}
        aws("ecs").register_task_definition(
            family=name,
            containerDefinitions=[{"name": "a", "image": "a", "memory": 9, "environment": [variable]}],
            volumes=[{"name": "data", "efsVolumeConfiguration": mounted}],
        )

    each(create)


def task_commands(aws: Aws) -> None:
    def create(name: str, good: bool) -> None:
        words = ["serve", "--password", "$DB_PASSWORD" if good else SECRET]
        container = {"name": "a", "image": "a", "memory": 9, "command": words}
        aws("ecs").register_task_definition(family=name, containerDefinitions=[container])

    each(create)


def functions(aws: Aws) -> None:
    iam = aws("iam")
    role = iam.create_role(RoleName="r", AssumeRolePolicyDocument='{"Version": "2012-10-17", "Statement": []}')["Role"]

    def create(name: str, good: bool) -> None:
        aws("lambda").create_function(
            FunctionName=name,
            Role=role["Arn"],
            PackageType="Image",
            Code={"ImageUri": "123456789012.dkr.ecr.us-east-1.amazonaws.com/a@sha256:" + "a" * 64},
            Environment={"Variables": {"STAGE": "prod"} if good else {"URL": f"https://me:{SECRET}@host/"}},
        )

    each(create)


def job_definitions(aws: Aws) -> None:
    def create(name: str, good: bool) -> None:
        aws("batch").register_job_definition(
            jobDefinitionName=name,
            type="container",
            containerProperties={
                "image": "a",
                "vcpus": 1,
                "memory": 9,
                "command": ["train", "--api-key", "Ref::key" if good else SECRET],
            },
        )

    each(create)


def glue_jobs(aws: Aws) -> None:
    def create(name: str, good: bool) -> None:
        aws("glue").create_job(
            Name=name,
            Role=ROLE,
            Command={"Name": "glueetl", "ScriptLocation": "s3://code/a.py"},
            DefaultArguments={"--job-language": "python"} if good else {"--db-password": SECRET},
            **({"SecurityConfiguration": "encrypted"} if good else {}),
        )

    each(create)


def connections(aws: Aws) -> None:
    def create(name: str, good: bool) -> None:
        own = {"SECRET_ID": "prod/db"} if good else {"USERNAME": "etl", "PASSWORD": SECRET}
        properties = {"JDBC_CONNECTION_URL": "jdbc:mysql://db/app", "JDBC_ENFORCE_SSL": str(good).lower(), **own}
        aws("glue").create_connection(
            ConnectionInput={"Name": name, "ConnectionType": "JDBC", "ConnectionProperties": properties}
        )

    each(create)


def state_machines(aws: Aws) -> None:
    def create(name: str, good: bool) -> None:
        arguments = {"--secret-arn": "arn:aws:secretsmanager:x"} if good else {"--password": SECRET}
        state = {
            "Type": "Task",
            "End": True,
            "Resource": "arn:aws:states:::glue:startJobRun",
            "Parameters": {"JobName": "load", "Arguments": arguments},
        }
        definition = json.dumps({"StartAt": "Load", "States": {"Load": state}})
        aws("stepfunctions").create_state_machine(name=name, definition=definition, roleArn=ROLE)

    each(create)


def pipelines(aws: Aws) -> None:
    def create(name: str, good: bool) -> None:
        made = aws("datapipeline").create_pipeline(name=name, uniqueId=name)["pipelineId"]
        field = {"key": "*password", "stringValue": "#{*myPassword}" if good else SECRET}
        aws("datapipeline").put_pipeline_definition(
            pipelineId=made, pipelineObjects=[{"id": "db", "name": "db", "fields": [field]}]
        )

    each(create)


def training_pipelines(aws: Aws) -> None:
    def create(name: str, good: bool) -> None:
        settings = {"HyperParameters": {"epochs": "3"} if good else {"wandb_api_key": SECRET}}
        step = {"Name": "Train", "Type": "Training", "Arguments": settings}
        aws("sagemaker").create_pipeline(
            PipelineName=name,
            PipelineDefinition=json.dumps({"Steps": [step]}),
            ClientRequestToken="a" * 32,
            RoleArn=ROLE,
        )

    each(create)


CASES = [
    Case("efs-encryption-at-rest", file_systems, ("DescribeFileSystems",)),
    Case("efs-encryption-in-transit", file_system_policies, ("DescribeFileSystemPolicy",), "unknown"),
    Case("kinesis-stream-encryption", streams, ("DescribeStreamSummary",), "unknown"),
    Case("kinesisvideo-kms-cmk", video_streams, ("ListStreams",)),
    Case("athena-workgroup-encryption", workgroups, ("GetWorkGroup",), "unknown"),
    Case("redshift-encryption-at-rest", warehouses, ("DescribeClusters",)),
    Case("opensearch-encryption-at-rest", search_domains, ("DescribeDomains",), "unknown"),
    Case("opensearch-https", search_domains, ("DescribeDomains",), "unknown"),
    Case("rds-encryption-at-rest", databases, ("DescribeDBInstances",)),
    Case("rds-in-transit-encryption", databases, ("DescribeDBInstances",)),
    Case("rds-in-transit-encryption", proxies, ("DescribeDBProxies",)),
    Case("elb-listener-secure-protocol", listeners, ("DescribeListeners",)),
    Case("sagemaker-domain-kms-encryption", domains, ("DescribeDomain",), "unknown"),
    Case("sagemaker-training-intercontainer-encryption", trainings, ("DescribeTrainingJob",), "unknown"),
    Case("sagemaker-training-kms-encryption", trainings, ("DescribeTrainingJob",), "unknown"),
    Case("sagemaker-training-secrets", trainings, ("DescribeTrainingJob",), "unknown"),
    Case("sagemaker-training-secrets", models, ("DescribeModel",), "unknown"),
    Case("sagemaker-training-secrets", training_pipelines, ("DescribePipeline",), "unknown"),
    Case(
        "sagemaker-model-artifact-bucket", artifact_buckets, ("GetBucketVersioning", "GetPublicAccessBlock"), "unknown"
    ),
    Case("s3-bucket-object-lock", locked_buckets, ("GetObjectLockConfiguration",), "unknown"),
    Case("s3-datalake-bronze-mutable", raw_writers, ("GetAccountAuthorizationDetails",)),
    Case("ec2-instance-user-data-secrets", instances, ("DescribeInstanceAttribute",), "unknown"),
    Case("ec2-instance-user-data-secrets", launch_templates, ("DescribeLaunchTemplateVersions",)),
    Case("ecs-task-env-secrets", task_definitions, ("DescribeTaskDefinition",), "unknown"),
    Case("ecs-task-env-secrets", task_commands, ("DescribeTaskDefinition",), "unknown"),
    Case("ecs-task-efs-transit-encryption", task_definitions, ("DescribeTaskDefinition",), "unknown"),
    Case("lambda-env-secrets", functions, ("ListFunctions",)),
    Case("batch-job-secrets", job_definitions, ("DescribeJobDefinitions",)),
    Case("glue-job-secrets", glue_jobs, ("GetJobs",)),
    Case("glue-security-configuration-missing", glue_jobs, ("GetJobs",)),
    Case("glue-connection-ssl", connections, ("GetConnections",)),
    Case("glue-connection-secrets", connections, ("GetConnections",)),
    Case("stepfunctions-definition-secrets", state_machines, ("DescribeStateMachine",), "unknown"),
    Case("datapipeline-secrets", pipelines, ("GetPipelineDefinition",), "unknown"),
]


# What moto lacks or forgets, by hand, in the shape that the collectors give.
BY_HAND: list[tuple[str, str, Mapping[str, Any], str]] = [
    ("firehose-encryption", "AWS::KinesisFirehose::DeliveryStream", {"DeliveryStreamType": "DirectPut"}, "fail"),
    ("firehose-encryption", "AWS::KinesisFirehose::DeliveryStream", {"DeliveryStreamType": "MSKAsSource"}, "pass"),
    (
        "firehose-encryption",
        "AWS::KinesisFirehose::DeliveryStream",
        {"DeliveryStreamType": "DirectPut", "DeliveryStreamEncryptionConfigurationInput": {"KeyType": "AWS_OWNED_CMK"}},
        "pass",
    ),
    (
        "firehose-encryption",
        "AWS::KinesisFirehose::DeliveryStream",
        {"DeliveryStreamType": Unknown("denied")},
        "unknown",
    ),
    *(
        ("firehose-plaintext-credentials", "AWS::KinesisFirehose::DeliveryStream", {"Destinations": [told]}, status)
        for told, status in (
            ({"SplunkDestinationDescription": {"HECToken": "***"}}, "fail"),
            ({"RedshiftDestinationDescription": {"Username": "loader"}}, "fail"),
            ({"RedshiftDestinationDescription": {"SecretsManagerConfiguration": {"Enabled": True}}}, "pass"),
            ({"HttpEndpointDestinationDescription": {"EndpointConfiguration": {"Url": "https://x"}}}, "unknown"),
            ({"ExtendedS3DestinationDescription": {"BucketARN": "arn:aws:s3:::raw"}}, "pass"),
        )
    ),
    *(
        (
            "msk-in-transit-encryption",
            "AWS::MSK::Cluster",
            {"EncryptionInfo": {"EncryptionInTransit": {"InCluster": inside, "ClientBroker": clients}}},
            status,
        )
        for inside, clients, status in (
            (True, "TLS", "pass"),
            (False, "TLS", "fail"),
            (True, "TLS_PLAINTEXT", "fail"),
            (True, Unknown("denied"), "unknown"),
        )
    ),
    *(
        (
            "redshift-in-transit-encryption",
            "AWS::Redshift::ClusterParameterGroup",
            {"ParameterGroupFamily": family, "Parameters": parameters},
            status,
        )
        for family, parameters, status in (
            ("redshift-1.0", [], "fail"),
            ("redshift-2.0", [], "pass"),
            ("redshift-1.0", [{"ParameterName": "require_ssl", "ParameterValue": "true"}], "pass"),
            ("redshift-2.0", [{"ParameterName": "require_ssl", "ParameterValue": "false"}], "fail"),
            ("redshift-1.0", Unknown("denied"), "unknown"),
        )
    ),
    *(
        (
            "redshift-in-transit-encryption",
            "AWS::Redshift::Cluster",
            {"ClusterParameterGroups": [{"ParameterGroupName": f"default.redshift-{version}"}]},
            status,
        )
        for version, status in (("1.0", "fail"), ("2.0", "pass"))
    ),
    ("redshift-in-transit-encryption", "AWS::RedshiftServerless::Workgroup", {}, "unknown"),
    ("s3-account-public-access-block", "account", {"PublicAccessBlockConfiguration": ABSENT}, "fail"),
    ("s3-account-public-access-block", "account", {"PublicAccessBlockConfiguration": ALL_ON}, "pass"),
    (
        "s3-account-public-access-block",
        "account",
        {"PublicAccessBlockConfiguration": {**ALL_ON, "IgnorePublicAcls": False}},
        "fail",
    ),
    ("s3-account-public-access-block", "account", {"PublicAccessBlockConfiguration": Unknown("denied")}, "unknown"),
    ("s3-bucket-encryption-at-rest", "AWS::S3::Bucket", {}, "fail"),
    (
        "s3-bucket-encryption-at-rest",
        "AWS::S3::Bucket",
        {
            "ServerSideEncryptionConfiguration": {
                "Rules": [{"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}]
            }
        },
        "pass",
    ),
    (
        "s3-bucket-encryption-at-rest",
        "AWS::S3::Bucket",
        {"ServerSideEncryptionConfiguration": Unknown("denied")},
        "unknown",
    ),
    ("ebs-default-encryption", "api:EC2::EbsEncryptionByDefault", {"EbsEncryptionByDefault": False}, "fail"),
    ("ebs-default-encryption", "api:EC2::EbsEncryptionByDefault", {"EbsEncryptionByDefault": True}, "pass"),
    (
        "ebs-default-encryption",
        "api:EC2::EbsEncryptionByDefault",
        {"EbsEncryptionByDefault": Unknown("denied")},
        "unknown",
    ),
    ("glue-catalog-policy-public", "api:Glue::ResourcePolicy", {"Policies": []}, "pass"),
    ("glue-catalog-policy-public", "api:Glue::ResourcePolicy", {"Policies": [grant("*")]}, "fail"),
    ("glue-catalog-policy-public", "api:Glue::ResourcePolicy", {"Policies": [grant("111122223333")]}, "pass"),
    ("glue-catalog-policy-public", "api:Glue::ResourcePolicy", {"Policies": Unknown("denied")}, "unknown"),
    *(
        (
            "glue-catalog-metadata-encryption",
            "AWS::Glue::DataCatalogEncryptionSettings",
            {"DataCatalogEncryptionSettings": {"EncryptionAtRest": {"CatalogEncryptionMode": mode}}},
            status,
        )
        for mode, status in (("DISABLED", "fail"), ("SSE-KMS", "pass"), (Unknown("denied"), "unknown"))
    ),
    ("emr-security-configuration-missing", "AWS::EMR::Cluster", {}, "fail"),
    ("emr-security-configuration-missing", "AWS::EMR::Cluster", {"SecurityConfiguration": "tls"}, "pass"),
    (
        "emr-security-configuration-missing",
        "AWS::EMR::Cluster",
        {"SecurityConfiguration": Unknown("denied")},
        "unknown",
    ),
    *(
        ("database-password-plaintext", type, properties, status)
        for type, key in (
            ("AWS::RDS::DBInstance", "MasterUserSecret"),
            ("AWS::RDS::DBCluster", "MasterUserSecret"),
            ("AWS::Redshift::Cluster", "MasterPasswordSecretArn"),
        )
        for properties, status in (
            ({key: {"SecretArn": "arn"} if key == "MasterUserSecret" else "arn"}, "pass"),
            ({"MasterUsername": "app"}, "unknown"),
        )
    ),
    *(
        ("sagemaker-lifecycle-config-secrets", type, without_values(properties), status)
        for type, properties, status in (
            ("AWS::SageMaker::NotebookInstanceLifecycleConfig", {"OnStart": [{"Content": encoded(WRITTEN)}]}, "fail"),
            ("AWS::SageMaker::NotebookInstanceLifecycleConfig", {"OnStart": [{"Content": encoded("ls")}]}, "pass"),
            ("AWS::SageMaker::NotebookInstanceLifecycleConfig", {"OnStart": Unknown("denied")}, "unknown"),
            ("AWS::SageMaker::StudioLifecycleConfig", {"StudioLifecycleConfigContent": encoded(WRITTEN)}, "fail"),
            ("AWS::SageMaker::StudioLifecycleConfig", {"StudioLifecycleConfigContent": encoded("ls")}, "pass"),
        )
    ),
    *(
        ("ec2-instance-user-data-secrets", "AWS::AutoScaling::LaunchConfiguration", without_values(properties), status)
        for properties, status in (
            ({"UserData": encoded(WRITTEN)}, "fail"),
            ({"UserData": encoded("ls")}, "pass"),
            ({"UserData": Unknown("denied")}, "unknown"),
        )
    ),
    *(
        ("sagemaker-training-secrets", "api:SageMaker::HyperParameterTuningJob", without_values(properties), status)
        for properties, status in (
            ({"TrainingJobDefinition": {"StaticHyperParameters": {"api_key": SECRET}}}, "fail"),
            ({"TrainingJobDefinitions": [{"Environment": {"API_KEY": SECRET}}]}, "fail"),
            ({"TrainingJobDefinition": {"StaticHyperParameters": {"epochs": "3"}}}, "pass"),
            ({"TrainingJobDefinition": Unknown("denied")}, "unknown"),
        )
    ),
]


@pytest.mark.parametrize(("check", "type", "properties", "status"), BY_HAND)
def test_live_by_hand(check: str, type: str, properties: Mapping[str, Any], status: str) -> None:
    raw = Raw(type, "arn:aws:x", properties, Scope("1/us-east-1", "account", "1", "us-east-1"), Nowhere(), "live")
    assert SECRET not in str(properties)
    assert statuses(Collected([raw]), check) == {"arn:aws:x": status}


def of(collected: Collected, check: str) -> dict[str, str]:
    """The verdicts on the two resources, recognised by their ids, names and titles."""
    found: dict[str, str] = {}
    for verdict in judge(collected, check).values():
        words = (verdict.resource.title, verdict.resource.raw.id, *map(str, verdict.resource.raw.names))
        for name in ("bad", "good"):
            if any(name in word for word in words):
                found[name] = verdict.status.value
    return found


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.check}-{case.make.__name__}")
def test_live(case: Case, aws: Aws, scan: Any, deny: Any) -> None:
    case.make(aws)
    collected = scan(case.check)
    assert of(collected, case.check) == {"bad": "fail", "good": "pass"}
    assert SECRET not in str([raw.properties for raw in collected.raws])
    messages = [one.message for verdict in judge(collected, case.check).values() for one in verdict.findings]
    assert SECRET not in "".join(messages)
    deny(*case.denied)
    collected = scan(case.check)
    assert of(collected, case.check).get("bad") == case.left
    assert collected.gaps


HEAD = "Parameters: {Given: {Type: String}}\nConditions: {IsProd: !Equals [!Ref Given, prod]}\nResources:\n"


@pytest.mark.parametrize(
    ("check", "resource", "status"),
    [
        ("rds-encryption-at-rest", "AWS::RDS::DBInstance, Properties: {DBSnapshotIdentifier: nightly}", "unknown"),
        ("rds-encryption-at-rest", "AWS::RDS::DBInstance, Properties: {DBClusterIdentifier: features}", None),
        ("rds-encryption-at-rest", "AWS::RDS::DBCluster, Properties: {StorageEncrypted: !Ref Given}", "unknown"),
        (
            "rds-encryption-at-rest",
            "AWS::RDS::DBCluster, Properties: {StorageEncrypted: !If [IsProd, true, false]}",
            "unknown",
        ),
        (
            "rds-in-transit-encryption",
            "AWS::RDS::DBInstance, Properties: {Engine: MySQL, EngineVersion: 8.0.36}",
            "fail",
        ),
        ("rds-in-transit-encryption", "AWS::RDS::DBInstance, Properties: {Engine: !Ref Given}", "unknown"),
        ("rds-in-transit-encryption", "AWS::RDS::DBInstance, Properties: {DBSnapshotIdentifier: nightly}", "unknown"),
        ("rds-in-transit-encryption", "AWS::RDS::DBInstance, Properties: {DBClusterIdentifier: features}", None),
        (
            "database-password-plaintext",
            "AWS::RDS::DBInstance, Properties: {MasterUserPassword: !Ref Given}",
            "unknown",
        ),
        (
            "database-password-plaintext",
            "AWS::RDS::DBInstance, Properties: {MasterUserPassword: '{{resolve:ssm:password}}'}",
            "unknown",
        ),
        ("elb-listener-secure-protocol", "AWS::ElasticLoadBalancingV2::Listener, Properties: {Protocol: TCP}", None),
        (
            "elb-listener-secure-protocol",
            "AWS::ElasticLoadBalancingV2::Listener, Properties: {Protocol: !If [IsProd, HTTPS, TLS]}",
            "pass",
        ),
        ("kinesisvideo-kms-cmk", "AWS::KinesisVideo::Stream, Properties: {KmsKeyId: !Ref Given}", "unknown"),
        (
            "opensearch-https",
            "AWS::OpenSearchService::Domain, Properties: {DomainEndpointOptions: !Ref Given}",
            "unknown",
        ),
        ("glue-connection-secrets", "AWS::Glue::Connection, Properties: {ConnectionInput: !Ref Given}", "unknown"),
        (
            "sagemaker-model-artifact-bucket",
            "AWS::SageMaker::Model, Properties: {PrimaryContainer: {ModelDataUrl: 's3://elsewhere/model.tar.gz'}}",
            "unknown",
        ),
    ],
)
def test_templates(check: str, resource: str, status: str | None, tmp_path: pathlib.Path) -> None:
    found = statuses(template(tmp_path, f"{HEAD}  A: {{Type: {resource}}}\n"), check)
    assert found == ({"A": status} if status else {})
