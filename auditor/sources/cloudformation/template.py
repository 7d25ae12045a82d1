"""One template: its sections checked for shape, its resources as `Raw`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from auditor.raw import Notice, Path, Raw
from auditor.sources.choices import kind_of
from auditor.sources.cloudformation.cycles import cycles
from auditor.sources.cloudformation.macros import changed_by_macro, is_rain_module
from auditor.sources.cloudformation.origin import TemplateOrigin
from auditor.sources.cloudformation.resolve import Opaque, Resolver
from auditor.sources.documents import Document
from auditor.sources.truths import Truth, combined
from auditor.values import Choice, Every, Unknown

SECTIONS: Final = ("Parameters", "Mappings", "Conditions", "Resources")


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

    def resources(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """The resources whose shape is right. Adds to `notices` what is wrong with the others."""
        for logical_id, resource in self.sections["Resources"].items():
            path: Path = ("Resources", logical_id)
            if logical_id.startswith("Fn::"):
                continue
            if not isinstance(resource, dict):
                self._error(path, f"resource {logical_id} must be a mapping, not {kind_of(resource)}")
            elif "Type" not in resource:
                if not changed_by_macro(resource):
                    self._error(path, f"resource {logical_id} has no Type")
            elif not isinstance(resource["Type"], str):
                kind = resource["Type"]
                if is_rain_module(kind):
                    continue  # said for the whole file
                self._error((*path, "Type"), f"the Type of {logical_id} must be a text, not {kind_of(kind)}")
            elif not isinstance(resource.get("Properties") or {}, dict):
                kind = kind_of(resource["Properties"])
                self._error((*path, "Properties"), f"the Properties of {logical_id} must be a mapping, not {kind}")
            else:
                yield logical_id, resource

    @property
    def outputs(self) -> dict[str, Any]:
        """The `Outputs`, of which nothing but other stacks depends."""
        section = self.document.data.get("Outputs")
        return section if isinstance(section, dict) else {}

    def raws(
        self, resolver: Resolver, exists: Truth = True, titles: Mapping[str, str] | None = None
    ) -> tuple[list[Raw], int]:
        """The template's resources, and how many of them hold nothing that only deployment decides.

        Adds to `notices` what is wrong with them.

        Args:
            resolver: resolves the template's values, and notes what it didn't understand.
            exists: whether the stack itself is created.
            titles: what people call the resources, by logical id.
        """
        raws: list[Raw] = []
        resolved = 0
        whole = resolver.macro is None
        for logical_id, resource in self.resources():
            raw = _raw(resolver, logical_id, resource, exists, _title(resource, (titles or {}).get(logical_id, "")))
            if raw:
                raws.append(raw)
                resolved += whole and not resolver.found_unknown and not resolver.found_choice and raw.exists is None
        self._note_cycles(resolver)
        return raws, resolved

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


def condition_of(resolver: Resolver, logical_id: str, resource: Mapping[str, Any]) -> Truth:
    """Whether a resource is created, by its `Condition`."""
    condition = resource.get("Condition")
    if condition is None:
        return True
    resolver.start("Resources", logical_id, "Condition")
    if isinstance(condition, str):
        return resolver.conditions.named(condition)
    resolver.warn(f"the Condition of {logical_id} must be the name of a condition, not {kind_of(condition)}")
    return resolver.conditions.unclear(f"the Condition of {logical_id}")


def _raw(resolver: Resolver, logical_id: str, resource: dict[str, Any], stack_exists: Truth, title: str) -> Raw | None:
    truth = combined(Every, [stack_exists, condition_of(resolver, logical_id, resource)])
    if truth is False:
        return None
    resolver.start("Resources", logical_id, "Properties")
    with resolver.under_macro(changed_by_macro(resource)):
        properties = resolver.resolve(resource.get("Properties") or {})
    if isinstance(properties, Choice | Unknown):
        reason = properties.reason if isinstance(properties, Unknown) else "its properties depend on a condition"
        properties = Opaque({}, Unknown(reason))
    elif not isinstance(properties, Mapping):
        properties = {}
    return Raw(
        type=resource["Type"],
        id=logical_id,
        properties=properties,
        scope=resolver.scope,
        origin=TemplateOrigin(resolver, logical_id),
        dialect="cfn",
        names=_names(resource["Type"], properties),
        exists=None if truth is True else truth,
        volatile=resolver.found_choice,
        title=title,
    )


def _title(resource: Mapping[str, Any], title: str) -> str:
    """The path of the CDK construct that a resource came from."""
    metadata = resource.get("Metadata")
    path = metadata.get("aws:cdk:path") if isinstance(metadata, dict) else None
    return path if isinstance(path, str) else title


def _names(kind: str, properties: Mapping[str, Any]) -> tuple[Any, ...]:
    """The physical name, where a property gives it."""
    last = kind.rpartition("::")[2]
    within = properties.get(f"{last}Input")  # of AWS::Glue::Table, AWS::Glue::Database
    holder = within if isinstance(within, dict) else properties
    # AWS::EC2::SecurityGroup has GroupName, AWS::RDS::DBInstance DBInstanceIdentifier.
    for key in (f"{last}Name", "Name", f"{last}Identifier", f"{last}Id", "GroupName", "JobDefinitionName"):
        if key in holder:
            name = holder[key]
            if isinstance(name, str):
                return (name,)
            if isinstance(name, int | float):
                return (str(name),)
            return (name if isinstance(name, Unknown) else Unknown(f"{key} depends on a condition"),)
    return ()
