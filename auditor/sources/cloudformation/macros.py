"""What a template leaves to others: macros, modules, includes. What they may change is said once, and is unknown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from auditor.raw import Path
from auditor.sources.cloudformation.resolve import INCLUDE, is_include

SAM: Final = "AWS::Serverless-2016-10-31"
SAM_PREFIX: Final = "AWS::Serverless::"
LANGUAGE_EXTENSIONS: Final = "AWS::LanguageExtensions"
_HARMLESS: Final = frozenset(
    {
        SAM,  # translated
        LANGUAGE_EXTENSIONS,  # what it brings is done where it is used
        "AWS::CodeDeployBlueGreen",
        "AWS::SecretsManager-2020-07-23",
        "AWS::SecretsManager-2024-09-16",
    }
)
_MAY_NAME_THINGS: Final = ("", "Mappings", "Conditions", "Parameters")


@dataclass(frozen=True, slots=True)
class Left:
    """Something that is left to others.

    Attributes:
        message: for a person to read.
        path: where in the document.
        names: whether it may define names that the file doesn't show.
        changes: whether it may change every resource.
    """

    message: str
    path: Path
    names: bool = True
    changes: bool = False


def transforms(data: Mapping[str, Any]) -> Iterator[tuple[str, Path]]:
    """The names of the template's transforms, and where they stand."""
    written = data.get("Transform")
    for index, transform in enumerate(written if isinstance(written, list) else [written]):
        name = transform.get("Name") if isinstance(transform, dict) else transform
        if isinstance(name, str):
            yield name, ("Transform", index) if isinstance(written, list) else ("Transform",)


def left_to_others(data: Mapping[str, Any], resources: Mapping[str, Any]) -> Iterator[Left]:
    """What of a template isn't expanded; its loops are written out and its SAM resources translated before."""
    for name, path in transforms(data):
        if name == INCLUDE:
            yield Left("what AWS::Include adds to this file is not read, so it is not judged", path)
        elif name not in _HARMLESS:
            message = f"the macro {name} may change anything in this file: what it doesn't say is unknown"
            yield Left(message, path, changes=True)
    yield from _in_resources(resources, sam=any(name == SAM for name, _ in transforms(data)))
    for section in _MAY_NAME_THINGS:
        value = data.get(section) if section else data
        for key in value if isinstance(value, dict) else ():
            if key.startswith(("Fn::", "Rain::")):
                where: Path = (section, key) if section else (key,)
                anything = not section and key == "Fn::Transform" and not is_include(data[key])
                yield Left(f"{key} in {section or 'the template'} is not expanded", where, changes=anything)


def _in_resources(resources: Mapping[str, Any], *, sam: bool) -> Iterator[Left]:
    modules: list[str] = []
    serverless: list[str] = []
    for logical_id, resource in resources.items():
        path = ("Resources", logical_id)
        if logical_id.startswith("Fn::ForEach"):
            yield Left("", path)  # writing it out has said so
        elif logical_id.startswith("Fn::"):
            message = f"{logical_id} is not expanded, so the resources that it adds are not judged"
            yield Left(message, path, changes=not is_include(resource))
        elif isinstance(resource, dict):
            if changed_by_macro(resource):
                yield Left(f"a macro that is not expanded may change {logical_id}", path, names=False)
            kind = resource.get("Type")
            if is_rain_module(kind) or (isinstance(kind, str) and kind.endswith("::MODULE")):
                modules.append(logical_id)
            elif isinstance(kind, str) and kind.startswith(SAM_PREFIX) and not sam:
                serverless.append(logical_id)
    if serverless:
        message = f"without `Transform: {SAM}` these SAM resources create nothing: {', '.join(serverless)}"
        yield Left(message, ("Resources", serverless[0], "Type"))
    if modules:
        message = f"modules are not expanded, so what they create is not judged: {', '.join(modules)}"
        yield Left(message, ("Resources", modules[0], "Type"))


def is_rain_module(kind: Any) -> bool:
    """Whether a Type is a module of the tool `rain`, which stands for resources of its own."""
    return isinstance(kind, dict) and len(kind) == 1 and next(iter(kind)).startswith("Rain::")


def changed_by_macro(resource: Mapping[str, Any]) -> bool:
    """Whether a macro stands beside the resource's own keys, so that it may change any of them."""
    return any(key.startswith("Fn::") for key in resource)
