"""IP network functions."""

from __future__ import annotations

from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import Final

from auditor.sources.terraform.functions.table import Function
from auditor.sources.terraform.values import BadArgument

_Network = IPv4Network | IPv6Network


def _network(prefix: str) -> _Network:
    if "/" in prefix:
        try:
            return ip_network(prefix, strict=False)
        except ValueError:
            pass
    raise BadArgument("the text is no address range such as 10.0.0.0/16")


def _nth(network: _Network, new_bits: int, number: int) -> _Network:
    """The subnet of that number, each `new_bits` smaller."""
    length = network.prefixlen + new_bits
    if new_bits < 0 or length > network.max_prefixlen:
        raise BadArgument(f"{network} can't be extended by {new_bits} bits")
    if not 0 <= number < 2**new_bits:
        raise BadArgument(f"{new_bits} bits have no room for the number {number}")
    first = int(network.network_address) + (number << (network.max_prefixlen - length))
    return type(network)((first, length))


def _cidrsubnet(prefix: str, new_bits: int, number: int) -> str:
    return str(_nth(_network(prefix), new_bits, number))


def _cidrsubnets(prefix: str, *sizes: int) -> list[str]:
    network = _network(prefix)
    place = int(network.network_address)
    found: list[str] = []
    for new_bits in sizes:
        size = 1 << (network.max_prefixlen - _nth(network, new_bits, 0).prefixlen)
        place = -(-place // size) * size  # the next place where such a range may begin
        if place + size > int(network.broadcast_address) + 1:
            raise BadArgument(f"{network} has no room for all of them")
        found.append(str(type(network)((place, network.prefixlen + new_bits))))
        place += size
    return found


def _cidrhost(prefix: str, number: int) -> str:
    network = _network(prefix)
    if not -network.num_addresses <= number < network.num_addresses:
        raise BadArgument(f"{network} has no host of the number {number}")
    return str(network[number])


def _cidrnetmask(prefix: str) -> str:
    network = _network(prefix)
    if isinstance(network, IPv6Network):
        raise BadArgument("IPv6 has no netmasks")
    return str(network.netmask)


def _cidrcontains(prefix: str, other: str) -> bool:
    network, inner = _network(prefix), _network(other if "/" in other else _alone(other))
    if isinstance(network, IPv4Network) is not isinstance(inner, IPv4Network):
        raise BadArgument("an IPv4 range can't hold an IPv6 one, nor the other way round")
    ends = (inner.network_address, inner.broadcast_address)
    return all(end in network for end in ends)


def _alone(address: str) -> str:
    return f"{address}/{128 if ':' in address else 32}"


FUNCTIONS: Final = {
    "cidrcontains": Function("tt", _cidrcontains),  # OpenTofu's
    "cidrhost": Function("tw", _cidrhost),
    "cidrnetmask": Function("t", _cidrnetmask),
    "cidrsubnet": Function("tww", _cidrsubnet),
    "cidrsubnets": Function("tw*", _cidrsubnets),
}
