"""What of an account the selected checks read, so that a live scan asks for nothing else.

Nobody declares it and no check is run: every name in the code that a check can get to counts as read. Methods are
followed by their name, without asking of which class, so that more may be collected than is read, hardly less; what a
check reads all the same (by a name that it puts together as it runs) is unknown, never absent.
"""

from __future__ import annotations

import dataclasses
import re
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cache, cached_property, partial
from importlib import import_module
from types import CodeType, FunctionType, MethodType, ModuleType
from typing import Any, Final

from auditor.registry import CHECKS, Check
from auditor.resources.base import TYPES, Struct
from auditor.resources.fields import NOWHERE
from auditor.utilisation.metric import Usage

WHOLE: Final = ""
"""Among wanted properties: all that there are."""

Wanted = dict[str, frozenset[str]]
"""Properties by resource type, under the names that the API gives them."""

_Part = str | FunctionType
"""A name, or a function whose names count too."""


def types_of(checks: Iterable[Check]) -> set[str]:
    """The resource types that checks judge or look up in a live account."""
    wanted = {cls for check in checks if "live" in check.inputs for cls in (*check.types, *check.uses)}
    return {name for name, cls in TYPES.items() if any(issubclass(cls, base) for base in wanted)}


def wanted_by(checks: Iterable[Check]) -> Wanted:
    """The properties that checks may read in a live account, for every type of `types_of`."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for check in checks:
        names = names_in(check.function)
        for type in types_of([check]):
            cls = TYPES[type]
            found[type] |= _properties(cls, names)
            if issubclass(cls, Usage):
                found[cls.measures] |= _identifying(cls)
    return {type: frozenset(properties) for type, properties in found.items()}


@cache
def names_in(function: Any) -> frozenset[str]:
    """Every name in a function and in what it can get to: attributes, globals, and whatever a text may name.

    It can get to the functions, tables and classes that it names, and to the members of any class of which it names
    one; to what Python and the binder call by themselves (`__iter__`, `from_raw`), always.
    """
    packages = _packages(tuple(CHECKS))
    members = _members(packages)
    names, functions = set[str](), set[FunctionType]()
    todo: list[_Part] = [function, *members.get(_UNNAMED, ())]
    while todo:
        part = todo.pop()
        if isinstance(part, str):
            if part not in names:
                names.add(part)
                todo += members.get(part, ())
        elif part not in functions:
            functions.add(part)
            todo += _inside(part, packages)
    return frozenset(names)


def _properties(cls: type[Struct], names: frozenset[str]) -> set[str]:
    """The properties of a class's resources that code with these names may read."""
    found = {WHOLE} if not names.isdisjoint(_read_raw(cls)) else set()  # type: ignore[arg-type]  # classes can be hashed
    for field in cls.plan("live").values():
        if field.path in (None, (NOWHERE,)):
            continue
        if field.path:
            if field.name in names or field.path[0] in names:
                found.add(field.path[0])
        elif field.name in names:
            view = field.inner
            found |= _properties(view, names) if isinstance(view, type) and issubclass(view, Struct) else {WHOLE}
    return found


def _identifying(usage: type[Usage]) -> set[str]:
    """The properties of what it measures that tell its metrics from those of others."""
    places = [place for metric in usage.metrics().values() for place in metric.by.values()]
    found = {word for place in places if isinstance(place, str) for word in re.findall(r"[A-Za-z]\w*", place)}
    return found.union(*(names_in(place) for place in (*places, usage.only) if isinstance(place, FunctionType)))


@cache
def _read_raw(cls: type[Struct]) -> frozenset[str]:
    """The members of a class that look into its `raw.properties` instead of reading its fields."""
    return frozenset(
        name
        for base in cls.__mro__
        for name, member in vars(base).items()
        for part in _parts(member)
        if isinstance(part, FunctionType) and {"raw", "properties"}.issubset(_named(part))
    )


# --- what code can get to -------------------------------------------------------------------------------------------


@cache
def _packages(checks: tuple[str, ...]) -> frozenset[str]:
    """Whose code is looked into: ours, and that of the packages and folders that checks are in."""
    return frozenset({"auditor", *(CHECKS[check].function.__module__.partition(".")[0] for check in checks)})


@cache
def _inside(function: FunctionType, packages: frozenset[str]) -> frozenset[_Part]:
    """What a function names, and what it can get to by that: globals, closure, imports of its own.

    Nothing for one that `dataclass` made: that only looks at the members of the dataclass.
    """
    if not _is_of(packages, function.__module__) or function.__code__.co_filename == "<string>":
        return frozenset()
    names = _named(function)
    held = [cell.cell_contents for cell in function.__closure__ or ()]
    found = {*_parts([held, function.__defaults__, function.__kwdefaults__])}
    modules = [import_module(name) for name in names if "." in name and _is_of(packages, name)]
    for name in names:
        value = function.__globals__.get(name)
        if not isinstance(value, type):  # `Tags` is a class here, and a property only in a text
            found.add(name)
        if isinstance(value, ModuleType):
            modules.append(value)
        else:
            found.update(_parts(value))
    for module in modules:
        if _is_of(packages, module.__name__):
            found.update(_parts([vars(module).get(name) for name in names]))
    return frozenset(found)


@cache
def _named(function: FunctionType) -> frozenset[str]:
    """The names of attributes, globals and imports in a function's code, and the words of its texts."""
    names: set[str] = set()
    codes: list[CodeType] = [function.__code__]
    for code in codes:
        names.update(code.co_names)
        for constant in code.co_consts:
            if isinstance(constant, CodeType):
                codes.append(constant)
            elif constant != function.__doc__:
                names.update(word for word in _parts(constant) if isinstance(word, str))
    return frozenset(names)


def _parts(value: Any) -> Iterator[_Part]:
    """The functions that a value is, holds or is made by, and the words of its texts: a path of fields is several."""
    if isinstance(value, str):
        yield from filter(str.isidentifier, value.split("."))
    elif isinstance(value, FunctionType):
        yield value
    elif isinstance(value, Mapping):
        yield from _parts([*value.keys(), *value.values()])
    elif isinstance(value, tuple | list | set | frozenset):
        for member in value:
            yield from _parts(member)
    elif isinstance(value, partial):
        yield from _parts([value.func, value.args, value.keywords])
    elif isinstance(value, property):
        yield from _parts(value.fget)
    elif isinstance(value, cached_property):
        yield from _parts(value.func)
    elif isinstance(value, classmethod | staticmethod | MethodType):
        yield from _parts(value.__func__)
    elif isinstance(value, type):
        yield from _parts([vars(base).get(name) for base in value.__mro__ for name in _MAKE])
    elif dataclasses.is_dataclass(value):
        yield from _parts([getattr(value, field.name) for field in dataclasses.fields(value)])
    elif hasattr(value, "__wrapped__"):
        yield from _parts(value.__wrapped__)


@cache
def _members(packages: frozenset[str]) -> dict[str, tuple[_Part, ...]]:
    """What the members of classes hold, by their name, in the modules of checks and of all that these import."""
    found: defaultdict[str, set[_Part]] = defaultdict(set)
    todo, seen = {check.function.__module__ for check in CHECKS.values()}, set[str]()
    while todo:
        module = todo.pop()
        seen.add(module)
        for value in vars(sys.modules[module]).values():
            place = value.__name__ if isinstance(value, ModuleType) else getattr(value, "__module__", None)
            if isinstance(place, str) and place not in seen and _is_of(packages, place):
                todo.add(place)
            if isinstance(value, type) and place == module:
                for name, parts in _members_of(value):
                    found[name].update(parts)
    return {name: tuple(parts) for name, parts in found.items()}


def _members_of(cls: type) -> Iterator[tuple[str, Iterator[_Part]]]:
    for name, member in vars(cls).items():
        if not name.startswith("__"):
            if name not in _MACHINERY:
                yield name, _parts(member)
        elif isinstance(member, FunctionType) and name not in _MAKE:
            yield _UNNAMED, _parts(member)
    if hasattr(cls, "from_raw"):
        yield _UNNAMED, _parts([cls, cls.from_raw])


_UNNAMED: Final = "(called without being named)"

_MAKE = ("__new__", "__init__", "__post_init__", "__init_subclass__")
"""What is called where a class is named."""

_MACHINERY = frozenset(Struct.__annotations__)
"""Where a class keeps what fields it has."""


def _is_of(packages: frozenset[str], module: str | None) -> bool:
    return module is not None and module.partition(".")[0] in packages
