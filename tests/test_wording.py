"""What is said of Terraform is said in its words."""

from __future__ import annotations

from pathlib import Path

import pytest

from auditor.config import Config
from auditor.registry import load_checks
from auditor.report import Report
from auditor.scan import scan_templates
from auditor.wording import in_terraform

MAIN = """
resource "aws_s3_bucket" "raw" {
  bucket = "raw"
}

resource "aws_s3_bucket_public_access_block" "raw" {
  bucket                  = aws_s3_bucket.raw.id
  block_public_acls       = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_ebs_volume" "scratch" {
  availability_zone = "eu-west-1a"
  size              = 10
  encrypted         = false
}
"""
TEMPLATE = """
Resources:
  Scratch:
    Type: AWS::EC2::Volume
    Properties: {AvailabilityZone: eu-west-1a, Size: 10, Encrypted: false}
"""
CHECKS = Config(select=("s3-bucket-public-access-block", "ebs-volume-encryption"))


@pytest.fixture
def terraform(tmp_path: Path) -> Path:
    (tmp_path / "main.tf").write_text(MAIN)
    return tmp_path


def scan(*paths: Path) -> Report:
    return scan_templates([str(path) for path in paths], CHECKS)


@pytest.mark.parametrize(
    ("check", "said", "told"),
    [
        ("kms-key-rotation", "set EnableKeyRotation to true", "set enable_key_rotation to true"),
        ("ebs-volume-encryption", "set Encrypted to true. Encrypted", "set encrypted to true. Encrypted"),
        ("ebs-volume-gp2", "set Iops and Throughput", "set iops and throughput"),
        ("s3-bucket-versioning", "add a VersioningConfiguration", "add an aws_s3_bucket_versioning"),
        ("s3-bucket-public-access-block", "leaves BlockPublicPolicy off", "leaves block_public_policy off"),
        ("kms-key-rotation", "allow kms:EnableKeyRotation on KeyOfOurs", "allow kms:EnableKeyRotation on KeyOfOurs"),
        ("kms-key-rotation", "of AWS::KMS::EnableKeyRotation", "of AWS::KMS::EnableKeyRotation"),
    ],
)
def test_properties_become_arguments(check: str, said: str, told: str) -> None:
    one = load_checks()[check]
    assert in_terraform(said, (*one.types, *one.uses)) == told


def test_a_report_on_terraform_speaks_of_its_arguments(terraform: Path) -> None:
    report = scan(terraform)
    messages = {result.message for result in report.results if result.check == "s3-bucket-public-access-block"}
    assert messages == {"leaves block_public_policy off"}
    info = report.checks["ebs-volume-encryption"]
    assert info.fix.startswith("set encrypted to true")
    assert info.bad.startswith('resource "') and info.good.startswith('resource "')


def test_where_a_template_is_judged_as_well_the_fix_is_in_its_words(terraform: Path) -> None:
    template = terraform / "template.yaml"
    template.write_text(TEMPLATE)
    report = scan(terraform)
    assert report.checks["ebs-volume-encryption"].fix.startswith("set Encrypted to true")
    assert report.checks["ebs-volume-encryption"].bad.startswith("AWS::EC2::Volume")
    assert report.checks["s3-bucket-public-access-block"].fix.startswith("set all four properties of aws_s3_bucket_")
