"""What it saves to stop, or to delete, what nobody uses: its price for the hours that it runs for nothing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from auditor.pricing import book
from auditor.pricing.book import HOURS_PER_MONTH, Price
from auditor.pricing.saving import Confidence, LookUp, Saving, comparable, dollars, hourly, make, number, rate


def instances(
    fleet: Iterable[tuple[str, int]],
    region: str | None = None,
    *,
    hours: float = HOURS_PER_MONTH,
    confidence: Confidence = "high",
    storage: bool = True,
) -> Saving | None:
    """Stop instances of EC2, or of SageMaker AI where their types begin with "ml.".

    Args:
        fleet: types, each with how many there are.
        region: theirs.
        hours: a month that they would not run: all of them where nobody uses them.
        confidence: how sure it is that nobody does.
        storage: they have some that stays, and is paid on; an endpoint has none.
    """
    counts: dict[str, int] = {}
    for name, count in fleet:
        counts[name] = counts.get(name, 0) + count
    look_ups: list[LookUp] = [lambda where, name=name: hourly(name, where) for name in counts]  # type: ignore[misc]
    prices = comparable(region, *look_ups)
    if not prices:
        return None
    terms = [
        f"{number(count)} x {name} x {rate(price.usd)} per hour"
        for (name, count), price in zip(counts.items(), prices, strict=True)
    ]
    each = sum(count * price.usd for count, price in zip(counts.values(), prices, strict=True))
    return _stopped(" + ".join(terms), each, hours, prices, region, confidence, storage=storage)


def outside(
    fleet: Iterable[tuple[str, int]], needed: float, region: str | None = None, *, storage: bool = True
) -> Saving | None:
    """Stop instances outside the hours in which somebody works with them.

    Args:
        fleet, region, storage: see `instances`.
        needed: hours a month in which they are needed, as the configuration assumes.
    """
    saving = instances(fleet, region, hours=HOURS_PER_MONTH - needed, confidence="medium", storage=storage)
    remark = f"; assumed to be needed {number(needed)} of {HOURS_PER_MONTH} hours a month"
    return replace(saving, basis=saving.basis + remark) if saving else None


def item(
    service: str,
    name: str,
    count: float = 1,
    region: str | None = None,
    *,
    hours: float = HOURS_PER_MONTH,
    confidence: Confidence = "high",
) -> Saving | None:
    """Delete so many of what is paid by the hour: a NAT gateway, a shard, an idle node of a service.

    Args:
        service, name: as in `book.service`.
        count: how many.
        region: theirs.
        hours: a month that they would not run.
        confidence: how sure it is that nobody uses them.
    """
    prices = comparable(region, lambda where: book.service(service, name, where))
    if not prices:
        return None
    what = f"{number(count)} x {service} {name} x {rate(prices[0].usd)} per {prices[0].unit}"
    return _stopped(what, count * prices[0].usd, hours, prices, region, confidence)


def _stopped(
    what: str,
    usd_an_hour: float,
    hours: float,
    prices: list[Price],
    region: str | None,
    confidence: Confidence,
    *,
    storage: bool = True,
) -> Saving | None:
    usd = usd_an_hour * hours
    terms = f"({what})" if " + " in what else what
    basis = f"{terms} x {number(hours)} hours = {dollars(usd)} a month{'; its storage is paid on' if storage else ''}"
    return make(usd, usd, basis, prices, region, confidence, "idle")
