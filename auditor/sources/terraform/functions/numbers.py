"""Numeric functions, and conversions between simple types."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, Final

from auditor.sources.terraform.functions.table import Function
from auditor.sources.terraform.values import BadArgument, number, piece
from auditor.values import Unknown

_MAX_EXPONENT: Final = 1_000
_DIGITS: Final = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"


def _least_or_most(choose: Callable[[list[float]], float]) -> Callable[..., float]:
    def compute(*values: float) -> float:
        if not values:
            raise BadArgument("at least one number is needed")
        return choose(list(values))

    return compute


def _log(value: float, base: float) -> float:
    try:
        return round(math.log(value, base), 12)
    except (ValueError, ZeroDivisionError):
        raise BadArgument("there is no such logarithm") from None


def _pow(base: float, exponent: float) -> float:
    if abs(exponent) > _MAX_EXPONENT:
        raise BadArgument("the number is too large")
    try:
        result: float | complex = base**exponent
    except (OverflowError, ZeroDivisionError):
        raise BadArgument("the number is too large") from None
    if isinstance(result, complex):
        raise BadArgument("there is no such power")
    return result


def _parseint(text: str, base: int) -> int:
    if not 2 <= base <= 62:
        raise BadArgument("the base must be from 2 to 62")
    digits = (text.lower() if base <= 36 else text).removeprefix("-")
    result = 0
    for digit in digits[:_MAX_EXPONENT]:
        place = _DIGITS.find(digit)
        if not 0 <= place < base:
            raise BadArgument(f"the text is no number of base {base}")
        result = result * base + place
    if not digits:
        raise BadArgument("the text is empty")
    return -result if text.startswith("-") else result


def _sum(values: list[Any]) -> float:
    if not values:
        raise BadArgument("the list must not be empty")
    numbers = [number(value) for value in values]
    return math.fsum(numbers) if any(isinstance(one, float) for one in numbers) else sum(numbers)


def _range(*values: float) -> list[float]:
    start, limit, step = (0, values[0], 1) if len(values) == 1 else (*values, 1)[:3]
    if len(values) < 3 and limit < start:
        step = -1
    if not step or (limit - start) / step > _MAX_RANGE:
        raise BadArgument(f"a range has at most {_MAX_RANGE} members")
    return [start + step * turn for turn in range(max(0, math.ceil((limit - start) / step)))]


_MAX_RANGE: Final = 1024
"""Terraform's own limit."""


def _tostring(value: Any) -> Any:
    return value if value is None else piece(value)


def _tonumber(value: Any) -> Any:
    return value if value is None or type(value) is Unknown else number(value)


def _tobool(value: Any) -> Any:
    if value is None or isinstance(value, bool):
        return value
    if value in ("true", "false"):
        return value == "true"
    raise BadArgument("true or false is needed")


FUNCTIONS: Final = {
    "abs": Function("n", abs),
    "ceil": Function("n", math.ceil),
    "floor": Function("n", math.floor),
    "log": Function("nn", _log),
    "max": Function("n*", _least_or_most(max)),
    "min": Function("n*", _least_or_most(min)),
    "parseint": Function("tw", _parseint),
    "pow": Function("nn", _pow),
    "range": Function("n?nn", _range),
    "signum": Function("n", lambda value: (value > 0) - (value < 0)),
    "sum": Function("l", _sum),
    "tobool": Function("a", _tobool),
    "tonumber": Function("a", _tonumber),
    "tostring": Function("a", _tostring, open=True),
}
