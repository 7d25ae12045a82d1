"""SARIF 2.1.0 as GitHub code scanning wants it, and any other reader of the standard understands.

Results are findings only: those that count, and accepted ones with their `suppressions`. What the baseline knows is
left out unless asked for. What could not be checked is in the run's notifications.
"""

from __future__ import annotations

import json
import re
import zlib
from typing import TYPE_CHECKING, Any, Final

from auditor.findings import Status
from auditor.fix import repairs
from reports import text
from reports.digest import COST, LEVELS, SEVERITIES, Digest, digest, gravest_first
from reports.evidence import acceptance, broken, demand, statement
from reports.markdown_text import block, escape
from reports.places import Repository, span, utf16

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from auditor.fix import Repair
    from auditor.raw import Location
    from auditor.report import CheckInfo, Report, Result
    from reports.interface import RenderOptions

_SCHEMA: Final = "https://json.schemastore.org/sarif-2.1.0.json"
_ROOT: Final = "%SRCROOT%"

# GitHub refuses a file beyond these (docs: SARIF support for code scanning). Of the results it shows the gravest 5,000.
MOST_RESULTS: Final = 25_000
MOST_BYTES: Final = 10_000_000  # after gzip
_LONGEST_DESCRIPTION: Final = 1024
_LONGEST_NAME: Final = 255

# GitHub reads critical above 9.0, high from 7.0, medium from 4.0.
_SECURITY_SEVERITY: Final = {"critical": "9.5", "high": "8.0", "medium": "5.5", "low": "3.0"}
_PROBLEM_SEVERITY: Final = {"error": "error", "warning": "warning", "note": "recommendation"}

_NOTIFICATIONS: Final = {  # id: what it says, and what to do about it
    "input-not-read": ("An input could not be read.", "Mend the input; nothing in it was checked."),
    "input-partly-read": ("An input was only partly understood.", "Look at the rest of it yourself."),
    "check-broke-off": ("A check broke off with an error of its own.", "Report the bug; the resource was not checked."),
    "call-failed": ("An API call was denied or failed.", "Grant the permission, or scan again."),
    "not-decided": ("Verdicts could not be reached.", "Give the parameters' values; unknown is never a pass."),
    "left-out": ("Results were left out of this file.", "Look at the report in another format."),
}
_NOTIFICATION_IDS: Final = tuple(_NOTIFICATIONS)


def render(report: Report, *, options: RenderOptions) -> str:
    """The report as a SARIF log with one run; `verbose` adds the findings that the baseline knows."""
    return document(report, known=options.verbose, accepted=True)


def document(report: Report, *, known: bool, accepted: bool) -> str:
    """The log with or without the findings that the baseline knows, and those that are accepted."""
    about = digest(report)
    log = _Log(report, about)
    findings = about.findings if known else about.new
    groups = (findings, about.by_status[Status.SUPPRESSED] if accepted else [])
    chosen = [result for group in groups for result in gravest_first(report, group)]
    results = [log.result(result) for result in chosen[:MOST_RESULTS]]
    while True:
        content = _json(log.run(results, chosen, known=len(about.findings) - len(findings)))
        if not results or not _too_large(content):
            return content
        del results[len(results) * 3 // 4 :]


def _stretch(region: Location, lines: Sequence[str]) -> dict[str, int]:
    """A region that may go over several lines, in UTF-16 code units."""
    first, last = region.line or 1, region.end_line or region.line or 1
    return {
        "startLine": first,
        "startColumn": utf16(lines[first - 1] if first <= len(lines) else "", region.column or 1),
        "endLine": last,
        "endColumn": utf16(lines[last - 1] if last <= len(lines) else "", region.end_column or 1),
    }


def _json(run: dict[str, Any]) -> str:
    return json.dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, ensure_ascii=False, indent=1) + "\n"


def _too_large(content: str) -> bool:
    encoded = content.encode()
    return len(encoded) > MOST_BYTES and len(zlib.compress(encoded, 6)) > MOST_BYTES


class _Log:
    """Turns the parts of one report into SARIF's."""

    def __init__(self, report: Report, about: Digest) -> None:
        self._report = report
        self._about = about
        self._repository = Repository()
        self._checks = sorted(report.checks)
        self._indexes = {check: index for index, check in enumerate(self._checks)}
        found = repairs(report)[0] if report.kind == "templates" else []
        self._repairs = {repair.result.fingerprint: repair for repair in found}

    def run(self, results: list[dict[str, Any]], chosen: list[Result], known: int) -> dict[str, Any]:
        """The whole run: `chosen` are all results that should be in it, `results` those that fit, the first ones."""
        report = self._report
        notifications = [*self._notifications(), *self._left_out(chosen[len(results) :], known)]
        return {
            "tool": {
                "driver": {
                    "name": "auditor",
                    "version": text.name(report.version),
                    "rules": [_rule(check, report.checks[check]) for check in self._checks],
                    "notifications": [_descriptor(what) for what in _NOTIFICATIONS],
                }
            },
            # Up to the last slash it is the category that GitHub keeps one set of alerts for.
            "automationDetails": {"id": f"auditor/{report.kind}/"},
            "columnKind": "utf16CodeUnits",
            "originalUriBaseIds": {_ROOT: {"description": {"text": "The root of the repository."}}},
            "invocations": [
                {
                    "executionSuccessful": not self._about.unread and not self._about.by_status[Status.ERROR],
                    "exitCode": report.gate.exit_code,
                    "exitCodeDescription": text.clip(report.gate.reason),
                    "endTimeUtc": text.name(report.created).replace("+00:00", "Z"),
                    "toolExecutionNotifications": notifications,
                }
            ],
            "results": results,
            "properties": self._properties(),
        }

    def result(self, result: Result) -> dict[str, Any]:
        """One finding."""
        report = self._report
        info = report.checks[result.check]
        entry: dict[str, Any] = {
            "ruleId": text.name(result.check),
            "ruleIndex": self._indexes[result.check],
            "level": LEVELS[info.severity],
            "message": {"text": _message(report, result)},
            "locations": [self._location(result.location, result.source) | self._logical(result)],
            "partialFingerprints": {"auditorFingerprint/v1": text.clip(result.fingerprint)},
            # All results have the member, or none: SARIF 2.1.0, 3.27.23.
            "suppressions": _suppressions(result),
            "properties": {"resourceType": text.name(report.resources[result.resource].type)},
        }
        if result.property:
            entry["properties"]["property"] = text.clip(result.property)
        if result.saving:
            entry["properties"]["savingUsdPerMonth"] = [result.saving.low, result.saving.high]
        if result.fingerprint in self._repairs:
            entry["fixes"] = [self._fix(self._repairs[result.fingerprint])]
        if report.change:
            entry["baselineState"] = "unchanged" if result.known else "new"
        return entry

    def _location(self, place: Location | None, source: str | None = None) -> dict[str, Any]:
        if place is None:
            return {}
        uri, inside = self._repository.uri(place)
        where = span(place, source)
        return {
            "physicalLocation": {
                "artifactLocation": {"uri": uri, "uriBaseId": _ROOT} if inside else {"uri": uri},
                "region": {
                    "startLine": where.line,
                    "startColumn": where.start,
                    "endLine": where.line,
                    "endColumn": where.end,
                },
            }
        }

    def _fix(self, repair: Repair) -> dict[str, Any]:
        """A repair as the text it replaces."""
        lines = repair.template.document.text.split("\n")
        place = self._location(repair.edits[0].region)["physicalLocation"]["artifactLocation"]
        replacements = [
            {"deletedRegion": _stretch(edit.region, lines), "insertedContent": {"text": edit.text}}
            for edit in repair.edits
        ]
        besides = f" It {repair.side_effect}." if repair.side_effect else ""
        return {
            "description": {"text": f"Set {text.clip('.'.join(repair.path[3:]))}.{besides}"},
            "artifactChanges": [{"artifactLocation": place, "replacements": replacements}],
        }

    def _logical(self, result: Result) -> dict[str, Any]:
        title = text.name(self._report.resources[result.resource].title)
        address = text.clip(result.resource)
        return {"logicalLocations": [{"name": title, "fullyQualifiedName": address, "kind": "resource"}]}

    def _notifications(self) -> Iterator[dict[str, Any]]:
        about = self._about
        for notice in about.unread:
            yield _notification("input-not-read", "error", notice.message) | self._at(notice.location)
        for result in about.by_status[Status.ERROR]:
            rule = {"id": text.name(result.check), "index": self._indexes[result.check]}
            said = _notification("check-broke-off", "error", broken(self._report, result))
            yield said | {"associatedRule": rule} | self._at(result.location)
        for notice in about.doubts:
            yield _notification("input-partly-read", "warning", notice.message) | self._at(notice.location)
        for what, groups in (("call-failed", about.gaps), ("not-decided", about.unknown)):
            for group in groups:
                examples = f", such as {', '.join(map(text.name, group.examples))}" if group.examples else ""
                yield _notification(what, "warning", f"{group.reason} ({group.count:,}{examples})")

    def _at(self, place: Location | None) -> dict[str, Any]:
        location = self._location(place) if place and place.file else {}
        return {"locations": [location]} if location else {}

    def _left_out(self, cut: list[Result], known: int) -> Iterator[dict[str, Any]]:
        if known:
            yield _notification("left-out", "note", f"{text.count(known, 'finding')} that the baseline knows")
        if cut:
            grades = [self._report.checks[result.check].severity for result in cut]
            counts = ", ".join(f"{grades.count(grade):,} {grade}" for grade in SEVERITIES if grade in grades)
            said = f"{text.count(len(cut), 'result')} that a file GitHub accepts has no room for: {counts}"
            yield _notification("left-out", "warning", said)

    def _properties(self) -> dict[str, Any]:
        summary = self._report.summary
        properties: dict[str, Any] = {
            "verdicts": summary.verdicts,
            "findings": summary.findings,
            "score": self._report.score.value,
            "coverage": self._report.score.coverage,
            "savingUsdPerMonth": [summary.saving_low, summary.saving_high],
        }
        change = self._report.change
        if change:
            properties["change"] = {
                "against": text.clip(change.against),
                "new": change.new,
                "known": change.known,
                "fixed": len(change.fixed),
                "savingUsdPerMonth": [change.saving_low, change.saving_high],
            }
        return properties


def _rule(check: str, info: CheckInfo) -> dict[str, Any]:
    why, fix = (text.paragraphs(part) for part in (info.why, info.fix))
    title = _sentence(info.title) or text.name(check)
    level = LEVELS[info.severity]
    properties: dict[str, Any] = {
        "tags": [text.name(info.pillar)],
        "precision": "high",
        "problem.severity": _PROBLEM_SEVERITY[level],
    }
    if info.pillar != COST:  # money wasted is no weakness: GitHub then shows error, warning or note
        properties["tags"].insert(0, "security")
        properties["security-severity"] = _SECURITY_SEVERITY[info.severity]
    return {
        "id": text.name(check),
        "name": _pascal(check) or "Check",
        "shortDescription": {"text": title[:_LONGEST_DESCRIPTION]},
        "fullDescription": {"text": (" ".join(why) or title)[:_LONGEST_DESCRIPTION]},
        "defaultConfiguration": {"level": level},
        "help": {"text": "\n\n".join([*why, *_labelled("Fix: ", fix)]) or title, "markdown": _help(info, why, fix)},
        "properties": properties,
    }


def _help(info: CheckInfo, why: list[str], fix: list[str]) -> str:
    parts = [*map(escape, why), *_labelled("**Fix:** ", map(escape, fix))]
    for label, example in (("Fails:", info.bad), ("Passes:", info.good)):
        if example:
            language = "hcl" if 'resource "' in example else "yaml"
            parts += [label, block("\n".join(map(text.clean, example.split("\n"))), language)]
    return "\n\n".join(parts) or escape(info.title) or "No help is known."


def _labelled(label: str, paragraphs: Iterable[str]) -> list[str]:
    first, *others = [*paragraphs] or [""]
    return [label + first, *others] if first else []


def _pascal(check: str) -> str:
    """`S3BucketVersioning`, as SARIF wants names."""
    words = re.findall("[0-9A-Za-z]+", check)
    return "".join(word[0].upper() + word[1:] for word in words)[:_LONGEST_NAME]


def _message(report: Report, result: Result) -> str:
    """What is wrong, first in a sentence of its own, as that is all that GitHub shows in a list."""
    sentences = [statement(report, result) or text.clip(report.checks[result.check].title), demand(result)]
    if result.saving:
        sentences.append(f"Saves {text.usd_range(result.saving.low, result.saving.high)} a month")
    # `](` would end the text of a link and begin its target.
    return " ".join(filter(None, map(_sentence, sentences))).replace("](", "] (")


def _sentence(said: str) -> str:
    said = text.clip(said).strip()
    return said if not said or said[-1] in ".!?…" else f"{said}."


def _suppressions(result: Result) -> list[dict[str, Any]]:
    accepted, place = result.suppression, result.location
    if accepted is None:
        return []
    in_source = place is not None and place.file and accepted.by.startswith(f"{place.file}:")
    kind = "inSource" if in_source else "external"
    return [{"kind": kind, "status": "accepted", "justification": acceptance(result)}]


def _descriptor(what: str) -> dict[str, Any]:
    short, help = _NOTIFICATIONS[what]
    return {
        "id": what,
        "name": _pascal(what),
        "shortDescription": {"text": short},
        "fullDescription": {"text": f"{short} {help}"},
        "help": {"text": help},
    }


def _notification(what: str, level: str, said: str) -> dict[str, Any]:
    return {
        "descriptor": {"id": what, "index": _NOTIFICATION_IDS.index(what)},
        "level": level,
        "message": {"text": _sentence(said) or _NOTIFICATIONS[what][0]},
    }
