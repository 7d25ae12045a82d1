"""Checks: the decorator that declares one, and how they are found."""

from __future__ import annotations

import importlib
import importlib.util
import inspect
import pkgutil
import sys
import types
import typing
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

from auditor.errors import UsageError
from auditor.findings import Finding, Severity
from auditor.resources.base import TYPES, Resource

Findings = Iterator[Finding]
"""What a check yields; nothing means that the resource passed."""

Input = Literal["live", "cloudformation", "terraform"]
INPUTS: tuple[Input, ...] = ("live", "cloudformation", "terraform")
"""The inputs that have a source today."""

PILLARS = ("data-protection", "identity", "network", "monitoring", "resilience", "governance", "cost")


@dataclass(frozen=True)
class Check:
    """A registered check.

    Attributes:
        id: stable; a renamed check keeps its old id in `aliases`.
        title: the good state, as one sentence.
        severity: how much harm a failure can do.
        pillar: one of `PILLARS`; the name of the folder that the check is in.
        types: the resource classes it judges.
        uses: the resource classes it looks up in the inventory besides.
        inputs: the inputs it can judge.
        bad, good: examples that fail and pass, each a YAML mapping of resource type to properties (or of logical ids
            to whole resources under `Resources`); empty where only a live account can show them.
        function: the check itself.
        fixable: wherever a finding has `expected`, writing that there certainly mends it; `auditor fix` does so.
        side_effect: what the repair does besides, to be read after "it": "keeps old versions".
    """

    id: str
    title: str
    severity: Severity
    pillar: str
    types: tuple[type[Resource], ...]
    uses: tuple[type[Resource], ...]
    inputs: tuple[Input, ...]
    bad: tuple[str, ...]
    good: tuple[str, ...]
    aliases: tuple[str, ...]
    function: Callable[..., Findings]
    takes: tuple[str, ...]
    fixable: bool = False
    side_effect: str = ""

    @property
    def judges(self) -> tuple[str, ...]:
        """The CloudFormation types that it judges, those of subclasses too."""
        return tuple(sorted({cls.cfn for cls in TYPES.values() if cls.cfn and issubclass(cls, self.types)}))

    @cached_property
    def why(self) -> str:
        """The docstring up to `Fix:`."""
        return _paragraphs(self.function)[0]

    @cached_property
    def fix(self) -> str:
        """The docstring's text after `Fix:`."""
        return _paragraphs(self.function)[1]


CHECKS: dict[str, Check] = {}
"""Every registered check by id."""


def check(
    check_id: str,
    *,
    title: str,
    severity: Severity,
    bad: str | Iterable[str] = (),
    good: str | Iterable[str] = (),
    fixable: bool | str = False,
    uses: Iterable[type[Resource]] = (),
    inputs: Iterable[Input] = INPUTS,
    aliases: Iterable[str] = (),
) -> Callable[[Callable[..., Findings]], Callable[..., Findings]]:
    """Register a function as a check; see `Check` for the arguments.

    The annotation of its first parameter (a resource class, or several joined by `|`) selects what it judges. It may
    also take `inventory: Inventory` and `config: Config`. Its docstring says why it matters and, after `Fix:`, what
    to do. A text for `fixable` is its side effect.

    Raises:
        TypeError: the declaration is wrong (an id used twice, a missing docstring, a folder that is no pillar).
    """

    def register(function: Callable[..., Findings]) -> Callable[..., Findings]:
        first, *others = inspect.signature(function).parameters.values()
        pillar = function.__module__.split(".")[1].replace("_", "-") if "." in function.__module__ else "governance"
        problem = _problem(check_id, function, pillar, [parameter.name for parameter in others])
        if problem:
            raise TypeError(f"check {check_id}: {problem}")
        CHECKS[check_id] = Check(
            id=check_id,
            title=title,
            severity=severity,
            pillar=pillar,
            types=_classes(first.annotation),
            uses=tuple(uses),
            inputs=tuple(inputs),
            bad=(bad,) if isinstance(bad, str) else tuple(bad),
            good=(good,) if isinstance(good, str) else tuple(good),
            aliases=tuple(aliases),
            function=function,
            takes=tuple(parameter.name for parameter in others),
            fixable=bool(fixable),
            side_effect=fixable if isinstance(fixable, str) else "",
        )
        return function

    return register


def _problem(check_id: str, function: Callable[..., Findings], pillar: str, takes: list[str]) -> str:
    if check_id in CHECKS and CHECKS[check_id].function.__module__ != function.__module__:
        return f"the id is taken by {CHECKS[check_id].function.__module__}"
    if pillar not in PILLARS:
        return f"its folder {pillar!r} is no pillar; the pillars are {', '.join(PILLARS)}"
    if "Fix:" not in (function.__doc__ or ""):
        return "its docstring must say why it matters and, after 'Fix:', what to do"
    unknown = set(takes) - {"inventory", "config"}
    return f"it can take `inventory` and `config`, not {', '.join(sorted(unknown))}" if unknown else ""


def _classes(annotation: Any) -> tuple[type[Resource], ...]:
    if typing.get_origin(annotation) in (types.UnionType, typing.Union):
        return tuple(member for part in typing.get_args(annotation) for member in _classes(part))
    if isinstance(annotation, type) and issubclass(annotation, Resource):
        return (annotation,)
    raise TypeError(
        f"the first parameter must be annotated with resource classes, not {annotation!r} "
        "(modules of checks must not use `from __future__ import annotations`)"
    )


def _paragraphs(function: Callable[..., Findings]) -> tuple[str, str]:
    why, _, fix = inspect.cleandoc(function.__doc__ or "").partition("Fix:")
    return why.strip(), fix.strip()


def load_checks(folders: Iterable[str] = ()) -> dict[str, Check]:
    """Import every check: the built-in ones, those of installed packages (entry points `auditor.checks`), and folders.

    Args:
        folders: `--checks-dir`; each holds pillar folders with modules, as `checks/` does.

    Raises:
        UsageError: a folder does not exist, or a check in it cannot be imported.
    """
    package = importlib.import_module("checks")
    for module in pkgutil.walk_packages(package.__path__, "checks."):
        importlib.import_module(module.name)
    from importlib.metadata import entry_points

    for entry in entry_points(group="auditor.checks"):
        entry.load()
    for folder in folders:
        _load_folder(Path(folder))
    return CHECKS


def _load_folder(folder: Path) -> None:
    if not folder.is_dir():
        raise UsageError(f"--checks-dir {folder}: there is no such folder")
    for file in sorted(folder.rglob("*.py")):
        if file.name == "__init__.py":
            continue
        parts = file.relative_to(folder).with_suffix("").parts
        name = ".".join((f"auditor_checks_{folder.resolve().name}", *parts))
        spec = importlib.util.spec_from_file_location(name, file)
        if spec is None or spec.loader is None:
            raise UsageError(f"{file}: cannot be imported")
        module = importlib.util.module_from_spec(spec)
        sys.modules[name] = module
        try:
            spec.loader.exec_module(module)
        except Exception as error:  # whatever a stranger's module does wrong is theirs to read
            raise UsageError(f"{file}: {type(error).__name__}: {error}") from error
