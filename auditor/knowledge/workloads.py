"""What works on training data and models, by the security groups that it runs in."""

from __future__ import annotations

from typing import Any, Final

from auditor.inventory import Inventory
from auditor.members import flat, in_turn, known_first
from auditor.resources import emr, redshift, sagemaker, stepfunctions
from auditor.resources.base import Resource
from auditor.resources.vpc import SecurityGroup

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


def group_users(group: SecurityGroup, inventory: Inventory) -> tuple[str, ...]:
    """The titles of the workloads that run in a security group.

    Reading past the known ones raises `Undecided` where the groups of some workload are not known.
    """
    users = flat(WORKLOADS, lambda cls: inventory.referring(cls, _groups, group))
    return known_first(users, lambda one: one.title)


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
