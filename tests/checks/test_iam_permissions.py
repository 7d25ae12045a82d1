"""Checks of what identities may do, on a simulated account."""

from __future__ import annotations

import json
from typing import Any

import pytest

from auditor.config import Config
from auditor.findings import Verdict
from auditor.raw import Collected
from auditor.registry import load_checks
from auditor.sources.account.source import collect
from tests.builders import ACCOUNT, raw
from tests.support import by_title, judge

AWS = "arn:aws:iam::aws:policy/"
SAGEMAKER = {"Service": "sagemaker.amazonaws.com"}
SSO = {"Federated": "arn:aws:iam::123456789012:saml-provider/sso"}
POD = {"Federated": "arn:aws:iam::123456789012:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/A1B2"}


@pytest.fixture(autouse=True)
def no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("auditor.sources.account.services.iam.time.sleep", lambda seconds: None)


@pytest.fixture
def role(aws: Any, attached: dict[str, list[str]]) -> Any:
    """Makes a role: `role("train", "s3:*", "*", attach=["AdministratorAccess"])`."""

    def make(name: str, actions: Any = None, resources: Any = "*", **more: Any) -> str:
        iam = aws("iam")
        trust = {"Effect": "Allow", "Principal": more.get("trust", SAGEMAKER), "Action": "sts:AssumeRole"}
        arn = iam.create_role(
            RoleName=name,
            AssumeRolePolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": trust}),
            Tags=[{"Key": key, "Value": value} for key, value in more.get("tags", {}).items()],
        )["Role"]["Arn"]
        if actions:
            statement = {"Effect": "Allow", "Action": actions, "Resource": resources}
            document = json.dumps({"Version": "2012-10-17", "Statement": statement})
            iam.put_role_policy(RoleName=name, PolicyName="work", PolicyDocument=document)
        attached[name] = [AWS + policy for policy in more.get("attach", ())]
        return str(arn)

    return make


@pytest.fixture
def attached() -> dict[str, list[str]]:
    """The policies of AWS's that identities have: the simulated account knows none of them."""
    return {}


@pytest.fixture
def scan(moto: None, attached: dict[str, list[str]]) -> Any:
    """Scans for what a check judges and looks up."""

    def scanned(check_id: str) -> Collected:
        check = load_checks()[check_id]
        types = {*check.judges, *(cls.cfn for cls in check.uses)}
        collected = collect(regions=["us-east-1"], types=types)
        collected.gaps = [gap for gap in collected.gaps if gap.operation != "*"]  # what moto has no answer for
        for one in collected.raws:
            if one.title in attached:
                one.properties = {**one.properties, "ManagedPolicyArns": attached[one.title]}
        return collected

    return scanned


def found(collected: Collected, check: str, config: Config | None = None) -> dict[str, str]:
    return by_title(judge(collected, check, config))


def messages(verdict: Verdict) -> str:
    return "; ".join(finding.message for finding in verdict.findings)


ENDPOINTS = "arn:aws:sagemaker:us-east-1:123456789012:endpoint/"
BUCKET = "arn:aws:s3:::"
CASES: dict[str, dict[str, tuple[str | None, dict[str, Any]]]] = {
    "iam-administrator-access-attached": {
        "bad": ("fail", {"attach": ["AdministratorAccess"]}),
        "people": ("pass", {"attach": ["AdministratorAccess"], "trust": SSO}),
        "pod": ("fail", {"attach": ["AdministratorAccess"], "trust": POD}),
        "good": ("pass", {"attach": ["AmazonSageMakerReadOnly"]}),
    },
    "iam-policy-resource-wildcard": {
        "bad": ("fail", {"actions": "s3:PutObject"}),
        "good": ("pass", {"actions": ["ec2:Describe*", "logs:PutLogEvents"]}),
    },
    "iam-policy-s3-full-access": {
        "bad": ("fail", {"actions": "s3:*"}),
        "good": ("pass", {"actions": "s3:GetObject", "resources": BUCKET + "data/*"}),
    },
    "iam-policy-privilege-escalation": {
        "bad": ("fail", {"actions": ["iam:PassRole", "sagemaker:CreateTrainingJob"]}),
        "itself": ("fail", {"actions": "iam:PutRolePolicy", "resources": "arn:aws:iam::123456789012:role/itself"}),
        "good": ("pass", {"actions": "sagemaker:CreateTrainingJob"}),
        "full": ("fail", {"attach": ["AmazonSageMakerFullAccess"]}),
    },
    "iam-sagemaker-full-access-policy": {
        "bad": ("fail", {"attach": ["AmazonSageMakerFullAccess"]}),
        "data-scientist": ("fail", {"attach": ["AmazonSageMakerFullAccess"], "trust": SSO}),
        "ml-engineer": ("pass", {"attach": ["AmazonSageMakerFullAccess"], "trust": SSO}),
    },
    "iam-ml-data-scientist-deploy-rights": {
        "DataScientist": ("fail", {"actions": "sagemaker:*"}),
        "tagged": ("fail", {"actions": "sagemaker:CreateEndpoint", "tags": {"ml-role": "data-scientist"}}),
        "datascience-dev": ("pass", {"actions": "sagemaker:CreateEndpoint", "resources": ENDPOINTS + "dev-*"}),
        "anybody": (None, {"actions": "sagemaker:*"}),
    },
    "iam-ml-data-scientist-data-scope": {
        "data-scientist": ("fail", {"actions": "s3:PutObject", "resources": BUCKET + "training-data/*"}),
        "data-scientist-2": ("fail", {"attach": ["AmazonS3ReadOnlyAccess"]}),
        "data-scientist-3": ("pass", {"actions": "s3:*Object", "resources": BUCKET + "model-experiments/*"}),
    },
    "iam-ml-engineer-scope": {
        "ml-engineer": ("fail", {"attach": ["IAMFullAccess"]}),
        "ml-engineer-2": ("fail", {"attach": ["AWSLakeFormationDataAdmin"]}),
        "ml-engineer-3": ("pass", {"actions": ["sagemaker:*", "ec2:*"], "attach": ["AmazonSageMakerFullAccess"]}),
    },
    "iam-ml-data-engineer-scope": {
        "data-engineer": ("fail", {"actions": ["glue:*", "sagemaker:*"]}),
        "data-engineer-2": ("pass", {"attach": ["AWSGlueConsoleFullAccess", "AmazonAthenaFullAccess"]}),
    },
    "iam-ml-production-role-scope": {
        "ml-prod": ("fail", {"actions": "sagemaker:CreateTrainingJob"}),
        "ml-prod-2": ("fail", {"actions": "s3:GetObject"}),
        "ml-prod-3": ("pass", {"actions": "sagemaker:InvokeEndpoint", "resources": ENDPOINTS + "prod-*"}),
    },
    "sagemaker-execution-role-overly-permissive": {
        "bad": ("fail", {"actions": "s3:*"}),
        "admin": ("fail", {"attach": ["PowerUserAccess"]}),
        "good": ("pass", {"actions": "s3:*", "resources": BUCKET + "data/*"}),
        "other": (None, {"actions": "*", "trust": {"Service": "lambda.amazonaws.com"}}),
    },
    "sagemaker-endpoint-invoke-wildcard": {
        "bad": ("fail", {"actions": "sagemaker:InvokeEndpoint"}),
        "good": ("pass", {"actions": "sagemaker:InvokeEndpoint", "resources": ENDPOINTS + "fraud"}),
        "ml-engineer": ("pass", {"actions": "sagemaker:*"}),
    },
}


@pytest.mark.parametrize("check", CASES)
def test_live_roles(check: str, role: Any, scan: Any, deny: Any) -> None:
    for name, (_, how) in CASES[check].items():
        role(name, **how)
    verdicts = found(scan(check), check)
    assert verdicts == {name: status for name, (status, _) in CASES[check].items() if status}
    deny("GetAccountAuthorizationDetails")
    denied = scan(check)
    assert found(denied, check) == {}
    assert [gap.operation for gap in denied.gaps] == ["GetAccountAuthorizationDetails"]


@pytest.mark.parametrize("check", CASES)
def test_live_roles_of_which_something_is_unknown(check: str, role: Any, scan: Any) -> None:
    """A document that cannot be read, an attached policy that is not known."""
    for name, (status, how) in CASES[check].items():
        if status and name != "ml-engineer":  # whose rights are not looked at by one of them
            role(name, **how)
    collected = scan(check)
    for one in collected.raws:
        if one.type == "AWS::IAM::Role":
            one.properties = {**one.properties, "Policies": "unreadable", "ManagedPolicyArns": {"a": 1}}
    assert set(found(collected, check).values()) == {"unknown"}


def test_live_users_and_groups_with_administrator_access(aws: Any, scan: Any, attached: dict[str, list[str]]) -> None:
    iam = aws("iam")
    iam.create_user(UserName="ana")
    iam.create_group(GroupName="admins")
    attached |= {name: [AWS + "AdministratorAccess"] for name in ("ana", "admins")}
    iam.create_user(UserName="ben")
    check = "iam-administrator-access-attached"
    assert found(scan(check), check) == {"ana": "fail", "admins": "fail", "ben": "pass"}


def test_live_a_boundary_and_a_group_count(aws: Any, scan: Any) -> None:
    iam, check = aws("iam"), "iam-policy-privilege-escalation"
    wide = {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "iam:PutRolePolicy", "Resource": "*"}}
    narrow = {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}}
    limit = iam.create_policy(PolicyName="limit", PolicyDocument=json.dumps(narrow))["Policy"]["Arn"]
    iam.create_group(GroupName="group")
    iam.put_group_policy(GroupName="group", PolicyName="wide", PolicyDocument=json.dumps(wide))
    iam.create_user(UserName="member")
    iam.add_user_to_group(GroupName="group", UserName="member")
    iam.create_user(UserName="limited")
    iam.put_user_policy(UserName="limited", PolicyName="wide", PolicyDocument=json.dumps(wide))
    collected = scan(check)
    (limited,) = [one for one in collected.raws if one.title == "limited"]  # the simulated account leaves it out
    limited.properties = {**limited.properties, "PermissionsBoundary": {"PermissionsBoundaryArn": limit}}
    assert found(collected, check) == {"group": "fail", "member": "fail", "limited": "pass", "limit": "pass"}


def test_live_policies_of_aws_that_are_not_known_are_undecided(role: Any, scan: Any, aws: Any) -> None:
    role("known", attach=["AmazonSageMakerReadOnly"])
    role("unlisted", attach=["AWSElementalMediaConvertFullAccess"])
    check = "iam-policy-privilege-escalation"
    verdicts = judge(scan(check), check)
    assert by_title(verdicts) == {"known": "pass", "unlisted": "unknown"}
    (unknown,) = [one for one in verdicts.values() if one.status.value == "unknown"]
    assert "AWSElementalMediaConvertFullAccess" in unknown.reason


def test_names_of_roles_are_a_setting(role: Any, scan: Any) -> None:
    role("forscher", "sagemaker:*")
    check = "iam-ml-data-scientist-deploy-rights"
    assert found(scan(check), check) == {}
    assert found(scan(check), check, Config(data_scientist_roles=("Forscher*",))) == {"forscher": "fail"}


def test_messages_name_policy_and_actions(role: Any, scan: Any) -> None:
    role("data-scientist", "sagemaker:CreateEndpoint")
    check = "iam-ml-data-scientist-deploy-rights"
    (verdict,) = judge(scan(check), check).values()
    assert messages(verdict) == (
        "lets data scientists deploy or approve models: sagemaker:CreateEndpoint (inline policy work)"
    )


# --- users of roles ---------------------------------------------------------------------------------------------------


def test_live_role_separation(role: Any, scan: Any, aws: Any, deny: Any) -> None:
    shared, own = role("shared"), role("own")
    role("nobody")
    sagemaker, check = aws("sagemaker"), "iam-ml-role-separation"
    for name, arn in (("one", shared), ("two", own)):
        sagemaker.create_notebook_instance(NotebookInstanceName=name, InstanceType="ml.t3.medium", RoleArn=arn)
    sagemaker.create_model(ModelName="m", ExecutionRoleArn=shared, PrimaryContainer={"Image": "i"})
    collected = scan(check)
    assert found(collected, check) == {"shared": "fail", "own": "pass"}
    (verdict,) = [one for one in judge(collected, check).values() if one.findings]
    assert messages(verdict) == "is the role of notebooks and models that are served alike"
    deny("ListModels")
    assert found(scan(check), check) == {"shared": "unknown", "own": "unknown", "nobody": "unknown"}


def profile(**settings: Any) -> Any:
    return raw(
        "AWS::SageMaker::UserProfile",
        "arn:aws:sagemaker:eu-west-1:123456789012:user-profile/d-1/ana",
        {"DomainId": "d-1", "UserSettings": settings},
        scope=ACCOUNT,
    )


def domain(arn: str) -> Any:
    properties = {"AuthMode": "IAM", "DefaultUserSettings": {"ExecutionRole": arn}}
    name = "arn:aws:sagemaker:eu-west-1:123456789012:domain/d-1"
    return raw("AWS::SageMaker::Domain", name, properties, scope=ACCOUNT, names=("d-1",))


def test_live_domain_shared_execution_role() -> None:
    check = "sagemaker-domain-shared-execution-role"

    def status(*raws: Any) -> str:
        inputs = [{"kind": "account", "name": "123456789012", "regions": ["eu-west-1"]}]
        verdicts = judge(Collected(raws=list(raws), inputs=inputs), check)
        return {one.resource.raw.type: one.status.value for one in verdicts.values()}["AWS::SageMaker::UserProfile"]

    studio = domain("arn:aws:iam::123456789012:role/studio")
    assert status(profile(), studio) == "fail"
    assert status(profile(ExecutionRole="arn:aws:iam::123456789012:role/studio"), studio) == "fail"
    assert status(profile(ExecutionRole="arn:aws:iam::123456789012:role/ana"), studio) == "pass"


# --- credentials, instances, Access Analyzer -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("credentials", "expected"),
    [
        ({"AccessKey1Active": "true", "AccessKey1LastUsedService": "s3"}, "fail"),
        ({"AccessKey2Active": "true", "AccessKey2LastUsedService": "sagemaker"}, "fail"),
        ({"AccessKey1Active": "true", "AccessKey1LastUsedService": "sts"}, "pass"),
        ({"AccessKey1Active": "false", "AccessKey1LastUsedService": "s3"}, "pass"),
        ({"AccessKey1Active": "true"}, "pass"),
        ({}, "pass"),
    ],
)
def test_live_long_lived_credentials(credentials: dict[str, str], expected: str, aws: Any, scan: Any) -> None:
    aws("iam").create_user(UserName="pipeline")
    check = "iam-user-long-lived-credentials"
    collected = scan(check)
    (user,) = [one for one in collected.raws if one.type == "AWS::IAM::User"]
    user.properties = {**user.properties, "Credentials": credentials}
    assert found(collected, check) == {"pipeline": expected}


def test_live_long_lived_credentials_without_a_report(aws: Any, scan: Any, deny: Any) -> None:
    aws("iam").create_user(UserName="pipeline")
    deny("GenerateCredentialReport")
    check = "iam-user-long-lived-credentials"
    assert found(scan(check), check) == {"pipeline": "unknown"}


def test_live_instance_profile(aws: Any, scan: Any, deny: Any) -> None:
    ec2, iam, check = aws("ec2"), aws("iam"), "ec2-instance-profile-missing"
    iam.create_instance_profile(InstanceProfileName="training")
    ids = {}
    for name, more in (("bare", {}), ("with", {"IamInstanceProfile": {"Name": "training"}})):
        answer = ec2.run_instances(ImageId="ami-12c6146b", MinCount=1, MaxCount=1, InstanceType="t3.micro", **more)
        ids[answer["Instances"][0]["InstanceId"]] = name
    verdicts = {raw_id.rpartition("/")[2]: one.status.value for raw_id, one in judge(scan(check), check).items()}
    assert {ids[key]: status for key, status in verdicts.items() if key in ids} == {"bare": "fail", "with": "pass"}
    deny("DescribeInstances")
    assert not {key for key in judge(scan(check), check) if key.rpartition("/")[2] in ids}


ANALYZER = "arn:aws:access-analyzer:eu-west-1:123456789012:analyzer/"


def analyzer(kind: str, status: str = "ACTIVE") -> Any:
    return raw(
        "AWS::AccessAnalyzer::Analyzer", ANALYZER + kind.lower(), {"Type": kind, "Status": status}, scope=ACCOUNT
    )


def unused(kind: str, resource: str) -> Any:
    properties = {"FindingType": kind, "Resource": resource}
    return raw("api:AccessAnalyzer::Finding", f"{ANALYZER}x/finding/{kind}", properties, scope=ACCOUNT)


@pytest.mark.parametrize(
    ("raws", "expected"),
    [
        ([], "fail"),
        ([analyzer("ACCOUNT_UNUSED_ACCESS")], "fail"),
        ([analyzer("ACCOUNT", "DISABLED")], "fail"),
        ([analyzer("ACCOUNT")], "pass"),
        ([analyzer("ORGANIZATION")], "pass"),
    ],
)
def test_live_analyzer_enabled(raws: list[Any], expected: str) -> None:
    region = raw("region", "arn:aws::eu-west-1:123456789012", {}, scope=ACCOUNT)
    assert found(Collected(raws=[region, *raws]), "accessanalyzer-enabled") == {region.id: expected}


ROLE = "arn:aws:iam::123456789012:role/training"


@pytest.mark.parametrize(
    ("raws", "expected"),
    [
        ([], "unknown"),
        ([analyzer("ACCOUNT")], "unknown"),
        ([analyzer("ACCOUNT_UNUSED_ACCESS")], "pass"),
        ([analyzer("ACCOUNT_UNUSED_ACCESS"), unused("UnusedPermission", ROLE)], "fail"),
        ([analyzer("ORGANIZATION_UNUSED_ACCESS"), unused("UnusedIAMRole", ROLE)], "fail"),
        ([analyzer("ACCOUNT_UNUSED_ACCESS"), unused("UnusedPermission", ROLE + "-2")], "pass"),
    ],
)
def test_live_role_unused_permissions(raws: list[Any], expected: str) -> None:
    role = raw("AWS::IAM::Role", ROLE, {}, scope=ACCOUNT, title="training")
    assert found(Collected(raws=[role, *raws]), "iam-role-unused-permissions") == {"training": expected}


def test_live_analyzers_that_could_not_be_listed(aws: Any, scan: Any, deny: Any) -> None:
    deny("ListAnalyzers")
    check = "accessanalyzer-enabled"
    assert set(found(scan(check), check).values()) == {"unknown"}
