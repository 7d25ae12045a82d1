"""Adding up savings, and what templates cost if they always run."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from auditor.cli.diff import command
from auditor.config import Config
from auditor.inventory import Inventory
from auditor.pricing.monthly import costs
from auditor.pricing.saving import Kind, Saving
from auditor.pricing.totals import of_one, total
from auditor.scan import scan_templates
from tests.support import template

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
