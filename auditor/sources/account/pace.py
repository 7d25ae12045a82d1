"""How fast a service is called: no faster than the user allows, and not before it asked to be called again."""

from __future__ import annotations

import threading
import time

from auditor.sources.account.failures import Halt

LONGEST_WAIT = 60.0
"""Seconds that a service's `Retry-After` is waited for at most."""


class Pace:
    """When the next request to one service in one region may go out; shared by all threads.

    botocore's adaptive retries slow down after throttling, and heed `x-amz-retry-after`. What they lack is here: a rate
    that is never exceeded, and HTTP's own `Retry-After`, which holds for all calls to that service, not just the one.
    """

    def __init__(self, halt: Halt, rate: float | None = None) -> None:
        """`rate` is the most requests a second, retries included, evenly spaced; None for no limit."""
        self._halt = halt
        self._interval = 1 / rate if rate else 0.0
        self._next = 0.0
        self._lock = threading.Lock()

    def wait(self) -> None:
        """Return when a request may go out.

        Raises:
            Stopped: the scan was stopped meanwhile.
        """
        with self._lock:
            now = time.monotonic()
            turn = max(now, self._next)
            self._next = turn + self._interval
        self._halt.pause(turn - now)

    def hold(self, retry_after: str | None) -> None:
        """Heed a `Retry-After` header in seconds; its other form, a date, is not used by AWS."""
        if retry_after and retry_after.strip().isdecimal():
            seconds = min(float(retry_after), LONGEST_WAIT)
            with self._lock:
                self._next = max(self._next, time.monotonic() + seconds)
