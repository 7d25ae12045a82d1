"""Risks accepted in a file's comments: `# auditor: ignore[check-id, other-*] reason until 2027-01-31`.

A comment behind code covers the block that starts on its line; one on lines of its own covers the block that starts
below; one before anything else covers the whole file. A block is its first line and the lines indented under it.
In Terraform's files, one on the first line within a block covers that block.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from auditor.raw import Ignore, Location

_COMMENT = re.compile(r"(?:#|//)\s*auditor:\s*ignore\b(.*)")
_ARGUMENTS = re.compile(r"\s*\[([^\]]*)\]\s*(.*?)\s*(?:\buntil\s+(\S+))?\s*$")
_BLANK = re.compile(r"\s*(?:(?:#|//).*)?$")


def ignores(file: str, text: str) -> Iterator[Ignore]:
    """The risks that a file's comments accept; its text uses indentation, as YAML and formatted HCL do."""
    lines = text.split("\n")  # nothing else ends a line where positions are counted
    first = next((number for number, line in enumerate(lines) if not _BLANK.match(line)), len(lines))
    for number, line in enumerate(lines):
        comment = _COMMENT.search(line)
        if comment is None or _in_quotes(line[: comment.start()]):
            continue
        arguments = _ARGUMENTS.match(comment[1])
        names, reason, until = arguments.groups() if arguments else ("", comment[1].strip(), None)
        checks = tuple(name.strip() for name in names.split(",") if name.strip())
        place = Location(file=file, line=number + 1, column=comment.start() + 1)
        if number < first:
            covered = None
        else:
            start = number if line[: comment.start()].strip() else _covered_from(lines, number, file)
            covered = (start + 1, _end(lines, start) + 1)
        yield Ignore(checks, reason, until, place, covered)


def _in_quotes(before: str) -> bool:
    """Whether a `#` there is inside a quoted text."""
    return before.count('"') % 2 == 1 or before.count("'") % 2 == 1


def _covered_from(lines: list[str], number: int, file: str) -> int:
    """Where the block begins that a comment on a line of its own is about."""
    before = next((at for at in range(number - 1, -1, -1) if not _BLANK.match(lines[at])), number)
    if file.endswith((".tf", ".tofu")) and lines[before].rstrip().endswith("{"):
        return before
    return _next_code(lines, number)


def _next_code(lines: list[str], number: int) -> int:
    return next((at for at in range(number + 1, len(lines)) if not _BLANK.match(lines[at])), number)


def _end(lines: list[str], start: int) -> int:
    """The last line of the block that starts on a line."""
    depth = _indent(lines[start])
    holds_list = not lines[start].lstrip().startswith("- ")
    last = start
    for at in range(start + 1, len(lines)):
        if _BLANK.match(lines[at]):
            continue
        inside = _indent(lines[at]) > depth or (
            holds_list and _indent(lines[at]) == depth and lines[at].lstrip().startswith(("- ", "}", "]"))
        )
        if not inside:
            break
        last = at
    return last


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())
