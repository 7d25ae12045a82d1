"""A real Chromium for tests of the HTML report: the one that is installed, driven by Playwright."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal

import pytest

from auditor.report import Report
from reports.interface import render, write
from reports.pdf import BROWSERS

Scheme = Literal["light", "dark"]


class Tab:
    """A page that is open, and what it complained of or asked for; `page` is Playwright's."""

    def __init__(self, page: Any, file: Path) -> None:
        self.page = page
        self.file = file
        self.said: list[str] = []
        self.asked: list[str] = []
        page.on("console", lambda message: self.said.append(message.text))
        page.on("pageerror", lambda error: self.said.append(str(error)))
        page.on("dialog", self._dismiss)
        page.on("request", lambda request: self.asked.append(request.url))

    def _dismiss(self, dialog: Any) -> None:
        self.said.append(dialog.message)
        dialog.dismiss()

    def load(self, fragment: str = "") -> None:
        self.page.goto("about:blank")
        self.page.goto(self.file.as_uri() + fragment)

    def run(self, script: str) -> Any:
        return self.page.evaluate(script)

    @property
    def elements(self) -> int:
        return int(self.run("document.querySelectorAll('*').length"))

    def shows(self, start: str, selector: str = "#shown") -> None:
        """Wait until a text begins like this; the page's policy lets no script be made of text to wait with."""
        from playwright.sync_api import expect

        expect(self.page.locator(selector)).to_have_text(re.compile(f"^{re.escape(start)}"))

    def violations(self) -> list[str]:
        """What axe-core finds wrong: rule, and where."""
        self.run((files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8"))
        found = self.page.evaluate("axe.run().then((result) => result.violations)")
        return [f"{rule['id']}: {[node['target'] for node in rule['nodes']][:3]}" for rule in found]

    def undisturbed(self) -> None:
        """Assert that it complained of nothing, and asked for nothing but itself."""
        assert self.said == []
        assert {url.partition("#")[0] for url in self.asked} <= {self.file.as_uri(), "about:blank", "data:,"}


Open = Callable[..., Any]
"""`open(report, scheme=…, width=…, javascript=…)`: a context manager that gives a `Tab`."""


def chromium() -> str:
    """The path of the browser; without one the test is skipped, but fails where `BROWSER_TESTS=required`, as in CI."""
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if found is None:
        message = "no Chromium is installed (Debian: apt install chromium)"
        if os.environ.get("BROWSER_TESTS") == "required":
            pytest.fail(message)
        pytest.skip(message)
    return found


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    path = chromium()
    from playwright.sync_api import sync_playwright

    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as driver:
        launched = driver.chromium.launch(executable_path=path, args=arguments)
        yield launched
        launched.close()


@pytest.fixture
def open_tab(browser: Any, tmp_path: Path) -> Open:
    @contextmanager
    def open_tab(
        report: Report, *, scheme: Scheme = "light", width: int = 1280, javascript: bool = True, fragment: str = ""
    ) -> Iterator[Tab]:
        file = tmp_path / "report.html"
        write(render(report, "html"), file)
        context = browser.new_context(
            viewport={"width": width, "height": 900}, color_scheme=scheme, java_script_enabled=javascript
        )
        tab = Tab(context.new_page(), file)
        tab.load(fragment)
        yield tab
        context.close()

    return open_tab
