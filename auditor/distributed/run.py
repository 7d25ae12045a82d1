"""A run over many accounts: which items it has, and what they came to.

In the bucket, `runs/<run>/` holds `manifest.json`, what was to be done; `items.json`, the same as an object for each
item, as Step Functions' map reads it; `index.html`, what came of it, and `index.json`, which is written last and makes
the run one to compare with; `told.json`, once the digest has been sent. `trend.json` holds the runs so far.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from auditor.config import Config
from auditor.distributed.item import WHOLE, Item, check_group, check_run
from auditor.distributed.rollup import Merge, Point, RollUp
from auditor.distributed.summary import Summary, combine, unscanned
from auditor.errors import UsageError
from auditor.organization import Member, choose
from auditor.shapes import validated
from auditor.unit import Unit

if TYPE_CHECKING:
    from auditor.distributed.store import Store

NO_RESULT: Final = "it gave no result: it ran out of time or memory, or could not be started; see the function's log"

_LOOK_BACK: Final = 7  # earlier runs that are asked for an account that the last one could not scan
_AT_ONCE: Final = 16
_BATCH: Final = 64
_REPORTS: Final = "../../"  # from a run's index.html to the prefix


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be done in a run.

    Attributes:
        run: begins with its date.
        bucket, prefix: where its results go.
        role_name: the role to assume in each account; without one the accounts are read with the own credentials.
        external_id: what the role's trust policy asks for.
        partition: `aws`, `aws-cn`, `aws-us-gov`.
        include, exclude: globs of ids and names of accounts.
        groups: regions by the group's name; each group is an item of its own. None: all regions of an account at once.
        config: key of an `auditor.toml` in the bucket.
        metrics_usd: the most that CloudWatch's metrics may cost in each item; None for no limit of ours.
        strict: denied calls make an account's scan incomplete.
    """

    run: str
    bucket: str
    prefix: str = ""
    role_name: str = ""
    external_id: str = ""
    partition: str = "aws"
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    groups: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    config: str = ""
    metrics_usd: float | None = None
    strict: bool = False

    def __post_init__(self) -> None:
        """Refuse what cannot be.

        Raises:
            UsageError: a run or a group has no proper name, or a group has no region.
        """
        check_run(self.run)
        for group, regions in self.groups.items():
            check_group(group)
            if not regions:
                raise UsageError(f"the group {group} has no region")

    @staticmethod
    def from_dict(data: Mapping[str, Any]) -> Plan:
        """A plan from data that JSON can hold.

        Raises:
            UsageError: it is none.
        """
        plan: Plan = validated(Plan, data, "no plan of a run")
        return plan


@dataclass(frozen=True, slots=True)
class Manifest:
    """A plan, and the accounts that it came to."""

    plan: Plan
    accounts: tuple[Member, ...]
    selected: tuple[str, ...] = ()

    def items(self) -> Iterator[Item]:
        """An item for each account and group of regions; the first group of an account tells what has no region."""
        for member in self.accounts:
            if not member.skipped:
                yield from self.items_of(member)

    def items_of(self, member: Member) -> Iterator[Item]:
        """Those of an account."""
        plan = self.plan
        role = f"arn:{plan.partition}:iam::{member.id}:role/{plan.role_name.strip('/')}" if plan.role_name else None
        for number, (group, regions) in enumerate((plan.groups or {WHOLE: ()}).items()):
            yield Item(
                run=plan.run,
                bucket=plan.bucket,
                prefix=plan.prefix,
                unit=Unit(
                    member.id,
                    role,
                    (plan.external_id or None) if role else None,
                    tuple(regions),
                    Config(),
                    plan.strict,
                ),
                group=group,
                elsewhere=tuple(one for name, others in plan.groups.items() if name != group for one in others),
                whole=number == 0,
                name=member.name,
                config=plan.config,
                metrics_usd=plan.metrics_usd,
            )

    @staticmethod
    def load(run: str, store: Store) -> Manifest:
        """That of a run.

        Raises:
            UsageError: there is no such run, or the store cannot be read.
        """
        content = store.get(_key(run, "manifest.json"))
        if content is None:
            raise UsageError(f"there is no run {run} in the bucket: begin it first")
        manifest: Manifest = validated(Manifest, json.loads(content), "a broken manifest")
        return manifest


def begin(plan: Plan, members: Sequence[Member], selected: Iterable[str], store: Store) -> tuple[Manifest, str, int]:
    """Write what is to be done; begun again, a run has the accounts that there are by then, and no results yet.

    Args:
        plan: what is to be done.
        members: all accounts, of which the plan chooses.
        selected: ids of the checks that are run.
        store: where its results go.

    Returns:
        The manifest, the key of the items, and how many these are.

    Raises:
        UsageError: the plan leaves no account, or the store cannot be written.
    """
    manifest = Manifest(plan, tuple(choose(members, plan.include, plan.exclude)), tuple(selected))
    items = [item.to_dict() for item in manifest.items()]
    old = [_key(plan.run, "told.json"), *store.keys(f"summaries/{plan.run}/")]
    with ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="auditor-begin") as executor:
        list(executor.map(store.delete, old))
    store.put(_key(plan.run, "manifest.json"), _json(asdict(manifest)))
    store.put(_key(plan.run, "items.json"), _json(items))
    return manifest, _key(plan.run, "items.json"), len(items)


def finish(run: str, store: Store) -> RollUp:
    """Merge what the items of a run came to, compare it with the run before, and write both.

    Every account of the manifest is in it: one that left no summary is named with that reason.

    Raises:
        UsageError: there is no such run, or the store cannot be read or written.
    """
    from reports.html.organization import render

    manifest = Manifest.load(run, store)
    earlier = _earlier(run, store)
    merge = Merge(earlier[0] if earlier else "", manifest.selected or None)
    members = iter(manifest.accounts)
    with ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="auditor-rollup") as executor:
        while batch := list(islice(members, _BATCH)):  # no more than these are in memory at once
            found = executor.map(lambda member: _summary(manifest, member, store), batch)
            before = executor.map(lambda member: _before(earlier, member, store), batch)
            for now, then in zip(found, before, strict=True):
                merge.add(now, then)
    rolled = merge.rolled((member.id for member in manifest.accounts), run, _trend(store))
    store.put(_key(run, "index.html"), render(rolled).encode("utf-8", "backslashreplace"))
    store.put("trend.json", _json([asdict(point) for point in rolled.trend]))
    store.put(_key(run, "index.json"), rolled.to_json().encode("utf-8", "backslashreplace"))
    return rolled


def told(run: str, store: Store) -> bool:
    """Whether the run's digest has been sent."""
    return store.get(_key(run, "told.json")) is not None


def mark_told(run: str, store: Store) -> None:
    """The run's digest has been sent."""
    store.put(_key(run, "told.json"), _json({"run": run}))


def _summary(manifest: Manifest, member: Member, store: Store) -> Summary:
    """What became of an account, as its items said."""
    if member.skipped:
        return unscanned(member.id, member.name, "skipped", member.skipped)
    found = []
    for item in manifest.items_of(member):
        content = store.get(item.summary)
        try:
            one = Summary.from_bytes(content) if content else unscanned(member.id, member.name, "failed", NO_RESULT)
        except UsageError as error:
            one = unscanned(member.id, member.name, "failed", str(error))
        divided = bool(manifest.plan.groups)
        if divided and one.line.status != "scanned":
            one.line.reason = f"{item.group}: {one.line.reason}"
        one.line.reports = {
            (f"{kind} {item.group}" if divided and not item.whole else kind): _REPORTS + key
            for kind, key in one.line.reports.items()
        }
        found.append(one)
    return combine(found)


def _before(earlier: Sequence[str], member: Member, store: Store) -> Summary | None:
    """What the last of the earlier runs that could scan the account said of it."""
    for run in earlier[:_LOOK_BACK]:
        contents = map(store.get, list(store.keys(f"summaries/{run}/{member.id}/")))
        found = [summary for content in contents if content and (summary := _readable(content))]
        if any(summary.line.status != "failed" for summary in found):
            return combine(found)
    return None


def _readable(content: bytes) -> Summary | None:
    try:
        return Summary.from_bytes(content)
    except UsageError:  # another version's: what it knew is compared with nothing
        return None


def _earlier(run: str, store: Store) -> list[str]:
    """The runs before this one that came to an end, the last one first."""
    ended = (key.split("/")[1] for key in store.keys("runs/") if key.endswith("/index.json"))
    return sorted((name for name in ended if name < run), reverse=True)


def _trend(store: Store) -> list[Point]:
    content = store.get("trend.json")
    trend: list[Point] = validated(list[Point], json.loads(content), "trend.json is broken") if content else []
    return trend


def _key(run: str, file: str) -> str:
    return f"runs/{run}/{file}"


def _json(data: Any) -> bytes:
    return (json.dumps(data, ensure_ascii=False) + "\n").encode("utf-8", "backslashreplace")
