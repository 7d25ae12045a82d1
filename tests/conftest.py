"""Fixtures for all tests."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from hypothesis import settings

from auditor.cli import main
from tests.support import Ran, Run

settings.register_profile("auditor", deadline=None)  # how long an example takes says more about the machine
settings.load_profile("auditor")


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Run:
    """Runs `auditor` with arguments in a folder of its own."""
    monkeypatch.chdir(tmp_path)
    for name in ("AWS_PROFILE", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "no-config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "no-credentials"))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")

    def call(*arguments: str) -> Ran:
        monkeypatch.setattr(sys, "argv", ["auditor", *arguments])
        capsys.readouterr()
        with pytest.raises(SystemExit) as leave:
            main()
        captured = capsys.readouterr()
        assert "Traceback" not in captured.out + captured.err
        return Ran(int(leave.value.code or 0), captured.out, captured.err)

    return call
