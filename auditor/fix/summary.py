"""What `auditor fix` says: what it repairs in each file and how, what it leaves alone and why."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from auditor.findings import Status
from auditor.fix.diff import diff
from auditor.fix.repairs import Refusal, Repair, Rewritten
from auditor.registry import load_checks
from auditor.report import Report, Result
from reports.evidence import place_text
from reports.terminal.paint import Paint
from reports.text import clean, count, name


def summary(
    report: Report,
    files: Sequence[Rewritten],
    refused: Sequence[Refusal],
    paint: Paint,
    *,
    diffs: bool,
    written: bool,
) -> Iterator[str]:
    """The lines to print.

    Args:
        report: the scan that the repairs are for.
        files: what is repaired.
        refused: what is not, although its check is fixable.
        paint: colours.
        diffs: show what changes in each file.
        written: the files have been written.
    """
    for notice in report.notices:
        if notice.level == "error":
            yield f"{paint('error', 'red')}: {_at(place_text(notice.location))}{clean(notice.message)}"
    for file in files:
        yield from _repairs(report, file, paint, values=not diffs)
        yield from (*diff(file, paint), "") if diffs else ()
    if refused:
        yield paint("Not certain, so left to you:", "bold")
        for refusal in refused:
            yield f"{_finding(report, refusal.result, paint)}: {clean(refusal.reason)}"
        yield ""
    yield _totals(report, files, refused, written)


def _repairs(report: Report, file: Rewritten, paint: Paint, *, values: bool) -> Iterator[str]:
    """A line for each repair in the order of the file; what a check's repair does besides is said at its first."""
    told: set[str] = set()
    for repair in sorted(file.repairs, key=_line):
        parts = [_finding(report, repair.result, paint)]
        if values:
            parts.append(f": {name(repair.result.property)} {name(repair.result.expected or '')}")
        if repair.side_effect and repair.result.check not in told:
            parts.append(paint(f" (it {clean(repair.side_effect)})", "yellow"))
        told.add(repair.result.check)
        yield "".join(parts)


def _line(repair: Repair) -> int:
    place = repair.result.location
    return place.line or 0 if place else 0


def _finding(report: Report, result: Result, paint: Paint) -> str:
    title = report.resources[result.resource].title if result.resource in report.resources else result.resource
    place = place_text(result.location) if result.location else ""
    return f"{_at(place)}{name(title)}: {paint(name(result.check), 'bold')}"


def _at(place: str) -> str:
    return f"{place}: " if place else ""


def _totals(report: Report, files: Sequence[Rewritten], refused: Sequence[Refusal], written: bool) -> str:
    made = sum(len(file.repairs) for file in files)
    checks = load_checks()
    failures = [checks.get(result.check) for result in report.results if result.status is Status.FAIL]
    others = sum(check is None or not check.fixable for check in failures)
    where = f"{'made' if written else 'to make'} in {count(len(files), 'file')}"
    told = [f"{count(made, 'repair')} {where}" if made else "no repair to make"]
    if refused:
        told.append(f"{len(refused)} not certain")
    if others:
        told.append(f"{count(others, 'finding')} that only a person can mend (`auditor scan templates` shows them)")
    hint = "" if written or not made else " Make them with --write."
    return f"{'; '.join(told)}.{hint}"
