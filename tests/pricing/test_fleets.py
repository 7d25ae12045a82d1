"""Fewer instances and tasks: their arithmetic, and that none exceeds what is spent."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.pricing import book, fleets
from auditor.pricing.book import HOURS_PER_MONTH
from auditor.pricing.fleets import Task

HERE = "us-east-1"
TYPES = sorted(book._ec2())
hours = st.floats(0, 100_000)


def test_fewer_instances() -> None:
    saving = fleets.fewer("m5.xlarge", 2 * HOURS_PER_MONTH, HERE, remark="as half of them wait")
    assert saving
    assert (saving.low, saving.high, saving.kind, saving.confidence) == (0, 280.32, "oversize", "low")
    assert saving.basis == "1,460 instance-hours of m5.xlarge x $0.192 = up to $280.32 a month; as half of them wait"


def test_spot_instances_save_their_own_price() -> None:
    spot = book.ec2_spot("m5.xlarge", HERE)
    saving = fleets.fewer("m5.xlarge", 100, HERE, low=1.0, spot=True)
    assert spot
    assert saving
    assert saving.low == saving.high == round(100 * spot[0].usd, 2)
    assert "on spot capacity" in saving.basis
    assert "up to" not in saving.basis


def test_tasks_on_fargate() -> None:
    saving = fleets.tasks(Task(1, 2), 730, HERE, high=0.7, remark="the published most", kind="spot")
    assert saving
    assert (saving.low, saving.high) == (0, round(730 * (0.04048 + 2 * 0.004445) * 0.7, 2))
    assert saving.basis.startswith("(1 vCPU x $0.04048 + 2 GB x $0.00445) per hour x 730 task-hours x 70% = up to $")
    arm = fleets.tasks(Task(1, 2, arm=True), 730, HERE, low=1.0)
    assert arm
    assert arm.low == arm.high == round(730 * (0.03238 + 2 * 0.00356), 2)


def test_unknown_types_and_regions() -> None:
    assert fleets.fewer("x9.large", 730, HERE) is None
    elsewhere = fleets.tasks(Task(1, 2), 730, "eu-central-1", low=1.0)
    assert elsewhere
    assert elsewhere.low < elsewhere.high
    assert "prices of us-east-1, as none is known for eu-central-1" in elsewhere.basis


@given(st.sampled_from(TYPES), hours, st.floats(0, 1), st.booleans())
def test_no_saving_exceeds_the_price(name: str, amount: float, low: float, spot: bool) -> None:
    saving = fleets.fewer(name, amount, HERE, low=low, spot=spot)
    price = book.ec2_on_demand(name, HERE)
    if saving and price:
        assert 0 <= saving.low <= saving.high <= amount * price.usd + 0.01


@given(hours, st.floats(0.01, 1), st.floats(0, 1))
def test_no_share_of_tasks_exceeds_their_price(amount: float, high: float, part: float) -> None:
    saving = fleets.tasks(Task(1, 2), amount, HERE, low=high * part, high=high)
    assert saving
    assert 0 <= saving.low <= saving.high <= amount * (0.04048 + 2 * 0.004445) + 0.01


@pytest.mark.parametrize(
    ("cpu", "gib", "smaller"),
    [
        (1, 2, (0.5, 1)),
        (1, 3, (0.5, 2)),
        (4, 30, (2, 15)),
        (16, 32, (8, 16)),
        (0.25, 2, (0.25, 1)),
        (0.25, 0.5, None),
        (3, 5, (3, 5)),
    ],
)
def test_smaller_tasks(cpu: float, gib: float, smaller: tuple[float, float] | None) -> None:
    found = Task(cpu, gib, arm=False).smaller()
    assert (found and (found.vcpu, found.memory)) == (None if smaller == (cpu, gib) else smaller)
