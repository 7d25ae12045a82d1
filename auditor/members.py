"""What authors of checks need where some of several things may be undecided: the decided ones are looked at first."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, TypeVar

from auditor.raw import Path, Raw
from auditor.resources.base import Placed, Struct
from auditor.values import Partial, Undecided

T = TypeVar("T")
M = TypeVar("M")
R = TypeVar("R")


def some(members: Iterable[T], question: Callable[[T], bool]) -> bool:
    """Whether the answer is yes for one of the members.

    Raises:
        Undecided: it is yes for none of them, and open for one.
    """
    undecided: Undecided | None = None
    try:
        for member in members:
            try:
                if question(member):
                    return True
            except Undecided as error:
                undecided = _clearer(undecided, error)
    except Undecided as error:  # the members that follow are not known
        undecided = _clearer(undecided, error)
    if undecided:
        raise undecided.again()
    return False


def every(*questions: Callable[[], bool]) -> bool:
    """Whether the answer to all is yes.

    Raises:
        Undecided: it is no for none of them, and open for one.
    """
    return not some(questions, lambda question: not question())


def either(*questions: Callable[[], bool]) -> bool:
    """Whether the answer to one is yes; they are asked in turn.

    Raises:
        Undecided: it is yes for none of them, and open for one.
    """
    return some(questions, lambda question: question())


def known_first(members: Iterable[T], read: Callable[[T], R | None]) -> tuple[R, ...]:
    """What `read` gives for each member, None left out.

    Where it is undecided for some, reading past the others raises `Undecided`, as with any `Partial`.
    """
    found: list[R] = []
    undecided: Undecided | None = None
    try:
        for member in members:
            try:
                value = read(member)
            except Undecided as error:
                undecided = _clearer(undecided, error)
            else:
                if value is not None:
                    found.append(value)
    except Undecided as error:
        undecided = _clearer(undecided, error)
    return Partial(tuple(found), undecided) if undecided else tuple(found)


def _clearer(first: Undecided | None, second: Undecided) -> Undecided:
    """Of two, the one that assuming a condition may settle."""
    return second.again() if first is None or (second.atom and not first.atom) else first


def those(members: Iterable[T], test: Callable[[T], bool]) -> tuple[T, ...]:
    """The members that pass a test, undecided as `known_first` is."""
    return known_first(members, lambda member: member if test(member) else None)


def sure(members: Iterable[T], test: Callable[[T], bool]) -> tuple[T, ...]:
    """The members that certainly pass a test; whatever is undecided is left out."""
    return tuple(tuple.__iter__(those(members, test)))


def in_turn(*sources: Iterable[T]) -> tuple[T, ...]:
    """Everything that the sources give, one source after the other, undecided as `known_first` is."""
    return flat(sources, lambda source: source)


def flat(members: Iterable[M], expand: Callable[[M], Iterable[T]]) -> tuple[T, ...]:
    """Everything that the members expand to, undecided as `known_first` is."""
    found: list[T] = []
    undecided: Undecided | None = None
    try:
        for member in members:
            try:
                for one in expand(member):
                    found.append(one)  # one by one: what comes before `Undecided` counts
            except Undecided as error:
                undecided = _clearer(undecided, error)
    except Undecided as error:
        undecided = _clearer(undecided, error)
    return Partial(tuple(found), undecided) if undecided else tuple(found)


def distinct(members: Iterable[T]) -> tuple[T, ...]:
    """The members, each once, undecided as `known_first` is."""
    found = in_turn(members)
    once = tuple(dict.fromkeys(tuple.__iter__(found)))
    return Partial(once, found.undecided) if isinstance(found, Partial) else once


def if_decided(question: Callable[[], R]) -> R | None:
    """The answer to a question, None where it is undecided: for what only adds to a finding, such as a figure."""
    try:
        return question()
    except Undecided:
        return None


def if_known(struct: Struct, field: str) -> Any:
    """A field's value, None where it is undecided: for what only adds to a finding, such as a size."""
    return if_decided(lambda: getattr(struct, field))


@dataclass(frozen=True, slots=True)
class _Field:
    struct: Struct
    name: str

    def spot(self) -> tuple[Raw, Path]:
        return self.struct.spot(self.name)


def place(struct: Struct, field: str) -> Placed:
    """A field of a nested block, for `Resource.fail(at=...)`."""
    return _Field(struct, field)
