"""What deployment takes a value from: checks go by it, whatever the value's reason says to people."""

from __future__ import annotations

from pathlib import Path

import pytest

from auditor.values import Unknown
from tests.support import hcl, template

IMAGE = "/aws/service/ami-amazon-linux-latest/al2023"


@pytest.mark.parametrize(
    ("written", "source"),
    [
        ("!Ref AWS::Region", "AWS::Region"),
        ("!Sub '${AWS::StackName}'", "AWS::StackName"),
        ("!Sub '${AWS::Region}-a'", None),
        ("!Ref Image", f"resolve:ssm:{IMAGE}"),
        ("!Select [0, !Split [',', !Ref Image]]", None),
        ("!Ref Stage", None),
        ("'{{resolve:ssm:/team/image:3}}'", "resolve:ssm:/team/image:3"),
        ("'{{resolve:secretsmanager:db:SecretString:password}}'", "resolve:secretsmanager:db:SecretString:password"),
        ("!Sub '{{resolve:secretsmanager:${Db}::password}}'", "resolve:secretsmanager:${Db}::password"),
        ("!Sub '{{resolve:secretsmanager:${Stage}::password}}'", "resolve:secretsmanager:…::password"),
        ("!Join ['', ['{{resolve:ssm-secure:/', !Ref Db, '}}']]", "resolve:ssm-secure:/${Db}"),
        ("'at {{resolve:ssm:/team/image}}'", None),
        ("'{{resolve:ssm:/a}}{{resolve:ssm:/b}}'", None),
    ],
)
def test_in_cloudformation(tmp_path: Path, written: str, source: str | None) -> None:
    text = f"""
        Parameters:
          Image: {{Type: AWS::SSM::Parameter::Value<String>, Default: {IMAGE}}}
          Stage: {{Type: String}}
        Resources:
          Db: {{Type: AWS::SecretsManager::Secret}}
          A: {{Type: AWS::KMS::Key, Properties: {{Description: {written}}}}}
        """
    (key,) = (raw for raw in template(tmp_path, text).raws if raw.id == "A")
    value = key.properties["Description"]
    assert isinstance(value, Unknown)
    assert value.taken_from == source


@pytest.mark.parametrize(
    ("written", "source"),
    [
        ("data.aws_region.here.name", "AWS::Region"),
        ("data.aws_partition.here.dns_suffix", "AWS::URLSuffix"),
        ("data.aws_caller_identity.me.account_id", "AWS::AccountId"),
        ('"${data.aws_region.here.name}"', "AWS::Region"),
        ('"${data.aws_region.here.name}-a"', None),
        ("data.aws_ssm_parameter.image.value", f"resolve:ssm:{IMAGE}"),
        ("data.aws_ssm_parameter.image.insecure_value", f"resolve:ssm:{IMAGE}"),
        ("data.aws_ssm_parameter.image.arn", None),
        ("var.stage", None),
    ],
)
def test_in_terraform(tmp_path: Path, written: str, source: str | None) -> None:
    text = f"""
        variable "stage" {{}}
        data "aws_region" "here" {{}}
        data "aws_partition" "here" {{}}
        data "aws_caller_identity" "me" {{}}
        data "aws_ssm_parameter" "image" {{ name = "{IMAGE}" }}
        resource "aws_kms_key" "a" {{ description = {written} }}
        """
    (key,) = (raw for raw in hcl(tmp_path, text).raws if raw.id == "aws_kms_key.a")
    value = key.properties["description"]
    assert isinstance(value, Unknown)
    assert value.taken_from == source
