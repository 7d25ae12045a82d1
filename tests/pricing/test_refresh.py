"""Reading prices from AWS: the answer's real shape, what is wrong with it, and that what was known stays whole."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import boto3
import pytest
from click.testing import CliRunner

from auditor.cli.prices import command
from auditor.errors import UsageError
from auditor.pricing import book, cache
from auditor.pricing.refresh import refresh

HERE = "us-east-1"
TYPES = sorted(name for name in book._ec2() if book.ec2_on_demand(name, HERE))[:80]


def product(name: str, usd: float | str, region: str = HERE, sku: str = "QZ4FSBB35KG9BKY2") -> str:
    """One of the texts in PriceList, as AWS writes them (some attributes left out)."""
    term = f"{sku}.JRTCKXETXF"
    return json.dumps(
        {
            "product": {
                "productFamily": "Compute Instance",
                "attributes": {
                    "instanceType": name,
                    "regionCode": region,
                    "operatingSystem": "Linux",
                    "preInstalledSw": "NA",
                    "tenancy": "Shared",
                    "capacitystatus": "Used",
                    "marketoption": "OnDemand",
                    "servicecode": "AmazonEC2",
                    "usagetype": f"BoxUsage:{name}",
                },
                "sku": sku,
            },
            "serviceCode": "AmazonEC2",
            "terms": {
                "OnDemand": {
                    term: {
                        "offerTermCode": "JRTCKXETXF",
                        "sku": sku,
                        "effectiveDate": "2026-11-01T00:00:00Z",
                        "priceDimensions": {
                            f"{term}.6YS6EN2CT7": {
                                "unit": "Hrs",
                                "beginRange": "0",
                                "endRange": "Inf",
                                "description": f"${usd} per On Demand Linux {name} Instance Hour",
                                "appliesTo": [],
                                "rateCode": f"{term}.6YS6EN2CT7",
                                "pricePerUnit": {"USD": str(usd)},
                            }
                        },
                        "termAttributes": {},
                    }
                },
                "Reserved": {"ignored": {"priceDimensions": {"x": {"unit": "Hrs", "pricePerUnit": {"USD": "1.0"}}}}},
            },
            "version": "20261115000000",
            "publicationDate": "2026-11-15T19:33:44Z",
        }
    )


def price_list(*more: str, without: tuple[str, ...] = (), dearer: float = 1.1) -> list[str]:
    products = []
    for name in TYPES:
        price = book.ec2_on_demand(name, HERE)
        if price and name not in without:
            products.append(product(name, f"{price.usd * dearer:.10f}"))
    return [*products, *more]


def pages(products: list[str], size: int = 30) -> list[dict[str, Any]]:
    parts = [products[start : start + size] for start in range(0, len(products), size)]
    return [
        {"FormatVersion": "aws_v1", "PriceList": part, **({"NextToken": str(n)} if n < len(parts) else {})}
        for n, part in enumerate(parts, 1)
    ]


SPOT = {
    "SpotPriceHistory": [
        {
            "InstanceType": TYPES[0],
            "AvailabilityZone": f"{HERE}{zone}",
            "SpotPrice": usd,
            "ProductDescription": "Linux/UNIX",
            "Timestamp": datetime(2026, 11, day, tzinfo=UTC),
        }
        for zone, usd, day in (("a", "0.01", 20), ("b", "0.03", 20), ("c", "0.02", 20), ("c", "0.99", 19))
    ]
}


@pytest.fixture
def answer(moto: None, scripted: Any) -> Any:
    """Answers with a price list in pages, and asks for it."""

    def asked(answers: list[dict[str, Any]], spot: Any = SPOT, regions: tuple[str, ...] = (HERE,)) -> list[str]:
        told: list[str] = []
        scripted({"GetProducts": list(answers), "DescribeSpotPriceHistory": spot})
        refresh(regions, session=boto3.Session(), tell=told.append)
        return told

    return asked


def test_prices_of_aws_come_before_the_embedded_ones(answer: Any) -> None:
    before = book.ec2_on_demand(TYPES[1], HERE)
    assert before
    told = answer(pages(price_list()))
    after = book.ec2_on_demand(TYPES[1], HERE)
    assert after
    assert after.usd == pytest.approx(before.usd * 1.1)
    assert (after.source, after.as_of) == (cache.SOURCE, "2026-11-15")
    assert told == ["us-east-1: 80 types of 2026-11-15, 1 with spot prices"]


def test_the_filters_leave_one_product(moto: None, scripted: Any) -> None:
    asked: list[dict[str, Any]] = []

    def answered(params: dict[str, Any]) -> dict[str, Any]:
        asked.append(params)
        return {"PriceList": price_list()}

    scripted({"GetProducts": answered, "DescribeSpotPriceHistory": SPOT})
    refresh((HERE,), session=boto3.Session())
    assert {one["Field"]: one["Value"] for one in asked[0]["Filters"]} == {
        "operatingSystem": "Linux",
        "preInstalledSw": "NA",
        "tenancy": "Shared",
        "capacitystatus": "Used",
        "marketoption": "OnDemand",
        "regionCode": HERE,
    }


def test_spot_is_the_median_of_the_newest_price_of_each_zone(answer: Any) -> None:
    answer(pages(price_list()))
    assert cache.refreshed().spot[HERE] == {TYPES[0]: [0.01, 0.02]}
    spot = book.ec2_spot(TYPES[0], HERE)
    assert spot
    assert (spot[0].usd, spot[0].source) == (0.02, cache.SPOT_SOURCE)


def test_a_type_that_is_missing_keeps_its_price(answer: Any) -> None:
    before = book.ec2_on_demand(TYPES[3], HERE)
    answer(pages(price_list(without=(TYPES[3],))))
    assert book.ec2_on_demand(TYPES[3], HERE) == before


@pytest.mark.parametrize("second", [0.5, 1.7])
def test_a_type_with_several_prices_keeps_its_own(answer: Any, second: float) -> None:
    before = book.ec2_on_demand(TYPES[4], HERE)
    assert before
    told = answer(pages(price_list(product(TYPES[4], before.usd * second, sku="OTHERSKU"))))
    assert book.ec2_on_demand(TYPES[4], HERE) == before
    assert told[-1] == f"us-east-1: {TYPES[4]} keeps its price: the price list has 2 prices of it"


def test_several_products_of_one_price_are_that_price(answer: Any) -> None:
    (same,) = (one for one in price_list() if f'"instanceType": "{TYPES[4]}"' in one)
    answer(pages(price_list(same)))
    assert cache.refreshed().on_demand[HERE][TYPES[4]]


def test_a_price_far_from_the_known_one_is_not_taken(answer: Any) -> None:
    before = book.ec2_on_demand(TYPES[4], HERE)
    assert before
    told = answer(pages(price_list(product(TYPES[4], before.usd * 40), without=(TYPES[4],))))
    assert book.ec2_on_demand(TYPES[4], HERE) == before
    assert "too far from" in told[-1]


def test_a_region_without_embedded_prices_gets_its_own(answer: Any) -> None:
    region = "eu-central-1"
    products = [one.replace(f'"regionCode": "{HERE}"', f'"regionCode": "{region}"') for one in price_list(dearer=1.2)]
    answer(pages(products), regions=(region,))
    price = book.ec2_on_demand(TYPES[1], region)
    assert price
    assert (price.region, price.assumed_region) == (region, False)


BROKEN: dict[str, list[dict[str, Any]]] = {
    "no JSON": [*pages(price_list())[:1], {"PriceList": ["{"]}],
    "no product": [{"PriceList": [*price_list(), json.dumps({"terms": {}})]}],
    "no terms": [{"PriceList": [*price_list(), product("m5.large", 1).replace('"terms"', '"times"')]}],
    "no number": [{"PriceList": price_list(product("m5.large", "much"))}],
    "a list": [{"PriceList": [*price_list(), "[]"]}],
    "nothing": [{"PriceList": []}],
    "of another region": [{"PriceList": [product(name, 1, "us-west-2") for name in TYPES]}],
}


@pytest.mark.parametrize("what", BROKEN)
def test_a_broken_answer_leaves_what_was_known(answer: Any, what: str) -> None:
    answer(pages(price_list()))
    before = cache.path().read_bytes()
    with pytest.raises(UsageError, match="The prices stay as they were"):
        answer(BROKEN[what])
    assert cache.path().read_bytes() == before
    assert book.ec2_on_demand(TYPES[1], HERE)


def test_a_call_that_fails_leaves_what_was_known(answer: Any, scripted: Any) -> None:
    with pytest.raises(UsageError, match=r"pricing:GetProducts was denied .*"):
        answer(["AccessDeniedException"])
    with pytest.raises(UsageError, match="DescribeSpotPriceHistory"):
        answer(pages(price_list()), spot="UnauthorizedOperation")
    assert not cache.path().exists()


def test_a_file_that_cannot_be_written(answer: Any, cache_folder: Path) -> None:
    (cache_folder / "auditor").write_text("a file where the folder should be")
    with pytest.raises(UsageError, match="cannot be kept there"):
        answer(pages(price_list()))


WRONG = {
    "not JSON": "{",
    "another schema": json.dumps({"schema": "auditor-prices/2", "regions": {HERE: {}}}),
    "a price of nothing": json.dumps(
        {"schema": cache.SCHEMA, "regions": {HERE: {"as_of": "2026-11-20", "on_demand": {"m5.large": 0}}}}
    ),
    "no date": json.dumps({"schema": cache.SCHEMA, "regions": {HERE: {"on_demand": {"m5.large": 1}}}}),
    "half a range": json.dumps(
        {"schema": cache.SCHEMA, "regions": {HERE: {"spot_as_of": "2026-11-20", "spot": {"m5.large": [1]}}}}
    ),
    "deep": "[" * 100_000,
}


@pytest.mark.parametrize("what", WRONG)
def test_a_file_that_is_not_whole_is_not_used(what: str, cache_folder: Path) -> None:
    (cache_folder / "auditor").mkdir()
    cache.path().write_text(WRONG[what])
    price = book.ec2_on_demand("m5.large", HERE)
    assert price
    assert price.usd == 0.096


def test_older_prices_than_the_embedded_ones_are_not_used(cache_folder: Path) -> None:
    (cache_folder / "auditor").mkdir()
    made = cache.Refreshed({HERE: "2020-01-01"}, {HERE: {"m5.large": 0.05}})
    cache.path().write_text(json.dumps(cache.plain(made)))
    price = book.ec2_on_demand("m5.large", HERE)
    assert price
    assert price.usd == 0.096


# --- the command -----------------------------------------------------------------------------------------------------


def test_show() -> None:
    shown = CliRunner().invoke(command, ["show", "ml.p3.8xlarge"]).output
    assert "retired: it cannot be started in any region any more" in shown
    assert "EC2 on demand: $12.2400 an hour, $8,935.20 a month (" in shown
    assert "SageMaker AI: $14.6880 an hour" in shown
    assert "EC2 spot, about: not known" in shown


def test_show_says_where_a_price_is_from() -> None:
    assert "an hour in us-east-1" in CliRunner().invoke(command, ["show", "m5.large", "--region", "sa-east-1"]).output


def test_show_of_an_unknown_type_offers_a_near_one() -> None:
    result = CliRunner().invoke(command, ["show", "p3.9xlarge"])
    assert isinstance(result.exception, UsageError)
    assert "Did you mean p3." in str(result.exception)
