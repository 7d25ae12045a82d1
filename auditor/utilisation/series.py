"""The values of one metric over the time looked at, and what may be concluded from them."""

from __future__ import annotations

import math
import operator
import struct
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Self

from auditor.raw import Path, Raw
from auditor.resources.fields import wrong
from auditor.values import Undecided, known

HOUR = 3600
DAY = 24 * HOUR
MOST_PERIODS = 65_535
"""As many periods as a series can hold: more than CloudWatch returns of a metric in a call."""

_ENOUGH = 0.9  # the share of a time that must have data to speak of all of it: agents restart, metrics come late


class Series:
    """One metric's values, one for each period in which CloudWatch has data.

    Attributes:
        metric: what it is called, for messages: `AWS/EC2 CPUUtilization`.
        label: which of several it is, such as the variant or the GPU; empty where there is one.
        period: seconds that a value is for.
        start, end: the time that was looked at, seconds since 1970.
        counts: CloudWatch has no value where nothing happened (requests, errors), so no data is zero.
        at: the number of each value's period, the first after `start` is 0.
        values: beside `at`; in the metric's own unit, see its service's documentation.
    """

    __slots__ = ("at", "counts", "end", "label", "metric", "period", "start", "values")

    def __init__(
        self,
        metric: str,
        start: int,
        end: int,
        period: int,
        at: Sequence[int],
        values: Sequence[float],
        *,
        label: str = "",
        counts: bool = False,
    ) -> None:
        self.metric, self.label, self.counts = metric, label, counts
        self.start, self.end, self.period = start, end, period
        self.at, self.values = tuple(at), tuple(values)

    def __repr__(self) -> str:
        return f"<Series {self.metric} {self.label} {len(self.values)} of {self.periods}>"

    @property
    def periods(self) -> int:
        """How many values there could be."""
        return max(0, math.ceil((self.end - self.start) / self.period))

    @property
    def hours_with_data(self) -> float:
        """Hours for which there is a value."""
        return len(self.values) * self.period / HOUR

    @property
    def days(self) -> float:
        """Days that were looked at."""
        return (self.end - self.start) / DAY

    # --- what may be concluded ------------------------------------------------------------------------------------

    def last(self, days: float, *, since: datetime | None = None) -> Series:
        """The same of the last so many days, once that is enough to judge them by.

        Args:
            days: 24 hours each.
            since: when the resource began to exist or run: days before it need no data, but are no evidence either.

        Raises:
            Undecided: fewer days were looked at, the resource is younger, or data is missing for a tenth of the time
                (unless the metric counts events, which leaves nothing where none happened).
        """
        if self.days < days:
            raise Undecided(f"only {self.days:g} days of metrics were looked at, and {days:g} are needed (--lookback)")
        if since and self.end - since.timestamp() < days * DAY:
            raise Undecided(f"it has not been there for {days:g} days, which are needed to judge by {self.metric}")
        return self._cut(max(0, self.periods - round(days * DAY / self.period)), self.periods)

    def during(self, start: datetime, end: datetime) -> Series:
        """The same of the whole periods between two times, such as those of a job, once that is enough to judge by.

        Args:
            start, end: when it began and ended; what lies outside of the time that was looked at counts as missing.

        Raises:
            Undecided: there is no whole period between, or data is missing for a tenth of them (see `last`).
        """
        first = math.ceil((start.timestamp() - self.start) / self.period)
        past = math.floor((end.timestamp() - self.start) / self.period)
        if past <= first:
            raise Undecided(f"it ran for less than the {self.period} seconds that a value of {self.metric} is for")
        if first < 0:
            raise Undecided(f"it ran before the {self.days:g} days of metrics that were looked at (--lookback)")
        return self._cut(first, past)

    def _cut(self, first: int, past: int) -> Series:
        """The periods from one number to before another, where there is enough data."""
        kept = [(at - first, value) for at, value in zip(self.at, self.values, strict=True) if first <= at < past]
        cut = Series(
            self.metric,
            self.start + first * self.period,
            self.start + past * self.period,
            self.period,
            [at for at, _ in kept],
            [value for _, value in kept],
            label=self.label,
            counts=self.counts,
        )
        return cut.require()

    def require(self) -> Self:
        """The series itself, where there is enough data to speak of all of the time.

        Raises:
            Undecided: data is missing for a tenth of it or more.
        """
        if not self.counts and len(self.values) < _ENOUGH * self.periods:
            raise Undecided(
                f"CloudWatch has {self.metric} for only {self.hours_with_data:g} of"
                f" {self.periods * self.period / HOUR:g} hours, too little to judge by"
            )
        return self

    def maximum(self) -> float:
        """The greatest value.

        Raises:
            Undecided: there is no data at all.
        """
        return max(self._some())

    def latest(self) -> float:
        """The last value there is.

        Raises:
            Undecided: there is no data at all.
        """
        return self._some()[-1]

    def mean(self) -> float:
        """The mean over all periods; those without data are zero where the metric counts, else left out.

        Raises:
            Undecided: there is no data at all.
        """
        values = self._some()
        return sum(values) / (max(1, self.periods) if self.counts else len(values))

    def percentile(self, percent: float) -> float:
        """The value that so many per cent of the values don't exceed (nearest rank).

        Raises:
            Undecided: there is no data at all.
        """
        values = sorted(self._some())
        if self.counts:
            values = [0.0] * max(0, self.periods - len(values)) + values
        return values[max(0, math.ceil(percent / 100 * len(values)) - 1)]

    def total(self) -> float:
        """The sum of the values.

        Raises:
            Undecided: there is no data at all.
        """
        return math.fsum(self._some())

    def most_per_day(self) -> float:
        """The greatest sum of 24 hours, counted from the beginning.

        Raises:
            Undecided: there is no data at all.
        """
        self._some()
        days: dict[int, float] = {}
        for at, value in zip(self.at, self.values, strict=True):
            day = at * self.period // DAY
            days[day] = days.get(day, 0.0) + value
        return max(days.values(), default=0.0)

    def share_above(self, limit: float) -> float:
        """The share of the periods with data (of all periods where the metric counts) whose value exceeds a limit.

        Raises:
            Undecided: there is no data at all.
        """
        values = self._some()
        return sum(value > limit for value in values) / (max(1, self.periods) if self.counts else len(values))

    def by_period(self) -> dict[int, float]:
        """The values by the number of their period, to add up several series with."""
        return dict(zip(self.at, self.values, strict=True))

    def _some(self) -> tuple[float, ...]:
        if self.values or self.counts:
            return self.values or (0.0,)
        raise Undecided(f"CloudWatch has no data of {self.metric} in {self.days:g} days")

    # --- kept in raws, which saved inventories hold ------------------------------------------------------------------

    def pack(self) -> dict[str, Any]:
        """As a compact raw value: six bytes a value, which has seven digits."""
        count = len(self.values)
        return {
            "Metric": self.metric,
            "Label": self.label,
            "Start": self.start,
            "End": self.end,
            "Period": self.period,
            "Counts": self.counts,
            "At": struct.pack(f"<{count}H", *self.at),
            "Values": struct.pack(f"<{count}f", *self.values),
        }

    @classmethod
    def from_raw(cls, value: Any, raw: Raw, path: Path) -> Self:
        """What `pack` made; see `Convertible`."""
        try:
            at, values = known(value["At"]), known(value["Values"])
            return cls(
                value["Metric"],
                value["Start"],
                value["End"],
                value["Period"],
                struct.unpack(f"<{len(at) // 2}H", at),
                struct.unpack(f"<{len(values) // 4}f", values),
                label=value["Label"],
                counts=value["Counts"],
            )
        except (KeyError, TypeError, struct.error) as error:
            raise wrong(path, "values of a metric", value) from error


def added(parts: Iterable[Series]) -> Series:
    """Several series as one, their values added up period by period; they must be of the same time and period.

    Raises:
        Undecided: there are none.
    """
    return _together(parts, operator.add)


def highest(parts: Iterable[Series]) -> Series:
    """Several series as one, of each period the greatest value: a machine is as busy as its busiest GPU.

    Raises:
        Undecided: there are none.
    """
    return _together(parts, max)


def _together(parts: Iterable[Series], join: Callable[[float, float], float]) -> Series:
    several = tuple(parts)
    if not several:
        raise Undecided("CloudWatch has no such metric of it")
    first = several[0]
    joined = first.by_period()
    for one in several[1:]:
        for at, value in one.by_period().items():
            joined[at] = join(joined[at], value) if at in joined else value
    numbers = sorted(joined)
    values = [joined[at] for at in numbers]
    return Series(first.metric, first.start, first.end, first.period, numbers, values, counts=first.counts)


def packed(
    metric: str, start: int, end: int, period: int, label: str, counts: bool, points: Mapping[int, float]
) -> dict[str, Any]:
    """A raw value of points by their time, seconds since 1970."""
    last = math.ceil((end - start) / period)
    kept = sorted(((time - start) // period, value) for time, value in points.items())
    kept = [(at, value) for at, value in kept if 0 <= at < min(last, MOST_PERIODS)]
    at, values = [at for at, _ in kept], [value for _, value in kept]
    return Series(metric, start, end, period, at, values, label=label, counts=counts).pack()
