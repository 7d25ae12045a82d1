"""What holds for every format."""

from __future__ import annotations

import csv
import io
import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from auditor.report import Report
from reports.interface import RenderOptions, names, render
from tests.reports import sample
from tests.reports.every import EVERY
from tests.reports.hostile import hostile_report

OF_TEMPLATES = [name for name in names() if name != "asff"]  # Security Hub takes findings about accounts
FORMATS = pytest.mark.parametrize("name", OF_TEMPLATES)


@FORMATS
@EVERY
def test_the_same_report_gives_the_same_text(make: Callable[[], Report], name: str) -> None:
    assert render(make(), name) == render(make(), name)


@FORMATS
def test_hostile_text_is_printable(name: str) -> None:
    text = render(hostile_report(), name)
    if name == "json":  # the canonical report keeps what it was given, escaped
        text = json.dumps(json.loads(text))
    assert [character for character in set(text) if not character.isprintable() and character != "\n"] == []
    assert len(text.encode()) < 1_000_000


@FORMATS
def test_an_input_that_could_not_be_read_is_named(name: str) -> None:
    text = render(sample.template_report(), name)
    assert "infra/broken.yaml" in text
    assert "not valid YAML" in text


@FORMATS
def test_a_broken_check_is_named(name: str) -> None:
    assert "ZeroDivisionError" in render(sample.template_report(), name)


@pytest.mark.parametrize("name", [name for name in OF_TEMPLATES if name not in ("gitlab", "github")])
def test_the_reason_for_an_unknown_verdict_is_told(name: str) -> None:
    """GitLab's format has no place for it; annotations count the verdicts."""
    assert "KeyArn has no default" in render(sample.template_report(), name)


def _sarif(text: str) -> int:
    return sum(not result["suppressions"] for result in json.loads(text)["runs"][0]["results"])


COUNTS: dict[str, Callable[[str], int]] = {
    "json": lambda text: json.loads(text)["summary"]["findings"],
    "sarif": _sarif,
    "github-sarif": _sarif,
    "csv": lambda text: [row["status"] for row in csv.DictReader(io.StringIO(text))].count("fail"),
    "jsonl": lambda text: [json.loads(line)["status"] for line in text.splitlines()].count("fail"),
    "ocsf": lambda text: [event["compliance"]["status"] for event in json.loads(text)].count("Fail") - 1,  # 1 accepted
    "gitlab": lambda text: sum("broke off" not in e["description"] for e in json.loads(text) if _is_check(e)),
    "junit": lambda text: len(re.findall(r"^.*<failure .*>infra/.*:\d+:\d+: ", text, re.MULTILINE)),
    "markdown": lambda text: len(re.findall(r"^- `infra/.* `\w+` ", text, re.MULTILINE)),
    "github-summary": lambda text: len(re.findall(r"^- `infra/.* `\w+` ", text, re.MULTILINE)),
    "github": lambda text: len(re.findall(r"^::.*title=\S+ \((?:critical|high|medium|low)\)::", text, re.MULTILINE)),
}


def _is_check(entry: dict[str, str]) -> bool:
    return not entry["check_name"].startswith("input-")


@pytest.mark.parametrize("name", COUNTS)
def test_counts_are_those_of_the_canonical_report(name: str) -> None:
    assert COUNTS[name](render(sample.template_report(), name)) == 5


@pytest.mark.parametrize("name", ["sarif", "github-sarif", "junit", "markdown", "github-summary", "github"])
def test_only_what_is_new_counts_where_there_is_a_baseline(name: str) -> None:
    text = render(sample.changed_report(), name)
    assert COUNTS[name](text) == 1
    assert "13" in text
    assert "DirectInternetAccess must be Disabled" in text


def test_verbose_sarif_has_what_is_known_too() -> None:
    run = json.loads(render(sample.changed_report(), "sarif", RenderOptions(verbose=True)))["runs"][0]
    states = [result["baselineState"] for result in run["results"] if not result["suppressions"]]
    assert sorted(states) == ["new", *["unchanged"] * 4]


@FORMATS
def test_no_format_for_ci_imports_anything_heavy(name: str) -> None:
    if name == "html":
        pytest.skip("it is a page made with Jinja2")
    code = (
        f"import sys, reports.interface; reports.interface.load({name!r});"
        "print([name for name in ('jinja2', 'boto3', 'botocore', 'pydantic', 'jsonschema') if name in sys.modules])"
    )
    root = Path(__file__).parents[2]
    done = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
