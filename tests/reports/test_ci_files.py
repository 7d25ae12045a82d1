"""The GitHub action, the GitLab component, the pre-commit hook, and what `docs/ci.md` tells people to copy."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from auditor.cli.scan import templates
from reports.interface import names
from reports.markdown import MARKER

ROOT = Path(__file__).parents[2]
ACTION: dict[str, Any] = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
STEPS: dict[str, dict[str, Any]] = {step["name"]: step for step in ACTION["runs"]["steps"]}
COMPONENT = list(yaml.safe_load_all((ROOT / "templates" / "auditor.yml").read_text(encoding="utf-8")))
HOOKS: list[dict[str, Any]] = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
DOCS = (ROOT / "docs" / "ci.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"<!-- schema: (\S+) -->\n```yaml\n(.*?)```", DOCS, re.DOTALL)

BAD = "Resources:\n  Key:\n    Type: AWS::KMS::Key\n    Properties:\n      EnableKeyRotation: false\n"


def check(schema: str, file: Path) -> None:
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", schema, str(file)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_action_follows_githubs_schema() -> None:
    check("vendor.github-actions", ROOT / "action.yml")


@pytest.mark.parametrize("part", [0, 1], ids=["spec", "job"])
def test_the_component_follows_gitlabs_schema(part: int, tmp_path: Path) -> None:
    file = tmp_path / "component.json"
    file.write_text(json.dumps(COMPONENT[part]))
    check("vendor.gitlab-ci", file)


@pytest.mark.parametrize(("schema", "text"), EXAMPLES)
def test_the_examples_follow_their_schemas(schema: str, text: str, tmp_path: Path) -> None:
    file = tmp_path / "example.yml"
    file.write_text(text)
    check(schema, file)


def test_the_examples_pass_inputs_that_exist() -> None:
    workflow = yaml.safe_load(next(text for schema, text in EXAMPLES if schema == "vendor.github-workflows"))
    (used,) = [step for step in workflow["jobs"]["auditor"]["steps"] if "/auditor@" in step["uses"]]
    assert set(used["with"]) <= set(ACTION["inputs"])
    include = yaml.safe_load(next(text for _, text in EXAMPLES if "component:" in text))
    assert set(include["include"][0]["inputs"]) <= set(COMPONENT[0]["spec"]["inputs"])
    for name in ACTION["inputs"]:
        assert f"`{name}`" in DOCS


def options_in(command: str) -> set[str]:
    return set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", command))


@pytest.mark.parametrize(
    "command",
    [
        pytest.param(STEPS["Scan templates"]["run"], id="action"),
        pytest.param(COMPONENT[1]['$[[ inputs.job-name ]]']["script"][-1], id="component"),
        pytest.param(HOOKS[0]["entry"], id="hook"),
        pytest.param("\n".join(re.findall(r"^auditor scan templates .*", DOCS, re.MULTILINE)), id="docs"),
    ],
)  # fmt: skip
def test_every_option_and_format_exists(command: str) -> None:
    known = {option for parameter in templates.params for option in parameter.opts}
    assert options_in(command) <= known
    formats = re.findall(r"(?:--format|-f) ([a-z-]+)", command)
    assert set(formats) <= set(names())


def test_docs_list_every_format() -> None:
    for name in names():
        assert f"| `{name}` |" in DOCS


def test_the_hook_takes_the_files_that_may_be_templates() -> None:
    pattern = re.compile(HOOKS[0]["files"])
    assert all(pattern.search(name) for name in ("a.yaml", "b/c.yml", "d.json", "e.template"))
    assert not any(pattern.search(name) for name in ("a.py", "yaml", "b.yaml.j2"))


def test_inputs_reach_scripts_only_as_variables() -> None:
    for step in STEPS.values():
        assert "${{" not in step["run"]
    for line in COMPONENT[1]["$[[ inputs.job-name ]]"]["script"]:
        assert "$[[" not in line


@pytest.fixture
def runner(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A job's folder, with the command line of this checkout installed where the action puts it."""
    monkeypatch.chdir(tmp_path)
    command = tmp_path / "work" / "venv" / "bin" / "auditor"
    command.parent.mkdir(parents=True)
    command.write_text(f'#!/bin/sh\nPYTHONPATH={shlex.quote(str(ROOT))} exec {sys.executable} -m auditor "$@"\n')
    command.chmod(0o755)
    (tmp_path / "infra").mkdir()
    (tmp_path / "infra" / "app.yaml").write_text(BAD)
    return tmp_path


def bash(step: str, folder: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """Runs a step's script as GitHub does."""
    environment = {
        "PATH": f"{folder}:{os.environ['PATH']}",
        "FOLDER": str(folder / "work"),
        "GITHUB_OUTPUT": str(folder / "output"),
        "GITHUB_STEP_SUMMARY": str(folder / "summary"),
        "GITHUB_REPOSITORY": "octo/repo",
        **variables,
    }
    command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", STEPS[step]["run"]]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


def scan(folder: Path, **inputs: str) -> subprocess.CompletedProcess[str]:
    names = {name: "" for name in STEPS["Scan templates"]["env"] if name != "FOLDER"}
    return bash("Scan templates", folder, **{**names, "PATHS": "infra", "SARIF_FILE": "auditor.sarif", **inputs})


def outputs(folder: Path) -> dict[str, str]:
    return dict(line.split("=", 1) for line in (folder / "output").read_text().splitlines())


def test_the_action_scans_and_hands_on(runner: Path) -> None:
    (runner / "summary").write_text("before\n")
    done = scan(runner, FAIL_ON="low")
    assert done.returncode == 0, done.stdout + done.stderr
    said = outputs(runner)
    assert said["exit-code"] == "1"
    assert json.loads((runner / said["sarif-file"]).read_text())["runs"][0]["results"]
    assert json.loads(Path(said["json-file"]).read_text())["summary"]["findings"]
    assert "file=infra/app.yaml,line=5" in done.stdout
    assert (runner / "summary").read_text().startswith("before\n## Gate fails")
    assert bash("Gate", runner, EXIT_CODE=said["exit-code"]).returncode == 1


def test_the_runner_obeys_nothing_that_the_terminal_report_says(runner: Path) -> None:
    (runner / "infra" / "app.yaml").write_text(BAD.replace("false", "false # ::error::injected"))
    said = scan(runner, FAIL_ON="low").stdout.splitlines()
    token = said[0].removeprefix("::stop-commands::")
    assert len(token) == 32
    end = said.index(f"::{token}::")
    assert any("::error::injected" in line for line in said[:end])
    assert not any("injected" in line for line in said[end:])


def test_bad_usage_keeps_its_exit_code(runner: Path) -> None:
    done = scan(runner, CONFIG="missing.toml", SARIF_FILE="")
    assert done.returncode == 0
    assert "missing.toml: there is no such configuration file" in done.stdout
    assert outputs(runner) == {"exit-code": "2"}


def test_a_path_is_only_a_path(runner: Path) -> None:
    done = scan(runner, PATHS="infra/app.yaml\n$(touch pwned)\n--format\n*; touch pwned\n", FAIL_ON="never")
    assert outputs(runner)["exit-code"] == "3"
    assert "$(touch pwned)" in done.stdout
    assert not (runner / "pwned").exists()


@pytest.mark.parametrize(
    ("answers", "method"),
    [("''", "POST repos/octo/repo/issues/7/comments"), ("'11\n12'", "PATCH repos/octo/repo/issues/comments/11")],
)
def test_the_comment_is_written_once(runner: Path, answers: str, method: str) -> None:
    fake = runner / "gh"
    fake.write_text(f'#!/bin/sh\necho "$@" >> calls\ncase "$*" in *--paginate*) printf %s {answers};; esac\n')
    fake.chmod(0o755)
    (runner / "work" / "comment.md").write_text(f"{MARKER}\n")
    done = bash("Comment on the pull request", runner, PULL_REQUEST="7", GH_TOKEN="t")
    assert done.returncode == 0, done.stderr
    asked, written = (runner / "calls").read_text().splitlines()
    assert MARKER in asked
    assert f"--method {method} " in written
    assert f"body=@{runner}/work/comment.md" in written


def test_a_comment_that_may_not_be_written_is_a_warning(runner: Path) -> None:
    fake = runner / "gh"
    fake.write_text("#!/bin/sh\nexit 1\n")
    fake.chmod(0o755)
    (runner / "work" / "comment.md").write_text(f"{MARKER}\n")
    done = bash("Comment on the pull request", runner, PULL_REQUEST="7")
    assert done.returncode == 0
    assert "::warning title=auditor::" in done.stdout


def test_the_component_scans_and_writes_its_reports(runner: Path) -> None:
    job = COMPONENT[1]["$[[ inputs.job-name ]]"]
    script = "\n".join(job["script"][2:]).replace("/tmp/auditor/bin", str(runner / "work" / "venv" / "bin"))
    variables = {name: "" for name in job["variables"] if name.startswith("AUDITOR_")}
    variables |= {"AUDITOR_PATHS": "infra/app.yaml infra/*", "AUDITOR_FAIL_ON": "low"}
    command = ["sh", "-ec", script]
    done = subprocess.run(
        command, cwd=runner, env={"PATH": os.environ["PATH"], **variables}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1, done.stdout + done.stderr
    reports = job["artifacts"]["reports"]
    assert any(
        entry["location"]["path"] == "infra/app.yaml"
        for entry in json.loads((runner / reports["codequality"]).read_text())
    )
    assert "<testsuites" in (runner / reports["junit"]).read_text()
    assert "infra/*" in done.stdout, "named, as no such file exists"
    assert all((runner / file).is_file() for file in job["artifacts"]["paths"])
