"""Every check's examples in HCL, and the plans of them that Terraform made: as they are, and with one value unknown.

The examples are in `checks/PILLAR/examples`; `make plans` lets Terraform plan them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from auditor.config import Config
from auditor.engine import evaluate
from auditor.examples import example_file, terraform_examples
from auditor.findings import Status, Verdict
from auditor.inventory import Inventory
from auditor.raw import Collected
from auditor.registry import Check, load_checks
from tests.support import hcl, plan
from tests.unknowns import one_argument_unknown, one_planned_unknown, one_unknown
from tools.build_terraform_plans import digest, examples_of, recorded

CHECKS = load_checks()
OF_TERRAFORM = [check for check in CHECKS.values() if "terraform" in check.inputs]

ONLY_BEING_THERE = {"iam-access-key-in-template"}
"""Fail whatever is unknown."""

NEVER_GOOD = {"glue-dev-endpoint-running"}
"""The provider takes no development endpoint of fewer than two workers."""

Read = Callable[[Path], Collected]


@pytest.fixture(scope="module", params=["hcl", "plan"])
def form(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def examples(check: Check, kind: str, form: str) -> list[Any]:
    """The texts, or plans, of a check's bad or good examples."""
    if form == "hcl":
        return list(getattr(terraform_examples(check), kind))
    plans = recorded(check.id)
    assert plans["of"] == digest(check), "its examples changed: `make plans` has Terraform plan them again"
    return [one for name, one in plans["plans"].items() if name.startswith(kind)]


def read(folder: Path, example: Any, form: str) -> Collected:
    collected = hcl(folder, example) if form == "hcl" else plan(folder, example)
    assert not [notice for notice in collected.notices if notice.level == "error"]
    return collected


def unknowns(folder: Path, example: Any, form: str) -> Iterator[tuple[str, Collected]]:
    """An example with one of its values unknown: where it is written, or where it was read."""
    yield from one_unknown(read(folder, example, form))
    variants = one_argument_unknown(example) if form == "hcl" else one_planned_unknown(example)
    for what, changed in variants:
        yield f"written {what}", read(folder, changed, form)


def run(check: Check, collected: Collected) -> list[Verdict]:
    return evaluate(Inventory(collected), [check], Config())


@pytest.mark.parametrize("check", OF_TERRAFORM, ids=lambda check: check.id)
def test_examples_are_there(check: Check) -> None:
    found = terraform_examples(check)
    assert found.bad, f"{example_file(check)} lacks a part `# bad`"
    assert found.good or check.id in NEVER_GOOD, f"{example_file(check)} lacks a part `# good`"


@pytest.mark.parametrize("check", OF_TERRAFORM, ids=lambda check: check.id)
def test_bad_examples_fail(check: Check, form: str, tmp_path: Path) -> None:
    for example in examples(check, "bad", form):
        failed = [one for one in run(check, read(tmp_path, example, form)) if one.status is Status.FAIL]
        assert failed, example
        for finding in failed[0].findings:
            assert form == "plan" or finding.raw.origin.locate(finding.path).line
            assert finding.message


@pytest.mark.parametrize("check", OF_TERRAFORM, ids=lambda check: check.id)
def test_good_examples_pass(check: Check, form: str, tmp_path: Path) -> None:
    for example in examples(check, "good", form):
        found = {(verdict.status.value, verdict.reason) for verdict in run(check, read(tmp_path, example, form))}
        assert {status for status, _ in found} == {"pass"}, found


@pytest.mark.parametrize("check", OF_TERRAFORM, ids=lambda check: check.id)
def test_what_is_unknown_is_undecided(check: Check, form: str, tmp_path: Path) -> None:
    undecided = False
    for example in (*examples(check, "bad", form), *examples(check, "good", form)):
        decided = {one.resource.address: one.status for one in run(check, read(tmp_path, example, form))}
        for what, changed in unknowns(tmp_path, example, form):
            for verdict in run(check, changed):
                undecided |= verdict.status is Status.UNKNOWN
                if verdict.resource.address in decided:  # else a part that lost its owner, judged on its own
                    known = decided[verdict.resource.address]
                    assert verdict.status in (known, Status.UNKNOWN), f"{what} is unknown: {verdict.reason}\n{example}"
    assert undecided or check.id in ONLY_BEING_THERE, "nothing that is unknown makes it undecided"


def test_a_plan_is_of_each_example() -> None:
    for check in OF_TERRAFORM:
        assert set(recorded(check.id)["plans"]) == {name for name, _ in examples_of(check)}, check.id


def test_examples_are_of_checks() -> None:
    """A file that no check owns would never run."""
    named = {example_file(check) for check in CHECKS.values()}
    folders = {file.parent for file in named}
    assert {file for folder in folders if folder.is_dir() for file in folder.iterdir()} <= named
