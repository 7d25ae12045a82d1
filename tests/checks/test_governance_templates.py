"""Governance checks on templates, beyond their examples: conditions, references, and what is known in part."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from auditor.config import Config
from tests.support import judge, statuses, template

HEAD = """
Parameters: {Open: {Type: String}}
Conditions: {Prod: !Equals [!Ref Open, prod]}
"""


def on(folder: Path, check: str, resources: str, **settings: Any) -> dict[str, str]:
    return statuses(template(folder, f"{HEAD}Resources:\n{resources}"), check, Config(**settings))


@pytest.mark.parametrize(
    ("image", "status"),
    [
        ("train", "fail"),
        ("train:latest", "fail"),
        ("train:LATEST", "fail"),
        ("train:latest-gpu", "fail"),
        ("'localhost:5000/train'", "fail"),
        ("'localhost:5000/train:1.0'", "pass"),
        ("train:latest@sha256:00", "pass"),
        ("train:v1", "pass"),
        ("!Sub '${Open}:latest'", "fail"),
        ("!Sub 'train:${Open}'", "unknown"),
        ("!Sub 'train:v1-${Open}'", "unknown"),
        ("!Sub '${Open}'", "unknown"),
        ("!Sub '${Open}/train'", "fail"),
        ("!Sub 'acme/${Open}'", "unknown"),
        ("!Sub 'acme/${Open}@sha256:00'", "pass"),
        ("!Sub '${Repo.RepositoryUri}:1.4'", "pass"),
        ("!Join ['', [!GetAtt Repo.RepositoryUri, ':main']]", "fail"),
        ("!If [Prod, 'train:1', 'train:2']", "pass"),
        ("!If [Prod, 'train:1', 'train:dev']", "unknown"),
        ("[train]", "unknown"),
    ],
)
def test_image_tags(image: str, status: str, tmp_path: Path) -> None:
    resources = f"""
  Repo: {{Type: AWS::ECR::Repository}}
  Task: {{Type: AWS::ECS::TaskDefinition, Properties: {{ContainerDefinitions: [{{Name: a, Image: {image}}}]}}}}
"""
    assert on(tmp_path, "container-image-mutable-tag", resources) == {"Task": status}


def test_one_container_that_moves_is_found_beside_others(tmp_path: Path) -> None:
    resources = """
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      ContainerDefinitions: [{Name: a, Image: !Ref Open}, {Name: b, Image: "x:1"}, {Name: c, Image: nginx}]
"""
    found = judge(template(tmp_path, f"{HEAD}Resources:\n{resources}"), "container-image-mutable-tag")["Task"]
    assert [(finding.message, finding.path[1]) for finding in found.findings] == [
        ("runs an image by the tag latest, which moves", 2)
    ]


PARAMETER = "/aws/service/deeplearning/ami/x86_64/oss-nvidia-driver-gpu-pytorch-%s/latest/ami-id"


@pytest.mark.parametrize(
    ("image", "status"),
    [
        ("!Ref Open", "unknown"),
        ("ami-0abc", "unknown"),
        (f"'{{{{resolve:ssm:{PARAMETER % '2.2-ubuntu-22.04'}}}}}'", "fail"),
        (f"'{{{{resolve:ssm:{PARAMETER % '2.2-ubuntu-22.04'}:7}}}}'", "fail"),
        (f"'{{{{resolve:ssm:{PARAMETER % '1.9-amazon-linux-2023'}}}}}'", "fail"),
        (f"'{{{{resolve:ssm:{PARAMETER % '9.1-amazon-linux-2023'}}}}}'", "pass"),
        (f"'{{{{resolve:ssm:{PARAMETER % '9.1-amazon-linux-2'}}}}}'", "fail"),
        ("'{{resolve:ssm:/acme/golden-image}}'", "unknown"),
        ("!Ref AWS::NoValue", "pass"),
    ],
)
def test_deep_learning_images(image: str, status: str, tmp_path: Path) -> None:
    resources = f"  Trainer: {{Type: AWS::EC2::Instance, Properties: {{InstanceType: g5.xlarge, ImageId: {image}}}}}"
    assert on(tmp_path, "ec2-dlami-outdated", resources) == {"Trainer": status}


def test_an_instance_takes_the_image_of_its_launch_template(tmp_path: Path) -> None:
    resources = """
  Base:
    Type: AWS::EC2::LaunchTemplate
    Properties:
      LaunchTemplateData:
        InstanceType: p5.48xlarge
        ImageId: resolve:ssm:/aws/service/canonical/ubuntu/server/24.04/stable/current/amd64/hvm/ebs-gp3/ami-id
  Trainer:
    Type: AWS::EC2::Instance
    Properties: {LaunchTemplate: {LaunchTemplateId: !Ref Base, Version: "1"}}
"""
    assert on(tmp_path, "ec2-gpu-non-dlami", resources) == {"Base": "fail", "Trainer": "fail"}


@pytest.mark.parametrize(
    ("more", "status"),
    [
        ("", "fail"),
        (", Schedule: !If [Prod, {ScheduleExpression: cron(0 2 * * ? *)}, !Ref AWS::NoValue]", "unknown"),
        (", Schedule: {ScheduleExpression: !Ref Open}", "unknown"),
    ],
)
def test_crawler_schedules(more: str, status: str, tmp_path: Path) -> None:
    resources = f"  Lake: {{Type: AWS::Glue::Crawler, Properties: {{Role: role, Targets: {{}}{more}}}}}"
    assert on(tmp_path, "glue-crawler-unscheduled", resources) == {"Lake": status}


STARTS = """
  Job: {Type: AWS::Glue::Job, Properties: {Name: join, Role: role, Command: {Name: glueetl}}}
  Nightly:
    Type: AWS::Glue::Trigger
    Properties: {Type: SCHEDULED, Schedule: cron(0 2 * * ? *), Actions: %s}
"""


@pytest.mark.parametrize(
    ("actions", "status"),
    [
        ("[{JobName: join}]", "pass"),
        ("[{JobName: !Ref Job}]", "pass"),
        ("[{JobName: !Ref Open}]", "unknown"),
        ("[{JobName: other}]", "fail"),
        ("[{CrawlerName: join}]", "fail"),
        ("!If [Prod, [{JobName: join}], []]", "unknown"),
    ],
)
def test_jobs_that_triggers_start(actions: str, status: str, tmp_path: Path) -> None:
    assert on(tmp_path, "glue-job-unorchestrated", STARTS % actions) == {"Job": status}


@pytest.mark.parametrize(("state", "status"), [("ENABLED", "pass"), ("DISABLED", "fail"), ("!Ref Open", "unknown")])
def test_jobs_that_schedules_start(state: str, status: str, tmp_path: Path) -> None:
    schedule = f"""
  Hourly:
    Type: AWS::Scheduler::Schedule
    Properties:
      State: {state}
      ScheduleExpression: rate(1 hour)
      Target: {{Arn: "arn:aws:scheduler:::aws-sdk:glue:startJobRun", RoleArn: role, Input: '{{"JobName": "join"}}'}}
"""
    assert on(tmp_path, "glue-job-unorchestrated", STARTS % "[{JobName: other}]" + schedule) == {"Job": status}


def test_a_template_without_triggers_says_nothing_of_its_jobs(tmp_path: Path) -> None:
    resources = "  Job: {Type: AWS::Glue::Job, Properties: {Role: role, Command: {Name: glueetl}}}"
    assert on(tmp_path, "glue-job-unorchestrated", resources) == {}


def test_zones_by_names_tags_and_settings(tmp_path: Path) -> None:
    resources = """
  Drawings: {Type: AWS::S3::Bucket}
  RawData: {Type: AWS::S3::Bucket}
  Tagged: {Type: AWS::S3::Bucket, Properties: {Tags: [{Key: Layer, Value: Landing}]}}
  Open1: {Type: AWS::S3::Bucket, Properties: {Tags: [{Key: !Ref Open, Value: x}]}}
  Parts: {Type: AWS::S3::Bucket, Properties: {BucketName: !Sub "${Open}-bronze"}}
  Audit: {Type: AWS::S3::Bucket, Properties: {BucketName: raw-audit}}
"""
    found = on(tmp_path, "s3-bucket-event-notifications", resources, log_buckets=("*audit",))
    assert found == {
        "Drawings": "pass",
        "RawData": "fail",
        "Tagged": "fail",
        "Open1": "unknown",
        "Parts": "fail",
        "Audit": "pass",
    }


def test_tables_whose_place_is_not_known(tmp_path: Path) -> None:
    resources = """
  Rules:
    Type: AWS::Glue::DataQualityRuleset
    Properties: {Ruleset: "Rules = []", TargetTable: {DatabaseName: x, TableName: x}}
  Gold:
    Type: AWS::Glue::Table
    Properties: {DatabaseName: gold, TableInput: {Name: orders, StorageDescriptor: {Location: !Ref Open}}}
  Other:
    Type: AWS::Glue::Table
    Properties: {DatabaseName: sales, TableInput: {Name: orders, StorageDescriptor: {Location: !Ref Open}}}
  ByReference:
    Type: AWS::Glue::Table
    Properties: {DatabaseName: !Ref GoldDatabase, TableInput: {Name: orders}}
  GoldDatabase: {Type: AWS::Glue::Database, Properties: {DatabaseInput: {Name: a}}}
"""
    found = on(tmp_path, "glue-data-quality-missing", resources)
    assert found == {"Gold": "fail", "Other": "unknown", "ByReference": "fail"}


def states(**members: Any) -> str:
    definition = json.dumps({"StartAt": next(iter(members)), "States": members})
    properties = json.dumps({"RoleArn": "role", "DefinitionString": definition})
    return f"  Flow: {{Type: AWS::StepFunctions::StateMachine, Properties: {properties}}}"


CHOICE: dict[str, Any] = {
    "Type": "Choice",
    "Choices": [{"Variable": "$.a", "NumericGreaterThan": 1, "Next": "Ask"}],
    "Default": "No",
}
ASK = {
    "Type": "Task",
    "Resource": "arn:aws:states:::lambda:invoke.waitForTaskToken",
    "Parameters": {"FunctionName": "ask"},
    "Next": "Deploy",
}
DEPLOY = {
    "Type": "Task",
    "Resource": "arn:aws:states:::sagemaker:updateEndpoint",
    "Parameters": {"EndpointName": "a", "EndpointConfigName": "b"},
    "End": True,
}
NO = {"Type": "Fail"}
WAIT = {**DEPLOY, "End": False, "Next": "Choose"}


@pytest.mark.parametrize(
    ("members", "lacks"),
    [
        ({"Choose": CHOICE, "Ask": ASK, "Deploy": DEPLOY, "No": NO}, None),
        ({"Choose": {**CHOICE, "Default": "Deploy"}, "Ask": ASK, "Deploy": DEPLOY}, "an approval"),
        ({"Ask": ASK, "Deploy": DEPLOY, "Choose": CHOICE, "No": NO}, "a condition on its metrics"),
        (
            {"Deploy": {**DEPLOY, "Next": "Choose"}, "Choose": CHOICE, "Ask": {**ASK, "Next": "No"}, "No": NO},
            "a condition on its metrics and an approval",
        ),
        (
            {
                "Choose": {**CHOICE, "Default": "Deploy"},
                "Ask": {**ASK, "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "Deploy"}]},
                "Deploy": DEPLOY,
            },
            "an approval",
        ),
        (
            {
                "Choose": {**CHOICE, "Choices": [{**CHOICE["Choices"][0], "Next": "All"}]},
                "All": {
                    "Type": "Parallel",
                    "Branches": [{"StartAt": "Ask", "States": {"Ask": {**ASK, "End": True}}}],
                    "Next": "Deploy",
                },
                "Deploy": DEPLOY,
                "No": NO,
            },
            None,
        ),
    ],
)
def test_what_stands_before_a_deployment(members: dict[str, Any], lacks: str | None, tmp_path: Path) -> None:
    found = judge(template(tmp_path, f"Resources:\n{states(**members)}"), "stepfunctions-deployment-approval")["Flow"]
    assert [finding.message for finding in found.findings] == (
        [f"deploys a model in Deploy without {lacks} before it"] if lacks else []
    )


def test_a_machine_that_is_known_in_part_is_unknown(tmp_path: Path) -> None:
    resources = """
  Flow: {Type: AWS::StepFunctions::StateMachine, Properties: {DefinitionS3Location: {Bucket: b, Key: k}}}
  Called:
    Type: AWS::StepFunctions::StateMachine
    Properties: {Definition: {StartAt: A, States: {A: {Type: Task, Resource: !Ref Open, End: true}}}}
"""
    found = on(tmp_path, "stepfunctions-deployment-approval", resources)
    assert found == {"Flow": "unknown", "Called": "unknown"}


@pytest.mark.parametrize(
    ("name", "status"),
    [("orders-prod", "fail"), ("ProdOrders", "fail"), ("product-import", "pass"), ("reproduce", "pass")],
)
def test_which_machines_are_for_production(name: str, status: str, tmp_path: Path) -> None:
    resources = f"""
  Flow: {{Type: AWS::StepFunctions::StateMachine, Properties: {{StateMachineName: {name}, Definition: {{}}}}}}
  Other: {{Type: AWS::StepFunctions::StateMachineVersion, Properties: {{StateMachineArn: other}}}}
  Alias:
    Type: AWS::StepFunctions::StateMachineAlias
    Properties: {{RoutingConfiguration: [{{StateMachineVersionArn: !Ref Other, Weight: 100}}]}}
"""
    found = on(tmp_path, "stepfunctions-unversioned", resources)
    assert found["Flow"] == status


def test_a_serverless_machine_with_an_alias(tmp_path: Path) -> None:
    resources = """
  Flow:
    Type: AWS::Serverless::StateMachine
    Properties: {Name: orders-prod, Definition: {StartAt: A, States: {A: {Type: Succeed}}}, AutoPublishAlias: live}
"""
    text = f"Transform: AWS::Serverless-2016-10-31\nResources:\n{resources}"
    assert statuses(template(tmp_path, text), "stepfunctions-unversioned").get("Flow") in ("pass", None)
