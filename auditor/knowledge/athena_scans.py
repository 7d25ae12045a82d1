"""What Athena's last queries scanned, by the tables that their texts name."""

from __future__ import annotations

import re
from collections import defaultdict
from datetime import timedelta
from typing import Final

from auditor.clock import now
from auditor.inventory import Inventory
from auditor.members import flat
from auditor.pricing import usage
from auditor.pricing.saving import Saving
from auditor.resources.athena import Query, QueryHistory, WorkGroup
from auditor.resources.base import Resource
from auditor.resources.glue_catalog import Table

DAYS: Final = 30
TB: Final = 1024**4

Name = tuple[str, str]
"""A database and a table, in lower case."""

_NAME: Final = r"[`\"]?[\w$-]+[`\"]?"
_NAMED: Final = re.compile(rf"\b(?:from|join)\s+({_NAME}(?:\s*\.\s*{_NAME}){{0,2}})", re.IGNORECASE)


def tables_in(query: Query) -> frozenset[Name]:
    """The tables that a query names after FROM and JOIN, and maybe names that are none."""
    found = set()
    for match in _NAMED.finditer(query.query):
        parts = [part.strip().strip('`"').lower() for part in match[1].split(".")]
        database = parts[-2] if len(parts) > 1 else (query.database or "default").lower()
        found.add((database, parts[-1]))
    return frozenset(found)


def recent(history: QueryHistory) -> tuple[Query, ...]:
    """The queries of the last 30 days that scanned something."""
    since = now() - timedelta(days=DAYS)
    return tuple(query for query in history.queries if query.scanned_bytes and (query.submitted or since) >= since)


def queries_in(group: WorkGroup, inventory: Inventory) -> tuple[Query, ...] | None:
    """The queries of the last 30 days of a workgroup; None where it is only declared and has run none yet.

    Raises:
        Undecided: the account does not tell.
    """
    if not group.scope.closed:
        return None
    history = inventory.get(QueryHistory, group.raw.id)
    return recent(history) if history else ()


def queries_by_table(near: Resource, inventory: Inventory) -> dict[Name, list[Query]]:
    """The last queries beside a resource by the tables that they name; none where no history is kept."""
    return inventory.remembered(near, _by_table, lambda: _by_table(near, inventory))


def _by_table(near: Resource, inventory: Inventory) -> dict[Name, list[Query]]:
    found: defaultdict[Name, list[Query]] = defaultdict(list)
    for query in flat(inventory.beside(QueryHistory, near), recent):
        for name in tables_in(query):
            found[name].append(query)
    return dict(found)


def queries_of(table: Table, inventory: Inventory) -> list[Query]:
    """The last queries that name a table."""
    return queries_by_table(table, inventory).get((table.database_name.lower(), table.name.lower()), [])


def less_scanned(table: Table, inventory: Inventory, share: float, remark: str) -> Saving | None:
    """Scan up to a share less of a table; None where no queries of it are known.

    What queries scanned that name other tables as well counts in full, as only the sum of each query is known.
    """
    scanned = sum(query.scanned_bytes or 0 for query in queries_of(table, inventory))
    if not scanned:
        return None
    return usage.less("Athena", "scan", scanned / TB, table.scope.region, low=0.0, high=share, remark=remark)
