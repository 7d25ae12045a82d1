"""Many accounts from one machine: which, one after the other and several at once, and what they add up to."""

from __future__ import annotations

import json
import logging
import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING, Any

from auditor.config import Config
from auditor.distributed.rollup import Merge, RollUp
from auditor.distributed.summary import Line, Summary, summarise, unscanned
from auditor.errors import UsageError
from auditor.report import Report, load
from auditor.unit import Outcome, Unit, work
from reports.interface import make_folder

if TYPE_CHECKING:
    from auditor.sources.account.manner import Manner

OPERATIONS = frozenset({"organizations:ListAccounts"})
"""What finding the accounts takes, beside what every scan calls."""

_ID = re.compile(r"\d{12}")
_ROLE = re.compile(r"[\w+=,.@/-]{1,512}")
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Member:
    """An account, and why it is passed over, where it is."""

    id: str
    name: str = ""
    skipped: str = ""


# --- which accounts -------------------------------------------------------------------------------------------------


def list_members(session: Any, region: str) -> list[Member]:
    """The accounts of the organization that the credentials belong to.

    Args:
        session: a session that may call `OPERATIONS`.
        region: where to ask.

    Raises:
        UsageError: Organizations does not tell.
    """
    from auditor.sources.account.calls import Calls
    from auditor.sources.account.failures import CallFailed, Halt

    try:
        accounts = list(Calls(session, Halt()).pages("organizations", region, "ListAccounts", "Accounts", {}))
    except CallFailed as failed:
        raise UsageError(
            f"The accounts cannot be listed ({failed}). Only the organization's management account and delegated"
            " administrators may; else name the accounts in a file (--accounts)."
        ) from failed
    states = ((one, one.get("State") or one.get("Status", "ACTIVE")) for one in accounts)
    return [
        Member(one["Id"], one.get("Name", ""), "" if state == "ACTIVE" else f"the account is {state.lower()}")
        for one, state in states
    ]


def read_members(path: str) -> list[Member]:
    """The accounts that a file names: an id a line, maybe with a name after it, or what `aws organizations` prints.

    Raises:
        UsageError: the file cannot be read, names none, or a line of it is no account.
    """
    try:
        text = Path(path).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{path}: cannot be read: {error}") from error
    entries = _json_entries(path, text) if text.lstrip()[:1] in ("[", "{") else _line_entries(text)
    members: dict[str, Member] = {}
    for place, number, name in entries:
        if not _ID.fullmatch(number):
            raise UsageError(f"{path}: {place}: {number!r} is no account id, which has 12 digits")
        members.setdefault(number, Member(number, name))
    if not members:
        raise UsageError(f"{path}: names no account")
    return list(members.values())


def _line_entries(text: str) -> Iterable[tuple[str, str, str]]:
    for number, line in enumerate(text.splitlines(), 1):
        words = line.partition("#")[0].replace(",", " ").split(maxsplit=1)
        if words:
            yield f"line {number}", words[0], words[1].strip() if len(words) > 1 else ""


def _json_entries(path: str, text: str) -> Iterable[tuple[str, str, str]]:
    try:
        content = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise UsageError(f"{path}: not valid JSON: {error}") from error
    accounts = content.get("Accounts") if isinstance(content, dict) else content
    if not isinstance(accounts, list):
        raise UsageError(f"{path}: has no list of accounts")
    for number, one in enumerate(accounts, 1):
        known = one if isinstance(one, dict) else {"Id": one}
        yield f"account {number}", str(known.get("Id", "")), str(known.get("Name", ""))


def choose(members: Sequence[Member], include: Sequence[str], exclude: Sequence[str]) -> list[Member]:
    """Those of the accounts that are wanted, by globs of ids and names.

    Raises:
        UsageError: a glob matches no account, or none is left.
    """
    for glob in (*include, *exclude):
        if not any(_matches(member, glob) for member in members):
            raise UsageError(f"no account's id or name matches {glob!r}")
    chosen = [
        member
        for member in members
        if (not include or any(_matches(member, glob) for glob in include))
        and not any(_matches(member, glob) for glob in exclude)
    ]
    if not chosen:
        raise UsageError("no account is left to scan")
    return chosen


def _matches(member: Member, glob: str) -> bool:
    return fnmatchcase(member.id, glob) or fnmatchcase(member.name, glob)


# --- scanning them --------------------------------------------------------------------------------------------------


def scan_organization(
    config: Config,
    folder: Path,
    *,
    role_name: str,
    external_id: str | None = None,
    profile: str | None = None,
    accounts: str | None = None,
    include: Sequence[str] = (),
    exclude: Sequence[str] = (),
    regions: Sequence[str] = (),
    at_once: int = 4,
    strict: bool = False,
    manner: Manner | None = None,
    baseline: Path | None = None,
    session: Any = None,
    progress: Callable[[str], None] | None = None,
) -> RollUp:
    """Scan many accounts, and write a report of each and a roll-up into a folder.

    The account that the credentials belong to is scanned with them, the others with the role. After the first Ctrl-C
    or SIGTERM no further account is begun; those under way stop asking, and their reports, marked partial, and the
    roll-up are written.

    Args:
        config: settings.
        folder: where the reports go; it is made where it is missing.
        role_name: the role to assume in each account, with its path where it has one.
        external_id: what the role's trust policy asks for.
        profile: name in the AWS configuration; else the environment decides.
        accounts: a file that names the accounts, instead of the organization.
        include, exclude: globs of ids and names of accounts.
        regions: instead of all that are enabled in each account.
        at_once: how many accounts are scanned at the same time.
        strict: a denied call makes an account's scan incomplete.
        manner: how fast each account is asked, what is kept meanwhile, what is logged.
        baseline: the folder of an earlier scan; only findings that an account's report there lacks count for its gate.
        session: a `boto3.Session` to sign in with, instead of `profile` and the environment.
        progress: called with a line of text now and then, from several threads.

    Raises:
        UsageError: the credentials, the accounts, the baseline or the settings cannot be used; nothing was scanned.
    """
    from auditor.scan import select
    from auditor.sources.account.failures import Halt
    from auditor.sources.account.run import stopped_by_signals
    from auditor.sources.account.session import client_config, identify, open_session, start_region, twin

    checks = select(config)
    if not _ROLE.fullmatch(role_name):
        raise UsageError(f"{role_name!r} is no name of a role, such as Auditor or team/Auditor")
    base = open_session(profile, session=session, operations=OPERATIONS)
    region = start_region(base, regions, None)
    identity = identify(base.client("sts", region_name=region, config=client_config(1)), region)
    members = choose(read_members(accounts) if accounts else list_members(base, identity.home), include, exclude)
    if baseline and not (baseline / "index.json").is_file():
        raise UsageError(f"{baseline}: no scan of an organization was written there (it has no index.json)")
    make_folder(folder)

    def unit(member: Member) -> Unit:
        own = member.id == identity.account
        role = None if own else f"arn:{identity.partition}:iam::{member.id}:role/{role_name.strip('/')}"
        return Unit(member.id, role, None if own else external_id, tuple(regions), config, strict)

    halt = Halt()
    told = _Told(len(members), progress)

    def scan(member: Member) -> tuple[Summary, Summary | None]:
        if member.skipped:
            return unscanned(member.id, member.name, "skipped", member.skipped), None
        if halt:
            return _failed(member, f"the scan was stopped ({halt.reason}) before it began"), None
        try:
            before = _earlier(baseline, member)
        except UsageError as error:
            return _failed(member, str(error)), None
        outcome = work(
            unit(member),
            session=twin(base),
            manner=manner,
            baseline=before,
            against=str(baseline or ""),
            progress=told.within(member),
            halt=halt,
        )
        then = summarise(Outcome(member.id, before), member.name) if before else None
        return _written(member, outcome, folder), then

    merge = Merge(str(baseline) if baseline else None, [check.id for check in checks])
    with stopped_by_signals(halt), ThreadPoolExecutor(at_once, thread_name_prefix="auditor-account") as executor:
        under_way = {executor.submit(scan, member): member for member in members}
        for future in as_completed(under_way):
            member = under_way.pop(future)
            try:
                now, then = future.result()
            except Exception as error:  # a bug, which the other accounts shall not suffer from
                _log.debug("the scan of %s broke", member.id, exc_info=True)
                now, then = _failed(member, f"the scan broke: {type(error).__name__}: {error}"), None
            merge.add(now, then)
            told.ended(now.line)
    rolled = merge.rolled(member.id for member in members)
    _write(rolled, folder)
    return rolled


# --- how ------------------------------------------------------------------------------------------------------------


class _Told:
    """What a person is told while it goes on."""

    def __init__(self, members: int, progress: Callable[[str], None] | None) -> None:
        self._members = members
        self._progress = progress
        self._totals: Counter[str] = Counter()

    def within(self, member: Member) -> Callable[[str], None] | None:
        """What a member's scan tells."""
        if self._progress is None:
            return None
        tell = self._progress
        return lambda text: tell(f"{self._sum()}; {member.name or member.id}: {text}")

    def ended(self, line: Line) -> None:
        """A member's scan ended."""
        self._totals.update(accounts=1, calls=line.calls, gaps=line.gaps)
        if self._progress:
            self._progress(f"{self._sum()}; {line.name or line.account}: {line.status}")

    def _sum(self) -> str:
        done = self._totals
        return f"{done['accounts']}/{self._members} accounts, {done['calls']:,} calls, {done['gaps']:,} gaps"


def _failed(member: Member, reason: str) -> Summary:
    return unscanned(member.id, member.name, "failed", reason)


def _written(member: Member, outcome: Outcome, folder: Path) -> Summary:
    """An account's reports in the folder, and what the roll-up says of it."""
    from reports.interface import render, suffix, write

    summary = summarise(outcome, member.name)
    if outcome.report:
        summary.line.reports = {name: f"{member.id}{suffix(name)}" for name in ("html", "json")}
        for name, file in summary.line.reports.items():
            write(render(outcome.report, name), folder / file)
    return summary


def _earlier(folder: Path | None, member: Member) -> Report | None:
    """The account's report in the folder of an earlier scan; a new account has none."""
    file = folder / f"{member.id}.json" if folder else None
    return load(str(file)) if file and file.is_file() else None


def _write(rolled: RollUp, folder: Path) -> None:
    from reports.html.organization import render
    from reports.interface import write

    write(rolled.to_json(), folder / "index.json")
    write(render(rolled), folder / "index.html")
