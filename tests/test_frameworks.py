"""The frameworks' data, and how verdicts become the status of a control."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from auditor import frameworks
from auditor.compliance import assess
from auditor.config import Config
from auditor.errors import UsageError
from auditor.findings import Status, Verdict
from auditor.registry import Check, load_checks
from auditor.report import CONTROL_STATUSES, ControlResult
from tests.support import Run, put

IDS = {
    "aisf": r"AISF-(INFRA|IAM|DATA|AI|AGENT|ML|DETECT|GOV|RUNTIME|MODEL)-\d\d",
    "cis-3.0": r"[1-5](\.\d{1,2}){1,2}",
    "cis-5.0": r"[1-5](\.\d{1,2}){1,2}",
    "cis-7.0": r"[2-6](\.\d{1,2}){1,2}",
    "fsbp": r"[A-Z][A-Za-z0-9]+\.\d{1,3}",
    "ml-lens": r"ML(OPS|SEC|REL|PERF|COST|SUS)0[1-6]-BP\d\d",
    "sh-ai": r"(Bedrock|BedrockAgentCore|SageMaker)\.\d{1,2}",
}
SIZES = {"cis-3.0": 62, "cis-5.0": 63, "cis-7.0": 70, "ml-lens": 105, "sh-ai": 31}
"""As their publishers count them."""

EACH = pytest.mark.parametrize("name", frameworks.names())


@EACH
def test_the_data_is_sound(name: str) -> None:
    framework = frameworks.load(name)
    assert framework.title
    assert framework.short
    assert framework.version
    assert framework.source
    assert framework.complete or framework.note
    assert len(framework.controls) == SIZES.get(name, len(framework.controls))
    for control in framework.controls:
        assert re.fullmatch(IDS[name], control.id)
        assert control.title.strip() == control.title != ""
        assert control.title[0].isupper() or control.title[0].isdigit()
        assert not control.title.endswith(".")
        assert "should" not in control.title, "ours say the good state; the publishers' say what should be"
        assert "nsure" not in control.title
        assert list(control.checks) == sorted(set(control.checks))


@EACH
def test_every_check_exists_under_its_own_id(name: str) -> None:
    assert frameworks.checks_of([name]) - set(load_checks()) == set()


@EACH
def test_no_control_is_there_twice(name: str) -> None:
    text = (frameworks.FOLDER / f"{name}.toml").read_text(encoding="utf-8")
    ids = re.findall(r'(?m)^"([^"]+)" =', text)
    assert len(ids) == len(set(ids)) == len(frameworks.load(name).controls)


def test_security_hub_controls_are_the_same_in_both_standards() -> None:
    foundational = {control.id: control for control in frameworks.load("fsbp").controls}
    for control in frameworks.load("sh-ai").controls:
        assert foundational.get(control.id, control) == control


def test_a_wrong_name_is_refused() -> None:
    with pytest.raises(UsageError, match=r"did you mean cis-5\.0"):
        frameworks.load("CIS-5.0")
    with pytest.raises(UsageError, match="there are aisf, cis"):
        frameworks.load("../secrets")


def test_the_generator_writes_built_checks_only_and_keeps_the_rest(tmp_path: Path) -> None:
    put(
        tmp_path,
        "catalogue.csv",
        "id,frameworks\nkms-key-rotation,FSBP:S3.5;CIS-5.0:3.6\nnot-built-yet,SH-AI:SageMaker.1\n"
        "s3-bucket-versioning,SH:EC2.8;FSBP:Nothing.1\n",
    )
    out = tmp_path / "frameworks"
    out.mkdir()
    for file in frameworks.FOLDER.glob("*.toml"):
        put(out, file.name, file.read_text(encoding="utf-8"))
    root = Path(__file__).resolve().parent.parent
    command = [sys.executable, "tools/build_frameworks.py", str(tmp_path / "catalogue.csv"), str(out)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=root, env={"PYTHONPATH": str(root)})
    assert done.stderr == "FSBP:Nothing.1 is in no framework's file\n"
    text = (out / "fsbp.toml").read_text(encoding="utf-8")
    assert '"S3.5" = { title = "Buckets refuse plain HTTP", checks = ["kms-key-rotation"] }' in text
    assert '"EC2.8" = { title = "Instances require IMDSv2", checks = ["s3-bucket-versioning"] }' in text
    assert "not-built-yet" not in text
    assert text.count("checks = [") == len(frameworks.load("fsbp").controls)
    assert text.count("checks = []") == len(frameworks.load("fsbp").controls) - 2


def verdict(check: Check, status: Status) -> Verdict:
    nobody: Any = None  # a status needs no resource
    return Verdict(check, nobody, status)


def judge(
    *statuses: Status, checks: list[str] | None = None, hidden: set[str] | None = None, kind: Any = "account"
) -> ControlResult:
    """CIS 5.0's 3.6, which `kms-key-rotation` judges."""
    known = load_checks()
    ran = [known[check] for check in (["kms-key-rotation"] if checks is None else checks)]
    verdicts = [verdict(known["kms-key-rotation"], status) for status in statuses]
    (one,) = assess(kind, Config(frameworks=("cis-5.0",)), ran, verdicts, hidden or set())
    assert sum(one.counts.values()) == len(one.controls)
    assert list(one.counts) == list(CONTROL_STATUSES)
    return next(control for control in one.controls if control.id == "3.6")


@pytest.mark.parametrize(
    ("statuses", "expected"),
    [
        ([], "no-resources"),
        ([Status.PASS, Status.PASS], "pass"),
        ([Status.PASS, Status.UNKNOWN], "unknown"),
        ([Status.PASS, Status.ERROR], "unknown"),
        ([Status.PASS, Status.SUPPRESSED], "accepted"),
        ([Status.SUPPRESSED, Status.UNKNOWN], "unknown"),
        ([Status.FAIL, Status.PASS, Status.UNKNOWN, Status.SUPPRESSED], "fail"),
    ],
)
def test_the_status_of_a_control(statuses: list[Status], expected: str) -> None:
    found = judge(*statuses)
    assert found.status == expected
    assert sum(found.verdicts.values()) == len(statuses)
    assert found.because == (() if expected in ("pass", "no-resources") else ("kms-key-rotation",))


@pytest.mark.parametrize("statuses", [[], [Status.PASS]])
def test_resources_that_a_gap_may_hide_are_no_pass(statuses: list[Status]) -> None:
    assert judge(*statuses, hidden={"kms-key-rotation"}).status == "unknown"
    assert judge(Status.FAIL, hidden={"kms-key-rotation"}).status == "fail"


def test_a_check_that_was_not_run_is_no_pass() -> None:
    found = judge(checks=[])
    assert found.status == "not-covered"
    assert found.reason == "not run in this scan: kms-key-rotation"


def test_checks_of_other_inputs_do_not_cover_a_template() -> None:
    live, framework = next(
        (check, framework)
        for check in load_checks().values()
        if check.inputs == ("live",)
        for framework in map(frameworks.load, frameworks.names())
        if any(control.checks == (check.id,) for control in framework.controls)
    )
    for kind, expected in (("templates", "not-covered"), ("account", "no-resources")):
        (one,) = assess(kind, Config(frameworks=(framework.name,)), [live], [], set())  # type: ignore[arg-type]
        found = [control for control in one.controls if control.checks == (live.id,)]
        assert {control.status for control in found} == {expected}


def test_what_a_report_has_where_nobody_asked() -> None:
    checks = load_checks().values()
    usual = [one.name for one in assess("account", Config(), checks, [], set())]
    assert usual == [name for name in frameworks.names() if frameworks.load(name).default] != []
    assert assess("templates", Config(), checks, [], set()) == []
    assert assess("account", Config(select=("cost",)), checks, [], set()) == []


TEMPLATE = """\
Resources:
  Key:
    Type: AWS::KMS::Key
    Properties:
      EnableKeyRotation: false
      Tags: []
"""


def test_a_framework_narrows_the_scan_and_is_in_every_report(run: Run, tmp_path: Path) -> None:
    put(tmp_path, "app.yaml", TEMPLATE)
    ran = run("scan", "templates", "app.yaml", "--framework", "cis-5.0", "--framework", "sh-ai", "-o", "scan.json")
    assert "Compliance  CIS 5.0: 1 control judged: 1 fail, 0 pass, 0 unknown;" in ran.out
    report = json.loads((tmp_path / "scan.json").read_text())
    assert {result["check"] for result in report["results"]} == {"kms-key-rotation"}
    assert [one["name"] for one in report["compliance"]] == ["cis-5.0", "sh-ai"]
    failed = [control for control in report["compliance"][0]["controls"] if control["status"] == "fail"]
    assert [control["id"] for control in failed] == ["3.6"]
    assert run("report", "scan.json").out == ran.out
    assert "failed: `3.6`" in run("report", "scan.json", "-f", "markdown").out
    assert json.loads(run("scan", "templates", "app.yaml", "-f", "json").out)["compliance"] == []


def test_the_configuration_names_frameworks_too(run: Run, tmp_path: Path) -> None:
    put(tmp_path, "app.yaml", TEMPLATE)
    put(tmp_path, "auditor.toml", 'frameworks = ["cis-3.0"]\n')
    report = json.loads(run("scan", "templates", "app.yaml", "-f", "json").out)
    assert [one["name"] for one in report["compliance"]] == ["cis-3.0"]
    ran = run("scan", "templates", "app.yaml", "--framework", "cis")
    assert ran.code == 2
    assert "there is no framework cis; did you mean cis-" in ran.err


def test_the_command_lists_them(run: Run) -> None:
    listed = run("frameworks").out
    for name in frameworks.names():
        assert f"\n{name} " in f"\n{listed}"
    described = {one["name"]: one for one in json.loads(run("frameworks", "--format", "json").out)}
    assert {"id": "3.6", "title": "Symmetric keys of yours rotate", "checks": ["kms-key-rotation"]} in described[
        "cis-5.0"
    ]["controls"]
    checks = {one["id"]: one for one in json.loads(run("checks", "--format", "json").out)}
    assert "CIS 5.0 3.6" in checks["kms-key-rotation"]["frameworks"]
    assert "CIS 5.0 3.6" in run("explain", "kms-key-rotation").out
    assert set(json.loads(run("checks", "--framework", "cis-5.0", "--format", "json").out)[0]) == set(
        checks["kms-key-rotation"]
    )
