"""What a pull request is held to: only what it adds, and not what was accepted with a reason."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from auditor.baseline import compare
from auditor.config import Config, Override
from auditor.findings import Status
from auditor.raw import Ignore
from auditor.report import Report, Result
from auditor.scan import scan_templates
from auditor.sources.comments import ignores
from tests.support import Run, put

KEY = "  {name}:\n    Type: AWS::KMS::Key\n    Properties:\n      EnableKeyRotation: {value}\n"


def keys(**values: bool) -> str:
    return "Resources:\n" + "".join(KEY.format(name=name, value=str(value).lower()) for name, value in values.items())


def scan(folder: Path, *names: str, **more: Any) -> Report:
    config = more.pop("config", Config(select=("kms-key-rotation",), fail_on="low"))
    return scan_templates([str(folder / name) for name in names], config, **more)


def new(report: Report) -> list[str]:
    return [r.resource.rpartition("#")[2] for r in report.results if r.status.value == "fail" and not r.known]


# --- baseline -------------------------------------------------------------------------------------------------------


def test_only_what_the_baseline_lacks_fails_the_gate(tmp_path: Path) -> None:
    put(tmp_path, "a.yaml", keys(A=False, B=False, C=True))
    before = scan(tmp_path, "a.yaml")
    assert before.gate.exit_code == 1
    put(tmp_path, "a.yaml", "# moved down\n\n" + keys(B=False, C=True, A=False))
    same = scan(tmp_path, "a.yaml", baseline=before, against="before")
    assert (new(same), same.gate.exit_code) == ([], 0)
    assert same.change and (same.change.new, same.change.known, same.change.fixed) == (0, 2, [])
    put(tmp_path, "a.yaml", keys(A=True, B=False, C=False))
    after = scan(tmp_path, "a.yaml", baseline=before, against="before")
    assert (new(after), after.gate.exit_code) == (["C"], 1)
    assert after.change and [r.resource.rpartition("#")[2] for r in after.change.fixed] == ["A"]


def test_a_renamed_file_keeps_its_findings(tmp_path: Path) -> None:
    put(tmp_path, "a.yaml", keys(A=False, B=False))
    before = scan(tmp_path, "a.yaml")
    (tmp_path / "a.yaml").rename(tmp_path / "b.yaml")
    put(tmp_path, "b.yaml", keys(A=False, B=False, C=False))
    assert new(scan(tmp_path, "b.yaml", baseline=before)) == ["C"]
    put(tmp_path, "a.yaml", keys(A=False, B=False))  # not renamed: both files are there
    assert sorted(new(scan(tmp_path, "a.yaml", "b.yaml", baseline=before))) == ["A", "B", "C"]


RULE = "        - {{IpProtocol: tcp, FromPort: 22, ToPort: 22, CidrIp: {cidr}}}\n"
GROUP = (
    "Resources:\n  G:\n    Type: AWS::EC2::SecurityGroup\n    Properties:\n      GroupDescription: g\n"
    "      SecurityGroupIngress:\n"
)


def test_an_added_rule_is_not_taken_for_its_neighbour(tmp_path: Path) -> None:
    config = Config(select=("vpc-sg-ingress-ssh",))
    put(tmp_path, "g.yaml", GROUP + RULE.format(cidr="0.0.0.0/0"))
    before = scan(tmp_path, "g.yaml", config=config)
    put(
        tmp_path,
        "g.yaml",
        GROUP + RULE.format(cidr="'::/0'").replace("CidrIp:", "CidrIpv6:") + RULE.format(cidr="0.0.0.0/0"),
    )
    after = scan(tmp_path, "g.yaml", config=config, baseline=before)
    (added,) = [r for r in after.results if r.status.value == "fail" and not r.known]
    assert added.location and added.location.line == 7
    assert "::/0" in added.message


def test_compare_pairs_each_finding_once() -> None:
    def one(message: str) -> Result:
        return Result("c", "a.yaml#A", Status.FAIL, message=message, property="P.0")

    before = type("Before", (), {"results": [one("x"), one("x")]})
    results = [one("x"), one("x"), one("x")]
    change = compare(results, before, "before")  # type: ignore[arg-type]
    assert (change.new, change.known, change.fixed) == (1, 2, [])


@pytest.mark.parametrize("status", [Status.UNKNOWN, Status.ERROR, Status.SUPPRESSED])
def test_what_is_undecided_or_accepted_is_not_fixed(status: Status) -> None:
    before = type("Before", (), {"results": [Result("c", "a.yaml#A", Status.FAIL, message="x", property="P")]})
    now = Result("c", "a.yaml#A", status, message="x", property="P")
    assert compare([now], before, "before").fixed == []  # type: ignore[arg-type]
    assert not now.known
    assert len(compare([], before, "before").fixed) == 1  # type: ignore[arg-type]


def test_an_ignore_of_what_was_not_asked_for_is_not_called_stale(tmp_path: Path) -> None:
    """A check that was not run, and a file that was read only to understand another."""
    ignored = keys(A=False).replace("false", "false  # auditor: ignore[kms-key-rotation] by hand")
    put(tmp_path, "a.yaml", ignored)
    put(tmp_path, "b.yaml", keys(B=True))
    assert scan(tmp_path, "a.yaml", config=Config(select=("s3-bucket-versioning",))).notices == []
    assert scan(tmp_path, "a.yaml", "b.yaml", only=[tmp_path / "b.yaml"]).notices == []


# --- git ------------------------------------------------------------------------------------------------------------


@pytest.fixture
def repository(tmp_path: Path) -> Callable[..., str]:
    """Runs git in a new repository at `tmp_path`."""

    def git(*arguments: str) -> str:
        identity = ("-c", "user.name=t", "-c", "user.email=t@example.invalid", "-c", "commit.gpgsign=false")
        done = subprocess.run(["git", *identity, *arguments], cwd=tmp_path, check=True, capture_output=True, text=True)
        return done.stdout

    git("init", "-q", "-b", "main")
    return git


def test_300_old_findings_and_a_new_one(run: Run, tmp_path: Path, repository: Callable[..., str]) -> None:
    old = {f"Old{number}": False for number in range(300)}
    put(tmp_path, "infra/app.yaml", keys(**old))
    repository("add", "-A")
    repository("commit", "-qm", "old")
    put(tmp_path, "infra/app.yaml", keys(**old, New=False))
    gate = ("scan", "templates", "infra", "--fail-on", "medium", "-s", "kms-key-rotation")
    ran = run(*gate, "--against", "HEAD")
    assert ran.code == 1
    assert ran.out.count("[kms-key-rotation]") == 1
    assert "infra/app.yaml:1205:26" in ran.out
    assert "HEAD: 1 new, 300 known, 0 fixed" in ran.out
    repository("commit", "-qam", "new")
    assert run(*gate, "--against", "HEAD").code == 0
    assert run(*gate, "--against", "HEAD~1").code == 1
    (tmp_path / "infra" / "app.yaml").rename(tmp_path / "infra" / "renamed.yaml")
    assert run(*gate, "--against", "HEAD").code == 0


def test_changed_only_judges_what_git_says_changed(run: Run, tmp_path: Path, repository: Callable[..., str]) -> None:
    put(tmp_path, "infra/a.yaml", keys(A=False))
    put(tmp_path, "infra/b.yaml", keys(B=False))
    repository("add", "-A")
    repository("commit", "-qm", "old")
    put(tmp_path, "infra/b.yaml", keys(B=False) + "# touched\n")
    put(tmp_path, "infra/c.yaml", keys(C=False))
    ran = run("scan", "templates", "infra", "--changed-only", "-s", "kms-key-rotation", "-f", "json")
    assert {r["resource"] for r in json.loads(ran.out)["results"]} == {"infra/b.yaml#B", "infra/c.yaml#C"}


def test_git_problems_are_told(run: Run, tmp_path: Path, repository: Callable[..., str]) -> None:
    put(tmp_path, "a.yaml", keys(A=True))
    repository("add", "-A")
    repository("commit", "-qm", "old")
    ran = run("scan", "templates", "a.yaml", "--against", "origin/nowhere")
    assert ran.code == 2
    assert "no revision origin/nowhere" in ran.err
    assert "not in the git work tree" in run("scan", "templates", "/", "--against", "HEAD").err
    assert run("scan", "templates", "a.yaml", "--against", "HEAD", "--baseline", "x.json").code == 2


# --- diff -----------------------------------------------------------------------------------------------------------


def test_diff_of_two_reports(run: Run, tmp_path: Path) -> None:
    volume = (
        "Resources:\n  V:\n    Type: AWS::EC2::Volume\n    Properties: {Size: 100, VolumeType: gp2, Encrypted: true}\n"
    )
    scan_app = ("scan", "templates", "app.yaml", "-s", "ebs-volume-*", "-s", "kms-key-rotation", "-o")
    put(tmp_path, "app.yaml", keys(A=False))
    run(*scan_app, "old.json")
    put(tmp_path, "app.yaml", volume + keys(A=True).partition("\n")[2])
    run(*scan_app, "new.json")
    ran = run("diff", "old.json", "new.json")
    assert ran.code == 0
    assert "+ medium   ebs-volume-gp2" in ran.out
    assert "+ medium   ebs-volume-backup" in ran.out
    assert "- medium   kms-key-rotation" in ran.out
    assert "2 new, 1 fixed, 0 unchanged" in ran.out
    assert "waste: +$1.60 to +$2.00 a month" in ran.out
    assert run("diff", "old.json", "new.json", "--fail-on", "medium").code == 1
    assert run("diff", "old.json", "new.json", "--fail-on", "high").code == 0
    assert json.loads(run("diff", "new.json", "new.json", "--format", "json").out)["unchanged"] == 2


# --- suppressions in the template -----------------------------------------------------------------------------------


def suppressed(folder: Path, text: str, name: str = "a.yaml", **more: Any) -> tuple[dict[str, str], list[str]]:
    put(folder, name, text)
    report = scan(folder, name, **more)
    found = {r.resource.rpartition("#")[2]: r.status.value for r in report.results}
    return found, [notice.message for notice in report.notices]


IGNORE = "# auditor: ignore[kms-key-rotation] rotated by hand"


@pytest.mark.parametrize(
    "text",
    [
        keys(A=False).replace("Rotation: false", f"Rotation: false  {IGNORE} until 2999-01-31"),
        keys(A=False).replace("      Enable", f"      {IGNORE}\n      Enable"),
        keys(A=False).replace("  A:", f"  {IGNORE}\n  A:"),
        keys(A=False).replace("  A:", f"  A:  {IGNORE}"),
        keys(A=False).replace("  A:", f"  {IGNORE}\n  # more words\n\n  A:"),
        f"{IGNORE}\n{keys(A=False)}",
        keys(A=False).replace("Rotation: false", "Rotation: false  # auditor: ignore[iam-*, kms-*] by hand"),
        "Resources:\n  A:\n    Type: AWS::KMS::Key  # no property to comment on\n"
        + f"    {IGNORE}\n    Properties: {{}}\n",
    ],
    ids=["behind", "above", "above-resource", "behind-key", "with-gap", "file", "globs", "absent"],
)
def test_a_comment_accepts(tmp_path: Path, text: str) -> None:
    found, notices = suppressed(tmp_path, text)
    if "Properties: {}" in text:  # the finding is on the resource's key, which that comment does not cover
        assert found == {"A": "fail"}
        assert "matches no finding" in notices[0]
    else:
        assert (found, notices) == ({"A": "suppressed"}, [])
        assert suppressed(tmp_path, text, inline=False)[0] == {"A": "fail"}


def test_a_comment_covers_its_block_only(tmp_path: Path) -> None:
    text = keys(A=False, B=False).replace("  A:", f"  {IGNORE}\n  A:")
    assert suppressed(tmp_path, text)[0] == {"A": "suppressed", "B": "fail"}
    text = keys(A=False).replace("    Type", f"    {IGNORE}\n    Type")
    assert suppressed(tmp_path, text)[0] == {"A": "fail"}


@pytest.mark.parametrize(
    ("comment", "problem"),
    [
        ("# auditor: ignore[kms-key-rotation]", "has no reason"),
        ("# auditor: ignore[kms-key-rotation] by hand until 2020-01-31", "expired on 2020-01-31"),
        ("# auditor: ignore[kms-key-rotation] by hand until never", "is no date"),
        ("# auditor: ignore by hand", "names no check"),
        ("# auditor: ignore[kms-key-rotations] by hand", "matches no finding"),
    ],
)
def test_a_comment_that_does_not_count_is_told(tmp_path: Path, comment: str, problem: str) -> None:
    found, notices = suppressed(tmp_path, keys(A=False).replace("false", f"false  {comment}"))
    assert found == {"A": "fail"}
    (notice,) = notices
    assert problem in notice


def test_metadata_accepts_in_json(tmp_path: Path) -> None:
    entry = {"check": "kms-*", "reason": "rotated by hand", "until": "2999-01-31"}
    key: dict[str, Any] = {"Type": "AWS::KMS::Key", "Properties": {"EnableKeyRotation": False}}
    ignoring = {**key, "Metadata": {"auditor": {"ignore": [entry]}}}
    text = json.dumps({"Resources": {"A": ignoring, "B": key}})
    assert suppressed(tmp_path, text, "a.json")[0] == {"A": "suppressed", "B": "fail"}
    whole = json.dumps({"Metadata": {"auditor": {"ignore": entry}}, "Resources": {"A": key, "B": key}})
    assert suppressed(tmp_path, whole, "a.json")[0] == {"A": "suppressed", "B": "suppressed"}
    bad = json.dumps({"Resources": {"A": {**key, "Metadata": {"auditor": {"ignore": ["kms-key-rotation"]}}}}})
    found, notices = suppressed(tmp_path, bad, "a.json")
    assert found == {"A": "fail"}
    assert "has no reason" in notices[0]


def test_metadata_covers_what_is_made_of_a_resource(tmp_path: Path) -> None:
    text = """
Transform: AWS::LanguageExtensions
Resources:
  Fn::ForEach::Keys:
    - Name
    - [A, B]
    - ${Name}Key:
        Type: AWS::KMS::Key
        Metadata: {auditor: {ignore: [{check: kms-key-rotation, reason: rotated by hand}]}}
        Properties: {EnableKeyRotation: false}
"""
    assert suppressed(tmp_path, text) == ({"AKey": "suppressed", "BKey": "suppressed"}, [])


def test_one_finding_of_several_is_accepted(tmp_path: Path) -> None:
    rules = RULE.format(cidr="0.0.0.0/0").rstrip() + "  # auditor: ignore[vpc-sg-ingress-ssh] honeypot\n"
    put(tmp_path, "g.yaml", GROUP + rules + RULE.format(cidr="'::/0'").replace("CidrIp:", "CidrIpv6:"))
    report = scan(tmp_path, "g.yaml", config=Config(select=("vpc-sg-ingress-ssh",)))
    assert sorted((r.status.value, r.location.line if r.location else 0) for r in report.results) == [
        ("fail", 8),
        ("suppressed", 7),
    ]


def test_comments_in_texts_are_not_comments() -> None:
    assert not list(ignores("a.yaml", 'A: "# auditor: ignore[x] y"\n'))
    (found,) = ignores("a.yaml", "A:\n- b: 1 # auditor: ignore[x] y\n- c: 2\n")
    assert found == Ignore(("x",), "y", None, found.location, (2, 2))
    (found,) = ignores("a.yaml", "T: 1\nA: # auditor: ignore[x] y\n- b: 1\n  c: 2\n- d: 3\nB: 1\n")
    assert found.lines == (2, 5)


# --- overrides ------------------------------------------------------------------------------------------------------


def test_a_path_may_ignore_more(tmp_path: Path) -> None:
    put(tmp_path, "legacy/a.yaml", keys(A=False))
    put(tmp_path, "b.yaml", keys(B=False))
    config = Config(select=("kms-key-rotation",), override=(Override("*/legacy/*", ignore=("data-protection",)),))
    report = scan(tmp_path, "legacy/a.yaml", "b.yaml", config=config)
    assert [r.resource.rpartition("#")[2] for r in report.results] == ["B"]


# --- cfn-lint -------------------------------------------------------------------------------------------------------


def test_lint_adds_what_cfn_lint_says(run: Run, tmp_path: Path) -> None:
    text = keys(A=True).replace("EnableKeyRotation: true", "EnableKeyRotation: true\n      Descripton: a typo")
    put(tmp_path, "app.yaml", text)
    assert run("scan", "templates", "app.yaml").code == 0
    ran = run("scan", "templates", "app.yaml", "--lint", "-f", "json")
    report = json.loads(ran.out)
    (found,) = [r for r in report["results"] if r["check"] == "cfn-lint-E3002"]
    assert ran.code == 1
    assert (found["location"]["line"], found["resource"]) == (6, "app.yaml#A")
    assert "Descripton" in found["message"]
    assert report["score"]["value"] == 100
    assert "app.yaml:6:7" in run("scan", "templates", "app.yaml", "--lint").out
    run("scan", "templates", "app.yaml", "--lint", "-o", "old.json")
    assert run("scan", "templates", "app.yaml", "--lint", "--baseline", "old.json").code == 0


def test_a_template_may_have_parameters_of_its_own(run: Run, tmp_path: Path) -> None:
    text = "Parameters: {Rotate: {Type: String}}\n" + keys(A=True).replace("true", "!Ref Rotate")
    put(tmp_path, "infra/a.yaml", text)
    put(tmp_path, "infra/b.yaml", text)
    put(tmp_path, "parameters/a.json", '{"Rotate": "true"}')
    put(tmp_path, "auditor.toml", '[[override]]\npath = "infra/a.yaml"\nparameters = "parameters/a.json"\n')
    ran = run("scan", "templates", "infra", "-s", "kms-key-rotation", "-f", "json")
    assert {r["resource"]: r["status"] for r in json.loads(ran.out)["results"]} == {
        "infra/a.yaml#A": "pass",
        "infra/b.yaml#A": "unknown",
    }


def test_files_that_are_no_templates_can_be_passed_over(run: Run, tmp_path: Path) -> None:
    put(tmp_path, "compose.yaml", "services: {web: {image: nginx}}\n")
    put(tmp_path, "broken.yaml", "Resources:\n  A: [\n")
    assert run("scan", "templates", "compose.yaml").code == 3
    assert run("scan", "templates", "compose.yaml", "--skip-others").code == 0
    assert run("scan", "templates", "broken.yaml", "--skip-others").code == 3
    assert run("scan", "templates", "missing.yaml", "--skip-others").code == 3
