"""What an archive may put into a folder."""

from __future__ import annotations

import io
import tarfile
from pathlib import Path

import pytest

from auditor.archives import unpack


def archive(*members: tuple[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as made:
        for name, kind in members:
            member = tarfile.TarInfo(name)
            member.type, member.size, member.linkname = kind, 2 * (kind == tarfile.REGTYPE), "/etc/passwd"
            made.addfile(member, io.BytesIO(b"{}"))
    return buffer.getvalue()


@pytest.mark.parametrize("old", [False, True], ids=["as it is", "before 3.11.4"])
def test_nothing_lands_elsewhere(old: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if old:
        monkeypatch.delattr(tarfile, "data_filter", raising=False)
    folder = tmp_path / "inside"
    unpack(archive(("infra/main.tf", tarfile.REGTYPE)), folder)
    assert (folder / "infra" / "main.tf").read_text() == "{}"
    for name, kind in (("../out", tarfile.REGTYPE), ("link", tarfile.SYMTYPE)):
        try:
            unpack(archive((name, kind)), folder)
        except tarfile.TarError:
            continue
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["infra", "inside", "main.tf"]
