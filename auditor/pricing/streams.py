"""What a Kinesis data stream costs in its two capacity modes (Kinesis Data Streams pricing)."""

from __future__ import annotations

from auditor.pricing.book import HOURS_PER_MONTH
from auditor.pricing.saving import Saving, comparable, dollars, items, make, number, rate

PUT_UNIT = 25 * 1024
"""Bytes of a record that one PUT payload unit pays for."""

_WORTH = 0.2  # the share of the cost that a change of mode must save: traffic is never the same twice


def other_mode(
    *, on_demand: bool, shards: int, records: float, gb_in: float, gb_out: float, region: str | None = None
) -> Saving | None:
    """Change a stream's capacity mode; None where that saves less than a fifth.

    Args:
        on_demand: whether it is in that mode now.
        shards: that it needs in provisioned mode, see `usage.shards_needed`.
        records, gb_in: written in a month.
        gb_out: read in a month.
        region: the stream's.
    """
    names = ("provisioned shard", "PUT payload units", "on-demand stream", "on-demand ingest", "on-demand retrieval")
    prices = comparable(region, *items("Kinesis", *names))
    if not prices:
        return None
    shard, put, stream, ingest, retrieval = (price.usd for price in prices)
    units = max(records, gb_in * 1024**3 / PUT_UNIT) / 1e6
    provisioned = shards * shard * HOURS_PER_MONTH + units * put
    demanded = stream * HOURS_PER_MONTH + gb_in * ingest + gb_out * retrieval
    saved = (demanded - provisioned) if on_demand else (provisioned - demanded)
    if saved < _WORTH * (demanded if on_demand else provisioned):
        return None
    by_shard = (
        f"{shards} shards x {rate(shard)} x {HOURS_PER_MONTH} hours + {number(units)} million PUT payload units x"
        f" {rate(put)} = {dollars(provisioned)} provisioned"
    )
    by_use = (
        f"{rate(stream)} x {HOURS_PER_MONTH} hours + {number(gb_in)} GB in x {rate(ingest)} + {number(gb_out)} GB out x"
        f" {rate(retrieval)} = {dollars(demanded)} on demand"
    )
    first, second = (by_use, by_shard) if on_demand else (by_shard, by_use)
    basis = f"{first}; {second}: {dollars(saved)} a month less"
    return make(saved, saved, basis, prices, region, "medium")
