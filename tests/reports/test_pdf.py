from __future__ import annotations

import os
from pathlib import Path

import pytest

from auditor.errors import UsageError
from reports.interface import FILES_ONLY, by_suffix, names, render, render_file
from tests.reports import sample
from tests.reports.browser import chromium
from tests.support import Run


def test_chromium_prints_the_report(tmp_path: Path) -> None:
    chromium()
    file = tmp_path / "report.pdf"
    render_file(sample.account_report(), "pdf", file)
    content = file.read_bytes()
    assert content.startswith(b"%PDF-")
    assert content.rstrip().endswith(b"%%EOF")
    assert list(tmp_path.iterdir()) == [file]


def test_without_chromium_it_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(UsageError, match=r"none is installed here .* print it from your browser"):
        render_file(sample.clean_report(), "pdf", tmp_path / "report.pdf")
    assert list(tmp_path.iterdir()) == []


def test_a_browser_that_does_not_print_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    browser = tmp_path / "chromium"
    browser.write_text("#!/bin/sh\necho no display >&2\nexit 1\n")
    browser.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    with pytest.raises(UsageError, match="did not print the PDF: no display"):
        render_file(sample.clean_report(), "pdf", tmp_path / "report.pdf")


def test_it_is_never_for_a_terminal(tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    assert by_suffix("a/report.PDF") == "pdf"
    assert not FILES_ONLY.keys() & set(names())
    saved = tmp_path / "report.json"
    saved.write_text(sample.clean_report().to_json())
    told = run("report", str(saved), "-f", "pdf")
    assert (told.code, "give it an --output FILE" in told.err) == (2, True)
    monkeypatch.setattr("reports.pdf.render", lambda report, *, options: b"%PDF-")
    with pytest.raises(UsageError, match="is no text"):
        render(sample.clean_report(), "pdf")
