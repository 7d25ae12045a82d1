"""What takes on a role: notebooks, training, pipelines, models, jobs."""

from __future__ import annotations

from functools import partial
from typing import Final

from auditor.inventory import Inventory
from auditor.members import in_turn, known_first
from auditor.resources.base import Resource
from auditor.resources.glue import Job
from auditor.resources.iam import Role
from auditor.resources.sagemaker import Domain, Model, NotebookInstance, Pipeline, TrainingJob
from auditor.resources.sagemaker_studio import UserProfile
from auditor.values import known

_KINDS: Final[dict[str, tuple[type[Resource], ...]]] = {
    "notebooks": (NotebookInstance, Domain, UserProfile),
    "training": (TrainingJob,),
    "pipelines": (Pipeline,),
    "models that are served": (Model,),
    "Glue jobs": (Job,),
}
USERS: Final = tuple(cls for classes in _KINDS.values() for cls in classes)
"""The classes that `purposes` looks up, for a check's `uses`."""


def purposes(role: Role, inventory: Inventory) -> tuple[tuple[str, Resource], ...]:
    """What takes the role on, each with the kind of work, undecided as `known_first` is.

    In a template, only what it declares: another stack's users of the role are not looked for.
    """
    return in_turn(
        *(
            known_first(inventory.referring(cls, role_of, role), partial(_pair, kind))
            for kind, classes in _KINDS.items()
            for cls in classes
        )
    )


def role_of(user: Resource) -> str | None:
    """The role that something runs as."""
    match user:
        case NotebookInstance() | Pipeline():
            return user.role_arn
        case Model():
            return user.execution_role_arn
        case Job():
            return user.role
        case Domain():
            return user.default_user_settings.execution_role if user.default_user_settings else None
        case UserProfile():
            return user.user_settings.execution_role if user.user_settings else None
        case TrainingJob():  # only a live account has them
            arn = known(user.raw.properties.get("RoleArn"))
            return arn if isinstance(arn, str) else None
    raise TypeError(f"{type(user).__name__} runs as no role")


def _pair(kind: str, user: Resource) -> tuple[str, Resource]:
    return kind, user
