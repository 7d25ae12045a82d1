"""The resources of a configuration as `Raw`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from auditor.raw import Raw
from auditor.sources.terraform import awscc
from auditor.sources.terraform.module import Instance, Module, names_of, provider_of
from auditor.sources.terraform.origin import ResourceOrigin
from auditor.sources.terraform.properties import Properties
from auditor.sources.terraform.values import each
from auditor.values import Reference, Unknown

_PREFIXES: Final = ("aws_", awscc.PREFIX)


@dataclass(slots=True)
class Found:
    """What there is in a configuration.

    Attributes:
        raws: its resources.
        resolved: how many of them hold nothing that only deployment decides.
        of_other_providers: how many others it declares.
    """

    raws: list[Raw] = field(default_factory=list)
    resolved: int = 0
    of_other_providers: int = 0


def found_in(root: Module) -> Found:
    """The resources of a configuration, by its root module."""
    found = Found()
    instances = list(root.instances())
    shared = root.shared()
    for instance in instances:
        if instance.exists is False:
            continue
        if not instance.type.startswith(_PREFIXES):
            found.of_other_providers += 1
            continue
        properties = Properties(instance)
        raw = _raw(instance, properties, shared.get(instance.declared, ""))
        found.raws.append(raw)
        found.resolved += raw.exists is None and not properties.open
    return found


def _raw(instance: Instance, properties: Properties, shared: str) -> Raw:
    values = properties.all()
    kind, dialect = instance.type, "tf"
    cloudformation = awscc.cloudformation_type(kind) if kind.startswith(awscc.PREFIX) else None
    if cloudformation:
        kind, dialect = cloudformation, "cfn"
        values = awscc.cloudformation_properties(kind, values)
    else:
        values = _with_default_tags(instance, values, properties)
    return Raw(
        type=kind,
        id=instance.address,
        properties=values,
        scope=instance.scope,
        origin=ResourceOrigin(instance.block, properties.places),
        dialect="cfn" if dialect == "cfn" else "tf",
        names=_names(instance),
        exists=None if isinstance(instance.exists, bool) else instance.exists,
        volatile=properties.volatile,
        shared=shared,
        provider=instance.module.provider_key(instance.block),
    )


def _names(instance: Instance) -> tuple[Any, ...]:
    """The physical name, where an argument gives it."""
    for name in names_of(instance.type):
        value = instance.written(name)
        if value is not None and not isinstance(value, Reference):
            if isinstance(value, str):
                return (value,)
            return (value if isinstance(value, Unknown) else Unknown(f"{name} depends on a condition"),)
    return ()


def _with_default_tags(instance: Instance, values: dict[str, Any], properties: Properties) -> dict[str, Any]:
    """The properties with the tags that the resource's provider adds to all."""
    defaults = _default_tags(instance, properties)
    if defaults is None:
        return values
    return {**values, "tags": each(merged_tags, defaults, values.get("tags"))}


def _default_tags(instance: Instance, properties: Properties) -> Any:
    name = provider_of(instance.block)
    provider = instance.module.provider(name)
    if provider is None:
        return None
    module, block = provider
    inner = next((one for one in block.body.blocks if one.type == "default_tags"), None)
    tags = inner.body.attributes.get("tags") if inner else None
    if tags:
        value = module.once(("provider", tags.file.file, str(tags.start)), f"the tags of provider {name}", tags, {})
        return properties.argument(tags, value)
    if "default_tags" in block.body.attributes:  # in JSON
        attribute = block.body.attributes["default_tags"]
        value = properties.argument(attribute, module.value(attribute, {}))
        value = value[0] if isinstance(value, list) and value else value
        return value.get("tags") if isinstance(value, Mapping) else value
    return None


def merged_tags(defaults: Any, own: Any) -> Any:
    """A provider's tags with a resource's own over them; either may be a map, a list of pairs, or unknown."""
    if own is None:
        return defaults
    if isinstance(defaults, dict) and isinstance(own, dict):
        return {**defaults, **own}
    pairs = _pairs(own)
    unknown = next((pair for pair in pairs if isinstance(pair, Unknown)), None)
    given = {pair["Key"] for pair in pairs if isinstance(pair, dict)}
    for pair in _pairs(defaults):
        if isinstance(pair, Unknown):
            pairs.append(pair)
        elif pair["Key"] not in given:
            pairs.append({"Key": pair["Key"], "Value": unknown} if unknown else pair)
    return pairs


def _pairs(tags: Any) -> list[Any]:
    if isinstance(tags, dict):
        return [{"Key": key, "Value": value} for key, value in tags.items()]
    return list(tags) if isinstance(tags, list) else [tags]
