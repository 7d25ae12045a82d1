"""Cases that also say what the typed resource reads of the answers."""

from __future__ import annotations

import copy
import importlib
import pkgutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import botocore.session

import auditor.resources
from auditor.resources.base import TYPES, Resource
from tests.sources.account.services.support import Behaviour, Case, one, scan

for _module in pkgutil.iter_modules(auditor.resources.__path__):
    importlib.import_module(f"auditor.resources.{_module.name}")


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


def throttle_once(monkeypatch: Any, operation: str) -> list[int]:
    """Lets the first attempt at an operation be throttled on the wire; gives a list that grows with each attempt."""
    from botocore.awsrequest import AWSResponse
    from moto.core.botocore_stubber import MockRawResponse

    from auditor.sources.account.calls import Calls

    attempts: list[int] = []
    make = Calls.client

    def answer(request: Any, **_: Any) -> Any:
        attempts.append(1)
        if len(attempts) > 1:
            return None
        headers = {"x-amzn-errortype": "ThrottlingException"}
        return AWSResponse(request.url, 400, headers, MockRawResponse(b'{"__type": "ThrottlingException"}'))

    def client(self: Calls, service: str, region: str) -> Any:
        made = make(self, service, region)
        made.meta.events.register_first(f"before-send.*.{operation}", answer, unique_id="throttled")
        return made

    monkeypatch.setattr(Calls, "client", client)
    monkeypatch.setattr("botocore.retries.adaptive.ClientRateLimiter.on_sending_request", lambda *_, **__: None)
    monkeypatch.setattr("time.sleep", lambda _: None)
    return attempts
