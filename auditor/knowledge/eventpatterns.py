"""EventBridge event patterns: which events a rule is told of.

https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final, Self

from auditor.globs import fits
from auditor.members import some
from auditor.raw import Path, Raw
from auditor.resources.fields import decoded, wrong
from auditor.values import ABSENT, Reference, Undecided, Unknown, known, settle

if TYPE_CHECKING:
    from auditor.resources.base import Resource

Event = Mapping[str, Any]
"""An event as far as it matters: maps, and in them a text, or the resource whose name or ARN stands there.

What it leaves out may be anything, so that a pattern that asks for it may match.
"""


class EventPattern:
    """An event pattern: a map in a template, else a text of JSON."""

    def __init__(self, fields: Mapping[str, Any]) -> None:
        """`fields` as they stand in the source."""
        self._fields = fields

    @classmethod
    def from_raw(cls, value: Any, raw: Raw, path: Path) -> Self:
        """Read the pattern; see `Convertible`."""
        value = decoded(value, path)
        if not isinstance(value, Mapping):
            raise wrong(path, "a map", value)
        return cls(value)

    def matches(self, event: Event) -> bool:
        """Whether a rule with this pattern is told of such an event.

        Raises:
            Undecided: it depends on a part of the pattern, or a name, that is not known.
        """
        return _match(self._fields, event)

    def only_about(self, subject: str) -> tuple[str, ...] | None:
        """The texts that a member of the detail must be one of; None where that is not said so plainly.

        A quick look, to leave out patterns that are about other resources; `matches` decides.
        """
        detail = settle(self._fields.get("detail"))
        wanted = settle(detail.get(subject)) if isinstance(detail, Mapping) else None
        if not isinstance(wanted, list):
            return None
        texts = tuple(one for one in map(settle, wanted) if isinstance(one, str) and not isinstance(one, Reference))
        return texts if len(texts) == len(wanted) else None


def _match(pattern: Mapping[str, Any], event: Event) -> bool:
    return not some(pattern.items(), lambda item: not _matches_field(item[0], item[1], event))


def _matches_field(key: str, wanted: Any, event: Event) -> bool:
    if settle(wanted) is ABSENT or (key != "$or" and key not in event):
        return True
    wanted = known(wanted)
    alternatives = wanted if isinstance(wanted, list) else [wanted]
    if key == "$or":
        return some(alternatives, lambda one: _matches_map(known(one), event))
    value = event[key]
    if isinstance(value, Mapping):
        return _matches_map(wanted, value)
    return some(alternatives, lambda one: _allows(known(one), value))


def _matches_map(pattern: Any, event: Event) -> bool:
    return isinstance(pattern, Mapping) and _match(pattern, event)


def _allows(one: Any, value: str | Resource) -> bool:
    """Whether one of the alternatives for a field allows its value."""
    if not isinstance(one, Mapping):
        return isinstance(one, str) and _is(one, value)
    for operator, argument in one.items():
        argument = known(argument)
        if operator == "exists":
            return bool(argument)
        if operator == "anything-but":
            return not _is_any(argument, value)
        if operator in _TESTS:
            return _passes(operator, argument, value)
    return False  # `numeric` and `cidr` are not for texts like these


def _is_any(excluded: Any, value: str | Resource) -> bool:
    if isinstance(excluded, Mapping):
        return some(excluded.items(), lambda item: item[0] in _TESTS and _passes(item[0], known(item[1]), value))
    return some(excluded if isinstance(excluded, list) else [excluded], lambda one: _allows(known(one), value))


def _is(text: str, value: str | Resource) -> bool:
    return text == value if isinstance(value, str) else value.answers_to(text)


def _passes(operator: str, argument: Any, value: str | Resource) -> bool:
    if isinstance(argument, Mapping):  # {"prefix": {"equals-ignore-case": "glue"}}
        return some(argument.values(), lambda one: _passes(operator, _lower(known(one)), _lowered(value)))
    if isinstance(argument, list):
        return some(argument, lambda one: _passes(operator, known(one), value))
    if isinstance(argument, Reference):
        raise Undecided(f"the name that {argument} gets is known only after deployment")
    return any(_TESTS[operator](text, str(argument)) for text in _texts(value))


def _texts(value: str | Resource | tuple[str, ...]) -> tuple[str, ...]:
    """The names that a value may stand for."""
    if isinstance(value, str):
        return (value,)
    if isinstance(value, tuple):
        return value
    names = (value.raw.id, *value.raw.names) if value.scope.closed else tuple(value.raw.names)
    if not names or any(isinstance(name, Unknown | Reference) for name in names):
        raise Undecided(f"the name of {value.title} is known only after deployment")
    return tuple(map(str, names))


def _lowered(value: Any) -> Any:
    return tuple(text.lower() for text in _texts(value))


def _lower(value: Any) -> Any:
    return value.lower() if isinstance(value, str) else value


_TESTS: Final[Mapping[str, Callable[[str, str], bool]]] = {
    "prefix": str.startswith,
    "suffix": str.endswith,
    "equals-ignore-case": lambda text, other: text.lower() == other.lower(),
    "wildcard": fits,
}
