from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from xml.etree.ElementTree import Element, fromstring

from auditor.findings import Status, Suppression
from auditor.report import Report
from reports.interface import render
from tests.reports import sample
from tests.reports.every import EVERY

# What the Jenkins xUnit plugin's junit-10.xsd allows and requires, of what is used here.
_ALLOWED = {
    "testsuites": ({"testsuite"}, {"name", "tests", "failures", "errors"}, set()),
    "testsuite": (
        {"testcase", "system-out"},
        {"name", "tests", "failures", "errors", "skipped", "timestamp"},
        {"name", "tests", "failures", "errors"},
    ),
    "testcase": ({"failure", "error", "skipped"}, {"name", "classname"}, {"name"}),
    "failure": (set(), {"type", "message"}, set()),
    "error": (set(), {"type", "message"}, set()),
    "skipped": (set(), {"message"}, set()),
    "system-out": (set(), set(), set()),
}


def document(report: Report) -> Element:
    return fromstring(render(report, "junit").encode())  # noqa: S314 - our own


def outcome(case: Element) -> str:
    return case[0].tag if len(case) else "passed"


@EVERY
def test_only_known_elements_and_attributes(make: Callable[[], Report]) -> None:
    root = document(make())
    assert root.tag == "testsuites"
    for element in root.iter():
        children, attributes, required = _ALLOWED[element.tag]
        assert {child.tag for child in element} <= children
        assert required <= set(element.attrib) <= attributes
        assert element.tag != "testcase" or len(element) <= 1


@EVERY
def test_the_numbers_are_those_of_the_cases(make: Callable[[], Report]) -> None:
    root = document(make())
    for element in (root, *root.iter("testsuite")):
        counted = Counter(outcome(case) for case in element.iter("testcase"))
        assert int(element.attrib["tests"]) == counted.total()
        assert int(element.attrib["failures"]) == counted["failure"]
        assert int(element.attrib["errors"]) == counted["error"]


def test_each_verdict_is_a_case() -> None:
    report = sample.template_report()
    root = document(report)
    counted = Counter(outcome(case) for case in root.iter("testcase"))
    verdicts = report.summary.verdicts
    assert counted == {
        "passed": verdicts["pass"],
        "failure": verdicts["fail"],
        "skipped": verdicts["unknown"] + verdicts["suppressed"],
        "error": verdicts["error"] + 1,  # and the input that could not be read
    }
    names = [(case.attrib["classname"], case.attrib["name"]) for case in root.iter("testcase")]
    assert len(names) == len(set(names))
    assert [suite.attrib["name"] for suite in root] == [
        "cost",
        "data-protection",
        "identity",
        "network",
        "resilience",
        "inputs",
    ]


def test_what_is_skipped_says_why() -> None:
    reasons = [skipped.attrib["message"] for skipped in document(sample.template_report()).iter("skipped")]
    assert "Could not be checked: !ImportValue shared-settings is not resolved" in reasons
    assert "Accepted until 2026-12-31 by data platform team: logs are written once" in reasons
    known = [skipped.attrib["message"] for skipped in document(sample.changed_report()).iter("skipped")]
    assert "Known to the baseline: RawZone does not block public ACLs" in known


def test_findings_of_one_verdict_are_one_failure() -> None:
    report = sample.template_report()
    first = report.results[0]
    report.results.insert(1, replace(first, message="allows iam:PassRole", fingerprint="other"))
    accepted = replace(first, status=Status.SUPPRESSED, suppression=Suppression("as agreed", "me"))
    report.results.append(accepted)
    root = document(report)
    (failure,) = [failure for failure in root.iter("failure") if failure.attrib["type"] == "critical"]
    assert "TrainingRole allows iam:PassRole" in (failure.text or "")
    (partly,) = [case for case in root.iter("testcase") if "accepted in part" in case.attrib["name"]]
    assert partly[0].attrib["message"] == "Accepted by me: as agreed"
