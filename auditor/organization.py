"""Many accounts from one machine: which, one after the other and several at once, and what they add up to."""

from __future__ import annotations

import json
import logging
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from auditor.config import Config
from auditor.errors import UsageError
from auditor.findings import Level, Status
from auditor.gate import BROKEN, FAILS, HOLDS, INCOMPLETE
from auditor.report import Report, load
from auditor.score import Score
from auditor.unit import Outcome, Unit, work

if TYPE_CHECKING:
    from auditor.sources.account.manner import Manner

SCHEMA = "auditor-organization/1"

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


@dataclass(frozen=True, slots=True)
class FailedCheck:
    """How a check fares in one account or in all.

    Attributes:
        title, severity: the check's.
        findings: how often it failed.
        accounts: in how many accounts.
    """

    title: str
    severity: Level
    findings: int
    accounts: int = 1


@dataclass(slots=True)
class Line:
    """What the roll-up says of an account; its own report says the rest.

    Attributes:
        account, name: the account.
        status: `failed` where it could not be scanned, `skipped` where it was not to be.
        reason: why it was not scanned, or how its gate decided.
        exit_code: its gate's.
        score: overall.
        failures: number of failed (check, resource) pairs by severity.
        unknown: number of pairs that could not be decided.
        gaps, calls: calls to AWS that did not answer, and all of them.
        saving_low, saving_high: USD per month.
        reports: its files by format, relative to the roll-up.
    """

    account: str
    name: str
    status: Literal["scanned", "failed", "skipped"]
    reason: str
    exit_code: int = INCOMPLETE
    score: Score | None = None
    failures: dict[str, int] = field(default_factory=dict)
    findings: int = 0
    unknown: int = 0
    resources: int = 0
    gaps: int = 0
    calls: int = 0
    saving_low: float = 0.0
    saving_high: float = 0.0
    reports: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class RollUp:
    """What the accounts add up to.

    Attributes:
        accounts: one line for every account that was asked for, in their order; none is left out.
        checks: those that fail somewhere, the gravest first, then those that fail in the most accounts.
        exit_code: as of a scan: 1 a gate does not hold, 2 a check broke, 3 an account or a part of one was not read.
    """

    version: str
    created: str
    accounts: list[Line]
    checks: dict[str, FailedCheck]
    exit_code: int
    schema: str = SCHEMA

    def to_json(self) -> str:
        """As JSON text, ending in a newline."""
        return json.dumps(asdict(self), ensure_ascii=False, indent=1) + "\n"


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

    select(config)
    if not _ROLE.fullmatch(role_name):
        raise UsageError(f"{role_name!r} is no name of a role, such as Auditor or team/Auditor")
    base = open_session(profile, session=session, operations=OPERATIONS)
    region = start_region(base, regions, None)
    identity = identify(base.client("sts", region_name=region, config=client_config(1)), region)
    members = choose(read_members(accounts) if accounts else list_members(base, identity.home), include, exclude)
    if baseline and not (baseline / "index.json").is_file():
        raise UsageError(f"{baseline}: no scan of an organization was written there (it has no index.json)")
    _make(folder)

    def unit(member: Member) -> Unit:
        own = member.id == identity.account
        role = None if own else f"arn:{identity.partition}:iam::{member.id}:role/{role_name.strip('/')}"
        return Unit(member.id, role, None if own else external_id, tuple(regions), config, strict)

    halt = Halt()
    told = _Told(len(members), progress)
    lines: dict[str, Line] = {}
    counts: list[dict[str, FailedCheck]] = []

    def scan(member: Member) -> tuple[Line, dict[str, FailedCheck]]:
        if member.skipped:
            return _unscanned(member, "skipped", member.skipped), {}
        if halt:
            return _unscanned(member, "failed", f"the scan was stopped ({halt.reason}) before it began"), {}
        try:
            before = _earlier(baseline, member)
        except UsageError as error:
            return _unscanned(member, "failed", str(error)), {}
        outcome = work(
            unit(member),
            session=twin(base),
            manner=manner,
            baseline=before,
            against=str(baseline or ""),
            progress=told.within(member),
            halt=halt,
        )
        return _written(member, outcome, folder)

    with stopped_by_signals(halt), ThreadPoolExecutor(at_once, thread_name_prefix="auditor-account") as executor:
        under_way = {executor.submit(scan, member): member for member in members}
        for future in as_completed(under_way):
            member = under_way[future]
            try:
                line, checks = future.result()
            except Exception as error:  # a bug, which the other accounts shall not suffer from
                _log.debug("the scan of %s broke", member.id, exc_info=True)
                line, checks = _unscanned(member, "failed", f"the scan broke: {type(error).__name__}: {error}"), {}
            lines[member.id] = line
            counts.append(checks)
            told.ended(line)
    rolled = roll_up([lines[member.id] for member in members], counts)
    _write(rolled, folder)
    return rolled


def roll_up(lines: list[Line], counts: Iterable[Mapping[str, FailedCheck]]) -> RollUp:
    """What the accounts' lines and failed checks add up to."""
    from importlib.metadata import version

    from auditor.findings import Severity

    checks: dict[str, FailedCheck] = {}
    for failed in counts:
        for name, one in failed.items():
            before = checks.get(name)
            checks[name] = (
                replace(one, findings=before.findings + one.findings, accounts=before.accounts + 1) if before else one
            )
    order = sorted(
        checks.items(), key=lambda entry: (-Severity[entry[1].severity.upper()], -entry[1].accounts, entry[0])
    )
    codes = {line.exit_code for line in lines if line.status != "skipped"}
    worst = next((code for code in (BROKEN, FAILS, INCOMPLETE) if code in codes), HOLDS)
    created = datetime.now(UTC).isoformat(timespec="seconds")
    return RollUp(version("auditor"), created, lines, dict(order), worst)


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


def _unscanned(member: Member, status: Literal["failed", "skipped"], reason: str) -> Line:
    return Line(member.id, member.name, status, reason)


def _written(member: Member, outcome: Outcome, folder: Path) -> tuple[Line, dict[str, FailedCheck]]:
    """An account's reports in the folder, and what the roll-up says of it."""
    from reports.interface import render, suffix, write

    report = outcome.report
    if report is None:
        return _unscanned(member, "failed", outcome.reason), {}
    files = {name: f"{member.id}{suffix(name)}" for name in ("html", "json")}
    for name, file in files.items():
        write(render(report, name), folder / file)
    summary = report.summary
    line = Line(
        account=member.id,
        name=member.name,
        status="scanned",
        reason=report.gate.reason,
        exit_code=report.gate.exit_code,
        score=report.score,
        failures=summary.failures,
        findings=summary.findings,
        unknown=summary.verdicts.get(Status.UNKNOWN.value, 0),
        resources=summary.resources,
        gaps=len(report.gaps),
        calls=sum(report.calls.values()),
        saving_low=summary.saving_low,
        saving_high=summary.saving_high,
        reports=files,
    )
    return line, _failed(report)


def _failed(report: Report) -> dict[str, FailedCheck]:
    findings = Counter(result.check for result in report.results if result.status is Status.FAIL)
    return {
        check: FailedCheck(report.checks[check].title, report.checks[check].severity, number)
        for check, number in findings.items()
    }


def _earlier(folder: Path | None, member: Member) -> Report | None:
    """The account's report in the folder of an earlier scan; a new account has none."""
    file = folder / f"{member.id}.json" if folder else None
    return load(str(file)) if file and file.is_file() else None


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(f"{folder}: cannot be made: {error.strerror}") from error


def _write(rolled: RollUp, folder: Path) -> None:
    from reports.html.organization import render
    from reports.interface import write

    write(rolled.to_json(), folder / "index.json")
    write(render(rolled), folder / "index.html")
