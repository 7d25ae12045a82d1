"""Redshift clusters: what can be restored."""

from typing import Final

from auditor import MEDIUM, Findings, check
from auditor.resources.redshift import Cluster

_WEEK: Final = 7  # days; AWS FSBP Redshift.3


@check(
    "redshift-automated-snapshots",
    title="Redshift clusters keep automated snapshots for at least 7 days",
    severity=MEDIUM,
    bad=(
        "AWS::Redshift::Cluster: {ClusterType: single-node, NodeType: ra3.large}",
        "AWS::Redshift::Cluster: {AutomatedSnapshotRetentionPeriod: 0}",
        "AWS::Redshift::Cluster: {AutomatedSnapshotRetentionPeriod: 3}",
    ),
    good="AWS::Redshift::Cluster: {AutomatedSnapshotRetentionPeriod: 7}",
)
def automated_snapshots(cluster: Cluster) -> Findings:
    """A wrong load or a dropped table is often noticed after days, when the snapshot of one day ago has it already.

    Fix: set AutomatedSnapshotRetentionPeriod to 7 or more.
    """
    days = cluster.automated_snapshot_retention_period
    if days < _WEEK:
        kept = f"for {days} day{'' if days == 1 else 's'} only" if days else "not at all"
        yield cluster.fail(f"keeps automated snapshots {kept}", at="automated_snapshot_retention_period")
