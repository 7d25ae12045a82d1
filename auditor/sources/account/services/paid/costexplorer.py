"""Cost Explorer: how well commitments are used. Each request costs 0.01 USD; there are at most eight a scan.

Source: aws.amazon.com/aws-cost-management/aws-cost-explorer/pricing, "API".
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from auditor.raw import Raw
from auditor.sources.account import collector as registry
from auditor.sources.account.collector import Api, collector
from auditor.sources.account.services.places import account
from auditor.values import ABSENT, Unknown

DAYS = 30
"""How many days the figures are of."""

_PERIOD = f"the last {DAYS} days"
_NO_DATA = ("DataUnavailableException",)
_RESERVED = (
    "Amazon Elastic Compute Cloud - Compute",
    "Amazon Relational Database Service",
    "Amazon Redshift",
    "Amazon Elasticsearch Service",
)
"""Services with reservations, as GetReservationUtilization calls them; it answers for one at a time."""

_ADVICE = {"ComputeSavingsPlansAdvice": "COMPUTE_SP", "SageMakerSavingsPlansAdvice": "SAGEMAKER_SP"}

_COVERAGE = "GetSavingsPlansCoverage"
_UTILIZATION = "GetSavingsPlansUtilization"
_RESERVATIONS = "GetReservationUtilization"
_PURCHASE = "GetSavingsPlansPurchaseRecommendation"


def commitments(api: Api) -> Iterator[Raw]:
    """Coverage and use of Savings Plans, use of reservations, and the Savings Plans that AWS recommends."""
    today = datetime.now(UTC).date()
    period = {"Start": (today - timedelta(days=DAYS)).isoformat(), "End": today.isoformat()}
    told = {
        "SavingsPlansCoverage": _coverage(api, period),
        "SavingsPlansUse": _use(api, period),
        "ReservationUse": _reservations(api, period),
        **{name: _advice(api, kind) for name, kind in _ADVICE.items()},
    }
    yield account(api, told)


def _coverage(api: Api, period: Mapping[str, str]) -> Any:
    """What is covered and what is not, by service; empty where nothing could be."""
    found = api.ask_all(
        _COVERAGE,
        "SavingsPlansCoverages[].{Service: Attributes.SERVICE, Covered: Coverage.SpendCoveredBySavingsPlans,"
        " OnDemand: Coverage.OnDemandCost}",
        absent=_NO_DATA,
        resource=_PERIOD,
        TimePeriod=period,
        GroupBy=[{"Type": "DIMENSION", "Key": "SERVICE"}],
    )
    return [] if found is ABSENT else found


def _use(api: Api, period: Mapping[str, str]) -> Any:
    """How Savings Plans are used; empty where there are none."""
    key = "Total.Utilization.{Utilization: UtilizationPercentage, Unused: UnusedCommitment}"
    found = _asked(api, _UTILIZATION, key, TimePeriod=period)
    return [] if found is ABSENT else found if isinstance(found, Unknown) else [found]


def _reservations(api: Api, period: Mapping[str, str]) -> Any:
    """How reservations are used, by service; nothing for services without any."""
    found: list[Any] = []
    for service in _RESERVED:
        used = _asked(
            api,
            _RESERVATIONS,
            "Total.{Utilization: UtilizationPercentage, Unused: RICostForUnusedHours, Hours: PurchasedHours}",
            TimePeriod=period,
            Filter={"Dimensions": {"Key": "SERVICE", "Values": [service]}},
        )
        if isinstance(used, Unknown):
            found.append(used)
        elif used is not ABSENT and used and float(used.get("Hours") or 0):
            found.append({"Service": service, **used})
    return found


def _advice(api: Api, kind: str) -> Any:
    """What AWS recommends to commit to; an empty map where it recommends nothing."""
    found = _asked(
        api,
        _PURCHASE,
        "SavingsPlansPurchaseRecommendation.SavingsPlansPurchaseRecommendationSummary"
        ".{MonthlySavings: EstimatedMonthlySavingsAmount, HourlyCommitment: HourlyCommitmentToPurchase}",
        SavingsPlansType=kind,
        TermInYears="ONE_YEAR",
        PaymentOption="NO_UPFRONT",
        LookbackPeriodInDays="THIRTY_DAYS",
    )
    return {} if found is ABSENT else found


def _asked(api: Api, operation: str, key: str, **params: Any) -> Any:
    return api.ask(operation, key, absent=_NO_DATA, resource=_PERIOD, **params)


def register() -> None:
    """Make it one of the collectors; see `paid.opt_in`."""
    if not any(one.collect is commitments for one in registry.COLLECTORS):
        details = {  # nobody pays for what no check reads
            _COVERAGE: ("SavingsPlansCoverage",),
            _UTILIZATION: ("SavingsPlansUse",),
            _RESERVATIONS: ("ReservationUse",),
            _PURCHASE: tuple(_ADVICE),
        }
        collector("ce", types=("account",), operations=(), details=details, scope="global")(commitments)
