"""What AWS charges for a scan's own requests: told before they are made where it is much, and how many there were."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from typing import Final

import click

from auditor.cli.progress import CLEAR
from auditor.report import Report
from auditor.utilisation.queries import PRICE
from reports import text

_WORTH_TELLING: Final = 1.0


def announce_on_terminal(quiet: bool) -> Callable[[int, float], None] | None:
    """Tells beforehand what the metrics will cost, where that is more than a dollar; None where nobody would see it."""
    return None if quiet or not sys.stderr.isatty() else _announce


def _announce(metrics: int, usd: float) -> None:
    if usd > _WORTH_TELLING:
        limit = "--metrics-budget limits it, --no-metrics leaves it out"
        click.echo(f"{CLEAR}asking CloudWatch for {metrics:,} metrics, for {text.usd_about(usd)} ({limit})", err=True)


def spent(report: Report, *, explorer: bool) -> Iterator[str]:
    """Which paid requests a scan has made, and for how much; `explorer` is whether it might ask Cost Explorer."""
    metrics = sum(place.get("metrics", 0) for place in report.inputs)
    if metrics:
        calls = text.count(report.calls.get("cloudwatch:GetMetricData", 0), "call")
        yield f"asked CloudWatch for {text.count(metrics, 'metric')} in {calls}, for {text.usd_about(metrics * PRICE)}"
    if explorer:
        asked = sum(count for operation, count in report.calls.items() if operation.startswith("ce:"))
        yield f"asked Cost Explorer {text.count(asked, 'time')}, at 0.01 USD a request"
