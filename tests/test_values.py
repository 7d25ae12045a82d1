from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.values import (
    ABSENT,
    AnyOf,
    Atom,
    Choice,
    Condition,
    Every,
    Not,
    Partial,
    Undecided,
    Unknown,
    known,
    settle,
)

ATOMS = 3


@st.composite
def conditions(draw: Any, atoms: list[Atom], depth: int = 3) -> tuple[Condition, Any]:
    """A condition over atoms, and the same as a Python function of their answers."""
    kind = draw(st.sampled_from(["atom", "not", "and", "or"])) if depth else "atom"
    if kind == "atom":
        index = draw(st.integers(0, ATOMS - 1))
        return atoms[index], lambda answers, index=index: answers[index]
    if kind == "not":
        inner, plain = draw(conditions(atoms, depth - 1))
        return Not(inner), lambda answers: not plain(answers)
    left, plain_left = draw(conditions(atoms, depth - 1))
    right, plain_right = draw(conditions(atoms, depth - 1))
    if kind == "and":
        return Every((left, right)), lambda answers: plain_left(answers) and plain_right(answers)
    return AnyOf((left, right)), lambda answers: plain_left(answers) or plain_right(answers)


@given(st.data(), st.lists(st.sampled_from([True, False, None]), min_size=ATOMS, max_size=ATOMS))
def test_conditions_agree_with_plain_logic(data: Any, assumed: list[bool | None]) -> None:
    atoms = [Atom(f"p{number}", "x", []) for number in range(ATOMS)]
    condition, plain = data.draw(conditions(atoms))
    for atom, answer in zip(atoms, assumed, strict=True):
        atom.assumed = answer
    options = [[answer] if answer is not None else [True, False] for answer in assumed]
    every = {plain((a, b, c)) for a in options[0] for b in options[1] for c in options[2]}
    decided = condition.decide()
    if decided is not None:
        assert every == {decided}
    else:
        assert condition.open_atom() is not None
    if None not in assumed:
        assert decided == every.pop()


def test_atoms_about_one_subject_exclude_each_other() -> None:
    siblings: list[Atom] = []
    prod, dev = Atom("Stage", "prod", siblings), Atom("Stage", "dev", siblings)
    with prod.assume(True):
        assert dev.decide() is False
        assert dev.open_atom() is None
    with prod.assume(False):
        assert dev.decide() is None
    assert prod.decide() is None


def test_known_follows_choices_and_refuses_unknowns() -> None:
    atom = Atom("Stage", "prod", [])
    choice = Choice(atom, Choice(Not(atom), 1, 2), ABSENT)
    assert settle(choice) is choice
    with pytest.raises(Undecided) as error:
        known(choice)
    assert error.value.atom is atom
    with atom.assume(True):
        assert known(choice) == 2
    with atom.assume(False):
        assert known(choice) is ABSENT
    with pytest.raises(Undecided, match="why"):
        known(Unknown("why"))


def test_partial_gives_the_known_members_and_then_refuses() -> None:
    partial = Partial((1, 2), Undecided("some are unknown"))
    seen = []
    with pytest.raises(Undecided, match="some are unknown"):
        for member in partial:
            seen.append(member)
    assert seen == [1, 2]
    assert bool(partial)
    assert 2 in partial
    assert any(member == 1 for member in partial)
    for question in (
        len,
        list,
        sorted,
        hash,
        lambda p: 3 in p,
        lambda p: p[0],
        lambda p: p == (1, 2),
        lambda p: p + (1,),  # noqa: RUF005
    ):
        with pytest.raises(Undecided):
            question(partial)
    with pytest.raises(Undecided):
        bool(Partial((), Undecided("all of it")))
