"""The spool: what a killed scan leaves, and who may go on from it."""

from __future__ import annotations

import json
import os
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest

from auditor.errors import UsageError
from auditor.raw import Gap, Raw, Scope
from auditor.sources.account.collector import Collector
from auditor.sources.account.manner import Manner
from auditor.sources.account.origin import LiveOrigin
from auditor.sources.account.source import collect
from auditor.sources.account.spool import HOURS, Ended, Spool, folder

ROOT = Path(__file__).parents[3]
VOLUMES = Collector("ec2", ("AWS::EC2::Volume",), ("DescribeVolumes",), lambda api: iter(()))


def start(spool: Path, *arguments: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.sources.account.killable", str(spool), *arguments]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)


def result(process: subprocess.Popen[str]) -> dict:
    out, _ = process.communicate(timeout=60)
    assert process.returncode == 0
    return json.loads(out.rpartition("RESULT")[2])


def kill_after(process: subprocess.Popen[str], lines: int) -> None:
    assert process.stdout
    for _ in range(lines):
        assert process.stdout.readline()
    os.kill(process.pid, signal.SIGKILL)
    assert process.wait() == -signal.SIGKILL
    process.stdout.close()


def test_killed_and_resumed(tmp_path):
    """Killed twice: what is found in the end is what an undisturbed scan finds, with fewer calls."""
    whole = result(start(tmp_path / "other"))
    spool = tmp_path / "spool"
    kill_after(start(spool), 5)
    kill_after(start(spool, "resume"), 3)
    (folder,) = spool.iterdir()
    kept = len(list(folder.glob("*.json")))
    assert 8 <= kept < 12  # of two collectors in six regions
    resumed = result(start(spool, "resume"))
    assert resumed["resumed"] == kept
    for part in ("raws", "gaps", "notices"):
        assert resumed[part] == whole[part], part
    assert len(whole["raws"]) == 72
    assert len(whole["gaps"]) == 60
    assert sum(resumed["calls"].values()) < sum(whole["calls"].values()) / 2
    assert list(spool.iterdir()) == []


def test_stopped_politely_and_resumed(tmp_path):
    process = start(tmp_path)
    assert process.stdout
    for _ in range(4):
        assert process.stdout.readline()
    process.send_signal(signal.SIGTERM)
    (said,) = result(process)["notices"]
    assert "The scan stopped (SIGTERM)" in said
    resumed = result(start(tmp_path, "resume"))
    assert resumed["resumed"] >= 4
    assert (len(resumed["raws"]), resumed["notices"]) == (72, [])


def test_without_resume_it_begins_anew(tmp_path):
    kill_after(start(tmp_path), 4)
    found = result(start(tmp_path))
    assert found["resumed"] == 0
    assert found["calls"]["ec2:DescribeVolumes"] == 6


# --- in this process ------------------------------------------------------------------------------------------------


def spool(folder, *, resume=True, **changes):
    settings = {
        "principal": "arn:aws:iam::123456789012:user/auditor",
        "regions": ["us-east-1"],
        "collectors": [VOLUMES],
        "version": "1",
    }
    return Spool(folder, **settings | changes, resume=resume)


def ended():
    origin = LiveOrigin("AWS::EC2::Volume", "arn:x", "123456789012", "us-east-1")
    scope = Scope("123456789012/us-east-1", "account", "123456789012", "us-east-1")
    raw = Raw("AWS::EC2::Volume", "arn:x", {"Size": 8}, scope, origin, "live", names=("vol-1",), title="one")
    return Ended([raw], [Gap("ec2", "X", "AccessDenied", "no", types=("AWS::EC2::Volume",))])


def test_round_trip_readable_by_its_owner_only(tmp_path):
    one = spool(tmp_path)
    assert one.load(VOLUMES, "us-east-1") is None
    one.save(VOLUMES, "us-east-1", ended())
    assert spool(tmp_path).load(VOLUMES, "us-east-1") == ended()
    (folder,) = tmp_path.iterdir()
    (file,) = folder.iterdir()
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


@pytest.mark.parametrize(
    "change",
    [
        {"principal": "arn:aws:iam::123456789012:user/other"},
        {"regions": ["us-east-1", "us-east-2"]},
        {"collectors": []},
        {"collectors": [Collector("ec2", VOLUMES.types, ("DescribeVolumes", "DescribeRegions"), VOLUMES.collect)]},
        {"version": "2"},
    ],
)
def test_bound_to_all_that_the_answers_depend_on(tmp_path, change):
    spool(tmp_path).save(VOLUMES, "us-east-1", ended())
    assert spool(tmp_path, **change).load(VOLUMES, "us-east-1") is None
    assert spool(tmp_path).load(VOLUMES, "us-east-1") is not None


def test_expires(tmp_path):
    one = spool(tmp_path)
    one.save(VOLUMES, "us-east-1", ended())
    one.save(VOLUMES, "us-east-2", ended())
    old = next(tmp_path.glob("*/*us-east-1.json"))
    os.utime(old, (0, time.time() - HOURS * 3600 - 1))
    again = spool(tmp_path)
    assert again.load(VOLUMES, "us-east-1") is None
    assert again.load(VOLUMES, "us-east-2") is not None
    assert not old.exists()


def test_a_scan_of_long_ago_is_removed(tmp_path):
    spool(tmp_path, version="0").save(VOLUMES, "us-east-1", ended())
    (old,) = tmp_path.iterdir()
    os.utime(old, (0, time.time() - HOURS * 3600 - 1))
    spool(tmp_path)
    assert not old.exists()


def test_another_scan_that_has_found_nothing_yet_is_left_alone(tmp_path):
    first = spool(tmp_path)
    spool(tmp_path, principal="arn:aws:iam::210987654321:user/auditor")
    first.save(VOLUMES, "us-east-1", ended())
    assert first.load(VOLUMES, "us-east-1") == ended()


def test_what_vanishes_meanwhile_does_not_stop_the_scan(tmp_path, monkeypatch):
    spool(tmp_path, version="0").save(VOLUMES, "us-east-1", ended())
    monkeypatch.setattr(Path, "glob", lambda *_: iter([tmp_path / "gone.json"]))
    assert spool(tmp_path).load(VOLUMES, "us-east-1") is None


def test_files_of_others_in_the_folder_are_left_alone(tmp_path):
    other = tmp_path / "templates" / "role.json"
    other.parent.mkdir()
    other.write_text("{}")
    for path in (other, other.parent):
        os.utime(path, (0, time.time() - HOURS * 3600 - 1))
    spool(tmp_path).remove()
    assert other.exists()


@pytest.mark.parametrize("content", ["", "[]", '{"raws": [{}], "gaps": []}', '{"raws": [{"type": 1}]}', "\xff"])
def test_a_broken_file_is_asked_again(tmp_path, content):
    one = spool(tmp_path)
    one.save(VOLUMES, "us-east-1", ended())
    next(tmp_path.glob("*/*.json")).write_text(content, encoding="latin-1")
    assert one.load(VOLUMES, "us-east-1") is None


def test_a_folder_that_cannot_be_made(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(UsageError, match="the scan's progress cannot be kept there"):
        spool(tmp_path / "file")


def test_a_full_disk_does_not_stop_the_scan(tmp_path, monkeypatch):
    one = spool(tmp_path)

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("auditor.sources.account.spool.write_private", full)
    one.save(VOLUMES, "us-east-1", ended())
    assert one.load(VOLUMES, "us-east-1") is None


def test_where_progress_is_kept(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    assert folder(None, resume=False) == tmp_path / "auditor" / "spool"
    assert folder(tmp_path, resume=False) == tmp_path


def test_nowhere_to_keep_progress(monkeypatch, tmp_path):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "file"))
    assert folder(None, resume=False) is None
    with pytest.raises(UsageError, match=r"nothing to resume is there .*; give --spool DIR"):
        folder(None, resume=True)


@pytest.mark.usefixtures("moto", "collectors")
@pytest.mark.parametrize(("code", "kept"), [("AccessDenied", 1), ("InternalFailure", 0)])
def test_what_asking_again_may_change_is_not_kept(tmp_path, monkeypatch, collectors, failing, code, kept):
    collectors.append(Collector("ec2", VOLUMES.types, VOLUMES.operations, _volumes))
    failing({"DescribeVolumes": code})
    monkeypatch.setattr(Spool, "remove", lambda self: None)
    collect(regions=["us-east-1"], manner=Manner(spool=tmp_path))
    assert len(list(tmp_path.glob("*/*.json"))) == kept


def _volumes(api):
    yield from api.pages("DescribeVolumes", "Volumes")
