"""Tags: keys as people write them, and tags that a setting names."""

from __future__ import annotations

import pytest

from auditor.resources.tags import Tags
from auditor.values import Undecided, Unknown
from tests.builders import raw

RAW = raw("Test::Made::Door", "door")
OPEN = Unknown("a parameter")


def tags(**values: object) -> Tags:
    return Tags.from_raw([{"Key": key, "Value": value} for key, value in values.items()], RAW, ())


@pytest.mark.parametrize(
    ("given", "settings", "marked"),
    [
        ({"zone": "gold"}, ("zone",), True),
        ({"Zone": "gold"}, ("zone",), True),
        ({"Zone": "gold"}, ("Zone",), True),
        ({"zone": "gold"}, ("zone=gold",), True),
        ({"zone": "Gold"}, ("zone=gold",), True),
        ({"zone": "gold"}, (" zone = gold ",), True),
        ({"zone": " gold"}, ("zone=gold",), True),
        ({"zone": "none"}, ("zone=none",), True),
        ({"zone": "None"}, ("zone",), False),
        ({"zone": " Public "}, ("zone",), False),
        ({"zone": ""}, ("zone",), False),
        ({"zone": ""}, ("zone=",), True),
        ({"zone": "raw", "data": "pii"}, ("zone=gold", "data=pii"), True),
        ({}, ("zone",), False),
        ({"zone": "gold"}, (), False),
        ({"zone": OPEN, "data": "pii"}, ("zone", "data"), True),
    ],
)
def test_tags_that_a_setting_names(given: dict[str, object], settings: tuple[str, ...], marked: bool) -> None:
    assert tags(**given).marked_by(settings) is marked
    if not any(isinstance(value, Unknown) for value in given.values()):
        assert Tags.from_raw(given, RAW, ()).marked_by(settings) is marked


def test_an_unknown_tag_may_be_the_one() -> None:
    with pytest.raises(Undecided):
        tags(zone=OPEN).marked_by(("zone", "data"))
    unknown_key = Tags.from_raw([{"Key": OPEN, "Value": "x"}, {"Key": "zone", "Value": "gold"}], RAW, ())
    assert unknown_key.marked_by(("data", "zone"))
    with pytest.raises(Undecided):
        unknown_key.marked_by(("data",))


def test_a_key_is_found_whatever_its_case() -> None:
    assert tags(Environment="dev").get("env", "environment") == "dev"
    assert tags(Environment="dev").get("stage") is None


def test_what_has_no_quotes_in_yaml_is_sent_as_text() -> None:
    assert [tags(A=value).get("a") for value in (True, False, 7, "True")] == ["true", "false", "7", "True"]
