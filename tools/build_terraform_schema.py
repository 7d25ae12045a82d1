"""Derive the part of the Terraform AWS provider's schema that tests hold the resource classes to.

    terraform providers schema -json > SCHEMA
    python tools/build_terraform_schema.py SCHEMA [OUT]

SCHEMA is of a configuration that needs hashicorp/aws only. OUT (default `tests/resources/terraform_schema.json.gz`)
maps each resource type that a class or a `Part` names, and the provider has, to its tree of attributes and nested
blocks: a block is a map, a map of free names has `*`, and what has nothing within is null. Run it again when a class
names another type, or for another version of the provider. The same schema gives the same bytes.
"""

from __future__ import annotations

import gzip
import importlib
import json
import pkgutil
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import auditor.resources
from auditor.resources.base import TYPES

PROVIDER = "registry.terraform.io/hashicorp/aws"


def named_types() -> set[str]:
    """The types of Terraform that a resource class or one of its `Part`s names."""
    for module in pkgutil.iter_modules(auditor.resources.__path__):
        importlib.import_module(f"auditor.resources.{module.name}")
    classes = {cls for cls in TYPES.values() if cls.tf}
    return {cls.tf for cls in classes} | {
        part.type for cls in classes for field in cls.plan("tf").values() for part in field.parts
    }


def tree_of_block(block: dict[str, Any]) -> dict[str, Any]:
    """What a block may hold."""
    attributes = {name: tree_of_attribute(attribute) for name, attribute in block.get("attributes", {}).items()}
    blocks = {name: tree_of_block(nested["block"]) for name, nested in block.get("block_types", {}).items()}
    return dict(sorted({**attributes, **blocks}.items()))


def tree_of_attribute(attribute: dict[str, Any]) -> dict[str, Any] | None:
    """What an attribute may hold."""
    nested = attribute.get("nested_type")
    return tree_of_block(nested) if nested else tree_of_type(attribute["type"])


def tree_of_type(kind: Any) -> dict[str, Any] | None:
    """What a value of a type may hold: a text such as `string`, or a list such as `["set", ["object", {…}]]`."""
    if isinstance(kind, str):
        return None
    outer, inner = kind
    if outer == "map":
        return {"*": tree_of_type(inner)}
    return {name: tree_of_type(member) for name, member in inner.items()} if outer == "object" else tree_of_type(inner)


def compact(schema: dict[str, Any], types: Iterable[str]) -> dict[str, Any]:
    """The trees of those of `types` that the provider has."""
    known = schema["provider_schemas"][PROVIDER]["resource_schemas"]
    return {name: tree_of_block(known[name]["block"]) for name in sorted(types) if name in known}


def main(source: str, out: str = "tests/resources/terraform_schema.json.gz") -> None:
    """Write the compact schema."""
    schema = json.loads(Path(source).read_bytes())
    text = json.dumps(compact(schema, named_types()), separators=(",", ":"))
    Path(out).write_bytes(gzip.compress(text.encode(), mtime=0))


if __name__ == "__main__":
    main(*sys.argv[1:])
