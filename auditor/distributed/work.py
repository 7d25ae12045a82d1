"""One item from its first call to its last key: what an earlier try found is taken over, what is found is written.

Whatever keeps an account from being scanned is an outcome, written like a report. What S3 refuses is an error, as then
nobody can be told otherwise.
"""

from __future__ import annotations

import gzip
import io
import json
import tarfile
import tempfile
import threading
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from auditor.archives import unpack
from auditor.config import Config, load
from auditor.distributed.item import Done, Item
from auditor.distributed.summary import Summary, summarise
from auditor.errors import UsageError
from auditor.sources.account.failures import Halt
from auditor.sources.account.manner import Manner, Metrics
from auditor.unit import Outcome, Unit, work
from reports.interface import render
from reports.records import MEMBERS, Record, records
from reports.text import clip

if TYPE_CHECKING:
    from auditor.distributed.store import Store
    from auditor.report import Report, Result

RESERVE: Final = 75.0
"""Seconds for what comes after the last call: the calls under way, the verdicts, the reports, S3."""

LATE: Final = "too little time is left"

_FORMATS: Final = {"html": ".html", "json": ".json"}
_WORKERS: Final = 16


def scan_item(
    item: Item,
    store: Store,
    *,
    session: Any = None,
    seconds: float | None = None,
    progress: Callable[[str], None] | None = None,
) -> Done:
    """Scan one item and write what was found.

    Args:
        item: what, and where to.
        store: what lies below the item's prefix in its bucket.
        session: a `boto3.Session` to sign in with.
        seconds: how long it may take; None for as long as it takes.
        progress: called with a line of text now and then.

    Raises:
        UsageError: the store cannot be read or written.
    """
    with tempfile.TemporaryDirectory(prefix="auditor-") as scratch, _stopped_in_time(seconds) as halt:
        spool = Path(scratch) / "spool"
        _unpack(store.get(item.spool), spool)
        manner = Manner(workers=_WORKERS, spool=spool, resume=True, metrics=Metrics(budget=item.metrics_usd))
        try:
            config = settings(item.config, store) if item.config else item.unit.config
        except UsageError as error:
            outcome = Outcome(item.unit.account, reason=str(error))
        else:
            outcome = _scan(replace(item.unit, config=config), session, manner, halt, progress)
        done = _write(item, outcome, store)
        if done.left:
            store.put(item.spool, _pack(spool))
        else:
            store.delete(item.spool)
    return done


def record_failure(item: Item, reason: str, store: Store) -> Done:
    """Write that an item could not be done; what an earlier try of the same run found stays.

    Args:
        item: what was to be done.
        reason: why it was not, for a person.
        store: what lies below the item's prefix in its bucket.

    Raises:
        UsageError: the store cannot be read or written.
    """
    content = store.get(item.summary)
    if content is None:
        return _write(item, Outcome(item.unit.account, reason=reason), store)
    summary = Summary.from_bytes(content)
    if summary.line.status == "partial" and reason not in summary.line.reason:
        summary.line.reason = f"{summary.line.reason}; then: {reason}"
        store.put(item.summary, summary.to_bytes())
    return _done(item, summary, ())


def _scan(unit: Unit, session: Any, manner: Manner, halt: Halt, progress: Callable[[str], None] | None) -> Outcome:
    try:
        return work(unit, session=session, manner=manner, halt=halt, progress=progress)
    except UsageError as error:  # a setting that names nothing
        return Outcome(unit.account, reason=str(error))


def settings(key: str, store: Store) -> Config:
    """The settings that an `auditor.toml` in the bucket holds.

    Raises:
        UsageError: they are not there, or no settings.
    """
    content = store.get(key)
    if content is None:
        raise UsageError(f"there are no settings at {key} in the bucket")
    with tempfile.TemporaryDirectory(prefix="auditor-") as scratch:
        file = Path(scratch) / Path(key).name
        file.write_bytes(content)
        return load(str(file))


@contextmanager
def _stopped_in_time(seconds: float | None) -> Iterator[Halt]:
    """A halt that stops the scan when only `RESERVE` of so many seconds is left."""
    halt = Halt()
    if seconds is None:
        yield halt
        return
    timer = threading.Timer(max(seconds - RESERVE, 0.0), halt.stop, (LATE,))
    timer.daemon = True
    timer.start()
    try:
        yield halt
    finally:
        timer.cancel()


# --- what is written ------------------------------------------------------------------------------------------------


def _write(item: Item, outcome: Outcome, store: Store) -> Done:
    """Write the reports, then the findings, and last the summary, without which the others do not count."""
    report = outcome.report
    own = _own(item, report) if report else []
    summary = summarise(outcome, item.name, own if report and len(own) != len(report.results) else None)
    if report:
        for name, suffix in _FORMATS.items():
            store.put(item.report(suffix), render(report, name).encode("utf-8", "backslashreplace"))
        summary.line.reports = {name: item.report(suffix) for name, suffix in _FORMATS.items()}
        found: Iterable[Record] = records(replace(report, results=own))
    else:
        unread: Record = {"status": "not-read", "account": item.unit.account, "message": outcome.reason}
        found = [dict.fromkeys(MEMBERS) | unread]
    teams = _teams(report) if report else {}
    store.put(item.findings, gzip.compress(b"".join(map(_line, _labelled(item, found, teams))), mtime=0))
    store.put(item.summary, summary.to_bytes())
    return _done(item, summary, outcome.left)


def _own(item: Item, report: Report) -> list[Result]:
    """The results that are this item's to tell."""
    regions = {address: resource.location.region for address, resource in report.resources.items()}
    return [result for result in report.results if item.tells(regions[result.resource])]


def _labelled(item: Item, found: Iterable[Record], teams: Mapping[str, str]) -> Iterator[Record]:
    for record in found:
        team = teams.get(str(record["resource"]))
        yield {"run": item.run, "account_name": item.name or None, "team": team, **record}


def _teams(report: Report) -> dict[str, str]:
    """The team that a resource's tag names, by address; of several such tags the first setting counts."""
    keys = report.costs.team_tags if report.costs else ()
    teams: dict[str, str] = {}
    for address, resource in report.resources.items():
        tags = {key.lower(): value for key, value in resource.tags.items()}
        team = next((tags[key] for key in keys if key in tags), "")
        if team:
            teams[clip(address)] = clip(team)
    return teams


def _line(record: Record) -> bytes:
    return (json.dumps(record, ensure_ascii=False) + "\n").encode("utf-8", "backslashreplace")


def _done(item: Item, summary: Summary, left: tuple[str, ...]) -> Done:
    line = summary.line
    status = "partial" if left else line.status
    counts = {name: getattr(line, name) for name in ("findings", "unknown", "resources", "gaps", "calls")}
    keys = {**line.reports, "findings": item.findings, "summary": item.summary}
    unit = item.unit
    return Done(item.run, unit.account, item.group, unit.regions, status, line.reason, counts, keys, left)


# --- what an earlier try found --------------------------------------------------------------------------------------


def _pack(folder: Path) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as archive:
        if folder.is_dir():
            archive.add(folder, arcname=".")
    return buffer.getvalue()


def _unpack(content: bytes | None, folder: Path) -> None:
    """What an earlier try kept; where that is broken, AWS can tell again."""
    if content is None:
        return
    try:
        unpack(content, folder)
    except (tarfile.TarError, EOFError, OSError, zlib.error):
        return
