from __future__ import annotations

import re
from dataclasses import replace

import pytest

from auditor.findings import Status
from auditor.gate import Gate
from auditor.raw import Location
from auditor.report import Result
from reports import text
from reports.digest import digest
from reports.evidence import snippet
from reports.interface import RenderOptions, render
from tests.reports import sample
from tests.reports.hostile import hostile_report

_ANSI = re.compile(r"\x1b\[[0-9;]+m")


@pytest.mark.parametrize("options", [RenderOptions(), RenderOptions(verbose=True, colour=True, width=40)])
def test_nothing_from_outside_acts_on_the_terminal(options: RenderOptions) -> None:
    shown = render(hostile_report(), "terminal", options)
    rest = _ANSI.sub("", shown) if options.colour else shown
    assert [character for character in set(rest) if not character.isprintable() and character != "\n"] == []
    assert max(map(len, rest.splitlines())) < 3 * text.LONGEST_VALUE


def test_colours_say_nothing_that_words_do_not() -> None:
    report = sample.account_report()
    coloured = render(report, "terminal", RenderOptions(colour=True))
    assert _ANSI.search(coloured)
    assert _ANSI.sub("", coloured) == render(report, "terminal")


def test_quiet_leaves_only_what_fails_the_gate() -> None:
    report = sample.template_report()
    quiet = render(report, "terminal", RenderOptions(quiet=True))
    assert quiet.count("-->") == 4
    assert "warning[" not in quiet
    assert "Score" not in quiet
    everything = replace(report, gate=Gate(0, "never", "the gate is switched off"))
    assert render(everything, "terminal", RenderOptions(quiet=True)).count("-->") == 5
    assert render(sample.clean_report(), "terminal", RenderOptions(quiet=True)).count("\n") == 1


def test_more_findings_than_the_limit_are_counted() -> None:
    report = sample.large_report(120)
    shown = render(report, "terminal")
    assert shown.count("-->") == 50
    assert "and 70 more findings" in shown
    assert render(report, "terminal", RenderOptions(verbose=True)).count("-->") == 120


def _finding(source: str, place: Location, property: str = "", expected: str | None = None) -> Result:
    return Result("id", "r", Status.FAIL, property=property, expected=expected, location=place, source=source)


@pytest.mark.parametrize(
    ("source", "columns", "parts"),
    [
        ("\tKey: value", (7, 12), ("    Key: ", "value", "")),
        ("a: b  # c", (4, 6), ("a: ", "b", "  # c")),
        ("Key: ***", (60, 70), ("Key: **", "*", "")),  # redacted after it was measured
        ("Key: value", (6, None), ("Key: ", "value", "")),
        ("a: \x1b[2J", (4, 8), ("a: ", "␛[2J", "")),
    ],
)
def test_the_caret_is_under_the_span(source: str, columns: tuple[int, int | None], parts: tuple[str, ...]) -> None:
    found = snippet(_finding(source, Location("f", 1, columns[0], 1, columns[1])))
    assert found is not None
    assert (found.before, found.marked, found.after) == parts


def test_a_span_of_several_lines_is_marked_to_the_end_of_the_first() -> None:
    found = snippet(_finding("  Policy:  ", Location("f", 1, 3, 9, 2)))
    assert found is not None
    assert found.marked == "Policy:"


@pytest.mark.parametrize(
    ("source", "property", "expected", "added"),
    [
        ("  Lake:", "KmsKeyId", None, ["    KmsKeyId: …"]),
        ("  Lake:", "Rules.0.Status", "Enabled", ["    Rules:", "      - Status: Enabled"]),
        ("  Rules:", "Spec.Rules.0.Status", "Enabled", ["    Status: Enabled"]),
        ('  "Lake": {', "Rules.0.Days", "30", ['    "Rules": [{"Days": 30}]']),
        ("  Lake:", "", None, []),
    ],
)
def test_what_is_missing_is_shown_as_it_would_be_written(
    source: str, property: str, expected: str | None, added: list[str]
) -> None:
    end = source.index(":") + 1
    found = snippet(_finding(source, Location("f", 1, 3, 1, end, present=False), property, expected))
    assert found is not None
    assert list(found.added) == added


def test_one_fix_is_claimed_only_for_findings_on_one_value() -> None:
    report = sample.template_report()
    assert not any(cause.one_fix for cause in digest(report).causes)
    mapped = Location(sample.TEMPLATE, 5, 12, 5, 19)
    for result in report.results:
        result.location = mapped
    assert [cause.check for cause in digest(report).causes if cause.one_fix] == ["sagemaker-notebook-direct-internet"]


def test_numbers_in_words() -> None:
    assert [text.usd_range(*pair) for pair in ((0, 12.5), (1200, 2938.9), (7, 7))] == [
        "up to $12.50",
        "$1,200–2,939",
        "$7.00",
    ]
    assert [text.percent(share) for share in (0.999, 1.0, 0.58)] == ["99 %", "100 %", "58 %"]
    assert [text.score(value) for value in (99.9, 100.0, None)] == ["99", "100", "not rated"]
    assert text.width("数据é") == 5
