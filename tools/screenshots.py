"""Takes the pictures of the HTML report that the documentation shows: `make screenshots`."""

from __future__ import annotations

import os
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from shutil import which
from typing import Any, Final

ROOT: Final = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from auditor.demo.run import run  # noqa: E402
from auditor.report import Report, load  # noqa: E402
from reports.interface import render, write  # noqa: E402
from reports.pdf import BROWSERS  # noqa: E402


@dataclass(frozen=True)
class Picture:
    """A picture: its file in docs/, what it is of, and how the page is looked at."""

    name: str
    report: str
    width: int = 1280
    height: int = 900
    scheme: str = "light"
    media: str = "screen"
    check: str = ""


PICTURES: Final = (
    Picture("report.png", "account"),
    Picture("report-dark.png", "account", scheme="dark"),
    Picture("report-finding.png", "account", check="ebs-volume-gp2"),
    Picture("report-path.png", "account", scheme="dark", check="ec2-instance-admin-port-exposed"),
    Picture("report-mobile.png", "templates", 390, 1100),
    Picture("report-mobile-finding.png", "templates", 390, 1100, check="sagemaker-notebook-direct-internet"),
    Picture("report-print.png", "account", 800, 1130, media="print"),
)


def main() -> None:
    """Run the demo and take every picture."""
    browser = next(filter(None, map(which, BROWSERS)), None)
    if browser is None:
        sys.exit("No Chromium is installed, and it takes the pictures. On Debian and Ubuntu: apt install chromium")
    from playwright.sync_api import sync_playwright

    with tempfile.TemporaryDirectory() as scratch, sync_playwright() as driver:
        os.chdir(scratch)  # files are called by their names from here
        for line in run(Path("demo")):
            print(line)
        reports = {name: load(f"demo/{name}.json") for name in ("account", "templates")}
        arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
        launched = driver.chromium.launch(executable_path=browser, args=arguments)
        for picture in PICTURES:
            file = Path(scratch) / f"{picture.report}.html"
            write(render(reports[picture.report], "html"), file)
            take(launched, picture, file.as_uri() + fragment(reports[picture.report], picture.check))
            print(f"wrote docs/{picture.name}")
        launched.close()


def fragment(report: Report, check: str) -> str:
    """The link to a check's first finding."""
    first = next((result for result in report.results if result.check == check and result.fingerprint), None)
    return f"#f-{first.fingerprint}" if first else ""


def take(browser: Any, picture: Picture, address: str) -> None:
    """Take one picture."""
    page = browser.new_page(viewport={"width": picture.width, "height": picture.height}, color_scheme=picture.scheme)
    page.emulate_media(media=picture.media, color_scheme=picture.scheme)
    page.goto(address)
    page.wait_for_timeout(200)  # the jump to the finding
    if picture.media == "print":
        page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.screenshot(path=ROOT / "docs" / picture.name)
    page.close()


if __name__ == "__main__":
    main()
