"""How OpenSearch encrypts."""

from auditor import HIGH, Findings, check
from auditor.resources.opensearch import Domain

_TYPES = ("AWS::OpenSearchService::Domain", "AWS::Elasticsearch::Domain")


@check(
    "opensearch-encryption-at-rest",
    title="OpenSearch domains are encrypted at rest, with a customer managed KMS key where required",
    severity=HIGH,
    fixable="cannot be undone",
    bad=(
        *(f"{name}: {{DomainName: vectors}}" for name in _TYPES),
        f"{_TYPES[0]}: {{EncryptionAtRestOptions: {{Enabled: false}}}}",
    ),
    good=(
        *(f"{name}: {{EncryptionAtRestOptions: {{Enabled: true}}}}" for name in _TYPES),
        f"{_TYPES[0]}: {{EncryptionAtRestOptions: {{Enabled: true, KmsKeyId: key}}}}",
    ),
)
def encryption_at_rest(domain: Domain) -> Findings:
    """Indexes, vectors and logs on the disks of an unencrypted domain have no key that could be withdrawn.

    Fix: set EncryptionAtRestOptions with Enabled true, and a KmsKeyId where the data calls for a key of your own.
    """
    if not domain.encrypted:
        yield domain.fail("is not encrypted at rest", at="encrypted", expected="true")


_HTTPS = "{DomainEndpointOptions: {EnforceHTTPS: %s, TLSSecurityPolicy: Policy-Min-TLS-%s}}"


@check(
    "opensearch-https",
    title="OpenSearch domains require HTTPS with a current TLS policy",
    severity=HIGH,
    bad=(
        *(f"{name}: {{DomainName: vectors}}" for name in _TYPES),
        f"{_TYPES[0]}: {_HTTPS % ('false', '1-2-2019-07')}",
        f"{_TYPES[0]}: {_HTTPS % ('true', '1-0-2019-07')}",
        f"{_TYPES[0]}: {{DomainEndpointOptions: {{EnforceHTTPS: true}}}}",
    ),
    good=(
        *(f"{name}: {_HTTPS % ('true', '1-2-2019-07')}" for name in _TYPES),
        f"{_TYPES[0]}: {_HTTPS % ('true', '1-2-PFS-2023-10')}",
    ),
)
def https(domain: Domain) -> Findings:
    """Over HTTP, queries, documents and passwords can be read and changed on the way; TLS 1.0 can be broken.

    Fix: set DomainEndpointOptions with EnforceHTTPS true and TLSSecurityPolicy Policy-Min-TLS-1-2-PFS-2023-10.
    """
    options = domain.domain_endpoint_options
    if options is None:
        yield domain.fail("accepts HTTP and old versions of TLS", at="domain_endpoint_options")
        return
    if not options.enforce_https:
        yield domain.fail("accepts HTTP", at="domain_endpoint_options.enforce_https", expected="true")
    if "-Min-TLS-1-0" in (options.tls_security_policy or "Policy-Min-TLS-1-0"):
        yield domain.fail("accepts TLS 1.0", at="domain_endpoint_options.tls_security_policy")
