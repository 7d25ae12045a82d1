"""What a user, group or role may do in the end: inline and attached policies and its groups', within its boundary.

As IAM evaluates it within one account: a Deny anywhere wins, then an Allow is needed, and one of the boundary where
there is one. Policies of resources, sessions and organizations are not looked at.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeAlias
from weakref import WeakKeyDictionary

from auditor.inventory import Inventory
from auditor.members import every, in_turn, known_first, some
from auditor.policy import managed
from auditor.policy.conditions import Context
from auditor.policy.documents import Policy, Statement
from auditor.resources.base import Resource
from auditor.resources.iam import (
    Group,
    GroupPolicy,
    IdentityPolicy,
    ManagedPolicy,
    PolicyHolder,
    Role,
    RolePolicy,
    User,
    UserPolicy,
)
from auditor.values import ABSENT, Partial, Reference, Undecided

Identity: TypeAlias = Role | User | Group
LOOKED_UP: Final = (IdentityPolicy, ManagedPolicy, RolePolicy, UserPolicy, GroupPolicy, Group)
"""The classes that `permissions_of` looks up, for a check's `uses`."""

# By class of policy, the field in which a template names those of a kind that it is for.
_TARGETS: Final[Mapping[type[Identity], Mapping[type[PolicyHolder], str]]] = {
    Role: {IdentityPolicy: "roles", ManagedPolicy: "roles", RolePolicy: "role_name"},
    User: {IdentityPolicy: "users", ManagedPolicy: "users", UserPolicy: "user_name"},
    Group: {IdentityPolicy: "groups", ManagedPolicy: "groups", GroupPolicy: "group_name"},
}

_UNTOLD: Final[Context] = {}


@dataclass(frozen=True, slots=True)
class Source:
    """One policy that gives an identity permissions.

    Attributes:
        name: how a finding calls it: `inline policy training`; empty for a policy that is judged itself.
        policy: what it says.
        of_aws: it is one of AWS's own.
        apart: it is a resource of its own.
    """

    name: str
    policy: Policy
    of_aws: bool = False
    apart: bool = False


@dataclass(frozen=True, slots=True)
class Grant:
    """A statement that allows what was asked, and where it comes from."""

    source: Source
    statement: Statement


class Permissions:
    """What the policies of an identity allow together.

    Attributes:
        sources: the policies; those that are known first, see `Partial`.
        own_arn: the identity's own ARN as far as it is known, for what it may do to itself.
        bounded: it has a boundary.
    """

    def __init__(
        self,
        sources: tuple[Source, ...],
        denying: tuple[Source, ...] | None = None,
        boundary: Callable[[], Policy | None] = lambda: None,
        own_arn: str | None = None,
    ) -> None:
        """`denying` are the policies that may take something back, where these are others."""
        self.sources = sources
        self.own_arn = own_arn
        self._boundary = boundary
        self._allows = self._statements(sources, "Allow")
        self._denies = self._statements(sources if denying is None else denying, "Deny")

    @classmethod
    def of_policy(cls, policy: Policy) -> Permissions:
        """What a policy allows by itself."""
        return cls((Source("", policy),))

    @property
    def grants(self) -> tuple[Grant, ...]:
        """Every statement that allows something; whether another takes it back is left open."""
        return self._allows

    def grant(self, action: str, resource: str | None, context: Context = _UNTOLD) -> Grant | None:
        """The statement that lets it do an action on a resource, None where nothing does or something forbids it.

        Args:
            action: such as `s3:GetObject`.
            resource: an ARN; partition, region and account in it don't matter. `SOME` in it is a name that no policy
                knows, so that only what covers all names covers it. None for whatever resource suits.
            context: values of condition keys. A condition on others doesn't hinder an Allow unless it limits what can
                be done, as one on a tag does, and never makes a Deny effective.

        Raises:
            Undecided: it depends on a value that is not known.
        """
        found = known_first(self._allows, lambda one: one if one.statement.applies(action, resource, context) else None)
        for grant in found:
            if self._is_denied(action, resource, context) or not self._is_within(action, resource, context):
                return None
            return grant
        return None

    def allows(self, action: str, resource: str | None, context: Context = _UNTOLD) -> bool:
        """Whether it may do an action on a resource; see `grant`."""
        return self.grant(action, resource, context) is not None

    def is_administrator(self) -> bool:
        """Whether it may do everything, its boundary aside: then there is nothing that it could come to do besides."""
        return some(self._allows, lambda grant: grant.statement.allows_everything())

    def _is_denied(self, action: str, resource: str | None, context: Context) -> bool:
        return some(self._denies, lambda grant: grant.statement.applies(action, resource, context))

    def _is_within(self, action: str, resource: str | None, context: Context) -> bool:
        limit = self._boundary()
        if limit is None:
            return True

        def says(effect: str) -> bool:
            return some(
                limit.statements,
                lambda one: every(lambda: one.effect == effect, lambda: one.applies(action, resource, context)),
            )

        return every(lambda: says("Allow"), lambda: not says("Deny"))

    @staticmethod
    def _statements(sources: tuple[Source, ...], effect: str) -> tuple[Grant, ...]:
        found: list[Grant] = []

        def read(source: Source) -> None:
            for statement in source.policy.where(lambda one: one.effect == effect):
                found.append(Grant(source, statement))  # one by one: what comes before `Undecided` counts

        rest: tuple[None, ...] = known_first(sources, read)
        return Partial(tuple(found), rest.undecided) if isinstance(rest, Partial) else tuple(found)


def permissions_of(identity: Identity, inventory: Inventory) -> Permissions:
    """What an identity may do by all policies in sight; in a template, those that it declares or names."""
    sources = _sources(identity, inventory)
    return Permissions(
        sources,
        # A policy of AWS's that is not known here hardly denies anything; one of the customer's may.
        _sources(identity, inventory, unlisted=False) if isinstance(sources, Partial) else None,
        lambda: None if isinstance(identity, Group) else _boundary(identity, inventory),
        _arn(identity),
    )


def _sources(identity: Identity, inventory: Inventory, *, unlisted: bool = True) -> tuple[Source, ...]:
    def inline() -> tuple[Source, ...]:
        return known_first(identity.documents(), lambda entry: Source(f"inline policy {entry[0]}".strip(), entry[1]))

    def attached() -> tuple[Source, ...]:
        return known_first(managed.attached_to(identity), lambda arn: _attached(arn, identity, inventory, unlisted))

    def of_groups() -> Iterator[Source]:
        groups = identity.groups if isinstance(identity, User) else ()
        for group in known_first(groups, lambda name: inventory.get(Group, name)):
            yield from _sources(group, inventory, unlisted=unlisted)

    def apart() -> tuple[Source, ...]:
        return _apart(identity, inventory)

    return in_turn(*(_lazily(part) for part in (inline, attached, apart, of_groups)))


def _lazily(part: Callable[[], Any]) -> Iterator[Source]:
    yield from part()


def _attached(arn: str, identity: Identity, inventory: Inventory, unlisted: bool) -> Source | None:
    if name := managed.name_of(arn):
        try:
            return Source(name, managed.document(name, identity.raw), of_aws=True)
        except Undecided:
            if unlisted:
                raise
            return None
    policy = inventory.get(ManagedPolicy, arn)
    if policy is None:
        raise Undecided(f"the policy {arn} that it has is not there")
    return Source(f"policy {policy.title}", policy.policy_document, apart=True)


def _boundary(identity: Role | User, inventory: Inventory) -> Policy | None:
    arn = identity.permissions_boundary
    if arn is None:
        return None
    if name := managed.name_of(arn):
        return managed.document(name, identity.raw)
    policy = inventory.get(ManagedPolicy, arn)
    if policy is None:
        raise Undecided(f"its permissions boundary {arn} is not there")
    return policy.policy_document


def _arn(identity: Identity) -> str | None:
    """Its ARN with a made-up account, None where its name is not known or given by AWS."""
    if identity.raw.dialect == "live":
        return identity.address
    kind = type(identity).__name__.lower()
    try:
        name = getattr(identity, f"{kind}_name")
    except Undecided:
        return None
    return f"arn:aws:iam::000000000000:{kind}/{name}" if name and not isinstance(name, Reference) else None


# --- policies that a template declares on their own -------------------------------------------------------------------


def _apart(identity: Identity, inventory: Inventory) -> tuple[Source, ...]:
    """The policies that name the identity as theirs."""
    if identity.raw.dialect == "live":  # where attachments are told with the identity
        return ()

    def read(found: tuple[PolicyHolder, str]) -> Source | None:
        policy, field = found
        named = getattr(policy, field)
        if not some((named,) if isinstance(named, str) else named, identity.answers_to):
            return None
        reference = Reference(policy.raw.id, None, policy.scope.name)
        if inventory.get(type(policy), reference) is None:  # it depends on a condition that is false
            return None
        return known_first(policy.documents(), lambda entry: Source(f"policy {policy.title}", entry[1], apart=True))[0]

    index = _index(inventory)
    keys = {identity.raw.id, *(name for name in identity.raw.names if isinstance(name, str)), None}
    candidates = [entry for key in keys for entry in index.get((identity.scope.name, type(identity), key), ())]
    return known_first(dict.fromkeys(candidates), read)


_Index: TypeAlias = dict[tuple[str, type[Resource], str | None], list[tuple[PolicyHolder, str]]]
_INDEXES: WeakKeyDictionary[Inventory, _Index] = WeakKeyDictionary()


def _index(inventory: Inventory) -> _Index:
    """The policies by scope, kind and name of whom they may be for; None for a name that is not plain to see."""
    found = _INDEXES.get(inventory)
    if found is None:
        found = _INDEXES[inventory] = {}
        for kind, classes in _TARGETS.items():
            for cls, field in classes.items():
                for policy in inventory.of(cls):
                    for key in _keys(policy.given(field)):
                        entries = found.setdefault((policy.scope.name, kind, key), [])
                        entries.append((policy, field))
    return found


def _keys(value: Any) -> Iterator[str | None]:
    """Choices are not followed: the index outlives what is assumed of them."""
    if isinstance(value, list | tuple):
        for member in value:
            yield from _keys(member)
    elif isinstance(value, Reference):
        yield value.target
    elif value is not ABSENT:
        yield value if isinstance(value, str) else None
