"""How resources are used: metrics of CloudWatch, asked after all else, for many resources in one call."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import product
from typing import Any, cast

import jmespath

from auditor.raw import Raw
from auditor.resources.base import TYPES
from auditor.sources.account.collector import Api, collector
from auditor.sources.account.manner import Metrics
from auditor.sources.account.origin import LiveOrigin
from auditor.utilisation.metric import Metric, Usage
from auditor.utilisation.queries import PRICE, Query, batches
from auditor.utilisation.series import HOUR, packed
from auditor.utilisation.services import USAGES
from auditor.values import ABSENT, Undecided, Unknown, known

_BROKEN = {"Forbidden": "was denied", "InternalError": "failed"}


@dataclass(frozen=True, slots=True)
class _Asked:
    """One series of one resource: where it goes, and what is asked for it."""

    usage: Raw
    property: str
    many: bool
    metric: Metric
    label: str
    query: Query


@dataclass(slots=True)
class _Plan:
    """What is asked of one region."""

    region: str
    asked: list[_Asked] = field(default_factory=list)
    listed: dict[tuple[str, str], Any] = field(default_factory=dict)


@collector(
    "cloudwatch",
    types=tuple(usage.cfn for usage in USAGES),
    operations=("GetMetricData", "ListMetrics"),
    scope="global",
    late=True,
)
def metrics(api: Api) -> Iterator[Raw]:
    """The usage of every resource that was found and that a check wants to know the usage of."""
    usages = _usages(api)
    regions: defaultdict[str, list[tuple[Raw, Raw]]] = defaultdict(list)
    for usage, owner in usages:
        place = cast("LiveOrigin", owner.origin).region
        regions[api.region if place == "global" else place].append((usage, owner))
    settings: Metrics = api.metrics
    if settings.off:
        for usage, _ in usages:
            _fill(usage, Unknown("metrics were not asked for (--no-metrics)"))
    else:
        plans = [_planned(api, region, pairs) for region, pairs in sorted(regions.items())]
        _ask(api, settings, plans)
    api.gaps[:] = dict.fromkeys(api.gaps)  # a call that is denied is so for every batch
    for usage, _ in usages:
        yield usage


def _usages(api: Api) -> list[tuple[Raw, Raw]]:
    """An empty usage for each resource that is to be measured, with that resource."""
    owners: defaultdict[str, list[Raw]] = defaultdict(list)
    for raw in api.found:
        owners[raw.type].append(raw)
    pairs = []
    for name in api.types:
        cls = _class(name)
        for owner in owners[cls.measures]:
            if cls.only is None or _concerns(cls, owner):
                origin = LiveOrigin(name, owner.id, api.account, cast("LiveOrigin", owner.origin).region)
                pairs.append((Raw(name, owner.id, {}, owner.scope, origin, "live", title=owner.title), owner))
    return pairs


def _class(type_name: str) -> type[Usage]:
    return cast("type[Usage]", TYPES[type_name])


def _concerns(cls: type[Usage], owner: Raw) -> bool:
    try:
        return cls.only is not None and cls.only(owner.properties)
    except Undecided:
        return True  # asking tells more than not asking


def _planned(api: Api, region: str, pairs: Iterable[tuple[Raw, Raw]]) -> _Plan:
    plan = _Plan(region)
    for usage, owner in pairs:
        for name, metric in _class(usage.type).metrics().items():
            sets = _dimensions(api, plan, metric, owner.properties)
            if isinstance(sets, Unknown):
                cast("dict[str, Any]", usage.properties)[name] = sets
                continue
            many, dimension_sets = sets
            if many:
                cast("dict[str, Any]", usage.properties)[name] = []
            for label, dimensions in dimension_sets:
                query = Query(metric.namespace, metric.name, metric.statistic, metric.period, dimensions)
                plan.asked.append(_Asked(usage, name, many, metric, label, query))
    return plan


_Sets = list[tuple[str, tuple[tuple[str, str], ...]]]


def _dimensions(api: Api, plan: _Plan, metric: Metric, owner: Mapping[str, Any]) -> tuple[bool, _Sets] | Unknown:
    """The sets of dimensions of a resource's metric, each with what tells it from the others; whether many may come."""
    values: dict[str, Any] = {}
    for name, place in metric.by.items():
        try:
            values[name] = known(place(owner) if callable(place) else _searched(place, owner))
        except Undecided as error:
            return Unknown(error.reason)
    if metric.found:
        return _found(api, plan, metric, values)
    if any(value is None or value is ABSENT for value in values.values()):
        return Unknown(f"the dimensions of {metric.title} are not known")
    choices = [[(name, str(one)) for one in _several(value)] for name, value in values.items()]
    varying = {name for name, value in values.items() if isinstance(value, list)}
    sets = [(_label(dimensions, varying), dimensions) for dimensions in product(*choices)]
    return bool(varying), sets


def _searched(path: str, owner: Mapping[str, Any]) -> Any:
    """What a JMESPath finds; a property at its top that is unknown is found as such."""
    first = path.partition("[")[0].partition(".")[0]
    known(owner.get(first))
    return jmespath.search(path, dict(owner))


def _several(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _label(dimensions: Iterable[tuple[str, str]], varying: set[str]) -> str:
    return " ".join(value for name, value in dimensions if name in varying)


def _found(api: Api, plan: _Plan, metric: Metric, values: Mapping[str, Any]) -> tuple[bool, _Sets] | Unknown:
    """Those of the region's metrics of that name that have one of the resource's dimensions."""
    key = (metric.namespace, metric.name)
    if key not in plan.listed:
        plan.listed[key] = _listed(api, plan.region, metric)
    listed = plan.listed[key]
    if isinstance(listed, Unknown):
        return listed
    wanted = {(name, str(value)) for name, value in values.items() if value}
    sets = dict.fromkeys(one for pair in wanted for one in listed[pair])
    return True, [(" ".join(value for name, value in one if (name, value) not in wanted), one) for one in sets]


def _listed(api: Api, region: str, metric: Metric) -> Any:
    """The sets of dimensions of a region's metrics of that name, by each of their dimensions."""
    answer = api.ask_all(
        "ListMetrics",
        "Metrics[].Dimensions",
        region=region,
        resource=metric.title,
        Namespace=metric.namespace,
        MetricName=metric.name,
    )
    if isinstance(answer, Unknown):
        return answer
    by_dimension: defaultdict[tuple[str, str], list[tuple[tuple[str, str], ...]]] = defaultdict(list)
    for dimensions in answer:
        pairs = tuple((one["Name"], one["Value"]) for one in dimensions)
        for name, value in pairs:
            by_dimension[name, value].append(pairs)
            if "/" in value:  # a host of a job: `job/instance`
                by_dimension[name, value.partition("/")[0]].append(pairs)
    return by_dimension


# --- asking ---------------------------------------------------------------------------------------------------------


def _ask(api: Api, settings: Metrics, plans: Iterable[_Plan]) -> None:
    """Ask all regions at once, as far as the budget goes, and put what came where it belongs."""
    end = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
    start = end - timedelta(days=settings.lookback)
    left = settings.affordable
    calls: list[tuple[str, list[Query]]] = []
    asked: list[tuple[str, _Asked]] = []
    for plan in plans:
        asked += [(plan.region, one) for one in plan.asked]
        queries = list(dict.fromkeys(one.query for one in plan.asked))
        paid = queries if left is None else queries[:left]
        left = None if left is None else left - len(paid)
        calls += [(plan.region, batch) for batch in batches(paid, settings.lookback * 24 * HOUR)]
    api.metrics_asked += sum(len(batch) for _, batch in calls)
    if settings.announce and calls:
        settings.announce(api.metrics_asked, api.metrics_asked * PRICE)
    answers: dict[tuple[str, Query], Any] = {}
    for region, batch, came in api.each(partial(_call, api, start, end), calls):
        answers.update({(region, query): came.get(number) for number, query in enumerate(batch)})
    beyond = Unknown(f"asking CloudWatch for it would exceed --metrics-budget {settings.budget or 0:g}")
    for region, one in asked:
        value = answers.get((region, one.query), beyond)
        if isinstance(value, Mapping):
            value = packed(
                one.metric.title,
                int(start.timestamp()),
                int(end.timestamp()),
                one.metric.period,
                one.label,
                one.metric.counts,
                value,
            )
        properties = cast("dict[str, Any]", one.usage.properties)
        if one.many:
            properties[one.property].append(value)
        else:
            properties[one.property] = value


def _call(
    api: Api, start: datetime, end: datetime, call: tuple[str, list[Query]]
) -> tuple[str, list[Query], dict[int, Any]]:
    """One GetMetricData: for each query, by its number, its values by time, or why there are none."""
    region, batch = call
    results = api.ask_all(
        "GetMetricData",
        "MetricDataResults",
        region=region,
        StartTime=start,
        EndTime=end,
        MetricDataQueries=[_question(number, query) for number, query in enumerate(batch)],
    )
    if isinstance(results, Unknown):
        return region, batch, dict.fromkeys(range(len(batch)), results)
    came: dict[int, Any] = {number: {} for number in range(len(batch))}
    for result in results:
        number = int(result["Id"][1:])
        trouble = _BROKEN.get(result.get("StatusCode", ""))
        if trouble:
            came[number] = Unknown(f"cloudwatch:GetMetricData {trouble} for {batch[number].namespace}")
        elif isinstance(came[number], dict):  # a metric's values may be spread over several pages
            times = (int(time.timestamp()) for time in result["Timestamps"])
            came[number].update(zip(times, result["Values"], strict=True))
    return region, batch, came


def _question(number: int, query: Query) -> dict[str, Any]:
    metric = {
        "Namespace": query.namespace,
        "MetricName": query.name,
        "Dimensions": [{"Name": name, "Value": value} for name, value in query.dimensions],
    }
    stat = {"Metric": metric, "Period": query.period, "Stat": query.statistic}
    return {"Id": f"q{number}", "MetricStat": stat, "ReturnData": True}


def _fill(usage: Raw, value: Unknown) -> None:
    for name in _class(usage.type).metrics():
        cast("dict[str, Any]", usage.properties)[name] = value
