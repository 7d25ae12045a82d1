"""MSK and MSK Connect."""

from __future__ import annotations

import pytest

from auditor.resources.msk import Cluster
from auditor.values import Undecided
from tests.sources.account.services.reading import Reading, Reads
from tests.sources.account.services.support import ACCOUNT, REGION, one, scan

_TYPE = "AWS::MSK::Cluster"
_ARN = f"arn:aws:kafka:{REGION}:{ACCOUNT}:cluster/events/1234-5"
_KEY = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/k"
_PROVISIONED = {
    "BrokerNodeGroupInfo": {
        "ClientSubnets": ["subnet-1"],
        "InstanceType": "kafka.m5.large",
        "ConnectivityInfo": {"PublicAccess": {"Type": "SERVICE_PROVIDED_EIPS"}},
    },
    "CurrentBrokerSoftwareInfo": {"KafkaVersion": "2.2.1"},
    "EncryptionInfo": {
        "EncryptionAtRest": {"DataVolumeKMSKeyId": _KEY},
        "EncryptionInTransit": {"ClientBroker": "PLAINTEXT", "InCluster": False},
    },
    "ClientAuthentication": {
        "Sasl": {"Iam": {"Enabled": True}, "Scram": {"Enabled": False}},
        "Tls": {"Enabled": True, "CertificateAuthorityArnList": ["arn:ca"]},
        "Unauthenticated": {"Enabled": True},
    },
    "EnhancedMonitoring": "PER_BROKER",
    "LoggingInfo": {"BrokerLogs": {"CloudWatchLogs": {"Enabled": True, "LogGroup": "g"}, "S3": {"Enabled": False}}},
    "NumberOfBrokerNodes": 3,
}
_CLUSTER = {
    "ClusterArn": _ARN,
    "ClusterName": "events",
    "ClusterType": "PROVISIONED",
    "State": "ACTIVE",
    "Tags": {"team": "data"},
    "Provisioned": _PROVISIONED,
}
_VERSIONS = {"KafkaVersions": [{"Version": "2.2.1", "Status": "DEPRECATED"}, {"Version": "3.5.1", "Status": "ACTIVE"}]}
_CONNECTOR = f"arn:aws:kafkaconnect:{REGION}:{ACCOUNT}:connector/sink/1234-5"


class TestMsk(Reads):
    cases = (
        Reading(
            _TYPE,
            _ARN,
            "ListClustersV2",
            {
                "ListClustersV2": {
                    "ClusterInfoList": [
                        _CLUSTER,
                        {"ClusterArn": "arn:x", "ClusterName": "less", "ClusterType": "SERVERLESS"},
                        {"ClusterArn": "arn:y", "ClusterType": "PROVISIONED", "State": "DELETING"},
                    ]
                },
                "ListKafkaVersions": _VERSIONS,
            },
            {"Tags": {"team": "data"}},
            empty={"ClusterInfoList": []},
            token="NextToken",
            needs=("ClusterArn", "ClusterName", "ClusterType", "State", "Version"),
            title="events",
            service="kafka",
            reads={
                "kafka_version": "2.2.1",
                "kafka_version_status": "DEPRECATED",
                "enhanced_monitoring": "PER_BROKER",
                "in_cluster_encryption": False,
                "client_broker_encryption": "PLAINTEXT",
                "kms_key_id": _KEY,
                "broker_logs.cloud_watch_logs.enabled": True,
                "broker_logs.s3.enabled": False,
                "broker_logs.firehose": None,
                "public_access": "SERVICE_PROVIDED_EIPS",
                "unauthenticated": True,
                "sasl_iam": True,
                "sasl_scram": False,
                "tls_enabled": True,
                "tls_authorities": ("arn:ca",),
            },
        ),
        Reading(
            "AWS::KafkaConnect::Connector",
            _CONNECTOR,
            "ListConnectors",
            {
                "ListConnectors": {
                    "connectors": [
                        {
                            "connectorArn": _CONNECTOR,
                            "connectorName": "sink",
                            "connectorState": "RUNNING",
                            "kafkaClusterEncryptionInTransit": {"encryptionType": "TLS"},
                            "logDelivery": {"workerLogDelivery": {"cloudWatchLogs": {"enabled": True}}},
                        }
                    ]
                }
            },
            {},
            empty={"connectors": []},
            token="nextToken",
            needs=("connectorArn",),
            title="sink",
            service="kafkaconnect",
            reads={"encryption_in_transit": "TLS", "worker_logs.cloud_watch_logs.enabled": True},
        ),
    )


pytestmark = pytest.mark.usefixtures("moto")


def test_what_a_plain_cluster_has(scripted):
    plain = {
        **_CLUSTER,
        "Provisioned": {key: _PROVISIONED[key] for key in ("BrokerNodeGroupInfo", "NumberOfBrokerNodes")},
    }
    del plain["Tags"]
    scripted({"ListClustersV2": {"ClusterInfoList": [plain]}, "ListKafkaVersions": _VERSIONS})
    cluster = Cluster(one(scan(_TYPE), _TYPE))
    assert (cluster.unauthenticated, cluster.sasl_iam, cluster.tls_authorities) == (None, False, ())
    assert (cluster.broker_logs, cluster.enhanced_monitoring) == (None, "DEFAULT")
    with pytest.raises(Undecided, match="KafkaVersion is missing"):
        cluster.kafka_version  # noqa: B018


def test_versions_are_asked_once_and_only_where_there_is_a_cluster(scripted):
    scripted({"ListClustersV2": {"ClusterInfoList": []}, "ListKafkaVersions": _VERSIONS})
    assert "kafka:ListKafkaVersions" not in scan(_TYPE).calls
    scripted({"ListClustersV2": {"ClusterInfoList": [_CLUSTER, {**_CLUSTER, "ClusterArn": f"{_ARN}2"}]}})
    assert scan(_TYPE).calls["kafka:ListKafkaVersions"] == 1


def test_denied_versions_leave_the_rest(scripted):
    scripted({"ListClustersV2": {"ClusterInfoList": [_CLUSTER]}, "ListKafkaVersions": "AccessDeniedException"})
    cluster = Cluster(one(scan(_TYPE), _TYPE))
    assert cluster.kafka_version == "2.2.1"
    with pytest.raises(Undecided, match="ListKafkaVersions was denied"):
        cluster.kafka_version_status  # noqa: B018


def test_clusters_in_a_simulated_account(aws, scripted):
    for number in range(3):
        aws("kafka").create_cluster_v2(
            ClusterName=f"c{number}",
            Provisioned={
                "BrokerNodeGroupInfo": _PROVISIONED["BrokerNodeGroupInfo"],
                "KafkaVersion": "3.5.1",
                "NumberOfBrokerNodes": 3,
            },
        )
    scripted({"ListKafkaVersions": _VERSIONS})  # which moto has not
    found = scan(_TYPE)
    assert (found.gaps, found.notices) == ([], [])
    assert sorted(raw.title for raw in found.raws) == ["c0", "c1", "c2"]
