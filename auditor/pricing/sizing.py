"""What it saves to run the same on something smaller, or on another kind of machine."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial

from auditor.pricing import book
from auditor.pricing.book import HOURS_PER_MONTH, Component, InstanceType
from auditor.pricing.saving import (
    Confidence,
    Kind,
    Saving,
    available,
    comparable,
    component_of,
    dollars,
    hourly,
    lost,
    make,
    memory_each,
    number,
    rate,
)
from auditor.pricing.savings import switch


def replaced(
    now: str,
    then: str,
    count: float = 1,
    region: str | None = None,
    *,
    hours: float = HOURS_PER_MONTH,
    confidence: Confidence = "medium",
    kind: Kind = "oversize",
) -> Saving | None:
    """Run instances of a smaller type that is enough, for the same hours.

    Args:
        now, then: types of EC2, or of SageMaker AI with "ml.".
        count: how many instances; the same of both.
        region: theirs.
        hours: that each runs a month.
        confidence: how sure it is that the smaller one is enough.
        kind: see `saving.Kind`.
    """
    prices = comparable(region, partial(hourly, now), partial(hourly, then))
    old, new = book.instance_type(now), book.instance_type(then)
    if not prices or not old or not new or prices[1].usd >= prices[0].usd:
        return None
    high = (prices[0].usd - prices[1].usd) * count * hours
    basis = (
        f"({rate(prices[0].usd)} for {now} - {rate(prices[1].usd)} for {then}) per hour x {number(count * hours)}"
        f" instance-hours = {dollars(high)} a month ({1 - prices[1].usd / prices[0].usd:.0%}){lost(old, new)}"
    )
    return make(high, high, basis, prices, region, confidence, kind)


def smaller(name: str, region: str | None = None, component: Component = "hosting") -> str | None:
    """The next cheaper type of the same family, which one can start; None where there is none.

    It may have fewer GPUs than the type has, but never none. `component` is what SageMaker AI runs it for ("ml.").
    """
    return next(_cheaper(name, region, component, lambda new: True), None)


def with_gpus(name: str, needed: int, region: str | None = None, component: Component = "hosting") -> str | None:
    """The cheapest type of the same family with so many GPUs of the same memory; None where none is cheaper.

    `component` is what SageMaker AI runs it for ("ml.").
    """
    *_, last = [None, *_cheaper(name, region, component, lambda new: new.gpu_count >= needed)]
    return last


def accelerator(
    name: str,
    families: Sequence[str],
    count: float = 1,
    region: str | None = None,
    *,
    hours: float = HOURS_PER_MONTH,
    component: Component = "hosting",
) -> Saving | None:
    """Run on the cheapest type of other families with as much accelerator memory: inf2 for inference, trn1 to train.

    How long the work takes there is not known, so the saving starts at 0 and the basis names the break-even.

    Args:
        name: the type now, of EC2, or of SageMaker AI with "ml.".
        families: those that could do the work: ("inf2",).
        count: how many instances.
        region: theirs.
        hours: that each runs a month.
        component: what SageMaker AI runs it for ("ml.").
    """
    current = book.instance_type(name)
    if not current:
        return None
    candidates = available(families, region, component_of(name, component))
    fitting = [new for new in candidates if new.gpu_memory_gib >= current.gpu_memory_gib]
    saving = switch(name, count, fitting, region, hours)
    return saving if saving and saving.high > 0 else None


def general_purpose(
    name: str, families: Sequence[str], region: str | None = None, component: Component = "hosting"
) -> str | None:
    """The cheapest type without accelerators, of some families, that has the vCPUs of a type with them.

    `component` is what SageMaker AI runs it for ("ml.").
    """
    current = book.instance_type(name)
    if not current:
        return None
    prefix = "ml." if name.startswith("ml.") else ""
    candidates = available(families, region, component_of(name, component))
    plain = [new for new in candidates if new.vcpu >= current.vcpu and not new.has_accelerator]
    priced = [(price.usd, new.name) for new in plain if (price := hourly(prefix + new.name, region))]
    return prefix + min(priced)[1] if priced else None


def serverless(
    name: str, count: float, gb_seconds: float, region: str | None = None, *, hours: float = HOURS_PER_MONTH
) -> Saving | None:
    """Serve rare requests from a SageMaker AI serverless endpoint, paid by the time that requests take.

    The rate of serverless inference is not in the price book, so the range begins at 0 and the basis names the rate up
    to which it pays.

    Args:
        name: the type now, with "ml.".
        count: how many instances.
        gb_seconds: memory in GB x seconds that all requests of a month take.
        region: the endpoint's.
        hours: that the instances run a month.
    """
    prices = comparable(region, partial(hourly, name))
    if not prices:
        return None
    high = count * prices[0].usd * hours
    basis = (
        f"{number(count)} x {name} x {rate(prices[0].usd)} per hour x {number(hours)} hours = {dollars(high)} a month"
    )
    if gb_seconds:
        basis += (
            f", less {number(gb_seconds)} GB-seconds of serverless inference, whose rate is not known here: it pays"
        )
        basis += f" below ${high / gb_seconds:.2g} per GB-second"
    return make(0, high, basis, prices, region, "low", "oversize")


def above_target(
    fleet: Sequence[tuple[str, int]], requests: float, target: float, region: str | None = None
) -> Saving | None:
    """Serve requests for what they are worth: what the instances cost beyond that.

    Args:
        fleet: types of SageMaker AI with "ml.", each with how many.
        requests: a month.
        target: USD that one may cost.
        region: theirs.
    """
    prices = comparable(region, *(partial(hourly, name) for name, _ in fleet))
    if not prices:
        return None
    pairs = list(zip(fleet, prices, strict=True))
    cost = sum(count * price.usd for (_, count), price in pairs) * HOURS_PER_MONTH
    terms = " + ".join(f"{count} x {name} x {rate(price.usd)}" for (name, count), price in pairs)
    high = max(0.0, cost - requests * target)
    basis = (
        f"({terms}) per hour x {HOURS_PER_MONTH} hours - {number(requests)} requests a month x {rate(target)} ="
        f" {dollars(high)} a month above the target"
    )
    return make(0, high, basis, prices, region, "low", "oversize")


def _cheaper(
    name: str, region: str | None, component: Component, enough: Callable[[InstanceType], bool]
) -> Iterator[str]:
    """Cheaper types of a family that keep the memory of each accelerator, the dearest first."""
    current, now = book.instance_type(name), hourly(name, region)
    if not current or not now:
        return
    prefix, needed = "ml." if name.startswith("ml.") else "", component_of(name, component)
    priced = []
    for new in book.instance_types(current.family):
        if needed and needed not in new.sagemaker:
            continue
        price = hourly(prefix + new.name, now.region)
        kept = new.has_accelerator == current.has_accelerator and memory_each(new) >= memory_each(current)
        if price and price.usd < now.usd and kept and enough(new):
            priced.append((price.usd, new.vcpu, prefix + new.name))
    yield from (found for _, _, found in sorted(priced, reverse=True))
