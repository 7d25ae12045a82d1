"""Microsoft's validator with GitHub's own rules, where it is installed: on the PATH, or named by `SARIF_MULTITOOL`.

npm install @microsoft/sarif-multitool
SARIF_MULTITOOL=node_modules/@microsoft/sarif-multitool-linux/Sarif.Multitool pytest tests/reports
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from auditor.report import Report
from reports.interface import render, write
from tests.reports.every import EVERY

TOOL = os.environ.get("SARIF_MULTITOOL") or shutil.which("Sarif.Multitool")


@pytest.mark.slow
@pytest.mark.skipif(not TOOL, reason="sarif-multitool is not installed")
@EVERY
def test_the_validator_finds_no_error(make: Callable[[], Report], tmp_path: Path) -> None:
    log, said = tmp_path / "auditor.sarif", tmp_path / "validation.sarif"
    write(render(make(), "sarif"), log)
    # Its exit code is 0 even where it finds errors, so what it found is read.
    command = [str(TOOL), "validate", "--rule-kind", "Sarif;Ghas", str(log), "--output", str(said)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert said.is_file(), done.stdout + done.stderr
    (run,) = json.loads(said.read_text(encoding="utf-8-sig"))["runs"]
    errors = [result for result in run.get("results", []) if result.get("level", "warning") == "error"]
    assert errors == []
    assert "Analysis completed successfully." in done.stdout
