"""What Cost Explorer says of the account's commitments: amounts in its currency, percentages, hours of 30 days."""

from auditor.resources.base import Struct


class ServiceCoverage(Struct):
    """What Savings Plans cover of one service's use that they can cover (Cost Explorer GetSavingsPlansCoverage)."""

    service: str
    covered: float
    on_demand: float


class CommitmentUse(Struct):
    """How much of what was committed to is used; `unused` is what the rest cost, `service` what it is for, if told.

    Cost Explorer GetSavingsPlansUtilization, GetReservationUtilization.
    """

    service: str = ""
    utilization: float
    unused: float


class PurchaseAdvice(Struct):
    """A Savings Plan that AWS recommends, for one year without upfront payment, by 30 days of use.

    `monthly_savings` is nothing where it recommends none (Cost Explorer GetSavingsPlansPurchaseRecommendation).
    """

    monthly_savings: float = 0.0
    hourly_commitment: float = 0.0
