"""S3: buckets with what belongs to them, such as policy, encryption and lifecycle; access points; directory buckets."""

from collections.abc import Callable, Iterable
from datetime import datetime
from fnmatch import fnmatchcase
from typing import Annotated, Any, Protocol

from auditor.members import every, if_known, in_turn, known_first, some
from auditor.policy import Pattern, Policy, Statement
from auditor.raw import Path, Raw
from auditor.resources.base import Resource, Struct
from auditor.resources.fields import NOWHERE, From, Part, wrong
from auditor.resources.tags import Tags
from auditor.values import Reference, Undecided, Unknown, known


class PublicAccessBlock(Struct):
    """S3 Block Public Access, of a bucket or of an account."""

    block_public_acls: bool = False
    block_public_policy: bool = False
    ignore_public_acls: bool = False
    restrict_public_buckets: bool = False

    def off(self) -> tuple[str, ...]:
        """The fields that are off; known ones first."""
        return known_first(self._fields, lambda name: None if getattr(self, name) else name)


class Blocking(Protocol):
    """Whatever has Block Public Access: a bucket, or the account."""

    @property
    def public_access_block(self) -> PublicAccessBlock | None:
        """Its settings, None where they are all off."""
        ...


class EncryptionRule(Struct):
    """How new objects are encrypted by default."""

    algorithm: Annotated[
        str,
        From(
            cfn="ServerSideEncryptionByDefault.SSEAlgorithm",
            tf="apply_server_side_encryption_by_default.sse_algorithm",
            live="ApplyServerSideEncryptionByDefault.SSEAlgorithm",
        ),
    ] = "AES256"
    kms_key: Annotated[
        str | None,
        From(
            cfn="ServerSideEncryptionByDefault.KMSMasterKeyID",
            tf="apply_server_side_encryption_by_default.kms_master_key_id",
            live="ApplyServerSideEncryptionByDefault.KMSMasterKeyID",
        ),
    ] = None


class Logging(Struct):
    """Where a bucket's server access log goes; without a destination, into the bucket itself."""

    destination: Annotated[
        str | None, From(cfn="DestinationBucketName", tf="target_bucket", live="DestinationBucketName")
    ] = None


class Transition(Struct):
    """When objects move to a cheaper storage class."""

    storage_class: str
    days: Annotated[int | None, From(cfn="TransitionInDays")] = None


class LifecycleScope(Struct):
    """Which objects a rule is about."""

    prefix: str | None = None
    tags: Annotated[Any, From(cfn=NOWHERE, tf="tags")] = None
    object_size_greater_than: Annotated[int | None, From(cfn=NOWHERE)] = None
    object_size_less_than: Annotated[int | None, From(cfn=NOWHERE)] = None

    @property
    def is_limited(self) -> bool:
        """Whether it is not about all objects under its prefix."""
        return bool(self.tags or self.object_size_greater_than or self.object_size_less_than)


class LifecycleFilter(LifecycleScope):
    """The same where it is apart from the rule, as the API and Terraform have it; several criteria are within `And`."""

    all_of: Annotated[LifecycleScope | None, From(cfn=NOWHERE, tf="and", live="And")] = None
    tag: Annotated[Any, From(cfn=NOWHERE)] = None


class ExpirationRule(Struct):
    """One rule of a lifecycle configuration, as directory buckets have it, too."""

    status: str = "Enabled"


class Switch(str):
    """`Enabled`, or a word for its opposite; a block within Terraform's bucket has true or false."""

    __slots__ = ()

    @classmethod
    def from_raw(cls, value: Any, raw: Raw, path: Path) -> "Switch":
        """Read either.

        Raises:
            Undecided: it is neither.
        """
        if isinstance(value, bool):
            return cls("Enabled" if value else "Disabled")
        if not isinstance(value, str):
            raise wrong(path, "text, or true or false", value)
        return cls(value)


class LifecycleRule(ExpirationRule):
    """One rule of a bucket's lifecycle configuration."""

    status: Annotated[Switch, From(tf=("status", "enabled"))] = Switch("Enabled")
    prefix: str | None = None
    filter: Annotated[LifecycleFilter | None, From(cfn=NOWHERE)] = None
    tag_filters: Annotated[Any, From(tf="tags", live=NOWHERE)] = None
    object_size_greater_than: Annotated[int | None, From(tf=NOWHERE, live=NOWHERE)] = None
    object_size_less_than: Annotated[int | None, From(tf=NOWHERE, live=NOWHERE)] = None
    expiration_in_days: Annotated[int | None, From(tf="expiration.days", live="Expiration.Days")] = None
    expiration_date: Annotated[Any, From(tf="expiration.date", live="Expiration.Date")] = None
    transitions: Annotated[tuple[Transition, ...], From(tf="transition")] = ()
    # Older templates have one, outside of the list.
    transition: Annotated[Transition | None, From(tf=NOWHERE, live=NOWHERE)] = None
    noncurrent_expiration_in_days: Annotated[
        int | None, From(cfn="NoncurrentVersionExpirationInDays", tf=NOWHERE, live=NOWHERE)
    ] = None
    noncurrent_days: Annotated[
        int | None,
        From(
            cfn="NoncurrentVersionExpiration.NoncurrentDays",
            tf=("noncurrent_version_expiration.noncurrent_days", "noncurrent_version_expiration.days"),
            live="NoncurrentVersionExpiration.NoncurrentDays",
        ),
    ] = None
    abort_uploads_after_days: Annotated[
        int | None,
        From(
            cfn="AbortIncompleteMultipartUpload.DaysAfterInitiation",
            tf=("abort_incomplete_multipart_upload.days_after_initiation", "abort_incomplete_multipart_upload_days"),
            live="AbortIncompleteMultipartUpload.DaysAfterInitiation",
        ),
    ] = None

    @property
    def is_enabled(self) -> bool:
        """Whether it is in force."""
        return self.status == "Enabled"

    @property
    def all_transitions(self) -> tuple[Transition, ...]:
        """Every transition, however the source has it."""
        return in_turn(self.transitions, known_first((self,), lambda rule: rule.transition))

    @property
    def expires(self) -> bool:
        """Whether it deletes current objects; a plan has 0 days where a rule only deletes markers."""
        return bool(self.expiration_in_days) or self.expiration_date is not None

    @property
    def expires_noncurrent(self) -> bool:
        """Whether it deletes versions that newer ones replaced."""
        return self.noncurrent_days is not None or self.noncurrent_expiration_in_days is not None

    def is_about(self, prefix: str) -> bool:
        """Whether it is about all objects under a prefix; an empty one means the whole bucket."""
        chosen = self.filter
        within = chosen.all_of if chosen else None
        own = self.prefix or (chosen and chosen.prefix) or (within and within.prefix) or ""
        limited = self.tag_filters or self.object_size_greater_than or self.object_size_less_than
        limited = limited or (chosen and (chosen.tag or chosen.is_limited)) or (within and within.is_limited)
        return f"{prefix}/".startswith(own) and not limited


class Retention(Struct):
    """For how long nobody can delete new objects."""

    mode: str
    days: int | None = None
    years: int | None = None


class Notification(Struct):
    """Something that a bucket tells of what happens to its objects."""

    events: Annotated[tuple[str, ...], From(cfn="Event")] = ()


class NotificationByApi(Notification):
    """The same as the API has it."""

    events: Annotated[tuple[str, ...], From(cfn="Events")] = ()


class Notifications(Struct):
    """Who is told of what happens to a bucket's objects."""

    event_bridge: Annotated[bool, From(cfn="EventBridgeConfiguration.EventBridgeEnabled", tf="eventbridge")] = False
    functions: Annotated[
        tuple[Notification, ...],
        From(cfn="LambdaConfigurations", tf="lambda_function", live="LambdaFunctionConfigurations"),
    ] = ()
    queues: Annotated[
        tuple[Notification, ...], From(cfn="QueueConfigurations", tf="queue", live="QueueConfigurations")
    ] = ()
    topics: Annotated[
        tuple[Notification, ...], From(cfn="TopicConfigurations", tf="topic", live="TopicConfigurations")
    ] = ()

    @property
    def tell_of_new_objects(self) -> bool:
        """Whether somebody is told when an object is written."""
        told = in_turn(self.functions, self.queues, self.topics)
        return not every(
            lambda: not self.event_bridge,
            lambda: not some(told, lambda one: some(one.events, _is_of_new_objects)),
        )


class NotificationsByApi(Notifications):
    """The same as the API has it, where EventBridge is told if its block is there."""

    event_bridge_block: Annotated[Any, From(cfn="EventBridgeConfiguration")] = None
    event_bridge: Annotated[bool, From(cfn=NOWHERE)] = False
    functions: Annotated[tuple[NotificationByApi, ...], From(cfn="LambdaFunctionConfigurations")] = ()
    queues: Annotated[tuple[NotificationByApi, ...], From(cfn="QueueConfigurations")] = ()
    topics: Annotated[tuple[NotificationByApi, ...], From(cfn="TopicConfigurations")] = ()

    @property
    def tell_of_new_objects(self) -> bool:
        """See `Notifications`."""
        return self.event_bridge_block is not None or super().tell_of_new_objects


def _is_of_new_objects(event: str) -> bool:
    return event.startswith("s3:ObjectCreated")


class ReplicationRule(Struct):
    """What is copied to another bucket, given by its ARN."""

    status: str
    destination: Annotated[str, From(cfn="Destination.Bucket", tf="destination.bucket", live="Destination.Bucket")]


class IntelligentTiering(Struct):
    """Which objects of the class Intelligent-Tiering move to its archive tiers."""

    status: str = "Enabled"


class Grant(Struct):
    """Somebody that an ACL gives a permission; groups, such as everyone, have a URI."""

    grantee_uri: Annotated[str | None, From(cfn=NOWHERE, tf=("grantee.uri", "uri"), live="Grantee.URI")] = None
    permission: Annotated[str, From(cfn=NOWHERE)]


class CannedAcl(str):
    """A ready-made ACL by CloudFormation's name; the API and Terraform have `public-read` for `PublicRead`."""

    __slots__ = ()

    @classmethod
    def from_raw(cls, value: Any, raw: Raw, path: Path) -> "CannedAcl":
        """Read either.

        Raises:
            Undecided: it is no text.
        """
        if not isinstance(value, str):
            raise wrong(path, "text", value)
        words = value.split("-")
        return cls("".join(word[:1].upper() + word[1:] for word in words))


class Bucket(Resource, cfn="AWS::S3::Bucket", tf="aws_s3_bucket"):
    """An S3 bucket."""

    bucket_name: Annotated[str | None, From(tf="bucket")] = None
    access_control: Annotated[
        CannedAcl | None, From(tf="acl", live=NOWHERE), Part("aws_s3_bucket_acl", "bucket", "acl")
    ] = None
    public_access_block: Annotated[
        PublicAccessBlock | None,
        From(cfn="PublicAccessBlockConfiguration", tf=NOWHERE, live="PublicAccessBlockConfiguration"),
        Part("aws_s3_bucket_public_access_block", "bucket"),
    ] = None
    policy: Annotated[
        Policy | None,
        From(cfn=NOWHERE),
        Part("AWS::S3::BucketPolicy", "Bucket", "PolicyDocument"),
        Part("aws_s3_bucket_policy", "bucket", "policy"),
    ] = None
    encryption_rules: Annotated[
        tuple[EncryptionRule, ...],
        From(
            cfn="BucketEncryption.ServerSideEncryptionConfiguration",
            tf="server_side_encryption_configuration.rule",
            live="ServerSideEncryptionConfiguration.Rules",
        ),
        Part("aws_s3_bucket_server_side_encryption_configuration", "bucket", "rule"),
    ] = ()
    versioning: Annotated[
        Switch | None,
        From(cfn="VersioningConfiguration.Status", tf="versioning.enabled", live="VersioningConfiguration.Status"),
        Part("aws_s3_bucket_versioning", "bucket", "versioning_configuration.status"),
    ] = None
    logging: Annotated[
        Logging | None,
        From(cfn="LoggingConfiguration", live="LoggingConfiguration"),
        Part("aws_s3_bucket_logging", "bucket"),
    ] = None
    lifecycle_rules: Annotated[
        tuple[LifecycleRule, ...],
        From(cfn="LifecycleConfiguration.Rules", tf="lifecycle_rule", live="LifecycleConfiguration.Rules"),
        Part("aws_s3_bucket_lifecycle_configuration", "bucket", "rule"),
    ] = ()
    website: Annotated[
        Any,
        From(cfn="WebsiteConfiguration", live="WebsiteConfiguration"),
        Part("aws_s3_bucket_website_configuration", "bucket"),
    ] = None
    grants: Annotated[
        tuple[Grant, ...],
        From(cfn=NOWHERE, tf="grant"),
        Part("aws_s3_bucket_acl", "bucket", "access_control_policy.grant"),
    ] = ()
    # None: new buckets have no ACLs (BucketOwnerEnforced); what a live one has is always said.
    object_ownership: Annotated[
        str | None,
        From(cfn="OwnershipControls.Rules.ObjectOwnership", tf=NOWHERE),
        Part("aws_s3_bucket_ownership_controls", "bucket", "rule.object_ownership"),
    ] = None
    mfa_delete: Annotated[
        Switch | None,
        From(cfn=None, tf="versioning.mfa_delete", live="VersioningConfiguration.MFADelete"),
        Part("aws_s3_bucket_versioning", "bucket", "versioning_configuration.mfa_delete"),
    ] = None
    object_lock_enabled: Annotated[bool, From(live="ObjectLockConfiguration.ObjectLockEnabled")] = False
    object_lock_retention: Annotated[
        Retention | None,
        From(
            cfn="ObjectLockConfiguration.Rule.DefaultRetention",
            tf="object_lock_configuration.rule.default_retention",
            live="ObjectLockConfiguration.Rule.DefaultRetention",
        ),
        Part("aws_s3_bucket_object_lock_configuration", "bucket", "rule.default_retention"),
    ] = None
    notifications: Annotated[
        Notifications | None,
        From(cfn="NotificationConfiguration", tf=NOWHERE, live="NotificationConfiguration"),
        Part("aws_s3_bucket_notification", "bucket"),
    ] = None
    replication_rules: Annotated[
        tuple[ReplicationRule, ...],
        From(
            cfn="ReplicationConfiguration.Rules",
            tf="replication_configuration.rules",
            live="ReplicationConfiguration.Rules",
        ),
        Part("aws_s3_bucket_replication_configuration", "bucket", "rule"),
    ] = ()
    intelligent_tiering: Annotated[
        tuple[IntelligentTiering, ...],
        From(cfn="IntelligentTieringConfigurations", tf=NOWHERE, live="IntelligentTieringConfigurations"),
        Part("aws_s3_bucket_intelligent_tiering_configuration", "bucket"),
    ] = ()
    tags: Tags = Tags({})

    @property
    def is_encrypted(self) -> bool:
        """Whether new objects are: where a template says nothing, S3 sees to it; of a real bucket it always tells."""
        return not self.scope.closed or bool(self.encryption_rules)

    def is_called(self, globs: tuple[str, ...]) -> bool:
        """Whether its name, as far as it is known, or its logical id fits one of `globs`, whatever the case.

        Raises:
            Undecided: its logical id does not, and nothing of its name is known.
        """
        found = any(fnmatchcase(name.lower(), glob.lower()) for name in self.known_names for glob in globs)
        return found or bool(known(self.raw.unknown_name))

    def is_tagged(self, settings: tuple[str, ...]) -> bool:
        """Whether one of its tags is one that a setting names; see `Tags.marked_by`."""
        return self.tags.marked_by(settings)

    def logs_to(self, bucket: "Bucket") -> bool:
        """Whether its access log goes to another bucket."""
        destination = self.logging.destination if self is not bucket and self.logging else None
        if destination is None or isinstance(destination, Reference):
            return bucket.answers_to(destination)
        return some(bucket.raw.names, lambda name: Pattern.of(name).is_one_of(destination))

    def public_statements(self, accounts: Iterable[Blocking]) -> tuple[Statement, ...]:
        """What of its policy grants access to everyone; nothing where it or its account restricts public policies."""
        in_force = every(
            lambda: not self._restricts(),
            lambda: not some(accounts, _restricts),
            lambda: bool(self._public()),
        )
        return self._public() if in_force else ()

    def _restricts(self) -> bool:
        try:
            return _restricts(self)
        except Undecided as undecided:
            if not undecided.elsewhere:
                raise
        # Only its policy is declared here. One that names a bucket of another stack is judged as it stands.
        for part in self._parts.get("policy", ()):
            if not isinstance(part, Unknown):
                known(part[0].properties.get(part[1].by))
        return False

    def _public(self) -> tuple[Statement, ...]:
        return self.policy.public() if self.policy else ()

    @property
    def is_private(self) -> bool:
        """Whether nothing in sight makes it public on purpose: no ACL, no website, no policy."""
        acl = self.access_control or ""
        if acl.startswith("Public") or acl == "AuthenticatedRead" or self.website:
            return False
        policy = if_known(self, "policy")  # a template rarely shows that there is none
        return not (policy and policy.public())

    def accepts_plain_http(self) -> str | None:
        """What its policy lets requests without TLS do with objects: list, read, write or delete; None if nothing."""
        policy = self.policy
        for use in known_first(_USES, lambda use: use[0] if policy is None or not _denied(policy, use) else None):
            return use
        return None


class NotificationsByCdk(Resource, cfn="Custom::S3BucketNotifications"):
    """How the CDK sets a bucket's notifications: by a custom resource of its own, with what the API takes."""

    bucket_name: str
    notifications: Annotated[NotificationsByApi | None, From(cfn="NotificationConfiguration")] = None


class BucketContents(Resource, cfn="api:S3::BucketContents"):
    """What is in a bucket, as far as a few calls tell: a type of its own, so that only checks that need it pay them.

    Fields come from the first page of s3:ListObjectsV2, ListObjectVersions and ListMultipartUploads, and GetObjectAcl.
    """

    bucket: Annotated[str, From(live="Name")]
    prefixes: tuple[str, ...] = ()
    noncurrent_bytes: int = 0
    incomplete_uploads: tuple[datetime, ...] = ()
    object_grants: tuple[Grant, ...] = ()


class PredictableName(Resource, cfn="api:S3::PredictableName"):
    """A name that AWS's tools give a bucket of this account and region, where the account has no such bucket.

    Who holds it gets what those tools write (s3:HeadBucket).
    """

    taken: bool


class AccountPublicAccessBlock(Resource, tf="aws_s3_account_public_access_block"):
    """S3 Block Public Access of an account, as Terraform declares it; a live account has it itself."""

    public_access_block: Annotated[PublicAccessBlock, From(tf="")]


class EntryBlock(PublicAccessBlock):
    """Block Public Access of an access point, all of which Terraform's provider switches on where it isn't off."""

    block_public_acls: Annotated[bool, From(tf_default=True)] = False
    block_public_policy: Annotated[bool, From(tf_default=True)] = False
    ignore_public_acls: Annotated[bool, From(tf_default=True)] = False
    restrict_public_buckets: Annotated[bool, From(tf_default=True)] = False


class AccessPoint(Resource, cfn="AWS::S3::AccessPoint", tf="aws_s3_access_point"):
    """An entry into a bucket with a policy of its own; without a block, S3 blocks all public access."""

    bucket: str
    public_access_block: Annotated[
        EntryBlock | None,
        From(
            cfn="PublicAccessBlockConfiguration",
            tf="public_access_block_configuration",
            live="PublicAccessBlockConfiguration",
        ),
    ] = None
    policy: Annotated[
        Policy | None, From(), Part("aws_s3control_access_point_policy", "access_point_arn", "policy")
    ] = None


class MultiRegionAccessPoint(
    Resource, cfn="AWS::S3::MultiRegionAccessPoint", tf="aws_s3control_multi_region_access_point"
):
    """An entry into buckets of several regions; without a block, S3 blocks all public access."""

    public_access_block: Annotated[
        EntryBlock | None,
        From(
            cfn="PublicAccessBlockConfiguration",
            tf="details.public_access_block",
            live="PublicAccessBlock",
        ),
    ] = None
    policy: Annotated[
        Policy | None,
        From(cfn=NOWHERE, tf=None),
        Part("AWS::S3::MultiRegionAccessPointPolicy", "MrapName", "Policy"),
    ] = None


class DirectoryBucket(Resource, cfn="AWS::S3Express::DirectoryBucket", tf="aws_s3_directory_bucket"):
    """A bucket of S3 Express One Zone."""

    lifecycle_rules: Annotated[
        tuple[ExpirationRule, ...],
        From(cfn="LifecycleConfiguration.Rules", tf=NOWHERE, live="LifecycleConfiguration.Rules"),
        Part("aws_s3_bucket_lifecycle_configuration", "bucket", "rule"),
    ] = ()


def _restricts(owner: Blocking) -> bool:
    """Whether RestrictPublicBuckets is on."""
    return owner.public_access_block is not None and owner.public_access_block.restrict_public_buckets


def _denied(policy: Policy, use: tuple[str, str, Callable[[Pattern], bool]]) -> bool:
    return policy.denies_plain_http(use[1], use[2])


def is_bucket(resource: Pattern) -> bool:
    """Whether a resource in a bucket's policy is the bucket itself: it can only name that bucket and its objects."""
    return "/" not in resource.sketch()


def is_all_objects(resource: Pattern) -> bool:
    """Whether a resource in a bucket's policy is all objects of the bucket."""
    bucket, slash, key = resource.sketch().partition("/")
    return not key.strip("*") and key != "" if slash else bucket.endswith("*")


_USES: tuple[tuple[str, str, Callable[[Pattern], bool]], ...] = (
    ("list", "s3:ListBucket", is_bucket),
    ("read", "s3:GetObject", is_all_objects),
    ("write", "s3:PutObject", is_all_objects),
    ("delete", "s3:DeleteObject", is_all_objects),
)
