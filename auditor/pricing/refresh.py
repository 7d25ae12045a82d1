"""Reads prices from AWS: on-demand from the Price List API, spot from EC2.

The filters leave one product of a type in a region: Linux without software, shared tenancy, in use, on demand. Without
`marketoption` a Capacity Block could be the one that is found.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from statistics import median
from typing import Any, Final

from auditor.errors import UsageError
from auditor.pricing import book, cache
from auditor.pricing.cache import Refreshed

OPERATIONS: Final = ("pricing:GetProducts", "ec2:DescribeSpotPriceHistory")
_ENDPOINT: Final = "us-east-1"  # of the Price List API, which has no other in America
_FILTERS: Final = {
    "operatingSystem": "Linux",
    "preInstalledSw": "NA",
    "tenancy": "Shared",
    "capacitystatus": "Used",
    "marketoption": "OnDemand",
}
_FEWEST: Final = 50
"""Every region has more types than that, so fewer are a broken answer."""
_LEAST_RATIO, _MOST_RATIO = 0.2, 5.0
"""Of a new price to the one known before, in any region: beyond is no change of price but another product."""


@dataclass(slots=True)
class Outcome:
    """What a refresh found.

    Attributes:
        prices: on-demand prices by type.
        as_of: when AWS published them.
        doubts: types whose price could not be told, with why; they keep the one that was known.
    """

    prices: dict[str, float] = field(default_factory=dict)
    as_of: str = ""
    doubts: dict[str, str] = field(default_factory=dict)


def refresh(
    regions: Collection[str],
    *,
    profile: str | None = None,
    session: Any = None,
    tell: Callable[[str], None] = lambda _: None,
) -> Refreshed:
    """Ask AWS for prices, and keep them once all of them are there.

    Args:
        regions: whose prices.
        profile: in the AWS configuration; the environment's where None.
        session: a `boto3.Session` instead.
        tell: is given a line for each region.

    Raises:
        UsageError: AWS did not answer, or not with prices; or the file cannot be written. What was known before stays.
    """
    from auditor.sources.account.calls import Calls
    from auditor.sources.account.failures import CallFailed, Halt
    from auditor.sources.account.session import open_session

    calls = Calls(open_session(profile, session=session, operations=OPERATIONS), Halt())
    known = cache.refreshed()
    made = cache.parsed(cache.plain(known)) or Refreshed()
    try:
        for region in regions:
            filters = [{"Type": "TERM_MATCH", "Field": name, "Value": value} for name, value in _FILTERS.items()]
            filters.append({"Type": "TERM_MATCH", "Field": "regionCode", "Value": region})
            wanted = {"ServiceCode": "AmazonEC2", "Filters": filters, "FormatVersion": "aws_v1"}
            found = on_demand(calls.pages("pricing", _ENDPOINT, "GetProducts", "PriceList", wanted), region)
            made.on_demand[region] = {**made.on_demand.get(region, {}), **found.prices}
            made.as_of[region] = found.as_of
            now = datetime.now(UTC)
            linux = {"ProductDescriptions": ["Linux/UNIX"], "StartTime": now}
            made.spot[region] = spot(calls.pages("ec2", region, "DescribeSpotPriceHistory", "SpotPriceHistory", linux))
            made.spot_as_of[region] = now.date().isoformat()
            tell(f"{region}: {len(found.prices)} types of {found.as_of}, {len(made.spot[region])} with spot prices")
            for name, why in sorted(found.doubts.items()):
                tell(f"{region}: {name} keeps its price: {why}")
    except CallFailed as failed:
        raise UsageError(f"The prices stay as they were: {failed.gap.reason}: {failed.gap.message}") from failed
    _save(made)
    return made


def on_demand(products: Iterable[Any], region: str) -> Outcome:
    """The prices in an answer of the Price List API.

    Args:
        products: each a product with its terms, as JSON text.
        region: that they must be of.

    Raises:
        UsageError: it is no such answer, or hardly any types are in it.
    """
    found: defaultdict[str, set[float]] = defaultdict(set)
    published = ""
    for product in products:
        try:
            content = json.loads(product) if isinstance(product, str) else product
            attributes = content["product"]["attributes"]
            if attributes["regionCode"] != region or attributes.get("operatingSystem") != "Linux":
                continue
            found[attributes["instanceType"]].update(_hourly(content["terms"]["OnDemand"]))
            published = max(published, content["publicationDate"][:10])
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise UsageError(
                f"The prices stay as they were: AWS's price list of {region} is not understood"
                f" ({type(error).__name__}: {error}). Try again later; if it persists, report it."
            ) from error
    outcome = Outcome(as_of=published)
    for name, prices in found.items():
        if len(prices) != 1:
            outcome.doubts[name] = f"the price list has {len(prices)} prices of it"
        elif trouble := _implausible(name, region, *prices):
            outcome.doubts[name] = trouble
        else:
            outcome.prices[name] = next(iter(prices))
    if len(outcome.prices) < _FEWEST:
        raise UsageError(
            f"The prices stay as they were: AWS's price list of {region} has {len(outcome.prices)} types only."
            " Check the region's name."
        )
    return outcome


def _hourly(terms: Any) -> Iterable[float]:
    """The prices per hour of a product's on-demand terms; one of 0 is that of a reservation's hours."""
    for term in terms.values():
        for dimension in term["priceDimensions"].values():
            usd = float(dimension["pricePerUnit"]["USD"])
            if dimension["unit"] == "Hrs" and usd > 0:
                yield usd


def _implausible(name: str, region: str, usd: float) -> str:
    before = book.ec2_on_demand(name, region)
    if before and not _LEAST_RATIO <= usd / before.usd <= _MOST_RATIO:
        return f"${usd:g} an hour is too far from the ${before.usd:g} known before"
    return ""


def spot(history: Iterable[Any]) -> dict[str, list[float]]:
    """The least and the median price of each type over the availability zones, by the newest price of each."""
    newest: dict[tuple[str, str], tuple[datetime, float]] = {}
    for one in history:
        key = (one["InstanceType"], one["AvailabilityZone"])
        price = (one["Timestamp"], float(one["SpotPrice"]))
        newest[key] = max(newest.get(key, price), price)
    by_type: defaultdict[str, list[float]] = defaultdict(list)
    for (name, _), (_, usd) in newest.items():
        by_type[name].append(usd)
    return {name: [min(prices), median(prices)] for name, prices in sorted(by_type.items())}


def _save(made: Refreshed) -> None:
    from auditor.sources.files import write_private

    content, path = cache.plain(made), cache.path()
    if cache.parsed(content) is None:
        raise UsageError("The prices stay as they were: AWS told prices that no instance has.")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_private(path, json.dumps(content, separators=(",", ":")).encode())
    except OSError as error:
        raise UsageError(f"{path}: the prices cannot be kept there: {error.strerror}") from error
    cache.refreshed.cache_clear()
