"""Athena: queries that scan more than they need."""

import re
from collections import Counter
from typing import Final

from auditor import MEDIUM, Findings, Inventory, check
from auditor.config import Config
from auditor.knowledge.athena_scans import DAYS, TB, queries_in, tables_in
from auditor.pricing import usage
from auditor.pricing.saving import Saving
from auditor.resources.athena import Query, QueryHistory, WorkGroup
from auditor.resources.glue_catalog import Table

_WORTH_TB: Final = 0.1  # what is scanned in vain for less than half a dollar a month is nobody's concern
_LIMITED = "AWS::Athena::WorkGroup: {Name: analysts, WorkGroupConfiguration: {%s}}"


@check(
    "athena-scan-limit-missing",
    title="Athena workgroups limit the data one query may scan",
    severity=MEDIUM,
    uses=(QueryHistory,),
    bad=(
        "AWS::Athena::WorkGroup: {Name: analysts}",
        _LIMITED % "EnforceWorkGroupConfiguration: true",
    ),
    good=(
        _LIMITED % "BytesScannedCutoffPerQuery: 1099511627776",
        "AWS::Athena::WorkGroup: {Name: old, State: DISABLED}",
        _LIMITED % "EngineVersion: {SelectedEngineVersion: PySpark engine version 3}",
    ),
)
def scan_limit_missing(group: WorkGroup, inventory: Inventory, config: Config) -> Findings:
    """A query that forgets a filter can scan a whole data lake, at five dollars a TB.

    Workgroups in which no query ran that Athena still knows of are left out, such as the one that every region has, and
    so are those for Spark, which is paid by its DPUs.

    Fix: set BytesScannedCutoffPerQuery; a query that reaches it is ended, and costs what it scanned until then.
    """
    if group.bytes_scanned_cutoff is not None or group.state != "ENABLED" or "spark" in group.engine.lower():
        return
    queries = queries_in(group, inventory)
    if queries == ():
        return
    saving = _beyond(queries or (), group, config)
    hint = "" if saving else "; what a limit saves depends on the queries that will exceed it"
    yield group.fail(f"lets one query scan any amount{hint}", at="bytes_scanned_cutoff", saving=saving)


def _beyond(queries: tuple[Query, ...], group: WorkGroup, config: Config) -> Saving | None:
    scanned = sum(max(0.0, (query.scanned_bytes or 0) / TB - config.athena_scan_limit_tb) for query in queries)
    if not scanned:
        return None
    remark = f"what queries of {DAYS} days scanned beyond {config.athena_scan_limit_tb:g} TB each"
    return usage.less("Athena", "scan", scanned, group.scope.region, remark=remark)


@check(
    "athena-full-table-scans",
    title="Athena queries on partitioned tables filter on a partition, and repeated heavy queries use materialized"
    " results",
    severity=MEDIUM,
    uses=(QueryHistory, Table),
    inputs=("live",),
)
def full_table_scans(group: WorkGroup, inventory: Inventory) -> Findings:
    """A query that names no partition column reads all partitions, and one that comes again reads all of it again.

    By the last queries of a workgroup, at most 200 of 30 days.

    Fix: filter on a partition column in WHERE; write what is asked for again and again into a table (CREATE TABLE AS,
    or a scheduled UNLOAD), or switch on query result reuse.
    """
    queries = queries_in(group, inventory) or ()
    whole = [query for query in queries if _reads_all_partitions(query, group, inventory)]
    scanned = sum(query.scanned_bytes or 0 for query in whole) / TB
    if scanned >= _WORTH_TB:
        remark = "how much of it a filter leaves is not known"
        saving = usage.less("Athena", "scan", scanned, group.scope.region, low=0.0, remark=remark)
        yield group.fail(
            f"ran {len(whole)} queries in {DAYS} days that filter a partitioned table on none of its partition columns",
            saving=saving,
        )
    again = _repeated([query for query in queries if query not in whole])
    if (repeated := sum(again) / TB) >= _WORTH_TB:
        remark = "without what materialized results cost to store"
        saving = usage.less("Athena", "scan", repeated, group.scope.region, remark=remark)
        yield group.fail(
            f"ran {len(again)} queries in {DAYS} days whose text had run on the same day before", saving=saving
        )


def _reads_all_partitions(query: Query, group: WorkGroup, inventory: Inventory) -> bool:
    """Whether a query names a partitioned table, and none of its partition columns."""
    text = query.query.lower()
    for database, name in tables_in(query):
        table = _table(group, database, name, inventory)
        columns = [key.name.lower() for key in table.partition_keys] if table else []
        if columns and not any(re.search(rf"(?<!\w){re.escape(column)}(?!\w)", text) for column in columns):
            return True
    return False


def _table(group: WorkGroup, database: str, name: str, inventory: Inventory) -> Table | None:
    """A table of the workgroup's account and region: `arn:aws:glue:eu-west-1:123456789012:table/web/clicks`."""
    _, partition, _, region, account, _ = group.raw.id.split(":", 5)
    return inventory.get(Table, f"arn:{partition}:glue:{region}:{account}:table/{database}/{name}")


def _repeated(queries: list[Query]) -> list[int]:
    """The bytes of each query that had run before on the same day, by its text."""
    seen: Counter[tuple[str, object]] = Counter()
    again = []
    for query in queries:
        key = " ".join(query.query.split()), query.submitted and query.submitted.date()
        seen[key] += 1
        if seen[key] > 1 and query.scanned_bytes:
            again.append(query.scanned_bytes)
    return again
