"""Findings as the page shows them: every member a text that is ready to be shown."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Final

from auditor.findings import Status
from auditor.fix.paste import Paste, paste
from reports import text
from reports.evidence import acceptance, console_url, path_lines, place_text, snippet
from reports.services import Calls, service

if TYPE_CHECKING:
    from auditor.report import Report, ResourceInfo, Result
    from reports.digest import Digest

_LONGEST_ID: Final = 256
_CARET: Final = "^"


@dataclass(frozen=True, slots=True)
class Entry:
    """One result with its evidence; a member that does not apply is empty.

    Attributes:
        news: `new` or `known`, where there is something to compare with; `seen` says since when it is known.
        call: the API call that told it.
        before, marked, after: the source line, `caret` what stands under it; `added`: lines that it lacks.
        high: dollars a month at the most, to sort by.
        tags: `key=value`, one a line.
    """

    check: str
    status: str = ""
    id: str = ""
    title: str = ""
    message: str = ""
    news: str = ""
    place: str = ""
    account: str = ""
    region: str = ""
    service: str = ""
    type: str = ""
    property: str = ""
    observed: str = ""
    expected: str = ""
    url: str = ""
    call: str = ""
    note: str = ""
    seen: str = ""
    tags: str = ""
    line: str = ""
    before: str = ""
    marked: str = ""
    after: str = ""
    caret: str = ""
    added: str = ""
    cloudformation: str = ""
    terraform: str = ""
    cli: str = ""
    saving: str = ""
    high: str = ""
    basis: str = ""
    prices: str = ""
    path: str = ""


FIELDS: Final = tuple(member.name for member in fields(Entry))[1:]
"""The members in a row's order, after the check; mostly empty ones last, as a row ends with its last text."""


def entries(report: Report, about: Digest) -> Iterator[Entry]:
    """Findings by cause, the gravest first; then what else is not a pass."""
    maker = _Maker(report)
    for result in _ordered(about):
        yield maker.entry(result)


def plain(entry: Entry) -> str:
    """A finding in a few lines of text, for readers without JavaScript; `findings.js` prints the same."""
    must = f" must be {entry.expected}" if entry.expected else ""
    was = f" (is {entry.observed})" if entry.observed else ""
    lines = [
        " · ".join(filter(None, (entry.place, entry.account, entry.region))),
        f"Property {entry.property}{must}{was}" if entry.property else "",
        f"{entry.line} | {entry.before}{entry.marked}{entry.after}" if entry.line else "",
        f"{entry.saving}: {entry.basis} ({entry.prices})" if entry.saving else "",
        entry.path,
        entry.note,
    ]
    return "\n".join(filter(None, lines))


def _ordered(about: Digest) -> Iterator[Result]:
    for cause in about.causes:
        yield from cause.results
    for status in (Status.ERROR, Status.UNKNOWN, Status.SUPPRESSED):
        yield from sorted(about.by_status[status], key=lambda result: result.check)


class _Maker:
    """Makes entries of a report's results; what many share is worked out once."""

    def __init__(self, report: Report) -> None:
        self._report = report
        self._calls = Calls(report)
        self._compared = bool(report.since or report.change)

    def entry(self, result: Result) -> Entry:
        resource = self._report.resources[result.resource]
        place, found, saving = result.location or resource.location, snippet(result), result.saving
        repair = self._repair(result, resource)
        indent = len(found.before) - len(found.before.lstrip()) if found else 0
        return Entry(
            check=text.name(result.check),
            status=result.status.value,
            id=f"f-{text.clip(result.fingerprint, _LONGEST_ID)}" if result.fingerprint else "",
            title=text.name(resource.title),
            message=_message(result),
            news=self._news(result),
            place=place_text(place),
            account=text.name(place.account or ""),
            region=text.name(place.region or ""),
            service=service(resource.type),
            type=text.name(resource.type),
            property=text.clip(result.property),
            observed=text.name(result.observed),
            expected=text.clip(result.expected or ""),
            url=console_url(place) or "",
            call=self._calls.told(resource.type, result.property) if place.arn else "",
            note=_note(result),
            seen=text.name(result.seen[:10]),
            tags="\n".join(sorted(f"{text.name(key)}={text.name(value)}" for key, value in resource.tags.items())),
            line=str(found.line) if found else "",
            before=found.before.lstrip() if found else "",
            marked=found.marked if found else "",
            after=found.after if found else "",
            caret=_caret(found.before.lstrip(), found.marked, found.label) if found else "",
            added="\n".join(line[indent:] for line in found.added) if found else "",
            cloudformation=repair.cloudformation,
            terraform=repair.terraform,
            cli=repair.cli,
            saving=f"{text.usd_range(saving.low, saving.high)} a month" if saving else "",
            high=f"{saving.high:.2f}" if saving else "",
            basis=text.clip(saving.basis) if saving else "",
            prices=_prices(result),
            path="\n".join(path_lines(result)),
        )

    def _repair(self, result: Result, resource: ResourceInfo) -> Paste:
        if result.status is not Status.FAIL or not result.expected:
            return Paste()
        live = resource.location.file is None
        return paste(
            resource.type,
            result.property,
            result.expected,
            live=live,
            arn=(resource.location.arn or "") if live else "",
            title=resource.title,
        )

    def _news(self, result: Result) -> str:
        if not self._compared or result.status is not Status.FAIL:
            return ""
        return "known" if result.seen or (not self._report.since and result.known) else "new"


def _caret(before: str, marked: str, label: str) -> str:
    """The line under a source line: carets, and what to say of them."""
    carets = _CARET * max(text.width(marked), 1)
    return f"{' ' * text.width(before)}{carets} {label}".rstrip()


def _prices(result: Result) -> str:
    saving = result.saving
    if saving is None:
        return ""
    return f"{text.clip(saving.source)}, {text.clip(saving.as_of)}; {saving.confidence} confidence"


def _message(result: Result) -> str:
    """What is said after the resource's name."""
    if result.status is Status.UNKNOWN:
        return text.clip(f"could not be checked: {result.reason}")
    return text.clip(f"broke the check: {result.reason}" if result.status is Status.ERROR else result.message)


def _note(result: Result) -> str:
    if result.suppression:
        return acceptance(result)
    return "Known from the baseline: the gate lets it pass" if result.known else ""
