"""Each intrinsic function with known, unknown and open input."""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import Any

import pytest

from auditor.raw import Collected
from auditor.sources.choices import MAX_LEAVES, could_be
from auditor.values import ABSENT, Choice, Reference, Unknown, settle

Value = Callable[..., Any]
Scan = Callable[..., Collected]

OPEN = """
Parameters:
  Open: {Type: String}
  Known: {Type: String, Default: known}
  Words: {Type: CommaDelimitedList, Default: "a, b,c"}
  Numbers: {Type: List<Number>, Default: "1,2"}
  OpenWords: {Type: CommaDelimitedList}
Mappings:
  M:
    one: {x: first, y: [1, 2]}
    two: {x: second}
Conditions:
  Maybe: !Equals [!Ref Open, "prod"]
  Perhaps: !Equals [!Ref Open, "dev"]
  Sure: !Equals [!Ref Known, "known"]
  Never: !Not [!Condition Sure]
"""


def choice(value: Any) -> tuple[Any, Any]:
    assert type(value) is Choice
    return value.then, value.otherwise


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("!Ref Known", "known"),
        ("Ref: Known", "known"),
        ("!Ref Words", ["a", "b", "c"]),
        ("!Ref Numbers", [1, 2]),
        ("!Sub 'x-${Known}-${!Literal}'", "x-known-${Literal}"),
        ("!Sub ['${A}${Known}', {A: 1}]", "1known"),
        ("!Sub ['${Known}', {Known: mine}]", "mine"),
        ("!Sub plain", "plain"),
        ("!Sub ''", ""),
        ("!Sub '${ Known }'", "known"),
        ("!Join ['-', [a, !Ref Known, 1, true]]", "a-known-1-true"),
        ("!Join [',', !Ref Words]", "a,b,c"),
        ("!Join ['', []]", ""),
        ("!Join ['-', [a, !Ref 'AWS::NoValue', b]]", "a-b"),
        ("!Select [1, !Ref Words]", "b"),
        ("!Select ['2', [a, b, c]]", "c"),
        ("!Split ['-', 'a-b--c']", ["a", "b", "", "c"]),
        ("!Select [1, !Split ['-', !Sub 'a-${Known}']]", "known"),
        ("!Base64 text", base64.b64encode(b"text").decode()),
        ("Fn::Base64: !Sub '${Known}'", base64.b64encode(b"known").decode()),
        ("!FindInMap [M, one, x]", "first"),
        ("!FindInMap [M, one, 'y']", [1, 2]),
        ("!FindInMap [M, none, x, {DefaultValue: !Ref Known}]", "known"),
        ("!Cidr [10.0.0.0/16, 2, 8]", ["10.0.0.0/24", "10.0.1.0/24"]),
        ("!Select [1, !Cidr ['fd00::/56', 2, 64]]", "fd00:0:0:1::/64"),
        ("!If [Sure, a, b]", "a"),
        ("!If [Never, a, b]", "b"),
        ("!If [{Condition: Sure}, a, b]", "a"),
        ("[a, !Ref 'AWS::NoValue', !If [Never, b, !Ref 'AWS::NoValue'], c]", ["a", "c"]),
        ("{a: !Ref 'AWS::NoValue', b: 1}", {"b": 1}),
        ("{a: {Fn::If: [Sure, {b: !Ref Known}, 1]}}", {"a": {"b": "known"}}),
        ("!If [Sure, !Ref 'AWS::NoValue', 1]", "(no P)"),
        ("!If [Maybe, same, same]", "same"),
        ("Version: 2012-10-17", {"Version": "2012-10-17"}),
    ],
)
def test_known(value: Value, written: str, meant: Any) -> None:
    got = value(written, OPEN)
    assert got == meant
    assert type(got) is type(meant)


@pytest.mark.parametrize(
    ("written", "reason", "parts"),
    [
        ("!Ref Open", "parameter Open has no default; give it with --parameters", None),
        ("!Sub 'x-${Open}-y'", "parameter Open has no default", ("x-", None, "-y")),
        ("!Sub '${Open}${AWS::StackName}'", "parameter Open", None),
        ("!Sub '${Bucket.Arn}/${Open}'", "parameter Open", ("${Bucket.Arn}/", None)),
        ("!Sub ['${A}b', {A: !Sub 'a${Open}'}]", "parameter Open", ("a", None, "b")),
        ("!Join ['-', [a, !Ref Open, c]]", "parameter Open", ("a-", None, "-c")),
        ("!Join [',', !Ref OpenWords]", "parameter OpenWords", None),
        ("!Join ['', [a, {'Fn::Sub': 'b${Open}'}]]", "parameter Open", ("ab", None)),
        ("!Select [0, !Ref OpenWords]", "parameter OpenWords", None),
        ("!Select [!Ref Open, [a, b]]", "parameter Open", None),
        ("!Select [0, !GetAZs '']", "availability zones", None),
        ("!Select [1, !Split [':', !GetAtt Bucket.Arn]]", "${Bucket.Arn} is known only after", None),
        ("!Split [',', !Sub 'a,${Open}']", "parameter Open", None),
        ("Fn::Base64: !Sub 'a ${Open}'", "parameter Open", ("a ", None)),
        ("!FindInMap [M, !Ref Open, x]", "parameter Open", None),
        ("!Cidr [!Ref Open, 2, 8]", "parameter Open", None),
        ("!Cidr [!GetAtt Bucket.Arn, 2, 8]", "known only after deployment", None),
        ("!ImportValue shared-vpc", "the export shared-vpc belongs to another stack", None),
        ("Fn::ImportValue: !Sub '${Open}-vpc'", "the export *-vpc belongs to another stack", None),
        ("!Ref AWS::StackName", "AWS::StackName is known only at deployment", None),
        ("!Ref AWS::AccountId", "when the scan is given the account", None),
        ("!Sub 'arn:${AWS::Partition}:x'", "given the region", ("arn:", None, ":x")),
        ("'{{resolve:ssm:/x}}'", "{{resolve:ssm:/x}} is looked up", None),
        ("'a-{{resolve:ssm:/x}}-b'", "looked up at deployment", ("a-", None, "-b")),
        ("!Sub 'a-{{resolve:ssm:/${Known}}}'", "{{resolve:ssm:/known}} is looked up", ("a-", None)),
        ("!Sub 'a-{{resolve:ssm:/${Open}/${Bucket}}}-b'", "parameter Open", ("a-", None, "-b")),
        ("!Join ['', ['{{resolve:', 'ssm:/x}}b']]", "looked up", (None, "b")),
    ],
)
def test_unknown(value: Value, written: str, reason: str, parts: tuple[str | None, ...] | None) -> None:
    got = value(written, OPEN)
    assert type(got) is Unknown
    assert reason in got.reason
    assert got.parts == parts


def test_references(value: Value) -> None:
    got = value("[!Ref Bucket, !GetAtt Bucket.Arn, !Sub '${Bucket}', !GetAtt [Bucket, Arn], !Sub '${Bucket.Arn}/*']")
    assert [type(each) for each in got] == [Reference, Reference, Reference, Reference, str]
    assert got == ["${Bucket}", "${Bucket.Arn}", "${Bucket}", "${Bucket.Arn}", "${Bucket.Arn}/*"]
    assert (got[1].target, got[1].attribute, got[1].scope) == ("Bucket", "Arn", "t.yaml")


@pytest.mark.parametrize(
    ("written", "then", "otherwise"),
    [
        ("!If [Maybe, a, b]", "a", "b"),
        ("!If [Maybe, !Ref Known, !Ref 'AWS::NoValue']", "known", ABSENT),
        ("!Join ['-', [a, !If [Maybe, x, y], c]]", "a-x-c", "a-y-c"),
        ("!Join ['-', !If [Maybe, [a, b], [c]]]", "a-b", "c"),
        ("!Join ['-', [a, !If [Maybe, x, !Ref 'AWS::NoValue']]]", "a-x", "a"),
        ("!Join ['', [!If [Maybe, x, y], !If [Maybe, '1', '2']]]", "x1", "y2"),
        ("!Sub ['${A}!', {A: !If [Maybe, x, y]}]", "x!", "y!"),
        ("!Select [!If [Maybe, 0, 1], [a, b]]", "a", "b"),
        ("!Select [0, !If [Maybe, [a], [b]]]", "a", "b"),
        ("!Select [0, [!If [Maybe, a, !Ref 'AWS::NoValue'], b]]", "a", "b"),
        ("!Select [1, [!If [Maybe, a, !Ref 'AWS::NoValue'], b, c]]", "b", "c"),
        ("!Split [',', !If [Maybe, 'a,b', c]]", ["a", "b"], ["c"]),
        ("!FindInMap [M, !If [Maybe, one, two], x]", "first", "second"),
        ("Fn::Base64: !If [Maybe, a, b]", "YQ==", "Yg=="),
        ("!Cidr [!If [Maybe, 10.0.0.0/16, 10.1.0.0/16], 1, 8]", ["10.0.0.0/24"], ["10.1.0.0/24"]),
        ("!GetAtt [Bucket, !If [Maybe, Arn, DomainName]]", "${Bucket.Arn}", "${Bucket.DomainName}"),
    ],
)
def test_choices(value: Value, written: str, then: Any, otherwise: Any) -> None:
    assert choice(value(written, OPEN)) == (then, otherwise)


def test_choice_in_a_list_and_a_mapping(value: Value) -> None:
    got = value("[{a: !If [Maybe, 1, 2]}, !If [Perhaps, x, !Ref 'AWS::NoValue']]", OPEN)
    assert choice(got[0]["a"]) == (1, 2)
    assert choice(got[1]) == ("x", ABSENT)


def test_choices_of_two_conditions(value: Value) -> None:
    got = value("!Join ['', [!If [Maybe, a, b], !If [Perhaps, '1', '2']]]", OPEN)
    outer = choice(got)
    assert [choice(each) for each in outer] == [("a1", "a2"), ("b1", "b2")]
    with got.condition.open_atom().assume(True):  # prod, and so not dev
        assert settle(got) == "a2"


def test_too_many_choices(value: Value) -> None:
    conditions = "\n".join(f"  C{i}: !Equals [!Ref Open, '{i}']" for i in range(8))
    template = f"Parameters:\n  Open: {{Type: String}}\nConditions:\n{conditions}"
    pieces = [f"!If [C{i}, a, b]" for i in range(8)]
    assert type(value(f"!Join ['', [{', '.join(pieces[:6])}]]", template)) is Choice
    got = value(f"!Join ['', [{', '.join(pieces)}]]", template)
    assert type(got) is Unknown
    assert str(MAX_LEAVES) in got.reason


@pytest.mark.parametrize(
    ("written", "message"),
    [
        ("!Ref Nothing", "no resource or parameter named Nothing"),
        ("!Ref [a]", "Ref: it takes a name, not a list"),
        ("!GetAtt Nothing.Arn", "no resource named Nothing"),
        ("!GetAtt Bucket", "Fn::GetAtt: it takes a resource and one of its attributes"),
        ("!Sub '${Nothing}'", "named Nothing"),
        ("!Sub '${}'", "named "),
        ("!Sub [a]", "Fn::Sub: it takes"),
        ("!Sub 'a${AWS::NoValue}'", "a text is needed where there is AWS::NoValue"),
        ("!Sub ['${A}', {A: [1]}]", "a text is needed where there is a list"),
        ("!Sub ['${A}', {A: ~}]", "a text is needed where there is nothing (null)"),
        ("!Join [a]", "Fn::Join: it takes a delimiter and a list"),
        ("!Join [[], []]", "its delimiter"),
        ("!Join ['', text]", "a list is needed where there is a text"),
        ("!Join ['', [[a]]]", "a text is needed where there is a list"),
        ("!Select [5, [a]]", "there is no member 5"),
        ("!Select [-1, [a]]", "no member -1"),
        ("!Select [x, [a]]", "its index must be a whole number"),
        ("!Select [0, text]", "a list is needed"),
        ("!Split ['', text]", "its delimiter"),
        ("!Split [',', [a]]", "a text is needed"),
        ("!Split text", "it takes a delimiter and a text"),
        ("!Base64 [a]", "a text is needed"),
        ("!FindInMap [M, none, x]", "Mappings has no M.none.x"),
        ("!FindInMap [N, none, x]", "Mappings has no N.none.x"),
        ("!FindInMap [M, one]", "two keys"),
        ("!FindInMap [M, one, x, y]", "DefaultValue"),
        ("!FindInMap [M, [one], x]", "a text is needed"),
        ("!Cidr [10.0.0.0/16]", "Fn::Cidr: it takes"),
        ("!Cidr [nonsense, 1, 8]", "can't be divided"),
        ("!Cidr [10.0.0.0/16, 1000, 8]", "from 1 to 256"),
        ("!Cidr [10.0.0.0/24, 200, 5]", "has room for 8 blocks"),
        ("!Cidr [10.0.0.0/24, 1, 33]", "can't be divided"),
        ("!ImportValue [a]", "a text is needed"),
        ("!If [Nope, a, b]", "the condition Nope is not defined"),
        ("!If [Maybe, a]", "Fn::If: it takes"),
        ("!If [[Maybe], a, b]", "name of a condition"),
        ("!Nonsense x", "Fn::Nonsense is not followed"),
        ("!Transform {Name: x}", "Fn::Transform is not followed"),
        ("!Rain::Embed x", "Rain::Embed is not followed"),
        ("{Fn::If: [Maybe, a, b], x: 1}", "Fn::If must be the only key"),
        ("{Fn::Transform: {Name: x}, x: 1}", "Fn::Transform is not expanded"),
    ],
)
def test_wrong_shapes(scan: Scan, written: str, message: str) -> None:
    """Each gives an unknown value and a warning on its line, and the other properties come through."""
    collected = scan(f"{OPEN}\nResources:\n  Bucket: {{Type: 'AWS::S3::Bucket'}}\n  R:\n    Type: AWS::X::Y\n"
                     f"    Properties:\n      Before: 1\n      P: {written}\n      After: 2\n")  # fmt: skip
    raw = collected.raws[-1]
    got = raw.properties["P"]
    if isinstance(got, Choice):
        assert (got.then, got.otherwise) == ("a", "b")
    elif isinstance(got, Unknown):
        assert got.reason
    else:
        assert isinstance(got["anything"], Unknown)
        assert got["x"] == 1
    assert raw.properties["Before"], raw.properties["After"] == (1, 2)
    (notice,) = collected.notices
    assert notice.level == "warning"
    assert message in notice.message
    assert notice.location.line == OPEN.count("\n") + 8 or "defined" in message


def test_custom_resources_and_stacks(scan: Scan) -> None:
    collected = scan("""
        Resources:
          C: {Type: "Custom::Thing"}
          D: {Type: "AWS::CloudFormation::CustomResource"}
          S: {Type: "AWS::CloudFormation::Stack"}
          R:
            Type: AWS::X::Y
            Properties: {A: !GetAtt C.X, B: !GetAtt D.X, C: !GetAtt S.Outputs.X, D: !Ref C, E: !Sub "a${C.X}"}
        """)
    got = collected.raws[-1].properties
    assert [type(each) for each in got.values()] == [Unknown, Unknown, Unknown, Reference, Unknown]
    assert got["E"].parts == ("a", None)
    assert [notice.message for notice in collected.notices] == [
        "the nested stack S is not followed, so its outputs are unknown: it has no TemplateURL",
        "what custom resources return is known only at deployment",
    ]


@pytest.mark.parametrize(
    ("region", "partition", "suffix"),
    [
        ("eu-west-1", "aws", "amazonaws.com"),
        ("cn-north-1", "aws-cn", "amazonaws.com.cn"),
        ("us-gov-west-1", "aws-us-gov", "amazonaws.com"),
        ("us-iso-east-1", "aws-iso", "c2s.ic.gov"),
        ("us-isob-east-1", "aws-iso-b", "sc2s.sgov.gov"),
        ("eusc-de-east-1", "aws-eusc", "amazonaws.eu"),
    ],
)
def test_pseudo_parameters(value: Value, region: str, partition: str, suffix: str) -> None:
    written = "!Sub '${AWS::AccountId} ${AWS::Region} ${AWS::Partition} ${AWS::URLSuffix}'"
    got = value(written, account="012345678901", region=region)
    assert got == f"012345678901 {region} {partition} {suffix}"


def test_properties_that_are_a_function(scan: Scan) -> None:
    collected = scan("""
        Resources:
          A: {Type: "AWS::X::Y", Properties: !Transform {Name: x}}
          B: {Type: "AWS::X::Y", Properties: {"Fn::Transform": {Name: x}, Known: 1}}
        """)
    first, second = (raw.properties for raw in collected.raws)
    assert isinstance(first.get("Any"), Unknown)
    assert second["Known"] == 1
    assert isinstance(second["Any"], Unknown)
    assert "Any" in second


def test_a_template_cannot_ask_for_terabytes(scan: Scan) -> None:
    big = "x" * 1_000_000
    subs = "".join(f"      P{i}: !Sub '{'${Big}' * 100}'\n" for i in range(50))
    collected = scan(f"Parameters:\n  Big: {{Type: String, Default: {big}}}\nResources:\n  R:\n"
                     f"    Type: AWS::X::Y\n    Properties:\n{subs}")  # fmt: skip
    assert "characters" in collected.notices[0].message
    assert isinstance(collected.raws[0].properties["P49"], Unknown)


@pytest.mark.parametrize(
    ("parts", "text", "answer"),
    [
        (None, "a", True),
        (("a-", None), "a-b", True),
        (("a-", None), "b", False),
        ((None, "-b"), "a-b", True),
        ((None, "-b"), "a-c", False),
        (("a", None, "b", None, "c"), "axbxc", True),
        (("a", None, "b", None, "c"), "axc", False),
        (("ab", None, "bc"), "abc", False),
        (("${X}", None), "anything", True),
    ],
)
def test_could_be(parts: tuple[str | None, ...] | None, text: str, answer: bool) -> None:
    assert could_be(Unknown("", parts), text) is answer
