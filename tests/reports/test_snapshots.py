"""Every format's whole output, compared with what is stored in `snapshots/`.

After a change that is meant, write them anew and read the diff:

    UPDATE_SNAPSHOTS=1 pytest tests/reports/test_snapshots.py
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from auditor.report import Report
from reports.interface import RenderOptions, names, render, suffix
from tests.reports import sample
from tests.reports.demo import demo_report

SNAPSHOTS = Path(__file__).parent / "snapshots"
REPORTS: dict[str, Callable[[], Report]] = {
    "template": sample.template_report,
    "account": sample.account_report,
    "changed": sample.changed_report,
    "clean": sample.clean_report,
    "empty": sample.empty_report,
    "demo": demo_report,
}
PLAIN = RenderOptions()
CASES = {
    **{
        f"{kind}{suffix(name)}": (kind, name, PLAIN)
        for kind in REPORTS
        for name in names()
        if name != "asff" or kind == "account"  # Security Hub has findings on accounts only
    },
    "template.quiet.txt": ("template", "terminal", RenderOptions(quiet=True)),
    "template.narrow.txt": ("template", "terminal", RenderOptions(width=50)),
    "template.limited.txt": ("template", "terminal", RenderOptions(limit=1)),
    "account.verbose.txt": ("account", "terminal", RenderOptions(verbose=True)),
    "account.colour.txt": ("account", "terminal", RenderOptions(colour=True)),
    "account.only-summary.txt": ("account", "terminal", RenderOptions(only="summary", width=80)),
    "template.only-statistics.txt": ("template", "terminal", RenderOptions(only="statistics")),
    "clean.quiet.txt": ("clean", "terminal", RenderOptions(quiet=True)),
}


@pytest.mark.parametrize("case", CASES)
def test_snapshot(case: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)  # paths are told from the repository, and this is in none
    kind, name, options = CASES[case]
    text = render(REPORTS[kind](), name, options)
    stored = SNAPSHOTS / case
    if os.environ.get("UPDATE_SNAPSHOTS"):
        stored.write_text(text, encoding="utf-8")
    assert text == stored.read_text(encoding="utf-8")
