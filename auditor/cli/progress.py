"""What a long scan tells on a terminal while it runs: one line that is written over."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

import click

CLEAR: Final = "\r\x1b[2K"
"""Takes the line away that is shown."""


@contextmanager
def progress_on_terminal(quiet: bool) -> Iterator[Callable[[str], None] | None]:
    """Shows a text instead of the one before, and none after the block; None where nobody would see it."""
    if quiet or not sys.stderr.isatty():
        yield None
        return
    try:
        yield _show
    finally:
        _show("")


def _show(text: str) -> None:
    width = shutil.get_terminal_size((100, 24)).columns - 1
    click.echo(f"{CLEAR}{text[:width]}", err=True, nl=False)
