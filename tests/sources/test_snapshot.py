"""Saved inventories: the same verdicts as the scan that saved them, and what becomes of files that are none."""

from __future__ import annotations

import gzip
import json
import re
import stat
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor import clock
from auditor.config import Config
from auditor.demo.account import REGIONS
from auditor.demo.run import simulated_account
from auditor.demo.site import ACCOUNT
from auditor.errors import UsageError
from auditor.raw import Collected, Gap, Notice, Raw, Scope
from auditor.scan import scan_account, scan_inventory
from auditor.sources import snapshot
from auditor.sources.account import collector as registry
from auditor.sources.account.collector import Collector, Incomplete
from auditor.sources.account.encoding import decode, encode
from auditor.sources.account.origin import LiveOrigin
from auditor.values import ABSENT, Reference, Unknown

SETTINGS = Config(account=ACCOUNT, region=REGIONS[0])
TYPES = {"AWS::EC2::Volume"}
_ALL = {"AWS::EC2::Volume": ("",)}


@pytest.fixture(scope="module")
def demo(tmp_path_factory) -> Iterator[tuple[dict[str, Any], str]]:
    """The report of the demo's account, and the inventory that its scan saved."""
    file = str(tmp_path_factory.mktemp("demo") / "inventory.json.gz")
    with simulated_account() as session:
        report = scan_account(SETTINGS, session=session, regions=REGIONS, save_inventory=file)
    yield report.to_dict(), file


def test_the_same_verdicts(demo):
    report, file = demo
    again = scan_inventory(file, SETTINGS).to_dict()
    assert report["results"]
    *notices, taken = again.pop("notices")
    assert notices == report["notices"]
    assert re.match(
        r"The inventory was taken on 20\d\d-\d\d-\d\d \d\d:\d\d.*: ages are judged by that time", taken["message"]
    )
    for part in again:
        if part != "created":
            assert again[part] == report[part], part


def test_ages_are_judged_by_the_time_when_it_was_taken(demo, monkeypatch):
    """A year later, no access key has grown older."""
    report, file = demo
    aged = {"iam-user-credentials-unused"} & report["checks"].keys()
    assert aged
    monkeypatch.setattr(clock, "datetime", _NextYear)
    again = scan_inventory(file, SETTINGS).to_dict()
    assert again["results"] == report["results"]
    assert clock.now() > datetime.now(UTC) + timedelta(days=360)


class _NextYear:
    @staticmethod
    def now(tz: Any) -> datetime:
        return datetime.now(tz) + timedelta(days=365)


def test_at_the_command_line(demo, run):
    report, file = demo
    ran = run("scan", "inventory", file, "-f", "json")
    assert ran.code == 1
    assert json.loads(ran.out)["results"] == report["results"]


def test_what_was_not_collected_is_not_judged(demo, tmp_path):
    """Of a scan that looked at less, or that an older auditor made, nothing is taken for absent."""
    _, file = demo
    content = json.loads(gzip.decompress(Path(file).read_bytes()))
    content["collectors"]["ec2.volumes"] = []
    part = tmp_path / "part.json"
    part.write_text(json.dumps(content))
    report = scan_inventory(str(part), SETTINGS)
    assert "ebs-volume-gp2" not in report.checks
    assert "sagemaker-notebook-direct-internet" in report.checks
    (said,) = [notice.message for notice in report.notices if "were not run" in notice.message]
    assert said.endswith("did not collect AWS::EC2::Volume.")


# --- the file -------------------------------------------------------------------------------------------------------


@pytest.fixture
def volumes(monkeypatch):
    one = Collector("ec2", ("AWS::EC2::Volume",), ("DescribeVolumes",), lambda api: iter(()))
    monkeypatch.setattr(registry, "load_collectors", lambda: [one])


def collected() -> Collected:
    scope = Scope("123456789012/global", "account", "123456789012", "global")
    origin = LiveOrigin("AWS::EC2::Volume", "arn:x", "123456789012", "eu-west-1", "https://console/x")
    properties = Incomplete({"Size": 8, "Tags": ABSENT}, Unknown("ec2:DescribeVolumes was denied"))
    raw = Raw("AWS::EC2::Volume", "arn:x", properties, scope, origin, "live", names=("vol", Unknown("?")), title="one")
    return Collected(
        raws=[raw],
        gaps=[Gap("ec2", "DescribeVolumes", "AccessDenied", "no", types=("AWS::EC2::Volume",))],
        notices=[Notice("warning", "careful")],
        inputs=[{"kind": "account", "name": "123456789012", "regions": ["eu-west-1"]}],
        calls={"ec2:DescribeVolumes": 1},
    )


@pytest.mark.parametrize("name", ["inventory.json", "inventory.json.gz"])
def test_round_trip(tmp_path, volumes, name):
    file = tmp_path / name
    snapshot.save(collected(), str(file), types=TYPES, version="1.0")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert file.read_bytes().startswith(b"\x1f\x8b") == name.endswith(".gz")
    loaded = snapshot.load(str(file))
    before, after = collected(), loaded.collected
    assert (after.gaps, after.notices, after.inputs, after.calls) == (
        before.gaps,
        before.notices,
        before.inputs,
        before.calls,
    )
    (raw,) = after.raws
    assert raw.origin.locate(()) == before.raws[0].origin.locate(())
    assert (raw.scope, raw.names, raw.title, raw.dialect) == (
        before.raws[0].scope,
        ("vol", Unknown("?")),
        "one",
        "live",
    )
    assert raw.properties["Size"] == 8
    assert raw.properties["Tags"] is ABSENT
    assert raw.properties["Encrypted"] == Unknown("ec2:DescribeVolumes was denied")
    assert loaded.lacks(_ALL) == {}
    assert loaded.created <= datetime.now(UTC)


def test_a_collector_that_has_learnt_more_misses_it(tmp_path, volumes, monkeypatch):
    file = str(tmp_path / "inventory.json")
    snapshot.save(collected(), file, types=TYPES, version="1.0")
    more = Collector(
        "ec2", ("AWS::EC2::Volume",), ("DescribeVolumes", "DescribeVolumesModifications"), lambda api: iter(())
    )
    monkeypatch.setattr(registry, "load_collectors", lambda: [more])
    assert snapshot.load(file).lacks(_ALL) == {"AWS::EC2::Volume": set()}


def test_a_property_that_was_not_wanted_is_lacking(tmp_path, monkeypatch):
    one = Collector(
        "ec2", ("AWS::EC2::Volume",), ("DescribeVolumes",), lambda api: iter(()), details={"DescribeTags": ("Tags",)}
    )
    late = Collector("x", ("usage:A", "usage:B"), ("GetData",), lambda api: iter(()), late=True)
    monkeypatch.setattr(registry, "load_collectors", lambda: [one, late])
    file = str(tmp_path / "inventory.json")
    snapshot.save(collected(), file, types={"AWS::EC2::Volume": ("Size",), "usage:A": ("Sum",)}, version="1.0")
    saved = snapshot.load(file)
    assert saved.lacks({"AWS::EC2::Volume": ("Size",), "usage:A": ("Sum",)}) == {}
    assert saved.lacks({"AWS::EC2::Volume": ("Size", "Tags")}) == {"AWS::EC2::Volume": {"Tags"}}
    assert saved.lacks({"AWS::EC2::Volume": (), "usage:B": ("Sum",)}) == {"usage:B": set()}


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "not a saved inventory"),
        (b"\xff\xfe", "not a saved inventory"),
        (b"[" * 100_000, "not a saved inventory"),
        (b"\x1f\x8bbroken", "not a saved inventory"),
        (gzip.compress(b'{"schema": "auditor-inventory/1"}', mtime=0)[:-4], "it ends too early"),
        (b"[]", "`auditor scan account --save-inventory FILE` makes one"),
        (b'{"schema": "auditor-report/1"}', "it is a report"),
        (b'{"schema": "auditor-inventory/2", "auditor": "9.1"}', "saved by auditor 9.1, whose inventories .* update"),
        (b'{"schema": "auditor-inventory/zwei"}', "not a saved inventory"),
        (b'{"schema": "auditor-inventory/1"}', "broken: auditor: Field required"),
    ],
)
def test_files_that_are_none(tmp_path, content, said):
    file = tmp_path / "inventory"
    file.write_bytes(content)
    with pytest.raises(UsageError, match=said) as error:
        snapshot.load(str(file))
    assert str(error.value).startswith(str(file))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"raws": [{"type": "x"}]}, "broken: raws.0.id"),
        ({"gaps": 5}, "broken: gaps"),
        ({"properties": {"$wonder": 1}}, r"broken: \$wonder is not understood"),
        ({"properties": {"$time": "yesterday"}}, "broken: Invalid isoformat"),
        ({"properties": []}, "the properties of arn:x are no map"),
    ],
)
def test_broken_content(tmp_path, volumes, change, said):
    file = tmp_path / "inventory.json"
    snapshot.save(collected(), str(file), types=TYPES, version="1.0")
    content = json.loads(file.read_text())
    if "properties" in change:
        content["raws"][0] |= change
    else:
        content |= change
    file.write_text(json.dumps(content))
    with pytest.raises(UsageError, match=said):
        snapshot.load(str(file))


def test_missing_and_unwritable_files(tmp_path):
    with pytest.raises(UsageError, match="cannot be read: No such file"):
        snapshot.load(str(tmp_path / "none"))
    with pytest.raises(UsageError, match="the inventory cannot be saved there: No such file"):
        snapshot.save(collected(), str(tmp_path / "no" / "file"), types=(), version="1.0")


def test_a_file_that_unpacks_too_far(tmp_path, monkeypatch):
    monkeypatch.setattr(snapshot, "MOST_BYTES", 1_000)
    file = tmp_path / "bomb.gz"
    file.write_bytes(gzip.compress(b" " * 1_000_000))
    with pytest.raises(UsageError, match="it holds more than 1,000 bytes"):
        snapshot.load(str(file))


# --- values ---------------------------------------------------------------------------------------------------------

leaves = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.text()
    | st.binary()
    | st.datetimes(timezones=st.just(UTC) | st.just(timezone(timedelta(hours=2))))
    | st.just(ABSENT)
    | st.builds(Unknown, st.text())
)
keys = st.text() | st.sampled_from(["$absent", "$map", "$time"])
values = st.recursive(leaves, lambda inner: st.lists(inner) | st.dictionaries(keys, inner), max_leaves=10)


@given(values)
def test_every_value_comes_back(value):
    assert decode(json.loads(json.dumps(encode(value)))) == value


def test_what_no_live_resource_holds():
    with pytest.raises(TypeError, match="cannot hold a set"):
        encode({"x": {1, 2}})
    assert encode(Reference("Bucket", None, "file")) == "${Bucket}"
