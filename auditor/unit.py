"""The unit of work: one account, in some regions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from auditor.config import Config
from auditor.errors import UsageError
from auditor.report import Report
from auditor.scan import scan_account, select
from auditor.sources.account.failures import INTERRUPTED, Halt, Stopped

if TYPE_CHECKING:
    from auditor.sources.account.manner import Manner


@dataclass(frozen=True, slots=True)
class Unit:
    """What is to be scanned.

    Attributes:
        account: 12 digits, which the credentials must turn out to belong to.
        role_arn, external_id: the role to assume there; None where the credentials are the account's own.
        regions: those to look at; empty for all that are enabled.
        config: settings.
        strict: denied calls make the scan incomplete.
    """

    account: str
    role_arn: str | None = None
    external_id: str | None = None
    regions: tuple[str, ...] = ()
    config: Config = field(default_factory=Config)
    strict: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a unit: a report, or the reason why there is none.

    Attributes:
        stopped: it was stopped before it had begun, so that nothing but time was lacking.
    """

    account: str
    report: Report | None = None
    reason: str = ""
    stopped: bool = False

    @property
    def left(self) -> tuple[str, ...]:
        """The collectors that had not ended when the scan was stopped, by service and region."""
        if self.stopped:
            return ("everything",)
        stopped = [gap for gap in self.report.gaps if gap.code == INTERRUPTED] if self.report else []
        return tuple(sorted({f"{gap.service} in {gap.region or 'the account'}" for gap in stopped}))


def work(
    unit: Unit,
    *,
    session: Any = None,
    manner: Manner | None = None,
    baseline: Report | None = None,
    against: str = "",
    progress: Callable[[str], None] | None = None,
    halt: Halt | None = None,
) -> Outcome:
    """Scan one account. Credentials or a role that cannot be used are an outcome too.

    Args:
        unit: what to scan.
        session: a `boto3.Session` to sign in with; the environment's where None.
        manner, baseline, against, progress, halt: see `scan.scan_account`.

    Raises:
        UsageError: a setting names nothing, which no other account would fare better with.
    """
    select(unit.config)
    try:
        report = scan_account(
            unit.config,
            role_arn=unit.role_arn,
            external_id=unit.external_id,
            regions=unit.regions or None,
            session=session,
            manner=manner,
            strict=unit.strict,
            baseline=baseline,
            against=against,
            progress=progress,
            halt=halt,
        )
    except UsageError as error:
        return Outcome(unit.account, reason=str(error))
    except Stopped as stopped:
        return Outcome(unit.account, reason=f"the scan was stopped ({stopped}) before it had begun", stopped=True)
    found = [place["name"] for place in report.inputs if place["kind"] == "account"]
    if found != [unit.account]:
        return Outcome(unit.account, reason=f"the credentials belong to the account {', '.join(found)}")
    return Outcome(unit.account, report)
