"""What every check costs: `python benchmarks/every_check.py [--resources N] [--top N]`.

CPU seconds of each check over two made-up worlds of about N resources: one large account in which everything refers to
something else (a check that looks at all pairs shows here), and every check's own examples, many times over.
A check should take no more than 1 % of the run.
"""

from __future__ import annotations

import argparse
import gc
import json
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from auditor.config import Config
from auditor.engine import evaluate
from auditor.inventory import Inventory
from auditor.raw import Collected, Location, Raw, Scope
from auditor.registry import Check, load_checks
from auditor.sources.cloudformation import collect

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from tests.support import as_template

ACCOUNT, REGION = "123456789012", "us-east-1"
IN_REGION = Scope(f"{ACCOUNT}/{REGION}", "account", ACCOUNT, REGION)
EVERYWHERE = Scope(f"{ACCOUNT}/global", "account", ACCOUNT, "global")

# How many of a thousand resources are of a type, and its properties; {n} is its number, {other:m} is n modulo m.
Shape = Callable[[int], dict[str, Any]]


def _policy(*statements: dict[str, Any]) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": list(statements)}


def _tags(n: int) -> list[dict[str, str]]:
    return [{"Key": "Environment", "Value": "prod" if n % 3 else "dev"}, {"Key": "team", "Value": f"team-{n % 20}"}]


def _subnet(n: int) -> dict[str, Any]:
    return {
        "SubnetId": f"subnet-{n}",
        "VpcId": f"vpc-{n % 40}",
        "RouteTableId": f"rtb-{n % 400}",
        "MapPublicIpOnLaunch": not n % 4,
        "AvailableIpAddressCount": 200,
        "CidrBlock": f"10.{n % 250}.{n // 250 % 250}.0/24",
        "Tags": _tags(n),
    }


def _table(n: int) -> dict[str, Any]:
    way = {"GatewayId": f"igw-{n % 40}"} if n % 4 == 0 else {"NatGatewayId": f"nat-{n % 40}"}
    local = {"DestinationCidrBlock": "10.0.0.0/8", "GatewayId": "local"}
    routes = [local, {"DestinationCidrBlock": "0.0.0.0/0", **way}]
    return {"RouteTableId": f"rtb-{n}", "VpcId": f"vpc-{n % 40}", "Routes": routes, "Tags": _tags(n)}


def _acl(n: int) -> dict[str, Any]:
    rules = [
        {"RuleNumber": number, "Egress": egress, "Protocol": "-1", "RuleAction": action, "CidrBlock": "0.0.0.0/0"}
        for egress in (True, False)
        for number, action in ((100, "allow"), (32767, "deny"))
    ]
    subnets = [f"subnet-{n + 40 * one}" for one in range(60)]
    return {"NetworkAclId": f"acl-{n}", "VpcId": f"vpc-{n}", "IsDefault": True, "Entries": rules, "SubnetIds": subnets}


def _group(n: int) -> dict[str, Any]:
    source = {"CidrIp": "0.0.0.0/0"} if n % 5 == 0 else {"SourceSecurityGroupId": f"sg-{n + 1}"}
    ingress = [{"IpProtocol": "tcp", "FromPort": 22 if n % 10 == 0 else 443, "ToPort": 443, **source}]
    egress = [{"IpProtocol": "-1", "CidrIp": "0.0.0.0/0"}]
    return {
        "GroupId": f"sg-{n}",
        "GroupName": f"group-{n}",
        "VpcId": f"vpc-{n % 40}",
        "SecurityGroupIngress": ingress,
        "SecurityGroupEgress": egress,
    }


def _interface(n: int) -> dict[str, Any]:
    return {
        "NetworkInterfaceId": f"eni-{n}",
        "SubnetId": f"subnet-{n % 2000}",
        "VpcId": f"vpc-{n % 40}",
        "GroupSet": [f"sg-{n % 4000}"],
    }


def _instance(n: int) -> dict[str, Any]:
    return {
        "InstanceId": f"i-{n}",
        "InstanceType": ("m5.large", "g5.xlarge", "p3.8xlarge", "t3.micro")[n % 4],
        "SubnetId": f"subnet-{n % 2000}",
        "VpcId": f"vpc-{n % 40}",
        "SecurityGroupIds": [f"sg-{n % 4000}", f"sg-{(n + 7) % 4000}"],
        "State": {"Name": "running"},
        "ImageId": f"ami-{n % 50}",
        "MetadataOptions": {"HttpTokens": "optional" if n % 2 else "required"},
        "IamInstanceProfile": {"Arn": f"arn:aws:iam::{ACCOUNT}:instance-profile/profile-{n % 200}"},
        "NetworkInterfaces": [],
        "Tags": _tags(n),
        "LaunchTime": "2026-01-01T00:00:00+00:00",
    }


def _volume(n: int) -> dict[str, Any]:
    return {
        "VolumeId": f"vol-{n}",
        "Size": 100,
        "VolumeType": "gp2" if n % 3 else "gp3",
        "Encrypted": bool(n % 2),
        "State": "in-use" if n % 10 else "available",
        "Attachments": [{"InstanceId": f"i-{n}"}] if n % 10 else [],
        "CreateTime": "2026-01-01T00:00:00+00:00",
        "Tags": _tags(n),
    }


def _role(n: int) -> dict[str, Any]:
    service = ("sagemaker.amazonaws.com", "lambda.amazonaws.com", "glue.amazonaws.com", "ec2.amazonaws.com")[n % 4]
    trust = _policy({"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"})
    read = {"Effect": "Allow", "Action": ["s3:Get*", "s3:List*"], "Resource": f"arn:aws:s3:::bucket-{n % 500}/*"}
    wide = {"Effect": "Allow", "Action": ["iam:PassRole", "sagemaker:*", "lambda:*"], "Resource": "*"}
    return {
        "RoleName": f"role-{n}",
        "Path": "/",
        "AssumeRolePolicyDocument": trust,
        "Policies": [{"PolicyName": "inline", "PolicyDocument": _policy(read, wide) if n % 7 == 0 else _policy(read)}],
        "ManagedPolicyArns": [f"arn:aws:iam::{ACCOUNT}:policy/policy-{n % 400}"],
        "Tags": _tags(n),
    }


def _managed(n: int) -> dict[str, Any]:
    logs = {"Effect": "Allow", "Action": "logs:*", "Resource": "*"}
    deny = {"Effect": "Deny", "Action": "s3:DeleteBucket", "Resource": "*"}
    return {"ManagedPolicyName": f"policy-{n}", "PolicyDocument": _policy(logs, deny), "AttachmentCount": 3}


def _bucket(n: int) -> dict[str, Any]:
    tls = {
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": f"arn:aws:s3:::bucket-{n}/*",
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }
    return {
        "BucketName": f"bucket-{n}",
        "Policy": json.dumps(_policy(tls)),
        "VersioningConfiguration": {"Status": "Enabled"} if n % 2 else {},
        "Tags": _tags(n),
        "NotificationConfiguration": {},
        "LoggingConfiguration": {"DestinationBucketName": f"bucket-{n % 10}"},
    }


def _training(n: int) -> dict[str, Any]:
    return {
        "TrainingJobName": f"job-{n}",
        "TrainingJobStatus": "Completed",
        "RoleArn": f"arn:aws:iam::{ACCOUNT}:role/role-{n % 5000}",
        "ResourceConfig": {"InstanceType": "ml.p3.8xlarge", "InstanceCount": 1, "VolumeSizeInGB": 100},
        "AlgorithmSpecification": {"TrainingInputMode": "File", "TrainingImage": "image"},
        "InputDataConfig": [{"DataSource": {"S3DataSource": {"S3Uri": f"s3://bucket-{n % 500}/data/"}}}],
        "OutputDataConfig": {"S3OutputPath": f"s3://bucket-{n % 500}/out/"},
        "VpcConfig": {"SecurityGroupIds": [f"sg-{n % 4000}"], "Subnets": [f"subnet-{n % 2000}"]},
        "StoppingCondition": {"MaxRuntimeInSeconds": 86400},
        "CreationTime": "2026-11-01T00:00:00+00:00",
        "TrainingTimeInSeconds": 7200,
        "BillableTimeInSeconds": 7200,
    }


def _endpoint(n: int) -> dict[str, Any]:
    return {
        "EndpointName": f"endpoint-{n}",
        "EndpointConfigName": f"config-{n}",
        "EndpointStatus": "InService",
        "CreationTime": "2026-01-01T00:00:00+00:00",
        "ProductionVariants": [{"VariantName": "all", "CurrentInstanceCount": 1}],
    }


def _endpoint_config(n: int) -> dict[str, Any]:
    variant = {"VariantName": "all", "ModelName": f"model-{n}", "InstanceType": "ml.g5.xlarge"}
    return {"EndpointConfigName": f"config-{n}", "ProductionVariants": [{**variant, "InitialInstanceCount": 1}]}


def _model(n: int) -> dict[str, Any]:
    image = {"Image": f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com/a:latest", "ModelDataUrl": f"s3://bucket-{n % 500}/m"}
    return {
        "ModelName": f"model-{n}",
        "PrimaryContainer": image,
        "ExecutionRoleArn": f"arn:aws:iam::{ACCOUNT}:role/role-{n}",
        "VpcConfig": {"SecurityGroupIds": [f"sg-{n % 4000}"], "Subnets": [f"subnet-{n % 2000}"]},
    }


def _alarm(n: int) -> dict[str, Any]:
    return {
        "AlarmName": f"alarm-{n}",
        "Namespace": ("AWS/SageMaker", "AWS/Kinesis", "AWS/States", "AWS/Lambda")[n % 4],
        "MetricName": ("Invocations", "GetRecords.IteratorAgeMilliseconds", "ExecutionsFailed", "Errors")[n % 4],
        "Dimensions": [
            (
                {"Name": "EndpointName", "Value": f"endpoint-{n}"},
                {"Name": "StreamName", "Value": f"stream-{n}"},
                {
                    "Name": "StateMachineArn",
                    "Value": f"arn:aws:states:{REGION}:{ACCOUNT}:stateMachine:machine-{n}",
                },
                {"Name": "FunctionName", "Value": f"function-{n}"},
            )[n % 4]
        ],
        "AlarmActions": [f"arn:aws:sns:{REGION}:{ACCOUNT}:topic-{n % 100}"],
        "ActionsEnabled": True,
    }


def _rule(n: int) -> dict[str, Any]:
    pattern = {"source": ["aws.glue"], "detail-type": ["Glue Job State Change"], "detail": {"jobName": [f"glue-{n}"]}}
    targets = [{"Id": "1", "Arn": f"arn:aws:sns:{REGION}:{ACCOUNT}:topic-{n % 100}"}]
    return {"Name": f"rule-{n}", "EventPattern": json.dumps(pattern), "State": "ENABLED", "Targets": targets}


def _machine(n: int) -> dict[str, Any]:
    states = {
        "Train": {
            "Type": "Task",
            "Resource": "arn:aws:states:::sagemaker:createTrainingJob.sync",
            "Parameters": {"ResourceConfig": {"InstanceType": "ml.p3.2xlarge", "InstanceCount": 1}},
            "End": True,
        }
    }
    return {
        "StateMachineName": f"machine-{n}",
        "DefinitionString": json.dumps({"StartAt": "Train", "States": states}),
        "RoleArn": f"arn:aws:iam::{ACCOUNT}:role/role-{n}",
    }


def _simple(key: str, name: str, **more: Any) -> Shape:
    return lambda n: {key: f"{name}-{n}", "Tags": _tags(n), **more}


_WORLD: tuple[tuple[int, str, str, str, Scope, Shape], ...] = (
    (1, "AWS::EC2::VPC", "ec2:{place}:vpc/vpc-{n}", "vpc-{n}", IN_REGION, _simple("VpcId", "vpc", IsDefault=False)),
    (1, "AWS::EC2::InternetGateway", "ec2:{place}:internet-gateway/igw-{n}", "igw-{n}", IN_REGION, _simple("I", "igw")),
    (20, "AWS::EC2::Subnet", "ec2:{place}:subnet/subnet-{n}", "subnet-{n}", IN_REGION, _subnet),
    (4, "AWS::EC2::RouteTable", "ec2:{place}:route-table/rtb-{n}", "rtb-{n}", IN_REGION, _table),
    (1, "AWS::EC2::NetworkAcl", "ec2:{place}:network-acl/acl-{n}", "acl-{n}", IN_REGION, _acl),
    (40, "AWS::EC2::SecurityGroup", "ec2:{place}:security-group/sg-{n}", "sg-{n}", IN_REGION, _group),
    (150, "AWS::EC2::NetworkInterface", "ec2:{place}:network-interface/eni-{n}", "eni-{n}", IN_REGION, _interface),
    (150, "AWS::EC2::Instance", "ec2:{place}:instance/i-{n}", "i-{n}", IN_REGION, _instance),
    (180, "AWS::EC2::Volume", "ec2:{place}:volume/vol-{n}", "vol-{n}", IN_REGION, _volume),
    (50, "AWS::IAM::Role", "iam::{account}:role/role-{n}", "role-{n}", EVERYWHERE, _role),
    (10, "AWS::IAM::ManagedPolicy", "iam::{account}:policy/policy-{n}", "policy-{n}", EVERYWHERE, _managed),
    (50, "AWS::S3::Bucket", "s3:::bucket-{n}", "bucket-{n}", EVERYWHERE, _bucket),
    (60, "api:SageMaker::TrainingJob", "sagemaker:{place}:training-job/job-{n}", "job-{n}", IN_REGION, _training),
    (20, "AWS::SageMaker::Endpoint", "sagemaker:{place}:endpoint/endpoint-{n}", "endpoint-{n}", IN_REGION, _endpoint),
    (
        20,
        "AWS::SageMaker::EndpointConfig",
        "sagemaker:{place}:endpoint-config/config-{n}",
        "config-{n}",
        IN_REGION,
        _endpoint_config,
    ),
    (20, "AWS::SageMaker::Model", "sagemaker:{place}:model/model-{n}", "model-{n}", IN_REGION, _model),
    (80, "AWS::CloudWatch::Alarm", "cloudwatch:{place}:alarm:alarm-{n}", "alarm-{n}", IN_REGION, _alarm),
    (20, "AWS::Events::Rule", "events:{place}:rule/rule-{n}", "rule-{n}", IN_REGION, _rule),
    (20, "AWS::Glue::Job", "glue:{place}:job/glue-{n}", "glue-{n}", IN_REGION, _simple("Name", "glue")),
    (
        20,
        "AWS::StepFunctions::StateMachine",
        "states:{place}:stateMachine:machine-{n}",
        "machine-{n}",
        IN_REGION,
        _machine,
    ),
    (20, "AWS::Kinesis::Stream", "kinesis:{place}:stream/stream-{n}", "stream-{n}", IN_REGION, _simple("Name", "s")),
    (
        50,
        "AWS::Lambda::Function",
        "lambda:{place}:function:function-{n}",
        "function-{n}",
        IN_REGION,
        _simple("FunctionName", "function"),
    ),
    (
        12,
        "AWS::Logs::LogGroup",
        "logs:{place}:log-group:/aws/{n}",
        "/aws/{n}",
        IN_REGION,
        _simple("LogGroupName", "g"),
    ),
    (1, "AWS::SNS::Topic", "sns:{place}:topic-{n}", "topic-{n}", IN_REGION, _simple("TopicName", "topic")),
)


class _Nowhere:
    """An origin without a place."""

    def locate(self, path: object) -> Location:
        return Location()


def account(count: int) -> Iterator[Raw]:
    """An account of about `count` resources that refer to each other."""
    place = f"{REGION}:{ACCOUNT}"
    for share, type, arn, name, scope, shape in _WORLD:
        for n in range(max(1, share * count // 1000)):
            full = "arn:aws:" + arn.format(n=n, place=place, account=ACCOUNT)
            yield Raw(type, full, shape(n), scope, _Nowhere(), "live", names=(name.format(n=n),))


def examples(checks: Iterable[Check], count: int) -> list[Raw]:
    """Every check's examples, so often that they are about `count` resources."""
    with tempfile.TemporaryDirectory() as folder:
        texts = [text for check in checks for text in (*check.bad, *check.good)]
        for number, text in enumerate(texts):
            (Path(folder) / f"{number}.yaml").write_text(as_template(text), encoding="utf-8")
        once = collect([folder]).raws
    scopes: dict[str, Scope] = {}
    many = []
    for copy in range(max(1, count // len(once))):
        for raw in once:
            name = f"{copy}/{raw.scope.name}"
            scope = scopes.setdefault(name, Scope(name, "template"))
            many.append(replace(raw, scope=scope))
    return many


def cost(raws: Sequence[Raw], checks: Sequence[Check], top: int) -> None:
    """Print what the run costs, and what the dearest checks do."""
    inputs = [{"kind": "account", "name": ACCOUNT, "regions": [REGION, "global"]}]
    start = time.process_time()
    inventory = Inventory(Collected(raws=list(raws), inputs=inputs))
    made = time.process_time() - start
    spent: dict[str, tuple[float, int]] = {}
    for check in checks:
        gc.collect()
        start = time.process_time()
        verdicts = evaluate(inventory, [check], Config())
        spent[check.id] = (time.process_time() - start, len(verdicts))
    total = sum(seconds for seconds, _ in spent.values())
    print(f"{len(raws):,} resources, {len(checks)} checks: inventory {made:.2f} CPU s, checks {total:.2f} CPU s")
    for name, (seconds, judged) in sorted(spent.items(), key=lambda item: -item[1][0])[:top]:
        each = 1e6 * seconds / judged if judged else 0
        print(f"  {seconds:6.2f} s {100 * seconds / total:5.1f} %  {name:50} {judged:8,} verdicts {each:6.0f} us each")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--resources", type=int, default=100_000)
    parser.add_argument("--top", type=int, default=15, help="how many of the dearest checks to print")
    parser.add_argument("--only", help="one of: account, examples")
    arguments = parser.parse_args()
    checks = list(load_checks().values())
    if arguments.only != "examples":
        print("one account:", end=" ")
        cost(list(account(arguments.resources)), checks, arguments.top)
    if arguments.only != "account":
        print("the checks' examples:", end=" ")
        cost(examples(checks, arguments.resources), checks, arguments.top)
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:,.0f} MB")


if __name__ == "__main__":
    main()
