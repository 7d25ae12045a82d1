"""Where the money is: by resource, service and team."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.config import Config
from auditor.costs import Ledger, team_of
from auditor.inventory import Inventory
from auditor.pricing.saving import Kind, Saving
from auditor.pricing.totals import total
from auditor.raw import Collected, Raw, Scope
from auditor.report import load
from auditor.resources.autoscaling import AutoScalingGroup
from auditor.resources.kinesis import Stream
from auditor.scan import scan_templates
from auditor.sources.account.origin import LiveOrigin
from auditor.utilisation.services.kinesis import StreamTraffic
from auditor.values import Unknown
from tests.support import hcl, template
from tests.usage import usage

KEYS = ("team", "owner")

TEMPLATE = """
Resources:
  Training:
    Type: AWS::EC2::Instance
    Properties:
      InstanceType: p3.8xlarge
      Tags: [{Key: Team, Value: vision}, {Key: Owner, Value: ada}, {Key: Workload, Value: training}]
  Disk:
    Type: AWS::EC2::Volume
    Properties: {Size: 500, VolumeType: gp2, AvailabilityZone: us-east-1a, Tags: [{Key: owner, Value: ada}]}
  Notebook:
    Type: AWS::SageMaker::NotebookInstance
    Properties: {InstanceType: ml.t3.medium, RoleArn: role}
"""


def saving(low: float, high: float, kind: Kind = "", as_of: str = "2026-07-01") -> Saving:
    return Saving(low, high, "arithmetic", "list", as_of, "low" if kind == "spot" else "high", kind)


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Ledger:
    return Ledger(Inventory(template(tmp_path_factory.mktemp("costs"), TEMPLATE, region="us-east-1")), KEYS)


def address(ledger: Ledger, name: str) -> str:
    return next(address for address in ledger.costs if address.endswith(f"#{name}"))


def test_shares_add_up_and_say_how_sure_they_are(ledger: Ledger) -> None:
    training, disk = address(ledger, "Training"), address(ledger, "Disk")
    found = [
        (training, "gpu-idle", saving(8000, 8000, "idle")),
        (training, "gpu-spot", saving(0, 7000, "spot")),
        (disk, "gp2", saving(5, 10, as_of="2024")),
        (disk, "gp2", saving(1, 2)),
    ]
    view = ledger.view(found, running=False)
    saved = view.savings
    assert (saved.low, saved.high) == (8006, 8012)
    assert [(share.name, share.high) for share in saved.top] == [(training, 8000), (disk, 12)]
    assert [(share.name, share.high) for share in saved.teams] == [("vision", 8000), ("ada", 12)]
    (ec2,) = saved.services
    assert (ec2.name, ec2.low, ec2.high, ec2.resources, ec2.as_of) == ("EC2", 8006, 8012, 2, "2024")
    assert ec2.confidence == {"high": 8012}
    assert ec2.kinds == {"idle": 8000, "": 12}
    assert ec2.checks == ("gpu-idle", "gp2")
    assert view.running is None


def test_no_share_exceeds_what_the_resource_costs(ledger: Ledger) -> None:
    disk = address(ledger, "Disk")
    (share,) = ledger.view([(disk, "gp2", saving(900, 1000))], running=False).savings.top
    assert share.low == share.high == ledger.costs[disk].high == 50


usd = st.floats(0, 1e5)
names, checks = st.sampled_from(["Training", "Disk", "Notebook"]), st.sampled_from(["one", "other"])
kinds = st.sampled_from(get_args(Kind))


@given(drawn=st.lists(st.tuples(names, checks, kinds, usd, usd)))
def test_however_it_is_broken_down_it_adds_up(ledger: Ledger, drawn: list[tuple[str, str, Kind, float, float]]) -> None:
    found = [
        (address(ledger, name), check, saving(min(one, other), max(one, other), kind))
        for name, check, kind, one, other in drawn
    ]
    saved = ledger.view(found, running=False).savings
    assert (saved.low, saved.high) == total(found, {one: cost.high for one, cost in ledger.costs.items()})
    for shares in (saved.top, saved.services, saved.teams):
        assert sum(share.low for share in shares) == pytest.approx(saved.low, abs=0.05)
        assert sum(share.high for share in shares) == pytest.approx(saved.high, abs=0.05)
        assert sum(sum(share.confidence.values()) for share in shares) == pytest.approx(saved.high, abs=0.05)
        assert [share.high for share in shares] == sorted((share.high for share in shares), reverse=True)
    assert all(share.high <= ledger.costs[str(share.name)].high + 0.01 for share in saved.top)


def test_templates_say_what_they_cost_if_always_on(ledger: Ledger) -> None:
    running = ledger.view([], running=True).running
    assert running is not None
    assert running.high == pytest.approx(sum(cost.high for cost in ledger.costs.values()), abs=0.01)
    assert [share.name for share in running.services] == ["EC2", "SageMaker"]
    assert [share.name for share in running.teams] == ["vision", "ada", ""]
    assert running.high == pytest.approx(sum(share.high for share in running.teams), abs=0.01)


def test_the_team_is_told_or_said_to_be_missing_or_not_known(tmp_path: Path) -> None:
    collected = template(tmp_path, TEMPLATE)
    tagged = {raw.id: raw.properties for raw in collected.raws}
    tagged["Training"]["Tags"] = Unknown("not collected")  # type: ignore[index]
    teams = {one.raw.id: team_of(one, KEYS) for one in Inventory(collected).resources}
    assert [teams[name] for name in ("Training", "Disk", "Notebook")] == [None, "ada", ""]


def test_tags_that_nobody_collects_are_not_known() -> None:
    job = Raw(
        "api:SageMaker::TrainingJob", "job", {}, Scope("1/r", "account"), LiveOrigin("t", "job", "1", "r"), "live"
    )
    (resource,) = Inventory(Collected([job])).resources
    assert team_of(resource, KEYS) is None


def test_the_team_is_the_resource_s_not_that_of_what_was_measured_of_it() -> None:
    scope, origin = (
        Scope("1/eu-west-1", "account", "1", "eu-west-1"),
        LiveOrigin(Stream.cfn, "clicks", "1", "eu-west-1"),
    )
    tags = [{"Key": "Team", "Value": "web"}]
    stream = Raw(Stream.cfn, "clicks", {"StreamName": "clicks", "Tags": tags}, scope, origin, "live")
    load = usage(StreamTraffic, stream, incoming_bytes=5.0)
    ledger = Ledger(Inventory(Collected([stream, load])), KEYS)
    (resource, measured) = Inventory(Collected([stream, load])).resources
    assert measured.address == resource.address
    savings = ledger.view([(resource.address, "shards", saving(1, 2))], running=False).savings
    assert [share.name for share in (*savings.services, *savings.teams)] == ["Kinesis", "web"]


def test_a_report_has_it_and_keeps_it(tmp_path: Path) -> None:
    (tmp_path / "ml.yaml").write_text(TEMPLATE)
    config = Config(region="us-east-1", select=("cost",), team_tags=("owner",))
    report = scan_templates([str(tmp_path / "ml.yaml")], config)
    assert report.costs is not None
    savings = report.costs.savings
    assert (savings.low, savings.high) == (report.summary.saving_low, report.summary.saving_high)
    assert savings.high > 0
    assert {share.name for share in savings.teams} <= {"ada", ""}
    assert "ada" in {share.name for share in savings.teams}
    (tmp_path / "report.json").write_text(report.to_json())
    assert load(str(tmp_path / "report.json")).costs == report.costs


def test_the_team_of_an_auto_scaling_group(tmp_path: Path) -> None:
    text = """
resource "aws_autoscaling_group" "workers" {
  min_size = 1
  max_size = 4
  tag {
    key                 = "team"
    value               = "vision"
    propagate_at_launch = true
  }
}
"""
    found = [one for one in Inventory(hcl(tmp_path, text)).resources if isinstance(one, AutoScalingGroup)]
    assert [team_of(one, KEYS) for one in found] == ["vision"]
