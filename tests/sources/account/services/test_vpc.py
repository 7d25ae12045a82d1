"""VPC: network ACLs, interfaces, endpoint services, security groups, and connections to elsewhere."""

from __future__ import annotations

import json

from auditor.inventory import Inventory
from auditor.resources.vpc import (
    VPC,
    ClientVpnEndpoint,
    ElasticIp,
    NatGateway,
    NetworkAcl,
    NetworkInterface,
    RouteTable,
    SecurityGroup,
    Subnet,
    TransitGateway,
    VPCEndpoint,
    VPCEndpointService,
    VPCPeeringConnection,
    VPNConnection,
)
from auditor.values import Unknown
from tests.sources.account.services.support import ACCOUNT, REGION, Behaviour, Case, one, scan

_ARN = f"arn:aws:ec2:{REGION}:{ACCOUNT}"
_VPN = {
    "VpnConnectionId": "vpn-1",
    "State": "available",
    "CustomerGatewayConfiguration": "<pre_shared_key>hunter2hunter2</pre_shared_key>",
    "Options": {
        "TunnelOptions": [
            {"PreSharedKey": "hunter2hunter2", "LogOptions": {"CloudWatchLogOptions": {"LogEnabled": True}}},
            {"PreSharedKey": "hunter2hunter2"},
        ]
    },
    "VgwTelemetry": [{"OutsideIpAddress": "203.0.113.1", "Status": "UP"}, {"Status": "DOWN"}],
}


class TestVpc(Behaviour):
    cases = (
        Case(
            "AWS::EC2::NetworkInterface",
            f"{_ARN}:network-interface/eni-1",
            "DescribeNetworkInterfaces",
            {
                "DescribeNetworkInterfaces": {
                    "NetworkInterfaces": [
                        {
                            "NetworkInterfaceId": "eni-1",
                            "VpcId": "vpc-1",
                            "SubnetId": "subnet-1",
                            "SourceDestCheck": False,
                            "InterfaceType": "nat_gateway",
                            "RequesterManaged": True,
                            "Groups": [{"GroupId": "sg-1", "GroupName": "a"}],
                            "TagSet": [{"Key": "Name", "Value": "nat"}],
                        }
                    ]
                }
            },
            {"GroupSet": ["sg-1"]},
            token="NextToken",
            needs=("NetworkInterfaceId", "GroupId", "Key", "Value"),
            title="nat (eni-1)",
        ),
        Case(
            "AWS::EC2::VPCEndpointService",
            f"{_ARN}:vpc-endpoint-service/vpce-svc-1",
            "DescribeVpcEndpointServiceConfigurations",
            {
                "DescribeVpcEndpointServiceConfigurations": {
                    "ServiceConfigurations": [
                        {"ServiceId": "vpce-svc-1", "ServiceState": "Available", "AcceptanceRequired": False}
                    ]
                },
                "DescribeVpcEndpointServicePermissions": {"AllowedPrincipals": [{"Principal": "*"}]},
            },
            {"AllowedPrincipals": ["*"]},
            token="NextToken",
            gone={"DescribeVpcEndpointServicePermissions": "InvalidVpcEndpointServiceId.NotFound"},
            needs=("ServiceId",),
        ),
        Case(
            "AWS::EC2::VPCPeeringConnection",
            f"{_ARN}:vpc-peering-connection/pcx-1",
            "DescribeVpcPeeringConnections",
            {
                "DescribeVpcPeeringConnections": {
                    "VpcPeeringConnections": [
                        {
                            "VpcPeeringConnectionId": "pcx-1",
                            "RequesterVpcInfo": {"VpcId": "vpc-1", "CidrBlock": "10.0.0.0/16"},
                            "AccepterVpcInfo": {"VpcId": "vpc-2", "CidrBlock": "10.1.0.0/16"},
                        }
                    ]
                }
            },
            {},
            token="NextToken",
            needs=("VpcPeeringConnectionId",),
        ),
        Case(
            "AWS::EC2::TransitGateway",
            f"{_ARN}:transit-gateway/tgw-1",
            "DescribeTransitGateways",
            {
                "DescribeTransitGateways": {
                    "TransitGateways": [
                        {
                            "TransitGatewayId": "tgw-1",
                            "OwnerId": ACCOUNT,
                            "State": "available",
                            "Options": {"AutoAcceptSharedAttachments": "enable"},
                        },
                        {"TransitGatewayId": "tgw-2", "OwnerId": "210987654321", "State": "available"},
                        {"TransitGatewayId": "tgw-3", "OwnerId": ACCOUNT, "State": "deleted"},
                    ]
                }
            },
            {"State": "available"},
            token="NextToken",
            needs=("TransitGatewayId",),
        ),
        Case(
            "AWS::EC2::VPNConnection",
            f"{_ARN}:vpn-connection/vpn-1",
            "DescribeVpnConnections",
            {"DescribeVpnConnections": {"VpnConnections": [_VPN]}},
            {"State": "available"},
            needs=("VpnConnectionId",),
        ),
        Case(
            "AWS::EC2::ClientVpnEndpoint",
            f"{_ARN}:client-vpn-endpoint/cvpn-1",
            "DescribeClientVpnEndpoints",
            {
                "DescribeClientVpnEndpoints": {
                    "ClientVpnEndpoints": [
                        {
                            "ClientVpnEndpointId": "cvpn-1",
                            "Status": {"Code": "available"},
                            "ConnectionLogOptions": {"Enabled": True},
                        }
                    ]
                }
            },
            {"ConnectionLogOptions": {"Enabled": True}},
            token="NextToken",
            needs=("ClientVpnEndpointId",),
        ),
    )

    def test_what_is_read(self, scripted) -> None:
        for case in self.cases:
            scripted(case.answers)
        found = scan(*(case.type for case in self.cases))
        inventory = Inventory(found)
        (interface,), (service,), (peering,) = (
            inventory.of(NetworkInterface),
            inventory.of(VPCEndpointService),
            inventory.of(VPCPeeringConnection),
        )
        assert (interface.vpc_id, interface.group_set, interface.source_dest_check) == ("vpc-1", ("sg-1",), False)
        assert (interface.interface_type, interface.requester_managed) == ("nat_gateway", True)
        assert (service.acceptance_required, service.allowed_principals) == (False, ("*",))
        assert (peering.vpc_id, peering.peer_vpc_id) == ("vpc-1", "vpc-2")
        assert (peering.cidr_block, peering.peer_cidr_block) == ("10.0.0.0/16", "10.1.0.0/16")
        (gateway,), (vpn,), (client,) = (
            inventory.of(TransitGateway),
            inventory.of(VPNConnection),
            inventory.of(ClientVpnEndpoint),
        )
        assert gateway.auto_accept_shared_attachments == "enable"
        assert [tunnel.log_enabled for tunnel in vpn.tunnels] == [True, False]
        assert [tunnel.status for tunnel in vpn.telemetry] == ["UP", "DOWN"]
        assert client.connection_log_enabled is True
        assert "hunter2" not in repr([raw.properties for raw in found.raws])


def test_who_may_connect_is_denied(moto, scripted):
    scripted({**TestVpc.cases[1].answers, "DescribeVpcEndpointServicePermissions": "UnauthorizedOperation"})
    found = scan("AWS::EC2::VPCEndpointService")
    raw = one(found, "AWS::EC2::VPCEndpointService")
    assert raw.properties["AllowedPrincipals"] == Unknown(found.gaps[0].reason)


def test_what_moto_has(aws):
    ec2 = aws("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.9.0.0/16")["Vpc"]["VpcId"]
    peer = ec2.create_vpc(CidrBlock="10.8.0.0/16")["Vpc"]["VpcId"]
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.9.1.0/24", AvailabilityZone="us-east-1a")["Subnet"]["SubnetId"]
    acl = ec2.create_network_acl(VpcId=vpc)["NetworkAcl"]["NetworkAclId"]
    ec2.create_network_acl_entry(
        NetworkAclId=acl,
        RuleNumber=100,
        Protocol="6",
        RuleAction="allow",
        Egress=False,
        CidrBlock="0.0.0.0/0",
        PortRange={"From": 22, "To": 22},
    )
    group = ec2.create_security_group(GroupName="g", Description="d", VpcId=vpc)["GroupId"]
    ec2.authorize_security_group_ingress(
        GroupId=group,
        IpPermissions=[
            {
                "IpProtocol": "tcp",
                "FromPort": 22,
                "ToPort": 22,
                "IpRanges": [{"CidrIp": "198.51.100.0/24", "Description": "office"}],
            }
        ],
    )
    ec2.create_network_interface(SubnetId=subnet, Groups=[group])
    address = ec2.allocate_address(Domain="vpc")["AllocationId"]
    gateway = ec2.create_nat_gateway(SubnetId=subnet, AllocationId=address)["NatGateway"]["NatGatewayId"]
    table = ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"]
    ec2.create_route(RouteTableId=table, DestinationCidrBlock="0.0.0.0/0", NatGatewayId=gateway)
    pending = ec2.create_vpc_peering_connection(VpcId=vpc, PeerVpcId=peer)["VpcPeeringConnection"]
    ec2.accept_vpc_peering_connection(VpcPeeringConnectionId=pending["VpcPeeringConnectionId"])
    policy = json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "*"}]})
    ec2.create_vpc_endpoint(
        VpcId=vpc, ServiceName="com.amazonaws.us-east-1.s3", RouteTableIds=[table], PolicyDocument=policy
    )
    ec2.create_transit_gateway(Options={"AutoAcceptSharedAttachments": "enable"})
    classes = (VPC, Subnet, RouteTable, NetworkAcl, SecurityGroup, NetworkInterface, ElasticIp, NatGateway)
    types = [cls.cfn for cls in (*classes, VPCPeeringConnection, VPCEndpoint, TransitGateway)]
    found = scan(*types)
    assert (found.gaps, found.notices) == ([], [])
    inventory = Inventory(found)
    assert {network.is_default for network in inventory.of(VPC)} == {True, False}
    placed = inventory.get(Subnet, subnet)
    assert placed is not None
    assert placed.availability_zone == "us-east-1a"
    rules = inventory.get(NetworkAcl, acl)
    assert rules is not None
    (entry,) = (entry for entry in rules.entries if entry.from_port == 22)
    assert (entry.egress, entry.protocol, entry.rule_action, entry.cidr_block) == (False, 6, "allow", "0.0.0.0/0")
    assert (rules.vpc_id, rules.is_default, rules.subnet_ids) == (vpc, False, ())
    assert any(subnet in other.subnet_ids for other in inventory.of(NetworkAcl) if other.is_default)
    sg = inventory.get(SecurityGroup, group)
    assert sg is not None
    assert (sg.group_name, sg.description, sg.vpc_id) == ("g", "d", vpc)
    assert [(rule.cidr_ip, rule.description) for rule in sg.ingress] == [(("198.51.100.0/24",), "office")]
    assert [(rule.cidr_ip, rule.ip_protocol) for rule in sg.egress] == [(("0.0.0.0/0",), "-1")]
    assert any(interface.group_set == (group,) for interface in inventory.of(NetworkInterface))
    nat = inventory.get(NatGateway, gateway)
    assert nat is not None
    assert (nat.subnet_id, nat.vpc_id) == (subnet, vpc)
    routes = inventory.get(RouteTable, table)
    assert routes is not None
    assert gateway in [route.nat_gateway_id for route in routes.routes]
    assert [one.vpc_id for one in inventory.of(VPCPeeringConnection)] == [vpc]
    (endpoint,) = inventory.of(VPCEndpoint)
    assert endpoint.policy is not None
    assert endpoint.subnet_ids == ()
    assert inventory.get(ElasticIp, address) is not None
    assert [one.auto_accept_shared_attachments for one in inventory.of(TransitGateway)] == ["enable"]


def test_egress_to_other_groups_and_prefix_lists(moto, scripted):
    permission = {
        "IpProtocol": "tcp",
        "FromPort": 443,
        "ToPort": 443,
        "UserIdGroupPairs": [{"GroupId": "sg-2", "Description": "api"}],
        "PrefixListIds": [{"PrefixListId": "pl-1"}],
    }
    group = {"GroupId": "sg-1", "GroupName": "a", "IpPermissions": [], "IpPermissionsEgress": [permission]}
    scripted(
        {
            "DescribeSecurityGroups": {"SecurityGroups": [group]},
            "GetManagedPrefixListEntries": {"Entries": [{"Cidr": "52.216.0.0/15"}]},
        }
    )
    found = scan("AWS::EC2::SecurityGroup")
    raw = one(found, "AWS::EC2::SecurityGroup")
    first, second = raw.properties["SecurityGroupEgress"]
    assert (first["DestinationSecurityGroupId"], first["Description"]) == ("sg-2", "api")
    assert (second["DestinationPrefixListId"], second["CidrIp"]) == ("pl-1", ["52.216.0.0/15"])
