"""Giving up on what does not answer, so that a region that cannot be reached does not cost every collector a minute."""

from __future__ import annotations

import threading
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from botocore import exceptions

from auditor.raw import Gap
from auditor.sources.account.session import ATTEMPTS

TRIES, SERVICES = 3, 3
"""A region is given up when so many attempts of one call were in vain, for so many of its services."""

_NO_ANSWER = (exceptions.ConnectionError, exceptions.HTTPClientError)
UNREACHABLE = "EndpointConnectionError"
_CODES = frozenset(
    {UNREACHABLE, "ConnectTimeoutError", "ConnectionClosedError", "ProxyConnectionError", "ReadTimeoutError"}
)


class Breaker:
    """Ends calls to where nothing answers, before they are made; shared by all threads of a scan.

    A service in a region is given up when a call failed with all its retries, and no other got an answer there
    meanwhile; a region when several of its services stay silent, and none of the others says anything. Any answer
    counts, also an error. What is given up is not tried again in the same scan.

    Attributes:
        regions: those that were given up.
    """

    def __init__(self) -> None:
        self.regions: set[str] = set()
        self._endpoints: set[tuple[str, str]] = set()
        self._in_a_row: Counter[tuple[str, str]] = Counter()
        self._silent: defaultdict[str, dict[str, int]] = defaultdict(dict)
        self._lock = threading.Lock()

    @contextmanager
    def watching(self, session: Any) -> Iterator[None]:
        """Watch all clients that a `boto3.Session` makes within the block."""
        session.events.register("before-call", self._on_call)
        session.events.register_first("needs-retry", self._on_answer)
        try:
            yield
        finally:
            session.events.unregister("before-call", self._on_call)
            session.events.unregister("needs-retry", self._on_answer)

    def told_once(self, gaps: Iterable[Gap], account: str) -> Iterator[Gap]:
        """The gaps, with one for all that could not be listed in a region that was given up."""
        types: dict[str, set[str]] = {region: set() for region in sorted(self.regions)}
        for gap in gaps:
            if gap.region in types and gap.code in _CODES and gap.types:
                types[gap.region].update(gap.types)
            else:
                yield gap
        for region, hidden in types.items():
            yield Gap(
                "*", "*", "EndpointConnectionError", "no service answers", account, region, types=tuple(sorted(hidden))
            )

    def _on_call(self, model: Any, context: Mapping[str, Any], **_: Any) -> None:
        service, region = model.service_model.service_name, context["client_region"]
        if region in self.regions or (service, region) in self._endpoints:
            where = region if region in self.regions else f"{service} in {region}"
            raise exceptions.EndpointConnectionError(endpoint_url=f"{where} does not answer, and is not asked again")

    def _on_answer(
        self,
        operation: Any,
        request_dict: Mapping[str, Any],
        attempts: int,
        response: Any = None,
        caught_exception: Exception | None = None,
        **_: Any,
    ) -> None:
        """After every attempt of a call. What is given up is not retried: the failure is raised instead."""
        service, region = operation.service_model.service_name, request_dict["context"]["client_region"]
        endpoint = service, region
        with self._lock:
            if response is not None:
                self._in_a_row.pop(endpoint, None)
                self._silent.pop(region, None)
            elif isinstance(caught_exception, _NO_ANSWER):
                self._in_a_row[endpoint] += 1
                self._silent[region][service] = max(attempts, self._silent[region].get(service, 0))
                if attempts >= ATTEMPTS and self._in_a_row[endpoint] >= ATTEMPTS:
                    self._endpoints.add(endpoint)
                if sum(tries >= TRIES for tries in self._silent[region].values()) >= SERVICES:
                    self.regions.add(region)
                if region in self.regions:
                    raise caught_exception
