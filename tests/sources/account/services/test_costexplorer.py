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
    "GetSavingsPlansCoverage": {"SavingsPlansCoverages": [{"Coverage": {"CoveragePercentage": "61.5"}}]},
    "GetSavingsPlansUtilization": "DataUnavailableException",
    "GetReservationCoverage": {
        "CoveragesByTime": [],
        "Total": {"CoverageHours": {"CoverageHoursPercentage": "40"}},
    },
    "GetReservationUtilization": "AccessDeniedException",
}


def test_nobody_pays_by_accident():
    assert not any(operation.startswith("ce:") for one in load_collectors() for operation in one.declared)


def test_who_opted_in(moto, collectors, scripted):
    scripted(dict(_ANSWERS))
    paid.opt_in()
    paid.opt_in()
    found = scan("account")
    assert {name: count for name, count in found.calls.items() if name.startswith("ce:")} == {
        f"ce:{operation}": 1 for operation in _ANSWERS
    }
    (account,) = Inventory(found).of(Account)
    assert (account.savings_plans_coverage, account.reservation_coverage) == (61.5, 40.0)
    with pytest.raises(Undecided, match="GetReservationUtilization was denied"):
        _ = account.reservation_utilization
    with pytest.raises(Undecided):
        _ = account.savings_plans_utilization
