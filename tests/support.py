"""Helpers that many tests share: scan a template's text, or a simulated account, with chosen checks."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from textwrap import dedent
from typing import Any, NamedTuple

from auditor.config import Config
from auditor.engine import evaluate
from auditor.findings import Verdict
from auditor.inventory import Inventory
from auditor.raw import Collected
from auditor.registry import load_checks
from auditor.scan import accounts


class Ran(NamedTuple):
    code: int
    out: str
    err: str


Run = Callable[..., Ran]
"""The fixture `run`: calls the command with arguments."""


def put(folder: Path, name: str, content: str | bytes) -> str:
    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    return name


def judge(collected: Collected, check_id: str, config: Config | None = None) -> dict[str, Verdict]:
    """The verdicts of one check by the resource's id (logical id, or ARN)."""
    check = load_checks()[check_id]
    verdicts = evaluate(Inventory(collected), [check], config or Config())
    return {verdict.resource.raw.id: verdict for verdict in verdicts}


def statuses(collected: Collected, check_id: str, config: Config | None = None) -> dict[str, str]:
    """As `judge`, but only the statuses."""
    return {name: verdict.status.value for name, verdict in judge(collected, check_id, config).items()}


def template(folder: Path, text: str, name: str = "template.yaml", **settings: Any) -> Collected:
    """Collect a template given as text."""
    from auditor.sources.cloudformation import collect

    file = folder / name
    file.write_text(text, encoding="utf-8")
    collected = collect([str(file)], **settings)
    collected.raws.extend(accounts(collected.raws))
    return collected


def hcl(folder: Path, text: str, **settings: Any) -> Collected:
    """Collect a Terraform configuration given as text."""
    from auditor.sources.terraform import collect

    put(folder, "main.tf", text)
    collected = collect([str(folder)], **{"environment": {}, **settings})
    collected.raws.extend(accounts(collected.raws))
    return collected


def plan(folder: Path, data: Mapping[str, Any], **settings: Any) -> Collected:
    """Collect a Terraform plan given as data."""
    from auditor.sources.terraform import collect_plans

    put(folder, "plan.json", json.dumps(data))
    collected = collect_plans([str(folder / "plan.json")], **settings)
    collected.raws.extend(accounts(collected.raws))
    return collected


def by_title(verdicts: Mapping[str, Verdict] | Iterable[Verdict]) -> dict[str, str]:
    """Statuses by the resource's title."""
    every = verdicts.values() if isinstance(verdicts, Mapping) else verdicts
    return {verdict.resource.title: verdict.status.value for verdict in every}


_TYPE_LINE = re.compile(r"^((?:\w+::){2}\w+):(.*)$")


def as_template(example: str) -> str:
    """An example of a check as a whole template: a mapping of type to properties becomes resources of these types."""
    example = dedent(example).strip()
    if not _TYPE_LINE.match(example.partition("\n")[0]):
        return example
    lines = ["Resources:"]
    for line in example.splitlines():
        header = _TYPE_LINE.match(line)
        if header:
            name = "Example" + header[1].replace("::", "")
            lines += [f"  {name}:", f"    Type: {header[1]}", f"    Properties:{header[2]}"]
        else:
            lines.append(f"      {line}")
    return "\n".join(lines) + "\n"
