"""How Redshift encrypts."""

from auditor import HIGH, Findings, Undecided, check
from auditor.resources.redshift import Cluster, ClusterParameterGroup
from auditor.resources.redshiftserverless import Workgroup


@check(
    "redshift-encryption-at-rest",
    title="Redshift clusters, serverless namespaces and snapshot copies are encrypted at rest, with a customer managed "
    "KMS key where required",
    severity=HIGH,
    fixable="moves the data of an existing cluster to new nodes, while it can only be read",
    bad="AWS::Redshift::Cluster: {NodeType: ra3.large, Encrypted: false}",
    good=(
        "AWS::Redshift::Cluster: {NodeType: ra3.large}",
        "AWS::Redshift::Cluster: {NodeType: ra3.large, Encrypted: true, KmsKeyId: key}",
    ),
)
def encryption_at_rest(cluster: Cluster) -> Findings:
    """An unencrypted cluster has unencrypted snapshots, and whoever gets one of them has the whole warehouse.

    Clusters are encrypted unless told otherwise since January 2025; serverless namespaces and copies of snapshots
    always are.

    Fix: set Encrypted to true, with a KmsKeyId of your own where snapshots are shared with other accounts.
    """
    if not cluster.encrypted:
        yield cluster.fail("is not encrypted", at="encrypted", expected="true")


_PARAMETER = "[{ParameterName: require_ssl, ParameterValue: '%s'}]"
_GROUP = "AWS::Redshift::ClusterParameterGroup: {ParameterGroupFamily: redshift-%s, Parameters: %s}"
_WORKGROUP = "AWS::RedshiftServerless::Workgroup: {WorkgroupName: a, ConfigParameters: [{ParameterKey: %s}]}"


@check(
    "redshift-in-transit-encryption",
    title="Redshift connections require TLS",
    severity=HIGH,
    bad=(
        _GROUP % ("1.0", "[]"),
        _GROUP % ("1.0", _PARAMETER % "false"),
        _GROUP % ("2.0", _PARAMETER % "false"),
        _WORKGROUP % "require_ssl, ParameterValue: 'false'",
        "AWS::Redshift::Cluster: {ClusterParameterGroupName: default.redshift-1.0}",
    ),
    good=(
        _GROUP % ("1.0", _PARAMETER % "true"),
        _GROUP % ("2.0", "[]"),
        _WORKGROUP % "require_ssl, ParameterValue: 'true'",
        "AWS::Redshift::Cluster: {NodeType: ra3.large}",
    ),
)
def in_transit_encryption(holder: ClusterParameterGroup | Workgroup | Cluster) -> Findings:
    """Where TLS is not required, one client that does not ask for it sends its password and data in the clear.

    The default group redshift-1.0 does not require it, redshift-2.0, which new clusters have, does.

    Fix: set require_ssl to true: in a parameter group of your own, which the cluster then uses, or in the workgroup's
    ConfigParameters.
    """
    if isinstance(holder, Cluster):
        if holder.cluster_parameter_group_name == "default.redshift-1.0":
            yield holder.fail("has default parameters that do not require TLS", at="cluster_parameter_group_name")
    elif isinstance(holder, Workgroup):
        required = holder.config_parameters.get("require_ssl")
        if required is None:
            raise Undecided("require_ssl is not set, and what it is by default is not documented")
        if required.lower() != "true":
            yield holder.fail("accepts connections without TLS", at="config_parameters")
    elif not holder.title.startswith("default."):
        default = "true" if holder.family == "redshift-2.0" else "false"
        if (holder.parameters.get("require_ssl") or default).lower() != "true":
            yield holder.fail("accepts connections without TLS", at="parameters")
