"""How AWS is asked: how fast, and what is logged of it."""

from __future__ import annotations

import re
import time
from pathlib import Path

import boto3
import pytest
from botocore.awsrequest import AWSResponse

from auditor.errors import UsageError
from auditor.sources.account import pace as pace_module
from auditor.sources.account.calls import Calls
from auditor.sources.account.collector import collector
from auditor.sources.account.failures import Halt, Stopped
from auditor.sources.account.manner import Manner
from auditor.sources.account.pace import LONGEST_WAIT, Pace
from auditor.sources.account.source import collect


class Clock:
    """Time that only waiting moves."""

    def __init__(self) -> None:
        self.now = 100.0
        self.waits: list[float] = []

    def monotonic(self) -> float:
        return self.now

    def pause(self, seconds: float) -> None:
        self.waits.append(round(seconds, 3))
        self.now += seconds


@pytest.fixture
def clock(monkeypatch):
    made = Clock()
    monkeypatch.setattr(pace_module, "time", made)
    monkeypatch.setattr(Halt, "pause", lambda _, seconds: made.pause(seconds))
    return made


def test_no_limit(clock):
    pace = Pace(Halt())
    for _ in range(3):
        pace.wait()
    assert clock.waits == [0, 0, 0]


def test_a_rate_is_never_exceeded(clock):
    pace = Pace(Halt(), 4)
    for _ in range(3):
        pace.wait()
    clock.now += 10
    for _ in range(2):
        pace.wait()
    assert clock.waits == [0, 0.25, 0.25, 0, 0.25]


@pytest.mark.parametrize(
    ("header", "wait"), [(None, 0), ("7", 7), (" 7 ", 7), ("86400", LONGEST_WAIT), ("Wed, 21 Oct", 0), ("-1", 0)]
)
def test_retry_after(clock, header, wait):
    pace = Pace(Halt())
    pace.hold(header)
    pace.wait()
    assert clock.waits == [wait]


def test_a_stopped_scan_waits_no_longer():
    halt = Halt()
    pace = Pace(halt, 0.001)
    pace.wait()
    halt.stop("SIGINT")
    began = time.monotonic()
    with pytest.raises(Stopped):
        pace.wait()
    assert time.monotonic() - began < 1


def test_retries_and_services_are_paced_on_their_own(clock, monkeypatch, moto):
    """A throttled call is made again, after what the service asks for; another service does not wait for it."""
    monkeypatch.setattr(time, "sleep", clock.pause)
    calls = Calls(boto3.Session(), Halt(), rate=100)
    answers = [
        AWSResponse(
            "",
            503,
            {"Retry-After": "30"},
            _Raw(b"<Response><Errors><Error><Code>Throttling</Code></Error></Errors></Response>"),
        ),
        AWSResponse("", 200, {}, _Raw(b"<DescribeVolumesResponse/>")),
    ]
    calls.client("ec2", "us-east-1").meta.events.register_first("before-send", lambda **_: answers.pop(0))
    calls.call("sts", "us-east-1", "GetCallerIdentity", None, {})
    assert sum(clock.waits) == 0
    calls.call("ec2", "us-east-1", "DescribeVolumes", None, {})
    assert answers == []
    assert sum(clock.waits) >= 30
    waited = len(clock.waits)
    calls.call("sts", "us-east-1", "GetCallerIdentity", None, {})
    assert clock.waits[waited:] == [0]
    assert calls.counts["ec2:DescribeVolumes"] == 1


class _Raw:
    def __init__(self, content: bytes) -> None:
        self._content = content

    def stream(self, *_, **__):
        yield self._content


# --- the log --------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("moto", "collectors")
def test_a_line_per_call_without_parameters(tmp_path, failing):
    @collector("s3", types=("AWS::S3::Bucket",), operations=("ListBuckets", "GetBucketPolicy"), scope="global")
    def buckets(api):
        yield from api.pages("ListBuckets", "Buckets")
        api.ask("GetBucketPolicy", Bucket="a-secret-name")

    log = tmp_path / "calls.log"
    log.write_text("before\n")
    failing({"GetBucketPolicy": "AccessDenied"})
    found = collect(regions=["us-east-1"], manner=Manner(call_log=str(log)))
    first, *lines = [line.split("\t") for line in log.read_text().splitlines()]
    assert first == ["before"]
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\dT[\d:.]+\+00:00", line[0]) for line in lines)
    assert [line[1:] for line in lines] == [
        ["sts", "us-east-1", "GetCallerIdentity", "ok", "1"],
        ["ec2", "us-east-1", "DescribeRegions", "ok", "1"],
        ["s3", "us-east-1", "ListBuckets", "ok", "1"],
        ["s3", "us-east-1", "GetBucketPolicy", "AccessDenied", "1"],
    ]
    assert len(lines) == sum(found.calls.values())


@pytest.mark.usefixtures("moto", "collectors")
def test_a_call_without_an_answer_is_logged(tmp_path, monkeypatch):
    from botocore.exceptions import EndpointConnectionError

    @collector("ec2", types=("AWS::EC2::Volume",), operations=("DescribeVolumes",))
    def volumes(api):
        yield from api.pages("DescribeVolumes", "Volumes")

    def unreachable(**_):
        raise EndpointConnectionError(endpoint_url="https://ec2")

    session = boto3.Session()
    session.events.register("before-send.ec2.DescribeVolumes", unreachable)
    monkeypatch.setattr(time, "sleep", lambda _: None)
    log = tmp_path / "calls.log"
    collect(regions=["us-east-1"], session=session, manner=Manner(call_log=str(log)))
    last = log.read_text().splitlines()[-1].split("\t")
    assert last[1:] == ["ec2", "us-east-1", "DescribeVolumes", "EndpointConnectionError", "5"]


def test_a_log_that_cannot_be_written(tmp_path):
    with pytest.raises(UsageError, match="the calls cannot be logged there: Is a directory"):
        collect(manner=Manner(call_log=str(tmp_path)))


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="Linux has a disk that is always full")
@pytest.mark.usefixtures("moto", "collectors")
def test_a_full_disk_is_said(tmp_path):
    found = collect(regions=["us-east-1"], manner=Manner(call_log="/dev/full"))
    (notice,) = found.notices
    assert notice.level == "warning"
    assert "the log of calls ends at" in notice.message


@pytest.mark.usefixtures("moto", "collectors")
def test_at_the_command_line(run, tmp_path, monkeypatch):
    """`auditor scan account` with every option of how."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    options = (
        "--max-calls-per-second",
        "50",
        "--call-log",
        "calls",
        "--save-inventory",
        "saved.gz",
        "--spool",
        "spool",
    )
    ran = run("scan", "account", "--regions", "us-east-1", "--resume", *options)
    assert ran.code == 0, ran.err
    assert len((tmp_path / "calls").read_text().splitlines()) == 2
    assert run("scan", "inventory", "saved.gz").code == 0
    assert list((tmp_path / "spool").iterdir()) == []
    assert run("scan", "account", "--max-calls-per-second", "0").code == 2


@pytest.mark.usefixtures("moto", "collectors")
def test_what_costs_money_is_said(run, monkeypatch):
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    asked = re.compile(r"^asked Cost Explorer \d+ times?, at 0\.01 USD a request$", re.MULTILINE)
    common = ("scan", "account", "--regions", "us-east-1", "--fail-on", "never")
    assert asked.search(run(*common, "--paid-apis").err)
    assert not asked.search(run(*common).err)
