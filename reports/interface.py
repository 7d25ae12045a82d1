"""The one interface of every report format, the formats by name, and how a report reaches its file.

A format is a module (or any object) with `render(report, *, options) -> str` (or bytes) and, if it wants its own, a
`SUFFIX` for files. Third parties register theirs as entry points in the group `auditor.reports`; the built-in ones are
imported only when asked for, as an HTML report needs Jinja2 and a terminal must not wait for it.
"""

from __future__ import annotations

import importlib
import os
import secrets
import shutil
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal, Protocol, TextIO, cast

from auditor.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from importlib.metadata import EntryPoint

    from auditor.report import Report

ENTRY_POINTS: Final = "auditor.reports"
_BUILT_IN: Final = {  # name: module, suffix
    "terminal": ("reports.terminal", ".txt"),
    "json": ("reports.json_", ".json"),
    "html": ("reports.html", ".html"),
    "markdown": ("reports.markdown", ".md"),
    "sarif": ("reports.sarif", ".sarif"),
    "junit": ("reports.junit", ".xml"),
    "csv": ("reports.csv_", ".csv"),
    "jsonl": ("reports.jsonl", ".jsonl"),
    "ocsf": ("reports.ocsf", ".ocsf.json"),
    "asff": ("reports.asff", ".asff.json"),
    # Those that a file's suffix does not ask for end in two of them.
    "gitlab": ("reports.gitlab", ".gitlab.json"),
    "github": ("reports.github", ".github.txt"),
    "github-sarif": ("reports.github_sarif", ".github.sarif"),
    "github-summary": ("reports.github_summary", ".summary.md"),
}
FILES_ONLY: Final = {"pdf": ("reports.pdf", ".pdf")}
"""Formats that are no text, and so never for a terminal; `names` leaves them out."""

Only = Literal["summary", "statistics"]
"""What of the findings may be all that is asked for."""


@dataclass(frozen=True, slots=True)
class RenderOptions:
    """How to render; a format ignores what does not concern it.

    Attributes:
        colour: use ANSI colours.
        width: columns of the terminal.
        quiet: only the findings that fail the gate, and the gate's verdict.
        verbose: every finding in full, unknown verdicts one by one, passes per check.
        only: not the findings, but the `summary` that follows them, or `statistics`: how many there are of each check.
        limit: findings shown unless `verbose`; the rest are counted.
    """

    colour: bool = False
    width: int = 100
    quiet: bool = False
    verbose: bool = False
    only: Only | None = None
    limit: int = 50


class Format(Protocol):
    """What a report format must offer."""

    def render(self, report: Report, *, options: RenderOptions) -> str | bytes:
        """The whole report: text, or bytes where the format is none."""
        ...


def render(report: Report, name: str, options: RenderOptions | None = None) -> str:
    """The report in the format of that name.

    Raises:
        UsageError: there is no such format, or it is no text.
    """
    content = load(name).render(report, options=options or RenderOptions())
    if isinstance(content, bytes):
        raise UsageError(f"--format {name} is no text; give it an --output FILE")
    return content


def render_file(report: Report, name: str, path: str | Path, options: RenderOptions | None = None) -> None:
    """Write the report in the format of that name into a file.

    Raises:
        UsageError: there is no such format, it cannot be made here, or the file cannot be written.
    """
    write(load(name).render(report, options=options or RenderOptions()), path)


def names() -> list[str]:
    """Every format's name, the built-in ones first."""
    return [*_BUILT_IN, *sorted(name for name in _third_party() if name not in _BUILT_IN)]


def load(name: str) -> Format:
    """The format of that name, imported.

    Raises:
        UsageError: there is none, or a third party's cannot be imported.
    """
    known_here = _BUILT_IN | FILES_ONLY
    if name in known_here:
        return cast("Format", importlib.import_module(known_here[name][0]))
    entry = _third_party().get(name)
    if entry is None:
        known = names()
        near = get_close_matches(name, known, n=1)
        hint = f"did you mean {near[0]!r}?" if near else f"there are {', '.join(known)}"
        raise UsageError(f"no report format is called {name!r}; {hint}")
    try:
        return cast("Format", entry.load())
    except Exception as error:  # whatever a stranger's package does wrong is theirs to read
        raise UsageError(f"report format {name!r} ({entry.value}): {type(error).__name__}: {error}") from error


def suffix(name: str) -> str:
    """What the file of a format should end in, with the dot."""
    return _BUILT_IN[name][1] if name in _BUILT_IN else str(getattr(load(name), "SUFFIX", ".txt"))


def by_suffix(path: str | Path) -> str | None:
    """The built-in format that a file's name asks for, None where it asks for none."""
    wanted = Path(path).suffix.lower()
    return next((name for name, (_, ending) in (_BUILT_IN | FILES_ONLY).items() if ending == wanted), None)


def wants_colour(stream: TextIO, environment: Mapping[str, str] = os.environ) -> bool:
    """Whether to write ANSI colours: only to a terminal that understands them, and not against https://no-color.org."""
    return stream.isatty() and not environment.get("NO_COLOR") and environment.get("TERM") != "dumb"


def write(report: str | bytes, path: str | Path) -> None:
    """Write a report so that a reader sees the old file or the whole new one, never a part.

    Raises:
        UsageError: the folder is missing or cannot be written to.
    """
    target = Path(path).resolve()  # a link stays a link
    # A lone surrogate, which a JSON template may hold, is no UTF-8.
    content = report.encode("utf-8", "backslashreplace") if isinstance(report, str) else report
    try:
        if target.exists() and not target.is_file():  # a pipe or a device has no old content to keep
            target.write_bytes(content)
            return
        temporary = target.parent / f".auditor-{secrets.token_hex(8)}.tmp"
        try:
            temporary.write_bytes(content)
            if target.exists():  # who may read and run it stays
                shutil.copymode(target, temporary)
            os.replace(temporary, target)  # noqa: PTH105 - the atomic one, and says so
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
    except OSError as error:
        if not target.parent.is_dir():
            raise UsageError(f"{path}: the folder {target.parent} does not exist; create it first") from error
        raise UsageError(f"{path}: cannot be written: {error.strerror}") from error


def make_folder(folder: Path) -> None:
    """Make a folder for reports, with those it is in.

    Raises:
        UsageError: it cannot be made.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(f"{folder}: cannot be made: {error.strerror}") from error


def _third_party() -> dict[str, EntryPoint]:
    from importlib.metadata import entry_points

    return {entry.name: entry for entry in entry_points(group=ENTRY_POINTS)}
