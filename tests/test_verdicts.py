"""Score, gate, suppressions and the report model, over a few made-up verdicts."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor import gate, suppressions
from auditor.assemble import Rules, build
from auditor.config import Suppress
from auditor.costs import Ledger
from auditor.errors import UsageError
from auditor.findings import Finding, Severity, Status, Verdict
from auditor.inventory import Inventory
from auditor.pricing.savings import Saving
from auditor.raw import Collected, Gap, Notice
from auditor.registry import Check
from auditor.report import Result, json_schema, load
from auditor.score import score
from tests.builders import Door, raw

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


def check(name: str, severity: Severity = Severity.HIGH, pillar: str = "network") -> Check:
    def function(door: Door) -> Iterator[Finding]:
        """Doors should be shut, or people come in.

        Fix: shut it.
        """
        yield door.fail("is open")

    return Check(name, "Doors are shut", severity, pillar, (Door,), (), ("live",), (), (), (), function, ())


def verdict(of: Check, status: Status, name: str = "Front", saving: Saving | None = None) -> Verdict:
    door = Door(raw("Test::Made::Door", name, {"Mode": "open"}))
    findings = (door.fail("is open", at="mode", expected="shut", saving=saving),) if status is Status.FAIL else ()
    return Verdict(of, door, status, findings, reason="no default" if status is Status.UNKNOWN else "")


HIGH, LOW = check("high-check"), check("low-check", Severity.LOW, "cost")


def test_score_weighs_checks_by_severity_and_leaves_unknown_out() -> None:
    verdicts = [
        verdict(HIGH, Status.PASS, "A"),
        verdict(HIGH, Status.FAIL, "B"),
        verdict(HIGH, Status.UNKNOWN, "C"),
        verdict(LOW, Status.PASS),
    ]
    scores = score(verdicts)
    assert scores.overall.value == pytest.approx((5 * 50 + 1 * 100) / 6)
    assert scores.overall.coverage == pytest.approx(3 / 4)
    assert scores.pillars["network"].value == 50
    assert scores.pillars["cost"].value == 100
    assert score([verdict(HIGH, Status.UNKNOWN)]).overall.value is None
    assert score([]).overall.coverage == 1


@given(st.lists(st.tuples(st.sampled_from([HIGH, LOW]), st.sampled_from(list(Status))), min_size=1, max_size=20))
def test_mending_a_failure_adds_exactly_its_gain(drawn: list[tuple[Check, Status]]) -> None:
    verdicts = [verdict(of, status, f"D{number}") for number, (of, status) in enumerate(drawn)]
    before = score(verdicts)
    failed = next((one for one in verdicts if one.status is Status.FAIL), None)
    assert before.overall.value is None or 0 <= before.overall.value <= 100
    if failed and before.overall.value is not None:
        failed.status = Status.PASS
        after = score(verdicts).overall.value
        assert after == pytest.approx(before.overall.value + before.gains[failed.check.id])


DENIED = Gap("s3", "ListBuckets", "AccessDenied", "no")
BROKEN = Gap("s3", "ListBuckets", "EndpointConnectionError", "no route")
UNREAD = Notice("error", "cannot be read")


@pytest.mark.parametrize(
    ("statuses", "fail_on", "notices", "gaps", "strict", "code"),
    [
        ([Status.PASS, Status.UNKNOWN, Status.SUPPRESSED], "high", [], [], False, 0),
        ([Status.FAIL], "high", [], [], False, 1),
        ([Status.FAIL], "critical", [], [], False, 0),
        ([Status.FAIL], "low", [], [], False, 1),
        ([Status.FAIL], "never", [], [], False, 0),
        ([Status.FAIL], "high", [UNREAD], [], False, 1),
        ([Status.PASS], "high", [UNREAD], [], False, 3),
        ([], "never", [UNREAD], [], False, 3),
        ([Status.PASS], "high", [Notice("warning", "odd")], [], False, 0),
        ([Status.PASS], "high", [], [DENIED], False, 0),
        ([Status.PASS], "high", [], [DENIED], True, 3),
        ([Status.PASS], "high", [], [BROKEN], False, 3),
        ([Status.ERROR, Status.FAIL], "high", [], [], False, 2),
    ],
)
def test_exit_codes(
    statuses: list[Status], fail_on: str, notices: list[Notice], gaps: list[Gap], strict: bool, code: int
) -> None:
    results = [Result("high-check", f"app.yaml#{number}", status) for number, status in enumerate(statuses)]
    results.append(Result("high-check", "app.yaml#Known", Status.FAIL, known=True))
    decision = gate.decide(results, {"high-check": Severity.HIGH}, fail_on, notices, gaps, strict=strict)
    assert decision.exit_code == code
    assert decision.reason


@pytest.mark.parametrize(
    ("entry", "status", "notice"),
    [
        (Suppress("high-check", "accepted"), "suppressed", None),
        (Suppress("high-*", "accepted", "*#Front", date(2026, 11, 22)), "suppressed", None),
        (Suppress("high-check", "accepted", until=date(2026, 11, 21)), "fail", "expired on 2026-11-21"),
        (Suppress("high-check", " "), "fail", "has no reason"),
        (Suppress("high-check", "accepted", "Back"), "fail", "matches no finding"),
        (Suppress("low-check", "accepted"), "fail", "matches no finding"),
    ],
)
def test_suppressions(entry: Suppress, status: str, notice: str | None) -> None:
    one = verdict(HIGH, Status.FAIL)
    notices = suppressions.apply([one], [entry], [], NOW.date())
    assert one.status.value == status
    assert [n.message for n in notices if notice and notice in n.message] or (not notice and not notices)
    assert (one.suppression is not None) == (status == "suppressed")


def test_a_suppression_of_a_check_that_was_not_run_is_not_called_stale() -> None:
    entry = Suppress("low-*", "accepted")
    assert suppressions.apply([verdict(HIGH, Status.FAIL)], [entry], [], NOW.date(), not_run=[LOW]) == []


def test_a_suppression_may_name_an_address_with_brackets() -> None:
    one = verdict(HIGH, Status.FAIL, 'module.doors["front"].test_door.this[0]')
    entry = Suppress("high-check", "accepted", 'module.doors["front"].test_door.this[0]')
    assert suppressions.apply([one], [entry], [], NOW.date()) == []
    assert one.status is Status.SUPPRESSED


def report_of(verdicts: list[Verdict]):
    collected = Collected(gaps=[DENIED], notices=[UNREAD], inputs=[{"kind": "cloudformation", "name": "app.yaml"}])
    ledger = Ledger(Inventory(Collected([one.resource.raw for one in verdicts])), ())
    return build("templates", collected, verdicts, Rules(), version="1.2.3", now=NOW, ledger=ledger)


def test_report_counts_sorts_and_identifies() -> None:
    saving = Saving(1.0, 2.5, "half of 5 dollars", "list", "2026-07", "high")
    report = report_of(
        [verdict(LOW, Status.FAIL, saving=saving), verdict(HIGH, Status.FAIL), verdict(HIGH, Status.PASS, "B")]
    )
    assert [result.check for result in report.results] == ["high-check", "low-check", "high-check"]
    assert report.summary.verdicts == {"fail": 2, "pass": 1, "unknown": 0, "suppressed": 0, "error": 0}
    assert report.summary.failures == {"critical": 0, "high": 1, "medium": 0, "low": 1}
    assert (report.summary.saving_low, report.summary.saving_high) == (1.0, 2.5)
    first = report.results[0]
    assert (first.property, first.expected, first.message) == ("Mode", "shut", "is open")
    assert first.location and first.location.line == 2
    assert len({result.fingerprint for result in report.results[:2]}) == 2
    assert report.checks["high-check"].fix == "shut it."


def test_report_survives_the_disk_and_matches_its_schema(tmp_path: Path) -> None:
    report = report_of([verdict(HIGH, Status.FAIL), verdict(LOW, Status.UNKNOWN), verdict(LOW, Status.PASS, "B")])
    file = tmp_path / "report.json"
    file.write_text(report.to_json(), encoding="utf-8")
    assert load(str(file)) == report
    jsonschema.validate(json.loads(file.read_text(encoding="utf-8")), json_schema())


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "not valid JSON"),
        ("[]", "schema is None"),
        ('{"schema": "auditor-report/9"}', "auditor-report/9"),
        ('{"schema": "auditor-report/1"}', "Field required"),
    ],
)
def test_a_file_that_is_no_report(tmp_path: Path, text: str, message: str) -> None:
    file = tmp_path / "report.json"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(UsageError, match=message):
        load(str(file))
    with pytest.raises(UsageError, match="cannot be read"):
        load(str(tmp_path / "missing.json"))
