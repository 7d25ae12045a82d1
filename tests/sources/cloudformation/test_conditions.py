"""Conditions in three values, against a plain two-valued model."""

from __future__ import annotations

import itertools
import json
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.raw import Collected, Raw
from auditor.sources.documents import Document
from auditor.values import Atom, Condition
from tests.sources.cloudformation.support import read

Scan = Callable[..., Collected]


def evaluate(conditions: dict[str, Any], parameters: dict[str, Any], **given: Any) -> dict[str, bool | Condition]:
    """Each condition's truth: False for one whose resource is not there."""
    resources = {f"R{name}": {"Type": "A::B::C", "Condition": name} for name in conditions}
    data = {"Parameters": parameters, "Conditions": conditions, "Resources": resources}
    raws, notices = read(Document("t.json", json.dumps(data)), **given)
    assert notices == []
    found = {raw.id[1:]: True if raw.exists is None else raw.exists for raw in raws}
    return {name: found.get(name, False) for name in conditions}


_REFS = {name: {"Ref": name} for name in ("A", "B", "K")}
_VALUES = ("x", "y", "z")
_PARAMETERS = {
    "A": {"Type": "String"},
    "B": {"Type": "String", "AllowedValues": list(_VALUES)},
    "K": {"Type": "String", "Default": "x"},
}
_OPERANDS = st.sampled_from([*_REFS.values(), *_VALUES])
_EXPRESSIONS = st.recursive(
    st.builds(lambda left, right: {"Fn::Equals": [left, right]}, _OPERANDS, _OPERANDS),
    lambda inner: st.one_of(
        st.builds(lambda one: {"Fn::Not": [one]}, inner),
        st.builds(lambda some: {"Fn::And": some}, st.lists(inner, min_size=2, max_size=3)),
        st.builds(lambda some: {"Fn::Or": some}, st.lists(inner, min_size=2, max_size=3)),
    ),
    max_leaves=6,
)


def model(expression: dict[str, Any], world: dict[str, str]) -> bool:
    ((name, members),) = expression.items()
    if name == "Fn::Equals":
        left, right = (world[each["Ref"]] if isinstance(each, dict) else each for each in members)
        return bool(left == right)
    truths = [model(each, world) for each in members]
    return {"Fn::Not": lambda: not truths[0], "Fn::And": lambda: all(truths), "Fn::Or": lambda: any(truths)}[name]()


@settings(max_examples=300, deadline=None)
@given(_EXPRESSIONS)
def test_against_the_model(expression: dict[str, Any]) -> None:
    truth = evaluate({"C": expression}, _PARAMETERS)["C"]
    worlds = [
        {"A": a, "B": b, "K": "x"} for a, b in itertools.product((*_VALUES, "something else"), _VALUES)
    ]  # fmt: skip
    answers = {model(expression, world) for world in worlds}
    if isinstance(truth, bool):
        assert answers == {truth}
        return
    for world in worlds:
        with ExitStack() as stack:
            while (atom := truth.open_atom()) is not None:
                stack.enter_context(atom.assume(holds(atom, world)))
            assert truth.decide() is model(expression, world)
        assert truth.decide() is None or answers == {truth.decide()}


def holds(atom: Atom, world: dict[str, str]) -> bool:
    if " == " in atom.subject:
        left, right = atom.subject.split(" == ")
        return world[left] == world[right]
    return world[atom.subject] == atom.value


@settings(max_examples=150, deadline=None)
@given(_EXPRESSIONS, st.sampled_from(_VALUES), st.sampled_from(_VALUES))
def test_given_parameters_decide(expression: dict[str, Any], a: str, b: str) -> None:
    truth = evaluate({"C": expression}, _PARAMETERS, A=a, B=b)["C"]
    assert truth is model(expression, {"A": a, "B": b, "K": "x"})


def test_values_of_one_parameter_exclude_each_other() -> None:
    truths = evaluate(
        {
            "Prod": {"Fn::Equals": [{"Ref": "A"}, "prod"]},
            "Dev": {"Fn::Equals": ["dev", {"Ref": "A"}]},
            "Both": {"Fn::And": [{"Condition": "Prod"}, {"Condition": "Dev"}]},
        },
        {"A": {"Type": "String"}},
    )
    prod, dev, both = truths["Prod"], truths["Dev"], truths["Both"]
    assert isinstance(prod, Atom)
    assert isinstance(dev, Atom)
    assert isinstance(both, Condition)
    assert (str(prod), str(dev)) == ("A == prod", "A == dev")
    with prod.assume(True):
        assert dev.decide() is False
        assert both.decide() is False
    with prod.assume(False):
        assert dev.decide() is None


def test_allowed_values() -> None:
    truths = evaluate(
        {
            "Prod": {"Fn::Equals": [{"Ref": "A"}, "prod"]},
            "NotProd": {"Fn::Equals": [{"Ref": "A"}, "dev"]},
            "Impossible": {"Fn::Equals": [{"Ref": "A"}, "test"]},
            "Only": {"Fn::Equals": [{"Ref": "B"}, "1"]},
        },
        {"A": {"Type": "String", "AllowedValues": ["prod", "dev"]}, "B": {"Type": "Number", "AllowedValues": [1]}},
    )
    assert truths["Impossible"] is False
    assert truths["Only"] is True
    prod, other = truths["Prod"], truths["NotProd"]
    assert isinstance(prod, Atom)
    assert isinstance(other, Condition)
    with prod.assume(False):
        assert other.decide() is True
    with prod.assume(True):
        assert other.decide() is False


def test_a_text_known_in_part_is_compared_as_far_as_it_goes() -> None:
    stage = {"Fn::Sub": "app-${A}"}
    truths = evaluate(
        {"Never": {"Fn::Equals": [stage, "prod"]}, "Maybe": {"Fn::Equals": [stage, "app-prod"]}},
        {"A": {"Type": "String"}},
    )
    assert truths["Never"] is False
    assert isinstance(truths["Maybe"], Atom)


@pytest.mark.parametrize(
    ("left", "right", "answer"),
    [
        (True, "true", True),
        ("false", False, True),
        (1, "1", True),
        ("", "", True),
        ("a", "A", False),
        ({"Ref": "A"}, {"Ref": "A"}, True),
        ({"Fn::Join": ["", ["a", "b"]]}, "ab", True),
        ({"Fn::Select": [0, {"Ref": "L"}]}, "x", True),
        ({"Fn::Join": ["", {"Ref": "L"}]}, "", False),
    ],
)
def test_operands(left: Any, right: Any, answer: bool) -> None:
    parameters = {"A": {"Type": "String"}, "L": {"Type": "CommaDelimitedList", "Default": "x,y"}}
    assert evaluate({"C": {"Fn::Equals": [left, right]}}, parameters)["C"] is answer


def notices(collected: Collected) -> list[tuple[str, int | None]]:
    assert {notice.level for notice in collected.notices} <= {"warning"}
    return [(notice.message, notice.location.line) for notice in collected.notices]


def by_id(collected: Collected) -> dict[str, Raw]:
    return {raw.id: raw for raw in collected.raws}


def test_cycle(scan: Scan) -> None:
    collected = scan("""
        Conditions:
          A: !Not [!Condition B]
          B: !And [!Condition C, !Condition C]
          C: !Condition A
        Resources:
          R: {Type: "A::B::C", Condition: A}
        """)
    assert notices(collected) == [("the conditions depend on each other: A → B → C → A", 5)]
    assert by_id(collected)["R"].exists is not None


@pytest.mark.parametrize(
    ("expression", "message"),
    [
        ("!Equals [a]", "Fn::Equals: it takes a list of two values"),
        ("!Equals a", "Fn::Equals: it takes"),
        ("!And []", "Fn::And: it takes a list of conditions"),
        ("!Or {a: b}", "Fn::Or: it takes"),
        ("!Not [!Equals [a, a], !Equals [a, b]]", "Fn::Not: it takes a list of one condition"),
        ("!Condition [A]", "Condition: it takes the name of a condition"),
        ("!Condition Nowhere", "the condition Nowhere is not defined"),
        ("!Ref A", "Ref gives no condition"),
        ("!If [A, b, c]", "Fn::If gives no condition"),
        ("maybe", "a condition is needed, not a text"),
        ("[a]", "a condition is needed, not a list"),
        ("{a: b, c: d}", "a condition is needed, not a mapping"),
        ("~", "a condition is needed, not nothing"),
    ],
)
def test_wrong_shapes(scan: Scan, expression: str, message: str) -> None:
    collected = scan(f"""
        Conditions:
          C: {expression}
        Resources:
          R: {{Type: "A::B::C", Condition: C}}
          S: {{Type: "A::B::C"}}
        """)
    ((found, line),) = notices(collected)
    assert message in found
    assert line == 3
    assert by_id(collected)["R"].exists is not None
    assert by_id(collected)["S"].exists is None


@pytest.mark.parametrize("written", ["true", "'true'", "!Not [false]"])
def test_literals(scan: Scan, written: str) -> None:
    collected = scan(f"Conditions: {{C: {written}}}\nResources:\n  R: {{Type: 'A::B::C', Condition: C}}\n")
    assert by_id(collected)["R"].exists is None


def test_resources_condition(scan: Scan) -> None:
    collected = scan("""
        Parameters:
          Env: {Type: String}
        Conditions:
          Open: !Equals [!Ref Env, prod]
          Never: !Equals [a, b]
        Resources:
          Maybe: {Type: "A::B::C", Condition: Open}
          Not: {Type: "A::B::C", Condition: Never}
          Undefined: {Type: "A::B::C", Condition: Nowhere}
          Wrong: {Type: "A::B::C", Condition: [a]}
          User:
            Type: A::B::C
            Properties:
              P: !Ref Not
              Q: !If [Never, !Ref Not, fine]
        """)
    raws = by_id(collected)
    assert set(raws) == {"Maybe", "Undefined", "Wrong", "User"}
    assert str(raws["Maybe"].exists) == "Env == prod"
    assert raws["User"].properties["Q"] == "fine"
    assert not raws["User"].volatile
    assert notices(collected) == [
        ("the condition Nowhere is not defined", 10),
        ("the Condition of Wrong must be the name of a condition, not a list", 11),
        ("Not is referred to but not created, because its condition Never is false", 15),
    ]


def test_a_hostile_chain_ends(scan: Scan) -> None:
    """Deciding a condition takes as long as it is large, and sharing makes it large quickly."""
    chain = {"C0": {"Fn::Equals": [{"Ref": "A"}, "x"]}}
    for i in range(1, 500):
        before = {"Condition": f"C{i - 1}"}
        other = {"Fn::Equals": [{"Ref": "A"}, str(i)]}
        chain[f"C{i}"] = {"Fn::Or": [{"Fn::And": [before, other]}, {"Fn::And": [{"Fn::Not": [before]}, other]}]}
    data = {
        "Parameters": {"A": {"Type": "String"}},
        "Conditions": chain,
        "Resources": {"R": {"Type": "A::B::C", "Condition": "C499"}, "S": {"Type": "A::B::C", "Condition": "C30"}},
    }
    start = time.process_time()
    collected = scan(json.dumps(data), "t.json")
    for raw in collected.raws:
        assert raw.exists is not None
        assert raw.exists.decide() is None
    assert time.process_time() - start < 30  # it ends; if it were exponential it would not
    assert any("deep" in notice.message for notice in collected.notices)


def test_unused_conditions_are_not_evaluated(scan: Scan, tmp_path: Path) -> None:
    assert scan("Conditions: {A: nonsense}\nResources: {R: {Type: 'A::B::C'}}\n").notices == []
