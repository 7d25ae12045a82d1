"""AWS Budgets."""

from __future__ import annotations

import pytest

from auditor.inventory import Inventory
from auditor.resources.budgets import Budget
from auditor.values import Undecided
from tests.sources.account.services.support import ACCOUNT, Behaviour, Case, scan

_TYPE = "AWS::Budgets::Budget"
_NOTIFICATION = {"NotificationType": "ACTUAL", "ComparisonOperator": "GREATER_THAN", "Threshold": 80.0}


class TestBudgets(Behaviour):
    cases = (
        Case(
            _TYPE,
            f"arn:aws:budgets::{ACCOUNT}:budget/ml",
            "DescribeBudgets",
            {
                "DescribeBudgets": {
                    "Budgets": [
                        {
                            "BudgetName": "ml",
                            "BudgetType": "COST",
                            "TimeUnit": "MONTHLY",
                            "BudgetLimit": {"Amount": "500", "Unit": "USD"},
                        }
                    ]
                },
                "DescribeBudgetNotificationsForAccount": {
                    "BudgetNotificationsForAccount": [{"BudgetName": "ml", "Notifications": [_NOTIFICATION]}]
                },
            },
            {"BudgetType": "COST", "NotificationsWithSubscribers": [{"Notification": _NOTIFICATION}]},
            token="NextToken",
            needs=("BudgetName", "BudgetType", "TimeUnit", "Amount", "Unit", *_NOTIFICATION),
            title="ml",
        ),
    )


def test_moto(aws, scripted):
    budgets = aws("budgets")
    for name in ("ml", "quiet"):
        budgets.create_budget(
            AccountId=ACCOUNT,
            Budget={
                "BudgetName": name,
                "BudgetLimit": {"Amount": "500", "Unit": "USD"},
                "TimeUnit": "MONTHLY",
                "BudgetType": "COST",
            },
        )
    notified = [{"BudgetName": "ml", "Notifications": [_NOTIFICATION]}]
    scripted({"DescribeBudgetNotificationsForAccount": {"BudgetNotificationsForAccount": notified}})
    found = {budget.title: budget for budget in Inventory(scan(_TYPE)).of(Budget)}
    assert (found["ml"].budget_type, found["ml"].limit_amount) == ("COST", 500.0)
    assert [len(found[name].notifications) for name in ("ml", "quiet")] == [1, 0]
    with pytest.raises(Undecided):
        _ = found["ml"].notifications[0].subscribers
