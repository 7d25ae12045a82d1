"""The simulation of a run, and that the documentation says what it says."""

from __future__ import annotations

from dataclasses import replace

from benchmarks.organization import PAGE, Simulation, World, costs, simulated

SMALL = World(accounts=300, concurrency=50)
CALM = replace(SMALL, spread=0.0, huge=0.0, denied=0.0, broken=0.0, throttled=0.0)


def test_every_account_comes_to_its_end() -> None:
    out = Simulation(SMALL).run()
    assert out.counts["items"] == 300
    assert out.counts["tries"] >= 300
    assert out.peak <= 50
    assert out.lambda_seconds / 50 <= out.duration


def test_without_faults_it_is_the_sum_of_its_parts() -> None:
    out = Simulation(CALM).run()
    assert out.counts["tries"] == 300
    assert out.counts["transitions"] == 300 * 5
    assert round(out.lambda_seconds, 3) == round(300 * (10.3 + 16 * 2.8), 3)
    assert round(out.duration / (10.3 + 16 * 2.8)) == 6


def test_faults_cost_time() -> None:
    calm = Simulation(CALM).run()
    bad = Simulation(replace(CALM, throttled=0.3, broken=0.1)).run()
    assert bad.duration > calm.duration
    assert bad.counts["tries"] > calm.counts["tries"]


def test_the_documentation_has_the_tables() -> None:
    page = PAGE.read_text(encoding="utf-8")
    for lines in (costs(), simulated()):
        assert "\n".join(lines) in page, "run `python -m benchmarks.organization --write`"
