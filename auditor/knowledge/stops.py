"""Whether a schedule stops an instance, a database, a notebook or an endpoint: EventBridge's, or a tool's by a tag."""

from __future__ import annotations

from typing import Any, Final, Protocol

from auditor.definitions.blocks import UNKNOWN
from auditor.definitions.content import read, reference
from auditor.inventory import Inventory
from auditor.members import either, flat, known_first, those
from auditor.raw import Raw
from auditor.resources.base import Resource, Struct
from auditor.resources.events import Rule
from auditor.resources.scheduler import Schedule
from auditor.resources.tags import Tags
from auditor.values import Undecided, Unknown, known, settle

STOPPERS: Final[tuple[type[Resource], ...]] = (Schedule, Rule)
"""What is looked at; a check that calls `is_stopped` names them in `uses`."""

# Tags that tools stop by: AWS's Instance Scheduler ("Schedule"), Cloud Custodian, and customary ones.
_TAGS: Final = (
    *("schedule", "scheduler", "instance-scheduler", "power-schedule", "office-hours", "working-hours", "uptime"),
    *("auto-stop", "autostop", "auto_stop", "auto-shutdown", "autoshutdown", "auto_shutdown", "shutdown", "auto-off"),
    *("stop-time", "stoptime", "stop_time", "off-hours", "offhours", "maid_offhours", "custodian_downtime"),
)
_NO: Final = ("", "no", "none", "false", "off", "never", "always", "always-on", "24x7", "24/7", "disabled")
# Ends of the targets that stop something, in lower case: operations of AWS services, runbooks of Systems Manager, and
# the target of EventBridge's own.
_STOPS: Final = (
    *(":aws-sdk:ec2:stopinstances", ":aws-sdk:rds:stopdbinstance", ":aws-sdk:rds:stopdbcluster"),
    *(":aws-sdk:sagemaker:stopnotebookinstance", ":aws-sdk:sagemaker:deleteendpoint"),
    *("/aws-stopec2instance", "/aws-stoprdsinstance", "/aws-startstopauroracluster", ":target/stop-instance"),
)


class Tagged(Protocol):
    """What has tags."""

    @property
    def tags(self) -> Tags:
        """Its tags."""
        ...


def is_stopped(resource: Resource, tags: Tagged, inventory: Inventory) -> bool:
    """Whether something that is seen stops a resource regularly; functions and scripts that do are not seen.

    Args:
        resource: an instance or a database.
        tags: the same resource, as what has tags.
        inventory: to look up `STOPPERS`.

    Raises:
        Undecided: nothing that is known does, and something may.
    """
    return either(
        lambda: (tags.tags.get(*_TAGS) or "").strip().lower() not in _NO,
        lambda: bool(inventory.referring(Schedule, _stopped_by_schedule, resource)),
        lambda: bool(inventory.referring(Rule, _stopped_by_rule, resource)),
    )


def _stopped_by_schedule(schedule: Schedule) -> tuple[str, ...]:
    if schedule.state != "ENABLED" or not _stops(_end(schedule, "target_arn")):
        return ()
    return _names(schedule.given("target_input"), schedule.raw)


def _stopped_by_rule(rule: Rule) -> tuple[str, ...]:
    if rule.schedule_expression is None or not rule.is_on:
        return ()
    stopping = those(rule.targets, lambda target: _stops(_end(target, "arn")))
    return flat(stopping, lambda target: _names(target.given("input"), rule.raw))


def _end(struct: Struct, field: str) -> str:
    """An ARN, or what follows the partition and region that a template leaves open."""
    value = settle(struct.given(field))
    if isinstance(value, Unknown) and value.parts and value.parts[-1]:
        return value.parts[-1]
    return str(known(value))


def _stops(arn: str) -> bool:
    name = arn.lower()
    return name.endswith(_STOPS) or name.rpartition(":")[0].endswith(_STOPS)  # a runbook's version may follow


def _names(given: Any, raw: Raw) -> tuple[str, ...]:
    """What the input of a target names, whatever its parameters are called."""
    given = settle(given)
    if isinstance(given, Unknown) and given.made_of is not None:
        return (given.made_of,)
    content = read(given, f"input of {raw.title or raw.id}")
    return known_first(_texts(content), lambda text: reference(text, raw))


def _texts(content: Any) -> tuple[str, ...]:
    content = known(content)
    if isinstance(content, str):
        if UNKNOWN in content:
            raise Undecided("what a schedule stops is known in part")
        return (content,)
    members = content.values() if isinstance(content, dict) else content if isinstance(content, list) else ()
    return flat(members, _texts)
