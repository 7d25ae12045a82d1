"""The zip that AWS Lambda runs: auditor and what it needs at run time, nothing else, and the same bytes every time."""

from __future__ import annotations

import platform
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from hashlib import sha256
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path
from typing import Final, Literal

from auditor.errors import UsageError

Architecture = Literal["x86_64", "arm64"]

MACHINES: Final[dict[Architecture, str]] = {"x86_64": "x86_64", "arm64": "aarch64"}
"""What Linux calls Lambda's architectures."""

RUNTIME_HAS: Final = frozenset({"boto3", "botocore", "jmespath", "python-dateutil", "s3transfer", "six", "urllib3"})
"""What Lambda's Python runtimes bring. Source: Lambda developer guide, "Runtime-included SDK versions"."""

LARGEST: Final = 50 * 1000**2
"""Bytes that the package may have unzipped; Lambda itself takes 250 MB, layers included."""

# Only templates need it, which no account has.
_NEVER: Final = frozenset({"aws-sam-translator"})
_OWN: Final = ("auditor", "checks", "reports")
# The last say where it was made, not what it is.
_LEFT_OUT: Final = re.compile(
    r"(^|/)__pycache__/|\.pyc$|^bin/|^auditor/demo/"
    r"|\.dist-info/(RECORD|INSTALLER|REQUESTED|direct_url\.json|uv_cache\.json)$"
)
_REQUIRED: Final = re.compile(r"[A-Za-z0-9][\w.-]*")
_EARLIEST: Final = (1980, 1, 1, 0, 0, 0)  # that a zip can say


@dataclass(frozen=True, slots=True)
class Package:
    """What was made.

    Attributes:
        path: the zip.
        size, unzipped: bytes.
        digest: SHA-256 of the zip, the same for the same versions.
        pins: what is in it, as `name==version`.
    """

    path: Path
    size: int
    unzipped: int
    digest: str
    pins: tuple[str, ...]


def build(
    output: Path,
    architecture: Architecture,
    python: str,
    *,
    with_sdk: bool = False,
    wheels: Path | None = None,
    installed: bool = False,
) -> Package:
    """Make the package, with the versions that are installed here.

    Args:
        output: the zip; it is written over.
        architecture: Lambda's.
        python: the runtime's version, such as `3.12`; compiled libraries are made for one.
        with_sdk: put boto3 in too, although the runtime has one.
        wheels: a folder to take the libraries from, instead of the network.
        installed: take the libraries as they are installed here, which must be the same architecture and Python.

    Raises:
        UsageError: a library is not to be had for that architecture and Python, the package is too large, or it cannot
            be written.
    """
    needed = closure("auditor", without=_NEVER if with_sdk else _NEVER | RUNTIME_HAS)
    pins = tuple(f"{one.name}=={one.version}" for one in needed)
    with tempfile.TemporaryDirectory(prefix="auditor-") as scratch:
        site = Path(scratch)
        if installed:
            _require_same(architecture, python)
            for one in needed:
                copy_installed(one, site)
        else:
            _download(pins, site, architecture, python, wheels)
        _copy_own(site)
        return _zipped(site, output, pins)


def closure(name: str, *, without: Collection[str] = ()) -> list[Distribution]:
    """What a distribution needs at run time, directly or not, as it is installed here, by name.

    A dependency that is not installed is one for other systems or Pythons.
    """
    found: dict[str, Distribution] = {}
    waiting = [name]
    while waiting:
        for requirement in distribution(waiting.pop()).requires or ():
            match = _REQUIRED.match(requirement)
            key = normalised(match[0]) if match else ""
            if not key or "extra ==" in requirement or key in without or key in found:
                continue
            try:
                found[key] = distribution(key)
            except PackageNotFoundError:
                continue
            waiting.append(key)
    return [one for _, one in sorted(found.items())]


def normalised(name: str) -> str:
    """A distribution's name as indexes compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()


# --- getting them ---------------------------------------------------------------------------------------------------


def _download(pins: Collection[str], site: Path, architecture: Architecture, python: str, wheels: Path | None) -> None:
    machine = MACHINES[architecture]
    ages = ("2014", "_2_28", "_2_34")  # Amazon Linux 2023 has glibc 2.34
    platforms = [f"--platform=manylinux{age}_{machine}" for age in ages]
    where = [f"--find-links={wheels}", "--no-index"] if wheels else []
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-compile"]
    options = ["--no-deps", "--only-binary=:all:", "--implementation=cp", f"--python-version={python}", *platforms]
    process = subprocess.run(  # noqa: S603 - our own arguments
        [*command, *options, *where, f"--target={site}", *pins], capture_output=True, text=True, check=False
    )
    if process.returncode:
        said = [line for line in process.stderr.splitlines() if line.startswith("ERROR")]
        reason = said[-1].removeprefix("ERROR: ") if said else process.stderr.strip()[-300:]
        raise UsageError(f"The libraries for Python {python} on {architecture} cannot be had: {reason}")


def _require_same(architecture: Architecture, python: str) -> None:
    here = "{}.{}".format(*sys.version_info[:2])
    if (sys.platform, platform.machine(), here) != ("linux", MACHINES[architecture], python):
        raise UsageError(
            f"What is installed here is for Python {here} on {sys.platform} {platform.machine()}, not for Python"
            f" {python} on {architecture}: let it be downloaded."
        )


def copy_installed(one: Distribution, site: Path) -> None:
    """Copy what a distribution has installed into a folder, but for its scripts."""
    for file in one.files or ():
        source = Path(str(one.locate_file(file)))
        if ".." not in file.parts and source.is_file():
            target = site / file
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, target)


def _copy_own(site: Path) -> None:
    """Our packages from where they run, and what says which version they are."""
    home = Path(__file__).resolve().parent.parent
    for name in _OWN:
        shutil.copytree(home / name, site / name, ignore=shutil.ignore_patterns("__pycache__"))
    own = distribution("auditor")
    about = site / f"auditor-{own.version}.dist-info"
    about.mkdir()
    for file in ("METADATA", "entry_points.txt"):
        (about / file).write_text(own.read_text(file) or "", encoding="utf-8")


# --- the zip --------------------------------------------------------------------------------------------------------


def _zipped(site: Path, output: Path, pins: tuple[str, ...]) -> Package:
    files = sorted(_kept(site))
    unzipped = sum(file.stat().st_size for _, file in files)
    if unzipped > LARGEST:
        raise UsageError(f"The package would have {unzipped / 1e6:.0f} MB unzipped, more than {LARGEST / 1e6:.0f}.")
    try:
        with zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
            for name, file in files:
                entry = zipfile.ZipInfo(name, _EARLIEST)
                entry.compress_type = zipfile.ZIP_DEFLATED
                entry.create_system = 3  # Unix, wherever it is made, so that the mode counts
                entry.external_attr = 0o644 << 16
                archive.writestr(entry, file.read_bytes())
        content = output.read_bytes()
    except OSError as error:
        raise UsageError(f"{output}: cannot be written: {error.strerror}") from error
    return Package(output, len(content), unzipped, sha256(content).hexdigest(), pins)


def _kept(site: Path) -> Iterator[tuple[str, Path]]:
    for file in site.rglob("*"):
        name = file.relative_to(site).as_posix()
        if file.is_file() and not _LEFT_OUT.search(name):
            yield name, file
