"""How SageMaker's endpoints and training jobs are used.

Source: SageMaker AI developer guide, "Metrics for monitoring Amazon SageMaker AI with Amazon CloudWatch". Latencies are
in microseconds. CPUUtilization, GPUUtilization and GPUMemoryUtilization are sums over the cores or GPUs: 0 to 400 % on
four.
"""

from collections.abc import Mapping
from typing import Annotated, Any

from auditor.utilisation import Metric, Series, Usage
from auditor.values import Undecided, known

_REQUESTS = "AWS/SageMaker"
_ENDPOINTS = "/aws/sagemaker/Endpoints"
_JOBS = "/aws/sagemaker/TrainingJobs"
_VARIANT = {"EndpointName": "EndpointName", "VariantName": "ProductionVariants[].VariantName"}
_INVOCATIONS = Metric(_REQUESTS, "Invocations", "Sum", _VARIANT, counts=True)


def _hosts(job: Mapping[str, Any]) -> list[str]:
    """The names of a training job's instances, as CloudWatch has them."""
    count = (known(job.get("ResourceConfig")) or {}).get("InstanceCount")
    if not count:
        raise Undecided("how many instances it trained on is not known")
    return [f"{job['TrainingJobName']}/algo-{number}" for number in range(1, count + 1)]


_HOST = {"Host": _hosts}


class EndpointRequests(Usage, cfn="usage:SageMaker::EndpointRequests", measures="AWS::SageMaker::Endpoint"):
    """Requests to each variant of an endpoint."""

    invocations: Annotated[tuple[Series, ...], _INVOCATIONS]


class EndpointService(Usage, cfn="usage:SageMaker::EndpointService", measures="AWS::SageMaker::Endpoint"):
    """How well each variant of an endpoint answers: requests, errors, and the model's 99th percentile of latency."""

    invocations: Annotated[tuple[Series, ...], _INVOCATIONS]
    errors: Annotated[tuple[Series, ...], Metric(_REQUESTS, "Invocation5XXErrors", "Sum", _VARIANT, counts=True)]
    model_latency: Annotated[tuple[Series, ...], Metric(_REQUESTS, "ModelLatency", "p99", _VARIANT)]


class EndpointLoad(Usage, cfn="usage:SageMaker::EndpointLoad", measures="AWS::SageMaker::Endpoint"):
    """How busy the instances of each variant of an endpoint are; an instance without GPUs has no values for them."""

    cpu: Annotated[tuple[Series, ...], Metric(_ENDPOINTS, "CPUUtilization", "Maximum", _VARIANT)]
    memory: Annotated[tuple[Series, ...], Metric(_ENDPOINTS, "MemoryUtilization", "Maximum", _VARIANT)]
    gpu: Annotated[tuple[Series, ...], Metric(_ENDPOINTS, "GPUUtilization", "Maximum", _VARIANT)]
    gpu_memory: Annotated[tuple[Series, ...], Metric(_ENDPOINTS, "GPUMemoryUtilization", "Maximum", _VARIANT)]


class TrainingLoad(Usage, cfn="usage:SageMaker::TrainingLoad", measures="api:SageMaker::TrainingJob"):
    """How busy each instance of a training job was, in five minutes each."""

    gpu: Annotated[tuple[Series, ...], Metric(_JOBS, "GPUUtilization", "Average", _HOST, period=300)]
    gpu_memory: Annotated[tuple[Series, ...], Metric(_JOBS, "GPUMemoryUtilization", "Maximum", _HOST, period=300)]
    cpu: Annotated[tuple[Series, ...], Metric(_JOBS, "CPUUtilization", "Average", _HOST, period=300)]
