"""The gate: whether a scan's results let a pull request or a pipeline go on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from auditor.findings import Severity, Status
from auditor.raw import Gap, Notice

if TYPE_CHECKING:
    from auditor.report import Result

HOLDS, FAILS, BROKEN, INCOMPLETE = 0, 1, 2, 3
"""Exit codes: the gate holds; it does not; bad usage or a bug in a check; it holds, but an input was not read."""


@dataclass(frozen=True, slots=True)
class Gate:
    """The gate's decision.

    Attributes:
        exit_code: 0 to 3, see above.
        fail_on: the severity from which findings fail it, or `never`.
        reason: one sentence for a person.
    """

    exit_code: int
    fail_on: str
    reason: str


def decide(
    results: Iterable[Result],
    severities: Mapping[str, Severity],
    fail_on: str,
    notices: Sequence[Notice] = (),
    gaps: Sequence[Gap] = (),
    *,
    strict: bool = False,
) -> Gate:
    """Decide on the results, and on whether all inputs were read.

    Args:
        results: all of the scan's; those that the baseline knows don't count.
        severities: of the checks, by id.
        fail_on: `critical`, `high`, `medium`, `low` or `never`.
        notices, gaps: what could not be read; denied calls count only when `strict`.
        strict: a denied call makes the scan incomplete.
    """
    least = None if fail_on == "never" else Severity[fail_on.upper()]
    broken: set[str] = set()
    failing = 0
    for result in results:
        if result.status is Status.ERROR:
            broken.add(result.check)
        if result.status is Status.FAIL and not result.known:
            failing += least is not None and severities[result.check] >= least
    unread = sum(notice.level == "error" for notice in notices)
    failed_calls = sum(strict or not gap.denied for gap in gaps)
    if broken:
        return Gate(BROKEN, fail_on, f"{_count(len(broken), 'check')} broke off with an error of their own")
    if failing:
        least_name = "" if fail_on == "critical" else " or above"
        return Gate(FAILS, fail_on, f"{_count(failing, 'finding')} of severity {fail_on}{least_name}")
    if unread or failed_calls:
        missing = " and ".join(
            text
            for count, text in (
                (unread, _count(unread, "input") + " could not be read"),
                (failed_calls, _count(failed_calls, "call") + " failed"),
            )
            if count
        )
        return Gate(INCOMPLETE, fail_on, f"the gate holds for what was read, but {missing}")
    if least is None:
        return Gate(HOLDS, fail_on, "the gate is switched off")
    return Gate(HOLDS, fail_on, f"no finding of severity {fail_on}{'' if fail_on == 'critical' else ' or above'}")


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
