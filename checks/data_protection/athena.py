"""How Athena encrypts what queries give."""

from auditor import HIGH, Findings, check
from auditor.resources.athena import Database, WorkGroup

_GROUP = "AWS::Athena::WorkGroup: {Name: analysts, WorkGroupConfiguration: {%s}}"
_RESULTS = "ResultConfiguration: {OutputLocation: 's3://results'%s}"


@check(
    "athena-workgroup-encryption",
    title="Athena workgroups and databases encrypt query results",
    severity=HIGH,
    bad=("AWS::Athena::WorkGroup: {Name: analysts}", _GROUP % _RESULTS % ""),
    good=(
        _GROUP % _RESULTS % ", EncryptionConfiguration: {EncryptionOption: SSE_S3}",
        _GROUP % _RESULTS % ", EncryptionConfiguration: {EncryptionOption: SSE_KMS, KmsKey: key}",
        _GROUP % "ManagedQueryResultsConfiguration: {Enabled: true}",
    ),
)
def workgroup_encryption(queried: WorkGroup | Database) -> Findings:
    """Results are copies of the data, kept in a bucket of which the data's owners may know nothing.

    Fix: set EncryptionConfiguration in ResultConfiguration, with SSE_KMS and a KmsKey where the data is encrypted with
    one, and EnforceWorkGroupConfiguration, so that clients can't choose otherwise; or let Athena manage the results.
    """
    if not queried.encryption_option and not queried.managed_results:
        yield queried.fail("does not encrypt query results", at="encryption_option")
