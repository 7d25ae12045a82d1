"""What Terraform users write otherwise than the examples of the network checks."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support import hcl, statuses

_NET = """
resource "aws_vpc" "net" {
  cidr_block = "10.0.0.0/16"
}
resource "aws_internet_gateway" "out" {
  vpc_id = aws_vpc.net.id
}
resource "aws_subnet" "%s" {
  vpc_id     = aws_vpc.net.id
  cidr_block = "10.0.1.0/24"
}
resource "aws_instance" "trainer" {
  ami           = "ami-0abcdef1234567890"
  instance_type = "p4d.24xlarge"
  subnet_id     = aws_subnet.%s.id
}
"""
_ROUTE = """
  route {
    cidr_block = "0.0.0.0/0"
    gateway_id = aws_internet_gateway.out.id
  }
"""
_MAIN = (
    _NET
    + """
resource "aws_route_table" "main" {
  vpc_id = aws_vpc.net.id
"""
    + _ROUTE
    + """
}
resource "aws_main_route_table_association" "main" {
  vpc_id         = aws_vpc.net.id
  route_table_id = aws_route_table.main.id
}
"""
)
_DEFAULT = (
    _NET
    + """
resource "aws_default_route_table" "main" {
  default_route_table_id = aws_vpc.net.default_route_table_id
"""
    + _ROUTE
    + "}"
)
_OWN = """
resource "aws_route_table" "inner" {
  vpc_id = aws_vpc.net.id
}
resource "aws_route_table_association" "inner" {
  subnet_id      = aws_subnet.private.id
  route_table_id = aws_route_table.inner.id
}
"""
_PRIVATE, _ONE = ("private", "private"), ("one", "one")

_GROUP = """
resource "aws_default_vpc" "net" {}
resource "aws_security_group" "door" {
  ingress {
    from_port = 22
    to_port   = 22
    protocol  = "tcp"
    %s
  }
}
"""
_CARD = """
resource "aws_network_interface" "card" {
  subnet_id = "subnet-1"
}
resource "aws_eip" "address" {
  network_interface = aws_network_interface.card.id
}
resource "aws_instance" "trainer" {
  ami = "ami-0abcdef1234567890"
  %s {
    network_interface_id = aws_network_interface.card.id
  }
}
"""
_SPOT = """
resource "aws_spot_instance_request" "trainer" {
  ami           = "ami-0abcdef1234567890"
  instance_type = "p4d.24xlarge"
  %s
}
"""
_PROFILE = 'resource "aws_instance" "trainer" {\n  iam_instance_profile = %s\n}'


@pytest.mark.parametrize(
    ("check", "text", "name", "status"),
    [
        ("vpc-private-route-internet-gateway", _MAIN % _PRIVATE, "main", "fail"),
        ("vpc-private-route-internet-gateway", _MAIN % _ONE, "main", "pass"),
        ("vpc-private-route-internet-gateway", _MAIN % _PRIVATE + _OWN, "main", "pass"),
        ("vpc-private-route-internet-gateway", _DEFAULT % _PRIVATE, "main", "fail"),
        ("vpc-private-route-internet-gateway", _DEFAULT % _PRIVATE + _OWN, "main", "pass"),
        ("ec2-gpu-public-subnet", _MAIN % _ONE, "trainer", "fail"),
        ("ec2-gpu-public-subnet", _MAIN % _PRIVATE + _OWN, "trainer", "pass"),
        ("ec2-gpu-public-subnet", _DEFAULT % _ONE, "trainer", "fail"),
        ("ec2-gpu-public-subnet", _NET % _ONE, "trainer", "unknown"),
        (
            "vpc-sg-ingress-ssh",
            _GROUP % 'cidr_blocks = ["10.0.0.0/8"]\n    prefix_list_ids = ["pl-1"]',
            "door",
            "unknown",
        ),
        ("vpc-sg-ingress-ssh", _GROUP % "cidr_blocks = [aws_default_vpc.net.cidr_block]", "door", "pass"),
        ("ec2-instance-public-ip", _CARD % "network_interface", "trainer", "fail"),
        ("ec2-instance-public-ip", _CARD % "primary_network_interface", "trainer", "fail"),
        ("ec2-instance-public-ip", _SPOT % "associate_public_ip_address = true", "trainer", "fail"),
        ("ec2-instance-profile-missing", _SPOT % "", "trainer", "fail"),
        ("ec2-instance-profile-missing", _SPOT % 'iam_instance_profile = "training"', "trainer", "pass"),
        ("ec2-instance-profile-missing", _PROFILE % '""', "trainer", "fail"),
        ("ec2-instance-profile-missing", _PROFILE % '"training"', "trainer", "pass"),
    ],
)
def test_configurations(tmp_path: Path, check: str, text: str, name: str, status: str) -> None:
    found = {address.partition(".")[2]: verdict for address, verdict in statuses(hcl(tmp_path, text), check).items()}
    assert found[name] == status
