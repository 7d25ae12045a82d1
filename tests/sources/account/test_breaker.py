"""What does not answer is given up, and told once."""

from __future__ import annotations

import time
from collections import Counter
from types import SimpleNamespace
from typing import Any

import boto3
import pytest
from botocore import exceptions

from auditor.raw import Gap
from auditor.sources.account.breaker import SERVICES, TRIES, Breaker
from auditor.sources.account.collector import collector
from auditor.sources.account.session import ATTEMPTS
from auditor.sources.account.source import collect

REFUSED = exceptions.EndpointConnectionError(endpoint_url="https://nowhere")
LISTS = {
    "sqs": "ListQueues",
    "sns": "ListTopics",
    "ec2": "DescribeVolumes",
    "kms": "ListKeys",
    "athena": "ListWorkGroups",
}


def operation(service: str) -> Any:
    return SimpleNamespace(service_model=SimpleNamespace(service_name=service))


class Line:
    """Attempts of calls, without calling anybody."""

    def __init__(self) -> None:
        self.breaker = Breaker()

    def attempt(self, service: str, number: int, *, answer: object = None, error: Exception | None = REFUSED) -> None:
        self.breaker._on_answer(
            operation(service),
            {"context": {"client_region": "eu-west-1"}},
            number,
            response=answer,
            caught_exception=None if answer else error,
        )

    def given_up(self, service: str, region: str = "eu-west-1") -> bool:
        try:
            self.breaker._on_call(operation(service), {"client_region": region})
        except exceptions.EndpointConnectionError:
            return True
        return False


def test_a_service_is_given_up_after_a_call_with_all_its_retries():
    line = Line()
    for number in range(1, ATTEMPTS + 1):
        assert not line.given_up("sqs")
        line.attempt("sqs", number)
    assert line.given_up("sqs")
    assert not line.given_up("sns")
    assert not line.given_up("sqs", "us-east-1")
    assert line.breaker.regions == set()


def test_an_answer_in_between_is_enough_to_go_on():
    line = Line()
    for number in range(1, ATTEMPTS):
        line.attempt("sqs", number)
    line.attempt("sqs", 1, answer="an error is an answer too")
    line.attempt("sqs", ATTEMPTS)
    assert not line.given_up("sqs")


def test_a_region_is_given_up_when_several_services_are_silent():
    line = Line()
    services = [f"service-{number}" for number in range(SERVICES)]
    for service in services[:-1]:
        line.attempt(service, TRIES)
    line.attempt(services[-1], TRIES - 1)
    assert line.breaker.regions == set()
    with pytest.raises(exceptions.EndpointConnectionError):  # and is not retried
        line.attempt(services[-1], TRIES)
    assert line.given_up("another")
    assert line.breaker.regions == {"eu-west-1"}


def test_a_region_where_anything_answers_is_not():
    line = Line()
    for number in range(20):
        line.attempt(f"service-{number}", TRIES)
        line.attempt("sts", 1, answer="yes")
    assert line.breaker.regions == set()


def test_what_is_no_failure_of_the_network_does_not_count():
    line = Line()
    for number in range(20):
        line.attempt(f"service-{number}", ATTEMPTS, error=ValueError())
    assert line.breaker.regions == set()


def test_told_once():
    line = Line()
    line.breaker.regions.add("eu-west-1")
    one, two, denied, elsewhere, about_one = (
        Gap("sqs", "ListQueues", "EndpointConnectionError", "", region="eu-west-1", types=("queue",)),
        Gap("sns", "ListTopics", "ConnectTimeoutError", "", region="eu-west-1", types=("topic",)),
        Gap("kms", "ListKeys", "AccessDenied", "", region="eu-west-1", types=("key",)),
        Gap("sqs", "ListQueues", "EndpointConnectionError", "", region="us-east-1", types=("queue",)),
        Gap("s3", "GetBucketPolicy", "EndpointConnectionError", "", region="eu-west-1", resource="bucket"),
    )
    *others, told = line.breaker.told_once([one, two, denied, elsewhere, about_one], "123456789012")
    assert others == [denied, elsewhere, about_one]
    assert (told.region, told.types, told.account) == ("eu-west-1", ("queue", "topic"), "123456789012")
    assert list(Breaker().told_once([one], "123456789012")) == [one]


@pytest.mark.usefixtures("moto", "collectors")
def test_a_scan_of_a_region_that_is_down(monkeypatch):
    """It ends soon, the other region is read, and the next scan with the same session asks again."""
    for service, name in LISTS.items():

        @collector(service, types=(f"AWS::{service}::Thing",), operations=(name,))
        def things(api, name=name):
            yield from api.pages(name, "Nothing")

    session = boto3.Session()
    sent: Counter[str] = Counter()
    down = {"eu-west-1"}

    def send(request: Any, **_: Any) -> None:
        for region in down:
            if region in request.url:
                sent[region] += 1
                raise exceptions.EndpointConnectionError(endpoint_url=request.url)

    session.events.register_first("before-send", send)
    monkeypatch.setattr(time, "sleep", lambda _: None)
    found = collect(session=session, regions=["us-east-1", "eu-west-1"])
    (gap,) = found.gaps
    assert (gap.region, gap.operation, len(gap.types)) == ("eu-west-1", "*", len(LISTS))
    assert [notice.message for notice in found.notices] == [
        "eu-west-1 does not answer: it was given up, and what is missing of it is unknown."
    ]
    assert sent["eu-west-1"] <= len(LISTS) * ATTEMPTS
    down.clear()
    again = collect(session=session, regions=["us-east-1", "eu-west-1"])
    assert (again.gaps, again.notices) == ([], [])
