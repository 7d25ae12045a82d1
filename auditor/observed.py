"""What a report may tell of a resource as it is: plain values that are wrong, and tags that a setting names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from auditor.findings import Finding
from auditor.raw import Raw
from auditor.redact import redact
from auditor.resources.tags import Tags
from auditor.values import Undecided, known

NOT_SET: Final = "not set"
_LONGEST: Final = 100
_TAGS: Final = ("Tags", "tags", "TagList", "TagSet", "FileSystemTags")


def observed(finding: Finding) -> str:
    """What stands where a finding points: a switch or a number; a short text only where the check knows the right one.

    Empty where the finding is about a secret or a whole block, or where the value is not known.
    """
    if finding.secret or not finding.path:
        return ""
    try:
        value = _at(finding)
    except Undecided:
        return ""
    if value is None:
        return NOT_SET
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return str(value)
    return _plain(value) if isinstance(value, str) and finding.expected is not None else ""


def _at(finding: Finding) -> Any:
    """The value at a finding's path; None where a step is missing.

    Raises:
        Undecided: a step is unknown, or leads into what is no map and no list.
    """
    value: Any = finding.raw.properties
    for step in finding.path:
        value = known(value)
        if isinstance(value, Mapping):
            value = value.get(str(step))
        elif isinstance(value, list) and isinstance(step, int):
            value = value[step] if step < len(value) else None
        elif value is not None:
            raise Undecided("it is not where the finding says")
        if value is None:
            return None
    return known(value)


def named(raw: Raw, keys: Iterable[str]) -> dict[str, str]:
    """The tags of a resource that have one of these keys, in lower case; those that are not known are left out."""
    found: dict[str, str] = {}
    value = next((raw.properties[name] for name in _TAGS if name in raw.properties), None)
    if value is None:
        return found
    try:
        tags = Tags.from_raw(known(value), raw, ())
    except Undecided:
        return found
    for key in keys:
        try:
            text = tags.get(key)
        except Undecided:
            continue
        if text:
            found[key.lower()] = _plain(text)
    return found


def _plain(text: str) -> str:
    return redact(text)[:_LONGEST]
