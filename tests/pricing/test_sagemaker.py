"""Savings of SageMaker, and what AWS reports itself."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.pricing import book, commitment, idle, savings, sizing

HERE = "us-east-1"


def test_outside_of_working_hours() -> None:
    saving = idle.outside([("ml.p3.2xlarge", 2)], 260, HERE)
    assert saving
    assert saving.low == saving.high == pytest.approx(2 * 3.825 * 470)
    assert saving.basis.endswith("assumed to be needed 260 of 730 hours a month")
    assert idle.outside([("ml.unheard.of", 1)], 260, HERE) is None


@given(st.floats(0, 1e9), st.floats(0, 10), st.integers(1, 50))
def test_above_a_target_is_never_more_than_the_instances_cost(requests: float, target: float, count: int) -> None:
    saving = sizing.above_target([("ml.p3.2xlarge", count), ("ml.g4dn.4xlarge", 1)], requests, target, HERE)
    assert saving
    assert 0 <= saving.low <= saving.high <= round((3.825 * count + 1.505) * 730, 2)


def test_above_a_target_without_a_price() -> None:
    assert sizing.above_target([("ml.unheard.of", 1)], 10, 0.05, HERE) is None


def test_what_spot_saved_before() -> None:
    saving = savings.managed_spot_training("ml.p3.2xlarge", 2, 3600, HERE, realised=(0.5, 3))
    assert saving
    assert saving.high == pytest.approx(3.825, abs=0.01)
    assert "up to 50% (what spot saved 3 of this account's own jobs on this type)" in saving.basis
    none = savings.managed_spot_training("ml.p3.2xlarge", 2, 3600, HERE, realised=(0.0, 3))
    assert none
    assert none.high == 0


def test_previous_generation_for_the_hours_of_jobs() -> None:
    always = savings.previous_generation_gpu("ml.p3.2xlarge", HERE)
    job = savings.previous_generation_gpu("ml.p3.2xlarge", HERE, count=2, hours=73)
    assert always
    assert job
    assert job.high == pytest.approx(always.high / 5, abs=0.02)


def test_what_aws_reports() -> None:
    saving = commitment.reported(12.345, "AWS says so", "Cost Explorer", "2026-11-22")
    assert (saving.low, saving.high, saving.source, saving.as_of) == (12.35, 12.35, "AWS, Cost Explorer", "2026-11-22")
    assert commitment.reported(-1, "", "", "").high == 0


def test_only_what_has_accelerators_of_aws_is_compiled_for_them() -> None:
    processors = savings.switch("ml.m5.xlarge", 1, list(book.instance_types("m6i")), HERE)
    chips = sizing.accelerator("ml.g5.xlarge", ("inf2",), 1, HERE)
    assert processors
    assert chips
    assert "Neuron" not in processors.basis
    assert "Neuron" in chips.basis
