"""Setting properties in a text: what changes, that nothing else does, and what is refused."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from auditor.fix.edits import Uncertain, apply, plan
from auditor.sources.documents import Document

TEMPLATES = sorted((Path(__file__).parent.parent.parent / "auditor" / "demo" / "templates").glob("*.*"))
ON = {"A": True, "B": True}


def changed(text: str, *wanted: tuple[str, Any], name: str = "t.yaml") -> str:
    """A text with values set at dotted paths."""
    document = Document(name, text)
    tree: dict[str, Any] = {}
    for path, value in wanted:
        *steps, last = path.split(".")
        holder = tree
        for step in steps:
            holder = holder.setdefault(step, {})
        holder[last] = value
    return apply(text, plan(document, tree).edits)


@pytest.mark.parametrize(
    ("before", "path", "value", "after"),
    [
        # scalars, each in its own spelling
        ("R: {E: false}\n", "R.E", True, "R: {E: true}\n"),
        ("R:\n  E: no # why\n", "R.E", True, "R:\n  E: true # why\n"),
        ("R:\n  E: 'false'\n", "R.E", True, "R:\n  E: 'true'\n"),
        ('R:\n  S: "Suspended"\n', "R.S", "Enabled", 'R:\n  S: "Enabled"\n'),
        ("R:\n  S: 'x'\n", "R.S", "it's", "R:\n  S: 'it''s'\n"),
        ("R:\n  S: Suspended\n", "R.S", "aws:kms", 'R:\n  S: "aws:kms"\n'),
        ("R:\n  S: Suspended\n", "R.S", "yes", 'R:\n  S: "yes"\n'),
        ("R:\n  E: # why\n  F: 1\n", "R.E", True, "R:\n  E: true # why\n  F: 1\n"),
        ("R:\n  E:\n", "R.E", True, "R:\n  E: true\n"),
        ("R:\n  E: ~\n", "R.E", True, "R:\n  E: true\n"),
        ("R:\n  S: >-\n    Suspended\n\n  # next\n  T: 1\n", "R.S", "Open", "R:\n  S: Open\n\n  # next\n  T: 1\n"),
        ("R:\n  - E: 1\n  - E: 2\n", "R.1.E", 3, "R:\n  - E: 1\n  - E: 3\n"),
        # new keys in block style
        ("R:\n  E: 1\n", "R.F", 2, "R:\n  E: 1\n  F: 2\n"),
        ("R:\n  E: 1", "R.F", 2, "R:\n  E: 1\n  F: 2"),
        ("R:\n    E: 1\n", "R.F", ON, "R:\n    E: 1\n    F:\n        A: true\n        B: true\n"),
        ("R:\n  E: 1\n", "R.F.G", "x", "R:\n  E: 1\n  F:\n    G: x\n"),
        ("R:\n  E: 1 # one\n\n  # of S\nS: 2\n", "R.F", 2, "R:\n  E: 1 # one\n  F: 2\n\n  # of S\nS: 2\n"),
        ("R:\n  T:\n  - a: 1\n    b: 2\nS: 2\n", "R.F", 2, "R:\n  T:\n  - a: 1\n    b: 2\n  F: 2\nS: 2\n"),
        ("R:\n- a: 1\n  # of b\n  b: 2\n", "R.0.c", 3, "R:\n- a: 1\n  # of b\n  b: 2\n  c: 3\n"),
        ("R:\n  U: |\n    x\n    # y\n\nS: 2\n", "R.F", 2, "R:\n  U: |\n    x\n    # y\n  F: 2\n\nS: 2\n"),
        ("R:\n  U: |+\n    x\n\nS: 2\n", "R.F", 2, "R:\n  U: |+\n    x\n\n  F: 2\nS: 2\n"),
        ("R:\n  U: !Sub |\n    x\nS: 2\n", "R.F", 2, "R:\n  U: !Sub |\n    x\n  F: 2\nS: 2\n"),
        ("R:\n  U: !If\n    - a\n    - b\n    - c\n", "R.F", 2, "R:\n  U: !If\n    - a\n    - b\n    - c\n  F: 2\n"),
        ("R:\n  U: long\n    text\n", "R.F", 2, "R:\n  U: long\n    text\n  F: 2\n"),
        ("R:\n  E:\n    a: 1\n  F:\n", "R.E.b", 2, "R:\n  E:\n    a: 1\n    b: 2\n  F:\n"),
        ('R:\n  "E": 1\n', "R.F", "x", 'R:\n  "E": 1\n  "F": x\n'),
        ("R:\r\n  E: 1\r\nS: 2\r\n", "R.F", ON, "R:\r\n  E: 1\r\n  F:\r\n    A: true\r\n    B: true\r\nS: 2\r\n"),
        ("---\nR:\n  E: 1\n...\n", "R.F", 2, "---\nR:\n  E: 1\n  F: 2\n...\n"),
        ("A: &x 1\nR:\n  E: *x # x\nS: 2\n", "R.F", 2, "A: &x 1\nR:\n  E: *x # x\n  F: 2\nS: 2\n"),
        ("A: &x 1\nR:\n  E:\n    - *x\nS: 2\n", "R.F", 2, "A: &x 1\nR:\n  E:\n    - *x\n  F: 2\nS: 2\n"),
        ("A: &x {a: 1}\nR:\n  E: 1\n  <<: *x\n", "R.F", 2, "A: &x {a: 1}\nR:\n  E: 1\n  <<: *x\n  F: 2\n"),
        # a mapping in the place of nothing
        ("R:\n  P:\n", "R.P", ON, "R:\n  P:\n    A: true\n    B: true\n"),
        ("R:\n  P: # why\nS: 2\n", "R.P.E", 1, "R:\n  P: # why\n    E: 1\nS: 2\n"),
        ("R:\n  P: {}  # why\n", "R.P.E", 1, "R:\n  P:  # why\n    E: 1\n"),
        ("R:\n  P: null\n", "R.P.E", 1, "R:\n  P:\n    E: 1\n"),
        ("R:\n  P:\n    {}\n", "R.P.E", 1, "R:\n  P:\n    {E: 1}\n"),
        ("R: {P: }\n", "R.P.E", 1, "R: {P: {E: 1}}\n"),
        ("R: {P: {}}\n", "R.P", ON, "R: {P: {A: true, B: true}}\n"),
        # new keys in braces
        ("R: {E: 1}\n", "R.F", ON, "R: {E: 1, F: {A: true, B: true}}\n"),
        ("R: { E: 1 }\n", "R.F", "x", "R: { E: 1, F: x }\n"),
        ("R: {E: 1,}\n", "R.F", [1, "b c"], 'R: {E: 1, F: [1, "b c"],}\n'),
        ("A: &x 1\nR: {E: *x}\n", "R.F", 2, "A: &x 1\nR: {E: *x, F: 2}\n"),
        ("R: {\n  E: 1, # one\n  G: 2 # two\n}\n", "R.F", 3, "R: {\n  E: 1, # one\n  G: 2, # two\n  F: 3\n}\n"),
        ("R:\n  - {E: 1}\n", "R.0.F", 3, "R:\n  - {E: 1, F: 3}\n"),
        ("R: {\n  E: 1, # one\n}\n", "R.F", ON, "R: {\n  E: 1, # one\n  F: {\n    A: true,\n    B: true\n  },\n}\n"),
        ("R: {\n  E: 1}\n", "R.F", 2, "R: {\n  E: 1, F: 2}\n"),
        # JSON
        ('{"R": {"E": false}}', "R.E", True, '{"R": {"E": true}}'),
        ('{"R":{"E":"x"}}', "R.F", {"A": "b", "C": 1}, '{"R":{"E":"x","F":{"A":"b","C":1}}}'),
        ('{"R": {"E": null}}', "R.E", "gp3", '{"R": {"E": "gp3"}}'),
        (
            '{\n\t"R": {\n\t\t"E": 1\n\t}\n}\n',
            "R.F",
            ON,
            '{\n\t"R": {\n\t\t"E": 1,\n\t\t"F": {\n\t\t\t"A": true,\n\t\t\t"B": true\n\t\t}\n\t}\n}\n',
        ),
        ('{\n  "R" : {\n    "E" : 1\n  }\n}\n', "R.F", "x", '{\n  "R" : {\n    "E" : 1,\n    "F" : "x"\n  }\n}\n'),
        (
            '{\r\n  "R": {\r\n    "P": {}\r\n  }\r\n}',
            "R.P.E",
            1,
            '{\r\n  "R": {\r\n    "P": {\r\n      "E": 1\r\n    }\r\n  }\r\n}',
        ),
        ('{\n  "R": [\n    {\n      "E": 1\n    }\n  ]\n}', "R.0.F", 2, None),
    ],
)
def test_only_what_is_set_changes(before: str, path: str, value: Any, after: str | None) -> None:
    if after is None:  # as the standard library writes it
        after = json.dumps({"R": [{"E": 1, "F": 2}]}, indent=2)
    assert changed(before, (path, value)) == after


def test_long_lines_and_odd_spacing_stay() -> None:
    long = "x " * 300
    text = f"R:\n    Description:   '{long}'   # kept\n    L: [ 1,2 ,3 ]\n    E:  false\n\n\n"
    assert changed(text, ("R.E", True)) == text.replace("E:  false", "E:  true")


def test_several_at_once_share_a_new_parent() -> None:
    text = "A:\n  T: x\nB:\n  T: y\n"
    after = changed(text, ("A.P.E", 1), ("A.P.F", 2), ("A.T", "z"), ("B.P", ON))
    assert after == "A:\n  T: z\n  P:\n    E: 1\n    F: 2\nB:\n  T: y\n  P:\n    A: true\n    B: true\n"


def test_an_inner_key_goes_before_its_holders_next() -> None:
    after = changed("R:\n  P:\n    E: 1\n", ("R.Q", 3), ("R.P.F", 2))
    assert after == "R:\n  P:\n    E: 1\n    F: 2\n  Q: 3\n"
    assert changed("R: {P: {E: 1}}\n", ("R.Q", 3), ("R.P.F", 2)) == "R: {P: {E: 1, F: 2}, Q: 3}\n"


def test_what_is_right_already_stays() -> None:
    text = "R: {E: true, S: 'Enabled', P: {A: true}}\n"
    assert changed(text, ("R.E", True), ("R.S", "Enabled"), ("R.P", {"A": True})) == text


def test_edits_know_their_lines_and_columns() -> None:
    (edit,) = plan(Document("t.yaml", "R:\n  E: false\n"), {"R": {"E": True}}).edits
    assert (edit.region.file, edit.region.line, edit.region.column) == ("t.yaml", 2, 6)
    assert (edit.region.end_line, edit.region.end_column) == (2, 11)


@pytest.mark.parametrize(
    ("text", "path", "value", "why"),
    [
        ("R: {E: !Ref X}", "R.E", True, "E is given by Ref"),
        ("R: {E: {Ref: X}}", "R.E", True, "E is given by Ref"),
        ('{"R": {"E": {"Fn::If": ["C", true, false]}}}', "R.E", True, "E is given by Fn::If"),
        ("R: !If [C, {E: 1}, {E: 2}]", "R.E", True, "R is given by Fn::If"),
        ("R:\n  Fn::Transform: {Name: AWS::Include}\n  F: 1\n", "R.E", True, "Fn::Transform may set it"),
        ("R:\n  - !If [C, {E: 1}, !Ref AWS::NoValue]\n  - {E: 2}\n", "R.1.E", 3, "members that a function gives"),
        ("A: &x {E: 1}\nR: *x\n", "R.E", 2, "R is a YAML alias"),
        ("A: &x {E: 1}\nR: *x\n", "A.E", 2, "YAML anchor shares it"),
        ("A: &x 1\nR: {E: *x}\n", "R.E", 2, "E is a YAML alias"),
        ("A: &x 1\nR: {E: *x}\n", "A", 2, "YAML anchor shares it"),
        ("A: &x {E: 1}\nR:\n  <<: *x\n  F: 1\n", "R.E", 2, "E comes from a YAML anchor"),
        ("A: &x {E: 1}\nR:\n  <<: *x\n", "R.F", 2, "comes from a YAML anchor"),
        ("A: &x {E: 1}\nR: [*x]\n", "R.0.E", 2, "from a YAML anchor"),
        ("R: [{E: 1}]", "R.1.E", 2, "has no 1"),
        ("R: [{E: 1}]", "R.E", 2, "R is a list and has no E"),
        ("R: text", "R.E", 2, "R is a text, not a mapping"),
        ("R: {E: {F: 1}}", "R.E", 2, "E is a mapping, not a single value"),
        ("R: {E: [1]}", "R.E", 2, "E is a list, not a single value"),
    ],
)
def test_what_is_not_certain_is_refused(text: str, path: str, value: Any, why: str) -> None:
    with pytest.raises(Uncertain, match=why):
        changed(text, (path, value))


@pytest.mark.parametrize("file", TEMPLATES, ids=lambda file: file.name)
@pytest.mark.parametrize("spelling", ["as it is", "crlf", "json", "tabs"])
def test_any_property_of_real_templates(file: Path, spelling: str) -> None:
    """Whatever is set wherever, the data that is read back differs in that only."""
    text = file.read_text(encoding="utf-8")
    if spelling == "crlf":
        text = text.replace("\n", "\r\n")
    elif spelling in ("json", "tabs"):
        text = json.dumps(Document(file.name, text).data, indent=2 if spelling == "json" else "\t")
    document = Document(file.name, text)
    tried = 0
    for name, resource in document.data["Resources"].items():
        for path in (("Properties", "New"), *_scalars(resource.get("Properties", {}), ("Properties",))):
            wanted: Any = {"Deep": {"A": "b c", "B": 1}} if path[-1] == "New" else "Changed"
            expected = json.loads(json.dumps(document.data))
            holder = expected["Resources"][name]
            for step in path[:-1]:
                holder = holder.setdefault(step, {})
            holder[path[-1]] = wanted
            for step in reversed(("Resources", name, *path)):
                wanted = {step: wanted}
            try:
                after = apply(text, plan(document, wanted).edits)
            except Uncertain:
                continue
            assert Document(file.name, after).data == expected
            tried += 1
    assert tried > 5


def _scalars(value: Any, path: tuple[str, ...]) -> list[tuple[str, ...]]:
    if isinstance(value, dict):
        return [found for key, member in value.items() for found in _scalars(member, (*path, key))]
    return [] if isinstance(value, list) else [path]


def test_comments_order_and_style_stay() -> None:
    """A whole template, with everything that a careless rewrite loses."""
    text = """\
# head
---
AWSTemplateFormatVersion: "2010-09-09"   # a date
Resources:

    Data:   # the data
        Type: 'AWS::S3::Bucket'
        Properties:
            # named
            BucketName: !Sub  "${AWS::StackName}-data"
            Tags: [ {Key: a,   Value: 010} ]

    # the end
"""
    after = changed(text, ("Resources.Data.Properties.VersioningConfiguration.Status", "Enabled"))
    line = "            Tags: [ {Key: a,   Value: 010} ]\n"
    new = "            VersioningConfiguration:\n                Status: Enabled\n"
    assert after == text.replace(line, line + new)
