"""Databases of RDS that the internet can reach."""

from auditor import CRITICAL, HIGH, Findings, Inventory, Undecided, check
from auditor.members import known_first, those
from auditor.resources.rds import DBCluster, DBInstance, DBSubnetGroup
from auditor.resources.vpc import VPC, InternetGateway, RouteTable, Subnet

_ROUTED = """
        Resources:
          Gateway: {Type: AWS::EC2::InternetGateway}
          Table: {Type: AWS::EC2::RouteTable, Properties: {VpcId: vpc-1}}
          Default:
            Type: AWS::EC2::Route
            Properties: {RouteTableId: !Ref Table, DestinationCidrBlock: 0.0.0.0/0, %s}
          One: {Type: AWS::EC2::Subnet, Properties: {VpcId: vpc-1, CidrBlock: 10.0.0.0/24}}
          OneTable:
            Type: AWS::EC2::SubnetRouteTableAssociation
            Properties: {SubnetId: !Ref One, RouteTableId: !Ref Table}
          Group: {Type: AWS::RDS::DBSubnetGroup, Properties: {SubnetIds: [!Ref One]}}
          Features: {Type: %s, Properties: {DBSubnetGroupName: !Ref Group, Engine: postgres}}
        """
_PUBLIC, _NAT = "GatewayId: !Ref Gateway", "NatGatewayId: nat-1"


@check(
    "rds-public-access",
    title="Databases are not publicly accessible",
    severity=CRITICAL,
    uses=(DBSubnetGroup, VPC, Subnet, RouteTable, InternetGateway),
    fixable="ends the connections that come from outside of the VPC",
    bad=(
        "AWS::RDS::DBInstance: {PubliclyAccessible: true}",
        "AWS::RDS::DBCluster: {PubliclyAccessible: true, Engine: postgres}",
        _ROUTED % (_PUBLIC, "AWS::RDS::DBInstance"),
    ),
    good=(
        "AWS::RDS::DBInstance: {PubliclyAccessible: false}",
        "AWS::RDS::DBCluster: {PubliclyAccessible: false, Engine: mysql}",
    ),
)
def public_access(database: DBInstance | DBCluster, inventory: Inventory) -> Findings:
    """A public address puts a security group alone between the whole internet and the database's login.

    Fix: set PubliclyAccessible to false, and reach the database from within the VPC, through a VPN or Session Manager.
    """
    public = database.publicly_accessible
    if public:
        yield database.fail("is publicly accessible", at="publicly_accessible", expected="false")
    elif public is None:
        if isinstance(database, DBCluster) and (database.engine or "").startswith("aurora"):
            raise Undecided("an Aurora cluster's instances have the addresses", elsewhere=True)
        for subnet in _public_subnets(database, inventory):
            why = f"is publicly accessible, as that is not switched off and its subnet {subnet.title} is public"
            yield database.fail(why, at="publicly_accessible", expected="false")
            return
        raise Undecided("PubliclyAccessible is not set, so it depends on whether its VPC has an internet gateway")


def _public_subnets(database: DBInstance | DBCluster, inventory: Inventory) -> tuple[Subnet, ...]:
    group = inventory.get(DBSubnetGroup, database.db_subnet_group_name, near=database)
    if group is None:
        raise Undecided("its subnet group is not known")
    subnets = known_first(group.subnet_ids, lambda one: inventory.get(Subnet, one))
    return those(subnets, lambda subnet: subnet.is_public(inventory))


@check(
    "rds-public-subnet",
    title="Databases are not in subnets with a route to an internet gateway",
    severity=HIGH,
    uses=(DBSubnetGroup, VPC, Subnet, RouteTable, InternetGateway),
    bad=(_ROUTED % (_PUBLIC, "AWS::RDS::DBInstance"), _ROUTED % (_PUBLIC, "AWS::RDS::DBCluster")),
    good=(_ROUTED % (_NAT, "AWS::RDS::DBInstance"), _ROUTED % (_NAT, "AWS::RDS::DBCluster")),
)
def public_subnet(database: DBInstance | DBCluster, inventory: Inventory) -> Findings:
    """In a public subnet one switch, PubliclyAccessible, is all that keeps the database from the internet.

    Fix: make a subnet group of subnets whose route tables have no route to an internet gateway, and move the database
    to it (ModifyDBInstance for an instance; a cluster by restoring a snapshot).
    """
    if isinstance(database, DBInstance) and database.db_cluster_identifier:
        raise Undecided("its cluster has the subnets", elsewhere=True)
    for subnet in _public_subnets(database, inventory):
        yield database.fail(f"is in the public subnet {subnet.title}", at="db_subnet_group_name")
