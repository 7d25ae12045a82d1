"""Collectors for VPC: networks, routes, gateways, endpoints, security groups, flow logs, addresses, connections."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from auditor.raw import Raw
from auditor.sources.account.collector import Api, collector
from auditor.sources.account.services.ec2 import arn, group_ids, title
from auditor.values import ABSENT, Unknown

_DELETED = ("deleting", "deleted", "Deleting", "Deleted")


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
        if gateway.get("State") not in _DELETED:
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
        subnets = [one["SubnetId"] for one in acl.get("Associations", ()) if "SubnetId" in one]
        yield _one(api, "AWS::EC2::NetworkAcl", "network-acl", {**acl, "SubnetIds": subnets}, "NetworkAclId")


@collector("ec2", types=("AWS::EC2::NetworkInterface",), operations=("DescribeNetworkInterfaces",))
def network_interfaces(api: Api) -> Iterator[Raw]:
    """Every network interface, those of AWS's services among them."""
    for interface in api.pages("DescribeNetworkInterfaces", "NetworkInterfaces"):
        name = interface["NetworkInterfaceId"]
        properties = {**interface, "GroupSet": group_ids(interface.get("Groups"))}
        tagged = {"Tags": interface.get("TagSet", ())}
        yield api.raw(
            "AWS::EC2::NetworkInterface",
            arn(api, "network-interface", name),
            properties,
            names=(name,),
            title=title(tagged, name),
        )


@collector(
    "ec2",
    types=("AWS::EC2::VPCEndpointService",),
    operations=("DescribeVpcEndpointServiceConfigurations",),
    details={"DescribeVpcEndpointServicePermissions": ("AllowedPrincipals",)},
)
def endpoint_services(api: Api) -> Iterator[Raw]:
    """Every endpoint service of the account's own, with who may connect to it."""

    def permitted(service: Mapping[str, Any]) -> Mapping[str, Any]:
        principals = api.ask_all(
            "DescribeVpcEndpointServicePermissions",
            "AllowedPrincipals[].Principal",
            gone=("InvalidVpcEndpointServiceId.NotFound",),
            ServiceId=service["ServiceId"],
        )
        return {**service, "AllowedPrincipals": principals}

    services = api.pages("DescribeVpcEndpointServiceConfigurations", "ServiceConfigurations")
    for service in api.each(permitted, (one for one in services if one.get("ServiceState") not in _DELETED)):
        if service["AllowedPrincipals"] is not None:
            yield _one(api, "AWS::EC2::VPCEndpointService", "vpc-endpoint-service", service, "ServiceId")


@collector("ec2", types=("AWS::EC2::VPCPeeringConnection",), operations=("DescribeVpcPeeringConnections",))
def peering_connections(api: Api) -> Iterator[Raw]:
    """Every peering connection that is active."""
    active = [{"Name": "status-code", "Values": ["active", "provisioning"]}]
    for connection in api.pages("DescribeVpcPeeringConnections", "VpcPeeringConnections", Filters=active):
        kind = "vpc-peering-connection"
        yield _one(api, "AWS::EC2::VPCPeeringConnection", kind, connection, "VpcPeeringConnectionId")


@collector("ec2", types=("AWS::EC2::TransitGateway",), operations=("DescribeTransitGateways",))
def transit_gateways(api: Api) -> Iterator[Raw]:
    """Every transit gateway of the account's own; the API lists also those that others share with it."""
    for gateway in api.pages("DescribeTransitGateways", "TransitGateways"):
        if gateway.get("OwnerId") == api.account and gateway.get("State") not in _DELETED:
            yield _one(api, "AWS::EC2::TransitGateway", "transit-gateway", gateway, "TransitGatewayId")


@collector("ec2", types=("AWS::EC2::VPNConnection",), operations=("DescribeVpnConnections",))
def vpn_connections(api: Api) -> Iterator[Raw]:
    """Every VPN connection, without the keys that its two ends share."""
    for connection in api.pages("DescribeVpnConnections", "VpnConnections"):
        if connection.get("State") in _DELETED:
            continue
        tunnels = [
            {key: value for key, value in tunnel.items() if key != "PreSharedKey"}
            for tunnel in connection.get("Options", {}).get("TunnelOptions", ())
        ]
        properties = {**connection, "Options": {**connection.get("Options", {}), "TunnelOptions": tunnels}}
        properties.pop("CustomerGatewayConfiguration", None)  # the keys again
        yield _one(api, "AWS::EC2::VPNConnection", "vpn-connection", properties, "VpnConnectionId")


@collector("ec2", types=("AWS::EC2::ClientVpnEndpoint",), operations=("DescribeClientVpnEndpoints",))
def client_vpn_endpoints(api: Api) -> Iterator[Raw]:
    """Every Client VPN endpoint."""
    for endpoint in api.pages("DescribeClientVpnEndpoints", "ClientVpnEndpoints"):
        if endpoint.get("Status", {}).get("Code") not in _DELETED:
            yield _one(api, "AWS::EC2::ClientVpnEndpoint", "client-vpn-endpoint", endpoint, "ClientVpnEndpointId")


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
    operations=("DescribeSecurityGroups",),
    details={"GetManagedPrefixListEntries": ("SecurityGroupIngress", "SecurityGroupEgress")},
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
        ingress, egress = (
            [rule for permission in group.get(key, ()) for rule in _rules(permission, peer, blocks)]
            for key, peer in (("IpPermissions", "Source"), ("IpPermissionsEgress", "Destination"))
        )
        yield api.raw(
            "AWS::EC2::SecurityGroup",
            arn(api, "security-group", name),
            {**group, "SecurityGroupIngress": ingress, "SecurityGroupEgress": egress},
            names=(name,),
            title=f"{group['GroupName']} ({name})",
        )


def _rules(permission: Mapping[str, Any], peer: str, blocks: Any) -> Iterator[dict[str, Any]]:
    """An IpPermission as CloudFormation's rules, each of one peer, that is a `Source` or a `Destination`."""
    common = {key: permission[key] for key in ("IpProtocol", "FromPort", "ToPort") if key in permission}

    def rule(one: Mapping[str, Any], **more: Any) -> dict[str, Any]:
        return {**common, **more, "Description": one.get("Description")}

    for one in permission.get("IpRanges", ()):
        yield rule(one, CidrIp=one["CidrIp"])
    for one in permission.get("Ipv6Ranges", ()):
        yield rule(one, CidrIpv6=one["CidrIpv6"])
    for one in permission.get("UserIdGroupPairs", ()):
        yield rule(one, **{f"{peer}SecurityGroupId": one.get("GroupId")})
    for one in permission.get("PrefixListIds", ()):
        name = one["PrefixListId"]
        yield rule(one, **{f"{peer}PrefixListId": name, "CidrIp": blocks(name)})
