"""CloudWatch alarms and dashboards."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Self

from auditor.definitions.content import reference
from auditor.members import every, flat, in_turn, known_first, some
from auditor.raw import Path, Raw
from auditor.resources.base import Resource, Struct
from auditor.resources.fields import From, wrong
from auditor.values import ABSENT, Reference, Undecided, Unknown, known, settle

# Metrics Insights: SELECT MAX(Errors) FROM SCHEMA("AWS/Lambda", FunctionName) WHERE FunctionName = 'score'
_QUERY = re.compile(
    r"""\bSELECT\s+\w+\(\s*"?(?P<metric>[^")]+?)"?\s*\)\s+FROM\s+(?:SCHEMA\(\s*)?["']?(?P<namespace>[\w./#:-]+)"""
    r"""(?P<rest>.*)""",
    re.IGNORECASE | re.DOTALL,
)
_QUOTED = re.compile(r"'([^']*)'")
# ALARM(latency) OR ALARM("arn:aws:cloudwatch:eu-west-1:123456789012:alarm:errors")
_ALARM_STATE = re.compile(r"""\b(?:ALARM|OK|INSUFFICIENT_DATA)\(\s*["']?([^"')]+?)["']?\s*\)""")


class Dimensions:
    """The dimensions of a metric: AWS's list of names and values, Terraform's map, or what a plan knows of that."""

    def __init__(
        self, values: Mapping[str, Any], undecided: Undecided | None = None, referred: tuple[Reference, ...] = ()
    ) -> None:
        """`values` by name; `undecided` where some names are unknown; `referred`, values whose names are."""
        self._values = values
        self._undecided = undecided
        self._referred = referred

    @classmethod
    def from_raw(cls, value: Any, raw: Raw, path: Path) -> Self:
        """See `Convertible`."""
        if isinstance(value, Mapping):
            return cls(value)
        if isinstance(value, Reference):
            value = [value]
        if not isinstance(value, list):
            raise wrong(path, "a list of dimensions", value)
        values: dict[str, Any] = {}
        referred: list[Reference] = []
        undecided: Undecided | None = None
        for index, member in enumerate(value):
            try:
                dimension = known(member)
                if isinstance(dimension, Reference):
                    referred.append(dimension)
                    continue
                if not isinstance(dimension, Mapping):
                    raise wrong((*path, index), "a map", dimension)
                values[str(known(dimension.get("Name")))] = dimension.get("Value")
            except Undecided as error:
                undecided = undecided or error.again()
        return cls(values, undecided, tuple(referred))

    def get(self, name: str) -> str | None:
        """The value of a dimension, a reference where a template has one; None where it is not set.

        Raises:
            Undecided: its value is unknown, or it may be one of the dimensions whose names are.
        """
        if name not in self._values and self._undecided:
            raise self._undecided.again()
        if self._referred:
            return self._by_attribute(name)
        value = known(self._values.get(name))
        return value if value is None or isinstance(value, str) else str(value)

    def _by_attribute(self, name: str) -> Reference:
        """The one value that the attribute says it is of: of `StateMachineArn`, what refers to an `arn`."""
        fitting = [one for one in self._referred if name.lower().endswith((one.attribute or "?").replace("_", ""))]
        if len(fitting) != 1:
            raise Undecided(f"which dimension is {' or '.join(self._referred)} is known only after apply")
        return fitting[0]


class Filled:
    """Whether a list has a member, even where it is not known which: an action that a parameter names."""

    def __init__(self, answer: bool) -> None:
        self._answer = answer

    def __bool__(self) -> bool:
        """The answer."""
        return self._answer

    @classmethod
    def from_raw(cls, value: Any, raw: Raw, path: Path) -> Self:
        """See `Convertible`; undecided where a condition decides whether there is a member."""
        members = value if isinstance(value, list) else [value]
        return cls(some(members, lambda one: isinstance(settle(one), Unknown) or known(one) is not ABSENT))


class AnyAlarm(Resource):
    """What alarms of metrics and of other alarms have in common."""

    actions_enabled: bool = True
    alarm_actions: tuple[str, ...] = ()
    has_alarm_actions: Annotated[Filled, From(cfn="AlarmActions", tf="alarm_actions", live="AlarmActions")] = Filled(
        False
    )


class Metric(Struct):
    """Which metric an alarm of several metrics reads."""

    namespace: str | None = None
    metric_name: str | None = None
    dimensions: Dimensions = Dimensions({})


@dataclass(frozen=True, slots=True)
class Query:
    """A query in SQL of all metrics of a name.

    Attributes:
        only: the values that its conditions name; empty where it has none, so that it reads every resource's.
    """

    namespace: str
    metric_name: str
    only: tuple[str, ...]


class MetricQuery(Struct):
    """One metric or expression of an alarm that computes its value."""

    metric: Annotated[Metric | None, From(cfn="MetricStat.Metric", tf="metric", live="MetricStat.Metric")] = None
    expression: str | None = None

    @property
    def query(self) -> Query | None:
        """Its expression, where that is a query in SQL."""
        found = _QUERY.search(self.expression or "")
        return Query(found["namespace"], found["metric"], tuple(_QUOTED.findall(found["rest"]))) if found else None


class Alarm(AnyAlarm, cfn="AWS::CloudWatch::Alarm", tf="aws_cloudwatch_metric_alarm"):
    """An alarm of one metric, or of `metrics` from which it computes a value."""

    namespace: str | None = None
    metric_name: str | None = None
    dimensions: Dimensions = Dimensions({})
    metrics: Annotated[tuple[MetricQuery, ...], From(tf="metric_query")] = ()

    @property
    def readings(self) -> tuple["Alarm | Metric | Query", ...]:
        """The metrics that it reads: its own one, or those from which it computes a value."""
        return in_turn(
            known_first((self,), lambda alarm: alarm if alarm.metric_name else None),
            known_first(self.metrics, lambda one: one.metric),
            known_first(self.metrics, lambda one: one.query),
        )

    def values_of(self, dimension: str) -> tuple[str, ...]:
        """The values of a dimension, such as `FunctionName`, for which it reads metrics."""
        return in_turn(
            known_first(self.readings, lambda one: None if isinstance(one, Query) else one.dimensions.get(dimension)),
            flat(self.readings, lambda one: one.only if isinstance(one, Query) else ()),
        )

    def reads(self, namespace: str, *metrics: str) -> bool:
        """Whether one of these metrics is among what it reads."""
        return some(
            self.readings,
            lambda one: every(lambda: one.metric_name in metrics, lambda: one.namespace == namespace),
        )

    @property
    def queries_all(self) -> bool:
        """Whether it reads a metric of every resource that has it."""
        return some(self.readings, lambda one: isinstance(one, Query) and not one.only)


class CompositeAlarm(AnyAlarm, cfn="AWS::CloudWatch::CompositeAlarm", tf="aws_cloudwatch_composite_alarm"):
    """An alarm of other alarms."""

    alarm_rule: str

    @property
    def alarm_names(self) -> tuple[str, ...]:
        """The alarms that its rule is about."""
        return tuple(reference(name, self.raw) for name in _ALARM_STATE.findall(self.alarm_rule))


class Dashboard(Resource, cfn="AWS::CloudWatch::Dashboard", tf="aws_cloudwatch_dashboard"):
    """A dashboard; its body is JSON."""

    dashboard_body: str
