"""Tiers of subnets: what is public, private and isolated, and whether it is so."""

from collections.abc import Iterable

from auditor import HIGH, LOW, MEDIUM, Findings, Inventory, Undecided, check
from auditor.config import Config
from auditor.hops import EVERYONE, acl_of, lets_through
from auditor.members import every, known_first, place, some, sure, those
from auditor.reachability import internet_exit
from auditor.resources.vpc import VPC, InternetGateway, NetworkAcl, NetworkInterface, RouteTable, Subnet

_PRIVATE = ("private", "isolated", "internal", "intra")


def _named(resource: Subnet | RouteTable, words: Iterable[str]) -> bool:
    """Whether its name says so: the Name tag, or what the template calls it."""
    name = resource.title.lower()
    if not any(word in name for word in (*_PRIVATE, "public")):
        name = (resource.tags.get("Name") or "").lower()
    return "public" not in name and any(word in name for word in words)


_SUBNETS = """
        Resources:
          Net: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16}}
          Gateway: {Type: AWS::EC2::InternetGateway}
          Table: {Type: AWS::EC2::RouteTable, Properties: {VpcId: !Ref Net}}
          Default:
            Type: AWS::EC2::Route
            Properties: {RouteTableId: !Ref Table, DestinationCidrBlock: 0.0.0.0/0, GatewayId: !Ref Gateway}
          Inner: {Type: AWS::EC2::RouteTable, Properties: {VpcId: !Ref Net}}
          One: {Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref Net, CidrBlock: 10.0.0.0/24}}
          OneTable:
            Type: AWS::EC2::SubnetRouteTableAssociation
            Properties: {SubnetId: !Ref One, RouteTableId: !Ref Table}
          Two: {Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref Net, CidrBlock: 10.0.1.0/24}}
          TwoTable:
            Type: AWS::EC2::SubnetRouteTableAssociation
            Properties: {SubnetId: !Ref Two, RouteTableId: !Ref %s}
"""


@check(
    "vpc-subnet-public-ip-auto-assign",
    title="Subnets do not assign public IP addresses automatically",
    severity=MEDIUM,
    bad="AWS::EC2::Subnet: {VpcId: vpc-1, MapPublicIpOnLaunch: true}",
    good=("AWS::EC2::Subnet: {VpcId: vpc-1}", "AWS::EC2::Subnet: {VpcId: vpc-1, MapPublicIpOnLaunch: false}"),
)
def subnet_public_ip_auto_assign(subnet: Subnet) -> Findings:
    """Whatever is started in such a subnet is on the internet, whether or not anyone thought of it.

    Fix: set MapPublicIpOnLaunch to false; load balancers and NAT gateways get their addresses without it, and what
    needs one otherwise can ask for it itself.
    """
    if subnet.map_public_ip_on_launch:
        at = "map_public_ip_on_launch"
        yield subnet.fail("gives a public IP address to whatever is started in it", at=at, expected="false")


@check(
    "vpc-subnet-tiers-missing",
    title="VPCs separate public and private subnets",
    severity=MEDIUM,
    uses=(Subnet, RouteTable, InternetGateway),
    bad=_SUBNETS % "Table",
    good=_SUBNETS % "Inner",
)
def subnet_tiers_missing(vpc: VPC, inventory: Inventory) -> Findings:
    """Where all subnets are public, databases and training stand in the same row as load balancers.

    Fix: add subnets whose route table has no route to the internet gateway (a NAT gateway and endpoints serve their
    way out), and move everything but load balancers, bastions and NAT gateways there.
    """
    subnets = those(inventory.referring(Subnet, lambda one: one.vpc_id, vpc), lambda one: not one.is_known_empty)
    if subnets and not some(subnets, lambda subnet: not subnet.is_public(inventory)):
        yield vpc.fail("has public subnets only")


_ISOLATED = """
        Resources:
          Net: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16}}
          Table: {Type: AWS::EC2::RouteTable, Properties: {VpcId: !Ref Net}}
          Out:
            Type: AWS::EC2::Route
            Properties: {RouteTableId: !Ref Table, DestinationCidrBlock: %s}
          %s:
            Type: AWS::EC2::Subnet
            Properties: {VpcId: !Ref Net, CidrBlock: 10.0.0.0/24, Tags: [%s]}
          ItsTable:
            Type: AWS::EC2::SubnetRouteTableAssociation
            Properties: {SubnetId: !Ref %s, RouteTableId: !Ref Table}
        """
_TAGGED = "{Key: classification, Value: restricted}"


def _isolated(destination: str, tags: str = "", name: str = "IsolatedOne") -> str:
    return _ISOLATED % (destination, name, tags, name)


@check(
    "vpc-isolated-subnet-missing",
    title="Sensitive workloads run in isolated subnets without a route to the internet",
    severity=MEDIUM,
    uses=(VPC, RouteTable, InternetGateway),
    bad=(_isolated("0.0.0.0/0, NatGatewayId: nat-1"), _isolated("0.0.0.0/0, GatewayId: igw-1", _TAGGED, "Data")),
    good=(
        _isolated("10.1.0.0/16, VpcPeeringConnectionId: pcx-1"),
        _isolated("10.1.0.0/16, VpcPeeringConnectionId: pcx-1", _TAGGED, "Data"),
    ),
)
def isolated_subnet_missing(subnet: Subnet, inventory: Inventory, config: Config) -> Findings:
    """Data that must not leave should have no way to leave: a subnet for it needs no route to the internet at all.

    Subnets count whose name says isolated, or that one of the tags marks that the configuration names sensitive.

    Fix: give the subnet a route table without a default route, and VPC endpoints for the AWS services that it needs.
    """
    if not (_named(subnet, ("isolated",)) or subnet.tags.marked_by(config.sensitive_tags)):
        raise Undecided("nothing says that it is for sensitive work", elsewhere=True)
    way = internet_exit(subnet, inventory)
    if way:
        yield subnet.fail(
            f"is for isolated or sensitive work, and reaches the internet through the {way.kind} {way.title}"
        )


_OWN_ACL = (
    _isolated("10.1.0.0/16, VpcPeeringConnectionId: pcx-1").rstrip()
    + """
          Acl: {Type: AWS::EC2::NetworkAcl, Properties: {VpcId: !Ref Net}}
          In:
            Type: AWS::EC2::NetworkAclEntry
            Properties: {NetworkAclId: !Ref Acl, RuleNumber: 1, Protocol: -1, RuleAction: allow, CidrBlock: %s}
          Back:
            Type: AWS::EC2::NetworkAclEntry
            Properties:
              {NetworkAclId: !Ref Acl, RuleNumber: 1, Protocol: -1, RuleAction: allow, CidrBlock: %s, Egress: true}
          Use:
            Type: AWS::EC2::SubnetNetworkAclAssociation
            Properties: {SubnetId: !Ref IsolatedOne, NetworkAclId: !Ref Acl}
"""
)


@check(
    "vpc-isolated-subnet-default-nacl",
    title="Isolated subnets have a restrictive network ACL of their own",
    severity=LOW,
    uses=(NetworkAcl, VPC, RouteTable, InternetGateway),
    bad=_OWN_ACL % ("0.0.0.0/0", "0.0.0.0/0"),
    good=(_OWN_ACL % ("10.0.0.0/8", "10.0.0.0/8"), _OWN_ACL % ("0.0.0.0/0", "10.0.0.0/8")),
)
def isolated_subnet_default_nacl(subnet: Subnet, inventory: Inventory) -> Findings:
    """The default network ACL lets everything through, so that one changed route or security group ends the isolation.

    Subnets count whose name says isolated, or that have no route to the internet.

    Fix: give the subnet a network ACL that allows only the VPC's own address blocks, in and out.
    """
    if every(lambda: not _named(subnet, ("isolated",)), lambda: internet_exit(subnet, inventory) is not None):
        raise Undecided("it is not isolated", elsewhere=True)
    acl = acl_of(subnet, inventory)
    if acl is None and subnet.parts_elsewhere:
        raise Undecided(f"no network ACL is associated with it in this {subnet.parts_elsewhere}")
    if acl is None or acl.is_default:
        yield subnet.fail("is isolated, and has the VPC's default network ACL")
    elif lets_through(acl, 443, EVERYONE[4]) or lets_through(acl, 443, EVERYONE[6]):
        yield subnet.fail(f"is isolated, and its network ACL {acl.title} lets the internet in")


_PRIVATE_TABLE = """
        Resources:
          Gateway: {Type: AWS::EC2::InternetGateway}
          %s: {Type: AWS::EC2::RouteTable, Properties: {VpcId: vpc-1}}
          Default:
            Type: AWS::EC2::Route
            Properties: {RouteTableId: !Ref %s, %s}
          %s: {Type: AWS::EC2::Subnet, Properties: {VpcId: vpc-1, CidrBlock: 10.0.0.0/24}}
          ItsTable:
            Type: AWS::EC2::SubnetRouteTableAssociation
            Properties: {SubnetId: !Ref %s, RouteTableId: !Ref %s}
        """


def _private(route: str, table: str = "PrivateTable", subnet: str = "One") -> str:
    return _PRIVATE_TABLE % (table, table, route, subnet, subnet, table)


@check(
    "vpc-private-route-internet-gateway",
    title="Route tables of private subnets send no default route to an internet gateway",
    severity=HIGH,
    uses=(VPC, Subnet, InternetGateway),
    bad=(
        _private("DestinationCidrBlock: 0.0.0.0/0, GatewayId: !Ref Gateway"),
        _private("DestinationIpv6CidrBlock: '::/0', GatewayId: !Ref Gateway", "Table", "PrivateOne"),
    ),
    good=(
        _private("DestinationCidrBlock: 0.0.0.0/0, NatGatewayId: nat-1"),
        _private("DestinationCidrBlock: 0.0.0.0/0, GatewayId: !Ref Gateway", "Table", "PublicOne"),
    ),
)
def private_route_internet_gateway(table: RouteTable, inventory: Inventory) -> Findings:
    """A subnet that is called private and routed as a public one gets things that rely on not being reachable.

    Fix: point the default route at a NAT gateway, or for IPv6 at an egress-only internet gateway.
    """
    for route in those(table.routes, lambda route: route.reaches_internet(inventory)):
        for name in _private_names(table, inventory):
            what = f"sends what {name} has for the internet to an internet gateway"
            yield table.fail(what, at=place(route, "gateway_id"))
            break


def _private_names(table: RouteTable, inventory: Inventory) -> tuple[str, ...]:
    """What of a route table and its subnets is called private."""
    subnets = known_first(
        table.subnets(inventory),
        lambda subnet: f"the private subnet {subnet.title}" if _named(subnet, _PRIVATE) else None,
    )
    return ("it, by its name private,",) if _named(table, _PRIVATE) else subnets


@check(
    "vpc-default-vpc-in-use",
    title="Workloads do not run in the default VPC",
    severity=MEDIUM,
    uses=(NetworkInterface,),
    inputs=("live",),  # what runs in a VPC has its network interfaces, which hardly any template declares
)
def default_vpc_in_use(vpc: VPC, inventory: Inventory) -> Findings:
    """Every subnet of the default VPC is public, and all that nobody gave a network ends up in it together.

    Fix: make a VPC with public and private subnets, move what runs here to it, then delete the default VPC.
    """
    if not vpc.is_default:
        raise Undecided("it is not the default VPC", elsewhere=True)
    used = inventory.referring(NetworkInterface, lambda one: one.vpc_id, vpc)
    for _ in used:
        count = len(sure(used, lambda _: True))
        users = "1 network interface uses" if count == 1 else f"{count} network interfaces use"
        yield vpc.fail(f"is the default VPC, and {users} it")
        return
