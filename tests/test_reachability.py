"""What the internet reaches, and what a subnet reaches: hand-made networks."""

from __future__ import annotations

import json
from collections.abc import Iterable
from copy import deepcopy
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import pytest

from auditor.hops import EVERYONE, lets_through
from auditor.inventory import Inventory
from auditor.raw import Collected, Location, Raw, Scope
from auditor.reachability import exposure, internet_exit
from auditor.resources.base import Resource
from auditor.resources.ec2 import Instance
from auditor.resources.vpc import NetworkAcl, Subnet
from auditor.values import Undecided
from tests.support import template

Resources = dict[str, Any]


def ref(name: str) -> dict[str, str]:
    return {"Ref": name}


def made(kind: str, **properties: Any) -> dict[str, Any]:
    return {"Type": f"AWS::{kind}", "Properties": properties}


def rule(port: int = 22, last: int | None = None, **source: Any) -> dict[str, Any]:
    return {"IpProtocol": "tcp", "FromPort": port, "ToPort": last or port, **(source or {"CidrIp": "0.0.0.0/0"})}


def group(*rules: Any) -> dict[str, Any]:
    return made("EC2::SecurityGroup", VpcId=ref("Net"), SecurityGroupIngress=list(rules))


def route(**properties: Any) -> dict[str, Any]:
    return made("EC2::Route", RouteTableId=ref("Table"), **properties)


def entry(
    number: int, action: str, block: Any = "0.0.0.0/0", *, egress: bool = False, span: Any = None, protocol: Any = 6
) -> dict[str, Any]:
    ports = {} if protocol == -1 else {"PortRange": dict(zip(("From", "To"), span or (0, 65_535), strict=True))}
    key = "Ipv6CidrBlock" if isinstance(block, str) and ":" in block else "CidrBlock"
    common = {"RuleNumber": number, "Protocol": protocol, "RuleAction": action, "Egress": egress, key: block}
    return made("EC2::NetworkAclEntry", NetworkAclId=ref("Acl"), **common, **ports)


def acl(*entries: dict[str, Any]) -> Resources:
    use = made("EC2::SubnetNetworkAclAssociation", SubnetId=ref("Public"), NetworkAclId=ref("Acl"))
    numbered = {f"Entry{number}": one for number, one in enumerate(entries)}
    return {"Acl": made("EC2::NetworkAcl", VpcId=ref("Net")), "AclUse": use, **numbered}


IN, OUT = entry(100, "allow"), entry(100, "allow", egress=True)
BASE: Resources = {
    "Net": made("EC2::VPC", CidrBlock="10.0.0.0/16"),
    "Gateway": made("EC2::InternetGateway"),
    "Table": made("EC2::RouteTable", VpcId=ref("Net")),
    "Default": route(DestinationCidrBlock="0.0.0.0/0", GatewayId=ref("Gateway")),
    "Public": made("EC2::Subnet", VpcId=ref("Net"), CidrBlock="10.0.0.0/24", MapPublicIpOnLaunch=True),
    "Use": made("EC2::SubnetRouteTableAssociation", SubnetId=ref("Public"), RouteTableId=ref("Table")),
    "Group": group(rule()),
    "Machine": made("EC2::Instance", SubnetId=ref("Public"), SecurityGroupIds=[ref("Group")]),
}
UNKNOWN = {"Fn::ImportValue": "elsewhere"}
PRIVATE = made("EC2::Subnet", VpcId=ref("Net"), CidrBlock="10.0.0.0/24")
ROUTE6 = route(DestinationIpv6CidrBlock="::/0", GatewayId=ref("Gateway"))
DUAL = made("EC2::Subnet", VpcId=ref("Net"), CidrBlock="10.0.0.0/24", AssignIpv6AddressOnCreation=True)


def machine(**properties: Any) -> dict[str, Any]:
    return made("EC2::Instance", **{"SubnetId": ref("Public"), "SecurityGroupIds": [ref("Group")], **properties})


def interface(**properties: Any) -> dict[str, Any]:
    one = {"DeviceIndex": "0", "SubnetId": ref("Public"), "GroupSet": [ref("Group")], **properties}
    return made("EC2::Instance", NetworkInterfaces=[one])


def balanced(kind: str = "network", **changes: Any) -> Resources:
    """An instance in a private subnet behind a load balancer in the public one."""
    balancer: dict[str, Any] = {"Type": kind, "Scheme": "internet-facing", "Subnets": [ref("Public")]}
    if kind == "application":
        balancer["SecurityGroups"] = [ref("Front")]
    target = made("ElasticLoadBalancingV2::TargetGroup", Port=22, Targets=[{"Id": ref("Machine")}])
    listens = {"LoadBalancerArn": ref("Balancer"), "Port": 2222}
    return {
        "Inner": made("EC2::Subnet", VpcId=ref("Net"), CidrBlock="10.0.1.0/24"),
        "Machine": machine(SubnetId=ref("Inner")),
        "Front": group(rule(2222)),
        "Balancer": made("ElasticLoadBalancingV2::LoadBalancer", **balancer),
        "Targets": target,
        "Listener": made(
            "ElasticLoadBalancingV2::Listener",
            **listens,
            DefaultActions=[{"Type": "forward", "TargetGroupArn": ref("Targets")}],
        ),
        **changes,
    }


def forwarding(listener: Any, **changes: Any) -> dict[str, Any]:
    """A rule of a listener that forwards to the target group."""
    action = {"Type": "forward", "ForwardConfig": {"TargetGroups": [{"TargetGroupArn": ref("Targets")}]}}
    return made("ElasticLoadBalancingV2::ListenerRule", ListenerArn=listener, Actions=[action], **changes)


REFUSING = made(
    "ElasticLoadBalancingV2::Listener",
    LoadBalancerArn=ref("Balancer"),
    Port=2222,
    DefaultActions=[{"Type": "fixed-response"}],
)
BEHIND_RULES = balanced(
    "application",
    Group=group(rule(SourceSecurityGroupId=ref("Front"))),
    Listener=REFUSING,
    Rule=forwarding(ref("Listener")),
)
REACHED: dict[str, Resources] = {
    "the plain way": {},
    "half of the internet": {"Group": group(rule(CidrIp="128.0.0.0/1"))},
    "all protocols": {"Group": group({"IpProtocol": "-1", "CidrIp": "0.0.0.0/0"})},
    "a range of ports": {"Group": group(rule(1, 1_000))},
    "the second rule": {"Group": group(rule(443), rule())},
    "the second group": {"Machine": machine(SecurityGroupIds=[ref("Other"), ref("Group")]), "Other": group(rule(80))},
    "an unknown group beside": {"Machine": machine(SecurityGroupIds=[UNKNOWN, ref("Group")])},
    "a rule of its own": {
        "Group": group(),
        "Apart": made("EC2::SecurityGroupIngress", GroupId={"Fn::GetAtt": ["Group", "GroupId"]}, **rule()),
    },
    "a prefix list": {
        "Group": group(rule(SourcePrefixListId=ref("List"))),
        "List": made("EC2::PrefixList", Entries=[{"Cidr": "10.0.0.0/8"}, {"Cidr": "0.0.0.0/1"}]),
    },
    "an address that is asked for": {"Public": PRIVATE, "Machine": interface(AssociatePublicIpAddress=True)},
    "an Elastic IP address": {"Public": PRIVATE, "Address": made("EC2::EIP", InstanceId=ref("Machine"))},
    "an Elastic IP address, associated": {
        "Public": PRIVATE,
        "Address": made("EC2::EIP"),
        "Given": made(
            "EC2::EIPAssociation", InstanceId=ref("Machine"), AllocationId={"Fn::GetAtt": ["Address", "AllocationId"]}
        ),
    },
    "an interface of its own with an address": {
        "Public": PRIVATE,
        "Card": made("EC2::NetworkInterface", SubnetId=ref("Public"), GroupSet=[ref("Group")]),
        "Machine": made("EC2::Instance", NetworkInterfaces=[{"DeviceIndex": "0", "NetworkInterfaceId": ref("Card")}]),
        "Address": made("EC2::EIP"),
        "Given": made(
            "EC2::EIPAssociation",
            NetworkInterfaceId=ref("Card"),
            AllocationId={"Fn::GetAtt": ["Address", "AllocationId"]},
        ),
    },
    "IPv6": {"Public": DUAL, "Default": ROUTE6, "Group": group(rule(CidrIpv6="::/0"))},
    "an IPv6 address that is asked for": {
        "Public": PRIVATE,
        "Default": ROUTE6,
        "Group": group(rule(CidrIpv6="::/0")),
        "Machine": machine(Ipv6AddressCount=1),
    },
    "a launch template's groups": {
        "Machine": made("EC2::Instance", SubnetId=ref("Public"), LaunchTemplate={"LaunchTemplateId": ref("Plan")}),
        "Plan": made("EC2::LaunchTemplate", LaunchTemplateData={"SecurityGroupIds": [ref("Group")]}),
    },
    "an open network ACL": acl(IN, OUT),
    "a deny after the allow": acl(entry(90, "allow"), entry(100, "deny"), OUT),
    "a deny for few addresses": acl(entry(90, "deny", "198.51.0.0/16"), IN, OUT),
    "a deny for another port": acl(entry(90, "deny", span=(443, 443)), IN, OUT),
    "answers to some ephemeral ports": acl(IN, entry(100, "allow", egress=True, span=(32_768, 60_999))),
    "an unknown rule after the allow": acl(IN, entry(200, "deny", UNKNOWN), OUT),
    "a Network Load Balancer": balanced(),
    "an Application Load Balancer that the group names": balanced(
        "application", Group=group(rule(SourceSecurityGroupId=ref("Front")))
    ),
    "a rule of an Application Load Balancer": BEHIND_RULES,
    "an Application Load Balancer in the VPC's block": balanced("application", Group=group(rule(CidrIp="10.0.0.0/16"))),
}
NOT_REACHED: dict[str, Resources] = {
    "no rule of an Application Load Balancer": {**BEHIND_RULES, "Rule": REFUSING},
    "a rule that names no one else": {
        **BEHIND_RULES,
        "Rule": forwarding(ref("Listener")),
        "Group": group(rule(SourceSecurityGroupId="sg-1")),
    },
    "another port": {"Group": group(rule(443))},
    "a private block": {"Group": group(rule(CidrIp="10.0.0.0/8"))},
    "one organisation's block": {"Group": group(rule(CidrIp="18.204.0.0/16"))},
    "UDP": {"Group": group({**rule(), "IpProtocol": "udp"})},
    "no rule": {"Group": group()},
    "only from another group": {"Group": group(rule(SourceSecurityGroupId="sg-1"))},
    "only from the group itself": {
        "Group": group(),
        "Apart": made("EC2::SecurityGroupIngress", GroupId=ref("Group"), **rule(SourceSecurityGroupId=ref("Group"))),
    },
    "a prefix list of private blocks": {
        "Group": group(rule(SourcePrefixListId=ref("List"))),
        "List": made("EC2::PrefixList", Entries=[{"Cidr": "10.0.0.0/8"}]),
    },
    "no public address": {"Public": PRIVATE},
    "a public address refused": {"Machine": interface(AssociatePublicIpAddress=False)},
    "an Elastic IP address of something else": {"Public": PRIVATE, "Address": made("EC2::EIP")},
    "a NAT gateway": {"Default": route(DestinationCidrBlock="0.0.0.0/0", NatGatewayId="nat-1")},
    "no default route": {"Default": route(DestinationCidrBlock="10.1.0.0/16", GatewayId=ref("Gateway"))},
    "no route": {"Default": made("EC2::VPC", CidrBlock="10.9.0.0/16")},
    "IPv4 rule, IPv6 route": {"Default": ROUTE6},
    "IPv6 rule, IPv4 route": {"Public": DUAL, "Group": group(rule(CidrIpv6="::/0"))},
    "IPv6 by an egress-only gateway": {
        "Public": DUAL,
        "Default": route(DestinationIpv6CidrBlock="::/0", EgressOnlyInternetGatewayId="eigw-1"),
        "Group": group(rule(CidrIpv6="::/0")),
    },
    "IPv6 without an address": {"Public": PRIVATE, "Default": ROUTE6, "Group": group(rule(CidrIpv6="::/0"))},
    "a network ACL without rules": acl(),
    "a deny before the allow": acl(entry(90, "deny"), IN, OUT),
    "a deny of both halves": acl(entry(80, "deny", "0.0.0.0/1"), entry(90, "deny", "128.0.0.0/1"), IN, OUT),
    "a network ACL for the VPC only": acl(entry(100, "allow", "10.0.0.0/8"), OUT),
    "a network ACL without the port": acl(entry(100, "allow", span=(80, 443)), OUT),
    "no way back for the answers": acl(IN),
    "answers to low ports only": acl(IN, entry(100, "allow", egress=True, span=(0, 1_023))),
    "a network ACL for IPv6 only": acl(entry(100, "allow", "::/0"), entry(100, "allow", "::/0", egress=True)),
    "an unknown address behind a closed group": {
        "Public": made("EC2::Subnet", VpcId=ref("Net"), MapPublicIpOnLaunch=UNKNOWN),
        "Group": group(rule(443)),
    },
    "an unknown group behind a closed network ACL": {"Machine": machine(SecurityGroupIds=[UNKNOWN]), **acl()},
    "an unknown group without a public address": {"Public": PRIVATE, "Machine": machine(SecurityGroupIds=[UNKNOWN])},
    "an unknown rule behind a deny": acl(entry(90, "deny"), entry(100, "allow", UNKNOWN), OUT),
    "an internal load balancer": balanced(
        Balancer=made(
            "ElasticLoadBalancingV2::LoadBalancer", Type="network", Scheme="internal", Subnets=[ref("Public")]
        )
    ),
    "a load balancer to another port": balanced(
        Targets=made("ElasticLoadBalancingV2::TargetGroup", Port=8080, Targets=[{"Id": ref("Machine")}])
    ),
    "a load balancer to another instance": balanced(
        Targets=made("ElasticLoadBalancingV2::TargetGroup", Port=22, Targets=[{"Id": ref("Other")}]),
        Other=machine(SubnetId=ref("Inner")),
    ),
    "a load balancer whose group is closed": balanced(
        "application",
        Group=group(rule(SourceSecurityGroupId=ref("Front"))),
        Front=group(rule(2222, CidrIp="10.0.0.0/8")),
    ),
    "a load balancer that the group does not admit": balanced("application", Group=group(rule(CidrIp="10.9.0.0/16"))),
    "a Network Load Balancer, clients refused": balanced(Group=group(rule(CidrIp="10.0.0.0/16"))),
}
OPEN: dict[str, Resources] = {
    "unknown groups": {"Machine": machine(SecurityGroupIds=UNKNOWN)},
    "a group that is declared elsewhere": {"Machine": machine(SecurityGroupIds=["sg-12345678"])},
    "no group": {"Machine": made("EC2::Instance", SubnetId=ref("Public"))},
    "an unknown source": {"Group": group(rule(CidrIp=UNKNOWN))},
    "an unknown port": {"Group": group({**rule(), "FromPort": UNKNOWN})},
    "a prefix list that is declared elsewhere": {"Group": group(rule(SourcePrefixListId="pl-1"))},
    "an unknown subnet": {"Machine": machine(SubnetId=UNKNOWN)},
    "no subnet": {"Machine": made("EC2::Instance", SecurityGroupIds=[ref("Group")])},
    "whether the subnet assigns addresses": {
        "Public": made("EC2::Subnet", VpcId=ref("Net"), MapPublicIpOnLaunch=UNKNOWN)
    },
    "no route table": {"Use": made("EC2::VPC", CidrBlock="10.9.0.0/16")},
    "an unknown gateway": {"Default": route(DestinationCidrBlock="0.0.0.0/0", GatewayId=UNKNOWN)},
    "an unknown network ACL": {
        "Acl": made("EC2::NetworkAcl", VpcId=ref("Net")),
        "AclUse": made("EC2::SubnetNetworkAclAssociation", SubnetId=UNKNOWN, NetworkAclId=ref("Acl")),
    },
    "an unknown rule before the allow": acl(entry(90, "deny", UNKNOWN), IN, OUT),
    "an unknown way back": acl(IN, entry(100, "allow", UNKNOWN, egress=True)),
    "a rule of unknown number": acl({**IN, "Properties": {**IN["Properties"], "RuleNumber": UNKNOWN}}, OUT),
    "a rule of a listener that is declared elsewhere": {**BEHIND_RULES, "Rule": forwarding(UNKNOWN)},
    "a route for a prefix list": {"Default": route(DestinationPrefixListId="pl-1", GatewayId=ref("Gateway"))},
    "a Classic Load Balancer in front": {
        "Public": PRIVATE,
        "Classic": made("ElasticLoadBalancing::LoadBalancer", Subnets=[ref("Public")], Instances=[ref("Machine")]),
    },
}


def inventory_of(folder: Path, changes: Resources) -> Inventory:
    return Inventory(template(folder, json.dumps({"Resources": {**deepcopy(BASE), **changes}}), "template.json"))


def one(inventory: Inventory, cls: type[Resource], name: str = "Machine") -> Any:
    return next(resource for resource in inventory.of(cls) if resource.raw.id == name)


@pytest.mark.parametrize("case", REACHED)
def test_reached(case: str, tmp_path: Path) -> None:
    inventory = inventory_of(tmp_path, REACHED[case])
    found = exposure(one(inventory, Instance), [22], inventory)
    assert found
    assert found.port == 22
    assert found.hops[0].why == "connects the VPC to the internet"
    assert all(hop.title and hop.why for hop in found.hops)
    assert any(hop.change for hop in found.hops)


@pytest.mark.parametrize("case", NOT_REACHED)
def test_not_reached(case: str, tmp_path: Path) -> None:
    inventory = inventory_of(tmp_path, NOT_REACHED[case])
    assert exposure(one(inventory, Instance), [3389, 22], inventory) is None


@pytest.mark.parametrize("case", OPEN)
def test_not_known(case: str, tmp_path: Path) -> None:
    inventory = inventory_of(tmp_path, OPEN[case])
    with pytest.raises(Undecided) as raised:
        exposure(one(inventory, Instance), [22], inventory)
    assert not raised.value.elsewhere
    assert raised.value.reason


def test_the_path_is_told_hop_by_hop(tmp_path: Path) -> None:
    inventory = inventory_of(tmp_path, acl(IN, OUT))
    found = exposure(one(inventory, Instance), [22], inventory)
    assert found
    assert [(hop.title, hop.why) for hop in found.hops] == [
        ("Gateway", "connects the VPC to the internet"),
        ("Table", "sends 0.0.0.0/0 from Public to Gateway"),
        ("Acl", "lets port 22 in and the answers out"),
        ("Group", "admits port 22 from 0.0.0.0/0"),
        ("Machine", "gets a public IP address from its subnet Public"),
    ]
    assert [hop.title for hop in found.hops if hop.change] == ["Group"]
    assert all(hop.resource.endswith(f"#{hop.title}") for hop in found.hops)


def test_the_path_through_a_load_balancer(tmp_path: Path) -> None:
    inventory = inventory_of(tmp_path, balanced("application", Group=group(rule(SourceSecurityGroupId=ref("Front")))))
    found = exposure(one(inventory, Instance), [22], inventory)
    assert found
    assert [hop.title for hop in found.hops] == [
        "Gateway",
        "Table",
        "the default network ACL of Public",
        "Front",
        "Balancer",
        "Listener",
        "Group",
    ]


# --- a live account: a closed world ---------------------------------------------------------------------------------


class Nowhere:
    def locate(self, path: object) -> Location:
        return Location()


def live(raws: Iterable[tuple[str, str, dict[str, Any]]]) -> Inventory:
    scope = Scope("111122223333/eu-west-1", "account", "111122223333", "eu-west-1")
    where = {"kind": "account", "name": "111122223333", "regions": ["eu-west-1"]}
    made_ones = [Raw(f"AWS::{t}", f"arn:{n}", p, scope, Nowhere(), "live", names=(n,)) for t, n, p in raws]
    return Inventory(Collected(raws=made_ones, inputs=[where]))


def account(**changes: Any) -> list[tuple[str, str, dict[str, Any]]]:
    rules = [
        {"RuleNumber": number, "Protocol": "-1", "RuleAction": action, "Egress": egress, "CidrBlock": "0.0.0.0/0"}
        for number, action in ((100, "allow"), (32_767, "deny"))
        for egress in (False, True)
    ]
    address = {"AssociatePublicIpAddress": True, "SubnetId": "subnet-1", "GroupSet": ["sg-1"]}
    properties: dict[str, tuple[str, dict[str, Any]]] = {
        "igw-1": ("EC2::InternetGateway", {}),
        "rtb-1": ("EC2::RouteTable", {"Routes": [{"DestinationCidrBlock": "0.0.0.0/0", "GatewayId": "igw-1"}]}),
        "subnet-1": ("EC2::Subnet", {"VpcId": "vpc-1", "RouteTableId": "rtb-1", "CidrBlock": "10.0.0.0/24"}),
        "acl-1": ("EC2::NetworkAcl", {"SubnetIds": ["subnet-1"], "Entries": rules, "IsDefault": True}),
        "sg-1": ("EC2::SecurityGroup", {"SecurityGroupIngress": [rule()], "SecurityGroupEgress": []}),
        "i-1": ("EC2::Instance", {"NetworkInterfaces": [address], "SecurityGroupIds": ["sg-1"]}),
    }
    for name, change in changes.items():
        key = name.replace("_", "-")
        properties[key] = (properties[key][0], {**properties[key][1], **change})
    return [(kind, name, values) for name, (kind, values) in properties.items()]


def test_live() -> None:
    inventory = live(account())
    (machine_,) = inventory.of(Instance)
    found = exposure(machine_, [22], inventory)
    assert found
    assert [hop.title for hop in found.hops] == ["igw-1", "arn:rtb-1", "arn:acl-1", "arn:sg-1", "arn:i-1"]
    without: list[dict[str, Any]] = [
        {"i_1": {"NetworkInterfaces": [{"AssociatePublicIpAddress": False, "SubnetId": "subnet-1"}]}},
        {
            "sg_1": {
                "SecurityGroupIngress": [{"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "CidrIp": "1.2.3.4/32"}]
            }
        },
        {"rtb_1": {"Routes": [{"DestinationCidrBlock": "0.0.0.0/0", "NatGatewayId": "nat-1"}]}},
        {"acl_1": {"Entries": []}},
    ]
    for change in without:
        inventory = live(account(**change))
        (machine_,) = inventory.of(Instance)
        assert exposure(machine_, [22], inventory) is None, change


def test_live_without_its_network_acl_is_undecided() -> None:
    inventory = live(account(acl_1={"SubnetIds": []}))
    (machine_,) = inventory.of(Instance)
    with pytest.raises(Undecided, match="network ACL"):
        exposure(machine_, [22], inventory)


def behind_rules(**balancer: Any) -> list[tuple[str, str, dict[str, Any]]]:
    """An account's instance without a public address, behind a load balancer that forwards to it by a rule alone."""
    inside = {"NetworkInterfaces": [{"AssociatePublicIpAddress": False, "SubnetId": "subnet-1", "GroupSet": ["sg-1"]}]}
    front = {"Type": "application", "Scheme": "internet-facing", "Subnets": ["subnet-1"], "SecurityGroups": ["sg-1"]}
    target = {"Target": {"Id": "i-1", "Port": 22}, "TargetHealth": {"State": "healthy"}}
    refuses = [{"Type": "fixed-response"}]
    return [
        *account(i_1=inside),
        ("ElasticLoadBalancingV2::LoadBalancer", "alb", {**front, **balancer}),
        (
            "ElasticLoadBalancingV2::Listener",
            "listener",
            {"LoadBalancerArn": "arn:alb", "Port": 22, "Protocol": "HTTP", "DefaultActions": refuses},
        ),
        (
            "ElasticLoadBalancingV2::TargetGroup",
            "targets",
            {"TargetHealthDescriptions": [target], "LoadBalancerArns": ["arn:alb"], "TargetType": "instance"},
        ),
    ]


def test_live_rules_of_listeners_are_not_asked_for() -> None:
    inventory = live(behind_rules())
    (machine_,) = inventory.of(Instance)
    with pytest.raises(Undecided, match="rule"):
        exposure(machine_, [22], inventory)
    assert exposure(machine_, [3389], inventory) is None
    inventory = live(behind_rules(Scheme="internal"))
    (machine_,) = inventory.of(Instance)
    assert exposure(machine_, [22], inventory) is None


# --- network ACLs by themselves --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("entries", "port", "source", "passes"),
    [
        ([IN, OUT], 22, "0.0.0.0/0", True),
        ([IN, OUT], 22, "::/0", False),
        ([entry(1, "allow", "10.0.0.0/8"), OUT], 22, "10.1.0.0/16", True),
        ([entry(1, "deny", "10.1.0.0/16"), entry(2, "allow", "10.0.0.0/8"), OUT], 22, "10.1.0.0/16", False),
        ([entry(1, "deny", "10.1.0.0/17"), entry(2, "allow", "10.0.0.0/8"), OUT], 22, "10.1.0.0/16", True),
        ([entry(2, "allow"), entry(1, "deny", span=(22, 22)), OUT], 22, "0.0.0.0/0", False),
        ([entry(2, "allow"), entry(1, "deny", span=(22, 22)), OUT], 23, "0.0.0.0/0", True),
        ([entry(1, "allow", protocol=17), OUT], 53, "0.0.0.0/0", False),
        ([entry(1, "allow", protocol=-1), entry(1, "allow", protocol=-1, egress=True)], 22, "0.0.0.0/0", True),
        (
            [IN, entry(1, "deny", egress=True, span=(1_024, 65_535)), entry(2, "allow", egress=True)],
            22,
            "0.0.0.0/0",
            False,
        ),
        (
            [IN, entry(1, "deny", egress=True, span=(1_024, 65_000)), entry(2, "allow", egress=True)],
            22,
            "0.0.0.0/0",
            True,
        ),
    ],
)
def test_network_acl(entries: list[Any], port: int, source: str, passes: bool, tmp_path: Path) -> None:
    inventory = inventory_of(tmp_path, acl(*entries))
    assert lets_through(one(inventory, NetworkAcl, "Acl"), port, [ip_network(source)]) is passes


def test_everyone_is_all_of_the_internet() -> None:
    assert [str(block) for blocks in EVERYONE.values() for block in blocks] == ["0.0.0.0/0", "::/0"]


# --- the way out -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "kind"),
    [
        ({}, "internet gateway"),
        ({"Default": route(DestinationCidrBlock="0.0.0.0/0", NatGatewayId="nat-1")}, "NAT gateway"),
        (
            {"Default": route(DestinationIpv6CidrBlock="::/0", EgressOnlyInternetGatewayId="eigw-1")},
            "egress-only internet gateway",
        ),
        ({"Default": route(DestinationCidrBlock="10.1.0.0/16", VpcPeeringConnectionId="pcx-1")}, None),
        ({"Default": route(DestinationCidrBlock="10.1.0.0/16", NatGatewayId="nat-1")}, None),
        ({"Default": route(DestinationCidrBlock="10.1.0.0/16", TransitGatewayId="tgw-1")}, None),
        ({"Default": route(DestinationCidrBlock="0.0.0.0/0", TransitGatewayId="tgw-1")}, "?"),
        ({"Default": route(DestinationCidrBlock="0.0.0.0/0", GatewayId="vgw-1")}, "?"),
        ({"Default": route(DestinationCidrBlock="0.0.0.0/0", CarrierGatewayId="cagw-1")}, "carrier gateway"),
        ({"Default": route(DestinationCidrBlock="0.0.0.0/0", CoreNetworkArn="arn:aws:networkmanager::1:core")}, "?"),
        ({"Default": route(DestinationCidrBlock="0.0.0.0/0", LocalGatewayId="lgw-1")}, "?"),
        ({"Odd": route(DestinationCidrBlock=UNKNOWN, NatGatewayId="nat-1")}, "internet gateway"),
        ({"Default": route(DestinationCidrBlock=UNKNOWN, NatGatewayId="nat-1")}, "?"),
        ({"Use": made("EC2::VPC", CidrBlock="10.9.0.0/16")}, "?"),
    ],
)
def test_way_to_the_internet(changes: Resources, kind: str | None, tmp_path: Path) -> None:
    inventory = inventory_of(tmp_path, changes)
    subnet = one(inventory, Subnet, "Public")
    if kind == "?":
        with pytest.raises(Undecided):
            internet_exit(subnet, inventory)
    else:
        way = internet_exit(subnet, inventory)
        assert (way.kind if way else None) == kind
