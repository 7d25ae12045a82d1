"""The actions of AWS's services, with what they do and whether resources can be named for them.

`actions.txt` is derived from AWS's Service Authorization Reference, for the services that ML and data platforms use:
botocore knows operations, but neither the actions that differ from them nor on what they act. Services that are not in
it have no known actions, so questions about levels leave them out.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Literal, cast

from auditor.policy.patterns import Pattern

Level = Literal["list", "read", "tagging", "write", "permissions"]
"""What an action does, in the words of the Service Authorization Reference ("permissions management")."""


@dataclass(frozen=True, slots=True)
class Action:
    """One action.

    Attributes:
        name: with the service's prefix: `s3:GetObject`.
        level: what it does.
        on_resources: a statement can name the resources that it may act on.
    """

    name: str
    level: Level
    on_resources: bool

    @property
    def changes(self) -> bool:
        """Whether it changes something other than tags."""
        return self.level in ("write", "permissions")


def actions_of(service: str) -> tuple[Action, ...]:
    """The known actions of a service, given by its prefix in lower case."""
    return tuple(_parsed(service))


def expand(pattern: Pattern) -> tuple[Action, ...]:
    """The known actions that an action pattern covers; all of them for `*`.

    Raises:
        Undecided: which they are is not known.
    """
    if pattern.parts == (text := pattern.parts[0],) and text is not None:
        return _expanded(text)
    return _covered(pattern)


@lru_cache(maxsize=4096)
def _expanded(text: str) -> tuple[Action, ...]:
    if "*" not in text and "?" not in text:
        one = _by_name(text.lower().partition(":")[0]).get(text.lower())
        return (one,) if one else ()
    return _covered(Pattern((text,)))


def _covered(pattern: Pattern) -> tuple[Action, ...]:
    prefix = pattern.sketch().lower().partition(":")[0]
    named = [prefix] if prefix in _lines() else [service for service in _lines() if _may_be(prefix, service)]
    return tuple(action for service in named for action in _parsed(service) if pattern.matches(action.name))


def _may_be(prefix: str, service: str) -> bool:
    return Pattern((prefix,)).matches(service) if prefix.isascii() else True


@cache
def _lines() -> dict[str, tuple[str, ...]]:
    text = Path(__file__).with_name("actions.txt").read_text(encoding="utf-8")
    found: dict[str, tuple[str, ...]] = {}
    for line in text.splitlines():
        if not line.startswith("#"):
            service, _, rest = line.partition(" ")
            found[service] = (*found.get(service, ()), rest)
    return found


@cache
def _parsed(service: str) -> tuple[Action, ...]:
    return tuple(_read(service))


@cache
def _by_name(service: str) -> dict[str, Action]:
    return {action.name.lower(): action for action in _parsed(service)}


def _read(service: str) -> Iterator[Action]:
    for line in _lines().get(service, ()):
        level, which, *names = line.split(" ")
        for name in names:
            yield Action(f"{service}:{name}", cast("Level", level), which == "some")
