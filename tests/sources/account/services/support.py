"""What holds for every collector, as one set of tests over a table of cases."""

from __future__ import annotations

import copy
import importlib
import pkgutil
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

import pytest

import auditor.resources
from auditor.raw import Collected, Raw
from auditor.resources.base import TYPES
from auditor.sources.account.collector import Incomplete, collectors_of
from auditor.sources.account.source import collect
from auditor.values import ABSENT, Unknown

for _module in pkgutil.iter_modules(auditor.resources.__path__):
    importlib.import_module(f"auditor.resources.{_module.name}")

ACCOUNT = "123456789012"
REGION = "us-east-1"


@dataclass(frozen=True)
class Case:
    """One resource, as AWS tells of it.

    Attributes:
        type: of the resource.
        arn: its ARN.
        listing: the operation without which nothing is known of the type.
        answers: what AWS answers where there is this one resource, by operation.
        properties: some of the properties that come of it.
        empty: what the listing answers where there is none: a response, or an error code; None where there always is.
        token: the response member that leads to the next page; empty where there never is one.
        more: the member that says that there is one, in services that have both.
        gone: the error code of each operation that says that the resource was deleted meanwhile.
        needs: members of responses without which there is no telling what the resource is.
        title: what people call it.
    """

    type: str
    arn: str
    listing: str
    answers: Mapping[str, Any]
    properties: Mapping[str, Any]
    empty: Any = field(default_factory=dict)
    token: str = ""
    more: str = ""
    gone: Mapping[str, str] = field(default_factory=dict)
    needs: tuple[str, ...] = ()
    title: str = ""


def scan(*types: str) -> Collected:
    """One region, for some types."""
    return collect(regions=[REGION], types=types)


def one(collected: Collected, type: str) -> Raw:
    """The only resource of a type."""
    (raw,) = (raw for raw in collected.raws if raw.type == type)
    return raw


class Behaviour:
    """Tests of every case in `cases`; a module subclasses it with its own."""

    cases: ClassVar[tuple[Case, ...]] = ()

    def pytest_generate_tests(self, metafunc: pytest.Metafunc) -> None:
        if "case" in metafunc.fixturenames:
            metafunc.parametrize("case", metafunc.cls.cases, ids=lambda case: case.type)

    @pytest.fixture(autouse=True)
    def in_the_simulated_account(self, moto: None, scripted: Any) -> None:
        """No test reaches AWS; moto would make a network for each that asks it where there are regions."""
        scripted(
            {
                "GetCallerIdentity": {"Account": ACCOUNT, "Arn": f"arn:aws:iam::{ACCOUNT}:user/tester", "UserId": "U"},
                "DescribeRegions": {"Regions": [{"RegionName": REGION, "OptInStatus": "opt-in-not-required"}]},
            }
        )

    def test_one(self, case: Case, scripted: Any) -> None:
        scripted(copy.deepcopy(dict(case.answers)))
        found = scan(case.type)
        assert (found.gaps, found.notices) == ([], [])
        raw = one(found, case.type)
        assert raw.id == case.arn
        assert {name: raw.properties.get(name, ABSENT) for name in case.properties} == case.properties
        if case.title:
            assert raw.title == case.title

    def test_none(self, case: Case, scripted: Any) -> None:
        if case.empty is None:
            pytest.skip("there always is one")
        scripted({**case.answers, case.listing: case.empty})
        found = scan(case.type)
        assert (found.raws, found.gaps, found.notices) == ([], [], [])

    def test_several_pages(self, case: Case, scripted: Any) -> None:
        if not case.token:
            pytest.skip("its list never has a second page")
        first = {**case.answers[case.listing], case.token: "more", **({case.more: True} if case.more else {})}
        scripted({**case.answers, case.listing: [first, copy.deepcopy(case.answers[case.listing])]})
        found = scan(case.type)
        assert (found.gaps, found.notices) == ([], [])
        assert one(found, case.type).id == case.arn
        (asked,) = (count for name, count in found.calls.items() if name.endswith(f":{case.listing}"))
        assert asked == 2

    def test_denied(self, case: Case, scripted: Any) -> None:
        for operation in case.answers:
            scripted({**copy.deepcopy(dict(case.answers)), operation: "AccessDeniedException"})
            found = scan(case.type)
            assert found.notices == [], operation
            assert {gap.operation for gap in found.gaps} == {operation}
            assert all(gap.denied for gap in found.gaps)
            if operation == case.listing:
                assert found.raws == []
                assert all(case.type in gap.types for gap in found.gaps)
            elif not any(gap.types for gap in found.gaps):
                properties = one(found, case.type).properties
                unknown = [value for value in properties.values() if isinstance(value, Unknown)]
                assert unknown or isinstance(properties, Incomplete), operation

    def test_throttled_then_fine(self, case: Case, scripted: Any) -> None:
        scripted(copy.deepcopy(dict(case.answers)))
        undisturbed = scan(case.type)
        attempts: Counter[str] = Counter()
        scripted(copy.deepcopy(dict(case.answers)), throttled=attempts)
        found = scan(case.type)
        assert (found.gaps, found.notices, found.calls) == ([], [], undisturbed.calls)
        assert [(raw.id, dict(raw.properties)) for raw in found.raws] == [
            (raw.id, dict(raw.properties)) for raw in undisturbed.raws
        ]
        assert all(attempts[operation] > 1 for operation in case.answers)

    def test_only_what_is_wanted(self, case: Case, scripted: Any) -> None:
        """What is wanted comes as it does where all is; whatever else differs from that is unknown, never absent."""
        answers = dict(case.answers)
        scripted(copy.deepcopy(answers))
        full = one(scan(case.type), case.type)
        for left_out, wanted in _by_what_is_left_out(case.type).items():
            scripted(copy.deepcopy(answers))
            found = collect(regions=[REGION], types={case.type: wanted})
            assert (found.gaps, found.notices) == ([], [])
            assert left_out.isdisjoint(found.calls)
            raw = one(found, case.type)
            assert (raw.id, raw.title, list(raw.names)) == (full.id, full.title, list(full.names))
            for name in _properties(case.type):
                told, expected = (which.properties.get(name, ABSENT) for which in (raw, full))
                assert told == expected or (name not in wanted and _is_unknown(told)), name

    def test_gone(self, case: Case, scripted: Any) -> None:
        for operation, code in case.gone.items():
            scripted({**copy.deepcopy(dict(case.answers)), operation: code})
            found = scan(case.type)
            assert (found.raws, found.gaps, found.notices) == ([], [], []), operation

    def test_missing_members(self, case: Case, scripted: Any) -> None:
        for operation, answer in case.answers.items():
            for name, less in _without_one(answer):
                if name in case.needs:
                    continue
                scripted({**copy.deepcopy(dict(case.answers)), operation: less})
                assert scan(case.type).notices == [], f"{operation} without {name}"


def _properties(type: str) -> set[str]:
    return {field.path[0] for field in TYPES[type].plan("live").values() if field.path}


def _by_what_is_left_out(type: str) -> dict[frozenset[str], set[str]]:
    """Properties of a type by the operations that are left out where only they are wanted; none of them, too."""
    found: dict[frozenset[str], set[str]] = defaultdict(set)
    for wanted in (set(), *({name} for name in _properties(type))):
        chosen = collectors_of({type: wanted})
        called = frozenset[str]().union(*(one.declared for one in chosen))
        found[frozenset[str]().union(*(one.left_out for one in chosen)) - called] |= wanted
    return found


def _is_unknown(value: Any) -> bool:
    """Whether a value, or something in it, is unknown."""
    members = value.values() if isinstance(value, Mapping) else value if isinstance(value, list) else ()
    return isinstance(value, Unknown | Incomplete) or any(map(_is_unknown, members))


def _without_one(value: Any) -> Iterator[tuple[str, Any]]:
    """The value without one of its members, wherever that is, for each of them."""
    if isinstance(value, dict):
        for name, member in value.items():
            yield name, {key: other for key, other in value.items() if key != name}
            for missing, less in _without_one(member):
                yield missing, {**value, name: less}
    elif isinstance(value, list):
        for index, member in enumerate(value):
            for missing, less in _without_one(member):
                yield missing, [*value[:index], less, *value[index + 1 :]]
