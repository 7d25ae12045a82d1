"""What all modules of one configuration share: limits, open conditions, what was said, what is being evaluated."""

from __future__ import annotations

import sys
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, Final

from auditor.raw import Location, Notice, Scope
from auditor.sources.terraform.values import BadArgument
from auditor.values import Atom, Choice, Reference, Unknown

MAX_NOTICES: Final = 50
"""Notices about one configuration; what else there is to say is only counted."""

MAX_WORK: Final = 20_000_000
"""Characters and members that one configuration's expressions may produce: a small file can ask for terabytes."""

MAX_STEPS: Final = 1_500_000
"""Expressions that are evaluated for one configuration, those in loops each time."""

MAX_INSTANCES: Final = 50_000
"""Instances of all resources, data sources and modules of one configuration."""

MAX_DEPTH: Final = 400
"""Expressions within expressions, through all the values that they refer to."""

_MAX_FRAMES: Final = 20_000
"""Python's limit of nested calls while expressions are evaluated, whose own limit is lower and says where."""


@contextmanager
def deep_calls() -> Iterator[None]:
    """Within the block, expressions may be nested as deep as `MAX_DEPTH` says."""
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(max(before, _MAX_FRAMES))
    try:
        yield
    finally:
        sys.setrecursionlimit(before)


class World:
    """The state of evaluating one configuration.

    Attributes:
        scope: the configuration's.
        folder: the root module's folder.
        notices: what was not understood.
        keeping: whether values that Terraform would refuse are wanted, because `try` or `can` ask.
        shared: see `Module.shared`.
        literals: by a resource's address, a function that gives the value of one of its arguments.
    """

    def __init__(self, scope: Scope, folder: str) -> None:
        self.scope = scope
        self.folder = folder
        self.notices: list[Notice] = []
        self.keeping = False
        self._scopes = {scope.region: scope}
        self.shared: dict[tuple[str, ...], str] = {}
        self.literals: dict[str, Callable[[str], Any]] = {}
        self.folders: set[str] = {folder}
        self._said: set[tuple[str, Location]] = set()
        self._unsaid = 0
        self._work_left = MAX_WORK
        self._steps_left = MAX_STEPS
        self._instances_left = MAX_INSTANCES
        self._depth = 0
        self._values: dict[Hashable, Any] = {}
        self._asking: dict[Hashable, str] = {}
        self._atoms: dict[tuple[str, str], Atom] = {}
        self._siblings: dict[str, list[Atom]] = {}
        self._subjects: dict[Unknown, str] = {}

    # --- values -----------------------------------------------------------------------------------------------------

    def once(self, key: Hashable, label: str, where: Location, compute: Callable[[], Any]) -> Any:
        """A value that is computed when first asked for; unknown, with a notice, where it depends on itself."""
        if key in self._values:
            return self._values[key]
        if key in self._asking:
            labels = list(self._asking.values())
            cycle = " → ".join([*labels[list(self._asking).index(key) :], label])
            self.warn(f"these depend on each other: {cycle}", where, level="error")
            return Unknown(f"{label} depends on itself")
        self._asking[key] = label
        keeping, self.keeping = self.keeping, False
        try:
            value = self._values[key] = compute()
        finally:
            self.keeping = keeping
            del self._asking[key]
        return value

    def literal(self, value: Any) -> Any:
        """What a reference to a name stands for, where the name is written; any other value is itself."""
        if type(value) is not Reference or value.attribute is None:
            return value
        read = self.literals.get(value.target)
        found = read(value.attribute) if read else value
        return found if type(found) is str else value

    def scope_in(self, region: Any) -> Scope:
        """The scope of what is in a region; the configuration's own where that is not known."""
        if not isinstance(region, str) or isinstance(region, Reference):
            return self.scope
        return self._scopes.setdefault(region, replace(self.scope, region=region))

    # --- open conditions --------------------------------------------------------------------------------------------

    def unknown(self, subject: str, reason: str) -> Unknown:
        """An unknown value that conditions may be about, under a name."""
        value = Unknown(reason)
        self._subjects[value] = subject
        return value

    def subject(self, value: Any, written: str) -> str:
        """What conditions on a value are about: its own name, or how it is written."""
        return self._subjects.get(value, written) if type(value) is Unknown else written

    def open(self, subject: str, value: str = "true") -> Choice:
        """True or false, depending on whether what `subject` names turns out to be `value`."""
        atom = self._atoms.get((subject, value))
        if atom is None:
            atom = Atom(subject, value, self._siblings.setdefault(subject, []))
            self._atoms[subject, value] = atom
        return Choice(atom, True, False)

    # --- limits -----------------------------------------------------------------------------------------------------

    def charge(self, amount: int) -> None:
        """Count characters or members that are about to be produced.

        Raises:
            BadArgument: they are too many.
        """
        if amount > self._work_left:
            raise BadArgument(f"this configuration's expressions produce more than {MAX_WORK:,} characters or members")
        self._work_left -= amount

    def count(self, instances: int) -> bool:
        """Count instances that were made; whether there is room for them."""
        self._instances_left -= instances
        return self._instances_left >= 0

    @contextmanager
    def deeper(self) -> Iterator[None]:
        """Within one more expression.

        Raises:
            BadArgument: they are nested too deep.
        """
        self._steps_left -= 1
        if self._steps_left < 0:
            raise BadArgument(f"this configuration takes more than {MAX_STEPS:,} steps to evaluate")
        self._depth += 1
        try:
            if self._depth > MAX_DEPTH:
                raise BadArgument(f"it refers through more than {MAX_DEPTH} expressions")
            yield
        finally:
            self._depth -= 1

    # --- saying what was not understood -----------------------------------------------------------------------------

    def warn(self, message: str, where: Location, *, level: Any = "warning") -> None:
        """Note something; each message once for each place."""
        key = (message, where)
        if key in self._said:
            return
        self._said.add(key)
        if len(self.notices) >= MAX_NOTICES:
            self._unsaid += 1
        else:
            self.notices.append(Notice(level, message, where))

    def all_notices(self) -> list[Notice]:
        """The notices, with a last one for those that were only counted."""
        if not self._unsaid:
            return self.notices
        return [
            *self.notices,
            Notice("warning", f"{self._unsaid} more things were not understood", Location(self.folder)),
        ]
