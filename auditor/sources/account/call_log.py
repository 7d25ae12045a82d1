"""A log of every call to AWS: when, to which service, in which region, which operation, and how it ended."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime
from typing import IO, Any

from auditor.errors import UsageError

_OPERATION = "auditor-operation"


class CallLog:
    """Appends a line per call to a file, retries counted in it; parameters are not logged.

    Its columns, parted by tabs: time in UTC, service, region, operation, `ok` or the error's code, attempts.

    Attributes:
        trouble: why lines are missing; empty as long as none is.
    """

    def __init__(self, path: str) -> None:
        """Open the file.

        Raises:
            UsageError: it cannot be written.
        """
        self.trouble = ""
        self._lock = threading.Lock()
        self._path = path
        try:
            self._file: IO[str] = open(path, "a", encoding="utf-8", buffering=1)  # noqa: PTH123, SIM115 - see close
        except OSError as error:
            raise UsageError(f"{path}: the calls cannot be logged there: {error.strerror}") from error

    def attach(self, session: Any) -> None:
        """Log the calls of all clients that a `boto3.Session` makes from now on."""
        session.events.register_first("before-call", self._called)
        session.events.register("after-call", self._answered)
        session.events.register("after-call-error", self._unanswered)

    def close(self) -> None:
        """Close the file; later calls are not logged."""
        with self._lock, suppress(OSError):
            self._file.close()

    def _called(self, model: Any, context: dict[str, Any], **_: Any) -> None:
        context[_OPERATION] = (model.service_model.service_name, context.get("client_region"), model.name)

    def _answered(self, context: Mapping[str, Any], http_response: Any, parsed: Mapping[str, Any], **_: Any) -> None:
        status = http_response.status_code
        self._write(context, "ok" if status < 300 else parsed.get("Error", {}).get("Code") or status)

    def _unanswered(self, context: Mapping[str, Any], exception: Exception, **_: Any) -> None:
        self._write(context, type(exception).__name__)

    def _write(self, context: Mapping[str, Any], outcome: object) -> None:
        time = datetime.now(UTC).isoformat(timespec="milliseconds")
        attempts = context.get("retries", {}).get("attempt", 1)
        with self._lock:
            if self._file.closed or self.trouble:
                return
            try:
                self._file.write("\t".join(map(str, (time, *context[_OPERATION], outcome, attempts))) + "\n")
            except OSError as error:  # the scan matters more
                self.trouble = f"{self._path}: the log of calls ends at {time}: {error.strerror}"
