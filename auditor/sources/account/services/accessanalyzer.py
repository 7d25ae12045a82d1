"""IAM Access Analyzer: analyzers and their active findings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from auditor.raw import Raw
from auditor.sources.account.collector import Api, collector
from auditor.sources.account.regular import Listing, regular

_FINDING = "api:AccessAnalyzer::Finding"

regular(
    "accessanalyzer",
    "AWS::AccessAnalyzer::Analyzer",
    Listing("ListAnalyzers", "Analyzers", shared=True),
    arn="{Arn}",
    title="{Name}",
    pascal=True,
)


@collector("accessanalyzer", types=(_FINDING,), operations=("ListAnalyzers", "ListFindingsV2"), pascal=True)
def findings(api: Api) -> Iterator[Raw]:
    """Active findings about this account's resources; an organization's analyzer has those of all accounts."""
    wanted = {"status": {"eq": ["ACTIVE"]}, "resourceOwnerAccount": {"eq": [api.account]}}

    def found(analyzer: Mapping[str, Any]) -> tuple[str, Any]:
        arn = analyzer["Arn"]
        gone = ("ResourceNotFoundException",)
        return arn, api.ask_all(
            "ListFindingsV2", "Findings", gone=gone, types=(_FINDING,), analyzerArn=arn, filter=wanted
        )

    for arn, answer in api.each(found, api.pages("ListAnalyzers", "Analyzers", shared=True)):
        for finding in answer if isinstance(answer, list) else ():
            about = finding.get("Resource", "")
            names = (about,) if about else ()
            yield api.raw(_FINDING, f"{arn}/finding/{finding['Id']}", finding, names=names, title=about)
