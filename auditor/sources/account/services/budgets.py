"""AWS Budgets, with their notifications."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from auditor.raw import Raw
from auditor.sources.account.collector import Api, collector
from auditor.values import Unknown


@collector(
    "budgets",
    types=("AWS::Budgets::Budget",),
    operations=("DescribeBudgets",),
    details={"DescribeBudgetNotificationsForAccount": ("NotificationsWithSubscribers",)},
    scope="global",
)
def budgets(api: Api) -> Iterator[Raw]:
    """Every budget, with the notifications that one further call gives of all of them."""
    notifications: Any = None
    for budget in api.pages("DescribeBudgets", "Budgets", AccountId=api.account):
        if notifications is None:
            notifications = _notifications(api)
        name = budget["BudgetName"]
        told = notifications if isinstance(notifications, Unknown) else notifications.get(name, [])
        arn = f"arn:{api.partition}:budgets::{api.account}:budget/{name}"
        properties = {**budget, "NotificationsWithSubscribers": told}
        yield api.raw("AWS::Budgets::Budget", arn, properties, names=(name,), title=name)


def _notifications(api: Api) -> dict[str, list[dict[str, Any]]] | Unknown:
    """By budget, in CloudFormation's shape but without the subscribers, of which each has at least one."""
    found = api.ask_all(
        "DescribeBudgetNotificationsForAccount",
        "BudgetNotificationsForAccount",
        resource="the notifications of budgets",
        AccountId=api.account,
    )
    if isinstance(found, Unknown):
        return found
    return {one["BudgetName"]: [{"Notification": told} for told in one.get("Notifications", ())] for one in found}
