from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from auditor.report import Report, json_schema, load
from reports.interface import render, write
from tests.reports import sample
from tests.reports.hostile import hostile_report

EVERY = [
    sample.template_report,
    sample.account_report,
    sample.clean_report,
    sample.empty_report,
    hostile_report,
]


@pytest.mark.parametrize("make", EVERY)
def test_it_follows_the_published_schema(make: Callable[[], Report]) -> None:
    schema = json_schema()
    Draft202012Validator.check_schema(schema)
    Draft202012Validator(schema).validate(json.loads(render(make(), "json")))


@pytest.mark.parametrize("make", EVERY)
def test_reading_it_again_gives_the_same_report(make: Callable[[], Report], tmp_path: Path) -> None:
    file = tmp_path / "report.json"
    write(render(make(), "json"), file)
    assert load(str(file)) == make()
