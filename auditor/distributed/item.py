"""One piece of a run, as plain data in and plain data out, and the keys under which its results lie.

Every key is made of the run, the account and the group of regions, and of nothing else: whoever does the same piece
again writes over what was there, so that nothing is ever there twice.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Final, Literal

from auditor.errors import UsageError
from auditor.shapes import validated
from auditor.unit import Unit

WHOLE: Final = "all"
"""The name of the group where an account's regions are not divided."""

Status = Literal["scanned", "partial", "failed", "skipped"]
"""What becomes of an account, or of an item of it; an item is never skipped."""

_RUN: Final = re.compile(r"\d{4}-\d{2}-\d{2}[\w.-]{0,40}")
_GROUP: Final = re.compile(r"[\w-]{1,40}")


@dataclass(frozen=True, slots=True)
class Item:
    """What is to be scanned, and where its results go.

    Attributes:
        run: begins with its date; all items of a run have the same.
        bucket, prefix: where in S3.
        unit: the account, the role and the regions.
        group: what the unit's regions are called together.
        elsewhere: regions that other items of the same account look at.
        whole: this item also tells what belongs to no region that an item has been given, such as IAM.
        name: the account's.
        config: key of an `auditor.toml` in the bucket, below the prefix; without one the unit's own settings hold.
        metrics_usd: the most that CloudWatch's metrics may cost; None for no limit of ours.
    """

    run: str
    bucket: str
    unit: Unit
    prefix: str = ""
    group: str = WHOLE
    elsewhere: tuple[str, ...] = ()
    whole: bool = True
    name: str = ""
    config: str = ""
    metrics_usd: float | None = None

    def __post_init__(self) -> None:
        """Refuse names that would make other keys than these.

        Raises:
            UsageError: the run does not begin with a date, or the group is no plain name.
        """
        check_run(self.run)
        check_group(self.group)

    def to_dict(self) -> dict[str, Any]:
        """As data that JSON can hold, without what is as it always is."""
        from pydantic import TypeAdapter

        plain: dict[str, Any] = TypeAdapter(Item).dump_python(self, mode="json", exclude_defaults=True)
        return plain

    @staticmethod
    def from_dict(data: Mapping[str, Any]) -> Item:
        """What `to_dict` gave, or somebody wrote by hand.

        Raises:
            UsageError: it is something else.
        """
        item: Item = validated(Item, data, "no item of a run")
        return item

    def tells(self, region: str | None) -> bool:
        """Whether what lies in a region (None: in no region) is this item's to tell, or another's of the account."""
        return region in self.unit.regions or (self.whole and region not in self.elsewhere)

    @property
    def place(self) -> str:
        """What the item's own keys have in common."""
        return f"{self.run}/{self.unit.account}/{self.group}"

    @property
    def findings(self) -> str:
        """Its findings, a record a line, compressed. The day's last run is the one whose findings stay."""
        return f"findings/date={self.run[:10]}/account={self.unit.account}/{self.group}.jsonl.gz"

    @property
    def summary(self) -> str:
        """What the roll-up needs of it."""
        return f"summaries/{self.place}.json.gz"

    @property
    def spool(self) -> str:
        """What it has found so far, where it was not done in time."""
        return f"spool/{self.place}.tar.gz"

    def report(self, suffix: str) -> str:
        """Its report in the format of a suffix (`.html`)."""
        return f"reports/{self.place}{suffix}"


@dataclass(frozen=True, slots=True)
class Done:
    """What became of an item: counts and pointers, never findings.

    Attributes:
        status: `partial` where it was not done in time: the same item again goes on from there.
        reason: why it was not scanned, or how its gate decided.
        counts: findings, unknown verdicts, resources, calls, gaps.
        keys: what was written, by what it is, below the prefix.
        left: the collectors that have not been run yet, each with its region.
    """

    run: str
    account: str
    group: str
    regions: tuple[str, ...]
    status: Status
    reason: str = ""
    counts: dict[str, int] = field(default_factory=dict)
    keys: dict[str, str] = field(default_factory=dict)
    left: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """As data that JSON can hold."""
        return asdict(self)


def check_run(run: str) -> None:
    """Refuse what cannot name a run.

    Raises:
        UsageError: it does not begin with a date, or holds other characters than keys have.
    """
    if not _RUN.fullmatch(run):
        raise UsageError(f"{run!r} names no run: it begins with its date, such as 2026-11-23 or 2026-11-23-again")


def check_group(group: str) -> None:
    """Refuse what cannot name a group of regions.

    Raises:
        UsageError: it holds other characters than letters, digits, `_` and `-`, or more than 40.
    """
    if not _GROUP.fullmatch(group):
        raise UsageError(f"{group!r} names no group of regions: letters, digits, - and _ make such a name")
