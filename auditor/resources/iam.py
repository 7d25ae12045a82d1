"""IAM users, groups, roles and the policies that give them permissions."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Annotated

from auditor.members import known_first
from auditor.policy import Policy, Statement
from auditor.resources.base import Resource, Struct
from auditor.resources.fields import NOWHERE, From, Part
from auditor.resources.tags import Tags
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

    policies: Annotated[tuple[InlinePolicy, ...], From(tf=NOWHERE)] = ()

    def documents(self) -> tuple[tuple[str, Policy], ...]:
        """Its inline policies."""
        return known_first(self.policies, lambda inline: (inline.known_name, inline.policy_document))


class IdentityPolicy(_Document, cfn="AWS::IAM::Policy"):
    """An inline policy that CloudFormation puts into users, groups and roles."""

    policy_name: str = ""
    roles: tuple[str, ...] = ()
    users: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()


class RolePolicy(_Document, cfn="AWS::IAM::RolePolicy", tf="aws_iam_role_policy"):
    """An inline policy of a role."""

    role_name: Annotated[str, From(tf="role")]


class UserPolicy(_Document, cfn="AWS::IAM::UserPolicy", tf="aws_iam_user_policy"):
    """An inline policy of a user."""

    user_name: Annotated[str, From(tf="user")]


class GroupPolicy(_Document, cfn="AWS::IAM::GroupPolicy", tf="aws_iam_group_policy"):
    """An inline policy of a group."""

    group_name: Annotated[str, From(tf="group")]


class ManagedPolicy(_Document, cfn="AWS::IAM::ManagedPolicy", tf="aws_iam_policy"):
    """A customer managed policy; `roles`, `users` and `groups` are whom a template attaches it to."""

    roles: Annotated[tuple[str, ...], From(tf=NOWHERE, live=NOWHERE)] = ()
    users: Annotated[tuple[str, ...], From(tf=NOWHERE, live=NOWHERE)] = ()
    groups: Annotated[tuple[str, ...], From(tf=NOWHERE, live=NOWHERE)] = ()

    def documents(self) -> tuple[tuple[str, Policy], ...]:
        """None where it is only the boundary of some identities: a boundary limits, and permits nothing."""
        counts = self.raw.properties
        if counts.get("AttachmentCount") == 0 and counts.get("PermissionsBoundaryUsageCount") not in (None, 0):
            return ()
        return super().documents()


class Role(_Identity, cfn="AWS::IAM::Role", tf="aws_iam_role"):
    """A role; its trust policy says who may take it on, so it is no permission document.

    `last_used` is None where IAM saw no use in its tracking period of 400 days.
    """

    role_name: Annotated[str, From(tf="name")] = ""
    policies: Annotated[tuple[InlinePolicy, ...], From(tf="inline_policy")] = ()
    assume_role_policy_document: Annotated[Policy, From(tf="assume_role_policy")]
    managed_policy_arns: Annotated[
        tuple[str, ...],
        Part("aws_iam_role_policy_attachment", by="role", take="policy_arn"),
        Part("aws_iam_policy_attachment", by="roles", take="policy_arn"),
        Part("aws_iam_role_policy_attachments_exclusive", by="role_name", take="policy_arns"),
    ] = ()
    permissions_boundary: Annotated[str | None, From(live="PermissionsBoundary.PermissionsBoundaryArn")] = None
    tags: Tags = Tags({})
    create_date: Annotated[datetime, From(cfn=None, tf=None)]
    last_used: Annotated[datetime | None, From(cfn=None, tf=None, live="RoleLastUsed.LastUsedDate")] = None


class Group(_Identity, cfn="AWS::IAM::Group", tf="aws_iam_group"):
    """A group of users."""

    group_name: Annotated[str, From(tf="name")] = ""
    managed_policy_arns: Annotated[
        tuple[str, ...],
        From(tf=NOWHERE),
        Part("aws_iam_group_policy_attachment", by="group", take="policy_arn"),
        Part("aws_iam_policy_attachment", by="groups", take="policy_arn"),
        Part("aws_iam_group_policy_attachments_exclusive", by="group_name", take="policy_arns"),
    ] = ()


class Credentials(Struct):
    """A user's row of IAM's credential report; what the report has as N/A or no information is absent."""

    password_enabled: bool = False
    password_last_used: datetime | None = None
    password_last_changed: datetime | None = None
    user_creation_time: datetime | None = None
    mfa_active: bool = False
    access_key_1_active: Annotated[bool, From(live="AccessKey1Active")] = False
    access_key_1_last_rotated: Annotated[datetime | None, From(live="AccessKey1LastRotated")] = None
    access_key_1_last_used: Annotated[datetime | None, From(live="AccessKey1LastUsedDate")] = None
    access_key_1_last_used_service: Annotated[str | None, From(live="AccessKey1LastUsedService")] = None
    access_key_2_active: Annotated[bool, From(live="AccessKey2Active")] = False
    access_key_2_last_rotated: Annotated[datetime | None, From(live="AccessKey2LastRotated")] = None
    access_key_2_last_used: Annotated[datetime | None, From(live="AccessKey2LastUsedDate")] = None
    access_key_2_last_used_service: Annotated[str | None, From(live="AccessKey2LastUsedService")] = None

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

    def keys_in_use(self) -> tuple[tuple[str, str], ...]:
        """The active access keys that were last used with another service than IAM and STS, each with the service."""
        keys = (
            ("access key 1", self.access_key_1_active, self.access_key_1_last_used_service),
            ("access key 2", self.access_key_2_active, self.access_key_2_last_used_service),
        )
        return tuple((name, used) for name, works, used in keys if works and used and used not in ("iam", "sts"))

    def _all(self) -> tuple[tuple[str, bool, datetime | None, datetime | None], ...]:
        made = self.password_last_changed or self.user_creation_time
        return (
            ("password", self.password_enabled, self.password_last_used, made),
            ("access key 1", self.access_key_1_active, self.access_key_1_last_used, self.access_key_1_last_rotated),
            ("access key 2", self.access_key_2_active, self.access_key_2_last_used, self.access_key_2_last_rotated),
        )


class User(_Identity, cfn="AWS::IAM::User", tf="aws_iam_user"):
    """A user."""

    user_name: Annotated[str, From(tf="name")] = ""
    permissions_boundary: Annotated[str | None, From(live="PermissionsBoundary.PermissionsBoundaryArn")] = None
    credentials: Annotated[Credentials, From(cfn=None, tf=None)]
    groups: Annotated[
        tuple[str, ...],
        From(tf=NOWHERE, live="GroupList"),
        Part("AWS::IAM::UserToGroupAddition", by="Users", take="GroupName"),
        Part("aws_iam_user_group_membership", by="user", take="groups"),
        Part("aws_iam_group_membership", by="users", take="group"),
    ] = ()
    managed_policy_arns: Annotated[
        tuple[str, ...],
        From(tf=NOWHERE),
        Part("aws_iam_user_policy_attachment", by="user", take="policy_arn"),
        Part("aws_iam_policy_attachment", by="users", take="policy_arn"),
        Part("aws_iam_user_policy_attachments_exclusive", by="user_name", take="policy_arns"),
    ] = ()


class AccessKey(Resource, cfn="AWS::IAM::AccessKey", tf="aws_iam_access_key"):
    """A long-lived access key of a user."""

    status: str = "Active"
    user_name: Annotated[str, From(tf="user")]


class VirtualMFADevice(Resource, cfn="AWS::IAM::VirtualMFADevice", tf="aws_iam_virtual_mfa_device"):
    """An app that gives codes; an account's or user's other kinds of second factor are hardware.

    Live, only those in use, with the user's name in `users` (none for the root user's, whose `of_root` is true).
    """

    users: Annotated[tuple[str, ...], From(tf=None)] = ()
    of_root: Annotated[bool, From(cfn=NOWHERE, tf=NOWHERE)] = False


class ServiceSpecificCredential(
    Resource, cfn="api:IAM::ServiceSpecificCredential", tf="aws_iam_service_specific_credential"
):
    """A user's password or API key for one service, such as bedrock.amazonaws.com; without an end it never expires."""

    user_name: str
    service_name: str
    status: str = "Active"
    expiration_date: Annotated[datetime | None, From(tf=None)] = None
    create_date: Annotated[datetime, From(tf="create_date")]


class SAMLProvider(Resource, cfn="AWS::IAM::SAMLProvider", tf="aws_iam_saml_provider"):
    """An identity provider that signs people in."""


class OIDCProvider(Resource, cfn="AWS::IAM::OIDCProvider", tf="aws_iam_openid_connect_provider"):
    """An identity provider that signs workloads or people in."""

    url: str


class ServerCertificate(Resource, cfn="AWS::IAM::ServerCertificate", tf="aws_iam_server_certificate"):
    """A TLS certificate that was uploaded to IAM."""

    expiration: Annotated[datetime, From(cfn=None)]


class RootUser(Resource, cfn="api:IAM::RootUser"):
    """The root user's row of the credential report."""

    credentials: Credentials


class RootManagement(Resource, cfn="api:IAM::OrganizationsFeatures", tf="aws_iam_organizations_features"):
    """How an organization manages its members' root users centrally; only its management account is told."""

    enabled_features: tuple[str, ...] = ()


class PasswordPolicy(Resource, cfn="api:IAM::PasswordPolicy", tf="aws_iam_account_password_policy"):
    """What IAM asks of users' passwords where the account changed that; age in days."""

    minimum_password_length: int = 6
    require_symbols: bool = False
    require_numbers: bool = False
    require_uppercase_characters: bool = False
    require_lowercase_characters: bool = False
    max_password_age: int | None = None
    password_reuse_prevention: int | None = None
