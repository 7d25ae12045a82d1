"""A template in its context: what its parent stack passes to it, its nested stacks, and what it exports."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path as FilePath
from typing import Any, Final, Protocol
from urllib.parse import urlsplit

from auditor.raw import Notice, Path, Raw, Scope
from auditor.sources.cloudformation import loops, sam
from auditor.sources.cloudformation.conditions import Conditions
from auditor.sources.cloudformation.macros import SAM, left_to_others, transforms
from auditor.sources.cloudformation.resolve import SHARED, STACK, Resolver
from auditor.sources.cloudformation.template import Template, condition_of
from auditor.sources.documents import Document
from auditor.sources.nodes import is_function
from auditor.sources.truths import Truth, combined
from auditor.values import ABSENT, Every, Unknown

_SCHEME: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:")  # two letters or more: `C:` is a drive


@dataclass(frozen=True, slots=True)
class Found:
    """A template that was read.

    Attributes:
        document: the file.
        account, region: where it will be deployed, if that is known.
        titles: what people call its resources, by logical id.
        parameters: values for it alone, which win over those for all.
    """

    document: Document
    account: str | None = None
    region: str | None = None
    titles: Mapping[str, str] = field(default_factory=dict)
    parameters: Mapping[str, Any] = field(default_factory=dict)


class NotFollowed(Exception):
    """A nested stack can't be followed; the text says why."""


class Others(Protocol):
    """What a stack needs of the others of the scan."""

    def imported(self, scope: Scope, name: str) -> Any:
        """What a stack imports by an export's name; None where nothing here exports it."""
        ...

    def template(self, file: str) -> Document:
        """The template of a nested stack; raises `NotFollowed`."""
        ...


class Stack:
    """A template in one context.

    Attributes:
        scope: its name is unique: the file, or the parent's with the logical id of the nested stack.
        file, place: its file as the user named it, and where that really is.
        exists: whether it is created.
        template, resolver: its template, with loops written out and SAM resources translated.
    """

    def __init__(
        self, others: Others, found: Found, given: Mapping[str, Any], *, parent: Stack | None = None, name: str = ""
    ) -> None:
        """A stack of a template that was found; `name` is its logical id in `parent`, where it has one."""
        self._others = others
        self._parent = parent
        self._given = given
        self._titles = found.titles
        self._notices: list[Notice] = []
        self._nested: dict[str, Stack | Unknown] | None = None
        self._asking: set[str] = set()
        self.file = found.document.file
        self.place = os.path.realpath(self.file)
        scope_name = f"{parent.scope.name}/{name}" if parent else self.file
        self.scope: Scope = Scope(scope_name, "template", found.account, found.region)
        self.exists: Truth = True
        self._outer: dict[str, tuple[Conditions, str]] = {}
        if parent:
            resource = parent.template.sections["Resources"][name]
            self.exists = combined(Every, [parent.exists, condition_of(parent.resolver, name, resource)])
            self._outer = _passed_on(parent.resolver, _block(resource, "Properties", "Parameters"))
        self._open(found.document)

    def _open(self, document: Document) -> None:
        self.template = Template(document)
        self.resolver = self._resolver()
        if loops.has_loops(document):
            document = loops.written_out(document, self.resolver)
            self._reopen(document)
        if any(name == SAM for name, _ in transforms(document.data)):
            document, notices = sam.translated(self.template, self.resolver)
            self._notices += notices
            self._reopen(document)
        for left in left_to_others(document.data, self.template.sections["Resources"]):
            self.resolver.generated = self.resolver.generated or left.names
            if left.message:
                self._notices.append(Notice("warning", left.message, document.locate(left.path)))

    def _reopen(self, document: Document) -> None:
        self._notices += self.resolver.all_notices()
        generated = self.resolver.generated
        self.template = Template(document)
        self.resolver = self._resolver()
        self.resolver.generated = generated

    def _resolver(self) -> Resolver:
        document, sections = self.template.document, self.template.sections
        resolver = Resolver(document, self.scope, sections, self._given, self)
        resolver.outer = self._outer
        if any(left.changes for left in left_to_others(document.data, sections["Resources"])):
            resolver.macro = Unknown("a macro may set it")
        return resolver

    # --- what it gives ----------------------------------------------------------------------------------------------

    def raws(self) -> tuple[list[Raw], int]:
        """Its resources, and how many of them hold nothing that only deployment decides."""
        if self.exists is False:
            return [], 0
        return self.template.raws(self.resolver, self.exists, self._titles)

    def notices(self) -> list[Notice]:
        """What could not be understood, so far."""
        return [*self._notices, *self.template.notices, *self.resolver.all_notices()]

    def exports(self) -> Iterator[tuple[str, str]]:
        """The names that it certainly exports, each with the output."""
        for output, declaration in self.template.outputs.items():
            export = _block(declaration, "Export")
            if self._value_of(output) is None or "Name" not in export:
                continue
            name = self.resolver.export_name(("Outputs", output, "Export", "Name"), export["Name"])
            if name is not None:
                yield name, output

    def value(self, output: str) -> Any:
        """The value of an output; None where it has no such output."""
        declaration = self._value_of(output)
        if declaration is None:
            return None
        if output in self._asking:
            return Unknown(f"the output {output} of {self.scope.name} depends on itself")
        self._asking.add(output)
        try:
            return self.resolver.at(("Outputs", output, "Value"), declaration["Value"])
        finally:
            self._asking.discard(output)

    def _value_of(self, output: str) -> dict[str, Any] | None:
        declaration = self.template.outputs.get(output)
        if self.exists is False or not isinstance(declaration, dict) or "Value" not in declaration:
            return None
        condition = declaration.get("Condition")
        is_made = not isinstance(condition, str) or self.resolver.conditions.named(condition) is not False
        return declaration if is_made else None

    # --- nested stacks ----------------------------------------------------------------------------------------------

    def tree(self) -> Iterator[Stack]:
        """Itself and all that is nested in it, parents first."""
        yield self
        for nested in self.nested.values():
            if isinstance(nested, Stack):
                yield from nested.tree()

    @property
    def nested(self) -> dict[str, Stack | Unknown]:
        """The nested stacks by logical id; unknown for those that can't be followed."""
        if self._nested is None:
            self._nested = {}  # what asks while they are being found, gets nothing
            for logical_id, resource in self.template.sections["Resources"].items():
                if isinstance(resource, dict) and resource.get("Type") == STACK:
                    self._nested[logical_id] = self._nest(logical_id, resource)
            if self._nested:
                self.resolver.forget()
        return self._nested

    def _nest(self, logical_id: str, resource: dict[str, Any]) -> Stack | Unknown:
        try:
            document = self._others.template(self._template_file(logical_id, resource))
            self._refuse_recursion(document)
        except NotFollowed as error:
            path: Path = ("Resources", logical_id, "Properties", "TemplateURL")
            message = f"the nested stack {logical_id} is not followed, so its outputs are unknown: {error}"
            self._notices.append(Notice("warning", message, self.template.document.locate(path)))
            return Unknown(f"the nested stack {logical_id} is not followed: {error}")
        given = _Passed(self.resolver, logical_id, _block(resource, "Properties", "Parameters"), document.data)
        found = Found(document, self.scope.account, self.scope.region)
        return Stack(self._others, found, given, parent=self, name=logical_id)

    def _template_file(self, logical_id: str, resource: dict[str, Any]) -> str:
        folder = FilePath(self.file).parent
        metadata = _block(resource, "Metadata")
        asset = metadata.get("aws:asset:path")
        if metadata.get("aws:asset:property") == "TemplateURL" and isinstance(asset, str):
            return str(folder / asset)
        properties = _block(resource, "Properties")
        if "TemplateURL" not in properties:
            raise NotFollowed("it has no TemplateURL")
        path = ("Resources", logical_id, "Properties", "TemplateURL")
        url = self.resolver.at(path, properties["TemplateURL"])
        if type(url) is not str or "${" in url:
            raise NotFollowed(url.reason if type(url) is Unknown else "its TemplateURL is known only at deployment")
        file = _local(url)
        if file is None:
            raise NotFollowed(f"its template is not a file here ({url})")
        return str(folder / file)

    def _refuse_recursion(self, document: Document) -> None:
        place = os.path.realpath(document.file)
        trail: list[Stack] = []
        stack: Stack | None = self
        while stack:
            trail.insert(0, stack)
            if stack.place == place:
                shown = " → ".join([*(each.file for each in trail), document.file])
                raise NotFollowed(f"it includes itself ({shown})")
            stack = stack._parent

    # --- `Surroundings` of its resolver -----------------------------------------------------------------------------

    def output(self, stack: str, name: str) -> Any:
        """See `Surroundings`."""
        nested = self.nested.get(stack)
        if nested is None:
            return Unknown(f"{stack}.Outputs.{name} is asked for while {stack} is being found")
        if isinstance(nested, Unknown):
            return Unknown(nested.reason)
        value = nested.value(name)
        if value is not None:
            return value
        if not nested.resolver.generated:
            self.resolver.warn(f"the nested stack {stack} ({nested.file}) has no output {name}")
        return Unknown(f"the nested stack {stack} has no output {name}")

    def imported(self, name: str) -> Any:
        """See `Surroundings`."""
        return self._others.imported(self.scope, name)


class _Passed(Mapping[str, Any]):
    """The parameters of a nested stack, each resolved in its parent when it is asked for."""

    def __init__(self, parent: Resolver, logical_id: str, written: Mapping[str, Any], data: Mapping[str, Any]) -> None:
        self._parent = parent
        self._path: Path = ("Resources", logical_id, "Properties", "Parameters")
        self._written = written
        self._declared = _block(data, "Parameters")

    def __getitem__(self, name: str) -> Any:
        value = self._resolved(name, self._written[name]) if name in self._written else ABSENT
        if value is not ABSENT:
            return value
        if self._parent.macro or any(is_function(key) for key in self._written):
            return Unknown(f"what the parent stack ({self._parent.document.file}) passes is not known")
        if "Default" in _block(self._declared, name):
            raise KeyError(name)
        return Unknown(f"the parent stack ({self._parent.document.file}) does not pass parameter {name}")

    def _resolved(self, name: str, written: Any) -> Any:
        kind = _block(self._declared, name).get("Type")
        join = written.get("Fn::Join") if isinstance(written, dict) and len(written) == 1 else None
        if isinstance(kind, str) and kind.endswith(("List", ">")) and isinstance(join, list) and join[:1] == [","]:
            # A list is passed as one text, and made a list again; its members stay what they are.
            members = self._parent.at((*self._path, name, "Fn::Join", 1), join[1]) if len(join) == 2 else None
            if isinstance(members, list):
                return members
        return self._parent.at((*self._path, name), written)

    def __iter__(self) -> Iterator[str]:
        return iter(self._written)

    def __len__(self) -> int:
        return len(self._written)


def _passed_on(parent: Resolver, written: Mapping[str, Any]) -> dict[str, tuple[Conditions, str]]:
    """By the parameter of a nested stack, the parent's parameter that it gets unchanged."""
    passed = {name: (parent.conditions, name) for name in SHARED}
    for name, value in written.items():
        source = value.get("Ref") if isinstance(value, dict) and len(value) == 1 else None
        if isinstance(source, str) and (source in parent.declared or source in SHARED):
            passed[name] = (parent.conditions, source)
    return passed


def _block(value: Any, *path: str) -> Mapping[str, Any]:
    """A mapping inside a mapping; an empty one where there is none."""
    for step in path:
        value = value.get(step) if isinstance(value, Mapping) else None
    return value if isinstance(value, Mapping) else {}


def _local(url: str) -> str | None:
    """The file that a TemplateURL means; None where it is elsewhere."""
    if not _SCHEME.match(url):
        return url
    parts = urlsplit(url)
    if parts.scheme.lower() == "file" and parts.netloc in ("", "localhost"):
        from urllib.request import url2pathname  # here, as it takes 30 ms

        return url2pathname(parts.path)
    return None
