"""The same infrastructure in CloudFormation, in Terraform and in its plan gives the same verdicts.

`pairs` has it three times, under the same names: `PlainTable` is `aws_dynamodb_table.plain_table`. The plans are what
Terraform 1.11.4 with the provider aws 5.100.0 made of the `.tf` files (`terraform show -json`), without the state
machine of `learning`, which that provider has AWS validate.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from auditor.config import Config
from auditor.engine import evaluate
from auditor.findings import Verdict
from auditor.inventory import Inventory
from auditor.raw import Collected
from auditor.registry import load_checks
from auditor.resources.account import Account
from auditor.resources.region import Region
from tests.support import hcl, plan, statuses, template

PAIRS = {path.stem: path for path in Path(__file__).with_name("pairs").glob("*.yaml")}

Verdicts = dict[tuple[str, str], str]
"""Statuses by check and name."""

# Another stack may have the bucket's policy, or the subnet's network ACL; another configuration rarely does.
DIFFERENT = {
    "network": {("vpc-isolated-subnet-default-nacl", "privatesubnet"): ("unknown", "fail")},
    "storage": {
        ("s3-bucket-public-policy", "bad"): ("unknown", "pass"),
        ("s3-bucket-secure-transport", "bad"): ("unknown", "fail"),
    },
}
"""By pair, what differs: CloudFormation's status and Terraform's."""

NOT_PLANNED = {"learning": "machine"}

BUCKET = """
resource "aws_s3_bucket" "data" {
  acl = "private"
  versioning {
    enabled    = true
    mfa_delete = true
  }
  server_side_encryption_configuration {
    rule {
      apply_server_side_encryption_by_default {
        sse_algorithm = "aws:kms"
      }
    }
  }
  logging {
    target_bucket = "logs"
  }
  lifecycle_rule {
    enabled                                = true
    abort_incomplete_multipart_upload_days = 7
    noncurrent_version_expiration {
      days = 30
    }
  }
}
"""
SPLIT_BUCKET = """
resource "aws_s3_bucket" "data" {}

resource "aws_s3_bucket_acl" "data" {
  bucket = aws_s3_bucket.data.id
  acl    = "private"
}

resource "aws_s3_bucket_versioning" "data" {
  bucket = aws_s3_bucket.data.id
  versioning_configuration {
    status     = "Enabled"
    mfa_delete = "Enabled"
  }
}

resource "aws_s3_bucket_server_side_encryption_configuration" "data" {
  bucket = aws_s3_bucket.data.id
  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm = "aws:kms"
    }
  }
}

resource "aws_s3_bucket_logging" "data" {
  bucket        = aws_s3_bucket.data.id
  target_bucket = "logs"
  target_prefix = ""
}

resource "aws_s3_bucket_lifecycle_configuration" "data" {
  bucket = aws_s3_bucket.data.id
  rule {
    id     = "all"
    status = "Enabled"
    abort_incomplete_multipart_upload {
      days_after_initiation = 7
    }
    noncurrent_version_expiration {
      noncurrent_days = 30
    }
  }
}
"""
GRANT = """
resource "aws_s3_bucket" "open" {
  grant {
    type        = "Group"
    permissions = ["READ"]
    uri         = "http://acs.amazonaws.com/groups/global/AllUsers"
  }
}
"""
SPLIT_GRANT = """
resource "aws_s3_bucket" "open" {}

resource "aws_s3_bucket_acl" "open" {
  bucket = aws_s3_bucket.open.id
  access_control_policy {
    grant {
      permission = "READ"
      grantee {
        type = "Group"
        uri  = "http://acs.amazonaws.com/groups/global/AllUsers"
      }
    }
    owner {
      id = "1"
    }
  }
}
"""
GROUP = """
resource "aws_security_group" "web" {
  description = "web"
  ingress {
    protocol    = "tcp"
    from_port   = 22
    to_port     = 22
    cidr_blocks = ["0.0.0.0/0"]
  }
}
"""
RULE = """
resource "aws_security_group" "web" {
  description = "web"
}

resource "aws_security_group_rule" "web" {
  security_group_id = aws_security_group.web.id
  type              = "ingress"
  protocol          = "tcp"
  from_port         = 22
  to_port           = 22
  cidr_blocks       = ["0.0.0.0/0"]
}
"""
NEWER_RULE = """
resource "aws_security_group" "web" {
  description = "web"
}

resource "aws_vpc_security_group_ingress_rule" "web" {
  security_group_id = aws_security_group.web.id
  ip_protocol       = "tcp"
  from_port         = 22
  to_port           = 22
  cidr_ipv4         = "0.0.0.0/0"
}
"""
BALANCER = """
resource "aws_lb" "web" {
  internal        = false
  security_groups = ["sg-12345678"]
}

resource "aws_lb_listener" "web" {
  load_balancer_arn = aws_lb.web.arn
  port              = 80
  protocol          = "HTTP"
  default_action {
    type = "forward"
  }
}
"""
ACL = """
resource "aws_vpc" "network" {
  cidr_block = "10.0.0.0/16"
}

resource "aws_network_acl" "rules" {
  vpc_id = aws_vpc.network.id
  ingress {
    rule_no    = 100
    action     = "allow"
    protocol   = "tcp"
    from_port  = 22
    to_port    = 22
    cidr_block = "0.0.0.0/0"
  }
  egress {
    rule_no    = 100
    action     = "allow"
    protocol   = "-1"
    from_port  = 0
    to_port    = 0
    cidr_block = "0.0.0.0/0"
  }
}
"""
SPLIT_ACL = """
resource "aws_vpc" "network" {
  cidr_block = "10.0.0.0/16"
}

resource "aws_network_acl" "rules" {
  vpc_id = aws_vpc.network.id
}

resource "aws_network_acl_rule" "in" {
  network_acl_id = aws_network_acl.rules.id
  rule_number    = 100
  rule_action    = "allow"
  protocol       = "6"
  from_port      = 22
  to_port        = 22
  cidr_block     = "0.0.0.0/0"
}

resource "aws_network_acl_rule" "out" {
  network_acl_id = aws_network_acl.rules.id
  egress         = true
  rule_number    = 100
  rule_action    = "allow"
  protocol       = "all"
  from_port      = 0
  to_port        = 0
  cidr_block     = "0.0.0.0/0"
}
"""
FORMS = {
    "bucket": (BUCKET, SPLIT_BUCKET),
    "grant": (GRANT, SPLIT_GRANT),
    "security group rule": (GROUP, RULE),
    "newer security group rule": (GROUP, NEWER_RULE),
    "network ACL": (ACL, SPLIT_ACL),
    "load balancer": (BALANCER, BALANCER.replace("aws_lb", "aws_alb")),
}
"""What can be written in two ways."""

OUT = """
resource "aws_security_group_rule" "out" {
  security_group_id = "sg-12345678"
  type              = "egress"
  protocol          = "-1"
  from_port         = 0
  to_port           = 0
  cidr_blocks       = ["0.0.0.0/0"]
}
"""
WAREHOUSE = """
resource "aws_redshift_cluster" "warehouse" {
  cluster_identifier = "warehouse"
  node_type          = "ra3.large"
}
"""
DOMAIN = """
resource "aws_opensearch_domain" "search" {
  domain_name = "search"
  domain_endpoint_options {
    tls_security_policy = "Policy-Min-TLS-1-2-PFS-2023-10"
  }
}
"""


def name_of(verdict: Verdict) -> str:
    """What both sources call a resource: only letters and digits, in lower case."""
    resource = verdict.resource
    if isinstance(resource, (Account, Region)):
        return type(resource).__name__
    return resource.raw.id.rpartition(".")[2].replace("_", "").lower()


def verdicts_of(collected: Collected) -> Verdicts:
    checks = [check for check in load_checks().values() if {"cloudformation", "terraform"} <= set(check.inputs)]
    verdicts = evaluate(Inventory(collected), checks, Config())
    return {(verdict.check.id, name_of(verdict)): verdict.status.value for verdict in verdicts}


def different(ones: Verdicts, others: Verdicts) -> dict[tuple[str, str], tuple[str | None, str | None]]:
    pairs = {key: (ones.get(key), others.get(key)) for key in ones.keys() | others.keys()}
    return {key: (one, other) for key, (one, other) in pairs.items() if one != other}


@pytest.mark.parametrize("pair", sorted(PAIRS))
def test_same_verdicts(pair: str, tmp_path: Path) -> None:
    in_cloudformation = verdicts_of(template(tmp_path, PAIRS[pair].read_text(encoding="utf-8")))
    in_terraform = verdicts_of(hcl(tmp_path / "tf", PAIRS[pair].with_suffix(".tf").read_text(encoding="utf-8")))
    assert different(in_cloudformation, in_terraform) == DIFFERENT.get(pair, {})
    assert {"pass", "fail"} <= set(in_terraform.values())


def test_pairs_are_of_many_types(tmp_path: Path) -> None:
    raws = [raw for path in PAIRS.values() for raw in hcl(tmp_path, path.with_suffix(".tf").read_text("utf-8")).raws]
    assert len({raw.type for raw in raws}) >= 60


@pytest.mark.parametrize("form", FORMS)
def test_forms_are_the_same(form: str, tmp_path: Path) -> None:
    within, apart = (verdicts_of(hcl(tmp_path / str(number), text)) for number, text in enumerate(FORMS[form]))
    assert different(within, apart) == {}
    assert within


def test_rules_of_an_unknown_direction_are_unknown(tmp_path: Path) -> None:
    text = 'variable "direction" {}\n' + RULE.replace('"ingress"', "var.direction")
    assert statuses(hcl(tmp_path, text), "vpc-sg-ingress-ssh") == {"aws_security_group.web": "unknown"}


def test_rules_out_of_a_group_let_nobody_in(tmp_path: Path) -> None:
    assert statuses(hcl(tmp_path, OUT), "vpc-sg-ingress-ssh") == {}


@pytest.mark.parametrize(
    ("text", "check_id", "status"),
    [
        # Version 5 of the provider sends true, version 6 false.
        (WAREHOUSE, "redshift-public-access", "unknown"),
        (DOMAIN, "opensearch-https", "pass"),
    ],
)
def test_defaults_of_the_provider(text: str, check_id: str, status: str, tmp_path: Path) -> None:
    assert list(statuses(hcl(tmp_path, text), check_id).values()) == [status]


@pytest.mark.parametrize("name", PAIRS)
def test_a_plan_and_its_configuration_agree(name: str, tmp_path: Path) -> None:
    written = PAIRS[name].with_suffix(".tf").read_text(encoding="utf-8")
    planned = json.loads(PAIRS[name].with_suffix(".plan.json").read_text(encoding="utf-8"))
    configured = verdicts_of(hcl(tmp_path / "written", written))
    found = verdicts_of(plan(tmp_path / "planned", planned))
    expected = {key: status for key, status in configured.items() if key[1] != NOT_PLANNED.get(name)}
    differs = {
        key: (expected.get(key), found.get(key))
        for key in sorted({*expected, *found})
        if expected.get(key) != found.get(key)
    }
    assert not differs
    assert len(found) > 70
