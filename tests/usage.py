"""Metrics for tests: published in a simulated account, or put beside a resource by hand."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from auditor.raw import Raw
from auditor.utilisation.metric import Usage
from auditor.utilisation.series import Series

DAYS = 14
Values = float | Sequence[float] | Callable[[int], float | None]
"""Of each hour (of each period in `usage`): always the same, one after the other from the first, or a function of the
hour's number."""


def publish(
    cloudwatch: Any,
    namespace: str,
    name: str,
    dimensions: Mapping[str, str],
    values: Values,
    *,
    days: int = DAYS,
    ago: int = 0,
) -> None:
    """Put a value for every hour of the last days into a simulated account.

    Args:
        cloudwatch: a client that may write.
        namespace, name, dimensions: of the metric.
        values: see `Values`; None is no value.
        days: how many.
        ago: days before now at which they end.
    """
    end = datetime.now(UTC).replace(minute=0, second=0, microsecond=0) - timedelta(days=ago)
    pairs = [{"Name": key, "Value": value} for key, value in dimensions.items()]
    data = [
        {
            "MetricName": name,
            "Dimensions": pairs,
            "Timestamp": end - timedelta(hours=days * 24 - hour),
            "Value": value,
        }
        for hour, value in _hourly(values, days * 24)
    ]
    for start in range(0, len(data), 500):
        cloudwatch.put_metric_data(Namespace=namespace, MetricData=data[start : start + 500])


def usage(cls: type[Usage], owner: Raw, **fields: Values | Mapping[str, Values]) -> Raw:
    """The usage of a resource as the collector gives it; a field of several series takes a map by their labels."""
    return Raw(
        cls.cfn,
        owner.id,
        {
            cls.plan("live")[name].path[0]: [_series(cls, name, one, label) for label, one in values.items()]  # type: ignore[index]
            if isinstance(values, Mapping)
            else _series(cls, name, values, "")
            for name, values in fields.items()
        },
        owner.scope,
        owner.origin,
        "live",
    )


def _series(cls: type[Usage], field: str, values: Values, label: str) -> dict[str, Any]:
    path = cls.plan("live")[field].path
    assert path
    metric = cls.metrics()[path[0]]
    end = int(datetime.now(UTC).replace(minute=0, second=0, microsecond=0).timestamp())
    points = list(_hourly(values, DAYS * 86_400 // metric.period))
    return Series(
        metric.title,
        end - DAYS * 86_400,
        end,
        metric.period,
        [at for at, _ in points],
        [value for _, value in points],
        label=label,
        counts=metric.counts,
    ).pack()


def _hourly(values: Values, hours: int) -> list[tuple[int, float]]:
    if isinstance(values, int | float):
        return [(hour, float(values)) for hour in range(hours)]
    each = [values(hour) for hour in range(hours)] if callable(values) else list(values)[:hours]
    return [(hour, float(value)) for hour, value in enumerate(each) if value is not None]
