"""Prices that `auditor prices refresh` read from AWS, in the user's cache folder; the embedded table is behind them."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Final

SCHEMA: Final = "auditor-prices/1"
SOURCE: Final = "AWS Price List API"
SPOT_SOURCE: Final = "EC2 DescribeSpotPriceHistory"

_MOST_USD: Final = 2_000
"""USD an hour; no instance costs a third of it."""


@dataclass(slots=True)
class Refreshed:
    """What AWS said, by region and instance type, in USD an hour.

    Attributes:
        as_of: when each region's on-demand prices were published, an ISO 8601 date.
        on_demand: Linux, shared tenancy.
        spot_as_of: when each region's spot prices were asked for.
        spot: the least and the median of the prices of its availability zones.
    """

    as_of: dict[str, str] = field(default_factory=dict)
    on_demand: dict[str, dict[str, float]] = field(default_factory=dict)
    spot_as_of: dict[str, str] = field(default_factory=dict)
    spot: dict[str, dict[str, list[float]]] = field(default_factory=dict)


def path() -> Path:
    """The file: `auditor/prices.json` in XDG_CACHE_HOME, or in the system's own folder for caches."""
    base = os.environ.get("XDG_CACHE_HOME") or os.environ.get("LOCALAPPDATA") or "~/.cache"
    return Path(base).expanduser() / "auditor" / "prices.json"


@cache
def refreshed() -> Refreshed:
    """What the file holds; nothing where there is none, or where it is not whole: the embedded table will do."""
    try:
        content = json.loads(path().read_bytes())
    except (OSError, ValueError, RecursionError):
        return Refreshed()
    return parsed(content) or Refreshed()


def parsed(content: Any) -> Refreshed | None:
    """The content of a file; None where any of it is not what `plain` makes."""
    if not isinstance(content, Mapping) or content.get("schema") != SCHEMA:
        return None
    made = Refreshed()
    for region, one in _map(content.get("regions")).items():
        on_demand, spot = _map(_map(one).get("on_demand")), _map(_map(one).get("spot"))
        as_of, spot_as_of = _map(one).get("as_of"), _map(one).get("spot_as_of")
        ranges = [figure for pair in spot.values() for figure in (pair if isinstance(pair, list) else [pair])]
        if not all(map(_is_price, (*on_demand.values(), *ranges))):
            return None
        if not all(isinstance(pair, list) and len(pair) == 2 for pair in spot.values()):
            return None
        if (on_demand and not _is_date(as_of)) or (spot and not _is_date(spot_as_of)):
            return None
        made.on_demand[region], made.as_of[region] = dict(on_demand), str(as_of or "")
        made.spot[region], made.spot_as_of[region] = dict(spot), str(spot_as_of or "")
    return made


def plain(made: Refreshed) -> dict[str, Any]:
    """As the file holds it."""
    regions = {
        region: {
            "as_of": made.as_of.get(region, ""),
            "on_demand": made.on_demand.get(region, {}),
            "spot_as_of": made.spot_as_of.get(region, ""),
            "spot": made.spot.get(region, {}),
        }
        for region in sorted({*made.on_demand, *made.spot})
    }
    return {"schema": SCHEMA, "regions": regions}


def _map(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _is_price(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 < value < _MOST_USD


def _is_date(value: Any) -> bool:
    return isinstance(value, str) and len(value) == len("2026-11-23") and value[:2] == "20"
