"""What authors of checks need where some of several things may be undecided: the decided ones are looked at first."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, TypeVar

from auditor.raw import Path, Raw
from auditor.resources.base import Placed, Struct
from auditor.values import Undecided

T = TypeVar("T")


def those(members: Iterable[T], test: Callable[[T], bool]) -> Iterator[T]:
    """The members that pass a test, like `filter`.

    Raises:
        Undecided: the test, or whether there are more members, is undecided; only after all others were given.
    """
    undecided: Undecided | None = None
    each = iter(members)
    while True:
        try:
            member = next(each)
        except StopIteration:
            break
        except Undecided as error:
            undecided = undecided or error
            break
        try:
            passed = test(member)
        except Undecided as error:
            undecided = undecided or error
            continue
        if passed:
            yield member
    if undecided:
        raise undecided


def sure(members: Iterable[T], test: Callable[[T], bool]) -> list[T]:
    """The members that certainly pass a test; whatever is undecided is left out."""
    found = []
    try:
        for member in those(members, test):
            found.append(member)
    except Undecided:
        pass
    return found


def in_turn(*sources: Iterable[T]) -> Iterator[T]:
    """Everything that the sources give, one source after the other.

    Raises:
        Undecided: one of them was, after the others were heard.
    """
    undecided: Undecided | None = None
    for source in sources:
        try:
            yield from source
        except Undecided as error:
            undecided = undecided or error
    if undecided:
        raise undecided


def every(*tests: Callable[[], bool]) -> bool:
    """Whether all tests pass: one that certainly fails decides, whatever is undecided about the others.

    Raises:
        Undecided: none certainly fails, and one is undecided.
    """
    undecided: Undecided | None = None
    for test in tests:
        try:
            if not test():
                return False
        except Undecided as error:
            undecided = undecided or error
    if undecided:
        raise undecided
    return True


def if_known(struct: Struct, field: str) -> Any:
    """A field's value, None where it is undecided: for what only adds to a finding, such as a size."""
    try:
        return getattr(struct, field)
    except Undecided:
        return None


@dataclass(frozen=True, slots=True)
class _Field:
    struct: Struct
    name: str

    def spot(self) -> tuple[Raw, Path]:
        return self.struct.spot(self.name)


def place(struct: Struct, field: str) -> Placed:
    """A field of a nested block, for `Resource.fail(at=...)`."""
    return _Field(struct, field)
