"""Risks that a template accepts itself: in comments, or in `Metadata`, which JSON can hold too.

    "Metadata": {"auditor": {"ignore": [{"check": "s3-*", "reason": "open data", "until": "2027-01-31"}]}}

Under a resource it covers that resource, at the top level the whole template.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from auditor.raw import Ignore, Path
from auditor.sources import comments
from auditor.sources.documents import Document, Malformed, child, read_text

_PLACE = ("Metadata", "auditor", "ignore")


def ignores(file: str) -> list[Ignore]:
    """What a template accepts; nothing for a file that cannot be read, as its scan says so."""
    try:
        text = read_text(file)
        if "auditor" not in text:
            return []
        return [*comments.ignores(file, text), *_metadata(Document(file, text))]
    except Malformed:
        return []


def _metadata(document: Document) -> Iterator[Ignore]:
    data = document.data
    if not isinstance(data, Mapping):
        return
    yield from _entries(document, data, (), None)
    for path, name, resource in _resources(data.get("Resources"), ("Resources",)):
        yield from _entries(document, resource, path, name)


def _resources(section: Any, path: Path) -> Iterator[tuple[Path, str, Mapping[str, Any]]]:
    """The resources of a section and of the loops in it, as they are written."""
    for name, value in section.items() if isinstance(section, Mapping) else ():
        if name.startswith("Fn::ForEach::") and isinstance(value, list):
            for index, member in enumerate(value):
                yield from _resources(member, (*path, name, index))
        elif isinstance(value, Mapping):
            yield (*path, name), name, value


def _entries(document: Document, holder: Mapping[str, Any], path: Path, resource: str | None) -> Iterator[Ignore]:
    value: Any = holder
    for step in _PLACE:
        value = value.get(step) if isinstance(value, Mapping) else None
    for index, entry in enumerate(value if isinstance(value, list) else [value]):
        if entry is None:
            continue
        given = entry if isinstance(entry, Mapping) else {"check": entry}
        checks = given.get("check", given.get("checks", ()))
        names = checks if isinstance(checks, list) else [checks]
        until = given.get("until")
        place = document.locate((*path, *_PLACE, *((index,) if isinstance(value, list) else ())))
        yield Ignore(
            tuple(name for name in names if isinstance(name, str)),
            str(given.get("reason") or ""),
            None if until is None else str(until),
            place,
            lines=_lines(document, path) if resource else None,
            resource=resource,
        )


def _lines(document: Document, path: Path) -> tuple[int, int] | None:
    """The lines of a block, as what a loop or SAM makes of it has other ids; None where it shares its first line."""
    node = document.root
    for step in path:
        found = child(node, step)
        if found is None:
            return None
        node = found[0]
    first = document.key(path).line or 1
    last = document.position(node.end - 1)[0]
    return (first, last) if last > first else None
