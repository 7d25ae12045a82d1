"""Every resource class against the CloudFormation schemas that cfn-lint ships."""

from __future__ import annotations

import importlib
import pkgutil
from typing import Any

import pytest

import auditor.resources
from auditor.resources.base import TYPES, Resource, Struct
from auditor.resources.fields import NOWHERE

cfnlint_schema = pytest.importorskip("cfnlint.schema")

for _module in pkgutil.iter_modules(auditor.resources.__path__):
    importlib.import_module(f"auditor.resources.{_module.name}")

CLASSES = {name: cls for name, cls in TYPES.items() if name.startswith("AWS::")}


def schema_of(type_name: str) -> dict[str, Any]:
    manager = cfnlint_schema.PROVIDER_SCHEMA_MANAGER
    schema = manager.get_resource_schema("us-east-1", type_name).schema
    assert isinstance(schema, dict)
    return schema


def alternatives(schema: dict[str, Any], node: dict[str, Any]) -> list[dict[str, Any]]:
    """A schema node with references and combinations opened, and arrays replaced by their items."""
    if "$ref" in node:
        target: Any = schema
        for step in node["$ref"].removeprefix("#/").split("/"):
            target = target[step]
        return alternatives(schema, target)
    if "items" in node and isinstance(node["items"], dict):
        return alternatives(schema, node["items"])
    found = [node]
    for key in ("anyOf", "oneOf", "allOf"):
        for member in node.get(key, ()):
            found += alternatives(schema, member)
    return found


def step(schema: dict[str, Any], nodes: list[dict[str, Any]], name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for node in nodes:
        if name in node.get("properties", {}):
            found += alternatives(schema, node["properties"][name])
    return found


def missing_paths(schema: dict[str, Any], nodes: list[dict[str, Any]], cls: type[Struct], where: str) -> list[str]:
    missing = []
    for field in cls.plan("cfn").values():
        if not field.path or field.path == (NOWHERE,):
            continue
        at = nodes
        for name in field.path:
            at = step(schema, at, name)
        path = f"{where}.{'.'.join(field.path)}"
        if not at:
            missing.append(path)
            continue
        if isinstance(field.inner, type) and issubclass(field.inner, Struct):
            missing += missing_paths(schema, at, field.inner, path)
    return missing


@pytest.mark.parametrize("type_name", sorted(CLASSES))
def test_type_and_properties_exist(type_name: str) -> None:
    schema = schema_of(type_name)
    assert missing_paths(schema, [schema], CLASSES[type_name], type_name) == []


PARTS = sorted(
    {
        (part.type, path)
        for cls in CLASSES.values()
        for field in cls.plan("cfn").values()
        for part in field.parts
        for path in (part.by, part.take)
        if path
    }
)


@pytest.mark.parametrize(("type_name", "path"), PARTS)
def test_parts_exist(type_name: str, path: str) -> None:
    schema = schema_of(type_name)
    nodes = [schema]
    for name in path.split("."):
        nodes = step(schema, nodes, name)
    assert nodes


def test_every_class_is_a_resource() -> None:
    assert all(issubclass(cls, Resource) for cls in TYPES.values())
