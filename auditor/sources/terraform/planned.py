"""The values that a plan gives a resource, put together from its parallel trees.

`after` holds what is known, `after_unknown` has `true` where something is not, `after_sensitive` where it is secret.
What the provider will compute and what the author made of other resources' attributes are both unknown: only the
configuration's `expressions` say which of them the author wrote.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from auditor.sources.terraform.references import mapping, references_of
from auditor.values import ABSENT, Choice, Unknown

SECRET: Final = "(sensitive)"  # noqa: S105 - what stands for one
"""In place of a secret that stands in the configuration as it is: enough to see that one is there."""

_MAYBE: Final[Any] = object()
"""In place of what was written, where a dynamic block may have: its content is not among the expressions."""

_PLAIN: Final = frozenset({str, bool, int, float})
_LEAF: Final = frozenset({"constant_value", "references"})


class Planned:
    """Puts the values of one resource together."""

    def __init__(self, unknown: Callable[[str, Sequence[str]], Any]) -> None:
        """`unknown` gives the value of an argument that is not known, by its name and what it refers to."""
        self._unknown = unknown

    def block(
        self, change: Mapping[str, Any], expressions: Mapping[str, Any], declared: Mapping[str, Any] | None
    ) -> dict[str, Any]:
        """The properties of a resource.

        Args:
            change: its change, with `after`, `after_unknown` and `after_sensitive`.
            expressions: what the author wrote.
            declared: its properties as the `.tf` files declare it, where these are found: they say best what a value
                that the plan does not know is.
        """
        hidden = mapping(change.get("after_sensitive"))
        return self._block(change["after"], mapping(change.get("after_unknown")), hidden, expressions, declared)

    def _block(
        self, after: Mapping[str, Any], unknown: Any, hidden: Any, written: Any, declared: Any
    ) -> dict[str, Any]:
        result: dict[str, Any] = {}
        for name in {**after, **unknown} if isinstance(unknown, dict) else after:
            value = self._value(
                name,
                after.get(name),
                _step(unknown, name),
                _step(hidden, name),
                _expression(written, name),
                declared.get(name, ABSENT) if isinstance(declared, dict) else None,
            )
            if value is not ABSENT:
                result[name] = value
        return result

    def _value(self, name: str, after: Any, unknown: Any, hidden: Any, written: Any, declared: Any) -> Any:
        if unknown is True:
            return self._not_known(name, written) if declared is None else declared
        if after is None or (written is None and after in ("", [], {})):
            return ABSENT
        if hidden is True:
            is_constant = isinstance(written, dict) and "constant_value" in written
            return SECRET if is_constant else Unknown(f"{name} is sensitive, so it is not read")
        if isinstance(after, dict):
            return self._block(after, unknown, hidden, written, declared or None)
        if isinstance(after, list):
            if type(declared) is Choice and _is_open(unknown):
                return declared  # a dynamic block that is made or not
            return self._list(name, after, unknown, hidden, written, declared)
        return after

    def _list(self, name: str, after: list[Any], unknown: Any, hidden: Any, written: Any, declared: Any) -> list[Any]:
        within = _blocks(written, len(after)) if not _is_leaf(written) else written
        members = (
            self._value(
                name, member, _step(unknown, index), _step(hidden, index), within, _as_declared(declared, member)
            )
            for index, member in enumerate(after)
        )
        return [member for member in members if member is not ABSENT]

    def _not_known(self, name: str, written: Any) -> Any:
        if written is None:
            return ABSENT  # the provider computes it
        if written is _MAYBE:
            return Unknown(f"{name} is known only after apply, or not set")
        return self._unknown(name, _references(written))


def like_it(declared: Sequence[Any], planned: Any) -> list[int]:
    """Which members of a list, as the files declare it, may have become one that is planned; sets have no order."""
    return [index for index, member in enumerate(declared) if _may_be(member, planned)]


def _may_be(declared: Any, planned: Any) -> bool:
    if not isinstance(declared, dict) or not isinstance(planned, dict):
        return bool(declared == planned)
    known = {name: value for name, value in declared.items() if type(value) in _PLAIN}
    return all(planned.get(name) == value for name, value in known.items())


def _as_declared(declared: Any, planned: Any) -> Any:
    """What the files declare of a member of a list; None where that can't be told."""
    if not isinstance(declared, list):
        return None
    like = like_it(declared, planned)
    return declared[like[0]] if len(like) == 1 else None


def _is_open(tree: Any) -> bool:
    """Whether anything in a tree of `after_unknown` is unknown."""
    members = tree.values() if isinstance(tree, dict) else tree if isinstance(tree, list) else ()
    return tree is True or any(map(_is_open, members))


def _step(tree: Any, step: str | int) -> Any:
    """A member of `after_unknown` or `after_sensitive`; what holds for the whole holds for its members."""
    if isinstance(tree, dict):
        return tree.get(step, False)
    if isinstance(tree, list) and isinstance(step, int):
        return tree[step] if step < len(tree) else False
    return tree is True


def _is_leaf(written: Any) -> bool:
    """Whether this is one expression, and not the expressions of a block."""
    return isinstance(written, dict) and written.keys() <= _LEAF


def _expression(written: Any, name: str) -> Any:
    """What was written for an argument of a block."""
    if written is _MAYBE or (_is_leaf(written) and written):
        return written
    if not isinstance(written, dict) or name not in written:
        return _MAYBE if isinstance(written, _Several) and not written.complete else None
    return written[name] if written[name] != {} else {"references": []}


class _Several(dict[str, Any]):
    """The expressions of several blocks of a type, as those of one: a plan has them in another order."""

    complete = True
    """Whether these are all the blocks, and none is made dynamically."""


def _blocks(written: Any, count: int) -> Any:
    """What was written in one of `count` blocks."""
    if written is None:
        return _MAYBE
    if not isinstance(written, list):
        return written
    if len(written) == count == 1:
        return written[0] or _Several()  # an empty block is none that is one expression
    result = _Several()
    result.complete = len(written) == count
    for block in written:
        for name, expression in mapping(block).items():
            result[name] = _both(result[name], expression) if name in result else expression
    return result


def _both(one: Any, other: Any) -> Any:
    if isinstance(one, list) and isinstance(other, list):
        return [*one, *other]
    return {"references": [*_references(one), *_references(other)]}


def _references(written: Any) -> list[str]:
    """The references of an expression, or of all expressions in a block."""
    if isinstance(written, list):
        return [name for member in written for name in _references(member)]
    if not isinstance(written, dict):
        return []
    if _is_leaf(written):
        return references_of(written)
    return [name for member in written.values() for name in _references(member)]
