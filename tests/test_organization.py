"""Many accounts: which are scanned, what becomes of each, and what they add up to."""

from __future__ import annotations

import json
import os
import re
import signal
import threading
import time
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.client import BaseClient
from botocore.exceptions import ClientError

from auditor import organization
from auditor.config import Config
from auditor.distributed.rollup import FailedCheck, Merge
from auditor.distributed.summary import Line, Summary, Tally
from auditor.errors import UsageError
from auditor.gate import FAILS, HOLDS, INCOMPLETE
from auditor.organization import Member, choose, read_members, scan_organization
from auditor.sources.account.failures import Halt
from auditor.unit import Outcome, Unit, work
from reports.html.organization import render
from tests.sources.account import conftest as simulated
from tests.support import Run, put

aws, aws_environment, moto, scripted = simulated.aws, simulated.aws_environment, simulated.moto, simulated.scripted
quick = simulated.quick

OWN = "123456789012"
MEMBER, OTHER = "111111111111", "222222222222"
CHECK = Config(select=("ebs-volume-gp2",), fail_on="low")


@pytest.fixture
def denied(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """Accounts whose role nobody may assume."""
    accounts: set[str] = set()
    make_call = BaseClient._make_api_call

    def call(self: BaseClient, operation: str, params: dict[str, Any]) -> Any:
        if operation == "AssumeRole" and params["RoleArn"].split(":")[4] in accounts:
            raise ClientError({"Error": {"Code": "AccessDenied", "Message": "not authorized"}}, operation)
        return make_call(self, operation, params)

    monkeypatch.setattr(BaseClient, "_make_api_call", call)
    return accounts


@pytest.fixture
def volumes(aws: Any) -> Any:
    """Puts old volumes into an account: `volumes(MEMBER, 2)`."""

    def make(account: str, number: int) -> None:
        client = aws("ec2")
        if account != OWN:
            given = aws("sts").assume_role(RoleArn=f"arn:aws:iam::{account}:role/x", RoleSessionName="test")[
                "Credentials"
            ]
            client = boto3.client(
                "ec2",
                region_name="us-east-1",
                aws_access_key_id=given["AccessKeyId"],
                aws_secret_access_key=given["SecretAccessKey"],
                aws_session_token=given["SessionToken"],
            )
        for _ in range(number):
            client.create_volume(AvailabilityZone="us-east-1a", Size=100, VolumeType="gp2")

    return make


def scan(folder: Path, accounts: str = f"{OWN} main\n{MEMBER} ml\n{OTHER} data", **settings: Any) -> Any:
    put(folder, "accounts.txt", accounts)
    return scan_organization(
        settings.pop("config", CHECK),
        folder / "out",
        accounts=str(folder / "accounts.txt"),
        role_name="Auditor",
        regions=["us-east-1"],
        **settings,
    )


# --- which accounts -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        f"# all of them\n{MEMBER}  ml platform # ours\n\n{OTHER}\n{MEMBER} again\n",
        f"{MEMBER},ml platform\n{OTHER},\n",
        json.dumps([{"Id": MEMBER, "Name": "ml platform"}, OTHER]),
        json.dumps({"Accounts": [{"Id": MEMBER, "Name": "ml platform", "Status": "ACTIVE"}, {"Id": OTHER}]}),
    ],
)
def test_a_file_of_accounts(tmp_path: Path, text: str) -> None:
    put(tmp_path, "accounts", text)
    assert read_members(str(tmp_path / "accounts")) == [Member(MEMBER, "ml platform"), Member(OTHER)]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (f"{MEMBER}\n1234 short\n", "line 2: '1234' is no account id"),
        ("# none\n", "names no account"),
        ("[1", "not valid JSON"),
        ('{"Users": []}', "has no list of accounts"),
        ("[{}]", "account 1: '' is no account id"),
    ],
)
def test_a_broken_file_of_accounts(tmp_path: Path, text: str, words: str) -> None:
    put(tmp_path, "accounts", text)
    with pytest.raises(UsageError, match=words.replace("[", r"\[")):
        read_members(str(tmp_path / "accounts"))


def test_a_file_that_is_missing(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be read"):
        read_members(str(tmp_path / "accounts"))


def test_include_and_exclude() -> None:
    members = [Member(MEMBER, "ml-prod"), Member(OTHER, "ml-sandbox"), Member(OWN, "main")]
    assert choose(members, [], []) == members
    assert choose(members, ["ml-*"], ["*-sandbox"]) == members[:1]
    assert choose(members, [OWN], []) == members[2:]
    with pytest.raises(UsageError, match="matches 'ml_\\*'"):
        choose(members, ["ml_*"], [])
    with pytest.raises(UsageError, match="no account is left"):
        choose(members, ["ml-*"], ["*"])


def test_organizations_names_the_accounts(aws: Any, tmp_path: Path) -> None:
    organizations = aws("organizations")
    organizations.create_organization(FeatureSet="ALL")
    created = [
        organizations.create_account(AccountName=name, Email=f"{name}@example.com")["CreateAccountStatus"]["AccountId"]
        for name in ("ml", "old")
    ]
    organizations.close_account(AccountId=created[1])
    rolled = scan_organization(CHECK, tmp_path / "out", role_name="Auditor", regions=["us-east-1"])
    lines = {line.account: line for line in rolled.accounts}
    assert set(lines) == {OWN, *created}
    assert (lines[created[0]].status, lines[created[0]].name) == ("scanned", "ml")
    assert (lines[created[1]].status, lines[created[1]].reason) == ("skipped", "the account is suspended")
    assert rolled.exit_code == HOLDS


def test_who_is_in_no_organization(moto: None, scripted: Any, tmp_path: Path) -> None:
    scripted({"ListAccounts": "AWSOrganizationsNotInUseException"})
    with pytest.raises(UsageError, match=r"AWSOrganizationsNotInUseException.*--accounts"):
        scan_organization(CHECK, tmp_path / "out", role_name="Auditor")


def test_a_role_name_that_is_none(moto: None, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no name of a role"):
        scan_organization(CHECK, tmp_path / "out", role_name="arn:aws:iam::1:role/x")


# --- what becomes of each -------------------------------------------------------------------------------------------


def test_each_account_has_a_report_and_all_have_a_roll_up(volumes: Any, denied: set[str], tmp_path: Path) -> None:
    volumes(OWN, 1)
    volumes(MEMBER, 2)
    denied.add(OTHER)
    rolled = scan(tmp_path)
    own, member, other = rolled.accounts
    assert (own.account, own.name, own.status, own.findings, own.exit_code) == (OWN, "main", "scanned", 1, FAILS)
    assert (member.account, member.status, member.findings, member.resources) == (MEMBER, "scanned", 2, 2)
    assert member.saving_high > own.saving_high > 0
    assert (other.account, other.status) == (OTHER, "failed")
    assert f"may not assume arn:aws:iam::{OTHER}:role/Auditor" in other.reason
    assert rolled.checks["ebs-volume-gp2"].accounts == 2
    assert rolled.checks["ebs-volume-gp2"].findings == 3
    assert rolled.exit_code == FAILS
    out = tmp_path / "out"
    assert sorted(file.name for file in out.iterdir()) == sorted(
        f"{name}.{suffix}" for name in (OWN, MEMBER, "index") for suffix in ("html", "json")
    )
    index = json.loads((out / "index.json").read_text())
    assert index["schema"] == "auditor-organization/1"
    assert [line["status"] for line in index["accounts"]] == ["scanned", "scanned", "failed"]
    page = (out / "index.html").read_text()
    assert f'href="{MEMBER}.html"' in page
    assert f"may not assume arn:aws:iam::{OTHER}:role/Auditor" in page
    report = json.loads((out / f"{MEMBER}.json").read_text())
    assert report["inputs"][0]["name"] == MEMBER


def test_an_account_that_was_not_read_is_not_a_pass(moto: None, denied: set[str], tmp_path: Path) -> None:
    denied.add(MEMBER)
    assert scan(tmp_path).exit_code == INCOMPLETE
    assert scan(tmp_path, exclude=["ml"]).exit_code == HOLDS


def test_a_bug_in_one_account_leaves_the_others(moto: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    real = work

    def broken(unit: Unit, **settings: Any) -> Outcome:
        if unit.account == MEMBER:
            raise ZeroDivisionError("oops")
        return real(unit, **settings)

    monkeypatch.setattr(organization, "work", broken)
    lines = scan(tmp_path).accounts
    assert [line.status for line in lines] == ["scanned", "failed", "scanned"]
    assert lines[1].reason == "the scan broke: ZeroDivisionError: oops"


def test_no_more_at_once_than_asked(moto: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    running, most, lock = [0], [0], threading.Lock()
    meet = threading.Barrier(2, timeout=20)  # so that two do run at once

    def counted(unit: Unit, **_: Any) -> Outcome:
        with lock:
            running[0] += 1
            most[0] = max(most[0], running[0])
        meet.wait()
        with lock:
            running[0] -= 1
        return Outcome(unit.account, reason="just a test")

    monkeypatch.setattr(organization, "work", counted)
    rolled = scan(tmp_path, "\n".join(f"{number:012}" for number in range(1, 7)), at_once=2)
    assert most == [2]
    assert [line.account for line in rolled.accounts] == [f"{number:012}" for number in range(1, 7)]


def test_after_ctrl_c_no_account_is_begun_and_none_is_lost(
    moto: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    before = signal.getsignal(signal.SIGINT)

    def interrupted(unit: Unit, **_: Any) -> Outcome:
        os.kill(os.getpid(), signal.SIGINT)
        until = time.monotonic() + 20
        while signal.getsignal(signal.SIGINT) is not before and time.monotonic() < until:
            time.sleep(0.01)
        return Outcome(unit.account, reason="under way")

    monkeypatch.setattr(organization, "work", interrupted)
    rolled = scan(tmp_path, at_once=1)
    assert signal.getsignal(signal.SIGINT) is before
    assert [line.status for line in rolled.accounts] == ["failed"] * 3
    assert rolled.accounts[0].reason == "under way"
    assert rolled.accounts[2].reason == "the scan was stopped (SIGINT) before it began"
    assert (tmp_path / "out" / "index.json").exists()


def test_ctrl_c_stops_the_accounts_under_way(
    volumes: Any, scripted: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """An account that waits for answers asks no more, and its report says that it is partial."""
    volumes(OWN, 1)
    asked: list[str] = []
    stopped = threading.Event()
    stop = Halt.stop

    def tell(halt: Halt, reason: str) -> None:
        stop(halt, reason)
        stopped.set()

    monkeypatch.setattr(Halt, "stop", tell)

    def interrupt(parameters: Any) -> Any:
        asked.append("DescribeVolumes")
        os.kill(os.getpid(), signal.SIGINT)
        stopped.wait(30)  # until the main thread has noticed
        volume = {"VolumeId": "vol-1", "VolumeType": "gp2", "Size": 8}
        return {"Volumes": [volume], "NextToken": "more"}

    scripted({"DescribeVolumes": interrupt})
    rolled = scan(tmp_path, f"{OWN} main\n{MEMBER} ml", at_once=1)
    assert asked == ["DescribeVolumes"]
    assert [line.status for line in rolled.accounts] == ["partial", "failed"]
    assert rolled.accounts[0].findings == 1
    report = json.loads((tmp_path / "out" / f"{OWN}.json").read_text())
    assert any(notice["message"].startswith("The scan stopped (SIGINT) after ") for notice in report["notices"])


def test_only_what_an_earlier_scan_lacks_fails_the_gates(volumes: Any, tmp_path: Path) -> None:
    volumes(OWN, 1)
    earlier = tmp_path / "out"
    assert scan(tmp_path, f"{OWN} main").exit_code == FAILS
    assert scan(tmp_path, f"{OWN} main", baseline=earlier).exit_code == HOLDS
    volumes(MEMBER, 1)
    rolled = scan(tmp_path, f"{OWN} main\n{MEMBER} ml", baseline=earlier)
    assert [line.exit_code for line in rolled.accounts] == [HOLDS, FAILS]
    assert rolled.news
    assert (rolled.news.against, rolled.news.new, rolled.news.fixed) == (str(earlier), 1, 0)


def test_a_baseline_that_is_none(moto: None, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"no scan of an organization was written there"):
        scan(tmp_path, baseline=tmp_path / "nowhere")
    put(tmp_path, "earlier/index.json", "{}")
    put(tmp_path, f"earlier/{OWN}.json", "[]")
    (line,) = scan(tmp_path, f"{OWN} main", baseline=tmp_path / "earlier").accounts
    assert line.status == "failed"
    assert f"{OWN}.json" in line.reason


def test_progress_counts(moto: None, tmp_path: Path) -> None:
    told: list[str] = []
    scan(tmp_path, progress=told.append)
    words = r"\d/3 accounts, .*; ml: \d/\d collectors in 1 regions, \d+ calls, 0 gaps; ec2.volumes in us-east-1"
    assert any(re.fullmatch(words, line) for line in told)
    assert re.match(r"3/3 accounts, \d+ calls, 0 gaps; \w+: scanned", told[-1])


# --- the unit of work -----------------------------------------------------------------------------------------------


def test_credentials_of_another_account_are_no_report(moto: None) -> None:
    outcome = work(Unit(MEMBER, regions=("us-east-1",), config=CHECK))
    assert outcome.report is None
    assert outcome.reason == f"the credentials belong to the account {OWN}"


def test_a_setting_that_names_nothing_is_everybodys_error(moto: None) -> None:
    with pytest.raises(UsageError, match="no check and no pillar"):
        work(Unit(OWN, config=Config(select=("nothing-such",))))


# --- the roll-up ----------------------------------------------------------------------------------------------------


def test_the_gravest_check_comes_first() -> None:
    merge = Merge()
    merge.add(
        Summary(Line(OWN, "", "scanned", ""), {"b": Tally("B", "low", 0, 9, 0, 9), "a": Tally("A", "low", 1, 1, 0, 1)})
    )
    merge.add(
        Summary(
            Line(MEMBER, "", "scanned", "", exit_code=HOLDS),
            {"a": Tally("A", "low", 0, 2, 0, 2), "c": Tally("C", "critical", 0, 1, 0, 1)},
        )
    )
    merge.add(Summary(Line(OTHER, "", "skipped", "the account is suspended")))
    rolled = merge.rolled([OTHER, MEMBER, OWN])
    assert [line.account for line in rolled.accounts] == [OTHER, MEMBER, OWN]
    assert list(rolled.checks) == ["c", "a", "b"]
    assert rolled.checks["a"] == FailedCheck("A", "low", 3, 2)
    assert rolled.exit_code == INCOMPLETE
    assert merge.rolled([OTHER, MEMBER]).exit_code == HOLDS


def test_names_are_shown_and_not_run() -> None:
    hostile = '"><script>alert(1)</script>\u202e'
    merge = Merge()
    merge.add(Summary(Line(OWN, hostile, "failed", hostile)))
    page = render(merge.rolled([OWN]))
    assert "<script>alert" not in page
    assert "\u202e" not in page
    assert "default-src &#39;none&#39;" in page


# --- the command ----------------------------------------------------------------------------------------------------


def test_the_command(run: Run, volumes: Any, denied: set[str], tmp_path: Path) -> None:
    volumes(MEMBER, 1)
    denied.add(OTHER)
    put(tmp_path, "accounts.txt", f"{MEMBER} ml\n{OTHER} data\n")
    common = ("scan", "organization", "--accounts", "accounts.txt", "-s", "ebs-volume-gp2", "--regions", "us-east-1")
    ran = run(*common, "-o", "out", "--fail-on", "low")
    assert ran.code == FAILS
    assert ran.out.startswith(f"{MEMBER} ml: 1 finding, 0 unknown; ")
    assert f"{OTHER} data: not scanned: " in ran.err
    ran = run(*common, "-o", "out", "--exclude", "data", "--quiet", "--fail-on", "never")
    assert (ran.code, ran.out, ran.err) == (HOLDS, "", "")


def test_the_command_without_accounts(run: Run, moto: None, scripted: Any) -> None:
    scripted({"ListAccounts": "AccessDeniedException"})
    ran = run("scan", "organization", "-o", "out")
    assert ran.code == 2
    assert "--accounts" in ran.err
