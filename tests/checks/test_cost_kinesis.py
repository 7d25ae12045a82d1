"""Kinesis: shards, modes, retention and consumers that are paid for and not used."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from auditor.raw import Raw
from auditor.utilisation.services.kinesis import ConsumerReads, StreamAge, StreamPeaks
from auditor.values import Unknown
from tests.checks.by_hand import OLD, Measured, account, arn, judged, live, measured, unmeasured
from tests.support import by_title, statuses
from tests.usage import publish

STREAM = arn("kinesis", "stream/clicks")
CONSUMER = f"{STREAM}/consumer/features:1"
SHARDS = "kinesis-shards-overprovisioned"
MODE = "kinesis-capacity-mode-mismatch"
RETENTION = "kinesis-retention-cost"


def stream(**properties: Any) -> Raw:
    said = {
        "StreamName": "clicks",
        "OpenShardCount": 10,
        "StreamCreationTimestamp": OLD,
        "StreamModeDetails": {"StreamMode": "PROVISIONED"},
        **properties,
    }
    return live("AWS::Kinesis::Stream", STREAM, said, "clicks")


def consumer() -> Raw:
    said = {"ConsumerName": "features", "StreamARN": STREAM, "ConsumerCreationTimestamp": OLD}
    return live("AWS::Kinesis::StreamConsumer", CONSUMER, said, "features")


def peaks(megabytes_a_second: float, records: float = 0.0) -> Measured:
    """As much in every five minutes."""
    return measured(
        StreamPeaks,
        incoming_bytes=megabytes_a_second * 1e6 * 300,
        incoming_records=records * 300,
        outgoing_bytes=0.0,
    )


def verdict(check: str, usage: Measured, **properties: Any) -> Any:
    owner = stream(**properties)
    return judged(account(owner, usage(owner)), check)[STREAM]


YOUNG: dict[str, Any] = {"StreamCreationTimestamp": datetime.now(UTC) - timedelta(days=3)}
ON_DEMAND: dict[str, Any] = {"StreamModeDetails": {"StreamMode": "ON_DEMAND"}}


@pytest.mark.parametrize(
    ("usage", "properties", "status"),
    [
        (peaks(2), {}, "fail"),
        (peaks(2), {"OpenShardCount": 1}, "pass"),
        (peaks(5), {}, "pass"),  # half of it: no waste
        (peaks(0.1, records=5_000), {}, "pass"),
        (peaks(0), ON_DEMAND, "pass"),
        (peaks(0), YOUNG, "unknown"),
        (peaks(0), {"OpenShardCount": Unknown("denied")}, "unknown"),
        (unmeasured(StreamPeaks), {}, "unknown"),
    ],
)
def test_shards(usage: Measured, properties: dict[str, Any], status: str) -> None:
    found = verdict(SHARDS, usage, **properties)
    assert found.status.value == status
    for finding in found.findings:
        assert finding.message == "used at most 20 % of its 10 shards in 14 days, and needs 3"
        assert finding.saving.high == pytest.approx(7 * 0.015 * 730)
        assert finding.saving.kind == "oversize"


def test_shards_of_a_simulated_stream(aws: Any, scan: Any, answers: dict[str, Any], deny: Any) -> None:
    def aged(answer: Any) -> Any:
        answer["StreamDescriptionSummary"]["StreamCreationTimestamp"] = OLD
        return answer

    answers["DescribeStreamSummary"] = aged
    for name in ("busy", "wide"):
        aws("kinesis").create_stream(StreamName=name, ShardCount=4)
    for name, value in (("busy", 900e6), ("wide", 1e6)):
        publish(aws("cloudwatch"), "AWS/Kinesis", "IncomingBytes", {"StreamName": name}, value)
    assert by_title(judged(scan(SHARDS), SHARDS)) == {"busy": "pass", "wide": "fail"}
    deny("GetMetricData")
    assert set(statuses(scan(SHARDS), SHARDS).values()) == {"unknown"}


PERIODS = 14 * 24 * 12


def hourly(gigabytes: float, records: float) -> Measured:
    """Written and read in 14 days of five minutes each."""
    each = gigabytes * 1024**3 / PERIODS
    return measured(StreamPeaks, incoming_bytes=each, incoming_records=records / PERIODS, outgoing_bytes=each)


def test_on_demand_for_steady_traffic_costs_more() -> None:
    # 1,000 GB in 14 days: 2,173 GB a month, 0.9 MB/s, for which two shards are needed
    found = verdict(MODE, hourly(1_000, 5e6), **ON_DEMAND)
    (finding,) = found.findings
    gigabytes = 1_000 * 730 / 336
    on_demand = 730 * 0.04 + gigabytes * 0.12
    units = gigabytes * 1024**3 / (25 * 1024) / 1e6
    provisioned = 2 * 0.015 * 730 + units * 0.014
    assert finding.saving.high == pytest.approx(on_demand - provisioned, rel=0.001)
    assert finding.message == "is in on-demand mode, and its traffic of 14 days costs less in provisioned mode"
    assert "PUT payload units" in finding.saving.basis


@pytest.mark.parametrize(
    ("usage", "properties", "status"),
    [
        (hourly(0, 0), {}, "pass"),  # one shard would do, and costs less than a stream on demand
        (hourly(0.001, 10), ON_DEMAND, "fail"),
        (
            measured(
                StreamPeaks,
                incoming_bytes=lambda hour: 30e9 if hour == 5 else 0.0,  # 100 MB/s once in two weeks
                incoming_records=0.0,
                outgoing_bytes=0.0,
            ),
            {"OpenShardCount": 200},
            "fail",
        ),
        (hourly(0, 0), YOUNG, "unknown"),
        (unmeasured(StreamPeaks), {}, "unknown"),
    ],
)
def test_modes(usage: Measured, properties: dict[str, Any], status: str) -> None:
    found = verdict(MODE, usage, **properties)
    assert found.status.value == status
    for finding in found.findings:
        full = 0.04 * 730 + 1 if properties is ON_DEMAND else 125 * 0.015 * 730 + 1
        assert 0 < finding.saving.high < full


DAY = 86_400_000.0


def retention(age: Measured, reads: Measured | None = None, **properties: Any) -> Any:
    owner, reader = stream(RetentionPeriodHours=168, **properties), consumer()
    raws = [owner, age(owner)] + ([reader, reads(reader)] if reads else [])
    return judged(account(*raws), RETENTION)


@pytest.mark.parametrize(
    ("age", "reads", "status"),
    [
        (measured(StreamAge, age=2.0), None, "fail"),
        (measured(StreamAge, age=lambda hour: 2 * DAY if hour == 9 else 0.0), None, "pass"),
        (measured(StreamAge, age=2.0), measured(ConsumerReads, events=1.0, age=2 * DAY), "pass"),
        (measured(StreamAge, age=2.0), measured(ConsumerReads, events=1.0, age=5.0), "fail"),
        (measured(StreamAge, age=lambda hour: None), None, "unknown"),  # nobody reads
        (unmeasured(StreamAge), None, "unknown"),
    ],
)
def test_retention(age: Measured, reads: Measured | None, status: str) -> None:
    found = retention(age, reads)[STREAM]
    assert found.status.value == status
    for finding in found.findings:
        assert "nobody read one that was older than 1 hours" in finding.message
        assert finding.saving.high == pytest.approx(10 * 0.02 * 730)


def test_retention_of_a_day_is_not_extended() -> None:
    assert statuses(account(stream()), RETENTION) == {STREAM: "pass"}


def test_retention_on_demand_has_no_figure() -> None:
    (finding,) = retention(measured(StreamAge, age=2.0), **ON_DEMAND)[STREAM].findings
    assert finding.saving is None
    assert "depends on how much it stores" in finding.message


@pytest.mark.parametrize(
    ("reads", "status"),
    [
        (measured(ConsumerReads, events=0.0, age=0.0), "fail"),
        (measured(ConsumerReads, events=lambda hour: 1.0 if hour == 300 else None, age=0.0), "pass"),
        (unmeasured(ConsumerReads), "unknown"),
    ],
)
def test_fan_out(reads: Measured, status: str) -> None:
    found = retention(measured(StreamAge, age=0.0), reads)[CONSUMER]
    assert found.status.value == status
    for finding in found.findings:
        assert finding.saving.high == pytest.approx(10 * 0.015 * 730)
        assert finding.saving.kind == "idle"


def test_consumers_of_a_simulated_account(aws: Any, scan: Any, answers: dict[str, Any], deny: Any) -> None:
    kinesis = aws("kinesis")
    kinesis.create_stream(StreamName="clicks", ShardCount=2)
    made = kinesis.describe_stream_summary(StreamName="clicks")["StreamDescriptionSummary"]["StreamARN"]
    for name in ("used", "unused"):
        kinesis.register_stream_consumer(StreamARN=made, ConsumerName=name)

    def aged(answer: Any) -> Any:
        for one in answer["Consumers"]:
            one["ConsumerCreationTimestamp"] = OLD
        return answer

    answers["ListStreamConsumers"] = aged
    dimensions = {"StreamName": "clicks", "ConsumerName": "used"}
    publish(aws("cloudwatch"), "AWS/Kinesis", "SubscribeToShardEvent.Success", dimensions, 3.0)
    found = by_title(judged(scan(RETENTION), RETENTION))
    assert found == {"clicks": "pass", "used of clicks": "pass", "unused of clicks": "fail"}
    deny("GetMetricData")
    found = by_title(judged(scan(RETENTION), RETENTION))
    assert found == {"clicks": "pass", "used of clicks": "unknown", "unused of clicks": "unknown"}
