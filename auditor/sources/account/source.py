"""The account source: run the collectors over the regions of one account, and put together what they found."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any

from auditor.raw import Collected, Gap, Location, Notice, Raw
from auditor.sources.account.api import Api, Incomplete
from auditor.sources.account.calls import Calls
from auditor.sources.account.collector import Collector, load_collectors
from auditor.sources.account.failures import Halt
from auditor.sources.account.pool import Pool
from auditor.sources.account.regions import choose_regions
from auditor.sources.account.run import Task, run, stopped_by_signals
from auditor.sources.account.session import identify, open_session, start_region
from auditor.values import Unknown


def collect(
    *,
    profile: str | None = None,
    role_arn: str | None = None,
    external_id: str | None = None,
    regions: Collection[str] | None = None,
    types: Collection[str] | None = None,
    session: Any = None,
    workers: int = 16,
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
        workers: collectors that run at once, and as many calls for single resources.
        progress: is told of every collector that ended, from this thread.

    Raises:
        UsageError: the credentials, role or regions cannot be used; nothing was collected.
    """
    chosen = [one for one in load_collectors() if types is None or not set(types).isdisjoint(one.types)]
    operations = frozenset[str]().union(*(one.declared for one in chosen))
    session = open_session(profile, role_arn, external_id, session=session, operations=operations)
    halt = Halt()
    calls = Calls(session, halt, connections=2 * workers)
    region = start_region(session, regions, role_arn)
    identity = identify(calls.client("sts", region), region)
    calls.account = identity.account

    collected = Collected()
    where = choose_regions(calls, identity, regions, collected)
    pool = Pool(workers)

    def task(one: Collector, region: str) -> Task:
        api = Api(one, calls, pool, account=identity.account, region=region, partition=identity.partition)
        return Task(one, api)

    tasks = [task(one, identity.home) for one in chosen if one.scope == "global"]
    tasks += [task(one, region) for region in where for one in chosen if one.scope == "region"]
    try:
        with stopped_by_signals(halt):
            run(tasks, halt, workers, progress)
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
    collected.inputs.append(
        {
            "kind": "account",
            "name": identity.account,
            "regions": where,
            "alias": None,
            "resources": len(collected.raws),
            "calls": sum(calls.counts.values()),
        }
    )
    return collected


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
