"""`AWS::LanguageExtensions`: loops written out, and its functions."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from auditor.raw import Collected
from auditor.sources.cloudformation import loops
from auditor.values import Choice, Reference, Unknown
from tests.support import judge, statuses, template

Scan = Callable[..., Collected]
Value = Callable[..., Any]
OPEN = "Parameters: {P: {Type: String}}\nConditions: {Open: !Equals [!Ref P, x]}\n"

BUCKETS = """\
Transform: AWS::LanguageExtensions
Parameters:
  Names: {Type: CommaDelimitedList, Default: "raw,clean"}
  Unset: {Type: CommaDelimitedList}
  Status: {Type: String}
Mappings:
  Versioning: {raw: {status: Enabled}, clean: {status: Suspended}, open: {status: Enabled}}
Resources:
  Fn::ForEach::Buckets:
    - Name
    - !Ref Names
    - Bucket${Name}:
        Type: AWS::S3::Bucket
        Properties:
          BucketName: !Sub "${Name}-data"
          VersioningConfiguration:
            Status: !FindInMap [Versioning, !Ref Name, status]
  Fn::ForEach::Open:
    - Name
    - [open]
    - Bucket${Name}:
        Type: AWS::S3::Bucket
        Properties:
          VersioningConfiguration: {Status: !Ref Status}
"""


def test_verdicts(tmp_path: Path) -> None:
    """Pass, fail and unknown; the finding stands in the body of the loop."""
    collected = template(tmp_path, BUCKETS)
    assert collected.notices == []
    verdicts = judge(collected, "s3-bucket-versioning")
    assert {name: verdict.status.value for name, verdict in verdicts.items()} == {
        "Bucketraw": "pass",
        "Bucketclean": "fail",
        "Bucketopen": "unknown",
    }
    (finding,) = verdicts["Bucketclean"].findings
    location = finding.raw.origin.locate(finding.path)
    assert (location.line, location.present) == (17, True)
    assert finding.raw.origin.locate(()).line == 12
    assert {raw.properties.get("BucketName") for raw in collected.raws if raw.id == "Bucketraw"} == {"raw-data"}


def test_unknown_collection(tmp_path: Path) -> None:
    """What a loop over an unknown list makes is unknown, said once; the rest is judged."""
    collected = template(tmp_path, BUCKETS.replace("- !Ref Names", "- !Ref Unset"))
    (notice,) = collected.notices
    assert "what Fn::ForEach::Buckets creates is unknown, because parameter Unset has no default" in notice.message
    assert notice.location.line == 9
    assert statuses(collected, "s3-bucket-versioning") == {"Bucketopen": "unknown"}


def test_given_collection(tmp_path: Path) -> None:
    text = BUCKETS.replace("- !Ref Names", "- !Ref Unset")
    collected = template(tmp_path, text, parameters={"Unset": "clean"})
    assert statuses(collected, "s3-bucket-versioning") == {"Bucketclean": "fail", "Bucketopen": "unknown"}


def test_nested_loops(raws: Callable[..., Any]) -> None:
    """Loops over resources, conditions, properties and in one another; `&{}` keeps letters and digits."""
    found = raws("""\
        Transform: AWS::LanguageExtensions
        Parameters: {Env: {Type: String, Default: prod}}
        Mappings: {Zones: {eu-1: {names: [a, b]}, us-1: {names: [c]}}}
        Conditions:
          Fn::ForEach::Is:
            - Stage
            - [dev, prod]
            - "Is${Stage}": !Equals [!Ref Env, !Ref Stage]
        Resources:
          Fn::ForEach::Regions:
            - Region
            - [eu-1, us-1]
            - Fn::ForEach::Zones:
                - Zone
                - !FindInMap [Zones, !Ref Region, names]
                - Thing&{Region}${Zone}:
                    Type: A::B::C
                    Condition: Isprod
                    DependsOn: [Base]
                    Properties:
                      Name: !Join ["/", [!Ref Region, !Ref Zone]]
                      Fn::ForEach::Tags:
                        - Key
                        - [x, y]
                        - Tag${Key}: !Sub "${Key}-${Zone}"
                      Arn: !GetAtt Base.Arn
                  Not&{Region}${Zone}: {Type: A::B::C, Condition: Isdev}
          Base: {Type: A::B::D}
        Outputs:
          Fn::ForEach::Out:
            - Zone
            - [a, b]
            - Out${Zone}: {Value: !GetAtt ["Thingeu1${Zone}", Arn]}
        """)
    assert set(found) == {"Thingeu1a", "Thingeu1b", "Thingus1c", "Base"}
    properties = dict(found["Thingeu1b"].properties)
    assert {name: str(text) for name, text in properties.items()} == {
        "Name": "eu-1/b",
        "Tagx": "x-b",
        "Tagy": "y-b",
        "Arn": "${Base.Arn}",
    }
    assert found["Thingeu1b"].origin.locate(("Tagy",)).line == 25
    assert found["Thingus1c"].origin.locate(()).line == 16


def test_a_loop_in_properties_that_is_unknown(scan: Scan) -> None:
    collected = scan("""\
        Transform: AWS::LanguageExtensions
        Parameters: {Unset: {Type: CommaDelimitedList}}
        Resources:
          R:
            Type: A::B::C
            Properties:
              Here: 1
              Fn::ForEach::More: [K, !Ref Unset, {"${K}": 1}]
        """)
    (raw,) = collected.raws
    assert raw.properties["Here"] == 1
    assert isinstance(raw.properties["Other"], Unknown)
    assert [(notice.location.line, "Fn::ForEach::More" in notice.message) for notice in collected.notices] == [
        (8, True)
    ]


@pytest.mark.parametrize(
    ("loop", "message"),
    [
        ("x", "it takes an identifier, a collection and a mapping"),
        ("[1, [a], {A: {}}]", "its identifier must be a text, not a number"),
        ("[A, [a], [b]]", "what it repeats must be a mapping, not a list"),
        ("[A, text, {B: {Type: X}}]", "its collection is no list"),
        ("[A, [{a: b}], {B: {Type: X}}]", "a member of its collection is not a text"),
        ("[A, [!Ref Base], {B: {Type: X}}]", "${Base} is known only after deployment"),
        ("[A, [a, b], {B: {Type: X}}]", "B is made more than once"),
    ],
)
def test_wrong_loops(scan: Scan, loop: str, message: str) -> None:
    collected = scan(f"Resources:\n  Base: {{Type: A::B::C}}\n  Fn::ForEach::L: {loop}\n")
    assert [(message in notice.message, notice.location.line) for notice in collected.notices] == [(True, 3)]
    assert collected.raws[0].id == "Base"


def test_too_many_copies(scan: Scan, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loops, "MAX_EXPANDED", 500)
    inner = '{"R${A}${B}": {Type: X}}'
    for name in "BA":
        inner = f'{{"Fn::ForEach::{name}": [{name}, [{", ".join(f"v{i}" for i in range(30))}], {inner}]}}'
    collected = scan(f"Resources: {inner}\n")
    (notice,) = collected.notices
    assert "creates more than 500 values" in notice.message
    assert collected.raws == []


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("!Length [a, b, !Ref P]", 3),
        ("!Length [a, !Ref AWS::NoValue]", 1),
        ("!Length {'Fn::Split': [',', 'a,b,c,d']}", 4),
        ("!Length []", 0),
    ],
)
def test_length(value: Value, text: str, length: int) -> None:
    assert value(text, OPEN) == length


def test_length_that_depends(value: Value) -> None:
    got = value("!Length [a, !If [Open, b, !Ref AWS::NoValue]]", OPEN)
    assert isinstance(got, Choice)
    assert (got.then, got.otherwise) == (2, 1)
    assert isinstance(value("!Length {'Fn::GetAZs': ''}"), Unknown)


def test_to_json_string(value: Value) -> None:
    assert value("!ToJsonString {a: [1, 'x\"', true, null], b: {}}") == '{"a":[1,"x\\"",true,null],"b":{}}'
    got = value("!ToJsonString {a: !Ref P, b: !Ref Bucket}", OPEN)
    assert isinstance(got, Unknown)
    assert got.parts == ('{"a":', None, ',"b":"${Bucket}"}')
    got = value("!ToJsonString {a: !If [Open, 1, [2]]}", OPEN)
    assert isinstance(got, Choice)
    assert (got.then, got.otherwise) == ('{"a":1}', '{"a":[2]}')
    assert isinstance(value("!ToJsonString {a: !If [Open, 1, !Ref AWS::NoValue]}", OPEN), Unknown)
    assert isinstance(value("!ToJsonString text", notices=1), Unknown)


def test_policy_by_to_json_string(tmp_path: Path) -> None:
    """A policy that is a text to CloudFormation is judged as the policy that it is."""
    text = """\
Transform: AWS::LanguageExtensions
Resources:
  Bucket: {Type: "AWS::S3::Bucket"}
  Policy:
    Type: AWS::S3::BucketPolicy
    Properties:
      Bucket: !Ref Bucket
      PolicyDocument: !ToJsonString
        Statement: [{Effect: Allow, Principal: "*", Action: "s3:GetObject", Resource: !Sub "${Bucket.Arn}/*"}]
"""
    assert statuses(template(tmp_path, text), "s3-bucket-public-policy")["Bucket"] == "fail"


def test_find_in_map_default_and_deletion_policy(raws: Callable[..., Any]) -> None:
    found = raws("""\
        Transform: AWS::LanguageExtensions
        Parameters: {Env: {Type: String, Default: dev}, Stage: {Type: String, Default: Keep}}
        Mappings: {Keep: {prod: {size: 9}}}
        Resources:
          R:
            Type: A::B::C
            DeletionPolicy: !If [IsProd, Retain, Delete]
            UpdateReplacePolicy: !Ref Stage
            Properties:
              Size: !FindInMap [!Ref Stage, !Ref Env, size, {DefaultValue: !Join ["", [1, 2]]}]
              Other: !FindInMap [!Ref Stage, !Sub "${Env}x", size, {DefaultValue: !GetAtt R2.Arn}]
          R2: {Type: A::B::D}
        Conditions: {IsProd: !Equals [!Ref Env, prod]}
        """)
    assert found["R"].properties["Size"] == "12"
    assert isinstance(found["R"].properties["Other"], Reference)
