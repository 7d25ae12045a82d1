"""What AWS makes with every VPC, taken over by Terraform: a real plan (Terraform 1.11.4, hashicorp/aws 5.100.0)."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from auditor.config import Config
from auditor.hops import acl_of
from auditor.inventory import Inventory
from auditor.resources.vpc import VPC, NetworkAcl, RouteTable, SecurityGroup, Subnet
from auditor.scan import scan_templates
from auditor.sources.terraform import collect, collect_plans
from auditor.values import Undecided
from tests.support import hcl

FOLDER = Path(__file__).parent / "default_resources"


@pytest.fixture(params=["main.tf", "plan.json"])
def file(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.chdir(tmp_path)
    shutil.copy(FOLDER / request.param, tmp_path)
    return str(request.param)


@pytest.fixture
def inventory(file: str) -> Inventory:
    return Inventory(collect_plans([file]) if file.endswith(".json") else collect([file], environment={}))


def test_verdicts(file: str) -> None:
    report = scan_templates([file], Config())
    found = {(one.check, one.resource.rpartition("#")[2]) for one in report.results if one.status.value == "fail"}
    assert found == {
        ("vpc-private-route-internet-gateway", "aws_default_route_table.r"),
        ("vpc-sg-ingress-ssh", "aws_default_security_group.none"),
        ("vpc-sg-ingress-ssh", "aws_default_security_group.open"),
        ("vpc-subnet-public-ip-auto-assign", "aws_default_subnet.s"),
    }


def test_security_groups(inventory: Inventory) -> None:
    """One without blocks has no rules, be it what AWS makes; rules of their own join it."""
    groups = {group.title: group for group in inventory.of(SecurityGroup)}
    none, opened = groups["aws_default_security_group.none"], groups["aws_default_security_group.open"]
    assert (none.lets_everything_out, opened.lets_everything_out) == (False, True)
    assert [len(group.ingress) for group in (none, opened)] == [1, 1]
    assert none.group_name == "default"


def test_what_they_belong_to(inventory: Inventory) -> None:
    (own,) = [vpc for vpc in inventory.of(VPC) if not vpc.is_default]
    (table,) = inventory.of(RouteTable)
    assert inventory.get(VPC, table.vpc_id) is own
    assert len(table.routes) == 1
    subnets = {subnet.title: subnet for subnet in inventory.of(Subnet)}
    assert inventory.get(RouteTable, subnets["aws_subnet.private"].route_table_id) is table
    assert subnets["aws_default_subnet.s"].map_public_ip_on_launch


def test_the_default_network_acl_is_that_of_the_vpcs_other_subnets(inventory: Inventory) -> None:
    subnets = {subnet.title: subnet for subnet in inventory.of(Subnet)}
    (acl,) = inventory.of(NetworkAcl)
    assert acl_of(subnets["aws_subnet.private"], inventory) is acl
    assert [rule.rule_number for rule in acl.rules] == [100]
    with pytest.raises(Undecided, match="does not say vpc id"):
        acl_of(subnets["aws_default_subnet.s"], inventory)


def test_a_default_network_acl_of_no_known_vpc(tmp_path: Path) -> None:
    text = 'resource "aws_subnet" "s" {\n  vpc_id = "vpc-1"\n  cidr_block = "10.0.0.0/24"\n}\n'
    acl = 'resource "aws_default_network_acl" "n" {\n  default_network_acl_id = "acl-1"\n}\n'
    inventory = Inventory(hcl(tmp_path, text + acl))
    with pytest.raises(Undecided, match="is not known"):
        acl_of(inventory.of(Subnet)[0], inventory)
    inventory = Inventory(hcl(tmp_path, text))
    assert acl_of(inventory.of(Subnet)[0], inventory) is None
