"""IAM Access Analyzer."""

from __future__ import annotations

import pytest

from auditor.inventory import Inventory
from auditor.resources.accessanalyzer import Analyzer, AnalyzerFinding
from auditor.values import Undecided
from tests.sources.account.services.support import ACCOUNT, REGION, Behaviour, Case, scan

_ARN = f"arn:aws:access-analyzer:{REGION}:{ACCOUNT}:analyzer"
_ROLE = f"arn:aws:iam::{ACCOUNT}:role/training"


def _analyzer(name, kind="ACCOUNT"):
    return {
        "arn": f"{_ARN}/{name}",
        "name": name,
        "type": kind,
        "createdAt": "2026-01-01T00:00:00Z",
        "status": "ACTIVE",
    }


def _finding(number, resource=_ROLE):
    return {
        "analyzedAt": "2026-01-01T00:00:00Z",
        "createdAt": "2026-01-01T00:00:00Z",
        "id": f"f{number}",
        "resource": resource,
        "resourceType": "AWS::IAM::Role",
        "resourceOwnerAccount": ACCOUNT,
        "status": "ACTIVE",
        "updatedAt": "2026-01-01T00:00:00Z",
        "findingType": "UnusedPermission",
    }


class TestAccessAnalyzer(Behaviour):
    cases = (
        Case(
            "AWS::AccessAnalyzer::Analyzer",
            f"{_ARN}/one",
            "ListAnalyzers",
            {"ListAnalyzers": {"analyzers": [_analyzer("one")]}},
            {"Type": "ACCOUNT", "Status": "ACTIVE"},
            empty={"analyzers": []},
            token="nextToken",
            needs=("analyzers", *_analyzer("one")),
            title="one",
        ),
        Case(
            "api:AccessAnalyzer::Finding",
            f"{_ARN}/one/finding/f1",
            "ListFindingsV2",
            {"ListAnalyzers": {"analyzers": [_analyzer("one")]}, "ListFindingsV2": {"findings": [_finding(1)]}},
            {"FindingType": "UnusedPermission", "Resource": _ROLE},
            empty={"findings": []},
            token="nextToken",
            gone={"ListFindingsV2": "ResourceNotFoundException"},
            needs=("analyzers", "findings", *_analyzer("one"), *(set(_finding(1)) - {"resource", "findingType"})),
            title=_ROLE,
        ),
    )


def test_findings_are_asked_for_this_account_and_found_by_resource(moto, scripted):
    asked = []

    def findings(params):
        asked.append(params["filter"])
        return {"findings": [_finding(1)] if params["analyzerArn"].endswith("unused") else []}

    scripted(
        {
            "ListAnalyzers": {"analyzers": [_analyzer("one"), _analyzer("unused", "ACCOUNT_UNUSED_ACCESS")]},
            "ListFindingsV2": findings,
        }
    )
    found = scan("AWS::AccessAnalyzer::Analyzer", "api:AccessAnalyzer::Finding")
    assert asked == [{"status": {"eq": ["ACTIVE"]}, "resourceOwnerAccount": {"eq": [ACCOUNT]}}] * 2
    assert found.calls["accessanalyzer:ListAnalyzers"] == 1
    inventory = Inventory(found)
    assert sorted(analyzer.type for analyzer in inventory.of(Analyzer)) == ["ACCOUNT", "ACCOUNT_UNUSED_ACCESS"]
    finding = inventory.get(AnalyzerFinding, _ROLE)
    assert finding is not None
    assert finding.resource_type == "AWS::IAM::Role"
    assert inventory.get(AnalyzerFinding, "role/other") is None


def test_one_analyzer_that_does_not_answer(moto, scripted):
    scripted(
        {
            "ListAnalyzers": {"analyzers": [_analyzer("one"), _analyzer("two")]},
            "ListFindingsV2": ["AccessDeniedException", {"findings": [_finding(1)]}],
        }
    )
    found = scan("api:AccessAnalyzer::Finding")
    assert len(found.raws) == 1
    with pytest.raises(Undecided, match="ListFindingsV2 was denied"):
        Inventory(found).get(AnalyzerFinding, "role/other")
