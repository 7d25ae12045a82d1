"""Collectors for VPC: networks, routes, gateways, endpoints, security groups, flow logs, addresses."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from auditor.raw import Raw
from auditor.sources.account.collector import Api, collector
from auditor.sources.account.services.ec2 import arn, title
from auditor.values import ABSENT, Unknown


def _one(api: Api, type: str, kind: str, resource: Mapping[str, Any], key: str) -> Raw:
    name = resource[key]
    return api.raw(type, arn(api, kind, name), resource, names=(name,), title=title(resource, name))


@collector("ec2", types=("AWS::EC2::VPC",), operations=("DescribeVpcs",))
def vpcs(api: Api) -> Iterator[Raw]:
    """Every VPC."""
    for vpc in api.pages("DescribeVpcs", "Vpcs"):
        yield _one(api, "AWS::EC2::VPC", "vpc", vpc, "VpcId")


@collector(
    "ec2", types=("AWS::EC2::Subnet", "AWS::EC2::RouteTable"), operations=("DescribeSubnets", "DescribeRouteTables")
)
def subnets(api: Api) -> Iterator[Raw]:
    """Every subnet with the id of its route table, and every route table without routes whose target is gone."""
    tables = api.ask_all("DescribeRouteTables", "RouteTables", types=("AWS::EC2::RouteTable",))
    own: dict[str, str] = {}
    main: dict[str, str] = {}
    for table in () if isinstance(tables, Unknown) else tables:
        for association in table.get("Associations", ()):
            if association.get("AssociationState", {}).get("State", "associated") != "associated":
                continue
            if association.get("Main"):
                main[table["VpcId"]] = table["RouteTableId"]
            elif "SubnetId" in association:
                own[association["SubnetId"]] = table["RouteTableId"]
        routes = [route for route in table.get("Routes", ()) if route.get("State") != "blackhole"]
        yield _one(api, "AWS::EC2::RouteTable", "route-table", {**table, "Routes": routes}, "RouteTableId")
    for subnet in api.pages("DescribeSubnets", "Subnets"):
        table = own.get(subnet["SubnetId"], main.get(subnet["VpcId"], ABSENT))
        if isinstance(tables, Unknown):
            table = tables
        yield _one(api, "AWS::EC2::Subnet", "subnet", {**subnet, "RouteTableId": table}, "SubnetId")


@collector("ec2", types=("AWS::EC2::InternetGateway",), operations=("DescribeInternetGateways",))
def internet_gateways(api: Api) -> Iterator[Raw]:
    """Every internet gateway."""
    for gateway in api.pages("DescribeInternetGateways", "InternetGateways"):
        yield _one(api, "AWS::EC2::InternetGateway", "internet-gateway", gateway, "InternetGatewayId")


@collector("ec2", types=("AWS::EC2::NatGateway",), operations=("DescribeNatGateways",))
def nat_gateways(api: Api) -> Iterator[Raw]:
    """Every NAT gateway that is not deleted."""
    for gateway in api.pages("DescribeNatGateways", "NatGateways"):
        if gateway.get("State") not in ("deleting", "deleted"):
            yield _one(api, "AWS::EC2::NatGateway", "natgateway", gateway, "NatGatewayId")


@collector("ec2", types=("AWS::EC2::VPCEndpoint",), operations=("DescribeVpcEndpoints",))
def endpoints(api: Api) -> Iterator[Raw]:
    """Every VPC endpoint that is not deleted, rejected or failed."""
    for endpoint in api.pages("DescribeVpcEndpoints", "VpcEndpoints"):
        if endpoint.get("State", "available").lower() in ("available", "pending", "pendingacceptance", "partial"):
            yield _one(api, "AWS::EC2::VPCEndpoint", "vpc-endpoint", endpoint, "VpcEndpointId")


@collector("ec2", types=("AWS::EC2::NetworkAcl",), operations=("DescribeNetworkAcls",))
def network_acls(api: Api) -> Iterator[Raw]:
    """Every network ACL."""
    for acl in api.pages("DescribeNetworkAcls", "NetworkAcls"):
        yield _one(api, "AWS::EC2::NetworkAcl", "network-acl", acl, "NetworkAclId")


@collector("ec2", types=("AWS::EC2::EIP",), operations=("DescribeAddresses",))
def addresses(api: Api) -> Iterator[Raw]:
    """Every Elastic IP address."""
    for address in api.pages("DescribeAddresses", "Addresses"):
        yield _one(api, "AWS::EC2::EIP", "elastic-ip", address, "AllocationId")


@collector("ec2", types=("AWS::EC2::FlowLog",), operations=("DescribeFlowLogs",))
def flow_logs(api: Api) -> Iterator[Raw]:
    """Every flow log."""
    for log in api.pages("DescribeFlowLogs", "FlowLogs"):
        yield _one(api, "AWS::EC2::FlowLog", "vpc-flow-log", log, "FlowLogId")


@collector(
    "ec2",
    types=("AWS::EC2::SecurityGroup",),
    operations=("DescribeSecurityGroups", "GetManagedPrefixListEntries"),
)
def security_groups(api: Api) -> Iterator[Raw]:
    """Every security group, with a rule for each source, and for a prefix list what is in it."""
    lists: dict[str, Any] = {}

    def blocks(prefix_list: str) -> Any:
        if prefix_list not in lists:
            lists[prefix_list] = api.ask_all("GetManagedPrefixListEntries", "Entries[].Cidr", PrefixListId=prefix_list)
        return lists[prefix_list]

    for group in api.pages("DescribeSecurityGroups", "SecurityGroups"):
        name = group["GroupId"]
        rules = [rule for permission in group.get("IpPermissions", ()) for rule in _rules(permission, blocks)]
        yield api.raw(
            "AWS::EC2::SecurityGroup",
            arn(api, "security-group", name),
            {**group, "SecurityGroupIngress": rules},
            names=(name,),
            title=f"{group['GroupName']} ({name})",
        )


def _rules(permission: Mapping[str, Any], blocks: Any) -> Iterator[dict[str, Any]]:
    """An IpPermission as CloudFormation's rules, each of one source."""
    common = {key: permission[key] for key in ("IpProtocol", "FromPort", "ToPort") if key in permission}
    for one in permission.get("IpRanges", ()):
        yield {**common, "CidrIp": one["CidrIp"]}
    for one in permission.get("Ipv6Ranges", ()):
        yield {**common, "CidrIpv6": one["CidrIpv6"]}
    for one in permission.get("UserIdGroupPairs", ()):
        yield {**common, "SourceSecurityGroupId": one.get("GroupId")}
    for one in permission.get("PrefixListIds", ()):
        name = one["PrefixListId"]
        yield {**common, "SourcePrefixListId": name, "CidrIp": blocks(name)}
