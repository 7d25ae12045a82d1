"""What an author makes of things that are known only after apply: dynamic blocks, loops, conditions, modules' outputs.

`unknown_blocks/` is a real plan (Terraform 1.11.4, provider hashicorp/aws 5.100.0) and its configuration. A plan says
that a dynamic block may be there only by `true` in `after_unknown`, as it says of what the provider computes.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from auditor.config import Config
from auditor.engine import evaluate
from auditor.inventory import Inventory
from auditor.raw import Collected, Raw
from auditor.registry import load_checks
from auditor.sources.terraform import collect, collect_plans
from auditor.values import Choice, Reference, Unknown

FOLDER = Path(__file__).parent / "unknown_blocks"
CHECKS = [check for check in load_checks().values() if "terraform" in check.inputs]

UNKNOWN = [
    ("aws_security_group.list", "ingress.0"),
    ("aws_security_group.mixed", "ingress.?"),
    ("aws_security_group.attr", "ingress"),
    ("aws_security_group.data", "egress.0"),
    ("aws_security_group.data", "ingress.0.cidr_blocks"),
    ("aws_s3_bucket_lifecycle_configuration.map", "rule"),
    ("aws_s3_bucket_server_side_encryption_configuration.nested", "rule.0.apply_server_side_encryption_by_default"),
    ("aws_launch_template.nested", "block_device_mappings.0.ebs"),
    ("aws_lambda_function.single", "vpc_config"),
    ("aws_lambda_function.single", "dead_letter_config"),
    ("aws_lambda_function.single", "reserved_concurrent_executions"),
    ("aws_s3_bucket_policy.json", "policy.Statement"),
    ("aws_ebs_volume.cond", "encrypted"),
    ("aws_ebs_volume.cond", "kms_key_id"),
    ("aws_efs_file_system.cond", "encrypted"),
    ("aws_kms_key.tags", "enable_key_rotation"),
    ("aws_kms_key.tags", "tags"),
    ("aws_iam_policy.late", "policy.Statement.?"),
    ("aws_sagemaker_notebook_instance.data", "direct_internet_access"),
    ("aws_sagemaker_notebook_instance.data", "security_groups"),
]
"""What nobody knows before apply: the address, and the path of the property; `?` for one of several members."""


@pytest.fixture(scope="module", params=["plan", "plan beside its files", "hcl"])
def raws(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Raw]:
    return by_address(read(request.param, tmp_path_factory.mktemp("alone")))


def read(form: str, empty: Path) -> Collected:
    """The fixture in one of its forms; of a plan alone, in a folder without its files."""
    if form == "hcl":
        return collect([str(FOLDER)], environment={})
    if form == "plan":
        with pytest.MonkeyPatch.context() as patch:
            patch.chdir(empty)
            shutil.copy(FOLDER / "plan.json", empty)
            return collect_plans(["plan.json"])
    return collect_plans([str(FOLDER / "plan.json")])


def by_address(collected: Collected) -> dict[str, Raw]:
    assert collected.notices == []
    return {raw.id: raw for raw in collected.raws}


def at(value: Any, path: str) -> Any:
    for step in path.split("."):
        if type(value) in (Unknown, Choice):
            return value
        if step == "?":
            return next((member for member in value if type(member) is Unknown), None)
        value = value[int(step)] if isinstance(value, list) else value[step]
    return value[0] if isinstance(value, list) and len(value) == 1 else value


@pytest.mark.parametrize(("address", "path"), UNKNOWN)
def test_what_is_not_known(raws: Mapping[str, Raw], address: str, path: str) -> None:
    assert type(at(raws[address].properties, path)) in (Unknown, Choice)


def test_what_is_known_beside_it(raws: Mapping[str, Raw]) -> None:
    """A definite failure is found among the blocks that are known."""
    rules = [rule for rule in raws["aws_security_group.mixed"].properties["ingress"] if isinstance(rule, dict)]
    assert [(rule["from_port"], rule["cidr_blocks"]) for rule in rules] == [(443, ["10.0.0.0/8"])]
    statements = raws["aws_iam_policy.late"].properties["policy"]["Statement"]
    known = [one["Action"] for one in statements if isinstance(one, dict)]
    assert known in (["s3:GetObject"], [])  # a plan alone has the static ones nowhere but among the expressions


def test_an_object_of_a_module(raws: Mapping[str, Raw]) -> None:
    """Which of the resources that an output is made of is where in it is for the files to say."""
    groups = at(raws["aws_lambda_function.module"].properties, "vpc_config.0.security_group_ids")
    assert type(groups) is Unknown or groups.target == "module.m.aws_security_group.m"
    network = raws["aws_security_group.module"].properties["vpc_id"]
    assert type(network) is Reference
    assert (network.target, network.attribute) == ("module.m.aws_vpc.m", "id")


SEEN_BY_THE_PROVIDER = {"aws_security_group.set"}
"""That a certificate for one domain has one validation option is in a plan only."""


def test_nothing_passes_that_is_not_known_of_the_files(tmp_path: Path) -> None:
    def verdicts(form: str) -> dict[tuple[str, str], str]:
        found = evaluate(Inventory(read(form, tmp_path)), CHECKS, Config())
        return {(one.check.id, one.resource.raw.id): one.status.value for one in found}

    written, planned = verdicts("hcl"), verdicts("plan")
    assert sum(status == "unknown" for status in written.values()) > 20
    differs = {key for key, status in planned.items() if status != "unknown" and written.get(key, status) != status}
    assert {address for _, address in differs} == SEEN_BY_THE_PROVIDER


def test_a_plan_without_its_configuration(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Some take it out, as it is long: then nobody knows what an author wrote, and what is unknown stays so."""
    monkeypatch.chdir(tmp_path)
    data = json.loads((FOLDER / "plan.json").read_text())
    del data["configuration"]
    Path("plan.json").write_text(json.dumps(data))
    raws = by_address(collect_plans(["plan.json"]))
    for address, path in UNKNOWN:
        assert type(at(raws[address].properties, path)) is Unknown, (address, path)
