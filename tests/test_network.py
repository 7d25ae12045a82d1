"""Ports, protocols and address blocks of firewall rules."""

from __future__ import annotations

from ipaddress import ip_network

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.network import ALL_PORTS, NO_PORTS, is_anyone, ports, span
from auditor.values import Reference, Undecided


@pytest.mark.parametrize(
    ("protocol", "first", "last", "opened"),
    [
        ("tcp", 22, 22, range(22, 23)),
        ("TCP", 22, 22, range(22, 23)),
        ("6", 0, 1023, range(1024)),
        ("tcp", None, None, ALL_PORTS),
        ("tcp", -1, -1, ALL_PORTS),
        ("tcp", 0, 70_000, ALL_PORTS),
        ("-1", 22, 22, ALL_PORTS),
        ("all", None, None, ALL_PORTS),
        ("udp", 22, 22, NO_PORTS),
        ("17", 22, 22, NO_PORTS),
        ("icmp", 8, 0, NO_PORTS),
        ("icmpv6", -1, -1, NO_PORTS),
        ("58", None, None, NO_PORTS),
        ("50", None, None, NO_PORTS),
    ],
)
def test_tcp_ports(protocol: str, first: int | None, last: int | None, opened: range) -> None:
    assert ports(protocol, first, last) == opened


def test_udp_ports() -> None:
    assert ports("udp", 53, 53, "udp") == range(53, 54)
    assert ports("tcp", 53, 53, "udp") == NO_PORTS
    assert ports("-1", None, None, "udp") == ALL_PORTS


def test_a_protocol_that_is_a_reference_is_undecided() -> None:
    with pytest.raises(Undecided, match="Protocol"):
        ports(Reference("Protocol", None, "a.yaml"), 22, 22)


@pytest.mark.parametrize(
    "block", ["0.0.0.0/0", "::/0", "0.0.0.0/1", "128.0.0.0/1", " 0.0.0.0/0 ", "192.168.1.0/0", "12.0.0.0/6", "2000::/3"]
)
def test_anyone(block: str) -> None:
    assert is_anyone(block)


@pytest.mark.parametrize(
    "block",
    [
        "10.0.0.0/8",
        "0.0.0.0/8",
        "172.16.0.0/12",
        "192.168.0.0/16",
        "100.64.0.0/10",
        "224.0.0.0/3",
        "17.0.0.0/8",
        "203.0.113.7/32",
        "203.0.113.7",
        "fd00::/8",
        "fe80::/10",
        "2001:db8::/32",
        "2600:1f00::/24",
    ],
)
def test_not_anyone(block: str) -> None:
    assert not is_anyone(block)


@pytest.mark.parametrize("text", ["", "anywhere", "0.0.0.0/33", "${Network}/16", "pl-12345678"])
def test_what_is_no_block_is_undecided(text: str) -> None:
    with pytest.raises(Undecided, match="not an address block"):
        is_anyone(text)


def test_references() -> None:
    assert not is_anyone(Reference("Network", "CidrBlock", "a.yaml"))
    with pytest.raises(Undecided):
        is_anyone(Reference("Anywhere", None, "a.yaml"))


@settings(deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(0, 32))
def test_a_larger_block_is_never_safer(address: int, prefix: int) -> None:
    block = ip_network((address, prefix), strict=False)
    if is_anyone(str(block)):
        assert is_anyone(str(block.supernet()))
    if block.is_private:
        assert not is_anyone(str(block))


def test_span() -> None:
    assert span(range(22, 23)) == "port 22"
    assert span(ALL_PORTS) == "ports 0-65535"
