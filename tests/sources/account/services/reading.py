"""Cases that also say what the typed resource reads of the answers."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import botocore.session

from auditor.resources.base import TYPES, Resource
from tests.sources.account.services.support import Behaviour, Case, one, scan


@dataclass(frozen=True)
class Reading(Case):
    """A case of `service`; members that botocore's model requires are needed without saying so.

    Attributes:
        service: botocore's name of the service.
        reads: what the typed resource's fields give; dotted for what is within.
    """

    service: str = ""
    reads: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        needed = {name for operation in self.answers for name in _required(self.service, operation)}
        object.__setattr__(self, "needs", (*self.needs, *needed))


class Reads(Behaviour):
    """As `Behaviour`, and what is read of each case."""

    def test_fields(self, case: Reading, scripted: Any) -> None:
        scripted(copy.deepcopy(dict(case.answers)))
        resource = TYPES[case.type](one(scan(case.type), case.type))
        assert {path: read(resource, path) for path in case.reads} == case.reads


def read(resource: Resource, path: str) -> Any:
    """A field, or what is within it: `steps.0.args`."""
    value: Any = resource
    for step in path.split("."):
        value = value[int(step)] if step.isdigit() else getattr(value, step)
    return value


_SESSION = botocore.session.Session()


def _required(service: str, operation: str) -> Iterator[str]:
    """Every member that a response of the operation always has, wherever in it."""
    model = _SESSION.get_service_model(service)
    if operation in model.operation_names:  # else it is another service's
        yield from _within(model.operation_model(operation).output_shape, ())


def _within(shape: Any, seen: tuple[str, ...]) -> Iterator[str]:
    if shape is None or shape.name in seen:
        return
    if shape.type_name == "structure":
        yield from shape.required_members
        for member in shape.members.values():
            yield from _within(member, (*seen, shape.name))
    elif shape.type_name == "list":
        yield from _within(shape.member, (*seen, shape.name))
    elif shape.type_name == "map":
        yield from _within(shape.value, (*seen, shape.name))


def noting(asked: list[Any], answer: Mapping[str, Any]) -> Any:
    """An answer for `scripted` that adds to a list the parameters with which it was asked."""

    def given(params: Any) -> Any:
        asked.append(params)
        return answer

    return given
