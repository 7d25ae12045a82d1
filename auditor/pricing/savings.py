"""What a change would save, in USD a month at list prices, as a range with the arithmetic that led to it.

Every function returns None where a price or a size it needs is not known, or where the change would cost more. A saving
never exceeds the full price of what it is about. Prices are those of the region asked for; where it has none, those of
another, which the basis then says.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Final

from auditor.pricing import book
from auditor.pricing.book import HOURS_PER_MONTH, Component, InstanceType, Price
from auditor.pricing.saving import (
    Saving as Saving,
)
from auditor.pricing.saving import (
    available,
    comparable,
    component_of,
    dollars,
    hourly,
    items,
    lost,
    make,
    memory_each,
    number,
    rate,
)

_GIB: Final = 1024**3
_S3_FIRST_TIER_GB: Final = 50 * 1024

# What gp3 includes (EBS user guide, General Purpose SSD volumes), and what gp2 gives by its size.
_GP3_IOPS: Final = 3000
_GP3_THROUGHPUT: Final = 125
_GP2_IOPS_PER_GB: Final = 3
_GP2_IOPS_RANGE: Final = (100, 16_000)
_GP2_THROUGHPUT: Final = 250
_GP2_SMALL_GB: Final = 170  # up to here gp2 gives 128 MiB/s, so gp3's 125 are as good
# Above this many IOPS io2 is cheaper, by rates that the price book lacks.
_IO_FIRST_TIER_IOPS: Final = 32_000

_EBS_STORAGE: Final = {
    **{name: f"{name} storage" for name in ("gp2", "gp3", "io1", "io2", "st1", "sc1")},
    "standard": "standard (magnetic) storage",
}
_GP3_IOPS_ITEM: Final = "gp3 extra IOPS (over 3000)"
_GP3_THROUGHPUT_ITEM: Final = "gp3 extra throughput (over 125 MiB/s)"
_IO_IOPS_ITEM: Final = "io1/io2 provisioned IOPS (first 32k)"

# Families that a GPU type of an old family can move to. V100 (p3) has three times the memory bandwidth of L4 (g6), so
# p3 goes to g5 and up; p3dn's eight linked GPUs of 32 GiB need p4d.
_SUCCESSORS: Final = {
    "p2": ("g6", "g5", "p4d"),
    "p3": ("g5", "g6e", "p4d"),
    "p3dn": ("p4d", "g6e"),
    **dict.fromkeys(("g3", "g3s", "g4dn", "g4ad"), ("g6", "g5")),
}
# Current families for inference; g4dn and inf1 are old, too.
_INFERENCE_FAMILIES: Final = ("g5", "g6", "g6e", "g7e", "inf2")

# Where no spot saving is published for a type, and the most that AWS promises (up to 90 %).
_SPOT_DEFAULT: Final = 0.6
_SPOT_MOST: Final = 0.9


def gp2_to_gp3(
    size_gb: float, iops_needed: float | None = None, throughput: float | None = None, region: str | None = None
) -> Saving | None:
    """Turn a gp2 volume into gp3 of at least the same performance (EBS pricing).

    Args:
        size_gb: GiB, which EBS bills as GB.
        iops_needed: at peak; where not known, gp2's baseline for the size.
        throughput: MiB/s at peak; where not known, the low end of the range buys gp2's limit and the high end nothing.
        region: of the volume.
    """
    gp2_item, gp3_item = _EBS_STORAGE["gp2"], _EBS_STORAGE["gp3"]
    prices = comparable(region, *items("EBS", gp2_item, gp3_item, _GP3_IOPS_ITEM, _GP3_THROUGHPUT_ITEM))
    if not prices:
        return None
    gp2, gp3, iops_price, throughput_price = prices
    least, most = _GP2_IOPS_RANGE
    iops = min(most, max(least, _GP2_IOPS_PER_GB * size_gb)) if iops_needed is None else iops_needed
    extra_iops = max(0.0, iops - _GP3_IOPS)
    high = size_gb * (gp2.usd - gp3.usd) - extra_iops * iops_price.usd
    basis = f"{number(size_gb)} GB x ({rate(gp2.usd)} - {rate(gp3.usd)}) per GB-month"
    if extra_iops:
        basis += f" - {number(extra_iops)} IOPS above {_GP3_IOPS:,} x {rate(iops_price.usd)}"
    limit = _GP2_THROUGHPUT if size_gb > _GP2_SMALL_GB else _GP3_THROUGHPUT
    extra = max(0.0, (limit if throughput is None else throughput) - _GP3_THROUGHPUT)
    low = high - extra * throughput_price.usd
    bought = f"{number(extra)} MiB/s above {_GP3_THROUGHPUT} x {rate(throughput_price.usd)}"
    if throughput is not None:
        high = low
        basis += f" - {bought}" if extra else ""
    basis += f" = {dollars(high)} a month"
    if low < high:
        basis += f"; less {bought} where the volume needs the {number(limit)} MiB/s that gp2 may give"
    return make(low, high, basis, prices, region, "high")


def unattached_volume(
    volume_type: str,
    size_gb: float,
    iops: float | None = None,
    throughput: float | None = None,
    region: str | None = None,
) -> Saving | None:
    """Delete an EBS volume that is attached to nothing (EBS pricing): its full price.

    Args:
        volume_type: as in EC2 DescribeVolumes, such as "gp3".
        size_gb: GiB, which EBS bills as GB.
        iops: provisioned, for gp3, io1 and io2.
        throughput: provisioned MiB/s, for gp3.
        region: of the volume.
    """
    if volume_type not in _EBS_STORAGE:
        return None
    open_end = ""
    if volume_type in ("io1", "io2"):
        if iops is None:
            open_end = "; provisioned IOPS come on top"
        elif iops > _IO_FIRST_TIER_IOPS:
            open_end = f"; IOPS above {_IO_FIRST_TIER_IOPS:,} come on top"
    charges = ebs_items(volume_type, size_gb, iops, throughput)
    prices = comparable(region, *items("EBS", *(item for _, _, item in charges)))
    if not prices:
        return None
    usd = sum(amount * price.usd for (amount, _, _), price in zip(charges, prices, strict=True))
    terms = (
        f"{number(amount)}{what} x {rate(price.usd)} per {price.unit}"
        for (amount, what, _), price in zip(charges, prices, strict=True)
    )
    basis = f"{' + '.join(terms)} = {dollars(usd)} a month{open_end}"
    return make(usd, usd, basis, prices, region, "medium" if open_end else "high", "idle")


def ebs_items(
    volume_type: str, size_gb: float, iops: float | None = None, throughput: float | None = None
) -> list[tuple[float, str, str]]:
    """What a volume is paid by: amounts, what they are of, and the price book's items; nothing for an unknown type.

    The arguments are those of `unattached_volume`.
    """
    if volume_type not in _EBS_STORAGE:
        return []
    charges = [(size_gb, " GB", _EBS_STORAGE[volume_type])]
    if volume_type == "gp3":
        charges.append(((iops or 0) - _GP3_IOPS, f" IOPS above {_GP3_IOPS:,}", _GP3_IOPS_ITEM))
        charges.append(((throughput or 0) - _GP3_THROUGHPUT, f" MiB/s above {_GP3_THROUGHPUT}", _GP3_THROUGHPUT_ITEM))
    elif volume_type in ("io1", "io2"):
        charges.append((min(iops or 0, _IO_FIRST_TIER_IOPS), " IOPS", _IO_IOPS_ITEM))
    return [charge for charge in charges if charge[0] > 0]


def spot_instead_of_on_demand(
    instance_type: str, count: int, region: str | None = None, hours: float = HOURS_PER_MONTH
) -> Saving | None:
    """Run EC2 instances on spot capacity: from nothing to the published average saving (EC2 Spot Instance Advisor).

    Args:
        instance_type: of EC2, so without "ml.".
        count: how many instances.
        region: of the instances.
        hours: that each runs a month.
    """
    spot = book.ec2_spot(instance_type, region)
    if not spot:
        return None
    share = 1 - spot[0].usd / spot[1].usd
    what = f"{number(count)} x {instance_type} x {number(hours)} hours"
    return _spot(what, count * hours, share, spot[1], spot, region)


def managed_spot_training(
    instance_type: str,
    count: int,
    billable_seconds: float,
    region: str | None = None,
    *,
    realised: tuple[float, int] | None = None,
) -> Saving | None:
    """Train on managed spot capacity (SageMaker AI), for on-demand jobs that were billed so long in a month.

    Args:
        instance_type: of the training job.
        count: instances of the job.
        billable_seconds: BillableTimeInSeconds of DescribeTrainingJob; the same however many instances there are.
        region: of the job.
        realised: the share that the account's own spot jobs on this type saved, and how many they were; it goes before
            what is published of the type.
    """
    price = book.sagemaker(instance_type, region, "training")
    if not price:
        return None
    hours = billable_seconds / 3600
    what = f"{number(count)} x {instance_type} x {number(hours)} billable hours"
    if realised:
        share, jobs = realised
        own = f"what spot saved {jobs} of this account's own jobs on this type"
        return _spot(what, count * hours, min(_SPOT_MOST, share), price, [price], region, own)
    spot = book.ec2_spot(instance_type.removeprefix("ml."), region)
    if not spot:
        return _spot(what, count * hours, _SPOT_DEFAULT, price, [price], region, "assumed, as none is published")
    share = min(_SPOT_MOST, 1 - spot[0].usd / spot[1].usd)
    return _spot(what, count * hours, share, price, [price, spot[0]], region)


def previous_generation_gpu(
    instance_type: str,
    region: str | None = None,
    *,
    count: float = 1,
    hours: float = HOURS_PER_MONTH,
    component: Component = "hosting",
) -> Saving | None:
    """Replace instances of p2, p3, g3, g4dn or g4ad (EC2, or SageMaker AI with "ml."), which run so many hours a month.

    The replacement has at least as many GPUs, memory on each and vCPUs; where no type has so many GPUs, as much GPU
    memory together. How much faster it is depends on the work, so the saving starts at 0 and the basis names the ratio
    of run times up to which the switch pays. Below 1, the replacement costs more per hour and the range is 0 to 0.
    `component` is what SageMaker AI runs them for ("ml.").
    """
    current = book.instance_type(instance_type)
    if not current:
        return None

    def large_enough(new: InstanceType) -> bool:
        return new.vcpu >= current.vcpu and memory_each(new) >= memory_each(current)

    newer = available(_SUCCESSORS.get(current.family, ()), region, component_of(instance_type, component))
    candidates = [new for new in newer if large_enough(new)]
    fitting = [new for new in candidates if new.gpu_count >= current.gpu_count] or [
        new for new in candidates if new.gpu_memory_gib >= current.gpu_memory_gib
    ]
    return switch(instance_type, count, fitting, region, hours)


def training_gpu_endpoint(instance_type: str, count: int, region: str | None = None) -> Saving | None:
    """Serve from the cheapest G or Inf type with enough accelerator memory instead of a P type (SageMaker AI pricing).

    Enough is as much together and as much on each accelerator, so that a model which fits on one still does. None where
    no such type is cheaper.

    Args:
        instance_type: of the production variant.
        count: its instances.
        region: of the endpoint.
    """
    current = book.instance_type(instance_type)
    if not current or not current.family.startswith("p"):
        return None
    fitting = [
        new
        for new in available(_INFERENCE_FAMILIES, region, "hosting")
        if new.gpu_memory_gib >= current.gpu_memory_gib and memory_each(new) >= memory_each(current)
    ]
    saving = switch(f"ml.{current.name}", count, fitting, region)
    return saving if saving and saving.high > 0 else None


def log_retention(stored_bytes: float | None, region: str | None = None) -> Saving | None:
    """Let a log group's events expire (CloudWatch Logs pricing): at most what storing all of them costs.

    Args:
        stored_bytes: storedBytes of DescribeLogGroups, which are compressed bytes, as billed.
        region: of the log group.
    """
    price = book.service("CloudWatch Logs", "storage (archived)", region)
    if stored_bytes is None or not price:
        return None
    size = stored_bytes / _GIB
    high = size * price.usd
    basis = (
        f"{number(size)} GB x {rate(price.usd)} per GB-month x the share older than the retention, not known here"
        f" = up to {dollars(high)} a month; ingestion costs the same as before"
    )
    return make(0, high, basis, [price], region, "medium")


def s3_standard(size_gb: float) -> str:
    """The price book's item for so much in S3 Standard.

    Tiers count for the account: the lower price of the second one is the careful choice for a bucket that reaches it.
    """
    return "Standard first 50 TB" if size_gb <= _S3_FIRST_TIER_GB else "Standard next 450 TB"


def s3_lifecycle(size_bytes: float | None, region: str | None = None) -> Saving | None:
    """Move a bucket's old objects to Standard-IA (S3 pricing): at most all that is in S3 Standard.

    Args:
        size_bytes: the CloudWatch metric BucketSizeBytes for StandardStorage.
        region: of the bucket.
    """
    if size_bytes is None:
        return None
    size = size_bytes / _GIB
    prices = comparable(
        region, *items("S3", s3_standard(size), "Standard-IA", "lifecycle transition to IT / IA / One Zone-IA")
    )
    if not prices:
        return None
    standard, infrequent, transition = prices
    high = size * (standard.usd - infrequent.usd)
    basis = (
        f"{number(size)} GB x ({rate(standard.usd)} - {rate(infrequent.usd)}) per GB-month x the share older than 90"
        f" days, not known here = up to {dollars(high)} a month, before {rate(transition.usd)} per 1,000 objects moved,"
        " once, and retrieval; objects under 128 KB save nothing"
    )
    return make(0, high, basis, prices, region, "low")


def switch(
    name: str,
    count: float,
    candidates: Sequence[InstanceType],
    region: str | None = None,
    hours: float = HOURS_PER_MONTH,
) -> Saving | None:
    """Replace instances by the cheapest candidate, which does the work in an unknown time: a range from 0.

    Args:
        name: of EC2, or of SageMaker AI with "ml.".
        count: how many instances.
        candidates: types that could do the work.
        region: theirs.
        hours: that each runs a month.
    """
    current = book.instance_type(name)
    if not current:
        return None
    prefix = "ml." if name.startswith("ml.") else ""
    price_at = partial(hourly, name)
    pairs = ((new, comparable(region, price_at, partial(hourly, prefix + new.name))) for new in candidates)
    priced = [(prices[1].usd, new, prices) for new, prices in pairs if prices]
    if not priced:
        return None
    _, new, prices = min(priced, key=lambda candidate: candidate[0])
    now, then = (price.usd for price in prices)
    instance_hours = count * hours
    high = max(0.0, now - then) * instance_hours
    old, successor = f"{rate(now)} for {name}", f"{rate(then)} for {prefix}{new.name}"
    if high:
        basis = f"({old} - {successor}) per hour x {number(instance_hours)} instance-hours = {dollars(high)} a month"
        basis += " if the same work takes as many"
    else:
        basis = f"{successor} against {old} per hour: no saving if the same work takes as many instance-hours"
    basis += f"; break-even at {now / then:.2f} times as many"
    basis += lost(current, new)
    if new.has_accelerator and not new.has_gpu:
        basis += "; the model must be compiled with AWS Neuron"
    return make(0, high, basis, prices, region, "low", "oversize")


def _spot(
    what: str,
    hours: float,
    share: float,
    price: Price,
    prices: Sequence[Price],
    region: str | None,
    remark: str = "the published average",
) -> Saving | None:
    """Pay spot prices for so many instance-hours."""
    high = hours * price.usd * share
    basis = (
        f"{what} x {rate(price.usd)} x up to {share:.0%} ({remark}) = up to {dollars(high)} a month;"
        " work repeated after interruptions costs extra"
    )
    return make(0, high, basis, prices, region, "low", "spot")
