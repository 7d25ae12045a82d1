"""The AWS Cloud Control provider: CloudFormation's types and properties in snake_case."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Any, Final

from auditor.resources.base import TYPES, Struct
from auditor.sources.terraform.origin import snake
from auditor.values import Choice

_SNAKE: Final = re.compile("[a-z][a-z0-9_]*")

PREFIX: Final = "awscc_"


@cache
def _types(count: int) -> dict[str, str]:
    """CloudFormation's types by the provider's; `count` is how many there are, as more may be registered."""
    return {_type(name): name for name in TYPES if name.startswith("AWS::") and name.count("::") == 2}


def _type(name: str) -> str:
    _, service, kind = name.split("::")
    return f"{PREFIX}{service.lower()}_{snake(kind)}"


def cloudformation_type(kind: str) -> str | None:
    """CloudFormation's name of a type such as `awscc_s3_bucket`; None where no resource class has it."""
    return _types(len(TYPES)).get(kind)


def cloudformation_properties(kind: str, properties: Any) -> Any:
    """Properties under CloudFormation's names, as far as the resource class of a type names them."""
    return _renamed(properties, _names(kind))


@cache
def _names(kind: str) -> dict[str, str]:
    return {snake(step): step for step in _steps(TYPES[kind], set())}


def _steps(cls: type[Struct], seen: set[type[Struct]]) -> Iterator[str]:
    seen.add(cls)
    for field in cls.plan("cfn").values():
        yield from field.path or ()
        if isinstance(field.inner, type) and issubclass(field.inner, Struct) and field.inner not in seen:
            yield from _steps(field.inner, seen)


def _renamed(value: Any, names: dict[str, str]) -> Any:
    if isinstance(value, dict):
        return {_name(key, names): _renamed(member, names) for key, member in value.items()}
    if isinstance(value, list):
        return [_renamed(member, names) for member in value]
    if type(value) is Choice:
        return Choice(value.condition, _renamed(value.then, names), _renamed(value.otherwise, names))
    return value


def _name(key: str, names: dict[str, str]) -> str:
    if not _SNAKE.fullmatch(key):
        return key  # a key of the user's own, or one of a policy
    return names.get(key) or "".join(word.capitalize() for word in key.split("_"))
