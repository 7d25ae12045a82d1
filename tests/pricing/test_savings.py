"""Savings: the arithmetic, what they refuse to guess, and that none exceeds what is spent."""

from __future__ import annotations

import math
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.pricing import book, saving, savings
from auditor.pricing.savings import Saving

HERE = "us-east-1"
GIB = 1024**3
CENT = 0.01

TYPES = sorted(book._ec2())
OLD_GPUS = [found.name for family in savings._SUCCESSORS for found in book.instance_types(family)]
regions = st.sampled_from([None, *book.REGIONS, "eu-central-1"])
names = st.one_of(st.sampled_from(TYPES), st.sampled_from(TYPES).map("ml.".__add__), st.text())
counts = st.integers(0, 1000)
sizes = st.floats(0, 65_536)
numbers = st.one_of(st.none(), st.floats(0, 256_000))


def known(saving: Saving | None) -> Saving:
    assert saving
    return saving


def check(saving: Saving | None, full_price: Callable[[], float]) -> None:
    """What holds for every saving."""
    if saving is None:
        return
    assert 0 <= saving.low <= saving.high <= full_price() + CENT
    assert math.isfinite(saving.high)
    assert saving.source
    assert saving.as_of[:2] == "20"
    assert "$" in saving.basis


def rate(item: str) -> float:
    price = book.service("EBS", item, HERE)
    assert price
    return price.usd


# EBS


def test_gp2_to_gp3_shows_its_arithmetic() -> None:
    assert savings.gp2_to_gp3(100, region=HERE) == Saving(
        low=2.0,
        high=2.0,
        basis="100 GB x ($0.10 - $0.08) per GB-month = $2.00 a month",
        source="infracost golden testdata@95a01280b (us-east-1)",
        as_of="2024-07-01",
        confidence="high",
    )


def test_gp2_to_gp3_pays_for_the_iops_that_gp2_gave() -> None:
    saving = known(savings.gp2_to_gp3(2000, throughput=125, region=HERE))
    assert saving.low == saving.high == 2000 * 0.02 - 3000 * 0.005
    assert "- 3,000 IOPS above 3,000 x $0.005 = $25.00 a month" in saving.basis


def test_gp2_to_gp3_takes_measured_needs_over_the_baseline() -> None:
    assert known(savings.gp2_to_gp3(2000, iops_needed=500, throughput=60, region=HERE)).high == 40
    saving = known(savings.gp2_to_gp3(2000, iops_needed=4000, throughput=200, region=HERE))
    assert saving.low == saving.high == 40 - 5 - 3


def test_gp2_to_gp3_with_unknown_throughput_is_a_range() -> None:
    saving = known(savings.gp2_to_gp3(1000, region=HERE))
    assert (saving.low, saving.high) == (15, 20)
    assert "250 MiB/s" in saving.basis
    # The 250 MiB/s would cost more than the move saves: then one wouldn't buy them.
    assert known(savings.gp2_to_gp3(200, region=HERE)).low == 0


def test_gp2_to_gp3_that_would_cost_more_is_no_saving() -> None:
    assert savings.gp2_to_gp3(200, throughput=250, region=HERE) is None
    assert savings.gp2_to_gp3(100, iops_needed=16_000, region=HERE) is None


def test_assumed_region_is_named_and_lowers_confidence() -> None:
    for region, reason in (("eu-central-1", "none is known for eu-central-1"), (None, "the region is not known")):
        saving = known(savings.gp2_to_gp3(100, region=region))
        assert saving.basis.endswith(f"; prices of us-east-1, as {reason}, so the low end allows for 20% less")
        assert saving.low == pytest.approx(0.8 * saving.high)
        assert saving.confidence == "medium"


@pytest.mark.parametrize(
    ("volume", "expected"),
    [
        (("gp2", 100), 10),
        (("gp3", 500, 3000, 125), 40),
        (("gp3", 500), 40),
        (("gp3", 500, 4000, 250), 40 + 5 + 5),
        (("io1", 100, 1000), 12.5 + 65),
        (("io2", 100, 1000), 12.5 + 65),
        (("st1", 1000), 45),
        (("sc1", 1000), 15),
        (("standard", 10), 0.5),
    ],
)
def test_unattached_volume_costs_its_full_price(volume: tuple[str, float], expected: float) -> None:
    saving = known(savings.unattached_volume(*volume, region=HERE))
    assert saving.low == saving.high == pytest.approx(expected)
    assert saving.confidence == "high"


def test_unattached_volume_shows_each_charge() -> None:
    assert known(savings.unattached_volume("gp3", 500, 4000, 250, HERE)).basis == (
        "500 GB x $0.08 per GB-month + 1,000 IOPS above 3,000 x $0.005 per IOPS-month"
        " + 125 MiB/s above 125 x $0.04 per MiB/s-month = $50.00 a month"
    )


def test_unattached_volume_says_what_it_leaves_out() -> None:
    beyond = known(savings.unattached_volume("io2", 100, 64_000, region=HERE))
    assert beyond.high == 12.5 + 32_000 * 0.065
    assert "above 32,000 come on top" in beyond.basis
    unknown = known(savings.unattached_volume("io1", 100, region=HERE))
    assert "provisioned IOPS come on top" in unknown.basis
    assert beyond.confidence == unknown.confidence == "medium"


def test_unknown_volume_type_has_no_figure() -> None:
    assert savings.unattached_volume("gp9", 100, region=HERE) is None


@given(sizes, numbers, numbers, regions)
def test_gp3_never_saves_more_than_gp2_costs(
    size: float, iops: float | None, throughput: float | None, region: str | None
) -> None:
    check(savings.gp2_to_gp3(size, iops, throughput, region), lambda: size * rate("gp2 storage"))


@given(st.sampled_from([*savings._EBS_STORAGE, "gp9"]), sizes, numbers, numbers, regions)
def test_volume_never_saves_more_than_it_costs(
    volume_type: str, size: float, iops: float | None, throughput: float | None, region: str | None
) -> None:
    def full_price() -> float:
        dearest = size * rate("io1 storage") + (iops or 0) * rate("io1/io2 provisioned IOPS (first 32k)")
        return dearest + (throughput or 0) * rate("gp3 extra throughput (over 125 MiB/s)")

    check(savings.unattached_volume(volume_type, size, iops, throughput, region), full_price)


# Spot


def test_spot_saves_between_nothing_and_the_published_average() -> None:
    saving = known(savings.spot_instead_of_on_demand("p3.2xlarge", 2, HERE))
    assert (saving.low, saving.high) == (0, round(2 * 730 * 3.06 * 0.80, 2))
    assert saving.basis.startswith("2 x p3.2xlarge x 730 hours x $3.06 x up to 80% (the published average)")
    assert saving.confidence == "low"
    assert known(savings.spot_instead_of_on_demand("p3.2xlarge", 1, HERE, hours=100)).high == 244.8


def test_spot_without_a_published_saving_has_no_figure() -> None:
    assert savings.spot_instead_of_on_demand("p5.4xlarge", 1, HERE) is None


def test_managed_spot_uses_billed_hours_of_every_instance() -> None:
    saving = known(savings.managed_spot_training("ml.p3.2xlarge", 2, 10 * 3600, HERE))
    assert (saving.low, saving.high) == (0, 2 * 10 * 3.825 * 0.80)
    assert "2 x ml.p3.2xlarge x 10 billable hours x $3.825 x up to 80%" in saving.basis


def test_managed_spot_without_a_published_saving_says_that_it_assumes() -> None:
    saving = known(savings.managed_spot_training("ml.g7e.2xlarge", 1, 36_000, "us-west-2"))
    assert saving.high == pytest.approx(10 * 4.2039 * 0.6, abs=CENT)
    assert "up to 60% (assumed, as none is published)" in saving.basis


@given(names, counts, st.floats(0, 744), regions)
def test_spot_never_saves_more_than_on_demand_costs(name: str, count: int, hours: float, region: str | None) -> None:
    def full_price() -> float:
        price = book.ec2_on_demand(name, region)
        assert price
        return count * hours * price.usd

    check(savings.spot_instead_of_on_demand(name, count, region, hours), full_price)


@given(names, counts, st.floats(0, 1e8), regions)
def test_managed_spot_never_saves_more_than_the_job_costs(
    name: str, count: int, seconds: float, region: str | None
) -> None:
    def full_price() -> float:
        price = book.sagemaker(name, region, "training")
        assert price
        return count * seconds / 3600 * price.usd

    check(savings.managed_spot_training(name, count, seconds, region), full_price)


# Accelerators


@pytest.mark.parametrize(
    ("name", "successor", "high", "break_even"),
    [
        ("p3.2xlarge", "g5.2xlarge", (3.06 - 1.212) * 730, 3.06 / 1.212),
        ("p3.8xlarge", "g5.12xlarge", (12.24 - 5.672) * 730, 12.24 / 5.672),
        ("p3.16xlarge", "g5.48xlarge", (24.48 - 16.288) * 730, 24.48 / 16.288),
        ("p3dn.24xlarge", "p4d.24xlarge", (31.212 - 21.957642) * 730, 31.212 / 21.957642),
        ("p2.xlarge", "g6.xlarge", (0.9 - 0.8048) * 730, 0.9 / 0.8048),
        ("g3s.xlarge", "g6.xlarge", 0, 0.75 / 0.8048),
        ("g4dn.xlarge", "g6.xlarge", 0, 0.526 / 0.8048),
        ("g4dn.16xlarge", "g6.16xlarge", (4.352 - 3.3968) * 730, 4.352 / 3.3968),
        ("ml.p3.2xlarge", "ml.g5.2xlarge", (3.825 - 1.52) * 730, 3.825 / 1.52),
    ],
)
def test_previous_generation_names_successor_and_break_even(
    name: str, successor: str, high: float, break_even: float
) -> None:
    saving = known(savings.previous_generation_gpu(name, HERE))
    assert saving.low == 0
    assert saving.high == pytest.approx(high, abs=CENT)
    assert f" for {successor}" in saving.basis
    assert f"break-even at {break_even:.2f} times as many" in saving.basis
    assert saving.confidence == "low"


def test_previous_generation_names_what_the_successor_has_less_of() -> None:
    assert (
        "g5.2xlarge has 32 instead of 61 GiB of host memory"
        in known(savings.previous_generation_gpu("p3.2xlarge", HERE)).basis
    )
    # Nothing has sixteen GPUs any more.
    assert "8 instead of 16 accelerators" in known(savings.previous_generation_gpu("p2.16xlarge", HERE)).basis


def test_previous_generation_proposes_only_what_the_region_offers() -> None:
    saving = known(savings.previous_generation_gpu("g4dn.xlarge", "eu-west-1"))
    assert "g5.xlarge" in saving.basis  # no g6 there


def test_regions_are_not_mixed() -> None:
    # eu-west-1 has a price for p4d but none for p3dn: both are us-east-1's.
    saving = known(savings.previous_generation_gpu("p3dn.24xlarge", "eu-west-1"))
    assert saving.high == pytest.approx((31.212 - 21.957642) * 730, abs=CENT)
    assert saving.basis.endswith("; prices of us-east-1, as none is known for eu-west-1")


@pytest.mark.parametrize("name", ["g5.xlarge", "p4d.24xlarge", "m5.large", "g2.2xlarge", "nonsense"])
def test_current_and_unknown_types_have_no_previous_generation_saving(name: str) -> None:
    assert savings.previous_generation_gpu(name, HERE) is None


@pytest.mark.parametrize("name", OLD_GPUS)
@pytest.mark.parametrize("region", [HERE, "us-west-2", "eu-west-1", "eu-central-1", None])
def test_every_old_gpu_has_a_successor_everywhere(name: str, region: str | None) -> None:
    assert "break-even at" in known(savings.previous_generation_gpu(name, region)).basis


def test_training_gpu_endpoint_moves_to_the_cheapest_that_holds_the_model() -> None:
    saving = known(savings.training_gpu_endpoint("ml.p3.2xlarge", 2, HERE))
    assert saving.low == 0
    assert saving.high == pytest.approx((3.825 - 0.99) * 2 * 730, abs=CENT)
    assert "$3.825 for ml.p3.2xlarge - $0.99 for ml.inf2.xlarge" in saving.basis
    assert "must be compiled with AWS Neuron" in saving.basis
    assert saving == savings.training_gpu_endpoint("p3.2xlarge", 2, HERE)


def test_training_gpu_endpoint_keeps_the_memory_of_each_accelerator() -> None:
    # inf2.48xlarge has as much memory together, but 32 GiB on each where p4d has 40.
    assert "ml.g7e.24xlarge" in known(savings.training_gpu_endpoint("ml.p4d.24xlarge", 1, HERE)).basis


def test_mixed_regions_are_named() -> None:
    basis = known(savings.training_gpu_endpoint("ml.p3.8xlarge", 1, HERE)).basis
    assert basis.endswith("; some prices of us-west-2, as none is known for us-east-1")


@pytest.mark.parametrize("name", ["ml.g5.xlarge", "ml.inf2.xlarge", "ml.p4de.24xlarge", "ml.p6-b200.48xlarge", "ml.p9"])
def test_endpoint_without_a_cheaper_type_has_no_saving(name: str) -> None:
    assert savings.training_gpu_endpoint(name, 1, HERE) is None


@given(names, counts, regions)
def test_switch_never_saves_more_than_the_instances_cost(name: str, count: int, region: str | None) -> None:
    def cost(instance: str, count: int) -> float:
        # Both prices of a comparison may be us-east-1's.
        prices = [saving.hourly(instance, where) for where in (region, HERE)]
        return count * 730 * max(price.usd for price in prices if price)

    check(savings.previous_generation_gpu(name, region), lambda: cost(name, 1))
    check(savings.training_gpu_endpoint(name, count, region), lambda: cost(f"ml.{name.removeprefix('ml.')}", count))


# Logs and objects


def test_log_retention_saves_at_most_the_storage() -> None:
    saving = known(savings.log_retention(1000 * GIB, HERE))
    assert (saving.low, saving.high) == (0, 30)
    assert saving.basis.startswith("1,000 GB x $0.03 per GB-month x the share older than the retention")


def test_lifecycle_saves_at_most_the_difference_of_the_classes() -> None:
    saving = known(savings.s3_lifecycle(1000 * GIB, HERE))
    assert (saving.low, saving.high) == (0, 10.5)
    assert "1,000 GB x ($0.023 - $0.0125) per GB-month" in saving.basis
    assert "$0.01 per 1,000 objects moved" in saving.basis


def test_lifecycle_of_a_large_bucket_uses_the_lower_tier() -> None:
    assert "($0.022 - $0.0125)" in known(savings.s3_lifecycle(60 * 1024 * GIB, HERE)).basis


def test_without_sizes_there_is_no_figure() -> None:
    assert savings.log_retention(None, HERE) is None
    assert savings.s3_lifecycle(None, HERE) is None


@given(st.floats(0, 1e18), regions)
def test_stored_bytes_never_save_more_than_they_cost(stored: float, region: str | None) -> None:
    check(savings.log_retention(stored, region), lambda: stored / GIB * 0.03)
    check(savings.s3_lifecycle(stored, region), lambda: stored / GIB * 0.023)


@given(st.floats(max_value=-1))
def test_nonsense_from_a_template_is_no_saving(negative: float) -> None:
    assert savings.gp2_to_gp3(negative) is None
    assert savings.unattached_volume("gp2", negative) is None
    assert savings.log_retention(negative) is None
    assert savings.spot_instead_of_on_demand("p3.2xlarge", -1) is None
