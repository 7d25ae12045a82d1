"""What is not Terraform itself but writes or reads the same: OpenTofu, Terragrunt, CDK for Terraform."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from auditor.config import Config
from auditor.raw import Collected, Raw
from auditor.report import Report
from auditor.scan import scan_templates
from auditor.sources.terraform import collect_plans
from auditor.values import Unknown
from tests.support import put

HERE = Path(__file__).parent
STACK = HERE / "cdktf.out" / "stacks" / "features"
"""What `cdktf synth` writes, and Terraform's plan of it (1.11.4, hashicorp/aws 5.100.0)."""

Scan = Callable[..., Collected]
Raws = Callable[..., dict[str, Raw]]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def failures(report: Report) -> set[tuple[str, str]]:
    """What does not pass: check and address."""
    return {(one.check, one.resource.rpartition("#")[2]) for one in report.results if one.status.value != "pass"}


# --- OpenTofu -------------------------------------------------------------------------------------------------------


def test_a_plan_of_opentofu(folder: Path) -> None:
    """It differs by its registry, and says which version made it in the same place."""
    data = json.loads((HERE / "planned" / "plan.json").read_text())
    text = json.dumps(data | {"format_version": "1.2", "terraform_version": "1.10.5"})
    put(folder, "tofu.json", text.replace("registry.terraform.io/", "registry.opentofu.org/"))
    put(folder, "terraform.json", json.dumps(data))
    found, wanted = (collect_plans([name]) for name in ("tofu.json", "terraform.json"))
    assert len(found.raws) > 20
    said, wanted_ones = ({raw.id: dict(raw.properties) for raw in one.raws} for one in (found, wanted))
    assert said == wanted_ones  # references are texts, and those of another scope equal
    assert found.notices == []


def test_files_of_opentofu(raws: Raws) -> None:
    """`main.tofu` stands for `main.tf`, override files are merged, and JSON has its own ending."""
    bucket = 'resource "aws_s3_bucket" "{0}" {{\n  bucket = "{1}"\n}}\n'
    found = raws(
        bucket.format("b", "terraform"),
        {
            "main.tofu": bucket.format("b", "opentofu"),
            "other.tf": bucket.format("c", "plain"),
            "x_override.tofu": 'resource "aws_s3_bucket" "c" {\n  bucket = "overridden"\n}\n',
            "more.tofu.json": '{"resource": {"aws_s3_bucket": {"d": {"bucket": "json"}}}}',
        },
    )
    assert {address: raw.properties["bucket"] for address, raw in found.items()} == {
        "aws_s3_bucket.b": "opentofu",
        "aws_s3_bucket.c": "overridden",
        "aws_s3_bucket.d": "json",
    }


def test_what_only_opentofu_understands(scan: Scan) -> None:
    """Variables in a module's source, encryption of the state, providers of several regions."""
    collected = scan(
        """
        terraform {
          encryption {
            key_provider "pbkdf2" "mykey" { passphrase = var.passphrase }
          }
        }
        variable "passphrase" {}
        variable "kind" { default = "features" }
        variable "regions" { default = ["eu-west-1", "us-east-1"] }
        provider "aws" {
          alias    = "by_region"
          for_each = toset(var.regions)
          region   = each.value
        }
        module "m" {
          source = "./modules/${var.kind}"
        }
        resource "aws_sns_topic" "t" {
          for_each = toset(var.regions)
          provider = aws.by_region[each.value]
          name     = "t-${each.value}"
        }
        """,
        {"modules/features/main.tf": 'resource "aws_s3_bucket" "b" {\n  bucket = "b"\n}\n'},
        paths=["main.tf"],
    )
    assert [notice.message for notice in collected.notices if notice.level == "error"] == []
    assert {raw.id for raw in collected.raws} == {
        "module.m.aws_s3_bucket.b",
        'aws_sns_topic.t["eu-west-1"]',
        'aws_sns_topic.t["us-east-1"]',
    }


# --- Terragrunt -----------------------------------------------------------------------------------------------------

MODULE = 'variable "name" {}\nresource "aws_s3_bucket" "features" {\n  bucket = var.name\n}\n'
UNIT = """include "root" {
  path = find_in_parent_folders("root.hcl")
}

terraform {
  source = "../../../modules/features"
}

inputs = {
  name = "features-prod"
}
"""


@pytest.fixture
def live(folder: Path) -> Path:
    """A repository of Terragrunt's after a run: its cache holds copies of the modules, and where they came from."""
    put(folder, "live/root.hcl", 'remote_state {\n  backend = "s3"\n  config = {}\n}\n')
    for place in ("modules/features", "live/prod/features/.terragrunt-cache/5fJ/x1Q/modules/features"):
        put(folder, f"{place}/main.tf", MODULE)
    put(folder, "live/prod/features/.terragrunt-cache/5fJ/x1Q/modules/features/backend.tf", "terraform {}\n")
    put(folder, "live/prod/features/terragrunt.hcl", UNIT)
    return folder


def test_the_cache_of_terragrunt_is_not_scanned(live: Path) -> None:
    report = scan_templates(["."], Config())
    assert {place["name"] for place in report.inputs if place["kind"] == "terraform"} == {"modules/features"}
    assert len({one.resource for one in report.results}) == 1


def test_units_alone_are_no_configuration(live: Path) -> None:
    """Nothing of them is scanned, which is an error and no pass."""
    report = scan_templates(["live"], Config())
    assert [notice.message for notice in report.notices if notice.level == "error"] == [
        "there are no templates in this folder (.yaml, .yml, .json, .template, .cform, .tf)"
    ]
    assert report.gate.exit_code == 3


def test_the_plans_of_all_units(live: Path) -> None:
    """`terragrunt run --all plan --json-out-dir plans` writes a file for each, in folders as the units are."""
    for unit in ("prod/features", "prod/network"):
        (live / "plans" / unit).mkdir(parents=True)
        shutil.copy(HERE / "planned" / "plan.json", live / "plans" / unit / "tfplan.json")
    report = scan_templates(["plans"], Config(select=("vpc-sg-ingress-ssh",)))
    assert {place["name"] for place in report.inputs if place["kind"] == "plan"} == {
        "plans/prod/features/tfplan.json",
        "plans/prod/network/tfplan.json",
    }
    addresses = [one.resource for one in report.results]
    assert len(addresses) == len(set(addresses))
    assert 2 * len(failures(report)) == sum(one.status.value != "pass" for one in report.results) > 0


def test_several_plans_in_one_file(folder: Path) -> None:
    """`terragrunt run --all -- show -json tfplan` prints one after the other."""
    text = (HERE / "planned" / "plan.json").read_text()
    put(folder, "all.json", text + text)
    report = scan_templates(["all.json"], Config())
    (notice,) = [one for one in report.notices if one.level == "error"]
    assert notice.message == "holds several documents: write each plan to a file of its own"
    assert report.gate.exit_code == 3


# --- CDK for Terraform ----------------------------------------------------------------------------------------------

EXPECTED = {
    ("s3-bucket-public-policy", "aws_s3_bucket.features"),
    ("s3-bucket-public-access-block", "aws_s3_bucket.features"),
    ("vpc-sg-ingress-ssh", "aws_security_group.group"),
}


def test_what_cdktf_synthesizes() -> None:
    report = scan_templates([str(HERE / "cdktf.out")], Config())
    assert failures(report) >= EXPECTED
    assert "kms-key-rotation" in {one.check for one in report.results if one.status.value == "pass"}
    assert [notice.message for notice in report.notices if notice.level == "error"] == []
    (rule,) = [one for one in report.results if one.check == "vpc-sg-ingress-ssh"]
    assert rule.location
    assert (Path(rule.location.file or "").name, rule.location.present) == ("cdk.tf.json", True)


def test_what_is_said_of_it_is_no_property(raws: Raws) -> None:
    found = raws("", {"cdk.tf.json": (STACK / "cdk.tf.json").read_text()})
    assert not any("//" in raw.properties for raw in found.values())
    assert isinstance(found["aws_db_instance.labels"].properties["password"], Unknown)
    assert found["aws_kms_key.key"].scope.region == "us-east-1"
    assert found["aws_s3_bucket.features"].properties["tags"] == {"team": "ml"}


def test_the_plan_of_a_stack(folder: Path) -> None:
    """Verdicts are those of the synthesized configuration, on its lines."""
    shutil.copytree(STACK, folder / "stack")
    written = scan_templates(["stack/cdk.tf.json"], Config())
    planned = scan_templates(["stack/plan.json"], Config())
    assert failures(planned) == failures(written)
    places = {(one.location.file, one.location.line) for one in planned.results if one.location and one.location.line}
    assert {file for file, _ in places} == {"stack/cdk.tf.json"}
