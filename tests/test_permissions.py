"""`auditor permissions`: what a scan needs, in pieces that IAM takes, and whether somebody has it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import boto3
import pytest
import yaml

from auditor.errors import UsageError
from auditor.sources.account import collector, simulation
from auditor.sources.account.guard import CORE_OPERATIONS, OperationRefused
from auditor.sources.account.permissions import POLICY_SIZE, size, split, template
from auditor.sources.account.session import open_session
from tests.sources.account import conftest as simulated
from tests.support import Run

aws, aws_environment, moto, scripted = simulated.aws, simulated.aws_environment, simulated.moto, simulated.scripted
quick = simulated.quick

ACCOUNT = "123456789012"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/team/Auditor"
SESSION = f"arn:aws:sts::{ACCOUNT}:assumed-role/Auditor/me"


def document(**services: int) -> dict[str, Any]:
    """A policy with so many actions of each service."""
    return {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Sid": f"Auditor{name}",
                "Effect": "Allow",
                "Action": [f"{name}:DescribeSomething{number:04}" for number in range(many)],
                "Resource": "*",
            }
            for name, many in services.items()
        ],
    }


def actions(documents: list[dict[str, Any]]) -> list[str]:
    return [action for one in documents for statement in one["Statement"] for action in statement["Action"]]


# --- pieces ---------------------------------------------------------------------------------------------------------


def test_a_small_policy_stays_whole():
    whole = document(ec2=3, s3=2)
    assert split(whole) == [whole]


@pytest.mark.parametrize("services", [{"ec2": 150, "s3": 150, "iam": 10}, {"ec2": 700}, {"a": 5, "ec2": 400, "z": 5}])
def test_a_long_policy_is_split_and_loses_nothing(services):
    whole = document(**services)
    assert size(whole) > POLICY_SIZE
    documents = split(whole)
    assert len(documents) > 1
    assert all(size(one) <= POLICY_SIZE for one in documents)
    assert actions(documents) == actions([whole])
    for one in documents:
        sids = [statement["Sid"] for statement in one["Statement"]]
        assert len(sids) == len(set(sids))
        assert {**one, "Statement": []} == {**whole, "Statement": []}


def test_what_iam_counts():
    assert size({"Action": ["s3:ListAllMyBuckets", "ec2:DescribeVolumes"]}) == len(
        '{"Action":["s3:ListAllMyBuckets","ec2:DescribeVolumes"]}'
    )


def test_the_template_is_one_that_cloudformation_takes():
    api = pytest.importorskip("cfnlint.api")
    made = template(split(document(ec2=150, s3=150)))
    assert [name for name in made["Resources"] if name.startswith("Policy")] == ["Policy1", "Policy2"]
    problems = api.lint(yaml.safe_dump(made), regions=["us-east-1"])
    assert [str(one) for one in problems if one.rule.id.startswith("E")] == []


# --- the command ----------------------------------------------------------------------------------------------------


def test_only_what_the_selected_checks_need(run: Run):
    ran = run("permissions", "-s", "cloudtrail-*")
    assert ran.code == 0
    statements = {one["Sid"]: one["Action"] for one in json.loads(ran.out)["Statement"]}
    assert "cloudtrail:DescribeTrails" in statements["AuditorCloudtrail"]
    assert "AuditorSagemaker" not in statements


def test_what_asks_about_one_place_is_allowed_there_only(run: Run):
    statements = json.loads(run("permissions", "-s", "ec2-dlami-outdated").out)["Statement"]
    (one,) = [one for one in statements if "ssm:GetParametersByPath" in one["Action"]]
    assert one == {
        "Sid": "AuditorSsmInOnePlace",
        "Effect": "Allow",
        "Action": ["ssm:GetParametersByPath"],
        "Resource": "arn:*:ssm:*::parameter/aws/service/*",
    }


def test_paid_apis_are_allowed_where_they_are_asked_for(run: Run, monkeypatch):
    monkeypatch.setattr(collector, "COLLECTORS", [*collector.load_collectors()])
    assert '"ce:' not in run("permissions").out
    assert '"ce:GetSavingsPlansUtilization"' in run("permissions", "--paid-apis").out


def test_files(run: Run, tmp_path: Path):
    assert run("permissions", "-s", "iam-*", "-o", "policies").code == 0
    assert json.loads((tmp_path / "policies" / "policy-1.json").read_text())["Version"] == "2012-10-17"
    assert run("permissions", "-s", "iam-*", "-f", "cloudformation", "-o", "role.yaml").code == 0
    made = yaml.safe_load((tmp_path / "role.yaml").read_text())
    assert made["Resources"]["Role"]["Type"] == "AWS::IAM::Role"
    assert "iam:GetAccountAuthorizationDetails" in str(made["Resources"]["Policy1"])


def test_whom_to_verify_needs_verify(run: Run):
    ran = run("permissions", "--role-arn", ROLE)
    assert ran.code == 2
    assert "--verify" in ran.err


# --- verify ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def principal(moto, scripted):
    """Says who asks, and which actions IAM denies them; gives what was asked."""
    asked: list[dict[str, Any]] = []

    def be(arn: str, *denied: str, role: Any = None) -> list[dict[str, Any]]:
        def simulate(params: dict[str, Any]) -> dict[str, Any]:
            asked.append(params)
            decision = ("allowed", "implicitDeny")
            return {
                "EvaluationResults": [
                    {"EvalActionName": name, "EvalDecision": decision[name in denied]} for name in params["ActionNames"]
                ]
            }

        given = role or {"Role": {"Path": "/team/", "RoleName": "Auditor", "RoleId": "AROA1234567890EXAMPLE"}}
        if isinstance(given, dict):
            given["Role"] |= {"Arn": ROLE, "CreateDate": "2026-01-01T00:00:00Z"}
        scripted(
            {
                "GetCallerIdentity": {"Account": ACCOUNT, "Arn": arn, "UserId": "x"},
                "SimulatePrincipalPolicy": simulate,
                "GetRole": given,
            }
        )
        return asked

    return be


def test_verify_names_what_lacks_and_for_which_checks(run: Run, principal):
    asked = principal(SESSION, "iam:GetCredentialReport")
    ran = run("permissions", "--verify", "-s", "iam-*")
    assert ran.code == 1
    assert ran.out.startswith("iam:GetCredentialReport  iam-")
    assert f"{ROLE}: " in ran.err
    assert "1 are lacking" in ran.err
    assert {one["PolicySourceArn"] for one in asked} == {ROLE}


def test_verify_finds_nothing(run: Run, principal):
    principal(f"arn:aws:iam::{ACCOUNT}:user/ada")
    ran = run("permissions", "--verify", "-s", "iam-*")
    assert (ran.code, ran.out) == (0, "")


def test_what_every_scan_needs_is_verified_too(run: Run, principal):
    principal(f"arn:aws:iam::{ACCOUNT}:user/ada", "ec2:DescribeRegions")
    assert run("permissions", "--verify", "-s", "iam-*").out == "ec2:DescribeRegions  every scan\n"


def test_many_actions_are_asked_in_several_calls(principal):
    asked = principal(f"arn:aws:iam::{ACCOUNT}:user/ada", "s3:Get0150")
    source, missing = simulation.lacking(f"s3:Get{number:04}" for number in range(250))
    assert (source, missing) == (f"arn:aws:iam::{ACCOUNT}:user/ada", ["s3:Get0150"])
    assert [len(one["ActionNames"]) for one in asked] == [100, 100, 50]


def test_what_is_asked_about_one_place_is_verified_there(principal):
    asked = principal(f"arn:aws:iam::{ACCOUNT}:user/ada", "ssm:GetParametersByPath")
    assert simulation.lacking(["ssm:GetParametersByPath", "s3:ListAllMyBuckets"])[1] == ["ssm:GetParametersByPath"]
    assert [(one["ActionNames"], one.get("ResourceArns")) for one in asked] == [
        (["s3:ListAllMyBuckets"], None),
        (["ssm:GetParametersByPath"], ["arn:aws:ssm:us-east-1::parameter/aws/service/*"]),
    ]


def test_a_role_that_may_not_be_read_is_taken_to_have_no_path(principal):
    asked = principal(SESSION, role="AccessDenied")
    simulation.lacking(["s3:ListAllMyBuckets"])
    assert asked[0]["PolicySourceArn"] == f"arn:aws:iam::{ACCOUNT}:role/Auditor"


@pytest.mark.parametrize(
    ("arn", "words"),
    [
        (f"arn:aws:iam::{ACCOUNT}:root", "is the root user"),
        (f"arn:aws:sts::{ACCOUNT}:federated-user/ada", "IAM does not simulate"),
    ],
)
def test_who_cannot_be_simulated(run: Run, principal, arn, words):
    principal(arn)
    ran = run("permissions", "--verify")
    assert ran.code == 2
    assert words in ran.err


def test_who_may_not_ask(principal, scripted):
    principal(f"arn:aws:iam::{ACCOUNT}:user/ada")
    scripted({"SimulatePrincipalPolicy": "AccessDenied"})
    with pytest.raises(UsageError, match="Allow it iam:SimulatePrincipalPolicy"):
        simulation.lacking(["s3:ListAllMyBuckets"])


def test_only_verifying_may_simulate(moto):
    with pytest.raises(OperationRefused):
        open_session(session=boto3.Session()).client("iam").simulate_principal_policy(
            PolicySourceArn=ROLE, ActionNames=["s3:ListAllMyBuckets"]
        )
    session = open_session(session=boto3.Session(), operations=simulation.OPERATIONS)
    with pytest.raises(OperationRefused):
        session.client("iam").list_users()
    assert simulation.OPERATIONS.isdisjoint(CORE_OPERATIONS)
