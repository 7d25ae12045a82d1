"""What something costs a month."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Cost:
    """What something costs, in USD a month at list prices, if it always runs.

    Attributes:
        low, high: equal but where it scales, or runs on spot capacity.
        basis: the arithmetic.
        source, as_of: where the prices were read; the date of the oldest of them.
    """

    low: float
    high: float
    basis: str
    source: str
    as_of: str
