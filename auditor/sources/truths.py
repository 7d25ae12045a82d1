"""Truths that may be open: true, false, or a condition that deployment decides."""

from __future__ import annotations

from auditor.values import Condition, Every, Not

Truth = bool | Condition


def negated(truth: Truth) -> Truth:
    """The opposite."""
    if isinstance(truth, bool):
        return not truth
    return truth.inner if isinstance(truth, Not) else Not(truth)


def combined(kind: type[Every], members: list[Truth]) -> Truth:
    """All (`Every`) or one (`AnyOf`) of several, with what is known folded away."""
    open_ones: list[Condition] = []
    for member in members:
        if isinstance(member, bool):
            if member is kind.absorbing:
                return member
        elif not any(member is other for other in open_ones):
            open_ones.append(member)
    if not open_ones:
        return not kind.absorbing
    return open_ones[0] if len(open_ones) == 1 else kind(tuple(open_ones))
