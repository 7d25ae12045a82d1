"""What a principal may do, against a slow and plain model of how IAM evaluates policies."""

from __future__ import annotations

from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.inventory import Inventory
from auditor.policy import SOME, Pattern, Policy
from auditor.policy.actions import actions_of, expand
from auditor.policy.conditions import Condition
from auditor.policy.managed import document, name_of
from auditor.policy.principals import Permissions, Source, permissions_of
from auditor.policy.scope import unlimited
from auditor.registry import load_checks
from auditor.resources.iam import Role, User
from auditor.values import Undecided, Unknown
from tests.builders import raw
from tests.support import template

OWNER = raw("AWS::IAM::Role", "Role")
ACTIONS = ("s3:GetObject", "s3:PutObject", "iam:PassRole", "iam:CreateUser")
RESOURCES = (
    "arn:aws:s3:::data/a",
    "arn:aws:s3:::data/b",
    "arn:aws:s3:::models/a",
    "arn:aws:iam::123456789012:role/train",
    "arn:aws:iam::123456789012:user/train",
)
KEYS = ("aws:sourceip-like", "aws:resourcetag/team", "iam:passedtoservice")

patterns_of_actions = st.sampled_from(["*", "s3:*", "s3:Get*", "S3:getobject", "iam:*", "iam:Pass????", "*:*", "ec2:*"])
patterns_of_resources = st.sampled_from(
    [
        "*",
        "arn:aws:s3:::*",
        "arn:aws:s3:::data/*",
        "arn:aws:s3:::d?ta/a",
        "arn:aws:iam::123456789012:role/*",
        "arn:aws:iam::*:user/tr*",
        "arn:*:s3:::models/a",
    ]
)
operators = st.sampled_from(
    [
        "StringEquals",
        "StringNotEquals",
        "StringLike",
        "StringNotLike",
        "StringEqualsIgnoreCase",
        "StringEqualsIfExists",
        "StringNotLikeIfExists",
        "ForAnyValue:StringEquals",
        "ForAnyValue:StringNotEquals",
        "ForAllValues:StringLike",
        "ForAllValues:StringNotEquals",
        "Null",
        "Bool",
    ]
)
condition_values = st.lists(st.sampled_from(["a", "A", "b", "*", "?b", "true", "false"]), min_size=1, max_size=2)


def one_or_list(strategy: st.SearchStrategy[str]) -> st.SearchStrategy[Any]:
    return strategy | st.lists(strategy, min_size=1, max_size=2)


@st.composite
def statements(draw: st.DrawFn) -> dict[str, Any]:
    statement: dict[str, Any] = {"Effect": draw(st.sampled_from(["Allow", "Allow", "Deny"]))}
    statement[draw(st.sampled_from(["Action", "Action", "NotAction"]))] = draw(one_or_list(patterns_of_actions))
    statement[draw(st.sampled_from(["Resource", "Resource", "NotResource"]))] = draw(one_or_list(patterns_of_resources))
    if draw(st.booleans()):
        blocks = st.dictionaries(st.sampled_from(KEYS), condition_values, min_size=1, max_size=2)
        statement["Condition"] = draw(st.dictionaries(operators, blocks, min_size=1, max_size=2))
    return statement


documents = st.lists(statements(), min_size=0, max_size=4)
contexts = st.fixed_dictionaries({key: st.lists(st.sampled_from(["a", "b", "true"]), max_size=2) for key in KEYS})


# --- the plain model --------------------------------------------------------------------------------------------------


def listed(value: Any) -> list[str]:
    return [value] if isinstance(value, str) else value


def plainly_matches(patterns: Any, value: str, *, fold: bool) -> bool:
    return any(
        fnmatchcase(value.lower() if fold else value, pattern.lower() if fold else pattern)
        for pattern in listed(patterns)
    )


def plainly_holds(operator: str, key: str, wanted: list[str], request: dict[str, list[str]]) -> bool:
    values = request[key]
    quantifier, _, name = operator.rpartition(":")
    if_exists, name = name.endswith("IfExists"), name.removesuffix("IfExists")
    if name == "Null":
        return any((not values) == (one.lower() == "true") for one in wanted if one.lower() in ("true", "false"))
    negated, base = "Not" in name, name.replace("Not", "")
    if not values:
        return if_exists or quantifier == "ForAllValues" or (negated and quantifier != "ForAnyValue")

    def equal(value: str, one: str) -> bool:
        if base == "StringEquals":
            return value == one
        if base == "StringLike":
            return fnmatchcase(value, one)
        return value.lower() == one.lower()

    def meets(value: str) -> bool:
        return any(equal(value, one) for one in wanted) != negated

    return all(map(meets, values)) if quantifier == "ForAllValues" else any(map(meets, values))


def plainly_applies(statement: dict[str, Any], action: str, resource: str, request: dict[str, list[str]]) -> bool:
    if "Action" in statement and not plainly_matches(statement["Action"], action, fold=True):
        return False
    if "NotAction" in statement and plainly_matches(statement["NotAction"], action, fold=True):
        return False
    if "Resource" in statement and not plainly_matches(statement["Resource"], resource, fold=True):
        return False
    if "NotResource" in statement and plainly_matches(statement["NotResource"], resource, fold=True):
        return False
    return all(
        plainly_holds(operator, key, wanted, request)
        for operator, block in statement.get("Condition", {}).items()
        for key, wanted in block.items()
    )


def plainly_allowed(
    policies: list[list[dict[str, Any]]],
    boundary: list[dict[str, Any]] | None,
    action: str,
    resource: str,
    request: dict[str, list[str]],
) -> bool:
    def any_of(statements: list[dict[str, Any]], effect: str) -> bool:
        return any(one["Effect"] == effect and plainly_applies(one, action, resource, request) for one in statements)

    every = [statement for policy in policies for statement in policy]
    if any_of(every, "Deny") or (boundary is not None and any_of(boundary, "Deny")):
        return False
    return any_of(every, "Allow") and (boundary is None or any_of(boundary, "Allow"))


# --- ours -------------------------------------------------------------------------------------------------------------


def policy(statements: Any) -> Policy:
    return Policy.from_raw({"Statement": statements}, OWNER, ("PolicyDocument",))


def permissions(policies: list[Any], boundary: Any = None) -> Permissions:
    sources = tuple(Source(str(index), policy(one)) for index, one in enumerate(policies))
    limit = None if boundary is None else policy(boundary)
    return Permissions(sources, boundary=lambda: limit)


@settings(max_examples=400)
@given(
    st.lists(documents, min_size=1, max_size=3),
    st.none() | documents,
    st.sampled_from(ACTIONS),
    st.sampled_from(RESOURCES),
    contexts,
)
def test_agrees_with_the_plain_model(
    policies: list[list[dict[str, Any]]],
    boundary: list[dict[str, Any]] | None,
    action: str,
    resource: str,
    request_context: dict[str, list[str]],
) -> None:
    # Without a quantifier a key has one value: IAM leaves open what several would mean.
    context = {
        key: tuple(values[:1]) if not quantified(policies, boundary) else tuple(values)
        for key, values in request_context.items()
    }
    plain = {key: list(values) for key, values in context.items()}
    ours = permissions(policies, boundary).allows(action, resource, context)
    assert ours == plainly_allowed(policies, boundary, action, resource, plain)


def quantified(policies: list[list[dict[str, Any]]], boundary: list[dict[str, Any]] | None) -> bool:
    every = [statement for one in (*policies, boundary or []) for statement in one]
    return all(":" in operator for statement in every for operator in statement.get("Condition", {}))


def hidden(value: Any, places: list[int], counter: list[int]) -> Any:
    """The value with some of its members unknown, counted from the outside in."""
    counter[0] += 1
    if counter[0] in places:
        return Unknown("a parameter")
    if isinstance(value, dict):
        return {key: hidden(member, places, counter) for key, member in value.items()}
    if isinstance(value, list):
        return [hidden(member, places, counter) for member in value]
    return value


def answer(question: Any) -> bool | None:
    try:
        return bool(question())
    except Undecided:
        return None


@settings(max_examples=300)
@given(
    documents,
    st.none() | documents,
    st.lists(st.integers(2, 30), min_size=1, max_size=2),
    st.sampled_from(ACTIONS),
    st.sampled_from(RESOURCES),
    contexts,
)
def test_what_is_unknown_never_turns_an_answer_round(
    statements: list[Any],
    boundary: Any,
    places: list[int],
    action: str,
    resource: str,
    request_context: dict[str, list[str]],
) -> None:
    context = {key: tuple(values[:1]) for key, values in request_context.items()}
    whole = permissions([statements], boundary).allows(action, resource, context)
    partly = [hidden(one, [place - 1 for place in places], [0]) for one in statements]
    assert answer(lambda: permissions([partly], boundary).allows(action, resource, context)) in (None, whole)


@pytest.mark.parametrize(
    ("resource", "probe", "expected"),
    [
        ("*", "arn:aws:iam::0:role/x", True),
        ("arn:aws:iam::111122223333:role/*", f"arn:aws:iam::0:role/{SOME}", True),
        ("arn:aws-cn:iam::*:role/*", f"arn:aws:iam::0:role/{SOME}", True),
        ("arn:aws:iam::*", f"arn:aws:iam::0:role/{SOME}", True),
        ("arn:aws:iam::*:role/train-*", f"arn:aws:iam::0:role/{SOME}", False),
        ("arn:aws:iam::*:user/*", f"arn:aws:iam::0:role/{SOME}", False),
        ("arn:aws:iam::*:user/${aws:username}", f"arn:aws:iam::0:user/{SOME}", False),
        (Unknown("?", ("arn:aws:iam::", None, ":role/*")), f"arn:aws:iam::0:role/{SOME}", True),
        (Unknown("?", ("arn:", None, ":iam::", None, ":role/", None)), f"arn:aws:iam::0:role/{SOME}", False),
        (Unknown("?", ("arn:aws:", None, ":::x")), "arn:aws:s3:::x", None),
        (Unknown("?", (None, "/*")), f"arn:aws:s3:::{SOME}/{SOME}", None),
        (Unknown("?"), "arn:aws:s3:::x", None),
        ("arn:aws:s3:::*", f"arn:aws:s3:::{SOME}/{SOME}", True),
        ("arn:aws:s3:::data*", f"arn:aws:s3:::{SOME}/{SOME}", False),
    ],
)
def test_what_a_resource_reaches(resource: Any, probe: str, expected: bool | None) -> None:
    assert answer(lambda: Pattern.of(resource).reaches(probe)) is expected


@pytest.mark.parametrize(
    ("key", "limits"),
    [
        ("aws:sourceip", False),
        ("aws:multifactorauthpresent", False),
        ("aws:principalorgid", False),
        ("aws:requestedregion", False),
        ("aws:resourceaccount", False),
        ("aws:principaltag/team", True),
        ("aws:resourcetag/team", True),
        ("iam:passedtoservice", True),
        ("s3:prefix", True),
        ("aws:calledvia", True),
    ],
)
def test_conditions_that_limit_what_can_be_done(key: str, limits: bool) -> None:
    assert Condition("StringEquals", key, ()).limits_what() is limits


# --- actions and AWS's own policies -----------------------------------------------------------------------------------


def test_actions_are_expanded() -> None:
    assert {one.name for one in expand(Pattern(("s3:GetObject",)))} == {"s3:GetObject"}
    assert [one.name for one in expand(Pattern(("S3:getobject",)))] == ["s3:GetObject"]
    assert {"sagemaker:CreateEndpoint", "sagemaker:CreateEndpointConfig"} <= {
        one.name for one in expand(Pattern(("sagemaker:CreateEndpoint*",)))
    }
    assert {one.level for one in expand(Pattern(("s3:PutBucketPolicy",)))} == {"permissions"}
    assert not expand(Pattern(("nosuch:Thing",)))
    assert len(expand(Pattern(("*",)))) > 7_000
    with pytest.raises(Undecided):
        expand(Pattern.of(Unknown("?")))


def test_every_service_and_level_is_readable() -> None:
    for one in expand(Pattern(("*",))):
        assert one.level in ("list", "read", "tagging", "write", "permissions")
        assert one in actions_of(one.name.partition(":")[0])


def test_policies_of_aws() -> None:
    assert name_of("arn:aws:iam::aws:policy/service-role/AWSGlueServiceRole") == "AWSGlueServiceRole"
    assert name_of("arn:aws:iam::111122223333:policy/AdministratorAccess") is None
    assert document("AdministratorAccess", OWNER).allowing_everything()
    assert not document("AmazonSageMakerReadOnly", OWNER).allowing_services()
    with pytest.raises(Undecided, match="NoSuchPolicy"):
        document("NoSuchPolicy", OWNER)


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ({"Action": "s3:PutObject"}, ("s3:PutObject",)),
        ({"Action": ["s3:ListAllMyBuckets", "ec2:DescribeInstances"]}, ()),
        ({"Action": "s3:PutObject", "Resource": "arn:aws:s3:::b/*"}, ()),
        ({"Action": "s3:PutObject", "Effect": "Deny"}, ()),
        ({"Action": "logs:PutLogEvents"}, ()),
        ({"Action": "s3:PutObject", "Condition": {"StringEquals": {"s3:ResourceAccount": "1"}}}, ("s3:PutObject",)),
        ({"Action": "s3:PutObject", "Condition": {"StringEquals": {"aws:ResourceTag/a": "1"}}}, ()),
    ],
)
def test_what_could_be_limited(statement: dict[str, Any], expected: tuple[str, ...]) -> None:
    whole = {"Effect": "Allow", "Resource": "*", **statement}
    assert unlimited(policy([whole]).statements[0]) == expected


# --- joined -----------------------------------------------------------------------------------------------------------

JOINED = """
Parameters: {Outside: {Type: String}, Stage: {Type: String}}
Conditions: {IsProd: !Equals [!Ref Stage, prod]}
Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      RoleName: training
      AssumeRolePolicyDocument: {}
      ManagedPolicyArns: [!Ref Attached, "arn:aws:iam::aws:policy/AmazonSQSFullAccess"]
      PermissionsBoundary: !Ref Limit
      Policies: [{PolicyName: in, PolicyDocument: {Statement: {Effect: Allow, Action: "s3:GetObject", Resource: "*"}}}]
  Other: {Type: AWS::IAM::Role, Properties: {AssumeRolePolicyDocument: {}}}
  Open: {Type: AWS::IAM::Role, Properties: {AssumeRolePolicyDocument: {}, ManagedPolicyArns: [!Ref Outside]}}
  Attached:
    Type: AWS::IAM::ManagedPolicy
    Properties: {PolicyDocument: {Statement: {Effect: Allow, Action: "glue:*", Resource: "*"}}}
  ByName:
    Type: AWS::IAM::Policy
    Properties:
      PolicyName: by-name
      PolicyDocument: {Statement: {Effect: Allow, Action: "athena:*", Resource: "*"}}
      Roles: [training]
  Denied:
    Type: AWS::IAM::RolePolicy
    Properties:
      PolicyName: denied
      PolicyDocument: {Statement: {Effect: Deny, Action: "glue:Delete*", Resource: "*"}}
      RoleName: !Ref Role
  Sometimes:
    Type: AWS::IAM::Policy
    Condition: IsProd
    Properties:
      PolicyName: sometimes
      PolicyDocument: {Statement: {Effect: Allow, Action: "kms:*", Resource: "*"}}
      Roles: [!Ref Other]
  Limit:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument: {Statement: {Effect: Allow, Action: ["s3:*", "glue:*", "athena:*", "sqs:*"], Resource: "*"}}
  Group:
    Type: AWS::IAM::Group
    Properties:
      Policies: [{PolicyName: in, PolicyDocument: {Statement: {Effect: Allow, Action: "ec2:*", Resource: "*"}}}]
  User: {Type: AWS::IAM::User, Properties: {Groups: [!Ref Group]}}
"""


def test_the_policies_of_a_role_count_together(tmp_path: Path) -> None:
    load_checks()
    inventory = Inventory(template(tmp_path, JOINED))
    roles = {role.raw.id: permissions_of(role, inventory) for role in inventory.of(Role)}
    may = {
        action: answer(lambda a=action: roles["Role"].allows(a, None))
        for action in (
            "s3:GetObject",
            "s3:PutObject",
            "glue:CreateJob",
            "glue:DeleteJob",
            "athena:StartQueryExecution",
            "sqs:SendMessage",
            "kms:Decrypt",
        )
    }
    assert may == {
        "s3:GetObject": True,
        "s3:PutObject": False,
        "glue:CreateJob": True,
        "glue:DeleteJob": False,
        "athena:StartQueryExecution": True,
        "sqs:SendMessage": True,
        "kms:Decrypt": False,
    }
    assert answer(lambda: roles["Other"].allows("kms:Decrypt", None)) is None
    assert answer(lambda: roles["Other"].allows("s3:GetObject", None)) is None
    assert answer(lambda: roles["Open"].allows("s3:GetObject", None)) is None
    (user,) = inventory.of(User)
    assert permissions_of(user, inventory).allows("ec2:RunInstances", None)
    grant = roles["Role"].grant("athena:StartQueryExecution", None)
    assert grant and grant.source.name == "policy ByName"
