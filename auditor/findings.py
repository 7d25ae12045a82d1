"""What a check says: severities, statuses, findings and verdicts."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from typing import TYPE_CHECKING, Literal, cast

from auditor.raw import Path, Raw

if TYPE_CHECKING:
    from auditor.pricing.savings import Saving
    from auditor.registry import Check
    from auditor.resources.base import Resource


Level = Literal["critical", "high", "medium", "low"]
"""A severity's name."""


class Severity(IntEnum):
    """How much harm a failed check can do; comparable, `CRITICAL` is the greatest."""

    LOW = 1
    MEDIUM = 2
    HIGH = 3
    CRITICAL = 4

    @property
    def label(self) -> Level:
        """The lower-case name that reports and the configuration use."""
        return cast("Level", self.name.lower())

    @property
    def weight(self) -> int:
        """How much a check of this severity counts in a pillar's score."""
        return {1: 1, 2: 2, 3: 5, 4: 10}[self.value]


class Status(StrEnum):
    """The outcome of one check on one resource."""

    FAIL = "fail"
    PASS = "pass"  # noqa: S105 - not a password
    UNKNOWN = "unknown"
    SUPPRESSED = "suppressed"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Hop:
    """One step of a path that a finding is about, such as the way from the internet to an instance.

    Attributes:
        title: the resource that lets through, as people call it.
        why: why it lets through, read after the title: "sends 0.0.0.0/0 to igw-1".
        resource: its address; empty where it is not declared or collected.
        change: what to change on it to cut the path there; empty where that is better done at another hop.
    """

    title: str
    why: str
    resource: str = ""
    change: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong with a resource; made by `Resource.fail`.

    Attributes:
        message: what is wrong, to be read after the resource's name: "has direct internet access".
        raw, path: the property that is wrong, in its source's own words.
        expected: what the property should hold, as it would be written; None where there is no one right value.
        saving: what mending it saves, for cost checks.
        hops: the path that it is about, hop by hop, for checks of what can be reached.
        secret: what stands there is a secret, never to be shown.
    """

    message: str
    raw: Raw
    path: Path = ()
    expected: str | None = None
    saving: Saving | None = None
    hops: tuple[Hop, ...] = ()
    secret: bool = False

    @property
    def field(self) -> str:
        """The property's path without list indexes."""
        return ".".join(step for step in self.path if isinstance(step, str))


@dataclass(frozen=True, slots=True)
class Suppression:
    """Why a failure is accepted, by whom and until when (ISO date, None for no end)."""

    reason: str
    by: str
    until: str | None = None


@dataclass(slots=True)
class Verdict:
    """The outcome of one check on one resource.

    Attributes:
        check: the check.
        resource: the resource it judged.
        status: the outcome.
        findings: what is wrong, for `fail` and `suppressed`; never empty there.
        reason: why it is `unknown`, or what went wrong for `error`.
        suppression: set for `suppressed`.
    """

    check: Check
    resource: Resource
    status: Status
    findings: tuple[Finding, ...] = ()
    reason: str = ""
    suppression: Suppression | None = None


def fingerprint(check_id: str, address: str, field: str, ordinal: int = 0) -> str:
    """A stable identity for a finding: 16 hex digits that do not change when lines move.

    `ordinal` tells apart several findings of one check on the same field of one resource.
    """
    text = "\x00".join((check_id, address, field, str(ordinal)))
    return hashlib.sha256(text.encode()).hexdigest()[:16]
