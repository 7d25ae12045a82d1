from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape

import pytest

from auditor.raw import Notice
from auditor.report import Report
from reports.interface import render
from reports.markdown import MARKER, MOST_IN_COMMENT, document
from reports.markdown_text import block, code, escape
from tests.reports import sample
from tests.reports.every import EVERY
from tests.reports.hostile import PAYLOADS, hostile_report

_CODE = re.compile(r"(?<!`)(`+)(?!`)(.+?)(?<!`)\1(?!`)")


def outside_code(text: str) -> str:
    return _CODE.sub("", text)


@pytest.mark.parametrize(
    "text",
    [
        *PAYLOADS,
        "@octocat/team",
        "see #12, !7, org/repo#3",
        "https://evil.example www.evil.example",
        "![x](https://evil.example/pixel.png)",
        "a | b",
        "$x$ ~~y~~ **z** __w__ `q` <b>",
        "&lt;img&gt; &#64;octocat",
        "\\",
    ],
)
def test_nothing_in_escaped_text_has_an_effect(text: str) -> None:
    escaped = escape(text)
    assert not re.search(r"[\\`*_\[\]<>|^~$]", escaped)
    assert not re.search(r"&(?!#\d+;)", escaped), "no entity but our own"
    rendered = unescape(escaped)
    assert not re.search(r"[@#!](?=\w)", rendered), "no mention and no reference, also in what is rendered"
    assert not re.search(r"://|www\.", rendered)
    assert "\n" not in escaped


def test_ordinary_text_stays_readable() -> None:
    assert escape("opens ports 0-65535 to 0.0.0.0/0 (90 % of them), isn't it?") == (
        "opens ports 0-65535 to 0.0.0.0/0 (90 % of them), isn't it?"
    )


@pytest.mark.parametrize("text", ["plain", "`", "``a`", "a``", "", "<script>@octocat"])
def test_a_code_span_holds_whatever_is_in_it(text: str) -> None:
    span = code(text)
    found = _CODE.fullmatch(span)
    assert found
    assert found[2].strip() == text


def test_a_code_block_is_not_left_early() -> None:
    assert block("a\n```\nb", "yaml").startswith("````yaml\n")


@EVERY
@pytest.mark.parametrize("name", ["markdown", "github-summary"])
def test_there_is_no_markup_but_ours(make: Callable[[], Report], name: str) -> None:
    text = render(make(), name)
    rest = outside_code(text.replace(MARKER, "", 1))
    assert "<" not in rest
    assert "](" not in rest
    assert not re.search(r"[@#](?=\w)", unescape(rest).replace("\n", " ").replace("\N{ZERO WIDTH SPACE}", " "))
    for line in rest.splitlines():
        assert re.match(r"$|#{2,3} |\||- |\*\*|Fix: |[A-Z0-9]", line), line


def test_the_comment_is_found_again_and_its_head_says_most() -> None:
    lines = render(sample.changed_report(), "markdown").splitlines()
    assert lines[0] == MARKER
    assert lines[1] == "## Gate fails: 1 finding of severity high or above"
    assert lines[3] == (
        "**Against `origin/main`:** 1 new, 4 known, 1 fixed; waste: +$10.00 to +$25.00 a month; costs if always on: "
        "+$36.50 a month."
    )
    assert "| 0 | 1 | 0 | 0 | 3 | 1 | 61, 71 % evaluated | – |" in lines
    assert "up to $12.50" not in lines
    assert "saves up to $384 a month" in render(sample.account_report(), "markdown")


@pytest.mark.parametrize("most", [4_000, 20_000, MOST_IN_COMMENT])
def test_it_fits_and_says_what_is_left_out(most: int) -> None:
    report = sample.large_report(3000)
    text = document(report, most, MARKER)
    assert len(text.encode()) <= most
    left = re.search(r"\*\*([\d,]+) more findings left out here, as there is no room: (.*)\.\*\*", text)
    assert left
    counts = {severity: count for count, severity in (part.split() for part in left[2].split(", "))}
    number = int(left[1].replace(",", ""))
    assert number == sum(int(count.replace(",", "")) for count in counts.values())
    assert number + len(re.findall(r"^- ", text, re.MULTILINE)) == 3000
    assert counts["low"] == "1,000", "the least grave go first"


def test_many_broken_inputs_leave_room_for_findings() -> None:
    report = sample.template_report()
    report.notices += [Notice("error", f"not valid {number} " + "@" * 1000) for number in range(2000)]
    text = render(report, "markdown")
    assert len(text.encode()) <= MOST_IN_COMMENT
    assert "### Could not be read (2,001)" in text
    assert re.search(r"- … and [\d,]+ more", text)
    assert "TrainingRole" in text
    assert "left out" not in text


def test_hostile_text_at_its_longest_still_fits() -> None:
    report = hostile_report()
    for result in report.results:
        result.message = result.reason = "*" * 5000
    assert len(render(report, "markdown").encode()) <= MOST_IN_COMMENT


def test_the_summary_has_more_room_and_no_marker() -> None:
    report = sample.large_report(3000)
    text = render(report, "github-summary")
    assert MARKER not in text
    assert "left out" not in text
    assert len(text.encode()) < 1024 * 1024


def test_where_the_money_is_is_a_table_with_confidence_and_date() -> None:
    shown = render(sample.account_report(), "markdown")
    _, _, table = shown.partition("| what | a month | confidence | oldest price |\n| --- | --- | --- | --- |\n")
    assert table.partition("\n\n")[0].splitlines() == [
        "| training-2 | $1,200–2,939 | spot capacity, low confidence | 2026-06-01 |",
        "| training-1 | up to $384 | spot capacity, low confidence | 2026-06-01 |",
        "| service EC2, 2 resources | $1,200–3,323 | low confidence | 2026-06-01 |",
        "| team vision | $1,200–2,939 | low confidence | 2026-06-01 |",
        "| no team tag | up to $384 | low confidence | 2026-06-01 |",
    ]
    assert "list prices, before discounts" in shown
    assert "Where the money is" not in render(sample.clean_report(), "markdown")
    running = render(sample.changed_report(), "markdown")
    assert "Costs: &#36;&#8203;1,825–1,862 a month if always on (list prices, before discounts" in running
