"""What repairs change, as a unified diff that `git apply` and `patch -p1` take."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import unified_diff
from io import StringIO
from pathlib import PurePath
from typing import Final

from auditor.fix.repairs import Rewritten
from reports.terminal.paint import Paint
from reports.text import clean

_HARMLESS: Final = re.compile(r"[^\t\ufeff]+")
_STYLES: Final = {"---": ("bold",), "+++": ("bold",), "@@": ("cyan",), "+": ("green",), "-": ("red",)}


def diff(rewritten: Rewritten, paint: Paint) -> Iterator[str]:
    """The diff of one file, line by line without line ends; control characters in the file are made visible."""
    name = PurePath(rewritten.file).as_posix().lstrip("/")
    before, after = (list(StringIO(text, newline="\n")) for text in (rewritten.before, rewritten.after))
    for line in unified_diff(before, after, f"a/{name}", f"b/{name}"):
        body = line.removesuffix("\n")
        style = next((style for start, style in _STYLES.items() if line.startswith(start)), ())
        yield paint(_shown(body), *style)
        if body == line:
            yield "\\ No newline at end of file"


def _shown(line: str) -> str:
    """A line without anything that acts on the terminal; tabs, a byte order mark and a final carriage return stay."""
    body = line.removesuffix("\r")
    return _HARMLESS.sub(lambda found: clean(found[0]), body) + line[len(body) :]
