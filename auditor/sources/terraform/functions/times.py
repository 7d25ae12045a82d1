"""Functions of points in time. `timestamp` and `plantimestamp` are not among them: only deployment knows these."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Final

from auditor.sources.terraform.functions.table import Function
from auditor.sources.terraform.values import BadArgument

_MOMENT: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)")
_PIECE: Final = re.compile(r"(\d+(?:\.\d*)?|\.\d+)(ns|us|µs|ms|s|m|h)")
_SECONDS: Final = {
    "ns": Fraction(1, 10**9),
    "us": Fraction(1, 10**6),
    "µs": Fraction(1, 10**6),
    "ms": Fraction(1, 10**3),
    "s": Fraction(1),
    "m": Fraction(60),
    "h": Fraction(3600),
}
_TOKEN: Final = re.compile(r"'(?:[^']|'')*'|([A-Za-z])\1*|[^A-Za-z']+|'")


def _moment(text: str) -> datetime:
    """A time as RFC 3339 has it."""
    try:
        if _MOMENT.fullmatch(text):
            return datetime.fromisoformat(text)
    except ValueError:
        pass
    raise BadArgument("the text is not a time such as 2027-01-31T00:00:00Z")


def _shown(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%S") + _offset(moment, ":", "Z")


def _offset(moment: datetime, between: str, zero: str) -> str:
    minutes = int((moment.utcoffset() or timedelta()).total_seconds() // 60)
    if not minutes and zero:
        return zero
    hours, rest = divmod(abs(minutes), 60)
    return f"{'-' if minutes < 0 else '+'}{hours:02}{between}{rest:02}"


def _timeadd(text: str, duration: str) -> str:
    rest = duration.lstrip("+-")
    if duration not in ("0", "+0", "-0") and (not rest or "".join(map("".join, _PIECE.findall(rest))) != rest):
        raise BadArgument("the text is not a duration such as 1h30m")
    seconds = sum((Fraction(number) * _SECONDS[unit] for number, unit in _PIECE.findall(rest)), Fraction())
    try:
        span = timedelta(seconds=float(seconds))
        return _shown(_moment(text) + (-span if duration.startswith("-") else span))
    except OverflowError:
        raise BadArgument("the time is out of range") from None


def _timecmp(one: str, other: str) -> int:
    first, second = _moment(one), _moment(other)
    return (first > second) - (first < second)


def _formatdate(spec: str, text: str) -> str:
    moment = _moment(text)
    pieces = []
    for token in _TOKEN.finditer(spec):
        word = token[0]
        if word == "'":
            raise BadArgument("the format has a quote that is not closed")
        if word.startswith("'"):
            pieces.append(word[1:-1].replace("''", "'"))
        elif token[1]:
            if word not in _FORMATS:
                raise BadArgument(f"the format has no meaning for {word}")
            pieces.append(_FORMATS[word](moment))
        else:
            pieces.append(word)
    return "".join(pieces)


_DAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS: Final = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_FORMATS: Final[dict[str, Callable[[datetime], str]]] = {
    "YYYY": lambda t: f"{t.year:04}",
    "YY": lambda t: f"{t.year % 100:02}",
    "MMMM": lambda t: _MONTHS[t.month - 1],
    "MMM": lambda t: _MONTHS[t.month - 1][:3],
    "MM": lambda t: f"{t.month:02}",
    "M": lambda t: str(t.month),
    "DD": lambda t: f"{t.day:02}",
    "D": lambda t: str(t.day),
    "EEEE": lambda t: _DAYS[t.weekday()],
    "EEE": lambda t: _DAYS[t.weekday()][:3],
    "hh": lambda t: f"{t.hour:02}",
    "h": lambda t: str(t.hour),
    "HH": lambda t: f"{(t.hour - 1) % 12 + 1:02}",
    "H": lambda t: str((t.hour - 1) % 12 + 1),
    "AA": lambda t: "AM" if t.hour < 12 else "PM",
    "aa": lambda t: "am" if t.hour < 12 else "pm",
    "mm": lambda t: f"{t.minute:02}",
    "m": lambda t: str(t.minute),
    "ss": lambda t: f"{t.second:02}",
    "s": lambda t: str(t.second),
    "ZZZZZ": lambda t: _offset(t, ":", ""),
    "ZZZZ": lambda t: _offset(t, "", ""),
    "ZZZ": lambda t: _offset(t, "", "UTC"),
    "Z": lambda t: _offset(t, ":", "Z"),
}

FUNCTIONS: Final = {
    "formatdate": Function("tt", _formatdate),
    "timeadd": Function("tt", _timeadd),
    "timecmp": Function("tt", _timecmp),
}
