"""The network: one VPC as it should be, one older, and a small one in Europe."""

from __future__ import annotations

from typing import Any, NamedTuple

from auditor.demo.site import Site, role, tagged


class Vpc(NamedTuple):
    """A VPC; it has an internet gateway."""

    name: str
    cidr: str
    environment: str
    flow_logs: str | None = None  # the log group
    s3_endpoint: tuple[str, ...] = ()  # the route tables
    interface_endpoints: tuple[str, ...] = ()
    interface_subnets: tuple[str, ...] = ()


class Table(NamedTuple):
    """A route table; `outward` is where 0.0.0.0/0 goes: `internet`, the name of a NAT gateway, or nowhere."""

    name: str
    vpc: str
    outward: str | None


class Subnet(NamedTuple):
    """A subnet and its route table."""

    name: str
    vpc: str
    cidr: str
    zone: str
    table: str
    public_ips: bool = False


class Rule(NamedTuple):
    """What a security group lets in; `source` is an address range or another group."""

    ports: int | tuple[int, int] | None  # None: everything, whatever the protocol
    source: str
    why: str


WORLD, WORLD_IPV6, OFFICE = "0.0.0.0/0", "::/0", "203.0.113.0/28"

VPCS = {
    "us-east-1": [
        Vpc(
            "ml-training",
            "10.20.0.0/16",
            "production",
            flow_logs="/vpc/flow-logs/ml-training",
            s3_endpoint=("ml-private", "ml-isolated"),
            interface_endpoints=("sagemaker.api", "sagemaker.runtime"),
            interface_subnets=("ml-private-a", "ml-private-b"),
        ),
        Vpc("analytics-legacy", "10.30.0.0/16", "production"),  # S3 traffic goes, and is billed, through its NAT
    ],
    "eu-west-1": [Vpc("ml-inference-eu", "10.60.0.0/16", "production", s3_endpoint=("eu-private",))],
}

NATS = {  # the public subnet that each stands in
    "us-east-1": {"ml-nat": "ml-public-a", "legacy-nat": "legacy-public-a"},
    "eu-west-1": {"eu-nat": "eu-public-a"},
}

TABLES = {
    "us-east-1": [
        Table("ml-public", "ml-training", "internet"),
        Table("ml-private", "ml-training", "ml-nat"),
        Table("ml-isolated", "ml-training", None),
        Table("legacy-public", "analytics-legacy", "internet"),
        Table("legacy-private", "analytics-legacy", "legacy-nat"),
    ],
    "eu-west-1": [
        Table("eu-public", "ml-inference-eu", "internet"),
        Table("eu-private", "ml-inference-eu", "eu-nat"),
    ],
}

SUBNETS = {
    "us-east-1": [
        Subnet("ml-public-a", "ml-training", "10.20.0.0/24", "a", "ml-public"),
        Subnet("ml-public-b", "ml-training", "10.20.1.0/24", "b", "ml-public"),
        Subnet("ml-private-a", "ml-training", "10.20.16.0/20", "a", "ml-private"),
        Subnet("ml-private-b", "ml-training", "10.20.32.0/20", "b", "ml-private"),
        Subnet("ml-isolated-a", "ml-training", "10.20.64.0/22", "a", "ml-isolated"),
        Subnet("ml-isolated-b", "ml-training", "10.20.68.0/22", "b", "ml-isolated"),
        Subnet("legacy-public-a", "analytics-legacy", "10.30.0.0/24", "a", "legacy-public", public_ips=True),
        Subnet("legacy-private-a", "analytics-legacy", "10.30.16.0/20", "a", "legacy-private"),
    ],
    "eu-west-1": [
        Subnet("eu-public-a", "ml-inference-eu", "10.60.0.0/24", "a", "eu-public"),
        Subnet("eu-private-a", "ml-inference-eu", "10.60.16.0/20", "a", "eu-private"),
        Subnet("eu-private-b", "ml-inference-eu", "10.60.32.0/20", "b", "eu-private"),
    ],
}

GROUPS = {
    "us-east-1": {
        ("bastion", "ml-training"): [Rule(22, OFFICE, "SSH from the office")],
        ("inference-alb", "ml-training"): [Rule(443, WORLD, "the public API")],
        ("endpoints", "ml-training"): [Rule(443, "10.20.0.0/16", "VPC endpoints")],
        ("training-nodes", "ml-training"): [
            Rule(22, "bastion", "from the bastion"),
            Rule((0, 65535), "training-nodes", "NCCL and Horovod between nodes"),
        ],
        ("notebooks", "ml-training"): [Rule(443, "10.20.0.0/16", "through the Studio proxy")],
        ("mlflow", "ml-training"): [Rule(5000, "10.20.0.0/16", "tracking server, inside only")],
        ("feature-store", "ml-training"): [Rule(5432, "training-nodes", "offline features")],
        ("jupyter-shared", "ml-training"): [
            Rule(8888, WORLD, "temp: workshop, remove afterwards"),
            Rule(6006, WORLD, "tensorboard"),
        ],
        ("gpu-debug", "ml-training"): [Rule(22, WORLD, "")],
        ("legacy-emr", "analytics-legacy"): [Rule(None, WORLD, "vendor needed it")],
    },
    "eu-west-1": {
        ("eu-inference", "ml-inference-eu"): [Rule(8080, "10.60.0.0/16", "model server")],
        ("eu-debug", "ml-inference-eu"): [Rule(22, WORLD_IPV6, "ssh while the VPN is down")],
    },
}


def build(site: Site) -> None:
    """Make the region's network. Needs the log groups and roles."""
    ec2 = site.client("ec2")
    for vpc in VPCS[site.region]:
        made = ec2.create_vpc(
            CidrBlock=vpc.cidr, TagSpecifications=tagged("vpc", Name=vpc.name, Environment=vpc.environment)
        )
        site.ids[vpc.name] = made["Vpc"]["VpcId"]
        gateway = ec2.create_internet_gateway(TagSpecifications=tagged("internet-gateway", Name=f"{vpc.name}-internet"))
        site.ids[f"{vpc.name}-internet"] = gateway["InternetGateway"]["InternetGatewayId"]
        ec2.attach_internet_gateway(InternetGatewayId=site.ids[f"{vpc.name}-internet"], VpcId=site.ids[vpc.name])
    for table in TABLES[site.region]:
        made = ec2.create_route_table(
            VpcId=site.ids[table.vpc], TagSpecifications=tagged("route-table", Name=table.name)
        )
        site.ids[table.name] = made["RouteTable"]["RouteTableId"]
    for subnet in SUBNETS[site.region]:
        _subnet(site, subnet)
    for name, where in NATS[site.region].items():
        address = ec2.allocate_address(Domain="vpc", TagSpecifications=tagged("elastic-ip", Name=name))
        made = ec2.create_nat_gateway(
            SubnetId=site.ids[where],
            AllocationId=address["AllocationId"],
            TagSpecifications=tagged("natgateway", Name=name),
        )
        site.ids[name] = made["NatGateway"]["NatGatewayId"]
    for table in TABLES[site.region]:
        _outward(site, table)
    for (name, owner), rules in GROUPS[site.region].items():
        _group(site, name, owner, rules)
    for vpc in VPCS[site.region]:
        _attachments(site, vpc)
    if site.region == "us-east-1":
        _isolated_acl(site)
        ec2.allocate_address(Domain="vpc", TagSpecifications=tagged("elastic-ip", Name="old-partner-vpn"))  # forgotten
    else:
        _remove_default_vpc(ec2)


def _subnet(site: Site, subnet: Subnet) -> None:
    ec2 = site.client("ec2")
    made = ec2.create_subnet(
        VpcId=site.ids[subnet.vpc],
        CidrBlock=subnet.cidr,
        AvailabilityZone=site.region + subnet.zone,
        TagSpecifications=tagged("subnet", Name=subnet.name),
    )
    site.ids[subnet.name] = made["Subnet"]["SubnetId"]
    ec2.associate_route_table(RouteTableId=site.ids[subnet.table], SubnetId=site.ids[subnet.name])
    if subnet.public_ips:
        ec2.modify_subnet_attribute(SubnetId=site.ids[subnet.name], MapPublicIpOnLaunch={"Value": True})


def _outward(site: Site, table: Table) -> None:
    if table.outward == "internet":
        target = {"GatewayId": site.ids[f"{table.vpc}-internet"]}
    elif table.outward:
        target = {"NatGatewayId": site.ids[table.outward]}
    else:
        return
    site.client("ec2").create_route(RouteTableId=site.ids[table.name], DestinationCidrBlock=WORLD, **target)


def _group(site: Site, name: str, vpc: str, rules: list[Rule]) -> None:
    ec2 = site.client("ec2")
    made = ec2.create_security_group(
        GroupName=name,
        Description=f"{name} of {vpc}",
        VpcId=site.ids[vpc],
        TagSpecifications=tagged("security-group", Name=name),
    )
    site.ids[name] = made["GroupId"]
    ec2.authorize_security_group_ingress(GroupId=site.ids[name], IpPermissions=[_permission(site, r) for r in rules])


def _permission(site: Site, rule: Rule) -> dict[str, Any]:
    said = {"Description": rule.why} if rule.why else {}
    permission: dict[str, Any] = {"IpProtocol": "-1"}
    if rule.ports is not None:
        first, last = rule.ports if isinstance(rule.ports, tuple) else (rule.ports, rule.ports)
        permission = {"IpProtocol": "tcp", "FromPort": first, "ToPort": last}
    if rule.source in site.ids:
        permission["UserIdGroupPairs"] = [{"GroupId": site.ids[rule.source], **said}]
    elif ":" in rule.source:
        permission["Ipv6Ranges"] = [{"CidrIpv6": rule.source, **said}]
    else:
        permission["IpRanges"] = [{"CidrIp": rule.source, **said}]
    return permission


def _attachments(site: Site, vpc: Vpc) -> None:
    """Endpoints and flow logs."""
    ec2 = site.client("ec2")
    if vpc.s3_endpoint:
        ec2.create_vpc_endpoint(
            VpcId=site.ids[vpc.name],
            VpcEndpointType="Gateway",
            ServiceName=f"com.amazonaws.{site.region}.s3",
            RouteTableIds=[site.ids[table] for table in vpc.s3_endpoint],
            TagSpecifications=tagged("vpc-endpoint", Name=f"{vpc.name}-s3"),
        )
    for service in vpc.interface_endpoints:
        ec2.create_vpc_endpoint(
            VpcId=site.ids[vpc.name],
            VpcEndpointType="Interface",
            ServiceName=f"com.amazonaws.{site.region}.{service}",
            SubnetIds=[site.ids[subnet] for subnet in vpc.interface_subnets],
            SecurityGroupIds=[site.ids["endpoints"]],
            PrivateDnsEnabled=True,
            TagSpecifications=tagged("vpc-endpoint", Name=f"{vpc.name}-{service.replace('.', '-')}"),
        )
    if vpc.flow_logs:
        ec2.create_flow_logs(
            ResourceIds=[site.ids[vpc.name]],
            ResourceType="VPC",
            TrafficType="ALL",
            LogGroupName=vpc.flow_logs,
            DeliverLogsPermissionArn=role("vpc-flow-logs"),
            TagSpecifications=tagged("vpc-flow-log", Name=f"{vpc.name}-flow"),
        )


def _isolated_acl(site: Site) -> None:
    """The isolated subnets speak TLS inside the VPC, and to nobody else."""
    ec2, inside = site.client("ec2"), "10.20.0.0/16"
    made = ec2.create_network_acl(
        VpcId=site.ids["ml-training"], TagSpecifications=tagged("network-acl", Name="ml-isolated")
    )
    acl = made["NetworkAcl"]["NetworkAclId"]
    for egress, first, last in ((False, 443, 443), (False, 1024, 65535), (True, 443, 443), (True, 1024, 65535)):
        ec2.create_network_acl_entry(
            NetworkAclId=acl,
            RuleNumber=100 if first == 443 else 110,
            Protocol="6",
            RuleAction="allow",
            Egress=egress,
            CidrBlock=inside,
            PortRange={"From": first, "To": last},
        )
    isolated = {site.ids["ml-isolated-a"], site.ids["ml-isolated-b"]}
    current = ec2.describe_network_acls(Filters=[{"Name": "vpc-id", "Values": [site.ids["ml-training"]]}])
    for association in [link for each in current["NetworkAcls"] for link in each["Associations"]]:
        if association["SubnetId"] in isolated:
            ec2.replace_network_acl_association(AssociationId=association["NetworkAclAssociationId"], NetworkAclId=acl)


def _remove_default_vpc(ec2: Any) -> None:
    """What a careful team does in a region that it starts to use."""
    default = [{"Name": "is-default", "Values": ["true"]}]
    for vpc in ec2.describe_vpcs(Filters=default)["Vpcs"]:
        own = [{"Name": "vpc-id", "Values": [vpc["VpcId"]]}]
        for subnet in ec2.describe_subnets(Filters=own)["Subnets"]:
            ec2.delete_subnet(SubnetId=subnet["SubnetId"])
        attached = [{"Name": "attachment.vpc-id", "Values": [vpc["VpcId"]]}]
        for gateway in ec2.describe_internet_gateways(Filters=attached)["InternetGateways"]:
            ec2.detach_internet_gateway(InternetGatewayId=gateway["InternetGatewayId"], VpcId=vpc["VpcId"])
            ec2.delete_internet_gateway(InternetGatewayId=gateway["InternetGatewayId"])
        ec2.delete_vpc(VpcId=vpc["VpcId"])
