"""The short message about a run over many accounts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from auditor.delivery.message import LONGEST_LIST, LONGEST_SUBJECT, Message
from auditor.gate import BROKEN, FAILS, HOLDS
from reports import text

if TYPE_CHECKING:
    from auditor.distributed.rollup import Alarm, RollUp

_VERDICTS = {HOLDS: "Gate holds", FAILS: "Gate fails", BROKEN: "Scan broken"}
_NAMED = 5
_IN_PART = {"partial": "in part: "}


def digest(rolled: RollUp, link: str = "") -> Message:
    """The message about a run: what is new and critical, and before all which accounts were not scanned.

    Args:
        rolled: what the accounts came to.
        link: where the whole report can be read.
    """
    point, news = rolled.point(), rolled.news
    alarms = news.alarms if news else []
    criticals = len(alarms) + (news.more if news else 0)
    verdict = _VERDICTS.get(rolled.exit_code, "Scan incomplete")
    counted = text.count(criticals, "new critical") if criticals else "no new criticals"
    read = point.scanned + point.partial
    subject = f"auditor: {verdict}, {counted} in {text.count(read, 'account')}"
    return Message(
        subject=text.clip(subject + (f", {point.failed:,} not scanned" if point.failed else ""), LONGEST_SUBJECT),
        headline=f"{verdict}. {text.count(point.findings, 'finding')} in {text.count(read, 'account')}.",
        news=_news(rolled),
        alarms=tuple(_alarm(one) for one in alarms[:LONGEST_LIST]),
        more=max(criticals - LONGEST_LIST, 0),
        savings=(f"{text.usd_range(point.saving_low, point.saving_high)} a month",) if point.saving_high else (),
        unseen=_unseen(rolled),
        link=text.clip(link),
    )


def is_news(rolled: RollUp) -> bool:
    """Whether somebody has to be told: a new critical finding, or an account that was not or not all scanned."""
    alarmed = rolled.news is not None and bool(rolled.news.alarms)
    return alarmed or any(line.status in ("failed", "partial") for line in rolled.accounts)


def _news(rolled: RollUp) -> str:
    news = rolled.news
    if news is None:
        return ""
    if not news.against:
        return "There is no earlier run to compare with."
    gone = f", {news.unseen:,} no longer seen" if news.unseen else ""
    return f"Since {text.clip(news.against)}: {news.new:,} new, {news.fixed:,} fixed{gone}."


def _alarm(alarm: Alarm) -> str:
    account = f"{alarm.name} ({alarm.account})" if alarm.name else alarm.account
    return f"{text.name(account)}: {text.clip(alarm.message)} ({text.name(alarm.check)})"


def _unseen(rolled: RollUp) -> str:
    """The accounts that were not scanned, the first by name and reason."""
    there = [line for line in rolled.accounts if line.status in ("failed", "partial")]
    if not there:
        return ""
    named = "; ".join(
        f"{text.name(line.name or line.account)} ({_IN_PART.get(line.status, '')}{text.clip(line.reason, 160)})"
        for line in there[:_NAMED]
    )
    more = f"; and {len(there) - _NAMED:,} more" if len(there) > _NAMED else ""
    return f"Not scanned: {named}{more}."
