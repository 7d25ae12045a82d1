"""The account source: run the collectors over the regions of one account, and put together what they found."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from functools import partial
from typing import Any

from auditor.raw import Collected, Gap, Location, Notice, Raw
from auditor.sources.account.api import Api, Incomplete
from auditor.sources.account.call_log import CallLog
from auditor.sources.account.calls import Calls
from auditor.sources.account.collector import Collector, collectors_of
from auditor.sources.account.failures import Halt
from auditor.sources.account.manner import DEFAULT, Manner
from auditor.sources.account.pool import Pool
from auditor.sources.account.regions import choose_regions
from auditor.sources.account.run import Task, run, stopped_by_signals
from auditor.sources.account.session import Identity, identify, open_session, release, start_region
from auditor.sources.account.spool import Ended, Spool
from auditor.values import Unknown


def collect(
    *,
    profile: str | None = None,
    role_arn: str | None = None,
    external_id: str | None = None,
    regions: Collection[str] | None = None,
    types: Collection[str] | None = None,
    session: Any = None,
    manner: Manner = DEFAULT,
    progress: Callable[[str], None] | None = None,
) -> Collected:
    """Read one account.

    A call that fails becomes a gap, a collector that breaks an error notice, and the others go on. Ctrl-C and SIGTERM
    (in the main thread) end the scan early: what was found is returned, with an error notice that it is partial, and a
    gap for every type that is not completely listed.

    Args:
        profile, role_arn, external_id, session: see `session.open_session`.
        regions: those to look at; all that the account has enabled where None.
        types: resource types wanted; a collector that lists none of them is not run. All where None.
        manner: how fast it is asked, what is kept meanwhile, what is logged.
        progress: is told of every collector that ended, from this thread.

    Raises:
        UsageError: the credentials, role or regions cannot be used, or the log or spool cannot be written; nothing
            was collected.
    """
    chosen = collectors_of(types)
    operations = frozenset[str]().union(*(one.declared for one in chosen))
    log = CallLog(manner.call_log) if manner.call_log else None
    try:
        session = open_session(profile, role_arn, external_id, session=session, operations=operations, log=log)
        return _collect(session, chosen, start_region(session, regions, role_arn), regions, manner, log, progress)
    finally:
        if log:
            log.close()


def _collect(
    session: Any,
    chosen: list[Collector],
    start: str,
    regions: Collection[str] | None,
    manner: Manner,
    log: CallLog | None,
    progress: Callable[[str], None] | None,
) -> Collected:
    halt = Halt()
    calls = Calls(session, halt, connections=2 * manner.workers, rate=manner.rate)
    identity = identify(calls.client("sts", start), start)
    calls.account = identity.account

    collected = Collected()
    where = choose_regions(calls, identity, regions, collected)
    spool = _spool(manner, identity, where, chosen)
    pool = Pool(manner.workers)

    def task(one: Collector, region: str) -> Task:
        api = Api(one, calls, pool, account=identity.account, region=region, partition=identity.partition)
        task = Task(one, api)
        if manner.resume and spool and (ended := spool.load(one, api.place)):
            task.raws, api.gaps = ended.raws, ended.gaps
            task.ended = task.finished = task.resumed = True
        return task

    tasks = [task(one, identity.home) for one in chosen if one.scope == "global"]
    tasks += [task(one, region) for region in where for one in chosen if one.scope == "region"]
    try:
        with stopped_by_signals(halt):
            run([one for one in tasks if not one.ended], halt, manner.workers, partial(_ended, spool, progress))
    finally:
        pool.close()

    for one in tasks:
        if not one.ended:  # it still waits for an answer, which comes too late
            one.api.gaps.append(one.gap("Interrupted", halt.reason))
        collected.gaps += one.api.gaps
        collected.notices += one.notices
    collected.raws = _merged(tasks)
    collected.calls = dict(sorted(calls.counts.items()))
    if halt:
        ended = sum(one.finished for one in tasks)
        collected.notices.append(
            Notice(
                "error",
                f"The scan stopped ({halt.reason}) after {ended} of {len(tasks)} collectors: the result is partial.",
                Location(account=identity.account),
            )
        )
    elif spool:
        spool.remove()
    if log and log.trouble:
        collected.notices.append(Notice("warning", log.trouble))
    about = {
        "kind": "account",
        "name": identity.account,
        "regions": where,
        "alias": None,
        "resources": len(collected.raws),
        "calls": sum(calls.counts.values()),
    }
    resumed = sum(one.resumed for one in tasks)
    collected.inputs.append({**about, "resumed": resumed} if resumed else about)
    return collected


def _spool(manner: Manner, identity: Identity, regions: list[str], chosen: list[Collector]) -> Spool | None:
    if manner.spool is None:
        return None
    return Spool(
        manner.spool,
        principal=identity.arn,
        regions=regions,
        collectors=chosen,
        version=release(),
        resume=manner.resume,
    )


def _ended(spool: Spool | None, progress: Callable[[str], None] | None, task: Task, done: str) -> None:
    """A collector ended: keep what it found where asking again would find the same, and tell."""
    again = task.notices or not task.finished or any(not gap.denied for gap in task.api.gaps)
    if spool and not again:
        spool.save(task.collector, task.api.place, Ended(task.raws, task.api.gaps))
    if progress:
        progress(f"{task.collector.name} in {task.api.place}: {len(task.raws)} ({done})")


def _merged(tasks: Iterable[Task]) -> list[Raw]:
    """Raws of one type and id become one with the properties of all (`account`).

    Where one of several collectors of a type broke off, what it would have told is unknown rather than absent.
    """
    found: dict[tuple[str, str, str], Raw] = {}
    sources: dict[tuple[str, str], set[str]] = defaultdict(set)
    broken: dict[tuple[str, str], Gap] = {}
    for task in tasks:
        for type in task.collector.types:
            sources[type, task.api.place].add(task.collector.name)
        for gap in task.api.gaps:
            for type in gap.types:
                broken.setdefault((type, task.api.place), gap)
        for raw in tuple(task.raws):
            first = found.setdefault((raw.type, raw.scope.name, raw.id), raw)
            if first is not raw:
                first.properties = _union(first.properties, raw.properties)
                first.names = [*first.names, *raw.names]
                first.title = first.title or raw.title
    for (type, place), gap in broken.items():
        if len(sources[type, place]) > 1:
            for raw in found.values():
                if raw.type == type and raw.scope.region == place:
                    raw.properties = _union(raw.properties, Incomplete({}, Unknown(gap.reason)))
    return list(found.values())


def _union(first: Mapping[str, Any], second: Mapping[str, Any]) -> Mapping[str, Any]:
    """All properties of both; what neither knows is unknown where it is so in one."""
    both = {**first, **second}
    for one in (first, second):
        if isinstance(one, Incomplete):
            return Incomplete(both, one.unknown)
    return both
