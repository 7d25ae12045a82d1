"""VPC: networks, routes, gateways, endpoints, and who may get in."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Annotated, Any, Literal

from auditor import network
from auditor.members import every, in_turn, those
from auditor.raw import Path, Raw
from auditor.resources.base import Resource, Struct
from auditor.resources.fields import NOWHERE, From, Part, wrong
from auditor.values import Reference, Undecided, Unknown, known, settle

if TYPE_CHECKING:
    from auditor.inventory import Inventory


class VPC(Resource, cfn="AWS::EC2::VPC", tf="aws_vpc"):
    """A VPC."""


class InternetGateway(Resource, cfn="AWS::EC2::InternetGateway", tf="aws_internet_gateway"):
    """An internet gateway."""


class NatGateway(Resource, cfn="AWS::EC2::NatGateway", tf="aws_nat_gateway"):
    """A NAT gateway."""


class NetworkAcl(Resource, cfn="AWS::EC2::NetworkAcl", tf="aws_network_acl"):
    """A network ACL."""


class ElasticIp(Resource, cfn="AWS::EC2::EIP", tf="aws_eip"):
    """An Elastic IP address."""


class Route(Struct):
    """One route; its target is an internet gateway or something else."""

    destination_cidr_block: str | None = None
    destination_ipv6_cidr_block: str | None = None
    gateway_id: str | None = None

    def reaches_internet(self, inventory: "Inventory") -> bool:
        """Whether it sends what is for the internet through an internet gateway, so that answers come in there."""
        return every(lambda: self._through_gateway(inventory), self._is_default)

    def _through_gateway(self, inventory: "Inventory") -> bool:
        gateway = self.gateway_id
        if isinstance(gateway, Reference):
            return inventory.get(InternetGateway, gateway) is not None
        return (gateway or "").startswith("igw-")

    def _is_default(self) -> bool:
        blocks = (self.destination_cidr_block, self.destination_ipv6_cidr_block)
        return any(network.is_anyone(block) for block in blocks if block)


class RouteTable(Resource, cfn="AWS::EC2::RouteTable", tf="aws_route_table"):
    """A route table; live, without routes whose target is gone."""

    routes: Annotated[
        tuple[Route, ...],
        From(cfn=NOWHERE, tf="route", live="Routes"),
        Part("AWS::EC2::Route", by="RouteTableId"),
        Part("aws_route", by="route_table_id"),
    ] = ()


class Subnet(Resource, cfn="AWS::EC2::Subnet", tf="aws_subnet"):
    """A subnet; live, its route table is the VPC's main one where it has none of its own."""

    vpc_id: str
    cidr_block: str
    available_ip_address_count: Annotated[int, From(cfn=None, tf=None)]
    map_public_ip_on_launch: bool = False
    route_table_id: Annotated[
        str | None,
        From(cfn=NOWHERE, tf=NOWHERE, live="RouteTableId"),
        Part("AWS::EC2::SubnetRouteTableAssociation", by="SubnetId", take="RouteTableId"),
        Part("aws_route_table_association", by="subnet_id", take="route_table_id"),
    ] = None

    def is_public(self, inventory: "Inventory") -> bool:
        """Whether its route table has a route to the internet through an internet gateway.

        Raises:
            Undecided: its route table is not declared here, or could not be listed.
        """
        table = inventory.get(RouteTable, self.route_table_id)
        if table is None:
            raise Undecided(f"the route table of {self.title} is not known")
        return any(True for _ in those(table.routes, lambda route: route.reaches_internet(inventory)))

    @property
    def in_use(self) -> bool:
        """Whether anything has an address in it; AWS keeps five (VPC user guide, Subnet CIDR blocks)."""
        prefix = int(self.cidr_block.partition("/")[2])
        usable: int = 2 ** (32 - prefix) - 5
        return self.available_ip_address_count < usable


class EndpointService:
    """The service that a VPC endpoint leads to, of which a template may not know the region."""

    def __init__(self, end: str) -> None:
        self._end = end

    @classmethod
    def from_raw(cls, value: Any, raw: Raw, path: Path) -> "EndpointService":
        """Read ServiceName of an endpoint."""
        if not isinstance(value, Mapping):
            raise wrong(path, "a map", value)
        name = settle(value.get("ServiceName", value.get("service_name")))
        if isinstance(name, Unknown) and name.parts and name.parts[-1]:
            return cls(name.parts[-1])
        name = known(name)
        if not isinstance(name, str):
            raise wrong(("ServiceName",), "text", name)
        return cls(name)

    def is_for(self, service: str) -> bool:
        """Whether it is `service`, as `s3` in `com.amazonaws.eu-west-1.s3`."""
        return self._end.rpartition(".")[2] == service


class VPCEndpoint(Resource, cfn="AWS::EC2::VPCEndpoint", tf="aws_vpc_endpoint"):
    """A VPC endpoint."""

    vpc_id: str
    service: Annotated[EndpointService, From(cfn="", tf="", live="")]
    vpc_endpoint_type: str = "Gateway"
    route_table_ids: Annotated[
        tuple[str, ...],
        Part("aws_vpc_endpoint_route_table_association", by="vpc_endpoint_id", take="route_table_id"),
    ] = ()


class FlowLog(Resource, cfn="AWS::EC2::FlowLog", tf="aws_flow_log"):
    """A flow log of a VPC, subnet or network interface."""

    resource_id: Annotated[str, From(tf="vpc_id")]
    traffic_type: Literal["ACCEPT", "REJECT", "ALL"]
    deliver_logs_status: Annotated[str, From(cfn=NOWHERE, tf=NOWHERE)] = "SUCCESS"


_ALL_PORTS = 65_536 - 1_024


class Ingress(Struct):
    """One rule of what a security group lets in; live, a rule for each protocol and port range of a source."""

    ip_protocol: Annotated[str, From(tf="protocol")]
    from_port: int | None = None
    to_port: int | None = None
    cidr_ip: Annotated[tuple[str, ...], From(tf="cidr_blocks")] = ()
    cidr_ipv6: Annotated[tuple[str, ...], From(tf="ipv6_cidr_blocks")] = ()
    source_prefix_list_id: Annotated[str | None, From(tf=None)] = None

    def ports(self, transport: str = "tcp") -> range:
        """The ports of a transport that it opens."""
        return network.ports(self.ip_protocol, self.from_port, self.to_port, transport)

    def lets_in(self, *ports: int) -> bool:
        """Whether anyone can reach one of these TCP ports."""
        return every(lambda: any(port in self.ports() for port in ports), lambda: self.anyone is not None)

    def lets_in_all(self) -> bool:
        """Whether anyone can reach all TCP or all UDP ports, but for privileged ones at the most."""
        return every(
            lambda: max(len(self.ports("tcp")), len(self.ports("udp"))) >= _ALL_PORTS,
            lambda: self.anyone is not None,
        )

    @property
    def anyone(self) -> str | None:
        """The first address block of the sources that is open to anyone, such as `0.0.0.0/0`.

        Raises:
            Undecided: a source is not known, and none that is known is open to anyone.
        """
        for block in in_turn(self._sources("cidr_ip"), self._sources("cidr_ipv6")):
            return block
        if not self.cidr_ip and not self.cidr_ipv6 and self.source_prefix_list_id:
            raise Undecided(f"what the prefix list {self.source_prefix_list_id} holds is not known")
        return None

    def _sources(self, field: str) -> Iterator[str]:
        yield from those(getattr(self, field), network.is_anyone)


class SecurityGroup(Resource, cfn="AWS::EC2::SecurityGroup", tf="aws_security_group"):
    """A security group."""

    ingress: Annotated[
        tuple[Ingress, ...],
        From(cfn="SecurityGroupIngress", live="SecurityGroupIngress"),
        Part("AWS::EC2::SecurityGroupIngress", by="GroupId"),
        Part("AWS::EC2::SecurityGroupIngress", by="GroupName"),
        Part("aws_vpc_security_group_ingress_rule", by="security_group_id"),
        Part("aws_security_group_rule", by="security_group_id"),
    ] = ()
