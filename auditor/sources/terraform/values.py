"""What an expression's value can be besides plain data and the members of `auditor.values`, and how to work with it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from enum import Enum
from typing import Any, Final, Protocol, runtime_checkable

from auditor.sources.choices import BadArgument as BadArgument
from auditor.sources.choices import concat, spread
from auditor.sources.terraform.syntax import Expression
from auditor.sources.truths import Truth, combined, negated
from auditor.values import Choice, Every, Reference, Unknown

_MAX_PARTS: Final = 200_000
"""Values within a value: one that holds another several times, and that one too, is soon too large to walk."""


class Failure(Exception):
    """An expression has no value: Terraform would refuse it.

    Attributes:
        message: why, for a person to read.
        node: which.
    """

    def __init__(self, message: str, node: Expression) -> None:
        super().__init__(message)
        self.message = message
        self.node = node


class Failed(Enum):
    """The type of `FAILED`: what a branch of a choice gives that would be refused; only `try` and `can` see it."""

    FAILED = "failed"


FAILED: Final = Failed.FAILED


@runtime_checkable
class Thing(Protocol):
    """A resource, a module's instance, or a first name such as `var`: something that has members."""

    def member(self, name: str) -> Any:
        """The value of `thing.name`.

        Raises:
            BadArgument: it has none.
        """
        ...

    def settled(self) -> Any:
        """What it is as the value of an argument."""
        ...


class Set(list[Any]):
    """A set: members in order, each once; each is its own key."""


class OpenList(list[Any]):
    """A list that may hold more than what is known: in place of the rest stands a member that is unknown."""

    def rest(self) -> Unknown:
        """Why not all is known."""
        return next((member for member in self if type(member) is Unknown), Unknown("its members are not all known"))


class OpenMap(dict[str, Any]):
    """A map that may hold more keys, each with a value that is unknown because of `reason`."""

    def __init__(self, known: Mapping[str, Any], reason: str) -> None:
        super().__init__(known)
        self.reason = reason


class Encoded:
    """The JSON text of a value that may be known in part; where a policy or the like is wanted, the value is."""

    __slots__ = ("_write", "value")

    def __init__(self, value: Any, write: Callable[[Any], str] | None = None) -> None:
        """`write` gives the text of the value, where that is not JSON."""
        self.value = value
        self._write = write or encoded

    def text(self) -> str:
        """The text, of a value without open parts."""
        return self._write(self.value)


def each(function: Callable[..., Any], *values: Any, keep: bool = False) -> Any:
    """A function of values that may be choices.

    A branch that Terraform would refuse can't be what is deployed, so the other one holds; where `keep`, it stays.

    Raises:
        BadArgument, Failure: every branch is refused.
    """
    if not any(type(value) is Choice for value in values):
        return function(*values)
    failures: list[BadArgument | Failure] = []

    def attempt(*settled: Any) -> Any:
        if any(value is FAILED for value in settled):
            return FAILED
        try:
            return function(*settled)
        except (BadArgument, Failure) as error:
            failures.append(error)
            return FAILED

    result = spread(attempt, *values)
    if keep:
        return result
    result = _pruned(result)
    if result is FAILED and failures:
        raise failures[0]
    return result


def _pruned(value: Any) -> Any:
    if type(value) is not Choice:
        return value
    then, otherwise = _pruned(value.then), _pruned(value.otherwise)
    if then is FAILED:
        return otherwise
    return then if otherwise is FAILED else Choice(value.condition, then, otherwise)


def cases(value: Any) -> list[tuple[Truth, Any]]:
    """What a value may be, each with the condition under which it is; one case, always true, where it's no choice."""
    if type(value) is not Choice:
        return [(True, value)]
    return [
        (combined(Every, [condition, inner]), leaf)
        for condition, branch in ((value.condition, value.then), (negated(value.condition), value.otherwise))
        for inner, leaf in cases(branch)
    ]


def open_part(value: Any) -> Unknown | None:
    """The first thing in a value that isn't known now; None where all of it is plain data."""
    todo = [value]
    for _ in range(_MAX_PARTS):
        if not todo:
            return None
        one = todo.pop()
        kind = type(one)
        if kind is str or kind is bool or kind is int or one is None or kind is float:
            continue
        if kind is Unknown:
            return one  # type: ignore[no-any-return]
        if kind is Choice:
            return Unknown(f"it depends on the condition {one.condition}")
        if isinstance(one, OpenMap):
            return Unknown(one.reason)
        if isinstance(one, dict):
            todo.extend(one.values())
        elif isinstance(one, list):
            todo.extend(one)
        elif kind is Encoded:
            todo.append(one.value)
        else:  # a resource, or what AWS says of one
            return Unknown(f"{shown(one)} is known only at deployment")
    return Unknown(f"it holds more than {_MAX_PARTS:,} values")


def shown(value: Any) -> str:
    """A reference, for a person to read; of anything else, what it is."""
    settled = value.settled() if isinstance(value, Thing) else value
    return settled[2:-1] if type(settled) is Reference else kind_of(settled)


def kind_of(value: Any) -> str:
    """What a value is, for a person to read; never the value, which may be a secret."""
    kinds = (
        (bool, "true or false"),
        (int | float, "a number"),
        (str | Encoded, "a text"),
        (Set, "a set"),
        (list, "a list"),
        (dict, "a map"),
        (Thing, "a resource or module"),
    )
    if value is None:
        return "null"
    return next((name for kind, name in kinds if isinstance(value, kind)), "unknown")


def number_text(value: float) -> str:
    """A number as Terraform writes it."""
    return str(value) if isinstance(value, int) else format(value, ".15g")


def encoded(value: Any) -> str:
    """The JSON text of plain data, as Terraform writes it."""
    text = json.dumps(plain(value), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def plain(value: Any) -> Any:
    """A value without open parts as lists, dicts and scalars."""
    if isinstance(value, dict):
        return {key: plain(member) for key, member in value.items()}
    if isinstance(value, list):
        return [plain(member) for member in value]
    if type(value) is Encoded:
        return value.text()
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value


def whole(value: Any) -> Any:
    """A value; a number without a fraction as an int."""
    return int(value) if type(value) is float and value.is_integer() else value


def rounded(value: Any) -> Any:
    """A sum or product without what binary fractions add to it, which Terraform's decimal ones do not."""
    return whole(float(format(value, ".15g"))) if type(value) is float else value


def number(value: Any) -> int | float:
    """A plain value as a number; also a text that is one.

    Raises:
        BadArgument: it is none.
    """
    if isinstance(value, str):
        try:
            found: int | float = int(value) if value.removeprefix("-").isdecimal() else whole(float(value))
            return found
        except (ValueError, OverflowError):
            pass
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise BadArgument(f"a number is needed, not {kind_of(value)}")
    return value


def whole_number(value: Any) -> int:
    """A plain value as a whole number; also a text that is one.

    Raises:
        BadArgument: it is none.
    """
    found = number(value)
    if isinstance(found, float) and not found.is_integer():
        raise BadArgument("a whole number is needed, not one with a fraction")
    return int(found)


def piece(value: Any) -> Any:
    """A settled value as a piece of a text: a text, or unknown.

    Raises:
        BadArgument: it can't be part of a text.
    """
    if isinstance(value, str) or type(value) is Unknown:
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return number_text(value)
    if type(value) is Encoded:
        return open_part(value) or value.text()
    if isinstance(value, Thing):
        return piece(value.settled())
    raise BadArgument(f"a text can't hold {kind_of(value)}")


def joined(*values: Any) -> Any:
    """One text of several settled values, unknown where one of them is, its known pieces kept."""
    return concat(piece(value) for value in values)


def members(value: Any) -> Iterator[tuple[Any, Any]]:
    """The keys and values of a collection, as a loop goes through them: those of a map in the order of its keys.

    Raises:
        BadArgument: it is none.
    """
    if isinstance(value, Set):
        yield from ((member, member) for member in value)
    elif isinstance(value, list):
        yield from enumerate(value)
    elif isinstance(value, dict):
        yield from sorted(value.items())
    else:
        raise BadArgument(f"a list, set or map is needed, not {kind_of(value)}")


def same(left: Any, right: Any) -> bool:
    """Whether two plain values are equal, as Terraform compares them: those of different types never are."""
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(map(same, left, right))
    if isinstance(left, dict) and isinstance(right, dict):
        return left.keys() == right.keys() and all(same(left[key], right[key]) for key in left)
    if isinstance(left, bool) is not isinstance(right, bool):
        return False
    return bool(left == right)
