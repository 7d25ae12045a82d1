"""Functions of lists, sets and maps. Most only move members about, so that these may be unknown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import product
from typing import Any, Final

from auditor.sources.terraform.functions.table import Function
from auditor.sources.terraform.values import (
    BadArgument,
    OpenList,
    OpenMap,
    Set,
    joined,
    kind_of,
    members,
    open_part,
    piece,
    plain,
    same,
)
from auditor.values import Choice, Reference, Unknown

_MAX_PRODUCT: Final = 100_000


def _like(source: Any, values: Iterable[Any]) -> list[Any]:
    """A list that is open where the one it is made of is."""
    return OpenList(values) if isinstance(source, OpenList) else list(values)


def _sized(value: Any) -> Any:
    if isinstance(value, OpenList):
        return value.rest()
    if isinstance(value, OpenMap):
        return Unknown(value.reason)
    if isinstance(value, str) and not isinstance(value, Reference):
        return len(value)
    if isinstance(value, list | dict):
        return len(value)
    return Unknown("its length is known only at deployment") if isinstance(value, Reference) else _refuse(value)


def _refuse(value: Any) -> Any:
    raise BadArgument(f"a list, set or map is needed, not {kind_of(value)}")


def _merge(*maps: Any) -> Any:
    result: dict[str, Any] = {}
    reason = None
    for one in maps:
        if type(one) is Unknown or isinstance(one, OpenMap):
            reason = one.reason
            overridden = Unknown(f"it may be overridden: {reason}")
            result = dict.fromkeys(result, overridden)
            result.update(one if isinstance(one, OpenMap) else {})
        elif isinstance(one, dict):
            result.update(one)
        elif one is not None:
            raise BadArgument(f"a map is needed, not {kind_of(one)}")
    return OpenMap(result, reason) if reason else result


def _concat(*lists: Any) -> Any:
    result: list[Any] = []
    is_open = False
    for one in lists:
        if type(one) is Unknown:
            result.append(one)
            is_open = True
        elif isinstance(one, list):
            result += one
            is_open |= isinstance(one, OpenList)
        else:
            raise BadArgument(f"a list is needed, not {kind_of(one)}")
    return OpenList(result) if is_open else result


def _flatten(value: list[Any]) -> Any:
    result: list[Any] = []
    is_open = isinstance(value, OpenList)
    todo: list[Iterator[Any]] = [iter(value)]
    while todo:
        member = next(todo[-1], todo)
        if member is todo:
            todo.pop()
        elif isinstance(member, list):
            is_open |= isinstance(member, OpenList)
            todo.append(iter(member))
        else:
            is_open |= type(member) in (Unknown, Choice)
            if type(member) is Choice:
                member = Unknown(f"it depends on the condition {member.condition}")
            result.append(member)
    return OpenList(result) if is_open else result


def _element(values: list[Any], index: int) -> Any:
    if isinstance(values, OpenList):
        return values[index] if 0 <= index < len(values) - 1 else values.rest()
    if not values:
        raise BadArgument("the list is empty")
    return values[index % len(values)]


def _lookup(values: Any, key: str, *default: Any) -> Any:
    if key in values:
        return values[key]
    if isinstance(values, OpenMap):
        return Unknown(values.reason)
    if not default:
        raise BadArgument("there is no such key")
    return default[0]


def _coalesce(*values: Any) -> Any:
    for value in values:
        if type(value) is Unknown:
            return Unknown(value.reason)
        if value is not None and value != "":
            return value
    raise BadArgument("all of them are null or empty")


def _coalescelist(*lists: Any) -> Any:
    for one in lists:
        if type(one) is Unknown or one:
            return one
    raise BadArgument("all of them are empty")


def _compact(values: list[Any]) -> Any:
    return _like(values, (value for value in values if value is not None and value != ""))


def _contains(values: list[Any], wanted: Any) -> Any:
    unknown = open_part(wanted)
    if unknown is None:
        for value in values:
            part = open_part(value)
            if part is None and same(value, wanted):
                return True
            unknown = unknown or part
    return Unknown(unknown.reason) if unknown else False


def _unique(values: Iterable[Any]) -> list[Any]:
    found: dict[str, Any] = {}
    for value in values:
        found.setdefault(value if isinstance(value, str) else repr(plain(value)), value)
    return list(found.values())


def _unified(values: Iterable[Any]) -> list[Any]:
    """The members as they are of one type: where some are texts, numbers and the like become texts, too."""
    found = list(values)
    scalar = all(isinstance(value, str | bool | int | float) for value in found)
    return [piece(value) for value in found] if scalar and any(isinstance(value, str) for value in found) else found


def _tomap(value: dict[str, Any]) -> Any:
    entries = dict(zip(value, _unified(value.values()), strict=True))
    return OpenMap(entries, value.reason) if isinstance(value, OpenMap) else entries


def _transpose(value: dict[str, Any]) -> dict[str, Any]:
    result: dict[str, list[str]] = {}
    for key, texts in sorted(value.items()):
        for text in texts if isinstance(texts, list) else _refuse(texts):
            result.setdefault(str(piece(text)), []).append(key)
    return result


def _toset(value: list[Any]) -> Any:
    if isinstance(value, OpenList) or any(type(member) in (Unknown, Choice) for member in value):
        return OpenList(value)
    unique = _unique(_unified(value))
    return Set(sorted(unique) if all(isinstance(member, str) for member in unique) else unique)


def _tolist(value: Any) -> Any:
    return _like(value, _unified(value))


def _one(values: list[Any]) -> Any:
    if isinstance(values, OpenList):
        return values.rest()
    if len(values) > 1:
        raise BadArgument("the list has more than one member")
    return values[0] if values else None


def _keys(value: Any) -> Any:
    keys = [key for key, _ in members(value)]
    return OpenList([*keys, Unknown(value.reason)]) if isinstance(value, OpenMap) else keys


def _values(value: Any) -> Any:
    found = [member for _, member in members(value)]
    return OpenList([*found, Unknown(value.reason)]) if isinstance(value, OpenMap) else found


def _zipmap(keys: list[Any], values: list[Any]) -> Any:
    if len(keys) != len(values):
        raise BadArgument("there must be as many keys as values")
    names = [joined(key) for key in keys]
    unknown = next((name for name in names if type(name) is Unknown), None)
    result = {name: value for name, value in zip(names, values, strict=True) if isinstance(name, str)}
    return OpenMap(result, unknown.reason) if unknown else result


def _slice(values: list[Any], start: int, end: int) -> Any:
    if isinstance(values, OpenList):
        return OpenList(values[start:])
    if not 0 <= start <= end <= len(values):
        raise BadArgument(f"the list has only {len(values)} members")
    return values[start:end]


def _setproduct(*sets: Any) -> Any:
    total = 1
    for one in sets:
        total *= max(len(one), 1)
    if total > _MAX_PRODUCT:
        raise BadArgument(f"the product has more than {_MAX_PRODUCT:,} members")
    combined = [list(each) for each in product(*sets)]
    return OpenList(combined) if any(isinstance(one, OpenList) for one in sets) else combined


def _chunklist(values: list[Any], size: int) -> Any:
    if size <= 0:
        return [values]
    return _like(values, (values[start : start + size] for start in range(0, len(values), size)))


def _index(values: list[Any], wanted: Any) -> int:
    for place, value in enumerate(values):
        if same(value, wanted):
            return place
    raise BadArgument("the list doesn't hold this value")


def _matchkeys(values: list[Any], keys: list[Any], wanted: list[Any]) -> list[Any]:
    pairs = zip(values, keys, strict=False)
    return [value for value, key in pairs if any(same(key, one) for one in wanted)]


def _intersection(first: list[Any], *others: list[Any]) -> Any:
    return _toset([one for one in first if all(any(same(one, two) for two in other) for other in others)])


def _subtract(first: list[Any], second: list[Any]) -> Any:
    return _toset([one for one in first if not any(same(one, two) for two in second)])


def _union(*sets: list[Any]) -> Any:
    return _toset(_concat(*sets))


def _sort(values: list[Any]) -> list[str]:
    return sorted(str(joined(value)) for value in values)


def _lists_only(function: Any) -> Any:
    def compute(*lists: Any) -> Any:
        for one in lists:
            if not isinstance(one, list):
                raise BadArgument(f"a list is needed, not {kind_of(one)}")
        return function(*lists)

    return compute


FUNCTIONS: Final = {
    "alltrue": Function("l", lambda values: all(value in (True, "true") for value in values)),
    "anytrue": Function("l", lambda values: any(value in (True, "true") for value in values)),
    "chunklist": Function("lw", _chunklist, open=True),
    "coalesce": Function("a*", _coalesce, open=True, lenient=True),
    "coalescelist": Function("a*", _coalescelist, open=True, lenient=True),
    "compact": Function("l", _compact, open=True),
    "concat": Function("a*", _concat, open=True, lenient=True),
    "contains": Function("la", _contains, open=True),
    "distinct": Function("l", _unique),
    "element": Function("lw", _element, open=True),
    "flatten": Function("l", _flatten, open=True),
    "index": Function("la", _index),
    "keys": Function("m", _keys, open=True),
    "length": Function("a", _sized, open=True),
    "list": Function("a*", lambda *values: list(values), open=True, lenient=True),
    "lookup": Function("mt?a", _lookup, open=True),
    "map": Function("a*", lambda *pairs: _zipmap(list(pairs[::2]), list(pairs[1::2])), open=True, lenient=True),
    "matchkeys": Function("lll", _matchkeys),
    "merge": Function("a*", _merge, open=True, lenient=True),
    "one": Function("l", _one, open=True),
    "reverse": Function("l", lambda values: _like(values, reversed(values)), open=True),
    "setintersection": Function("l*", _intersection),
    "setproduct": Function("l*", _lists_only(_setproduct), open=True),
    "setsubtract": Function("ll", _subtract),
    "setunion": Function("l*", _union, open=True),
    "slice": Function("lww", _slice, open=True),
    "sort": Function("l", _sort),
    "tolist": Function("l", _tolist, open=True),
    "tomap": Function("m", _tomap, open=True),
    "toset": Function("l", _toset, open=True),
    "transpose": Function("m", _transpose),
    "values": Function("m", _values, open=True),
    "zipmap": Function("ll", _zipmap, open=True),
}
