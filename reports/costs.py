"""Where the money is, in the words that all reports have for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reports import text

if TYPE_CHECKING:
    from auditor.report import Report, Share

NOTE: Final = "list prices, before discounts"
_KINDS: Final = {"idle": "idle", "oversize": "too large", "spot": "spot capacity", "commitment": "commitment", "": ""}


def figure(share: Share) -> str:
    """What it comes to a month: `$1,200–2,939`."""
    return text.usd_range(share.low, share.high)


def called(report: Report, share: Share) -> str:
    """The resource, service or team that a share is of."""
    if share.name is None:
        return "team not known"
    if not share.name:
        return "no team tag"
    resource = report.resources.get(share.name)
    return text.name(resource.title if resource else share.name)


def about(share: Share) -> str:
    """What a saving is and how sure: `idle, high confidence`."""
    kinds = [text.name(_KINDS.get(kind, kind)) for kind in share.kinds]
    return ", ".join(filter(None, [*kinds, sureness(share)]))


def sureness(share: Share) -> str:
    """How sure it is; of several how much is how sure: `$9,319 high, $7,684 low confidence`."""
    if len(share.confidence) > 1:
        told = [f"{text.usd(usd)} {text.name(name)}" for name, usd in share.confidence.items()]
    else:
        told = list(map(text.name, share.confidence))
    return f"{', '.join(told)} confidence" if told else ""


def running(report: Report) -> str:
    """What templates cost if always on, with the services that cost most; empty where that is not known."""
    costs = report.costs.running if report.costs else None
    if not costs or not costs.high:
        return ""
    shares = [f"{called(report, share)} {figure(share)}" for share in costs.services[:3]]
    rest = len(costs.services) - len(shares)
    more = f" and {text.count(rest, 'other service')}" if rest else ""
    split = f": {', '.join(shares)}{more}" if len(costs.services) > 1 else ""
    oldest = min(share.as_of for share in costs.services)
    total = text.usd_range(costs.low, costs.high)
    return f"{total} a month if always on ({NOTE}, oldest of {text.name(oldest)}){split}"
