"""Cost Explorer: how well commitments are used. Each request costs 0.01 USD; there are at most four a scan.

Source: aws.amazon.com/aws-cost-management/aws-cost-explorer/pricing, "API".
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from auditor.raw import Raw
from auditor.sources.account import collector as registry
from auditor.sources.account.collector import Api, collector
from auditor.sources.account.services.places import account

DAYS = 30
"""How many days the figures are of."""

# Property of the account, operation, JMESPath of the percentage.
_FIGURES = (
    ("SavingsPlansCoverage", "GetSavingsPlansCoverage", "SavingsPlansCoverages[0].Coverage.CoveragePercentage"),
    ("SavingsPlansUtilization", "GetSavingsPlansUtilization", "Total.Utilization.UtilizationPercentage"),
    ("ReservationCoverage", "GetReservationCoverage", "Total.CoverageHours.CoverageHoursPercentage"),
    ("ReservationUtilization", "GetReservationUtilization", "Total.UtilizationPercentage"),
)


def commitments(api: Api) -> Iterator[Raw]:
    """Coverage and utilization of Savings Plans and reservations, in percent; absent where there are none."""
    today = datetime.now(UTC).date()
    period = {"Start": (today - timedelta(days=DAYS)).isoformat(), "End": today.isoformat()}
    yield account(
        api,
        {
            name: api.ask(
                operation,
                key,
                absent=("DataUnavailableException",),
                resource=f"the last {DAYS} days",
                TimePeriod=period,
            )
            for name, operation, key in _FIGURES
        },
    )


def register() -> None:
    """Make it one of the collectors; see `paid.opt_in`."""
    if not any(one.collect is commitments for one in registry.COLLECTORS):
        details = {operation: (name,) for name, operation, _ in _FIGURES}  # nobody pays for what no check reads
        collector("ce", types=("account",), operations=(), details=details, scope="global")(commitments)
