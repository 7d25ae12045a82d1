"""The native syntax: what it means is held by test_expressions; here, positions and errors."""

from __future__ import annotations

from collections.abc import Callable
from textwrap import dedent

import pytest

from auditor.raw import Collected, Location, Path
from auditor.sources.terraform.files import File
from auditor.sources.terraform.syntax import Binary, Call, Conditional, For, Index, Object, Splat, Template

Scan = Callable[..., Collected]

TEXT = dedent("""\
    # comment
    resource "aws_s3_bucket" "b" { // another
      bucket = "name" /* and
      one more */
      size   = 1 + 2 # sum
      tags = {
        Name = "x"
        "quoted key" = [1, { deep = true }]
      }
      policy = jsonencode({
        Statement = [{
          Effect = "Allow"
        }]
      })
      user_data = <<-EOT
        text ${1 + 1}
      EOT
      website { index_document = "i" }
      rule {
        id = "one"
      }
      rule {
        id = "two"
        filter {
          prefix = "p"
        }
      }
      dynamic "made" {
        for_each = ["x", "y"]
        content {
          name = made.value
        }
      }
    }
    """)


def shown(text: str, location: Location) -> str:
    assert location.line is not None
    assert location.column is not None
    assert location.end_line == location.line
    assert location.end_column is not None
    return text.split("\n")[location.line - 1][location.column - 1 : location.end_column - 1]


@pytest.mark.parametrize(
    ("path", "line", "text", "present"),
    [
        ((), 2, 'resource "aws_s3_bucket" "b"', True),
        (("bucket",), 3, '"name"', True),
        (("size",), 5, "1 + 2", True),
        (("tags",), 6, "tags", True),
        (("tags", "Name"), 7, '"x"', True),
        (("tags", "Other"), 6, "tags", False),
        (("tags", "quoted key"), 8, "[1, { deep = true }]", True),
        (("tags", "quoted key", 1, "deep"), 8, "true", True),
        (("policy",), 10, "policy", True),
        (("policy", "Statement", 0, "Effect"), 12, '"Allow"', True),
        (("policy", "Statement", 0), 11, "Statement", True),
        (("user_data",), 15, "user_data", True),
        (("website", 0, "index_document"), 18, '"i"', True),
        (("website", "index_document"), 18, '"i"', True),
        (("website", 0, "error_document"), 18, "website", False),
        (("rule", 1, "id"), 23, '"two"', True),
        (("rule", 1), 22, "rule", True),
        (("rule", 1, "filter", 0, "prefix"), 25, '"p"', True),
        (("rule", 1, "filter", "prefix"), 25, '"p"', True),
        (("rule", 5, "id"), 2, 'resource "aws_s3_bucket" "b"', False),
        (("made", 1, "name"), 31, "made.value", True),
        (("nowhere",), 2, 'resource "aws_s3_bucket" "b"', False),
    ],
)
def test_positions(scan: Scan, path: Path, line: int, text: str, present: bool) -> None:
    raw = scan(TEXT).raws[0]
    location = raw.origin.locate(path)
    assert (location.file, location.line, location.present) == ("main.tf", line, present)
    assert shown(TEXT, location) == text


def test_positions_with_a_byte_order_mark_and_other_line_ends(scan: Scan) -> None:
    raw = scan(b"\xef\xbb\xbf" + TEXT.replace("\n", "\r\n").encode()).raws[0]
    assert raw.properties["user_data"] == "text 2\n"
    location = raw.origin.locate(("rule", 1, "id"))
    assert (location.line, location.column, location.end_column) == (23, 10, 15)


JSON = """\
{
  "//": "comment",
  "resource": {"aws_s3_bucket": {"b": {
    "bucket": "x-${1 + 1}",
    "tags": {"Name": "a\\nb${upper("c")}"},
    "dynamic": {"rule": {"for_each": "${[1, 2]}", "content": {"id": "${rule.value}"}}}
  }}}
}
"""


def test_json(scan: Scan) -> None:
    (raw,) = scan(files={"main.tf.json": JSON.replace('upper("c")', 'upper(\\"c\\")')}).raws
    assert raw.properties == {"bucket": "x-2", "tags": {"Name": "a\nbC"}, "rule": [{"id": 1}, {"id": 2}]}
    spans = [(at.line, at.column, at.end_column) for at in map(raw.origin.locate, [("bucket",), ("tags", "Name"), ()])]
    assert spans == [(4, 15, 27), (5, 22, 43), (3, 34, 37)]


@pytest.mark.parametrize(
    ("text", "kind", "written"),
    [
        ("a + b * c", Binary, "a + b * c"),
        ("(a + b) * c", Binary, "(a + b) * c"),
        ("a ? b : c ? d : e", Conditional, "a ? b : c ? d : e"),
        ("f(a, b...)", Call, "f(a, b...)"),
        ("a.b[0].c[*].d", Splat, "a.b[0].c[*].d"),
        ("a.*.b[0]", Index, "a.*.b[0]"),
        ("{ for a, b in c : a => b... if d }", For, "{ for a, b in c : a => b... if d }"),
        ('{\n a = 1\n "b": 2,\n (c) = 3 }', Object, '{\n a = 1\n "b": 2,\n (c) = 3 }'),
        ('"a${ b }c"', Template, '"a${ b }c"'),
    ],
)
def test_expressions_have_a_span(text: str, kind: type, written: str) -> None:
    file = File("x.tf", f"\n\n  value =   {text}   # comment\n")
    expression = file.data.attributes["value"].value
    assert isinstance(expression, kind)
    assert file.text[expression.start : expression.end] == written


def test_precedence() -> None:
    file = File("x.tf", "value = 1 + 2 * 3 == 7 && !false || false\n")
    operators = []
    node = file.data.attributes["value"].value
    while isinstance(node, Binary):
        operators.append(node.operator)
        node = node.left
    assert operators == ["||", "&&", "==", "+"]


@pytest.mark.parametrize(
    ("text", "place", "message"),
    [
        ("a = [1,\n", (2, 1), "a value is expected here, not the end of the file"),
        ("a = \n", (1, 5), "a value is expected here, not the end of the line"),
        ("a = 1 2\n", (1, 7), "a new line is expected here, not a number"),
        ("a {\n", (2, 1), "an argument, a block or `}` is expected here, not the end of the file"),
        ("a\n", (1, 2), "`=` or `{` after a is expected here, not the end of the line"),
        ("= 1\n", (1, 1), "an argument or a block is expected here, not `=`"),
        ("a = 1\na = 2\n", (2, 1), "the argument a is set twice; remove one of them"),
        ('a = "x\n', (1, 5), "the text that begins here has no end on its line"),
        ('a = "\\q"\n', (1, 6), "the escape \\\\q has no meaning"),
        ("a = 'x'\n", (1, 5), "a text stands between double quotes in Terraform, not single ones"),
        ("a = <<EOT\nx\n", (1, 5), "the heredoc that begins here needs a line that holds only EOT"),
        ("/* x\n", (1, 1), "a comment that begins with /* never ends"),
        ('a = "${1"\n', (1, 9), "`}` is expected here"),
        ('a = "%{ if true }x"\n', (1, 6), "%{ if } needs %{ endif }"),
        ('a = "%{ endif }"\n', (1, 6), "%{ endif } closes nothing here"),
        ("a = [for x : y]\n", (1, 12), "`in` and a collection is expected here"),
        ("a = {b}\n", (1, 7), "`=` and a value is expected here"),
        ("a = f(1 2)\n", (1, 9), "`,` or `)` is expected here"),
        ("a = " + "(" * 90, (1, 85), "is nested more than 80 levels deep"),
        ("a {\n" * 90, (81, 3), "is nested more than 80 levels deep"),
        ("a = 1" + " + 1" * 300, (1, 806), "more than 200 operators in one expression"),
        ("a = \x01\n", (1, 5), "the character '\\x01' has no meaning here"),
        ("\ufeff\ufeffa = 1", (1, 1), "has no meaning here"),
    ],
)
def test_errors(scan: Scan, text: str, place: tuple[int, int], message: str) -> None:
    """A broken file is an error with its place; what the other files declare is read."""
    collected = scan('resource "aws_x" "it" {}\n', {"broken.tf": text})
    (notice,) = collected.notices
    assert message in notice.message
    assert notice.level == "error"
    assert (notice.location.file, notice.location.line, notice.location.column) == ("broken.tf", *place)
    assert [raw.id for raw in collected.raws] == ["aws_x.it"]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"# " + b"x" * 6_000_000, "is 6.0 MB; files over 5 MB are not read"),
        (b"a = \xff\xfe\x00", "is a binary file"),
        (b"a = \xff", "is not UTF-8 text"),
    ],
)
def test_files_that_are_not_read(scan: Scan, content: bytes, message: str) -> None:
    collected = scan('resource "aws_x" "it" {}\n', {"broken.tf": content})
    assert [notice.message for notice in collected.notices] == [message]
    assert len(collected.raws) == 1


HEREDOCS = {
    '<<EOT\n  hello ${upper("x")}\n   world\n  EOT': "  hello X\n   world\n",
    "<<-EOT\n    hello\n      world ${1}\n    EOT": "hello\n  world 1\n",
    # With a strip marker, only the rest of that line goes, and what follows no longer begins a line.
    "<<-EOT\n    %{ for x in [1, 2] ~}\n    is ${x}\n    %{ endfor ~}\n    end\n  EOT": "    is 1\n    is 2\n    end\n",
    '<<-EOT\n    a\n  ${"x"}\n      b\n  EOT': "  a\nx\n    b\n",
    "<<EOT\n%{ if false ~}\nyes\n%{ else ~}\n  no\n%{ endif ~}\ntail\nEOT": "  no\ntail\n",
    "<<-EOT\n\n    a\n\ttab\n  EOT": "\n   a\ntab\n",
    '<<-EOT\n    ${~ "s" ~}   x\n      y\n  EOT': "sx\n      y\n",
    '<<EOT\n$${no} %%{no} \\n "q"\nEOT': '${no} %{no} \\n "q"\n',
}


@pytest.mark.parametrize("text", HEREDOCS)
def test_heredocs_as_terraform(scan: Scan, text: str) -> None:
    """What Terraform 1.11 makes of them."""
    (raw,) = scan(f'resource "aws_x" "it" {{\n  p = {text}\n}}\n').raws
    assert raw.properties["p"] == HEREDOCS[text]
