"""Metrics: as few calls as possible, only what is wanted, within the budget, and nothing concluded from little."""

import io
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated, Any

import boto3
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from auditor.assemble import Rules, build
from auditor.cli.scan import command
from auditor.cli.spending import announce_on_terminal, spent
from auditor.costs import Ledger
from auditor.inventory import Inventory
from auditor.raw import Collected, Raw, Scope
from auditor.resources.kinesis import Stream
from auditor.resources.sagemaker_studio import App
from auditor.sources import snapshot
from auditor.sources.account.api import Api, Incomplete
from auditor.sources.account.collector import collector, load_collectors
from auditor.sources.account.manner import Manner, Metrics
from auditor.sources.account.origin import LiveOrigin
from auditor.sources.account.source import collect
from auditor.utilisation import Metric, Series, Usage
from auditor.utilisation.queries import MOST_QUERIES, MOST_VALUES, Query, batches
from auditor.utilisation.series import DAY, HOUR, added, highest
from auditor.utilisation.services import USAGES
from auditor.utilisation.services.kinesis import StreamThrottling, StreamTraffic
from auditor.values import Undecided, Unknown
from reports.interface import render
from tests.sources.account.conftest import REGION, aws_environment, moto, quick, scripted
from tests.usage import usage

__all__ = ["aws_environment", "moto", "quick", "scripted"]

LATE = next(one for one in load_collectors() if one.late)
END = 1_800_000_000
STREAM = "AWS::Kinesis::Stream"


def series(values: Sequence[float | None], *, counts: bool = False, period: int = HOUR, label: str = "") -> Series:
    """One value each period, up to `END`."""
    points = [(at, value) for at, value in enumerate(values) if value is not None]
    start = END - len(values) * period
    numbers, known = [at for at, _ in points], [value for _, value in points]
    return Series("AWS/Test Load", start, END, period, numbers, known, label=label, counts=counts)


# --- the fewest calls -------------------------------------------------------------------------------------------------


def queries(count: int, period: int = HOUR) -> list[Query]:
    return [Query("N", "M", "Sum", period, (("Id", str(number)),)) for number in range(count)]


@pytest.mark.parametrize(
    ("count", "period", "days", "calls"),
    [
        (10_000, HOUR, 14, 34),
        (300, HOUR, 14, 1),
        (301, HOUR, 14, 2),
        (10_000, DAY, 14, 20),
        (50, 300, 14, 2),
        (0, HOUR, 14, 0),
    ],
)
def test_calls_by_the_formula(count: int, period: int, days: int, calls: int) -> None:
    values = days * DAY // period
    assert calls == -(-count // min(MOST_QUERIES, MOST_VALUES // values))
    assert len(batches(queries(count, period), days * DAY)) == calls


@given(st.lists(st.sampled_from([300, HOUR, DAY]), max_size=700), st.integers(1, 30))
def test_every_query_is_asked_once_and_no_call_is_too_large(periods: list[int], days: int) -> None:
    asked = [Query("N", "M", "Sum", period, (("Id", str(number)),)) for number, period in enumerate(periods)]
    made = batches(asked, days * DAY)
    assert sorted((query for batch in made for query in batch), key=repr) == sorted(asked, key=repr)
    for batch in made:
        assert len(batch) <= MOST_QUERIES
        assert sum(query.values(days * DAY) for query in batch) <= MOST_VALUES


class Counting:
    """Answers GetMetricData without AWS, and counts how often it is asked."""

    def __init__(self) -> None:
        self.calls: list[dict[str, Any]] = []

    def __call__(self, params: dict[str, Any]) -> dict[str, Any]:
        self.calls.append(params)
        start = params["StartTime"]
        return {
            "MetricDataResults": [
                {"Id": query["Id"], "Timestamps": [start], "Values": [1.0], "StatusCode": "Complete"}
                for query in params["MetricDataQueries"]
            ]
        }

    @property
    def asked(self) -> int:
        return sum(len(call["MetricDataQueries"]) for call in self.calls)


@pytest.fixture
def counting(moto: None, scripted: Any) -> Counting:
    stub = Counting()
    scripted({"GetMetricData": stub})
    return stub


@pytest.fixture
def streams(collectors: list[Any]) -> Any:
    """Makes an account of so many streams in a region; its metrics are the only others that can be asked."""

    def made(count: int) -> None:
        @collector("kinesis", types=(STREAM,), operations=("ListStreams",))
        def listed(api: Api) -> Iterator[Raw]:
            for number in range(count):
                arn = f"arn:aws:kinesis:{api.region}:{api.account}:stream/s{number}"
                yield api.raw(STREAM, arn, {"StreamName": f"s{number}"})

        collectors.append(LATE)

    return made


@pytest.fixture
def collectors(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    from auditor.sources.account import collector as registry

    found: list[Any] = []
    monkeypatch.setattr(registry, "COLLECTORS", found)
    monkeypatch.setattr(registry, "load_collectors", lambda: found)
    return found


def scan(*usages: type[Usage], **settings: Any) -> Collected:
    types = [STREAM, *(one.cfn for one in usages)]
    return collect(regions=[REGION], types=types, session=boto3.Session(), manner=Manner(metrics=Metrics(**settings)))


def test_ten_thousand_resources_take_the_fewest_calls(counting: Counting, streams: Any) -> None:
    streams(5_000)
    found = scan(StreamThrottling)
    assert counting.asked == 10_000
    assert len(counting.calls) == 34  # ceil(10,000 / floor(100,800 / 336))
    assert (found.inputs[0]["metrics"], found.inputs[0]["metrics_usd"]) == (10_000, 0.1)
    assert sum(raw.type == StreamThrottling.cfn for raw in found.raws) == 5_000


def test_only_what_is_wanted_is_asked(counting: Counting, streams: Any) -> None:
    streams(3)
    assert scan().inputs[0].get("metrics") is None
    assert counting.asked == 0
    scan(StreamTraffic)
    names = {query["MetricStat"]["Metric"]["MetricName"] for query in counting.calls[0]["MetricDataQueries"]}
    assert names == {"IncomingBytes", "IncomingRecords", "GetRecords.Bytes"}


def test_the_time_looked_at(counting: Counting, streams: Any) -> None:
    streams(1)
    scan(StreamTraffic, lookback=30)
    (call,) = counting.calls
    assert call["EndTime"] - call["StartTime"] == timedelta(days=30)
    assert datetime.now(UTC) - call["EndTime"] < timedelta(hours=1)


def test_without_metrics_nothing_is_asked_and_all_is_unknown(counting: Counting, streams: Any) -> None:
    streams(1)
    found = scan(StreamTraffic, off=True)
    assert counting.asked == 0
    with pytest.raises(Undecided, match="--no-metrics"):
        load(found).incoming_bytes.total()


def test_beyond_the_budget_is_unknown(counting: Counting, streams: Any) -> None:
    streams(100)
    found = scan(StreamTraffic, budget=0.001)
    assert counting.asked == 100
    values = [raw.properties for raw in found.raws if raw.type == StreamTraffic.cfn]
    beyond = [one for properties in values for one in properties.values() if isinstance(one, Unknown)]
    assert len(beyond) == 200
    assert "--metrics-budget 0.001" in beyond[0].reason


def test_no_budget_asks_for_nothing(counting: Counting, streams: Any) -> None:
    streams(1)
    scan(StreamTraffic, budget=0)
    assert counting.asked == 0


def load(found: Collected) -> StreamTraffic:
    inventory = Inventory(found)
    (stream,) = inventory.of(Stream)
    return StreamTraffic.of(stream, inventory)


@pytest.mark.parametrize("code", ["AccessDenied", "InternalServiceFault"])
def test_a_call_that_fails_leaves_its_metrics_unknown(scripted: Any, moto: None, streams: Any, code: str) -> None:
    streams(700)
    scripted({"GetMetricData": code})
    found = scan(StreamTraffic)
    values = [one for raw in found.raws if raw.type == StreamTraffic.cfn for one in raw.properties.values()]
    assert all(isinstance(one, Unknown) and code in one.reason for one in values)
    assert [gap.operation for gap in found.gaps] == ["GetMetricData"]


def test_a_metric_that_fails_by_itself_is_unknown(scripted: Any, moto: None, streams: Any) -> None:
    streams(1)

    def answer(params: dict[str, Any]) -> dict[str, Any]:
        results = Counting()(params)["MetricDataResults"]
        results[0]["StatusCode"] = "InternalError"
        return {"MetricDataResults": results}

    scripted({"GetMetricData": answer})
    found = load(scan(StreamTraffic))
    with pytest.raises(Undecided, match="failed for AWS/Kinesis"):
        found.incoming_bytes.total()
    assert found.outgoing_bytes.total() == 1


def test_values_that_come_in_several_pages_belong_together(scripted: Any, moto: None, streams: Any) -> None:
    streams(1)

    def part(hour: int, more: bool) -> Any:
        def answer(params: dict[str, Any]) -> dict[str, Any]:
            time = params["StartTime"] + timedelta(hours=hour) if "StartTime" in params else None
            results = [
                {"Id": query["Id"], "Timestamps": [time], "Values": [2.0], "StatusCode": "PartialData"}
                for query in params["MetricDataQueries"]
            ]
            return {"MetricDataResults": results, **({"NextToken": "more"} if more else {})}

        return answer

    scripted({"GetMetricData": [part(0, True), part(1, False)]})
    assert load(scan(StreamTraffic)).incoming_bytes.total() == 4


def test_a_saved_inventory_answers_the_same(
    counting: Counting, streams: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    streams(1)
    found = scan(StreamTraffic)
    file = str(tmp_path / "saved.json.gz")
    snapshot.save(found, file, types=[STREAM, StreamTraffic.cfn], version="1")
    again = load(snapshot.load(file).collected).incoming_bytes
    before = load(found).incoming_bytes
    assert (again.values, again.at, again.start, again.period) == (
        before.values,
        before.at,
        before.start,
        before.period,
    )
    assert counting.asked == 3


def test_the_cost_is_told_beforehand_if_anything_is_asked(counting: Counting, streams: Any) -> None:
    told: list[tuple[int, float]] = []

    def announce(metrics: int, usd: float) -> None:
        assert not counting.calls
        told.append((metrics, round(usd, 5)))

    streams(2)
    scan(StreamThrottling, announce=announce)
    scan(StreamThrottling, announce=announce, budget=0)
    assert told == [(4, 0.00004)]


@pytest.mark.parametrize(("usd", "said"), [(0.99, ""), (1.2, "120,000 metrics, for about $1.20 (--metrics-budget")])
def test_more_than_a_dollar_is_announced(usd: float, said: str, capsys: pytest.CaptureFixture[str]) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sys.stderr", Terminal())
        announce = announce_on_terminal(quiet=False)
        assert announce_on_terminal(quiet=True) is None
    assert announce is not None
    announce(120_000, usd)
    shown = capsys.readouterr().err
    assert said in shown if said else not shown
    assert announce_on_terminal(quiet=False) is None


@pytest.mark.parametrize(
    ("flags", "expected"),
    [
        ([], Metrics()),
        (["--no-metrics"], Metrics(off=True)),
        (["--metrics-budget", "0.5", "--lookback", "30"], Metrics(lookback=30, budget=0.5)),
    ],
)
def test_flags(monkeypatch: pytest.MonkeyPatch, flags: list[str], expected: Metrics) -> None:
    class Asked(Exception):
        """Enough was seen."""

    def scanned(config: Any, *, manner: Manner, **_: Any) -> None:
        assert replace(manner.metrics, announce=None) == expected
        raise Asked

    monkeypatch.setattr("auditor.cli.scan.scan_account", scanned)
    with pytest.raises(Asked):
        CliRunner().invoke(command, ["account", *flags], catch_exceptions=False)


def test_the_cost_of_metrics_is_printed() -> None:
    about = {"kind": "account", "name": "1", "regions": [], "resources": 0, "calls": 9, "metrics": 12_345}
    nothing = Ledger(Inventory(Collected()), ())
    report = build("account", Collected(inputs=[about]), [], Rules(), version="1", ledger=nothing)
    assert "12,345 metrics of CloudWatch, for about $0.12" in render(report, "terminal")
    report.calls = {"cloudwatch:GetMetricData": 42, "ce:GetSavingsPlansCoverage": 3}
    assert list(spent(report, explorer=True)) == [
        "asked CloudWatch for 12,345 metrics in 42 calls, for about $0.12",
        "asked Cost Explorer 3 times, at 0.01 USD a request",
    ]
    report.inputs = []
    assert list(spent(report, explorer=False)) == []


# --- dimensions -------------------------------------------------------------------------------------------------------


class Busy(Usage, cfn="usage:Test::Busy", measures=STREAM, only=lambda stream: stream.get("Kind") != "small"):
    """A usage with dimensions of every sort."""

    parts: Annotated[tuple[Series, ...], Metric("N", "Parts", "Sum", {"Id": "Id", "Part": "Parts[].Name"})]
    agent: Annotated[tuple[Series, ...], Metric("Agent", "Load", "Maximum", {"Id": "Id", "host": "Host"}, found=True)]


def measured(scripted: Any, collectors: list[Any], properties: Any, listed: Any = ()) -> list[Raw]:
    from dataclasses import replace

    @collector("kinesis", types=(STREAM,), operations=("ListStreams",))
    def streams(api: Api) -> Iterator[Raw]:
        yield api.raw(STREAM, f"arn:aws:kinesis:{api.region}:{api.account}:stream/one", properties)

    collectors.append(replace(LATE, types=(Busy.cfn,)))
    answer: Any = listed
    if not isinstance(listed, str):
        pairs = [[{"Name": name, "Value": value} for name, value in one.items()] for one in listed]
        answer = {"Metrics": [{"Namespace": "Agent", "MetricName": "Load", "Dimensions": one} for one in pairs]}
    scripted({"GetMetricData": Counting(), "ListMetrics": answer})
    return [raw for raw in scan(Busy).raws if raw.type == Busy.cfn]


def busy(raw: Raw) -> Busy:
    return Busy(raw)


def test_a_list_of_dimensions_is_a_series_each(moto: None, scripted: Any, collectors: list[Any]) -> None:
    (raw,) = measured(scripted, collectors, {"Id": "i", "Parts": [{"Name": "a"}, {"Name": "b"}]})
    assert [one.label for one in busy(raw).parts] == ["a", "b"]
    assert busy(raw).agent == ()


def test_dimensions_that_vary_are_found(moto: None, scripted: Any, collectors: list[Any]) -> None:
    listed = [{"Id": "i", "gpu": "0"}, {"Id": "i", "gpu": "1"}, {"host": "h", "gpu": "2"}, {"Id": "other", "gpu": "3"}]
    (raw,) = measured(scripted, collectors, {"Id": "i", "Host": "h", "Parts": []}, listed)
    assert sorted(one.label for one in busy(raw).agent) == ["0", "1", "2"]


def test_dimensions_that_cannot_be_listed_are_unknown(moto: None, scripted: Any, collectors: list[Any]) -> None:
    (raw,) = measured(scripted, collectors, {"Id": "i", "Parts": []}, "AccessDenied")
    with pytest.raises(Undecided, match="ListMetrics was denied"):
        busy(raw).agent  # noqa: B018


def test_dimensions_of_what_could_not_be_described_are_unknown(
    moto: None, scripted: Any, collectors: list[Any]
) -> None:
    (raw,) = measured(scripted, collectors, Incomplete({"Id": "i"}, Unknown("DescribeIt was denied")))
    with pytest.raises(Undecided, match="DescribeIt was denied"):
        busy(raw).parts  # noqa: B018


def test_only_some_resources_are_asked_about(moto: None, scripted: Any, collectors: list[Any]) -> None:
    assert measured(scripted, collectors, {"Id": "i", "Kind": "small"}) == []


def test_what_was_not_asked_is_undecided() -> None:
    arn = "arn:aws:kinesis:us-east-1:1:stream/s"
    raw = Raw(STREAM, arn, {}, Scope("1/r", "account", "1", "r"), LiveOrigin(STREAM, arn, "1", "r"), "live")
    about = [{"kind": "account", "name": "1", "regions": ["us-east-1"]}]
    inventory = Inventory(Collected([raw], inputs=about))
    with pytest.raises(Undecided, match="was not asked"):
        StreamTraffic.of(inventory.of(Stream)[0], inventory)
    inventory = Inventory(Collected([raw, usage(StreamTraffic, raw, incoming_bytes=2.0)]))
    assert StreamTraffic.of(inventory.of(Stream)[0], inventory).incoming_bytes.mean() == 2


# --- what may be concluded --------------------------------------------------------------------------------------------


def test_statistics() -> None:
    one = series([1, 2, None, 4, 10])
    assert (one.maximum(), one.mean(), one.total(), one.percentile(50), one.share_above(3)) == (10, 4.25, 17, 2, 0.5)
    assert (one.hours_with_data, one.periods) == (4, 5)
    counted = series([None, None, 4, 10], counts=True)
    assert (counted.mean(), counted.percentile(50), counted.share_above(3)) == (3.5, 0, 0.5)


def test_most_per_day() -> None:
    assert series([1.0] * 24 + [2.0] * 12).most_per_day() == 24


def test_no_data_is_zero_only_where_events_are_counted() -> None:
    nothing = series([None] * 48, counts=True)
    assert (nothing.total(), nothing.maximum(), nothing.mean()) == (0, 0, 0)
    gauge = series([None] * 48)
    for ask in (gauge.total, gauge.maximum, gauge.mean, gauge.most_per_day, lambda: gauge.percentile(95)):
        with pytest.raises(Undecided, match="no data of AWS/Test Load"):
            ask()


def test_the_last_days() -> None:
    one = series([9.0] * 24 + [1.0] * 48).last(2)
    assert (one.maximum(), one.days, one.periods) == (1, 2, 48)


def test_between_two_times() -> None:
    one = series([9.0] * 4 + [1.0] * 4)
    begun, past = (datetime.fromtimestamp(END, UTC) - timedelta(hours=hours) for hours in (4, 0))
    assert (one.during(begun, past).maximum(), one.during(begun, past).periods) == (1, 4)
    with pytest.raises(Undecided, match="for only 4 of 5 hours"):  # its end is later than what was looked at
        one.during(begun, past + timedelta(hours=1))


@pytest.mark.parametrize(
    ("values", "counts", "born", "reason"),
    [
        ([1.0] * 24, False, 90, "only 1 days of metrics were looked at, and 2 are needed"),
        ([1.0] * 72, False, 1, "has not been there for 2 days"),
        ([None] * 40 + [1.0] * 32, False, 90, "for only 32 of 48 hours"),
        ([1.0] * 24, True, 90, "only 1 days"),
    ],
)
def test_too_little_to_judge_by(values: list[float | None], counts: bool, born: float, reason: str) -> None:
    since = datetime.fromtimestamp(END, UTC) - timedelta(days=born)
    with pytest.raises(Undecided, match=reason):
        series(values, counts=counts).last(2, since=since)


def test_several_together() -> None:
    one, other = series([1, 5, None]), series([4, None, 7])
    assert added([one, other]).values == (5, 5, 7)
    assert highest([one, other]).values == (4, 5, 7)
    with pytest.raises(Undecided):
        added([])


@given(st.lists(st.one_of(st.none(), st.floats(0, 1e9, width=32)), max_size=400), st.booleans())
def test_packing_keeps_everything(values: list[float | None], counts: bool) -> None:
    one = series(values, counts=counts, label="blue")
    raw = Raw(STREAM, "a", {}, Scope("s", "account"), LiveOrigin(STREAM, "a", "1", "r"), "live")
    again = Series.from_raw(one.pack(), raw, ("X",))
    assert all(getattr(again, name) == getattr(one, name) for name in Series.__slots__)


@pytest.mark.parametrize("value", [3, {}, {"At": b"1"}, {"At": "x", "Values": "y"}])
def test_what_is_no_series_is_undecided(value: Any) -> None:
    raw = Raw(STREAM, "a", {}, Scope("s", "account"), LiveOrigin(STREAM, "a", "1", "r"), "live")
    with pytest.raises(Undecided):
        Series.from_raw(value, raw, ("X",))


# --- meta -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("cls", USAGES, ids=lambda cls: cls.__name__)
def test_every_usage_is_well_declared(cls: type[Usage]) -> None:
    assert cls.cfn.startswith("usage:")
    assert cls.__doc__
    assert cls.measures
    assert len(cls.metrics()) == len(cls._fields)
    for metric in cls.metrics().values():
        assert metric.period % 60 == 0
        assert metric.by
        assert metric.statistic in ("Sum", "Average", "Maximum", "Minimum", "SampleCount") or metric.statistic[0] == "p"
    for name, field in cls.plan("live").items():
        (metric,) = (one for path, one in cls.metrics().items() if field.path == (path,))
        several = metric.found or any("[]" in place for place in metric.by.values() if isinstance(place, str))
        assert field.many or not several, name
        assert several or not field.many or any(map(callable, metric.by.values())), name  # whose result nobody can tell


# --- Studio -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("checked", [None, datetime(2026, 11, 2, tzinfo=UTC)])
def test_what_a_health_check_says_is_no_activity(checked: datetime | None) -> None:
    used = datetime(2026, 11, 1, tzinfo=UTC)
    properties = {"LastUserActivityTimestamp": used, "LastHealthCheckTimestamp": checked}
    origin = LiveOrigin(App.cfn, "a", "1", "r")
    assert App(Raw(App.cfn, "a", properties, Scope("1/r", "account"), origin, "live")).last_used == used
    same = {**properties, "LastHealthCheckTimestamp": used}
    with pytest.raises(Undecided, match="health check"):
        App(Raw(App.cfn, "a", same, Scope("1/r", "account"), origin, "live")).last_used  # noqa: B018
