from __future__ import annotations

from typing import Any

import pytest

from auditor.findings import Finding
from auditor.observed import named, observed
from auditor.raw import Location, Path, Raw, Scope
from auditor.secrets import HIDDEN
from auditor.values import Unknown


class Nowhere:
    def locate(self, path: Path) -> Location:
        return Location()


def raw(**properties: Any) -> Raw:
    return Raw("AWS::S3::Bucket", "Lake", properties, Scope("t.yaml", "template"), Nowhere(), "cfn")


@pytest.mark.parametrize(
    ("value", "expected", "told"),
    [
        (True, None, "true"),
        (7, None, "7"),
        ("Enabled", "Disabled", "Enabled"),
        ("Enabled", None, ""),  # a text may be anything unless the check knows the right one
        (None, "true", "not set"),
        ({"Deep": 1}, "true", ""),
        (Unknown("no default"), "true", ""),
    ],
)
def test_only_plain_values_are_told(value: Any, expected: str | None, told: str) -> None:
    finding = Finding("is wrong", raw(Outer=[{"Inner": value}]), ("Outer", 0, "Inner"), expected)
    assert observed(finding) == told


def test_what_is_absent_on_the_way_is_not_set() -> None:
    assert observed(Finding("is wrong", raw(), ("Outer", 0, "Inner"))) == "not set"


def test_secrets_are_not_told() -> None:
    at = raw(Password="hunter2", Note="password=hunter2")
    assert observed(Finding("is wrong", at, ("Password",), "x", secret=True)) == ""
    assert observed(Finding("is wrong", at, ("Note",), "x")) == f"password={HIDDEN}"


@pytest.mark.parametrize(
    "tags", [[{"Key": "Team", "Value": "ml"}, {"Key": "ssn", "Value": "1"}], {"Team": "ml", "ssn": 1}]
)
def test_only_tags_that_the_setting_names_are_told(tags: Any) -> None:
    assert named(raw(Tags=tags), ["team", "owner"]) == {"team": "ml"}


def test_unknown_tags_are_left_out() -> None:
    tags = [{"Key": "Team", "Value": Unknown("no default")}, Unknown("no default")]
    assert named(raw(Tags=tags), ["team", "owner"]) == {}
    assert named(raw(Tags=Unknown("no default")), ["team"]) == {}
    assert named(raw(), ["team"]) == {}


def test_a_secret_in_a_tag_is_hidden() -> None:
    assert named(raw(Tags={"owner": "token=abcdef"}), ["owner"]) == {"owner": f"token={HIDDEN}"}
