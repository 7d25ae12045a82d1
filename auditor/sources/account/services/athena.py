"""Athena: workgroups, and the last queries that ran in them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from auditor.raw import Raw
from auditor.secrets import without_secrets
from auditor.sources.account.collector import Api, collector
from auditor.sources.account.regular import Call, Listing, regular
from auditor.values import Unknown

MOST_QUERIES = 200
"""How many queries of a workgroup are looked at, the newest first; Athena keeps those of 45 days."""

_BATCH = 50
_GONE = ("InvalidRequestException",)  # what Athena says of a workgroup that it does not know
_WORKGROUPS = Listing("ListWorkGroups", "WorkGroups", shared=True)
_QUERIES = (
    "QueryExecutions[?StatementType=='DML'].{Query: Query, Status: Status,"
    " QueryExecutionContext: QueryExecutionContext, Statistics: Statistics}"
)

regular(
    "athena",
    "AWS::Athena::WorkGroup",
    _WORKGROUPS,
    describe=Call("GetWorkGroup", "WorkGroup", {"WorkGroup": "{Name}"}, gone=_GONE),
    arn="arn:{partition}:athena:{region}:{account}:workgroup/{Name}",
    title="{Name}",
)


@collector(
    "athena",
    types=("api:Athena::QueryHistory",),
    operations=("ListWorkGroups", "ListQueryExecutions", "BatchGetQueryExecution"),
)
def query_history(api: Api) -> Iterator[Raw]:
    """The last queries of every workgroup that had any."""
    names = (one["Name"] for one in api.pages(_WORKGROUPS.operation, _WORKGROUPS.key, shared=_WORKGROUPS.shared))
    for name, queries in api.each(lambda name: (name, _queries(api, name)), names):
        if queries:
            arn = f"arn:{api.partition}:athena:{api.region}:{api.account}:workgroup/{name}"
            yield api.raw("api:Athena::QueryHistory", arn, {"Queries": queries}, names=(name,), title=name)


def _queries(api: Api, workgroup: str) -> Any:
    """The last queries of a workgroup that read data; None where it is gone."""
    found: list[dict[str, Any]] = []
    following: dict[str, Any] = {}
    for _ in range(MOST_QUERIES // _BATCH):
        page = api.ask("ListQueryExecutions", gone=_GONE, WorkGroup=workgroup, MaxResults=_BATCH, **following)
        if page is None or isinstance(page, Unknown):
            return page
        if page.get("QueryExecutionIds"):
            ids = page["QueryExecutionIds"]
            queries = api.ask_all("BatchGetQueryExecution", _QUERIES, resource=workgroup, QueryExecutionIds=ids)
            if isinstance(queries, Unknown):
                return queries
            found += [{**query, "Query": without_secrets(query.get("Query") or "")} for query in queries]
        if not page.get("NextToken"):
            break
        following = {"NextToken": page["NextToken"]}
    return found
