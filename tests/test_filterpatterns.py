"""Filter patterns of CloudWatch Logs, as people write them."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.knowledge.filterpatterns import counts
from auditor.values import Undecided

DENIED: dict[str, Any] = {
    "errorCode": "AccessDenied",
    "eventName": "GetObject",
    "sourceIPAddress": "192.0.2.7",
    "userIdentity": {"type": "AssumedRole", "arn": None},
    "readOnly": True,
    "size": 7,
}


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ('{ $.errorCode = "AccessDenied" }', True),
        ("{$.errorCode=AccessDenied}", True),
        ('{ $.errorCode = "AccessDenied*" }', True),
        ('{ $.errorCode = "*Denied" }', True),
        ('{ $.errorCode = "*UnauthorizedOperation" }', False),
        ('{ ($.errorCode = "*UnauthorizedOperation") || ($.errorCode = "AccessDenied*") }', True),
        ('{($.errorCode="*UnauthorizedOperation")||($.errorCode="AccessDenied*")}', True),
        ('{ $.errorCode = "AccessDenied*" && $.sourceIPAddress != "delivery.logs.amazonaws.com" }', True),
        ('{ $.errorCode = "AccessDenied*" && ($.eventName != "GetObject") }', False),
        ('{ $.eventName = "HeadBucket" || $.eventName = "GetObject" && $.size > 9 }', False),
        ('{ ($.eventName = "HeadBucket" || $.eventName = "GetObject") && $.size >= 7 }', True),
        ("{ $.errorCode = %Unauthorized|Denied% }", True),
        ("{ $.errorCode = %^Denied% }", False),
        ("{ $.userIdentity.type = AssumedRole }", True),
        ("{ $.userIdentity.arn IS NULL }", True),
        ("{ $.readOnly IS TRUE }", True),
        ("{ $.readOnly IS FALSE }", False),
        ("{ $.errorCode EXISTS }", True),
        ("{ $.nothing NOT EXISTS }", True),
        ('{ $.nothing != "x" }', False),
        ("{ $.size < 7.5 && $.size > 6 }", True),
        ("{ $.size <= 6 }", False),
        ("", True),
        ("AccessDenied", True),
        ("?Unauthorized ?AccessDenied", True),
        ("?Unauthorized ?Forbidden", False),
        ("AccessDenied GetObject", True),
        ("AccessDenied -GetObject", False),
        ('"192.0.2.7"', True),
        ("%Unauthorized|Denied%", True),
        ("%Unauthorized|Forbidden% GetObject", False),
        ("GetObject -%Access[A-Z]%", False),
    ],
)
def test_a_pattern_counts(pattern: str, expected: bool) -> None:
    assert counts(pattern, DENIED) is expected


@pytest.mark.parametrize(
    "pattern",
    [
        "{",
        "{ $.a }",
        "{ $.a = }",
        "{ $.a = 1",
        "{ $.a = 1 } }",
        "{ $.a > x }",
        "{ $.a IS MAYBE }",
        "{ $.a = 1 & $.b = 2 }",
        "{ ($.a = 1 }",
        "{ $.a = %(% }",
        "{ || }",
        "{ $.a = %(x+)+y% }",
        "{ $.errorCode = %" + ".*" * 50 + "x% }",
        "{ $.a = && }",
    ],
)
def test_a_pattern_that_is_none_is_undecided(pattern: str) -> None:
    with pytest.raises(Undecided, match="filter pattern"):
        counts(pattern, DENIED)


@given(st.text(alphabet="{}()$.ab=!<>|&%*\" '\\", max_size=30))
def test_any_text_is_a_pattern_or_undecided(text: str) -> None:
    with suppress(Undecided):
        assert counts("{" + text, DENIED) in (True, False)


def test_deep_brackets_are_undecided() -> None:
    with pytest.raises(Undecided):
        counts("{" + "(" * 50_000, DENIED)
