"""How SageMaker's endpoints and training jobs are used.

Source: SageMaker AI developer guide, "Metrics for monitoring Amazon SageMaker AI with Amazon CloudWatch". Latencies are
in microseconds. CPUUtilization, GPUUtilization and GPUMemoryUtilization are sums over the cores or GPUs: 0 to 400 % on
four.
"""

from collections.abc import Mapping
from typing import Annotated, Any

from auditor.pricing import book
from auditor.utilisation import Metric, Series, Usage
from auditor.values import Undecided, known

_REQUESTS = "AWS/SageMaker"
_ENDPOINTS = "/aws/sagemaker/Endpoints"
_TRAINING = "/aws/sagemaker/TrainingJobs"
_PROCESSING = "/aws/sagemaker/ProcessingJobs"
_TRANSFORM = "/aws/sagemaker/TransformJobs"
_VARIANT = {"EndpointName": "EndpointName", "VariantName": "ProductionVariants[].VariantName"}
_INVOCATIONS = Metric(_REQUESTS, "Invocations", "Sum", _VARIANT, counts=True)


def _training_hosts(job: Mapping[str, Any]) -> list[str]:
    resources = known(job.get("ResourceConfig")) or {}
    groups = resources.get("InstanceGroups") or [resources]
    return _hosts(job["TrainingJobName"], [group.get("InstanceCount") for group in groups])


def _processing_hosts(job: Mapping[str, Any]) -> list[str]:
    cluster = (known(job.get("ProcessingResources")) or {}).get("ClusterConfig") or {}
    return _hosts(job["ProcessingJobName"], [cluster.get("InstanceCount")])


def _hosts(job: str, counts: list[int | None]) -> list[str]:
    """The names of a job's instances, as CloudWatch has them."""
    total = sum(count or 0 for count in counts)
    if not total:
        raise Undecided("how many instances it ran on is not known")
    return [f"{job}/algo-{number}" for number in range(1, total + 1)]


def _trains_on_gpus(job: Mapping[str, Any]) -> bool:
    resources = known(job.get("ResourceConfig")) or {}
    return any(_has_gpu(group.get("InstanceType")) for group in resources.get("InstanceGroups") or [resources])


def _processes_on_gpus(job: Mapping[str, Any]) -> bool:
    return _has_gpu(((known(job.get("ProcessingResources")) or {}).get("ClusterConfig") or {}).get("InstanceType"))


def _transforms_on_gpus(job: Mapping[str, Any]) -> bool:
    return _has_gpu((known(job.get("TransformResources")) or {}).get("InstanceType"))


def _has_gpu(name: str | None) -> bool:
    """Whether instances of a type have GPUs, by the price book; one that it lacks may have some."""
    kind = book.instance_type(name) if name else None
    return kind is None or kind.has_gpu


_TRAINING_HOST = {"Host": _training_hosts}


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


class EndpointWork(Usage, cfn="usage:SageMaker::EndpointWork", measures="AWS::SageMaker::Endpoint"):
    """Requests to each variant of an endpoint, and the time that its model took for all of an hour's together."""

    invocations: Annotated[tuple[Series, ...], _INVOCATIONS]
    model_time: Annotated[tuple[Series, ...], Metric(_REQUESTS, "ModelLatency", "Sum", _VARIANT, counts=True)]


class TrainingLoad(
    Usage, cfn="usage:SageMaker::TrainingLoad", measures="api:SageMaker::TrainingJob", only=_trains_on_gpus
):
    """How busy the GPUs of each instance of a training job were, in five minutes each."""

    gpu: Annotated[tuple[Series, ...], Metric(_TRAINING, "GPUUtilization", "Average", _TRAINING_HOST, period=300)]
    gpu_memory: Annotated[
        tuple[Series, ...], Metric(_TRAINING, "GPUMemoryUtilization", "Maximum", _TRAINING_HOST, period=300)
    ]


class ProcessingLoad(
    Usage, cfn="usage:SageMaker::ProcessingLoad", measures="AWS::SageMaker::ProcessingJob", only=_processes_on_gpus
):
    """How busy the GPUs of each instance of a processing job were, in five minutes each."""

    gpu: Annotated[
        tuple[Series, ...], Metric(_PROCESSING, "GPUUtilization", "Maximum", {"Host": _processing_hosts}, period=300)
    ]


class TransformLoad(
    Usage, cfn="usage:SageMaker::TransformLoad", measures="api:SageMaker::TransformJob", only=_transforms_on_gpus
):
    """How busy the GPUs of each instance of a transform job were, in five minutes each.

    Its instances are called by the job and an id that nothing else tells.
    """

    gpu: Annotated[
        tuple[Series, ...],
        Metric(_TRANSFORM, "GPUUtilization", "Maximum", {"Host": "TransformJobName"}, period=300, found=True),
    ]
