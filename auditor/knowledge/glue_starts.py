"""What starts a Glue job or crawler: triggers, state machines, schedules; Airflow may, and does not say so."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from auditor.definitions import State
from auditor.definitions.content import read_block, reference
from auditor.inventory import Inventory
from auditor.members import every, flat, known_first, some, those
from auditor.resources.base import Resource
from auditor.resources.glue import Crawler, Job, Trigger
from auditor.resources.mwaa import Environment
from auditor.resources.scheduler import Schedule
from auditor.resources.stepfunctions import StateMachine
from auditor.values import ABSENT, Undecided

STARTERS: Final[tuple[type[Resource], ...]] = (Trigger, StateMachine, Schedule, Environment)
"""What is looked at; a check that calls `is_started` names them in `uses`."""


def is_started(what: Job | Crawler, inventory: Inventory) -> bool:
    """Whether something beside it starts a job or crawler.

    Raises:
        Undecided: something may, such as an Airflow environment, or a state machine that is known in part.
    """
    job = isinstance(what, Job)
    questions: tuple[Callable[[], bool], ...] = (
        lambda: bool(inventory.referring(Trigger, _triggered_jobs if job else _triggered_crawlers, what)),
        lambda: bool(inventory.referring(StateMachine, _called_jobs if job else _called_crawlers, what)),
        lambda: bool(inventory.referring(Schedule, _scheduled_jobs if job else _scheduled_crawlers, what)),
        lambda: _airflow_may(what, inventory),
    )
    return some(questions, lambda question: question())


def _triggered_jobs(trigger: Trigger) -> tuple[str, ...]:
    return () if _is_by_hand(trigger) else known_first(trigger.actions, lambda action: action.job_name)


def _triggered_crawlers(trigger: Trigger) -> tuple[str, ...]:
    return () if _is_by_hand(trigger) else known_first(trigger.actions, lambda action: action.crawler_name)


def _is_by_hand(trigger: Trigger) -> bool:
    """Whether somebody has to start a trigger; one that begins a workflow may be started with that."""
    return every(lambda: trigger.type == "ON_DEMAND", lambda: trigger.workflow_name is None)


def _called_jobs(machine: StateMachine) -> tuple[str, ...]:
    return _called(machine, "startjobrun", "JobName")


def _called_crawlers(machine: StateMachine) -> tuple[str, ...]:
    return _called(machine, "startcrawler", "Name")


def _called(machine: StateMachine, action: str, key: str) -> tuple[str, ...]:
    def named(state: State) -> tuple[str, ...]:
        calls = those(state.integrations, lambda call: (call.service, call.action.lower()) == ("glue", action))
        return known_first(calls, lambda _: reference(state.arguments.text(key), machine.raw))

    return flat(machine.definition.states, named)


def _scheduled_jobs(schedule: Schedule) -> str | None:
    return _scheduled(schedule, "startJobRun", "JobName")


def _scheduled_crawlers(schedule: Schedule) -> str | None:
    return _scheduled(schedule, "startCrawler", "Name")


def _scheduled(schedule: Schedule, action: str, key: str) -> str | None:
    if schedule.state != "ENABLED" or not schedule.target_arn.endswith(f":aws-sdk:glue:{action}"):
        return None
    given = schedule.given("target_input")
    if given is ABSENT:
        return None
    return read_block(given, f"input of {schedule.title}", schedule.raw, ()).reference(key)


def _airflow_may(what: Job | Crawler, inventory: Inventory) -> bool:
    for environment in inventory.beside(Environment, what):
        raise Undecided(f"the Airflow environment {environment.title} may start it")
    return False
