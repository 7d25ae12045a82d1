"""What it saves to use less of what is paid by use: data, DPU-hours, shards, nodes of a managed service."""

from __future__ import annotations

import math
from collections.abc import Iterable
from functools import partial

from auditor.pricing import book
from auditor.pricing.book import HOURS_PER_MONTH
from auditor.pricing.saving import (
    Confidence,
    Kind,
    LookUp,
    Saving,
    comparable,
    dollars,
    make,
    number,
    rate,
)
from auditor.pricing.savings import s3_standard

SHARD_BYTES_IN = 1_000_000
SHARD_RECORDS_IN = 1_000
SHARD_BYTES_OUT = 2_000_000
"""A second, of one shard (Kinesis Data Streams developer guide, "Quotas and limits")."""

_GLUE_DPU = ("Glue", "Spark ETL / crawler / dev endpoint DPU")
_GLUE_FLEX = ("Glue", "Flex execution DPU")
_TRANSITION = "lifecycle transition to IT / IA / One Zone-IA"


def less(
    service: str,
    item: str,
    amount: float,
    region: str | None = None,
    *,
    low: float = 1.0,
    high: float = 1.0,
    remark: str = "",
    confidence: Confidence = "medium",
    kind: Kind = "",
) -> Saving | None:
    """Use less of one item, between two shares of what is used a month.

    Args:
        service, item: as in `book.service`.
        amount: used in a month, in the item's unit.
        region: where.
        low, high: the shares of it that would not be used, 0 to 1.
        remark: what the shares rest on, read after the arithmetic.
        confidence, kind: see `saving.Saving`.
    """
    prices = comparable(region, partial(book.service, service, item))
    if not prices:
        return None
    price = prices[0]
    most = amount * price.usd * high
    basis = f"{number(amount)} x {rate(price.usd)} per {price.unit} of {service} {item}{_shares(low, high)}"
    basis += f" = {'up to ' if low < high else ''}{dollars(most)} a month"
    return make(amount * price.usd * low, most, _remarked(basis, remark), prices, region, confidence, kind)


def moved(
    service: str,
    item: str,
    cheaper: str,
    amount: float,
    region: str | None = None,
    *,
    low: float = 1.0,
    high: float = 1.0,
    fee: tuple[str, float] | None = None,
    remark: str = "",
    confidence: Confidence = "medium",
) -> Saving | None:
    """Use a cheaper item of the same service instead, such as another storage class.

    Args:
        service, item, cheaper: as in `book.service`, of the same unit.
        amount: used in a month.
        region: where.
        low, high: the shares of it that can be moved, 0 to 1.
        fee: an item that is paid on top each month, and how much of it.
        remark, confidence: see `less`.
    """
    names = [item, cheaper, *([fee[0]] if fee else [])]
    prices = comparable(region, *(partial(book.service, service, name) for name in names))
    if not prices or prices[1].usd >= prices[0].usd:
        return None
    each = prices[0].usd - prices[1].usd
    extra = fee[1] * prices[2].usd if fee else 0.0
    most = amount * each * high - extra
    basis = (
        f"{number(amount)} x ({rate(prices[0].usd)} for {item} - {rate(prices[1].usd)} for {cheaper}) per"
        f" {prices[0].unit}{_shares(low, high)}"
    )
    if fee:
        basis += f" - {number(fee[1])} x {rate(prices[2].usd)} per {prices[2].unit}"
    basis += f" = {'up to ' if low < high else ''}{dollars(most)} a month"
    return make(amount * each * low - extra, most, _remarked(basis, remark), prices, region, confidence)


def nat_to_gateway(gigabytes: float, region: str | None = None, *, share: float | None = None) -> Saving | None:
    """Reach S3 and DynamoDB through a gateway endpoint, which is free, instead of a NAT gateway (VPC pricing).

    Args:
        gigabytes: that the NAT gateway processes in a month.
        region: its region.
        share: of it that goes to S3 and DynamoDB, by flow logs; where not known, from nothing to all.
    """
    low, high = (0.0, 1.0) if share is None else (share, share)
    remark = "the share that goes to S3 and DynamoDB is not known here" if share is None else ""
    return less("VPC", "NAT gateway data processed", gigabytes, region, low=low, high=high, remark=remark)


def shards_needed(bytes_in: float, records_in: float, bytes_out: float, headroom: float = 1.25) -> int:
    """The shards that a stream needs, 1 at least.

    Args:
        bytes_in, records_in, bytes_out: a second, at the peak.
        headroom: how much more than the peak they should take.
    """
    peak = max(bytes_in / SHARD_BYTES_IN, records_in / SHARD_RECORDS_IN, bytes_out / SHARD_BYTES_OUT)
    return max(1, math.ceil(peak * headroom))


def shards(now: int, needed: int, region: str | None = None) -> Saving | None:
    """Merge the shards of a provisioned stream that it does not need (Kinesis Data Streams pricing).

    Args:
        now, needed: how many; see `shards_needed`.
        region: the stream's.
    """
    if needed >= now:
        return None
    hours = (now - needed) * HOURS_PER_MONTH
    remark = f"{now - needed} of {now} shards for {HOURS_PER_MONTH} hours"
    return less("Kinesis", "provisioned shard", hours, region, remark=remark, confidence="high", kind="oversize")


def glue(
    dpu_hours: float,
    region: str | None = None,
    *,
    low: float = 1.0,
    high: float = 1.0,
    remark: str = "",
    flex: bool = False,
) -> Saving | None:
    """Run Glue jobs with fewer DPUs, or shorter (Glue pricing).

    Args:
        dpu_hours: that the jobs take in a month.
        region: theirs.
        low, high: the shares of them that would not be taken.
        remark: what the shares rest on.
        flex: they run in the Flex class, where a DPU-hour costs a third less.
    """
    item = _GLUE_FLEX if flex else _GLUE_DPU
    return less(*item, dpu_hours, region, low=low, high=high, remark=remark, kind="oversize")


def glue_flex(dpu_hours: float, region: str | None = None) -> Saving | None:
    """Run Glue jobs that may wait in the Flex class (Glue pricing); they may take longer there."""
    return moved("Glue", _GLUE_DPU[1], _GLUE_FLEX[1], dpu_hours, region, low=0.0, remark="jobs may run longer")


def emr(
    nodes: Iterable[tuple[str, float]],
    region: str | None = None,
    *,
    hours: float = HOURS_PER_MONTH,
    share: float = 1.0,
    confidence: Confidence = "high",
    kind: Kind = "idle",
) -> Saving | None:
    """Don't run nodes of EMR on EC2: their EC2 price and EMR's uplift (EMR pricing).

    Args:
        nodes: types, each with how many.
        region: the cluster's.
        hours: a month that they would not run.
        share: of the nodes that would not.
        confidence, kind: see `saving.Saving`.
    """
    counts: dict[str, float] = {}
    for name, count in nodes:
        counts[name] = counts.get(name, 0) + count
    look_ups: list[LookUp] = [partial(book.emr_node, name) for name in counts]
    prices = comparable(region, *look_ups)
    if not prices:
        return None
    terms = [
        f"{number(count)} x {name} x {rate(price.usd)} per hour with EMR's uplift"
        for (name, count), price in zip(counts.items(), prices, strict=True)
    ]
    usd = sum(count * price.usd for count, price in zip(counts.values(), prices, strict=True)) * hours * share
    part = "" if share == 1 else f" x {share:.0%}"
    basis = f"({' + '.join(terms)}) x {number(hours)} hours{part} = {dollars(usd)} a month"
    return make(usd, usd, basis, prices, region, confidence, kind)


def colder(gigabytes: float, objects: float, region: str | None = None) -> Saving | None:
    """Move what is read now and then into S3 Intelligent-Tiering: from its monitoring's price to all going cold.

    Args:
        gigabytes: in S3 Standard.
        objects: how many; each is monitored for a fee. A mean size below 128 KB is refused: those never move.
        region: the bucket's.
    """
    if not objects or gigabytes * 1024**2 / objects < 128:
        return None
    once = book.service("S3", _TRANSITION, region)
    moving = f"; moving all of it costs {dollars(objects / 1000 * once.usd)} once" if once else ""
    return moved(
        "S3",
        s3_standard(gigabytes),
        "Intelligent-Tiering infrequent",
        gigabytes,
        region,
        low=0.0,
        fee=("Intelligent-Tiering monitoring", objects / 1000),
        remark=f"which share goes cold is not known{moving}",
        confidence="low",
    )


def _shares(low: float, high: float) -> str:
    if low == high:
        return "" if high == 1 else f" x {high:.0%}"
    return f" x {low:.0%} to {high:.0%}"


def _remarked(basis: str, remark: str) -> str:
    return f"{basis}; {remark}" if remark else basis
