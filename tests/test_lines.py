"""Lines are what ends in a line feed, as editors and CI systems count them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from auditor.config import Config
from auditor.findings import Status
from auditor.scan import scan_templates
from reports.interface import render

CHECKS = Config(select=("rds-public-access", "kms-key-rotation"))
COMMENT = "# a\u2028b \x0c c \x85 d\n"
TERRAFORM = (
    COMMENT
    + """resource "aws_db_instance" "db" {
  password            = "hunter2hunter2"
  publicly_accessible = true
}
"""
)
YAML = """Resources:
  # a\u2028
  Db:
    Type: AWS::RDS::DBInstance
    Properties:
      MasterUserPassword: hunter2hunter2
      PubliclyAccessible: true
"""
JSON = """{"Resources": {"Db": {"Type": "AWS::RDS::DBInstance", "Properties": {"DBName": "a\u2028b",
  "MasterUserPassword": "hunter2hunter2",
  "PubliclyAccessible": true}}}}
"""


@pytest.mark.parametrize(
    ("name", "text", "source"),
    [
        ("main.tf", TERRAFORM, "  publicly_accessible = true"),
        ("main.tofu", TERRAFORM.replace("\n", "\r\n"), "  publicly_accessible = true"),
        ("db.yaml", YAML, "      PubliclyAccessible: true"),
        ("db.json", JSON, '  "PubliclyAccessible": true}}}}'),
    ],
)
def test_the_line_that_is_shown_is_the_one_that_is_wrong(name: str, text: str, source: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(text.encode())
    report = scan_templates([str(tmp_path)], CHECKS)
    (found,) = [result for result in report.results if result.status is Status.FAIL]
    assert found.source == source
    assert found.location and found.location.line == text[: text.index(source)].count("\n") + 1


@pytest.mark.parametrize("name", ["main.tf", "main.tofu"])
def test_an_accepted_risk_is_the_one_below_its_comment(name: str, tmp_path: Path) -> None:
    text = TERRAFORM.replace("  publicly", "  # auditor: ignore[rds-public-access] a demo\n  publicly")
    (tmp_path / name).write_text(text, encoding="utf-8")
    report = scan_templates([str(tmp_path)], CHECKS)
    assert [result.status for result in report.results if result.check == "rds-public-access"] == [Status.SUPPRESSED]


@pytest.mark.parametrize("name", ["main.tf", "main.tofu"])
def test_a_missing_argument_is_shown_in_terraforms_language(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text('resource "aws_kms_key" "k" {\n  description = "k"\n}\n')
    assert "+   enable_key_rotation = true" in render(scan_templates([str(tmp_path)], CHECKS), "terminal")


@pytest.mark.parametrize("name", ["main.tf", "main.tofu"])
def test_a_comment_within_a_block_covers_it(name: str, tmp_path: Path) -> None:
    text = 'resource "aws_kms_key" "k" {\n  # auditor: ignore[kms-key-rotation] a demo\n  description = "k"\n}\n'
    (tmp_path / name).write_text(text)
    report = scan_templates([str(tmp_path)], CHECKS)
    assert [result.status for result in report.results] == [Status.SUPPRESSED]
    assert json.loads(render(report, "json"))["summary"]["verdicts"]["suppressed"] == 1
