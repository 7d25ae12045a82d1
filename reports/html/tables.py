"""The page's tables: rows that are ready to be shown, the first of them in the page, the others turned to by script."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

from auditor.findings import Status
from auditor.report import Earlier
from reports import text
from reports.compliance import standing
from reports.digest import SEVERITIES, Digest, Group
from reports.evidence import notice_text

if TYPE_CHECKING:
    from auditor.report import Change, CheckInfo, Compliance, Report

Kind = Literal["text", "name", "code", "number", "severity", "status", "link"]
Row = tuple[str, ...]

SHOWN: Final = 8
"""Rows of a table at a time, as the page's elements are counted."""
MOST_ROWS: Final = 2000
"""Rows of a table in the page; more are in the JSON report."""


@dataclass(frozen=True, slots=True)
class Table:
    """A table, all of it text.

    Attributes:
        id: of the element, and of its rows in the page's data.
        name: for those who cannot see what it stands under.
        columns: what each is called and how its cells look.
            That of a `link` is a text and a path beside the page, on two lines; there may be more of both.
        rows: at most `MOST_ROWS`; `left_out` says how many there are besides.
        shown: how many of them at a time.
    """

    id: str
    name: str
    columns: tuple[tuple[str, Kind], ...]
    rows: list[Row]
    left_out: int = 0
    shown: int = SHOWN

    @property
    def first(self) -> list[Row]:
        """The rows that are in the page itself."""
        return self.rows[: self.shown]


@dataclass(frozen=True, slots=True)
class Framework:
    """A framework's standing, and its controls that were judged or have nothing to judge."""

    name: str
    title: str
    standing: str
    remarks: str
    table: Table


def table(id: str, name: str, columns: Sequence[tuple[str, Kind]], rows: Iterable[Row], shown: int = SHOWN) -> Table:
    """A table of rows that are ready to be shown."""
    every = list(rows)
    return Table(id, name, tuple(columns), every[:MOST_ROWS], max(len(every) - MOST_ROWS, 0), shown)


# --- what could not be checked --------------------------------------------------------------------------------------


def unknown(about: Digest) -> Table:
    """Why verdicts could not be reached."""
    columns: list[tuple[str, Kind]] = [("Because", "text"), ("Verdicts", "number"), ("On", "name")]
    rows = ((text.clip(one.reason), f"{one.count:,}", _examples(one)) for one in about.unknown)
    return table("t-unknown", "Verdicts that could not be reached, by reason", columns, rows)


def gaps(report: Report) -> Table:
    """Calls that were not answered, and what they leave unknown."""
    columns: list[tuple[str, Kind]] = [
        ("Call and error", "code"), ("Where", "text"), ("Times", "number"), ("Makes unknown", "code"),
    ]  # fmt: skip
    groups: dict[tuple[str, str], list[Any]] = {}
    for gap in report.gaps:
        where = " ".join(filter(None, (gap.account, gap.region)))
        groups.setdefault((f"{gap.service}:{gap.operation} ({gap.code})", where), []).append(gap)
    rows = (
        (text.clip(call), text.name(where), f"{len(found):,}", _made_unknown(found))
        for (call, where), found in sorted(groups.items(), key=lambda item: -len(item[1]))
    )
    return table("t-gaps", "Calls that were not answered", columns, rows)


def _made_unknown(found: Sequence[Any]) -> str:
    checks = sorted({check for gap in found for check in gap.checks})
    types = sorted({one for gap in found for one in gap.types})
    told = ", ".join(map(text.name, checks[:6])) + (f" and {len(checks) - 6} more checks" if len(checks) > 6 else "")
    return told or (f"no selected check; hides {', '.join(map(text.name, types))}" if types else "no selected check")


def notices(report: Report) -> Table:
    """What was said of the input."""
    columns: list[tuple[str, Kind]] = [("Level", "status"), ("What", "text")]
    rows = ((one.level, notice_text(one)) for one in report.notices)
    return table("t-notices", "Notices about the input", columns, rows)


def broken(report: Report, about: Digest) -> Table:
    """Checks that broke off."""
    columns: list[tuple[str, Kind]] = [("Check", "code"), ("On", "name"), ("Because", "text")]
    rows = (
        (text.name(one.check), text.name(report.resources[one.resource].title), text.clip(one.reason))
        for one in about.by_status[Status.ERROR]
    )
    return table("t-broken", "Verdicts lost to a bug in a check", columns, rows)


def _examples(group: Group) -> str:
    return ", ".join(map(text.name, group.examples)) + (", …" if group.count > len(group.examples) else "")


# --- the other sections ---------------------------------------------------------------------------------------------


def fixed(report: Report, change: Change) -> Table:
    """Findings of the earlier report that are gone."""
    columns: list[tuple[str, Kind]] = [("Resource", "name"), ("Finding", "text"), ("Check", "code")]
    rows = (
        (_title(report, one.resource), text.clip(one.message), text.name(one.check))
        for one in change.fixed
    )  # fmt: skip
    return table("t-fixed", "Findings that are gone", columns, rows)


def _title(report: Report, resource: str) -> str:
    """What people call a resource; one that is gone has only its address."""
    known = report.resources.get(resource)
    return text.name(known.title if known else resource)


def history(report: Report, about: Digest) -> Table:
    """The earlier reports and this one, in numbers, the last one first."""
    names: list[tuple[str, Kind]] = [(name.capitalize(), "number") for name in SEVERITIES]
    columns: list[tuple[str, Kind]] = [
        ("Scan", "text"), ("Score", "number"), *names, ("Unknown", "number"), ("Waste a month", "number"),
    ]  # fmt: skip
    summary = report.summary
    this = Earlier(
        name="",
        created=report.created,
        score=report.score,
        findings=about.by_severity,
        unknown=len(about.by_status[Status.UNKNOWN]),
        saving_low=summary.saving_low,
        saving_high=summary.saving_high,
    )
    rows = (
        (
            text.name(one.created[:16].replace("T", " ")) + (" (this one)" if one is this else ""),
            text.score(one.score.value),
            *(f"{one.findings.get(name, 0):,}" for name in SEVERITIES),
            f"{one.unknown:,}",
            text.usd_range(one.saving_low, one.saving_high),
        )
        for one in (this, *reversed(report.history))
    )
    return table("t-history", "This scan and earlier ones", columns, rows)


def accepted(report: Report, about: Digest) -> Table:
    """Accepted risks."""
    columns: list[tuple[str, Kind]] = [
        ("Resource", "name"), ("Finding", "text"), ("Check", "code"), ("Reason", "text"), ("By", "text"),
        ("Until", "text"),
    ]  # fmt: skip
    rows = []
    for one in about.by_status[Status.SUPPRESSED]:
        why, by, until = "no reason was recorded", "", ""
        if one.suppression:
            why, by = text.clip(one.suppression.reason), text.name(one.suppression.by)
            until = text.name(one.suppression.until or "no end")
        title = text.name(report.resources[one.resource].title)
        rows.append((title, text.clip(one.message), text.name(one.check), why, by, until))
    return table("t-accepted", "Accepted risks", columns, rows)


def checks(report: Report) -> Table:
    """Every check with its verdicts, the gravest first."""
    columns: list[tuple[str, Kind]] = [
        ("Check", "text"), ("Id", "code"), ("Severity", "severity"), ("Pillar", "text"), ("Failed", "number"),
        ("Passed", "number"), ("Unknown", "number"), ("Accepted", "number"),
    ]  # fmt: skip
    counts = counted(report)
    rows = (
        (
            text.clip(info.title),
            text.name(check),
            info.severity,
            text.name(info.pillar),
            f"{counts[check][Status.FAIL]:,}",
            f"{counts[check][Status.PASS]:,}",
            f"{counts[check][Status.UNKNOWN] + counts[check][Status.ERROR]:,}",
            f"{counts[check][Status.SUPPRESSED]:,}",
        )
        for check, info in gravest_checks(report)
    )
    return table("t-checks", "Every check and its verdicts", columns, rows)


def gravest_checks(report: Report) -> list[tuple[str, CheckInfo]]:
    """The checks by severity, then by id."""
    return sorted(report.checks.items(), key=lambda item: (SEVERITIES.index(item[1].severity), item[0]))


def counted(report: Report) -> dict[str, Counter[Status]]:
    """Each check's (check, resource) pairs by status."""
    pairs = {(result.check, result.resource): result.status for result in report.results}
    counts: dict[str, Counter[Status]] = {check: Counter() for check in report.checks}
    for (check, _), status in pairs.items():
        counts[check][status] += 1
    return counts


def frameworks(report: Report) -> list[Framework]:
    """How the scan stands against compliance frameworks."""
    return [_framework(number, one) for number, one in enumerate(report.compliance)]


_ORDER: Final = ("fail", "unknown", "accepted", "pass", "no-resources")


def _framework(number: int, one: Compliance) -> Framework:
    columns: list[tuple[str, Kind]] = [
        ("Control", "name"), ("Title", "text"), ("Status", "status"), ("Because of", "code"),
    ]  # fmt: skip
    judged = sorted(
        (control for control in one.controls if control.status in _ORDER), key=lambda each: _ORDER.index(each.status)
    )
    rows = (
        (
            text.name(each.id),
            text.clip(each.title),
            each.status,
            ", ".join(map(text.name, each.because or each.checks)),
        )
        for each in judged
    )
    name = text.name(one.short)
    return Framework(
        name=name,
        title=text.name(f"{one.title} {one.version}"),
        standing=standing(one),
        remarks=text.clip(f"{one.note} Source: {one.source}.".strip()),
        table=table(f"t-framework-{number}", f"Controls of {name} that were judged", columns, rows),
    )


def inventory(report: Report) -> Table:
    """The types of resources, counted, also by region."""
    columns: list[tuple[str, Kind]] = [("Type", "code"), ("Resources", "number"), ("Where", "text")]
    places: dict[str, Counter[str]] = {}
    for resource in report.resources.values():
        where = resource.location.region or resource.location.file or ""
        places.setdefault(resource.type, Counter())[where] += 1
    rows = (
        (text.name(type_name), f"{found.total():,}", _where(found))
        for type_name, found in sorted(places.items(), key=lambda item: (-item[1].total(), item[0]))
    )
    return table("t-inventory", "Resources by type", columns, rows)


_MOST_PLACES: Final = 6


def _where(found: Counter[str]) -> str:
    told = [f"{text.name(place)} {number:,}" for place, number in found.most_common(_MOST_PLACES) if place]
    more = len(found) - _MOST_PLACES
    return ", ".join(told) + (f" and {more:,} more" if more > 0 else "")


def inputs(report: Report) -> Table:
    """What was read."""
    columns: list[tuple[str, Kind]] = [("Kind", "text"), ("Input", "name"), ("About it", "text")]
    return table("t-inputs", "What was read", columns, (_input(given) for given in report.inputs))


def _input(given: dict[str, Any]) -> Row:
    others = {key: value for key, value in given.items() if key not in ("kind", "name") and value not in (None, "", [])}
    told = ", ".join(f"{key.replace('_', ' ')}: {_plain(value)}" for key, value in others.items())
    return text.name(str(given.get("kind", ""))), text.name(str(given.get("name", ""))), text.clip(told)


def _plain(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)


def calls(report: Report) -> Table:
    """API calls made."""
    columns: list[tuple[str, Kind]] = [("Operation", "code"), ("Calls", "number")]
    return table("t-calls", "Calls to AWS", columns, ((text.name(op), f"{n:,}") for op, n in report.calls.items()))


def pairs(cell: str) -> list[tuple[str, str]]:
    """The texts and paths of a `link`."""
    lines = cell.split("\n")
    return list(zip(lines[::2], lines[1::2], strict=False))
