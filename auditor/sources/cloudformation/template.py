"""One template: its sections checked for shape, its resources as `Raw`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from auditor.raw import Notice, Path, Raw, Scope
from auditor.sources.cloudformation.choices import kind_of
from auditor.sources.cloudformation.cycles import cycles
from auditor.sources.cloudformation.origin import TemplateOrigin
from auditor.sources.cloudformation.parse import Document
from auditor.sources.cloudformation.resolve import Opaque, Resolver
from auditor.values import Choice, Unknown

SECTIONS: Final = ("Parameters", "Mappings", "Conditions", "Resources")
_SAM: Final = "AWS::Serverless-2016-10-31"
_LANGUAGE_EXTENSIONS: Final = "AWS::LanguageExtensions"


def is_template(data: Any) -> bool:
    """Whether a file's data is that of a template."""
    if not isinstance(data, dict):
        return False
    # Resources that are a list are a mistake worth naming; a text there belongs to some other kind of file.
    return "AWSTemplateFormatVersion" in data or isinstance(data.get("Resources"), dict | list)


@dataclass(slots=True)
class Template:
    """A template with its sections, each a mapping even where the file has something else there.

    Attributes:
        document: the file.
        sections: by name.
        notices: what is wrong with the sections.
    """

    document: Document
    sections: dict[str, dict[str, Any]] = field(default_factory=dict)
    notices: list[Notice] = field(default_factory=list)

    def __post_init__(self) -> None:
        for name in SECTIONS:
            section = self.document.data.get(name, {})
            if not isinstance(section, dict):
                self._error((name,), f"{name} must be a mapping, not {kind_of(section)}")
                section = {}
            self.sections[name] = section
        if "Resources" not in self.document.data:
            self._error((), "this template has no Resources")
        for name, declaration in self.sections["Parameters"].items():
            if not isinstance(declaration, dict) and not name.startswith("Fn::"):
                self._error(("Parameters", name), f"parameter {name} must be a mapping, not {kind_of(declaration)}")

    def _error(self, path: Path, message: str) -> None:
        self.notices.append(Notice("error", message, self.document.locate(path)))

    def raws(self, scope: Scope, given: Mapping[str, Any]) -> tuple[list[Raw], int]:
        """The template's resources, and how many of them hold nothing that only deployment decides.

        Adds to `notices` what was not understood.
        """
        resolver = Resolver(self.document, scope, self.sections, given)
        resolver.generated = self._note_transforms()
        raws: list[Raw] = []
        resolved = 0
        for logical_id, resource in self._resources():
            raw = _raw(resolver, logical_id, resource)
            if raw:
                raws.append(raw)
                resolved += not resolver.found_unknown and not resolver.found_choice and raw.exists is None
        self._note_cycles(resolver)
        self.notices += resolver.all_notices()
        return raws, resolved

    def _resources(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """The resources whose shape is right."""
        for logical_id, resource in self.sections["Resources"].items():
            path: Path = ("Resources", logical_id)
            if logical_id.startswith("Fn::"):
                continue
            if not isinstance(resource, dict):
                self._error(path, f"resource {logical_id} must be a mapping, not {kind_of(resource)}")
            elif "Type" not in resource:
                if not _changed_by_macro(resource):
                    self._error(path, f"resource {logical_id} has no Type")
            elif not isinstance(resource["Type"], str):
                kind = resource["Type"]
                if _is_rain_module(kind):
                    continue  # said for the whole file
                self._error((*path, "Type"), f"the Type of {logical_id} must be a text, not {kind_of(kind)}")
            elif not isinstance(resource.get("Properties") or {}, dict):
                kind = kind_of(resource["Properties"])
                self._error((*path, "Properties"), f"the Properties of {logical_id} must be a mapping, not {kind}")
            else:
                yield logical_id, resource

    def _note_transforms(self) -> bool:
        """Say what is not expanded; whether that may define names which the file doesn't show."""
        found = list(_unexpanded(self.document.data, self.sections["Resources"]))
        self.notices += [Notice("warning", message, self.document.locate(path)) for message, path, _ in found]
        return any(generates for *_, generates in found)

    def _note_cycles(self, resolver: Resolver) -> None:
        edges = {name: set(targets) for name, targets in resolver.edges.items()}
        for name, resource in self.sections["Resources"].items():
            if isinstance(resource, dict):
                before = resource.get("DependsOn")
                targets = [before] if isinstance(before, str) else before if isinstance(before, list) else []
                edges.setdefault(name, set()).update(target for target in targets if isinstance(target, str))
        for cycle in cycles(edges):
            shown = " → ".join([*cycle, cycle[0]])
            where = self.document.key(("Resources", cycle[0]))
            self.notices.append(Notice("warning", f"these resources depend on each other: {shown}", where))


def _is_rain_module(kind: Any) -> bool:
    """Whether a Type is a module of the tool `rain`, which stands for resources of its own."""
    return isinstance(kind, dict) and len(kind) == 1 and next(iter(kind)).startswith("Rain::")


def _changed_by_macro(resource: dict[str, Any]) -> bool:
    """Whether a macro stands beside the resource's own keys, so that it may change any of them."""
    return any(key.startswith("Fn::") for key in resource)


def _raw(resolver: Resolver, logical_id: str, resource: dict[str, Any]) -> Raw | None:
    exists = None
    condition = resource.get("Condition")
    if condition is not None:
        resolver.start("Resources", logical_id, "Condition")
        if isinstance(condition, str):
            truth = resolver.conditions.named(condition)
        else:
            resolver.warn(f"the Condition of {logical_id} must be the name of a condition, not {kind_of(condition)}")
            truth = resolver.conditions.unclear(f"the Condition of {logical_id}")
        if truth is False:
            return None
        exists = None if truth is True else truth
    resolver.start("Resources", logical_id, "Properties")
    properties = resolver.resolve(resource.get("Properties") or {})
    if isinstance(properties, Choice | Unknown):
        reason = properties.reason if isinstance(properties, Unknown) else "its properties depend on a condition"
        properties = Opaque({}, Unknown(reason))
    elif not isinstance(properties, Mapping):
        properties = {}
    elif _changed_by_macro(resource):
        properties = Opaque(properties, Unknown("a macro may set it"))
    return Raw(
        type=resource["Type"],
        id=logical_id,
        properties=properties,
        scope=resolver.scope,
        origin=TemplateOrigin(resolver, logical_id),
        dialect="cfn",
        names=_names(resource["Type"], properties),
        exists=exists,
        volatile=resolver.found_choice,
    )


def _names(kind: str, properties: Mapping[str, Any]) -> tuple[Any, ...]:
    """The physical name, where a property gives it."""
    last = kind.rpartition("::")[2]
    # AWS::EC2::SecurityGroup has GroupName, AWS::RDS::DBInstance DBInstanceIdentifier.
    for key in (f"{last}Name", "Name", f"{last}Identifier", f"{last}Id", "GroupName"):
        if key in properties:
            name = properties[key]
            if isinstance(name, str):
                return (name,)
            if isinstance(name, int | float):
                return (str(name),)
            return (name if isinstance(name, Unknown) else Unknown(f"{key} depends on a condition"),)
    return ()


def _unexpanded(data: dict[str, Any], resources: dict[str, Any]) -> Iterator[tuple[str, Path, bool]]:
    """What this source doesn't expand: a message, where, and whether it may define names."""
    transforms = data.get("Transform")
    for index, transform in enumerate(transforms if isinstance(transforms, list) else [transforms]):
        name = transform.get("Name") if isinstance(transform, dict) else transform
        path: Path = ("Transform", index) if isinstance(transforms, list) else ("Transform",)
        if name == _SAM:
            kinds = "AWS::Serverless resources and their Globals are read as they stand, not as what they become"
            yield f"the transform {name} is not expanded yet: {kinds}", path, True
        elif isinstance(name, str) and name != _LANGUAGE_EXTENSIONS:  # what it brings is said where it is used
            yield f"the macro {name} may change anything in this file; it is read as it stands", path, True
    nested: list[str] = []
    modules: list[str] = []
    for logical_id, resource in resources.items():
        path = ("Resources", logical_id)
        if logical_id.startswith("Fn::ForEach"):
            yield f"{logical_id} is not expanded yet, so the resources that it makes are not judged", path, True
        elif logical_id.startswith("Fn::"):
            yield f"{logical_id} is not expanded, so the resources that it adds are not judged", path, True
        elif isinstance(resource, dict):
            if _changed_by_macro(resource):
                yield f"a macro that is not expanded may change {logical_id}", path, False
            kind = resource.get("Type")
            if kind == "AWS::CloudFormation::Stack":
                nested.append(logical_id)
            elif _is_rain_module(kind) or (isinstance(kind, str) and kind.endswith("::MODULE")):
                modules.append(logical_id)
    if nested:
        message = f"nested stacks are not followed yet: {', '.join(nested)}"
        yield message, ("Resources", nested[0], "Type"), False
    if modules:
        message = f"modules are not expanded, so what they create is not judged: {', '.join(modules)}"
        yield message, ("Resources", modules[0], "Type"), True
    for section in ("", "Mappings", "Conditions", "Parameters"):
        value = data.get(section) if section else data
        for key in value if isinstance(value, dict) else ():
            if key.startswith(("Fn::", "Rain::")):
                where: Path = (section, key) if section else (key,)
                yield f"{key} in {section or 'the template'} is not expanded", where, True
