from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.values import ABSENT, Atom, Choice, Reference, Undecided, Unknown
from tests.builders import ACCOUNT, Door, House, raw

UNKNOWN = Unknown("the parameter Secret has no default")


def door(properties: dict[str, object] | None = None, **more: object) -> Door:
    return Door(raw("Test::Made::Door", "Front", properties, **more))


@pytest.mark.parametrize(
    ("property_name", "value", "field", "expected"),
    [
        ("Label", "a", "label", "a"),
        ("Label", 7, "label", "7"),
        ("Label", True, "label", "true"),
        ("Label", ABSENT, "label", None),
        ("Label", None, "label", None),
        ("Size", 3, "size", 3),
        ("Size", "3", "size", 3),
        ("Size", 3.0, "size", 3),
        ("Weight", "1.5", "weight", 1.5),
        ("Weight", 2, "weight", 2.0),
        ("Locked", "True", "locked", True),
        ("Locked", "false", "locked", False),
        ("Mode", "shut", "mode", "shut"),
        ("LoggingConfiguration", {"Level": "all"}, "level", "all"),
        ("LoggingConfiguration", [{"Level": "all"}], "level", "all"),
    ],
)
def test_spellings_that_mean_the_same(property_name: str, value: object, field: str, expected: object) -> None:
    assert getattr(door({property_name: value}), field) == expected


@pytest.mark.parametrize(
    ("property_name", "value", "field"),
    [
        ("Label", {"a": 1}, "label"),
        ("Label", ["a"], "label"),
        ("Size", "three", "size"),
        ("Size", True, "size"),
        ("Size", 3.5, "size"),
        ("Size", Reference("Other", None, "app.yaml"), "size"),
        ("Locked", "yes", "locked"),
        ("Mode", "ajar", "mode"),
        ("LoggingConfiguration", "on", "logging"),
        ("LoggingConfiguration", "on", "level"),
        ("Rules", "all", "rules"),
        ("Label", UNKNOWN, "label"),
        ("LoggingConfiguration", UNKNOWN, "level"),
        ("LoggingConfiguration", {"Level": UNKNOWN}, "level"),
    ],
)
def test_a_value_of_the_wrong_shape_or_unknown_is_undecided(property_name: str, value: object, field: str) -> None:
    with pytest.raises(Undecided):
        tuple(getattr(door({property_name: value}), field) or ())


def test_wrong_values_are_named_but_not_shown() -> None:
    with pytest.raises(Undecided, match="Size should be a whole number but is text") as error:
        _ = door({"Size": "hunter2"}).size
    assert "hunter2" not in error.value.reason


def test_defaults_and_required_fields() -> None:
    empty = door()
    assert (empty.mode, empty.weight, empty.rules, empty.logging) == ("open", 0.5, (), None)
    with pytest.raises(Undecided, match="Size is missing"):
        _ = empty.size
    with pytest.raises(Undecided, match="a template does not say only live"):
        _ = empty.only_live
    assert door({"OnlyLive": "yes"}, scope=ACCOUNT).only_live == "yes"


def test_terraform_takes_an_empty_text_for_nothing() -> None:
    front = Door(raw("test_door", "Front", {"label": "", "mode": "", "size": ""}, dialect="tf"))
    assert (front.label, front.mode) == (None, "open")
    with pytest.raises(Undecided, match="size is missing"):
        _ = front.size
    assert door({"Label": ""}).label == ""


def test_a_misspelt_field_is_a_bug_and_not_unknown() -> None:
    with pytest.raises(AttributeError, match="Door has no field 'lable'"):
        _ = door().lable  # type: ignore[attr-defined]


def test_members_of_a_list() -> None:
    front = door({"Rules": [{"Port": "22"}, UNKNOWN, {"Port": 80}, [{"Port": 443}]]})
    ports: list[int | None] = []
    with pytest.raises(Undecided, match="Secret"):
        ports.extend(rule.port for rule in front.rules)
    ports.clear()
    try:
        for rule in front.rules:
            ports.append(rule.port)
    except Undecided:
        pass
    assert ports == [22, 80, 443]
    assert door({"Rules": {"Port": 1}}).rules[0].port == 1
    assert front._values["Rules"]


def test_what_depends_on_a_condition_is_not_remembered() -> None:
    atom = Atom("Stage", "prod", [])
    front = door({"Mode": Choice(atom, "shut", ABSENT)}, volatile=True)
    with atom.assume(True):
        assert front.mode == "shut"
    with atom.assume(False):
        assert front.mode == "open"
    with pytest.raises(Undecided):
        _ = front.mode


def test_spots_are_in_the_sources_own_words() -> None:
    front = door({"LoggingConfiguration": {"Level": "all"}, "Rules": [{"Port": 1}, {"Port": 2}]})
    assert front.spot("mode")[1] == ("Mode",)
    assert front.spot("logging.level")[1] == ("LoggingConfiguration", "Level")
    assert front.spot("level")[1] == ("LoggingConfiguration", "Level")
    assert front.rules[1].spot("port")[1] == ("Rules", 1, "Port")
    assert front.fail("is open", at=front.rules[1]).field == "Rules"


def test_tags() -> None:
    pairs = [{"Key": "Environment", "Value": "prod"}, {"TagKey": "team", "TagValue": UNKNOWN}]
    tags = door({"Tags": pairs}).tags
    assert tags.get("environment") == "prod"
    assert tags.get("Stage", "ENVIRONMENT") == "prod"
    assert tags.get("owner") is None
    with pytest.raises(Undecided):
        tags.get("team")
    assert door({"Tags": {"Env": "dev"}}).tags.get("env") == "dev"
    with pytest.raises(Undecided):
        door({"Tags": [*pairs, UNKNOWN]}).tags.get("owner")
    with pytest.raises(Undecided):
        door({"Tags": ["Environment"]}).tags.get("owner")


def test_answers_to() -> None:
    house = House(raw("Test::Made::House", "Home", names=("home-1",)))
    assert house.answers_to(Reference("Home", "Arn", "app.yaml"))
    assert not house.answers_to(Reference("Home", None, "other.yaml"))
    assert house.answers_to("home-1")
    assert not house.answers_to("home-2")
    assert not house.answers_to(None)
    with pytest.raises(Undecided):
        House(raw("Test::Made::House", "Home", names=(UNKNOWN,))).answers_to("home-1")


@given(
    st.dictionaries(
        st.sampled_from(["Label", "Size", "Mode", "Rules", "Tags", "LoggingConfiguration"]),
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.text(max_size=5),
            lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
            max_leaves=8,
        ),
    )
)
def test_reading_anything_gives_a_value_or_undecided(properties: dict[str, object]) -> None:
    front = door(properties)
    for name in ("label", "size", "mode", "rules", "tags", "logging", "level"):
        try:
            first = getattr(front, name)
            assert getattr(front, name) is first  # remembered
            if name == "tags":
                first.get("a")
        except Undecided as error:
            assert error.reason
