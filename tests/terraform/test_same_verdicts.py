"""The same infrastructure in CloudFormation and in Terraform gives the same verdicts.

`pairs` has it twice, under the same names: `PlainTable` is `aws_dynamodb_table.plain_table`.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from auditor.config import Config
from auditor.engine import evaluate
from auditor.findings import Verdict
from auditor.inventory import Inventory
from auditor.raw import Collected
from auditor.registry import load_checks
from auditor.resources.account import Account
from auditor.resources.region import Region
from tests.support import hcl, template

PAIRS = {path.stem: path for path in Path(__file__).with_name("pairs").glob("*.yaml")}

DIFFERENT: dict[tuple[str, str], str] = {}
"""By check and name, what may differ, and why."""

Verdicts = dict[tuple[str, str], str]


def name_of(verdict: Verdict) -> str:
    """What both sources call a resource: only letters and digits, in lower case."""
    resource = verdict.resource
    if isinstance(resource, (Account, Region)):
        return type(resource).__name__
    return resource.raw.id.rpartition(".")[2].replace("_", "").lower()


def verdicts_of(collected: Collected) -> Verdicts:
    checks = [check for check in load_checks().values() if {"cloudformation", "terraform"} <= set(check.inputs)]
    verdicts = evaluate(Inventory(collected), checks, Config())
    return {(verdict.check.id, name_of(verdict)): verdict.status.value for verdict in verdicts}


@pytest.mark.parametrize("pair", sorted(PAIRS))
def test_same_verdicts(pair: str, tmp_path: Path) -> None:
    in_cloudformation = verdicts_of(template(tmp_path, PAIRS[pair].read_text()))
    in_terraform = verdicts_of(hcl(tmp_path / "tf", PAIRS[pair].with_suffix(".tf").read_text()))
    keys = in_cloudformation.keys() | in_terraform.keys()
    different = {
        key: (in_cloudformation.get(key), in_terraform.get(key))
        for key in keys
        if in_cloudformation.get(key) != in_terraform.get(key)
    }
    assert different == {}
