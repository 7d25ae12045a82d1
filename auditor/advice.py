"""What AWS recommends about a resource and what a check found there: one finding where they say the same.

They do where both are about the same resource and the same kind of saving. The check's own finding stays, as people
suppress and track it by the check, and names who else says so; the figure is that of the better evidence.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace

from auditor.findings import Finding, Status, Verdict
from auditor.pricing.saving import Saving
from auditor.resources.computeoptimizer import Recommended

_RANK = {"high": 3, "medium": 2, "low": 1}

_Key = tuple[str, str]
"""A resource's ARN, and the kind of saving."""


def merged(verdicts: Iterable[Verdict]) -> list[Verdict]:
    """The verdicts without the recommendations that another finding says already, which names them then."""
    every = list(verdicts)
    advised: defaultdict[_Key, list[Verdict]] = defaultdict(list)
    for verdict in every:
        if key := _key_of_advice(verdict):
            advised[key].append(verdict)
    if not advised:
        return every
    own = {key for verdict in every if not _is_advice(verdict) for key in _keys(verdict)}
    kept: list[Verdict] = []
    for verdict in every:
        key = _key_of_advice(verdict)
        if key is None:
            kept.append(_with_advice(verdict, advised))
        elif key not in own and verdict is advised[key][0]:
            kept.append(_joined(verdict, advised[key][1:]))
    return kept


def _is_advice(verdict: Verdict) -> bool:
    return isinstance(verdict.resource, Recommended)


def _key_of_advice(verdict: Verdict) -> _Key | None:
    """What a recommendation that failed is about; None of other verdicts, and of one about the account as a whole."""
    resource = verdict.resource
    if not isinstance(resource, Recommended) or verdict.status is not Status.FAIL or resource.resource_arn is None:
        return None
    return next(((resource.resource_arn, one.saving.kind) for one in verdict.findings if one.saving), None)


def _keys(verdict: Verdict) -> Iterator[_Key]:
    if verdict.status is Status.FAIL:
        yield from ((verdict.resource.raw.id, one.saving.kind) for one in verdict.findings if one.saving)


def _with_advice(verdict: Verdict, advised: dict[_Key, list[Verdict]]) -> Verdict:
    if _is_advice(verdict) or not any(key in advised for key in _keys(verdict)):
        return verdict
    seen: set[_Key] = set()
    findings = []
    for finding in verdict.findings:
        key = (verdict.resource.raw.id, finding.saving.kind) if finding.saving else None
        if key in advised and key not in seen:  # of several findings, one takes AWS's figure, which is of the whole
            seen.add(key)
            finding = _named(finding, advised[key])
        findings.append(finding)
    return replace(verdict, findings=tuple(findings))


def _joined(verdict: Verdict, others: list[Verdict]) -> Verdict:
    """A recommendation with those of other services that say the same."""
    first, *rest = verdict.findings
    return replace(verdict, findings=(_named(first, others), *rest)) if others else verdict


def _named(finding: Finding, advice: list[Verdict]) -> Finding:
    """A finding that names who else says so, with the figure of the better evidence."""
    names = sorted({one.resource.by for one in advice if isinstance(one.resource, Recommended)})
    saving = finding.saving
    for one in advice:
        saving = _better(saving, one.findings[0].saving)
    who = f"{' and '.join(names)} {'say' if len(names) > 1 else 'says'} so, too"
    return replace(finding, message=f"{finding.message}; {who}", saving=saving)


def _better(own: Saving | None, other: Saving | None) -> Saving | None:
    """The figure of the better evidence, whose basis names the other; their own of two that are as good."""
    if own is None or other is None:
        return own or other
    best, second = (other, own) if _RANK[other.confidence] > _RANK[own.confidence] else (own, other)
    return replace(best, basis=f"{best.basis}; {second.source}: ${second.low:,.2f} to ${second.high:,.2f} a month")
