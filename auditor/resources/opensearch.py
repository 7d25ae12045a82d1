"""OpenSearch: domains, also those that still run Elasticsearch, and reservations."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Self

from auditor.policy import Policy
from auditor.raw import Path, Raw
from auditor.resources.base import Resource, Struct
from auditor.resources.fields import NOWHERE, From, Part, wrong
from auditor.resources.tags import Tags
from auditor.values import ABSENT, known


class ClusterConfig(Struct):
    """The nodes of a domain."""

    instance_type: Annotated[str | None, From(tf_default="m3.medium.search")] = None
    instance_count: int = 1
    zone_awareness_enabled: bool = False
    dedicated_master_enabled: bool = False
    dedicated_master_count: int = 0


class EndpointOptions(Struct):
    """How clients reach a domain."""

    enforce_https: Annotated[bool, From(cfn="EnforceHTTPS", live="EnforceHTTPS", tf_default=True)] = False
    tls_security_policy: Annotated[str | None, From(cfn="TLSSecurityPolicy", live="TLSSecurityPolicy")] = None


class Network(Struct):
    """Where in a VPC a domain is."""

    subnet_ids: tuple[str, ...] = ()
    security_group_ids: tuple[str, ...] = ()


class Security(Struct):
    """Fine-grained access control."""

    enabled: bool = False
    internal_user_database_enabled: bool = False


class LogPublishing(Struct):
    """Where one kind of log goes."""

    enabled: bool = True


class PublishedLogs:
    """The logs that a domain publishes: a map by kind, in Terraform a block for each."""

    def __init__(self, raw: Raw, members: dict[str, tuple[Path, Any]]) -> None:
        """`members` says by kind, such as `AUDIT_LOGS`, where it stands, and what."""
        self._raw = raw
        self._members = members

    @classmethod
    def from_raw(cls, value: Any, raw: Raw, path: Path) -> Self:
        """Read either form.

        Raises:
            Undecided: it is neither, or a kind is unknown.
        """
        if isinstance(value, Mapping) and raw.dialect != "tf":
            return cls(raw, {kind: ((*path, kind), member) for kind, member in value.items()})
        members: dict[str, tuple[Path, Any]] = {}
        for index, block in enumerate(value if isinstance(value, list) else [value]):
            member = known(block)
            if not isinstance(member, Mapping):
                raise wrong((*path, index), "a map", member)
            members[str(known(member.get("log_type")))] = ((*path, index), member)
        return cls(raw, members)

    def publishes(self, kind: str) -> bool:
        """Whether it publishes a kind of log, such as `AUDIT_LOGS`.

        Raises:
            Undecided: that is not known.
        """
        path, value = self._members.get(kind, ((), ABSENT))
        value = known(value)
        return value is not ABSENT and LogPublishing.from_raw(value, self._raw, path).enabled


class Domain(Resource, cfn="AWS::OpenSearchService::Domain", tf="aws_opensearch_domain"):
    """A domain (OpenSearch DescribeDomains)."""

    engine_version: str | None = None
    cluster_config: ClusterConfig | None = None
    encrypted: Annotated[
        bool,
        From(
            cfn="EncryptionAtRestOptions.Enabled", tf="encrypt_at_rest.enabled", live="EncryptionAtRestOptions.Enabled"
        ),
    ] = False
    kms_key_id: Annotated[
        str | None,
        From(
            cfn="EncryptionAtRestOptions.KmsKeyId",
            tf="encrypt_at_rest.kms_key_id",
            live="EncryptionAtRestOptions.KmsKeyId",
        ),
    ] = None
    node_to_node_encryption: Annotated[
        bool,
        From(
            cfn="NodeToNodeEncryptionOptions.Enabled",
            tf="node_to_node_encryption.enabled",
            live="NodeToNodeEncryptionOptions.Enabled",
        ),
    ] = False
    domain_endpoint_options: EndpointOptions | None = None
    vpc_options: Annotated[Network | None, From(cfn="VPCOptions", live="VPCOptions")] = None
    access_policies: Annotated[
        Policy | None, From(), Part("aws_opensearch_domain_policy", "domain_name", "access_policies")
    ] = None
    log_publishing_options: PublishedLogs | None = None
    advanced_security_options: Security | None = None
    cognito_enabled: Annotated[
        bool, From(cfn="CognitoOptions.Enabled", tf="cognito_options.enabled", live="CognitoOptions.Enabled")
    ] = False
    saml_enabled: Annotated[
        bool,
        From(
            cfn="AdvancedSecurityOptions.SAMLOptions.Enabled",
            tf=NOWHERE,
            live="AdvancedSecurityOptions.SAMLOptions.Enabled",
        ),
        Part("aws_opensearch_domain_saml_options", "domain_name", "saml_options.enabled"),
    ] = False
    software_update_available: Annotated[
        bool, From(cfn=None, tf=None, live="ServiceSoftwareOptions.UpdateAvailable")
    ] = False
    tags: Tags = Tags({})


class ElasticsearchDomain(Domain, cfn="AWS::Elasticsearch::Domain", tf="aws_elasticsearch_domain"):
    """A domain as older templates declare it; an account has only `Domain`."""

    engine_version: Annotated[
        str | None, From(cfn="ElasticsearchVersion", tf="elasticsearch_version", tf_default="1.5")
    ] = None
    cluster_config: Annotated[ClusterConfig | None, From(cfn="ElasticsearchClusterConfig")] = None
    access_policies: Annotated[
        Policy | None, From(), Part("aws_elasticsearch_domain_policy", "domain_name", "access_policies")
    ] = None
    saml_enabled: Annotated[
        bool,
        From(cfn=NOWHERE, tf=NOWHERE),
        Part("aws_elasticsearch_domain_saml_options", "domain_name", "saml_options.enabled"),
    ] = False


class ReservedInstance(Resource, cfn="api:OpenSearchService::ReservedInstance"):
    """A reservation; duration in seconds (OpenSearch DescribeReservedInstances)."""

    instance_type: str
    count: Annotated[int, From(live="InstanceCount")]
    state: str
    start_time: datetime
    duration: int
