"""The families of savings: their arithmetic, the chapter's examples, and that none exceeds what is spent."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.pricing import book, commitment, idle, sizing, usage
from auditor.pricing.saving import Saving

HERE = "us-east-1"
CENT = 0.01

TYPES = sorted(book._ec2())
names = st.one_of(st.sampled_from(TYPES), st.sampled_from(TYPES).map("ml.".__add__), st.just("x9.large"))
regions = st.sampled_from([None, *book.REGIONS, "eu-central-1"])
counts = st.integers(0, 100)
shares = st.floats(0, 1)


def known(saving: Saving | None) -> Saving:
    assert saving
    assert saving.basis
    assert saving.source
    assert saving.as_of[:2] == "20"
    return saving


# --- the chapter's own examples, from the book's own figures ---------------------------------------------------------


def test_p3_8xlarge_to_p3_2xlarge_saves_three_quarters() -> None:
    saving = known(sizing.replaced("p3.8xlarge", "p3.2xlarge", region=HERE))
    assert saving.high * 12 == pytest.approx(80_417, abs=1)
    assert "= $6,701.40 a month (75%)" in saving.basis
    assert "p3.2xlarge has 1 instead of 4 accelerators" in saving.basis
    assert (saving.kind, saving.confidence) == ("oversize", "medium")


def test_a_year_of_p3_2xlarge_reserved_saves_two_fifths() -> None:
    saving = known(commitment.reserved([("p3.2xlarge", 1)], HERE))
    on_demand = 3.06 * book.HOURS_PER_MONTH
    assert saving.high / on_demand == pytest.approx(0.40)
    assert saving.high * 12 == pytest.approx(10_700, abs=50)
    assert "it pays from 60% to 70% use on" in saving.basis


def test_an_idle_p3_8xlarge_costs_what_it_costs() -> None:
    assert known(idle.instances([("p3.8xlarge", 1)], HERE)).high == 8935.20


# --- each family -----------------------------------------------------------------------------------------------------


def test_smaller_types_keep_the_accelerators_memory() -> None:
    assert sizing.smaller("p3.8xlarge", HERE) == "p3.2xlarge"
    assert sizing.smaller("ml.m5.2xlarge", HERE) == "ml.m5.xlarge"
    assert sizing.smaller("p3.2xlarge", HERE) is None
    assert sizing.with_gpus("p3.16xlarge", 3, HERE) == "p3.8xlarge"
    assert sizing.with_gpus("p3.16xlarge", 8, HERE) is None
    assert sizing.with_gpus("g5.48xlarge", 1, HERE) == "g5.xlarge"


def test_general_purpose_type_for_a_notebook() -> None:
    assert sizing.general_purpose("ml.p3.2xlarge", ("m5",), HERE) == "ml.m5.2xlarge"


def test_sagemaker_has_the_type_that_is_named() -> None:
    assert sizing.smaller("ml.m5.12xlarge", HERE) == "ml.m5.4xlarge"  # m5.8xlarge is for Studio alone
    assert sizing.smaller("ml.m5.12xlarge", HERE, "studio") == "ml.m5.8xlarge"
    assert sizing.smaller("m5.12xlarge", HERE) == "m5.8xlarge"
    assert sizing.smaller("ml.t3.medium", HERE, "notebook") is None
    assert sizing.with_gpus("ml.p3.8xlarge", 1, HERE, "training") == "ml.p3.2xlarge"
    assert sizing.general_purpose("ml.p3.8xlarge", ("m5",), HERE, "notebook") == "ml.m5.12xlarge"
    assert sizing.general_purpose("ml.p3.8xlarge", ("m5",), HERE, "studio") == "ml.m5.8xlarge"


def test_another_accelerator_is_a_range_with_its_break_even() -> None:
    saving = known(sizing.accelerator("ml.g5.xlarge", ("inf2",), 2, HERE))
    assert saving.low == 0
    assert "break-even at" in saving.basis
    assert sizing.accelerator("x9.large", ("inf2",), 2, HERE) is None


def test_serverless_names_the_rate_up_to_which_it_pays() -> None:
    saving = known(sizing.serverless("ml.m5.large", 1, 1_000_000, HERE))
    assert (saving.low, saving.high) == (0, round(0.115 * 730, 2))
    assert "it pays below $8.4e-05 per GB-second" in saving.basis


def test_nat_traffic_to_s3() -> None:
    assert known(usage.nat_to_gateway(1000, HERE)).high == 45
    assert known(usage.nat_to_gateway(1000, HERE)).low == 0
    part = known(usage.nat_to_gateway(1000, HERE, share=0.5))
    assert part.low == part.high == 22.5


@pytest.mark.parametrize(
    ("traffic", "needed"),
    [((0, 0, 0), 1), ((3_000_000, 100, 0), 4), ((0, 9_000, 0), 12), ((0, 0, 3_999_999), 3)],
)
def test_shards_that_a_stream_needs(traffic: tuple[float, float, float], needed: int) -> None:
    assert usage.shards_needed(*traffic) == needed


def test_shards() -> None:
    assert known(usage.shards(10, 4, HERE)).high == pytest.approx(6 * 0.015 * 730)
    assert usage.shards(4, 4, HERE) is None


def test_emr_adds_its_uplift() -> None:
    assert known(usage.emr([("m5.xlarge", 3)], HERE, hours=100)).high == pytest.approx(3 * (0.192 + 0.048) * 100)
    large = book.emr_uplift("p3.16xlarge", HERE)
    assert large
    assert large.usd == 0.27
    assert large.source.startswith("assumption")


def test_glue() -> None:
    assert known(usage.glue(1000, HERE, high=0.5)).high == 220
    assert known(usage.glue(1000, HERE, flex=True)).high == 290
    assert known(usage.glue_flex(1000, HERE)).high == pytest.approx(150)


def test_intelligent_tiering_pays_for_monitoring() -> None:
    saving = known(usage.colder(1000, 1_000_000, HERE))
    assert saving.high == pytest.approx(1000 * (0.023 - 0.0125) - 2.5)
    assert saving.low == 0
    assert "moving all of it costs $10.00 once" in saving.basis
    assert known(usage.colder(100_000, 1_000_000, HERE)).high == pytest.approx(100_000 * (0.022 - 0.0125) - 2.5)
    assert usage.colder(1, 1_000_000, HERE) is None


def test_what_the_book_lacks_has_no_figure() -> None:
    assert idle.instances([("m5.large", 1), ("x9.large", 1)], HERE) is None
    assert idle.item("VPC", "hovercraft", 1, HERE) is None
    assert usage.less("VPC", "hovercraft", 1, HERE) is None
    assert commitment.reserved([("x9.large", 1)], HERE) is None


# --- properties ------------------------------------------------------------------------------------------------------


@given(names, counts, regions, st.floats(0, 730))
def test_idle_instances_save_no_more_than_they_cost(name: str, count: int, region: str | None, hours: float) -> None:
    saving = idle.instances([(name, count)], region, hours=hours)
    full = idle.instances([(name, count)], region)
    assert (saving is None) == (full is None)
    if saving and full:
        assert 0 <= saving.low <= saving.high <= full.high + CENT


@given(names, names, counts, regions)
def test_another_size_saves_less_than_the_whole(now: str, then: str, count: int, region: str | None) -> None:
    saving, full = sizing.replaced(now, then, count, region), idle.instances([(now, count)], region)
    if saving:
        assert full
        assert 0 <= saving.low <= saving.high <= full.high + CENT


@given(names, counts, regions, shares, shares)
def test_a_commitment_saves_less_than_the_whole(
    name: str, count: int, region: str | None, one: float, other: float
) -> None:
    saving = commitment.reserved([(name, count)], region, discount=(min(one, other), max(one, other)))
    full = idle.instances([(name, count)], region)
    if saving:
        assert full
        assert 0 <= saving.low <= saving.high <= full.high + CENT


@given(st.floats(0, 1e6), shares, shares, regions)
def test_less_use_saves_less_than_the_whole(amount: float, one: float, other: float, region: str | None) -> None:
    low, high = min(one, other), max(one, other)
    saving, full = (
        usage.less("Glue", "DataBrew node", amount, region, low=low, high=high),
        usage.less("Glue", "DataBrew node", amount, region),
    )
    assert known(saving).low <= known(saving).high <= known(full).high + CENT
