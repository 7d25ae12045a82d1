"""What holds for every collector, in an account with next to nothing; `services.support` goes through resources."""

from __future__ import annotations

from collections import Counter
from typing import Any

from auditor.raw import Collected
from auditor.sources.account.collector import load_collectors
from auditor.sources.account.source import collect


def test_throttled_then_fine(scripted: Any, moto: None, monkeypatch: Any) -> None:
    monkeypatch.setattr("time.sleep", lambda _: None)  # moto fails at what it does not know, which is tried again
    monkeypatch.setattr("botocore.retries.adaptive.ClientRateLimiter.on_sending_request", lambda *_, **__: None)
    undisturbed = _scan()
    attempts: Counter[str] = Counter()
    scripted({}, throttled=attempts)
    found = _scan()
    assert {(raw.type, raw.id) for raw in found.raws} == {(raw.type, raw.id) for raw in undisturbed.raws}
    lacking = {gap.service for gap in undisturbed.gaps}  # in moto; which call finds out first is a matter of chance
    assert {gap.service for gap in found.gaps} <= lacking
    assert {notice.level for notice in found.notices} == {notice.level for notice in undisturbed.notices}
    assert len(found.calls) > len(load_collectors()) / 2
    assert [name for name in found.calls if attempts[name.partition(":")[2]] < 2] == []


def _scan() -> Collected:
    return collect(regions=["us-east-1"])
