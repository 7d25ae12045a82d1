"""Whether a load repeats itself."""

from __future__ import annotations

from collections.abc import Mapping
from statistics import StatisticsError, correlation


def repetition(values: Mapping[int, float], lag: int) -> float:
    """How much values are like those some periods before: the correlation coefficient, 1 for the same shape.

    Args:
        values: by the number of their period.
        lag: so many periods before.

    Returns:
        0 where a value never changes, or where hardly any has one that long before it.
    """
    pairs = [(values[at - lag], value) for at, value in values.items() if at - lag in values]
    try:
        return correlation([before for before, _ in pairs], [now for _, now in pairs])
    except StatisticsError:
        return 0.0
