from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Callable
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise
from typing import Any

from auditor.report import Report
from reports.interface import render
from tests.reports import sample
from tests.reports.every import EVERY
from tests.reports.hostile import hostile_report

_VOID = {"br", "img", "input", "link", "meta"}
_TAGS = (
    "a article b bdi body br button circle code details div footer form h1 h2 h3 h4 head header html input ins label li"
    " link main mark meta nav ol option p pre rect script section select small span strong style summary svg table"
    " tbody td template th thead time title tr ul"
)
_ATTRIBUTES = (
    "aria-hidden aria-label aria-labelledby autocomplete charset class content cx cy data-if data-link data-slot"
    " datetime focusable height hidden href http-equiv id lang name pathlength placeholder preserveaspectratio r rel"
    " role scope spellcheck stroke-dasharray tabindex target transform type value viewbox width"
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
    links = [attributes["href"] or "" for attributes in page.all("a")]
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
    shown = [attributes["id"] for attributes in page.all("article") if "id" in attributes]
    assert shown == ids[:100], "in the order of the data, so that the script can go on from there"


def test_links_to_fixes_lead_somewhere() -> None:
    page = Page(render(sample.account_report(), "html"))
    ids = {attributes.get("id") for _, attributes in page.tags}
    for attributes in page.all("a"):
        link = attributes["href"] or ""
        assert not link.startswith("#") or link[1:] in ids or link == "#"


def test_five_thousand_findings_stay_small() -> None:
    compliance = [sample.large_framework(name) for name in ("fsbp", "cis-5.0", "sh-ai", "ml-lens")]
    source = render(replace(sample.large_report(5000), compliance=compliance), "html")
    assert len(source.encode()) < 2_000_000
    assert len([tag for tag, _ in Page(source).tags]) < 2_000


def test_compliance_is_folded_up_and_names_what_is_not_passed() -> None:
    page = render(replace(sample.account_report(), compliance=[sample.foundational()]), "html")
    section = page.partition('id="compliance"')[2].partition("</section>")[0]
    assert "<details>" in section, "closed until somebody opens it"
    assert "controls known here: 6" in section
    for shown in ("S3.8", "S3.9", "S3.17"):
        assert shown in section
    for counted in ("EC2.8", "EFS.1", "IAM.6"):
        assert counted not in section
    assert "and 105 more" in render(
        replace(sample.account_report(), compliance=[sample.large_framework(name) for name in "abcd"]), "html"
    )
