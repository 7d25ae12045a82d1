"""What time it is for a check: that of the scan, or when the inventory that is judged again was taken."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime

_taken: ContextVar[datetime | None] = ContextVar("taken", default=None)


def now() -> datetime:
    """The time that ages are judged by, in UTC."""
    return _taken.get() or datetime.now(UTC)


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Within the block, it is that time."""
    before = _taken.set(moment)
    try:
        yield
    finally:
        _taken.reset(before)
