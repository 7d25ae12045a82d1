"""How MSK encrypts what goes through its clusters."""

from auditor import HIGH, Findings, check
from auditor.resources.msk import Cluster

_CLUSTER = "AWS::MSK::Cluster: {ClusterName: events, EncryptionInfo: {EncryptionInTransit: {%s}}}"


@check(
    "msk-in-transit-encryption",
    title="MSK clusters encrypt traffic between brokers and to clients",
    severity=HIGH,
    bad=(
        _CLUSTER % "InCluster: false, ClientBroker: TLS",
        _CLUSTER % "InCluster: true, ClientBroker: TLS_PLAINTEXT",
        _CLUSTER % "ClientBroker: PLAINTEXT",
    ),
    good=("AWS::MSK::Cluster: {ClusterName: events}", _CLUSTER % "InCluster: true, ClientBroker: TLS"),
)
def in_transit_encryption(cluster: Cluster) -> Findings:
    """In plain text, events and the credentials of clients can be read and changed by whoever is on the way.

    Fix: set ClientBroker to TLS, or take EncryptionInTransit away, as that is the default. InCluster can only be set
    when a cluster is made.
    """
    if cluster.client_broker_encryption != "TLS":
        yield cluster.fail("accepts clients without TLS", at="client_broker_encryption", expected="TLS")
    if not cluster.in_cluster_encryption:
        yield cluster.fail("does not encrypt traffic between brokers", at="in_cluster_encryption", expected="true")
