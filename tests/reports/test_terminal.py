from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from auditor.cli.report import command as cli
from auditor.errors import UsageError
from auditor.findings import Status
from auditor.gate import Gate
from auditor.raw import Location
from auditor.report import Result
from reports import costs, text
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


def test_findings_of_one_check_stand_together_the_first_in_full() -> None:
    shown = render(sample.large_report(120), "terminal")
    first, _, rest = shown.partition("17 more findings of iam-policy-admin-star\n")
    assert first.count("error[iam-policy-admin-star]") == first.count("-->") == 3
    assert first.count("fix:") == 1
    in_short, _, others = rest.partition("  … and 12 more\n\n")
    assert in_short.count("  --> training-data-") == in_short.count("\n") == 5
    assert "iam-policy-admin-star]" not in others


def test_a_check_with_one_finding_more_has_all_in_full() -> None:
    shown = render(sample.large_report(24), "terminal")  # four of each check
    assert shown.count("console:") == 24
    assert "more" not in shown


def test_more_findings_than_the_limit_are_counted() -> None:
    report = sample.large_report(120)
    shown = render(report, "terminal", RenderOptions(limit=20))
    assert shown.count("-->") == 20
    assert "… and 60 more findings of 3 checks: 20 medium, 40 low\n" in shown
    assert render(report, "terminal", RenderOptions(verbose=True)).count("-->") == 120


def test_the_greatest_savings_of_a_check_come_first() -> None:
    shown = render(sample.large_report(120), "terminal")
    assert shown.index("saves: up to $2.62") < shown.index("saves: up to $2.48") < shown.index("; saves up to $2.07")


def test_only_the_summary() -> None:
    report = sample.account_report()
    whole = render(report, "terminal")
    summary = render(report, "terminal", RenderOptions(only="summary"))
    assert whole.endswith(f"\n\n{summary}")
    assert "-->" not in summary
    assert render(report, "terminal", RenderOptions(only="summary", quiet=True)).count("\n") == 1


@pytest.mark.parametrize("width", [40, 80])
def test_statistics_are_a_line_per_check(width: int) -> None:
    report = sample.template_report()
    lines = render(report, "terminal", RenderOptions(only="statistics", quiet=False, width=width)).splitlines()
    assert [line.split()[:3] for line in lines[:-1]] == [
        ["2", "high", "sagemaker-notebook-direct-internet"],
        ["1", "critical", "iam-policy-admin-star"],
        ["1", "high", "s3-bucket-public-access-block"],
        ["1", "medium", "s3-bucket-kms-encryption"],
    ]
    assert lines[-1].startswith("Gate fails")
    assert width < 80 or all(len(line) <= width for line in lines)
    quiet = render(report, "terminal", RenderOptions(only="statistics", quiet=True)).splitlines()
    assert [line.split()[1] for line in quiet] == ["high", "critical", "high"]  # what fails the gate, and nothing else


@pytest.mark.parametrize("width", [60, 80, 120])
def test_tables_and_texts_are_as_wide_as_the_terminal(width: int) -> None:
    for report in (sample.account_report(), sample.changed_report(), sample.large_report(300)):
        shown = render(report, "terminal", RenderOptions(only="summary", width=width))
        assert [line for line in shown.splitlines()[:-1] if text.width(line) > width] == []


def test_where_the_money_is_has_its_confidence_and_date_and_says_what_is_not_known() -> None:
    report = sample.account_report()
    assert report.costs is not None
    report.costs.savings.teams.append(sample.spot(None, 0.0, 3.0))
    shown = render(report, "terminal", RenderOptions(only="summary"))
    assert "  $1,200–2,939  training-2  2026-06-01  spot capacity, low confidence\n" in shown
    assert "  $1,200–3,323  EC2  2 resources  2026-06-01  low confidence\n" in shown
    assert "up to $384  no team tag     1 resource  2026-06-01  low confidence" in shown
    assert "up to $3.00  team not known  1 resource  2026-06-01  low confidence" in shown
    assert "list prices, before discounts" in shown


def test_how_sure_a_sum_is() -> None:
    share = sample.spot("EC2", 0.0, 120.0, resources=2)
    share.confidence = {"high": 100.0, "low": 20.0}
    assert costs.sureness(share) == "$100 high, $20.00 low confidence"


@pytest.mark.parametrize(
    ("until", "said"),
    [
        ("2026-07-31", "1, 1 of them within 30 days, the next expires on 2026-07-31"),
        ("2026-08-01", "1, the next expires on 2026-08-01"),
        (None, "1, none of them ever expires"),
    ],
)
def test_what_is_suppressed_says_when_it_expires(until: str | None, said: str) -> None:
    report = sample.template_report()
    for result in report.results:
        if result.suppression:
            result.suppression = replace(result.suppression, until=until)
    assert f"Suppressed  {said}" in render(report, "terminal")


def test_checks_that_broke_off_are_told_once() -> None:
    report = sample.template_report()
    broken = next(result for result in report.results if result.status is Status.ERROR)
    report.results += [replace(broken, resource=address) for address in list(report.resources)[:2]]
    shown = render(report, "terminal", RenderOptions(width=200))
    assert shown.count("broken check[") == 1
    assert "and on 2 other resources" in shown


@pytest.mark.parametrize("flag", ["--summary", "--statistics"])
def test_a_part_is_for_the_terminal_only(flag: str, tmp_path: Path) -> None:
    saved = tmp_path / "report.json"
    saved.write_text(sample.account_report().to_json(), encoding="utf-8")
    refused = CliRunner().invoke(cli, [str(saved), flag, "-f", "json"])
    assert isinstance(refused.exception, UsageError)
    assert f"{flag} is for people" in str(refused.exception)
    shown = CliRunner().invoke(cli, [str(saved), flag])
    assert shown.exit_code == 0
    assert "-->" not in shown.output
    assert "Gate fails" in shown.output


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
