"""Where findings are, as CI systems want it: paths relative to the repository, spans in UTF-16 columns of one line."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from reports.text import name

if TYPE_CHECKING:
    from auditor.raw import Location

_LAST_OF_BMP: Final = "\uffff"


@dataclass(frozen=True, slots=True)
class Span:
    """Part of one line; 1-based, in UTF-16 code units, `end` one past the last.

    A value of several lines is cut to its first one: GitHub shows a finding in a pull request only where all of its
    lines were changed.
    """

    line: int
    start: int
    end: int


def one_line(place: Location) -> bool:
    """Whether the place ends on the line it starts on, and where is known."""
    return place.end_column is not None and place.end_line in (None, place.line)


def span(place: Location, source: str | None) -> Span:
    """The span of a place, `source` being its first line; the start of the file where no line is known."""
    if place.line is None:
        return Span(1, 1, 1)
    line = source or ""
    start = place.column or 1
    end = (place.end_column or 0) if one_line(place) else len(line) + 1
    return Span(place.line, utf16(line, start), utf16(line, max(start, end)))


def utf16(line: str, column: int) -> int:
    """A column in UTF-16 code units, as SARIF counts them."""
    return column + sum(character > _LAST_OF_BMP for character in line[: column - 1])


class Repository:
    """The repository that the working directory is in, which CI systems give all paths from; else that directory."""

    def __init__(self) -> None:
        here = Path.cwd()
        root = next((folder for folder in (here, *here.parents) if (folder / ".git").exists()), here)
        self._here = str(here)
        self._root = os.path.realpath(root)
        self._known: dict[str, tuple[str, bool]] = {}

    def path(self, place: Location) -> str:
        """The file from the repository's root, else its whole path; for a live resource, one made of where it is."""
        return self._path(place)[0]

    def uri(self, place: Location) -> tuple[str, bool]:
        """The same as a URI, and whether it is relative to the root."""
        path, inside = self._path(place)
        return (quote(path, errors="replace"), True) if inside else ("file://" + quote(path, errors="replace"), False)

    def _path(self, place: Location) -> tuple[str, bool]:
        if place.file is None:
            return "/".join(("aws", *(name(part) for part in (place.account, place.region, place.arn) if part))), True
        if place.file not in self._known:
            self._known[place.file] = self._find(place.file)
        return self._known[place.file]

    def _find(self, file: str) -> tuple[str, bool]:
        whole = os.path.join(self._here, file)  # noqa: PTH118 - a hostile name is no valid `Path`
        try:
            resolved = os.path.realpath(whole)  # GitHub shows nothing in a file that is a link
        except (OSError, ValueError):  # no such name can exist, so nothing is to be resolved
            resolved = os.path.normpath(whole)
        inside = resolved.startswith(os.path.join(self._root, ""))  # noqa: PTH118
        path = resolved[len(os.path.join(self._root, "")) :] if inside else resolved  # noqa: PTH118
        return path.replace(os.sep, "/"), inside
