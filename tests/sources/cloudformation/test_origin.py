"""Lines and columns, in YAML and in JSON."""

from __future__ import annotations

from collections.abc import Callable
from textwrap import dedent

import pytest

from auditor.raw import Collected, Location, Path

Scan = Callable[..., Collected]

YAML = dedent("""\
    Parameters:
      Env: {Type: String}
    Conditions:
      Prod: !Equals [!Ref Env, prod]
      Never: !Equals [a, b]
    Resources:
      Notebook:
        Type: AWS::SageMaker::NotebookInstance
        Properties:
          DirectInternetAccess: Enabled
          Quoted: "Enabled"  # with a comment
          Size: 5
          RoleArn: !GetAtt Role.Arn
          Long:
            Fn::Sub: ${Env}
          Text: !Sub |
            line one ${Env}
            line two
          Block:
            Inner: {Deep: [1, 2]}
            Other: x
          Flow: [a, 'b', !Ref Env]
          Tags:
            - Key: a
              Value: b
            -   Key: c
                Value: d
          Policy:
            Statement:
              Effect: Allow
          Choice: !If [Prod, yes-1, {A: {B: 1}}]
          Known: !If [Never, a, b]
          Blocks: !If
            - Prod
            - A: 1
              C: 3
            - B: 2
          Shifted:
            - !Ref AWS::NoValue
            - first
            - !If [Never, x, !Ref AWS::NoValue]
            - second
          Empty:
          "quoted key": 1
          Joined: !Join [',', [a, b]]
      Bare:
        Type: AWS::X::Y
      ? Odd
      : Type: AWS::X::Z
        Properties: {A: 1}
    """)


def shown(text: str, location: Location) -> str:
    assert location.line is not None
    assert location.column is not None
    assert location.end_line is not None
    assert location.end_column is not None
    lines = text.split("\n")
    if location.line == location.end_line:
        return lines[location.line - 1][location.column - 1 : location.end_column - 1]
    first = lines[location.line - 1][location.column - 1 :]
    last = lines[location.end_line - 1][: location.end_column - 1]
    return "\n".join([first, *lines[location.line : location.end_line - 1], last])


@pytest.mark.parametrize(
    ("path", "line", "text"),
    [
        ((), 7, "Notebook"),
        (("DirectInternetAccess",), 10, "Enabled"),
        (("Quoted",), 11, '"Enabled"'),
        (("Size",), 12, "5"),
        (("RoleArn",), 13, "!GetAtt Role.Arn"),
        (("Long",), 14, "Long"),
        (("Text",), 16, "Text"),
        (("Block",), 19, "Block"),
        (("Block", "Inner"), 20, "Inner"),
        (("Block", "Inner", "Deep"), 20, "Deep"),
        (("Block", "Inner", "Deep", 1), 20, "2"),
        (("Flow",), 22, "Flow"),
        (("Flow", 1), 22, "'b'"),
        (("Flow", 2), 22, "!Ref Env"),
        (("Tags", 0), 24, "Key: a"),
        (("Tags", 0, "Value"), 25, "b"),
        (("Tags", 1), 26, "Key: c"),
        (("Policy", "Statement", 0, "Effect"), 30, "Allow"),
        (("Policy", "Statement", 0), 29, "Statement"),
        (("Choice",), 31, "!If [Prod, yes-1, {A: {B: 1}}]"),
        (("Choice", "A", "B"), 31, "1"),
        (("Known",), 32, "b"),
        (("Blocks",), 33, "Blocks"),
        (("Blocks", "A"), 35, "1"),
        (("Blocks", "B"), 37, "2"),
        (("Shifted", 0), 40, "first"),
        (("Shifted", 1), 42, "second"),
        (("Joined",), 45, "!Join [',', [a, b]]"),
        (("Joined", 3), 45, "!Join [',', [a, b]]"),
        (("RoleArn", "x"), 13, "!GetAtt Role.Arn"),
        (("DirectInternetAccess", "Statement", 0), 10, "Enabled"),
        (("quoted key",), 44, "1"),
    ],
)
def test_yaml(scan: Scan, path: Path, line: int, text: str) -> None:
    raw = scan(YAML).raws[0]
    location = raw.origin.locate(path)
    assert (location.file, location.line, location.present) == ("t.yaml", line, True)
    assert shown(YAML, location) == text


@pytest.mark.parametrize(
    ("path", "line", "text"),
    [
        (("Missing",), 7, "Notebook"),
        (("Missing", "Deeper"), 7, "Notebook"),
        (("Block", "Missing"), 19, "Block"),
        (("Block", "Inner", "Missing", 0), 20, "Inner"),
        (("Tags", 7), 23, "Tags"),
        (("Tags", 1, "Missing"), 26, "Key: c"),
    ],
)
def test_yaml_absent(scan: Scan, path: Path, line: int, text: str) -> None:
    location = scan(YAML).raws[0].origin.locate(path)
    assert (location.line, shown(YAML, location), location.present) == (line, text, False)


def test_choice_under_an_assumption(scan: Scan) -> None:
    raw = scan(YAML).raws[0]
    choice = raw.properties["Choice"]
    with choice.condition.open_atom().assume(True):
        assert shown(YAML, raw.origin.locate(("Choice",))) == "yes-1"
    with choice.condition.open_atom().assume(False):
        assert shown(YAML, raw.origin.locate(("Choice",))) == "Choice"


def test_resources_without_properties(scan: Scan) -> None:
    raws = {raw.id: raw for raw in scan(YAML).raws}
    location = raws["Bare"].origin.locate(("Anything",))
    assert (shown(YAML, location), location.present) == ("Bare", False)
    assert shown(YAML, raws["Odd"].origin.locate(())) == "Odd"
    assert shown(YAML, raws["Odd"].origin.locate(("A",))) == "1"


JSON = """{
\t"Resources": {
\t\t"Notebook":\t{ "Type": "A::B::C",
      "Properties": {
        "DirectInternetAccess" :  "Enabled",
        "Role": {"Fn::GetAtt": ["Role", "Arn"]},
        "Spread": {
          "Fn::Sub": "x"
        },
        "Emoji \\ud83d\\ude00": ["\\ud83d\\ude00", "é", 3.5],
        "Block": {"A": {"B": null}}, "List": [{"A": 1}, {
          "A": 2 }]
      }
    }
  }
}
"""


@pytest.mark.parametrize(
    ("path", "line", "text"),
    [
        ((), 3, '"Notebook"'),
        (("DirectInternetAccess",), 5, '"Enabled"'),
        (("Role",), 6, '{"Fn::GetAtt": ["Role", "Arn"]}'),
        (("Spread",), 7, '"Spread"'),
        (("Emoji 😀", 1), 10, '"é"'),
        (("Emoji 😀", 2), 10, "3.5"),
        (("Block",), 11, '"Block"'),
        (("Block", "A", "B"), 11, "null"),
        (("List", 0), 11, '{"A": 1}'),
        (("List", 1), 11, "{"),
        (("List", 1, "A"), 12, "2"),
        (("Missing",), 3, '"Notebook"'),
    ],
)
@pytest.mark.parametrize("breaks", ["\n", "\r\n"])
def test_json(scan: Scan, path: Path, line: int, text: str, breaks: str) -> None:
    raw = scan(JSON.replace("\n", breaks).encode(), "t.json").raws[0]
    location = raw.origin.locate(path)
    assert (location.line, location.present) == (line, path != ("Missing",))
    assert shown(JSON, location) == text


@pytest.mark.parametrize("breaks", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_line_breaks_and_encodings(scan: Scan, breaks: str, encoding: str) -> None:
    text = "Resources:\n  R:\n    # é😀\n    Type: A::B::C\n    Properties: {é😀: ä, B: x}\n"
    raw = scan(text.replace("\n", breaks).encode(encoding)).raws[0]
    location = raw.origin.locate(("B",))
    assert (location.line, location.column, location.end_column) == (5, 28, 29)
    assert shown(text, location) == "x"


def test_merged_and_aliased_values(scan: Scan) -> None:
    text = dedent("""\
        x: &common {Encrypted: false, Size: 1}
        Resources:
          R:
            Type: A::B::C
            Properties:
              <<: *common
              Size: 2
              Block: *common
        """)
    raw = scan(text).raws[0]
    assert raw.properties == {"Encrypted": False, "Size": 2, "Block": {"Encrypted": False, "Size": 1}}
    assert raw.origin.locate(("Encrypted",)).line == 1
    assert raw.origin.locate(("Size",)).line == 7
    assert raw.origin.locate(("Block",)).line == 8
