"""The templates: right for CloudFormation, right for our own checks, and as little permitted as the code declares."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import botocore.session
import pytest
import yaml

from auditor.config import Config
from auditor.distributed.store import READS, WRITES
from auditor.findings import Status
from auditor.organization import OPERATIONS
from auditor.scan import scan_templates
from auditor.sources.account.permissions import action
from reports.records import MEMBERS
from tests.distributed.machine import definition

ROOT = Path(__file__).parents[2]
TEMPLATES = sorted((ROOT / "deploy").glob("*.yaml"))
PARAMETERS = {
    "CodeBucket": "packages",
    "CodeVersion": "1",
    "Email": "security@example.com",
    "ExternalId": "a-shared-word",
    "AuditRole": "arn:aws:iam::123456789012:role/audit-ScanRole",
}


class Loader(yaml.SafeLoader):
    """Reads intrinsic functions as mappings."""


Loader.add_multi_constructor("!", lambda loader, name, node: {name: _value(loader, node)})


def _value(loader: yaml.SafeLoader, node: yaml.Node) -> Any:
    if isinstance(node, yaml.SequenceNode):
        return loader.construct_sequence(node, deep=True)
    return loader.construct_mapping(node, deep=True) if isinstance(node, yaml.MappingNode) else node.value


def resources(name: str) -> dict[str, Any]:
    content: dict[str, Any] = yaml.load((ROOT / "deploy" / name).read_text(encoding="utf-8"), Loader)  # noqa: S506
    return content["Resources"]


def allowed(statements: list[dict[str, Any]]) -> set[str]:
    """The actions of some statements."""
    actions: set[str] = set()
    for statement in statements:
        given = statement["Action"]
        actions.update([given] if isinstance(given, str) else given)
    return actions


def own(name: str, role: str) -> set[str]:
    """What a role's own policy allows, besides logging."""
    (policy,) = resources(name)[role]["Properties"]["Policies"]
    statements = policy["PolicyDocument"]["Statement"]
    return allowed([one for one in statements if one["Sid"] not in ("Log", "Trace")])


def test_our_own_scanner_finds_nothing() -> None:
    report = scan_templates(
        [str(file) for file in TEMPLATES], Config(fail_on="low"), parameters=PARAMETERS, strict=True
    )
    assert [(one.check, one.resource, one.message) for one in report.results if one.status is Status.FAIL] == []
    assert [(one.check, one.reason) for one in report.results if one.status in (Status.UNKNOWN, Status.ERROR)] == []
    assert {one.check for one in report.results if one.status is Status.SUPPRESSED} == {
        "s3-bucket-replication-missing",
        "iam-policy-s3-full-access",
    }
    assert report.gate.exit_code == 0, report.gate.reason
    assert report.notices == []


def test_cfn_lint_finds_nothing() -> None:
    process = subprocess.run(
        [sys.executable, "-c", "from cfnlint.runner import main; main()", *map(str, TEMPLATES)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (process.returncode, process.stdout) == (0, "")


@pytest.mark.skipif(shutil.which("sam") is None, reason="aws-sam-cli is not installed")
@pytest.mark.parametrize("file", TEMPLATES, ids=lambda file: file.name)
def test_sam_finds_nothing(file: Path) -> None:
    process = subprocess.run(
        ["sam", "validate", "--lint", "--region", "us-east-1", "--template", str(file)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert process.returncode == 0, process.stdout + process.stderr


def test_the_policies_are_up_to_date() -> None:
    process = subprocess.run(
        [sys.executable, "deploy/generate.py", "--check"], capture_output=True, text=True, check=False, cwd=ROOT
    )
    assert process.returncode == 0, f"{process.stdout}{process.stderr}: run `python deploy/generate.py`"


@pytest.mark.parametrize("file", TEMPLATES, ids=lambda file: file.name)
def test_a_template_is_small_enough_to_be_given_as_it_is(file: Path) -> None:
    assert len(file.read_bytes()) <= 51_200


@pytest.mark.parametrize("name", ["one-account.yaml", "organization.yaml"])
def test_the_functions_may_do_with_the_bucket_what_the_store_does(name: str) -> None:
    statements = resources(name)["StoreAccess"]["Properties"]["PolicyDocument"]["Statement"]
    wanted = {action(operation) for operation in READS | WRITES}
    assert {one for one in allowed(statements) if one.startswith("s3:")} == wanted


def test_each_function_may_do_no_more_than_its_part() -> None:
    assert own("organization.yaml", "ListRole") == {action(operation) for operation in OPERATIONS}
    assert own("organization.yaml", "ScanRole") == {"sts:AssumeRole"}
    assert own("organization.yaml", "RecordRole") == set()
    assert own("organization.yaml", "RollUpRole") == own("one-account.yaml", "AuditRole") == {"sns:Publish"}


def test_a_member_lets_in_only_the_one_role_with_the_external_id() -> None:
    (statement,) = resources("member-role.yaml")["Role"]["Properties"]["AssumeRolePolicyDocument"]["Statement"]
    assert statement["Principal"] == {"AWS": {"Ref": "AuditRole"}}
    assert statement["Condition"] == {"StringEquals": {"sts:ExternalId": {"Ref": "ExternalId"}}}


@pytest.mark.parametrize("name", ["one-account.yaml", "organization.yaml"])
def test_the_handlers_are_there(name: str) -> None:
    from auditor import aws_lambda

    found = [one["Properties"]["Handler"] for one in resources(name).values() if one["Type"] == "AWS::Lambda::Function"]
    assert found
    assert all(callable(getattr(aws_lambda, handler.rpartition(".")[2])) for handler in found)


def test_the_table_has_the_columns_of_a_finding() -> None:
    table = resources("organization.yaml")["Findings"]["Properties"]["TableInput"]
    columns = [column["Name"] for column in table["StorageDescriptor"]["Columns"]]
    assert columns == ["run", "account_name", "team", *MEMBERS]
    assert not set(columns) & {key["Name"] for key in table["PartitionKeys"]}
    assert table["Parameters"]["storage.location.template"] == {"Sub": "s3://${Reports}/findings/date=${!date}/"}


def test_the_saved_queries_ask_for_columns_that_there_are() -> None:
    queries = [
        one["Properties"]["QueryString"]
        for one in resources("organization.yaml").values()
        if one["Type"] == "AWS::Athena::NamedQuery"
    ]
    assert len(queries) == 5
    known = {"run", "account_name", "team", "date", *MEMBERS}
    for query in queries:
        words = set(re.findall(r'"(\w+)"', query)) | set(
            re.findall(r"\b([a-z]+_[a-z]+)\b", re.sub(r"'.*?'", "", query))
        )
        names = set(re.findall(r"\bAS (\w+)", query)) | set(re.findall(r"(\w+) AS \(", query))
        assert words - known - names <= {"count_if", "current_date"}, query


def test_the_definition_is_what_aws_takes() -> None:
    """As `ValidateStateMachineDefinition` is asked; what moto cannot run of it is named in `machine`."""
    machine = definition()
    client = botocore.session.Session().create_client("stepfunctions", "us-east-1")
    shape = client.meta.service_model.operation_model("CreateStateMachine").input_shape
    assert len(json.dumps(machine)) <= shape.members["definition"].metadata["max"]
    scan = machine["States"]["Scan"]
    assert scan["ToleratedFailurePercentage"] == 100
    assert scan["ItemProcessor"]["ProcessorConfig"] == {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}
    states = {**machine["States"], **scan["ItemProcessor"]["States"]}
    tasks = {name: state for name, state in states.items() if state["Type"] == "Task"}
    assert set(tasks) == {"List", "Try", "Record", "RollUp"}
    for name, task in tasks.items():
        assert task["Catch"], name
        assert all(retry["JitterStrategy"] == "FULL" and retry["MaxDelaySeconds"] for retry in task["Retry"]), name
