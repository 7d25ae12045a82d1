"""Runs checks over an inventory: every check on every resource of its types gives one verdict."""

from __future__ import annotations

import gc
import sys
import traceback
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from auditor.findings import Finding, Status, Verdict
from auditor.inventory import Inventory
from auditor.raw import Dialect
from auditor.registry import Check, Input
from auditor.resources.base import Resource
from auditor.values import Undecided

if TYPE_CHECKING:
    from auditor.config import Config

_INPUT_OF: dict[Dialect, Input] = {"cfn": "cloudformation", "tf": "terraform", "live": "live"}
_DEEPEST_CASE = 6  # conditions that are tried both ways for one verdict: 2**6 runs of the check at the most


def evaluate(inventory: Inventory, checks: Iterable[Check], config: Config) -> list[Verdict]:
    """Judge every resource by every check that takes it and its input.

    A check that raises anything but `Undecided` is a bug: its verdict is `error`, and the others go on.
    """
    collecting = gc.isenabled()
    gc.disable()  # all that is made here is kept: walking it over and over took a third of the time
    try:
        return list(_verdicts(inventory, checks, config))
    finally:
        if collecting:
            gc.enable()


def _verdicts(inventory: Inventory, checks: Iterable[Check], config: Config) -> Iterator[Verdict]:
    for check in checks:
        arguments: dict[str, Any] = {"inventory": inventory, "config": config}
        wanted = {name: arguments[name] for name in check.takes}
        for cls in check.types:
            for resource in inventory.of(cls):
                if _INPUT_OF[resource.raw.dialect] in check.inputs:
                    verdict = _judge(check, resource, wanted)
                    if verdict:
                        yield verdict


@dataclass(frozen=True, slots=True)
class _Case:
    """What a check says of a resource under the conditions assumed so far; None is a resource that isn't there."""

    status: Status | None
    findings: tuple[Finding, ...] = ()
    reason: str = ""


def _judge(check: Check, resource: Resource, arguments: dict[str, Any]) -> Verdict | None:
    try:
        case = _decide(check, resource, arguments, 0)
    except Exception as error:
        frame = traceback.extract_tb(sys.exc_info()[2])[-1]
        reason = f"{type(error).__name__}: {error} ({frame.filename}:{frame.lineno})"
        return Verdict(check, resource, Status.ERROR, reason=f"the check itself failed: {reason}")
    if case.status is None:
        return None
    return Verdict(check, resource, case.status, case.findings, case.reason)


def _decide(check: Check, resource: Resource, arguments: dict[str, Any], depth: int) -> _Case:
    if resource.exists is not None:
        answer = resource.exists.decide()
        if answer is False:
            return _Case(None)
        if answer is None:
            # Whether it is created is not ours to say; if it is, this is the verdict.
            return _try_both(check, resource, arguments, depth, Undecided("", resource.exists.open_atom()))
    findings: list[Finding] = []
    try:
        for finding in check.function(resource, **arguments):
            findings.append(finding)  # one by one: what was found before `Undecided` counts
    except Undecided as undecided:
        if not findings:
            return _try_both(check, resource, arguments, depth, undecided)
    return _Case(Status.FAIL, tuple(findings)) if findings else _Case(Status.PASS)


def _try_both(check: Check, resource: Resource, arguments: dict[str, Any], depth: int, undecided: Undecided) -> _Case:
    """Where a condition is open, the verdict holds if it is the same both ways."""
    if undecided.elsewhere:
        return _Case(None)
    atom = undecided.atom
    if atom is None or depth >= _DEEPEST_CASE:
        return _Case(Status.UNKNOWN, reason=undecided.reason)
    cases = []
    for answer in (True, False):
        with atom.assume(answer):
            cases.append(_decide(check, resource, arguments, depth + 1))
    there = [case for case in cases if case.status is not None]
    if len({case.status for case in there}) > 1:
        unknown = next((case for case in there if case.status is Status.UNKNOWN), None)
        reason = unknown.reason if unknown else f"it passes or fails depending on whether {atom}"
        return _Case(Status.UNKNOWN, reason=reason)
    return there[0] if there else _Case(None)
