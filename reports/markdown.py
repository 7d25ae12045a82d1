"""Markdown: a comment for a pull request, which a bot finds again by its first line and then updates."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from auditor.findings import Status
from reports import costs, text
from reports.compliance import listed, standing
from reports.digest import SEVERITIES, Cause, Digest, Group, causes_of, counts, digest, headline, verdict
from reports.evidence import broken, demand, place_text
from reports.markdown_text import code, escape

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from auditor.raw import Notice
    from auditor.report import Compliance, Report, Result, Share
    from reports.interface import RenderOptions

MARKER: Final = "<!-- auditor report -->"
MOST_IN_COMMENT: Final = 65_536
"""Characters that GitHub accepts in one comment; counted in bytes here, which are never fewer."""
_TOP_CONTROLS: Final = 10
_TOP_SHARES: Final = 5


def render(report: Report, *, options: RenderOptions) -> str:
    """The report as one comment."""
    return document(report, MOST_IN_COMMENT, MARKER)


def document(report: Report, most_bytes: int, marker: str = "") -> str:
    """The report as Markdown of at most that many bytes: figures, what could not be read, findings, what is unknown.

    Where room lacks, the end of each list goes, so the gravest stays; each says how much it leaves out.
    """
    about = digest(report)
    head = [*([marker] if marker else []), *_head(report, about)]
    room = most_bytes - _size(head)
    unread = _section("Could not be read", [_notice(notice) for notice in about.unread], room // 4)
    unread += _section("Checks that broke off", [_broken(report, result) for result in _errors(about)], room // 8)
    unread += _money(report, room // 8)
    rest = _section("Compliance", [_framework(one) for one in report.compliance], room // 8)
    rest += _section("Could not be decided", [_reason(group) for group in about.unknown], room // 8)
    rest += _section("Calls that did not answer", [_reason(group) for group in about.gaps], room // 16)
    rest += _section("Only partly understood", [_notice(notice) for notice in about.doubts], room // 16)
    findings = _findings(report, about.new, room - _size(unread) - _size(rest))
    return "\n".join([*head, *unread, *findings, *rest]) + "\n"


def _head(report: Report, about: Digest) -> list[str]:
    lines = [f"## {verdict(report)}: {escape(report.gate.reason, 500)}", ""]
    change = report.change
    if change:
        lines += [f"**Against {code(change.against, text.LONGEST_NAME)}:** {counts(change)}.", ""]
    lines.append(headline(report, about))
    counted = Counter(report.checks[result.check].severity for result in about.new)
    summary = report.summary
    cells = {
        **{("new " if change else "") + severity: f"{counted[severity]:,}" for severity in SEVERITIES},
        "unknown": f"{len(about.by_status[Status.UNKNOWN]):,}",
        "suppressed": f"{summary.verdicts.get(Status.SUPPRESSED.value, 0):,}",
        "score": f"{text.score(report.score.value)}, {text.percent(report.score.coverage)} evaluated",
        "to save a month": text.usd_range(summary.saving_low, summary.saving_high) if summary.saving_high else "–",
    }
    return [*lines, "", f"| {' | '.join(cells)} |", f"|{' --- |' * len(cells)}", f"| {' | '.join(cells.values())} |"]


def _money(report: Report, room: int) -> list[str]:
    """What templates cost, and the greatest savings by resource, service and team."""
    view, running = report.costs, costs.running(report)
    if view is None or not (running or view.savings.top):
        return []
    head = ["", "### Where the money is", *(["", f"Costs: {escape(running, 1000)}."] if running else [])]
    if not view.savings.top:
        return head
    savings, few = view.savings, slice(_TOP_SHARES)
    rows = [_share(report, share, "", costs.about(share)) for share in savings.top[few]]
    if len(savings.top) > 1:
        rows += [_share(report, share, "service ", costs.sureness(share)) for share in savings.services[few]]
        for share in savings.teams[few]:
            rows.append(_share(report, share, "team " if share.name else "", costs.sureness(share)))
    head += ["", f"To save in USD a month, {costs.NOTE}; of several savings on a resource one counts.", ""]
    head += ["| what | a month | confidence | oldest price |", "| --- | --- | --- | --- |"]
    return [*head, *_fitted(rows, room - _size(head), lambda number: f"| … and {number:,} more | | | |")]


def _share(report: Report, share: Share, what: str, sure: str) -> str:
    many = f", {text.count(share.resources, 'resource')}" if share.resources > 1 else ""
    cells = (
        f"{what}{escape(costs.called(report, share), 100)}{many}",
        costs.figure(share),
        escape(sure),
        escape(share.as_of, 20),
    )
    return f"| {' | '.join(cells)} |"


def _findings(report: Report, results: Sequence[Result], room: int) -> list[str]:
    if not results:
        return []
    entries: list[tuple[str, str]] = []  # lines, severity
    for cause in causes_of(report, results):
        heading = _cause(cause)
        for result in cause.results:
            entries.append((f"{heading}{_finding(report, result)}", cause.info.severity))
            heading = ""

    def left_out(number: int) -> str:
        counted = Counter(severity for _, severity in entries[len(entries) - number :])
        grades = ", ".join(f"{counted[severity]:,} {severity}" for severity in SEVERITIES if counted[severity])
        return f"\n**{text.count(number, 'more finding')} left out here, as there is no room: {grades}.**"

    return ["", "### Findings", *_fitted([lines for lines, _ in entries], room - len("\n### Findings\n"), left_out)]


def _cause(cause: Cause) -> str:
    facts = [f"**{cause.info.severity}**", escape(cause.info.title, text.LONGEST_NAME), code(cause.check, 100)]
    if cause.one_fix:
        facts.append(f"(one edit closes all {len(cause.results):,})")
    fix = text.paragraphs(cause.info.fix)[:1]
    return "\n".join(["", " ".join(facts), "", *(f"Fix: {escape(said, 1000)}\n" for said in fix)]) + "\n"


def _finding(report: Report, result: Result) -> str:
    where = place_text(result.location) if result.location else ""
    parts = [code(report.resources[result.resource].title, text.LONGEST_NAME), escape(result.message, 500)]
    line = " ".join(filter(None, [*([code(where, 500)] if where else []), *parts]))
    wanted = demand(result)
    saving = f"; saves {text.usd_range(result.saving.low, result.saving.high)} a month" if result.saving else ""
    return f"- {line}{f': {code(wanted, 500)}' if wanted else ''}{saving}"


def _framework(one: Compliance) -> str:
    failed = [code(control.id, 100) for control in listed(one) if control.status == "fail"]
    more = f" and {len(failed) - _TOP_CONTROLS:,} more" if len(failed) > _TOP_CONTROLS else ""
    named = f"; failed: {', '.join(failed[:_TOP_CONTROLS])}{more}" if failed else ""
    return f"- **{escape(one.short, 100)}**: {standing(one)}{named}"


def _notice(notice: Notice) -> str:
    where = place_text(notice.location)
    return f"- {f'{code(where, 500)}: ' if where else ''}{escape(notice.message, 1000)}"


def _errors(about: Digest) -> list[Result]:
    return about.by_status[Status.ERROR]


def _broken(report: Report, result: Result) -> str:
    return f"- {code(result.check, text.LONGEST_NAME)}: {escape(broken(report, result), 1000)}"


def _reason(group: Group) -> str:
    examples = f", such as {', '.join(code(example, 100) for example in group.examples)}" if group.examples else ""
    return f"- {escape(group.reason, 500)} ({group.count:,}{examples})"


def _section(title: str, entries: list[str], room: int) -> list[str]:
    if not entries:
        return []
    heading = ["", f"### {title} ({len(entries):,})", ""]
    return [*heading, *_fitted(entries, room - _size(heading), lambda number: f"- … and {number:,} more")]


def _fitted(entries: list[str], room: int, left_out: Callable[[int], str]) -> list[str]:
    """As many entries as there is room for, from the first, and what to say of the others."""
    if _size(entries) <= room:
        return entries
    room -= _size([left_out(len(entries))])
    kept = 0
    while kept < len(entries) and (room := room - _size([entries[kept]])) >= 0:
        kept += 1
    return [*entries[:kept], left_out(len(entries) - kept)]


def _size(lines: Sequence[str]) -> int:
    """In bytes, with the line breaks."""
    return sum(len(line.encode()) + 1 for line in lines)
