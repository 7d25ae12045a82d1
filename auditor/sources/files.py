"""Files that hold what an account told: readable by their owner only, and never half-written."""

from __future__ import annotations

import os
import secrets
from pathlib import Path


def write_private(path: Path, content: bytes) -> None:
    """Write a file that only its owner may read; a reader sees the old one or the whole new one.

    Raises:
        OSError: the folder is missing or cannot be written to.
    """
    if path.exists() and not path.is_file():  # a pipe or a device has no old content to keep
        path.write_bytes(content)
        return
    temporary = path.parent / f".auditor-{secrets.token_hex(8)}.tmp"
    try:
        with os.fdopen(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(content)
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
