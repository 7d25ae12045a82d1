"""SageMaker checks, on a simulated account and on templates."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.config import Config
from auditor.engine import evaluate
from auditor.inventory import Inventory
from auditor.raw import Collected, Location, Raw, Scope
from auditor.registry import load_checks
from auditor.sources.account.services import sagemaker as collectors
from tests.support import by_title, judge, statuses, template


class Nowhere:
    """An origin that nobody asks."""

    def locate(self, path: Any) -> Location:
        raise AssertionError


NOT_PLACED = Nowhere()
ROLE = "arn:aws:iam::123456789012:role/service/SageMaker"


@pytest.fixture
def sagemaker(aws: Any) -> Any:
    return aws("sagemaker")


@pytest.fixture
def notebooks(sagemaker: Any) -> None:
    common = {"InstanceType": "ml.t3.medium", "RoleArn": ROLE}
    sagemaker.create_notebook_instance(NotebookInstanceName="bad", **common)
    sagemaker.create_notebook_instance(
        NotebookInstanceName="good",
        DirectInternetAccess="Disabled",
        RootAccess="Disabled",
        KmsKeyId="alias/ml",
        SubnetId="subnet-12345678",
        SecurityGroupIds=["sg-12345678"],
        **common,
    )


@pytest.mark.parametrize(
    "check",
    [
        "sagemaker-notebook-direct-internet",
        "sagemaker-notebook-root-access",
        "sagemaker-notebook-kms-encryption",
        "sagemaker-notebook-custom-vpc",
    ],
)
def test_notebooks_live(check: str, notebooks: None, scan: Any, deny: Any) -> None:
    assert by_title(judge(scan(check), check)) == {"bad": "fail", "good": "pass"}
    deny("DescribeNotebookInstance")
    verdicts = judge(scan(check), check)
    assert by_title(verdicts) == {"bad": "unknown", "good": "unknown"}
    assert all("DescribeNotebookInstance was denied" in verdict.reason for verdict in verdicts.values())
    deny("ListNotebookInstances")
    collected = scan(check)
    assert statuses(collected, check) == {}
    assert [gap.types for gap in collected.gaps] == [("AWS::SageMaker::NotebookInstance",)]


def test_a_notebook_deleted_meanwhile_is_left_out(notebooks: None, scan: Any, failing: Any) -> None:
    failing({"DescribeNotebookInstance": "ValidationException"})
    collected = scan("sagemaker-notebook-root-access")
    assert [raw for raw in collected.raws if raw.type.endswith("NotebookInstance")] == []
    assert collected.gaps == []


@pytest.mark.parametrize(
    ("check", "properties", "status"),
    [
        ("sagemaker-notebook-direct-internet", "{DirectInternetAccess: !Ref Value}", "unknown"),
        ("sagemaker-notebook-direct-internet", "{DirectInternetAccess: !If [Dev, Enabled, Disabled]}", "unknown"),
        ("sagemaker-notebook-direct-internet", "{DirectInternetAccess: !If [Dev, Enabled, Enabled]}", "fail"),
        ("sagemaker-notebook-direct-internet", "{DirectInternetAccess: disabled}", "unknown"),
        ("sagemaker-notebook-root-access", "{RootAccess: !If [Dev, Disabled, !Ref AWS::NoValue]}", "unknown"),
        ("sagemaker-notebook-root-access", "{RootAccess: !If [Dev, Enabled, !Ref AWS::NoValue]}", "fail"),
        ("sagemaker-notebook-kms-encryption", "{KmsKeyId: !Ref Key}", "pass"),
        ("sagemaker-notebook-kms-encryption", "{KmsKeyId: !Ref Value}", "unknown"),
        ("sagemaker-notebook-custom-vpc", "{SubnetId: !ImportValue Subnet}", "unknown"),
        ("sagemaker-notebook-custom-vpc", "{SubnetId: !Ref Subnet}", "pass"),
    ],
)
def test_notebooks_in_templates(check: str, properties: str, status: str, tmp_path: Path) -> None:
    text = f"""
Parameters: {{Value: {{Type: String}}}}
Conditions: {{Dev: !Equals [!Ref Value, dev]}}
Resources:
  Key: {{Type: AWS::KMS::Key}}
  Subnet: {{Type: AWS::EC2::Subnet}}
  Notebook: {{Type: AWS::SageMaker::NotebookInstance, Properties: {properties}}}
"""
    assert statuses(template(tmp_path, text), check) == {"Notebook": status}


def test_domains_live(sagemaker: Any, scan: Any, deny: Any) -> None:
    for name, more in (("bad", {}), ("good", {"AppNetworkAccessType": "VpcOnly"})):
        sagemaker.create_domain(
            DomainName=name,
            AuthMode="IAM",
            DefaultUserSettings={"ExecutionRole": ROLE},
            SubnetIds=["subnet-12345678"],
            VpcId="vpc-12345678",
            **more,
        )
    check = "sagemaker-domain-public-internet"
    assert by_title(judge(scan(check), check)) == {"bad": "fail", "good": "pass"}
    deny("DescribeDomain")
    assert by_title(judge(scan(check), check)) == {"bad": "unknown", "good": "unknown"}


def test_models_live(sagemaker: Any, scan: Any, deny: Any, answers: dict[str, Any]) -> None:
    for name in ("bad", "good"):
        sagemaker.create_model(ModelName=name, ExecutionRoleArn=ROLE, PrimaryContainer={"Image": "a"})
    # moto forgets it
    answers["DescribeModel"] = lambda model: {**model, "EnableNetworkIsolation": model["ModelName"] == "good"}
    check = "sagemaker-model-network-isolation"
    assert by_title(judge(scan(check), check)) == {"bad": "fail", "good": "pass"}
    deny("DescribeModel")
    assert by_title(judge(scan(check), check)) == {"bad": "unknown", "good": "unknown"}


@pytest.mark.parametrize(
    ("resource", "check"),
    [
        ("AWS::SageMaker::Domain, Properties: {AppNetworkAccessType: !Ref Value}", "sagemaker-domain-public-internet"),
        (
            "AWS::SageMaker::Model, Properties: {EnableNetworkIsolation: !Ref Value}",
            "sagemaker-model-network-isolation",
        ),
    ],
)
def test_unknown_in_templates(resource: str, check: str, tmp_path: Path) -> None:
    text = f"Parameters: {{Value: {{Type: String}}}}\nResources: {{It: {{Type: {resource}}}}}"
    assert statuses(template(tmp_path, text), check) == {"It": "unknown"}


# --- endpoints ------------------------------------------------------------------------------------------------------

ENDPOINT_CHECKS = (
    "sagemaker-endpoint-kms-encryption",
    "sagemaker-endpoint-instance-count",
    "sagemaker-endpoint-training-gpu",
)


@pytest.fixture
def endpoints(sagemaker: Any) -> None:
    sagemaker.create_model(ModelName="m", ExecutionRoleArn=ROLE, PrimaryContainer={"Image": "a"})
    for name, kind, count, more in (
        ("bad", "ml.p3.2xlarge", 1, {}),
        ("good", "ml.m5.large", 2, {"KmsKeyId": "alias/ml"}),
        ("left-over", "ml.p3.2xlarge", 1, {}),
    ):
        variant = {"VariantName": "a", "ModelName": "m", "InstanceType": kind, "InitialInstanceCount": count}
        sagemaker.create_endpoint_config(EndpointConfigName=name, ProductionVariants=[variant], **more)
        if name != "left-over":
            sagemaker.create_endpoint(EndpointName=f"{name}-endpoint", EndpointConfigName=name)


@pytest.mark.parametrize("check", ENDPOINT_CHECKS)
def test_endpoints_live(check: str, endpoints: None, scan: Any, deny: Any) -> None:
    verdicts = judge(scan(check), check)
    assert by_title(verdicts) == {"bad": "fail", "good": "pass"}
    if check == "sagemaker-endpoint-training-gpu":
        saving = next(v for v in verdicts.values() if v.status == "fail").findings[0].saving
        assert saving and saving.high > 0
    deny("DescribeEndpointConfig")
    assert by_title(judge(scan(check), check)) == {"bad": "unknown", "good": "unknown"}
    deny("DescribeEndpoint")
    collected = scan(check)
    assert statuses(collected, check) == {}
    assert {gap.types for gap in collected.gaps} == {("AWS::SageMaker::EndpointConfig",)}


@pytest.mark.parametrize(
    ("config", "kms", "count", "gpu"),
    [
        ("ProductionVariants: [{InstanceType: ml.m5.large, InitialInstanceCount: 1}]", "fail", "fail", "pass"),
        ("ProductionVariants: [{InstanceType: !Ref Value, InitialInstanceCount: !Ref Value}]", *["unknown"] * 3),
        ("ProductionVariants: [{ServerlessConfig: {MaxConcurrency: 1}}]", "pass", "pass", "pass"),
        (
            "AsyncInferenceConfig: {OutputConfig: {}},"
            " ProductionVariants: [{InstanceType: ml.p3.2xlarge, InitialInstanceCount: 1}]",
            "fail",
            "pass",
            "pass",
        ),
        ("ProductionVariants: [{InstanceType: ml.p3.2xlarge, InitialInstanceCount: 2}]", "fail", "pass", "fail"),
        ("ProductionVariants: [{InstanceType: ml.p4de.24xlarge, InitialInstanceCount: 2}]", "pass", "pass", "unknown"),
        ("ProductionVariants: [{InstanceType: ml.g6e.xlarge, InitialInstanceCount: '2'}]", "pass", "pass", "pass"),
        ("ProductionVariants: [{InstanceType: ml.inf2.xlarge, InitialInstanceCount: 2}]", "fail", "pass", "pass"),
        ("ProductionVariants: [{InstanceType: ml.c5d.xlarge, InitialInstanceCount: 2}]", "pass", "pass", "pass"),
        ("ProductionVariants: [{InstanceType: ml.q9.xlarge, InitialInstanceCount: 2}]", "fail", "pass", "unknown"),
        (
            "ProductionVariants: [{InstanceType: !Ref Value, InitialInstanceCount: !Ref Value},"
            " {InstanceType: ml.p3.2xlarge, InitialInstanceCount: 1}]",
            "unknown",
            "fail",
            "fail",
        ),
        ("KmsKeyId: !Ref Value, ProductionVariants: [{InstanceType: ml.m5.large}]", "unknown", "pass", "pass"),
    ],
)
def test_endpoints_in_templates(config: str, kms: str, count: str, gpu: str, tmp_path: Path) -> None:
    text = f"""
Parameters: {{Value: {{Type: String}}}}
Resources: {{Config: {{Type: AWS::SageMaker::EndpointConfig, Properties: {{{config}}}}}}}
"""
    collected = template(tmp_path, text)
    assert [statuses(collected, check)["Config"] for check in ENDPOINT_CHECKS] == [kms, count, gpu]


# --- training -------------------------------------------------------------------------------------------------------

SPOT = "sagemaker-training-managed-spot"


@pytest.fixture
def train(sagemaker: Any) -> Callable[..., None]:
    """Makes a training job: `train("a", spot=True, KeepAlivePeriodInSeconds=60)`."""

    def made(name: str, spot: bool = False, **resources: Any) -> None:
        sagemaker.create_training_job(
            TrainingJobName=name, RoleArn=ROLE, **_training(spot, resources), EnableManagedSpotTraining=spot
        )

    return made


def _training(spot: bool, resources: dict[str, Any]) -> dict[str, Any]:
    return {
        "AlgorithmSpecification": {"TrainingImage": "a", "TrainingInputMode": "File"},
        "OutputDataConfig": {"S3OutputPath": "s3://models"},
        "ResourceConfig": {"InstanceType": "ml.g5.xlarge", "InstanceCount": 2, "VolumeSizeInGB": 5, **resources},
        "StoppingCondition": {"MaxRuntimeInSeconds": 3600},
    }


def test_training_jobs_live(train: Any, sagemaker: Any, scan: Any, deny: Any, answers: dict[str, Any]) -> None:
    train("bad")
    train("good", spot=True)
    train("warm", KeepAlivePeriodInSeconds=600)
    answers["DescribeTrainingJob"] = lambda answer: {**answer, "BillableTimeInSeconds": 36_000}
    verdicts = judge(scan(SPOT), SPOT)
    assert by_title(verdicts) == {"bad": "fail", "good": "pass", "warm": "pass"}
    (finding,) = next(verdict for verdict in verdicts.values() if verdict.status == "fail").findings
    assert finding.message == "trains on demand"
    assert finding.saving and finding.saving.low == 0 < finding.saving.high
    del answers["DescribeTrainingJob"]
    (finding,) = next(v for v in judge(scan(SPOT), SPOT).values() if v.status == "fail").findings
    assert finding.saving is None
    assert "depends on how long" in finding.message
    deny("DescribeTrainingJob")
    assert set(by_title(judge(scan(SPOT), SPOT)).values()) == {"unknown"}


def test_tuning_jobs_live(train: Any, sagemaker: Any, scan: Any, deny: Any, answers: dict[str, Any]) -> None:
    for name, spot in (("bad", False), ("good", True)):
        sagemaker.create_hyper_parameter_tuning_job(
            HyperParameterTuningJobName=name,
            HyperParameterTuningJobConfig={"Strategy": "Random", "ResourceLimits": {"MaxParallelTrainingJobs": 1}},
            TrainingJobDefinition={"RoleArn": ROLE, "EnableManagedSpotTraining": spot, **_training(spot, {})},
        )
        train(f"{name}-001-0a1b2c3d", spot)
    used = {"ConsumedResources": {"RuntimeInSeconds": 7200}}
    answers["DescribeHyperParameterTuningJob"] = lambda answer: {**answer, **used}
    collected = scan(SPOT)
    verdicts = judge(collected, SPOT)
    assert by_title(verdicts) == {"bad": "fail", "good": "pass"}  # and not what they trained, a second time
    assert "sagemaker:DescribeTrainingJob" not in collected.calls
    (finding,) = next(verdict for verdict in verdicts.values() if verdict.status == "fail").findings
    assert finding.saving and finding.saving.high > 0
    deny("DescribeHyperParameterTuningJob")
    assert by_title(judge(scan(SPOT), SPOT))["bad"] == "unknown"


def test_only_the_newest_training_jobs_are_described(train: Any, scan: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr(collectors, "MOST_JOBS", 1)
    for name in ("one", "two", "three"):
        train(name)
    verdicts = judge(scan(SPOT), SPOT)
    assert sorted(by_title(verdicts).values()) == ["fail", "unknown", "unknown"]
    assert any("only the newest 1 training jobs" in verdict.reason for verdict in verdicts.values())


def test_jobs_that_automl_or_a_tuning_job_started_are_left_out(train: Any, scan: Any, answers: dict[str, Any]) -> None:
    train("automatic")
    answers["DescribeTrainingJob"] = lambda answer: {**answer, "AutoMLJobArn": "arn:aws:sagemaker:::automl-job/a"}
    assert judge(scan(SPOT), SPOT) == {}


TASK = "arn:aws:states:::sagemaker:createTrainingJob.sync"


def machine(states: dict[str, Any]) -> str:
    return json.dumps({"StartAt": "A", "States": states})


def task(resource: str = TASK, **parameters: Any) -> dict[str, Any]:
    return {"Type": "Task", "Resource": resource, "Parameters": parameters, "End": True}


@pytest.mark.parametrize(
    ("definition", "status"),
    [
        (machine({"Train": task(EnableManagedSpotTraining=True)}), "pass"),
        (machine({"Train": task(EnableManagedSpotTraining=False)}), "fail"),
        (machine({"Train": task()}), "fail"),
        (machine({"Train": task(**{"EnableManagedSpotTraining.$": "$.spot"})}), "unknown"),
        (machine({"Train": {"Type": "Task", "Resource": TASK}}), "unknown"),
        (machine({"Train": {"Type": "Task", "Resource": TASK, "Arguments": {}}}), "fail"),
        (machine({"Train": {"Type": "Task", "Resource": TASK, "Arguments": "{% $states.input %}"}}), "unknown"),
        (machine({"Sleep": {"Type": "Wait", "Seconds": 1}}), "pass"),
        (machine({"Each": {"Type": "Map", "ItemProcessor": {"States": {"Train": task()}}}}), "fail"),
        (machine({"Each": {"Type": "Map", "Iterator": {"States": {"Train": task()}}}}), "fail"),
        (machine({"Both": {"Type": "Parallel", "Branches": [{"States": {"Train": task()}}]}}), "fail"),
        (machine({"Train": task("arn:aws:states:::aws-sdk:sagemaker:createTrainingJob")}), "fail"),
        (
            machine({"Tune": task("arn:aws:states:::sagemaker:createHyperParameterTuningJob.sync")}),
            "unknown",
        ),
        (
            machine(
                {
                    "Tune": task(
                        "arn:aws:states:::sagemaker:createHyperParameterTuningJob.sync",
                        TrainingJobDefinitions=[{"EnableManagedSpotTraining": True}, {}],
                    )
                }
            ),
            "fail",
        ),
        ("not json", "unknown"),
        ("[]", "unknown"),
        ('{"States": []}', "unknown"),
        ('{"States": {"A": 1}}', "unknown"),
    ],
)
def test_state_machines(definition: str, status: str, tmp_path: Path) -> None:
    text = {"Type": "AWS::StepFunctions::StateMachine", "Properties": {"DefinitionString": definition}}
    collected = template(tmp_path, json.dumps({"Resources": {"Machine": text}}), "template.json")
    assert statuses(collected, SPOT) == {"Machine": status}


@pytest.mark.parametrize(
    ("sub", "status"),
    [
        ('"EnableManagedSpotTraining": true, "RoleArn": "${Role}"', "pass"),
        ('"EnableManagedSpotTraining": false, "RoleArn": "${Role}", "HyperParameters": {"a": ${Number}}', "fail"),
        ('"EnableManagedSpotTraining": ${Number}', "unknown"),
        ('"RoleArn": "${Other.Arn}"', "fail"),
    ],
)
def test_a_definition_that_is_known_in_part(sub: str, status: str, tmp_path: Path) -> None:
    text = f"""
Parameters: {{Role: {{Type: String}}, Number: {{Type: Number}}}}
Resources:
  Other: {{Type: AWS::IAM::Role}}
  Machine:
    Type: AWS::StepFunctions::StateMachine
    Properties:
      DefinitionString: !Sub >-
        {{"States": {{"Train": {{"Type": "Task", "End": true,
        "Resource": "arn:${{AWS::Partition}}:states:::sagemaker:createTrainingJob.sync", "Parameters": {{{sub}}}}}}}}}
"""
    assert statuses(template(tmp_path, text), SPOT) == {"Machine": status}


@pytest.mark.parametrize(
    ("properties", "status"),
    [
        ("DefinitionSubstitutions: {Spot: true}, DefinitionString: '{\"States\": %s}'", "pass"),
        ("DefinitionSubstitutions: {Spot: false}, Definition: {States: %s}", "fail"),
        ("DefinitionSubstitutions: {Spot: !ImportValue Spot}, Definition: {States: %s}", "unknown"),
        ("DefinitionSubstitutions: {Spot: !ImportValue Spot}, DefinitionString: '{\"States\": %s}'", "unknown"),
        ("DefinitionS3Location: {Bucket: a, Key: b}", "unknown"),
    ],
)
def test_substitutions(properties: str, status: str, tmp_path: Path) -> None:
    states = json.dumps({"Train": task(EnableManagedSpotTraining="${Spot}")})
    filled = properties % states if "%s" in properties else properties
    text = f"Resources: {{Machine: {{Type: AWS::StepFunctions::StateMachine, Properties: {{{filled}}}}}}}"
    assert statuses(template(tmp_path, text), SPOT) == {"Machine": status}


def test_a_training_in_a_definition_has_its_own_place(tmp_path: Path) -> None:
    text = f"""
Resources:
  Machine:
    Type: AWS::StepFunctions::StateMachine
    Properties:
      Definition:
        States:
          Other: {{Type: Task, Resource: !GetAtt Function.Arn}}
          Unknown: {{Type: Task, Resource: !ImportValue Function}}
          Train:
            Type: Task
            Resource: {TASK}
            Parameters:
              EnableManagedSpotTraining: false
  Function: {{Type: AWS::Lambda::Function}}
"""
    (finding,) = judge(template(tmp_path, text), SPOT)["Machine"].findings
    assert finding.message.startswith("trains on demand in Train")
    location = finding.raw.origin.locate(finding.path)
    assert (location.line, location.present) == (14, True)


@pytest.mark.parametrize(
    ("steps", "status"),
    [
        ([{"Name": "T", "Type": "Training", "Arguments": {"EnableManagedSpotTraining": True}}], "pass"),
        ([{"Name": "T", "Type": "Training", "Arguments": {}}], "fail"),
        (
            [{"Name": "T", "Type": "Training", "Arguments": {"EnableManagedSpotTraining": {"Get": "Parameters.S"}}}],
            "unknown",
        ),
        ([{"Name": "P", "Type": "Processing", "Arguments": {}}], "pass"),
        ([{"Name": "U", "Type": "Tuning", "Arguments": {"TrainingJobDefinition": {}}}], "fail"),
        (
            [{"Name": "C", "Type": "Condition", "Arguments": {"IfSteps": [{"Name": "T", "Type": "Training"}]}}],
            "fail",
        ),
        ([1], "unknown"),
        ({}, "unknown"),
    ],
)
def test_pipelines(steps: Any, status: str, tmp_path: Path) -> None:
    body = json.dumps({"Version": "2020-12-01", "Steps": steps})
    pipeline = {
        "Type": "AWS::SageMaker::Pipeline",
        "Properties": {"PipelineDefinition": {"PipelineDefinitionBody": body}},
    }
    collected = template(tmp_path, json.dumps({"Resources": {"Pipeline": pipeline}}), "template.json")
    assert statuses(collected, SPOT) == {"Pipeline": status}


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.sampled_from([TASK, "Training", "Condition"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["States", "Branches", "Iterator", "Resource", "Parameters", "Steps", "Type", "Arguments"])
            | st.sampled_from(["IfSteps", "Name", "ResourceConfig", "EnableManagedSpotTraining", "Get", "A"]),
            inner,
            max_size=4,
        )
    ),
    max_leaves=25,
)


@settings(deadline=None)
@given(JSON)
def test_any_definition_is_read_or_undecided(content: Any) -> None:
    scope = Scope("a.yaml", "template")
    for type_name, properties in (
        ("AWS::StepFunctions::StateMachine", {"DefinitionString": json.dumps(content)}),
        ("AWS::StepFunctions::StateMachine", {"Definition": content}),
        ("AWS::SageMaker::Pipeline", {"PipelineDefinition": {"PipelineDefinitionBody": json.dumps(content)}}),
    ):
        it = Raw(type_name, "It", properties, scope, NOT_PLACED, "cfn")
        verdicts = evaluate(Inventory(Collected(raws=[it])), [load_checks()[SPOT]], Config())
        assert all(verdict.status != "error" for verdict in verdicts), verdicts[0].reason


def test_a_pipeline_in_a_file_is_unknown(tmp_path: Path) -> None:
    text = """
Resources:
  Pipeline:
    Type: AWS::SageMaker::Pipeline
    Properties: {PipelineDefinition: {PipelineDefinitionS3Location: {Bucket: a, Key: b}}}
"""
    assert statuses(template(tmp_path, text), SPOT) == {"Pipeline": "unknown"}
