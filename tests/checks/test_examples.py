"""Every check's examples through the CloudFormation source, as written and with any one value unknown."""

from __future__ import annotations

from pathlib import Path

import pytest

from auditor.config import Config
from auditor.engine import evaluate
from auditor.findings import Status, Verdict
from auditor.inventory import Inventory
from auditor.raw import Collected
from auditor.registry import INPUTS, PILLARS, Check, load_checks
from tests.support import as_template, template
from tests.unknowns import one_unknown

CHECKS = load_checks()
FROM_TEMPLATES = [check for check in CHECKS.values() if "cloudformation" in check.inputs]
BAD = [pytest.param(c, e, id=f"{c.id}-{n}") for c in FROM_TEMPLATES for n, e in enumerate(c.bad)]
GOOD = [pytest.param(c, e, id=f"{c.id}-{n}") for c in FROM_TEMPLATES for n, e in enumerate(c.good)]


def run(check: Check, collected: Collected) -> list[Verdict]:
    return evaluate(Inventory(collected), [check], Config())


@pytest.mark.parametrize(("check", "example"), BAD)
def test_bad_example_fails(check: Check, example: str, tmp_path: Path) -> None:
    collected = template(tmp_path, as_template(example))
    assert not [n for n in collected.notices if n.level == "error"]
    failed = [verdict for verdict in run(check, collected) if verdict.status is Status.FAIL]
    assert failed
    for finding in failed[0].findings:
        location = finding.raw.origin.locate(finding.path)
        assert location.line and location.column
        assert finding.message


@pytest.mark.parametrize(("check", "example"), GOOD)
def test_good_example_passes(check: Check, example: str, tmp_path: Path) -> None:
    collected = template(tmp_path, as_template(example))
    assert not [n for n in collected.notices if n.level == "error"]
    verdicts = run(check, collected)
    assert {verdict.status for verdict in verdicts} == {Status.PASS}


@pytest.mark.parametrize(("check", "example"), BAD)
def test_an_unknown_value_never_makes_a_failure_pass(check: Check, example: str, tmp_path: Path) -> None:
    collected = template(tmp_path, as_template(example))
    failing = {verdict.resource.address for verdict in run(check, collected) if verdict.status is Status.FAIL}
    for what, changed in one_unknown(collected):
        for verdict in run(check, changed):
            if verdict.resource.address in failing:
                assert verdict.status in (Status.FAIL, Status.UNKNOWN), f"{what}: {verdict.reason}"


@pytest.mark.parametrize(("check", "example"), GOOD)
def test_an_unknown_value_never_makes_a_good_example_fail(check: Check, example: str, tmp_path: Path) -> None:
    collected = template(tmp_path, as_template(example))
    passing = {verdict.resource.address for verdict in run(check, collected)}
    for what, changed in one_unknown(collected):
        for verdict in run(check, changed):
            if verdict.resource.address in passing:  # else a part that lost its owner, judged on its own
                assert verdict.status in (Status.PASS, Status.UNKNOWN), f"{what}: {verdict.reason}"


@pytest.mark.parametrize("check", [c for c in FROM_TEMPLATES if c.bad], ids=lambda check: check.id)
def test_some_unknown_value_is_undecided(check: Check, tmp_path: Path) -> None:
    """A check that fails whatever is unknown looks only at a resource's being there."""
    statuses = set()
    for example in (*check.bad, *check.good):
        for _, changed in one_unknown(template(tmp_path, as_template(example))):
            statuses |= {verdict.status for verdict in run(check, changed)}
    only_being_there = {"iam-access-key-in-template"}
    assert Status.UNKNOWN in statuses or check.id in only_being_there


@pytest.mark.parametrize("check", CHECKS.values(), ids=lambda check: check.id)
def test_check_is_complete(check: Check) -> None:
    assert check.pillar in PILLARS
    assert set(check.inputs) <= set(INPUTS)
    assert len(check.why) > 40
    assert len(check.fix) > 20
    assert check.title[0].isupper()
    assert not check.title.endswith(".")
    if "cloudformation" in check.inputs:
        assert check.bad
        assert check.good


@pytest.mark.parametrize("check", FROM_TEMPLATES, ids=lambda check: check.id)
def test_check_declares_what_it_looks_up(check: Check, tmp_path: Path) -> None:
    """A live scan collects only what the selected checks judge and declare to use."""
    for example in (*check.bad, *check.good):
        inventory = Inventory(template(tmp_path, as_template(example)))
        evaluate(inventory, [check], Config())
        assert inventory.types_seen <= {*check.uses, *check.types}
