"""The values that a plan gives a resource, put together from its parallel trees.

`after` holds what is known, `after_unknown` has `true` where something is not, `after_sensitive` where it is secret.
What the provider will compute and what the author made of other resources' attributes are both unknown: only the
configuration's `expressions` say which of them the author wrote.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from auditor.secrets import without_secrets
from auditor.sources.terraform.blocks import Blocks
from auditor.sources.terraform.references import mapping, references_of
from auditor.values import ABSENT, Choice, Unknown

SECRET: Final = "(sensitive)"  # noqa: S105 - what stands for one
"""In place of a secret that stands in the configuration as it is: enough to see that one is there."""

_MAYBE: Final[Any] = object()
"""In place of what was written, where a dynamic block may have: its content is not among the expressions."""

_WRITE_ONLY: Final = "_wo"
"""How the names of arguments end that are sent, but kept neither in a plan nor in the state."""

_HASH: Final = re.compile(r"[0-9a-f]{40}")
"""What version 5 of the provider keeps of an instance's user data."""

_MANY: Final = 300
"""Blocks of a type from which they are no longer told apart, as each would be compared with each."""

_PLAIN: Final = frozenset({str, bool, int, float})
_LEAF: Final = frozenset({"constant_value", "references"})


class Planned:
    """Puts the values of one resource together."""

    def __init__(self, unknown: Callable[[str, Sequence[str]], Any], blocks: Blocks) -> None:
        """`unknown` gives the value of an argument that is not known, by its name and what it refers to.

        `blocks` are those of its type.
        """
        self._unknown = unknown
        self._blocks = blocks

    def block(
        self, change: Mapping[str, Any], expressions: Mapping[str, Any] | None, declared: Mapping[str, Any] | None
    ) -> dict[str, Any]:
        """The properties of a resource.

        Args:
            change: its change, with `after`, `after_unknown` and `after_sensitive`.
            expressions: what the author wrote; None where the plan does not say.
            declared: its properties as the `.tf` files declare it, where these are found: they say best what a value
                that the plan does not know is.
        """
        hidden = mapping(change.get("after_sensitive"))
        written = _MAYBE if expressions is None else _with_dynamic(expressions, self._blocks)
        return self._block(change["after"], mapping(change.get("after_unknown")), hidden, written, declared)

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
                _declared(declared, name),
            )
            if value is not ABSENT:
                result[name] = value
        return result

    def _value(self, name: str, after: Any, unknown: Any, hidden: Any, written: Any, declared: Any) -> Any:
        if after is None and declared is None and name.endswith(_WRITE_ONLY) and _is_given(written):
            return _unread(name, after, written, "is write-only")
        if unknown is True:
            return self._not_known(name, written) if declared is None else declared
        if name == "user_data" and isinstance(after, str) and _HASH.fullmatch(after):
            return _hashed(name, written) if declared is None else declared
        if after is None or (written is None and after in ("", {})) or (after == [] and written in (None, _MAYBE)):
            return ABSENT
        if hidden is True and not isinstance(after, dict):
            return _unread(name, after, written, "is sensitive")
        if isinstance(after, dict):
            return self._block(after, unknown, hidden, written, declared or None)
        if isinstance(after, list):
            if type(declared) is Choice and _is_open(unknown):
                return declared  # a dynamic block that is made or not
            return self._list(name, after, unknown, hidden, written, declared)
        return after

    def _list(self, name: str, after: list[Any], unknown: Any, hidden: Any, written: Any, declared: Any) -> list[Any]:
        if _is_leaf(written):
            within, after = [written] * len(after), list(map(_without_fillers, after))
        else:
            within = _blocks(written, after)
        members = (
            self._value(
                name, member, _step(unknown, index), _step(hidden, index), within[index], _as_declared(declared, member)
            )
            for index, member in enumerate(after)
        )
        found = [member for member in members if member is not ABSENT]
        if written in (None, _MAYBE) or _is_leaf(written):
            return [_unless_filler(name, member) for member in found]
        return found

    def _not_known(self, name: str, written: Any) -> Any:
        if written is None:
            return ABSENT  # the provider computes it
        if written is _MAYBE:
            return Unknown(f"{name} is known only after apply, or not set")
        if isinstance(written, list):
            return Unknown(f"there may be more blocks {name}, known only after apply")
        return self._unknown(name, _references(written))


def _with_dynamic(written: Any, blocks: Blocks) -> Any:
    """Expressions with `_MAYBE` for blocks that are not among them and that no provider makes: these are dynamic."""
    if isinstance(written, list):
        return [_with_dynamic(block, blocks) for block in written]
    if not isinstance(written, dict) or (_is_leaf(written) and written):
        return written
    dynamic = {name: _MAYBE for name, inner in blocks.within.items() if inner.authored and name not in written}
    nested = {name: _with_dynamic(written[name], inner) for name, inner in blocks.within.items() if name in written}
    return {**written, **nested, **dynamic}


def _unless_filler(name: str, member: Any) -> Any:
    """A member of an argument that holds blocks, which stands for any number of them where nothing in it is known."""
    if not isinstance(member, dict) or Unknown not in map(type, member.values()):
        return member
    if any(value and type(value) is not Unknown for value in member.values()):
        return member
    return Unknown(f"there may be blocks {name}, known only after apply")


def _is_given(written: Any) -> bool:
    """Whether an expression, where there is one, is not just null."""
    return written is _MAYBE or _constant(written) is not None or bool(_references(written))


def _unread(name: str, after: Any, written: Any, why: str) -> Any:
    """What stands for a value that is not to be read.

    Of a map, the provider calls all members sensitive where one may be: what is no secret is kept then.
    """
    constant = _constant(written)
    if isinstance(constant, dict) and isinstance(after, str):
        return without_secrets(after, name)
    if constant is not None:
        return SECRET
    is_switch = isinstance(after, bool) or after in ("true", "false")
    return after if is_switch else Unknown(f"{name} {why}, so it is not read")


def _hashed(name: str, written: Any) -> Any:
    """A value of which the plan holds but a hash."""
    constant = _constant(written)
    return Unknown(f"the plan holds but a hash of {name}") if constant is None else constant


def _constant(written: Any) -> Any:
    """The value of an expression that refers to nothing; None for any other."""
    return written.get("constant_value") if isinstance(written, dict) else None


def _declared(block: Any, name: str) -> Any:
    """What the files declare of an argument: `ABSENT` where it is left out or null, None where they are not found."""
    value = block.get(name) if isinstance(block, dict) else None
    return ABSENT if value is None and isinstance(block, dict) else value


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


def _without_fillers(member: Any) -> Any:
    """A block of an argument that holds blocks: the provider fills in what the author left out, with "" and []."""
    if not isinstance(member, dict):
        return member
    return {name: value for name, value in member.items() if value not in ("", [])}


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
        return None
    return written[name] if written[name] != {} else {"references": []}


def _blocks(written: Any, planned: Sequence[Any]) -> list[Any]:
    """What was written in each of the blocks that are planned."""
    if not isinstance(written, list) or len(written) != len(planned):
        # Where there are others than were written, each may be one that was made dynamically.
        return [_MAYBE if written is None or isinstance(written, list) else written] * len(planned)
    if len(written) > _MANY:
        return [_as_one(written)] * len(planned)
    alike = [[index for index, block in enumerate(written) if _may_become(block, member)] for member in planned]
    if not all(alike) or {index for those in alike for index in those} != set(range(len(written))):
        return [_as_one(written)] * len(planned)
    return [_as_one([written[index] for index in those]) for those in alike]


def _may_become(written: Any, planned: Any) -> bool:
    """Whether a block that was written may have become one that is planned: all that is constant in it is there."""
    values = mapping(planned)
    return all(
        _text(values.get(name)) == _text(expression["constant_value"])
        for name, expression in mapping(written).items()
        if isinstance(expression, dict) and type(expression.get("constant_value")) in _PLAIN
    )


def _text(value: Any) -> str:
    """A value as Terraform converts it to a text."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _as_one(blocks: Sequence[Any]) -> Mapping[str, Any]:
    """The expressions of several blocks of a type, as those of one: a plan has them in another order."""
    result: dict[str, Any] = {}
    for block in blocks:
        for name, expression in mapping(block).items():
            result[name] = _both(result[name], expression) if name in result else expression
    return result


def _both(one: Any, other: Any) -> Any:
    if isinstance(one, list) and isinstance(other, list):
        return [*one, *other]
    if one is _MAYBE or other is _MAYBE:
        return other if one is _MAYBE else one
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
