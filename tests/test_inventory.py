from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.inventory import Inventory
from auditor.members import every, those
from auditor.raw import Collected, Gap, Raw, Scope
from auditor.values import Atom, Partial, Reference, Undecided, Unknown
from tests.builders import ACCOUNT, TEMPLATE, Door, House, raw, when


def inventory(*raws: Raw, gaps: list[Gap] | None = None) -> Inventory:
    return Inventory(Collected(raws=list(raws), gaps=gaps or []))


def part(name: str, owner: Any, **properties: Any) -> Raw:
    return raw(name.partition("#")[0], name.partition("#")[2] or "Part", {"Door": owner, **properties})


def ref(name: str) -> Reference:
    return Reference(name, None, TEMPLATE.name)


def test_parts_join_their_owner() -> None:
    found = inventory(
        raw("Test::Made::Door", "Front", {"Rules": [{"Port": 1}]}),
        raw("Test::Made::Door", "Back"),
        part("Test::Made::DoorRule#Rule", ref("Front"), Port=2),
        part("Test::Made::DoorPolicy#Policy", ref("Back"), Text="p"),
    )
    front, back = found.of(Door)
    assert [rule.port for rule in front.rules] == [1, 2]
    assert back.policy == "p"
    assert back.spot("policy")[0].id == "Policy"
    with pytest.raises(Undecided, match="no Test::Made::DoorPolicy for it in this template"):
        _ = front.policy


def test_a_part_without_a_known_owner_may_belong_to_any_and_is_judged_on_a_stand_in() -> None:
    found = inventory(
        raw("Test::Made::Door", "Front"),
        part("Test::Made::DoorPolicy#Policy", Unknown("imported"), Text="p"),
        part("Test::Made::DoorRule#Rule", Unknown("imported"), Port=2),
    )
    front, policy, rule = found.of(Door)
    with pytest.raises(Undecided, match="Policy may belong to it: imported"):
        _ = front.policy
    with pytest.raises(Undecided):
        len(front.rules)
    assert policy.policy == "p"
    with pytest.raises(Undecided) as error:
        _ = policy.mode
    assert error.value.elsewhere
    ports = []
    with pytest.raises(Undecided):
        for one in rule.rules:
            ports.append(one.port)
    assert ports == [2]


def test_a_part_named_by_a_literal() -> None:
    found = inventory(
        raw("Test::Made::Door", "Front", names=("front-1",)),
        raw("Test::Made::Door", "Nameless", names=(Unknown("StackName"),)),
        part("Test::Made::DoorPolicy#A", "front-1", Text="a"),
        part("Test::Made::DoorPolicy#B", "other", Text="b"),
    )
    front, nameless, stand_in = found.of(Door)
    assert front.policy == "a"
    assert stand_in.policy == "b"
    with pytest.raises(Undecided, match="B may belong to it"):
        _ = nameless.policy


class GlassDoor(Door, cfn="Test::Made::GlassDoor"):
    """Inherits the parts of its base."""


def test_parts_of_a_class_and_one_that_is_based_on_it() -> None:
    found = inventory(
        raw("Test::Made::Door", "Front", names=("front",)),
        raw("Test::Made::GlassDoor", "Back", names=("back",)),
        part("Test::Made::DoorRule#One", ref("Front"), Port=1),
        part("Test::Made::DoorRule#Two", ref("Back"), Port=2),
        part("Test::Made::DoorRule#Three", "back", Port=3),
    )
    assert {door.address: [rule.port for rule in door.rules] for door in found.of(Door)} == {
        "app.yaml#Front": [1],
        "app.yaml#Back": [2, 3],
    }


def test_a_part_under_a_condition() -> None:
    atom = Atom("Stage", "prod", [])
    policy = raw("Test::Made::DoorPolicy", "Policy", {"Door": ref("Front"), "Text": "p"}, **when(atom))
    (front,) = inventory(raw("Test::Made::Door", "Front"), policy).of(Door)
    with pytest.raises(Undecided) as error:
        _ = front.policy
    assert error.value.atom is atom
    with atom.assume(True):
        assert front.policy == "p"


def test_get_follows_references_ids_and_names() -> None:
    found = inventory(raw("Test::Made::House", "Home", names=("home-1",)), raw("Test::Made::Door", "Front"))
    (home,) = found.of(House)
    assert found.get(House, ref("Home")) is home
    assert found.get(House, "home-1") is home
    assert found.get(House, None) is None
    for elsewhere in ("home-2", ref("Front"), ref("Nowhere")):
        with pytest.raises(Undecided):
            found.get(House, elsewhere)


def test_a_collected_account_is_closed_and_a_gap_opens_it() -> None:
    front = raw("Test::Made::Door", "arn:front", scope=ACCOUNT)
    home = raw("Test::Made::House", "arn:home", scope=ACCOUNT, names=("home-1",))
    closed = inventory(front, home)
    near = closed.of(Door)[0]
    assert closed.get(House, "home-2") is None
    assert [h.title for h in closed.all(House, near)] == ["arn:home"]
    gap = Gap("made", "ListHouses", "AccessDenied", "no", "123456789012", "eu-west-1", None, ("Test::Made::House",))
    opened = inventory(front, home, gaps=[gap])
    near = opened.of(Door)[0]
    with pytest.raises(Undecided, match="made:ListHouses was denied in eu-west-1"):
        opened.get(House, "home-2")
    with pytest.raises(Undecided):
        list(opened.all(House, near))
    elsewhere = Gap("made", "ListHouses", "AccessDenied", "no", "123456789012", "us-east-1", None, gap.types)
    assert len(inventory(front, home, gaps=[elsewhere]).all(House, near)) == 1


def test_all_is_of_the_same_region_and_template() -> None:
    other = Scope("123456789012/us-east-1", "account", "123456789012", "us-east-1")
    world = Scope("123456789012/global", "account", "123456789012", "global")
    found = inventory(
        raw("Test::Made::Door", "arn:front", scope=ACCOUNT),
        raw("Test::Made::House", "arn:a", scope=ACCOUNT),
        raw("Test::Made::House", "arn:b", scope=other),
        raw("Test::Made::House", "arn:c", scope=world),
        raw("Test::Made::House", "Home"),
        raw("Test::Made::House", "Home", scope=Scope("b.yaml", "template")),
    )
    near = found.of(Door)[0]
    assert [house.title for house in found.all(House, near)] == ["arn:a", "arn:c"]


def test_a_template_is_open_but_what_it_declares_can_be_judged() -> None:
    found = inventory(raw("Test::Made::Door", "Front"), raw("Test::Made::House", "Home"))
    (near,) = found.of(Door)
    titles = []
    with pytest.raises(Undecided, match="another template"):
        for house in found.all(House, near):
            titles.append(house.title)
    assert titles == ["Home"]
    assert [house.title for house in found.declared(House, near)] == ["Home"]
    with pytest.raises(Undecided) as error:
        inventory(raw("Test::Made::Door", "Front")).declared(House, near)
    assert error.value.elsewhere


def test_what_was_not_scanned_is_not_missing() -> None:
    place = {"kind": "account", "name": "123456789012", "regions": ["eu-west-1"]}
    found = Inventory(Collected(raws=[raw("Test::Made::Door", "arn:front", scope=ACCOUNT)], inputs=[place]))
    assert found.get(House, "arn:aws:made:eu-west-1:123456789012:house/a") is None
    assert found.get(House, "arn:aws:iam::123456789012:house/a") is None
    for outside in ("us-east-1:123456789012", "eu-west-1:210987654321"):
        with pytest.raises(Undecided, match="not scanned"):
            found.get(House, f"arn:aws:made:{outside}:house/a")


@pytest.mark.parametrize("scope", [TEMPLATE, ACCOUNT], ids=lambda scope: scope.kind)
def test_what_refers_to_a_resource(scope: Scope) -> None:
    found = inventory(
        raw("Test::Made::House", "house-1", scope=scope, names=("home",)),
        raw("Test::Made::House", "house-2", scope=scope),
        raw("Test::Made::Door", "by-id", {"House": "house-1"}, scope=scope),
        raw("Test::Made::Door", "by-name", {"House": "home"}, scope=scope),
        raw("Test::Made::Door", "of-none", scope=scope),
        raw("Test::Made::Door", "elsewhere", {"House": "house-1"}, scope=Scope("other", scope.kind, "999999999999")),
    )
    one, two = found.of(House)
    assert [door.raw.id for door in found.referring(Door, lambda door: door.house, one)] == ["by-id", "by-name"]
    assert found.referring(Door, lambda door: door.house, two) == ()


@pytest.mark.parametrize("scope", [TEMPLATE, ACCOUNT], ids=lambda scope: scope.kind)
def test_what_may_refer_to_a_resource(scope: Scope) -> None:
    found = inventory(
        raw("Test::Made::House", "house-1", scope=scope),
        raw("Test::Made::Door", "unknown", {"House": Unknown("denied")}, scope=scope),
        raw("Test::Made::Door", "known", {"House": "house-1"}, scope=scope),
    )
    doors = found.referring(Door, lambda door: door.house, found.of(House)[0])
    seen = []
    with pytest.raises(Undecided, match="denied"):
        for door in doors:
            seen.append(door.raw.id)
    assert seen == ["known"]


def test_what_is_declared_beside_a_resource_may_be_nothing() -> None:
    found = inventory(raw("Test::Made::House", "house-1"))
    (house,) = found.of(House)
    assert found.beside(Door, house) == ()
    with pytest.raises(Undecided, match="no Test::Made::Door is declared here"):
        found.declared(Door, house)


def test_a_name_means_what_is_in_the_same_region() -> None:
    other = Scope("123456789012/us-east-1", "account", "123456789012", "us-east-1")
    found = inventory(
        raw("Test::Made::House", "arn:1", scope=other, names=("home",)),
        raw("Test::Made::House", "arn:2", scope=ACCOUNT, names=("home",)),
        raw("Test::Made::Door", "door", {"House": "home"}, scope=ACCOUNT),
        gaps=[Gap("made", "ListHouses", "AccessDenied", "", "123456789012", "us-east-1", types=("Test::Made::House",))],
    )
    (door,) = found.of(Door)
    house = found.get(House, door.house, near=door)
    assert house is not None and house.raw.id == "arn:2"
    assert found.get(House, "nobody", near=door) is None
    with pytest.raises(Undecided, match="denied in us-east-1"):
        found.get(House, "nobody")


HOUSES = ("One", "Two")
NAMES = st.sampled_from(("red", "green", None))
REFERENCES = st.sampled_from(
    (ref("One"), ref("Two"), ref("Gone"), "One", "red", "green", "blue", Unknown("imported"), None)
)


@given(st.lists(NAMES, min_size=2, max_size=2), st.lists(st.tuples(REFERENCES, st.integers(0, 2)), max_size=4))
def test_what_refers_is_found_as_if_each_were_asked(names: list[str | None], doors: list[tuple[Any, int]]) -> None:
    """The index of those that no open condition has to do with gives what looking at each gives."""
    houses = [
        raw("Test::Made::House", house, names=() if name is None else (name if name == "red" else Unknown("given"),))
        for house, name in zip(HOUSES, names, strict=True)
    ]
    condition = Atom("Stage", "prod", [])
    kinds: list[dict[str, Any]] = [{}, {"volatile": True}, when(condition)]
    found = inventory(
        *houses,
        *(
            raw("Test::Made::Door", f"Door{number}", {"House": house}, **kinds[kind])
            for number, (house, kind) in enumerate(doors)
        ),
    )
    for house in found.of(House):
        expected = those(
            found.of(Door),
            lambda door: every(lambda: house.answers_to(door.house), lambda: door.exists is None or undecided()),  # noqa: B023
        )
        answer = found.referring(Door, lambda door: door.house, house)
        assert isinstance(answer, Partial) == isinstance(expected, Partial)
        assert {*tuple.__iter__(answer)} == {*tuple.__iter__(expected)}


def undecided() -> bool:
    raise Undecided("it may not be there")
