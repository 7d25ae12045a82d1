"""What the last runs of a Glue job took."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Final

from auditor.clock import now
from auditor.inventory import Inventory
from auditor.members import flat, those
from auditor.resources.glue import Job, JobHistory, JobRun

DAYS: Final = 30
"""Days of runs that are looked at; the history may end earlier."""


def recent(job: Job, inventory: Inventory) -> tuple[JobRun, ...]:
    """A job's runs of the last 30 days, newest first; none where no history is kept of it, as in a template."""
    since = now() - timedelta(days=DAYS)
    histories = inventory.referring(JobHistory, _job, job)
    runs = flat(histories, lambda history: history.runs)
    return those(runs, lambda run: run.started_on is not None and run.started_on >= since)


def _job(history: JobHistory) -> str:
    return history.raw.id


def dpu_hours(runs: Iterable[JobRun]) -> float | None:
    """The DPU-hours of runs together; None where there are none, or one's are not known."""
    hours = [run.dpu_hours for run in runs]
    known = [one for one in hours if one is not None]
    return sum(known) if known and len(known) == len(hours) else None
