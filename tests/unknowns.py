"""The same input with one value unknown: of resources as they were read, of HCL, of a plan."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator, Mapping
from typing import Any

from auditor.raw import Collected
from auditor.sources.terraform.files import File
from auditor.sources.terraform.syntax import Attribute, Body
from auditor.values import Unknown

Step = str | int
_UNKNOWN_EXPRESSION = {"references": ["terraform_data.other.output", "terraform_data.other"]}


def one_unknown(collected: Collected) -> Iterator[tuple[str, Collected]]:
    """The same resources with one property, at any depth, unknown."""
    for index, raw in enumerate(collected.raws):
        if raw.type in ("account", "region"):
            continue
        for path in _paths(raw.properties):
            changed = copy.copy(raw)
            changed.properties = replaced(raw.properties, path, Unknown("a parameter without a default"))
            raws = [*collected.raws[:index], changed, *collected.raws[index + 1 :]]
            yield f"{raw.id}.{'.'.join(map(str, path))}", Collected(raws=raws)


def _paths(value: Any, prefix: tuple[Step, ...] = ()) -> Iterator[tuple[Step, ...]]:
    if prefix:
        yield prefix
    members = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, member in members:
        yield from _paths(member, (*prefix, key))


def replaced(value: Any, path: tuple[Step, ...], new: Any) -> Any:
    if not path:
        return new
    changed = copy.copy(value)
    changed[path[0]] = replaced(value[path[0]], path[1:], new)
    return changed


def one_argument_unknown(text: str) -> Iterator[tuple[str, str]]:
    """The same configuration with one argument of a resource, or of a block in it, unknown."""
    body = File("main.tf", text).data
    for block in body.blocks:
        if block.type not in ("resource", "data"):
            continue
        for path, attribute in _attributes(block.body, ".".join(block.labels)):
            value = attribute.value
            changed = f"{text[: value.start]}var.unknown{text[value.end :]}"
            yield path, f'{changed}\nvariable "unknown" {{}}\n'


def _attributes(body: Body, prefix: str) -> Iterator[tuple[str, Attribute]]:
    for name, attribute in body.attributes.items():
        yield f"{prefix}.{name}", attribute
    for number, block in enumerate(body.blocks):
        yield from _attributes(block.body, f"{prefix}.{block.type}[{number}]")


def one_planned_unknown(plan: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """The same plan with one argument that the author wrote known only after apply."""
    resources = plan["configuration"]["root_module"].get("resources", [])
    changes = {change["address"]: index for index, change in enumerate(plan["resource_changes"])}
    for number, resource in enumerate(resources):
        index = changes.get(resource["address"])
        if index is None:
            continue
        for path in _written(resource.get("expressions", {})):
            changed = json.loads(json.dumps(plan))
            change = changed["resource_changes"][index]["change"]
            if _make_unknown(change["after"], change["after_unknown"], path):
                expressions = changed["configuration"]["root_module"]["resources"][number]["expressions"]
                _at(expressions, path[:-1])[path[-1]] = _UNKNOWN_EXPRESSION
                yield f"{resource['address']}.{'.'.join(map(str, path))}", changed


def _written(expressions: Any, prefix: tuple[Step, ...] = ()) -> Iterator[tuple[Step, ...]]:
    """The paths of the expressions that give a known value."""
    if isinstance(expressions, list):
        for index, member in enumerate(expressions):
            yield from _written(member, (*prefix, index))
    elif prefix and expressions.keys() <= {"constant_value", "references"}:
        yield prefix
    else:
        for name, member in expressions.items():
            yield from _written(member, (*prefix, name))


def _make_unknown(after: Any, unknown: Any, path: tuple[Step, ...]) -> bool:
    """Make a known value unknown; False where there is none at the path."""
    for step in path[:-1]:
        if isinstance(after, list) and step not in range(len(after)):
            return False
        after = after[step]
        if isinstance(unknown, dict):
            unknown = unknown.setdefault(step, {} if isinstance(after, dict) else [{} for _ in after or ()])
        else:
            unknown = unknown[step]
        if not isinstance(after, dict | list) or not isinstance(unknown, dict | list):
            return False
    if isinstance(after, list) or after.get(path[-1]) is None:
        return False
    del after[path[-1]]
    unknown[path[-1]] = True
    return True


def _at(tree: Any, path: tuple[Step, ...]) -> Any:
    for step in path:
        tree = tree[step]
    return tree
