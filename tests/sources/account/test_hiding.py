"""No value of an environment variable, script or credential gets past the collectors."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest

from auditor.config import Config
from auditor.scan import scan_account, scan_inventory
from auditor.secrets import HIDDEN
from auditor.sources import snapshot
from auditor.sources.account.collector import Incomplete, collector
from auditor.sources.account.hiding import without_values
from auditor.sources.account.manner import Manner
from auditor.sources.account.source import collect
from auditor.sources.account.spool import Spool
from auditor.values import ABSENT, Unknown

SECRET = "hunter2-swordfish"
SCRIPT = f"#!/bin/sh\nexport DB_PASSWORD={SECRET}\n"
ENCODED = base64.b64encode(SCRIPT.encode()).decode()
BY_NAME = f"{HIDDEN} (looks like a secret, by its name)"

# What the APIs answer, with the name of a variable that must stay.
PLANTED: dict[str, dict[str, Any]] = {
    "AWS::Lambda::Function": {"Environment": {"Variables": {"LAMBDA_VARIABLE": SECRET}}},
    "AWS::EC2::Instance": {"UserData": ENCODED},
    "AWS::EC2::LaunchTemplate": {"LaunchTemplateData": {"UserData": SCRIPT}},
    "AWS::ECS::TaskDefinition": {
        "ContainerDefinitions": [
            {
                "Environment": [{"Name": "ECS_VARIABLE", "Value": SECRET}],
                "LogConfiguration": {"Options": {"splunk-token": SECRET}},
                "DockerLabels": {"proxy.password": SECRET},
            }
        ]
    },
    "AWS::SageMaker::Model": {
        "PrimaryContainer": {"Environment": {"MODEL_VARIABLE": SECRET}},
        "Containers": [{"Environment": {"MODEL_VARIABLE": SECRET}}],
    },
    "api:SageMaker::TrainingJob": {"Environment": {"JOB_VARIABLE": SECRET}, "HyperParameters": {"api_key": SECRET}},
    "AWS::SageMaker::StudioLifecycleConfig": {"StudioLifecycleConfigContent": ENCODED},
    "AWS::SageMaker::NotebookInstanceLifecycleConfig": {"OnStart": [{"Content": ENCODED}]},
    "AWS::CodeBuild::Project": {
        "environment": {
            "image": "aws/codebuild/standard:7.0",
            "privilegedMode": False,
            "environmentVariables": [{"name": "BUILD_VARIABLE", "value": SECRET, "type": "PLAINTEXT"}],
        }
    },
    "AWS::Batch::JobDefinition": {
        "ContainerProperties": {"Environment": [{"Name": "BATCH_VARIABLE", "Value": SECRET}]}
    },
    "AWS::Glue::Job": {"DefaultArguments": {"--db-password": SECRET, "--enable-metrics": "true"}},
    "AWS::Glue::Connection": {"ConnectionProperties": {"PASSWORD": SECRET, "JDBC_ENFORCE_SSL": "true"}},
    "AWS::MWAA::Environment": {"AirflowConfigurationOptions": {"smtp.smtp_password": SECRET}},
    "AWS::RDS::DBInstance": {"MasterUserPassword": SECRET},
    "AWS::StepFunctions::StateMachine": {"definition": json.dumps({"url": f"https://me:{SECRET}@host/"})},
    "AWS::KinesisFirehose::DeliveryStream": {
        "Destinations": [
            {
                "HttpEndpointDestinationDescription": {
                    "EndpointConfiguration": {"Url": f"https://intake.example.com/v1?api-key={SECRET}"},
                    "RequestConfiguration": {
                        "CommonAttributes": [{"AttributeName": "X-Firehose", "AttributeValue": SECRET}]
                    },
                }
            }
        ]
    },
    "AWS::Events::Rule": {
        "Targets": [
            {
                "Input": json.dumps({"password": SECRET}),
                "InputTransformer": {"InputTemplate": f'{{"token": "{SECRET}", "at": <time>}}'},
                "HttpParameters": {"HeaderParameters": {"Authorization": f"Bearer {SECRET}"}},
            }
        ]
    },
    "AWS::Scheduler::Schedule": {"Details": {"Input": json.dumps({"DbPassword": SECRET})}},
    "AWS::EKS::Addon": {"ConfigurationValues": json.dumps({"auth": {"adminPassword": SECRET}})},
    "AWS::EMR::Cluster": {"Configurations": [{"Properties": {"javax.jdo.option.ConnectionPassword": SECRET}}]},
}
STAYS = ("LAMBDA_VARIABLE", "ECS_VARIABLE", "MODEL_VARIABLE", "JOB_VARIABLE", "BUILD_VARIABLE", "BATCH_VARIABLE")
SETTINGS = ("aws/codebuild/standard:7.0", "--enable-metrics", "JDBC_ENFORCE_SSL")


@pytest.fixture
def planted(moto, collectors):
    @collector("ec2", types=tuple(PLANTED), operations=("DescribeVolumes",))
    def everything(api):
        for type, properties in PLANTED.items():
            yield api.raw(type, f"arn:{type}", properties, title=type)
            yield api.raw(type, f"arn:{type}:denied", Incomplete(properties, Unknown("denied")))


@pytest.mark.parametrize("name", ["inventory.json", "inventory.json.gz"])
def test_nothing_planted_is_in_any_file(planted, tmp_path, monkeypatch, name):
    monkeypatch.setattr(Spool, "remove", lambda self: None)
    inventory, log = tmp_path / name, tmp_path / "calls"
    manner = Manner(spool=tmp_path / "spool", call_log=str(log))
    report = scan_account(Config(), regions=["us-east-1"], manner=manner, save_inventory=str(inventory))
    saved = json.dumps(snapshot._content(str(inventory)))
    (spooled,) = (file.read_text() for file in (tmp_path / "spool").rglob("*.json"))
    again = scan_inventory(str(inventory), Config())
    for text in (saved, spooled, log.read_text(), report.to_json(), again.to_json()):
        assert SECRET not in text
        assert ENCODED not in text
    for text in (saved, spooled):
        assert all(name in text for name in (*STAYS, *SETTINGS))


def test_what_a_secret_looks_like_stays(planted):
    found = {raw.type: raw.properties for raw in collect(regions=["us-east-1"]).raws if raw.title}
    assert found["AWS::Lambda::Function"]["Environment"]["Variables"] == {"LAMBDA_VARIABLE": HIDDEN}
    assert found["AWS::EC2::Instance"]["UserData"] == BY_NAME
    assert found["AWS::EC2::LaunchTemplate"]["LaunchTemplateData"]["UserData"] == BY_NAME
    assert found["AWS::Glue::Job"]["DefaultArguments"] == {"--db-password": BY_NAME, "--enable-metrics": "true"}
    assert json.loads(found["AWS::StepFunctions::StateMachine"]["definition"]) == {
        "url": f"https://{HIDDEN} (looks like a password in a URL)@host/"
    }


@pytest.mark.parametrize(
    "properties",
    [
        {},
        {"Size": 8, "Tags": [{"Key": "Password", "Value": "x"}], "Policy": {"Statement": [{"Action": "s3:*"}]}},
        {"Environment": ABSENT, "UserData": Unknown("denied"), "Command": None, "Options": [1]},
        {"Definition": '{"StartAt": "x"}', "Command": ["python", "train.py"]},
    ],
)
def test_what_holds_no_secret_is_the_same_object(properties):
    assert without_values(properties) is properties


@pytest.mark.parametrize("odd", [None, 7, [], ["=", "x", None, 3], {"Name": 1}, {"Value": {}}, [{"Value": 3}], [[]]])
@pytest.mark.parametrize("field", ["Environment", "UserData", "Command", "Parameters", "Password"])
def test_odd_shapes(field, odd):
    assert SECRET not in json.dumps(without_values({field: odd}))


def test_pairs_as_text():
    assert without_values({"environment": [f"A={SECRET}", SECRET]}) == {"environment": [f"A={HIDDEN}", HIDDEN]}


@pytest.mark.parametrize(
    ("field", "value", "kept"),
    [
        ("Command", ["serve", "--password", SECRET, "--port", "80"], ["serve", "--password", BY_NAME, "--port", "80"]),
        ("Command", ["sh", "-c", f"DB_PASSWORD={SECRET} serve"], ["sh", "-c", f"DB_PASSWORD={BY_NAME} serve"]),
        ("Args", ["--conf", f"spark.x.password={SECRET}"], ["--conf", f"spark.x.password={BY_NAME}"]),
        ("UserData", f"mysql --password {SECRET}", BY_NAME),
        ("UserData", "yum update", HIDDEN),
    ],
)
def test_words_and_scripts(field, value, kept):
    assert without_values({field: value}) == {field: kept}


@pytest.mark.parametrize("field", ["Definition", "definition", "PipelineDefinition"])
@pytest.mark.parametrize(
    ("document", "kept"),
    [
        ({"Arguments": {"--password": SECRET, "--day": "1"}}, {"Arguments": {"--password": BY_NAME, "--day": "1"}}),
        (
            {"Environment": [{"Name": "API_KEY", "Value": SECRET}, {"Name": "MODE", "Value": "fast"}]},
            {"Environment": [{"Name": "API_KEY", "Value": BY_NAME}, {"Name": "MODE", "Value": "fast"}]},
        ),
        ({"Command": ["serve", "--api-key", SECRET]}, {"Command": ["serve", "--api-key", BY_NAME]}),
        (
            {"Retry": [{"MaxAttempts": 3}], "End": True, "X": None},
            {"Retry": [{"MaxAttempts": 3}], "End": True, "X": None},
        ),
    ],
)
def test_definitions(field, document, kept):
    assert json.loads(without_values({field: json.dumps(document)})[field]) == kept


def test_a_definition_that_is_no_json():
    assert without_values({"definition": f"password: {SECRET}"}) == {"definition": f"password: {BY_NAME}"}
