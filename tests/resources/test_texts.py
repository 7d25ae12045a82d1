"""Secrets in values of any shape, as a template has them: known in part, under conditions, in pairs and words."""

from __future__ import annotations

from pathlib import Path

import pytest

from auditor.config import Config
from auditor.scan import scan_templates
from tests.support import judge, statuses, template

HEAD = """
Parameters:
  Given: {Type: String}
  Weak: {Type: String, NoEcho: true, Default: hunter2-swordfish}
Conditions:
  IsProd: !Equals [!Ref Given, prod]
Resources:
"""
SECRET = "hunter2-swordfish"


def variable(text: str) -> str:
    return f"{HEAD}  A: {{Type: AWS::Lambda::Function, Properties: {{Environment: {{Variables: {{{text}}}}}}}}}"


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("DB_PASSWORD: !Ref Given", "unknown"),
        ("MODE: !Ref Given", "unknown"),
        ("DB_PASSWORD: !Ref Weak", "fail"),
        ("DB_PASSWORD: !If [IsProd, '{{resolve:secretsmanager:db}}', hunter2]", "unknown"),
        ("DB_PASSWORD: !If [IsProd, swordfish, hunter2]", "fail"),
        ("MODE: !If [IsProd, fast, slow]", "pass"),
        ("DB_PASSWORD: !If [IsProd, !Ref 'AWS::NoValue', '']", "pass"),
        ("DB_PASSWORD: '{{resolve:secretsmanager:db}}'", "unknown"),
        ("URL: !Sub 'https://app:hunter2@${Given}/'", "fail"),
        ("URL: !Sub 'https://app:${Given}@host/'", "unknown"),
        ("URL: !Sub 'https://${Given}.example.com/'", "pass"),
        ("DB_PASSWORD: !Sub '${Given}-1'", "unknown"),
        ("REGION: !Ref 'AWS::Region', STACK: !Ref 'AWS::StackName'", "pass"),
        ("A: !Ref Given, DB_PASSWORD: hunter2", "fail"),
        ("PASSWORD: 12345678", "fail"),
        ("PASSWORD_LOGIN: true", "pass"),
    ],
)
def test_variables(text: str, status: str, tmp_path: Path) -> None:
    assert statuses(template(tmp_path, variable(text)), "lambda-env-secrets") == {"A": status}


@pytest.mark.parametrize(
    ("container", "status"),
    [
        ("Environment: [{Name: !Ref Given, Value: hunter2}]", "unknown"),
        ("Environment: [{Name: !Ref Given, Value: AKIAIOSFODNN7EXAMPLE}]", "fail"),
        ("Environment: !If [IsProd, [{Name: API_KEY, Value: hunter2}], []]", "unknown"),
        ("Environment: !If [IsProd, [{Name: API_KEY, Value: a1}], [{Name: API_KEY, Value: b2}]]", "fail"),
        ("Environment: [{Name: MODE, Value: fast}], Command: !Ref Given", "unknown"),
        ("Command: [serve, '--password', !Ref Given]", "unknown"),
        ("Command: [serve, !Ref Given, '--password', hunter2]", "fail"),
        ("EntryPoint: [sh, -c, 'serve --password hunter2']", "fail"),
    ],
)
def test_containers(container: str, status: str, tmp_path: Path) -> None:
    text = f"{HEAD}  A: {{Type: AWS::ECS::TaskDefinition, Properties: {{ContainerDefinitions: [{{{container}}}]}}}}"
    assert statuses(template(tmp_path, text), "ecs-task-env-secrets") == {"A": status}


@pytest.mark.parametrize(
    ("line", "status"),
    [
        ("mysql --host ${Given} --password hunter2", "fail"),
        ("mysql --host ${Given} --password $DB_PASSWORD", "pass"),
        ("mysql --password ${Given}", "unknown"),
        ("export API_KEY=${Given}", "unknown"),
        ("export MODE=${Given}", "pass"),
    ],
)
def test_scripts_known_in_part(line: str, status: str, tmp_path: Path) -> None:
    text = f'{HEAD}  A: {{Type: AWS::EC2::Instance, Properties: {{UserData: !Base64 {{"Fn::Sub": "{line}"}}}}}}'
    assert statuses(template(tmp_path, text), "ec2-instance-user-data-secrets") == {"A": status}


@pytest.mark.parametrize(
    ("definition", "status"),
    [
        ('{"States": {"A": {"Resource": "${Given}", "Parameters": {"X": "y"}}}}', "pass"),
        ('{"States": {"A": {"Resource": "a", "Parameters": {"Password": "${Given}"}}}}', "unknown"),
        ('{"States": {"A": {"Resource": "${Given}", "Parameters": {"Password": "hunter2"}}}}', "fail"),
        ("no JSON: ${Given}", "unknown"),
    ],
)
def test_definitions_known_in_part(definition: str, status: str, tmp_path: Path) -> None:
    text = (
        f"{HEAD}  A:\n    Type: AWS::StepFunctions::StateMachine\n"
        f"    Properties:\n      DefinitionString: !Sub '{definition}'\n"
    )
    assert statuses(template(tmp_path, text), "stepfunctions-definition-secrets") == {"A": status}


def test_findings_say_where_and_what(tmp_path: Path) -> None:
    verdict = judge(template(tmp_path, variable(f"A: b, API_KEY: {SECRET}")), "lambda-env-secrets")["A"]
    (finding,) = verdict.findings
    assert finding.message == "has in its environment (API_KEY) what looks like a secret, by its name"
    assert finding.path == ("Environment", "Variables", "API_KEY")
    assert finding.secret


@pytest.mark.parametrize(
    "lines",
    [
        [
            "      ContainerDefinitions:",
            "        - Environment:",
            "            - Name: API_KEY",
            "              Value: {}",
        ],
        ["      ContainerDefinitions: [{{Environment: [{{Name: API_KEY, Value: {}}}]}}]"],
        ["      ContainerDefinitions: [{{Command: [serve, --password, {}]}}]"],
        ["      ContainerDefinitions: [{{Environment: [{{Name: X, Value: 'amqp://me:{}@host'}}]}}]"],
        ["      ContainerDefinitions:", "        - Command: >", "            serve --password {}"],
    ],
)
def test_no_report_quotes_a_secret(lines: list[str], tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    head = ["Resources:", "  A:", "    Type: AWS::ECS::TaskDefinition", "    Properties:"]
    file.write_text("\n".join([*head, *(line.format(SECRET) for line in lines)]), encoding="utf-8")
    report = scan_templates([str(file)], Config(select=("ecs-task-env-secrets",)))
    (result,) = report.results
    assert result.status.value == "fail"
    assert SECRET not in report.to_json()
    assert "***" in (result.source or "")
