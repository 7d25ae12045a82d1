"""What it saves to run fewer instances or tasks of the same size, or tasks that are smaller."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

from auditor.pricing import book
from auditor.pricing.book import Price
from auditor.pricing.saving import (
    Confidence,
    Kind,
    LookUp,
    Saving,
    comparable,
    dollars,
    hourly,
    items,
    make,
    number,
    rate,
)

# The GiB that a task of so many vCPUs may have on Fargate (ECS developer guide, "Task size").
_MEMORY: Final = {0.25: (0.5, 2), 0.5: (1, 4), 1: (2, 8), 2: (4, 16), 4: (8, 30), 8: (16, 60), 16: (32, 120)}


@dataclass(frozen=True, slots=True)
class Task:
    """What a task on Fargate with Linux reserves: vCPUs, GiB, and whether it is of the Arm architecture."""

    vcpu: float
    memory: float
    arm: bool = False

    def smaller(self) -> Task | None:
        """Half of it, as far as Fargate has that; None for the smallest."""
        vcpu = self.vcpu / 2 if self.vcpu / 2 in _MEMORY else self.vcpu
        least, most = _MEMORY.get(vcpu, (self.memory, self.memory))
        half = self.memory / 2
        memory = min(max(math.ceil(half) if half > least else half, least), most)
        found = Task(vcpu, memory, self.arm)
        return found if found != self else None


def fewer(
    name: str,
    hours: float,
    region: str | None = None,
    *,
    low: float = 0.0,
    remark: str = "",
    spot: bool = False,
    confidence: Confidence = "low",
    kind: Kind = "oversize",
) -> Saving | None:
    """Run instances for fewer hours.

    Args:
        name: their type, of EC2, or of SageMaker AI with "ml.".
        hours: instance-hours a month that could be left out, at the most.
        region: theirs.
        low: the share of them that surely can be.
        remark: what the hours rest on, read after the arithmetic.
        spot: they are paid at the spot price.
        confidence, kind: see `saving.Saving`.
    """
    prices = comparable(region, partial(_spot if spot else hourly, name))
    if not prices:
        return None
    usd = hours * prices[0].usd
    what = "on spot capacity " if spot else ""
    basis = f"{number(hours)} instance-hours of {name} {what}x {rate(prices[0].usd)}"
    basis += f" = {'up to ' if low < 1 else ''}{dollars(usd)} a month"
    return make(usd * low, usd, f"{basis}; {remark}" if remark else basis, prices, region, confidence, kind)


def tasks(
    task: Task,
    hours: float,
    region: str | None = None,
    *,
    low: float = 0.0,
    high: float = 1.0,
    remark: str = "",
    confidence: Confidence = "low",
    kind: Kind = "oversize",
) -> Saving | None:
    """Leave out vCPUs and memory of tasks on Fargate with Linux (Fargate pricing).

    Args:
        task: what of a task is left out, or all of it.
        hours: task-hours a month.
        region: theirs.
        low, high: the least and the most of it that is saved, as shares.
        remark: what that rests on, read after the arithmetic.
        confidence, kind: see `saving.Saving`.
    """
    machine = "ARM" if task.arm else "x86"
    look_ups: Sequence[LookUp] = items("Fargate", f"{machine} vCPU", f"{machine} memory")
    prices = comparable(region, *look_ups)
    if not prices:
        return None
    usd = hours * (task.vcpu * prices[0].usd + task.memory * prices[1].usd) * high
    share = "" if high == 1 else f" x {high:.0%}"
    each = f"{number(task.vcpu)} vCPU x {rate(prices[0].usd)} + {number(task.memory)} GB x {rate(prices[1].usd)}"
    basis = f"({each}) per hour x {number(hours)} task-hours{share}"
    basis += f" = {'up to ' if low < high else ''}{dollars(usd)} a month"
    least = usd * low / high
    return make(least, usd, f"{basis}; {remark}" if remark else basis, prices, region, confidence, kind)


def _spot(name: str, region: str | None) -> Price | None:
    prices = book.ec2_spot(name, region)
    return prices[0] if prices else None
