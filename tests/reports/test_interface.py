from __future__ import annotations

import os
import subprocess
import sys
import types
from io import StringIO
from pathlib import Path
from types import SimpleNamespace

import pytest

from auditor.errors import UsageError
from reports import interface
from tests.reports import sample


class Terminal(StringIO):
    def isatty(self) -> bool:
        return True


def test_an_unknown_name_suggests_the_nearest() -> None:
    with pytest.raises(UsageError, match="did you mean 'html'"):
        interface.render(sample.clean_report(), "htm")
    with pytest.raises(UsageError, match="there are terminal, json, html, markdown, sarif, junit, csv"):
        interface.load("zzz")


@pytest.fixture
def third_party(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> None:
        raise ImportError("no module named pdflib")

    loud = types.SimpleNamespace(render=lambda report, *, options: report.kind.upper(), SUFFIX=".loud")
    entries = [
        SimpleNamespace(name="loud", value="loud_report", load=lambda: loud),
        SimpleNamespace(name="slides", value="slides_report:format", load=broken),
        SimpleNamespace(name="json", value="evil", load=broken),
    ]
    monkeypatch.setattr("importlib.metadata.entry_points", lambda *, group: entries)


@pytest.mark.usefixtures("third_party")
def test_third_parties_add_formats_and_replace_none() -> None:
    assert interface.names()[:3] == ["terminal", "json", "html"]
    assert interface.names()[-2:] == ["loud", "slides"]
    assert interface.render(sample.clean_report(), "loud") == "TEMPLATES"
    assert interface.suffix("loud") == ".loud"
    assert interface.render(sample.clean_report(), "json").startswith("{")
    with pytest.raises(UsageError, match=r"'slides' \(slides_report:format\): ImportError: no module named pdflib"):
        interface.load("slides")


def test_the_suffix_of_a_file_names_its_format() -> None:
    files = {"a/b.HTML": "html", "b.json": "json", "b": None, "b.sarif": "sarif", "b.xml": "junit", "b.md": "markdown"}
    assert {name: interface.by_suffix(name) for name in files} == files
    endings = [interface.suffix(name) for name in interface.names()]
    assert len(endings) == len(set(endings))


@pytest.mark.parametrize(
    ("environment", "colour"),
    [({}, True), ({"NO_COLOR": ""}, True), ({"NO_COLOR": "1"}, False), ({"TERM": "dumb"}, False)],
)
def test_colour_is_for_terminals_that_want_it(environment: dict[str, str], colour: bool) -> None:
    assert interface.wants_colour(Terminal(), environment) is colour
    assert not interface.wants_colour(StringIO(), environment)


def test_write_replaces_the_file_as_a_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "report.html"
    file.write_text("old")
    link = tmp_path / "latest.html"
    link.symlink_to(file)
    interface.write("new \ud800", link)
    assert link.is_symlink()
    assert file.read_text() == "new \\ud800"

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", fail)
    with pytest.raises(UsageError, match="cannot be written: No space left on device"):
        interface.write("newer", file)
    assert file.read_text() == "new \\ud800"
    assert sorted(tmp_path.iterdir()) == [link, file], "no temporary file is left"


def test_write_says_what_is_wrong_with_the_path(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"nowhere does not exist; create it first"):
        interface.write("", tmp_path / "nowhere" / "report.html")
    with pytest.raises(UsageError, match="Is a directory"):
        interface.write("", tmp_path)
    interface.write("gone", "/dev/null")
    assert not Path("/dev/null").is_file()


def test_the_terminal_waits_for_nothing_heavy() -> None:
    code = (
        "import sys, reports.interface; reports.interface.load('terminal');"
        "print([name for name in ('jinja2', 'boto3', 'rich', 'pydantic') if name in sys.modules])"
    )
    root = Path(__file__).parents[2]
    done = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
