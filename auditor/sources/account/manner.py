"""How an account is asked: how fast, what is kept meanwhile, what is logged."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Manner:
    """How an account is asked.

    Attributes:
        workers: collectors that run at once, and as many calls for single resources.
        rate: the most requests a second to one service in one region, retries included; None for no limit of ours.
        call_log: a file that gets a line for every call.
        spool: a folder where it is kept what the collectors that have ended found, until all have; None for nowhere.
        resume: take over what an earlier scan of the same kept there, and ask only the rest.
    """

    workers: int = 16
    rate: float | None = None
    call_log: str | None = None
    spool: Path | None = None
    resume: bool = False


DEFAULT = Manner()
