"""The simulated account of the account source's own tests, for checks."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.client import BaseClient

from auditor.raw import Collected
from auditor.registry import load_checks
from auditor.sources.account.source import collect
from tests.sources.account.conftest import REGION, aws, aws_environment, failing, moto, quick, scripted

__all__ = ["aws", "aws_environment", "failing", "moto", "quick", "scripted"]


@pytest.fixture
def scan(moto: None) -> Any:
    """Scans the simulated account for what a check needs: `scan("ebs-volume-gp2")`."""

    def scanned(check_id: str) -> Collected:
        check = load_checks()[check_id]
        types = [cls.cfn for cls in (*check.types, *check.uses)]
        return collect(regions=[REGION], types=types)

    return scanned


@pytest.fixture
def deny(failing: Any) -> Any:
    """Denies operations from here on: `deny("DescribeVolumes")`."""
    return lambda *operations: failing(dict.fromkeys(operations, "AccessDenied"))


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Changes what operations answer: a function of the simulated account's answer, by operation."""
    changes: dict[str, Any] = {}
    make_call = BaseClient._make_api_call

    def call(self: BaseClient, operation: str, params: dict[str, Any]) -> Any:
        answer = make_call(self, operation, params)
        return changes[operation](answer) if operation in changes else answer

    monkeypatch.setattr(BaseClient, "_make_api_call", call)
    return changes
