"""Instances that the internet reaches."""

from auditor import HIGH, Findings, Inventory, Undecided, check
from auditor.members import flat, in_turn, known_first, place, those
from auditor.reachability import elastic_ips
from auditor.resources.base import Resource
from auditor.resources.ec2 import Instance, LaunchTemplate
from auditor.resources.vpc import VPC, ElasticIp, InternetGateway, NetworkInterface, RouteTable, Subnet


@check(
    "ec2-instance-public-ip",
    title="Instances have no public IP address",
    severity=HIGH,
    uses=(LaunchTemplate, Subnet, NetworkInterface, ElasticIp),
    bad=(
        """
        AWS::EC2::Instance:
          NetworkInterfaces: [{DeviceIndex: "0", AssociatePublicIpAddress: true, SubnetId: subnet-1}]
        """,
        """
        Resources:
          Public: {Type: AWS::EC2::Subnet, Properties: {VpcId: vpc-1, MapPublicIpOnLaunch: true}}
          Trainer: {Type: AWS::EC2::Instance, Properties: {SubnetId: !Ref Public}}
        """,
        """
        Resources:
          Private: {Type: AWS::EC2::Subnet, Properties: {VpcId: vpc-1}}
          Trainer: {Type: AWS::EC2::Instance, Properties: {SubnetId: !Ref Private}}
          Address: {Type: AWS::EC2::EIP, Properties: {InstanceId: !Ref Trainer}}
        """,
    ),
    good=(
        """
        AWS::EC2::Instance:
          NetworkInterfaces: [{DeviceIndex: "0", AssociatePublicIpAddress: false, SubnetId: subnet-1}]
        """,
        """
        Resources:
          Private: {Type: AWS::EC2::Subnet, Properties: {VpcId: vpc-1, MapPublicIpOnLaunch: false}}
          Trainer: {Type: AWS::EC2::Instance, Properties: {SubnetId: !Ref Private}}
        """,
    ),
)
def instance_public_ip(instance: Instance, inventory: Inventory) -> Findings:
    """Whatever has a public address is found and probed within minutes; then only a security group stands in between.

    Fix: set AssociatePublicIpAddress to false, use a private subnet, and come in through Session Manager or a bastion.
    """
    yield from in_turn(
        _asked_for(instance, inventory),
        _elastic(instance),
        _of_its_interfaces(instance, inventory),
        _from_subnet(instance, inventory),
    )


def _asked_for(instance: Instance, inventory: Inventory) -> Findings:
    interfaces = instance.interfaces(inventory)
    for interface in those(interfaces, lambda interface: interface.associate_public_ip_address is True):
        at = place(interface, "associate_public_ip_address")
        yield instance.fail("has a public IP address", at=at, expected="false")


def _elastic(instance: Instance) -> Findings:
    for _ in instance.elastic_ips:
        yield instance.fail("has an Elastic IP address, which is public", at="elastic_ips")


def _of_its_interfaces(instance: Instance, inventory: Inventory) -> Findings:
    """Elastic IP addresses of network interfaces; an account tells with the instance what addresses these have."""
    if instance.scope.closed:
        return
    asked = known_first(instance.interfaces(inventory), lambda one: one.network_interface_id)
    existing = in_turn(asked, instance.attached_interfaces)
    interfaces = known_first(existing, lambda name: inventory.get(NetworkInterface, name))
    holders: tuple[Resource, ...] = in_turn((instance,), interfaces)
    for address in flat(holders, lambda holder: elastic_ips(holder, inventory)):
        yield instance.fail(f"has the Elastic IP address {address.title}, which is public")


def _from_subnet(instance: Instance, inventory: Inventory) -> Findings:
    asked = instance.interfaces(inventory)
    if len(asked) > 1:  # then AWS assigns no address by itself
        return
    if any(one.associate_public_ip_address is not None or one.network_interface_id for one in asked):
        return
    for reference, interface in instance.subnets(inventory):
        if not reference:
            raise Undecided("it has no SubnetId, and what the default VPC's subnets assign is not known here")
        subnet = inventory.get(Subnet, reference)
        if subnet is None:
            raise Undecided(f"the subnet {reference} is not known")
        if subnet.map_public_ip_on_launch:
            at = place(instance if interface is None else interface, "subnet_id")
            yield instance.fail(f"gets a public IP address from its subnet {subnet.title}", at=at)


@check(
    "ec2-gpu-public-subnet",
    title="GPU and training instances are not in public subnets",
    severity=HIGH,
    uses=(LaunchTemplate, VPC, Subnet, RouteTable, InternetGateway),
    bad="""
        Resources:
          Gateway: {Type: AWS::EC2::InternetGateway}
          Table: {Type: AWS::EC2::RouteTable, Properties: {VpcId: vpc-1}}
          Default:
            Type: AWS::EC2::Route
            Properties: {RouteTableId: !Ref Table, DestinationCidrBlock: 0.0.0.0/0, GatewayId: !Ref Gateway}
          Public: {Type: AWS::EC2::Subnet, Properties: {VpcId: vpc-1, CidrBlock: 10.0.0.0/24}}
          PublicTable:
            Type: AWS::EC2::SubnetRouteTableAssociation
            Properties: {SubnetId: !Ref Public, RouteTableId: !Ref Table}
          Trainer: {Type: AWS::EC2::Instance, Properties: {InstanceType: p4d.24xlarge, SubnetId: !Ref Public}}
        """,
    good=(
        """
        Resources:
          Table: {Type: AWS::EC2::RouteTable, Properties: {VpcId: vpc-1}}
          Default:
            Type: AWS::EC2::Route
            Properties: {RouteTableId: !Ref Table, DestinationCidrBlock: 0.0.0.0/0, NatGatewayId: nat-1}
          Private: {Type: AWS::EC2::Subnet, Properties: {VpcId: vpc-1, CidrBlock: 10.0.0.0/24}}
          PrivateTable:
            Type: AWS::EC2::SubnetRouteTableAssociation
            Properties: {SubnetId: !Ref Private, RouteTableId: !Ref Table}
          Trainer: {Type: AWS::EC2::Instance, Properties: {InstanceType: p4d.24xlarge, SubnetId: !Ref Private}}
        """,
        "AWS::EC2::Instance: {InstanceType: t3.micro, SubnetId: subnet-1}",
    ),
)
def gpu_public_subnet(instance: Instance, inventory: Inventory) -> Findings:
    """Training machines hold data sets and models, and in a public subnet one wrong rule puts them on the internet.

    Fix: move the instance to a subnet whose route table has no route to an internet gateway; give it a NAT gateway or
    VPC endpoints for what it needs.
    """
    machine = instance.details(inventory)
    if machine is None or not (machine.has_gpu or machine.family.startswith(("trn", "dl"))):
        return
    for reference, interface in instance.subnets(inventory):
        subnet = inventory.get(Subnet, reference)
        if subnet is None:
            raise Undecided("it has no SubnetId, and the default VPC's subnets are not known here")
        if subnet.is_public(inventory):
            at = place(instance if interface is None else interface, "subnet_id")
            yield instance.fail(f"is a {machine.name} in the public subnet {subnet.title}", at=at)
