from __future__ import annotations

import time

import pytest

from auditor.redact import redact


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("  MasterUserPassword: hunter2", "  MasterUserPassword: ***"),
        ('  "DbPassword": "hunter2",', '  "DbPassword": ***'),
        ("  API_TOKEN=abc", "  API_TOKEN=***"),
        ("  Key: AKIAIOSFODNN7EXAMPLE", "  Key: ***"),
        ("  MasterUserPassword: !Ref Password", "  MasterUserPassword: !Ref Password"),
        ("  Password: '{{resolve:secretsmanager:db}}'", "  Password: '{{resolve:secretsmanager:db}}'"),
        ("  DirectInternetAccess: Enabled", "  DirectInternetAccess: Enabled"),
    ],
)
def test_redact(line: str, shown: str) -> None:
    assert redact(line) == shown


def test_a_long_line_takes_no_time() -> None:
    start = time.process_time()
    assert redact("password" * 40_000) == "password" * 40_000
    assert time.process_time() - start < 1
