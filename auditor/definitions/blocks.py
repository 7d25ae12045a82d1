"""Blocks of a document that a property holds, and what in them is decided only when the workflow runs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final

from auditor.members import known_first, some
from auditor.raw import Path, Raw
from auditor.values import ABSENT, Reference, Undecided, known, settle

if TYPE_CHECKING:
    from auditor.resources.base import Placed

UNKNOWN: Final = "\ue000"
"""Stands for a piece of text that is not known; it is for private use, so in no definition."""

REFERENCE: Final = re.compile(r"\$\{([^{}]+)\}")
"""A whole text that is to be substituted."""

_KEY: Final = r"(?:\[[^\]]*\])?"
_TARGET: Final = re.compile(rf"((?:module\.[\w-]+{_KEY}\.)*[^\W_]+_\w+\.[\w-]+{_KEY}|[^.]+)(?:\.(.+))?")
"""A resource, by its address in Terraform or else by its logical id, and an attribute of it."""


class Block:
    """A map in a document, and where it stands in its source.

    Attributes:
        values: its members, raw.
        exact: whether each of them has a place of its own in the source; in a text of JSON none has.
    """

    __slots__ = ("_path", "_raw", "exact", "values")

    def __init__(self, values: Mapping[str, Any], raw: Raw, path: Path = (), *, exact: bool = True) -> None:
        """View `values`, which stand at `path` of `raw`."""
        self.values = values
        self.exact = exact
        self._raw = raw
        self._path = path

    def spot(self) -> tuple[Raw, Path]:
        """Where it stands, or the text that holds it."""
        return self._raw, self._path

    def at(self, *keys: str | int) -> Placed:
        """Where it says, or should say, what is below these keys."""
        return Block({}, self._raw, self._below(*keys), exact=self.exact)

    def get(self, key: str, default: Any = None) -> Any:
        """A member, `default` where it is absent.

        Raises:
            Undecided: it is not known, or only decided when the workflow runs.
        """
        return setting(self.values, key, default)

    def text(self, key: str, default: str = "") -> str:
        """A member that is a text; raises `Undecided` as `get` does, and where it is none."""
        return _text(self.get(key, default), self._name(key))

    def required(self, key: str) -> str:
        """A text that must be there; raises `Undecided` as `text` does, and where it is missing."""
        value = self.text(key)
        if not value:
            raise Undecided(f"{self._name(key)} is missing")
        return value

    def reference(self, key: str) -> str:
        """A text that means a resource, which the inventory can follow also where it is `${Function.Arn}` in a text."""
        return reference(self.text(key), self._raw)

    def number(self, key: str, default: float) -> float:
        """A member that is a number; raises `Undecided` as `get` does, and where it is none."""
        value = self.get(key, default)
        try:
            return float(value)
        except (TypeError, ValueError):
            raise Undecided(f"{self._name(key)} should be a number") from None

    def flag(self, key: str, default: bool = False) -> bool:
        """A member that is true or false; raises `Undecided` as `get` does, and where it is neither."""
        value = self.get(key, default)
        if isinstance(value, bool):
            return value
        if isinstance(value, str) and value.lower() in ("true", "false"):
            return value.lower() == "true"
        raise Undecided(f"{self._name(key)} should be true or false")

    def block(self, key: str) -> Block | None:
        """A member that is a map, None where it is absent; raises `Undecided` as `get` does, and where it is none."""
        value = self.get(key)
        return None if value is None else self._view(value, key)

    def blocks(self, key: str) -> tuple[Block, ...]:
        """The maps in a member that is a list; where some are not known, reading past the others is undecided."""
        return known_first(
            self._numbered(key), lambda one: None if settle(one[1]) is ABSENT else self._view(one[1], key, one[0])
        )

    def texts(self, key: str) -> tuple[str, ...]:
        """The texts in a member that is a list, undecided as `blocks` is."""
        return known_first(self._numbered(key), lambda one: _text(one[1], self._name(key)))

    def names(self) -> tuple[str, ...]:
        """The keys of the members that are there."""
        return tuple(str(key) for key, value in self.values.items() if settle(value) is not ABSENT)

    def member(self, key: str) -> Block:
        """The member of that key, which is a map whatever it holds."""
        return self._view(self.values[key], key)

    def _numbered(self, key: str) -> Iterator[tuple[int, Any]]:
        members = self.get(key, ())
        if not isinstance(members, list | tuple):
            raise Undecided(f"{self._name(key)} should be a list")
        return enumerate(members)

    def _view(self, value: Any, *keys: str | int) -> Block:
        value = known(value)
        if is_dynamic(value):
            raise Undecided(f"{self._name(*keys)} is decided when it runs")
        if not isinstance(value, Mapping):
            raise Undecided(f"{self._name(*keys)} should be a map")
        return Block(value, self._raw, self._below(*keys), exact=self.exact)

    def _below(self, *keys: str | int) -> Path:
        return (*self._path, *keys) if self.exact else self._path

    def _name(self, *keys: str | int) -> str:
        return ".".join(map(str, (*self._path, *keys)))


def reference(text: str, raw: Raw) -> str:
    """A text of a definition that is nothing but a reference, such as `${Function.Arn}`, as one to follow."""
    whole = REFERENCE.fullmatch(text)
    found = _TARGET.fullmatch(whole[1]) if whole and not isinstance(text, Reference) else None
    return Reference(found[1], found[2], raw.scope.name) if found else text


def setting(settings: Any, key: str, default: Any = None) -> Any:
    """A setting of a call, `default` where it is absent.

    Raises:
        Undecided: it is not known, or only decided when the workflow runs.
    """
    if not isinstance(settings, Mapping):
        raise Undecided("it is decided when it runs")
    value = known(settings.get(key, ABSENT))
    if value is ABSENT or value is None:
        if f"{key}.$" in settings:  # Step Functions: a JSONPath
            raise Undecided(f"{key} is decided when it runs")
        return default
    if is_dynamic(value):
        raise Undecided(f"{key} is decided when it runs")
    return value


def is_dynamic(value: Any) -> bool:
    """Whether a value is computed when the workflow runs, or holds a piece that is not known.

    A JSONata expression in a state machine; a `Get`, or a function such as `Std:Join`, in a pipeline.
    """
    if isinstance(value, Mapping):
        return "Get" in value or any(str(name).startswith("Std:") for name in value)
    return isinstance(value, str) and (UNKNOWN in value or value.lstrip().startswith("{%"))


def mentions(value: Any, words: tuple[str, ...]) -> bool:
    """Whether a text in a value, however deep, holds one of these words.

    Raises:
        Undecided: none that is known does, and there are others.
    """
    value = known(value)
    if isinstance(value, Mapping | list | tuple):
        members = value.values() if isinstance(value, Mapping) else value
        return some(members, lambda member: mentions(member, words))
    if not isinstance(value, str):
        return False
    if not any(word in value for word in words) and UNKNOWN in value:
        raise Undecided("a text of the definition is known in part")
    return any(word in value for word in words)


def _text(value: Any, what: str) -> str:
    value = known(value)
    if is_dynamic(value):
        raise Undecided(f"{what} is decided when it runs")
    if isinstance(value, str):
        return value
    raise Undecided(f"{what} should be text")
