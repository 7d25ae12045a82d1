"""Whether what runs all the time is committed to, and what is committed to is used."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from auditor import HIGH, MEDIUM, Findings, Inventory, Undecided, check, clock
from auditor.config import Config
from auditor.members import some, those
from auditor.pricing import book, commitment
from auditor.pricing.book import HOURS_PER_MONTH, Price
from auditor.resources import emr, opensearch, rds, redshift
from auditor.resources.account import Account
from auditor.resources.base import Resource
from auditor.resources.costexplorer import CommitmentUse, PurchaseAdvice, ServiceCoverage
from auditor.resources.ec2 import ReservedInstances
from auditor.resources.savingsplans import SavingsPlan
from auditor.values import ABSENT

_SAGEMAKER = "SageMaker"


@check(
    "savingsplans-coverage-low",
    title="Steady compute use is covered by Savings Plans or Reserved Instances",
    severity=MEDIUM,
    inputs=("live",),
)
def savingsplans_coverage_low(account: Account, config: Config) -> Findings:
    """What runs at every hour of the year costs about a third less where one commits to it.

    Where AWS recommends no plan for the account, as its use is not steady, this passes.

    Fix: buy the Compute Savings Plan that Cost Explorer recommends, or a part of it first; stop what is idle before, as
    a plan is paid for as long as it lasts.
    """
    _require(account, "savings_plans_coverage")
    coverage = those(account.savings_plans_coverage, lambda one: _SAGEMAKER not in one.service)
    yield from _uncovered(account, coverage, "compute", lambda: account.compute_savings_plans_advice, config)


@check(
    "savingsplans-sagemaker-missing",
    title="Steady SageMaker use is covered by SageMaker Savings Plans",
    severity=MEDIUM,
    inputs=("live",),
)
def savingsplans_sagemaker_missing(account: Account, config: Config) -> Findings:
    """Only SageMaker's own Savings Plans cover notebooks, training and endpoints; Compute Savings Plans do not.

    Fix: buy the SageMaker Savings Plan that Cost Explorer recommends for endpoints that always run and training that
    never ends; stop what is idle before.
    """
    _require(account, "savings_plans_coverage")
    coverage = those(account.savings_plans_coverage, lambda one: _SAGEMAKER in one.service)
    yield from _uncovered(account, coverage, "SageMaker", lambda: account.sagemaker_savings_plans_advice, config)


def _uncovered(
    account: Account,
    coverage: tuple[ServiceCoverage, ...],
    what: str,
    ask: Callable[[], PurchaseAdvice],
    config: Config,
) -> Findings:
    """A finding where little is covered and AWS recommends to cover more."""
    covered, on_demand = sum(one.covered for one in coverage), sum(one.on_demand for one in coverage)
    if not on_demand:
        return
    percent = 100 * covered / (covered + on_demand)
    if percent >= config.commitment_coverage:
        return
    advice = ask()
    if advice.monthly_savings > 0:
        basis = (
            f"AWS's own estimate for the account: ${advice.hourly_commitment:,.2f} an hour for one year without upfront"
            f" payment, by the use of 30 days; ${on_demand:,.2f} of it were on demand"
        )
        operation = "Cost Explorer GetSavingsPlansPurchaseRecommendation"
        yield account.fail(
            f"covers {percent:.0f} % of its {what} use with Savings Plans, less than {config.commitment_coverage:g} %",
            saving=commitment.reported(advice.monthly_savings, basis, operation, _today()),
        )


@check(
    "savingsplans-utilization-low",
    title="Savings Plans are used",
    severity=HIGH,
    inputs=("live",),
)
def savingsplans_utilization_low(account: Account, config: Config) -> Findings:
    """A Savings Plan is paid for in every hour, used or not.

    Fix: move use that other plans or none cover to what this plan covers (its family, region or service); a plan bought
    in the last seven days can be returned; buy less when it ends.
    """
    _require(account, "savings_plans_use")
    for use in those(account.savings_plans_use, lambda one: one.utilization < config.commitment_utilization):
        operation = "Cost Explorer GetSavingsPlansUtilization"
        yield account.fail(
            f"used {use.utilization:.0f} % of what its Savings Plans commit to in 30 days",
            saving=commitment.reported(use.unused, _paid(use), operation, _today(), kind=""),
        )


@check(
    "reserved-instances-utilization-low",
    title="Reserved Instances and reserved nodes are used",
    severity=HIGH,
    inputs=("live",),
)
def reserved_instances_utilization_low(account: Account, config: Config) -> Findings:
    """A reservation is paid for in every hour, whether or not an instance that it fits runs.

    Fix: run on the reserved type and region, exchange convertible reservations, or sell standard ones in the Reserved
    Instance Marketplace; buy less when they end.
    """
    _require(account, "reservation_use")
    for use in those(account.reservation_use, lambda one: one.utilization < config.commitment_utilization):
        operation = "Cost Explorer GetReservationUtilization"
        yield account.fail(
            f"used {use.utilization:.0f} % of its reserved hours of {use.service} in 30 days",
            saving=commitment.reported(use.unused, _paid(use), operation, _today(), kind=""),
        )


def _require(account: Account, field: str) -> None:
    """Raise `Undecided` where Cost Explorer, which tells a field, was not asked."""
    if account.given(field) is ABSENT:
        raise Undecided("Cost Explorer, which costs 0.01 USD a request, was not asked (--paid-apis)")


def _paid(use: CommitmentUse) -> str:
    return f"${use.unused:,.2f} were paid in 30 days for what nobody used, as AWS reckons"


def _today() -> str:
    return clock.now().date().isoformat()


# --- reservations ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Demand:
    """What of one kind a resource could have reserved.

    Attributes:
        key: what a reservation must be for.
        units: how much of it, in the units that reservations count in.
        machines: how many are paid by the hour.
        price: of one, an hour; None where that is not known.
    """

    key: str
    units: float
    machines: float
    price: Price | None


_Candidate = rds.DBInstance | redshift.Cluster | opensearch.Domain | emr.Cluster


@check(
    "reserved-instances-candidate",
    title="Long-running databases, warehouses and EMR instances are covered by reservations",
    severity=MEDIUM,
    uses=(
        rds.DBInstance,
        rds.ReservedDBInstance,
        redshift.Cluster,
        redshift.ReservedNode,
        opensearch.Domain,
        opensearch.ReservedInstance,
        emr.Cluster,
        ReservedInstances,
        SavingsPlan,
    ),
    inputs=("live",),
)
def reserved_instances_candidate(candidate: _Candidate, inventory: Inventory, config: Config) -> Findings:
    """A database that has run for months will go on, and costs about a third less by the hour where it is reserved.

    Fix: reserve its class for a year, once it has the right size; nothing about the database changes.
    """
    kind = _kind(candidate)
    if not kind.runs(candidate):
        return
    supply, demand = inventory.remembered(
        candidate, (_balance, kind.name), lambda: _balance(kind, candidate, inventory)
    )
    for need in kind.needs(candidate):
        missing = 1 - supply[need.key] / demand[need.key] if need.units else 0.0
        if missing <= 0:
            continue
        if kind.since is None:
            raise Undecided("since when it has been running is not told")
        if clock.now() - kind.since(candidate) < timedelta(days=config.reservation_age_days):
            return
        if some(inventory.beside(SavingsPlan, candidate), lambda plan: plan.savings_plan_type in kind.plans):
            raise Undecided("Savings Plans may cover it, and how far is not told by resource")
        saving = None
        if need.price:
            usd = need.price.usd * need.machines * HOURS_PER_MONTH * missing
            saving = commitment.covered(usd, need.price, candidate.scope.region)
        part = "" if missing == 1 else f" for {missing:.0%} of what the account has of {need.key}"
        hint = "" if saving else f"; what one saves depends on the price of {need.key}, which is not known here"
        yield candidate.fail(
            f"has run for {config.reservation_age_days} days without a reservation in this account{part}{hint}",
            saving=saving,
        )


@dataclass(frozen=True, slots=True)
class _Kind:
    """How resources of a kind can be reserved.

    Attributes:
        name: what they are.
        cls, reservation: the classes of what runs and of what is reserved.
        needs: what of it can be reserved.
        gives: what a reservation is for, and how many units.
        runs: whether it is paid by the hour now.
        since: when it was made; None where that is not told.
        plans: types of Savings Plans that cover it as well.
    """

    name: str
    cls: type[Resource]
    reservation: type[Resource]
    needs: Callable[[Any], Iterator[_Demand]]
    gives: Callable[[Any], tuple[str, float]]
    runs: Callable[[Any], bool]
    since: Callable[[Any], Any] | None
    plans: tuple[str, ...] = ()


def _balance(kind: _Kind, near: Resource, inventory: Inventory) -> tuple[defaultdict[str, float], dict[str, float]]:
    """The units that are reserved and that run, by what they are, of a kind in an account and region.

    Raises:
        Undecided: not all reservations are known.
    """
    supply: defaultdict[str, float] = defaultdict(float)
    for reservation in inventory.beside(kind.reservation, near):
        key, units = kind.gives(reservation)
        supply[key] += units
    demand: defaultdict[str, float] = defaultdict(float)
    running = those(inventory.beside(kind.cls, near), kind.runs)
    for one in tuple.__iter__(running):
        for need in kind.needs(one):
            demand[need.key] += need.units
    return supply, demand


_ENGINES: Final = {"postgres": "postgresql"}
"""What reservations call engines, where DB instances call them otherwise."""
_SIZES: Final = {"nano": 0.25, "micro": 0.5, "small": 1, "medium": 2, "large": 4}
_XLARGE: Final = re.compile(r"(\d*)xlarge")
"""Normalized units, in which a reservation of any size covers its family.

RDS user guide, "Reserved DB instances"; EC2 user guide, "How Reserved Instances are applied" (regional ones).
"""


def _database(database: rds.DBInstance) -> Iterator[_Demand]:
    name, engine = database.db_instance_class or "", database.engine or ""
    machines = 2 if database.multi_az else 1
    price = book.service("RDS Single-AZ", f"{name} {book.RDS_ENGINES.get(engine, engine)}", database.scope.region)
    yield _Demand(f"{_ENGINES.get(engine, engine)} {_family(name)}", _units(name) * machines, machines, price)


def _family(name: str) -> str:
    return name.rpartition(".")[0]


def _units(name: str) -> float:
    """The normalized units of a class such as `db.r5.2xlarge`."""
    size = name.rpartition(".")[2]
    times = _XLARGE.fullmatch(size)
    units = 8 * int(times[1] or 1) if times else _SIZES.get(size)
    if units is None:
        raise Undecided(f"what a reservation of {name} counts is not known here")
    return units


def _warehouse(cluster: redshift.Cluster) -> Iterator[_Demand]:
    name, nodes = cluster.node_type or "", cluster.number_of_nodes
    yield _Demand(name, nodes, nodes, book.service("Redshift", name, cluster.scope.region))


def _search(domain: opensearch.Domain) -> Iterator[_Demand]:
    config = domain.cluster_config
    if config and config.instance_type:
        price = book.service("OpenSearch", config.instance_type, domain.scope.region)
        yield _Demand(config.instance_type, config.instance_count, config.instance_count, price)


def _nodes(cluster: emr.Cluster) -> Iterator[_Demand]:
    for group in (cluster.master_instance_group, cluster.core_instance_group):
        if group and not group.is_spot:
            price = book.ec2_on_demand(group.instance_type, cluster.scope.region)
            units = _units(group.instance_type) * group.instance_count
            yield _Demand(_family(group.instance_type), units, group.instance_count, price)


def _active(key: Callable[[Any], tuple[str, float]]) -> Callable[[Any], tuple[str, float]]:
    """A reservation that has ended, or is not yet paid, gives nothing."""
    return lambda one: key(one) if one.state == "active" else ("", 0.0)


_KINDS: Final = (
    _Kind(
        "databases",
        rds.DBInstance,
        rds.ReservedDBInstance,
        _database,
        _active(
            lambda one: (
                f"{one.product_description.partition('(')[0].strip()} {_family(one.db_instance_class)}",
                _units(one.db_instance_class) * one.count * (2 if one.multi_az else 1),
            )
        ),
        lambda one: one.status != "stopped" and one.db_instance_class != "db.serverless",
        lambda one: one.created,
        ("Database",),
    ),
    _Kind(
        "warehouses",
        redshift.Cluster,
        redshift.ReservedNode,
        _warehouse,
        _active(lambda one: (one.node_type, one.count)),
        lambda one: one.status != "paused",
        lambda one: one.created,
    ),
    _Kind(
        "search",
        opensearch.Domain,
        opensearch.ReservedInstance,
        _search,
        _active(lambda one: (one.instance_type, one.count)),
        lambda one: True,
        None,
    ),
    _Kind(
        "EMR nodes",
        emr.Cluster,
        ReservedInstances,
        _nodes,
        lambda one: (_family(one.instance_type), _units(one.instance_type) * one.instance_count),
        lambda one: one.state in ("RUNNING", "WAITING"),
        lambda one: one.creation_time,
        ("Compute", "EC2Instance"),
    ),
)


def _kind(candidate: _Candidate) -> _Kind:
    return next(kind for kind in _KINDS if isinstance(candidate, kind.cls))
