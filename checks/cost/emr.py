"""EMR clusters on EC2: nodes that nobody needs, or that cost more than they need to."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from auditor import HIGH, LOW, MEDIUM, Findings, Inventory, check
from auditor.config import Config
from auditor.definitions.content import read
from auditor.members import either, every, flat, if_decided, in_turn, known_first, place, some, those
from auditor.pricing import usage
from auditor.pricing.book import HOURS_PER_MONTH
from auditor.pricing.saving import Confidence, Kind, Saving
from auditor.pricing.savings import spot_instead_of_on_demand
from auditor.resources.emr import Cluster, InstanceFleet, InstanceGroup, Step
from auditor.utilisation.services.emr import ClusterIdleness, ClusterMemory, ClusterStorage
from auditor.values import known

_WEEK: Final = 7
_RUNS: Final = ("RUNNING", "WAITING")
_FREE: Final = 30  # per cent of memory: more than that on average means nodes to spare
_RESERVE: Final = 20  # per cent of memory that stays free after shrinking
_BUSY: Final = 0.2  # a cluster that is idle for a smaller share of its hours is no waste
_STORED: Final = 10  # per cent of HDFS in use all week: more than what the system itself writes

_CLUSTER = "AWS::EMR::Cluster: {Name: spark, JobFlowRole: r, ServiceRole: s, Instances: {%s}%s}"
_MASTER = "MasterInstanceGroup: {InstanceType: m5.xlarge, InstanceCount: 1}"
_CORE = f"{_MASTER}, CoreInstanceGroup: {{InstanceType: r5.2xlarge, InstanceCount: 4%s}}"
_TASK = f"{_MASTER}, TaskInstanceGroups: [{{InstanceType: r5.2xlarge, InstanceCount: 4%s}}]"
_STEP = "{Name: nightly, HadoopJarStep: {Jar: command-runner.jar, Args: [%s]}}"


@check(
    "emr-task-nodes-spot",
    title="EMR task nodes use spot capacity",
    severity=HIGH,
    bad=(
        _CLUSTER % (_TASK % "", ""),
        _CLUSTER % (_TASK % ", Market: ON_DEMAND", ""),
        _CLUSTER % ("TaskInstanceFleets: [{TargetOnDemandCapacity: 8}]", ""),
        """
        AWS::EMR::InstanceGroupConfig:
          {InstanceRole: TASK, InstanceType: r5.2xlarge, InstanceCount: 2, Market: ON_DEMAND, JobFlowId: j-1}
        """,
        "AWS::EMR::InstanceFleetConfig: {InstanceFleetType: TASK, TargetOnDemandCapacity: 2, ClusterId: j-1}",
    ),
    good=(
        _CLUSTER % (_CORE % "", ""),
        _CLUSTER % (_TASK % ", Market: SPOT", ""),
        _CLUSTER % (_TASK % ", BidPrice: '0.2'", ""),
        _CLUSTER % ("TaskInstanceFleets: [{TargetOnDemandCapacity: 2, TargetSpotCapacity: 8}]", ""),
    ),
)
def task_nodes_spot(cluster: Cluster) -> Findings:
    """Task nodes store nothing, so that losing one costs a repeated task, and spot capacity costs up to 90 % less.

    Fix: set Market to SPOT on task instance groups, or use a fleet of several types with TargetSpotCapacity.
    """
    # One in turn: what joins a cluster of another template is either.
    for nodes in in_turn(flat((cluster,), _on_demand_groups), flat((cluster,), _on_demand_fleets)):
        if isinstance(nodes, InstanceFleet):
            hint = "; what spot saves depends on the types that run, and how long"
            at = place(nodes, "target_on_demand_capacity")
            yield cluster.fail(f"has a fleet of on-demand task nodes{hint}", at=at)
            continue
        saving = if_decided(lambda group=nodes: _on_spot(cluster, group))  # type: ignore[misc]
        hint = "" if saving else "; what spot saves depends on how many run, and how long"
        at = place(nodes, "market")
        yield cluster.fail(f"has on-demand task nodes{hint}", at=at, expected="SPOT", saving=saving)


def _on_demand_groups(cluster: Cluster) -> tuple[InstanceGroup | InstanceFleet, ...]:
    return those(cluster.task_instance_groups, lambda group: not group.is_spot)


def _on_demand_fleets(cluster: Cluster) -> tuple[InstanceGroup | InstanceFleet, ...]:
    fleets = cluster.task_instance_fleets
    return those(fleets, lambda fleet: fleet.target_on_demand_capacity > 0 and not fleet.target_spot_capacity)


def _on_spot(cluster: Cluster, group: InstanceGroup) -> Saving | None:
    """A figure where the nodes always run; how long a transient cluster does is not known."""
    if not cluster.keep_job_flow_alive_when_no_steps or not group.instance_count:
        return None
    return spot_instead_of_on_demand(group.instance_type, group.instance_count, cluster.scope.region)


# --- clusters that stay ---------------------------------------------------------------------------------------------


@check(
    "emr-scaling-missing",
    title="EMR clusters scale with their load (managed, automatic or scheduled scaling)",
    severity=MEDIUM,
    uses=(ClusterMemory,),
    bad=(
        _CLUSTER % (_CORE % "", ""),
        _CLUSTER % (f"KeepJobFlowAliveWhenNoSteps: true, {_TASK % ', Market: SPOT'}", ""),
        _CLUSTER % ("CoreInstanceFleet: {TargetOnDemandCapacity: 8}", ""),
    ),
    good=(
        _CLUSTER % (_MASTER, ""),
        _CLUSTER % (f"KeepJobFlowAliveWhenNoSteps: false, {_CORE % ''}", ""),
        _CLUSTER
        % (
            _CORE % "",
            ", ManagedScalingPolicy: {ComputeLimits: {UnitType: Instances, MinimumCapacityUnits: 2,"
            " MaximumCapacityUnits: 10}}",
        ),
        _CLUSTER
        % (
            _CORE % ", AutoScalingPolicy: {Constraints: {MinCapacity: 2, MaxCapacity: 10}, Rules: []}",
            "",
        ),
    ),
)
def scaling_missing(cluster: Cluster, inventory: Inventory, config: Config) -> Findings:
    """A cluster that stays and does not scale costs at night what it needs at its peak; HBase cannot scale that way.

    Fix: add a ManagedScalingPolicy with ComputeLimits, which works with groups and fleets; a custom AutoScalingPolicy
    on the groups also does.
    """
    if every(
        lambda: cluster.keep_job_flow_alive_when_no_steps,
        lambda: cluster.compute_limits is None,
        lambda: not cluster.has_hbase,
        lambda: _has_workers(cluster),
        lambda: not some(cluster.worker_groups, lambda group: group.auto_scaling_policy is not None),
    ):
        saving = if_decided(lambda: _by_mean(cluster, inventory, config))
        hint = "" if saving else "; what scaling saves depends on how its load varies"
        yield cluster.fail(f"keeps all its nodes whatever its load{hint}", at="compute_limits", saving=saving)


def _has_workers(cluster: Cluster) -> bool:
    return either(
        lambda: bool(cluster.worker_groups),
        lambda: cluster.core_instance_fleet is not None,
        lambda: bool(cluster.task_instance_fleets),
    )


def _by_mean(cluster: Cluster, inventory: Inventory, config: Config) -> Saving | None:
    """What the memory costs that is free on average."""
    free = ClusterMemory.of(cluster, inventory).free.last(config.idle_days, since=cluster.creation_time).mean()
    return _fewer(cluster, cluster.worker_groups, (free - _FREE) / 100, "oversize")


def _fewer(cluster: Cluster, groups: tuple[InstanceGroup, ...], share: float, kind: Kind) -> Saving | None:
    """A share of the on-demand nodes of some groups, for all of a month; None where fleets decide of the types."""
    nodes = [(group.instance_type, group.instance_count) for group in groups if not group.is_spot]
    if share <= 0 or not sum(count for _, count in nodes):
        return None
    confidence: Confidence = "high" if kind == "idle" else "medium"
    return usage.emr(nodes, cluster.scope.region, hours=HOURS_PER_MONTH, share=share, confidence=confidence, kind=kind)


def _idle(cluster: Cluster, share: float) -> Saving | None:
    """What a cluster costs in the hours in which nothing runs."""
    master = known_first((cluster,), lambda one: one.master_instance_group)
    return _fewer(cluster, (*master, *cluster.worker_groups), share, "idle")


def _measured_idle(cluster: Cluster, inventory: Inventory) -> Saving | None:
    share = ClusterIdleness.of(cluster, inventory).share(_WEEK, cluster.creation_time)
    return _idle(cluster, share)


@check(
    "emr-auto-termination-missing",
    title="EMR clusters terminate when idle",
    severity=HIGH,
    uses=(ClusterIdleness,),
    bad=(
        _CLUSTER % (_CORE % "", ""),
        _CLUSTER % (f"KeepJobFlowAliveWhenNoSteps: true, {_MASTER}", ""),
    ),
    good=(
        _CLUSTER % (f"KeepJobFlowAliveWhenNoSteps: false, {_MASTER}", ""),
        _CLUSTER % (_MASTER, ", AutoTerminationPolicy: {IdleTimeout: 3600}"),
        _CLUSTER % (_MASTER, ", Applications: [{Name: Spark}, {Name: HBase}]"),
    ),
)
def auto_termination_missing(cluster: Cluster, inventory: Inventory) -> Findings:
    """A cluster that waits for work costs as much as one that works, and is easily forgotten.

    Fix: set AutoTerminationPolicy with an IdleTimeout of an hour (3600), or KeepJobFlowAliveWhenNoSteps to false where
    its steps are all that it runs. A cluster that serves queries at all hours is a case for a suppression; those with
    HBase are left out.
    """
    if every(
        lambda: cluster.keep_job_flow_alive_when_no_steps,
        lambda: cluster.idle_timeout is None,
        lambda: not cluster.has_hbase,
    ):
        saving = if_decided(lambda: _measured_idle(cluster, inventory))
        hint = "" if saving else "; what that costs depends on how long it is idle"
        yield cluster.fail(f"never terminates by itself{hint}", at="idle_timeout", saving=saving)


@check(
    "emr-cluster-idle",
    title="Running EMR clusters have work",
    severity=HIGH,
    uses=(ClusterIdleness,),
    inputs=("live",),
)
def cluster_idle(cluster: Cluster, inventory: Inventory) -> Findings:
    """A cluster without jobs is paid for, node by node, as if it worked.

    Fix: terminate it; let work start a cluster of its own, or run it on EMR Serverless.
    """
    if cluster.state not in _RUNS:
        return
    load = ClusterIdleness.of(cluster, inventory)
    share = load.share(_WEEK, cluster.creation_time)
    if share <= 0.5 or load.idle.latest() < 1:
        return
    saving = if_decided(lambda: _idle(cluster, share))
    hint = "" if saving else "; what that costs depends on the types of its nodes"
    yield cluster.fail(
        f"did nothing in {share:.0%} of the hours of {_WEEK} days, and does nothing now{hint}", saving=saving
    )


_WORK: Final = frozenset(
    {"spark-submit", "spark-sql", "spark-example", "hadoop-streaming", "hive-script", "pig-script", "s3-dist-cp"}
)
_RUNNERS: Final = ("command-runner.jar", "script-runner.jar")
_STEPS = f", Steps: [{_STEP}]"


@check(
    "emr-long-running-batch",
    title="Batch work runs on transient EMR clusters or EMR Serverless, not on a permanent cluster",
    severity=MEDIUM,
    uses=(ClusterIdleness,),
    bad=(
        _CLUSTER % (_CORE % "", _STEPS % "spark-submit, 's3://code/a.py'"),
        _CLUSTER % (f"KeepJobFlowAliveWhenNoSteps: true, {_MASTER}", _STEPS % "hive-script, --run-hive-script"),
        _CLUSTER % (_MASTER, ", Steps: [{Name: a, HadoopJarStep: {Jar: 's3://code/etl.jar'}}]"),
        """
        Resources:
          Spark:
            Type: AWS::EMR::Cluster
            Properties:
              {Name: a, JobFlowRole: r, ServiceRole: s, Instances: {MasterInstanceGroup: {InstanceType: m5.xlarge}}}
          Nightly:
            Type: AWS::EMR::Step
            Properties:
              Name: nightly
              JobFlowId: !Ref Spark
              ActionOnFailure: CONTINUE
              HadoopJarStep: {Jar: command-runner.jar, Args: [spark-submit, 's3://code/a.py']}
        """,
    ),
    good=(
        _CLUSTER % (f"KeepJobFlowAliveWhenNoSteps: false, {_MASTER}", _STEPS % "spark-submit, 's3://code/a.py'"),
        _CLUSTER % (_MASTER, _STEPS % "state-pusher-script"),
        _CLUSTER
        % (_MASTER, (_STEPS % "spark-submit, 's3://code/a.py'") + ", AutoTerminationPolicy: {IdleTimeout: 600}"),
    ),
)
def long_running_batch(cluster: Cluster, inventory: Inventory) -> Findings:
    """Between its steps a permanent cluster costs as much as during them.

    Fix: set KeepJobFlowAliveWhenNoSteps to false and start a cluster for each run (Step Functions, Airflow), or submit
    the work to an EMR Serverless application.
    """
    if not every(
        lambda: cluster.keep_job_flow_alive_when_no_steps,
        lambda: cluster.idle_timeout is None,
        lambda: some(cluster.steps, _is_work),
    ):
        return
    load = ClusterIdleness.where_measured(cluster, inventory)
    share = load.share(_WEEK, cluster.creation_time) if load else None
    if share is not None and share < _BUSY:
        return
    saving = if_decided(lambda: _idle(cluster, share)) if share else None
    hint = "" if saving else "; what that costs depends on how long it has no steps"
    yield cluster.fail(
        f"runs batch steps, and stays when they have ended{hint}",
        at="keep_job_flow_alive_when_no_steps",
        expected="false",
        saving=saving,
    )


def _is_work(step: Step) -> bool:
    """Whether a step is a job, and not the setting up of something."""
    own_jar = step.jar is not None and not step.jar.endswith(_RUNNERS)
    return own_jar or some(step.args, lambda argument: argument in _WORK)


@check(
    "emr-cluster-oversized",
    title="EMR clusters match their memory and CPU use",
    severity=MEDIUM,
    uses=(ClusterMemory,),
    inputs=("live",),
)
def cluster_oversized(cluster: Cluster, inventory: Inventory, config: Config) -> Findings:
    """Nodes whose memory is never used are paid for like the others.

    By YARN's memory, which is what EMR gives out to jobs; EMR publishes no use of processors.

    Fix: have fewer core or task nodes, or smaller ones, keeping enough core nodes for what is in HDFS; or let managed
    scaling do it.
    """
    if cluster.state not in _RUNS:
        return
    series = ClusterMemory.of(cluster, inventory).least_free.last(config.idle_days, since=cluster.creation_time)
    least = series.percentile(0)
    if 100 - least > config.oversized_utilization:
        return
    saving = if_decided(lambda: _fewer(cluster, cluster.worker_groups, (least - _RESERVE) / 100, "oversize"))
    hint = "" if saving else "; what fewer nodes save depends on their types"
    yield cluster.fail(
        f"used at most {100 - least:.0f} % of its memory in {config.idle_days} days{hint}", saving=saving
    )


# --- HDFS -----------------------------------------------------------------------------------------------------------

_WAREHOUSES: Final = {
    "hive-site": "hive.metastore.warehouse.dir",
    "spark-defaults": "spark.sql.warehouse.dir",
    "hbase-site": "hbase.rootdir",
}
"""Where an application keeps its tables, by the classification of its settings."""

_WRITTEN = _STEP % "spark-submit, --output, 'hdfs:///data/a'"
_MOVED = _STEP % "s3-dist-cp, --src, 'hdfs:///data/a', --dest, 's3://lake/a'"
_SETTING = ", Configurations: [{Classification: hive-site, ConfigurationProperties: {%s}}]"
_WAREHOUSE = '"hive.metastore.warehouse.dir": "%s"'


@check(
    "emr-hdfs-persistent-data",
    title="Persistent EMR data is in S3 through EMRFS, not in HDFS",
    severity=LOW,
    uses=(ClusterStorage,),
    bad=(
        _CLUSTER % (_MASTER, _STEPS % "spark-submit, --output, 'hdfs:///data/features'"),
        _CLUSTER % (_MASTER, _SETTING % (_WAREHOUSE % "hdfs:///warehouse")),
    ),
    good=(
        _CLUSTER % (_MASTER, ""),
        _CLUSTER % (_MASTER, _STEPS % "spark-submit, --output, 's3://lake/features/'"),
        _CLUSTER % (_MASTER, _STEPS % "spark-submit, --output, 'hdfs:///tmp/features'"),
        _CLUSTER
        % (
            _MASTER,
            f", Steps: [{_WRITTEN}, {_MOVED}]",
        ),
        _CLUSTER % (_MASTER, _SETTING % (_WAREHOUSE % "s3://lake/warehouse")),
    ),
)
def hdfs_persistent_data(cluster: Cluster, inventory: Inventory) -> Findings:
    """HDFS keeps three copies on disks that cost more than S3, needs a cluster that never ends, and goes with it.

    Fix: write results and keep warehouses at s3:// locations; use HDFS for what later steps of the same run read.
    """
    for uri in flat(cluster.steps, lambda step: _left_in_hdfs(step, cluster)):
        yield cluster.fail(f"writes to {uri}, which no step moves to S3; {_DEPENDS}", at="steps")
    for name, uri in _warehouses(cluster):
        yield cluster.fail(f"keeps {name} at {uri}; {_DEPENDS}", at="configurations")
    stored = ClusterStorage.where_measured(cluster, inventory)
    if stored and cluster.state in _RUNS:
        used = stored.used.last(_WEEK, since=cluster.creation_time).percentile(0)
        if used > _STORED:
            yield cluster.fail(f"had {used:.0f} % of its HDFS in use for all of {_WEEK} days; {_DEPENDS}")


_TEMPORARY: Final = re.compile("/te?mp|checkpoint", re.IGNORECASE)
_DEPENDS: Final = "what S3 saves depends on how much that is"


def _left_in_hdfs(step: Step, cluster: Cluster) -> tuple[str, ...]:
    """Places in HDFS that a step writes and no step reads."""
    everything = flat(cluster.steps, lambda one: one.locations)
    written = those(step.locations, lambda one: one.use == "write" and one.uri.startswith("hdfs:"))
    lasting = those(written, lambda one: not _TEMPORARY.search(one.uri))
    left = those(
        lasting,
        lambda one: not some(everything, lambda other: other.use != "write" and other.uri.startswith(one.uri)),
    )
    return known_first(left, lambda one: one.uri)


def _warehouses(cluster: Cluster) -> Iterator[tuple[str, str]]:
    """Settings that put an application's tables into HDFS: the setting and the place."""
    if cluster.configurations is None:
        return
    blocks: Any = read(cluster.configurations, "Configurations")
    for block in map(known, blocks if isinstance(blocks, list) else ()):
        if not isinstance(block, Mapping):
            continue
        setting = _WAREHOUSES.get(str(known(block.get("Classification"))))
        settings = known(block.get("ConfigurationProperties", block.get("Properties")))
        uri = known(settings.get(setting)) if setting and isinstance(settings, Mapping) else None
        if setting and isinstance(uri, str) and uri.startswith("hdfs:"):
            yield setting, uri
