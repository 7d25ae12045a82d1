"""Measures the HTML report: `make benchreport`, or `python -m benchmarks.report`.

Rendering in a process of its own; then loading, filtering and searching in Chromium, the least of several times, as the
machine may be busy.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from shutil import which
from typing import Any

from reports.pdf import BROWSERS

ROOT = Path(__file__).resolve().parent.parent
RUNS = 5
BUDGETS = {5_000: ("2 MB, 0.5 s to load, 2,000 elements", ""), 50_000: ("2 s to load and to filter", "5 s, 400 MB")}
TIMED = """(choices) => {
    const start = performance.now();
    choose(choices);
    update();
    document.body.getBoundingClientRect();
    return performance.now() - start;
}"""


def make(findings: int, file: Path) -> None:
    """Render a report of that many findings into a file, and print what that took."""
    from reports.interface import render, write
    from tests.reports.browser_samples import busy_report

    report = busy_report(findings)
    start = time.process_time()
    page = render(report, "html")
    used = time.process_time() - start
    write(page, file)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    budget = BUDGETS[findings][1]
    print(
        f"{findings:>6,} findings  rendered in {used:5.2f} CPU s, {peak:4.0f} MB with the report itself,"
        f" {file.stat().st_size / 1e6:5.2f} MB of HTML{f'  budget {budget}' if budget else ''}",
        flush=True,
    )


def load(browser: Any, file: Path) -> tuple[float, float, float, int]:
    """Milliseconds to load, to filter and to search, and how many elements there are."""
    page = browser.new_page()
    page.goto(file.as_uri())
    loaded = page.evaluate("performance.getEntriesByType('navigation')[0].loadEventEnd")
    filtered = page.evaluate(TIMED, {"severity": "high", "status": "fail", "sort": "dollars"})
    searched = page.evaluate(TIMED, {"text": "training 00017", "status": "fail"})
    elements = page.evaluate("document.querySelectorAll('*').length")
    page.close()
    return loaded, filtered, searched, elements


def main() -> None:
    path = next(filter(None, map(which, BROWSERS)), None)
    with tempfile.TemporaryDirectory() as scratch:
        files = {findings: Path(scratch) / f"{findings}.html" for findings in BUDGETS}
        for findings, file in files.items():
            command = [sys.executable, "-m", "benchmarks.report", str(findings), str(file)]
            subprocess.run(command, check=True, cwd=ROOT)
        if path is None:
            print("no Chromium is installed: loading is not measured")
            return
        from playwright.sync_api import sync_playwright

        with sync_playwright() as driver:
            arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
            browser = driver.chromium.launch(executable_path=path, args=arguments)
            for findings, file in files.items():
                runs = [load(browser, file) for _ in range(RUNS)]
                loaded, filtered, searched, elements = (min(column) for column in zip(*runs, strict=True))
                print(
                    f"{findings:>6,} findings  loads in {loaded:4.0f} ms, filters in {filtered:4.0f} ms, searches in"
                    f" {searched:4.0f} ms, {elements:,} elements  budget {BUDGETS[findings][0]}"
                )
            browser.close()


if __name__ == "__main__":
    if len(sys.argv) > 1:
        make(int(sys.argv[1]), Path(sys.argv[2]))
    else:
        main()
