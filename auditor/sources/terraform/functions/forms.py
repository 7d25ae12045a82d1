"""Functions that decide themselves which of their arguments are evaluated, and how."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from auditor.sources.terraform.syntax import Call
from auditor.sources.terraform.values import FAILED, BadArgument, Failure, OpenList, kind_of
from auditor.values import Choice, Unknown

if TYPE_CHECKING:
    from auditor.sources.terraform.evaluate import Context


def expanded(arguments: list[Any], context: Context) -> list[Any]:
    """The arguments of a call of which the last is a list of further ones (`f(a, b...)`)."""
    *first, last = arguments
    if type(last) is Choice:
        return [*first, Unknown(f"it depends on the condition {last.condition}")]
    if type(last) is Unknown or isinstance(last, OpenList):
        return [*first, *(last if isinstance(last, list) else [last])]
    if not isinstance(last, list):
        raise BadArgument(f"a list is needed before `...`, not {kind_of(last)}")
    return [*first, *last]


def _attempt(node: Call, context: Context, number: int) -> Any:
    """An argument's value, in which `FAILED` stands where Terraform would refuse it."""
    world = context.world
    keeping, world.keeping = world.keeping, True
    try:
        return context.evaluate(node.arguments[number])
    except Failure:
        return FAILED
    finally:
        world.keeping = keeping


def _try(node: Call, context: Context) -> Any:
    def first(number: int) -> Any:
        if number == len(node.arguments):
            raise BadArgument("try: none of the expressions has a value")
        value = _attempt(node, context, number)
        return _settled(value, lambda leaf: first(number + 1) if leaf is FAILED else leaf)

    return first(0)


def _can(node: Call, context: Context) -> Any:
    if len(node.arguments) != 1:
        raise BadArgument("can takes 1 argument")
    return _settled(_attempt(node, context, 0), lambda leaf: leaf is not FAILED)


def _settled(value: Any, function: Callable[[Any], Any]) -> Any:
    """A function of each leaf of a choice."""
    if type(value) is not Choice:
        return function(value)
    return Choice(value.condition, _settled(value.then, function), _settled(value.otherwise, function))


def _sensitive(node: Call, context: Context) -> Any:
    if len(node.arguments) != 1:
        raise BadArgument("sensitive takes 1 argument")
    return Unknown("it is marked as sensitive, so it is not read")


def _as_it_is(node: Call, context: Context) -> Any:
    if len(node.arguments) != 1:
        raise BadArgument(f"{node.name} takes 1 argument")
    return context.evaluate(node.arguments[0])


FORMS: Final[dict[str, Callable[[Call, Context], Any]]] = {
    "can": _can,
    "ephemeralasnull": _as_it_is,  # what is ephemeral is unknown before
    "nonsensitive": _as_it_is,
    "sensitive": _sensitive,
    "try": _try,
}
