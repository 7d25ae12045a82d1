"""Cost Optimization Hub: whether the account is enrolled. It answers in us-east-1 only."""

from __future__ import annotations

from auditor.sources.account.regular import Listing, regular

regular(
    "cost-optimization-hub",
    "api:CostOptimizationHub::Enrollment",
    Listing("ListEnrollmentStatuses", "items[].{AccountId: accountId, Status: status}"),
    arn="arn:{partition}:cost-optimization-hub::{account}:enrollment/{AccountId}",
    title="Cost Optimization Hub",
    scope="global",
)
