"""AWS Budgets."""

from typing import Annotated, Any

from auditor.resources.base import Resource, Struct
from auditor.resources.fields import From


class Notification(Struct):
    """When somebody is told about a budget.

    AWS takes none without a subscriber. Who they are is not read from an account, as it takes a call for each.
    """

    subscribers: Annotated[tuple[Any, ...], From(tf="subscriber_email_addresses", live=None)] = ()


class Budget(Resource, cfn="AWS::Budgets::Budget", tf="aws_budgets_budget"):
    """A budget."""

    budget_type: Annotated[str, From(cfn="Budget.BudgetType")]
    limit_amount: Annotated[float | None, From(cfn="Budget.BudgetLimit.Amount", live="BudgetLimit.Amount")] = None
    cost_filters: Annotated[Any, From(cfn="Budget.CostFilters", tf="cost_filter")] = None
    filter_expression: Annotated[Any, From(cfn="Budget.FilterExpression")] = None
    notifications: Annotated[
        tuple[Notification, ...],
        From(cfn="NotificationsWithSubscribers", tf="notification", live="NotificationsWithSubscribers"),
    ] = ()
