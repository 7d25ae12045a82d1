"""The state machine: 200 items, of which many go wrong in every way that there is, and none is lost."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

import pytest
from moto import mock_aws

from auditor import aws_lambda
from auditor.distributed import work
from tests.distributed.machine import FunctionError, answer_in_process, definition, execute, runnable
from tests.distributed.support import RUN, Cloud, Context

ACCOUNTS = [f"{number:012}" for number in range(100, 120)]
REGIONS = ("us-east-1", "us-east-2", "us-west-1", "us-west-2", "eu-west-1", "eu-west-2", "eu-west-3", "eu-central-1",
           "ap-south-1", "ca-central-1")  # fmt: skip
DENIED, LATE, BROKEN, BROKEN_ONCE, LOST = ACCOUNTS[3], ACCOUNTS[5], ACCOUNTS[7], ACCOUNTS[9], ACCOUNTS[11]
PLAN = {
    "run": RUN,
    "role_name": "Auditor",
    "config": "config/auditor.toml",
    "accounts": ACCOUNTS,
    "groups": {region: [region] for region in REGIONS},
}


@pytest.fixture
def moto() -> Any:
    with mock_aws(config={"stepfunctions": {"execute_state_machine": True}}):
        yield


class Faults:
    """The functions, some of whose items time out, break, or are not even noted down."""

    def __init__(self) -> None:
        self.tries: Counter[str] = Counter()

    def scan(self, event: dict[str, Any], context: Any) -> dict[str, Any]:
        account, group = event["unit"]["account"], event["group"]
        self.tries[f"{account} {group}"] += 1
        if account == LATE:  # never in time, the first time not even begun
            context = Context(work.RESERVE if group.startswith("eu") else 0)
        if account in (BROKEN, LOST) or (account == BROKEN_ONCE and self.tries[f"{account} {group}"] == 1):
            raise FunctionError("Task timed out after 900.00 seconds" if account == BROKEN else "out of memory")
        return aws_lambda.scan_item(event, context)

    def record(self, event: dict[str, Any], context: Any) -> dict[str, Any]:
        if event["item"]["unit"]["account"] == LOST:
            raise FunctionError("no memory here either")
        return aws_lambda.record_failure(event, context)

    @property
    def handlers(self) -> dict[str, Any]:
        return {"List": aws_lambda.list_items, "Scan": self.scan, "Record": self.record, "RollUp": aws_lambda.roll_up}


@pytest.mark.slow
def test_two_hundred_items_and_none_is_lost(cloud: Cloud, aws: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    for account in ACCOUNTS:
        cloud.volumes(account, 1, "eu-west-1")
        cloud.volumes(account, 2, "us-east-1")
    cloud.denied.add(DENIED)
    cloud.put("config/auditor.toml", b'select = ["ebs-volume-gp2"]\nfail-on = "low"\n')
    monkeypatch.setattr("auditor.sources.account.run.GRACE", 0.05)
    faults = Faults()
    answer_in_process(monkeypatch, faults.handlers)
    said = execute(aws, runnable(definition()), PLAN)
    assert said["status"] == "SUCCEEDED", said
    assert json.loads(said["output"])["scanned"] == 16

    assert len(faults.tries) == 200
    lines = {line["account"]: line for line in cloud.json(f"runs/{RUN}/index.json")["accounts"]}
    assert list(lines) == ACCOUNTS
    unread = {DENIED: "may not assume", LATE: "too little time", BROKEN: "timed out", LOST: "it gave no result"}
    for account, line in lines.items():
        if account in unread:
            assert line["status"] == "failed"
            assert all(f"{region}: " in line["reason"] for region in REGIONS)
            assert line["reason"].count(unread[account]) == len(REGIONS)
        else:
            assert (line["status"], line["findings"]) == ("scanned", 3), account
    found = [one["resource"] for one in cloud.findings() if one["status"] == "fail"]
    assert len(found) == len(set(found)) == 16 * 3

    tries = Counter(faults.tries[f"{account} us-east-1"] for account in ACCOUNTS)
    assert faults.tries[f"{LATE} us-east-1"] == 4  # each time it may go on from where it was
    assert faults.tries[f"{BROKEN} us-east-1"] == faults.tries[f"{BROKEN_ONCE} us-east-1"] == 2
    assert tries == {1: 16, 2: 3, 4: 1}


def test_a_run_that_cannot_begin_fails(cloud: Cloud, aws: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(event: dict[str, Any], context: Any) -> dict[str, Any]:
        raise FunctionError("no account's id or name matches 'ml_*'")

    answer_in_process(monkeypatch, {"List": refused})
    said = execute(aws, runnable(definition()), {})
    assert said["status"] == "FAILED"
    assert "matches" in said["cause"]
