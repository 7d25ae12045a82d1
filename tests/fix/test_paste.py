from __future__ import annotations

import re
import shlex

import pytest
from botocore import xform_name
from botocore.session import Session

from auditor.fix.paste import COMMANDS, command, paste
from auditor.resources.base import TYPES
from auditor.sources import yaml_text

BUCKET = "arn:aws:s3:::raw-zone"
NOTEBOOK = "arn:aws:sagemaker:eu-west-1:111122223333:notebook-instance/lab"


def test_a_live_finding_in_all_three() -> None:
    found = paste("AWS::SageMaker::NotebookInstance", "RootAccess", "Disabled", live=True, arn=NOTEBOOK)
    assert found.cloudformation == "Properties:\n  RootAccess: Disabled"
    assert found.terraform == 'resource "aws_sagemaker_notebook_instance" "NAME" {\n  root_access = "Disabled"\n}'
    assert found.cli == (
        "aws sagemaker update-notebook-instance --notebook-instance-name lab --root-access Disabled --region eu-west-1"
    )


def test_what_the_api_calls_otherwise_is_translated() -> None:
    found = paste("AWS::KMS::Key", "KeyRotationEnabled", "true", live=True, arn="arn:aws:kms:eu-west-1:1:key/a-b")
    assert found.cloudformation == "Properties:\n  EnableKeyRotation: true"
    assert "enable_key_rotation = true" in found.terraform
    assert found.cli == "aws kms enable-key-rotation --key-id a-b --region eu-west-1"


def test_what_terraform_keeps_apart_is_a_resource_of_its_own() -> None:
    found = paste("AWS::S3::Bucket", "VersioningConfiguration.Status", "Enabled", live=False)
    assert found.terraform.splitlines() == [
        'resource "aws_s3_bucket_versioning" "NAME" {',
        "  bucket = aws_s3_bucket.NAME.id",
        "",
        "  versioning_configuration {",
        '    status = "Enabled"',
        "  }",
        "}",
    ]
    assert found.cli == "", "a template is deployed"


def test_of_terraform_the_repair_in_terraform_with_its_name() -> None:
    found = paste("aws_kms_key", "enable_key_rotation", "true", live=False, title="aws_kms_key.main")
    assert (found.cloudformation, found.cli) == ("", "")
    assert found.terraform == 'resource "aws_kms_key" "main" {\n  enable_key_rotation = true\n}'
    found = paste(
        "aws_s3_bucket", "aws_s3_bucket_versioning", "Enabled", live=False, title="module.a.aws_s3_bucket.b[0]"
    )
    assert "NAME" in found.terraform or not found.terraform


def test_a_whole_block() -> None:
    block = "{BlockPublicAcls: true, IgnorePublicAcls: true}"
    found = paste("AWS::S3::Bucket", "PublicAccessBlockConfiguration", block, live=True, arn=BUCKET)
    assert found.cloudformation.splitlines() == [
        "Properties:",
        "  PublicAccessBlockConfiguration:",
        "    BlockPublicAcls: true",
        "    IgnorePublicAcls: true",
    ]
    assert "  ignore_public_acls = true" in found.terraform
    assert "--bucket raw-zone " in found.cli


@pytest.mark.parametrize(
    ("type_name", "property", "expected"),
    [
        ("AWS::Nobody::Knows", "RootAccess", "Disabled"),
        ("AWS::S3::Bucket", "Nothing.Such", "true"),
        ("AWS::S3::Bucket", "LifecycleConfiguration.Rules.0.Status", "Enabled"),
        ("AWS::S3::Bucket", "VersioningConfiguration.Status", None),
        ("AWS::S3::Bucket", "VersioningConfiguration.Status", "{broken"),
        ("AWS::S3::Bucket", "", "true"),
    ],
)
def test_nothing_is_made_up(type_name: str, property: str, expected: str | None) -> None:
    found = paste(type_name, property, expected, live=True, arn=BUCKET)
    assert (found.cloudformation, found.terraform, found.cli) == ("", "", "")


@pytest.mark.parametrize("name", ["a;rm -rf ~", "$(id)", "-o", "a b", "`id`", "a\nb", "数据", "a'b", ""])
def test_a_name_that_a_shell_would_act_on_makes_no_command(name: str) -> None:
    assert command("AWS::S3::Bucket", "versioning", "Enabled", f"arn:aws:s3:::{name}") == ""


def test_texts_are_quoted_for_terraform() -> None:
    found = paste("AWS::SageMaker::NotebookInstance", "RootAccess", "'${x}\"'", live=False)
    assert found.terraform.splitlines()[1] == '  root_access = "$${x}\\""'


@pytest.mark.parametrize("key", COMMANDS, ids=" ".join)
def test_each_command_exists_and_takes_these_parameters(key: tuple[str, str, str]) -> None:
    type_name, field, expected = key
    marker, _ = COMMANDS[key]
    value = "90" if expected == "*" else expected
    arn = f"arn:aws:x:eu-west-1:1{marker}name" if marker.startswith(":") else f"arn:aws:x:eu-west-1:1:x:{marker}name"
    arn = "arn:aws:s3:::name" if marker == ":s3:::" else arn
    made = shlex.split(command(type_name, field, value, arn))
    assert "name" in made
    service, operation, *options = made[1:]
    model = Session().get_service_model("s3" if service == "s3api" else service)
    operations = {xform_name(name, "-"): name for name in model.operation_names}
    members = model.operation_model(operations[operation]).input_shape.members
    known = {xform_name(name, "-") for name in members}
    asked = [re.sub("^(no-)", "", option.removeprefix("--")) for option in options if option.startswith("--")]
    assert set(asked) - {"region"} <= known
    required = model.operation_model(operations[operation]).input_shape.required_members
    assert {xform_name(name, "-") for name in required} <= set(asked)
    assert field.partition(".")[0] in TYPES[type_name].plan("live")


def test_what_it_writes_for_cloudformation_is_yaml() -> None:
    text = paste("AWS::S3::Bucket", "VersioningConfiguration.Status", "Enabled", live=False).cloudformation
    assert yaml_text.load(text)[0] == {"Properties": {"VersioningConfiguration": {"Status": "Enabled"}}}
