"""A scan of an account that a server simulates over HTTP: complete, frugal, provable, and sound on a bad network."""

from __future__ import annotations

import socket
import time
from collections import Counter
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from botocore.retries.bucket import TokenBucket

from auditor.config import Config
from auditor.findings import Status
from auditor.report import Report
from auditor.scan import scan_account
from auditor.sources.account.collector import load_collectors
from auditor.sources.account.guard import CORE_OPERATIONS
from auditor.sources.account.source import collect
from tests.sources.account.plenty import Plenty
from tests.sources.account.server import DENIED, Server, resolve, served

REGIONS = ("us-east-1", "eu-west-1", "us-west-2")
UNREACHABLE = "us-west-2"
NOBODY = "http://localhost:1"
"""Where nothing listens."""


class Session(boto3.Session):  # type: ignore[misc]  # boto3 has no types
    """Asks the server; over its bad network, one region cannot be reached."""

    def __init__(self, server: Server, *, bad: bool = False) -> None:
        super().__init__("testing", "testing", region_name="us-east-1")
        self._server, self._bad = server, bad

    def client(self, *names: Any, region_name: str | None = None, **settings: Any) -> Any:
        url = self._server.faulty if self._bad else self._server.url
        here = NOBODY if self._bad and region_name == UNREACHABLE else url
        return super().client(*names, region_name=region_name, endpoint_url=here, **settings)


@pytest.fixture(scope="module")
def patched() -> Iterator[pytest.MonkeyPatch]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket, "getaddrinfo", resolve)
        yield patch


@pytest.fixture(scope="module")
def account(patched: pytest.MonkeyPatch) -> Iterator[tuple[Server, Plenty]]:
    """A server whose account has about a hundred resources in three regions."""
    plenty = Plenty(100, REGIONS)
    with served() as server:
        plenty.make(Session(server))
        server.seen()
        yield server, plenty


def test_all_is_found_with_few_calls_that_are_declared(account):
    server, plenty = account
    found = collect(session=Session(server), regions=REGIONS)
    seen = server.seen()

    there = Counter((raw.type, raw.scope.region) for raw in found.raws)
    assert {kind: there[kind] for kind in plenty.count} == plenty.count

    asked: Counter[str] = Counter()
    for (operation, _), count in seen.items():
        asked[operation] += count
    assert asked == found.calls
    assert asked.keys() <= CORE_OPERATIONS.union(*(one.declared for one in load_collectors()))
    assert seen.total() <= 1.1 * plenty.fewest(seen).total()


@pytest.fixture(scope="module")
def reports(account, patched) -> tuple[Report, Report]:
    """The report of a clean scan, and of one over the bad network."""
    server, _ = account
    patched.setattr(time, "sleep", lambda _: None)
    patched.setattr(TokenBucket, "acquire", lambda *_, **__: True)
    clean, bad = (scan_account(Config(), session=Session(server, bad=one), regions=REGIONS) for one in (False, True))
    return clean, bad


def lost(report: Report, resource: str) -> bool:
    info = report.resources[resource]
    return "SageMaker" in info.type or info.location.region == UNREACHABLE


def findings(report: Report, *, kept: bool) -> set[tuple[str, str, str]]:
    """The failures; with `kept`, only of what the bad network leaves."""
    return {
        (one.check, one.resource, one.fingerprint)
        for one in report.results
        if one.status == Status.FAIL and not (kept and lost(report, one.resource))
    }


def test_the_findings_of_a_bad_network_are_those_of_a_clean_one(reports):
    clean, bad = reports
    unknown = {(one.check, one.resource) for one in bad.results if one.status == Status.UNKNOWN}
    before, after = findings(clean, kept=True), findings(bad, kept=False)
    assert len(before) > 50
    assert after - before == set()
    assert {(check, resource) for check, resource, _ in before - after} <= unknown


def test_what_the_bad_network_hides_is_told(reports):
    clean, bad = reports
    known = {(gap.service, gap.operation, gap.code) for gap in clean.gaps}  # what moto lacks
    gaps = [gap for gap in bad.gaps if (gap.service, gap.operation, gap.code) not in known]
    denied = [gap for gap in gaps if gap.service == DENIED]
    assert denied
    assert all(gap.denied for gap in denied)
    (silent,) = [gap for gap in gaps if gap.region == UNREACHABLE]
    assert "AWS::EC2::Volume" in silent.types
    assert len(gaps) == len(denied) + 1
    assert sum(UNREACHABLE in notice.message for notice in bad.notices) == 1
