"""IAM users, groups, roles and the policies that give them permissions."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Annotated

from auditor.members import known_first
from auditor.policy import Policy, Statement
from auditor.resources.base import Resource, Struct
from auditor.resources.fields import From
from auditor.values import Partial, Undecided


class InlinePolicy(Struct):
    """A policy that is part of a user, group or role."""

    policy_name: Annotated[str, From(tf="name")]
    policy_document: Annotated[Policy, From(tf="policy")]

    @property
    def known_name(self) -> str:
        """Its name, empty where it is not known."""
        try:
            return self.policy_name
        except Undecided:
            return ""


class PolicyHolder(Resource):
    """Whatever gives permissions: an identity with inline policies, or a policy of its own."""

    def documents(self) -> tuple[tuple[str, Policy], ...]:
        """Its policy documents, each with its name (empty where it is the resource itself); known ones first."""
        raise NotImplementedError

    def statements(self, find: Callable[[Policy], Iterable[Statement]]) -> tuple[tuple[str, Statement], ...]:
        """What `find`, such as `Policy.allowing_everything`, finds in its documents, each with the document's name.

        Reading past what is found raises `Undecided` where one of the documents leaves the answer open.
        """
        found: list[tuple[str, Statement]] = []

        def read(entry: tuple[str, Policy]) -> None:
            for statement in find(entry[1]):
                found.append((entry[0], statement))  # one by one: what comes before `Undecided` counts

        rest: tuple[None, ...] = known_first(self.documents(), read)
        return Partial(tuple(found), rest.undecided) if isinstance(rest, Partial) else tuple(found)


class _Document(PolicyHolder):
    """A policy that is a resource of its own."""

    policy_document: Annotated[Policy, From(tf="policy")]

    def documents(self) -> tuple[tuple[str, Policy], ...]:
        """The one that it is."""
        return known_first([self], lambda one: ("", one.policy_document))


class _Identity(PolicyHolder):
    """A user, group or role."""

    policies: Annotated[tuple[InlinePolicy, ...], From(tf="inline_policy")] = ()

    def documents(self) -> tuple[tuple[str, Policy], ...]:
        """Its inline policies."""
        return known_first(self.policies, lambda inline: (inline.known_name, inline.policy_document))


class IdentityPolicy(_Document, cfn="AWS::IAM::Policy"):
    """An inline policy that CloudFormation puts into users, groups and roles."""


class RolePolicy(_Document, cfn="AWS::IAM::RolePolicy", tf="aws_iam_role_policy"):
    """An inline policy of a role."""


class UserPolicy(_Document, cfn="AWS::IAM::UserPolicy", tf="aws_iam_user_policy"):
    """An inline policy of a user."""


class GroupPolicy(_Document, cfn="AWS::IAM::GroupPolicy", tf="aws_iam_group_policy"):
    """An inline policy of a group."""


class ManagedPolicy(_Document, cfn="AWS::IAM::ManagedPolicy", tf="aws_iam_policy"):
    """A customer managed policy."""

    def documents(self) -> tuple[tuple[str, Policy], ...]:
        """None where it is only the boundary of some identities: a boundary limits, and permits nothing."""
        counts = self.raw.properties
        if counts.get("AttachmentCount") == 0 and counts.get("PermissionsBoundaryUsageCount") not in (None, 0):
            return ()
        return super().documents()


class Role(_Identity, cfn="AWS::IAM::Role", tf="aws_iam_role"):
    """A role; its trust policy says who may take it on, so it is no permission document."""


class Group(_Identity, cfn="AWS::IAM::Group", tf="aws_iam_group"):
    """A group of users."""


class Credentials(Struct):
    """A user's row of IAM's credential report; what the report has as N/A or no information is absent."""

    password_enabled: bool = False
    password_last_used: datetime | None = None
    password_last_changed: datetime | None = None
    user_creation_time: datetime | None = None
    access_key_1_active: Annotated[bool, From(live="AccessKey1Active")] = False
    access_key_1_last_rotated: Annotated[datetime | None, From(live="AccessKey1LastRotated")] = None
    access_key_1_last_used: Annotated[datetime | None, From(live="AccessKey1LastUsedDate")] = None
    access_key_2_active: Annotated[bool, From(live="AccessKey2Active")] = False
    access_key_2_last_rotated: Annotated[datetime | None, From(live="AccessKey2LastRotated")] = None
    access_key_2_last_used: Annotated[datetime | None, From(live="AccessKey2LastUsedDate")] = None

    def unused_since(self, moment: datetime) -> tuple[tuple[str, bool], ...]:
        """The credentials that work and were last used (if never, made) before, each with whether it was ever used."""

        def unused(credential: tuple[str, bool, datetime | None, datetime | None]) -> tuple[str, bool] | None:
            name, works, used, made = credential
            if not works:
                return None
            since = used or made
            if since is None:
                raise Undecided(f"the credential report does not say when the {name} was used or made")
            return (name, used is not None) if since < moment else None

        return known_first(self._all(), unused)

    def _all(self) -> tuple[tuple[str, bool, datetime | None, datetime | None], ...]:
        made = self.password_last_changed or self.user_creation_time
        return (
            ("password", self.password_enabled, self.password_last_used, made),
            ("access key 1", self.access_key_1_active, self.access_key_1_last_used, self.access_key_1_last_rotated),
            ("access key 2", self.access_key_2_active, self.access_key_2_last_used, self.access_key_2_last_rotated),
        )


class User(_Identity, cfn="AWS::IAM::User", tf="aws_iam_user"):
    """A user."""

    credentials: Annotated[Credentials, From(cfn=None, tf=None)]


class AccessKey(Resource, cfn="AWS::IAM::AccessKey", tf="aws_iam_access_key"):
    """A long-lived access key of a user."""

    status: str = "Active"
