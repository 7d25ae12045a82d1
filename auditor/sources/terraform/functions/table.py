"""How functions are declared, and how they are applied to values of which not all is known."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from auditor.sources.terraform.values import (
    BadArgument,
    Set,
    kind_of,
    number,
    open_part,
    piece,
    whole,
    whole_number,
)
from auditor.values import Choice, Unknown

if TYPE_CHECKING:
    from auditor.sources.terraform.evaluate import Context


class Function(NamedTuple):
    """A function.

    Attributes:
        takes: a letter for each argument: (t)ext, (n)umber, (w)hole number, (b)ool, (l)ist, (m)ap, (a)ny. Those after
            `?` may be left out; the last one may be given any number of times where `*` follows it.
        compute: gives the value, of arguments that are plain data.
        open: it only moves members about, so that these may be anything.
        lenient: besides, an argument itself may be unknown.
    """

    takes: str
    compute: Callable[..., Any]
    open: bool = False
    lenient: bool = False


def applied(name: str, function: Function, arguments: list[Any], context: Context) -> Any:
    """A function of some arguments.

    Raises:
        BadArgument: it can't take these.
    """
    _check_count(name, function.takes, len(arguments))

    def compute(*settled: Any) -> Any:
        if not function.open:
            settled = tuple(_literals(value, context) for value in settled)
        if not function.lenient:
            unknown = open_part(list(settled)) if not function.open else _unknown(settled)
            if unknown:
                return Unknown(unknown.reason)
        values = [_AS[kind](value) for kind, value in zip(_kinds(function.takes, len(settled)), settled, strict=True)]
        result = function.compute(*values)
        context.world.charge(len(result) if isinstance(result, str | list | dict) else 1)
        return whole(result)

    try:
        if function.open:
            return context.each(compute, *arguments)
        return context.each(compute, *(_hoisted(value, context) for value in arguments))
    except BadArgument as error:
        raise BadArgument(f"{name}: {error}") from None


def _unknown(values: tuple[Any, ...]) -> Unknown | None:
    return next((value for value in values if type(value) is Unknown), None)


def _hoisted(value: Any, context: Context) -> Any:
    """A list or map of choices as a choice of lists or maps."""
    if isinstance(value, list) and any(type(member) is Choice for member in value):
        return context.each(lambda *settled: type(value)(settled), *value)
    if type(value) is dict and any(type(member) is Choice for member in value.values()):
        return context.each(lambda *settled: dict(zip(value, settled, strict=True)), *value.values())
    return value


def _literals(value: Any, context: Context) -> Any:
    """A value with the names of resources in place of references to them, where these are written."""
    if type(value) in (list, Set):
        return type(value)(context.world.literal(member) for member in value)
    return context.world.literal(value)


def _kinds(takes: str, count: int) -> str:
    kinds = takes.replace("?", "").removesuffix("*")
    return kinds[:count] + kinds[-1:] * (count - len(kinds))


def _check_count(name: str, takes: str, count: int) -> None:
    least = len(takes.partition("?")[0].removesuffix("*"))
    most = None if takes.endswith("*") else len(takes.replace("?", ""))
    if takes.endswith("*") and "?" not in takes:
        least -= 1
    if count < least or (most is not None and count > most):
        wanted = f"{least}" if least == most else f"at least {least}" if most is None else f"{least} to {most}"
        raise BadArgument(f"{name} takes {wanted} arguments, not {count}")


# --- what arguments must be -----------------------------------------------------------------------------------------


def _text(value: Any) -> str:
    found = piece(value)
    return found if isinstance(found, str) else ""


def _flag(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    if value in ("true", "false"):
        return bool(value == "true")
    raise BadArgument(f"true or false is needed, not {kind_of(value)}")


def _list(value: Any) -> Any:
    if not isinstance(value, list):
        raise BadArgument(f"a list is needed, not {kind_of(value)}")
    return value


def _map(value: Any) -> Any:
    if not isinstance(value, dict):
        raise BadArgument(f"a map is needed, not {kind_of(value)}")
    return value


_AS: Final[Mapping[str, Callable[[Any], Any]]] = {
    "t": _text,
    "n": number,
    "w": whole_number,
    "b": _flag,
    "l": _list,
    "m": _map,
    "a": lambda value: value,
}
