"""Which ports a firewall rule opens, and whether to anyone."""

from __future__ import annotations

from functools import lru_cache
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import Final

from auditor.values import Reference, Undecided

ALL_PORTS: Final = range(65_536)
NO_PORTS: Final = range(0)

_TRANSPORTS: Final = {"tcp": "tcp", "6": "tcp", "udp": "udp", "17": "udp"}
_EVERYTHING: Final = ("-1", "all")

# More than one organisation can have: no /8 of IPv4 or /16 of IPv6 was ever given to several that one would trust.
_MOST_IPV4: Final = 2**24
_MOST_IPV6: Final = 2**112

# What is not routed on the internet (IANA special-purpose address registries), and multicast.
_PRIVATE: Final = tuple(
    IPv4Network(block)
    for block in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.168.0.0/16",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/3",
    )
)
# Attributes of VPCs and subnets, in CloudFormation's and Terraform's words.
_OWN_BLOCKS: Final = ("CidrBlock", "CidrBlockAssociations", "cidr_block", "ipv6_cidr_block")
_GLOBAL_IPV6: Final = IPv6Network("2000::/3")


def ports(protocol: str, first: int | None, last: int | None, transport: str = "tcp") -> range:
    """The ports of a transport that a rule opens (EC2 IpPermission).

    Args:
        protocol: a name or number; "-1" is every protocol, and then the ports don't count.
        first, last: the range; None or -1 for all. For ICMP they are types and codes, and no ports.
        transport: "tcp" or "udp".

    Raises:
        Undecided: the protocol is a reference.
    """
    if isinstance(protocol, Reference):
        raise Undecided(f"{protocol} is known only after deployment")
    name = protocol.strip().lower()
    if name in _EVERYTHING:
        return ALL_PORTS
    if _TRANSPORTS.get(name) != transport:
        return NO_PORTS
    start = 0 if first in (None, -1) else first
    end = 65_535 if last in (None, -1) else last
    return range(max(0, start or 0), min(65_535, end or 0) + 1)


@lru_cache(maxsize=4096)
def is_anyone(cidr: str) -> bool:
    """Whether an address block holds more of the internet than one organisation has, as 0.0.0.0/0 and 0.0.0.0/1 do.

    More than 2**24 public IPv4 addresses (a /8), or a /16 of IPv6 and more.

    Raises:
        Undecided: it is not an address block; a reference to the block of a VPC or subnet is one, and never anyone.
    """
    if isinstance(cidr, Reference) and cidr.attribute in _OWN_BLOCKS:
        return False
    try:
        block = ip_network(cidr.strip(), strict=False)
    except ValueError:
        raise Undecided(f"{cidr} is not an address block") from None
    if isinstance(block, IPv6Network):
        return _shared(block, _GLOBAL_IPV6) >= _MOST_IPV6
    return block.num_addresses - sum(_shared(block, private) for private in _PRIVATE) > _MOST_IPV4


def _shared(one: IPv4Network | IPv6Network, other: IPv4Network | IPv6Network) -> int:
    """How many addresses two blocks have in common: one lies within the other, or they have none."""
    smaller, larger = (one, other) if one.prefixlen >= other.prefixlen else (other, one)
    within = larger.network_address <= smaller.network_address <= larger.broadcast_address  # type: ignore[operator]
    return smaller.num_addresses if within else 0


def span(ports: range) -> str:
    """`port 22` or `ports 0-65535`."""
    first, last = ports[0], ports[-1]
    return f"port {first}" if first == last else f"ports {first}-{last}"
