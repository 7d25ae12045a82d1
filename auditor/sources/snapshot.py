"""A saved inventory: what a scan of an account collected, in one file, to be judged again without the account."""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from auditor.errors import UsageError
from auditor.raw import Collected, Gap, Notice
from auditor.sources.account.collector import AllBut, Collector, collectors_of
from auditor.sources.account.encoding import SavedRaw, load_raw, save_raw
from auditor.sources.files import write_private

SCHEMA = "auditor-inventory"
VERSION = 1
MOST_BYTES = 2_000_000_000
"""A larger file, unpacked, is refused: no account fills it."""

_GZIP = b"\x1f\x8b"


@dataclass(slots=True)
class _File:
    """The file's content.

    Attributes:
        schema: name and version of this format.
        auditor: version of the auditor that collected it.
        created: when; ISO 8601 in UTC.
        collectors: what each collector was to tell, by its name: operations, and types of one that lists only some.
        raws, gaps, notices, inputs, calls: as of `Collected`.
    """

    schema: str
    auditor: str
    created: datetime
    collectors: dict[str, list[str]]
    raws: list[SavedRaw]
    gaps: list[Gap]
    notices: list[Notice]
    inputs: list[dict[str, Any]]
    calls: dict[str, int]


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A saved inventory, read again.

    Attributes:
        collected: what the account's scan found.
        created: when that was.
        collectors: what each collector was to tell, by its name; see `_covers`.
    """

    collected: Collected
    created: datetime
    collectors: Mapping[str, Collection[str]]

    def lacks(self, wanted: Mapping[str, Collection[str]]) -> dict[str, set[str]]:
        """Of these types, whose properties are wanted, those of which this version of auditor would collect more.

        With the properties that are missing, none where that is not only some.
        """
        found: dict[str, set[str]] = {}
        for one in collectors_of(wanted):
            missing = _covers(one).difference(self.collectors.get(one.name, ()))
            for type in one.types if missing else ():
                if type in wanted:
                    found.setdefault(type, set()).update(_told_by(one, missing, wanted[type]))
        return found


def save(
    collected: Collected, path: str, *, types: Collection[str] | Mapping[str, Collection[str]], version: str
) -> None:
    """Save what a scan of an account collected; packed where the file's name ends in `.gz`.

    Args:
        collected: of `account.source.collect`.
        path: the file, which only its owner may read.
        types: those that were collected, or the properties by type; see `collectors_of`.
        version: auditor's.

    Raises:
        UsageError: the file cannot be written.
    """
    content = {
        "schema": f"{SCHEMA}/{VERSION}",
        "auditor": version,
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
        "collectors": {one.name: sorted(_covers(one)) for one in collectors_of(types)},
        "raws": [save_raw(raw) for raw in collected.raws],
        "gaps": [asdict(gap) for gap in collected.gaps],
        "notices": [asdict(notice) for notice in collected.notices],
        "inputs": collected.inputs,
        "calls": collected.calls,
    }
    data = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "backslashreplace")
    try:
        write_private(Path(path).resolve(), gzip.compress(data, mtime=0) if path.endswith(".gz") else data)
    except OSError as error:
        raise UsageError(f"{path}: the inventory cannot be saved there: {error.strerror}") from error


def load(path: str) -> Snapshot:
    """Read a saved inventory.

    Raises:
        UsageError: the file is missing, broken, or not an inventory that this version reads.
    """
    from pydantic import TypeAdapter, ValidationError

    content = _content(path)
    _require_schema(path, content)
    try:
        saved = TypeAdapter(_File).validate_python(content)
        raws = [load_raw(raw) for raw in saved.raws]
    except ValidationError as error:
        first = error.errors()[0]
        raise UsageError(f"{path}: broken: {'.'.join(map(str, first['loc']))}: {first['msg']}") from error
    except (ValueError, RecursionError) as error:
        raise UsageError(f"{path}: broken: {error}") from error
    collected = Collected(raws, saved.gaps, saved.notices, saved.inputs, saved.calls)
    return Snapshot(collected, saved.created, saved.collectors)


def _told_by(one: Collector, operations: Collection[str], properties: Collection[str]) -> set[str]:
    """Those of the properties that a collector learns by these operations alone; none where one of them lists."""
    told: set[str] = set()
    for operation in operations:
        if operation not in one.told:
            return set()
        names = one.told[operation]
        told |= set(properties).difference(names) if isinstance(names, AllBut) else set(properties).intersection(names)
    return told


def _covers(one: Collector) -> frozenset[str]:
    """What a collector was to tell: its operations, and the types where it lists only those that are wanted."""
    return one.declared.union(one.types if one.late else ())


def _content(path: str) -> Any:
    try:
        data = Path(path).read_bytes()
    except OSError as error:
        raise UsageError(f"{path}: cannot be read: {error.strerror}") from error
    try:
        if data.startswith(_GZIP):
            data = _unpacked(data)
        return json.loads(data)
    except (ValueError, RecursionError, zlib.error) as error:
        raise UsageError(f"{path}: not a saved inventory: {error}") from error


def _unpacked(data: bytes) -> bytes:
    unpacker = zlib.decompressobj(wbits=31)
    content = unpacker.decompress(data, MOST_BYTES)
    if unpacker.unconsumed_tail:
        raise ValueError(f"it holds more than {MOST_BYTES:,} bytes")
    if not unpacker.eof:
        raise ValueError("it ends too early")
    return content


def _require_schema(path: str, content: Any) -> None:
    schema = content.get("schema") if isinstance(content, dict) else None
    name, _, version = schema.partition("/") if isinstance(schema, str) else ("", "", "")
    if name == SCHEMA and version.isdecimal() and int(version) > VERSION:
        release = str(content.get("auditor", "a newer version"))[:40]
        raise UsageError(
            f"{path}: saved by auditor {release}, whose inventories this version cannot read: update auditor"
        )
    if schema != f"{SCHEMA}/{VERSION}":
        known = " (it is a report)" if name == "auditor-report" else ""
        raise UsageError(
            f"{path}: not a saved inventory{known}; `auditor scan account --save-inventory FILE` makes one"
        )
