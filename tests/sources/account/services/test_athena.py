"""Athena: workgroups, and the last queries that ran in them."""

from __future__ import annotations

import pytest

from auditor.resources.athena import QueryHistory, WorkGroup
from auditor.sources.account.services.athena import MOST_QUERIES
from auditor.values import Undecided, Unknown
from tests.sources.account.services.reading import Reading, Reads
from tests.sources.account.services.support import ACCOUNT, REGION, one, scan

_ARN = f"arn:aws:athena:{REGION}:{ACCOUNT}:workgroup/analysts"
_THEN = "2024-05-01T00:00:00Z"
_HISTORY = "api:Athena::QueryHistory"
_WORKGROUPS = {"WorkGroups": [{"Name": "analysts", "State": "ENABLED"}]}
_QUERY = {
    "QueryExecutionId": "q1",
    "Query": "SELECT * FROM orders",
    "StatementType": "DML",
    "QueryExecutionContext": {"Database": "sales"},
    "Status": {"State": "SUCCEEDED", "SubmissionDateTime": _THEN},
    "Statistics": {"DataScannedInBytes": 10**12},
}


class TestAthena(Reads):
    cases = (
        Reading(
            "AWS::Athena::WorkGroup",
            _ARN,
            "ListWorkGroups",
            {
                "ListWorkGroups": _WORKGROUPS,
                "GetWorkGroup": {
                    "WorkGroup": {
                        "Name": "analysts",
                        "State": "ENABLED",
                        "Configuration": {
                            "ResultConfiguration": {
                                "OutputLocation": "s3://results",
                                "EncryptionConfiguration": {"EncryptionOption": "SSE_KMS"},
                            },
                            "EnforceWorkGroupConfiguration": True,
                            "PublishCloudWatchMetricsEnabled": False,
                            "BytesScannedCutoffPerQuery": 10**12,
                        },
                    }
                },
            },
            {},
            empty={"WorkGroups": []},
            gone={"GetWorkGroup": "InvalidRequestException"},
            title="analysts",
            service="athena",
            reads={
                "state": "ENABLED",
                "output_location": "s3://results",
                "encryption_option": "SSE_KMS",
                "managed_results": False,
                "enforce_configuration": True,
                "publishes_metrics": False,
                "bytes_scanned_cutoff": 10**12,
            },
        ),
        Reading(
            _HISTORY,
            _ARN,
            "ListWorkGroups",
            {
                "ListWorkGroups": _WORKGROUPS,
                "ListQueryExecutions": {"QueryExecutionIds": ["q1"]},
                "BatchGetQueryExecution": {"QueryExecutions": [_QUERY, {**_QUERY, "StatementType": "UTILITY"}]},
            },
            {},
            empty={"WorkGroups": []},
            gone={"ListQueryExecutions": "InvalidRequestException"},
            title="analysts",
            service="athena",
            needs=("Name",),
            reads={
                "queries.0.query": "SELECT * FROM orders",
                "queries.0.database": "sales",
                "queries.0.state": "SUCCEEDED",
                "queries.0.scanned_bytes": 10**12,
            },
        ),
    )


pytestmark = pytest.mark.usefixtures("moto")


def test_two_pages_of_workgroups(scripted):
    pages = [{"WorkGroups": [{"Name": "a"}], "NextToken": "more"}, {"WorkGroups": [{"Name": "b"}]}]
    scripted({"ListWorkGroups": pages, "GetWorkGroup": lambda params: {"WorkGroup": {"Name": params["WorkGroup"]}}})
    assert [raw.title for raw in scan("AWS::Athena::WorkGroup").raws] == ["a", "b"]


def test_history_has_an_end(scripted):
    """However many queries ran, so many are read and no more is asked."""
    ids = [f"q{number}" for number in range(50)]
    scripted(
        {
            "ListWorkGroups": _WORKGROUPS,
            "ListQueryExecutions": {"QueryExecutionIds": ids, "NextToken": "more"},
            "BatchGetQueryExecution": lambda params: {"QueryExecutions": [_QUERY] * len(params["QueryExecutionIds"])},
        }
    )
    found = scan(_HISTORY)
    assert len(QueryHistory(one(found, _HISTORY)).queries) == MOST_QUERIES == 200
    assert found.calls["athena:ListQueryExecutions"] == found.calls["athena:BatchGetQueryExecution"] == 4


def test_a_workgroup_without_queries_has_no_history(scripted):
    scripted({"ListWorkGroups": _WORKGROUPS, "ListQueryExecutions": {}})
    found = scan(_HISTORY)
    assert (found.raws, found.gaps) == ([], [])
    assert "athena:BatchGetQueryExecution" not in found.calls


@pytest.mark.parametrize("operation", ["ListQueryExecutions", "BatchGetQueryExecution"])
def test_denied_history_is_unknown(scripted, operation):
    scripted({**TestAthena.cases[1].answers, operation: "AccessDeniedException"})
    found = scan(_HISTORY)
    assert isinstance(one(found, _HISTORY).properties["Queries"], Unknown)
    with pytest.raises(Undecided, match=operation):
        len(QueryHistory(one(found, _HISTORY)).queries)


def test_no_secret_in_a_query_is_kept(scripted):
    query = {**_QUERY, "Query": "SELECT load('AKIAIOSFODNN7EXAMPLE', 'https://me:correct-horse@host/') FROM t"}
    scripted({**TestAthena.cases[1].answers, "BatchGetQueryExecution": {"QueryExecutions": [query]}})
    found = scan(_HISTORY)
    assert "AKIAIOSFODNN7EXAMPLE" not in repr(found)
    assert "correct-horse" not in repr(found)


def test_switches_that_are_not_said_are_undecided(scripted):
    scripted({"ListWorkGroups": _WORKGROUPS, "GetWorkGroup": {"WorkGroup": {"Name": "analysts"}}})
    workgroup = WorkGroup(one(scan("AWS::Athena::WorkGroup"), "AWS::Athena::WorkGroup"))
    assert workgroup.encryption_option is None
    with pytest.raises(Undecided, match="EnforceWorkGroupConfiguration is missing"):
        workgroup.enforce_configuration  # noqa: B018


def test_workgroups_in_a_simulated_account(aws):
    result = {"ResultConfiguration": {"OutputLocation": "s3://results"}, "EnforceWorkGroupConfiguration": True}
    aws("athena").create_work_group(Name="analysts", Configuration=result)
    aws("athena").start_query_execution(QueryString="SELECT 1", WorkGroup="analysts")
    found = scan("AWS::Athena::WorkGroup")
    assert (found.gaps, found.notices) == ([], [])
    assert {raw.title for raw in found.raws} == {"primary", "analysts"}
