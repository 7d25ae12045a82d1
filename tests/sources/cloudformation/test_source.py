"""Finding templates, bad input, and what is said about what is not understood."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from textwrap import dedent

import pytest

from auditor.errors import UsageError
from auditor.raw import Collected
from auditor.sources.cloudformation import collect
from auditor.sources.documents import MAX_BYTES
from auditor.values import Unknown

Scan = Callable[..., Collected]
GOOD = "Resources:\n  Good:\n    Type: AWS::S3::Bucket\n"

BAD: dict[str, tuple[bytes, str, int | None, int | None]] = {
    "syntax.yaml": (b"Resources:\n  R: [a\n  b: c\n", "is not valid YAML", 3, 4),
    "syntax.json": (b'{"Resources": {\n  "R": {,}}}', "is not valid JSON", 2, 9),
    "truncated.json": (b'{"Resources": {"R": {"Type": "A', "is not valid JSON", 1, 30),
    "tabs.yaml": (b"Resources:\n\tR: {}\n", "indent with spaces", 2, 1),
    "duplicate.yaml": (b"Resources:\n  R: {Type: A}\n  R: {Type: B}\n", "the key 'R' is given twice", 3, 3),
    "duplicate.json": (b'{"Resources": {"R": 1,\n "R": 2}}', "the key 'R' is given twice", 2, 2),
    "bomb.yaml": (
        b"a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n"
        + b"".join(b"a%d: &a%d [%s]\n" % (i, i, b",".join([b"*a%d" % (i - 1)] * 10)) for i in range(1, 10))
        + b"Resources: {R: {Type: X, Properties: *a9}}\n",
        "aliases expand",
        6,
        None,
    ),
    "self.yaml": (b"Resources: &a\n  R: *a\n", "the alias *a", 2, 6),
    "deep.yaml": (b"Resources:\n " + b"[" * 10_000 + b"]" * 10_000, "nested more than", 2, None),
    "deep.json": (b'{"Resources":\n' + b"[" * 10_000 + b"]" * 10_000 + b"}", "nested more than", 2, None),
    "deepblock.yaml": (
        b"Resources:\n" + b"".join(b" " * i + b"a:\n" for i in range(1, 3_000)),
        "nested more than",
        None,
        None,
    ),
    "binary.yaml": (b"Resources:\n\x00\x01\x02\xff", "is a binary file", 2, 4),
    "nul.json": (b'{"Resources":\n "\x00"}', "is a binary file", 2, 3),
    "latin1.yaml": (b"Resources:\n  # caf\xe9\n  R: {}\n", "is not UTF-8 text", 2, 8),
    "control.yaml": (b"Resources:\n  R: \x07\n", "does not allow", 2, 6),
    "documents.yaml": (b"Resources: {}\n---\nResources: {}\n", "more than one YAML document", 2, 1),
    "list.yaml": (b"a: 1\nResources:\n  - Type: X\n", "Resources must be a mapping, not a list", 2, 1),
    "type.yaml": (b"Resources:\n  R:\n    Type: {a: b}\n", "the Type of R must be a text, not a mapping", 3, 5),
    "notype.yaml": (b"Resources:\n  R:\n    Properties: {}\n", "resource R has no Type", 2, 3),
    "text.yaml": (b"Resources:\n  R: hello\n", "resource R must be a mapping, not a text", 2, 6),
    "nulls.yaml": (b"Resources:\n  R:\n", "resource R must be a mapping, not nothing (null)", 2, 5),
    "properties.yaml": (
        b"Resources:\n  R:\n    Type: A\n    Properties:\n    - a: b\n",
        "the Properties of R must be a mapping, not a list",
        4,
        5,
    ),
    "parameters.yaml": (b"Parameters: [a]\n" + GOOD.encode(), "Parameters must be a mapping, not a list", 1, 1),
    "parameter.yaml": (b"Parameters:\n  P: text\n" + GOOD.encode(), "parameter P must be a mapping", 2, 6),
    "conditions.yaml": (b"Conditions: text\n" + GOOD.encode(), "Conditions must be a mapping, not a text", 1, 13),
    "noresources.yaml": (b"AWSTemplateFormatVersion: 2010-09-09\n", "this template has no Resources", 1, 1),
    "empty.yaml": (b"", "is empty", 1, 1),
    "comment.yaml": (b"# nothing\n", "is empty", 1, 1),
    "prose.yaml": (b"just some text\n", "is not a CloudFormation template", 1, 1),
    "number.json": (b"[1]", "is not a CloudFormation template", 1, 1),
    "large.yaml": (b"Resources:\n" + b"#" * (MAX_BYTES + 1), "is 5.0 MB; files over 5 MB are not read", None, None),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_input(scan: Scan, name: str) -> None:
    """Each is one clear error with file and line; the good file beside it is read."""
    content, message, line, column = BAD[name]
    Path("good.yaml").write_text(GOOD)
    Path(name).write_bytes(content)
    start = time.process_time()
    collected = collect([name, "good.yaml"])
    assert time.process_time() - start < 30  # it ends; if it were exponential it would not
    (notice,) = collected.notices
    assert notice.level == "error"
    assert message in notice.message
    assert notice.location.file == name
    if line is not None:
        assert notice.location.line == line
    if column is not None:
        assert notice.location.column == column
    assert "Good" in {raw.id for raw in collected.raws if raw.scope.name == "good.yaml"}
    assert [entry["name"] for entry in collected.inputs if entry["name"] in (name, "good.yaml")].count(name) == 1


def test_good_resources_of_a_bad_file_come_through(scan: Scan) -> None:
    collected = scan("""
        Resources:
          Bad: {Type: [a]}
          Good: {Type: "AWS::S3::Bucket"}
        """)
    assert [raw.id for raw in collected.raws] == ["Good"]
    assert [(notice.level, notice.location.line) for notice in collected.notices] == [("error", 3)]


def test_missing_file(scan: Scan) -> None:
    (notice,) = collect(["nowhere/none.yaml"]).notices
    assert (notice.level, notice.message) == ("error", "there is no such file")
    assert notice.location.file == "nowhere/none.yaml"


def test_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    files = {
        "infra/b.yaml": GOOD,
        "infra/a.json": '{"Resources": {"J": {"Type": "A::B::C"}}}',
        "infra/sub/c.template": GOOD,
        "infra/sub/d.cform": GOOD,
        "infra/e.yml": GOOD,
        "infra/utf16.yaml": GOOD,
        "infra/readme.md": GOOD,
        "infra/values.yaml": "resources:\n  limits: {cpu: 1}\n",
        "infra/broken-but-something-else.yaml": "{{ helm }}: [\n",
        "infra/package.json": '{"name": "x", "Resources": "text"}',
        "infra/empty.yaml": "",
        "infra/.hidden/x.yaml": GOOD,
        "infra/.dot.yaml": GOOD,
        "infra/node_modules/x/y.yaml": GOOD,
        "infra/cdk.out/stack.template.json": '{"Resources": {"K": {"Type": "A::B::C"}}}',
        "infra/cdk.out/asset.1/x.yaml": GOOD,
    }
    for name, text in files.items():
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_text(text, encoding="utf-16" if "utf16" in name else "utf-8")
    collected = collect(["infra/"])
    assert collected.notices == []
    assert [raw.scope.name for raw in collected.raws] == [
        "infra/a.json",
        "infra/b.yaml",
        "infra/e.yml",
        "infra/utf16.yaml",
        "infra/cdk.out/stack.template.json",
        "infra/sub/c.template",
        "infra/sub/d.cform",
    ]
    assert {"kind": "folder", "name": "infra/", "templates": 7, "skipped": 4} in collected.inputs
    assert {"kind": "cloudformation", "name": "infra/b.yaml", "resources": 1, "resolved": 1} in collected.inputs
    assert len(collect(["infra", "infra/b.yaml", "./infra"]).raws) == 7


def test_folder_without_templates(tmp_path: Path) -> None:
    (tmp_path / "x.yaml").write_text("a: b\n")
    (notice,) = collect([str(tmp_path)]).notices
    assert notice.level == "error"
    assert "no templates in this folder" in notice.message


def test_folder_with_a_broken_template(tmp_path: Path) -> None:
    (tmp_path / "bad.yaml").write_text("Resources:\n  R: [\n")
    (tmp_path / "good.yaml").write_text(GOOD)
    collected = collect([str(tmp_path)])
    assert [(notice.level, notice.location.line) for notice in collected.notices] == [("error", 3)]
    assert [raw.id for raw in collected.raws] == ["Good"]


def test_any_extension_when_named(scan: Scan) -> None:
    assert [raw.id for raw in scan(GOOD, "stack.txt").raws] == ["Good"]
    assert [raw.id for raw in scan("{Resources: {Flow: {Type: A}}}", "stack.template").raws] == ["Flow"]


def test_raw(scan: Scan) -> None:
    collected = scan(GOOD, account="123456789012", region="eu-west-1")
    raw = collected.raws[0]
    assert (raw.type, raw.id, raw.dialect, raw.exists, raw.volatile) == ("AWS::S3::Bucket", "Good", "cfn", None, False)
    assert (raw.scope.name, raw.scope.kind, raw.scope.account, raw.scope.region) == (
        "t.yaml",
        "template",
        "123456789012",
        "eu-west-1",
    )
    assert raw.address == "t.yaml#Good"


@pytest.mark.parametrize(
    ("resource", "names"),
    [
        ("{Type: 'AWS::S3::Bucket', Properties: {BucketName: b}}", ("b",)),
        ("{Type: 'AWS::S3::Bucket', Properties: {BucketName: !Sub 'b-${AWS::StackName}'}}", (Unknown,)),
        ("{Type: 'AWS::S3::Bucket'}", ()),
        ("{Type: 'AWS::RDS::DBInstance', Properties: {DBInstanceIdentifier: d}}", ("d",)),
        ("{Type: 'AWS::EC2::SecurityGroup', Properties: {GroupName: g}}", ("g",)),
        ("{Type: 'AWS::Kinesis::Stream', Properties: {Name: 12}}", ("12",)),
        ("{Type: 'AWS::IAM::Role', Properties: {RoleName: !If [Open, a, b]}}", (Unknown,)),
    ],
)
def test_names(scan: Scan, resource: str, names: tuple[object, ...]) -> None:
    parameters = "Parameters: {P: {Type: String}}\nConditions: {Open: !Equals [!Ref P, x]}\n"
    (raw,) = scan(f"{parameters}Resources:\n  R: {resource}\n").raws
    assert tuple(type(name) if isinstance(name, Unknown) else name for name in raw.names) == names


def said(collected: Collected) -> list[tuple[str, int | None]]:
    assert all(notice.level == "warning" for notice in collected.notices)
    return [(notice.message, notice.location.line) for notice in collected.notices]


def test_what_is_not_expanded_is_said(scan: Scan) -> None:
    collected = scan("""\
        Transform: [AWS::Serverless-2016-10-31, AWS::LanguageExtensions, Mine, {Name: AWS::Include}]
        Mappings:
          Fn::Transform: {Name: AWS::Include}
        Resources:
          F:
            Type: AWS::Serverless::Function
            Properties: {Role: !GetAtt FRole.Arn, Size: !FindInMap [A, B, C]}
          Fn::ForEach::Topics: [T, [a, b], {"Topic${T}": {Type: "AWS::SNS::Topic"}}]
          Nested: {Type: "AWS::CloudFormation::Stack"}
          Module: {Type: "My::Own::Thing::MODULE"}
          Rain: {Type: !Rain::Module "x.yaml"}
        """)
    expected = [
        ("SAM resource F can't be translated", 5),
        ("macro Mine may change anything", 1),
        ("what AWS::Include adds", 1),
        ("modules are not expanded, so what they create is not judged: Module, Rain", 10),
        ("Fn::Transform in Mappings", 3),
        ("nested stack Nested is not followed", 9),
    ]
    messages = said(collected)
    assert sorted(line or 0 for _, line in messages) == sorted(line for _, line in expected)
    for word, line in expected:
        assert any(word in message and at == line for message, at in messages), word
    assert [raw.type for raw in collected.raws] == [
        "AWS::Serverless::Function",
        "AWS::SNS::Topic",
        "AWS::SNS::Topic",
        "AWS::CloudFormation::Stack",
        "My::Own::Thing::MODULE",
    ]
    assert all(isinstance(value, Unknown) for value in collected.raws[0].properties.values())


def test_macros_beside_a_resource(scan: Scan) -> None:
    collected = scan("""\
        Fn::Transform: {Name: Mine}
        Resources:
          A: {Type: X, Properties: {P: 1}, "Fn::Transform": {Name: Mine}}
          B: {"Fn::Transform": {Name: Mine}}
        """)
    assert sorted(line or 0 for _, line in said(collected)) == [1, 3, 4]
    (raw,) = collected.raws
    assert raw.properties["P"] == 1
    assert isinstance(raw.properties["Q"], Unknown)


def test_unknown_functions_are_said_once_per_file(scan: Scan) -> None:
    collected = scan("""\
        Resources:
          A: {Type: X, Properties: {P: !Rain::Embed a, Q: !Rain::Embed b, R: !Foo c}}
          B: {Type: X, Properties: {P: !Rain::Embed a}}
        """)
    assert [message.split()[0] for message, _ in said(collected)] == ["Rain::Embed", "Fn::Foo"]


def test_cycles(scan: Scan) -> None:
    collected = scan("""\
        Parameters: {P: {Type: String}}
        Conditions: {Open: !Equals [!Ref P, x]}
        Resources:
          Self: {Type: X, Properties: {P: !Ref Self}}
          A: {Type: X, Properties: {P: !Sub "${B.Arn}"}}
          B: {Type: X, DependsOn: [C]}
          C: {Type: X, Properties: {P: {Q: [!GetAtt A.Arn]}}}
          D: {Type: X, DependsOn: E}
          E: {Type: X, Properties: {P: !If [Open, !Ref D, x]}}
        """)
    assert said(collected) == [
        ("these resources depend on each other: Self → Self", 4),
        ("these resources depend on each other: A → B → C → A", 5),
    ]
    assert len(collected.raws) == 6


def test_long_chains_do_not_overflow(scan: Scan) -> None:
    lines = [f"  R{i}: {{Type: X, DependsOn: R{i + 1}}}" for i in range(5000)]
    collected = scan("Resources:\n" + "\n".join(lines) + "\n  R5000: {Type: X, DependsOn: R0}\n")
    assert len(collected.raws) == 5001
    assert len(collected.notices) == 1


def test_notices_are_limited(scan: Scan) -> None:
    lines = [f"  R{i}: {{Type: X, Properties: {{P: !Ref Nothing{i}}}}}" for i in range(200)]
    collected = scan("Resources:\n" + "\n".join(lines))
    assert len(collected.notices) == 51
    assert collected.notices[-1].message == "150 more things were not understood"


def test_parameters_are_checked_over_all_templates(scan: Scan) -> None:
    Path("a.yaml").write_text("Parameters: {Stage: {Type: String}}\n" + GOOD)
    Path("b.yaml").write_text("Parameters: {Region: {Type: String}}\n" + GOOD)
    collect(["a.yaml", "b.yaml"], parameters={"Stage": "x", "Region": "y"})
    with pytest.raises(UsageError, match=r"no template has a parameter Stge; did you mean Stage\?"):
        collect(["a.yaml", "b.yaml"], parameters={"Stge": "x"})
    with pytest.raises(UsageError, match="they declare Region, Stage"):
        collect(["a.yaml", "b.yaml"], parameters={"Quite different": "x"})
    Path("broken.yaml").write_text("Resources: [\n")
    notices = collect(["a.yaml", "broken.yaml"], parameters={"Stge": "x"}).notices
    assert [notice.level for notice in notices] == ["error", "warning"]


def test_import_is_light() -> None:
    heavy = ("boto3", "botocore", "cfnlint", "click", "jinja2", "pydantic", "rich", "moto")
    code = f"""
        import sys, auditor.sources.cloudformation
        print([name for name in {heavy!r} if name in sys.modules])
        """
    done = subprocess.run([sys.executable, "-c", dedent(code)], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
