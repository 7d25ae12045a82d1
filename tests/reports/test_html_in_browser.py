from __future__ import annotations

import re
from functools import cache
from typing import Any

import pytest

from auditor.report import Report
from tests.reports import sample
from tests.reports.browser import Open, Scheme, Tab, browser, open_tab
from tests.reports.browser_samples import busy_report
from tests.reports.hostile import PAYLOADS, hostile_report

__all__ = ["browser", "open_tab"]  # fixtures

MOST_ELEMENTS = 2000
SCHEMES = pytest.mark.parametrize("scheme", ["light", "dark"])


@cache
def busy() -> Report:
    return busy_report(5000)


def open_everything(tab: Tab) -> None:
    """Open what makes the most elements at a time: a cause, a finding in it, and a framework."""
    tab.page.click(".cause >> nth=0")
    tab.page.click(".finding >> nth=0")
    if tab.page.query_selector(".framework"):
        tab.page.click(".framework summary >> nth=0")


@SCHEMES
def test_a_large_report_is_small_and_accessible(open_tab: Open, scheme: Scheme) -> None:
    with open_tab(busy(), scheme=scheme) as tab:
        assert tab.elements < MOST_ELEMENTS
        open_everything(tab)
        assert tab.elements < MOST_ELEMENTS
        assert tab.violations() == []
        tab.undisturbed()


@SCHEMES
@pytest.mark.parametrize("make", [sample.template_report, sample.account_report, sample.changed_report])
def test_accessible(open_tab: Open, make: Any, scheme: Scheme) -> None:
    with open_tab(make(), scheme=scheme) as tab:
        open_everything(tab)
        assert tab.violations() == []
        tab.undisturbed()


@pytest.mark.parametrize("make", [sample.clean_report, sample.empty_report])
def test_nothing_found_is_shown_without_a_fault(open_tab: Open, make: Any) -> None:
    with open_tab(make()) as tab:
        assert tab.violations() == []
        tab.undisturbed()


def test_elements_stay_few_whatever_is_shown(open_tab: Open) -> None:
    with open_tab(busy()) as tab:
        for choose in ("", "#?status=", "#?sort=dollars", "#?text=training-data-00", "#?status=unknown"):
            tab.load(choose)
            open_everything(tab)
            for _ in range(3):
                tab.run("document.querySelectorAll('.next:not(:disabled)').forEach((button) => button.click())")
                assert tab.elements < MOST_ELEMENTS
        tab.run("dispatchEvent(new Event('beforeprint'))")
        assert tab.elements < MOST_ELEMENTS


def test_without_javascript_the_first_hundred_findings_are_there(open_tab: Open) -> None:
    with open_tab(busy(), javascript=False) as tab:
        assert tab.page.locator("#list .lines").count() == 100
        assert "The first 100 of 5,000 findings" in tab.page.inner_text("#findings")
        assert tab.page.is_visible("#verdict")
        assert not tab.page.is_visible("#filter")
        tab.undisturbed()


def test_filters_and_search_by_keyboard(open_tab: Open) -> None:
    with open_tab(busy()) as tab:
        keyboard = tab.page.keyboard
        keyboard.press("/")
        keyboard.type("training-data-00017")
        tab.shows("1 finding")
        keyboard.press("Control+a")
        keyboard.press("Delete")
        tab.shows("5,000")
        for _ in range(2):
            keyboard.press("Tab")
        assert tab.run("document.activeElement.name") == "severity"
        keyboard.type("crit")
        tab.page.wait_for_url("**#?severity=critical")
        severities = set(tab.page.locator("#list .severity").all_inner_texts())
        assert severities == {"critical"}
        tab.page.focus(".cause summary >> nth=0")
        keyboard.press("Enter")
        tab.page.wait_for_selector(".cause[open] .finding")
        tab.page.focus(".finding summary >> nth=0")
        keyboard.press("Enter")
        tab.page.wait_for_selector(".finding[open] .evidence")
        tab.page.focus("button[type=reset]")
        keyboard.press("Enter")
        tab.shows("5,000 findings")
        tab.undisturbed()


@pytest.mark.parametrize(
    ("name", "choice"),
    [
        ("severity", "high"),
        ("pillar", "identity"),
        ("status", "suppressed"),
        ("region", "us-east-1"),
        ("tag", "environment=production"),
        ("framework", "FRAMEWORK-0"),
        ("news", "new"),
    ],
)
def test_filters_count_what_the_report_has(open_tab: Open, name: str, choice: str) -> None:
    report = busy()
    controls = {check for one in report.compliance if one.short == choice for c in one.controls for check in c.checks}
    number = 0
    for result in report.results:
        check, resource = report.checks[result.check], report.resources[result.resource]
        has = {
            "severity": check.severity == choice,
            "pillar": check.pillar == choice,
            "status": result.status.value == choice,
            "region": resource.location.region == choice,
            "tag": f"environment={resource.tags['environment']}" == choice,
            "framework": result.check in controls,
            "news": not result.seen,
        }[name]
        number += has and (name == "status" or result.status.value == "fail")
    with open_tab(report) as tab:
        if not number:
            assert tab.page.query_selector(f"select[name={name}] option[value='{choice}']") is None
            return
        tab.page.select_option(f"select[name={name}]", choice)
        noun = "result" if name == "status" else "finding"
        tab.shows(f"{number:,} {noun}")


def test_sorting_by_dollars_puts_the_dearest_first(open_tab: Open) -> None:
    report = sample.account_report()
    savings = {result.resource: result.saving.high for result in report.results if result.saving}
    dearest = max(savings, key=lambda resource: savings[resource])
    with open_tab(report, fragment="#?sort=dollars") as tab:
        tab.page.click(".cause >> nth=0")
        title = report.resources[dearest].title
        assert tab.page.inner_text(".finding .name >> nth=0") == title


def test_permalinks_open_the_finding(open_tab: Open) -> None:
    report = busy()
    with open_tab(report) as tab:
        for index in (0, 1234, 4999):
            result = report.results[index]
            tab.load(f"#f-{result.fingerprint}")
            tab.page.wait_for_selector(f"[id='f-{result.fingerprint}'][open] > summary:focus")
            address = tab.page.locator(f"[id='f-{result.fingerprint}'] .address")
            assert address.inner_text() == result.resource
        tab.load(f"#c-{result.check}")
        tab.page.wait_for_selector(f"[id='c-{result.check}'][open] .findings")
        tab.page.click("#risks ~ ol a >> nth=0")
        tab.page.wait_for_selector(".cause[open].linked")
        tab.undisturbed()


def test_the_evidence_is_in_place(open_tab: Open) -> None:
    report = sample.template_report()
    wrong = report.results[2]
    wrong.observed = "Enabled"
    with open_tab(report, fragment=f"#f-{wrong.fingerprint}") as tab:
        body = tab.page.inner_text(".finding[open] .body")
        for told in ("infra/ml.yaml:13:29", "DirectInternetAccess: Enabled", "^^^^^^^ must be Disabled", "Terraform"):
            assert told in body
        tab.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        tab.page.click("[data-copy=cloudformation]")
        tab.shows("Copied", "#said")
        assert tab.run("navigator.clipboard.readText()") == "Properties:\n  DirectInternetAccess: Disabled"


def test_a_path_is_drawn_and_told(open_tab: Open) -> None:
    report = busy()
    result = next(result for result in report.results if result.hops)
    with open_tab(report, fragment=f"#f-{result.fingerprint}") as tab:
        hops = tab.page.locator(".path li")
        assert hops.count() == tab.page.locator(".path svg").count() == 3
        assert "admits port 22" in hops.nth(1).inner_text()
        assert "Cut it here: admit port 22 only" in tab.page.inner_text(".path .cut")


def test_paper_has_every_failed_finding(open_tab: Open) -> None:
    report = busy()
    with open_tab(report, fragment="#?severity=low") as tab:
        before = tab.page.inner_text("#list")
        tab.page.emulate_media(media="print")
        tab.run("dispatchEvent(new Event('beforeprint'))")
        printed = tab.page.inner_text("#list")
        missing = [r for r in report.results if r.status.value == "fail" and f"{r.resource} ·" not in printed]
        assert missing == []
        assert "reason 299" not in printed
        checks = tab.page.inner_text("#checks")
        assert all(check in checks for check in report.checks)
        tab.run("dispatchEvent(new Event('afterprint'))")
        tab.page.emulate_media(media="screen")
        assert tab.page.inner_text("#list") == before
        tab.undisturbed()


@pytest.mark.parametrize("make", [sample.template_report, sample.account_report, busy])
def test_nothing_is_cut_off_on_a_telephone(open_tab: Open, make: Any) -> None:
    with open_tab(make(), width=390) as tab:
        open_everything(tab)
        assert tab.run("document.documentElement.scrollWidth") <= 390
        assert tab.violations() == []


def test_hostile_names_do_nothing(open_tab: Open) -> None:
    report = hostile_report()
    with open_tab(report) as tab:
        for fragment in ("#?status=", "#f-" + PAYLOADS[0], "#?text=%3Cimg", "#%E0%A4%A"):
            tab.load(fragment)
            for number in range(tab.page.locator(".cause").count()):
                tab.run(f"(document.querySelectorAll('.cause')[{number}].open = true)")
                tab.page.wait_for_selector(f".cause:nth-child({number + 1})[open] .finding")
                tab.run("(document.querySelector('.cause[open] .finding').open = true)")
                tab.page.wait_for_selector(".finding[open] > .body")
        assert tab.run("document.scripts.length") == 2
        assert tab.run("document.images.length") == 0
        links = tab.run("[...document.links].map((link) => link.protocol)")
        assert set(links) <= {"file:", "https:"}
        tab.run("dispatchEvent(new Event('beforeprint'))")
        tab.undisturbed()


def test_counts_are_the_reports(open_tab: Open) -> None:
    report = sample.account_report()
    with open_tab(report) as tab:
        tab.shows(f"{report.summary.findings} findings")
        assert re.match(f"{report.summary.findings} findings", tab.page.inner_text("#verdict"))
