"""Unpacking archives that somebody else may have made."""

from __future__ import annotations

import io
import tarfile
from pathlib import Path, PurePosixPath


def unpack(content: bytes, folder: Path) -> None:
    """Unpack a tar archive into a folder; nothing of it lands elsewhere.

    Raises:
        tarfile.TarError, EOFError, OSError, zlib.error: it is broken, or holds what would land elsewhere.
    """
    with tarfile.open(fileobj=io.BytesIO(content)) as archive:
        if hasattr(tarfile, "data_filter"):
            archive.extractall(folder, filter="data")
        else:  # Python before 3.11.4, as Debian 12 has
            archive.extractall(folder, [one for one in archive if _is_plain(one)])  # noqa: S202 - only what is plain


def _is_plain(member: tarfile.TarInfo) -> bool:
    """Whether it is a file or folder that lands within."""
    path = PurePosixPath(member.name)
    return (member.isreg() or member.isdir()) and not path.is_absolute() and ".." not in path.parts
