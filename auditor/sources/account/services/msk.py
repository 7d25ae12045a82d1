"""MSK: clusters with the state of their Kafka version, and connectors."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from auditor.raw import Raw
from auditor.sources.account.collector import Api, collector
from auditor.sources.account.regular import Listing, regular
from auditor.values import ABSENT, Unknown

# The list tells all that a description does.
_CLUSTERS = "ClusterInfoList[?ClusterType=='PROVISIONED' && State!='DELETING'].merge(@, Provisioned || `{}`)"


@collector(
    "kafka",
    types=("AWS::MSK::Cluster",),
    operations=("ListClustersV2",),
    details={"ListKafkaVersions": ("KafkaVersionStatus",)},
)
def clusters(api: Api) -> Iterator[Raw]:
    """Every cluster that is not serverless, and whether its Kafka version is still supported."""
    versions: dict[str, Any] | Unknown | None = None
    for cluster in api.pages("ListClustersV2", _CLUSTERS):
        versions = _versions(api) if versions is None else versions
        version = (cluster.get("CurrentBrokerSoftwareInfo") or {}).get("KafkaVersion", "")
        status = versions if isinstance(versions, Unknown) else versions.get(version, ABSENT)
        name, properties = cluster["ClusterName"], {**cluster, "KafkaVersionStatus": status}
        yield api.raw("AWS::MSK::Cluster", cluster["ClusterArn"], properties, names=(name,), title=name)


def _versions(api: Api) -> dict[str, Any] | Unknown:
    """The state of every Kafka version, such as DEPRECATED."""
    found = api.ask_all("ListKafkaVersions", "KafkaVersions", resource="the state of Kafka versions")
    return found if isinstance(found, Unknown) else {one["Version"]: one.get("Status", ABSENT) for one in found}


# The list tells all that is read of a description, and not a connector's own configuration, which holds passwords.
regular(
    "kafkaconnect",
    "AWS::KafkaConnect::Connector",
    Listing("ListConnectors", "Connectors[?ConnectorState!='DELETING']"),
    arn="{ConnectorArn}",
    title="{ConnectorName}",
    pascal=True,
)
