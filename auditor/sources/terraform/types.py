"""Type constraints of variables: what is given is converted, and what is optional gets its default.

See https://developer.hashicorp.com/terraform/language/expressions/type-constraints.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from auditor.sources.nodes import SyntaxFault
from auditor.sources.terraform.parser import parse_expression
from auditor.sources.terraform.syntax import Call, Expression, Literal, Name, Object, Tuple
from auditor.sources.terraform.values import (
    BadArgument,
    Encoded,
    OpenList,
    OpenMap,
    Set,
    Thing,
    each,
    kind_of,
    number,
    piece,
)
from auditor.values import Reference, Unknown

Default = Callable[[Expression], Any]
"""Evaluates the default of an optional attribute."""


def converted(value: Any, constraint: Expression, default: Default) -> Any:
    """A value as a type.

    Raises:
        BadArgument: it can't be that type.
    """
    return each(lambda settled: _converted(settled, _parsed(constraint), default), value)


def takes_text(constraint: Expression | None) -> bool:
    """Whether what is given on the command line or in the environment is taken as it is, for a simple type."""
    constraint = constraint and _parsed(constraint)
    return constraint is None or (isinstance(constraint, Name) and constraint.name in _SIMPLE)


def _parsed(constraint: Expression) -> Expression:
    """A constraint; an old one, or one in JSON, is a text."""
    if isinstance(constraint, Literal) and isinstance(constraint.value, str):
        try:
            return parse_expression(constraint.value)
        except SyntaxFault as fault:
            raise BadArgument(f"the type is not understood: {fault.message}") from None
    return constraint


def _converted(value: Any, constraint: Expression, default: Default) -> Any:
    if value is None or type(value) is Unknown or isinstance(value, Thing):
        return value
    if isinstance(constraint, Name):
        simple = _SIMPLE.get(constraint.name)
        return simple(value) if simple else value
    if not isinstance(constraint, Call) or not constraint.arguments:
        return value
    inner = constraint.arguments[0]
    match constraint.name:
        case "list" | "set":
            members = [converted(member, inner, default) for member in _listed(value)]
            if isinstance(value, OpenList):
                return OpenList(members)
            return members if constraint.name == "list" else _as_set(members)
        case "map":
            entries = {key: converted(member, inner, default) for key, member in _mapped(value).items()}
            return OpenMap(entries, value.reason) if isinstance(value, OpenMap) else entries
        case "object" if isinstance(inner, Object):
            return _object(_mapped(value), inner, default)
        case "tuple" if isinstance(inner, Tuple):
            pairs = zip(_listed(value), inner.items, strict=False)
            return [converted(member, one, default) for member, one in pairs]
    return value


def _listed(value: Any) -> Any:
    if isinstance(value, list):
        return value
    raise BadArgument(f"a list is needed, not {kind_of(value)}")


def _mapped(value: Any) -> Any:
    if isinstance(value, dict):
        return value
    raise BadArgument(f"a map is needed, not {kind_of(value)}")


def _as_set(members: list[Any]) -> Any:
    if all(isinstance(member, str) for member in members):
        return Set(sorted(set(members)))
    return Set(members)


def _object(value: dict[str, Any], attributes: Object, default: Default) -> dict[str, Any]:
    result: dict[str, Any] = {}
    for key, constraint in attributes.items:
        name = str(key.value) if isinstance(key, Literal) else ""
        optional = isinstance(constraint, Call) and constraint.name == "optional"
        inner = constraint.arguments[0] if isinstance(constraint, Call) and optional else constraint
        if name in value:
            found = value[name]
        elif isinstance(value, OpenMap):
            found = Unknown(value.reason)
        elif optional:
            found = None
        else:
            raise BadArgument(f"the attribute {name} is missing")
        if found is None and isinstance(constraint, Call) and optional and len(constraint.arguments) > 1:
            found = default(constraint.arguments[1])
        result[name] = converted(found, inner, default)
    return result


def _text(value: Any) -> Any:
    return value if isinstance(value, str | Encoded) else piece(value)


def _number(value: Any) -> Any:
    return value if isinstance(value, Reference) else number(value)


def _flag(value: Any) -> Any:
    if isinstance(value, bool | Reference):
        return value
    if value in ("true", "false"):
        return value == "true"
    raise BadArgument(f"true or false is needed, not {kind_of(value)}")


_SIMPLE: Final[dict[str, Callable[[Any], Any]]] = {"string": _text, "number": _number, "bool": _flag}
