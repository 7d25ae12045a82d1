"""Whether a schedule stops an instance, a database, a notebook or an endpoint: EventBridge's, or a tool's by a tag."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Final, Protocol

from auditor.definitions.content import reference
from auditor.inventory import Inventory
from auditor.members import either, flat
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
    return _names(schedule.target_input, schedule.raw)


def _stopped_by_rule(rule: Rule) -> tuple[str, ...]:
    if rule.schedule_expression is None or rule.state == "DISABLED":
        return ()
    return flat(rule.targets, lambda target: _names(target.input, rule.raw) if _stops(_end(target, "arn")) else ())


def _end(struct: Struct, field: str) -> str:
    """An ARN, or what follows the partition and region that a template leaves open."""
    value = settle(struct.given(field))
    if isinstance(value, Unknown) and value.parts and value.parts[-1]:
        return value.parts[-1]
    return str(known(value))


def _stops(arn: str) -> bool:
    name = arn.lower()
    return name.endswith(_STOPS) or name.rpartition(":")[0].endswith(_STOPS)  # a runbook's version may follow


def _names(given: str | None, raw: Raw) -> tuple[str, ...]:
    """What the input of a target names, whatever its parameters are called."""
    try:
        content: Any = json.loads(given or "null")
    except ValueError:
        raise Undecided(f"what {raw.title or raw.id} stops is not JSON") from None
    return tuple(reference(text, raw) for text in _texts(content))


def _texts(content: Any) -> Iterator[str]:
    if isinstance(content, str):
        yield content
    elif isinstance(content, dict | list):
        for member in content.values() if isinstance(content, dict) else content:
            yield from _texts(member)
