"""Messages about a scan, and where they go; no test leaves the machine."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import boto3
import pytest
import urllib3
from moto import mock_aws

from auditor.delivery import WRITES, aws, web
from auditor.delivery.email import html
from auditor.delivery.message import Message, message
from auditor.errors import UsageError
from auditor.sources.account.guard import OperationRefused
from auditor.sources.account.session import open_session
from reports.asff import findings
from tests.reports import sample
from tests.reports.hostile import hostile_report
from tests.support import Run

REGION = sample.REGION
ADDRESS = "https://hooks.example.com/services/T000/B000/secret-part"


@pytest.fixture
def session(monkeypatch: pytest.MonkeyPatch) -> Any:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", REGION)
    with mock_aws():
        yield boto3.Session()


def told() -> Message:
    return message(sample.template_report())


# --- what is told -----------------------------------------------------------------------------------------------------


def test_a_message_in_full() -> None:
    found = message(sample.template_report(), link="https://reports.example.com/1")
    assert found.subject == "auditor: Gate fails, 1 new critical in infra/ml.yaml"
    assert found.lines[0].startswith("Gate fails. 5 findings on")
    assert found.alarms == ('TrainingRole allows "*" on "*" (iam-policy-admin-star)',)
    assert found.unseen == "Not seen: 1 input was not read, 3 verdicts are open."
    assert found.lines[-1] == "https://reports.example.com/1"


def test_only_what_an_earlier_report_lacks_is_new() -> None:
    report = sample.template_report()
    found = message(report, sample.template_report(), "last.json")
    assert (found.alarms, found.news) == ((), "Since last.json: 0 new, 0 fixed, 5 known; waste no change.")
    assert "no new criticals" in found.subject


def test_of_a_folder_what_is_in_it_is_not_named() -> None:
    report = sample.template_report()
    inputs = [("folder", "infra/"), ("cloudformation", "infra/a.yaml"), ("terraform", "infra"), ("terraform", "other")]
    report.inputs = [{"kind": kind, "name": name} for kind, name in inputs]
    assert message(report).subject.endswith(" in infra, other")


def test_dollars_and_gaps() -> None:
    found = message(sample.account_report())
    assert any("a month" in saving for saving in found.savings)
    assert "not answered" in found.unseen


def test_hostile_names_stay_text_everywhere() -> None:
    found = message(hostile_report())
    assert len(found.subject) < 100
    assert all(line.isprintable() for line in [found.subject, *found.lines])
    page = html(found)
    assert "<script" not in page and "<img" not in page
    payload = json.dumps(web.slack(found))
    assert "<" not in payload and ">" not in payload


# --- the web ----------------------------------------------------------------------------------------------------------


class Pool:
    """Stands in for urllib3's pool, and remembers what was asked of it."""

    def __init__(self, answer: int | Exception) -> None:
        self.answer = answer
        self.asked: list[tuple[str, str, dict[str, Any]]] = []

    def __call__(self, **_: Any) -> Pool:
        return self

    def __enter__(self) -> Pool:
        return self

    def __exit__(self, *_: object) -> None: ...

    def request(self, method: str, url: str, **options: Any) -> Any:
        self.asked.append((method, url, options))
        if isinstance(self.answer, Exception):
            raise self.answer
        return urllib3.HTTPResponse(status=self.answer)


@pytest.mark.parametrize("make", [web.slack, web.webhook])
def test_a_message_is_posted_as_json(make: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    pool = Pool(200)
    monkeypatch.setattr(urllib3, "PoolManager", pool)
    web.post(ADDRESS, make(told()))
    ((method, url, options),) = pool.asked
    assert (method, url, options["redirect"]) == ("POST", ADDRESS, False)
    assert "1 new critical" in options["body"].decode()


@pytest.mark.parametrize("answer", [302, 404, urllib3.exceptions.ConnectTimeoutError()])
def test_a_refusal_does_not_tell_the_address(answer: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(urllib3, "PoolManager", Pool(answer))
    with pytest.raises(UsageError, match=r"hooks\.example\.com did not take the message") as error:
        web.post(ADDRESS, web.slack(told()))
    assert "secret-part" not in str(error.value)


@pytest.mark.parametrize("address", ["http://hooks.example.com/secret", "secret", "https://", "https://[secret"])
def test_only_https(address: str) -> None:
    with pytest.raises(UsageError, match="starts with https") as error:
        web.post(address, {})
    assert "secret" not in str(error.value)


# --- AWS --------------------------------------------------------------------------------------------------------------


def test_a_message_is_published(session: Any) -> None:
    topic = session.client("sns").create_topic(Name="audit")["TopicArn"]
    queue = session.client("sqs").create_queue(QueueName="audit")["QueueUrl"]
    session.client("sns").subscribe(TopicArn=topic, Protocol="sqs", Endpoint=f"arn:aws:sqs:{REGION}:123456789012:audit")
    aws.publish(told(), topic, session=boto3.Session())
    (received,) = session.client("sqs").receive_message(QueueUrl=queue)["Messages"]
    body = json.loads(received["Body"])
    assert body["Subject"] == told().subject
    assert body["Message"].splitlines() == told().lines


def test_an_ordered_topic_takes_the_message(session: Any) -> None:
    topic = session.client("sns").create_topic(Name="audit.fifo", Attributes={"FifoTopic": "true"})["TopicArn"]
    aws.publish(told(), topic, session=boto3.Session())


@pytest.mark.parametrize("topic", ["audit", "arn:aws:sqs:eu-west-1:123456789012:audit"])
def test_what_is_no_topic_is_told(topic: str) -> None:
    with pytest.raises(UsageError, match="not the ARN of an SNS topic"):
        aws.publish(told(), topic)


def test_a_topic_that_is_not_there_is_told(session: Any) -> None:
    with pytest.raises(UsageError, match="SNS did not take"):
        aws.publish(told(), f"arn:aws:sns:{REGION}:123456789012:gone", session=session)


def test_findings_are_imported(session: Any) -> None:
    session.client("securityhub").enable_security_hub()
    made = list(findings(sample.account_report(), region=REGION))
    assert aws.import_findings(made, REGION, session=boto3.Session()) == (len(made), [])
    stored = session.client("securityhub").get_findings()["Findings"]
    assert {one["Id"] for one in stored} == {one["Id"] for one in made}


def test_findings_go_in_batches_that_security_hub_takes() -> None:
    refused: list[str] = []
    small = [{"Id": str(number)} for number in range(250)]
    assert [len(batch) for batch in aws.batches(small, refused)] == [100, 100, 50]
    large = [{"Id": str(number), "Text": "x" * 200_000} for number in range(40)]
    sizes = [len(json.dumps(batch).encode()) for batch in aws.batches(large, refused)]
    assert len(sizes) == 2 and max(sizes) < aws.LARGEST_BATCH + 1000
    assert refused == []
    assert list(aws.batches([{"Id": "huge", "Text": "x" * 300_000}], refused)) == []
    assert refused == ["huge: larger than the 240 KB that Security Hub takes"]


@pytest.mark.parametrize("operation", sorted(WRITES))
def test_a_session_may_do_nothing_but_its_one_write(operation: str, session: Any) -> None:
    opened = open_session(session=session, operations=(operation,))
    with pytest.raises(OperationRefused):
        opened.client("sns").create_topic(Name="other")
    with pytest.raises(OperationRefused):
        opened.client("securityhub").disable_security_hub()


# --- the commands -----------------------------------------------------------------------------------------------------


@pytest.fixture
def saved(tmp_path: Path) -> str:
    file = tmp_path / "scan.json"
    file.write_text(sample.account_report().to_json(), encoding="utf-8")
    return str(file)


def test_nothing_is_sent_without_being_told_to(run: Run, saved: str, monkeypatch: pytest.MonkeyPatch) -> None:
    pool = Pool(200)
    monkeypatch.setattr(urllib3, "PoolManager", pool)
    monkeypatch.setenv("AUDITOR_SLACK_URL", ADDRESS)
    ran = run("notify", saved, "--slack")
    assert (ran.code, pool.asked) == (0, [])
    assert json.loads(ran.out)["blocks"]
    assert "not sent: add --send" in ran.err
    ran = run("notify", saved, "--slack", "--send")
    assert ran.code == 0 and len(pool.asked) == 1
    assert "secret-part" not in ran.out + ran.err


def test_a_plain_digest_is_printed(run: Run, saved: str, tmp_path: Path) -> None:
    mail = tmp_path / "mail.html"
    ran = run("notify", saved, "--previous", saved, "--email-html", str(mail))
    assert ran.out.startswith("auditor: ")
    assert "0 new, 0 fixed" in ran.out
    assert mail.read_text(encoding="utf-8").startswith("<!doctype html>")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--send"], "say where to"),
        (["--webhook", "--send"], "no AUDITOR_WEBHOOK_URL"),
        (["--previous", "gone.json"], "gone.json: cannot be read"),
    ],
)
def test_mistakes_are_told(run: Run, saved: str, arguments: list[str], said: str) -> None:
    ran = run("notify", saved, *arguments)
    assert ran.code == 2
    assert said in ran.err


def test_a_report_is_sent_to_security_hub(run: Run, saved: str, session: Any) -> None:
    ran = run("report", saved, "--send", "securityhub")
    assert ran.code == 2 and "--region" in ran.err
    session.client("securityhub").enable_security_hub()
    ran = run("report", saved, "--send", "securityhub", "--region", REGION)
    assert ran.code == 0
    assert f"Security Hub in {REGION} took" in ran.err
