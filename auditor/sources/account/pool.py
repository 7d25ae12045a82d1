"""A bounded pool of threads for the calls that are made once per resource."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")


class Pool:
    """One for a whole scan, shared by all collectors, so that the number of calls at once stays bounded."""

    def __init__(self, workers: int) -> None:
        """`workers` is the most calls that run at once."""
        self._executor = ThreadPoolExecutor(workers, thread_name_prefix="auditor-call")
        self._ahead = 2 * workers
        self._within = threading.local()

    def map(self, function: Callable[[T], R], items: Iterable[T]) -> Iterator[R]:
        """`function` of each item, in the items' order, reading at most twice as many ahead as there are workers.

        Raises:
            Exception: what `function` raised for an item, in that item's turn; those behind it that have not started
                are cancelled.
        """
        if getattr(self._within, "worker", False):  # waiting here for a thread of the same pool could wait for ever
            yield from map(function, items)
            return

        def work(item: T) -> R:
            self._within.worker = True
            return function(item)

        ahead: deque[Future[R]] = deque()
        try:
            for item in items:
                ahead.append(self._executor.submit(work, item))
                if len(ahead) >= self._ahead:
                    yield ahead.popleft().result()
            while ahead:
                yield ahead.popleft().result()
        finally:
            for future in ahead:
                future.cancel()

    def close(self) -> None:
        """Cancel what has not started, and wait for nothing."""
        self._executor.shutdown(wait=False, cancel_futures=True)
