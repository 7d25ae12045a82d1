"""Runs over many accounts: killed anywhere and begun again, compared with the run before, and in flat memory."""

from __future__ import annotations

import json
import tracemalloc
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from auditor.config import Config
from auditor.distributed import run as runs
from auditor.distributed import work
from auditor.distributed.digest import digest, is_news
from auditor.distributed.rollup import MOST_ALARMS, Merge
from auditor.distributed.summary import Line, Summary, Tally, combine, score_of, summarise
from auditor.errors import UsageError
from auditor.organization import Member
from auditor.scan import scan_templates
from auditor.unit import Outcome, Unit
from tests.distributed.memory import Killed, Memory
from tests.reports import sample

ACCOUNTS = ["111111111111", "222222222222"]
EARLIER, RUN = "2026-11-22", "2026-11-23"


@pytest.fixture
def outcomes(monkeypatch: pytest.MonkeyPatch) -> dict[str, Outcome]:
    """What becomes of each account, instead of a scan."""
    made: dict[str, Outcome] = {}

    def work_of(unit: Unit, **_: Any) -> Outcome:
        return made.get(unit.account) or Outcome(unit.account, sample.account_report())

    monkeypatch.setattr(work, "work", work_of)
    return made


def whole(store: Memory, run: str = RUN, **plan: Any) -> None:
    """A run from its beginning to its end, as the state machine goes through it."""
    members = [Member(account) for account in ACCOUNTS]
    manifest, _, _ = runs.begin(runs.Plan(run, "bucket", **plan), members, (), store)
    for item in manifest.items():
        work.scan_item(item, store)
    runs.finish(run, store)


def content(store: Memory) -> dict[str, Any]:
    """All that is there, but for the time when the roll-up was made."""
    found: dict[str, Any] = dict(store.objects)
    for key in [key for key in found if key.startswith(("runs/", "trend"))]:
        found[key] = b"" if key.endswith(".html") else _timeless(json.loads(found[key]))
    return found


def _timeless(data: Any) -> Any:
    if isinstance(data, dict):
        return {name: _timeless(value) for name, value in data.items() if name != "created"}
    return [_timeless(value) for value in data] if isinstance(data, list) else data


def test_a_second_run_of_a_name_has_no_results_of_the_first(outcomes: dict[str, Outcome]) -> None:
    store = Memory()
    whole(store)
    members = [Member(account) for account in ACCOUNTS]
    manifest, _, _ = runs.begin(runs.Plan(RUN, "bucket"), members, (), store)
    first, second = manifest.items()
    work.scan_item(first, store)
    work.record_failure(second, "the function broke", store)
    assert [line.status for line in runs.finish(RUN, store).accounts] == ["scanned", "failed"]


# --- killed and begun again -------------------------------------------------------------------------------------------


def test_killed_at_any_step_and_begun_again_nothing_is_lost_or_doubled(outcomes: dict[str, Outcome]) -> None:
    outcomes[ACCOUNTS[1]] = Outcome(ACCOUNTS[1], reason="the role may not be assumed")
    expected = Memory()
    whole(expected, EARLIER)
    before = expected.changes
    whole(expected)
    steps = expected.changes - before
    assert steps > 10
    for step in range(steps):
        store = Memory()
        whole(store, EARLIER)
        store.left = step
        with pytest.raises(Killed):
            whole(store)
        store.left = None
        whole(store)
        assert content(store) == content(expected), f"killed at step {step}"


def test_killed_while_rolling_up_the_run_is_not_one_to_compare_with(outcomes: dict[str, Outcome]) -> None:
    store = Memory()
    whole(store, EARLIER)
    del store.objects[f"runs/{EARLIER}/index.json"]  # written last
    whole(store)
    assert json.loads(store.objects[f"runs/{RUN}/index.json"])["news"]["against"] == ""


def test_begun_again_a_run_has_the_accounts_of_then(outcomes: dict[str, Outcome]) -> None:
    """What an account left that is no longer there is not in the roll-up."""
    store = Memory()
    whole(store)
    runs.begin(runs.Plan(RUN, "bucket"), [Member(ACCOUNTS[0])], (), store)
    assert [line.account for line in runs.finish(RUN, store).accounts] == ACCOUNTS[:1]


def test_there_is_no_such_run() -> None:
    with pytest.raises(UsageError, match="there is no run 2026-01-01"):
        runs.finish("2026-01-01", Memory())


# --- since the run before ---------------------------------------------------------------------------------------------


def summary(account: str = ACCOUNTS[0], *fingerprints: str, **line: Any) -> Summary:
    """An account where one check found these."""
    number = len(fingerprints)
    return Summary(
        Line(account, "", line.pop("status", "scanned"), "", findings=number, **line),
        {"check": Tally("Check", "critical", 1, number, 0, number)},
        {"check": list(fingerprints)},
        {one: f"bucket {one} is open" for one in fingerprints},
    )


def test_new_fixed_and_known() -> None:
    merge = Merge(EARLIER)
    merge.add(summary(ACCOUNTS[0], "a", "b"), summary(ACCOUNTS[0], "b", "c", "d"))
    news = merge.rolled(ACCOUNTS[:1]).news
    assert news
    assert (news.new, news.fixed, news.unseen, [alarm.fingerprint for alarm in news.alarms]) == (1, 2, 0, ["a"])


@pytest.mark.parametrize(
    ("now", "selected"),
    [
        (replace(summary(), undecided=("check",)), None),
        (summary(status="partial"), None),
        (summary(status="failed"), None),
        (summary(), ["other"]),
    ],
)
def test_what_may_still_be_there_is_not_fixed(now: Summary, selected: list[str] | None) -> None:
    merge = Merge(EARLIER, selected)
    merge.add(now, summary(ACCOUNTS[0], "a"))
    news = merge.rolled(ACCOUNTS[:1]).news
    assert news
    assert (news.fixed, news.unseen) == (0, 1)


def test_alarms_are_named_up_to_a_number_and_then_counted() -> None:
    merge = Merge("")
    merge.add(summary(ACCOUNTS[0], *(f"{number:04}" for number in range(MOST_ALARMS + 5))))
    rolled = merge.rolled(ACCOUNTS[:1])
    assert rolled.news
    assert (len(rolled.news.alarms), rolled.news.more) == (MOST_ALARMS, 5)
    told = digest(rolled, "s3://bucket/runs/x/index.html")
    assert told.subject.startswith(f"auditor: Scan incomplete, {MOST_ALARMS + 5} new criticals")
    assert (len(told.alarms), told.more) == (10, MOST_ALARMS - 5)
    assert told.news == "There is no earlier run to compare with."
    assert is_news(rolled)


def test_a_check_that_finds_nothing_new_is_no_news() -> None:
    merge = Merge(EARLIER)
    merge.add(summary(ACCOUNTS[0], "a"), summary(ACCOUNTS[0], "a"))
    assert not is_news(merge.rolled(ACCOUNTS[:1]))


def test_groups_of_an_account_add_up() -> None:
    us = summary(ACCOUNTS[0], "a", exit_code=1, failures={"critical": 1})
    eu = summary(ACCOUNTS[0], "b", exit_code=0, failures={"critical": 1})
    both = combine([us, eu])
    assert (both.line.findings, both.line.exit_code, both.line.failures["critical"]) == (2, 1, 2)
    assert both.tallies["check"] == Tally("Check", "critical", 2, 2, 0, 2)
    assert both.failing == {"check": ["a", "b"]}
    assert both.line.score and both.line.score.value == 50
    assert combine([us, summary(status="failed")]).line.status == "partial"
    assert combine([summary(status="failed")] * 2).line.status == "failed"


def test_a_score_of_counts_is_the_score() -> None:
    report = scan_templates([str(Path(__file__).parents[2] / "benchmarks" / "small.yaml")], Config())
    one = summarise(Outcome("1", report))
    counted = score_of(one.tallies.values())
    assert counted.value == pytest.approx(report.score.value)
    assert counted.coverage == pytest.approx(report.score.coverage)
    assert one.line.findings == report.summary.findings
    assert one.line.failures == report.summary.failures


WRITTEN = Summary(Line("1", "", "failed", "")).to_bytes()


@pytest.mark.parametrize("content", [b"", b"no gzip", WRITTEN[:30], WRITTEN[:12] + b"\xff" * 20])
def test_a_broken_summary_is_named(content: bytes) -> None:
    with pytest.raises(UsageError, match="a broken summary"):
        Summary.from_bytes(content)


def test_a_summary_is_plain_data() -> None:
    one = summary(ACCOUNTS[0], "a", "b")
    assert Summary.from_bytes(one.to_bytes()) == one
    assert one.to_bytes() == one.to_bytes()


# --- memory ----------------------------------------------------------------------------------------------------


class Many(Memory):
    """Accounts with so many findings each, made when they are asked for."""

    def get(self, key: str) -> bytes | None:
        if not key.startswith("summaries/"):
            return super().get(key)
        account = key.split("/")[2]
        found = summary(account, *(f"{account[-6:]}{number:010x}" for number in range(2000)))
        return replace(found, alarms={}).to_bytes()


def test_more_accounts_take_no_more_memory_than_their_lines() -> None:
    peaks = []
    for number in (64, 256):
        store = Many()
        runs.begin(runs.Plan(RUN, "bucket"), [Member(f"{one:012}") for one in range(number)], (), store)
        tracemalloc.start()
        rolled = runs.finish(RUN, store)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
        assert sum(line.findings for line in rolled.accounts) == number * 2000
    assert peaks[1] - peaks[0] < 192 * 30_000  # bytes for each further account; its findings alone are 100 KB


# --- plans ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("plan", "words"),
    [
        ({"run": "tonight", "bucket": "b"}, "names no run"),
        ({"run": RUN}, "no plan of a run: bucket"),
        ({"run": RUN, "bucket": "b", "groups": {"a/b": ["us-east-1"]}}, "names no group"),
        ({"run": RUN, "bucket": "b", "groups": {"us": []}}, "has no region"),
    ],
)
def test_what_is_no_plan(plan: dict[str, Any], words: str) -> None:
    with pytest.raises(UsageError, match=words):
        runs.Plan.from_dict(plan)


def test_each_region_is_told_by_one_item() -> None:
    plan = runs.Plan(RUN, "bucket", groups={"us": ("us-east-1",), "eu": ("eu-west-1",)})
    us, eu = runs.Manifest(plan, (Member(ACCOUNTS[0]),)).items()
    told = {region: (us.tells(region), eu.tells(region)) for region in ("us-east-1", "eu-west-1", "ap-south-1", None)}
    assert told == {
        "us-east-1": (True, False),
        "eu-west-1": (False, True),
        "ap-south-1": (True, False),  # a bucket there, which the global list has
        None: (True, False),
    }
