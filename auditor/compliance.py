"""How a scan stands against compliance frameworks: a status for each control, from the verdicts of its checks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Final, Literal

from auditor.config import Config
from auditor.findings import Status, Verdict
from auditor.frameworks import Control, load, names
from auditor.registry import Check
from auditor.report import CONTROL_STATUSES, Compliance, ControlResult

_UNDECIDED: Final = (Status.UNKNOWN, Status.ERROR)


def assess(
    kind: Literal["templates", "account"],
    config: Config,
    checks: Iterable[Check],
    verdicts: Iterable[Verdict],
    hidden: Collection[str],
) -> list[Compliance]:
    """Judge the controls of the frameworks that the configuration asks for.

    Where it asks for none, and for no part of the checks, a report on an account has those that most want; one on
    templates has none.

    Args:
        kind: what was scanned.
        config: its `frameworks`.
        checks: those that were run.
        verdicts: what they said, suppressions applied.
        hidden: ids of checks that may have missed resources, as a call was not answered.

    Raises:
        UsageError: there is no framework of one of the names.
    """
    wanted: Sequence[str] = config.frameworks
    if not wanted and kind == "account" and not config.select:
        wanted = [name for name in names() if load(name).default]
    if not wanted:
        return []
    here = {check.id: _judges(check, kind) for check in checks}
    tallies: dict[str, Counter[Status]] = {check: Counter() for check, judges in here.items() if judges}
    for verdict in verdicts:
        tallies[verdict.check.id][verdict.status] += 1
    return [_framework(name, here, tallies, hidden) for name in dict.fromkeys(wanted)]


def _judges(check: Check, kind: str) -> bool:
    return "live" in check.inputs if kind == "account" else set(check.inputs) != {"live"}


def _framework(
    name: str, here: Mapping[str, bool], tallies: Mapping[str, Counter[Status]], hidden: Collection[str]
) -> Compliance:
    framework = load(name)
    controls = [_control(control, here, tallies, hidden) for control in framework.controls]
    counts = Counter(control.status for control in controls)
    return Compliance(
        name=name,
        title=framework.title,
        short=framework.short,
        version=framework.version,
        complete=framework.complete,
        source=framework.source,
        counts={status: counts[status] for status in CONTROL_STATUSES},
        controls=controls,
        note=framework.note,
    )


def _control(
    control: Control, here: Mapping[str, bool], tallies: Mapping[str, Counter[Status]], hidden: Collection[str]
) -> ControlResult:
    run = [check for check in control.checks if check in tallies]
    left_out = [check for check in control.checks if check not in here]
    elsewhere = [check for check in control.checks if here.get(check) is False]
    result = ControlResult(control.id, control.title, "not-covered", control.checks)
    result.reason = _not_run(left_out, elsewhere)
    if not run:
        return result
    total = sum((tallies[check] for check in run), Counter[Status]())
    result.verdicts = {status.value: total[status] for status in Status if total[status]}
    if total[Status.FAIL]:
        result.status = "fail"
        result.because = tuple(check for check in run if tallies[check][Status.FAIL])
        return result
    undecided = [check for check in run if check in hidden or any(tallies[check][one] for one in _UNDECIDED)]
    result.because = (*undecided, *left_out)  # what somebody chose not to ask is no pass
    if result.because:
        result.status = "unknown"
    elif total[Status.SUPPRESSED]:
        result.status = "accepted"
        result.because = tuple(check for check in run if tallies[check][Status.SUPPRESSED])
    else:
        result.status = "pass" if total[Status.PASS] else "no-resources"
    return result


def _not_run(left_out: Sequence[str], elsewhere: Sequence[str]) -> str:
    """Why some checks of a control have no say; empty where all have."""
    parts = []
    if left_out:
        parts.append(f"not run in this scan: {', '.join(left_out)}")
    if elsewhere:
        parts.append(f"not for this kind of input: {', '.join(elsewhere)}")
    return "; ".join(parts)
