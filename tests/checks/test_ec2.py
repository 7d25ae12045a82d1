"""Checks of instances, launch templates and volumes, on a simulated account and on templates."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from auditor.config import Config
from tests.support import hcl, judge, statuses, template

IMAGE = "ami-12c6146b"


@pytest.fixture
def network(aws: Any) -> dict[str, str]:
    """A public and a private subnet of one VPC."""
    ec2 = aws("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    subnets = {
        name: ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.0.{number}.0/24")["Subnet"]["SubnetId"]
        for number, name in enumerate(("public", "private"))
    }
    ec2.modify_subnet_attribute(SubnetId=subnets["public"], MapPublicIpOnLaunch={"Value": True})
    gateway = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=vpc)
    table = ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"]
    ec2.create_route(RouteTableId=table, DestinationCidrBlock="0.0.0.0/0", GatewayId=gateway)
    ec2.associate_route_table(RouteTableId=table, SubnetId=subnets["public"])
    return subnets


@pytest.fixture
def start(aws: Any, network: dict[str, str]) -> Any:
    """Starts an instance, and gives its id: `start("p3.2xlarge", "public", workload="training")`."""

    def started(kind: str, subnet: str = "private", **tags: str) -> str:
        pairs = [{"Key": key, "Value": value} for key, value in tags.items()]
        specs = [{"ResourceType": "instance", "Tags": pairs}] if pairs else []
        answer = aws("ec2").run_instances(
            ImageId=IMAGE,
            MinCount=1,
            MaxCount=1,
            InstanceType=kind,
            SubnetId=network[subnet],
            TagSpecifications=specs,
        )
        number: str = answer["Instances"][0]["InstanceId"]
        return number

    return started


def by_id(found: dict[str, Any]) -> dict[str, Any]:
    return {arn.rpartition("/")[2]: status for arn, status in found.items()}


# --- public addresses -----------------------------------------------------------------------------------------------


def test_public_ip_live(aws: Any, start: Any, scan: Any, deny: Any) -> None:
    public, private, elastic, gone = (start("t3.micro", where) for where in ("public", "private", "private", "public"))
    ec2 = aws("ec2")
    allocation = ec2.allocate_address(Domain="vpc")["AllocationId"]
    ec2.associate_address(AllocationId=allocation, InstanceId=elastic)
    ec2.terminate_instances(InstanceIds=[gone])
    check = "ec2-instance-public-ip"
    assert by_id(statuses(scan(check), check)) == {public: "fail", private: "pass", elastic: "fail"}
    deny("DescribeInstances")
    collected = scan(check)
    assert statuses(collected, check) == {}
    assert [gap.types for gap in collected.gaps] == [("AWS::EC2::Instance",)]


@pytest.mark.parametrize(
    ("properties", "status"),
    [
        ("{SubnetId: !Ref Public}", "fail"),
        ("{SubnetId: !Ref Private}", "pass"),
        ("{SubnetId: subnet-12345678}", "unknown"),
        ("{SubnetId: !Ref Where}", "unknown"),
        ("{InstanceType: t3.micro}", "unknown"),
        ("{SubnetId: !If [Open, !Ref Public, !Ref Private]}", "unknown"),
        ("{NetworkInterfaces: [{DeviceIndex: '0', SubnetId: !Ref Public}]}", "fail"),
        (
            "{NetworkInterfaces: [{DeviceIndex: '0', SubnetId: !Ref Public, AssociatePublicIpAddress: false}]}",
            "pass",
        ),
        ("{NetworkInterfaces: [{DeviceIndex: '0', AssociatePublicIpAddress: !Ref Flag}]}", "unknown"),
        ("{NetworkInterfaces: [{DeviceIndex: '0', NetworkInterfaceId: eni-12345678}]}", "unknown"),
        ("{LaunchTemplate: {LaunchTemplateId: !Ref Outside, Version: '1'}}", "fail"),
        ("{LaunchTemplate: {LaunchTemplateName: outside, Version: '1'}}", "fail"),
        ("{LaunchTemplate: {LaunchTemplateId: lt-12345678, Version: '1'}}", "unknown"),
        ("{LaunchTemplate: {LaunchTemplateId: !Ref Outside, Version: '1'}, SubnetId: !Ref Private}", "fail"),
    ],
)
def test_public_ip_in_templates(properties: str, status: str, tmp_path: Path) -> None:
    text = f"""
Parameters: {{Where: {{Type: String}}, Flag: {{Type: String}}, Stage: {{Type: String}}}}
Conditions: {{Open: !Equals [!Ref Stage, dev]}}
Resources:
  Public: {{Type: AWS::EC2::Subnet, Properties: {{VpcId: vpc-1, MapPublicIpOnLaunch: 'true'}}}}
  Private: {{Type: AWS::EC2::Subnet, Properties: {{VpcId: vpc-1}}}}
  Outside:
    Type: AWS::EC2::LaunchTemplate
    Properties:
      LaunchTemplateName: outside
      LaunchTemplateData: {{NetworkInterfaces: [{{DeviceIndex: 0, AssociatePublicIpAddress: true}}]}}
  Server: {{Type: AWS::EC2::Instance, Properties: {properties}}}
"""
    assert statuses(template(tmp_path, text), "ec2-instance-public-ip") == {"Server": status}


def test_an_address_for_an_instance_declared_elsewhere(tmp_path: Path) -> None:
    text = "Resources: {Address: {Type: AWS::EC2::EIP, Properties: {InstanceId: i-12345678}}}"
    assert statuses(template(tmp_path, text), "ec2-instance-public-ip") == {"Address": "fail"}
    text = "Resources: {Address: {Type: AWS::EC2::EIP, Properties: {Domain: vpc}}}"
    assert statuses(template(tmp_path, text), "ec2-instance-public-ip") == {}


_INTERFACE = """
resource "aws_subnet" "private" {
  vpc_id = "vpc-1"
  cidr_block = "10.0.0.0/24"
}
resource "aws_network_interface" "own" {
  subnet_id = aws_subnet.private.id
}
resource "aws_instance" "trainer" {
  %s
}
"""
_FIRST = "network_interface {\n network_interface_id = aws_network_interface.own.id\n device_index = 0\n }"
_ADDRESS = 'resource "aws_eip" "one" {\n %s\n}\n'
_ATTACHED = """
resource "aws_network_interface_attachment" "second" {
  instance_id = aws_instance.trainer.id
  network_interface_id = aws_network_interface.own.id
  device_index = 1
}
"""
_ASSOCIATED = """
resource "aws_eip_association" "one" {
  allocation_id = aws_eip.one.id
  network_interface_id = aws_network_interface.own.id
}
"""


@pytest.mark.parametrize(
    ("instance", "address", "more", "status"),
    [
        (_FIRST, "network_interface = aws_network_interface.own.id", "", "fail"),
        (_FIRST, "", _ASSOCIATED, "fail"),
        (_FIRST, "", "", "pass"),
        ("subnet_id = aws_subnet.private.id", "network_interface = aws_network_interface.own.id", _ATTACHED, "fail"),
        ("subnet_id = aws_subnet.private.id", "network_interface = aws_network_interface.own.id", "", "pass"),
        (
            "subnet_id = aws_subnet.private.id",
            "network_interface = aws_instance.trainer.primary_network_interface_id",
            "",
            "fail",
        ),
    ],
)
def test_the_address_of_an_interface(instance: str, address: str, more: str, status: str, tmp_path: Path) -> None:
    text = _INTERFACE % instance + _ADDRESS % address + more
    assert statuses(hcl(tmp_path, text), "ec2-instance-public-ip") == {"aws_instance.trainer": status}


# --- GPUs -----------------------------------------------------------------------------------------------------------


def test_gpu_public_subnet_live(start: Any, scan: Any, deny: Any, answers: dict[str, Any]) -> None:
    outside, inside, chip, small = (
        start("g5.xlarge", "public"),
        start("g5.xlarge", "private"),
        start("trn1.2xlarge", "public"),
        start("t3.micro", "public"),
    )
    check = "ec2-gpu-public-subnet"
    expected = {outside: "fail", inside: "pass", chip: "fail", small: "pass"}
    assert by_id(statuses(scan(check), check)) == expected

    def without_gateway(answer: dict[str, Any]) -> dict[str, Any]:
        for table in answer["RouteTables"]:
            for route in table["Routes"]:
                route["State"] = "active" if route.get("GatewayId") == "local" else "blackhole"
        return answer

    answers["DescribeRouteTables"] = without_gateway
    assert set(statuses(scan(check), check).values()) == {"pass"}
    deny("DescribeRouteTables")
    verdicts = by_id(judge(scan(check), check))
    assert verdicts[outside].status == "unknown"
    assert "DescribeRouteTables was denied" in verdicts[outside].reason
    assert verdicts[small].status == "pass"


@pytest.mark.parametrize(
    ("route", "status"),
    [
        ("{RouteTableId: !Ref Table, DestinationCidrBlock: 0.0.0.0/0, GatewayId: !Ref Gateway}", "fail"),
        ("{RouteTableId: !Ref Table, DestinationIpv6CidrBlock: '::/0', GatewayId: igw-12345678}", "fail"),
        ("{RouteTableId: !Ref Table, DestinationCidrBlock: 0.0.0.0/0, NatGatewayId: nat-12345678}", "pass"),
        ("{RouteTableId: !Ref Table, DestinationCidrBlock: 10.9.0.0/16, GatewayId: !Ref Gateway}", "pass"),
        ("{RouteTableId: !Ref Table, DestinationCidrBlock: 0.0.0.0/0, GatewayId: vgw-12345678}", "pass"),
        ("{RouteTableId: !Ref Table, DestinationCidrBlock: 0.0.0.0/0, GatewayId: !Ref Outside}", "unknown"),
        ("{RouteTableId: !Ref Outside, DestinationCidrBlock: 0.0.0.0/0, GatewayId: !Ref Gateway}", "unknown"),
        ("{RouteTableId: rtb-1, DestinationCidrBlock: 0.0.0.0/0, GatewayId: !Ref Gateway}", "pass"),
    ],
)
def test_gpu_public_subnet_in_templates(route: str, status: str, tmp_path: Path) -> None:
    text = f"""
Parameters: {{Outside: {{Type: String}}}}
Resources:
  Gateway: {{Type: AWS::EC2::InternetGateway}}
  Table: {{Type: AWS::EC2::RouteTable, Properties: {{VpcId: vpc-1}}}}
  Route: {{Type: AWS::EC2::Route, Properties: {route}}}
  Subnet: {{Type: AWS::EC2::Subnet, Properties: {{VpcId: vpc-1, CidrBlock: 10.0.0.0/24}}}}
  Chosen:
    Type: AWS::EC2::SubnetRouteTableAssociation
    Properties: {{SubnetId: !Ref Subnet, RouteTableId: !Ref Table}}
  Trainer: {{Type: AWS::EC2::Instance, Properties: {{InstanceType: p3.2xlarge, SubnetId: !Ref Subnet}}}}
"""
    assert statuses(template(tmp_path, text), "ec2-gpu-public-subnet") == {"Trainer": status}


def test_a_subnet_without_a_route_table_here_is_unknown(tmp_path: Path) -> None:
    text = """
Resources:
  Subnet: {Type: AWS::EC2::Subnet, Properties: {VpcId: vpc-1, CidrBlock: 10.0.0.0/24}}
  Trainer: {Type: AWS::EC2::Instance, Properties: {InstanceType: p3.2xlarge, SubnetId: !Ref Subnet}}
"""
    assert statuses(template(tmp_path, text), "ec2-gpu-public-subnet") == {"Trainer": "unknown"}


def test_previous_generation_live(start: Any, aws: Any, scan: Any, answers: dict[str, Any]) -> None:
    old, new = start("p3.2xlarge"), start("g5.xlarge")
    check = "ec2-gpu-previous-generation"
    verdicts = by_id(judge(scan(check), check))
    assert {number: verdict.status.value for number, verdict in verdicts.items()} == {old: "fail", new: "pass"}
    (finding,) = verdicts[old].findings
    assert finding.saving and finding.saving.low == 0 < finding.saving.high
    aws("ec2").stop_instances(InstanceIds=[old])
    (finding,) = by_id(judge(scan(check), check))[old].findings
    assert finding.saving is None
    assert "depends on the hours it runs" in finding.message

    def renamed(answer: dict[str, Any]) -> dict[str, Any]:
        for reservation in answer["Reservations"]:
            for instance in reservation["Instances"]:
                instance["InstanceType"] = "q9.xlarge"
        return answer

    answers["DescribeInstances"] = renamed
    assert set(statuses(scan(check), check).values()) == {"unknown"}


@pytest.mark.parametrize(
    ("kind", "status"),
    [("g4ad.xlarge", "fail"), ("p3dn.24xlarge", "fail"), ("p4d.24xlarge", "pass"), ("!Ref Kind", "unknown")],
)
def test_previous_generation_in_templates(kind: str, status: str, tmp_path: Path) -> None:
    text = f"""
Parameters: {{Kind: {{Type: String}}}}
Resources:
  Template: {{Type: AWS::EC2::LaunchTemplate, Properties: {{LaunchTemplateData: {{InstanceType: {kind}}}}}}}
  Server: {{Type: AWS::EC2::Instance, Properties: {{LaunchTemplate: {{LaunchTemplateId: !Ref Template}}}}}}
"""
    collected = template(tmp_path, text, region="eu-west-1")
    assert statuses(collected, "ec2-gpu-previous-generation") == {"Template": status, "Server": status}


def test_spot_candidate_live(aws: Any, start: Any, scan: Any, deny: Any, answers: dict[str, Any]) -> None:
    marked = start("g5.xlarge", workload="Training")
    named = start("g5.xlarge", Name="batch-worker-1")
    serving = start("g5.xlarge", Name="constraint-solver", role="inference")
    cpu = start("m5.xlarge", workload="training")
    check = "ec2-gpu-spot-candidate"
    verdicts = by_id(judge(scan(check), check))
    expected = {marked: "fail", named: "fail", serving: "pass", cpu: "pass"}
    assert {number: verdict.status.value for number, verdict in verdicts.items()} == expected
    assert verdicts[marked].findings[0].saving
    aws("ec2").stop_instances(InstanceIds=[marked])
    assert by_id(judge(scan(check), check))[marked].findings[0].saving is None

    def on_spot(answer: dict[str, Any]) -> dict[str, Any]:
        for reservation in answer["Reservations"]:
            for instance in reservation["Instances"]:
                instance["InstanceLifecycle"] = "spot"
        return answer

    answers["DescribeInstances"] = on_spot
    assert set(statuses(scan(check), check).values()) == {"pass"}
    deny("DescribeInstances")
    assert scan(check).gaps


def test_the_words_for_interruptible_work_can_be_set(tmp_path: Path) -> None:
    text = """
Resources:
  Server: {Type: AWS::EC2::Instance, Properties: {InstanceType: g5.xlarge, Tags: [{Key: Purpose, Value: rendering}]}}
"""
    check, collected = "ec2-gpu-spot-candidate", template(tmp_path, text)
    assert statuses(collected, check) == {"Server": "pass"}
    assert statuses(collected, check, Config(interruptible_tags=("rendering",))) == {"Server": "fail"}


@pytest.mark.parametrize(
    ("group", "market", "status"),
    [
        ("LaunchTemplate: {LaunchTemplateId: !Ref Workers, Version: '1'}", "", "fail"),
        ("LaunchTemplate: {LaunchTemplateName: workers, Version: '1'}", "", "fail"),
        ("LaunchTemplate: {LaunchTemplateId: !Ref Workers}", "InstanceMarketOptions: {MarketType: spot},", "pass"),
        ("LaunchTemplate: {LaunchTemplateId: !Ref Workers}", "InstanceMarketOptions: {MarketType: !Ref M},", "unknown"),
        (
            "MixedInstancesPolicy: {LaunchTemplate: {LaunchTemplateSpecification: {LaunchTemplateId: !Ref Workers}}}",
            "",
            "unknown",
        ),
    ],
)
def test_spot_candidate_of_a_launch_template(group: str, market: str, status: str, tmp_path: Path) -> None:
    text = f"""
Parameters: {{M: {{Type: String}}}}
Resources:
  Workers:
    Type: AWS::EC2::LaunchTemplate
    Properties:
      LaunchTemplateName: workers
      LaunchTemplateData:
        {{InstanceType: g5.xlarge, {market}
         TagSpecifications: [{{ResourceType: instance, Tags: [{{Key: workload, Value: batch}}]}}]}}
  Group: {{Type: AWS::AutoScaling::AutoScalingGroup, Properties: {{{group}, MinSize: '0', MaxSize: '1'}}}}
"""
    assert statuses(template(tmp_path, text), "ec2-gpu-spot-candidate") == {"Workers": status}


# --- volumes --------------------------------------------------------------------------------------------------------

VOLUME_CHECKS = ("ebs-volume-encryption", "ebs-volume-gp2", "ebs-volume-unattached")


@pytest.mark.parametrize("check", VOLUME_CHECKS)
def test_volumes_live(check: str, aws: Any, start: Any, scan: Any, deny: Any, answers: dict[str, Any]) -> None:
    ec2 = aws("ec2")
    server = start("t3.micro")
    zone = ec2.describe_instances(InstanceIds=[server])["Reservations"][0]["Instances"][0]["Placement"]
    where = {"AvailabilityZone": zone["AvailabilityZone"]}
    bad = ec2.create_volume(**where, Size=100, VolumeType="gp2")["VolumeId"]
    good = ec2.create_volume(**where, Size=100, VolumeType="gp3", Encrypted=True)["VolumeId"]
    ec2.attach_volume(VolumeId=good, InstanceId=server, Device="/dev/sdf")
    verdicts = by_id(judge(scan(check), check))
    assert (verdicts[bad].status, verdicts[good].status) == ("fail", "pass")
    assert server not in verdicts  # its volumes are judged themselves
    saving = {"ebs-volume-gp2": 2.0, "ebs-volume-unattached": 10.0}
    found = verdicts[bad].findings[0].saving
    assert (found.high if found else None) == saving.get(check)

    def without(answer: dict[str, Any]) -> dict[str, Any]:
        for volume in answer["Volumes"]:
            volume["VolumeType"] = "gp9"
        return answer

    answers["DescribeVolumes"] = without
    if check == "ebs-volume-unattached":
        (finding,) = by_id(judge(scan(check), check))[bad].findings
        assert finding.saving is None
        assert "depends on the price of gp9" in finding.message
    deny("DescribeVolumes")
    collected = scan(check)
    assert statuses(collected, check) == {}
    assert ("AWS::EC2::Volume",) in [gap.types for gap in collected.gaps]


@pytest.mark.parametrize(
    ("properties", "encrypted", "gp2"),
    [
        ("{Size: 10, Encrypted: true, VolumeType: gp3}", "pass", "pass"),
        ("{Size: 10, Encrypted: 'true', VolumeType: io2}", "pass", "pass"),
        ("{Size: 10}", "fail", "fail"),
        ("{Size: !Ref Value}", "fail", "fail"),
        ("{Size: 10, Encrypted: !Ref Value, VolumeType: !Ref Value}", "unknown", "unknown"),
        ("{SnapshotId: snap-12345678}", "unknown", "fail"),
        ("{SnapshotId: snap-12345678, Encrypted: false}", "fail", "fail"),
        ("{Encrypted: !If [Open, true, 'true'], VolumeType: !If [Open, gp2, !Ref AWS::NoValue]}", "pass", "fail"),
        ("{Encrypted: !If [Open, true, false], VolumeType: !If [Open, gp2, gp3]}", "unknown", "unknown"),
    ],
)
def test_volumes_in_templates(properties: str, encrypted: str, gp2: str, tmp_path: Path) -> None:
    text = f"""
Parameters: {{Value: {{Type: String}}, Stage: {{Type: String}}}}
Conditions: {{Open: !Equals [!Ref Stage, dev]}}
Resources: {{Disk: {{Type: AWS::EC2::Volume, Properties: {properties}}}}}
"""
    collected = template(tmp_path, text)
    assert statuses(collected, "ebs-volume-encryption") == {"Disk": encrypted}
    assert statuses(collected, "ebs-volume-gp2") == {"Disk": gp2}


@pytest.mark.parametrize(
    ("mapping", "status"),
    [
        ("{DeviceName: /dev/xvda, Ebs: {VolumeType: gp2}}", "fail"),
        ("{DeviceName: /dev/xvda, Ebs: {VolumeSize: 10}}", "unknown"),
        ("{DeviceName: /dev/xvda, Ebs: {VolumeSize: 10}}, {DeviceName: /dev/sdf, Ebs: {VolumeType: gp2}}", "fail"),
        ("{DeviceName: /dev/xvda, Ebs: {VolumeType: gp3}}", "pass"),
        ("{DeviceName: /dev/sdb, VirtualName: ephemeral0}", None),
    ],
)
def test_gp2_in_block_devices(mapping: str, status: str | None, tmp_path: Path) -> None:
    text = f"Resources: {{Server: {{Type: AWS::EC2::Instance, Properties: {{BlockDeviceMappings: [{mapping}]}}}}}}"
    found = statuses(template(tmp_path, text), "ebs-volume-gp2")
    assert found == ({"Server": status} if status else {})
