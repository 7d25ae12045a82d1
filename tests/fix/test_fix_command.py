"""`auditor fix`: what it prints, what it writes, and how it ends."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from auditor.cli import cli

BAD = "Resources:\n  Key:  # of all\n    Type: AWS::KMS::Key\n"
GOOD = "Resources:\n  Key:  # of all\n    Type: AWS::KMS::Key\n    Properties:\n      EnableKeyRotation: true\n"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def put(name: str, text: str) -> Path:
    file = Path(name)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(text.encode())
    return file


def run(*arguments: str) -> Result:
    return CliRunner().invoke(cli, ["fix", *arguments], catch_exceptions=False)


def test_the_diff_is_printed_and_nothing_written() -> None:
    file = put("infra/t.yaml", BAD)
    ran = run("infra")
    assert ran.exit_code == 1
    assert file.read_text() == BAD
    assert (
        ran.output
        == """\
infra/t.yaml:2:3: Key: kms-key-rotation
--- a/infra/t.yaml
+++ b/infra/t.yaml
@@ -1,3 +1,5 @@
 Resources:
   Key:  # of all
     Type: AWS::KMS::Key
+    Properties:
+      EnableKeyRotation: true

1 repair to make in 1 file. Make them with --write.
"""
    )


@pytest.mark.skipif(shutil.which("git") is None, reason="needs git")
@pytest.mark.parametrize(
    "text",
    [
        BAD,
        BAD.replace("\n", "\r\n"),
        BAD.rstrip("\n"),
        "\ufeff" + BAD,
        '{"Resources":\t{"Key": {"Type": "AWS::KMS::Key"}}}',
    ],
)
def test_what_is_printed_is_a_patch(text: str) -> None:
    file = put("t.yaml", text)
    patch = Path("t.patch")
    patch.write_bytes(run("t.yaml").stdout_bytes)
    subprocess.run(["git", "apply", str(patch)], check=True)
    applied = file.read_bytes()
    file.write_bytes(text.encode())
    assert run("t.yaml", "--write").exit_code == 0
    assert file.read_bytes() == applied != text.encode()


def test_write_changes_the_files_and_says_what() -> None:
    bad, good = put("bad.yaml", BAD), put("good.yaml", GOOD)
    bad.chmod(0o640)
    before = good.stat().st_mtime_ns
    ran = run(".", "--write")
    assert ran.exit_code == 0
    assert bad.read_text() == GOOD
    assert stat.S_IMODE(bad.stat().st_mode) == 0o640
    assert good.stat().st_mtime_ns == before
    assert "bad.yaml:2:3: Key: kms-key-rotation: EnableKeyRotation true" in ran.output
    assert "1 repair made in 1 file." in ran.output
    assert "@@" not in ran.output
    assert run(".").exit_code == 0


def test_write_and_diff_together_show_both() -> None:
    put("t.yaml", BAD)
    ran = run("t.yaml", "--write", "--diff")
    assert ran.exit_code == 0
    assert "+      EnableKeyRotation: true" in ran.output


def test_side_effects_are_announced() -> None:
    put("t.yaml", "Resources: {Disk: {Type: AWS::EC2::Volume, Properties: {AvailabilityZone: a, VolumeType: gp3}}}")
    assert "it needs a new volume in the place of an existing one" in run("t.yaml").output


def test_what_is_not_certain_is_said_with_its_place() -> None:
    put(
        "t.yaml",
        "Parameters: {Rotate: {Type: String}}\n"
        "Resources:\n  Key: {Type: AWS::KMS::Key, Properties: {EnableKeyRotation: !Ref Rotate}}\n",
    )
    put("p.json", '{"Rotate": "false"}')
    ran = run("t.yaml", "--parameters", "p.json")
    assert ran.exit_code == 0
    assert "t.yaml:3:62: Key: kms-key-rotation: EnableKeyRotation is given by Ref" in ran.output
    assert "no repair to make; 1 not certain." in ran.output


def test_only_selected_checks_are_repaired() -> None:
    put("t.yaml", "Resources: {Data: {Type: AWS::S3::Bucket}}")
    assert "PublicAccessBlock" not in run("t.yaml", "-s", "s3-bucket-versioning").output
    assert "Versioning" not in run("t.yaml", "-i", "s3-bucket-versioning").output
    put("c.toml", 'ignore = ["s3-*"]')
    assert run("t.yaml", "--config", "c.toml").exit_code == 0


def test_a_broken_file_beside_a_good_one() -> None:
    good = put("good.yaml", BAD)
    put("broken.yaml", "Resources: [")
    ran = run(".")
    assert ran.exit_code == 1
    assert "error: broken.yaml:1" in ran.output
    ran = run(".", "--write")
    assert ran.exit_code == 3
    assert good.read_text() == GOOD


def test_a_file_that_cannot_be_written(monkeypatch: pytest.MonkeyPatch) -> None:
    locked, other = put("locked.yaml", BAD), put("open.yaml", BAD)
    replace = os.replace

    def refuse(source: Path, target: Path) -> None:
        if target.name == locked.name:
            raise PermissionError(13, "Permission denied")
        replace(source, target)

    monkeypatch.setattr(os, "replace", refuse)
    ran = run(".", "--write")
    assert ran.exit_code == 3
    assert "locked.yaml: cannot be written: Permission denied" in ran.output
    assert "1 repair made in 1 file" in ran.output
    assert (locked.read_text(), other.read_text()) == (BAD, GOOD)


def test_control_characters_do_nothing() -> None:
    put("t.json", '{"Resources": {"Key": {"Type": "AWS::KMS::Key", "Metadata": "\x9b31m\u202e"}}}')
    output = run("t.json").output
    assert "\x9b" not in output
    assert "\u202e" not in output


def test_bad_usage() -> None:
    assert run().exit_code == 2
