"""Typed resources: views of raw ones, whose fields are read from any source.

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
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Protocol, Self, get_origin

from auditor.findings import Finding, Hop
from auditor.raw import Dialect, Path, Raw, Scope
from auditor.resources.fields import NOWHERE, REQUIRED, Field, Part, compile_field, decoded, steps, walk, wrong
from auditor.values import ABSENT, Choice, Condition, Partial, Reference, Undecided, Unknown, known

if TYPE_CHECKING:
    from auditor.pricing.savings import Saving


class Struct:
    """A typed view of a raw mapping: a resource, or a block inside one."""

    _fields: ClassVar[dict[str, Any]] = {}
    _defaults: ClassVar[dict[str, Any]] = {}
    _plans: ClassVar[dict[Dialect, dict[str, Field]]] = {}

    from_json: ClassVar[bool] = True
    """Whether it is meant by a text of JSON that stands in its place."""

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
        self._plan = type(self).plan(raw.dialect)

    @classmethod
    def from_raw(cls, value: Any, raw: Raw, path: Path) -> Self:
        """View a nested block; a list of one block, as Terraform has it, is that block, and a text is its JSON."""
        value = decoded(value, path)
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
                name: compile_field(name, annotation, cls._defaults.get(name, REQUIRED), dialect)
                for name, annotation in cls._fields.items()
            }
        return plan

    if not TYPE_CHECKING:  # hidden from type checkers, so that they still catch a misspelt field

        def __getattr__(self, name: str) -> Any:
            if name.startswith("_") or name not in self._plan:
                raise AttributeError(f"{type(self).__name__} has no field {name!r}")
            value = self._read(self._plan[name])
            if not self._raw.volatile:
                self.__dict__[name] = value
            return value

    def _read(self, field: Field) -> Any:
        return _own(self, field)

    def given(self, name: str) -> Any:
        """What the source says for a field, as it is and maybe unknown; `ABSENT` where it says nothing.

        Without a name, all that it says.

        Raises:
            Undecided: that source never says, or what holds the field is not known.
        """
        if not name:
            return self._values
        path = self._place(self._plan[name])
        if path is None:
            raise _unsaid(self._plan[name], self._raw)
        holder = walk(self._values, path[:-1])
        if type(holder) is list and len(holder) == 1:
            holder = known(holder[0])
        return holder.get(path[-1], ABSENT) if isinstance(holder, Mapping) else ABSENT

    def _place(self, field: Field) -> tuple[str, ...] | None:
        """Where a field stands here: the first of its places with anything there."""
        for path in (field.path, *field.others) if field.path and field.others else ():
            try:
                if _said(self._values, path, self._raw) is not ABSENT:
                    return path
            except Undecided:
                return path
        return field.path

    def spot(self, name: str = "") -> tuple[Raw, Path]:
        """Where this block, or its field `name` (dotted for a field of a nested block), stands in its source."""
        if not name:
            return self._raw, self._path
        first, _, rest = name.partition(".")
        if rest:
            inner = getattr(self, first)
            if isinstance(inner, Struct):
                return inner.spot(rest)
        path = self._place(self._plan[first])
        return self._raw, self._path if path is None or path == (NOWHERE,) else (*self._path, *path)


class JsonBlock(Struct):
    """A block that Terraform has as JSON, which its provider reads in Go: there, the case of keys does not matter."""

    def __init__(self, raw: Raw, path: Path = (), values: Mapping[str, Any] | None = None) -> None:
        """As `Struct`."""
        super().__init__(raw, path, values)
        if raw.dialect == "tf":
            places = (place for field in self._plan.values() for place in (field.path, *field.others) if place)
            names = {place[0].lower(): place[0] for place in places}
            self._values = {names.get(key.lower(), key): value for key, value in self._values.items()}


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
    def known_names(self) -> tuple[str, ...]:
        """Its name, as far as it is known, and its logical id."""
        names = [self.title, *(name for name in self.raw.names if isinstance(name, str))]
        for name in self.raw.names:
            if isinstance(name, Unknown) and name.parts:
                names.append("".join(part or "" for part in name.parts))
        return tuple(names)

    @property
    def scope(self) -> Scope:
        """The template or the account and region it lives in."""
        return self._raw.scope

    @property
    def parts_elsewhere(self) -> str:
        """Where what belongs to it was looked for, and why it may be elsewhere; empty where it would be there.

        The parts of a stack's resource often are another stack's. In Terraform, where far more is split into resources
        of its own, they stand in the configuration of their owner, unless that says otherwise.
        """
        if self._raw.dialect == "cfn":
            return "template; another stack may have one"
        return self._raw.shared and f"configuration; {self._raw.shared}"

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
        hops: tuple[Hop, ...] = (),
        secret: bool = False,
    ) -> Finding:
        """A finding about this resource.

        Args:
            message: what is wrong, read after the resource's name: "has direct internet access".
            at: the field that is wrong (dotted for a nested one), or a nested block or policy statement.
            expected: what should be written there, where one value is right.
            saving: what mending it saves a month.
            hops: the path that it is about, hop by hop.
            secret: what stands there is a secret, never to be shown.
        """
        raw, path = self.spot() if at is None else self.spot(at) if isinstance(at, str) else at.spot()
        return Finding(message, raw, path, expected, saving, hops, secret)

    def given_apart(self, name: str) -> list[Any]:
        """What the resources say that hold members of a field, each in one property, as it is and maybe unknown."""
        values: list[Any] = []
        for part in self._parts.get(name, ()):
            if isinstance(part, Unknown):
                values.append(part)
            else:
                raw, value = part[0], part[0].properties.get(part[1].take, ABSENT)
                values.append(value if raw.exists is None else Choice(raw.exists, value, ABSENT))
        return values

    def _read(self, field: Field) -> Any:
        if not field.parts or self._raw.dialect == "live":
            return _own(self, field)
        return _joined(self, field, self._parts.get(field.name, []))

    def spot(self, name: str = "") -> tuple[Raw, Path]:
        """As `Struct.spot`; a field that came from a part stands in the part.

        In Terraform, one that stands nowhere is at a step that no property has: the type of the part that is missing.
        """
        first = name.partition(".")[0]
        for part in self._parts.get(first, ()):
            if first == name and not isinstance(part, Unknown):
                return part[0], steps(part[1].take)
        field = self._plan.get(first)
        if self._raw.dialect == "tf" and field and field.parts and not self._parts.get(first) and not self._has(field):
            return self._raw, (field.parts[0].type,)
        return super().spot(name)

    def _has(self, field: Field) -> bool:
        """Whether anything stands where a field would be without a part."""
        path = self._place(field)
        try:
            return path is not None and walk(self._values, path) is not ABSENT
        except Undecided:
            return True


TYPES: dict[str, type[Resource]] = {}
"""Every resource class by its CloudFormation and Terraform type."""


def service_of(type_name: str) -> str:
    """The service of a resource's type: `SageMaker` of `AWS::SageMaker::Endpoint` and of `aws_sagemaker_endpoint`."""
    cls = TYPES.get(type_name)
    name = cls.cfn if cls and "::" not in type_name and "::" in cls.cfn else type_name
    parts = [part for part in name.split(":") if part]
    if len(parts) > 1:
        return parts[1]
    return name.split("_")[1] if name.startswith("aws_") else name


class Placed(Protocol):
    """Anything that knows where it stands in its source: a block, a policy statement."""

    def spot(self) -> tuple[Raw, Path]:
        """The raw resource and the path in it."""
        ...


def _own(struct: Struct, field: Field) -> Any:
    path = struct._place(field) if field.others else field.path
    if path is None:
        raise _unsaid(field, struct._raw)
    value = _said(struct._values, path, struct._raw)
    if value is not ABSENT:
        return field.convert(value, struct._raw, (*struct._path, *path))
    if field.default is REQUIRED:
        raise Undecided(f"{'.'.join(map(str, (*struct._path, *path)))} is missing")
    return field.default


def _unsaid(field: Field, raw: Raw) -> Undecided:
    return Undecided(f"{_source_name(raw.dialect)} does not say {field.name.replace('_', ' ')}")


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
            undecided = undecided or error.again()
    if not field.many and found and found[0] is not ABSENT:
        return found[0]
    if undecided and not field.many:
        raise undecided.again()
    try:
        own = _own(owner, field)
    except Undecided as error:
        if not field.many:
            raise
        own, undecided = (), undecided or error.again()
    if not field.many:
        if own is field.default and (elsewhere := owner.parts_elsewhere):
            raise Undecided(f"no {field.parts[0].type} for it in this {elsewhere}")
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
    if not part.is_in(raw):
        return ABSENT
    path = steps(part.take)
    value = _said(raw.properties, path, raw)
    return value if value is ABSENT else field.convert(value, raw, path)


def _said(values: Any, path: tuple[str, ...], raw: Raw) -> Any:
    """What stands at a path; Terraform's provider takes an empty text for an argument that is not set."""
    value = walk(values, path)
    return ABSENT if value == "" and raw.dialect == "tf" else value
