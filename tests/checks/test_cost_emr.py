"""EMR clusters that cost more than they need to: live ones by hand, as moto ignores regions; templates."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from auditor.utilisation.services.emr import ClusterIdleness, ClusterMemory, ClusterStorage
from auditor.values import Unknown
from tests.checks.by_hand import OLD, Measured, account, arn, judged, live, measured, unmeasured
from tests.support import statuses, template

CLUSTER = arn("elasticmapreduce", "cluster/j-1")
NODE = 0.252 + 0.063  # r5.xlarge and EMR's uplift, an hour
GROUPS: Mapping[str, Any] = {
    "KeepJobFlowAliveWhenNoSteps": True,
    "MasterInstanceGroup": {"InstanceType": "r5.xlarge", "InstanceCount": 1, "Market": "ON_DEMAND"},
    "CoreInstanceGroup": {"InstanceType": "r5.xlarge", "InstanceCount": 3, "Market": "ON_DEMAND"},
    "TaskInstanceGroups": [{"InstanceType": "r5.xlarge", "InstanceCount": 5, "Market": "SPOT"}],
}
FLEETS: dict[str, Any] = {"KeepJobFlowAliveWhenNoSteps": True, "CoreInstanceFleet": {"TargetOnDemandCapacity": 8}}
STEP: dict[str, Any] = {
    "Name": "a",
    "HadoopJarStep": {"Jar": "command-runner.jar", "Args": ["spark-submit", "s3://code/a.py"]},
}


def cluster(**properties: Any) -> Any:
    said = {
        "Id": "j-1",
        "Status": {"State": "WAITING", "Timeline": {"CreationDateTime": OLD}},
        "Instances": GROUPS,
        "Steps": [],
        **properties,
    }
    return live("AWS::EMR::Cluster", CLUSTER, said, "j-1", "spark")


def verdict(check: str, usage: Measured | None = None, **properties: Any) -> Any:
    owner = cluster(**properties)
    raws = [owner] if usage is None else [owner, usage(owner)]
    return judged(account(*raws), check)[CLUSTER]


def idle(share: float) -> Measured:
    """Idle for the last share of each 100 hours."""
    return measured(ClusterIdleness, idle=lambda hour: float(hour % 100 >= 100 * (1 - share)))


def free(least: float) -> Measured:
    return measured(ClusterMemory, least_free=lambda hour: least if hour == 200 else 95.0, free=70.0)


def test_an_idle_cluster_costs_its_idle_hours() -> None:
    found = verdict("emr-cluster-idle", measured(ClusterIdleness, idle=1.0))
    (finding,) = found.findings
    assert finding.message == "did nothing in 100% of the hours of 7 days, and does nothing now"
    # The nodes on spot capacity are left out, as what they cost is not known.
    assert finding.saving.high == finding.saving.low == pytest.approx(4 * NODE * 730, rel=0.01)
    assert finding.saving.kind == "idle"


@pytest.mark.parametrize(
    ("usage", "properties", "status"),
    [
        (idle(0.3), {}, "pass"),
        (measured(ClusterIdleness, idle=lambda hour: float(hour < 330)), {}, "pass"),  # it works now
        (measured(ClusterIdleness, idle=1.0), {"Status": {"State": "STARTING"}}, "pass"),
        (measured(ClusterIdleness, idle=1.0), {"Instances": FLEETS}, "fail"),
        (measured(ClusterIdleness, idle=lambda hour: 1.0 if hour > 320 else None), {}, "unknown"),
        (
            measured(ClusterIdleness, idle=1.0),
            {"Status": {"State": "WAITING", "Timeline": {"CreationDateTime": datetime.now(UTC) - timedelta(days=2)}}},
            "unknown",
        ),
        (unmeasured(ClusterIdleness), {}, "unknown"),
    ],
)
def test_which_clusters_are_idle(usage: Measured, properties: dict[str, Any], status: str) -> None:
    found = verdict("emr-cluster-idle", usage, **properties)
    assert found.status.value == status
    assert all((finding.saving is None) == ("depends on" in finding.message) for finding in found.findings)


@pytest.mark.parametrize(("least", "status"), [(75, "fail"), (59, "pass"), (0, "pass")])
def test_memory_that_is_never_used(least: float, status: str) -> None:
    found = verdict("emr-cluster-oversized", free(least))
    assert found.status.value == status
    for finding in found.findings:
        assert finding.message == "used at most 25 % of its memory in 14 days"
        assert finding.saving.high == pytest.approx(3 * NODE * 730 * 0.55, rel=0.01)
        assert (finding.saving.kind, finding.saving.confidence) == ("oversize", "medium")


def test_memory_that_nobody_may_see() -> None:
    assert verdict("emr-cluster-oversized", unmeasured(ClusterMemory)).status.value == "unknown"
    few = measured(ClusterMemory, least_free=lambda hour: 90.0 if hour < 50 else None, free=90.0)
    assert verdict("emr-cluster-oversized", few).status.value == "unknown"


SCALING: dict[str, Any] = {"ManagedScalingPolicy": {"ComputeLimits": {"MaximumCapacityUnits": 9}}}
ENDING: dict[str, Any] = {"AutoTerminationPolicy": {"IdleTimeout": 3600}}
TRANSIENT: dict[str, Any] = {"Instances": {**GROUPS, "KeepJobFlowAliveWhenNoSteps": False}}
UNKNOWN = Unknown("elasticmapreduce:ListInstanceGroups was denied")


@pytest.mark.parametrize(
    ("check", "properties", "status"),
    [
        ("emr-scaling-missing", {}, "fail"),
        ("emr-scaling-missing", {"Instances": FLEETS}, "fail"),
        ("emr-scaling-missing", SCALING, "pass"),
        ("emr-scaling-missing", TRANSIENT, "pass"),
        ("emr-scaling-missing", {"Applications": [{"Name": "HBase"}]}, "pass"),
        ("emr-scaling-missing", {"ManagedScalingPolicy": UNKNOWN}, "unknown"),
        ("emr-auto-termination-missing", {}, "fail"),
        ("emr-auto-termination-missing", ENDING, "pass"),
        ("emr-auto-termination-missing", TRANSIENT, "pass"),
        ("emr-auto-termination-missing", {"AutoTerminationPolicy": UNKNOWN}, "unknown"),
        ("emr-task-nodes-spot", {}, "pass"),
        ("emr-task-nodes-spot", {"Instances": {**GROUPS, "TaskInstanceGroups": UNKNOWN}}, "unknown"),
    ],
)
def test_settings(check: str, properties: dict[str, Any], status: str) -> None:
    assert verdict(check, **properties).status.value == status


def test_figures_of_settings_are_measured_where_they_can_be() -> None:
    (finding,) = verdict("emr-auto-termination-missing", idle(0.5)).findings
    assert finding.saving.high == pytest.approx(4 * NODE * 730 / 2, rel=0.1)
    (finding,) = verdict("emr-scaling-missing", free(50)).findings
    assert finding.saving.high == pytest.approx(3 * NODE * 730 * 0.4, rel=0.01)
    for check, usage in (("emr-auto-termination-missing", ClusterIdleness), ("emr-scaling-missing", ClusterMemory)):
        (finding,) = verdict(check, unmeasured(usage)).findings
        assert finding.saving is None
        assert "depends on" in finding.message


def test_on_demand_task_nodes() -> None:
    nodes = [{"InstanceType": "r5.xlarge", "InstanceCount": 5, "Market": "ON_DEMAND"}]
    (finding,) = verdict("emr-task-nodes-spot", Instances={**GROUPS, "TaskInstanceGroups": nodes}).findings
    assert 0 == finding.saving.low < finding.saving.high < 5 * 0.252 * 730
    transient = {**GROUPS, "TaskInstanceGroups": nodes, "KeepJobFlowAliveWhenNoSteps": False}
    (finding,) = verdict("emr-task-nodes-spot", Instances=transient).findings
    assert finding.saving is None
    unknown_type = [{"InstanceType": "r99.huge", "InstanceCount": 5, "Market": "ON_DEMAND"}]
    (finding,) = verdict("emr-task-nodes-spot", Instances={**GROUPS, "TaskInstanceGroups": unknown_type}).findings
    assert finding.saving is None


@pytest.mark.parametrize(
    ("usage", "properties", "status"),
    [
        (idle(0.5), {"Steps": [STEP]}, "fail"),
        (idle(0.1), {"Steps": [STEP]}, "pass"),  # it is busy, whatever with
        (idle(0.5), {}, "pass"),
        (idle(0.5), {"Steps": [STEP], **ENDING}, "pass"),
        (idle(0.5), {"Steps": UNKNOWN}, "unknown"),
        (unmeasured(ClusterIdleness), {"Steps": [STEP]}, "unknown"),
    ],
)
def test_batch_on_a_cluster_that_stays(usage: Measured, properties: dict[str, Any], status: str) -> None:
    assert verdict("emr-long-running-batch", usage, **properties).status.value == status


@pytest.mark.parametrize(
    ("usage", "status"),
    [
        (measured(ClusterStorage, used=40.0), "fail"),
        (measured(ClusterStorage, used=lambda hour: 2.0 if hour == 300 else 40.0), "pass"),
        (unmeasured(ClusterStorage), "unknown"),
    ],
)
def test_what_stays_in_hdfs(usage: Measured, status: str) -> None:
    assert verdict("emr-hdfs-persistent-data", usage).status.value == status


def test_a_step_that_writes_to_hdfs_is_found_whatever_is_measured() -> None:
    args = ["spark-submit", "--output", "hdfs:///data/features"]
    steps = [{"Name": "a", "HadoopJarStep": {"Jar": "command-runner.jar", "Args": args}}]
    found = verdict("emr-hdfs-persistent-data", unmeasured(ClusterStorage), Steps=steps)
    assert found.status.value == "fail"
    assert "writes to hdfs:///data/features, which no step moves to S3" in found.findings[0].message


def test_templates(tmp_path: Path) -> None:
    text = """
    Parameters: {Stay: {Type: String}, Stage: {Type: String}}
    Conditions: {Prod: !Equals [!Ref Stage, prod]}
    Resources:
      Open:
        Type: AWS::EMR::Cluster
        Properties:
          Instances: {KeepJobFlowAliveWhenNoSteps: !Ref Stay, CoreInstanceGroup: {InstanceType: m5.xlarge}}
      Sometimes:
        Type: AWS::EMR::Cluster
        Properties:
          Instances: {CoreInstanceGroup: {InstanceType: m5.xlarge, InstanceCount: 2}}
          AutoTerminationPolicy: !If [Prod, {IdleTimeout: 3600}, !Ref AWS::NoValue]
      Fleet:
        Type: AWS::EMR::InstanceFleetConfig
        Properties:
          {ClusterId: !Ref Sometimes, InstanceFleetType: TASK, TargetOnDemandCapacity: 4, TargetSpotCapacity: 0}
    """
    collected = template(tmp_path, text)
    assert statuses(collected, "emr-auto-termination-missing") == {"Open": "unknown", "Sometimes": "unknown"}
    assert statuses(collected, "emr-scaling-missing") == {"Open": "unknown", "Sometimes": "fail"}
    assert statuses(collected, "emr-task-nodes-spot") == {"Open": "pass", "Sometimes": "fail"}


@pytest.mark.parametrize("settings", ["x", [1], ["x", {"Classification": {"a": "b"}}], [{"Properties": []}]])
def test_configurations_of_a_wrong_shape_say_nothing(settings: Any) -> None:
    assert verdict("emr-hdfs-persistent-data", Configurations=settings).status.value in ("pass", "unknown")


def test_a_step_of_its_own_is_a_step_of_its_cluster(tmp_path: Path) -> None:
    text = """
Resources:
  Spark: {Type: AWS::EMR::Cluster, Properties: {Instances: {MasterInstanceGroup: {InstanceType: m5.xlarge}}}}
  Setup:
    Type: AWS::EMR::Step
    Properties: {JobFlowId: !Ref Spark, HadoopJarStep: {Jar: command-runner.jar, Args: [%s]}}
"""
    check = "emr-long-running-batch"
    assert statuses(template(tmp_path, text % "state-pusher-script"), check)["Spark"] == "pass"
    assert statuses(template(tmp_path, text % "spark-submit, a.py"), check)["Spark"] == "fail"
