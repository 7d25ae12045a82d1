"""CloudWatch alarms and dashboards."""

from collections.abc import Mapping
from typing import Annotated, Any, Self

from auditor.raw import Path, Raw
from auditor.resources.base import Resource, Struct
from auditor.resources.fields import From, wrong
from auditor.values import Undecided, known


class Dimensions:
    """The dimensions of a metric: AWS's list of names and values, Terraform's map."""

    def __init__(self, values: Mapping[str, Any], undecided: Undecided | None = None) -> None:
        """`values` by name; `undecided` where some names are unknown."""
        self._values = values
        self._undecided = undecided

    @classmethod
    def from_raw(cls, value: Any, raw: Raw, path: Path) -> Self:
        """See `Convertible`."""
        if isinstance(value, Mapping):
            return cls(value)
        if not isinstance(value, list):
            raise wrong(path, "a list of dimensions", value)
        values: dict[str, Any] = {}
        undecided: Undecided | None = None
        for index, member in enumerate(value):
            try:
                dimension = known(member)
                if not isinstance(dimension, Mapping):
                    raise wrong((*path, index), "a map", dimension)
                values[str(known(dimension.get("Name")))] = dimension.get("Value")
            except Undecided as error:
                undecided = undecided or error
        return cls(values, undecided)

    def get(self, name: str) -> str | None:
        """The value of a dimension, a reference where a template has one; None where it is not set.

        Raises:
            Undecided: its value is unknown, or it may be one of the dimensions whose names are.
        """
        if name not in self._values and self._undecided:
            raise Undecided(self._undecided.reason, self._undecided.atom, elsewhere=self._undecided.elsewhere)
        value = known(self._values.get(name))
        return value if value is None or isinstance(value, str) else str(value)


class AnyAlarm(Resource):
    """What alarms of metrics and of other alarms have in common."""

    actions_enabled: bool = True
    alarm_actions: tuple[str, ...] = ()


class Metric(Struct):
    """Which metric an alarm of several metrics reads."""

    namespace: str | None = None
    metric_name: str | None = None
    dimensions: Dimensions = Dimensions({})


class MetricQuery(Struct):
    """One metric or expression of an alarm that computes its value."""

    metric: Annotated[Metric | None, From(cfn="MetricStat.Metric", tf="metric", live="MetricStat.Metric")] = None


class Alarm(AnyAlarm, cfn="AWS::CloudWatch::Alarm", tf="aws_cloudwatch_metric_alarm"):
    """An alarm of one metric, or of `metrics` from which it computes a value."""

    namespace: str | None = None
    metric_name: str | None = None
    dimensions: Dimensions = Dimensions({})
    metrics: Annotated[tuple[MetricQuery, ...], From(tf="metric_query")] = ()


class CompositeAlarm(AnyAlarm, cfn="AWS::CloudWatch::CompositeAlarm", tf="aws_cloudwatch_composite_alarm"):
    """An alarm of other alarms."""


class Dashboard(Resource, cfn="AWS::CloudWatch::Dashboard", tf="aws_cloudwatch_dashboard"):
    """A dashboard; its body is JSON."""

    dashboard_body: str
