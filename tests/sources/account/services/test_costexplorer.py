"""Cost Explorer is only asked by who opted in."""

from __future__ import annotations

import pytest

from auditor.inventory import Inventory
from auditor.resources.account import Account
from auditor.sources.account.collector import load_collectors
from auditor.sources.account.services import paid
from auditor.values import Undecided
from tests.sources.account.services.support import scan

_ANSWERS = {
    "GetSavingsPlansCoverage": {
        "SavingsPlansCoverages": [
            {
                "Attributes": {"SERVICE": "Amazon SageMaker"},
                "Coverage": {"SpendCoveredBySavingsPlans": "61.5", "OnDemandCost": "38.5"},
            }
        ]
    },
    "GetSavingsPlansUtilization": "DataUnavailableException",
    "GetReservationUtilization": {
        "UtilizationsByTime": [],
        "Total": {"UtilizationPercentage": "50", "RICostForUnusedHours": "7.5", "PurchasedHours": "720"},
    },
    "GetSavingsPlansPurchaseRecommendation": "AccessDeniedException",
}


def test_nobody_pays_by_accident():
    assert not any(operation.startswith("ce:") for one in load_collectors() for operation in one.declared)


def test_who_opted_in(moto, collectors, scripted):
    scripted(dict(_ANSWERS))
    paid.opt_in()
    paid.opt_in()
    found = scan("account")
    assert {name: count for name, count in found.calls.items() if name.startswith("ce:")} == {
        "ce:GetSavingsPlansCoverage": 1,
        "ce:GetSavingsPlansUtilization": 1,
        "ce:GetReservationUtilization": 4,  # a service each
        "ce:GetSavingsPlansPurchaseRecommendation": 2,
    }
    (account,) = Inventory(found).of(Account)
    (coverage,) = account.savings_plans_coverage
    assert (coverage.service, coverage.covered, coverage.on_demand) == ("Amazon SageMaker", 61.5, 38.5)
    assert account.savings_plans_use == ()
    assert [(one.utilization, one.unused) for one in account.reservation_use] == [(50, 7.5)] * 4
    assert len({one.service for one in account.reservation_use}) == 4
    with pytest.raises(Undecided, match="GetSavingsPlansPurchaseRecommendation was denied"):
        _ = account.sagemaker_savings_plans_advice


def test_what_is_recommended_and_what_is_not(moto, collectors, scripted):
    summary = {"EstimatedMonthlySavingsAmount": "310.5", "HourlyCommitmentToPurchase": "1.2"}
    recommended = {"SavingsPlansPurchaseRecommendation": {"SavingsPlansPurchaseRecommendationSummary": summary}}
    nothing = {"UtilizationsByTime": [], "Total": {"UtilizationPercentage": "0", "PurchasedHours": "0"}}
    answers = {
        "GetSavingsPlansCoverage": {"SavingsPlansCoverages": []},
        "GetSavingsPlansUtilization": {
            "Total": {"Utilization": {"UtilizationPercentage": "80", "UnusedCommitment": "20"}}
        },
        "GetReservationUtilization": nothing,
        "GetSavingsPlansPurchaseRecommendation": [recommended, {"Metadata": {}}],
    }
    scripted(answers)
    paid.opt_in()
    (account,) = Inventory(scan("account")).of(Account)
    assert account.savings_plans_coverage == account.reservation_use == ()
    assert [(one.utilization, one.unused) for one in account.savings_plans_use] == [(80, 20)]
    assert account.compute_savings_plans_advice.monthly_savings == 310.5
    assert account.sagemaker_savings_plans_advice.monthly_savings == 0
