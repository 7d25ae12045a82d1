"""Privilege escalation: what is a way, and what only looks like one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from auditor.policy import Policy
from auditor.policy.actions import expand
from auditor.policy.escalation import WAYS, escalations
from auditor.policy.patterns import Pattern
from auditor.policy.principals import Permissions, Source
from auditor.values import Undecided, Unknown
from tests.builders import raw
from tests.support import judge, template

OWNER = raw("AWS::IAM::Role", "Role")
PASS = "iam:PassRole"
ROLES = "arn:aws:iam::111122223333:role/*"
ONE_ROLE = "arn:aws:iam::111122223333:role/training"
OWN_ROLE = "arn:aws:iam::111122223333:role/me"


def allow(actions: Any, resources: Any = "*", **more: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": actions, "Resource": resources, **more}


def deny(actions: Any, resources: Any = "*", **more: Any) -> dict[str, Any]:
    return {**allow(actions, resources, **more), "Effect": "Deny"}


def to(*services: str) -> dict[str, Any]:
    return {"Condition": {"StringEquals": {"iam:PassedToService": [f"{one}.amazonaws.com" for one in services]}}}


def policy(statements: Any) -> Policy:
    return Policy.from_raw({"Statement": list(statements)}, OWNER, ("PolicyDocument",))


def found(*statements: Any, boundary: Any = None, own: str | None = None) -> list[str]:
    limit = None if boundary is None else policy(boundary)
    sources = (Source("", policy(statements)),)
    return [str(path) for path in escalations(Permissions(sources, boundary=lambda: limit, own_arn=own))]


WHEN_MFA = {"Condition": {"Bool": {"aws:MultiFactorAuthPresent": "true"}}}
OPEN: list[tuple[str, list[Any], str]] = [
    ("a new version of any policy", [allow("iam:CreatePolicyVersion")], "iam:CreatePolicyVersion"),
    ("an older version", [allow("iam:SetDefault*")], "iam:SetDefaultPolicyVersion"),
    ("a policy for any user", [allow("iam:AttachUserPolicy")], "iam:AttachUserPolicy"),
    ("a policy for any role", [allow("iam:AttachRolePolicy", ROLES)], "iam:AttachRolePolicy"),
    ("a policy for any group", [allow("iam:AttachGroupPolicy")], "iam:AttachGroupPolicy"),
    ("an inline policy for any user", [allow("iam:Put*")], "iam:PutUserPolicy"),
    ("any group", [allow("iam:AddUserToGroup")], "iam:AddUserToGroup"),
    ("a key of anybody", [allow("iam:CreateAccessKey", "arn:aws:iam::*:user/*")], "iam:CreateAccessKey"),
    ("anybody's password", [allow("iam:UpdateLoginProfile")], "iam:UpdateLoginProfile"),
    ("a password for anybody", [allow("iam:CreateLoginProfile")], "iam:CreateLoginProfile"),
    ("any trust policy", [allow("iam:UpdateAssumeRolePolicy")], "iam:UpdateAssumeRolePolicy"),
    ("all of IAM", [allow("iam:*")], "iam:CreatePolicyVersion"),
    ("an instance", [allow([PASS, "ec2:RunInstances"])], "iam:PassRole → ec2:RunInstances"),
    ("a function", [allow(PASS, ROLES), allow(["lambda:Create*", "lambda:Invoke*"])], "lambda:InvokeFunction"),
    (
        "a function by a stream",
        [allow([PASS, "lambda:CreateFunction", "lambda:CreateEventSourceMapping"])],
        "lambda:CreateEventSourceMapping",
    ),
    ("a Glue job", [allow([PASS, "glue:*"])], "glue:CreateJob → glue:StartJobRun"),
    ("a development endpoint", [allow([PASS, "glue:CreateDevEndpoint"])], "glue:CreateDevEndpoint"),
    ("a stack", [allow([PASS, "cloudformation:CreateStack"])], "cloudformation:CreateStack"),
    ("a pipeline", [allow([PASS, "datapipeline:*"])], "datapipeline:ActivatePipeline"),
    ("a build", [allow([PASS, "codebuild:CreateProject", "codebuild:StartBuild"])], "codebuild:StartBuild"),
    ("a state machine", [allow([PASS, "states:*"])], "states:StartExecution"),
    ("a training job", [allow([PASS, "sagemaker:CreateTrainingJob"])], "sagemaker:CreateTrainingJob"),
    (
        "a notebook",
        [allow([PASS, "sagemaker:CreateNotebookInstance", "sagemaker:CreatePresignedNotebookInstanceUrl"])],
        "sagemaker:CreateNotebookInstance",
    ),
    ("the right service", [allow(PASS, "*", **to("sagemaker")), allow("sagemaker:*")], "sagemaker:CreateTrainingJob"),
    ("a condition on the caller", [allow([PASS, "ec2:RunInstances"], "*", **WHEN_MFA)], "ec2:RunInstances"),
    ("named functions, any role", [allow(PASS), allow("lambda:*", "arn:aws:lambda:*:*:function:my-*")], "lambda:"),
    ("all but IAM's reads", [{"Effect": "Allow", "NotAction": "iam:Get*", "Resource": "*"}], "iam:CreatePolicyVersion"),
    ("all roles but one", [{"Effect": "Allow", "Action": "iam:PutRolePolicy", "NotResource": ONE_ROLE}], "iam:Put"),
    ("any function's code", [allow("lambda:UpdateFunctionCode")], "lambda:UpdateFunctionCode"),
    ("any notebook", [allow("sagemaker:CreatePresigned*")], "sagemaker:CreatePresignedNotebookInstanceUrl"),
    ("any instance", [allow("ssm:SendCommand")], "ssm:SendCommand"),
    ("a denial of something else", [allow("iam:*"), deny("iam:Delete*")], "iam:CreatePolicyVersion"),
    ("a denial with a condition", [allow("iam:PutRolePolicy"), deny("iam:*", **WHEN_MFA)], "iam:PutRolePolicy"),
]
CLOSED: list[tuple[str, list[Any]]] = [
    ("reads", [allow(["iam:Get*", "iam:List*"])]),
    ("one policy", [allow("iam:CreatePolicyVersion", "arn:aws:iam::111122223333:policy/team-x")]),
    ("policies of a path", [allow("iam:CreatePolicyVersion", "arn:aws:iam::111122223333:policy/team/*")]),
    ("one's own key", [allow("iam:CreateAccessKey", "arn:aws:iam::*:user/${aws:username}")]),
    ("one's own password", [allow("iam:UpdateLoginProfile", "arn:aws:iam::111122223333:user/${aws:username}")]),
    ("one role", [allow("iam:PutRolePolicy", ONE_ROLE)]),
    ("one group", [allow("iam:AddUserToGroup", "arn:aws:iam::111122223333:group/readers")]),
    ("passing alone", [allow(PASS)]),
    ("creating alone", [allow(["lambda:CreateFunction", "lambda:InvokeFunction"])]),
    ("passing one role", [allow(PASS, ONE_ROLE), allow("lambda:*", "arn:aws:lambda:*:*:function:my-*")]),
    ("passing roles of a path", [allow(PASS, "arn:aws:iam::*:role/service-role/*"), allow("ec2:RunInstances")]),
    ("a function nobody can call", [allow([PASS, "lambda:CreateFunction"])]),
    ("a job nobody can start", [allow([PASS, "glue:CreateJob"])]),
    ("a build nobody can start", [allow([PASS, "codebuild:CreateProject"])]),
    ("another service", [allow(PASS, "*", **to("sagemaker")), allow(["ec2:RunInstances", "glue:*Job*"])]),
    ("a tag on the role", [allow("iam:PutRolePolicy", "*", Condition={"StringEquals": {"aws:ResourceTag/a": "b"}})]),
    (
        "a boundary that it must give",
        [allow("iam:PutRolePolicy", "*", Condition={"StringEquals": {"iam:PermissionsBoundary": "arn:aws:iam::1:b"}})],
    ),
    (
        "only certain policies",
        [allow("iam:AttachRolePolicy", "*", Condition={"ArnEquals": {"iam:PolicyARN": "arn:a"}})],
    ),
    ("a denial", [allow("iam:*"), deny(["iam:*"])]),
    ("a denial of passing", [allow([PASS, "lambda:*Function"]), deny([PASS, "lambda:Update*"])]),
    ("a denial of creating", [allow([PASS, "ec2:RunInstances"]), deny("ec2:Run*")]),
    (
        "a denial of all roles but one",
        [allow([PASS, "ec2:RunInstances"]), {"Effect": "Deny", "Action": PASS, "NotResource": ONE_ROLE}],
    ),
    ("an administrator", [allow("*")]),
    ("one function's code", [allow("lambda:UpdateFunctionCode", "arn:aws:lambda:*:*:function:mine")]),
    ("one's own notebook", [allow("sagemaker:CreatePresigned*", "arn:aws:sagemaker:*:*:notebook-instance/ana")]),
    ("tagged instances", [allow("ssm:*", "*", Condition={"StringLike": {"ssm:resourceTag/team": "ml"}})]),
    ("another service's ARNs", [allow("iam:*", "arn:aws:s3:::*")]),
    ("no right to assume", [allow("sts:AssumeRole", "*")]),
    ("data work", [allow(["s3:*", "glue:Get*", "athena:*", "kms:Decrypt", "sagemaker:Describe*"])]),
    ("unused PassRole and reads", [allow([PASS, "lambda:Get*", "ec2:Describe*", "glue:StartJobRun"])]),
]


@pytest.mark.parametrize(("statements", "part"), [(c[1], c[2]) for c in OPEN], ids=[c[0] for c in OPEN])
def test_an_open_way(statements: list[Any], part: str) -> None:
    assert any(part in path for path in found(*statements))


@pytest.mark.parametrize("statements", [c[1] for c in CLOSED], ids=[c[0] for c in CLOSED])
def test_no_way(statements: list[Any]) -> None:
    assert found(*statements) == []


def test_enough_cases() -> None:
    assert len(OPEN) + len(CLOSED) >= 40
    assert len(CLOSED) * 2 + 5 >= len(OPEN) + len(CLOSED)


def test_a_boundary_closes_ways() -> None:
    wide = [allow([PASS, "iam:PutRolePolicy", "ec2:RunInstances"])]
    assert found(*wide, boundary=[allow("ec2:*")]) == []
    assert found(*wide, boundary=[allow("*"), deny("iam:*")]) == []
    assert len(found(*wide, boundary=[allow("*")])) == 2


def test_a_role_may_not_change_itself() -> None:
    statement = allow("iam:PutRolePolicy", OWN_ROLE)
    assert found(statement) == []
    assert found(statement, own=ONE_ROLE) == []
    assert found(statement, own=OWN_ROLE) == ["iam:PutRolePolicy: gives any role any policy (its own)"]
    assert found(allow("iam:PutUserPolicy", "*"), own=OWN_ROLE) == ["iam:PutUserPolicy: gives any user any policy"]


def test_a_path_is_a_sentence() -> None:
    assert found(allow([PASS, "lambda:CreateFunction", "lambda:InvokeFunction"])) == [
        "iam:PassRole → lambda:CreateFunction → lambda:InvokeFunction: runs a function as any role that trusts lambda"
    ]


@pytest.mark.parametrize(
    "statements",
    [
        [allow(Unknown("?"))],
        [allow(Unknown("?", ("iam:", None)))],
        [allow("iam:PutRolePolicy", Unknown("?"))],
        [allow("iam:PutRolePolicy"), deny(Unknown("?"))],
        [allow(PASS, "*", Condition=Unknown("?")), allow("ec2:RunInstances")],
        [Unknown("?")],
    ],
)
def test_what_is_not_known_is_undecided(statements: list[Any]) -> None:
    with pytest.raises(Undecided):
        found(*statements)


def test_what_is_surely_missing_decides() -> None:
    assert found(allow(PASS, Unknown("?")), allow("s3:*")) == []
    assert found(allow([PASS, "ec2:RunInstances"], ONE_ROLE), allow("s3:*", Unknown("?"))) == []


def test_every_action_of_a_way_exists() -> None:
    for way in WAYS:
        for step in way.steps:
            assert expand(Pattern((step.action,))), step.action


TWO = """
Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: {}
      Policies:
        - {PolicyName: pass, PolicyDocument: {Statement: {Effect: Allow, Action: "iam:PassRole", Resource: "*"}}}
      ManagedPolicyArns: [!Ref Jobs, !Ref Keys]
  Jobs:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument: {Statement: {Effect: Allow, Action: ["glue:CreateJob", "glue:StartJobRun"], Resource: "*"}}
  Keys:
    Type: AWS::IAM::ManagedPolicy
    Properties: {PolicyDocument: {Statement: {Effect: Allow, Action: "iam:CreateAccessKey", Resource: "*"}}}
"""


def test_a_way_is_reported_once_where_it_is_opened(tmp_path: Path) -> None:
    verdicts = judge(template(tmp_path, TWO), "iam-policy-privilege-escalation")
    assert {name: verdict.status.value for name, verdict in verdicts.items()} == {
        "Role": "fail",
        "Jobs": "pass",
        "Keys": "fail",
    }
    (finding,) = verdicts["Role"].findings
    assert "iam:PassRole → glue:CreateJob" in finding.message
    assert "(inline policy pass)" in finding.message
    assert "iam:CreateAccessKey" in verdicts["Keys"].findings[0].message
