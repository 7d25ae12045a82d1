"""Configurations that are broken at random: read or refused with a place, never a crash."""

from __future__ import annotations

import json
import random
import resource
import time
from pathlib import Path
from typing import Any

import pytest

from auditor.raw import Path as Steps
from auditor.raw import Raw
from auditor.sources.terraform import collect

NATIVE = """\
variable "env" {
  type        = string
  description = "dev or prod"
}
variable "rules" {
  type = map(object({ enabled = optional(bool, true), days = number }))
  default = {
    logs = { days = 3 }
    data = { enabled = false, days = 9 }
  }
}
variable "names" { default = ["a", "b"] }

provider "aws" {
  region = "eu-west-1"
  default_tags { tags = { Owner = "ml" } }
}

locals {
  prefix = "${var.env}-${upper("x")}" # a comment
  tags   = merge({ Env = var.env }, var.env == "prod" ? { Tier = "1" } : {})
  ids    = [for name in aws_s3_bucket.each : name.id if name.id != ""]
  cidrs  = [for index in range(3) : cidrsubnet("10.0.0.0/16", 8, index)]
}

data "aws_iam_policy_document" "read" {
  statement {
    sid       = "Read"
    actions   = ["s3:GetObject", "s3:ListBucket"]
    resources = [aws_s3_bucket.one.arn, "${aws_s3_bucket.one.arn}/*"]
    principals {
      type        = "AWS"
      identifiers = ["*"]
    }
    condition {
      test     = "Bool"
      variable = "aws:SecureTransport"
      values   = ["true"]
    }
  }
}

resource "aws_s3_bucket" "one" {
  bucket = "${local.prefix}-data"
  tags   = local.tags

  dynamic "lifecycle_rule" {
    for_each = { for key, rule in var.rules : key => rule if rule.enabled }
    iterator = rule
    content {
      id = rule.key
      expiration { days = rule.value.days + 1 }
    }
  }
}

resource "aws_s3_bucket" "each" {
  for_each = toset(var.names)
  bucket   = "x-${each.key}"
}

resource "aws_s3_bucket_policy" "one" {
  count  = var.env == "prod" ? 1 : 0
  bucket = aws_s3_bucket.one.id
  policy = data.aws_iam_policy_document.read.json
}

resource "aws_instance" "worker" {
  instance_type = try(local.sizes[var.env], "t3.micro")
  user_data     = <<-EOF
    #!/bin/sh
    %{ for name in var.names ~}
    echo ${name} $${HOME}
    %{ endfor ~}
    EOF
  metadata_options {
    http_tokens = var.env != "dev" ? "required" : "optional"
  }
  security_groups = concat(aws_s3_bucket_policy.one[*].id, local.ids, local.cidrs)
}

module "child" {
  source   = "./child"
  for_each = { a = 1, b = 2 }
  size     = each.value
  bucket   = aws_s3_bucket.one
}

output "child" { value = [for key, child in module.child : child.id] }
"""
CHILD = """\
variable "size" { type = number }
variable "bucket" {}
resource "aws_s3_bucket_versioning" "it" {
  bucket = var.bucket.id
  versioning_configuration {
    status = var.size > 1 ? "Enabled" : "Suspended"
  }
}
output "id" { value = aws_s3_bucket_versioning.it.id }
"""
JSON = {
    "variable": {"env": {"type": "string"}, "n": {"default": 2}},
    "locals": {"tags": {"Env": "${var.env}", "N": "${var.n + 1}"}},
    "resource": {
        "aws_s3_bucket": {
            "one": {
                "count": "${var.n}",
                "bucket": "b-${var.env}-${count.index}",
                "tags": "${local.tags}",
                "dynamic": {"lifecycle_rule": {"for_each": "${[1, 2]}", "content": {"id": "${lifecycle_rule.value}"}}},
            }
        },
        "aws_s3_bucket_policy": {"p": {"bucket": "${aws_s3_bucket.one[0].id}", "policy": "${jsonencode({a = 1})}"}},
    },
    "module": {"child": {"source": "./child", "size": 1, "bucket": "${aws_s3_bucket.one[0]}"}},
}
SNIPPETS = [
    "{", "}", "[", "]", "(", ")", '"', "${", "%{", "%{ if true }", "%{ for x in y ~}", "%{ endif }", "~}", "<<EOT\n",
    "<<-X\n", "EOF\n", "\n", "\r\n", "=", "=>", "...", ".", ".*", "[*]", "?", ":", ",", "#", "//", "/*", "*/", "\\",
    "\\u12", "'", "&&", "-", "!", "1e9", "var.env", "local.ids", "each.value", "null", "for", "if", "in", "count = ",
    "for_each = ", "range(1024)", "jsonencode(", "merge(", "try(", "[for a in range(1000) : ", "{for a, b in ",
    "dynamic \"x\" {", "content {", "\0", "é", "\ufeff", "module \"child\" {", "source = \"./\"",
    "file(\"/etc/passwd\")", "templatefile(", "format(\"%s\", ", "locals {\n", "self", "0.1",
]  # fmt: skip
ODD: list[Any] = [
    None, True, -1, 1.5, 1e300, "", "x", [], {}, [[]], "${", "${}", "${var.env}", "%{ if", "${aws_s3_bucket.one}",
    "${null}", "$${a}", "${[for x in range(9) : x]}", "${1 / 0}",
    {"for_each": "${var.env}"}, {"//": "comment"}, "\0", "./", "./child", "${module.child}",
]  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("child").mkdir()
    Path("child", "main.tf").write_text(CHILD)
    return tmp_path


def judge(name: str, text: str) -> None:
    start = time.process_time()
    Path(name).write_text(text, encoding="utf-8", errors="surrogatepass")
    collected = collect(["."], environment={})
    assert all(notice.location.file for notice in collected.notices)
    for raw in collected.raws:
        locate(raw, raw.properties, ())
        assert raw.origin.locate(("nowhere", 0)).line
        if raw.exists is not None:
            assert raw.exists.decide() is None
    assert time.process_time() - start < 30  # it ends; a hang would not


def locate(raw: Raw, value: Any, path: Steps) -> None:
    assert raw.origin.locate(path).line
    for key, member in (
        value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    ):
        locate(raw, member, (*path, key))


def mutated_text(chance: random.Random) -> str:
    text = NATIVE
    for _ in range(chance.randint(1, 4)):
        start = chance.randrange(len(text))
        end = start + chance.choice([0, 0, 1, 5, 40])
        text = text[:start] + chance.choice([*SNIPPETS, text[end : end + 30]]) + text[end:]
    return text


def mutated_data(chance: random.Random) -> str:
    data = json.loads(json.dumps(JSON))
    for _ in range(chance.randint(1, 8)):
        places = list(all_places(data))
        container, key = chance.choice(places)
        if chance.random() < 0.6:
            container[key] = json.loads(json.dumps(chance.choice(ODD)))
        else:
            source, place = chance.choice(places)
            container[key] = json.loads(json.dumps(source[place]))
    return json.dumps(data, indent=1)


def all_places(value: Any) -> Any:
    for key, member in (
        value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    ):
        yield value, key
        yield from all_places(member)


MUTATIONS = {"main.tf": mutated_text, "main.tf.json": mutated_data}


@pytest.mark.parametrize("name", MUTATIONS)
def test_mutations(folder: Path, name: str) -> None:
    mutate(name, seed=1, times=150)


@pytest.mark.slow
@pytest.mark.parametrize(("name", "times"), [("main.tf", 7_000), ("main.tf.json", 3_000)])
def test_ten_thousand_mutations(folder: Path, name: str, times: int) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss  # other tests of this process may have needed much
    mutate(name, seed=2, times=times)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 400_000  # kB


def mutate(name: str, seed: int, times: int) -> None:
    chance = random.Random(seed)  # noqa: S311
    for _ in range(times):
        judge(name, MUTATIONS[name](chance))


@pytest.mark.parametrize("name", MUTATIONS)
def test_unmutated(folder: Path, name: str) -> None:
    """The configurations are whole before they are broken."""
    Path(name).write_text(NATIVE if name == "main.tf" else json.dumps(JSON))
    collected = collect(["."], environment={})
    unexpected = {notice.message for notice in collected.notices if "local.sizes" not in notice.message}
    assert unexpected == set()
    assert len(collected.raws) > 3
