"""Whole configurations: variables, instances, modules, providers, policies, and what can be wrong with them."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from auditor.errors import UsageError
from auditor.inventory import Inventory
from auditor.raw import Collected, Raw
from auditor.resources.s3 import Bucket
from auditor.values import ABSENT, Choice, Reference, Unknown

Scan = Callable[..., Collected]
Raws = Callable[..., dict[str, Raw]]
Value = Callable[..., Any]


def of(raw: Raw, name: str = "p") -> Any:
    return raw.properties.get(name, ABSENT)


# --- variables ------------------------------------------------------------------------------------------------------

DECLARED = 'variable "v" {\n  type = string\n  default = "default"\n}\n'
SOURCES: list[tuple[str, dict[str, Any]]] = [
    ("environment", {"environment": {"TF_VAR_v": "environment"}}),
    ("tfvars", {"files": {"terraform.tfvars": 'v = "tfvars"\n'}}),
    ("json", {"files": {"terraform.tfvars.json": '{"v": "json"}'}}),
    ("auto a", {"files": {"a.auto.tfvars": 'v = "auto a"\n'}}),
    ("auto b", {"files": {"b.auto.tfvars.json": '{"v": "auto b"}'}}),
    ("file", {"files": {"other.tfvars": 'v = "file"\n'}, "var_files": ["other.tfvars"]}),
    ("given", {"variables": {"v": "given"}}),
]


@pytest.mark.parametrize("count", range(len(SOURCES) + 1))
def test_precedence_of_variables(value: Value, count: int) -> None:
    """Each place that gives a value wins over those before it."""
    settings: dict[str, Any] = {"files": {}}
    wanted = SOURCES[count - 1][0] if count else "default"
    for _, setting in SOURCES[:count]:
        settings["files"] |= setting.get("files", {})
        settings |= {name: given for name, given in setting.items() if name != "files"}
    assert value("var.v", DECLARED, **settings) == wanted


@pytest.mark.parametrize(
    ("kind", "given", "wanted"),
    [
        ("string", "5", "5"),
        ("number", "5", 5),
        ("bool", "true", True),
        ("list(string)", '["a", 1]', ["a", "1"]),
        ("set(string)", '["b", "a", "b"]', ["a", "b"]),
        ("map(number)", '{a = "1"}', {"a": 1}),
        (
            "object({a = string, b = optional(number, 3), c = optional(bool)})",
            "{a = 1, z = 2}",
            {"a": "1", "b": 3, "c": None},
        ),
        ("tuple([string, number])", '[1, "2"]', ["1", 2]),
        ("any", '"x"', "x"),
    ],
)
def test_types_of_variables(value: Value, kind: str, given: str, wanted: Any) -> None:
    found = value("var.v", f'variable "v" {{\n  type = {kind}\n}}', variables={"v": given}, notices=0)
    assert found == wanted


def test_values_that_do_not_fit(scan: Scan) -> None:
    collected = scan('variable "v" {\n  type = number\n  default = "x"\n}\nresource "aws_x" "r" {\n  p = var.v\n}\n')
    assert [notice.message for notice in collected.notices] == [
        "the value of variable v has another type: a number is needed, not a text"
    ]
    assert isinstance(of(collected.raws[0]), Unknown)


def test_unknown_variable_names_are_refused(scan: Scan) -> None:
    with pytest.raises(UsageError, match="has a variable naem; did you mean name"):
        scan('variable "name" {}\n', variables={"naem": "x"})


def test_sensitive_values_are_not_read(scan: Scan) -> None:
    collected = scan(
        'variable "v" {\n  sensitive = true\n  default = "hunter2"\n}\nresource "aws_x" "r" {\n  p = "a${var.v}"\n}'
    )
    assert of(collected.raws[0]) == Unknown("variable v is sensitive, so it is not read", ("a", None))
    assert "hunter2" not in repr(collected)


# --- locals ---------------------------------------------------------------------------------------------------------


def test_locals_are_lazy_and_cycles_are_errors(scan: Scan) -> None:
    collected = scan("""
        locals {
          a = local.b
          b = local.c
          c = "${local.a}"
          unused = local.nothing
        }
        resource "aws_x" "r" {
          p = local.a
        }
        """)
    (notice,) = collected.notices
    assert notice.message == "these depend on each other: local.a → local.b → local.c → local.a"
    assert (notice.level, notice.location.line) == ("error", 3)
    assert isinstance(of(collected.raws[0]), Unknown)


# --- count and for_each ---------------------------------------------------------------------------------------------


def test_count(raws: Raws) -> None:
    found = raws("""
        resource "aws_x" "a" {
          count = 2
          p     = count.index
        }
        resource "aws_x" "none" {
          count = 0
        }
        resource "aws_x" "b" {
          p = aws_x.a[*].id
          q = aws_x.a[1].id
          r = aws_x.none[*].id
          s = length(aws_x.a)
          t = try(aws_x.none[0].id, "none")
        }
        """)
    assert list(found) == ["aws_x.a[0]", "aws_x.a[1]", "aws_x.b"]
    assert [of(raw) for raw in found.values()] == [0, 1, ["${aws_x.a[0].id}", "${aws_x.a[1].id}"]]
    assert [of(found["aws_x.b"], name) for name in "qrst"] == ["${aws_x.a[1].id}", [], 2, "none"]


def test_for_each(raws: Raws) -> None:
    found = raws("""
        resource "aws_x" "a" {
          for_each = { one = 1, "t w\\"o" = 2 }
          p        = "${each.key}-${each.value}"
        }
        resource "aws_x" "s" {
          for_each = toset(["b", "a"])
          p        = aws_x.a["one"].id
        }
        resource "aws_x" "all" {
          p = { for key, one in aws_x.a : key => one.id }
        }
        """)
    assert list(found) == ['aws_x.a["one"]', 'aws_x.a["t w\\"o"]', 'aws_x.s["a"]', 'aws_x.s["b"]', "aws_x.all"]
    assert of(found['aws_x.a["one"]']) == "one-1"
    assert of(found['aws_x.s["a"]']) == '${aws_x.a["one"].id}'
    assert of(found["aws_x.all"])["one"] == '${aws_x.a["one"].id}'


@pytest.mark.parametrize(
    ("argument", "address", "condition"),
    [
        ("count = var.v", "aws_x.a[0]", "aws_x.a is created == true"),
        ("count = var.v ? 1 : 0", "aws_x.a[0]", "var.v == true"),
        ('count = var.v == "prod" ? 0 : 1', "aws_x.a[0]", "not (var.v == prod)"),
        ("for_each = var.v", 'aws_x.a["*"]', "aws_x.a is created == true"),
        ('for_each = var.v ? toset(["k"]) : []', 'aws_x.a["k"]', "var.v == true"),
    ],
)
def test_instances_that_may_not_exist(raws: Raws, argument: str, address: str, condition: str) -> None:
    found = raws(f'variable "v" {{}}\nresource "aws_x" "a" {{\n  {argument}\n}}\n')
    assert list(found) == [address]
    assert str(found[address].exists) == condition


def test_part_of_what_may_not_exist_joins(raws: Raws) -> None:
    found = raws("""
        variable "v" {}
        resource "aws_s3_bucket" "b" {
          count = var.v ? 1 : 0
        }
        resource "aws_s3_bucket_versioning" "v" {
          bucket = aws_s3_bucket.b[0].id
        }
        """)
    reference = of(found["aws_s3_bucket_versioning.v"], "bucket")
    assert isinstance(reference, Reference)
    assert reference.target == "aws_s3_bucket.b[0]"


def test_too_many_instances(scan: Scan) -> None:
    collected = scan('resource "aws_x" "a" {\n  count = 5000\n}\nresource "aws_x" "b" {\n  count = 1e6\n}\n')
    assert len(collected.raws) == 5001
    assert [notice.message for notice in collected.notices] == [
        "count: 1,000,000 instances are too many to judge; the limit is 10,000"
    ]


# --- blocks ---------------------------------------------------------------------------------------------------------


def test_dynamic_blocks(raws: Raws) -> None:
    found = raws("""
        variable "v" {}
        resource "aws_x" "a" {
          rule {
            id = "static"
          }
          dynamic "rule" {
            for_each = { b = 2, a = 1 }
            iterator = one
            content {
              id = one.key
              dynamic "inner" {
                for_each = range(one.value)
                content {
                  n = inner.value
                }
              }
            }
          }
          dynamic "maybe" {
            for_each = var.v ? [1] : []
            content {}
          }
          dynamic "open" {
            for_each = var.v
            content {}
          }
          dynamic "none" {
            for_each = []
            content {}
          }
          lifecycle {
            prevent_destroy = true
          }
        }
        """)
    raw = found["aws_x.a"]
    inner = [{"n": 0}, {"n": 1}]
    assert of(raw, "rule") == [{"id": "static"}, {"id": "a", "inner": inner[:1]}, {"id": "b", "inner": inner}]
    maybe = of(raw, "maybe")
    assert isinstance(maybe, Choice)
    assert (maybe.then, maybe.otherwise) == ([{}], [])
    assert [type(member) for member in of(raw, "open")] == [Unknown]
    assert of(raw, "none") == []
    assert of(raw, "lifecycle") is ABSENT
    assert raw.volatile


# --- modules --------------------------------------------------------------------------------------------------------

CHILD = """
variable "size" { type = number }
variable "name" { default = "child" }
variable "bucket" { default = null }
resource "aws_x" "r" {
  p = "${var.name}-${var.size}"
  q = try(var.bucket.id, null)
  r = path.module
}
module "inner" {
  source = "./inner"
}
output "id" { value = aws_x.r.id }
output "inner" { value = module.inner.it }
"""
INNER = 'resource "aws_x" "deep" {}\noutput "it" {\n  value = aws_x.deep\n}\n'


def test_modules(raws: Raws) -> None:
    found = raws(
        """
        resource "aws_s3_bucket" "b" {}
        module "one" {
          source = "./modules/child"
          size   = "1"
          bucket = aws_s3_bucket.b
        }
        module "many" {
          source   = "./modules/child"
          for_each = { x = 2 }
          size     = each.value
          name     = each.key
        }
        resource "aws_x" "user" {
          p = module.one.id
          q = module.many["x"].inner.arn
          r = [for key, child in module.many : child.id]
        }
        """,
        {"modules/child/main.tf": CHILD, "modules/child/inner/main.tf": INNER},
    )
    assert list(found) == [
        "aws_s3_bucket.b",
        "aws_x.user",
        "module.one.aws_x.r",
        "module.one.module.inner.aws_x.deep",
        'module.many["x"].aws_x.r',
        'module.many["x"].module.inner.aws_x.deep',
    ]
    first = found["module.one.aws_x.r"]
    assert [of(first, name) for name in "pqr"] == ["child-1", "${aws_s3_bucket.b.id}", "modules/child"]
    assert of(found['module.many["x"].aws_x.r']) == "x-2"
    user = found["aws_x.user"]
    assert of(user) == "${module.one.aws_x.r.id}"
    assert of(user, "q") == '${module.many["x"].module.inner.aws_x.deep.arn}'
    assert of(user, "r") == ['${module.many["x"].aws_x.r.id}']
    assert first.origin.locate(("p",)).file == "modules/child/main.tf"
    assert {raw.scope.name for raw in found.values()} == {"."}


def test_remote_modules_are_unknown_and_said_once(scan: Scan) -> None:
    main = """
        module "vpc" {
          source = "terraform-aws-modules/vpc/aws"
        }
        resource "aws_x" "r" {
          p = module.vpc.id
          q = module.vpc.b
        }
        """
    collected = scan(main)
    (notice,) = collected.notices
    assert notice.message == "the module vpc is not here, so what it makes is unknown; `terraform init` fetches it"
    assert (notice.level, notice.location.line) == ("warning", 2)
    assert isinstance(of(collected.raws[0]), Unknown)
    manifest = {"Modules": [{"Key": "", "Dir": "."}, {"Key": "vpc", "Dir": ".terraform/modules/vpc"}]}
    files = {
        ".terraform/modules/modules.json": json.dumps(manifest),
        ".terraform/modules/vpc/m.tf": 'output "id" { value = 5 }\noutput "b" { value = 6 }\n',
    }
    collected = scan(main, files)
    assert collected.notices == []
    assert of(collected.raws[0]) == 5


@pytest.mark.parametrize(
    ("module", "message"),
    [
        ('source = "./"', "the module m calls itself, so it never ends"),
        ('source = "./nowhere"', "there is no folder nowhere for the module m"),
        ("count = 1", "the module m has no source that is a text"),
        ('source = "./child"', "the module m needs a value for needed"),
    ],
)
def test_modules_that_are_wrong(scan: Scan, module: str, message: str) -> None:
    files = {"child/m.tf": 'variable "needed" {}\nresource "aws_x" "r" {\n  p = var.needed\n}\n'}
    collected = scan(f'module "m" {{\n  {module}\n}}\nresource "aws_x" "r" {{}}\n', files if "child" in module else {})
    assert [notice.message for notice in collected.notices] == [message]
    assert "aws_x.r" in {raw.id for raw in collected.raws}


def test_roots(scan: Scan) -> None:
    resource = 'resource "aws_x" "r" {}\n'
    files: dict[str, str | bytes] = {
        "app/main.tf": 'module "c" {\n  source = "../shared"\n}\n' + resource,
        "shared/main.tf": resource,
        "alone/main.tf.json": '{"resource": {"aws_x": {"r": {}}}}',
        "loop/a/m.tf": 'module "b" {\n  source = "../b"\n}\n',
        "loop/b/m.tf": 'module "a" {\n  source = "../a"\n}\n' + resource,
        ".terraform/modules/x/main.tf": resource,
        "empty/readme.md": "x",
    }
    collected = scan(files=files)
    assert [raw.address for raw in collected.raws] == [
        "alone#aws_x.r",
        "app#aws_x.r",
        "app#module.c.aws_x.r",
        "loop/a#module.b.aws_x.r",
    ]
    assert [place["name"] for place in collected.inputs] == ["alone", "app", "loop/a"]
    collected = scan(paths=["empty", "nowhere.tf", "empty/readme.md"])
    assert [(notice.message.partition(" (")[0], notice.location.file) for notice in collected.notices] == [
        ("there are no Terraform files in this folder", "empty"),
        ("there is no such file", "nowhere.tf"),
        ("is not a Terraform file", "empty/readme.md"),
    ]


def test_a_file_alone(scan: Scan) -> None:
    """What is in the other files of its folder is known, and that it was not asked for is said."""
    files: dict[str, str | bytes] = {"other.tf": 'locals {\n  x = 1\n}\nresource "aws_x" "other" {}\n'}
    collected = scan('resource "aws_x" "r" {\n  p = local.x\n}\n', files, paths=["main.tf"])
    assert [raw.id for raw in collected.raws] == ["aws_x.r", "aws_x.other"]
    assert of(collected.raws[0]) == 1
    assert collected.inputs[0]["context"] == ["other.tf"]


# --- overrides, providers, data sources -----------------------------------------------------------------------------


def test_overrides(raws: Raws) -> None:
    found = raws(
        """
        variable "v" { default = 1 }
        locals {
          x = 1
          y = 2
        }
        resource "aws_x" "r" {
          p = var.v
          q = local.x
          s = local.y
          rule {
            id = 1
          }
          other {}
        }
        """,
        {
            "a_override.tf": 'variable "v" { default = 5 }\nlocals {\n  x = 6\n}\n',
            "override.tf": 'resource "aws_x" "r" {\n  t = 7\n  rule {\n    id = 8\n  }\n}\n',
        },
    )
    assert found["aws_x.r"].properties == {"p": 5, "q": 6, "s": 2, "t": 7, "rule": [{"id": 8}], "other": [{}]}
    assert found["aws_x.r"].origin.locate(("t",)).file == "override.tf"


def test_declared_twice(scan: Scan) -> None:
    collected = scan('resource "aws_x" "r" {}\n', {"other.tf": 'resource "aws_x" "r" {}\n'})
    assert [notice.message for notice in collected.notices] == [
        "resource.aws_x.r is declared twice; the first is in main.tf"
    ]


def test_default_tags(raws: Raws) -> None:
    found = raws(
        """
        variable "v" {}
        provider "aws" {
          default_tags {
            tags = { Owner = "ml", Env = "dev" }
          }
        }
        provider "aws" {
          alias = "west"
          default_tags {
            tags = { Region = "west" }
          }
        }
        resource "aws_x" "plain" {}
        resource "aws_x" "own" {
          tags = { Env = "prod" }
        }
        resource "aws_x" "west" {
          provider = aws.west
        }
        resource "aws_x" "open" {
          tags = merge(var.v, { Name = "x" })
        }
        module "m" {
          source    = "./m"
          providers = { aws = aws.west }
        }
        """,
        {"m/m.tf": 'resource "aws_x" "r" {}\n'},
    )
    tags = {address: of(raw, "tags") for address, raw in found.items()}
    assert tags["aws_x.plain"] == {"Owner": "ml", "Env": "dev"}
    assert tags["aws_x.own"] == {"Owner": "ml", "Env": "prod"}
    assert tags["aws_x.west"] == tags["module.m.aws_x.r"] == {"Region": "west"}
    assert tags["aws_x.open"][0] == {"Key": "Name", "Value": "x"}
    assert [type(tag) for tag in tags["aws_x.open"][1:]] == [Unknown, dict, dict]


def test_account_and_region(value: Value) -> None:
    more = 'data "aws_caller_identity" "i" {}\ndata "aws_region" "r" {}\ndata "aws_partition" "p" {}\n'
    text = '"${data.aws_partition.p.partition}:${data.aws_region.r.name}:${data.aws_caller_identity.i.account_id}"'
    assert value(text, more, account="123456789012", region="cn-north-1") == "aws-cn:cn-north-1:123456789012"
    assert isinstance(value(text, more), Unknown)


def test_policy_document(raws: Raws) -> None:
    found = raws("""
        variable "v" {}
        data "aws_iam_policy_document" "base" {
          statement {
            sid       = "A"
            actions   = ["s3:*"]
            resources = ["*"]
          }
          statement {
            sid         = "B"
            effect      = "Deny"
            not_actions = ["s3:Get*", "s3:List*"]
            resources   = [aws_s3_bucket.b.arn]
          }
        }
        data "aws_iam_policy_document" "it" {
          source_policy_documents   = [data.aws_iam_policy_document.base.json]
          override_policy_documents = [jsonencode({ Statement = [{ Sid = "B", Effect = "Allow" }] })]
          statement {
            sid     = "A"
            actions = ["s3:GetObject"]
            resources = ["${aws_s3_bucket.b.arn}/*"]
            principals {
              type        = "AWS"
              identifiers = ["1", "2"]
            }
            principals {
              type        = "Service"
              identifiers = ["x.amazonaws.com"]
            }
            condition {
              test     = "StringEquals"
              variable = "aws:PrincipalOrgID"
              values   = [var.v]
            }
          }
          dynamic "statement" {
            for_each = var.v ? [1] : []
            content {
              actions = ["x"]
              principals {
                type        = "*"
                identifiers = ["*"]
              }
            }
          }
        }
        resource "aws_s3_bucket" "b" {}
        resource "aws_s3_bucket_policy" "p" {
          bucket = aws_s3_bucket.b.bucket
          policy = data.aws_iam_policy_document.it.json
        }
        """)
    policy = of(found["aws_s3_bucket_policy.p"], "policy")
    first, second, third = policy["Statement"]
    assert policy["Version"] == "2012-10-17"
    assert first == {
        "Sid": "A",
        "Effect": "Allow",
        "Action": "s3:GetObject",
        "Resource": "${aws_s3_bucket.b.arn}/*",
        "Principal": {"AWS": ["1", "2"], "Service": "x.amazonaws.com"},
        "Condition": {"StringEquals": {"aws:PrincipalOrgID": first["Condition"]["StringEquals"]["aws:PrincipalOrgID"]}},
    }
    assert second == {"Sid": "B", "Effect": "Allow"}
    assert isinstance(third, Choice)
    assert third.then == {"Effect": "Allow", "Action": "x", "Principal": "*"}
    assert third.otherwise is ABSENT


def test_awscc(raws: Raws) -> None:
    found = raws("""
        resource "awscc_s3_bucket" "b" {
          bucket_name         = "x"
          bucket_encryption   = { server_side_encryption_configuration = [{ bucket_key_enabled = true }] }
          tags                = [{ key = "a", value = "b" }]
        }
        """)
    raw = found["awscc_s3_bucket.b"]
    assert (raw.type, raw.dialect) == ("AWS::S3::Bucket", "cfn")
    assert raw.properties == {
        "BucketName": "x",
        "BucketEncryption": {"ServerSideEncryptionConfiguration": [{"BucketKeyEnabled": True}]},
        "Tags": [{"Key": "a", "Value": "b"}],
    }
    assert raw.origin.locate(("BucketName",)).line == 3


def test_parts_join_their_owners(scan: Scan) -> None:
    collected = scan("""
        resource "aws_s3_bucket" "b" {
          bucket = "x"
        }
        resource "aws_s3_bucket_public_access_block" "by_id" {
          bucket            = aws_s3_bucket.b.id
          block_public_acls = true
        }
        """)
    (bucket,) = Inventory(collected).of(Bucket)
    assert bucket.public_access_block is not None
    assert bucket.public_access_block.block_public_acls is True
    assert bucket.raw.names == ("x",)


def test_other_blocks_are_passed_over(raws: Raws) -> None:
    found = raws("""
        terraform { required_version = ">= 1.9" }
        moved {
          from = aws_x.a
          to   = aws_x.b
        }
        import {
          to = aws_x.b
          id = "x"
        }
        check "it" {
          assert {
            condition     = nothing.here
            error_message = "x"
          }
        }
        removed { from = aws_x.c }
        resource "null_resource" "n" {}
        resource "aws_x" "b" {}
        """)
    assert list(found) == ["aws_x.b"]


def test_fifty_files_are_quick(scan: Scan) -> None:
    body = 'resource "aws_s3_bucket" "b%d" {\n  bucket = "x-${upper("a")}-%d"\n  tags = merge({}, { n = "%d" })\n}\n'
    files = {f"f{n}.tf": "".join(body % (n * 100 + i, i, i) for i in range(40)) for n in range(50)}
    start = os.times()
    collected = scan(files=files)
    spent = os.times().user - start.user
    assert len(collected.raws) == 2000
    assert spent < 5  # a tenth of it is usual; the rest is for other processes' sake


def test_hostile_growth_ends(scan: Scan) -> None:
    doubled = "".join(f"  a{n} = [local.a{n - 1}, local.a{n - 1}]\n" for n in range(1, 40))
    texts = "".join(f'  t{n} = "${{local.t{n - 1}}}${{local.t{n - 1}}}"\n' for n in range(1, 40))
    resources = "".join(
        f'resource "aws_x" "r{n}" {{\n  p = {expression}\n}}\n'
        for n, expression in enumerate(
            ("local.t39", "local.a39", "[for a in range(1000) : [for b in range(1000) : [for c in range(1000) : 1]]]")
        )
    )
    collected = scan(f'locals {{\n  a0 = ["x"]\n  t0 = "x"\n{doubled}{texts}}}\n{resources}')
    assert all(isinstance(of(raw), Unknown) for raw in collected.raws)
    assert collected.notices
    assert all("more than" in notice.message for notice in collected.notices)


def test_links_out_of_the_folder_are_not_read(value: Value, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to("/etc/hostname")
    assert isinstance(value('file("link")'), Unknown)
