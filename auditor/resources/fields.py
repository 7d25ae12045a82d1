"""Fields of resources: how they are declared, and how an annotation becomes a function that reads a raw value."""

from __future__ import annotations

import json
import types
import typing
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Final, Literal, Protocol, Self, get_args, get_origin

from auditor.raw import Dialect, Path, Raw
from auditor.values import ABSENT, Choice, Partial, Reference, Undecided, Unknown, known

NOWHERE: Final = "(nowhere)"
"""For `From`: that source never has the property, and the default is the truth there."""

_SAME: Any = object()
REQUIRED: Any = object()
"""The default of a field that has none."""


@dataclass(frozen=True, slots=True)
class From:
    """Where a field stands in each vocabulary, where that is not its own name.

    A dotted path of property names; an empty text for the whole resource; None where that source never says, so that
    reading the field there is undecided. CloudFormation's and the live API's default is the field's name in
    PascalCase, Terraform's the field's name. `NOWHERE` where that source never says so because the default holds.
    Terraform may have several places, of which the first counts where something stands: those of versions of the
    provider, and of resources of their own that a `Part` joins.

    `tf_default` is what Terraform's provider sends where a configuration says nothing, if that is not AWS's default;
    `REQUIRED` where it depends on the provider's version, so that it is undecided.
    """

    cfn: str | None = _SAME
    tf: str | tuple[str, ...] | None = _SAME
    live: str | None = _SAME
    tf_default: Any = _SAME


@dataclass(frozen=True, slots=True)
class Part:
    """A field that some source keeps as a resource of its own.

    Attributes:
        type: that resource's type, such as `AWS::S3::BucketPolicy`.
        by: its property that refers to the owner.
        take: the dotted path of its property that holds the field; empty for the whole resource.
        only: the property, and the value that it has where the resource holds this field at all; one type of
            resource may hold several.
    """

    type: str
    by: str
    take: str = ""
    only: tuple[str, str] | None = None

    def is_in(self, raw: Raw) -> bool:
        """Whether a resource of its type holds the field.

        Raises:
            Undecided: what tells is not known.
        """
        return self.only is None or known(raw.properties.get(self.only[0])) == self.only[1]


Converter = Callable[[Any, Raw, Path], Any]
"""Makes a field's Python value of a known raw value that stands at a path of a resource."""


class Convertible(Protocol):
    """A class that makes itself of a raw value, such as `Policy`, `Tags` or a `Struct`."""

    @classmethod
    def from_raw(cls, value: Any, raw: Raw, path: Path) -> Self:
        """Make it of `value`; raises `Undecided` where the shape is wrong."""
        ...


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a class, compiled for one dialect.

    `others` are places where it stands if there is nothing at `path`; `inner` is the type of its value or of its
    members.
    """

    name: str
    path: tuple[str, ...] | None
    convert: Converter
    default: Any
    many: bool
    parts: tuple[Part, ...]
    inner: Any
    others: tuple[tuple[str, ...], ...] = ()


def compile_field(name: str, annotation: Any, default: Any, dialect: Dialect) -> Field:
    """The field of that name and annotation, for one dialect.

    Raises:
        TypeError: the annotation is none that a field may have.
    """
    source, parts = From(), []
    if get_origin(annotation) is Annotated:
        annotation, *extras = get_args(annotation)
        for extra in extras:
            if isinstance(extra, From):
                source = extra
            elif isinstance(extra, Part):
                parts.append(extra)
    place = getattr(source, dialect)
    if place is _SAME:
        place = name if dialect == "tf" else "".join(word.capitalize() for word in name.split("_"))
    path, *others = (None if one is None else steps(one) for one in (place if isinstance(place, tuple) else (place,)))
    own_parts = tuple(part for part in parts if ("::" in part.type) == (dialect != "tf"))
    if dialect == "tf" and source.tf_default is not _SAME:
        default = source.tf_default
    many = get_origin(annotation) is tuple
    inner = _innermost(annotation)
    return Field(name, path, converter(annotation), default, many, own_parts, inner, tuple(filter(None, others)))


def _innermost(annotation: Any) -> Any:
    """The member type of a tuple, the type beside None, else the annotation itself."""
    members = [member for member in get_args(annotation) if member not in (types.NoneType, ...)]
    wraps = get_origin(annotation) in (tuple, Annotated, types.UnionType, typing.Union)
    return _innermost(members[0]) if wraps and members else annotation


def converter(annotation: Any) -> Converter:
    """The function that makes a value of type `annotation` of a known raw value.

    Raises:
        TypeError: the annotation is none that a field may have.
    """
    kind = get_origin(annotation)
    if annotation in _PLAIN:
        return _PLAIN[annotation]
    if kind is Annotated:
        return converter(get_args(annotation)[0])
    if kind in (types.UnionType, typing.Union):
        members = [member for member in get_args(annotation) if member is not types.NoneType]
        if len(members) == 1:
            return converter(members[0])
    if kind is Literal:
        return _one_of(get_args(annotation))
    if kind is tuple:
        member = get_args(annotation)[0]
        return _tuple_of(converter(member), of_blocks=getattr(member, "from_json", False))
    if isinstance(annotation, type) and hasattr(annotation, "from_raw"):
        make: Converter = annotation.from_raw
        return make
    raise TypeError(f"a field cannot be {annotation!r}")


def _text(value: Any, raw: Raw, path: Path) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return str(value)
    raise wrong(path, "text", value)


def _whole(value: Any, raw: Raw, path: Path) -> int:
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, str) and not isinstance(value, Reference):
        try:
            return int(value)
        except ValueError:
            pass
    raise wrong(path, "a whole number", value)


def _number(value: Any, raw: Raw, path: Path) -> float:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return float(value)
    if isinstance(value, str) and not isinstance(value, Reference):
        try:
            return float(value)
        except ValueError:
            pass
    raise wrong(path, "a number", value)


def _flag(value: Any, raw: Raw, path: Path) -> bool:
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value.lower() in ("true", "false"):
        return value.lower() == "true"
    raise wrong(path, "true or false", value)


def _moment(value: Any, raw: Raw, path: Path) -> datetime:
    if isinstance(value, datetime):
        return value
    if isinstance(value, str):
        try:
            return datetime.fromisoformat(value)
        except ValueError:
            pass
    raise wrong(path, "a date and time", value)


def _as_is(value: Any, raw: Raw, path: Path) -> Any:
    return value


_PLAIN: dict[Any, Converter] = {str: _text, int: _whole, float: _number, bool: _flag, datetime: _moment, Any: _as_is}


def _one_of(allowed: tuple[str, ...]) -> Converter:
    def convert(value: Any, raw: Raw, path: Path) -> str:
        text = _text(value, raw, path)
        if text not in allowed:
            raise wrong(path, f"one of {', '.join(allowed)}", value)
        return text

    return convert


def _tuple_of(convert: Converter, *, of_blocks: bool = False) -> Converter:
    """Members that are unknown leave a `Partial`; a lone value counts as a list of one, as AWS takes it."""

    def convert_all(value: Any, raw: Raw, path: Path) -> tuple[Any, ...]:
        members = list(_members(decoded(value, path) if of_blocks else value, path))
        found: list[Any] = []
        undecided: Undecided | None = None
        for place, member in members:
            try:
                settled = known(member)
                if isinstance(settled, list):  # an Fn::If or FindInMap that gives several members
                    found.extend(convert(known(inner), raw, (*place, index)) for index, inner in enumerate(settled))
                elif settled is not ABSENT:
                    found.append(convert(settled, raw, place))
            except Undecided as error:
                undecided = undecided or error.again()
        return Partial(tuple(found), undecided) if undecided else tuple(found)

    return convert_all


def _members(value: Any, path: Path) -> Iterator[tuple[Path, Any]]:
    if isinstance(value, list | tuple):
        for index, member in enumerate(value):
            yield (*path, index), member
    else:
        yield path, value


def decoded(value: Any, path: Path) -> Any:
    """What a text says that stands where blocks do: Terraform has some of them as JSON. Anything else is as it is.

    Raises:
        Undecided: the text is not JSON.
    """
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except (ValueError, RecursionError):
        raise wrong(path, "JSON", value) from None


def wrong(path: Path, expected: str, value: Any) -> Undecided:
    """The error for a value of the wrong shape: named, never shown, as it may hold a secret."""
    place = ".".join(map(str, path)) or "the value"
    return Undecided(f"{place} should be {expected} but is {_kind(value)}")


def _kind(value: Any) -> str:
    kinds = {dict: "a map", list: "a list", str: "text", bool: "true or false", int: "a number", float: "a number"}
    return "a reference" if isinstance(value, Reference) else kinds.get(type(value), type(value).__name__)


def steps(path: str) -> tuple[str, ...]:
    """The steps of a dotted path; none for an empty one."""
    return tuple(path.split(".")) if path else ()


def walk(values: Any, path: tuple[str, ...]) -> Any:
    """The known value at `path`, `ABSENT` where a step is missing.

    Raises:
        Undecided: it is unknown, or a step of the path is not a map.
    """
    value = values
    for depth, step in enumerate(path):
        if type(value) is not dict:  # the plain case first: this is read a few times for every resource and check
            value = decoded(value, path[:depth])
            if type(value) is list and len(value) == 1:
                value = known(value[0])
            if not isinstance(value, Mapping):
                raise wrong(path[:depth], "a map", value)
        value = value.get(step, ABSENT)
        if type(value) in _OPEN:
            value = known(value)
        if value is ABSENT or value is None:
            return ABSENT
    return value


_OPEN = (Choice, Unknown)
