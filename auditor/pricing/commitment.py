"""What it saves to commit: reservations and Savings Plans, with what they oblige to."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import Final

from auditor.pricing.book import HOURS_PER_MONTH, Price
from auditor.pricing.saving import (
    Confidence,
    Kind,
    LookUp,
    Saving,
    comparable,
    dollars,
    hourly,
    make,
    number,
    rate,
)

ONE_YEAR: Final = (0.30, 0.40)
"""The discount of one year without upfront payment that is assumed where AWS does not say it for the account."""


def reserved(
    fleet: Iterable[tuple[str, float]], region: str | None = None, *, discount: tuple[float, float] = ONE_YEAR
) -> Saving | None:
    """Reserve for a year what runs all the time (EC2 Reserved Instances, Savings Plans).

    Args:
        fleet: types of EC2, or of SageMaker AI with "ml.", each with how many.
        region: theirs.
        discount: the least and the most of it, as shares.
    """
    counts = list(fleet)
    look_ups: list[LookUp] = [partial(hourly, name) for name, _ in counts]
    prices = comparable(region, *look_ups)
    if not prices:
        return None
    terms = " + ".join(
        f"{number(count)} x {name} x {rate(price.usd)}" for (name, count), price in zip(counts, prices, strict=True)
    )
    usd = sum(count * price.usd for (_, count), price in zip(counts, prices, strict=True)) * HOURS_PER_MONTH
    return _committed(f"({terms}) per hour x {HOURS_PER_MONTH} hours", usd, prices, region, discount)


def covered(
    usd: float, price: Price, region: str | None = None, *, discount: tuple[float, float] = ONE_YEAR
) -> Saving | None:
    """Commit to what is spent on demand in any case.

    Args:
        usd: a month, on demand.
        price: where the sum was read: its source and date are the saving's.
        region: where it is spent.
        discount: the least and the most of it, as shares.
    """
    return _committed(f"{dollars(usd)} a month on demand", usd, [price], region, discount)


def reported(
    usd: float, basis: str, source: str, as_of: str, *, confidence: Confidence = "high", kind: Kind = "commitment"
) -> Saving:
    """A figure of AWS's own about the account, which knows its bill.

    Args:
        usd: a month.
        basis: what the figure is.
        source: the operation that gave it.
        as_of: the ISO date of it.
        confidence, kind: see `saving.Saving`.
    """
    amount = round(max(0.0, usd), 2)
    return Saving(amount, amount, basis, f"AWS, {source}", as_of, confidence, kind)


def _committed(
    what: str, usd: float, prices: list[Price], region: str | None, discount: tuple[float, float]
) -> Saving | None:
    least, most = discount
    share = f"{least:.0%}" if least == most else f"{least:.0%} to {most:.0%}"
    basis = (
        f"{what} x {share} (assumed for one year without upfront payment) = up to {dollars(usd * most)} a month for a"
        f" commitment of {dollars(usd * (1 - most))} to {dollars(usd * (1 - least))}; it pays from {1 - most:.0%} to"
        f" {1 - least:.0%} use on"
    )
    return make(usd * least, usd * most, basis, prices, region, "medium", "commitment")
