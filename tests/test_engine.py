from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from auditor.config import Config
from auditor.engine import evaluate
from auditor.findings import Finding, Severity, Status, Verdict
from auditor.inventory import Inventory
from auditor.raw import Collected, Raw
from auditor.registry import Check
from auditor.values import ABSENT, Atom, Choice, Not, Unknown
from tests.builders import Door, raw, when


def check_of(function: Callable[..., Iterator[Finding]], **more: Any) -> Check:
    takes = more.pop("takes", ())
    inputs = more.pop("inputs", ("live", "cloudformation"))
    return Check(
        "made-check", "Made", Severity.HIGH, "network", (Door,), (), inputs, (), (), (), function, takes, **more
    )


def is_shut(door: Door) -> Iterator[Finding]:
    if door.mode != "shut":
        yield door.fail("is open", at="mode", expected="shut")


def judge(*raws: Raw, function: Callable[..., Iterator[Finding]] = is_shut, **more: Any) -> list[Verdict]:
    return evaluate(Inventory(Collected(raws=list(raws))), [check_of(function, **more)], Config())


def status(*raws: Raw, **more: Any) -> list[str]:
    return [verdict.status.value for verdict in judge(*raws, **more)]


STAGE = Atom("Stage", "prod", [])


@pytest.mark.parametrize(
    ("mode", "expected"),
    [
        ("shut", "pass"),
        ("open", "fail"),
        (ABSENT, "fail"),
        (Unknown("no default"), "unknown"),
        (Choice(STAGE, "shut", "open"), "unknown"),
        (Choice(STAGE, "open", ABSENT), "fail"),
        (Choice(STAGE, "shut", "shut"), "pass"),
        (Choice(STAGE, "shut", Unknown("no default")), "unknown"),
        (Choice(STAGE, Choice(STAGE, "shut", "open"), Choice(STAGE, "open", "shut")), "pass"),
        (Choice(STAGE, "shut", Choice(Not(STAGE), "shut", "open")), "pass"),
    ],
)
def test_three_valued_verdicts(mode: object, expected: str) -> None:
    assert status(raw("Test::Made::Door", "Front", {"Mode": mode}, volatile=True)) == [expected]


def test_reason_of_an_open_condition() -> None:
    (verdict,) = judge(raw("Test::Made::Door", "Front", {"Mode": Choice(STAGE, "shut", "open")}, volatile=True))
    assert verdict.reason == "it passes or fails depending on whether Stage == prod"


def test_a_resource_that_may_not_exist_is_judged_as_if_it_did() -> None:
    properties = {"Mode": Choice(STAGE, "shut", "open")}
    assert status(raw("Test::Made::Door", "Front", properties, **when(STAGE))) == ["pass"]
    assert status(raw("Test::Made::Door", "Front", properties, **when(Not(STAGE)))) == ["fail"]


def test_many_open_conditions_end_as_unknown() -> None:
    mode: object = "shut"
    for number in range(12):
        mode = Choice(Atom(f"P{number}", "x", []), mode, "open" if number == 5 else "shut")
    assert status(raw("Test::Made::Door", "Front", {"Mode": mode}, volatile=True)) == ["unknown"]


def test_a_failure_found_before_something_unknown_counts() -> None:
    def rules(door: Door) -> Iterator[Finding]:
        for rule in door.rules:
            if rule.port == 22:
                yield door.fail("lets everyone in", at=rule)

    unknown = Unknown("no default")
    assert status(raw("Test::Made::Door", "A", {"Rules": [unknown, {"Port": 22}]}), function=rules) == ["fail"]
    assert status(raw("Test::Made::Door", "A", {"Rules": [unknown, {"Port": 23}]}), function=rules) == ["unknown"]
    assert status(raw("Test::Made::Door", "A", {"Rules": [{"Port": 23}]}), function=rules) == ["pass"]


def test_a_check_with_a_bug_is_an_error_and_the_others_go_on() -> None:
    def broken(door: Door) -> Iterator[Finding]:
        raise KeyError("oops")
        yield

    inventory = Inventory(Collected(raws=[raw("Test::Made::Door", "A", {"Mode": "shut"})]))
    first, second = evaluate(inventory, [check_of(broken), check_of(is_shut)], Config())
    assert first.status is Status.ERROR
    assert "KeyError" in first.reason
    assert "test_engine.py" in first.reason
    assert second.status is Status.PASS


def test_checks_get_what_they_ask_for_and_only_their_inputs() -> None:
    def curious(door: Door, inventory: Inventory, config: Config) -> Iterator[Finding]:
        assert inventory.of(Door) == [door]
        if config.fail_on == "high":
            yield door.fail("is seen")

    one = raw("Test::Made::Door", "A")
    assert status(one, function=curious, takes=("inventory", "config")) == ["fail"]
    assert status(one, inputs=("live",)) == []
