"""Annotations for GitHub Actions: workflow commands, which the runner reads from a step's output.

GitHub shows ten errors, ten warnings and ten notices of a step, whichever come first; so the gravest do, and what is
left out is said.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from auditor.findings import Status
from reports import text
from reports.digest import LEVELS, Digest, digest, gravest_first, headline, verdict
from reports.evidence import broken, demand, place_text, statement
from reports.places import Repository, span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from auditor.raw import Location, Notice
    from auditor.report import Report, Result
    from reports.interface import RenderOptions

_MOST: Final = 10
_COMMANDS: Final = {"error": "error", "warning": "warning", "note": "notice"}


def render(report: Report, *, options: RenderOptions) -> str:
    """Commands, the gravest first, then the headline and the gate's verdict as plain lines."""
    about = digest(report)
    by_command: dict[str, list[str]] = {command: [] for command in _COMMANDS.values()}
    for command, line in _annotations(report, about):
        by_command[command].append(line)
    cut = {command: len(lines) - _MOST for command, lines in by_command.items() if len(lines) > _MOST}
    if cut:  # saying so takes the place of a notice
        notices = by_command["notice"]
        shown = min(len(notices), _MOST - 1)
        cut |= {"notice": len(notices) - shown} if len(notices) > shown else {}
        left = ", ".join(text.count(number, command) for command, number in cut.items())
        said = f"GitHub shows {_MOST} of each kind: {left} left out here. The job summary and the reports have them."
        by_command["notice"] = [*notices[:shown], _command("notice", said, title="auditor")]
    lines = [line for group in by_command.values() for line in group[:_MOST]]
    lines += [_plain(headline(report, about)), _plain(f"{verdict(report)}: {text.clip(report.gate.reason)}")]
    return "\n".join(lines) + "\n"


def _annotations(report: Report, about: Digest) -> Iterator[tuple[str, str]]:
    repository = Repository()
    for notice in about.unread:
        yield "error", _notice("error", notice, repository)
    for result in about.by_status[Status.ERROR]:
        where = _where(result.location, result.source, repository)
        title = f"{text.name(result.check)} broke off"
        yield "error", _command("error", broken(report, result), **where, title=title)
    for result in gravest_first(report, about.new):
        yield _finding(report, result, repository)
    for notice in about.doubts:
        yield "warning", _notice("warning", notice, repository)


def _finding(report: Report, result: Result, repository: Repository) -> tuple[str, str]:
    info = report.checks[result.check]
    command = _COMMANDS[LEVELS[info.severity]]
    first = [statement(report, result), demand(result)]
    place = result.location
    if place is not None and place.file is None:
        first.append(place_text(place))
    lines = ["; ".join(filter(None, first)), *(f"Fix: {fix}" for fix in text.paragraphs(info.fix)[:1])]
    where = _where(place, result.source, repository)
    return command, _command(command, "\n".join(lines), **where, title=f"{text.name(result.check)} ({info.severity})")


def _notice(command: str, notice: Notice, repository: Repository) -> str:
    where = _where(notice.location, None, repository)
    return _command(command, text.clip(notice.message), **where, title="auditor")


def _where(place: Location | None, source: str | None, repository: Repository) -> dict[str, str | int]:
    if place is None or place.file is None:
        return {}
    file = text.clip(repository.path(place))
    if place.line is None:
        return {"file": file}
    part = span(place, source)
    columns = {"col": part.start, "endColumn": part.end} if part.end > part.start else {}
    return {"file": file, "line": part.line, "endLine": part.line, **columns}


def _command(command: str, message: str, **properties: str | int) -> str:
    told = ",".join(f"{key}={_property(str(value))}" for key, value in properties.items())
    return f"::{command} {told}::{_data(message)}"


def _data(value: str) -> str:
    return value.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(value: str) -> str:
    return _data(value).replace(":", "%3A").replace(",", "%2C")


def _plain(line: str) -> str:
    """A line that is no command: the runner still obeys the old form, `##[…]`, anywhere in one."""
    return "auditor: " + line.replace("##[", "# #[")
