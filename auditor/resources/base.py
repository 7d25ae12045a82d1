"""Typed resources: fields declared once, read from any source.

A resource class lists the properties that some check reads, under CloudFormation's names in snake_case:

    class Volume(Resource, cfn="AWS::EC2::Volume", tf="aws_ebs_volume"):
        size: int | None = None
        volume_type: Annotated[str, From(tf="type")] = "gp2"      # what AWS does when it is absent
        state: Annotated[str, From(cfn=None, tf=None)]            # only a live account knows

Nothing is converted until a check reads it. A field whose value the source cannot know raises `Undecided` when it is
read, so check authors write plain two-valued Python and the engine records *unknown*.

Modules that define resources must not use `from __future__ import annotations`: the annotations are data here.
"""

from __future__ import annotations

import inspect
import types
import typing
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Final, Literal, Protocol, Self, get_args, get_origin

from auditor.findings import Finding
from auditor.raw import Dialect, Path, Raw, Scope
from auditor.values import ABSENT, Condition, Partial, Reference, Undecided, Unknown, known

if TYPE_CHECKING:
    from auditor.pricing.savings import Saving

NOWHERE: Final = "(nowhere)"
"""For `From`: that source never has the property, and the default is the truth there."""

_SAME: Any = object()
_REQUIRED: Any = object()


@dataclass(frozen=True, slots=True)
class From:
    """Where a field stands in each vocabulary, where that is not its own name.

    A dotted path of property names; an empty text for the whole resource; None where that source never says, so that
    reading the field there is undecided. CloudFormation's and the live API's default is the field's name in
    PascalCase, Terraform's the field's name. `NOWHERE` where that source never says so because the default holds.
    """

    cfn: str | None = _SAME
    tf: str | None = _SAME
    live: str | None = _SAME


@dataclass(frozen=True, slots=True)
class Part:
    """A field that some source keeps as a resource of its own.

    Attributes:
        type: that resource's type, such as `AWS::S3::BucketPolicy`.
        by: its property that refers to the owner.
        take: the dotted path of its property that holds the field; empty for the whole resource.
    """

    type: str
    by: str
    take: str = ""


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
    """One field of a class, compiled for one dialect; `inner` is the type of its value or of its members."""

    name: str
    path: tuple[str, ...] | None
    convert: Converter
    default: Any
    many: bool
    parts: tuple[Part, ...]
    inner: Any


class Struct:
    """A typed view of a raw mapping: a resource, or a block inside one."""

    _fields: ClassVar[dict[str, Any]] = {}
    _defaults: ClassVar[dict[str, Any]] = {}
    _plans: ClassVar[dict[Dialect, dict[str, Field]]] = {}

    def __init_subclass__(cls) -> None:
        """Turn the annotations into fields and take their defaults off the class, where they would hide unknowns."""
        cls._fields, cls._defaults, cls._plans = dict(cls._fields), dict(cls._defaults), {}
        for name, annotation in inspect.get_annotations(cls).items():
            if isinstance(annotation, str):
                if annotation.startswith("ClassVar["):
                    continue
                raise TypeError(f"{cls.__module__} must not use `from __future__ import annotations`")
            kind: Any = get_origin(annotation)
            if kind is ClassVar:
                continue
            cls._fields[name] = annotation
            cls._defaults.pop(name, None)
            if name in cls.__dict__:
                cls._defaults[name] = cls.__dict__[name]
                delattr(cls, name)

    def __init__(self, raw: Raw, path: Path = (), values: Mapping[str, Any] | None = None) -> None:
        """View `values` (the raw's own properties when None), which stand at `path` of `raw`."""
        self._raw = raw
        self._path = path
        self._values = raw.properties if values is None else values

    @classmethod
    def from_raw(cls, value: Any, raw: Raw, path: Path) -> Self:
        """View a nested block; a list of one block, as Terraform has it, is that block."""
        if isinstance(value, list) and len(value) == 1:
            value, path = known(value[0]), (*path, 0)
        if not isinstance(value, Mapping):
            raise wrong(path, "a map", value)
        return cls(raw, path, value)

    @classmethod
    def plan(cls, dialect: Dialect) -> dict[str, Field]:
        """The fields, compiled for a dialect on first use."""
        plan = cls._plans.get(dialect)
        if plan is None:
            plan = cls._plans[dialect] = {
                name: _compile(name, annotation, cls._defaults.get(name, _REQUIRED), dialect)
                for name, annotation in cls._fields.items()
            }
        return plan

    if not TYPE_CHECKING:  # hidden from type checkers, so that they still catch a misspelt field

        def __getattr__(self, name: str) -> Any:
            if name.startswith("_") or name not in self._fields:
                raise AttributeError(f"{type(self).__name__} has no field {name!r}")
            value = self._read(self.plan(self._raw.dialect)[name])
            if not self._raw.volatile:
                self.__dict__[name] = value
            return value

    def _read(self, field: Field) -> Any:
        return _own(self, field)

    def spot(self, name: str = "") -> tuple[Raw, Path]:
        """Where this block, or its field `name` (dotted for a field of a nested block), stands in its source."""
        if not name:
            return self._raw, self._path
        first, _, rest = name.partition(".")
        if rest:
            inner = getattr(self, first)
            if isinstance(inner, Struct):
                return inner.spot(rest)
        path = self.plan(self._raw.dialect)[first].path
        return self._raw, self._path if path is None or path == (NOWHERE,) else (*self._path, *path)


class Resource(Struct):
    """A resource of an account or a template.

    Subclasses name the types they are read from: `class Bucket(Resource, cfn="AWS::S3::Bucket", tf="aws_s3_bucket")`.
    """

    cfn: ClassVar[str] = ""
    tf: ClassVar[str] = ""

    def __init_subclass__(cls, cfn: str = "", tf: str = "") -> None:
        """Register the class under its CloudFormation and Terraform types; without one it is a base for others."""
        super().__init_subclass__()
        cls.cfn, cls.tf = cfn, tf
        for type_name in (cfn, tf):
            if type_name:
                TYPES[type_name] = cls

    def __init__(self, raw: Raw) -> None:
        """View a raw resource; `Inventory` joins its parts."""
        super().__init__(raw)
        self._parts: dict[str, list[tuple[Raw, Part] | Unknown]] = {}

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.address}>"

    @property
    def address(self) -> str:
        """Unique in the scan and stable between scans."""
        return self._raw.address

    @property
    def title(self) -> str:
        """What people call it."""
        return self._raw.title or self._raw.id

    @property
    def scope(self) -> Scope:
        """The template or the account and region it lives in."""
        return self._raw.scope

    @property
    def raw(self) -> Raw:
        """The raw resource, for sources, inventory and reports; checks read fields."""
        return self._raw

    @property
    def exists(self) -> Condition | None:
        """The open condition under which it is created; None where it certainly exists."""
        return self._raw.exists

    def answers_to(self, reference: str | None) -> bool:
        """Whether `reference` (an id, name, ARN or template reference) means this resource.

        Raises:
            Undecided: the reference is a literal and this resource's own name is unknown.
        """
        if isinstance(reference, Reference):
            return reference.target == self._raw.id and reference.scope == self._raw.scope.name
        if reference is None or reference == self._raw.id or reference in self._raw.names:
            return reference is not None
        for name in self._raw.names:
            if isinstance(name, Unknown):
                raise Undecided(name.reason)
        return False

    def fail(
        self,
        message: str,
        *,
        at: str | Placed | None = None,
        expected: str | None = None,
        saving: Saving | None = None,
    ) -> Finding:
        """A finding about this resource.

        Args:
            message: what is wrong, read after the resource's name: "has direct internet access".
            at: the field that is wrong (dotted for a nested one), or a nested block or policy statement.
            expected: what should be written there, where one value is right.
            saving: what mending it saves a month.
        """
        raw, path = self.spot() if at is None else self.spot(at) if isinstance(at, str) else at.spot()
        return Finding(message, raw, path, expected, saving)

    def _read(self, field: Field) -> Any:
        if not field.parts or self._raw.dialect == "live":
            return _own(self, field)
        return _joined(self, field, self._parts.get(field.name, []))

    def spot(self, name: str = "") -> tuple[Raw, Path]:
        """As `Struct.spot`; a field that came from a part stands in the part."""
        first = name.partition(".")[0]
        for part in self._parts.get(first, ()):
            if first == name and not isinstance(part, Unknown):
                return part[0], _steps(part[1].take)
        return super().spot(name)


TYPES: dict[str, type[Resource]] = {}
"""Every resource class by its CloudFormation and Terraform type."""


class Placed(Protocol):
    """Anything that knows where it stands in its source: a block, a policy statement."""

    def spot(self) -> tuple[Raw, Path]:
        """The raw resource and the path in it."""
        ...


class Tags:
    """A resource's tags. Keys are compared without regard to case, as people write them."""

    def __init__(self, values: dict[str, Any], undecided: Undecided | None = None) -> None:
        """`values` by lower-case key; `undecided` where some keys are unknown."""
        self._tags = values
        self._undecided = undecided

    @classmethod
    def from_raw(cls, value: Any, raw: Raw, path: Path) -> Tags:
        """Read AWS's list of Key/Value pairs (or KMS's TagKey/TagValue, ECS's key/value) or a plain map."""
        if isinstance(value, Mapping):
            return cls({str(key).lower(): text for key, text in value.items()})
        if not isinstance(value, list):
            raise wrong(path, "a list of tags", value)
        tags: dict[str, Any] = {}
        undecided: Undecided | None = None
        for member in value:
            try:
                tag = known(member)
                if not isinstance(tag, Mapping):
                    raise wrong(path, "a list of Key/Value pairs", tag)
                name, text = (
                    next((tag[key] for key in keys if key in tag), "")
                    for keys in (("Key", "key", "TagKey"), ("Value", "value", "TagValue"))
                )
                tags[str(known(name)).lower()] = text
            except Undecided as error:
                undecided = error
        return cls(tags, undecided)

    def get(self, *names: str) -> str | None:
        """The value of the first of `names` that is set, None where none is.

        Raises:
            Undecided: that value is unknown, or one of the unknown keys may be it.
        """
        for name in names:
            if name.lower() in self._tags:
                return str(known(self._tags[name.lower()]))
        if self._undecided:
            raise Undecided(self._undecided.reason, self._undecided.atom, elsewhere=self._undecided.elsewhere)
        return None


def wrong(path: Path, expected: str, value: Any) -> Undecided:
    """The error for a value of the wrong shape: named, never shown, as it may hold a secret."""
    place = ".".join(map(str, path)) or "the value"
    return Undecided(f"{place} should be {expected} but is {_kind(value)}")


def _kind(value: Any) -> str:
    kinds = {dict: "a map", list: "a list", str: "text", bool: "true or false", int: "a number", float: "a number"}
    return "a reference" if isinstance(value, Reference) else kinds.get(type(value), type(value).__name__)


def _steps(path: str) -> tuple[str, ...]:
    return tuple(path.split(".")) if path else ()


def _walk(values: Any, path: tuple[str, ...]) -> Any:
    """The known value at `path`, `ABSENT` where a step is missing."""
    value = values
    for depth, step in enumerate(path):
        if type(value) is list and len(value) == 1:
            value = known(value[0])
        if not isinstance(value, Mapping):
            raise wrong(path[:depth], "a map", value)
        value = known(value.get(step, ABSENT))
        if value is ABSENT or value is None:
            return ABSENT
    return value


def _own(struct: Struct, field: Field) -> Any:
    if field.path is None:
        raise Undecided(f"{_source_name(struct._raw.dialect)} does not say {field.name.replace('_', ' ')}")
    value = _walk(struct._values, field.path)
    if value is not ABSENT:
        return field.convert(value, struct._raw, (*struct._path, *field.path))
    if field.default is _REQUIRED:
        raise Undecided(f"{'.'.join(map(str, (*struct._path, *field.path)))} is missing")
    return field.default


def _source_name(dialect: Dialect) -> str:
    return {"cfn": "a template", "tf": "a Terraform configuration", "live": "the API"}[dialect]


def _joined(owner: Resource, field: Field, parts: list[tuple[Raw, Part] | Unknown]) -> Any:
    """A field whose value, or some of whose members, other resources may hold."""
    found: list[Any] = []
    undecided: Undecided | None = None
    for part in parts:
        try:
            if isinstance(part, Unknown):
                known(part)
            else:
                found.append(_part_value(field, *part))
        except Undecided as error:
            undecided = undecided or error
    if not field.many and found and found[0] is not ABSENT:
        return found[0]
    if undecided and not field.many:
        raise undecided
    try:
        own = _own(owner, field)
    except Undecided as error:
        if not field.many:
            raise
        own, undecided = (), error
    if not field.many:
        types_apart = [part.type for part in field.parts if "::" in part.type]
        if own is field.default and types_apart and owner._raw.dialect == "cfn":
            raise Undecided(f"no {types_apart[0]} for it in this template; another stack may have one")
        return own
    members = [member for value in found if value is not ABSENT for member in value]
    if isinstance(own, Partial):
        undecided = undecided or own.undecided
        own = tuple(tuple.__iter__(own))
    everything = (*own, *members)
    return Partial(everything, undecided) if undecided else everything


def _part_value(field: Field, raw: Raw, part: Part) -> Any:
    if raw.exists is not None:
        answer = raw.exists.decide()
        if answer is None:
            raise Undecided(f"{raw.id} depends on the condition {raw.exists}", raw.exists.open_atom())
        if not answer:
            return ABSENT
    path = _steps(part.take)
    value = _walk(raw.properties, path)
    return value if value is ABSENT else field.convert(value, raw, path)


# --- compiling annotations ------------------------------------------------------------------------------------------


def _compile(name: str, annotation: Any, default: Any, dialect: Dialect) -> Field:
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
    path = None if place is None else _steps(place)
    own_parts = tuple(part for part in parts if ("::" in part.type) == (dialect != "tf"))
    many = get_origin(annotation) is tuple
    return Field(name, path, converter(annotation), default, many, own_parts, _innermost(annotation))


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
        return _tuple_of(converter(get_args(annotation)[0]))
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


def _tuple_of(convert: Converter) -> Converter:
    """Members that are unknown leave a `Partial`; a lone value counts as a list of one, as AWS takes it."""

    def convert_all(value: Any, raw: Raw, path: Path) -> tuple[Any, ...]:
        members = list(_members(value, path))
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
                undecided = undecided or error
        return Partial(tuple(found), undecided) if undecided else tuple(found)

    return convert_all


def _members(value: Any, path: Path) -> Iterator[tuple[Path, Any]]:
    if isinstance(value, list | tuple):
        for index, member in enumerate(value):
            yield (*path, index), member
    else:
        yield path, value
