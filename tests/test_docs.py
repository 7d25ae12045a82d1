"""The pages that are made from the code are up to date, and so are the examples in the hand-written ones."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def test_docs_are_up_to_date() -> None:
    done = subprocess.run(
        [sys.executable, "docs/generate.py", "--check"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, f"run `make docs`: {done.stdout}{done.stderr}"


def test_the_example_check_is_short_and_alone() -> None:
    """CONTRIBUTING promises that a check is one function of at most 25 lines in one file."""
    page = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    example = page.partition("<!-- example: check -->")[2].partition("```python\n")[2].partition("```")[0]
    function = example.partition("@check(")
    assert function[1]
    assert len((function[1] + function[2]).strip().splitlines()) <= 25
