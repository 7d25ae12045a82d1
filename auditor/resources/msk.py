"""MSK: clusters of Kafka brokers, and connectors."""

from typing import Annotated

from auditor.resources.base import Resource, Struct
from auditor.resources.fields import From
from auditor.resources.tags import Tags


class Destination(Struct):
    """A place that logs may go to."""

    enabled: bool = False


class Logs(Struct):
    """Where logs of brokers or workers go."""

    cloud_watch_logs: Annotated[Destination | None, From(tf="cloudwatch_logs")] = None
    firehose: Destination | None = None
    s3: Destination | None = None


_TRANSIT = "EncryptionInfo.EncryptionInTransit"
_TF_TRANSIT = "encryption_info.encryption_in_transit"
_PUBLIC = "BrokerNodeGroupInfo.ConnectivityInfo.PublicAccess.Type"
_KEY = "EncryptionInfo.EncryptionAtRest.DataVolumeKMSKeyId"


def _authentication(name: str, tf: str) -> From:
    """Where a way of authenticating clients stands."""
    return From(
        cfn=f"ClientAuthentication.{name}", tf=f"client_authentication.{tf}", live=f"ClientAuthentication.{name}"
    )


class Cluster(Resource, cfn="AWS::MSK::Cluster", tf="aws_msk_cluster"):
    """A cluster of brokers of which the account chose the type; serverless ones have nothing to choose."""

    kafka_version: Annotated[str, From(live="CurrentBrokerSoftwareInfo.KafkaVersion")]
    kafka_version_status: Annotated[str | None, From(cfn=None, tf=None)] = None
    enhanced_monitoring: str = "DEFAULT"
    in_cluster_encryption: Annotated[
        bool, From(cfn=f"{_TRANSIT}.InCluster", tf=f"{_TF_TRANSIT}.in_cluster", live=f"{_TRANSIT}.InCluster")
    ] = True
    client_broker_encryption: Annotated[
        str, From(cfn=f"{_TRANSIT}.ClientBroker", tf=f"{_TF_TRANSIT}.client_broker", live=f"{_TRANSIT}.ClientBroker")
    ] = "TLS"
    kms_key_id: Annotated[
        str | None, From(cfn=_KEY, tf="encryption_info.encryption_at_rest_kms_key_arn", live=_KEY)
    ] = None
    broker_logs: Annotated[
        Logs | None, From(cfn="LoggingInfo.BrokerLogs", tf="logging_info.broker_logs", live="LoggingInfo.BrokerLogs")
    ] = None
    public_access: Annotated[
        str,
        From(cfn=_PUBLIC, tf="broker_node_group_info.connectivity_info.public_access.type", live=_PUBLIC),
    ] = "DISABLED"
    unauthenticated: Annotated[bool | None, _authentication("Unauthenticated.Enabled", "unauthenticated")] = None
    sasl_iam: Annotated[bool, _authentication("Sasl.Iam.Enabled", "sasl.iam")] = False
    sasl_scram: Annotated[bool, _authentication("Sasl.Scram.Enabled", "sasl.scram")] = False
    tls_authorities: Annotated[
        tuple[str, ...], _authentication("Tls.CertificateAuthorityArnList", "tls.certificate_authority_arns")
    ] = ()
    tls_enabled: Annotated[
        bool | None,
        From(cfn="ClientAuthentication.Tls.Enabled", tf=None, live="ClientAuthentication.Tls.Enabled"),
    ] = None
    tags: Tags = Tags({})


class Connector(Resource, cfn="AWS::KafkaConnect::Connector", tf="aws_mskconnect_connector"):
    """An MSK Connect connector."""

    encryption_in_transit: Annotated[
        str,
        From(
            cfn="KafkaClusterEncryptionInTransit.EncryptionType",
            tf="kafka_cluster_encryption_in_transit.encryption_type",
            live="KafkaClusterEncryptionInTransit.EncryptionType",
        ),
    ] = "PLAINTEXT"
    worker_logs: Annotated[
        Logs | None,
        From(
            cfn="LogDelivery.WorkerLogDelivery",
            tf="log_delivery.worker_log_delivery",
            live="LogDelivery.WorkerLogDelivery",
        ),
    ] = None
