"""Adding up savings, and what templates cost if they always run."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from auditor.cli.diff import command
from auditor.config import Config
from auditor.costs import Ledger
from auditor.inventory import Inventory
from auditor.pricing.monthly import costs, groups, payers
from auditor.pricing.saving import Kind, Saving
from auditor.pricing.totals import of_one, total
from auditor.raw import Collected, Raw, Scope
from auditor.scan import scan_templates
from tests.builders import FileOrigin
from tests.checks.by_hand import account, arn, live
from tests.support import hcl, template

KINDS: tuple[Kind, ...] = ("idle", "oversize", "spot", "commitment", "")


def saving(high: float, kind: Kind = "", low: float = 0.0) -> Saving:
    return Saving(low, high, "arithmetic with $", "list", "2026-07", "high", kind)


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        ([], (0, 0)),
        ([("gp2", saving(5))], (0, 5)),
        ([("oversize", saving(75, "oversize")), ("idle", saving(100, "idle", 100))], (100, 100)),
        ([("spot", saving(80, "spot")), ("smaller", saving(30, "oversize", 30))], (30, 30)),
        ([("plan", saving(40, "commitment")), ("spot", saving(70, "spot"))], (0, 70)),
        ([("plan", saving(40, "commitment")), ("gp2", saving(70))], (0, 40)),
        ([("idle", saving(0, "idle")), ("spot", saving(70, "spot"))], (0, 70)),
        ([("gp2", saving(5)), ("gp2", saving(6, low=1)), ("lifecycle", saving(9))], (1, 11)),
    ],
)
def test_of_several_on_one_resource_the_first_kind_counts(
    found: list[tuple[str, Saving]], expected: tuple[float, float]
) -> None:
    one = of_one(found)
    assert ((one.low, one.high) if one else (0, 0)) == expected


def test_resources_add_up() -> None:
    found = [("a", "idle", saving(10, "idle", 10)), ("a", "spot", saving(9, "spot")), ("b", "gp2", saving(5))]
    assert total(found) == (10, 15)
    assert total(found, {"b": 2}) == (10, 12)


@pytest.mark.parametrize(
    ("of_group", "of_members", "expected"),
    [
        ((60, 60), [(50, 50), (50, 50)], (100, 100)),
        ((20, 120), [(50, 50), (50, 50)], (20, 120)),
        ((0, 100), [(50, 50), (50, 50)], (100, 100)),
        ((20, 120), [], (20, 120)),
    ],
)
def test_a_group_and_its_instances_save_the_same_money_once(
    of_group: tuple[float, float], of_members: list[tuple[float, float]], expected: tuple[float, float]
) -> None:
    found = [("group", "scale", saving(of_group[1], "oversize", of_group[0]))]
    for number, (low, high) in enumerate(of_members):
        found.append((f"i-{number}", "idle", replace(saving(high, "idle", low), group="group")))
    found.append(("i-apart", "idle", saving(7, "idle", 7)))
    assert total(found) == (expected[0] + 7, expected[1] + 7)


def test_instances_belong_to_what_started_them() -> None:
    tags = {
        "aws:autoscaling:groupName": "web",
        "aws:elasticmapreduce:job-flow-id": "j-1",
        "eks:nodegroup-name": "gpu",
    }
    made = {
        arn("autoscaling", "autoScalingGroup:x:autoScalingGroupName/web"): (
            "AWS::AutoScaling::AutoScalingGroup",
            "web",
        ),
        arn("elasticmapreduce", "cluster/j-1"): ("AWS::EMR::Cluster", "j-1"),
        arn("eks", "nodegroup/ml/gpu"): ("AWS::EKS::Nodegroup", "ml/gpu"),
    }
    raws = [live(kind, id, {}, name) for id, (kind, name) in made.items()]
    for number, (key, value) in enumerate(tags.items()):
        pairs = [{"Key": key, "Value": value}, {"Key": "eks:cluster-name", "Value": "ml"}]
        raws.append(live("AWS::EC2::Instance", arn("ec2", f"instance/i-{number}"), {"Tags": pairs}))
    raws.append(live("AWS::EC2::Instance", arn("ec2", "instance/i-9"), {"Tags": []}))
    inventory = Inventory(account(*raws))
    assert list(groups(inventory).values()) == list(made)
    ledger = Ledger(inventory, ())
    node = arn("ec2", "instance/i-2")
    assert ledger.charged(saving(5), node).group == ledger.charged(replace(saving(5), payer=node), "else").group
    assert ledger.charged(saving(5), arn("ec2", "instance/i-9")).group == ""


prices = st.floats(0, 1e5)


@given(st.lists(st.tuples(st.sampled_from(["one", "other"]), st.sampled_from(KINDS), prices, prices)), prices)
def test_several_on_one_resource_never_add_up_to_more_than_it_costs(
    drawn: list[tuple[str, Kind, float, float]], cost: float
) -> None:
    found = [("r", check, saving(max(one, other), kind, min(one, other))) for check, kind, one, other in drawn]
    low, high = total(found, {"r": cost})
    assert 0 <= low <= high <= cost + 0.01


# --- if always on -----------------------------------------------------------------------------------------------------

GPU = """
Resources:
  Trainer:
    Type: AWS::EC2::Instance
    Properties: {InstanceType: p3.8xlarge, ImageId: ami-1}
"""
SMALL = GPU.replace("p3.8xlarge", "t3.micro")


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("AWS::EC2::Instance: {InstanceType: p3.8xlarge}", 8935.2, 8935.2),
        ("AWS::EC2::Volume: {Size: 500, VolumeType: gp3}", 40, 40),
        ("AWS::EC2::NatGateway: {SubnetId: subnet-1}", 32.85, 32.85),
        ("AWS::Kinesis::Stream: {ShardCount: 10}", 109.5, 109.5),
        ("AWS::SageMaker::NotebookInstance: {InstanceType: ml.t3.medium, RoleArn: r}", 36.5, 36.5),
        ("AWS::Redshift::Cluster: {NodeType: dc2.large, NumberOfNodes: 2}", 365, 365),
        (
            "AWS::EC2::Instance: {InstanceType: m5.large, BlockDeviceMappings: [{DeviceName: a, Ebs: {VolumeSize: 100, "
            "VolumeType: gp3}}]}",
            78.08,
            78.08,
        ),
    ],
)
def test_what_a_resource_costs(tmp_path: Path, text: str, low: float, high: float) -> None:
    kind, _, properties = text.partition(": ")
    found = template(
        tmp_path, f"Resources:\n  One:\n    Type: {kind}\n    Properties: {properties}\n", region="us-east-1"
    )
    (cost,) = costs(Inventory(found)).values()
    assert (cost.low, cost.high) == (pytest.approx(low), pytest.approx(high))
    assert "if always on" in cost.basis
    assert cost.source
    assert cost.as_of


@pytest.mark.parametrize(
    "properties",
    [
        "{InstanceType: x9.large}",
        "{InstanceType: !Ref Kind}",
        "{InstanceType: m5.large, BlockDeviceMappings: [{Ebs: {VolumeSize: 10, VolumeType: io1}}]}",
    ],
)
def test_what_is_not_known_has_no_cost(tmp_path: Path, properties: str) -> None:
    resource = f"{{Type: AWS::EC2::Instance, Properties: {properties}}}"
    text = f"Parameters: {{Kind: {{Type: String}}}}\nResources:\n  One: {resource}\n"
    assert costs(Inventory(template(tmp_path, text))) == {}


def test_a_figure_says_what_it_leaves_open(tmp_path: Path) -> None:
    text = "Resources: {One: {Type: AWS::EC2::Instance, Properties: {InstanceType: m5.large}}}"
    (cost,) = costs(Inventory(template(tmp_path, text))).values()
    assert cost.basis == (
        "730 hours of m5.large x $0.096 per hour = $70.08 a month if always on with Linux, without disks whose size or"
        " type the image decides; prices of us-east-1"
    )


def test_an_endpoint_and_a_group(tmp_path: Path) -> None:
    text = """
Resources:
  Config:
    Type: AWS::SageMaker::EndpointConfig
    Properties:
      ProductionVariants: [{VariantName: a, ModelName: m, InstanceType: ml.p3.2xlarge, InitialInstanceCount: 2}]
  Endpoint:
    Type: AWS::SageMaker::Endpoint
    Properties: {EndpointConfigName: !GetAtt Config.EndpointConfigName}
  Template:
    Type: AWS::EC2::LaunchTemplate
    Properties: {LaunchTemplateData: {InstanceType: m5.large}}
  Group:
    Type: AWS::AutoScaling::AutoScalingGroup
    Properties:
      LaunchTemplate: {LaunchTemplateId: !Ref Template, Version: "1"}
      MinSize: "1"
      MaxSize: "4"
"""
    found = costs(Inventory(template(tmp_path, text, region="us-east-1")))
    by_name = {address.rpartition("#")[2]: (cost.low, cost.high) for address, cost in found.items()}
    assert by_name == {"Endpoint": (5584.5, 5584.5), "Group": (70.08, 280.32)}


def test_an_endpoint_pays_for_its_configuration(tmp_path: Path) -> None:
    text = """
Resources:
  Config:
    Type: AWS::SageMaker::EndpointConfig
    Properties:
      ProductionVariants: [{VariantName: a, ModelName: m, InstanceType: ml.p3.2xlarge, InitialInstanceCount: 2}]
  Endpoint: {Type: AWS::SageMaker::Endpoint, Properties: {EndpointConfigName: !GetAtt Config.EndpointConfigName}}
"""
    (tmp_path / "app.yaml").write_text(text)
    config = Config(region="us-east-1", select=("sagemaker-endpoint-training-gpu",))
    found = scan_templates([str(tmp_path / "app.yaml")], config)
    (result,) = found.results
    assert result.saving
    assert result.resource.endswith("#Config")
    assert result.saving.payer.endswith("#Endpoint")
    assert 0 < found.summary.saving_high == result.saving.high


def report(folder: Path, name: str, text: str) -> Path:
    file = folder / "app.yaml"
    file.write_text(text)
    saved = folder / f"{name}.json"
    saved.write_text(scan_templates([str(file)], Config(region="us-east-1")).to_json())
    return saved


def test_the_difference_between_two_versions(tmp_path: Path) -> None:
    nothing = report(tmp_path, "nothing", "Resources:\n  Topic: {Type: AWS::SNS::Topic}\n")
    large, small = report(tmp_path, "large", GPU), report(tmp_path, "small", SMALL)

    def said(*files: Any) -> list[str]:
        return CliRunner().invoke(command, [str(file) for file in files]).output.splitlines()

    assert "cost if always on: +$8,935 a month, at list prices before discounts" in said(nothing, large)
    assert "    +$8,935 a month  Trainer" in said(nothing, large)
    assert "cost if always on: -$8,928 a month, at list prices before discounts" in said(large, small)
    assert "cost if always on: no change, at list prices before discounts" in said(large, large)


def test_a_scan_says_what_its_templates_cost(tmp_path: Path) -> None:
    (tmp_path / "app.yaml").write_text(GPU)
    found = scan_templates([str(tmp_path / "app.yaml")], Config(region="us-east-1"))
    assert (found.summary.cost_low, found.summary.cost_high) == (8935.2, 8935.2)


def test_terraform_keeps_the_root_disk_apart(tmp_path: Path) -> None:
    text = """
resource "aws_instance" "server" {
  ami           = "ami-1"
  instance_type = "m5.large"
  root_block_device {
    volume_type = "gp3"
    volume_size = 500
    throughput  = 225
  }
}
"""
    (cost,) = costs(Inventory(hcl(tmp_path, text, region="us-east-1"))).values()
    assert cost.high == pytest.approx(70.08 + 500 * 0.08 + 100 * 0.04)


def test_a_group_of_a_launch_configuration(tmp_path: Path) -> None:
    text = """
Resources:
  Old: {Type: AWS::AutoScaling::LaunchConfiguration, Properties: {ImageId: ami-1, InstanceType: m5.large}}
  Group:
    Type: AWS::AutoScaling::AutoScalingGroup
    Properties: {LaunchConfigurationName: !Ref Old, MinSize: "2", MaxSize: "2"}
"""
    (cost,) = costs(Inventory(template(tmp_path, text, region="us-east-1"))).values()
    assert cost.high == pytest.approx(2 * 70.08)


@pytest.mark.parametrize(
    ("kind", "properties", "on", "off"),
    [
        ("AWS::SageMaker::NotebookInstance", {"InstanceType": "ml.t3.medium"}, "InService", "Stopped"),
        ("AWS::Redshift::Cluster", {"NodeType": "dc2.large"}, "available", "paused"),
    ],
)
def test_what_is_stopped_costs_no_hours(kind: str, properties: dict[str, Any], on: str, off: str) -> None:
    def cost(status: str) -> bool:
        said = {**properties, "NotebookInstanceStatus": status, "ClusterStatus": status}
        return bool(costs(Inventory(account(live(kind, arn("a", "one"), said)))))

    assert cost(on)
    assert not cost(off)


def test_configurations_of_one_name_in_two_regions_have_payers_of_their_own() -> None:
    raws = []
    for region in ("us-east-1", "eu-west-1"):
        scope = Scope(f"1/{region}", "account", "1", region)
        for kind, said in (("EndpointConfig", {}), ("Endpoint", {"EndpointConfigName": "serving"})):
            id = f"arn:aws:sagemaker:{region}:1:{kind.lower()}/serving"
            raws.append(Raw(f"AWS::SageMaker::{kind}", id, said, scope, FileOrigin(), "live", names=("serving",)))
    found = payers(Inventory(Collected(raws=raws)))
    assert {config.split(":")[3]: endpoint.split(":")[3] for config, endpoint in found.items()} == {
        "us-east-1": "us-east-1",
        "eu-west-1": "eu-west-1",
    }
