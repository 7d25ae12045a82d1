"""VPC: networks, routes, gateways, endpoints, connections, and who may get in."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Annotated, Any, Literal

from auditor import network
from auditor.members import every, flat, if_known, in_turn, known_first, some, those
from auditor.policy import Policy
from auditor.raw import Path, Raw
from auditor.resources.base import Resource, Struct
from auditor.resources.fields import NOWHERE, From, Part, wrong
from auditor.resources.tags import Tags
from auditor.values import Reference, Undecided, Unknown, known, settle

if TYPE_CHECKING:
    from auditor.inventory import Inventory


class VPC(Resource, cfn="AWS::EC2::VPC", tf="aws_vpc"):
    """A VPC; a template that declares one does not declare the region's default one."""

    is_default: Annotated[bool, From(cfn=NOWHERE, tf=NOWHERE)] = False
    # None: the one that AWS makes; live, a subnet without a route table of its own says that itself.
    main_route_table_id: Annotated[
        str | None,
        From(cfn=NOWHERE, tf=NOWHERE, live=NOWHERE),
        Part("aws_main_route_table_association", by="vpc_id", take="route_table_id"),
    ] = None


class DefaultVPC(VPC, tf="aws_default_vpc"):
    """A region's default VPC, as only Terraform can take it over."""

    is_default: Annotated[bool, From(tf=NOWHERE)] = True


class InternetGateway(Resource, cfn="AWS::EC2::InternetGateway", tf="aws_internet_gateway"):
    """An internet gateway."""


class NatGateway(Resource, cfn="AWS::EC2::NatGateway", tf="aws_nat_gateway"):
    """A NAT gateway that is not deleted."""

    subnet_id: str | None = None
    allocation_id: Annotated[str | None, From(live=None)] = None
    vpc_id: Annotated[str, From(cfn=None, tf=None)]


_PROTOCOLS = {"all": -1, "icmp": 1, "tcp": 6, "udp": 17, "icmpv6": 58}


class Protocol(int):
    """The number of a protocol, -1 for all; Terraform also has names."""

    @classmethod
    def from_raw(cls, value: Any, raw: Raw, path: Path) -> "Protocol":
        """Read either.

        Raises:
            Undecided: it is neither a number nor the name of a common protocol.
        """
        text = str(value).lower()
        if text in _PROTOCOLS:
            return cls(_PROTOCOLS[text])
        try:
            return cls(text)
        except ValueError:
            raise wrong(path, "a protocol", value) from None


class AclEntry(Struct):
    """A rule of a network ACL, of one direction."""

    rule_number: Annotated[int, From(tf=("rule_number", "rule_no"))]
    egress: bool = False
    protocol: Protocol
    rule_action: Annotated[str, From(tf=("rule_action", "action"))]
    cidr_block: str | None = None
    ipv6_cidr_block: str | None = None
    from_port: Annotated[int | None, From(cfn="PortRange.From", live="PortRange.From")] = None
    to_port: Annotated[int | None, From(cfn="PortRange.To", live="PortRange.To")] = None


class OutwardAclEntry(AclEntry):
    """A rule of what may get out, within the network ACL as only Terraform has it."""

    egress: Annotated[bool, From(tf=NOWHERE)] = True


class NetworkAcl(Resource, cfn="AWS::EC2::NetworkAcl", tf="aws_network_acl"):
    """A network ACL; a VPC's default one, which no template declares, is for subnets that have none of their own."""

    vpc_id: str | None = None
    is_default: Annotated[bool, From(cfn=NOWHERE, tf=NOWHERE)] = False
    entries: Annotated[
        tuple[AclEntry, ...],
        From(cfn=NOWHERE, tf=NOWHERE),
        Part("AWS::EC2::NetworkAclEntry", by="NetworkAclId"),
        Part("aws_network_acl_rule", by="network_acl_id"),
    ] = ()
    ingress: Annotated[tuple[AclEntry, ...], From(cfn=NOWHERE, live=NOWHERE)] = ()
    egress: Annotated[tuple[OutwardAclEntry, ...], From(cfn=NOWHERE, live=NOWHERE)] = ()
    subnet_ids: Annotated[
        tuple[str, ...],
        From(cfn=NOWHERE),
        Part("AWS::EC2::SubnetNetworkAclAssociation", by="NetworkAclId", take="SubnetId"),
        Part("aws_network_acl_association", by="network_acl_id", take="subnet_id"),
    ] = ()

    @property
    def rules(self) -> tuple[AclEntry, ...]:
        """Its rules, of both directions, wherever they are declared."""
        return in_turn(self.entries, self.ingress, self.egress)


class DefaultNetworkAcl(NetworkAcl, tf="aws_default_network_acl"):
    """A VPC's default network ACL, taken over by Terraform: it lets through what the rules within it say."""

    vpc_id: Annotated[str | None, From(tf="default_network_acl_id")] = None  # a reference to it leads to its VPC
    is_default: Annotated[bool, From(tf=NOWHERE)] = True


class AddressAssociation(Struct):
    """What an Elastic IP address is given to."""

    instance_id: str | None = None
    network_interface_id: str | None = None


class ElasticIp(Resource, cfn="AWS::EC2::EIP", tf="aws_eip"):
    """An Elastic IP address; NAT gateways and associations of a template's own refer to it."""

    instance_id: Annotated[str | None, From(tf="instance")] = None
    network_interface_id: Annotated[str | None, From(cfn=NOWHERE, tf="network_interface")] = None
    association_id: Annotated[str | None, From(cfn=NOWHERE, tf=NOWHERE)] = None
    associations: Annotated[
        tuple[AddressAssociation, ...],
        From(cfn=NOWHERE, tf=NOWHERE, live=NOWHERE),
        Part("AWS::EC2::EIPAssociation", by="AllocationId"),
        Part("aws_eip_association", by="allocation_id"),
    ] = ()

    @property
    def interfaces(self) -> tuple[str, ...]:
        """The network interfaces that it is given to, wherever that is said; an instance may stand for its first."""
        own = self.network_interface_id
        return in_turn((own,) if own else (), known_first(self.associations, lambda one: one.network_interface_id))


class Route(Struct):
    """One route; its target is an internet gateway or something else."""

    destination_cidr_block: Annotated[str | None, From(tf=("destination_cidr_block", "cidr_block"))] = None
    destination_ipv6_cidr_block: Annotated[str | None, From(tf=("destination_ipv6_cidr_block", "ipv6_cidr_block"))] = (
        None
    )
    gateway_id: str | None = None
    nat_gateway_id: str | None = None
    vpc_peering_connection_id: str | None = None
    destination_prefix_list_id: str | None = None
    egress_only_internet_gateway_id: Annotated[str | None, From(tf="egress_only_gateway_id")] = None
    transit_gateway_id: str | None = None
    vpc_endpoint_id: str | None = None
    network_interface_id: str | None = None
    instance_id: Annotated[str | None, From(tf=NOWHERE)] = None
    carrier_gateway_id: str | None = None
    local_gateway_id: str | None = None
    core_network_arn: str | None = None

    def reaches_internet(self, inventory: "Inventory") -> bool:
        """Whether it sends what is for the internet through an internet gateway, so that answers come in there."""
        return every(lambda: self.through_gateway(inventory), self.is_default)

    def through_gateway(self, inventory: "Inventory") -> bool:
        """Whether it sends something through an internet gateway."""
        gateway = self.gateway_id
        if isinstance(gateway, Reference):
            return inventory.get(InternetGateway, gateway) is not None
        return (gateway or "").startswith("igw-")

    def is_default(self, version: int = 0) -> bool:
        """Whether it is about most of the internet's addresses, be it of one IP version.

        Raises:
            Undecided: it is about a prefix list.
        """
        if self.destination_prefix_list_id:
            raise Undecided(f"what the prefix list {self.destination_prefix_list_id} holds is not known")
        blocks = {4: self.destination_cidr_block, 6: self.destination_ipv6_cidr_block}
        return any(network.is_anyone(block) for key, block in blocks.items() if block and version in (0, key))


class RouteTable(Resource, cfn="AWS::EC2::RouteTable", tf="aws_route_table"):
    """A route table; live, without routes whose target is gone."""

    vpc_id: str
    tags: Tags = Tags({})
    routes: Annotated[
        tuple[Route, ...],
        From(cfn=NOWHERE, tf="route", live="Routes"),
        Part("AWS::EC2::Route", by="RouteTableId"),
        Part("aws_route", by="route_table_id"),
    ] = ()

    def subnets(self, inventory: "Inventory") -> "tuple[Subnet, ...]":
        """The subnets that it is the route table of, also as their VPC's main one."""
        own = inventory.referring(Subnet, lambda subnet: subnet.route_table_id, self)
        return in_turn(own, flat(self._main_of(inventory), lambda vpc: _without_table(vpc, inventory)))

    def _main_of(self, inventory: "Inventory") -> tuple[VPC, ...]:
        return inventory.referring(VPC, lambda vpc: vpc.main_route_table_id, self)


class MainRouteTable(RouteTable, tf="aws_default_route_table"):
    """A VPC's main route table, taken over by Terraform: it has the routes that are declared, and no others."""

    vpc_id: Annotated[str, From(tf="default_route_table_id")]  # a reference to it leads to its VPC

    def _main_of(self, inventory: "Inventory") -> tuple[VPC, ...]:
        return known_first((self.vpc_id,), lambda reference: inventory.get(VPC, reference))


class Subnet(Resource, cfn="AWS::EC2::Subnet", tf="aws_subnet"):
    """A subnet; live, its route table is the VPC's main one where it has none of its own."""

    vpc_id: str
    cidr_block: str
    available_ip_address_count: Annotated[int, From(cfn=None, tf=None)]
    map_public_ip_on_launch: bool = False
    # A live subnet's says nothing of the interfaces that were there before; those name their own addresses.
    assign_ipv6_address_on_creation: Annotated[bool, From(live=NOWHERE)] = False
    availability_zone: str | None = None
    tags: Tags = Tags({})
    route_table_id: Annotated[
        str | None,
        From(cfn=NOWHERE, tf=NOWHERE, live="RouteTableId"),
        Part("AWS::EC2::SubnetRouteTableAssociation", by="SubnetId", take="RouteTableId"),
        Part("aws_route_table_association", by="subnet_id", take="route_table_id"),
    ] = None

    def route_table(self, inventory: "Inventory") -> RouteTable:
        """Its route table, or else its VPC's main one.

        Raises:
            Undecided: it is not declared here, or could not be listed.
        """
        table = inventory.get(RouteTable, self.route_table_id or self._main_table(inventory))
        if table is None:
            raise Undecided(f"the route table of {self.title} is not known")
        return table

    def _main_table(self, inventory: "Inventory") -> str | None:
        """What Terraform makes the main route table of its VPC; nobody else can."""
        vpc = None if self.scope.closed else inventory.get(VPC, self.vpc_id)
        if vpc is None:
            return None
        if vpc.main_route_table_id:
            return vpc.main_route_table_id
        for table in inventory.beside(RouteTable, self):
            if isinstance(table, MainRouteTable) and vpc.answers_to(table.vpc_id):
                return Reference(table.raw.id, None, table.scope.name)
        return None

    def is_public(self, inventory: "Inventory") -> bool:
        """Whether its route table has a route to the internet through an internet gateway.

        Raises:
            Undecided: its route table is not declared here, or could not be listed.
        """
        routes = self.route_table(inventory).routes
        return any(True for _ in those(routes, lambda route: route.reaches_internet(inventory)))

    @property
    def is_known_empty(self) -> bool:
        """Whether it is known that nothing has an address in it; a template never tells."""
        return if_known(self, "available_ip_address_count") is not None and not self.in_use

    @property
    def in_use(self) -> bool:
        """Whether anything has an address in it; AWS keeps five (VPC user guide, Subnet CIDR blocks)."""
        prefix = int(self.cidr_block.partition("/")[2])
        usable: int = 2 ** (32 - prefix) - 5
        return self.available_ip_address_count < usable


def _without_table(vpc: VPC, inventory: "Inventory") -> tuple[Subnet, ...]:
    subnets = inventory.referring(Subnet, lambda subnet: subnet.vpc_id, vpc)
    return those(subnets, lambda subnet: subnet.route_table_id is None)


class DefaultSubnet(Subnet, tf="aws_default_subnet"):
    """A subnet of the default VPC, taken over by Terraform; AWS chooses its addresses."""

    vpc_id: Annotated[str, From(tf=None)]
    cidr_block: Annotated[str, From(tf=None)]
    map_public_ip_on_launch: bool = True


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
        """Whether it is `service`, as `s3` in `com.amazonaws.eu-west-1.s3`, or `sagemaker.api`, with FIPS or not."""
        return f".{self._end}".removesuffix("-fips").endswith(f".{service}")


class VPCEndpoint(Resource, cfn="AWS::EC2::VPCEndpoint", tf="aws_vpc_endpoint"):
    """A VPC endpoint."""

    vpc_id: str
    service: Annotated[EndpointService, From(cfn="", tf="", live="")]
    vpc_endpoint_type: str = "Gateway"
    route_table_ids: Annotated[
        tuple[str, ...],
        Part("aws_vpc_endpoint_route_table_association", by="vpc_endpoint_id", take="route_table_id"),
    ] = ()
    subnet_ids: Annotated[
        tuple[str, ...],
        Part("aws_vpc_endpoint_subnet_association", by="vpc_endpoint_id", take="subnet_id"),
    ] = ()
    private_dns_enabled: bool = False
    policy: Annotated[
        Policy | None,
        From(cfn="PolicyDocument", live="PolicyDocument"),
        Part("aws_vpc_endpoint_policy", by="vpc_endpoint_id", take="policy"),
    ] = None


class VPCEndpointService(Resource, cfn="AWS::EC2::VPCEndpointService", tf="aws_vpc_endpoint_service"):
    """A service that others' VPC endpoints can lead to, and who may make one."""

    acceptance_required: bool
    allowed_principals: Annotated[
        tuple[str, ...],
        From(cfn=NOWHERE),
        Part("AWS::EC2::VPCEndpointServicePermissions", by="ServiceId", take="AllowedPrincipals"),
        Part("aws_vpc_endpoint_service_allowed_principal", by="vpc_endpoint_service_id", take="principal_arn"),
    ] = ()


class PrefixListEntry(Struct):
    """An address block of a prefix list."""

    cidr: str


class PrefixList(Resource, cfn="AWS::EC2::PrefixList", tf="aws_ec2_managed_prefix_list"):
    """Address blocks under one name."""

    entries: Annotated[tuple[PrefixListEntry, ...], From(tf="entry")] = ()


class FlowLog(Resource, cfn="AWS::EC2::FlowLog", tf="aws_flow_log"):
    """A flow log of a VPC, subnet or network interface."""

    resource_id: Annotated[str, From(tf="vpc_id")]
    resource_type: Annotated[str, From(tf=None, live=None)]
    traffic_type: Literal["ACCEPT", "REJECT", "ALL"]
    deliver_logs_status: Annotated[str, From(cfn=NOWHERE, tf=NOWHERE)] = "SUCCESS"


_ALL_PORTS = 65_536 - 1_024

# In Terraform, the names within a security group, and those of rules that are resources of their own.
_PROTOCOL = From(tf=("protocol", "ip_protocol"))
_CIDR_IP = From(tf=("cidr_blocks", "cidr_ipv4"))
_CIDR_IPV6 = From(tf=("ipv6_cidr_blocks", "cidr_ipv6"))


class Ingress(Struct):
    """One rule of what a security group lets in; live, a rule for each protocol and port range of a source."""

    ip_protocol: Annotated[str, _PROTOCOL]
    from_port: int | None = None
    to_port: int | None = None
    cidr_ip: Annotated[tuple[str, ...], _CIDR_IP] = ()
    cidr_ipv6: Annotated[tuple[str, ...], _CIDR_IPV6] = ()
    source_prefix_list_ids: Annotated[
        tuple[str, ...],
        # Live, a rule has what is in the list itself.
        From(cfn="SourcePrefixListId", tf=("prefix_list_ids", "prefix_list_id"), live=NOWHERE),
    ] = ()
    source_security_group_ids: Annotated[
        tuple[str, ...],
        From(
            cfn="SourceSecurityGroupId",
            tf=("security_groups", "source_security_group_id", "referenced_security_group_id"),
            live="SourceSecurityGroupId",
        ),
    ] = ()
    description: str | None = None

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
        for name in self.source_prefix_list_ids:
            raise Undecided(f"what the prefix list {name} holds is not known")
        return None

    def _sources(self, field: str) -> Iterator[str]:
        yield from those(getattr(self, field), network.is_anyone)


class Egress(Struct):
    """One rule of what a security group lets out; live, a rule for each protocol and port range of a destination."""

    ip_protocol: Annotated[str, _PROTOCOL]
    from_port: int | None = None
    to_port: int | None = None
    cidr_ip: Annotated[tuple[str, ...], _CIDR_IP] = ()
    cidr_ipv6: Annotated[tuple[str, ...], _CIDR_IPV6] = ()
    description: str | None = None

    @property
    def is_everything(self) -> bool:
        """Whether it lets everything out to anyone, or all of TCP but privileged ports."""
        return every(
            lambda: len(network.ports(self.ip_protocol, self.from_port, self.to_port)) >= _ALL_PORTS,
            lambda: some(in_turn(self.cidr_ip, self.cidr_ipv6), network.is_anyone),
        )


class SecurityGroup(Resource, cfn="AWS::EC2::SecurityGroup", tf="aws_security_group"):
    """A security group; one that a template declares without egress rules lets everything out."""

    group_name: Annotated[str | None, From(tf="name")] = None
    description: Annotated[str | None, From(cfn="GroupDescription", tf_default="Managed by Terraform")] = None
    vpc_id: str | None = None
    tags: Tags = Tags({})
    # None: the rule for everything that AWS makes is there; rules that are resources of their own don't replace it.
    # Terraform's provider removes that rule.
    inline_egress: Annotated[
        tuple[Egress, ...] | None,
        From(cfn="SecurityGroupEgress", tf="egress", live="SecurityGroupEgress", tf_default=()),
    ] = None
    egress: Annotated[
        tuple[Egress, ...],
        From(cfn="SecurityGroupEgress", live="SecurityGroupEgress"),
        Part("AWS::EC2::SecurityGroupEgress", by="GroupId"),
        Part("aws_vpc_security_group_egress_rule", by="security_group_id"),
        Part("aws_security_group_rule", by="security_group_id", only=("type", "egress")),
    ] = ()
    ingress: Annotated[
        tuple[Ingress, ...],
        From(cfn="SecurityGroupIngress", live="SecurityGroupIngress"),
        Part("AWS::EC2::SecurityGroupIngress", by="GroupId"),
        Part("AWS::EC2::SecurityGroupIngress", by="GroupName"),
        Part("aws_vpc_security_group_ingress_rule", by="security_group_id"),
        Part("aws_security_group_rule", by="security_group_id", only=("type", "ingress")),
    ] = ()

    @property
    def lets_everything_out(self) -> bool:
        """Whether all egress is open, be it by the rule that AWS makes where none is given."""
        inline = self.inline_egress
        return not every(
            lambda: inline is not None and not some(inline, lambda rule: rule.is_everything),
            lambda: not some(self.egress, lambda rule: rule.is_everything),
        )


class DefaultSecurityGroup(SecurityGroup, tf="aws_default_security_group"):
    """A VPC's default security group, taken over by Terraform: it has the rules that are declared, and no others."""

    group_name: Annotated[str | None, From(tf=NOWHERE)] = "default"
    description: Annotated[str | None, From(tf=NOWHERE)] = "default VPC security group"


class NetworkInterface(Resource, cfn="AWS::EC2::NetworkInterface", tf="aws_network_interface"):
    """A network interface; an instance declares those that it starts with itself."""

    subnet_id: str
    group_set: Annotated[tuple[str, ...], From(tf="security_groups")] = ()
    source_dest_check: bool = True
    vpc_id: Annotated[str, From(cfn=None, tf=None)]
    interface_type: str = "interface"
    requester_managed: Annotated[bool, From(cfn=NOWHERE, tf=NOWHERE)] = False


class GroupAttachment(Resource, tf="aws_network_interface_sg_attachment"):
    """A security group that Terraform adds to a network interface, or to the first one of an instance."""

    security_group_id: str
    network_interface_id: str


class VPCPeeringConnection(Resource, cfn="AWS::EC2::VPCPeeringConnection", tf="aws_vpc_peering_connection"):
    """A connection of two VPCs; live, with the address blocks that can be reached through it."""

    vpc_id: Annotated[str, From(live="RequesterVpcInfo.VpcId")]
    peer_vpc_id: Annotated[str, From(live="AccepterVpcInfo.VpcId")]
    cidr_block: Annotated[str | None, From(cfn=None, tf=None, live="RequesterVpcInfo.CidrBlock")] = None
    peer_cidr_block: Annotated[str | None, From(cfn=None, tf=None, live="AccepterVpcInfo.CidrBlock")] = None


class TransitGateway(Resource, cfn="AWS::EC2::TransitGateway", tf="aws_ec2_transit_gateway"):
    """A transit gateway of the account's own."""

    auto_accept_shared_attachments: Annotated[str, From(live="Options.AutoAcceptSharedAttachments")] = "disable"


class VpnTunnel(Struct):
    """One of the two tunnels of a VPN connection."""

    log_enabled: Annotated[
        bool,
        From(cfn="LogOptions.CloudwatchLogOptions.LogEnabled", live="LogOptions.CloudWatchLogOptions.LogEnabled"),
    ] = False


class TunnelTelemetry(Struct):
    """How a tunnel is: `UP` or `DOWN`."""

    outside_ip_address: str | None = None
    status: str


class VPNConnection(Resource, cfn="AWS::EC2::VPNConnection", tf="aws_vpn_connection"):
    """A site-to-site VPN connection; Terraform, which has a block for each tunnel, tells nothing of them here yet."""

    tunnels: Annotated[
        tuple[VpnTunnel, ...],
        From(cfn="VpnTunnelOptionsSpecifications", tf=None, live="Options.TunnelOptions"),
    ] = ()
    telemetry: Annotated[tuple[TunnelTelemetry, ...], From(cfn=None, tf=None, live="VgwTelemetry")] = ()


class ClientVpnEndpoint(Resource, cfn="AWS::EC2::ClientVpnEndpoint", tf="aws_ec2_client_vpn_endpoint"):
    """A Client VPN endpoint."""

    connection_log_enabled: Annotated[
        bool,
        From(
            cfn="ConnectionLogOptions.Enabled",
            tf="connection_log_options.enabled",
            live="ConnectionLogOptions.Enabled",
        ),
    ] = False
