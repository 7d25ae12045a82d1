"""Savings Plans. They have no CloudFormation type."""

from datetime import datetime
from typing import Annotated

from auditor.resources.base import Resource
from auditor.resources.fields import From


class SavingsPlan(Resource, cfn="api:SavingsPlans::SavingsPlan"):
    """A Savings Plan that is active or queued; `commitment` is in `currency` per hour."""

    savings_plan_type: str
    state: str
    commitment: float
    currency: str
    start: Annotated[datetime, From(live="Start")]
    end: Annotated[datetime, From(live="End")]
