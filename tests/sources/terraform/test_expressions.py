"""Expressions and functions, against what Terraform 1.11 itself gave for them (`terraform console`)."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from auditor.findings import Status
from auditor.raw import Collected
from auditor.sources.terraform.functions import FUNCTIONS, NOT_KNOWN
from auditor.sources.terraform.functions.files import FORMS as FILE_FORMS
from auditor.sources.terraform.functions.forms import FORMS
from auditor.sources.terraform.values import encoded
from auditor.values import Choice, Reference, Unknown
from tests.support import hcl, judge

Scan = Callable[..., Collected]
Value = Callable[..., Any]

TABLE = Path(__file__).with_name("expressions.txt").read_text()
CASES = [tuple(line.split("  ==>  ")) for line in TABLE.splitlines()]


def test_as_terraform(scan: Scan) -> None:
    """Each line of the table: an expression, and the JSON of its value or that it is refused."""
    assert len(CASES) > 200
    blocks = [f'resource "aws_x" "r{n}" {{\n  p = jsonencode({case[0]})\n}}\n' for n, case in enumerate(CASES)]
    collected = scan("".join(blocks))
    found = {raw.id: raw.properties["p"] for raw in collected.raws}
    refused = {notice.location.line for notice in collected.notices}
    wrong = {}
    for number, (expression, wanted) in enumerate(CASES):
        given = found[f"aws_x.r{number}"]
        shown = "(refused)" if number * 3 + 2 in refused else given if isinstance(given, str) else encoded(given)
        if shown != wanted:
            wrong[expression] = shown
    assert wrong == {}


UNKNOWN = 'variable "v" {}\n'

FUNCTIONS_OF_TERRAFORM = Path(__file__).with_name("functions.txt").read_text().split()
"""Those of Terraform 1.11.4, as `terraform metadata functions -json` lists them."""

PACKED = "H4sIAAAAAAAA/0qtKMgvKlFwcYoPcAwODvcPcrFVKikyKE0ySckv0jVW4gIAAAD//wEAAP//rmGs4CEAAAA="

FUNCTIONS_OF_OPENTOFU = ["base64gunzip", "cidrcontains", "urldecode"]
"""Those that only OpenTofu 1.10 has."""


def test_every_function_is_known(value: Value) -> None:
    """One that is not would be taken for a misspelt one."""
    known = {*FUNCTIONS, *FORMS, *FILE_FORMS, *NOT_KNOWN}
    assert {*FUNCTIONS_OF_TERRAFORM, *FUNCTIONS_OF_OPENTOFU} <= known
    # Terraform had `list` and `map` up to 0.15; `type` is the console's.
    assert known - {*FUNCTIONS_OF_TERRAFORM, *FUNCTIONS_OF_OPENTOFU} == {"list", "map", "type"}
    for name in NOT_KNOWN:
        assert isinstance(value(f"{name}()"), Unknown)


@pytest.mark.parametrize(
    ("expression", "wanted"),
    [
        ('base64gunzip(base64gzip("export A=1"))', "export A=1"),
        ('base64gunzip("H4sIAAAAAAAA/0rOzy0oSi0uTk0BAAAA//8BAAD//x5LVpcKAAAA")', "compressed"),  # as Terraform packs it
        ('base64gunzip("eA==")', "(refused)"),
        ('urldecode("a+b%2Fc%3D")', "a b/c="),
        ('cidrcontains("10.0.0.0/8", "10.1.2.3")', True),
        ('cidrcontains("10.0.0.0/8", "10.1.0.0/16")', True),
        ('cidrcontains("10.1.0.0/16", "10.0.0.0/8")', False),
        ('cidrcontains("fd00::/8", "fd00::1")', True),
        ('cidrcontains("10.0.0.0/8", "fd00::1")', "(refused)"),
        ('templatestring("hello ${"$"}{name}", {name = "you"})', "hello you"),
        ('pathexpand("scripts/start.sh")', "scripts/start.sh"),
        ('ephemeralasnull("plain")', "plain"),
        ('core::upper("a")', "A"),
    ],
)
def test_functions_of_others(scan: Scan, expression: str, wanted: Any) -> None:
    collected = scan(f'resource "aws_x" "it" {{\n  p = {expression}\n}}\n')
    assert (wanted == "(refused)") is bool(collected.notices)
    assert collected.notices or collected.raws[0].properties["p"] == wanted


def test_what_terraform_packs_is_looked_into(tmp_path: Path) -> None:
    """User data that gzip packed hides no secret; what Terraform itself gave for this is `PACKED`."""
    for script in (f'"{PACKED}"', 'base64gzip("export DB_PASSWORD=\\"tr0ub4dor-3\\"\\n")'):
        text = f'resource "aws_instance" "i" {{\n  user_data_base64 = {script}\n}}\n'
        verdict = judge(hcl(tmp_path, text), "ec2-instance-user-data-secrets")["aws_instance.i"]
        assert verdict.status is Status.FAIL


@pytest.mark.parametrize(
    ("expression", "reason"),
    [
        ("var.v", "variable v has no default; give it with --var or --var-file"),
        ("upper(var.v)", "variable v has no default; give it with --var or --var-file"),
        ("timestamp()", "the function timestamp gives the time at which Terraform runs"),
        ("rsadecrypt(var.v, var.v)", "the function rsadecrypt gives a secret, which is not read"),
        (
            "provider::aws::arn_parse(var.v)",
            "provider::aws::arn_parse is a function of a provider, which only",
        ),
        ('pathexpand("~/.ssh/id_rsa.pub")', "pathexpand gives the home folder of whoever runs Terraform"),
        ("var.passing", "variable passing is ephemeral, so it is not read"),
        ("ephemeralasnull(var.passing)", "variable passing is ephemeral, so it is not read"),
        ("templatestring(var.v, {})", "variable v has no default; give it with --var or --var-file"),
        ("base64gzip(var.v)", "variable v has no default; give it with --var or --var-file"),
        ("terraform.workspace", "terraform.workspace is known only when Terraform runs"),
        ('sensitive("hunter2")', "it is marked as sensitive"),
        ("lower(aws_x.other.arn)", "aws_x.other.arn is known only at deployment"),
        ('file("/etc/passwd")', "/etc/passwd is outside the configuration's folders"),
        ('file("nowhere.txt")', "nowhere.txt is not there yet"),
        ("data.aws_ami.a.id", "data.aws_ami.a is read at deployment"),
    ],
)
def test_unknown(value: Value, expression: str, reason: str) -> None:
    passing = 'variable "passing" {\n  default = "x"\n  ephemeral = true\n}\n'
    found = value(expression, UNKNOWN + passing + 'resource "aws_x" "other" {}\ndata "aws_ami" "a" {}\n')
    assert isinstance(found, Unknown)
    assert reason in found.reason


@pytest.mark.parametrize(
    ("expression", "wanted"),
    [
        ('"a-${var.v}-b"', ("a-", None, "-b")),
        ('"${var.v}${var.v}"', None),
        ('join("-", ["a", var.v])', ("a-", None)),
        ('format("%s/%s", "a", var.v)', ("a/", None)),
    ],
)
def test_texts_known_in_part(value: Value, expression: str, wanted: Any) -> None:
    assert value(expression, UNKNOWN).parts == wanted


@pytest.mark.parametrize(
    ("expression", "atom", "then", "otherwise"),
    [
        ('var.v == "prod" ? 1 : 2', "var.v == prod", 1, 2),
        ('var.v != "prod" ? 1 : 2', "var.v == prod", 2, 1),
        ("var.v ? 1 : 2", "var.v == true", 1, 2),
        ("!var.v ? 1 : 2", "var.v == true", 2, 1),
        ("var.v && false ? 1 : 2", None, 2, 2),
        ("var.v == null ? 1 : 2", "var.v == null", 1, 2),
        ("var.v > 3 ? 1 : 2", "var.v > 3 == true", 1, 2),
        ('upper(var.v ? "a" : "b")', "var.v == true", "A", "B"),
        ('"x-${var.v ? "a" : "b"}"', "var.v == true", "x-a", "x-b"),
        ('join("", [var.v ? "a" : "b"])', None, None, None),
        ("length(var.v ? [1] : [])", "var.v == true", 1, 0),
        ("one(var.v ? [1] : [])", "var.v == true", 1, None),
        ("try((var.v ? [1] : [])[0], 9)", "var.v == true", 1, 9),
        ("can((var.v ? [1] : [])[0])", "var.v == true", True, False),
        ("(var.v ? [1] : [])[0]", None, 1, 1),
    ],
)
def test_open_conditions(value: Value, expression: str, atom: str | None, then: Any, otherwise: Any) -> None:
    found = value(expression, UNKNOWN)
    if atom:
        assert isinstance(found, Choice)
        assert (str(found.condition), found.then, found.otherwise) == (atom, then, otherwise)
    elif then is None:
        assert isinstance(found, Unknown)
    else:
        assert found == then


@pytest.mark.parametrize(
    ("expression", "wanted"),
    [
        ("concat([1], var.v)[0]", 1),
        ('merge({a = 1}, var.v)["b"]', Unknown),
        ('merge(var.v, {a = 1})["a"]', 1),
        ('merge({a = 1}, var.v)["a"]', Unknown),
        ("length(concat([1], var.v))", Unknown),
        ("flatten([[var.v], [1]])[1]", 1),
        ('lookup({a = var.v}, "b", 3)', 3),
        ("contains([1, var.v], 1)", True),
        ("contains([var.v], 1)", Unknown),
        ('coalesce("", var.v)', Unknown),
        ("coalesce(1, var.v)", 1),
        ("[for x in var.v : x]", Unknown),
    ],
)
def test_collections_known_in_part(value: Value, expression: str, wanted: Any) -> None:
    found = value(expression, UNKNOWN)
    assert isinstance(found, Unknown) if wanted is Unknown else found == wanted


@pytest.mark.parametrize(
    ("expression", "wanted"),
    [
        ("aws_s3_bucket.b.id", "${aws_s3_bucket.b.id}"),
        ("aws_s3_bucket.b.bucket", "${aws_s3_bucket.b.bucket}"),
        ("aws_s3_bucket.b", "${aws_s3_bucket.b}"),
        ("aws_s3_bucket.b.force_destroy", True),
        ("aws_s3_bucket.b.tags.a", "b"),
        ("aws_s3_bucket.b.logging[0].target_bucket", "${aws_s3_bucket.b.id}"),
        ('"arn:aws:s3:::${aws_s3_bucket.b.bucket}/*"', "arn:aws:s3:::my-bucket/*"),
        ('"${aws_s3_bucket.b.arn}/*"', "${aws_s3_bucket.b.arn}/*"),
        ("aws_s3_bucket.b.endpoint[0].name", "${aws_s3_bucket.b.endpoint.0.name}"),
        ("aws_s3_bucket.b.id == null", False),
        ("try(aws_s3_bucket.b.arn, null)", "${aws_s3_bucket.b.arn}"),
    ],
)
def test_references(value: Value, expression: str, wanted: Any) -> None:
    more = """
    resource "aws_s3_bucket" "b" {
      bucket        = "my-bucket"
      force_destroy = true
      tags          = { a = "b" }
      logging {
        target_bucket = aws_s3_bucket.b.id
      }
    }
    """
    found = value(expression, more)
    assert found == wanted
    if str(wanted).startswith("${") and "*" not in wanted:
        assert isinstance(found, Reference)
        assert (found.target, found.scope) == ("aws_s3_bucket.b", ".")


def test_files(value: Value) -> None:
    files = {"t/a.tftpl": "Hello ${name}%{ for x in list } ${x}%{ endfor }\n", "t/b.json": '{"a": 1}'}
    assert value('templatefile("t/a.tftpl", {name = "x", list = [1, 2]})', files=files) == "Hello x 1 2\n"
    assert value('jsondecode(file("${path.module}/t/b.json")).a', files=files) == 1
    assert value('fileexists("t/b.json")', files=files) is True
    assert value('fileset("t", "*.json")', files=files) == ["b.json"]
    assert value('filemd5("t/b.json")', files=files) == "42b7b4f2921788ea14dac5566e6f06d0"


@pytest.mark.parametrize(
    ("expression", "message"),
    [
        ("local.nothing", "there is no local.nothing in ."),
        ("nothing(1)", "Terraform has no function nothing"),
        ("upper()", "upper takes 1 arguments, not 0"),
        ('substr("a", "b", 1)', "substr: a number is needed, not a text"),
        ("range(1e9)", "range: a range has at most 1024 members"),
        ("text", "text has no meaning here; a text stands between double quotes"),
        ("{a = 1}.b", "there is nothing called b in this object"),
        ("1 / 0", "a number can't be divided by zero"),
        (
            'regex("(a+)+$", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab")',
            "regex: matching this pattern could take too long",
        ),
        ("each.key", "each has no meaning here"),
        ('"x${[1]}"', "a text can't hold a list"),
    ],
)
def test_refused(scan: Scan, expression: str, message: str) -> None:
    collected = scan(f'resource "aws_x" "it" {{\n  p = {expression}\n}}\n')
    (notice,) = collected.notices
    assert message in notice.message
    assert (notice.level, notice.location.line, notice.location.column) == ("warning", 2, 7)
    assert isinstance(collected.raws[0].properties["p"], Unknown)
