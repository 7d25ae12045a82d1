"""The package: what is in it, that it is the same every time, and that it runs where there is nothing else."""

from __future__ import annotations

import platform
import subprocess
import sys
import zipfile
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest

from auditor import packaging
from auditor.errors import UsageError
from auditor.packaging import LARGEST, MACHINES, RUNTIME_HAS, Package, build, closure, copy_installed, normalised
from tests.support import Run

HERE = "{}.{}".format(*sys.version_info[:2])
ARCHITECTURE = next((name for name, machine in MACHINES.items() if machine == platform.machine()), None)
pytestmark = pytest.mark.skipif(
    sys.platform != "linux" or ARCHITECTURE is None, reason="takes the libraries that are installed here, for Lambda"
)

IMPORT = """
import sys
sys.path[:0] = sys.argv[1:]
from importlib.metadata import version
import auditor.aws_lambda
from auditor.registry import load_checks
from auditor.sources.account.collector import load_collectors
from reports.html import organization
assert all(one.startswith(tuple(sys.argv[1:])) for one in (auditor.__file__, organization.__file__))
print(version("auditor"), len(load_checks()) > 100, len(load_collectors()) > 30)
"""


def make(folder: Path, **settings: Any) -> Package:
    """The package of what is installed here, for a Lambda of this machine's kind."""
    assert ARCHITECTURE
    return build(folder / "auditor.zip", ARCHITECTURE, HERE, installed=True, **settings)


def unzip(package: Package, folder: Path) -> str:
    with zipfile.ZipFile(package.path) as archive:
        archive.extractall(folder)
    return str(folder)


def import_it(*folders: str) -> str:
    """What a Python says that has nothing but these folders."""
    process = subprocess.run(
        [sys.executable, "-I", "-S", "-c", IMPORT, *folders], capture_output=True, text=True, check=False, env={}
    )
    assert process.returncode == 0, process.stderr
    return process.stdout.strip()


def test_it_runs_beside_nothing_but_what_the_runtime_has(tmp_path: Path) -> None:
    made = make(tmp_path)
    runtime = tmp_path / "runtime"
    for one in closure("auditor"):
        if normalised(one.name) in RUNTIME_HAS:
            copy_installed(one, runtime)
    assert import_it(unzip(made, tmp_path / "task"), str(runtime)) == f"{version('auditor')} True True"


def test_it_runs_beside_nothing_at_all(tmp_path: Path) -> None:
    made = make(tmp_path, with_sdk=True)
    assert import_it(unzip(made, tmp_path / "task")) == f"{version('auditor')} True True"
    assert made.unzipped <= LARGEST


def test_it_holds_what_is_needed_and_nothing_else(tmp_path: Path) -> None:
    with zipfile.ZipFile(make(tmp_path).path) as archive:
        entries = archive.infolist()
    top = {entry.filename.partition("/")[0].partition("-")[0].partition(".")[0] for entry in entries}
    assert {"auditor", "checks", "reports", "pydantic", "yaml", "jinja2", "click"} <= top
    assert not top & {"boto3", "botocore", "moto", "cfnlint", "pytest", "samtranslator", "urllib3", "mypy"}
    names = [entry.filename for entry in entries]
    assert names == sorted(names)
    assert not [
        name for name in names if name.endswith(".pyc") or "direct_url" in name or name.startswith("auditor/demo")
    ]
    assert {entry.external_attr >> 16 for entry in entries} == {0o644}


def test_the_same_versions_give_the_same_bytes(tmp_path: Path) -> None:
    first = make(tmp_path)
    (Path(packaging.__file__).parent / "py.typed").touch()
    assert make(tmp_path).digest == first.digest


def test_too_large_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packaging, "LARGEST", 1_000_000)
    with pytest.raises(UsageError, match="MB unzipped, more than 1"):
        make(tmp_path)


def test_what_is_installed_for_another_python_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"not for Python 3\.1 on arm64"):
        build(tmp_path / "a.zip", "arm64", "3.1", installed=True)


def test_the_command_takes_wheels_from_a_folder(run: Run, tmp_path: Path) -> None:
    (tmp_path / "wheels").mkdir()
    ran = run("package", "lambda", "--wheels", "wheels")
    assert ran.code == 2
    assert "The libraries for Python 3.12 on arm64 cannot be had: " in ran.err


def test_the_command(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Any] = []

    def made(output: Path, *arguments: Any, **settings: Any) -> Package:
        asked.extend([*arguments, settings])
        return Package(output, 4_000_000, 14_000_000, "ab" * 32, ("click==8.1",))

    monkeypatch.setattr(packaging, "build", made)
    ran = run("package", "lambda", "--architecture", "x86_64", "--python", "3.13", "--with-sdk", "-o", "a.zip")
    assert ran.code == 0
    assert asked == ["x86_64", "3.13", {"with_sdk": True, "wheels": None, "installed": False}]
    assert ran.out.splitlines()[:2] == ["wrote a.zip: 4.0 MB, 14.0 MB unzipped", f"sha256 {'ab' * 32}"]
