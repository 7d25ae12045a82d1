"""Measures Terraform's budgets: `python -m benchmarks.terraform [--megabytes N] [--resources N]`.

CPU seconds and peak memory of a scan with every check: of a folder of 50 `.tf` files, and of a plan of 100 MB that
creates what the pairs of tests/terraform declare, over and over, each time as a module.
"""

from __future__ import annotations

import argparse
import json
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from auditor.sources.terraform.files import read
from benchmarks.run import ROOT, auditor, measure, show

PAIRS = sorted((ROOT / "tests" / "terraform" / "pairs").glob("*.tf"))
FILES = 50
NAMING = re.compile(r"^(?!.*(type|address|provider)).*(name|identifier|bucket|family|role)$")


def blocks() -> Iterator[tuple[str, str]]:
    """The name and text of each resource of the pairs, of which each pair may have one of that name."""
    for path in PAIRS:
        text = path.read_text(encoding="utf-8")
        starts = [block.start for block in read(str(path)).data.blocks]
        for start, end in zip(starts, [*starts[1:], None], strict=True):
            yield path.stem, text[start:end]


def write_folder(folder: Path) -> int:
    """Spread all that the pairs declare over files; returns how many blocks."""
    every = sorted(blocks())
    for number in range(FILES):
        (folder / f"part_{number:02}.tf").write_text("\n".join(text for _, text in every[number::FILES]), "utf-8")
    return len(every)


def copies_of_plans(size: int) -> dict[str, Any]:
    """The plans of the pairs, over and over with names of their own, about `size` bytes in all."""
    texts = {path.stem: path.with_suffix(".plan.json").read_text(encoding="utf-8") for path in PAIRS}
    names = {stem: sorted(names_in(json.loads(text)["resource_changes"])) for stem, text in texts.items()}
    return {
        f"{stem}_{number}": json.loads(
            re.sub(rf'"({"|".join(map(re.escape, names[stem]))})"(?!:)', rf'"\1-{number}"', text)
        )
        for number in range(size // sum(map(len, texts.values())))
        for stem, text in texts.items()
    }


def names_in(changes: Any) -> set[str]:
    """What the author called resources: the texts of arguments that name something."""
    if isinstance(changes, list):
        return {name for member in changes for name in names_in(member)}
    if not isinstance(changes, dict):
        return set()
    named = {value for key, value in changes.items() if NAMING.search(key) and isinstance(value, str)}
    return {name for value in changes.values() for name in names_in(value)} | {name for name in named if len(name) > 2}


def large_plan(modules: dict[str, Any]) -> dict[str, Any]:
    """One plan of these, each as a module."""
    first = next(iter(modules.values()))
    return {
        "format_version": first["format_version"],
        "terraform_version": first["terraform_version"],
        "planned_values": {
            "root_module": {
                "child_modules": [
                    {
                        "address": f"module.{name}",
                        "resources": [
                            {**one, "address": f"module.{name}.{one['address']}"}
                            for one in plan["planned_values"]["root_module"]["resources"]
                        ],
                    }
                    for name, plan in modules.items()
                ]
            }
        },
        "resource_changes": [
            {**one, "address": f"module.{name}.{one['address']}", "module_address": f"module.{name}"}
            for name, plan in modules.items()
            for one in plan["resource_changes"]
        ],
        "configuration": {
            "provider_config": first["configuration"]["provider_config"],
            "root_module": {
                "module_calls": {
                    name: {"source": f"./{name}", "module": plan["configuration"]["root_module"]}
                    for name, plan in modules.items()
                }
            },
        },
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--megabytes", type=float, default=100, help="size of the plan (100)")
    parser.add_argument("--runs", type=int, default=3, help="runs of the small scans, of which the least counts (3)")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "configuration"
        folder.mkdir()
        count = write_folder(folder)
        small = auditor("scan", "templates", str(folder))
        show(f"{FILES} .tf files, {count} blocks", measure(small, arguments.runs), "1.5 CPU s")
        file = Path(scratch) / "plan.json"
        plan = large_plan(copies_of_plans(int(arguments.megabytes * 1e6)))
        file.write_text(json.dumps(plan), encoding="utf-8")
        name = f"plan of {file.stat().st_size / 1e6:.0f} MB, {len(plan['resource_changes']):,} resources"
        del plan
        show(name, measure(auditor("scan", "templates", str(file)), 1), "20 s, 1.5 GB")


if __name__ == "__main__":
    main()
