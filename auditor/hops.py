"""What each hop of a path through a VPC lets through, and how hops make a path, in three values."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import Final, TypeVar

from auditor import network
from auditor.findings import Hop
from auditor.inventory import Inventory
from auditor.members import every, flat, in_turn, known_first, those
from auditor.resources.base import Resource
from auditor.resources.vpc import (
    AclEntry,
    Ingress,
    InternetGateway,
    NetworkAcl,
    PrefixList,
    SecurityGroup,
    Subnet,
)
from auditor.values import Partial, Reference, Undecided

T = TypeVar("T")
M = TypeVar("M")
R = TypeVar("R", bound=Resource)
Block = IPv4Network | IPv6Network
Hops = tuple[Hop, ...]
Stage = Callable[[], Hops | None]
"""Part of a path: its hops, or None where it lets nothing through."""

EVERYONE: Final[dict[int, tuple[Block, ...]]] = {4: (ip_network("0.0.0.0/0"),), 6: (ip_network("::/0"),)}
_EPHEMERAL: Final = range(1_024, 65_536)  # where answers go to; clients differ in which part of it they use
_TCP: Final = (6, -1)


# --- combining --------------------------------------------------------------------------------------------------------


def first(members: Iterable[M], read: Callable[[M], tuple[T, ...]]) -> tuple[T, ...]:
    """The first answer that is not empty; undecided where there is none, and one is open."""
    try:
        for found in known_first(members, lambda member: read(member) or None):
            return found
    except Undecided as undecided:  # here it is a hop that belongs to somebody else, not what is judged
        raise Undecided(undecided.reason, undecided.atom) from None
    return ()


def chain(*stages: Stage) -> Hops:
    """The hops of all stages, the last one's first; none where one blocks."""
    hops: Hops = ()
    undecided: Undecided | None = None
    for stage in stages:
        try:
            found = stage()
        except Undecided as error:
            undecided = undecided or error.again()
            continue
        if found is None:
            return ()
        hops = (*found, *hops)
    if undecided:
        raise undecided.again()
    return hops


def got(cls: type[R], reference: str | None, what: str, inventory: Inventory, near: Resource | None = None) -> R:
    """As `Inventory.get`, but undecided where it finds nothing; `what` says of what, for the reason."""
    found = inventory.get(cls, reference, near)
    if found is None:
        raise Undecided(f"{what} is not known")
    return found


# --- security groups --------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Admission:
    """A rule of a security group that lets anyone in, from one address block."""

    group: SecurityGroup
    block: Block


def security_groups(references: tuple[str, ...], inventory: Inventory) -> tuple[SecurityGroup, ...]:
    """The security groups that are referred to, undecided as `known_first` is."""
    return known_first(
        references, lambda reference: got(SecurityGroup, reference, f"the security group {reference}", inventory)
    )


def admissions(references: tuple[str, ...], port: int, version: int, inventory: Inventory) -> tuple[Admission, ...]:
    """How security groups let anyone in to a TCP port, over an IP version."""

    def of_rule(group: SecurityGroup, rule: Ingress, anyone: tuple[str, ...]) -> tuple[Admission, ...]:
        if not every(lambda: port in rule.ports(), lambda: bool(anyone)):
            return ()
        return known_first(anyone, lambda block: Admission(group, parsed(block)))

    def of_group(group: SecurityGroup) -> tuple[Admission, ...]:
        return flat(_open_rules(group, version, inventory), lambda found: of_rule(group, *found))

    return flat(security_groups(references, inventory), of_group)


def admits_anyone(references: tuple[str, ...], version: int, inventory: Inventory) -> bool:
    """Whether security groups let anyone in to any port, over an IP version."""
    return any(any(_open_rules(group, version, inventory)) for group in security_groups(references, inventory))


def _open_rules(
    group: SecurityGroup, version: int, inventory: Inventory
) -> tuple[tuple[Ingress, tuple[str, ...]], ...]:
    """The rules of a security group that let anyone in, or may, each with the blocks that are everyone."""

    def everyone(rule: Ingress) -> tuple[Ingress, tuple[str, ...]] | None:
        found = those(blocks(rule, inventory), lambda block: _is_anyone(block, version))
        return (rule, found) if isinstance(found, Partial) or found else None

    def rules() -> tuple[tuple[Ingress, tuple[str, ...]], ...]:
        return known_first(group.ingress, everyone)

    return inventory.remembered(group, (_open_rules, group.address, version), rules)


def _is_anyone(block: str, version: int) -> bool:
    return network.is_anyone(block) and parsed(block).version == version


def blocks(rule: Ingress, inventory: Inventory) -> tuple[str, ...]:
    """The address blocks that a rule admits, also those of a prefix list."""

    def listed() -> Iterator[str]:
        for name in rule.source_prefix_list_ids:
            found = got(PrefixList, name, f"what the prefix list {name} holds", inventory)
            yield from known_first(found.entries, lambda entry: entry.cidr)

    def own(field: str) -> Iterator[str]:
        yield from getattr(rule, field)

    return in_turn(own("cidr_ip"), own("cidr_ipv6"), listed())


def admitted(one: Admission, subnet: Subnet, port: int, inventory: Inventory) -> Hops:
    """The hops of a security group that lets in and the network ACL before it, which must let the same sources in."""
    change = f"admit port {port} only from those who need it"
    hop = Hop(one.group.title, f"admits port {port} from {one.block}", one.group.address, change)
    return chain(lambda: (hop,), lambda: through_acl(subnet, port, (one.block,), inventory))


# --- routes -----------------------------------------------------------------------------------------------------------


def through_gateway(subnet: Subnet, version: int, inventory: Inventory) -> Hops | None:
    """The hops of an internet gateway and the route table that leads to it; None where the subnet is not public."""
    table = subnet.route_table(inventory)
    ways = those(
        table.routes,
        lambda route: every(lambda: route.is_default(version), lambda: route.through_gateway(inventory)),
    )
    for route in ways:
        name = str(route.gateway_id)
        by_reference = isinstance(route.gateway_id, Reference)
        gateway = inventory.get(InternetGateway, route.gateway_id) if by_reference else None
        block = route.destination_cidr_block if version == 4 else route.destination_ipv6_cidr_block
        title = gateway.title if gateway else name
        return (
            Hop(title, "connects the VPC to the internet", gateway.address if gateway else ""),
            Hop(table.title, f"sends {block} from {subnet.title} to {title}", table.address),
        )
    return None


# --- network ACLs -----------------------------------------------------------------------------------------------------


def acl_of(subnet: Subnet, inventory: Inventory) -> NetworkAcl | None:
    """The network ACL of a subnet; None for the VPC's default one in a template, where nothing changes what it says.

    Raises:
        Undecided: an association is not known, or the account's network ACLs could not be listed; or a default network
            ACL is declared, and it is not known of which VPC it is.
    """
    for acl in inventory.referring(NetworkAcl, lambda acl: acl.subnet_ids, subnet):
        return acl
    if subnet.scope.closed:
        raise Undecided(f"the network ACL of {subnet.title} is not known")
    for acl in those(inventory.beside(NetworkAcl, subnet), lambda acl: acl.is_default and _same_vpc(acl, subnet)):
        return acl
    return None


def _same_vpc(acl: NetworkAcl, subnet: Subnet) -> bool:
    one, other = acl.vpc_id, subnet.vpc_id
    if isinstance(one, Reference) and isinstance(other, Reference):
        return (one.scope, one.target) == (other.scope, other.target)
    if one and one == other:
        return True
    raise Undecided(f"the VPC of {acl.title} is not known")


def through_acl(subnet: Subnet, port: int, sources: tuple[Block, ...], inventory: Inventory) -> Hops | None:
    """The hop of the network ACL of a subnet; None where it lets nothing through."""
    acl = acl_of(subnet, inventory)
    if acl is None:
        return (Hop(f"the default network ACL of {subnet.title}", "lets everything in and out"),)
    if not lets_through(acl, port, sources):
        return None
    return (Hop(acl.title, f"lets port {port} in and the answers out", acl.address),)


def lets_through(acl: NetworkAcl, port: int, sources: Iterable[Block]) -> bool:
    """Whether a network ACL lets connections of these sources to a TCP port in, and the answers out.

    Of sources that are the internet, so many addresses must remain that they still are (`network.is_anyone`).

    Raises:
        Undecided: it depends on a rule that is not wholly known.
    """
    rules = sorted(acl.rules, key=lambda rule: rule.rule_number)

    def passes(generous: bool) -> bool:
        coming = _filtered(rules, False, port, tuple(sources), generous)
        return bool(coming) and any(_filtered(rules, True, answer, coming, generous) for answer in _answer_ports(rules))

    if passes(False):
        return True
    if passes(True):
        raise Undecided(f"what the network ACL {acl.title} lets through is not wholly known")
    return False


def _filtered(
    rules: Iterable[AclEntry], egress: bool, port: int, sources: tuple[Block, ...], generous: bool
) -> tuple[Block, ...]:
    """What the rules leave of the sources; a rule that is not known lets through all or nothing, as one is generous."""
    left: list[Block] = list(sources)
    through: list[Block] = []
    for rule in rules:
        try:
            hits = _hits(rule, egress, port, left)
            allowed = not hits or rule.rule_action.lower() == "allow"
        except Undecided:
            return _worthwhile((*through, *left) if generous else tuple(through), sources)
        if allowed:
            through += hits
        for hit in hits:
            left = [piece for block in left for piece in _without(block, hit)]
    return _worthwhile(tuple(through), sources)


def _hits(rule: AclEntry, egress: bool, port: int, left: list[Block]) -> list[Block]:
    """The parts of the address blocks that a rule decides on."""
    found: list[Block] = []

    def meets() -> bool:
        for text in (rule.cidr_block, rule.ipv6_cidr_block):
            if text is not None:
                found.extend(met for block in left if (met := meet(parsed(text), block)))
        return bool(found)

    hit = every(lambda: rule.egress == egress, lambda: rule.protocol in _TCP, lambda: port in _span(rule), meets)
    return found if hit else []


def _span(rule: AclEntry) -> range:
    if rule.protocol == -1 or rule.from_port is None or rule.to_port is None:
        return network.ALL_PORTS
    return range(rule.from_port, rule.to_port + 1)


def _answer_ports(rules: Iterable[AclEntry]) -> list[int]:
    """One ephemeral port of each stretch on which no rule begins or ends."""
    found = {_EPHEMERAL.start}
    for rule in rules:
        try:
            span = _span(rule)
        except Undecided:
            continue
        found |= {port for port in (span.start, span.stop) if port in _EPHEMERAL}
    return sorted(found)


def _worthwhile(through: tuple[Block, ...], sources: tuple[Block, ...]) -> tuple[Block, ...]:
    internet = any(network.is_anyone(str(block)) for block in sources)
    return through if not internet or any(network.is_anyone(str(block)) for block in through) else ()


def parsed(text: str) -> Block:
    """An address block.

    Raises:
        Undecided: it is a reference, or none.
    """
    if not isinstance(text, Reference):
        try:
            return ip_network(text.strip(), strict=False)
        except ValueError:
            pass
    raise Undecided(f"{text} is not an address block")


def meet(one: Block, other: Block) -> Block | None:
    """What two blocks have in common: the smaller one, or nothing."""
    if one.version != other.version:
        return None
    small, large = (one, other) if one.prefixlen >= other.prefixlen else (other, one)
    return small if small.subnet_of(large) else None  # type: ignore[arg-type]


def _without(block: Block, hole: Block) -> Iterator[Block]:
    """A block without what it has in common with another."""
    met = meet(block, hole)
    if met is None:
        yield block
    elif met != block:
        yield from block.address_exclude(met)  # type: ignore[arg-type]
