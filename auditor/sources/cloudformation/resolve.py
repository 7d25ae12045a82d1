"""Resolves a template's values to plain data, with what only deployment decides left in as `auditor.values`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final, Protocol

from auditor.raw import Notice, Path, Scope
from auditor.sources.choices import BadArgument, concat, finished
from auditor.sources.cloudformation import parameters as outside
from auditor.sources.cloudformation.conditions import Conditions
from auditor.sources.cloudformation.intrinsics import FUNCTIONS
from auditor.sources.documents import Document
from auditor.sources.nodes import is_function
from auditor.sources.pseudo_parameters import pseudo_parameters
from auditor.values import ABSENT, Choice, Reference, Unknown

MAX_NOTICES: Final = 50
"""Notices about one file; what else there is to say is only counted."""
MAX_TEXT: Final = 20_000_000
"""Characters that the functions of one template may produce: a small file can ask for terabytes."""

CUSTOM: Final = ("Custom::", "AWS::CloudFormation::CustomResource")
STACK: Final = "AWS::CloudFormation::Stack"
INCLUDE: Final = "AWS::Include"

# The same for every stack that could import another's export, so that a name may hold them and still be certain.
SHARED: Final = ("AWS::AccountId", "AWS::Region", "AWS::Partition", "AWS::URLSuffix")
_SHARED_PLACES: Final = re.compile("|".join(rf"\$\{{{name}\}}" for name in SHARED))


class Surroundings(Protocol):
    """What a template's values may come from besides the template itself."""

    def output(self, stack: str, name: str) -> Any:
        """An output of the nested stack with the logical id `stack`."""
        ...

    def imported(self, name: str) -> Any:
        """The export of that name; None where no template that is read exports it."""
        ...


class Alone:
    """The surroundings of a template that is read by itself."""

    def output(self, stack: str, name: str) -> Any:
        """See `Surroundings`."""
        return Unknown(f"{stack}.Outputs.{name} is an output of a nested stack, which is not followed")

    def imported(self, name: str) -> Any:
        """See `Surroundings`."""
        return None


class Opaque(Mapping[str, Any]):
    """A mapping to which something not expanded (a macro, a loop) adds keys: each key not known here is unknown."""

    def __init__(self, known: Mapping[str, Any], unknown: Unknown) -> None:
        self.known = known
        self.unknown = unknown

    def __getitem__(self, key: str) -> Any:
        return self.known.get(key, self.unknown)

    def __iter__(self) -> Iterator[str]:
        return iter(self.known)

    def __len__(self) -> int:
        return len(self.known)


class Resolver:
    """Resolves the values of one template.

    Attributes:
        document, scope: the template.
        resources: the template's `Resources`, as they are written.
        conditions: the template's conditions.
        outer: by the name of a parameter that is a parameter of the parent stack, passed on: the parent's conditions
            and that parameter's name, so that a condition on the one is a condition on the other.
        macro: what a key that isn't written is, where a macro may add it; None where there is no macro.
        generated: something not expanded may define names that the file doesn't show.
        notices: what was not understood.
        path: where in the document's data it is resolving.
        found_choice, found_unknown: what has come up since the last `start`.
        edges: by resource, the resources that it certainly refers to.
        kept: by the path of a list that lost members to `AWS::NoValue`, the indexes of those that stayed.
    """

    def __init__(
        self,
        document: Document,
        scope: Scope,
        sections: Mapping[str, dict[str, Any]],
        given: Mapping[str, Any],
        surroundings: Surroundings | None = None,
    ) -> None:
        """`sections` are the template's by name, each a mapping; `given` the parameter values given from outside."""
        self.document = document
        self.scope = scope
        self.generated = False
        self.notices: list[Notice] = []
        self.path: list[str | int] = []
        self.found_choice = False
        self.found_unknown = False
        self.edges: dict[str, set[str]] = {}
        self.kept: dict[Path, list[int]] = {}
        self.resources = sections["Resources"]
        self.conditions = Conditions(self, sections["Conditions"])
        self._mappings = sections["Mappings"]
        self._declarations = {
            name: value for name, value in sections["Parameters"].items() if isinstance(value, Mapping)
        }
        self.outer: Mapping[str, tuple[Conditions, str]] = {}
        self.macro: Unknown | None = None
        self._given = given
        self._surroundings = surroundings or Alone()
        self._parameters: dict[str, Any] = {}
        self._pseudo = pseudo_parameters(scope)
        self._said: set[tuple[str, int | None]] = set()
        self._unsaid = 0
        self._text_left = MAX_TEXT
        self._resource: str | None = None
        self._open_branches = 0

    # --- resolving --------------------------------------------------------------------------------------------------

    def start(self, *path: str | int) -> None:
        """Begin at a path of the document, such as a resource's properties."""
        self.path = list(path)
        self.found_choice = self.found_unknown = False
        self._resource = str(path[1]) if path and path[0] == "Resources" else None

    def resolve(self, value: Any) -> Any:
        """The value with every function in it replaced by what it gives."""
        kind = type(value)
        if kind is str:
            return self._dynamic(value) if "{{resolve:" in value else value
        if kind is dict:
            if len(value) == 1:
                ((name, argument),) = value.items()
                if is_function(name):
                    return self._call(name, argument)
            return self._mapping(value)
        if kind is list:
            return self._list(value)
        return value

    def _dynamic(self, value: str) -> str | Unknown:
        self.found_unknown = True
        return finished(value)

    def _mapping(self, value: dict[str, Any]) -> Any:
        resolved: dict[str, Any] = {}
        if "Fn::Transform" in value and self.macro is None and not is_include(value["Fn::Transform"]):
            with self.under_macro():
                return self._mapping(value)
        adds, path = self.macro, self.path
        for key, item in value.items():
            path.append(key)
            if key[:4] == "Fn::":
                adds = self._beside(key)
            elif (result := self.resolve(item)) is not ABSENT:
                resolved[key] = result
            path.pop()
        return Opaque(resolved, adds) if adds else resolved

    def _list(self, value: list[Any]) -> list[Any]:
        resolved = []
        path = self.path
        for index, item in enumerate(value):
            path.append(index)
            resolved.append(self.resolve(item))
            path.pop()
        if any(item is ABSENT for item in resolved):
            self.kept[tuple(path)] = [index for index, item in enumerate(resolved) if item is not ABSENT]
            resolved = [item for item in resolved if item is not ABSENT]
        return resolved

    def _call(self, name: str, argument: Any) -> Any:
        depth = len(self.path)
        self.path.append(name)
        function = FUNCTIONS.get(name)
        try:
            result = function(self, argument) if function else self._not_a_function(name)
        except BadArgument as error:
            self.warn(f"{name}: {error}")
            result = Unknown(f"{name} is used in a way that can't be understood")
        del self.path[depth:]
        if type(result) is Unknown:
            self.found_unknown = True
        return result

    def _not_a_function(self, name: str) -> Unknown:
        if name.startswith("Fn::ForEach::"):
            return self._beside(name)
        self.warn(f"{name} is not followed, so what it gives is unknown", once=True)
        return Unknown(f"{name} is not followed")

    def _beside(self, key: str) -> Unknown:
        """A function among other keys of a mapping."""
        self.found_unknown = True
        if key in FUNCTIONS:
            self.warn(f"{key} must be the only key of its mapping")
        elif not key.startswith("Fn::ForEach::"):  # of which writing it out has said what is unknown
            self.warn(f"{key} is not expanded, so what it adds is unknown", once=True)
        return Unknown(f"{key} may set it")

    # --- what functions use -----------------------------------------------------------------------------------------

    def child(self, step: str | int, value: Any) -> Any:
        """Resolve what stands one step further down."""
        self.path.append(step)
        result = self.resolve(value)
        self.path.pop()
        return result

    def descend(self, step: str | int) -> Resolver:
        """Go one step down, for several calls of `child`; `ascend` goes back."""
        self.path.append(step)
        return self

    def ascend(self) -> None:
        """Go back up."""
        self.path.pop()

    @contextmanager
    def elsewhere(self, path: Path) -> Iterator[None]:
        """Resolve something at another place of the document, such as the condition that is asked about."""
        before = self.path, self._resource, self.found_choice, self.found_unknown
        self.path, self._resource = list(path), None
        try:
            yield
        finally:
            self.path, self._resource, self.found_choice, self.found_unknown = before

    @contextmanager
    def under_condition(self) -> Iterator[None]:
        """What is referred to within is not certainly referred to."""
        self._open_branches += 1
        try:
            yield
        finally:
            self._open_branches -= 1

    @contextmanager
    def under_macro(self, there_is_one: bool = True) -> Iterator[None]:
        """What a macro works on: it may add any key to what is resolved within."""
        before = self.macro
        self.macro = before or (Unknown("a macro may set it") if there_is_one else None)
        try:
            yield
        finally:
            self.macro = before

    @contextmanager
    def naming(self) -> Iterator[None]:
        """Resolve the name of an export: what is the same for exporter and importer may stay open in it."""
        before = self._pseudo
        self._pseudo = before | {name: f"${{{name}}}" for name in SHARED if type(before[name]) is Unknown}
        try:
            yield
        finally:
            self._pseudo = before

    def at(self, path: Path, value: Any) -> Any:
        """Resolve a value that stands at another place of the document."""
        with self.elsewhere(path):
            return self.resolve(value)

    def ref(self, name: str) -> Any:
        """What `Ref` of a name, or `${Name}`, gives."""
        if name in self._declarations:
            return self._from_outside(self.parameter(name))
        if name in self._pseudo:
            return self._pseudo[name]
        return self._reference(name, None)

    def parameter(self, name: str) -> Any:
        """The value of a parameter that the template declares."""
        if name not in self._parameters:
            # Where finding it asks for itself (stacks that depend on each other), it is unknown.
            self._parameters[name] = Unknown(f"the value of parameter {name} depends on itself")
            self._parameters[name] = outside.parameter_value(name, self._declarations[name], self._given)
        return self._parameters[name]

    @property
    def declared(self) -> Iterable[str]:
        """The names of the template's parameters."""
        return self._declarations.keys()

    def _from_outside(self, value: Any) -> Any:
        """Note what a value that another template made holds."""
        if type(value) is Choice or (type(value) is list and any(type(member) is Choice for member in value)):
            self.found_choice = True
        return value

    def imported(self, name: Any) -> Any:
        """What another template exports by a name (resolved under `naming`); None where that is not certain."""
        return self._from_outside(self._surroundings.imported(name)) if _is_certain(name) else None

    def export_name(self, path: Path, value: Any) -> str | None:
        """The name of an export, as importers of the same account and region write it; None where it isn't certain."""
        with self.naming():
            name = self.at(path, value)
        return name if _is_certain(name) else None

    def forget(self) -> None:
        """Ask again for what comes from outside: more of that is known now."""
        self._parameters.clear()
        self.conditions.forget()

    def attribute(self, name: str, attribute: str) -> Any:
        """What `Fn::GetAtt` of a resource, or `${Name.Attribute}`, gives."""
        result = self._reference(name, attribute)
        if type(result) is Unknown:
            return result
        kind = self.resources[name].get("Type")
        if isinstance(kind, str) and kind.startswith(CUSTOM):
            self.warn("what custom resources return is known only at deployment", once=True)
            return Unknown(f"{name}.{attribute} is what the custom resource {name} returns at deployment")
        if kind == STACK and attribute.startswith("Outputs."):
            return self._from_outside(self._surroundings.output(name, attribute.removeprefix("Outputs.")))
        return result

    def _reference(self, name: str, attribute: str | None) -> Reference | Unknown:
        resource = self.resources.get(name)
        if not isinstance(resource, Mapping):
            if not self.generated:
                what = "resource" if attribute else "resource or parameter"
                self.warn(f"there is no {what} named {name}")
            return Unknown(f"{name} is not declared here")
        condition = resource.get("Condition")
        if isinstance(condition, str) and self.conditions.named(condition) is False:
            self.warn(f"{name} is referred to but not created, because its condition {condition} is false")
            return Unknown(f"{name} is not created")
        if self._resource is not None and not self._open_branches:
            self.edges.setdefault(self._resource, set()).add(name)
        return Reference(name, attribute, self.scope.name)

    def find_in_map(self, mapping: str, first: str, second: str, default: Any) -> Any:
        """A value of `Mappings`; `default` (`ABSENT` for none) where there is none."""
        found: Any = self._mappings.get(mapping)
        for key in (first, second):
            found = found.get(key) if isinstance(found, Mapping) else None
        if found is not None:
            return self.resolve(found)
        if default is not ABSENT:
            return default
        if not any(key.startswith("Fn::") for key in self._mappings):
            self.warn(f"Mappings has no {mapping}.{first}.{second}")
        return Unknown(f"Mappings has no {mapping}.{first}.{second}")

    def allowed_values(self, parameter: str) -> list[str] | None:
        """The values that an unknown parameter is limited to; None where it isn't."""
        declaration = self._declarations.get(parameter)
        allowed = outside.allowed_values(declaration) if declaration else None
        if allowed is None and parameter in self.outer:
            conditions, name = self.outer[parameter]
            return conditions.allowed_values(name)
        return allowed

    def text(self, pieces: Iterable[Any]) -> Any:
        """One text of several pieces; see `choices.concat`."""
        pieces = list(pieces)
        self.charge(sum(len(piece) for piece in pieces if isinstance(piece, str)))
        return concat(pieces)

    def charge(self, characters: int) -> None:
        """Count text that a function is about to produce.

        Raises:
            BadArgument: the template has produced too much.
        """
        self._text_left -= characters
        if self._text_left < 0:
            raise BadArgument(f"this template's functions produce more than {MAX_TEXT:,} characters")

    # --- saying what was not understood -----------------------------------------------------------------------------

    def warn(self, message: str, path: Path | None = None, *, once: bool = False) -> None:
        """Note something about a path of the document (default: the one being resolved); each message once per line."""
        location = self.document.locate(tuple(self.path) if path is None else path)
        key = (message, None if once else location.line)
        if key in self._said:
            return
        if len(self._said) >= MAX_NOTICES:
            self._unsaid += 1
            return
        self._said.add(key)
        self.notices.append(Notice("warning", message, location))

    def all_notices(self) -> list[Notice]:
        """The notices, with a last one for those that were only counted."""
        if not self._unsaid:
            return self.notices
        where = self.document.span(0, 1)
        return [*self.notices, Notice("warning", f"{self._unsaid} more things were not understood", where)]


def _is_certain(name: Any) -> bool:
    return type(name) is str and "${" not in _SHARED_PLACES.sub("", name)


def is_include(transform: Any) -> bool:
    """Whether a transform is the macro that only adds: what stands beside it stays as it is."""
    return isinstance(transform, dict) and transform.get("Name") == INCLUDE
