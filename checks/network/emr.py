"""Where EMR's nodes are."""

from auditor import HIGH, Findings, Inventory, Undecided, check
from auditor.members import in_turn, known_first, those
from auditor.resources.emr import Cluster
from auditor.resources.vpc import VPC, InternetGateway, RouteTable, Subnet

_CLUSTER = """
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
          Jobs: {Type: AWS::EMR::Cluster, Properties: {Instances: {%s}}}
        """


@check(
    "emr-master-public-ip",
    title="EMR cluster nodes are in private subnets",
    severity=HIGH,
    uses=(VPC, Subnet, RouteTable, InternetGateway),
    bad=(
        _CLUSTER % ("GatewayId: !Ref Gateway", "Ec2SubnetId: !Ref One"),
        _CLUSTER % ("GatewayId: !Ref Gateway", "Ec2SubnetIds: [subnet-1, !Ref One]"),
    ),
    good=_CLUSTER % ("NatGatewayId: nat-1", "Ec2SubnetId: !Ref One"),
)
def master_public_ip(cluster: Cluster, inventory: Inventory) -> Findings:
    """In a public subnet one wrong rule puts a cluster's nodes, web interfaces and data on the internet.

    Fix: start the cluster in a private subnet, with a gateway endpoint for S3 and a NAT gateway for the rest.
    """
    references = in_turn((cluster.subnet_id,) if cluster.subnet_id else (), cluster.subnet_ids)
    subnets = known_first(references, lambda reference: inventory.get(Subnet, reference))
    for subnet in those(subnets, lambda subnet: subnet.is_public(inventory)):
        at = "subnet_id" if cluster.subnet_id else "subnet_ids"
        yield cluster.fail(f"has its nodes in the public subnet {subnet.title}", at=at)
    if not references:
        raise Undecided("it names no subnet, and what the default VPC's are like is not known")
