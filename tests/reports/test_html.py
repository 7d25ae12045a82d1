from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Callable
from dataclasses import replace
from email.message import Message
from html.parser import HTMLParser
from itertools import pairwise
from typing import Any

import pytest

from auditor.report import Report
from reports.interface import render
from reports.text import usd_range
from tests.reports import sample
from tests.reports.browser_samples import busy_report
from tests.reports.every import EVERY
from tests.reports.hostile import hostile_report

_VOID = {"br", "img", "input", "link", "meta"}
_TAGS = (
    "a b bdi body button circle code dd details div dl dt footer form h1 h2 h3 head header html input ins label li"
    " link main mark meta nav ol option p polyline pre rect script section select small span strong style summary svg"
    " table tbody td template th thead time title tr ul br"
)
_ATTRIBUTES = (
    "aria-hidden aria-label aria-labelledby autocomplete charset class content cx cy data-copy data-if data-label"
    " data-link data-pages data-slot datetime focusable height hidden href http-equiv id lang name pathlength"
    " placeholder points preserveaspectratio r rel role scope spellcheck stroke-dasharray tabindex target transform"
    " type value viewbox width x"
)


class Page(HTMLParser):
    """A page taken apart; refuses what is not well formed."""

    def __init__(self, source: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: dict[str, list[str]] = {"script": [], "style": []}
        self.feed(source)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        assert len(dict(attrs)) == len(attrs)
        if tag not in _VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] in self.texts:
            self.texts[self.open[-1]].append(data)

    def all(self, name: str) -> list[dict[str, str | None]]:
        return [attributes for tag, attributes in self.tags if tag == name]

    @property
    def data(self) -> dict[str, Any]:
        content: dict[str, Any] = json.loads(self.texts["script"][0])
        return content


@EVERY
def test_only_our_own_markup_is_there(make: Callable[[], Report]) -> None:
    page = Page(render(make(), "html"))
    assert {tag for tag, _ in page.tags} <= set(_TAGS.split())
    assert {name for _, attributes in page.tags for name in attributes} <= set(_ATTRIBUTES.split())
    links = [attributes.get("href") or "" for attributes in page.all("a")]
    assert [link for link in links if not link.startswith(("#", "https://")) and link] == []


@EVERY
def test_nothing_is_asked_of_anywhere_and_the_policy_fits(make: Callable[[], Report]) -> None:
    source = render(make(), "html")
    page = Page(source)
    policy = next(
        attributes["content"] or ""
        for attributes in page.all("meta")
        if attributes.get("http-equiv") == "Content-Security-Policy"
    )
    parts = dict(part.strip().split(" ", 1) for part in policy.split(";"))
    assert parts["default-src"] == "'none'"
    assert parts["base-uri"] == parts["form-action"] == "'none'"
    assert parts["style-src"] == _hash(page.texts["style"][0])
    if page.texts["script"]:
        assert parts["script-src"] == _hash(page.texts["script"][-1])
    assert source.index("Content-Security-Policy") < source.index("<style")
    assert [attributes["href"] for attributes in page.all("link")] == ["data:,"]
    assert "url(" not in source
    assert "@import" not in source
    assert "innerHTML" not in source


def _hash(content: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()}'"


@EVERY
def test_headings_landmarks_and_labels(make: Callable[[], Report]) -> None:
    page = Page(render(make(), "html"))
    levels = [int(tag[1]) for tag, _ in page.tags if re.fullmatch("h[1-6]", tag)]
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    ids = [attributes["id"] for _, attributes in page.tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    for _, attributes in page.tags:
        for target in (attributes.get("aria-labelledby") or "").split():
            assert target in ids
    assert len(page.all("main")) == 1


def test_hostile_text_is_shown_and_does_nothing() -> None:
    source = render(hostile_report(), "html")
    page = Page(source)
    assert source.count("<script") == 2, "the data and our script"
    assert "<!--" not in source
    assert [character for character in set(source) if not character.isprintable() and character != "\n"] == []
    assert "7 * 7" in source
    strings = page.data["strings"]
    assert any("</script><script>" in string for string in strings), "as text, for textContent"
    assert not re.search("[<>&]", page.texts["script"][0])


def test_each_finding_is_in_the_data_and_the_first_ones_in_the_page() -> None:
    report = sample.large_report(250)
    page = Page(render(report, "html"))
    rows, fields, strings = (page.data[name] for name in ("rows", "fields", "strings"))
    assert len(rows) == 250
    ids = [strings[row[1 + fields.index("id")]] for row in rows]
    assert set(ids) == {f"f-{result.fingerprint}" for result in report.results}
    shown = [attributes["id"] for attributes in page.all("p") if (attributes.get("id") or "").startswith("f-")]
    assert shown == ids[:100], "the first ones, for readers without JavaScript"


def test_links_to_fixes_lead_somewhere() -> None:
    page = Page(render(sample.account_report(), "html"))
    ids = {attributes.get("id") for _, attributes in page.tags}
    for attributes in page.all("a"):
        link = attributes.get("href") or ""
        assert not link.startswith("#") or link[1:] in ids or link.startswith("#?")


def test_five_thousand_findings_stay_small() -> None:
    page = Page(source := render(busy_report(5000), "html"))
    assert len(source.encode()) < 2_000_000
    inside = source.index("<body>"), source.index('<template id="')
    assert len(re.findall(r"<[a-z]", source[slice(*inside)])) < 2_000
    assert len(page.data["rows"]) == 5300


def test_compliance_is_folded_up_and_names_what_is_judged() -> None:
    page = render(replace(sample.account_report(), compliance=[sample.foundational()]), "html")
    section = page.partition('id="compliance"')[2].partition("</section>")[0]
    assert "<details" in section, "closed until somebody opens it"
    assert "controls known here: 6" in section
    for shown in ("S3.8", "S3.9", "S3.17", "EC2.8", "EFS.1"):
        assert shown in section
    assert "IAM.6" not in section, "it is not covered"
    many = Page(render(replace(sample.account_report(), compliance=[sample.large_framework("a")]), "html"))
    assert len(many.data["tables"]["t-framework-0"]["rows"]) == 120


def test_what_a_gap_makes_unknown_is_named() -> None:
    page = render(sample.account_report(), "html")
    row = page.partition("s3:GetBucketEncryption (AccessDenied)")[2].partition("</tr>")[0]
    assert "s3-bucket-encryption" in row


def test_the_evidence_is_in_the_data() -> None:
    report = sample.template_report()
    report.results[2].observed = "Enabled"
    page = Page(render(report, "html"))
    found = _finding(page, report.results[2].fingerprint)
    assert (found["property"], found["observed"], found["expected"]) == ("DirectInternetAccess", "Enabled", "Disabled")
    assert found["before"] + found["marked"] == "DirectInternetAccess: Enabled"
    assert found["caret"] == " " * len("DirectInternetAccess: ") + "^^^^^^^ must be Disabled"
    assert found["cloudformation"] == "Properties:\n  DirectInternetAccess: Disabled"
    assert found["terraform"].splitlines()[0] == 'resource "aws_sagemaker_notebook_instance" "NAME" {'
    assert found["cli"] == "", "nothing runs that must be deployed"


def _finding(page: Page, fingerprint: str) -> dict[str, str]:
    """A finding's texts by field."""
    fields, strings = page.data["fields"], page.data["strings"]
    rows = ([strings[number] for number in row[1:]] for row in page.data["rows"])
    every = (dict(zip(fields, row + [""] * (len(fields) - len(row)), strict=True)) for row in rows)
    return next(one for one in every if one["id"] == f"f-{fingerprint}")


def test_waste_by_service_adds_up_to_the_summary() -> None:
    report = sample.account_report()
    page = render(report, "html")
    section = page.partition('id="services"')[2].partition("</section>")[0]
    assert "<span>EC2</span>" in section
    assert usd_range(report.summary.saving_low, report.summary.saving_high) in section


def test_documentation_is_linked_where_the_package_says_where(monkeypatch: pytest.MonkeyPatch) -> None:
    from reports import documentation

    for url, found in (("https://docs.example", "https://docs.example/checks.md#a-check"), ("javascript:alert(1)", "")):
        package = Message()
        package["Project-URL"] = f"Documentation, {url}"
        monkeypatch.setattr(documentation, "metadata", lambda name, package=package: package)
        documentation._root.cache_clear()
        assert documentation.check_page("a-check") == found
    documentation._root.cache_clear()
