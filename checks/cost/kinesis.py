"""Kinesis data streams: capacity, retention and consumers that are paid for and not used."""

import math
from typing import Final

from auditor import LOW, MEDIUM, Findings, Inventory, Undecided, check
from auditor.config import Config
from auditor.members import if_decided
from auditor.pricing import streams, usage
from auditor.pricing.book import HOURS_PER_MONTH
from auditor.pricing.saving import Saving
from auditor.resources.kinesis import Stream, StreamConsumer
from auditor.utilisation.series import Series
from auditor.utilisation.services.kinesis import ConsumerReads, StreamAge, StreamPeaks

_GIB: Final = 1024**3
_DAY: Final = 24  # hours: the retention that is in a stream's price
_WEEK: Final = 168
_PROVISIONED: Final = "PROVISIONED"


@check(
    "kinesis-shards-overprovisioned",
    title="Kinesis provisioned shards match the throughput",
    severity=MEDIUM,
    uses=(StreamPeaks,),
    inputs=("live",),
)
def shards_overprovisioned(stream: Stream, inventory: Inventory, config: Config) -> Findings:
    """A shard takes 1 MB/s or 1,000 records/s, and is paid for whether or not anything comes.

    By the busiest five minutes and a quarter more; keys that are not spread evenly may need more shards.

    Fix: merge shards (aws kinesis update-shard-count), or change to on-demand mode where the load comes in bursts.
    """
    if stream.stream_mode != _PROVISIONED or stream.shard_count is None or stream.shard_count < 2:
        return
    written, records, read = _traffic(stream, inventory, config)
    peaks = [series.maximum() / series.period for series in (written, records, read)]
    most = max(peaks[0] / usage.SHARD_BYTES_IN, peaks[1] / usage.SHARD_RECORDS_IN, peaks[2] / usage.SHARD_BYTES_OUT)
    share = 100 * most / stream.shard_count
    needed = usage.shards_needed(*peaks)
    if needed < stream.shard_count and share <= config.oversized_utilization:
        saving = usage.shards(stream.shard_count, needed, stream.scope.region)
        yield stream.fail(
            f"used at most {share:.0f} % of its {stream.shard_count} shards in {config.idle_days} days, and needs"
            f" {needed}",
            at="shard_count",
            saving=saving,
        )


def _traffic(stream: Stream, inventory: Inventory, config: Config) -> tuple[Series, Series, Series]:
    """Bytes and records written and bytes read, of enough days to judge by."""
    load = StreamPeaks.of(stream, inventory)
    days, since = config.idle_days, stream.creation_time
    return (
        load.incoming_bytes.last(days, since=since),
        load.incoming_records.last(days, since=since),
        load.outgoing_bytes.last(days, since=since),
    )


@check(
    "kinesis-capacity-mode-mismatch",
    title="The Kinesis capacity mode fits the traffic (on-demand for spiky, provisioned for steady)",
    severity=LOW,
    uses=(StreamPeaks,),
    inputs=("live",),
)
def capacity_mode_mismatch(stream: Stream, inventory: Inventory, config: Config) -> Findings:
    """On demand, a GB costs more and silence nothing; shards cost the same whatever comes.

    Against provisioned mode with as many shards as the busiest five minutes and a quarter more need, as nobody should
    pay for more.

    Fix: change the stream's mode (aws kinesis update-stream-mode), which takes effect without a stop.
    """
    written, records, read = _traffic(stream, inventory, config)
    needed = usage.shards_needed(*(series.maximum() / series.period for series in (written, records, read)))
    month = HOURS_PER_MONTH / (24 * config.idle_days)
    on_demand = stream.stream_mode != _PROVISIONED
    saving = streams.other_mode(
        on_demand=on_demand,
        shards=needed if on_demand else min(needed, stream.shard_count or needed),
        records=records.total() * month,
        gb_in=written.total() * month / _GIB,
        gb_out=read.total() * month / _GIB,
        region=stream.scope.region,
    )
    if saving:
        now, other = ("on-demand", "provisioned") if on_demand else ("provisioned", "on-demand")
        yield stream.fail(
            f"is in {now} mode, and its traffic of {config.idle_days} days costs less in {other} mode",
            at="stream_mode",
            saving=saving,
        )


@check(
    "kinesis-retention-cost",
    title="Kinesis extended retention and enhanced fan-out are used",
    severity=LOW,
    uses=(Stream, StreamConsumer, StreamAge, ConsumerReads),
    inputs=("live",),
)
def retention_cost(paid: Stream | StreamConsumer, inventory: Inventory, config: Config) -> Findings:
    """Keeping records longer than a day more than doubles a shard's price, and each fan-out consumer doubles it again.

    Fix: set the retention to 24 hours, or to what a replay after a long weekend needs; deregister consumers that nobody
    runs.
    """
    yield from _retention(paid, inventory, config) if isinstance(paid, Stream) else _fan_out(paid, inventory, config)


def _retention(stream: Stream, inventory: Inventory, config: Config) -> Findings:
    if stream.retention_period_hours <= _DAY:
        return
    consumers = inventory.referring(StreamConsumer, lambda consumer: consumer.stream_arn, stream)
    ages = [StreamAge.of(stream, inventory).age, *(ConsumerReads.of(one, inventory).age for one in consumers)]
    days = ages[0].days
    if days < config.idle_days:
        raise Undecided(f"only {days:g} days of metrics were looked at, and {config.idle_days} are needed (--lookback)")
    read = [series for series in ages if series.hours_with_data]
    if not read:
        raise Undecided(f"nobody read it in {days:g} days, so what its readers need is not known")
    oldest = math.ceil(max(series.maximum() for series in read) / 3_600_000)
    if oldest >= _DAY:
        return
    saving = _extended(stream)
    hint = "" if saving else "; what a day saves depends on how much it stores"
    yield stream.fail(
        f"keeps records for {stream.retention_period_hours} hours, and in {days:g} days nobody read one that was older"
        f" than {max(oldest, 1)} hours{hint}",
        at="retention_period_hours",
        expected=str(_DAY),
        saving=saving,
    )


def _extended(stream: Stream) -> Saving | None:
    if stream.stream_mode != _PROVISIONED or not stream.shard_count:
        return None
    hours = stream.shard_count * HOURS_PER_MONTH
    remark = "what is kept beyond seven days comes on top" if stream.retention_period_hours > _WEEK else ""
    return usage.less("Kinesis", "extended retention 24h-7d", hours, stream.scope.region, remark=remark)


def _fan_out(consumer: StreamConsumer, inventory: Inventory, config: Config) -> Findings:
    events = ConsumerReads.of(consumer, inventory).events.last(config.idle_days, since=consumer.creation_time)
    if events.total() > 0:
        return
    saving = if_decided(lambda: _unread(consumer, inventory))
    hint = "" if saving else "; what it costs depends on the stream's shards"
    yield consumer.fail(f"was sent nothing in {config.idle_days} days{hint}", saving=saving)


def _unread(consumer: StreamConsumer, inventory: Inventory) -> Saving | None:
    stream = inventory.get(Stream, consumer.stream_arn)
    if stream is None or stream.shard_count is None or stream.stream_mode != _PROVISIONED:
        return None
    hours = stream.shard_count * HOURS_PER_MONTH
    region = consumer.scope.region
    return usage.less("Kinesis", "enhanced fan-out", hours, region, confidence="high", kind="idle")
