"""Policy documents: how they are read, and what is answered of them when pieces are unknown."""

from __future__ import annotations

import json
import time
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.members import every, known_first, some
from auditor.policy import Pattern, Policy, Statement
from auditor.raw import Raw
from auditor.values import ABSENT, Atom, Choice, Partial, Reference, Undecided, Unknown
from tests.builders import raw

PARAMETER = Unknown("the parameter Name has no default")
ARN = Unknown("the parameter Name has no default", ("arn:aws:s3:::", None, "/*"))


def policy(*statements: Any, **more: Any) -> Policy:
    return Policy.from_raw({"Statement": list(statements), **more}, holder(), ("PolicyDocument",))


def holder() -> Raw:
    return raw("AWS::IAM::Policy", "Policy")


def allow(**more: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*", **more}


def statement(**more: Any) -> Statement:
    return policy(allow(**more)).statements[0]


def answer(question: Any) -> bool | None:
    """None where it is undecided."""
    try:
        return bool(question())
    except Undecided:
        return None


# --- reading --------------------------------------------------------------------------------------------------------

DOCUMENT = {"Version": "2012-10-17", "Statement": {"Sid": "One", **allow()}}


@pytest.mark.parametrize(
    "value", [DOCUMENT, json.dumps(DOCUMENT), " " + json.dumps(DOCUMENT), quote(json.dumps(DOCUMENT))]
)
def test_a_document_is_a_map_or_text(value: Any) -> None:
    found = Policy.from_raw(value, holder(), ("PolicyDocument",))
    (one,) = found.statements
    assert (one.sid, one.effect, one.concerns("S3:getobject")) == ("One", "Allow", True)


def test_a_statement_knows_where_it_stands() -> None:
    owner = holder()
    listed = Policy.from_raw({"Statement": [allow(), allow()]}, owner, ("Doc",)).statements[1]
    assert listed.spot() == (owner, ("Doc", "Statement", 1))
    assert listed.element("NotAction", "Action").spot() == (owner, ("Doc", "Statement", 1, "Action"))
    assert listed.element("Condition").spot() == (owner, ("Doc", "Statement", 1))
    single = Policy.from_raw(DOCUMENT, owner, ("Doc",)).statements[0]
    assert single.spot() == (owner, ("Doc", "Statement"))
    text = Policy.from_raw(json.dumps(DOCUMENT), owner, ("Doc",)).statements[0]
    assert text.element("Action").spot() == (owner, ("Doc",))


@pytest.mark.parametrize(
    "value", ["", "no json", "[]", 7, [], {}, {"Version": "x"}, "[" * 20_000, Reference("Doc", "Text", "a.yaml")]
)
def test_what_is_no_document_is_undecided(value: Any) -> None:
    with pytest.raises(Undecided, match="should be a policy document"):
        Policy.from_raw(value, holder(), ("PolicyDocument",))


@pytest.mark.parametrize("value", ["Bearer s3cr3t", '{"Statement": "s3cr3t"}', {"Statement": ["s3cr3t"]}])
def test_errors_show_no_text(value: Any) -> None:
    with pytest.raises(Undecided) as error:
        list(Policy.from_raw(value, holder(), ("PolicyDocument",)).statements)
    assert "s3cr3t" not in error.value.reason


def test_lists_inside_lists_are_one_list() -> None:
    found = policy([allow(), allow()], allow(Action=["a:B", ["c:D", "e:F"]]))
    assert len(found.statements) == 3
    assert [pattern.text for pattern in found.statements[2].actions] == ["a:B", "c:D", "e:F"]


def test_statements_under_an_open_condition_come_last() -> None:
    atom = Atom("Stage", "prod", [])
    found = policy(Choice(atom, allow(Action="*"), ABSENT), PARAMETER, allow(Action="*"))
    seen = []
    with pytest.raises(Undecided) as error:
        for one in found.allowing_everything():
            seen.append(one)
    assert [one.path[-1] for one in seen] == [2]
    assert error.value.atom is atom
    with atom.assume(False):
        found = policy(Choice(atom, allow(Action="*"), ABSENT), allow())
        assert found.allowing_everything() == ()


# --- three values ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("*", True),
        ("arn:aws:s3:::b", False),
        (Reference("Bucket", "Arn", "a.yaml"), False),
        (ARN, False),
        (PARAMETER, None),
        (Unknown("?", (None, "*")), None),
        (Unknown("?", ("arn:", None)), None),
        (Unknown("?", ("arn:", None, ":s3:::b")), False),
        ({"Ref": "x"}, None),
    ],
)
def test_is_it_everything(value: Any, expected: bool | None) -> None:
    assert answer(lambda: statement(Resource=value).on_everything()) is expected
    assert answer(lambda: statement(Resource=[value, "*"]).on_everything()) is True


@pytest.mark.parametrize(
    ("pattern", "action", "expected"),
    [
        ("*", "iam:PassRole", True),
        ("iam:*", "iam:PassRole", True),
        ("IAM:passrole", "iam:PassRole", True),
        ("iam:Pass????", "iam:PassRole", True),
        ("iam:Pass???", "iam:PassRole", False),
        ("iam:*Role", "iam:PassRole", True),
        ("iam:*Roles", "iam:PassRole", False),
        ("s3:*", "iam:PassRole", False),
        (Unknown("?", ("iam:", None)), "iam:PassRole", None),
        (Unknown("?", ("s3:", None)), "iam:PassRole", False),
        (PARAMETER, "iam:PassRole", None),
    ],
)
def test_wildcards_of_actions(pattern: Any, action: str, expected: bool | None) -> None:
    assert answer(lambda: statement(Action=pattern).concerns(action)) is expected
    inverse = {"Effect": "Allow", "NotAction": pattern, "Resource": "*"}
    assert answer(lambda: policy(inverse).statements[0].concerns(action)) is (
        None if expected is None else not expected
    )


def test_a_hostile_pattern_is_matched_in_time() -> None:
    start = time.process_time()
    assert not Pattern(("*a" * 2_000,)).matches("s3:" + "a" * 1_000 + "b")
    assert time.process_time() - start < 30  # it ends; if it were exponential it would not


@given(st.text("ab*?", max_size=8), st.text("ab", max_size=8))
def test_matching_agrees_with_fnmatch(pattern: str, text: str) -> None:
    from fnmatch import fnmatchcase

    assert Pattern((pattern,)).matches(text) == fnmatchcase(text, pattern)


@given(st.lists(st.text("ab*", max_size=3), min_size=1, max_size=4), st.integers(0, 3), st.text("ab", max_size=6))
def test_a_piece_more_unknown_never_turns_an_answer_round(pieces: list[str], hole: int, text: str) -> None:
    whole = Pattern(("".join(pieces),))
    parts = tuple(None if index == hole else piece for index, piece in enumerate(pieces))
    partly = Pattern(parts, Undecided("?")) if None in parts else whole
    assert answer(lambda: partly.matches(text)) in (None, whole.matches(text))
    assert answer(lambda: partly.is_one_of(text)) in (None, whole.is_one_of(text))


def test_policy_variables_for_wildcards_are_those_characters() -> None:
    assert not Pattern(("a${*}",)).matches("abc")
    assert Pattern(("a${*}",)).matches("a*")


def test_some_and_every_decide_where_one_member_does() -> None:
    def is_one(value: Any) -> bool:
        if value is None:
            raise Undecided("open")
        return bool(value == 1)

    assert some([None, 1], is_one)
    assert not some([0, 2], is_one)
    with pytest.raises(Undecided):
        some([None, 0], is_one)
    with pytest.raises(Undecided):
        some(Partial((0,), Undecided("more")), is_one)
    assert some(Partial((1,), Undecided("more")), is_one)
    assert not every(lambda: is_one(None), lambda: False)
    with pytest.raises(Undecided):
        every(lambda: is_one(None), lambda: True)
    assert known_first([1, 2, 3], lambda n: n if n != 2 else None) == (1, 3)


# --- permissions ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({"Action": "*"}, True),
        ({"Action": ["s3:Get*", "*:*"], "Resource": ["arn:aws:s3:::b", "*"]}, True),
        ({"Action": "*", "Resource": "arn:aws:s3:::*"}, False),
        ({"Action": "*", "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "true"}}}, True),
        ({"Action": "*", "Condition": {"StringEquals": {"aws:ResourceTag/team": "ml"}}}, False),
        ({"Action": "*", "Condition": PARAMETER}, None),
        ({"Action": "*", "Effect": "Deny"}, False),
        ({"Action": "*", "Effect": PARAMETER}, None),
        ({"Action": "s3:*", "Effect": PARAMETER}, False),
        ({"Action": "*", "Resource": ARN}, False),
        ({"Action": PARAMETER}, None),
        ({"Action": PARAMETER, "Resource": "arn:aws:s3:::b"}, False),
    ],
)
def test_allows_everything(more: dict[str, Any], expected: bool | None) -> None:
    assert answer(statement(**more).allows_everything) is expected


@pytest.mark.parametrize(
    ("action", "expected", "names"),
    [
        ("s3:*", True, ("s3",)),
        (["S3:*", "sagemaker:**", "s3:*"], True, ("s3", "sagemaker")),
        ("*", True, ("*",)),
        ("s3:Get*", False, ()),
        ("s3:*Object", False, ()),
        (Unknown("?", (None, ":*")), True, ()),
        (Unknown("?", ("s3:Get", None)), False, ()),
        (Unknown("?", ("s3:", None)), None, ()),
        ([PARAMETER, "ec2:*"], True, ("ec2",)),
    ],
)
def test_opens_services(action: Any, expected: bool | None, names: tuple[str, ...]) -> None:
    one = statement(Action=action)
    assert answer(one.opens_services) is expected
    assert one.open_services() == names


def test_not_action_opens_services() -> None:
    one = policy({"Effect": "Allow", "NotAction": PARAMETER, "Resource": "*"}).statements[0]
    assert one.opens_services()
    assert not statement(Effect="Deny", Action="s3:*").opens_services()


@pytest.mark.parametrize(
    ("resource", "expected"),
    [
        ("*", True),
        ("arn:aws:iam::*:role/*", True),
        ("arn:aws:iam::123456789012:role/*", True),
        ("arn:aws:iam::123456789012:*", True),
        ("arn:aws:iam::*", True),
        (Unknown("?", ("arn:aws:iam::", None, ":role/*")), True),
        (Unknown("?", ("arn:", None, ":iam::", None, ":role/*")), True),
        (Unknown("?", ("arn:aws:iam::", None, ":role/train-", None)), False),
        (Unknown("?", (None, "/*")), None),
        (PARAMETER, None),
        ("arn:aws:iam::123456789012:role/training-*", False),
        ("arn:aws:iam::123456789012:role/service-role/*", False),
        ("arn:aws:s3:::*", False),
        (Reference("Role", "Arn", "a.yaml"), False),
    ],
)
def test_passes_any_role(resource: Any, expected: bool | None) -> None:
    assert answer(statement(Action="iam:PassRole", Resource=resource).passes_any_role) is expected


def test_a_deny_takes_passrole_back() -> None:
    everything, deny = allow(Action="*"), {"Effect": "Deny", "Action": "iam:*", "Resource": "*"}
    assert policy(everything).passing_any_role()
    assert not policy(everything, deny).passing_any_role()
    narrow = {**deny, "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "false"}}}
    assert policy(everything, narrow).passing_any_role()
    assert answer(lambda: policy(everything, {**deny, "Condition": PARAMETER}).passing_any_role()) is None
    assert policy(
        {"Effect": "Allow", "Action": "iam:PassRole", "NotResource": "arn:aws:iam::1:role/a"}
    ).passing_any_role()


# --- public ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("principal", "expected"),
    [
        ("*", True),
        ({"AWS": "*"}, True),
        ({"AWS": ["arn:aws:iam::123456789012:root", "*"]}, True),
        ({"AWS": 123456789012}, False),
        ({"Service": "*.amazonaws.com"}, False),
        ({"AWS": Unknown("?", ("arn:aws:iam::", None, ":root"))}, False),
        ({"AWS": PARAMETER}, None),
        ({"AWS": [PARAMETER, "*"]}, True),
        ({"*": "*"}, True),
        ({"*": PARAMETER}, None),
        (PARAMETER, None),
    ],
)
def test_who_is_everyone(principal: Any, expected: bool | None) -> None:
    assert answer(statement(Principal=principal).grants_to_everyone) is expected


def test_not_principal_with_allow_is_everyone_else() -> None:
    assert statement(NotPrincipal={"AWS": "arn:aws:iam::123456789012:root"}).grants_to_everyone()


NARROW = [
    {"StringEquals": {"aws:SourceAccount": "123456789012"}},
    {"StringEquals": {"AWS:sourceaccount": PARAMETER}},
    {"StringEquals": {"aws:PrincipalOrgID": "o-abc"}},
    {"ForAnyValue:StringLike": {"aws:PrincipalOrgPaths": "o-abc/*"}},
    {"StringLike": {"aws:userid": ["AROAEXAMPLE:*"]}},
    {"ArnLike": {"aws:SourceArn": "arn:aws:sns:*:123456789012:*"}},
    {"ArnEquals": {"aws:SourceArn": "arn:aws:s3:::bucket"}},
    {"ArnLike": {"aws:PrincipalArn": Unknown("?", ("arn:aws:iam::", None, ":role/*"))}},
    {"StringLike": {"s3:DataAccessPointArn": "arn:aws:s3:us-east-1:123456789012:accesspoint/*"}},
    {"StringEquals": {"s3:DataAccessPointAccount": "123456789012"}},
    {"IpAddress": {"aws:SourceIp": ["10.0.0.0/8", "203.0.113.0/24"]}},
    {"IpAddress": {"aws:SourceIp": Unknown("?", (None, "/32"))}},
    {"Bool": {"aws:PrincipalIsAWSService": "true"}},
    {"StringEquals": {"aws:SourceVpce": "vpce-1"}, "Bool": {"aws:SecureTransport": "true"}},
]
OPEN = [
    {"Bool": {"aws:SecureTransport": "true"}},
    {"StringEqualsIfExists": {"aws:PrincipalOrgID": "o-abc"}},
    {"ForAllValues:StringEquals": {"aws:PrincipalOrgID": "o-abc"}},
    {"StringNotEquals": {"aws:PrincipalOrgID": "o-abc"}},
    {"StringLike": {"aws:SourceVpce": "vpce-*"}},
    {"StringLike": {"aws:PrincipalOrgPaths": "o-*/r-1/*"}},
    {"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/Admin"}},
    {"StringLike": {"aws:SourceArn": "*"}},
    {"StringLike": {"aws:Referer": "https://example.com/*"}},
    {"IpAddress": {"aws:SourceIp": "0.0.0.0/0"}},
    {"IpAddress": {"aws:SourceIp": ["203.0.113.0/24", "0.0.0.0/1"]}},
    {"IpAddress": {"aws:SourceIp": "::/0"}},
    {"Null": {"aws:PrincipalOrgID": "false"}},
    {"StringEquals": {"aws:PrincipalOrgID": []}},
]
MAYBE = [
    PARAMETER,
    {"StringEquals": PARAMETER},
    {"StringLike": {"aws:PrincipalArn": PARAMETER}},
    {"IpAddress": {"aws:SourceIp": PARAMETER}},
]


@pytest.mark.parametrize(
    ("condition", "expected"),
    [*((c, False) for c in NARROW), *((c, True) for c in OPEN), *((c, None) for c in MAYBE)],
)
def test_conditions_that_narrow(condition: Any, expected: bool | None) -> None:
    one = statement(Principal="*", Condition=condition)
    assert answer(one.grants_to_everyone) is expected
    assert answer(lambda: policy(allow(Principal="*", Condition=condition)).public()) is expected


PERIMETER = {
    "Effect": "Deny",
    "Principal": "*",
    "Action": "s3:*",
    "Resource": ["arn:aws:s3:::b", "arn:aws:s3:::b/*"],
    "Condition": {
        "StringNotEqualsIfExists": {"aws:PrincipalOrgID": "o-abc"},
        "BoolIfExists": {"aws:PrincipalIsAWSService": "false"},
    },
}


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({}, False),
        ({"Action": "s3:PutObject"}, True),
        ({"Resource": "arn:aws:s3:::b/private/*"}, True),
        ({"Principal": {"AWS": "arn:aws:iam::123456789012:root"}}, True),
        ({"Condition": {"StringNotLike": {"aws:SourceVpce": "vpce-*"}}}, True),
        ({"Condition": {"StringNotEquals": {"aws:SourceVpce": "vpce-1"}}}, False),
        ({"Condition": {"ForAnyValue:StringNotEquals": {"aws:SourceVpce": "vpce-1"}}}, True),
        (
            {
                "Condition": {
                    "NotIpAddress": {"aws:SourceIp": "203.0.113.0/24"},
                    "Bool": {"aws:SecureTransport": "false"},
                }
            },
            True,
        ),
        ({"Condition": PARAMETER}, None),
    ],
)
def test_a_deny_keeps_strangers_out(more: dict[str, Any], expected: bool | None) -> None:
    grant = allow(Principal="*", Resource="arn:aws:s3:::b/*")
    assert answer(lambda: policy({**PERIMETER, **more}, grant).public()) is expected


# --- TLS ------------------------------------------------------------------------------------------------------------

TLS = {
    "Effect": "Deny",
    "Principal": "*",
    "Action": "s3:*",
    "Resource": "*",
    "Condition": {"Bool": {"aws:SecureTransport": "false"}},
}


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({}, True),
        ({"Principal": {"AWS": "*"}, "Condition": {"BoolIfExists": {"aws:securetransport": [False]}}}, True),
        ({"Action": ["s3:Get*"]}, True),
        ({"Action": "s3:PutObject"}, False),
        ({"Effect": "Allow"}, False),
        ({"Principal": {"AWS": "arn:aws:iam::123456789012:root"}}, False),
        ({"Condition": {"Bool": {"aws:SecureTransport": "true"}}}, False),
        ({"Condition": {"NumericLessThan": {"s3:TlsVersion": "1.2"}}}, False),
        ({"Condition": {"Bool": {"aws:SecureTransport": "false"}, "StringEquals": {"aws:SourceVpc": "vpc-1"}}}, False),
        ({"Condition": {"Bool": {"aws:SecureTransport": PARAMETER}}}, None),
        ({"Action": PARAMETER}, None),
        ({"Resource": PARAMETER}, None),
    ],
)
def test_denies_plain_http(more: dict[str, Any], expected: bool | None) -> None:
    def is_star(pattern: Pattern) -> bool:
        return pattern.is_one_of("*")

    assert answer(lambda: policy({**TLS, **more}).denies_plain_http("s3:GetObject", is_star)) is expected
