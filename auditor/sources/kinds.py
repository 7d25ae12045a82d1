"""Which files are whose, told by name and first bytes: so that a scan imports only the sources that it needs."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

CONFIGURATIONS: Final = (".tf", ".tf.json", ".tofu", ".tofu.json")
"""What Terraform's files end in, and those that only OpenTofu reads."""

SKIPPED_FOLDERS: Final = frozenset({"node_modules", "venv", "__pycache__", "site-packages"})
"""Folders that hold other people's files."""

MAX_PLAN: Final = 500_000_000
"""Larger plans are refused: reading one takes five to eight times its size of memory."""

BINARY_PLAN: Final = b"PK\x03\x04"
HEAD: Final = 4_096
"""Bytes at a file's beginning that tell what it is."""


def is_configuration(name: str) -> bool:
    """Whether Terraform reads a file of that name in a module's folder."""
    return name.endswith(CONFIGURATIONS) and name[0] not in ".#" and not name.endswith("~")


def configurations(folder: str, unreadable: Callable[[OSError], None] = lambda error: None) -> Iterator[str]:
    """The folders within one that hold Terraform files, in order."""
    for place, files in _walked(folder, unreadable):
        if any(is_configuration(name) for name in files):
            yield os.path.normpath(place)


def plans(folder: str) -> Iterator[str]:
    """The plans within a folder, in order."""
    for place, files in _walked(folder, lambda error: None):
        named = (str(Path(place, name)) for name in sorted(files) if name.endswith(".json") and name[0] != ".")
        yield from (file for file in named if is_plan(file, named=False))


def _walked(folder: str, unreadable: Callable[[OSError], None]) -> Iterator[tuple[str, list[str]]]:
    """The folders within one, each with its files, without those that are hidden or hold other people's files."""
    for place, folders, files in os.walk(folder, onerror=unreadable):
        folders[:] = sorted(name for name in folders if name[0] != "." and name not in SKIPPED_FOLDERS)
        yield place, files


def is_plan(path: str, *, named: bool = True) -> bool:
    """Whether a file is a plan, or something else that Terraform wrote and that is easily taken for one.

    Args:
        path: the file.
        named: whether it was asked for; of others only the first bytes are read.
    """
    try:
        with Path(path).open("rb") as stream:
            content = stream.read(HEAD)
            if content.startswith(BINARY_PLAN):
                return named
            if content.lstrip()[:1] != b"{":
                return False
            if named:
                content += stream.read(MAX_PLAN)
    except OSError:
        return False
    if b'"format_version"' in content:
        return b'"terraform_version"' in content or b'"resource_changes"' in content
    return named and any(mark in content[:HEAD] for mark in (b'"@level"', b'"lineage"'))
