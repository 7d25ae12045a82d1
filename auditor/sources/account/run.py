"""Running collectors: many at once, each to its own end, all stopped together."""

from __future__ import annotations

import logging
import queue
import signal
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field

from auditor.raw import Gap, Location, Notice, Raw
from auditor.sources.account.api import Api
from auditor.sources.account.collector import Collector
from auditor.sources.account.failures import INTERRUPTED, CallFailed, Halt, Stopped

_log = logging.getLogger(__name__)

GRACE = 5.0
"""Seconds that a stopped scan waits for the calls that are under way."""


@dataclass(slots=True, eq=False)
class Task:
    """One collector in one region, and what it found.

    Attributes:
        ended: it will do no more.
        finished: it ended by itself, not because the scan was stopped.
        resumed: an earlier scan, which was killed, ran it.
    """

    collector: Collector
    api: Api
    raws: list[Raw] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)
    ended: bool = False
    finished: bool = False
    resumed: bool = False

    def run(self, halt: Halt) -> None:
        """Run the collector to its end, however that comes."""
        try:
            halt.check()
            for raw in self.collector.collect(self.api):
                self.raws.append(raw)
            self.finished = True
        except CallFailed as failed:
            self.finished = True
            self.api.listing_failed(failed.gap)
        except Stopped:
            self.api.gaps.append(self.gap(INTERRUPTED, halt.reason))
        except Exception as error:
            self.finished = True
            _log.debug("the collector %s broke", self.collector.name, exc_info=True)
            what = f"{type(error).__name__}: {error}"
            where = self.api.place
            message = f"The collector {self.collector.name} broke in {where} ({what}): what it lists may be missing."
            self.notices.append(Notice("error", message, Location(account=self.api.account, region=where)))
            self.api.gaps.append(self.gap(type(error).__name__, what))  # else what it did not list would not exist
        finally:
            self.ended = True

    def gap(self, code: str, message: str) -> Gap:
        """All its types are incompletely listed, for a reason that is no call's."""
        one = self.collector
        region = self.api.region if one.scope == "region" else None
        return Gap(one.service, "*", code, message, self.api.account, region, types=one.types)


def run(tasks: list[Task], halt: Halt, workers: int, ended_one: Callable[[Task, str], None]) -> None:
    """Run all tasks; return when they ended, or soon after the scan was stopped.

    `ended_one` is called from this thread with each that ended, and how many have: `3/40`.
    """
    ended: queue.SimpleQueue[Task] = queue.SimpleQueue()

    def work(task: Task) -> None:
        try:
            task.run(halt)
        finally:
            ended.put(task)

    executor = ThreadPoolExecutor(workers, thread_name_prefix="auditor-collector")
    try:
        for task in tasks:
            executor.submit(work, task)
        left, deadline = len(tasks), None
        while left:
            if halt:
                deadline = deadline or time.monotonic() + GRACE
                if time.monotonic() > deadline:
                    return
            try:
                task = ended.get(timeout=0.2)
            except queue.Empty:
                continue
            left -= 1
            ended_one(task, f"{len(tasks) - left}/{len(tasks)}")
    finally:
        complete = all(task.ended for task in tasks)
        if not complete:
            halt.stop("interrupted")
        executor.shutdown(wait=complete, cancel_futures=True)


@contextmanager
def stopped_by_signals(halt: Halt) -> Iterator[None]:
    """Ctrl-C and SIGTERM stop the scan instead of the process; a second one does what it always does."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.getsignal(number) or signal.SIG_DFL for number in (signal.SIGINT, signal.SIGTERM)}

    def restore() -> None:
        for number, handler in before.items():
            signal.signal(number, handler)

    def stop(number: int, _: object) -> None:
        halt.stop(signal.Signals(number).name)
        restore()

    for number in before:
        signal.signal(number, stop)
    try:
        yield
    finally:
        restore()
