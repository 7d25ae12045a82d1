"""How a call to AWS can end other than with an answer; free of botocore, so that collectors stay light to import."""

from __future__ import annotations

import threading
from typing import Final

from auditor.raw import Gap

INTERRUPTED: Final = "Interrupted"
"""The code of a gap that is there because the scan was stopped."""


class CallFailed(Exception):
    """A call was denied or failed after its retries.

    Attributes:
        gap: the call and AWS's error code.
    """

    def __init__(self, gap: Gap) -> None:
        super().__init__(f"{gap.reason}: {gap.message}")
        self.gap = gap


class Stopped(Exception):
    """The scan was stopped, so no further call is made."""


class Halt:
    """Tells every thread of a scan to make no further call.

    Attributes:
        reason: why, for a person; empty while the scan goes on.
    """

    def __init__(self, whole: Halt | None = None) -> None:
        """`whole` is that of what the scan is a part of: it stops this one too, while this one stops only itself."""
        self._event = threading.Event()
        self._parts: list[Halt] = []
        self.reason = ""
        if whole is not None:
            whole._parts.append(self)
            if whole:
                self.stop(whole.reason)

    def stop(self, reason: str) -> None:
        """Stop; the first reason stays."""
        self.reason = self.reason or reason
        self._event.set()
        for part in self._parts:
            part.stop(reason)

    def __bool__(self) -> bool:
        return self._event.is_set()

    def pause(self, seconds: float) -> None:
        """Go on after so many seconds.

        Raises:
            Stopped: the scan was stopped, before or meanwhile.
        """
        if seconds > 0:
            self._event.wait(seconds)
        self.check()

    def check(self) -> None:
        """Go on.

        Raises:
            Stopped: the scan was stopped.
        """
        if self:
            raise Stopped(self.reason)
