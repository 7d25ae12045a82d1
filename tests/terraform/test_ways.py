"""What Terraform's users write in more ways than CloudFormation's: attachments of policies, names, images."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support import hcl, judge, statuses

ADMINISTRATOR = '"arn:aws:iam::aws:policy/AdministratorAccess"'
IDENTITIES = """
resource "aws_iam_role" "role" {
  name = "training"
  assume_role_policy = jsonencode({
    Statement = [{ Effect = "Allow", Principal = { Service = "sagemaker.amazonaws.com" }, Action = "sts:AssumeRole" }]
  })
}
resource "aws_iam_user" "user" {
  name = "pipeline"
}
resource "aws_iam_group" "group" {
  name = "ml"
}
"""
BUCKET = """
variable "zone" {}
resource "aws_s3_bucket" "data" {
  bucket = %s
}
"""
DATABASE = """
variable "name" {}
resource "aws_db_instance" "%s" {
  identifier = var.name
  engine     = "postgres"
  multi_az   = false
}
"""
MACHINE = """
data "aws_ssm_parameter" "image" {
  name = "/aws/service/deeplearning/ami/x86_64/oss-nvidia-driver-gpu-pytorch-%s-ubuntu-99.04/latest/ami-id"
}
resource "aws_instance" "training" {
  ami           = data.aws_ssm_parameter.image.%s
  instance_type = "g5.xlarge"
}
"""


@pytest.mark.parametrize("kind", ["role", "user", "group"])
@pytest.mark.parametrize(
    ("attachment", "arguments"),
    [
        ("aws_iam_{kind}_policy_attachment", "{kind} = aws_iam_{kind}.{kind}.name\npolicy_arn = {arn}"),
        ("aws_iam_policy_attachment", "name = 1\n{kind}s = [aws_iam_{kind}.{kind}.name]\npolicy_arn = {arn}"),
        (
            "aws_iam_{kind}_policy_attachments_exclusive",
            "{kind}_name = aws_iam_{kind}.{kind}.id\npolicy_arns = [{arn}, {arn}]",
        ),
    ],
)
def test_every_attachment_counts(kind: str, attachment: str, arguments: str, tmp_path: Path) -> None:
    given = arguments.format(kind=kind, arn=ADMINISTRATOR)
    text = f'{IDENTITIES}\nresource "{attachment.format(kind=kind)}" "admin" {{\n{given}\n}}\n'
    found = statuses(hcl(tmp_path, text), "iam-administrator-access-attached")
    assert found == {f"aws_iam_{one}.{one}": "fail" if one == kind else "pass" for one in ("role", "user", "group")}


def test_policies_of_aws_are_the_same_in_every_partition(tmp_path: Path) -> None:
    text = (
        IDENTITIES
        + """
data "aws_partition" "current" {}
resource "aws_iam_role_policy_attachment" "admin" {
  role       = aws_iam_role.role.name
  policy_arn = "arn:${data.aws_partition.current.partition}:iam::aws:policy/AdministratorAccess"
}
resource "aws_iam_user_policy_attachment" "open" {
  user       = aws_iam_user.user.name
  policy_arn = "arn:aws:iam::aws:policy/${var.open}"
}
variable "open" {}
"""
    )
    found = statuses(hcl(tmp_path, text), "iam-administrator-access-attached")
    assert found == {"aws_iam_role.role": "fail", "aws_iam_user.user": "unknown", "aws_iam_group.group": "pass"}


@pytest.mark.parametrize(("count", "status"), [("1", "fail"), ("0", "pass"), ("var.open ? 1 : 0", "unknown")])
def test_attachments_that_may_not_be_made(count: str, status: str, tmp_path: Path) -> None:
    text = f"""{IDENTITIES}
variable "open" {{}}
resource "aws_iam_role_policy_attachment" "admin" {{
  count      = {count}
  role       = aws_iam_role.role.name
  policy_arn = {ADMINISTRATOR}
}}
"""
    found = statuses(hcl(tmp_path, text), "iam-administrator-access-attached")
    assert found["aws_iam_role.role"] == status


def test_one_policy_that_is_attached_twice_is_one_finding(tmp_path: Path) -> None:
    text = IDENTITIES + "".join(
        f"""
resource "aws_iam_role_policy_attachment" "{name}" {{
  role       = aws_iam_role.role.name
  policy_arn = {ADMINISTRATOR}
}}
"""
        for name in "ab"
    )
    verdicts = judge(hcl(tmp_path, text), "iam-administrator-access-attached")
    assert len(verdicts["aws_iam_role.role"].findings) == 1


@pytest.mark.parametrize(
    ("name", "events", "zone"),
    [
        ('"acme-data"', "pass", "pass"),
        ("var.zone", "unknown", "unknown"),
        ('"acme-data-${var.zone}"', "pass", "pass"),  # nothing says that it is part of a lake
        ('"acme-lake-${var.zone}"', "pass", "unknown"),
        ('"acme-lake-raw-${var.zone}"', "fail", "pass"),
    ],
)
def test_zones_in_names_that_are_not_known(name: str, events: str, zone: str, tmp_path: Path) -> None:
    collected = hcl(tmp_path, BUCKET % name)
    assert statuses(collected, "s3-bucket-event-notifications") == {"aws_s3_bucket.data": events}
    assert statuses(collected, "s3-datalake-zone-unmarked") == {"aws_s3_bucket.data": zone}


@pytest.mark.parametrize(("label", "status"), [("main", "unknown"), ("dev", "pass"), ("prod", "fail")])
def test_environments_in_names_that_are_not_known(label: str, status: str, tmp_path: Path) -> None:
    found = statuses(hcl(tmp_path, DATABASE % label), "rds-multi-az")
    assert found == {f"aws_db_instance.{label}": status}


@pytest.mark.parametrize("attribute", ["value", "insecure_value"])
@pytest.mark.parametrize(("version", "status"), [("2.3", "fail"), ("9.9", "pass")])
def test_images_of_public_parameters(version: str, attribute: str, status: str, tmp_path: Path) -> None:
    found = statuses(hcl(tmp_path, MACHINE % (version, attribute)), "ec2-dlami-outdated")
    assert found == {"aws_instance.training": status}
