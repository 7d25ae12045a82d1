"""Terraform through the whole chain: the command, gates, accepted risks, repairs."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from auditor.config import Config, Override
from auditor.fix.paste import paste
from auditor.report import Report
from auditor.scan import scan_templates
from tests.support import Run, put

KEY = 'resource "aws_kms_key" "{name}" {{\n  enable_key_rotation = {value}\n}}\n'
CHECK = "kms-key-rotation"
BUCKET = 'resource "aws_s3_bucket" "b" {\n  bucket = "b"\n}\n'
PUBLIC = Config(select=("s3-bucket-public-access-block",))


def keys(**values: bool) -> str:
    return "".join(KEY.format(name=name, value=str(value).lower()) for name, value in values.items())


def scan(*paths: Path | str, config: Config | None = None, **more: object) -> Report:
    return scan_templates([str(path) for path in paths], config or Config(select=(CHECK,), fail_on="low"), **more)  # type: ignore[arg-type]


def statuses(report: Report) -> dict[str, str]:
    return {one.resource.rpartition("#")[2]: one.status.value for one in report.results}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


# --- what is scanned ------------------------------------------------------------------------------------------------


def test_a_folder_of_all_kinds(folder: Path) -> None:
    put(folder, "infra/main.tf", keys(a=False))
    put(folder, "infra/app.yaml", "Resources:\n  K:\n    Type: AWS::KMS::Key\n    Properties: {}\n")
    assert statuses(scan("infra")) == {"aws_kms_key.a": "fail", "K": "fail"}
    put(folder, "tf/main.tf", keys(a=True))
    report = scan("tf")
    assert statuses(report) == {"aws_kms_key.a": "pass"}
    assert report.notices == []


def test_variables(folder: Path, run: Run) -> None:
    put(folder, "main.tf", 'variable "on" {}\nresource "aws_kms_key" "k" {\n  enable_key_rotation = var.on\n}\n')
    put(folder, "on.tfvars", "on = true\n")
    scanning = ("scan", "templates", ".", "-s", CHECK, "--fail-on", "low", "-f", "json")
    assert '"unknown"' in run(*scanning).out
    assert run(*scanning, "--var", "on=true").code == 0
    assert run(*scanning, "--var", "on=false").code == 1
    assert run(*scanning, "--var-file", "on.tfvars").code == 0
    assert run(*scanning, "--var", "on").err == "auditor: --var on: write it as NAME=VALUE\n"
    assert run(*scanning, "--var", "off=1").code == 2
    assert "there is no such file" in run(*scanning, "--var-file", "no.tfvars").err


def test_a_named_file_is_judged_with_what_stands_beside_it(folder: Path) -> None:
    put(folder, "main.tf", BUCKET)
    put(folder, "other.tf", BUCKET.replace('"b"', '"c"', 1))
    block = "".join(f"  {name} = true\n" for name in ("block_public_acls", "block_public_policy", "ignore_public_acls"))
    block += "  restrict_public_buckets = true\n"
    put(folder, "access.tf", f'resource "aws_s3_bucket_public_access_block" "b" {{\n  bucket = "b"\n{block}}}\n')
    assert statuses(scan("main.tf", config=PUBLIC)) == {"aws_s3_bucket.b": "pass"}


def test_the_region_is_the_providers(folder: Path) -> None:
    provider = (
        'provider "aws" {\n  region = "eu-west-3"\n}\nprovider "aws" {\n  alias = "us"\n  region = "us-east-1"\n}\n'
    )
    put(folder, "main.tf", provider + keys(a=False) + keys(b=False).replace("{", "{\n  provider = aws.us", 1))
    from auditor.sources.terraform import collect

    raws = collect(["."], region="ap-south-1").raws
    assert [raw.scope.region for raw in raws] == ["eu-west-3", "us-east-1"]
    assert len({raw.scope.name for raw in raws}) == 1


# --- what belongs to a resource but is declared apart ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("more", "status"),
    [
        ("", "fail"),
        ('output "name" {\n  value = aws_s3_bucket.b.id\n}\n', "unknown"),  # a module: who calls it may add one
        ('output "name" {\n  value = aws_s3_bucket.b.id\n}\nprovider "aws" {}\n', "fail"),
        ('module "m" {\n  source = "acme/access/aws"\n  bucket = aws_s3_bucket.b.id\n}\n', "unknown"),
        ('module "m" {\n  source = "acme/vpc/aws"\n}\n', "fail"),
    ],
)
def test_a_missing_part(folder: Path, more: str, status: str) -> None:
    put(folder, "main.tf", BUCKET + more)
    assert statuses(scan(".", config=PUBLIC)) == {"aws_s3_bucket.b": status}


# --- accepted risks -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "# auditor: ignore[kms-key-rotation] a test key\n" + keys(x=True) + keys(a=False),
        keys(x=True) + "# auditor: ignore[kms-key-rotation] a test key\n" + keys(a=False),
        keys(x=True) + "// auditor: ignore[kms-*] a test key\n" + keys(a=False),
        keys(x=True) + keys(a=False).replace("{\n", "{\n  # auditor: ignore[kms-key-rotation] a test key\n"),
        keys(x=True) + keys(a=False).replace("false", "false # auditor: ignore[kms-key-rotation] a test key"),
        keys(x=True) + 'resource "aws_kms_key" "a" {\n  # auditor: ignore[kms-key-rotation] a test key\n}\n',
    ],
)
def test_comments(folder: Path, text: str) -> None:
    put(folder, "main.tf", text)
    report = scan(".")
    assert statuses(report) == {"aws_kms_key.x": "pass", "aws_kms_key.a": "suppressed"}
    assert statuses(scan(".", inline=False))["aws_kms_key.a"] == "fail"


def test_a_comment_further_down_covers_what_follows(folder: Path) -> None:
    body = '  description = "x"\n  # auditor: ignore[kms-key-rotation] covers is_enabled only\n  is_enabled = true\n'
    put(folder, "main.tf", f'resource "aws_kms_key" "a" {{\n{body}}}\n')
    assert statuses(scan("."))["aws_kms_key.a"] == "fail"


def test_the_configuration_ignores_by_path(folder: Path) -> None:
    put(folder, "old/main.tf", keys(a=False))
    put(folder, "new/main.tf", keys(b=False))
    config = Config(select=(CHECK,), override=(Override(path="old/*", ignore=(CHECK,)),))
    assert statuses(scan(".", config=config)) == {"aws_kms_key.b": "fail"}


# --- git ------------------------------------------------------------------------------------------------------------


@pytest.fixture
def commit(folder: Path) -> Callable[[], None]:
    def git(*arguments: str) -> None:
        subprocess.run(["git", "-c", "user.name=x", "-c", "user.email=x", *arguments], check=True, capture_output=True)

    def commit() -> None:
        git("add", ".")
        git("commit", "-q", "-m", "x")

    git("init", "-q")
    return commit


def test_only_what_a_change_adds(folder: Path, run: Run, commit: Callable[[], None]) -> None:
    """Modules outside of the scanned folder are read as they were, too."""
    put(folder, "modules/key/main.tf", keys(m=False))
    put(folder, "app/main.tf", 'module "key" {\n  source = "../modules/key"\n}\n' + keys(a=False))
    commit()
    scanning = ("scan", "templates", "app", "-s", CHECK, "--fail-on", "low", "--against", "HEAD")
    assert run(*scanning).code == 0
    put(folder, "app/more.tf", keys(b=False))
    ran = run(*scanning, "-f", "json")
    assert ran.code == 1
    new = [
        one["resource"] for one in json.loads(ran.out)["results"] if one["status"] == "fail" and not one.get("known")
    ]
    assert [name.rpartition("#")[2] for name in new] == ["aws_kms_key.b"]


def test_a_changed_variable_changes_other_files(folder: Path, run: Run, commit: Callable[[], None]) -> None:
    put(folder, "one/main.tf", 'resource "aws_kms_key" "k" {\n  enable_key_rotation = var.on\n}\n')
    put(folder, "one/variables.tf", 'variable "on" {\n  default = true\n}\n')
    put(folder, "two/main.tf", keys(a=False))
    commit()
    put(folder, "one/variables.tf", 'variable "on" {\n  default = false\n}\n')
    ran = run("scan", "templates", ".", "-s", CHECK, "--changed-only", "-f", "json")
    assert [one["resource"] for one in json.loads(ran.out)["results"]] == ["one#aws_kms_key.k"]


# --- what a change makes of findings and costs -----------------------------------------------------------------------

CHANGES = Path(__file__).parent / "sources" / "terraform" / "changes"
"""Two configurations, and the plans that Terraform made of them (1.11.4, hashicorp/aws 5.100.0)."""

CHANGED = ("-s", CHECK, "-s", "ebs-volume-encryption", "-s", "ec2-instance-profile-missing")


@pytest.mark.parametrize("file", ["main.tf", "plan.json"])
@pytest.mark.parametrize("moved", [False, True], ids=["one place", "two places"])
def test_diff(folder: Path, run: Run, file: str, moved: bool) -> None:
    """Two folders or plans are compared as one that changed: what is in both costs what it did."""
    for name in ("old", "new"):
        put(folder, f"{name if moved else 'infra'}/{file}", (CHANGES / name / file).read_text())
        scanned = f"{name if moved else 'infra'}/{file if file == 'plan.json' else ''}"
        run("scan", "templates", scanned, *CHANGED, "-q", "-o", f"{name}.json")
    ran = run("diff", "old.json", "new.json")
    lines = ran.out.splitlines()
    assert [line for line in lines if line.startswith(("+", "-"))] == [
        "+ high     ebs-volume-encryption: aws_ebs_volume.scratch is not encrypted",
        "- medium   kms-key-rotation: aws_kms_key.key does not rotate",
    ]
    assert "1 new, 1 fixed, 2 unchanged" in lines
    assert "cost if always on: +$70.08 a month, at list prices before discounts" in lines
    assert [line for line in lines if "a month  " in line] == ["    +$70.08 a month  aws_instance.training"]
    assert f"{'new' if moved else 'infra'}/{file}{':17' if file == 'main.tf' else ''}" in ran.out
    assert "None" not in ran.out
    (cost,) = json.loads(run("diff", "old.json", "new.json", "--format", "json").out)["costs"]
    assert (cost["low"], cost["high"]) == (70.08, 70.08)


def test_what_a_revision_cost(folder: Path, run: Run, commit: Callable[[], None]) -> None:
    put(folder, "infra/main.tf", (CHANGES / "old" / "main.tf").read_text())
    commit()
    put(folder, "infra/main.tf", (CHANGES / "new" / "main.tf").read_text())
    ran = run("scan", "templates", "infra", *CHANGED, "--against", "HEAD", "-f", "json")
    change = json.loads(ran.out)["change"]
    assert (change["new"], change["known"], len(change["fixed"])) == (1, 2, 1)
    assert (change["cost_low"], change["cost_high"]) == (70.08, 70.08)
    told = run("scan", "templates", "infra", *CHANGED, "--against", "HEAD").out
    assert "costs if always on: +$70.08 a month" in " ".join(told.split())  # however wide the terminal is


# --- repairs --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("  enable_key_rotation = false # why\n", "  enable_key_rotation = true # why\n"),
        ("", "  enable_key_rotation = true\n"),
        (
            '  # the main one\n  description         = "x"\n',
            '  enable_key_rotation = true\n  # the main one\n  description         = "x"\n',
        ),
        ('  description                        = "x"\n', None),
        ("  enable_key_rotation = var.on\n", ""),
    ],
)
def test_fix(folder: Path, run: Run, before: str, after: str | None) -> None:
    top = 'variable "on" {\n  default = false\n}\n\nresource "aws_kms_key" "k" {\n'
    put(folder, "main.tf", f"{top}{before}}}\n")
    ran = run("fix", ".", "-s", CHECK, "--write")
    found = Path("main.tf").read_text()
    if after == "":
        assert found == f"{top}{before}}}\n"
        assert "an expression gives enable_key_rotation" in ran.out
        return
    expected = after or f"  {'enable_key_rotation'.ljust(34)} = true\n{before}"
    assert found == f"{top}{expected}}}\n"
    assert statuses(scan(".")) == {"aws_kms_key.k": "pass"}


def test_fix_in_parts_and_nested_blocks(folder: Path, run: Run) -> None:
    """What stands in a resource apart, or in a block, is repaired there; blocks that are not there are not made."""
    access = "  bucket            = aws_s3_bucket.b.id\n  block_public_acls = true\n"
    parts = (
        BUCKET
        + 'resource "aws_s3_bucket_versioning" "v" {\n  bucket = "b"\n\n  versioning_configuration {\n'
        + '    status = "Suspended"\n  }\n}\n'
        + f'resource "aws_s3_bucket_public_access_block" "p" {{\n{access}}}\n'
    )
    put(folder, "main.tf", parts)
    checks = ("-s", "s3-bucket-versioning", "-s", "s3-bucket-public-access-block")
    assert run("fix", ".", *checks, "--write").code == 0
    text = Path("main.tf").read_text()
    assert '    status = "Enabled"\n' in text
    assert text.count(" = true\n") == 4
    assert text.replace('"Enabled"', '"Suspended"').replace("  ignore_public_acls = true\n", "").startswith(parts[:150])
    report = scan(".", config=Config(select=checks[1::2]))
    assert [one.status.value for one in report.results] == ["pass", "pass"]


def test_a_resource_that_is_missing_is_named_and_not_made(folder: Path, run: Run) -> None:
    put(folder, "main.tf", BUCKET)
    checks = ("-s", "s3-bucket-versioning", "-s", "s3-bucket-public-access-block")
    ran = run("scan", "templates", ".", *checks)
    for kind in ("aws_s3_bucket_versioning", "aws_s3_bucket_public_access_block"):
        assert f"there is no {kind} for it" in ran.out
        assert f"it takes a resource of its own, {kind}" in run("fix", ".", *checks, "--write").out
    assert Path("main.tf").read_text() == BUCKET
    results = json.loads(run("scan", "templates", ".", *checks, "-f", "json").out)["results"]
    found = [paste("aws_s3_bucket", one["property"], one["expected"], live=False).terraform for one in results]
    assert [text.split('"')[1] for text in found] == ["aws_s3_bucket_public_access_block", "aws_s3_bucket_versioning"]
    assert "block_public_acls       = true" in found[0]


def test_what_is_not_repaired(folder: Path, run: Run) -> None:
    put(folder, "main.tf", 'resource "aws_kms_key" "k" {}\n')
    assert "the block is written in one line" in run("fix", ".", "-s", CHECK).out
    put(folder, "main.tf", "")
    Path("main.tf").unlink()
    put(folder, "main.tf.json", '{"resource": {"aws_kms_key": {"k": {}}}}')
    assert "Terraform's JSON is not changed" in run("fix", ".", "-s", CHECK).out
