"""JUnit XML, as Jenkins and GitLab read it: a suite per pillar, a test case per check and resource.

A failure that the baseline knows, an accepted one and an undecided verdict are skipped, each with its reason: none is a
pass. The suite `inputs` has an error for each input that could not be read.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from auditor.findings import Status
from reports import text
from reports.digest import digest, verdict
from reports.evidence import acceptance, broken, demand, notice_text, place_text, statement

if TYPE_CHECKING:
    from auditor.report import Report, Result
    from reports.digest import Digest
    from reports.interface import RenderOptions

_OUTCOMES: Final = {"failures": "failure", "errors": "error", "skipped": "skipped"}  # count: element


def render(report: Report, *, options: RenderOptions) -> str:
    """The report as one `testsuites` document."""
    root = Element("testsuites", name=f"auditor: {verdict(report)}")
    verdicts: dict[tuple[str, str, Status], list[Result]] = {}
    for result in report.results:
        verdicts.setdefault((result.check, result.resource, result.status), []).append(result)
    pillars: dict[str, Element] = {}
    for pillar in sorted({info.pillar for info in report.checks.values()}):
        pillars[pillar] = SubElement(root, "testsuite", name=text.name(pillar), timestamp=text.name(report.created))
    for (check, resource, status), results in verdicts.items():
        partly = status is Status.SUPPRESSED and (check, resource, Status.FAIL) in verdicts
        name = f"{text.clip(resource)}{' (accepted in part)' if partly else ''}"
        case = SubElement(pillars[report.checks[check].pillar], "testcase", classname=text.name(check), name=name)
        _outcome(case, report, results)
    _inputs(root, report, digest(report))
    for suite in root:
        _count(suite, ("failures", "errors", "skipped"))
    _count(root, ("failures", "errors"))
    indent(root, " ")
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(root, encoding="unicode") + "\n"


def _count(element: Element, names: tuple[str, ...]) -> None:
    element.set("tests", str(sum(1 for _ in element.iter("testcase"))))
    for name in names:
        element.set(name, str(sum(1 for _ in element.iter(_OUTCOMES[name]))))


def _outcome(case: Element, report: Report, results: list[Result]) -> None:
    """What became of one verdict: `results` are its findings, or the one result that it has."""
    first = results[0]
    new = [result for result in results if not result.known]
    if first.status is Status.FAIL and new:
        info = report.checks[first.check]
        failure = SubElement(case, "failure", type=info.severity, message=statement(report, new[0]))
        fixes = [f"Fix: {fix}" for fix in text.paragraphs(info.fix)]
        failure.text = "\n".join([*(_line(report, result) for result in new), *fixes])
    elif first.status is Status.FAIL:
        SubElement(case, "skipped", message=f"Known to the baseline: {statement(report, first)}")
    elif first.status is Status.ERROR:
        SubElement(case, "error", type="check-broke-off", message=broken(report, first))
    elif first.status is Status.UNKNOWN:
        SubElement(case, "skipped", message=f"Could not be checked: {text.clip(first.reason)}")
    elif first.status is Status.SUPPRESSED:
        SubElement(case, "skipped", message=acceptance(first))


def _line(report: Report, result: Result) -> str:
    where = place_text(result.location) if result.location else ""
    told = "; ".join(filter(None, [statement(report, result), demand(result)]))
    return f"{where}: {told}" if where else told


def _inputs(root: Element, report: Report, about: Digest) -> None:
    """What could not be read or asked; nothing where all of it could."""
    remarks = [notice_text(notice) for notice in about.doubts]
    remarks += [f"{group.reason} ({group.count:,})" for group in about.gaps]
    if not about.unread and not remarks:
        return
    suite = SubElement(root, "testsuite", name="inputs", timestamp=text.name(report.created))
    for number, notice in enumerate(about.unread, 1):
        where = place_text(notice.location) or f"input {number}"
        case = SubElement(suite, "testcase", classname="input-not-read", name=where)
        SubElement(case, "error", type="input-not-read", message=text.clip(notice.message))
    if remarks:
        SubElement(suite, "system-out").text = "\n".join(map(text.clean, remarks))
