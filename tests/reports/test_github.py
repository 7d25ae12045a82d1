from __future__ import annotations

import re

import pytest

from auditor.raw import Location, Notice
from reports.interface import render
from tests.reports import sample
from tests.reports.hostile import hostile_report

_COMMAND = re.compile(r"::(error|warning|notice) ([^:]*)::(.*)")


def parse(text: str) -> list[tuple[str, dict[str, str], str]]:
    """Commands as the runner reads them."""
    parsed = []
    for line in text.splitlines():
        found = _COMMAND.fullmatch(line)
        if found:
            properties = dict(pair.split("=", 1) for pair in found[2].split(","))
            parsed.append((found[1], {key: _unescape(value) for key, value in properties.items()}, _unescape(found[3])))
    return parsed


def _unescape(value: str) -> str:
    for code, character in (("%0D", "\r"), ("%0A", "\n"), ("%3A", ":"), ("%2C", ","), ("%25", "%")):
        value = value.replace(code, character)
    return value


def test_a_finding_is_on_its_line() -> None:
    report = sample.template_report()
    commands = parse(render(report, "github"))
    found = next(command for command in commands if "TrainingNotebook has" in command[2])
    assert found[0] == "error"
    assert found[1] == {
        "file": "infra/ml.yaml",
        "line": "13",
        "endLine": "13",
        "col": "29",
        "endColumn": "36",
        "title": "sagemaker-notebook-direct-internet (high)",
    }
    assert found[2].split("\n")[1].startswith("Fix: set DirectInternetAccess")
    kinds = [command for command, _, _ in commands]
    assert kinds == sorted(kinds), "errors first, then warnings"
    assert "not valid YAML" in commands[0][2], "what was not read at all comes first"


def test_properties_and_messages_are_escaped() -> None:
    report = sample.template_report()
    report.notices.append(Notice("error", "100% wrong: a::b", Location("a,b:c%.yaml", 3, 1)))
    text = render(report, "github")
    assert "::error file=a%2Cb%3Ac%25.yaml,line=3" in text
    assert "::100%25 wrong: a::b" in text
    assert ("error", "100% wrong: a::b") in [(command, said) for command, _, said in parse(text)]


def test_ten_of_a_kind_and_what_is_left_out_is_said() -> None:
    report = sample.large_report(120)
    commands = parse(render(report, "github"))
    kinds = [command for command, _, _ in commands]
    assert {kind: kinds.count(kind) for kind in kinds} == {"error": 10, "warning": 10, "notice": 10}
    assert all("(critical)" in properties["title"] for command, properties, _ in commands if command == "error")
    assert commands[-1][2].startswith("GitHub shows 10 of each kind: 50 errors, 10 warnings, 31 notices left out here")


def test_nothing_is_said_to_be_left_out_where_all_fits() -> None:
    assert "left out" not in render(sample.template_report(), "github")


@pytest.mark.parametrize("text", ["::set-env name=A::b", "##[set-env name=A]b", "x ##[add-mask]y"])
def test_no_name_gives_the_runner_a_command(text: str) -> None:
    report = hostile_report()
    for info in report.resources.values():
        info.title = text
    report.gate = type(report.gate)(1, "high", text)
    for result in report.results:
        result.message = result.reason = f"{text}\n{text}"
    for line in render(report, "github").splitlines():
        assert _COMMAND.fullmatch(line) or (line.startswith("auditor: ") and "##[" not in line), line


def test_the_verdict_ends_it() -> None:
    lines = render(sample.clean_report(), "github").splitlines()
    assert lines == [
        "auditor: No findings on 1 resource.",
        "auditor: Gate holds: no failure of severity high or above",
    ]
