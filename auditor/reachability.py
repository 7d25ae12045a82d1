"""What the internet reaches, hop by hop through a VPC, and whether a subnet reaches the internet, in three values.

A path from the internet to a network interface exists where all of these let a TCP connection through: the route table
of its subnet (a default route to an internet gateway), the subnet's network ACL (its rules in order; in for the port,
out for the answers), one of its security groups, and a public address of its own or a load balancer in front.
One hop that certainly blocks decides, whatever the others are; with none that blocks, one that is not known makes the
answer `Undecided`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from ipaddress import ip_network
from typing import Any, Final, Literal

from auditor import network
from auditor.findings import Hop
from auditor.hops import (
    EVERYONE,
    Hops,
    R,
    admissions,
    admits_anyone,
    admitted,
    blocks,
    chain,
    first,
    got,
    meet,
    parsed,
    security_groups,
    through_acl,
    through_gateway,
)
from auditor.index import Index
from auditor.inventory import Inventory
from auditor.members import either, every, flat, in_turn, known_first, some, those
from auditor.resources import ec2, elb, elbv2
from auditor.resources.base import Resource
from auditor.resources.vpc import (
    VPC,
    ElasticIp,
    GroupAttachment,
    Ingress,
    InternetGateway,
    NetworkAcl,
    NetworkInterface,
    PrefixList,
    Route,
    RouteTable,
    SecurityGroup,
    Subnet,
)
from auditor.values import Partial, Reference, Undecided

USES: Final[tuple[type[Resource], ...]] = (
    ec2.LaunchTemplate,
    VPC,
    Subnet,
    RouteTable,
    InternetGateway,
    NetworkAcl,
    NetworkInterface,
    GroupAttachment,
    ElasticIp,
    SecurityGroup,
    PrefixList,
    elb.LoadBalancer,
    elbv2.LoadBalancer,
    elbv2.Listener,
    elbv2.TargetGroup,
)
"""What is looked up for an instance; a check that asks about instances names them in `uses`."""


@dataclass(frozen=True, slots=True)
class Exposure:
    """A way from the internet: the TCP port that it ends at, and the hops, the internet's side first."""

    port: int
    hops: Hops


@dataclass(frozen=True, slots=True)
class Exit:
    """Something that a subnet can send to.

    Attributes:
        kind: what it is.
        title: its id or, where it is declared, what people call it.
        destination: an address block or a prefix list.
    """

    kind: Literal[
        "internet gateway",
        "NAT gateway",
        "egress-only internet gateway",
        "peering connection",
        "transit gateway",
        "virtual private gateway",
        "network interface",
        "gateway endpoint",
        "carrier gateway",
        "local gateway",
        "core network",
    ]
    title: str
    destination: str


def exposure(instance: ec2.Instance, ports: Iterable[int], inventory: Inventory) -> Exposure | None:
    """How the internet reaches an instance on one of these TCP ports.

    Returns:
        None where it certainly reaches none of them.

    Raises:
        Undecided: a hop is not known, and no other one blocks.
    """
    if _is_inside(instance, inventory):
        return None
    found = first(ports, lambda port: _exposed(instance, port, inventory))
    return found[0] if found else None


def _exposed(instance: ec2.Instance, port: int, inventory: Inventory) -> tuple[Exposure, ...]:
    ways: tuple[Callable[[], Hops], ...] = (
        lambda: _direct_to_instance(instance, port, inventory),
        lambda: _through_load_balancer(instance, port, inventory),
    )
    hops = first(ways, lambda way: way())
    return (Exposure(port, hops),) if hops else ()


# --- doors: what packets come in by -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Door:
    """A network interface: its subnet and security groups, and the hop that is its public address, None without."""

    subnet: Callable[[], Subnet]
    groups: Callable[[], tuple[str, ...]]
    address: Callable[[int], Hop | None]


def _enter(door: _Door, port: int, inventory: Inventory) -> Hops:
    """The way from the internet to a port of a network interface, over IPv4 or IPv6."""

    def over(version: int) -> Hops:
        def addressed() -> Hops | None:
            hop = door.address(version)
            return (hop,) if hop else None

        def let_in() -> Hops | None:
            subnet = door.subnet()
            ways = admissions(door.groups(), port, version, inventory)
            return first(ways, lambda one: admitted(one, subnet, port, inventory)) or None

        return chain(
            addressed,
            let_in,
            lambda: () if through_acl(door.subnet(), port, EVERYONE[version], inventory) is not None else None,
            lambda: through_gateway(door.subnet(), version, inventory),
        )

    return first((4, 6), over)


def _direct_to_instance(instance: ec2.Instance, port: int, inventory: Inventory) -> Hops:
    return first(_doors(instance, inventory), lambda door: _enter(door, port, inventory))


def _is_inside(instance: ec2.Instance, inventory: Inventory) -> bool:
    """Whether no port needs to be looked at.

    It certainly has no load balancer, and no public address whose security groups let anyone in to anything.
    """
    try:
        addresses = (
            door.address(version) and admits_anyone(door.groups(), version, inventory)
            for door in _doors(instance, inventory)
            for version in (4, 6)
        )
        classic = inventory.referring(elb.LoadBalancer, _exposed_instances, instance)
        return not any(addresses) and not any((_registrations_of(instance, inventory), classic))
    except Undecided:
        return False


def _doors(instance: ec2.Instance, inventory: Inventory) -> tuple[_Door, ...]:
    asked = instance.interfaces(inventory)
    doors = known_first(asked, lambda interface: _interface(instance, interface, asked, inventory))
    if not tuple.__len__(doors) and not isinstance(doors, Partial):
        subnet = _subnet(instance.subnet_id, inventory)
        doors = (
            _Door(
                subnet,
                lambda: _groups(instance, None, inventory),
                lambda version: _own_address(instance, None, subnet, version, inventory),
            ),
        )
    return in_turn(doors, known_first(instance.attached_interfaces, lambda name: _existing(instance, name, inventory)))


def _interface(
    instance: ec2.Instance, asked: ec2.NetworkInterface, everything: tuple[Any, ...], inventory: Inventory
) -> _Door:
    """The door that one of the interfaces is which an instance asks for."""
    if asked.network_interface_id and not asked.subnet_id:
        return _existing(instance, asked.network_interface_id, inventory)
    subnet = _subnet(asked.subnet_id or instance.subnet_id, inventory)
    return _Door(
        subnet,
        lambda: _groups(instance, asked, inventory),
        lambda version: _own_address(instance, asked, subnet, version, inventory, alone=len(everything) == 1),
    )


def _existing(instance: ec2.Instance, name: str, inventory: Inventory) -> _Door:
    """The door that a network interface of an instance is which is a resource of its own."""

    def interface() -> NetworkInterface:
        return got(NetworkInterface, name, "its network interface", inventory)

    return _Door(
        lambda: _subnet(interface().subnet_id, inventory)(),
        lambda: _groups(instance, interface(), inventory),
        lambda version: _address_of(interface(), inventory) if version == 4 else None,
    )


def _subnet(reference: str | None, inventory: Inventory) -> Callable[[], Subnet]:
    what = f"the subnet {reference}" if reference else "which of the default VPC's subnets it is in"
    return lambda: got(Subnet, reference, what, inventory)


def _groups(instance: ec2.Instance, interface: Any, inventory: Inventory) -> tuple[str, ...]:
    holder = interface if isinstance(interface, NetworkInterface) else instance
    added = inventory.referring(GroupAttachment, lambda one: one.network_interface_id, holder)
    ways: tuple[Callable[[], tuple[str, ...]], ...] = (
        lambda: _own_groups(instance, interface, inventory),
        lambda: known_first(added, lambda one: one.security_group_id),
    )
    return flat(ways, lambda way: way())


def _own_groups(instance: ec2.Instance, interface: Any, inventory: Inventory) -> tuple[str, ...]:
    own: tuple[str, ...] = interface.group_set if interface else ()
    groups = own or instance.security_group_ids
    data = None if groups else instance.template_data(inventory)
    if groups or (data and data.security_group_ids):
        return groups or (data.security_group_ids if data else ())
    raise Undecided("it has no security group of its own, and what the VPC's default one lets in is not known")


def _own_address(
    instance: ec2.Instance,
    interface: ec2.NetworkInterface | None,
    subnet: Callable[[], Subnet],
    version: int,
    inventory: Inventory,
    *,
    alone: bool = True,
) -> Hop | None:
    def hop(why: str) -> Hop:
        return Hop(instance.title, why, instance.address)

    if version == 6:
        given = some((instance, interface) if interface else (instance,), _has_ipv6)
        return hop("has an IPv6 address") if given or subnet().assign_ipv6_address_on_creation else None
    if interface and interface.associate_public_ip_address is not None:
        if interface.associate_public_ip_address:
            return hop("has a public IP address")
        return hop("has an Elastic IP address") if _has_elastic_ip(instance, inventory) else None
    if _has_elastic_ip(instance, inventory):
        return hop("has an Elastic IP address")
    if alone and subnet().map_public_ip_on_launch:
        return hop(f"gets a public IP address from its subnet {subnet().title}")
    return None


def _has_ipv6(holder: Any) -> bool:
    return not every(lambda: not holder.ipv6_addresses, lambda: holder.ipv6_address_count == 0)


def _address_of(interface: NetworkInterface, inventory: Inventory) -> Hop | None:
    """The Elastic IP address of an interface that is a resource of its own; else it has no public one."""
    for address in elastic_ips(interface, inventory):
        return Hop(interface.title, f"has the Elastic IP address {address.title}", interface.address)
    return None


def elastic_ips(holder: Resource, inventory: Inventory) -> tuple[ElasticIp, ...]:
    """The Elastic IP addresses that are given to a network interface, or to the first one of an instance."""
    return inventory.referring(ElasticIp, lambda address: address.interfaces, holder)


def _has_elastic_ip(instance: ec2.Instance, inventory: Inventory) -> bool:
    """Whether it is given one; an account tells that of its interfaces."""
    if instance.scope.closed:
        return False
    return either(lambda: bool(instance.elastic_ips), lambda: bool(elastic_ips(instance, inventory)))


# --- load balancers ---------------------------------------------------------------------------------------------------


def _to_load_balancer(balancer: elbv2.LoadBalancer, port: int, inventory: Inventory) -> Hops:
    """The way from the internet to a port of a load balancer, whether or not it listens there."""

    def address(version: int) -> Hop | None:
        if balancer.is_internal:
            return None
        return Hop(balancer.title, "is internet-facing", balancer.address)

    def hops(subnet: str) -> Hops:
        door = _Door(_subnet(subnet, inventory), lambda: balancer.security_groups, address)
        return _enter(door, port, inventory)

    if balancer.is_internal:
        return ()
    if not balancer.security_groups and balancer.type == "network":
        return first(_subnets_of(balancer), lambda subnet: _past_acl(balancer, subnet, port, inventory))
    return first(_subnets_of(balancer), hops)


def _past_acl(balancer: elbv2.LoadBalancer, subnet: str, port: int, inventory: Inventory) -> Hops:
    """The way to a Network Load Balancer without security groups, which admits everyone."""
    found = _subnet(subnet, inventory)
    return chain(
        lambda: (Hop(balancer.title, "is internet-facing and has no security group", balancer.address),),
        lambda: through_acl(found(), port, EVERYONE[4], inventory),
        lambda: through_gateway(found(), 4, inventory),
    )


def _subnets_of(balancer: elbv2.LoadBalancer) -> tuple[str, ...]:
    return in_turn(balancer.subnets, known_first(balancer.subnet_mappings, lambda mapping: mapping.subnet_id))


@dataclass(frozen=True, slots=True)
class _Registration:
    """A target of a target group that a listener forwards to.

    It is not `sure` where that would be by a rule of an account's listener, which are not asked for.
    """

    target: elbv2.Registered
    group: elbv2.TargetGroup
    listener: elbv2.Listener
    sure: bool = True

    @property
    def port(self) -> int | None:
        own = self.target.port
        return self.group.port if own is None else own


def _registrations(near: Resource, inventory: Inventory) -> tuple[_Registration, ...]:
    """What the listeners beside it forward to."""

    def of(listener: elbv2.Listener) -> Iterable[_Registration]:
        def group(reference: str) -> elbv2.TargetGroup | None:
            return _if_here(elbv2.TargetGroup, reference, near, inventory)

        groups = known_first(listener.target_groups(), group)
        return flat(groups, lambda one: [_Registration(target, one, listener) for target in one.registered])

    listeners = inventory.beside(elbv2.Listener, near)
    return in_turn(flat(listeners, of), _by_rules(near, inventory) if near.scope.closed else ())


def _by_rules(near: Resource, inventory: Inventory) -> tuple[_Registration, ...]:
    """What an account's load balancers have behind them that no listener forwards to by default."""
    listeners: dict[str, list[elbv2.Listener]] = defaultdict(list)
    for listener in tuple.__iter__(inventory.beside(elbv2.Listener, near)):
        listeners[listener.load_balancer_arn].append(listener)

    def of(group: elbv2.TargetGroup) -> Iterable[_Registration]:
        if inventory.referring(elbv2.Listener, lambda one: one.target_groups(), group):
            return []
        behind = [listener for balancer in group.load_balancer_arns for listener in listeners[balancer]]
        return [_Registration(target, group, one, sure=False) for one in behind for target in group.registered]

    return flat(inventory.beside(elbv2.TargetGroup, near), of)


def _registrations_of(instance: ec2.Instance, inventory: Inventory) -> tuple[_Registration, ...]:
    """Those that may be of an instance."""
    by_address, by_id = inventory.remembered(
        instance, _registrations_of, lambda: _indexed(_registrations(instance, inventory))
    )
    return in_turn(by_address, by_id.of(instance))


def _indexed(everything: tuple[_Registration, ...]) -> tuple[tuple[_Registration, ...], Index[_Registration]]:
    """Those that name an address, which may be any instance's, and the others by the instance."""
    by_address = those(everything, lambda one: one.group.target_type == "ip")
    return by_address, Index(those(everything, lambda one: one.group.target_type != "ip"), lambda one: one.target.id)


def _if_here(cls: type[R], reference: str | None, near: Resource, inventory: Inventory) -> R | None:
    """As `Inventory.get`, but None for what another template declares: it knows nothing of what is in this one."""
    try:
        return inventory.get(cls, reference)
    except Undecided as undecided:
        if near.scope.closed or undecided.atom:
            raise
        return None


def _through_load_balancer(instance: ec2.Instance, port: int, inventory: Inventory) -> Hops:
    def leads_here(one: _Registration) -> bool:
        return every(lambda: one.port == port, lambda: _is_target(instance, one))

    for classic in inventory.referring(elb.LoadBalancer, _exposed_instances, instance):
        raise Undecided(f"it is behind the Classic Load Balancer {classic.title}, whose ports are not looked at")
    found = those(_registrations_of(instance, inventory), leads_here)
    return first(found, lambda one: _balanced(instance, one, port, inventory))


def _exposed_instances(classic: elb.LoadBalancer) -> tuple[str, ...]:
    return () if classic.is_internal else classic.instances


def _is_target(instance: ec2.Instance, one: _Registration) -> bool:
    if one.group.target_type == "ip":
        raise Undecided(f"whether it is a target of {one.group.title} is not known, which names addresses")
    return instance.answers_to(one.target.id)


def _balanced(instance: ec2.Instance, one: _Registration, port: int, inventory: Inventory) -> Hops:
    balancer = _if_here(elbv2.LoadBalancer, one.listener.load_balancer_arn, instance, inventory)
    if balancer is None:
        raise Undecided("the load balancer in front of it is not known")
    listening = one.listener.port
    if listening is None:
        return ()
    change = "remove it, or make the load balancer internal"
    listener = Hop(one.listener.title, f"forwards port {listening} to port {port}", one.listener.address, change)
    doors = _doors(instance, inventory)

    def forwarded() -> Hops:
        if not one.sure:
            raise Undecided(f"whether a rule of {one.listener.title} forwards to it is not known")
        return (listener,)

    return chain(
        lambda: first(doors, lambda door: _from_balancer(door, balancer, port, inventory)) or None,
        forwarded,
        lambda: _to_load_balancer(balancer, listening, inventory) or None,
    )


def _from_balancer(door: _Door, balancer: elbv2.LoadBalancer, port: int, inventory: Inventory) -> Hops:
    """From a load balancer to an instance behind it; without security groups, it passes clients' addresses on."""
    if not balancer.security_groups and balancer.type == "network":
        ways = admissions(door.groups(), port, 4, inventory)
        return first(ways, lambda one: admitted(one, door.subnet(), port, inventory))

    def admits(group: SecurityGroup) -> Hops:
        def rule_admits(rule: Ingress) -> bool:
            return every(
                lambda: port in rule.ports(),
                lambda: some((_names_group, _names_block), lambda ask: ask(rule, balancer, inventory)),
            )

        for _ in those(group.ingress, rule_admits):
            return (Hop(group.title, f"admits port {port} from the load balancer", group.address),)
        return ()

    return first(security_groups(door.groups(), inventory), admits)


def _names_group(rule: Ingress, balancer: elbv2.LoadBalancer, inventory: Inventory) -> bool:
    return some(
        rule.source_security_group_ids,
        lambda source: some(security_groups(balancer.security_groups, inventory), lambda one: one.answers_to(source)),
    )


def _names_block(rule: Ingress, balancer: elbv2.LoadBalancer, inventory: Inventory) -> bool:
    def overlaps(block: str) -> bool:
        if network.is_anyone(block):
            return True
        if isinstance(block, Reference):  # the VPC's own block, or a subnet's
            return True
        mine = ip_network(block.strip(), strict=False)
        subnets = known_first(_subnets_of(balancer), lambda one: _subnet(one, inventory)())
        return some(subnets, lambda subnet: meet(mine, parsed(subnet.cidr_block)) is not None)

    return some(blocks(rule, inventory), overlaps)


# --- the way out ------------------------------------------------------------------------------------------------------


def _exit(route: Route, inventory: Inventory) -> Exit | None:
    kinds: tuple[tuple[str, Any], ...] = (
        ("nat_gateway_id", "NAT gateway"),
        ("egress_only_internet_gateway_id", "egress-only internet gateway"),
        ("vpc_peering_connection_id", "peering connection"),
        ("transit_gateway_id", "transit gateway"),
        ("vpc_endpoint_id", "gateway endpoint"),
        ("network_interface_id", "network interface"),
        ("instance_id", "network interface"),
        ("carrier_gateway_id", "carrier gateway"),
        ("local_gateway_id", "local gateway"),
        ("core_network_arn", "core network"),
    )
    where = route.destination_cidr_block or route.destination_ipv6_cidr_block or route.destination_prefix_list_id or ""
    for field, kind in kinds:
        target = getattr(route, field)
        if target:
            return Exit(kind, target, where)
    gateway = route.gateway_id
    if not gateway or gateway == "local":
        return None
    if gateway.startswith("vpce-"):
        return Exit("gateway endpoint", gateway, where)
    if gateway.startswith("vgw-"):
        return Exit("virtual private gateway", gateway, where)
    return Exit("internet gateway", gateway, where) if route.through_gateway(inventory) else None


_TO_INTERNET: Final = ("internet gateway", "NAT gateway", "egress-only internet gateway", "carrier gateway")
_MAYBE: Final = (
    "transit gateway",
    "virtual private gateway",
    "network interface",
    "gateway endpoint",
    "local gateway",
    "core network",
)


def _is_for_the_internet(way: Exit) -> bool:
    where = way.destination
    return bool(where) and not where.startswith("pl-") and network.is_anyone(where)


def internet_exit(subnet: Subnet, inventory: Inventory) -> Exit | None:
    """What takes a subnet's traffic to the internet; None where nothing does.

    Raises:
        Undecided: its routes are not known, or send what is for the internet to a network that may pass it on.
    """
    undecided: Undecided | None = None
    ways = known_first(subnet.route_table(inventory).routes, lambda route: _exit(route, inventory))
    for way in those(ways, _is_for_the_internet):
        if way.kind in _TO_INTERNET:
            return way
        if way.kind in _MAYBE:
            undecided = Undecided(f"whether the {way.kind} {way.title} passes on to the internet is not known")
    if undecided:
        raise undecided.again()
    return None
