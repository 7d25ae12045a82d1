"""The environment tag, on a simulated account and on templates."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from auditor.config import Config
from tests.support import by_title, judge, statuses, template

CHECK = "tags-environment-missing"
ROLE = "arn:aws:iam::123456789012:role/service/SageMaker"


def test_tags_live(aws: Any, scan: Any, deny: Any) -> None:
    sagemaker = aws("sagemaker")
    tags = [{"Key": "Stage", "Value": "prod"}]
    sagemaker.create_model(ModelName="m", ExecutionRoleArn=ROLE, PrimaryContainer={"Image": "a"})
    variant = {"VariantName": "a", "ModelName": "m", "InstanceType": "ml.m5.large", "InitialInstanceCount": 2}
    sagemaker.create_endpoint_config(EndpointConfigName="config", ProductionVariants=[variant])
    for name, given in (("tagged", tags), ("bare", [])):
        sagemaker.create_endpoint(EndpointName=f"{name}-endpoint", EndpointConfigName="config", Tags=given)
        sagemaker.create_notebook_instance(
            NotebookInstanceName=f"{name}-notebook", InstanceType="ml.t3.medium", RoleArn=ROLE, Tags=given
        )
    ec2 = aws("ec2")
    for key in ("env", "owner"):
        specs = [{"ResourceType": "instance", "Tags": [{"Key": key, "Value": "dev"}, {"Key": "Name", "Value": key}]}]
        ec2.run_instances(ImageId="ami-12c6146b", MinCount=1, MaxCount=1, TagSpecifications=specs)
    ec2.stop_instances(InstanceIds=[i["InstanceId"] for i in _instances(ec2)])  # stopped ones are there all the same

    def found() -> dict[str, str]:
        return {title.partition(" ")[0]: status for title, status in by_title(judge(scan(CHECK), CHECK)).items()}

    assert found() == {
        "env": "pass",
        "owner": "fail",
        "tagged-endpoint": "pass",
        "tagged-notebook": "pass",
        "bare-endpoint": "fail",
        "bare-notebook": "fail",
    }
    deny("GetResources")
    assert found() == {
        "env": "pass",
        "owner": "fail",
        "tagged-endpoint": "unknown",
        "tagged-notebook": "unknown",
        "bare-endpoint": "unknown",
        "bare-notebook": "unknown",
    }
    deny("DescribeNotebookInstance", "DescribeEndpoint")
    assert found()["tagged-notebook"] == "unknown"


def test_tags_are_known_where_the_description_is_not(aws: Any, scan: Any, deny: Any) -> None:
    aws("sagemaker").create_notebook_instance(
        NotebookInstanceName="notebook",
        InstanceType="ml.t3.medium",
        RoleArn=ROLE,
        Tags=[{"Key": "environment", "Value": "dev"}],
    )
    deny("DescribeNotebookInstance")
    assert by_title(judge(scan(CHECK), CHECK)) == {"notebook": "pass"}


def _instances(ec2: Any) -> list[Any]:
    return [one for reservation in ec2.describe_instances()["Reservations"] for one in reservation["Instances"]]


@pytest.mark.parametrize(
    ("tags", "status"),
    [
        ("[{Key: ENVIRONMENT, Value: dev}]", "pass"),
        ("[{Key: environment, Value: !Ref Stage}]", "unknown"),
        ("[{Key: environment, Value: !Ref Known}]", "pass"),
        ("[{Key: environment, Value: '  '}]", "fail"),
        ("[{Key: !Ref Stage, Value: dev}]", "unknown"),
        ("[{Key: !Ref Stage, Value: a}, {Key: env, Value: dev}]", "pass"),
        ("!Ref AWS::NoValue", "fail"),
        ("!If [Prod, [{Key: env, Value: prod}], [{Key: env, Value: dev}]]", "pass"),
        ("!If [Prod, [{Key: env, Value: prod}], !Ref AWS::NoValue]", "unknown"),
        ("not-a-list", "unknown"),
    ],
)
@pytest.mark.parametrize("kind", ["AWS::EC2::Instance", "AWS::RDS::DBInstance", "AWS::EMR::Cluster"])
def test_tags_in_templates(kind: str, tags: str, status: str, tmp_path: Path) -> None:
    text = f"""
Parameters: {{Stage: {{Type: String}}, Known: {{Type: String, Default: dev}}}}
Conditions: {{Prod: !Equals [!Ref Stage, prod]}}
Resources: {{It: {{Type: {kind}, Properties: {{Tags: {tags}}}}}}}
"""
    assert statuses(template(tmp_path, text), CHECK) == {"It": status}


def test_every_type_and_other_keys(tmp_path: Path) -> None:
    text = """
Resources:
  Server: {Type: AWS::EC2::Instance, Properties: {Tags: [{Key: tier, Value: dev}]}}
  Database: {Type: AWS::RDS::DBInstance, Properties: {Tags: [{Key: tier, Value: dev}]}}
  Endpoint: {Type: AWS::SageMaker::Endpoint, Properties: {Tags: [{Key: tier, Value: dev}]}}
  Notebook: {Type: AWS::SageMaker::NotebookInstance, Properties: {Tags: [{Key: tier, Value: dev}]}}
  Hadoop: {Type: AWS::EMR::Cluster, Properties: {Tags: [{Key: tier, Value: dev}]}}
  Warehouse: {Type: AWS::Redshift::Cluster, Properties: {Tags: [{Key: tier, Value: dev}]}}
  Nodes: {Type: AWS::EKS::Nodegroup, Properties: {Tags: {tier: dev}}}
"""
    collected = template(tmp_path, text)
    assert set(statuses(collected, CHECK).values()) == {"fail"}
    assert len(statuses(collected, CHECK)) == 7
    assert set(statuses(collected, CHECK, Config(environment_tags=("tier",))).values()) == {"pass"}
