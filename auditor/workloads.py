"""What works on training data and models, by the security groups that it runs in."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any, Final
from weakref import WeakKeyDictionary

from auditor.hops import beside, flat
from auditor.inventory import Inventory
from auditor.members import in_turn, known_first, some
from auditor.resources import emr, redshift, sagemaker, stepfunctions
from auditor.resources.base import Resource
from auditor.resources.vpc import SecurityGroup
from auditor.values import Undecided

WORKLOADS: Final[tuple[type[Resource], ...]] = (
    sagemaker.NotebookInstance,
    sagemaker.Model,
    sagemaker.TrainingJob,
    sagemaker.HyperParameterTuningJob,
    sagemaker.Pipeline,
    stepfunctions.StateMachine,
    emr.Cluster,
    redshift.Cluster,
)
"""What is looked at; a check that calls `group_users` names them in `uses`."""

# By security group, for each account and region, so that no group walks over all workloads again.
_USERS: WeakKeyDictionary[Inventory, dict[str, tuple[dict[str, list[str]], Undecided | None]]] = WeakKeyDictionary()


def group_users(group: SecurityGroup, inventory: Inventory) -> tuple[str, ...]:
    """The titles of the workloads that run in a security group.

    Reading past the known ones raises `Undecided` where the groups of some workload are not known.
    """
    if not group.scope.closed:
        everything = flat(WORKLOADS, lambda cls: beside(cls, group, inventory))
        return known_first(everything, lambda one: one.title if some(_groups(one), group.answers_to) else None)
    by_scope = _USERS.setdefault(inventory, {})
    if group.scope.name not in by_scope:
        by_scope[group.scope.name] = _index(group, inventory)
    users, undecided = by_scope[group.scope.name]
    found = [title for name in (group.raw.id, *group.raw.names) for title in users.get(str(name), ())]
    return in_turn(found, _then(undecided))


def _then(undecided: Undecided | None) -> Iterator[str]:
    if undecided:
        raise undecided
    yield from ()


def _index(near: Resource, inventory: Inventory) -> tuple[dict[str, list[str]], Undecided | None]:
    users: dict[str, list[str]] = defaultdict(list)
    undecided: Undecided | None = None
    try:
        everything = flat(WORKLOADS, lambda cls: beside(cls, near, inventory))
        for title, group in flat(everything, lambda one: [(one.title, name) for name in _groups(one)]):
            users[group].append(title)
    except Undecided as error:
        undecided = error
    return users, undecided


def _groups(workload: Any) -> tuple[str, ...]:
    """The security groups that a workload runs in."""
    if isinstance(workload, sagemaker.NotebookInstance):
        return workload.security_group_ids
    if isinstance(workload, sagemaker.Model):
        return workload.vpc_config.security_group_ids if workload.vpc_config else ()
    if isinstance(workload, redshift.Cluster):
        return workload.vpc_security_group_ids
    if isinstance(workload, emr.Cluster):
        named = (workload.master_security_group, workload.slave_security_group)
        return in_turn((name for name in named if name), workload.additional_master_security_groups)
    return flat(workload.trainings, lambda training: training.security_groups)
