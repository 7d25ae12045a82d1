"""How an account is asked: how fast, what is kept meanwhile, what is logged."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from auditor.utilisation.queries import PRICE


@dataclass(frozen=True, slots=True)
class Metrics:
    """How CloudWatch is asked for metrics, which costs 0.01 USD per thousand.

    Attributes:
        off: not at all.
        lookback: how many days of them.
        budget: the most that it may cost, in USD; None for no limit of ours.
        announce: is told beforehand how many metrics will be asked for and what that costs, in USD; from any thread.
    """

    off: bool = False
    lookback: int = 14
    budget: float | None = None
    announce: Callable[[int, float], None] | None = None

    @property
    def affordable(self) -> int | None:
        """How many metrics the budget pays for; None where there is no limit."""
        return None if self.budget is None else int(self.budget / PRICE + 1e-9)


@dataclass(frozen=True, slots=True)
class Manner:
    """How an account is asked.

    Attributes:
        workers: collectors that run at once, and as many calls for single resources.
        rate: the most requests a second to one service in one region, retries included; None for no limit of ours.
        call_log: a file that gets a line for every call.
        spool: a folder where it is kept what the collectors that have ended found, until all have; None for nowhere.
        resume: take over what an earlier scan of the same kept there, and ask only the rest.
        paid: ask Cost Explorer too, at 0.01 USD a request.
        metrics: how CloudWatch is asked for metrics.
    """

    workers: int = 16
    rate: float | None = None
    call_log: str | None = None
    spool: Path | None = None
    resume: bool = False
    paid: bool = False
    metrics: Metrics = Metrics()


DEFAULT = Manner()
