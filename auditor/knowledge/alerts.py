"""Who is told when something goes wrong: alarms on metrics, and rules on the events of AWS services."""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from auditor.inventory import Inventory
from auditor.knowledge.eventpatterns import Event
from auditor.members import either, every, in_turn, some, those
from auditor.resources import applicationautoscaling, autoscaling
from auditor.resources.base import Resource
from auditor.resources.cloudwatch import Alarm, AnyAlarm, CompositeAlarm
from auditor.resources.events import Rule
from auditor.resources.logs import LogGroup
from auditor.values import Partial, Reference

ALERTS: Final[tuple[type[Resource], ...]] = (Alarm, CompositeAlarm, Rule)
"""What is looked up; a check that asks for any of it here names them in `uses`."""

# What changes capacity or stops machines, or only writes a log: nobody hears of it.
_TELLS_NOBODY: Final = re.compile(r"arn:[\w-]+:(autoscaling|automate|swf|logs):")
_SILENT: Final[tuple[type[Resource], ...]] = (
    autoscaling.ScalingPolicy,
    applicationautoscaling.ScalingPolicy,
    LogGroup,
)

R = TypeVar("R", bound=Resource)


@dataclass(frozen=True, slots=True)
class Happening:
    """An event that a service sends to EventBridge about a resource.

    Attributes:
        source, detail_type: as the service sends them: `aws.glue`, `Glue Job State Change`.
        subject: the member of its detail that names the resource.
        member, value: the member of its detail, dotted where it is nested, that says what happened: `state`, `FAILED`.
        lists_it: whether the resource's ARN is among the event's `resources`, too.
    """

    source: str
    detail_type: str
    subject: str
    member: str
    value: str
    lists_it: bool = False

    def event(self, resource: Resource | None = None) -> Event:
        """The event, about any resource where none is given."""
        outer, _, inner = self.member.partition(".")
        detail: dict[str, Any] = {outer: {inner: self.value} if inner else self.value}
        event: dict[str, Any] = {"source": self.source, "detail-type": self.detail_type, "detail": detail}
        if resource is not None:
            detail[self.subject] = resource
            event |= {"resources": resource} if self.lists_it else {}
        return event


def look(near: Resource, inventory: Inventory, *kinds: type[Resource]) -> None:
    """Hold a template that declares nothing of these kinds to leave them to another template.

    Raises:
        Undecided: it declares none, so that what watches its resources is not known.
    """
    if not some(kinds, lambda kind: bool(inventory.beside(kind, near))):
        some(inventory.all(kinds[0], near), lambda _: True)


def alarms_on(
    resource: Resource, watched: Callable[[Alarm], tuple[str, ...]], inventory: Inventory
) -> tuple[Alarm, ...]:
    """The alarms on metrics of a resource that reach somebody.

    Args:
        watched: what an alarm says it is about: `lambda alarm: alarm.values_of("StreamName")`. See
            `Inventory.referring` for what it must be.
    """
    queries = _once(resource, inventory, "queries", Alarm, lambda alarm: alarm.queries_all)
    alarms = in_turn(inventory.referring(Alarm, watched, to=resource), queries)
    return those(alarms, lambda alarm: tells_someone(alarm, inventory))


def tells_someone(alarm: AnyAlarm, inventory: Inventory) -> bool:
    """Whether somebody is told when an alarm goes off: by itself, by an alarm that it is part of, or by a rule."""
    if _acts(alarm, inventory):
        return True
    parents = inventory.referring(CompositeAlarm, lambda one: one.alarm_names, to=alarm)
    return either(
        lambda: some(parents, lambda one: _acts(one, inventory)), lambda: is_told(_IN_ALARM, alarm, inventory)
    )


_IN_ALARM: Final = Happening(
    "aws.cloudwatch", "CloudWatch Alarm State Change", "alarmName", "state.value", "ALARM", lists_it=True
)


def _acts(alarm: AnyAlarm, inventory: Inventory) -> bool:
    return every(
        lambda: alarm.actions_enabled,
        lambda: some(alarm.alarm_actions, lambda action: _reaches_someone(action, inventory)),
    )


def is_told(happening: Happening, resource: Resource, inventory: Inventory) -> bool:
    """Whether a rule tells somebody of something that happens to a resource."""
    event = happening.event(resource)
    return some(_rules_about(happening, resource, inventory), lambda rule: _matches(rule, event))


def _rules_about(happening: Happening, resource: Resource, inventory: Inventory) -> tuple[Rule, ...]:
    """The rules that may tell of it: in an account, without those that are plainly about other resources."""
    rules = _once(resource, inventory, happening, Rule, lambda rule: _tells_of(rule, happening.event(), inventory))
    if not resource.scope.closed or isinstance(rules, Partial):
        return rules

    def by_name() -> dict[str | None, list[Rule]]:
        found: dict[str | None, list[Rule]] = {}
        for rule in rules:
            names = rule.event_pattern.only_about(happening.subject) if rule.event_pattern else None
            for name in (None,) if names is None else names:
                found.setdefault(name, []).append(rule)
        return found

    index = inventory.remembered(resource, (happening, "by name"), by_name)
    names = (None, resource.raw.id, *resource.raw.names)
    return tuple(rule for name in names for rule in index.get(name, ()))


def _tells_of(rule: Rule, event: Event, inventory: Inventory) -> bool:
    return every(
        lambda: rule.hears_services,
        lambda: _matches(rule, event),
        lambda: some(rule.targets, lambda target: _reaches_someone(target.arn, inventory)),
    )


def _matches(rule: Rule, event: Event) -> bool:
    pattern = rule.event_pattern
    return pattern is not None and pattern.matches(event)


def _reaches_someone(reference: str, inventory: Inventory) -> bool:
    """Whether an alarm's action or a rule's target is more than a change of capacity or a line in a log."""
    if not isinstance(reference, Reference):
        return not _TELLS_NOBODY.match(reference)
    silent: Iterable[Resource] = (one for kind in _SILENT for one in inventory.of(kind))
    return not some(silent, lambda one: one.answers_to(reference))


def _once(
    near: Resource, inventory: Inventory, key: Hashable, cls: type[R], test: Callable[[R], bool]
) -> tuple[R, ...]:
    """The resources of a class beside another that pass a test, looked for once in an account and region."""

    def find() -> tuple[R, ...]:
        return those(inventory.beside(cls, near), test)

    return inventory.remembered(near, key, find)
