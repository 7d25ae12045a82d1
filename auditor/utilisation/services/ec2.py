"""How EC2 instances are used.

Sources: EC2 user guide, "CloudWatch metrics that are available for your instances"; CloudWatch user guide, "Collect
NVIDIA GPU metrics" (the agent) and "Container Insights metrics" for EKS. Percentages are of all cores,
or of one GPU; network is in bytes.
"""

from collections.abc import Mapping
from typing import Annotated, Any

from auditor.pricing import book
from auditor.utilisation import Metric, Series, Usage
from auditor.values import known

_INSTANCE = {"InstanceId": "InstanceId"}
_CPU = Metric("AWS/EC2", "CPUUtilization", "Maximum", _INSTANCE)
_NETWORK_IN = Metric("AWS/EC2", "NetworkIn", "Sum", _INSTANCE)
_NETWORK_OUT = Metric("AWS/EC2", "NetworkOut", "Sum", _INSTANCE)
# The agent's dimensions are set up by its user; where the instance's id is not among them, its name mostly is.
_AGENT = {"InstanceId": "InstanceId", "host": "PrivateDnsName"}
_BY_AGENT = Metric("CWAgent", "nvidia_smi_utilization_gpu", "Maximum", _AGENT, found=True)
_BY_CONTAINER_INSIGHTS = Metric("ContainerInsights", "node_gpu_utilization", "Maximum", _INSTANCE, found=True)


def has_gpu(instance: Mapping[str, Any]) -> bool:
    """Whether a live instance that is running has GPUs, by the price book; a type that it lacks may have some."""
    kind = book.instance_type(str(known(instance.get("InstanceType", ""))))
    return _running(instance) and (kind is None or kind.has_gpu)


def _running(instance: Mapping[str, Any]) -> bool:
    state: Mapping[str, Any] = known(instance.get("State")) or {}
    return state.get("Name") in (None, "running")


class InstanceLoad(Usage, cfn="usage:EC2::InstanceLoad", measures="AWS::EC2::Instance", only=_running):
    """How busy a running instance's processors and network are."""

    cpu: Annotated[Series, _CPU]
    network_in: Annotated[Series, _NETWORK_IN]
    network_out: Annotated[Series, _NETWORK_OUT]


class InstanceMemory(Usage, cfn="usage:EC2::InstanceMemory", measures="AWS::EC2::Instance", only=_running):
    """How much of a running instance's memory is used, in percent, where the CloudWatch agent says so."""

    used: Annotated[tuple[Series, ...], Metric("CWAgent", "mem_used_percent", "Maximum", _AGENT, found=True)]


class GpuLoad(Usage, cfn="usage:EC2::GpuLoad", measures="AWS::EC2::Instance", only=has_gpu):
    """How busy each GPU of a running instance is, where an agent says so; and its processors and network, if none does.

    `agent` is the CloudWatch agent's figure, `containers` that of Container Insights.
    """

    agent: Annotated[tuple[Series, ...], _BY_AGENT]
    containers: Annotated[tuple[Series, ...], _BY_CONTAINER_INSIGHTS]
    cpu: Annotated[Series, _CPU]
    network_in: Annotated[Series, _NETWORK_IN]
    network_out: Annotated[Series, _NETWORK_OUT]


class GpuReports(Usage, cfn="usage:EC2::GpuReports", measures="AWS::EC2::Instance", only=has_gpu):
    """Who says how busy the GPUs of a running instance are; see `GpuLoad`."""

    agent: Annotated[tuple[Series, ...], _BY_AGENT]
    containers: Annotated[tuple[Series, ...], _BY_CONTAINER_INSIGHTS]
