"""What git knows of templates: how they were at a revision, and which have changed since. Only reads."""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import chdir, contextmanager
from pathlib import Path
from typing import Final

from auditor.archives import unpack
from auditor.errors import UsageError
from auditor.sources.kinds import CONFIGURATIONS

_WITH_MODULES: Final = (*CONFIGURATIONS, ".tfvars", ".tfvars.json")


@contextmanager
def at_revision(revision: str, paths: Sequence[str]) -> Iterator[None]:
    """Within the block, the working directory is a copy of it as it was at a revision, holding only `paths`.

    Args:
        revision: a branch, tag or commit.
        paths: files and folders, relative to the working directory; those that did not exist then are missing. With
            Terraform's files come all of the work tree.

    Raises:
        UsageError: this is no git work tree, or there is no such revision.
    """
    commit = _commit(revision)
    here = Path(_git("rev-parse", "--show-prefix").strip() or ".")
    # --full-tree and --full-name: the same names whatever folder of the work tree this is.
    listed = _git("ls-tree", "-r", "-z", "--name-only", "--full-name", commit, "--", *paths).split("\0")
    files = [name for name in listed if name]
    if any(name.endswith(_WITH_MODULES) for name in files):  # modules that they call may stand anywhere
        everything = _git("ls-tree", "-r", "-z", "--name-only", "--full-tree", commit).split("\0")
        files = list(dict.fromkeys([*files, *(name for name in everything if name.endswith(_WITH_MODULES))]))
    with tempfile.TemporaryDirectory(prefix="auditor-") as folder:
        if files:
            root = _git("rev-parse", "--show-toplevel").strip()
            archive = _run("-C", root, "archive", "--format=tar", commit, "--", *files)
            unpack(archive, Path(folder))
        place = Path(folder) / here
        place.mkdir(parents=True, exist_ok=True)
        with chdir(place):
            yield


def changed_since(revision: str) -> set[Path]:
    """The files, as absolute paths, that differ from a revision, new ones included.

    Raises:
        UsageError: this is no git work tree, or there is no such revision.
    """
    root = Path(_git("rev-parse", "--show-toplevel").strip())
    names = _git("-C", str(root), "diff", "--name-only", "-z", _commit(revision)).split("\0")
    names += _git("-C", str(root), "ls-files", "--others", "--exclude-standard", "-z").split("\0")
    return {(root / name).resolve() for name in names if name}


def relative(paths: Sequence[str]) -> list[str]:
    """The paths relative to the working directory, so that they mean the same file at another revision.

    Raises:
        UsageError: one of them is outside of the work tree.
    """
    root = Path(_git("rev-parse", "--show-toplevel").strip()).resolve()
    for path in paths:
        if not Path(path).resolve().is_relative_to(root):
            raise UsageError(f"{path}: not in the git work tree {root}, so it cannot be compared with a revision")
    return [os.path.relpath(path) for path in paths]


def _commit(revision: str) -> str:
    try:
        return _git("rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}").strip()
    except UsageError:
        _git("rev-parse", "--show-toplevel")  # says so where this is no work tree
        raise UsageError(
            f"git knows no revision {revision} here; in CI, fetch it first (a checkout of depth 1 lacks it)"
        ) from None


def _git(*arguments: str) -> str:
    return _run(*arguments).decode("utf-8", "surrogateescape")


def _run(*arguments: str) -> bytes:
    try:
        done = subprocess.run(["git", *arguments], capture_output=True, check=False)  # noqa: S603, S607 - the user's git
    except FileNotFoundError:
        raise UsageError("git is not installed, and comparing with a revision needs it") from None
    if done.returncode:
        reason = done.stderr.decode("utf-8", "replace").strip() or f"git {arguments[0]} failed"
        raise UsageError(f"git: {reason}")
    return done.stdout
