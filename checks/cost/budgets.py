"""Who is told about what is spent."""

from auditor import MEDIUM, Findings, Inventory, check
from auditor.members import every, some
from auditor.resources.account import Account
from auditor.resources.budgets import Budget

_BUDGET = """
          %s:
            Type: AWS::Budgets::Budget
            Properties:
              Budget: {BudgetType: %s, TimeUnit: MONTHLY, BudgetLimit: {Amount: 900, Unit: USD}%s}
              %s
        """
_TOLD = """NotificationsWithSubscribers:
                - Notification: {NotificationType: FORECASTED, ComparisonOperator: GREATER_THAN, Threshold: 90}
                  Subscribers: [{SubscriptionType: EMAIL, Address: a@example.com}]"""
_SAGEMAKER = ", CostFilters: {Service: [Amazon SageMaker]}"


def _budgets(*budgets: str) -> str:
    return "\n        Resources:" + "".join(budgets)


@check(
    "budgets-missing",
    title="Cost budgets with notifications exist, at least one for the account and one per ML service or team",
    severity=MEDIUM,
    uses=(Budget,),
    bad=(_budgets(_BUDGET % ("Silent", "COST", "", "")),),
    good=(_budgets(_BUDGET % ("All", "COST", "", _TOLD), _BUDGET % ("Ml", "COST", _SAGEMAKER, _TOLD)),),
)
def budgets_missing(judged: Account | Budget, inventory: Inventory) -> Findings:
    """A training job that somebody forgot costs thousands before the invoice comes; a budget tells within a day.

    A budget without a filter is for the account, one with any filter for a service, a team or a project. Nothing is
    saved by a budget itself: what is at stake is the spending that none covers. Budgets of the organization's
    management account are not seen from a member account.

    Fix: make a monthly COST budget for the account, and one for each ML service (SageMaker, Glue, EMR) or team tag,
    with notifications for 80 % of the actual and 100 % of the forecast cost.
    """
    if isinstance(judged, Budget):
        if judged.budget_type == "COST" and not judged.notifications:
            yield judged.fail("is a cost budget that tells nobody", at="notifications")
        return
    budgets = inventory.all(Budget, near=judged) if inventory.declared(Budget, near=judged) else ()
    if not some(budgets, lambda budget: every(lambda: _tells(budget), lambda: not _is_filtered(budget))):
        yield judged.fail("has no cost budget for all of it that tells anybody")
    if not some(budgets, lambda budget: every(lambda: _tells(budget), lambda: _is_filtered(budget))):
        yield judged.fail("has no cost budget for a service, team or project that tells anybody")


def _tells(budget: Budget) -> bool:
    return budget.budget_type == "COST" and bool(budget.notifications)


def _is_filtered(budget: Budget) -> bool:
    return bool(budget.cost_filters or budget.filter_expression)
