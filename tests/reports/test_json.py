from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from jsonschema import Draft202012Validator

from auditor.report import Report, json_schema, load
from reports.interface import render, write
from tests.reports.every import EVERY


@EVERY
def test_it_follows_the_published_schema(make: Callable[[], Report]) -> None:
    schema = json_schema()
    Draft202012Validator.check_schema(schema)
    Draft202012Validator(schema).validate(json.loads(render(make(), "json")))


@EVERY
def test_reading_it_again_gives_the_same_report(make: Callable[[], Report], tmp_path: Path) -> None:
    file = tmp_path / "report.json"
    write(render(make(), "json"), file)
    assert load(str(file)) == make()
