"""Who may do what: four roles of a machine learning team, roles of services, and people with their keys."""

from __future__ import annotations

import json
from typing import Any, NamedTuple

from auditor.demo import backdate
from auditor.demo.site import ACCOUNT, COMPANY, Site, role, tags

Statement = dict[str, Any]


class Policy(NamedTuple):
    """A customer managed policy."""

    name: str
    statements: list[Statement]


class Role(NamedTuple):
    """A role; `trusts` is a service or an ARN."""

    name: str
    trusts: str
    policies: tuple[str, ...] = ()
    inline: tuple[Statement, ...] = ()


class Key(NamedTuple):
    """An access key, in days since."""

    created: int
    used: int | None  # None: never
    active: bool = True


class User(NamedTuple):
    """A user; `signed_in` is days since, None for one without a password."""

    name: str
    groups: tuple[str, ...]
    created: int
    signed_in: int | None
    mfa: bool = False
    keys: tuple[Key, ...] = ()


def allow(actions: str | list[str], resources: str | list[str], **condition: Any) -> Statement:
    """A statement that allows."""
    return {
        "Effect": "Allow",
        "Action": actions,
        "Resource": resources,
        **({"Condition": condition} if condition else {}),
    }


def bucket(name: str) -> str:
    """The ARN of one of the company's buckets, or of what is in it."""
    return f"arn:aws:s3:::{COMPANY}-{name}"


def sagemaker(kind: str) -> str:
    """The ARN of what SageMaker calls `kind`, such as `endpoint/fraud-scoring`."""
    return f"arn:aws:sagemaker:us-east-1:{ACCOUNT}:{kind}"


LOGS = allow(["logs:CreateLogStream", "logs:PutLogEvents"], f"arn:aws:logs:us-east-1:{ACCOUNT}:log-group:/aws/*")

POLICIES = [
    Policy(
        "DataScientistAccess",
        [
            allow(["s3:GetObject", "s3:ListBucket"], [bucket("lake-curated"), bucket("feature-store/*")]),
            allow(["s3:PutObject"], bucket("notebook-exports/experiments/*")),
            allow(["sagemaker:CreatePresignedNotebookInstanceUrl"], sagemaker("notebook-instance/*")),
            {"Effect": "Deny", "Action": ["sagemaker:CreateEndpoint", "sagemaker:UpdateEndpoint"], "Resource": "*"},
        ],
    ),
    Policy(
        "MLEngineerAccess",  # too broad: everything in SageMaker, and any role for it
        [
            allow("sagemaker:*", "*"),
            allow("iam:PassRole", "*"),
            allow(["ec2:DescribeInstances", "ec2:StartInstances", "ec2:StopInstances"], "*"),
            allow(["cloudwatch:GetMetricData", "cloudwatch:PutMetricAlarm"], "*"),
        ],
    ),
    Policy(
        "DataEngineerAccess",  # too broad: may delete the lake
        [
            allow("s3:*", [bucket("lake-*"), bucket("lake-*/*")]),
            allow(["glue:StartJobRun", "glue:GetJobRun", "glue:GetTable", "glue:CreateTable"], "*"),
            allow(["athena:StartQueryExecution", "athena:GetQueryResults"], "*"),
        ],
    ),
    Policy(
        "ProductionServing",
        [
            allow("sagemaker:InvokeEndpoint", [sagemaker("endpoint/fraud-scoring"), sagemaker("endpoint/recsys")]),
            allow("cloudwatch:PutMetricData", "*", StringEquals={"cloudwatch:namespace": "Larkspur/Serving"}),
        ],
    ),
    Policy(
        "TrainingExecution",
        [
            allow(["s3:GetObject", "s3:ListBucket"], [bucket("feature-store"), bucket("feature-store/*")]),
            allow(["s3:PutObject"], [bucket("model-artifacts/*"), bucket("training-checkpoints/*")]),
            allow(["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"], f"arn:aws:ecr:us-east-1:{ACCOUNT}:repository/*"),
            LOGS,
        ],
    ),
    Policy(
        "NotebookExecution",
        [
            allow(["s3:GetObject"], bucket("lake-curated/*")),
            allow(["sagemaker:CreateTrainingJob", "sagemaker:DescribeTrainingJob"], sagemaker("training-job/*")),
            allow(
                "iam:PassRole",
                role("sagemaker-training"),
                StringEquals={"iam:PassedToService": "sagemaker.amazonaws.com"},
            ),
            LOGS,
        ],
    ),
    Policy(
        "DeployModels",
        [
            allow(["sagemaker:CreateModel", "sagemaker:CreateEndpointConfig", "sagemaker:UpdateEndpoint"], "*"),
            allow("iam:PassRole", role("sagemaker-*"), StringEquals={"iam:PassedToService": "sagemaker.amazonaws.com"}),
        ],
    ),
]

PEOPLE = f"arn:aws:iam::{ACCOUNT}:root"
GITHUB = f"arn:aws:iam::{ACCOUNT}:oidc-provider/token.actions.githubusercontent.com"

ROLES = [
    Role("data-scientist", PEOPLE, ("DataScientistAccess",)),
    Role("ml-engineer", PEOPLE, ("MLEngineerAccess",)),
    Role("data-engineer", PEOPLE, ("DataEngineerAccess",)),
    Role("production-serving", "ecs-tasks.amazonaws.com", ("ProductionServing",)),
    Role("sagemaker-training", "sagemaker.amazonaws.com", ("TrainingExecution",)),
    Role("sagemaker-notebook", "sagemaker.amazonaws.com", ("NotebookExecution",)),
    Role("legacy-notebook-admin", "sagemaker.amazonaws.com", inline=(allow("*", "*"),)),
    Role(
        "github-deploy", f"arn:aws:iam::{ACCOUNT}:oidc-provider/token.actions.githubusercontent.com", ("DeployModels",)
    ),
    Role("gpu-nodes", "ec2.amazonaws.com", ("TrainingExecution",)),
    Role("vpc-flow-logs", "vpc-flow-logs.amazonaws.com", inline=(LOGS,)),
]

GROUPS: dict[str, tuple[str, ...]] = {
    "data-scientists": ("DataScientistAccess",),
    "ml-engineers": ("MLEngineerAccess",),
    "data-engineers": ("DataEngineerAccess",),
}

USERS = [
    User("anna.keller", ("data-scientists",), created=410, signed_in=1, mfa=True),
    User("ben.ortiz", ("ml-engineers",), created=220, signed_in=3, mfa=True, keys=(Key(21, 0),)),
    User("carla.nunes", ("data-engineers",), created=900, signed_in=203, keys=(Key(640, 210),)),  # has left
    User("ci-deploy", (), created=760, signed_in=None, keys=(Key(505, 0),)),
    User("etl-batch", ("data-engineers",), created=980, signed_in=None, keys=(Key(975, None), Key(40, 2))),
    User("labeling-vendor", (), created=330, signed_in=None, keys=(Key(330, 300, active=False),)),
]


def build(site: Site) -> None:
    """Make policies, roles, groups and users."""
    iam = site.client("iam")
    iam.create_account_alias(AccountAlias=f"{COMPANY}-ml")
    iam.update_account_password_policy(
        MinimumPasswordLength=12, RequireNumbers=True, RequireLowercaseCharacters=True, MaxPasswordAge=365
    )
    for policy in POLICIES:
        made = iam.create_policy(PolicyName=policy.name, PolicyDocument=_document(policy.statements))
        site.ids[policy.name] = made["Policy"]["Arn"]
    for each in ROLES:
        _role(site, each)
    iam.create_instance_profile(InstanceProfileName="gpu-nodes")
    iam.add_role_to_instance_profile(InstanceProfileName="gpu-nodes", RoleName="gpu-nodes")
    for group, policies in GROUPS.items():
        iam.create_group(GroupName=group)
        for name in policies:
            iam.attach_group_policy(GroupName=group, PolicyArn=site.ids[name])
    for user in USERS:
        _user(iam, user)
    iam.put_user_policy(  # "just for the migration"
        UserName="labeling-vendor",
        PolicyName="labeling-buckets",
        PolicyDocument=_document([allow("s3:*", "*")]),
    )


def _role(site: Site, wanted: Role) -> None:
    iam = site.client("iam")
    iam.create_role(
        RoleName=wanted.name, AssumeRolePolicyDocument=_trust(wanted.trusts), Tags=tags(Owner="ml-platform")
    )
    for name in wanted.policies:
        iam.attach_role_policy(RoleName=wanted.name, PolicyArn=site.ids[name])
    if wanted.inline:
        document = _document(list(wanted.inline))
        iam.put_role_policy(RoleName=wanted.name, PolicyName=f"{wanted.name}-inline", PolicyDocument=document)


def _user(iam: Any, user: User) -> None:
    iam.create_user(UserName=user.name)
    for group in user.groups:
        iam.add_user_to_group(GroupName=group, UserName=user.name)
    if user.signed_in is not None:
        iam.create_login_profile(UserName=user.name, Password="Simulated-Account-1")  # noqa: S106 (of nobody)
    if user.mfa:
        serial = f"arn:aws:iam::{ACCOUNT}:mfa/{user.name}"
        iam.create_virtual_mfa_device(VirtualMFADeviceName=user.name)
        iam.enable_mfa_device(
            UserName=user.name, SerialNumber=serial, AuthenticationCode1="123456", AuthenticationCode2="654321"
        )
    for key in user.keys:
        key_id = iam.create_access_key(UserName=user.name)["AccessKey"]["AccessKeyId"]
        if not key.active:
            iam.update_access_key(UserName=user.name, AccessKeyId=key_id, Status="Inactive")
        backdate.age_access_key(user.name, key_id, created=key.created, used=key.used)
    backdate.age_user(user.name, created=user.created, signed_in=user.signed_in)


def _document(statements: list[Statement]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": statements})


def _trust(principal: str) -> str:
    if ":oidc-provider/" in principal:
        issuer = principal.partition("/")[2]
        return _document(
            [
                {
                    "Effect": "Allow",
                    "Principal": {"Federated": principal},
                    "Action": "sts:AssumeRoleWithWebIdentity",
                    "Condition": {"StringEquals": {f"{issuer}:sub": "repo:larkspur/models:ref:refs/heads/main"}},
                }
            ]
        )
    kind = "AWS" if principal.startswith("arn:") else "Service"
    return _document([{"Effect": "Allow", "Principal": {kind: principal}, "Action": "sts:AssumeRole"}])
