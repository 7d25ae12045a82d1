from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

from auditor.distributed.rollup import Alarm, FailedCheck, News, Point, RollUp
from auditor.distributed.summary import Line
from auditor.score import Score
from reports.html.organization import render
from reports.interface import write
from tests.reports.browser import Tab, browser
from tests.reports.hostile import PAYLOADS
from tests.reports.test_html import Page

__all__ = ["browser"]  # a fixture


def rolled_up(accounts: int) -> RollUp:
    lines = [
        Line(
            account=f"{number:012}",
            name=f"team-{number}",
            status="partial" if number % 20 == 7 else "scanned",
            reason="us-west-2 was not read" if number % 20 == 7 else "the gate fails",
            exit_code=number % 4,
            score=Score(float(number % 100), 0.9),
            failures={"critical": number % 7, "high": 100, "medium": 900, "low": 1000},
            findings=2000,
            unknown=30,
            saving_low=1.0,
            saving_high=float(number),
            reports={"html": f"{number:012}.html", "html eu": f"{number:012}-eu.html"},
        )
        for number in range(accounts)
    ]
    lines += [Line(f"9{number:011}", "", "failed", "the role may not be assumed") for number in range(12)]
    checks = {f"check-{number}": FailedCheck("Something holds", "high", 9, 5) for number in range(270)}
    points = [
        Point(f"2026-01-{day:02}", "", accounts, 0, 12, 0, Score(60.0, 0.9), {}, 9, 9, 1.0, 9.0) for day in range(1, 29)
    ]
    news = News(
        "2026-01-27", 5, 3, 2, [Alarm("1", "team-1", "check-1", "is open", f"f{number}") for number in range(60)]
    )
    return RollUp("0.1.0", "2026-01-28T06:00:00+00:00", lines, checks, 1, "2026-01-28", Score(60.0, 0.9), news, points)


def opened(browser: Any, rolled: RollUp, folder: Path, **settings: Any) -> Tab:
    file = folder / "index.html"
    write(render(rolled), file)
    tab = Tab(browser.new_context(**settings).new_page(), file)
    tab.load()
    return tab


def test_hundreds_of_accounts_stay_small_and_can_all_be_turned_to(browser: Any, tmp_path: Path) -> None:
    for scheme in ("light", "dark"):
        tab = opened(browser, rolled_up(400), tmp_path, color_scheme=scheme)
        assert tab.file.stat().st_size < 500_000
        assert tab.elements < 2000
        assert tab.violations() == []
        tab.undisturbed()
    seen = set()
    for _ in range(8):
        seen |= set(tab.run("[...document.querySelectorAll('#t-accounts a')].map((a) => a.getAttribute('href'))"))
        tab.run("document.querySelector('[data-pages=t-accounts] .next').click()")
    assert len(seen) == 800, "both parts of each"


def test_it_says_what_is_missing_before_all_else() -> None:
    page = render(rolled_up(30))
    assert page.index("the role may not be assumed") < page.index("us-west-2 was not read") < page.index("t-accounts")
    assert "12 accounts could not be scanned; 2 accounts only in part" in page
    assert "Since 2026-01-27" in page
    assert "5 new" in page


def test_nothing_is_cut_off_on_a_telephone(browser: Any, tmp_path: Path) -> None:
    tab = opened(browser, rolled_up(30), tmp_path, viewport={"width": 390, "height": 800})
    assert tab.run("document.documentElement.scrollWidth") <= 390


def test_hostile_texts_do_nothing() -> None:
    rolled = rolled_up(30)
    hostile = [
        replace(line, name=PAYLOADS[n % len(PAYLOADS)], reason=PAYLOADS[n % 5])
        for n, line in enumerate(rolled.accounts)
    ]
    hostile[0].reports["html"] = "javascript:alert(1)"
    rolled.accounts = hostile
    rolled.checks = {text: FailedCheck(text, "high", 1) for text in PAYLOADS}
    source = render(rolled)
    page = Page(source)
    assert source.count("<script") == 2
    assert not re.search("[<>&]", page.texts["script"][0])
    assert all(not (link.get("href") or "").startswith("javascript") for link in page.all("a"))
    assert "javascript:alert" not in page.texts["script"][0].replace("link](javascript:alert", "")
