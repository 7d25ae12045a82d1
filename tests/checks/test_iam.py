"""IAM checks on a simulated account, and on templates beyond their examples."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from auditor.config import Config
from auditor.findings import Status
from auditor.raw import Collected
from auditor.sources.account.source import collect
from tests.support import judge, statuses, template

TYPES = {"AWS::IAM::User", "AWS::IAM::Group", "AWS::IAM::Role", "AWS::IAM::ManagedPolicy"}
POLICY_CHECKS = ("iam-policy-admin-star", "iam-policy-service-wildcard", "iam-policy-passrole-wildcard")


def document(action: str, resource: str = "*") -> str:
    statement = {"Effect": "Allow", "Action": action, "Resource": resource}
    return json.dumps({"Version": "2012-10-17", "Statement": statement})


def scan(*types: str) -> Collected:
    return collect(types=set(types) or TYPES, regions=["us-east-1"])


@pytest.fixture(autouse=True)
def no_pause(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    pauses: list[float] = []
    monkeypatch.setattr("auditor.sources.account.services.iam.time.sleep", pauses.append)
    return pauses


@pytest.fixture
def identities(aws: Any) -> Any:
    """Of each kind one identity that may do everything, one that may do little, and one of AWS's own."""
    iam = aws("iam")
    for name, action in (("bad", "*"), ("good", "s3:GetObject")):
        iam.create_user(UserName=name)
        iam.put_user_policy(UserName=name, PolicyName="of-user", PolicyDocument=document(action))
        iam.create_group(GroupName=name)
        iam.put_group_policy(GroupName=name, PolicyName="of-group", PolicyDocument=document(action))
        iam.create_role(RoleName=name, AssumeRolePolicyDocument=document("*"))
        iam.put_role_policy(RoleName=name, PolicyName="of-role", PolicyDocument=document(action))
        iam.create_policy(PolicyName=name, PolicyDocument=document(action))
    iam.create_role(
        RoleName="linked", Path="/aws-service-role/x.amazonaws.com/", AssumeRolePolicyDocument=document("*")
    )
    iam.put_role_policy(RoleName="linked", PolicyName="p", PolicyDocument=document("*"))
    return iam


def test_live_fail_and_pass(identities: Any) -> None:
    collected = scan()
    for check in POLICY_CHECKS:
        found = statuses(collected, check)
        assert {arn.rpartition("/")[2] for arn in found} == {"bad", "good"}
        assert {arn: status for arn, status in found.items() if status != ("fail" if "bad" in arn else "pass")} == {}
        assert len(found) == 8


def test_live_messages_name_the_inline_policy(identities: Any) -> None:
    verdicts = judge(scan(), "iam-policy-admin-star")
    assert verdicts["arn:aws:iam::123456789012:role/bad"].findings[0].message == (
        "allows all actions on all resources (inline policy of-role)"
    )
    assert verdicts["arn:aws:iam::123456789012:policy/bad"].findings[0].message == "allows all actions on all resources"


def test_live_a_new_version_of_a_policy_is_what_counts(identities: Any) -> None:
    arn = "arn:aws:iam::123456789012:policy/bad"
    identities.create_policy_version(PolicyArn=arn, PolicyDocument=document("s3:GetObject"), SetAsDefault=True)
    assert statuses(scan(), "iam-policy-admin-star")[arn] == "pass"


def test_live_a_boundary_permits_nothing(identities: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    collected = scan()
    (policy,) = [raw for raw in collected.raws if raw.id.endswith("policy/bad")]
    policy.properties = {**policy.properties, "AttachmentCount": 0, "PermissionsBoundaryUsageCount": 2}
    assert statuses(collected, "iam-policy-admin-star")[policy.id] == "pass"
    policy.properties = {**policy.properties, "AttachmentCount": 1}
    assert statuses(collected, "iam-policy-admin-star")[policy.id] == "fail"


def test_live_denied_is_a_gap(identities: Any, failing: Any) -> None:
    failing({"GetAccountAuthorizationDetails": "AccessDenied"})
    collected = scan()
    assert [gap.operation for gap in collected.gaps] == ["GetAccountAuthorizationDetails"]
    assert set(collected.gaps[0].types) == TYPES
    for check in POLICY_CHECKS:
        assert statuses(collected, check) == {}


def test_live_an_unreadable_document_is_unknown(identities: Any) -> None:
    collected = scan()
    for raw in collected.raws:
        key = "PolicyDocument" if raw.type == "AWS::IAM::ManagedPolicy" else "Policies"
        raw.properties = {**raw.properties, key: "not what it should be"}
    for check in POLICY_CHECKS:
        assert set(statuses(collected, check).values()) == {"unknown"}


def test_live_one_listing_serves_all(identities: Any) -> None:
    assert scan().calls == {
        "ec2:DescribeRegions": 1,
        "iam:GenerateCredentialReport": 2,  # started, complete
        "iam:GetAccountAuthorizationDetails": 1,
        "iam:GetCredentialReport": 1,
        "sts:GetCallerIdentity": 1,
    }


# --- the account ----------------------------------------------------------------------------------------------------

ROOT = "arn:aws:iam::123456789012:root"


def test_live_root_access_key(moto: None, failing: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def found() -> str:
        return statuses(scan("account"), "iam-root-access-key")[ROOT]

    assert found() == "pass"
    collected = scan("account")
    (account,) = collected.raws
    account.properties = {**account.properties, "AccountAccessKeysPresent": 1}
    assert statuses(collected, "iam-root-access-key")[ROOT] == "fail"
    failing({"GetAccountSummary": "AccessDenied"})
    assert found() == "unknown"


# --- credentials ----------------------------------------------------------------------------------------------------

HEADER = (
    "user,arn,user_creation_time,password_enabled,password_last_used,password_last_changed,password_next_rotation,"
    "mfa_active,access_key_1_active,access_key_1_last_rotated,access_key_1_last_used_date,access_key_1_last_used_region,"
    "access_key_1_last_used_service,access_key_2_active,access_key_2_last_rotated,access_key_2_last_used_date"
)


def ago(days: float) -> str:
    return (datetime.now(UTC) - timedelta(days=days)).isoformat(timespec="seconds")


OLD, NEW = ago(45.1), ago(44.9)


def user_row(**values: str) -> str:
    row = dict.fromkeys(HEADER.split(","), "N/A")
    row |= {"user": "u", "arn": "arn:aws:iam::123456789012:user/u", "user_creation_time": ago(900)}
    row |= {"password_enabled": "false", "access_key_1_active": "false", "access_key_2_active": "false", **values}
    return ",".join(row.values())


def credentials(aws: Any, monkeypatch: pytest.MonkeyPatch, row: str) -> Any:
    from moto.iam.models import IAMBackend

    aws("iam").create_user(UserName="u")
    monkeypatch.setattr(IAMBackend, "get_credential_report", lambda self: f"{HEADER}\n{row}\n")
    return judge(scan(), "iam-user-credentials-unused")["arn:aws:iam::123456789012:user/u"]


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ({}, None),
        ({"password_enabled": "true", "password_last_used": NEW, "password_last_changed": ago(400)}, None),
        (
            {"password_enabled": "true", "password_last_used": OLD, "password_last_changed": NEW},
            "password) that has not",
        ),
        ({"password_enabled": "true", "password_last_used": "no_information", "password_last_changed": NEW}, None),
        ({"password_enabled": "true", "password_last_changed": OLD}, "password) that has never been used in 45 days"),
        ({"password_enabled": "false", "password_last_used": OLD}, None),
        ({"access_key_1_active": "true", "access_key_1_last_rotated": OLD}, "access key 1) that has never"),
        ({"access_key_1_active": "true", "access_key_1_last_rotated": NEW}, None),
        (
            {
                "access_key_2_active": "true",
                "access_key_2_last_rotated": ago(900),
                "access_key_2_last_used_date": OLD,
            },
            "access key 2) that has not been used for 45 days",
        ),
    ],
)
def test_live_unused_credentials(aws: Any, monkeypatch: Any, row: dict[str, str], expected: str | None) -> None:
    verdict = credentials(aws, monkeypatch, user_row(**row))
    assert verdict.status is (Status.FAIL if expected else Status.PASS)
    assert (expected or "") in "".join(finding.message for finding in verdict.findings)


def test_live_how_many_days_is_a_setting(aws: Any) -> None:
    aws("iam").create_user(UserName="u")
    aws("iam").create_access_key(UserName="u")
    found = statuses(scan(), "iam-user-credentials-unused", Config(unused_credential_days=-1))
    assert set(found.values()) == {"fail"}


def test_live_unknown_credentials(aws: Any, monkeypatch: Any, failing: Any) -> None:
    verdict = credentials(aws, monkeypatch, user_row(access_key_1_active="true"))
    assert verdict.status is Status.UNKNOWN
    verdict = credentials_of_a_new_user(aws, monkeypatch)
    assert verdict.status is Status.UNKNOWN
    assert "newer than" in verdict.reason
    for operation in ("GetCredentialReport", "GenerateCredentialReport"):
        failing({operation: "AccessDenied"})
        verdict = judge(scan(), "iam-user-credentials-unused")["arn:aws:iam::123456789012:user/u"]
        assert verdict.status is Status.UNKNOWN
        assert f"iam:{operation} was denied" in verdict.reason


def credentials_of_a_new_user(aws: Any, monkeypatch: Any) -> Any:
    from moto.iam.models import IAMBackend

    monkeypatch.setattr(IAMBackend, "get_credential_report", lambda self: HEADER + "\n")
    return judge(scan(), "iam-user-credentials-unused")["arn:aws:iam::123456789012:user/u"]


def test_live_a_report_that_never_comes_is_waited_for_in_bounds(
    aws: Any, monkeypatch: Any, failing: Any, no_pause: list[float]
) -> None:
    from moto.iam.responses import IamResponse

    aws("iam").create_user(UserName="u")
    started = IamResponse.generate_credential_report
    monkeypatch.setattr(IamResponse, "generate_credential_report", lambda self: _again(self, started))
    failing({"GetCredentialReport": "ReportInProgress"})
    collected = scan()
    assert 20 < sum(no_pause) < 60
    assert collected.gaps == []
    verdict = judge(collected, "iam-user-credentials-unused")["arn:aws:iam::123456789012:user/u"]
    assert (verdict.status, "did not finish" in verdict.reason) == (Status.UNKNOWN, True)


def _again(response: Any, started: Any) -> Any:
    response.backend.credential_report = None  # moto's report is complete the second time it is asked for
    return started(response)


# --- templates ------------------------------------------------------------------------------------------------------

TEMPLATE = """
Parameters:
  What: {Type: String}
  Stage: {Type: String, AllowedValues: [dev, prod]}
Conditions:
  Dev: !Equals [!Ref Stage, dev]
Resources:
  Bucket: {Type: AWS::S3::Bucket}
  Holder:
    Type: %s
    Properties: %s
"""


def on(folder: Path, check: str, kind: str, properties: str) -> Any:
    return judge(template(folder, TEMPLATE % (kind, properties)), check)["Holder"]


ALL = '{Effect: Allow, Action: "*", Resource: "*"}'
READ = '{Effect: Allow, Action: "s3:GetObject", Resource: !Sub "${Bucket.Arn}/*"}'


@pytest.mark.parametrize("kind", ["Policy", "RolePolicy", "UserPolicy", "GroupPolicy", "ManagedPolicy"])
@pytest.mark.parametrize("check", POLICY_CHECKS)
def test_policies_of_every_type(tmp_path: Path, kind: str, check: str) -> None:
    properties = "{PolicyName: p, PolicyDocument: {Statement: [%s]}}"
    for statement, status in ((ALL, Status.FAIL), (READ, Status.PASS), ("!Ref What", Status.UNKNOWN)):
        verdict = on(tmp_path, check, f"AWS::IAM::{kind}", properties % statement)
        assert verdict.status is status, statement


@pytest.mark.parametrize("kind", ["Role", "User", "Group"])
def test_inline_policies_of_every_identity(tmp_path: Path, kind: str) -> None:
    second = "{PolicyName: !Ref What, PolicyDocument: {Statement: %s}}"
    inline = f"{{Policies: [{{PolicyName: a, PolicyDocument: !Ref What}}, {second}]}}"
    verdict = on(tmp_path, "iam-policy-admin-star", f"AWS::IAM::{kind}", inline % ALL)
    assert verdict.status is Status.FAIL
    assert verdict.findings[0].path == ("Policies", 1, "PolicyDocument", "Statement")
    verdict = on(tmp_path, "iam-policy-admin-star", f"AWS::IAM::{kind}", inline % READ)
    assert verdict.status is Status.UNKNOWN
    assert on(tmp_path, "iam-policy-admin-star", f"AWS::IAM::{kind}", "{}").status is Status.PASS


def test_a_trust_policy_is_no_permission(tmp_path: Path) -> None:
    trust = (
        '{AssumeRolePolicyDocument: {Statement: {Effect: Allow, Principal: {AWS: "*"}, Action: "*", Resource: "*"}}}'
    )
    for check in POLICY_CHECKS:
        assert on(tmp_path, check, "AWS::IAM::Role", trust).status is Status.PASS


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        (f"!If [Dev, {ALL}, {READ}]", Status.UNKNOWN),
        (f"!If [Dev, {ALL}, {ALL}]", Status.FAIL),
        (f"[!If [Dev, {READ}, !Ref AWS::NoValue]]", Status.PASS),
        (f"[!If [Dev, {READ}, !Ref AWS::NoValue], {ALL}]", Status.FAIL),
        ("{Effect: !If [Dev, Allow, Deny], Action: '*', Resource: '*'}", Status.UNKNOWN),
        ("{Effect: Allow, Action: !If [Dev, '*', 's3:Get*'], Resource: !GetAtt Bucket.Arn}", Status.PASS),
        ("{Effect: Allow, Action: [!Ref What, '*'], Resource: [!Ref What, '*']}", Status.FAIL),
        ("{Effect: Allow, Action: [!Ref What], Resource: '*'}", Status.UNKNOWN),
        ("{Effect: Allow, Action: [!Ref What], Resource: !Sub 'arn:aws:s3:::${What}'}", Status.PASS),
    ],
)
def test_open_values_in_statements(tmp_path: Path, statement: str, expected: Status) -> None:
    properties = f"{{PolicyDocument: {{Statement: {statement}}}}}"
    assert on(tmp_path, "iam-policy-admin-star", "AWS::IAM::ManagedPolicy", properties).status is expected


def test_a_policy_as_text_in_a_template(tmp_path: Path) -> None:
    properties = f"{{PolicyDocument: '{document('*')}'}}"
    assert on(tmp_path, "iam-policy-admin-star", "AWS::IAM::ManagedPolicy", properties).status is Status.FAIL


def test_the_finding_points_at_the_wrong_line(tmp_path: Path) -> None:
    text = """Resources:
  Training:
    Type: AWS::IAM::Role
    Properties:
      Policies:
        - PolicyName: training
          PolicyDocument:
            Statement:
              - Effect: Allow
                Action: s3:GetObject
                Resource: '*'
              - Effect: Allow
                Action: sagemaker:*
                Resource: '*'
"""
    (finding,) = judge(template(tmp_path, text), "iam-policy-service-wildcard")["Training"].findings
    assert finding.message == "allows all actions of sagemaker (inline policy training)"
    location = finding.raw.origin.locate(finding.path)
    assert (location.line, location.present) == (13, True)


@pytest.mark.parametrize(("status", "expected"), [("Active", "fail"), ("Inactive", "pass"), ("!Ref What", "unknown")])
def test_access_keys(tmp_path: Path, status: str, expected: str) -> None:
    verdict = on(tmp_path, "iam-access-key-in-template", "AWS::IAM::AccessKey", f"{{UserName: u, Status: {status}}}")
    assert verdict.status.value == expected
