"""What a long scan tells on a terminal while it runs: one line that is written over."""

from __future__ import annotations

import sys
from collections.abc import Callable

import click


def to_terminal(quiet: bool) -> Callable[[str], None] | None:
    """Shows a text instead of the one before, an empty one to end with; None where nobody would see it."""
    return _show if sys.stderr.isatty() and not quiet else None


def _show(text: str) -> None:
    width = 100
    click.echo(f"\r\x1b[2K{text[:width]}", err=True, nl=False)
