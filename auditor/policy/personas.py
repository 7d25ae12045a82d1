"""The four roles of an ML platform, recognised by a role's name or tag as the configuration says."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from fnmatch import fnmatchcase
from typing import Literal

from auditor.config import Config
from auditor.members import either, some
from auditor.policy.documents import Statement
from auditor.resources.iam import Role
from auditor.values import Reference, Undecided, Unknown, known, settle

Persona = Literal["data scientist", "ML engineer", "data engineer", "production"]


def persona_of(role: Role, config: Config) -> Persona | None:
    """Which of the four it is, None where it is none of them.

    Raises:
        Undecided: nothing of its name is known.
    """
    globs: dict[Persona, tuple[str, ...]] = {
        "data scientist": config.data_scientist_roles,
        "ML engineer": config.ml_engineer_roles,
        "data engineer": config.data_engineer_roles,
        "production": config.production_roles,
    }
    said = _plain(role.tags.get(*config.ml_role_tags) or "")
    for persona in globs:
        if said == _plain(persona):
            return persona
    names = [_plain(name) for name in _names(role)]
    for persona, ones in globs.items():
        if any(fnmatchcase(name, _plain(one)) for one in ones for name in names):
            return persona
    name = settle(role.given("role_name"))
    if isinstance(name, Unknown) and not any(name.parts or ()):
        known(name)
    return None


def judge_only(role: Role, config: Config, *personas: Persona) -> None:
    """Leave out a role that is none of these.

    Raises:
        Undecided: it is none of them, so that there is nothing to judge.
    """
    if persona_of(role, config) not in personas:
        raise Undecided(f"it is no role of a {' or '.join(personas)}", elsewhere=True)


def serves(role: Role, service: str) -> bool:
    """Whether a service, such as `sagemaker`, may take it on."""
    return _trusts(role, "Service", lambda name: name.split(".")[0] == service)


def is_for_workloads(role: Role) -> bool:
    """Whether any service may take it on, or a pod of EKS, as against people and other accounts."""
    return either(
        lambda: _trusts(role, "Service", lambda name: True),
        lambda: _trusts(role, "Federated", lambda name: "/oidc.eks." in name),
    )


def _trusts(role: Role, kind: str, is_meant: Callable[[str], bool]) -> bool:
    def names_it(statement: Statement) -> bool:
        return some(statement.principals, lambda one: one[0] in (kind, "?") and is_meant(one[1].sketch().lower()))

    return some(role.assume_role_policy_document.statements, lambda one: one.allows() and names_it(one))


def _names(role: Role) -> Iterator[str]:
    """What it is called, with what is known of a name that is not wholly known."""
    yield role.title
    if role.raw.dialect != "live":
        yield role.raw.id
    name = settle(role.given("role_name"))
    if isinstance(name, Unknown):
        yield "".join(part or "" for part in name.parts or ())
    elif isinstance(name, str) and not isinstance(name, Reference):
        yield name


def _plain(text: str) -> str:
    return re.sub(r"[^a-z0-9*?]", "", text.lower())
