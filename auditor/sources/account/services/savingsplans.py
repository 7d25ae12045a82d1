"""Savings Plans that the account has bought."""

from __future__ import annotations

from auditor.sources.account.regular import Listing, regular

regular(
    "savingsplans",
    "api:SavingsPlans::SavingsPlan",
    Listing("DescribeSavingsPlans", "SavingsPlans", {"states": ["active", "queued"]}),
    arn="{SavingsPlanArn}",
    title="{SavingsPlanId}",
    pascal=True,
    scope="global",
)
