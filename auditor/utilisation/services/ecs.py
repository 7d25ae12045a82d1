"""How ECS services are used (ECS developer guide, "CloudWatch metrics"), in percent of what their tasks reserve."""

from collections.abc import Mapping
from typing import Annotated, Any

from auditor.utilisation import Metric, Series, Usage
from auditor.values import known


def _cluster(service: Mapping[str, Any]) -> str:
    arn = str(known(service["ClusterArn"]))
    return arn.rpartition("/")[2]


_SERVICE = {"ClusterName": _cluster, "ServiceName": "ServiceName"}


class ServiceCpu(Usage, cfn="usage:ECS::ServiceCpu", measures="AWS::ECS::Service"):
    """How busy a service's tasks are on average."""

    average: Annotated[Series, Metric("AWS/ECS", "CPUUtilization", "Average", _SERVICE)]


class ServiceLoad(Usage, cfn="usage:ECS::ServiceLoad", measures="AWS::ECS::Service"):
    """The most that a service's tasks use of their processors and memory."""

    cpu: Annotated[Series, Metric("AWS/ECS", "CPUUtilization", "Maximum", _SERVICE)]
    memory: Annotated[Series, Metric("AWS/ECS", "MemoryUtilization", "Maximum", _SERVICE)]
