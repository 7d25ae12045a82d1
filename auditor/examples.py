"""The examples of a check in Terraform's language; those in CloudFormation's are in its declaration."""

from __future__ import annotations

import inspect
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from auditor.registry import Check

_HEADING: Final = re.compile(r"^# (bad|good)$", re.MULTILINE)


@dataclass(frozen=True)
class Examples:
    """Configurations that a check fails, and those that it passes; each stands for itself."""

    bad: tuple[str, ...] = ()
    good: tuple[str, ...] = ()


def example_file(check: Check) -> Path:
    """Where a check has its examples: `examples/ID.hcl` beside its module."""
    return Path(inspect.getfile(check.function)).with_name("examples") / f"{check.id}.hcl"


def terraform_examples(check: Check) -> Examples:
    """The examples of a check, which begin with a line `# bad` or `# good` each; none where it has no such file."""
    file = example_file(check)
    if not file.is_file():
        return Examples()
    _, *parts = _HEADING.split(file.read_text(encoding="utf-8"))
    texts: dict[str, list[str]] = {"bad": [], "good": []}
    for heading, text in zip(parts[::2], parts[1::2], strict=True):
        texts[heading].append(text.strip() + "\n")
    return Examples(tuple(texts["bad"]), tuple(texts["good"]))
