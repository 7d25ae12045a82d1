"""The demo's account over a network that fails: a scan says what a clean one says, or that it is unknown."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from botocore.awsrequest import AWSResponse
from botocore.exceptions import ConnectionClosedError, EndpointConnectionError
from botocore.retries.bucket import TokenBucket
from moto.core.botocore_stubber import BotocoreStubber

from auditor.config import Config
from auditor.demo.account import REGIONS
from auditor.demo.run import simulated_account
from auditor.demo.site import ACCOUNT
from auditor.findings import Status
from auditor.report import Report, Result
from auditor.scan import scan_account
from tests.sources.account.faults import BROKEN, DROPPED, THROTTLED, Dice, error

DENIED, UNREACHABLE = "sagemaker", "eu-west-1"


class Network:
    """Fails as `Dice` says, denies a service and does not reach a region."""

    def __init__(self, seed: int) -> None:
        self.dice = Dice(seed)

    def send(self, request: Any, event_name: str, **_: Any) -> AWSResponse | None:
        service = event_name.split(".")[1]
        fault = self.dice.roll(f"{event_name} {request.url} {request.body!r}")
        if UNREACHABLE in request.url:
            raise EndpointConnectionError(endpoint_url=request.url)
        if service == DENIED:
            return answer(request, service, 400, "AccessDeniedException")
        if fault == THROTTLED:
            return answer(request, service, 400, "Throttling")
        if fault == BROKEN:
            return AWSResponse(request.url, 500, {}, Body(b""))
        if fault == DROPPED:
            raise ConnectionClosedError(endpoint_url=request.url)
        return None


class Body:
    def __init__(self, content: bytes) -> None:
        self._content = content

    def stream(self, *_: Any, **__: Any) -> Iterator[bytes]:
        yield self._content


def answer(request: Any, service: str, status: int, code: str) -> AWSResponse:
    body = error(service, code, query="Action=" in str(request.body))
    return AWSResponse(request.url, status, {}, Body(body.encode()))


@contextmanager
def failing(network: Network) -> Iterator[None]:
    """Between clients and moto, which must not see what fails: it takes a page's token once only."""
    to_moto = BotocoreStubber.__call__

    def send(stubber: BotocoreStubber, event_name: str, request: Any, **others: Any) -> Any:
        return network.send(request, event_name) or to_moto(stubber, event_name, request, **others)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(BotocoreStubber, "__call__", send)
        yield


@pytest.fixture(scope="module")
def reports() -> Iterator[tuple[Report, Report, Network]]:
    """A clean scan's report, and that of a scan over a network that fails."""
    network = Network(7)
    settings = Config(account=ACCOUNT, region=REGIONS[0])
    with pytest.MonkeyPatch.context() as patched, simulated_account() as session:
        patched.setattr(time, "sleep", lambda _: None)
        patched.setattr(TokenBucket, "acquire", lambda *_, **__: True)
        clean = scan_account(settings, session=session, regions=REGIONS)
        with failing(network):
            yield clean, scan_account(settings, session=session, regions=REGIONS), network


def verdicts(report: Report) -> dict[tuple[str, str], list[Result]]:
    found: dict[tuple[str, str], list[Result]] = {}
    for result in report.results:
        found.setdefault((result.check, result.resource), []).append(result)
    return found


def told(results: list[Result]) -> set[tuple[str, ...]]:
    return {(one.status, one.fingerprint, one.message, one.property) for one in results}


def lost(report: Report, resource: str) -> bool:
    """Whether a resource of the clean scan is in the service that is denied, or in the region that is unreachable."""
    info = report.resources[resource]
    return ":SageMaker::" in info.type or info.location.region == UNREACHABLE


def test_faults_did_happen(reports):
    _, _, network = reports
    rolled = network.dice.rolled
    assert min(rolled[kind] for kind in (THROTTLED, BROKEN, DROPPED)) > 0
    assert rolled[THROTTLED] > 5


def test_what_could_be_read_is_judged_the_same_or_unknown(reports):
    clean, faulty, _ = reports
    before, after = verdicts(clean), verdicts(faulty)
    assert {one.status for pair in set(after) - set(before) for one in after[pair]} <= {Status.UNKNOWN}
    same = 0
    for key, results in before.items():
        found = after.get(key, [])
        if lost(clean, key[1]):
            assert all(one.status == "unknown" for one in found) or told(found) == told(results), key
        elif told(found) == told(results):
            same += 1
        else:
            assert found, key
            assert any(one.status == "unknown" and mentions_what_failed(one.reason) for one in found), key
            assert {one for one in told(found) if one[0] != "unknown"} <= told(results), key
    assert same > 100


def mentions_what_failed(reason: str) -> bool:
    return DENIED in reason or UNREACHABLE in reason


def test_every_gap_is_of_what_was_denied_or_unreachable(reports):
    clean, faulty, _ = reports
    known = {(gap.service, gap.operation, gap.code) for gap in clean.gaps}  # what moto lacks
    gaps = [gap for gap in faulty.gaps if (gap.service, gap.operation, gap.code) not in known]
    assert gaps
    for gap in gaps:
        denied = gap.service == DENIED and gap.denied
        assert denied or (gap.region == UNREACHABLE and gap.code == "EndpointConnectionError"), gap
    said = {notice.message for notice in faulty.notices}
    (silent,) = {one for one in said if "does not answer" in one}
    assert silent.startswith(UNREACHABLE)
    assert said - {silent} <= {notice.message for notice in clean.notices}


def test_a_region_that_is_unreachable_is_told_once(reports):
    _, faulty, _ = reports
    (gap,) = [gap for gap in faulty.gaps if gap.region == UNREACHABLE and gap.types]
    assert (gap.service, gap.operation) == ("*", "*")
    assert {"AWS::EC2::Volume", "AWS::SageMaker::Model"} <= set(gap.types)


def test_what_is_lost_is_told_with_the_checks_it_makes_unknown(reports):
    clean, faulty, _ = reports
    affected = {check for gap in faulty.gaps for check in gap.checks}
    missing = {check for check, resource in set(verdicts(clean)) - set(verdicts(faulty)) if lost(clean, resource)}
    assert missing
    assert missing <= affected
    listing = next(gap for gap in faulty.gaps if gap.operation == "ListNotebookInstances")
    assert "sagemaker-notebook-direct-internet" in listing.checks
    assert "ebs-volume-gp2" not in listing.checks


def test_calls_do_not_multiply(reports):
    """A retry is no call of its own, and what is denied is not asked again and again."""
    clean, faulty, _ = reports
    assert sum(faulty.calls.values()) <= sum(clean.calls.values())
