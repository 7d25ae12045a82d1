"""The commands as a user runs them: what they print, and their exit codes."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from reports import interface
from tests.support import Run, put

GOOD = "Resources:\n  Key:\n    Type: AWS::KMS::Key\n    Properties:\n      EnableKeyRotation: true\n"
BAD = GOOD.replace("true", "false")


def test_a_finding_points_at_its_property_and_fails_the_gate(run: Run, tmp_path: Path) -> None:
    put(tmp_path, "app.yaml", BAD)
    ran = run("scan", "templates", "app.yaml", "--fail-on", "low")
    assert ran.code == 1
    assert "kms-key-rotation" in ran.out
    assert "app.yaml:5:26" in ran.out
    assert "EnableKeyRotation: false" in ran.out
    assert run("scan", "templates", "app.yaml", "--fail-on", "critical").code == 0
    assert run("scan", "templates", "app.yaml", "--fail-on", "low", "-i", "kms-*").code == 0


def test_suppression_in_the_configuration(run: Run, tmp_path: Path) -> None:
    put(tmp_path, "app.yaml", BAD)
    put(
        tmp_path,
        "auditor.toml",
        'fail-on = "low"\n[[suppress]]\ncheck = "kms-key-rotation"\nreason = "rotated by hand"\n',
    )
    ran = run("scan", "templates", "app.yaml", "-f", "json")
    assert ran.code == 0
    (result,) = [r for r in json.loads(ran.out)["results"] if r["check"] == "kms-key-rotation"]
    assert result["status"] == "suppressed"
    assert result["suppression"]["reason"] == "rotated by hand"


def test_json_goes_to_html(run: Run, tmp_path: Path) -> None:
    put(tmp_path, "app.yaml", BAD)
    run("scan", "templates", "app.yaml", "-o", "scan.json", "-o", "scan.html")
    assert json.loads((tmp_path / "scan.json").read_text())["schema"] == "auditor-report/1"
    direct = (tmp_path / "scan.html").read_text()
    assert run("report", "scan.json", "-f", "html", "-o", "later.html").code == 0
    assert (tmp_path / "later.html").read_text() == direct
    assert "kms-key-rotation" in run("report", "scan.json").out


BROKEN: dict[str, tuple[str | bytes, str]] = {
    "empty.yaml": ("", "empty"),
    "syntax.yaml": ("Resources:\n  A: [1, 2\n  B: }\n", "syntax.yaml:"),
    "duplicate.yaml": (
        "Resources:\n  A:\n    Type: AWS::S3::Bucket\n  A:\n    Type: AWS::KMS::Key\n",
        "duplicate.yaml:4",
    ),
    "bomb.yaml": (
        "a: &a [x,x,x,x,x,x,x,x,x,x]\n"
        + "".join(
            f"{new}: &{new} [{','.join([f'*{old}'] * 10)}]\n" for old, new in zip("abcdefgh", "bcdefghi", strict=True)
        )
        + "Resources: {A: {Type: AWS::S3::Bucket, Properties: *i}}\n",
        "bomb.yaml",
    ),
    "deep.yaml": ("Resources: " + "[" * 10_000 + "]" * 10_000, "deep.yaml"),
    "deep.json": ('{"Resources": ' + '{"a":' * 10_000 + "1" + "}" * 10_001, "deep.json"),
    "binary.yaml": (b"Resources:\x00\x01\xff\xfe", "binary.yaml"),
    "list.yaml": ("Resources:\n  - Type: AWS::S3::Bucket\n", "list.yaml:1"),
    "type.yaml": ("Resources:\n  A:\n    Type: {a: b}\n", "type.yaml:3"),
    "syntax.json": ('{"Resources": {"A": }}', "syntax.json:1"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_file_is_named_and_the_good_one_beside_it_is_scanned(run: Run, tmp_path: Path, name: str) -> None:
    content, place = BROKEN[name]
    put(tmp_path, f"infra/{name}", content)
    put(tmp_path, "infra/good.yaml", GOOD)
    ran = run("scan", "templates", f"infra/{name}", "infra/good.yaml", "-f", "json")
    report = json.loads(ran.out)
    assert ran.code == 3
    assert "kms-key-rotation" in {result["check"] for result in report["results"] if result["status"] == "pass"}
    errors = [notice for notice in report["notices"] if notice["level"] == "error"]
    assert errors
    where = f"{errors[0]['location'].get('file')}:{errors[0]['location'].get('line', '')}"
    assert place in f"{where} {errors[0]['message']}"
    assert name in run("scan", "templates", f"infra/{name}", "infra/good.yaml").out


def test_nothing_to_read(run: Run, tmp_path: Path) -> None:
    put(tmp_path, "good.yaml", GOOD)
    (tmp_path / "none").mkdir()
    for missing in ("missing.yaml", "none"):
        ran = run("scan", "templates", missing, "good.yaml")
        assert ran.code == 3
        assert missing in ran.out
        assert run("scan", "templates", missing).code == 3


def test_a_reference_cycle_ends(run: Run, tmp_path: Path) -> None:
    cycle = "Resources:\n" + "".join(
        f"  {a}:\n    Type: AWS::S3::Bucket\n    Properties:\n      BucketName: !Ref {b}\n" for a, b in ("AB", "BA")
    )
    put(tmp_path, "cycle.yaml", cycle)
    ran = run("scan", "templates", "cycle.yaml", "-f", "json")
    assert ran.code in (0, 1)
    assert any("depend on each other" in notice["message"] for notice in json.loads(ran.out)["notices"])


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["scan", "templates", "good.yaml", "--parameters", "parameters.json"], "Stge"),
        (["scan", "templates", "good.yaml", "--parameters", "missing.json"], "missing.json"),
        (["scan", "templates", "good.yaml", "--config", "bad.toml"], "did you mean fail-on?"),
        (["scan", "templates", "good.yaml", "-s", "kms-key-rotatio"], "did you mean kms-key-rotation?"),
        (["scan", "templates", "good.yaml", "-f", "htm"], "html"),
        (["scan", "templates", "good.yaml", "-o", "report.docx"], "suffix"),
        (["scan", "templates", "good.yaml", "-o", "no/such/report.html"], "does not exist"),
        (["scan", "templates"], "PATH"),
        (["scan", "account", "--profile", "nobody"], "nobody"),
        (["scan", "account"], "credentials"),
        (["explain", "kms-rotation"], "kms-key-rotation"),
        (["report", "good.yaml"], "not valid JSON"),
        (["chekcs"], "Did you mean 'checks'?"),
        (["checks", "--checks-dir", "nowhere"], "nowhere"),
    ],
)
def test_bad_usage_says_what_to_do(run: Run, tmp_path: Path, arguments: list[str], message: str) -> None:
    put(tmp_path, "good.yaml", "Parameters:\n  Stage:\n    Type: String\n" + GOOD)
    put(tmp_path, "parameters.json", '{"Stge": "prod"}')
    put(tmp_path, "bad.toml", 'fail-onn = "high"')
    ran = run(*arguments)
    assert ran.code == 2
    assert message in ran.err
    assert not ran.out


def test_checks_and_explain(run: Run) -> None:
    listed = json.loads(run("checks", "--format", "json").out)
    assert {"id", "pillar", "severity", "inputs", "title"} <= set(listed[0])
    assert f"{len(listed)} checks" in run("checks").out
    explained = run("explain", "kms-key-rotation").out
    for part in (
        "kms-key-rotation",
        "Fix:",
        "Fails (CloudFormation):",
        "Passes (Terraform):",
        "AWS::KMS::Key",
        "aws_kms_key",
    ):
        assert part in explained


def test_explain_shows_the_first_example_of_each_kind(run: Run) -> None:
    few, every = run("explain", "s3-bucket-public-policy").out, run("explain", "s3-bucket-public-policy", "--all").out
    kinds = [f"{verb} ({language}):" for verb in ("Fails", "Passes") for language in ("CloudFormation", "Terraform")]
    assert [few.count(kind) for kind in kinds] == [1, 1, 1, 1]
    assert every.count("Fails (CloudFormation):") > 1
    left = sum(map(every.count, kinds)) - len(kinds)
    assert f"--all` shows {left} more examples." in few
    assert "--all" not in every


def test_new_check_writes_a_check_that_loads(run: Run, tmp_path: Path) -> None:
    ran = run("new-check", "kms-key-alias", "--pillar", "governance", "-r", "AWS::KMS::Key", "--folder", "mine")
    assert ran.code == 0
    file = tmp_path / "mine" / "governance" / "kms_key_alias.py"
    assert "# bad" in (file.parent / "examples" / "kms-key-alias.hcl").read_text(encoding="utf-8")
    assert "kms-key-alias" in file.read_text()
    process = subprocess.run(
        [sys.executable, "-m", "auditor", "checks", "--checks-dir", "mine", "--format", "json"],
        capture_output=True,
        text=True,
        check=True,
        cwd=tmp_path,
    )
    (made,) = [check for check in json.loads(process.stdout) if check["id"] == "kms-key-alias"]
    assert made["pillar"] == "governance"
    assert run("new-check", "kms-key-alias", "--pillar", "cost", "-r", "nonsense").code == 2
    assert run("new-check", "kms-key-rotation", "--pillar", "cost", "-r", "AWS::KMS::Key").code == 2


def test_version_help_and_completion(run: Run) -> None:
    assert run("--version").out.startswith("auditor ")
    assert "Commands:" in run("--help").out
    assert "Example" in run("scan", "templates", "--help").out
    assert "_AUDITOR_COMPLETE" in run("completion", "bash").out
    described = run("report", "--help").out
    assert all(name in described for name in interface.names())


def test_start_up_imports_only_what_the_command_needs() -> None:
    heavy = ("boto3", "botocore", "cfnlint", "jinja2", "rich", "moto", "pydantic")
    code = f"import sys, auditor.cli; print([name for name in {heavy} if name in sys.modules])"
    process = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert process.stdout.strip() == "[]"
    code = (
        "import sys; from auditor.cli import main\n"
        "sys.argv = ['auditor', 'scan', 'templates', 'benchmarks/small.yaml']\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        f"print([name for name in {heavy} if name in sys.modules])"
    )
    root = Path(__file__).resolve().parent.parent
    process = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=root)
    assert process.stdout.strip().splitlines()[-1] == "[]"
