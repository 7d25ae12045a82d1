"""The account source: run the collectors over the regions of one account, and put together what they found."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any

from auditor.raw import Collected, Gap, Location, Notice, Raw
from auditor.sources.account.api import Api, Incomplete
from auditor.sources.account.breaker import Breaker
from auditor.sources.account.call_log import CallLog
from auditor.sources.account.calls import Calls
from auditor.sources.account.collector import Collector, collectors_of
from auditor.sources.account.failures import INTERRUPTED, Halt
from auditor.sources.account.manner import DEFAULT, Manner
from auditor.sources.account.pool import Pool
from auditor.sources.account.regions import choose_regions
from auditor.sources.account.run import Task, run, stopped_by_signals
from auditor.sources.account.services import paid
from auditor.sources.account.session import Identity, identify, open_session, release, start_region
from auditor.sources.account.spool import Ended, Spool
from auditor.utilisation.queries import PRICE
from auditor.values import Unknown


def collect(
    *,
    profile: str | None = None,
    role_arn: str | None = None,
    external_id: str | None = None,
    regions: Collection[str] | None = None,
    types: Collection[str] | Mapping[str, Collection[str]] | None = None,
    session: Any = None,
    manner: Manner = DEFAULT,
    progress: Callable[[str], None] | None = None,
    halt: Halt | None = None,
) -> Collected:
    """Read one account.

    A call that fails becomes a gap, a collector that breaks an error notice, and the others go on. Ctrl-C and SIGTERM
    (in the main thread), and `halt`, end the scan early: what was found is returned, with an error notice that it is
    partial, and a gap for every type that is not completely listed.

    Args:
        profile, role_arn, external_id, session: see `session.open_session`.
        regions: those to look at; all that the account has enabled where None.
        types: resource types wanted, or wanted properties by type; a collector that lists none of them is not run.
            All where None; see `collectors_of`.
        manner: how fast it is asked, what is kept meanwhile, what is logged.
        progress: is told how far it is whenever a collector ended, from this thread.
        halt: stops the scan from another thread.

    Raises:
        UsageError: the credentials, role or regions cannot be used, or the log or spool cannot be written; nothing
            was collected.
    """
    if manner.paid:
        paid.opt_in()
    chosen = collectors_of(types)
    operations = frozenset[str]().union(*(one.declared for one in chosen))
    log = CallLog(manner.call_log) if manner.call_log else None
    try:
        session = open_session(profile, role_arn, external_id, session=session, operations=operations, log=log)
        start, breaker = start_region(session, regions, role_arn), Breaker()
        with breaker.watching(session):
            return _collect(session, chosen, start, regions, manner, log, progress, Halt(halt), breaker)
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
    halt: Halt,
    breaker: Breaker,
) -> Collected:
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

    first = [one for one in chosen if not one.late]
    tasks = [task(one, identity.home) for one in first if one.scope == "global"]
    tasks += [task(one, region) for region in where for one in first if one.scope == "region"]
    late = [task(one, identity.home) for one in chosen if one.late]

    def ended(task: Task, done: str) -> None:
        _keep(spool, task)
        if progress:
            gaps = sum(len(one.api.gaps) for one in (*tasks, *late))
            made = sum(tuple(calls.counts.values()))  # a copy, as other threads count on
            place = f"{task.collector.name} in {task.api.place}"
            progress(f"{done} collectors in {len(where)} regions, {made:,} calls, {gaps:,} gaps; {place}")

    try:
        with stopped_by_signals(halt):
            run([one for one in tasks if not one.ended], halt, manner.workers, ended)
            _mark_unended(tasks, halt)
            collected.raws = _merged(tasks)
            for one in late:
                one.api.found, one.api.metrics = collected.raws, manner.metrics
            run(late, halt, manner.workers, ended)
    finally:
        pool.close()
    _mark_unended(late, halt)
    collected.raws = [*collected.raws, *_merged(late)]
    tasks += late

    collected.gaps += breaker.told_once((gap for one in tasks for gap in one.api.gaps), identity.account)
    collected.notices += [notice for one in tasks for notice in one.notices]
    for region in sorted(breaker.regions):
        message = f"{region} does not answer: it was given up, and what is missing of it is unknown."
        collected.notices.append(Notice("error", message, Location(account=identity.account, region=region)))
    collected.calls = dict(sorted(calls.counts.items()))
    if halt:
        complete = sum(one.finished for one in tasks)
        collected.notices.append(
            Notice(
                "error",
                f"The scan stopped ({halt.reason}) after {complete} of {len(tasks)} collectors: the result is partial.",
                Location(account=identity.account),
            )
        )
    elif spool:
        spool.remove()
    if log and log.trouble:
        collected.notices.append(Notice("warning", log.trouble))
    about: dict[str, Any] = {
        "kind": "account",
        "name": identity.account,
        "regions": where,
        "alias": None,
        "resources": len(collected.raws),
        "calls": sum(calls.counts.values()),
    }
    if asked := sum(one.api.metrics_asked for one in tasks):
        about |= {"metrics": asked, "metrics_usd": round(asked * PRICE, 4)}
    resumed = sum(one.resumed for one in tasks)
    collected.inputs.append({**about, "resumed": resumed} if resumed else about)
    return collected


def _mark_unended(tasks: Iterable[Task], halt: Halt) -> None:
    """A task that has not ended still waits for an answer, which comes too late."""
    for one in tasks:
        if not one.ended:
            one.api.gaps.append(one.gap(INTERRUPTED, halt.reason))


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


def _keep(spool: Spool | None, task: Task) -> None:
    """Keep what an ended collector found, where asking again would find the same."""
    again = task.notices or not task.finished or any(not gap.denied for gap in task.api.gaps)
    if spool and not (again or task.collector.late):
        spool.save(task.collector, task.api.place, Ended(task.raws, task.api.gaps))


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
