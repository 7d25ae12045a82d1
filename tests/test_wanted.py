"""What the selected checks read of an account is found in their code, however it is written."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Callable
from functools import cache, cached_property, partial
from pathlib import Path
from typing import Any, NamedTuple

import pytest

import auditor
import checks
from auditor.config import Config
from auditor.demo.account import REGIONS
from auditor.demo.run import simulated_account
from auditor.demo.site import ACCOUNT
from auditor.engine import evaluate
from auditor.inventory import Inventory
from auditor.registry import Check, load_checks
from auditor.resources.base import Resource, Struct
from auditor.scan import select
from auditor.sources.account.source import collect
from auditor.wanted import WHOLE, names_in, types_of, wanted_by
from tests.support import as_template, template

CHECKS = load_checks()
FROM_TEMPLATES = [check for check in CHECKS.values() if "cloudformation" in check.inputs]
BUCKET = "AWS::S3::Bucket"


@pytest.mark.parametrize("check", FROM_TEMPLATES, ids=lambda check: check.id)
def test_every_field_that_an_example_reads_is_named(check: Check, tmp_path: Path, monkeypatch: Any) -> None:
    read: dict[str, set[str]] = defaultdict(set)
    answer = Struct.__getattr__  # type: ignore[attr-defined]  # hidden from type checkers

    def note(struct: Struct, name: str) -> Any:
        if isinstance(struct, Resource) and not name.startswith("_"):  # a block comes whole
            read[name].add(type(struct).__name__)
        return answer(struct, name)

    for example in (*check.bad, *check.good):
        inventory = Inventory(template(tmp_path, as_template(example)))
        with monkeypatch.context() as patch:
            patch.setattr(Struct, "__getattr__", note)
            evaluate(inventory, [check], Config())
    assert {name: classes for name, classes in read.items() if name not in names_in(check.function)} == {}


def test_names_of_fields_are_written_out() -> None:
    """A name that is put together as the check runs would not be found; only of templates is one read that way."""
    made_up = {
        f"{file.stem}:{ast.unparse(call.args[1])}"
        for package in (checks, auditor)
        for file in Path(package.__path__[0]).rglob("*.py")
        if "sources" not in file.parts
        for call in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in ("getattr", "if_known")
        if not isinstance(call.args[1], ast.Name | ast.Constant | ast.Attribute)
    }
    assert made_up == {"principals:f'{kind}_name'"}


@pytest.mark.parametrize(
    ("check", "wanted"),
    [
        ("s3-bucket-versioning", {BUCKET: {"VersioningConfiguration"}}),
        (
            "s3-bucket-public-policy",
            {
                BUCKET: {"Policy", "PublicAccessBlockConfiguration"},
                "account": {"PublicAccessBlockConfiguration"},
            },
        ),
    ],
)
def test_nothing_else_is_wanted(check: str, wanted: dict[str, set[str]]) -> None:
    found = wanted_by([CHECKS[check]])
    assert {type: found[type] for type in wanted} == wanted
    assert found.keys() == types_of([CHECKS[check]])


def test_what_looks_into_the_raw_properties_wants_them_all() -> None:
    wanted = wanted_by([check for check in CHECKS.values() if check.id.startswith("sagemaker-training-")])
    assert WHOLE in wanted["api:SageMaker::TrainingJob"]


def test_asking_for_less_changes_no_verdict() -> None:
    settings = Config(account=ACCOUNT, region=REGIONS[0])
    chosen = select(settings)
    with simulated_account() as session:
        everything, wanted = (
            collect(types=types, session=session, regions=REGIONS[:1])
            for types in (types_of(chosen), wanted_by(chosen))
        )
    assert sum(wanted.calls.values()) < sum(everything.calls.values())
    full, less = (
        {(one.check.id, one.resource.address, one.status, one.reason) for one in evaluate(found, chosen, settings)}
        for found in map(Inventory, (everything, wanted))
    )
    assert less == full


# --- ways to name a field -------------------------------------------------------------------------------------------


class Row(NamedTuple):
    name: str
    test: Callable[[Any], bool]


def by_helper(resource: Any) -> Any:
    return resource.read_by_helper


class Helper:
    @property
    def a_property(self) -> Any:
        return self.read_by_property  # type: ignore[attr-defined]

    @cached_property
    def a_cached_property(self) -> Any:
        return self.read_by_cached_property  # type: ignore[attr-defined]

    @classmethod
    def a_class_method(cls, resource: Any) -> Any:
        return resource.read_by_class_method

    def __init__(self, resource: Any) -> None:
        self.kept = resource.read_by_constructor

    def __iter__(self) -> Any:
        return iter(self.read_by_iteration)  # type: ignore[attr-defined]


@cache
def remembered(resource: Any) -> Any:
    return resource.read_by_remembered


TABLE = {"one": Row("read_by_table", lambda resource: resource.read_by_lambda)}
PARTIAL = partial(lambda field, resource: getattr(resource, field), "read_by_partial")


def in_closure(name: str) -> Callable[[Any], Any]:
    return lambda resource: getattr(resource, name)


CLOSURE = in_closure("read_by_closure")


def judge(resource: Any) -> Any:
    """A docstring names read_by_nobody."""
    from tests.support import by_title

    def inner() -> Any:
        return resource.read_by_inner_function

    yield resource.fail("", at="read_by_path.within_path")
    yield by_helper(resource), TABLE, PARTIAL, CLOSURE, inner, remembered(resource), by_title
    yield resource.a_property, resource.a_cached_property, resource.a_class_method(resource), Helper(resource)


def test_every_way_to_name_a_field_is_followed(monkeypatch: Any) -> None:
    from auditor import registry

    one = Check(
        id="made-for-this",
        title="",
        severity=auditor.LOW,
        pillar="cost",
        types=(),
        uses=(),
        inputs=("live",),
        bad=(),
        good=(),
        aliases=(),
        function=judge,
        takes=(),
    )
    monkeypatch.setitem(registry.CHECKS, one.id, one)
    found = {name for name in names_in(judge) if name.startswith("read_by_") or name == "within_path"}
    ways = ("helper", "property", "cached_property", "class_method", "constructor", "iteration", "remembered", "table")
    more = ("lambda", "partial", "closure", "inner_function", "path")
    assert found == {f"read_by_{way}" for way in (*ways, *more)} | {"within_path"}
