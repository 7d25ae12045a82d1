"""Compliance frameworks: which checks judge which control, one TOML file per framework.

A file lists every control that is known, also those that no check judges, so that a report can say what it does not
cover. Titles are our own words. `tools/build_frameworks.py` fills in the checks.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import Final

from auditor.errors import UsageError

FOLDER: Final = Path(__file__).resolve().parent


@dataclass(frozen=True, slots=True)
class Control:
    """One requirement of a framework.

    Attributes:
        id: as the framework numbers it.
        title: the good state, in our words.
        checks: ids of the checks that judge it, or a part of it; empty where there is none.
    """

    id: str
    title: str
    checks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Framework:
    """A framework in one version.

    Attributes:
        name: what `--framework` calls it.
        title, short: its full name, and one for a line of text.
        version: as its publisher numbers or dates it.
        default: a report on an account has it even where no framework was asked for.
        complete: `controls` are all that this version has.
        source: where the list of controls is from.
        note: what a reader of its results should know.
        controls: in the framework's order.
    """

    name: str
    title: str
    short: str
    version: str
    default: bool
    complete: bool
    source: str
    note: str
    controls: tuple[Control, ...]

    @property
    def covered(self) -> int:
        """The number of controls that some check judges."""
        return sum(bool(control.checks) for control in self.controls)


def names() -> list[str]:
    """The names of all frameworks, sorted."""
    return sorted(file.stem for file in FOLDER.glob("*.toml"))


@cache
def load(name: str) -> Framework:
    """The framework of that name.

    Raises:
        UsageError: there is none.
    """
    valid = names()
    if name not in valid:
        near = get_close_matches(name.lower(), valid, 1)
        hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(valid)}"
        raise UsageError(f"there is no framework {name}; {hint}")
    content = tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))
    controls = tuple(
        Control(control_id, one["title"], tuple(one["checks"])) for control_id, one in content.pop("controls").items()
    )
    return Framework(name=name, controls=controls, **content)


def checks_of(wanted: Iterable[str]) -> set[str]:
    """The ids of the checks that judge some control of these frameworks.

    Raises:
        UsageError: there is no framework of one of the names.
    """
    return {check for name in wanted for control in load(name).controls for check in control.checks}


def controls_by_check() -> dict[str, list[str]]:
    """For each check the controls that it judges, such as `FSBP S3.5`."""
    found: dict[str, list[str]] = {}
    for framework in map(load, names()):
        for control in framework.controls:
            for check in control.checks:
                found.setdefault(check, []).append(f"{framework.short} {control.id}")
    return found
