"""What a change would save, in USD a month, and how every formula comes to one: prices, their places, its words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Literal

from auditor.pricing import book
from auditor.pricing.book import Component, InstanceType, Price

Confidence = Literal["high", "medium", "low"]

Kind = Literal["idle", "oversize", "spot", "commitment", ""]
"""What a saving is about, as several on one resource save the same money; empty for whatever is none of these.

What is empty counts in a total only where the resource has no saving of a kind.
"""

LookUp = Callable[[str | None], Price | None]
"""A price by region."""

_CHEAPER = 0.2
"""By how much another region may be cheaper than the one whose prices are known; nearly all are dearer."""


@dataclass(frozen=True, slots=True)
class Saving:
    """What a change would save, in USD a month at list prices, before discounts.

    Attributes:
        low: the least, at list prices.
        high: the most; equal to `low` where nothing but the prices decides.
        basis: a sentence that shows the arithmetic and names what is assumed.
        source: where the prices were read.
        as_of: the date of the oldest of them.
        confidence: how far the formula holds for a given resource.
        kind: what it is about; see `Kind`.
        payer: address of the resource whose cost it is, where that is not the one that it was found on: an endpoint
            pays for what its configuration says.
        group: address of what started the resource that pays, whose own saving is of the same money: an Auto Scaling
            group of its instances, an EMR cluster of its nodes.
    """

    low: float
    high: float
    basis: str
    source: str
    as_of: str
    confidence: Confidence
    kind: Kind = ""
    payer: str = ""
    group: str = ""


def make(
    low: float,
    high: float,
    basis: str,
    prices: Sequence[Price],
    region: str | None,
    confidence: Confidence,
    kind: Kind = "",
) -> Saving | None:
    """A saving, with where its prices come from; None where it would be a loss."""
    if high < 0:
        return None
    elsewhere = sorted({price.region for price in prices} - {region})
    if elsewhere:
        some = "some " if any(price.region == region for price in prices) else ""
        missing = f"none is known for {region}" if region else "the region is not known"
        basis += f"; {some}prices of {' and '.join(elsewhere)}, as {missing}"
        confidence = "medium" if confidence == "high" else confidence
        if low > 0 and not {region, *elsewhere} <= book.SAME_PRICES:
            low *= 1 - _CHEAPER
            basis += f", so the low end allows for {_CHEAPER:.0%} less"
    sources = "; ".join(dict.fromkeys(price.source for price in prices))
    as_of = min(price.as_of for price in prices)
    return Saving(max(0.0, round(low, 2)), round(high, 2), basis, sources, as_of, confidence, kind)


def available(families: Sequence[str], region: str | None, component: Component | None = None) -> list[InstanceType]:
    """The types of these families that can be started in a region, or in us-east-1 where that is not known of it.

    Args:
        families: such as "g5".
        region: where.
        component: only those that SageMaker AI has for that; None for EC2.
    """
    where = region if region in book.REGIONS else book.DEFAULT_REGION
    offered = (new for family in families for new in book.instance_types(family) if where in new.offered)
    return [new for new in offered if component is None or component in new.sagemaker]


def component_of(name: str, component: Component) -> Component | None:
    """What SageMaker AI must have another type for to replace one for a component; None for a type of EC2."""
    return component if name.startswith("ml.") else None


def lost(current: InstanceType, new: InstanceType) -> str:
    """What a type has less of than another, for a basis: "; g5.xlarge has 1 instead of 4 accelerators"."""
    smaller = [
        f"{number(after)} instead of {number(before)} {what}"
        for what, before, after in (
            ("accelerators", current.gpu_count, new.gpu_count),
            ("vCPUs", current.vcpu, new.vcpu),
            ("GiB of host memory", current.memory_gib, new.memory_gib),
        )
        if after < before
    ]
    return f"; {new.name} has {', '.join(smaller)}" if smaller else ""


def memory_each(instance: InstanceType) -> float:
    """GiB on each accelerator."""
    return round(instance.gpu_memory_gib / instance.gpu_count, 1) if instance.gpu_count else 0.0


def hourly(name: str, region: str | None) -> Price | None:
    """The price per hour of an instance of SageMaker AI ("ml.") or EC2."""
    return book.sagemaker(name, region) if name.startswith("ml.") else book.ec2_on_demand(name, region)


def items(name: str, *items: str) -> list[LookUp]:
    """Look-ups by region for items of a service."""
    return [partial(book.service, name, item) for item in items]


def comparable(region: str | None, *look_ups: LookUp) -> list[Price] | None:
    """The prices of one region, so that no difference between regions passes for a saving.

    All of the region asked for, or else all of us-east-1. Only SageMaker AI prices may still be of two regions then,
    which have the same list prices (see `book.sagemaker`).
    """
    prices: list[Price] = []
    for where in (region, book.DEFAULT_REGION):
        found = [look_up(where) for look_up in look_ups]
        prices = [price for price in found if price]
        if len(prices) < len(found):
            return None
        if len({price.region for price in prices}) == 1:
            break
    return prices


def number(value: float) -> str:
    """1,234.5."""
    return f"{value:,.2f}".rstrip("0").rstrip(".")


def rate(usd: float) -> str:
    """A unit price, to a thousandth of a cent but never less than cents: $0.10, $0.0125."""
    whole, _, cents = f"{usd:,.5f}".rstrip("0").partition(".")
    return f"${whole}.{cents:0<2}"


def dollars(usd: float) -> str:
    """A sum, to the cent: $1,234.50."""
    return f"${usd:,.2f}"
