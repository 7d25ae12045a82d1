"""Cost Optimization Hub: whether the account is enrolled, and what it recommends then. It answers in us-east-1 only."""

from __future__ import annotations

from auditor.sources.account.regular import Listing, regular

_ENROLLED = "Items[].{AccountId: AccountId, Status: Status}"

regular(
    "cost-optimization-hub",
    "api:CostOptimizationHub::Enrollment",
    Listing("ListEnrollmentStatuses", _ENROLLED),
    arn="arn:{partition}:cost-optimization-hub::{account}:enrollment/{AccountId}",
    title="Cost Optimization Hub",
    pascal=True,
    scope="global",
)

regular(
    "cost-optimization-hub",
    "api:CostOptimizationHub::Recommendation",
    Listing(
        "ListRecommendations",
        "Items",
        {"filter": {"accountIds": ["{account}"]}},
        within=Listing("ListEnrollmentStatuses", "Items[?Status=='Active']"),
    ),
    arn="arn:{partition}:cost-optimization-hub::{account}:recommendation/{RecommendationId}",
    title="{ResourceId}",
    names=("{ResourceArn}",),
    pascal=True,
    scope="global",
)
