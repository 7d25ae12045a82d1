"""Plain data from outside as what it should be."""

from __future__ import annotations

from typing import Any


def validated(kind: Any, data: Any, what: str) -> Any:
    """The data as a value of a type, such as a dataclass.

    Args:
        kind: the type.
        data: maps, lists and scalars, as JSON has them.
        what: what to say before the first thing that is wrong.

    Raises:
        UsageError: it is something else.
    """
    from pydantic import TypeAdapter, ValidationError  # here, as most runs need none of it

    from auditor.errors import UsageError

    try:
        return TypeAdapter(kind).validate_python(data)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        raise UsageError(": ".join(filter(None, (what, where, first["msg"])))) from error
