"""Checks of networks and security groups, on a simulated account and on templates."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.support import by_title, judge, statuses, template

IMAGE = "ami-12c6146b"
GROUP_CHECKS = ("vpc-sg-ingress-ssh", "vpc-sg-ingress-all-ports", "vpc-sg-ingress-ml-tool-ports")


def ingress(rules: str) -> str:
    return f"Resources: {{Group: {{Type: AWS::EC2::SecurityGroup, Properties: {{SecurityGroupIngress: [{rules}]}}}}}}"


@pytest.fixture
def group(aws: Any) -> Any:
    """Makes a security group with rules, and gives its id."""
    ec2 = aws("ec2")

    def make(*permissions: dict[str, Any]) -> str:
        number: str = ec2.create_security_group(GroupName="made", Description="made")["GroupId"]
        ec2.authorize_security_group_ingress(GroupId=number, IpPermissions=list(permissions))
        return number

    return make


def of(found: dict[str, str], number: str) -> str:
    return next(status for arn, status in found.items() if arn.endswith(number))


@pytest.mark.parametrize(("check", "port"), [("vpc-sg-ingress-ssh", 22), ("vpc-sg-ingress-ml-tool-ports", 8888)])
def test_open_port_live(check: str, port: int, group: Any, scan: Any, deny: Any) -> None:
    bad = group({"IpProtocol": "tcp", "FromPort": port, "ToPort": port, "IpRanges": [{"CidrIp": "0.0.0.0/0"}]})
    found = statuses(scan(check), check)
    assert of(found, bad) == "fail"
    assert sorted(found.values()) == ["fail", "pass"]  # the default group admits only itself
    deny("DescribeSecurityGroups")
    collected = scan(check)
    assert statuses(collected, check) == {}
    assert [gap.types for gap in collected.gaps] == [("AWS::EC2::SecurityGroup",)]


def test_all_ports_live(group: Any, scan: Any) -> None:
    bad = group({"IpProtocol": "-1", "Ipv6Ranges": [{"CidrIpv6": "::/0"}]})
    for check in GROUP_CHECKS:
        assert of(statuses(scan(check), check), bad) == "fail"
    (finding,) = next(v for k, v in judge(scan(GROUP_CHECKS[1]), GROUP_CHECKS[1]).items() if bad in k).findings
    assert finding.message == "opens ports 0-65535 to ::/0"


@pytest.mark.parametrize("check", GROUP_CHECKS)
def test_prefix_list_live(check: str, aws: Any, group: Any, scan: Any, deny: Any) -> None:
    listed = aws("ec2").create_managed_prefix_list(
        PrefixListName="any", MaxEntries=1, AddressFamily="IPv4", Entries=[{"Cidr": "0.0.0.0/0"}]
    )
    bad = group({"IpProtocol": "-1", "PrefixListIds": [{"PrefixListId": listed["PrefixList"]["PrefixListId"]}]})
    assert of(statuses(scan(check), check), bad) == "fail"
    deny("GetManagedPrefixListEntries")
    verdict = next(v for k, v in judge(scan(check), check).items() if bad in k)
    assert verdict.status == "unknown"
    assert "GetManagedPrefixListEntries was denied" in verdict.reason


@pytest.mark.parametrize(
    ("rule", "status"),
    [
        ("{IpProtocol: tcp, FromPort: 22, ToPort: 22, CidrIp: 192.168.1.0/0}", "fail"),
        ("{IpProtocol: tcp, FromPort: '20', ToPort: '25', CidrIpv6: '::/0'}", "fail"),
        ("{IpProtocol: icmp, FromPort: 22, ToPort: 22, CidrIp: 0.0.0.0/0}", "pass"),
        ("{IpProtocol: udp, FromPort: 22, ToPort: 22, CidrIp: 0.0.0.0/0}", "pass"),
        ("{IpProtocol: 50, CidrIp: 0.0.0.0/0}", "pass"),
        ("{IpProtocol: tcp, FromPort: 22, ToPort: 22, SourceSecurityGroupId: sg-1}", "pass"),
        ("{IpProtocol: tcp, FromPort: 22, ToPort: 22, SourcePrefixListId: pl-1}", "unknown"),
        ("{IpProtocol: tcp, FromPort: 443, ToPort: 443, SourcePrefixListId: pl-1}", "pass"),
        ("{IpProtocol: tcp, FromPort: 22, ToPort: 22, CidrIp: !Ref Block}", "unknown"),
        ("{IpProtocol: tcp, FromPort: 443, ToPort: 443, CidrIp: !Ref Block}", "pass"),
        ("{IpProtocol: tcp, FromPort: !Ref Port, ToPort: !Ref Port, CidrIp: 0.0.0.0/0}", "unknown"),
        ("{IpProtocol: tcp, FromPort: !Ref Port, ToPort: !Ref Port, CidrIp: 10.0.0.0/8}", "pass"),
        ("{IpProtocol: !Ref Protocol, FromPort: 22, ToPort: 22, CidrIp: 0.0.0.0/0}", "unknown"),
        ("{IpProtocol: tcp, FromPort: 22, ToPort: 22, CidrIp: nonsense}", "unknown"),
        ("{IpProtocol: tcp, FromPort: 22, ToPort: 22, CidrIp: !GetAtt Network.CidrBlock}", "pass"),
        ("!If [Open, {IpProtocol: -1, CidrIp: 0.0.0.0/0}, !Ref AWS::NoValue]", "unknown"),
        ("{IpProtocol: tcp, FromPort: 22, ToPort: 22, CidrIp: !If [Open, 0.0.0.0/0, '::/0']}", "fail"),
        ("!If [Open, {IpProtocol: -1, CidrIp: 10.0.0.0/8}, !Ref AWS::NoValue]", "pass"),
    ],
)
def test_ssh_in_templates(rule: str, status: str, tmp_path: Path) -> None:
    text = f"""
Parameters: {{Block: {{Type: String}}, Port: {{Type: Number}}, Protocol: {{Type: String}}, Stage: {{Type: String}}}}
Conditions: {{Open: !Equals [!Ref Stage, dev]}}
Resources:
  Network: {{Type: AWS::EC2::VPC, Properties: {{CidrBlock: 10.0.0.0/16}}}}
  Group:
    Type: AWS::EC2::SecurityGroup
    Properties:
      GroupDescription: x
      SecurityGroupIngress:
        - {rule}
"""
    assert statuses(template(tmp_path, text), "vpc-sg-ingress-ssh") == {"Group": status}


def test_a_certain_failure_is_found_among_unknown_rules(tmp_path: Path) -> None:
    unknown = "{IpProtocol: tcp, FromPort: 22, ToPort: 22, CidrIp: !ImportValue Block}"
    bad = "{IpProtocol: tcp, FromPort: 22, ToPort: 22, CidrIp: 0.0.0.0/0}"
    collected = template(tmp_path, ingress(f"{unknown}, {bad}"))
    (finding,) = judge(collected, "vpc-sg-ingress-ssh")["Group"].findings
    assert finding.path == ("SecurityGroupIngress", 1, "CidrIp")


@pytest.mark.parametrize(
    ("rule", "status"),
    [
        ("{IpProtocol: tcp, FromPort: 1024, ToPort: 65535, CidrIp: 0.0.0.0/0}", "fail"),
        ("{IpProtocol: udp, FromPort: 0, ToPort: 65535, CidrIp: 0.0.0.0/0}", "fail"),
        ("{IpProtocol: udp, FromPort: 32768, ToPort: 65535, CidrIp: 0.0.0.0/0}", "pass"),
        ("{IpProtocol: icmp, FromPort: -1, ToPort: -1, CidrIp: 0.0.0.0/0}", "pass"),
        ("{IpProtocol: -1, CidrIp: !ImportValue Block}", "unknown"),
    ],
)
def test_all_ports_in_templates(rule: str, status: str, tmp_path: Path) -> None:
    assert statuses(template(tmp_path, ingress(rule)), "vpc-sg-ingress-all-ports") == {"Group": status}


def test_ml_ports_are_named(tmp_path: Path) -> None:
    rules = (
        "{IpProtocol: tcp, FromPort: 8500, ToPort: 8501, CidrIp: 0.0.0.0/0}, "
        "{IpProtocol: tcp, FromPort: 8000, ToPort: 9000, CidrIp: 0.0.0.0/0}"
    )
    first, second = judge(template(tmp_path, ingress(rules)), "vpc-sg-ingress-ml-tool-ports")["Group"].findings
    assert first.message == "opens TensorFlow Serving (8500) and TensorFlow Serving (8501) to 0.0.0.0/0"
    assert second.message.startswith("opens Jupyter (8888), Ray (8265) and 9 more ports of ML tools (ports 8000-9000)")


def test_rules_of_their_own(tmp_path: Path) -> None:
    """A rule apart counts for its group, and is judged alone where the group is declared elsewhere."""
    text = """
Resources:
  Group: {Type: AWS::EC2::SecurityGroup, Properties: {GroupDescription: x}}
  Other: {Type: AWS::EC2::SecurityGroup, Properties: {GroupDescription: x}}
  Apart:
    Type: AWS::EC2::SecurityGroupIngress
    Properties: {GroupId: !GetAtt Group.GroupId, IpProtocol: tcp, FromPort: 22, ToPort: 22, CidrIp: 0.0.0.0/0}
  Orphan:
    Type: AWS::EC2::SecurityGroupIngress
    Properties: {GroupId: sg-12345678, IpProtocol: tcp, FromPort: 22, ToPort: 22, CidrIp: 0.0.0.0/0}
  Harmless:
    Type: AWS::EC2::SecurityGroupIngress
    Properties: {GroupId: sg-12345678, IpProtocol: tcp, FromPort: 443, ToPort: 443, CidrIp: 0.0.0.0/0}
"""
    verdicts = judge(template(tmp_path, text), "vpc-sg-ingress-ssh")
    assert {name: verdict.status.value for name, verdict in verdicts.items()} == {
        "Group": "fail",
        "Other": "pass",
        "Orphan": "fail",
    }
    assert verdicts["Group"].findings[0].raw.id == "Apart"


# --- flow logs ------------------------------------------------------------------------------------------------------


def flow_log(ec2: Any, vpc: str, traffic: str = "ALL") -> None:
    ec2.create_flow_logs(
        ResourceIds=[vpc],
        ResourceType="VPC",
        TrafficType=traffic,
        LogDestinationType="s3",
        LogDestination="arn:aws:s3:::flows",
    )


def test_flow_logs_live(aws: Any, scan: Any, deny: Any, answers: dict[str, Any]) -> None:
    ec2 = aws("ec2")
    vpcs = {
        name: ec2.create_vpc(CidrBlock="10.0.0.0/16", TagSpecifications=[_named("vpc", name)])["Vpc"]["VpcId"]
        for name in ("logged", "accepted", "bare")
    }
    aws("s3").create_bucket(Bucket="flows")
    flow_log(ec2, vpcs["logged"])
    flow_log(ec2, vpcs["accepted"], "ACCEPT")
    check = "vpc-flow-logs"
    found = statuses(scan(check), check)
    assert [of(found, vpcs[name]) for name in vpcs] == ["pass", "fail", "fail"]

    def broken(answer: dict[str, Any]) -> dict[str, Any]:
        logs = [{**log, "DeliverLogsStatus": "FAILED"} for log in answer["FlowLogs"]]
        return {**answer, "FlowLogs": logs}

    answers["DescribeFlowLogs"] = broken
    assert of(statuses(scan(check), check), vpcs["logged"]) == "fail"
    deny("DescribeFlowLogs")
    assert set(statuses(scan(check), check).values()) == {"unknown"}


def _named(kind: str, name: str) -> dict[str, Any]:
    return {"ResourceType": kind, "Tags": [{"Key": "Name", "Value": name}]}


@pytest.mark.parametrize(
    ("log", "status"),
    [
        ("{ResourceId: !Ref Network, ResourceType: VPC, TrafficType: REJECT}", "pass"),
        ("{ResourceId: !Ref Network, ResourceType: VPC, TrafficType: ACCEPT}", "fail"),
        ("{ResourceId: !Ref Network, ResourceType: VPC, TrafficType: !Ref Traffic}", "unknown"),
        ("{ResourceId: !Ref Traffic, ResourceType: VPC, TrafficType: ALL}", "unknown"),
        ("{ResourceId: !Ref Subnet, ResourceType: Subnet, TrafficType: ALL}", "unknown"),
    ],
)
def test_flow_logs_in_templates(log: str, status: str, tmp_path: Path) -> None:
    text = f"""
Parameters: {{Traffic: {{Type: String}}}}
Resources:
  Network: {{Type: AWS::EC2::VPC, Properties: {{CidrBlock: 10.0.0.0/16}}}}
  Subnet: {{Type: AWS::EC2::Subnet, Properties: {{VpcId: !Ref Network, CidrBlock: 10.0.0.0/24}}}}
  Log: {{Type: AWS::EC2::FlowLog, Properties: {log}}}
"""
    assert statuses(template(tmp_path, text), "vpc-flow-logs") == {"Network": status}


def test_a_template_without_flow_logs_is_unknown(tmp_path: Path) -> None:
    text = "Resources: {Network: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16}}}"
    assert statuses(template(tmp_path, text), "vpc-flow-logs") == {"Network": "unknown"}
    assert statuses(template(tmp_path, text), "vpc-s3-gateway-endpoint-missing") == {"Network": "unknown"}


# --- S3 endpoint ----------------------------------------------------------------------------------------------------


def test_s3_endpoint_live(aws: Any, scan: Any, deny: Any) -> None:
    ec2 = aws("ec2")

    def network(name: str, *, used: bool, services: tuple[str, ...] = (), kind: str = "Gateway") -> None:
        vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16", TagSpecifications=[_named("vpc", name)])["Vpc"]["VpcId"]
        subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.0.1.0/24")["Subnet"]["SubnetId"]
        table = ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"]
        if used:
            ec2.run_instances(ImageId=IMAGE, InstanceType="t3.micro", MinCount=1, MaxCount=1, SubnetId=subnet)
        for service in services:
            where = {"RouteTableIds": [table]} if kind == "Gateway" else {"SubnetIds": [subnet]}
            name = f"com.amazonaws.us-east-1.{service}"
            ec2.create_vpc_endpoint(VpcId=vpc, ServiceName=name, VpcEndpointType=kind, **where)

    network("gateway", used=True, services=("s3",))
    network("other", used=True, services=("dynamodb",))
    network("bare", used=True)
    network("empty", used=False)
    check = "vpc-s3-gateway-endpoint-missing"
    found = by_title(judge(scan(check), check))
    assert {title.partition(" ")[0]: status for title, status in found.items() if "(" in title} == {
        "gateway": "pass",
        "other": "fail",
        "bare": "fail",
        "empty": "pass",
    }
    deny("DescribeVpcEndpoints")
    assert set(statuses(scan(check), check).values()) == {"unknown"}


@pytest.mark.parametrize(
    ("endpoint", "status"),
    [
        ("{VpcId: !Ref Network, ServiceName: com.amazonaws.eu-west-1.s3, RouteTableIds: [rtb-1]}", "pass"),
        ("{VpcId: !Ref Network, ServiceName: com.amazonaws.eu-west-1.s3}", "fail"),
        ("{VpcId: !Ref Network, ServiceName: com.amazonaws.eu-west-1.s3, RouteTableIds: !Ref Tables}", "unknown"),
        ("{VpcId: !Ref Network, ServiceName: !Ref Service, RouteTableIds: [rtb-1]}", "unknown"),
        (
            "{VpcId: !Ref Network, ServiceName: !Join ['.', [com.amazonaws, !Ref AWS::Region, s3]],"
            " RouteTableIds: [rtb-1]}",
            "pass",
        ),
        ("{VpcId: !Ref Network, VpcEndpointType: Interface, ServiceName: com.amazonaws.eu-west-1.s3}", "unknown"),
        ("{VpcId: vpc-12345678, ServiceName: com.amazonaws.eu-west-1.s3, RouteTableIds: [rtb-1]}", "unknown"),
    ],
)
def test_s3_endpoint_in_templates(endpoint: str, status: str, tmp_path: Path) -> None:
    text = f"""
Parameters: {{Service: {{Type: String}}, Tables: {{Type: CommaDelimitedList}}}}
Resources:
  Network: {{Type: AWS::EC2::VPC, Properties: {{CidrBlock: 10.0.0.0/16}}}}
  ToS3: {{Type: AWS::EC2::VPCEndpoint, Properties: {endpoint}}}
"""
    assert statuses(template(tmp_path, text), "vpc-s3-gateway-endpoint-missing") == {"Network": status}
