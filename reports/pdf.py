"""PDF: the HTML report as Chromium prints it, where one is installed."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

from auditor.errors import UsageError
from reports.interface import render as render_as
from reports.interface import write

if TYPE_CHECKING:
    from auditor.report import Report
    from reports.interface import RenderOptions

BROWSERS: Final = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "microsoft-edge", "chrome")
"""What Chromium and its like are called, the first that is there being asked."""
_SECONDS: Final = 120


def render(report: Report, *, options: RenderOptions) -> bytes:
    """The report as a PDF document.

    Raises:
        UsageError: no Chromium is there, or it does not print.
    """
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    if browser is None:
        raise UsageError(
            "a PDF is printed by Chromium, and none is installed here (looked for "
            f"{', '.join(BROWSERS)}); install one, or write report.html and print it from your browser"
        )
    with tempfile.TemporaryDirectory(prefix="auditor-") as folder:
        page, document = Path(folder) / "report.html", Path(folder) / "report.pdf"
        write(render_as(report, "html", options), page)
        _print(browser, page, document)
        return document.read_bytes()


def _print(browser: str, page: Path, document: Path) -> None:
    """Let a browser print a page.

    Raises:
        UsageError: it says no, takes too long, or leaves no document.
    """
    command = [
        browser,
        "--headless",
        "--disable-gpu",
        "--no-first-run",
        "--no-pdf-header-footer",
        f"--user-data-dir={page.parent / 'profile'}",
        f"--print-to-pdf={document}",
        page.as_uri(),
    ]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        command.insert(1, "--no-sandbox")  # Chromium refuses to run as root with it; the page asks for nothing
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=_SECONDS, check=False)  # noqa: S603
    except (OSError, subprocess.TimeoutExpired) as error:
        raise UsageError(f"{browser} did not print the PDF: {error}") from error
    if not document.is_file():
        last = (done.stderr.strip().splitlines() or [f"exit code {done.returncode}"])[-1]
        raise UsageError(f"{browser} did not print the PDF: {last}")
