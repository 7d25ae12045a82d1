"""The roll-up of many accounts: one page that links to their reports."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from markupsafe import Markup

from auditor.gate import BROKEN, FAILS, HOLDS, INCOMPLETE
from reports import text
from reports.digest import SEVERITIES
from reports.html import asset, environment, policy
from reports.html.payload import embedded
from reports.html.tables import Kind, Table, table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from auditor.distributed.rollup import News, RollUp
    from auditor.distributed.summary import Line

_VERDICTS: Final = {HOLDS: "Pass", FAILS: "Fail", BROKEN: "Broken", INCOMPLETE: "Incomplete"}
_GRADES: Final = {HOLDS: "good", INCOMPLETE: "fair"}
_SCRIPTS: Final = ("data.js", "tables.js")
_ACCOUNTS_SHOWN: Final = 50
_CHECKS_SHOWN: Final = 20


def render(rolled: RollUp) -> str:
    """The roll-up as one HTML page; without JavaScript, it has the gravest accounts and checks."""
    style, script = asset("style.css"), "".join(map(asset, _SCRIPTS))
    by_status = {
        status: [line for line in rolled.accounts if line.status == status]
        for status in ("scanned", "partial", "failed", "skipped")
    }
    low, high = (sum(getattr(line, name) for line in rolled.accounts) for name in ("saving_low", "saving_high"))
    tables = {
        "failed": _unscanned("t-failed", "Accounts that were not scanned", by_status["failed"]),
        "skipped": _unscanned("t-skipped", "Accounts that were passed over", by_status["skipped"]),
        "partial": _unscanned("t-partial", "Accounts that were scanned in part", by_status["partial"]),
        "accounts": _accounts(sorted([*by_status["scanned"], *by_status["partial"]], key=_gravity)),
        "checks": _checks(rolled),
        "trend": _trend(rolled),
    }
    if rolled.news:
        tables["alarms"] = _alarms(rolled.news)
    turned = [one for one in tables.values() if len(one.rows) > len(one.first)]
    return (
        environment()
        .get_template("organization.html.j2")
        .render(
            rolled=rolled,
            tables=tables,
            findings=sum(line.findings for line in rolled.accounts),
            saving=text.usd_range(low, high) if high else "",
            verdict=_VERDICTS[rolled.exit_code],
            grade=_GRADES.get(rolled.exit_code, "poor"),
            policy=policy(style, script),
            style=Markup(style),  # noqa: S704 - ours
            script=Markup(script),  # noqa: S704 - ours
            data=Markup(embedded([], [], turned)),  # noqa: S704 - escaped for a script element
        )
    )


def _gravity(line: Line) -> tuple[list[int], str]:
    """The account with the most of the gravest failures first."""
    return [-line.failures.get(name, 0) for name in SEVERITIES], line.account


def _unscanned(id: str, name: str, lines: Sequence[Line]) -> Table:
    columns: list[tuple[str, Kind]] = [("Account", "name"), ("Name", "text"), ("Because", "text")]
    rows = ((text.name(line.account), text.name(line.name), text.clip(line.reason)) for line in lines)
    return table(id, name, columns, rows)


def _accounts(lines: Sequence[Line]) -> Table:
    severities = [name for name in SEVERITIES if any(line.failures.get(name) for line in lines)]
    numbers = ("Score", "Evaluated", *severities, "Unknown", "Calls unanswered", "Waste a month")
    columns: list[tuple[str, Kind]] = [("Account", "link"), ("Name", "name"), ("Gate", "status")]
    columns += [(name, "number") for name in numbers]
    rows = (
        (
            _links(line),
            text.name(line.name),
            _VERDICTS[line.exit_code].lower(),
            text.score(line.score.value) if line.score else "",
            text.percent(line.score.coverage) if line.score else "",
            *(f"{line.failures.get(name, 0):,}" for name in severities),
            f"{line.unknown:,}",
            f"{line.gaps:,}",
            text.usd_range(line.saving_low, line.saving_high) if line.saving_high else "",
        )
        for line in lines
    )
    return table("t-accounts", "Accounts, those with the gravest failures first", columns, rows, _ACCOUNTS_SHOWN)


def _checks(rolled: RollUp) -> Table:
    columns: list[tuple[str, Kind]] = [
        ("Check", "text"), ("Id", "code"), ("Severity", "severity"), ("Accounts", "number"), ("Findings", "number"),
    ]  # fmt: skip
    rows = (
        (text.clip(one.title), text.name(check), one.severity, f"{one.accounts:,}", f"{one.findings:,}")
        for check, one in rolled.checks.items()
    )
    return table("t-checks", "Checks that fail somewhere", columns, rows, _CHECKS_SHOWN)


def _links(line: Line) -> str:
    """The account with its report, then the parts that a divided account's other reports are about."""
    pages = {name.removeprefix("html").strip(): path for name, path in line.reports.items() if name.startswith("html")}
    beside = {part: text.clip(path) for part, path in pages.items() if ":" not in path}  # no address of elsewhere
    return "\n".join(f"{text.name(part or line.account)}\n{path}" for part, path in beside.items())


def _alarms(news: News) -> Table:
    columns: list[tuple[str, Kind]] = [("Account", "name"), ("Finding", "text"), ("Check", "code")]
    rows = ((text.name(one.name or one.account), text.clip(one.message), text.name(one.check)) for one in news.alarms)
    return table("t-alarms", "New critical findings", columns, rows)


def _trend(rolled: RollUp) -> Table:
    numbers = ("Accounts", "Not scanned", "Score", "Findings", "Unknown", "Waste a month")
    columns: list[tuple[str, Kind]] = [("Run", "name"), *((name, "number") for name in numbers)]
    rows = (
        (
            text.name(one.run),
            f"{one.scanned + one.partial:,}",
            f"{one.failed:,}",
            text.score(one.score.value if one.score else None),
            f"{one.findings:,}",
            f"{one.unknown:,}",
            text.usd_range(one.saving_low, one.saving_high) if one.saving_high else "",
        )
        for one in reversed(rolled.trend)
    )
    return table("t-trend", "Runs, the last one first", columns, rows)
