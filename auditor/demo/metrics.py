"""What CloudWatch has about the account's last two weeks: which machines work, and which only cost money.

`label-video-01` has no agent on it that would tell of its GPU; `train-recsys-01` computes on its GPUs alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from auditor.demo import sagemaker
from auditor.demo.site import Site

DAYS = 15
_BATCH = 1000  # values that one call may put

Point = tuple[datetime, float]
"""When, and the metric's value then."""


class Load(NamedTuple):
    """How busy an instance is at its busiest: per cent, MB an hour; without `gpus` nobody says how busy those are."""

    name: str
    cpu: float
    network: float
    gpus: tuple[float, ...] = ()


class Traffic(NamedTuple):
    """Requests an hour to a variant of an endpoint; those of a `night` come within one hour, else most by day.

    The others are how busy its instances are at their busiest: `cpu` and `gpu` in per cent of one core or GPU.
    """

    endpoint: str
    variant: str
    requests: int
    cpu: float
    memory: float
    gpu: float | None = None
    gpu_memory: float | None = None
    night: bool = False


class Disk(NamedTuple):
    """What an hour reads from a volume and writes to it at the most: operations and MB, half each."""

    name: str
    operations: float
    megabytes: float


LOADS = {
    "us-east-1": [
        Load("train-vision-01", 83.0, 2100.0),
        Load("train-recsys-01", 3.2, 0.1, (96.0, 94.0, 97.0, 95.0)),
        Load("train-sweep-01", 61.0, 900.0, (88.0,)),
        Load("train-speech-01", 1.4, 0.1, (0.0, 0.0, 0.0, 0.4)),
        Load("train-nlp-01", 47.0, 5200.0, (99.0, 98.0, 99.0, 98.0)),
        Load("label-video-01", 1.1, 0.1),
        Load("serve-vision-01", 38.0, 640.0, (52.0,)),
        Load("batch-scoring-01", 91.0, 1500.0),
        Load("feature-builder-01", 72.0, 3300.0),
        Load("mlflow-01", 24.0, 85.0),
        Load("bastion", 6.0, 12.0),
        Load("workshop-jupyter", 0.9, 0.1),
        Load("legacy-etl", 54.0, 410.0),
    ],
    "eu-west-1": [Load("eu-serve-01", 29.0, 310.0, (44.0,)), Load("eu-debug", 8.0, 3.0)],
}

TRAFFIC = {
    "us-east-1": [
        Traffic("fraud-scoring", "live", 4200, 210.0, 47.0, 61.0, 58.0),
        Traffic("recsys", "champion", 950, 520.0, 64.0),
        Traffic("recsys", "challenger", 0, 8.0, 31.0),
        Traffic("vision-defects", "live", 0, 6.0, 12.0, 0.0, 9.0),
        Traffic("churn-nightly", "live", 1200, 310.0, 55.0, night=True),
        Traffic("demand-forecast", "live", 35, 0.0, 22.0),
    ],
    "eu-west-1": [Traffic("fraud-scoring-eu", "live", 700, 140.0, 51.0, 47.0, 62.0)],
}

DISKS = {
    "us-east-1": [Disk("recsys-dataset-cache", 4.1e6, 510_000.0), Disk("speech-corpus", 900.0, 110.0)],
    "eu-west-1": [],
}

JOBS = {  # how busy the GPUs of each instance and their memory are, per cent of one: the p4d's job uses one of eight
    "recsys-two-tower-run-31": (372.0, 290.0),
    "vision-defects-run-12": (346.0, 310.0),
    "speech-conformer-run-7": (91.0, 74.0),
}


def build(site: Site) -> None:
    """Publish the metrics of the region's instances, volumes, endpoints and training jobs, which must be there."""
    for load in LOADS[site.region]:
        _instance(site, load)
    for disk in DISKS[site.region]:
        _volume(site, disk)
    for traffic in TRAFFIC[site.region]:
        _variant(site, traffic)
    for job in sagemaker.JOBS if site.region == "us-east-1" else ():
        if job.name in JOBS:
            _job(site, job)


def _instance(site: Site, load: Load) -> None:
    instance = {"InstanceId": site.ids[load.name]}
    _publish(site, "AWS/EC2", "CPUUtilization", instance, _daily(load.cpu))
    for direction in ("NetworkIn", "NetworkOut"):
        _publish(site, "AWS/EC2", direction, instance, _daily(load.network * 1e6 / 2))
    for number, busy in enumerate(load.gpus):
        _publish(site, "CWAgent", "nvidia_smi_utilization_gpu", {**instance, "index": str(number)}, _daily(busy))


def _volume(site: Site, disk: Disk) -> None:
    volume = {"VolumeId": site.ids[disk.name]}
    for direction in ("Read", "Write"):
        _publish(site, "AWS/EBS", f"Volume{direction}Ops", volume, _daily(disk.operations / 2))
        _publish(site, "AWS/EBS", f"Volume{direction}Bytes", volume, _daily(disk.megabytes * 1e6 / 2))


def _variant(site: Site, traffic: Traffic) -> None:
    variant = {"EndpointName": traffic.endpoint, "VariantName": traffic.variant}
    if traffic.requests:  # CloudWatch has no value where nothing happened
        requests = _nightly(traffic.requests) if traffic.night else _daily(traffic.requests)
        _publish(site, "AWS/SageMaker", "Invocations", variant, requests)
    for name, most in (
        ("CPUUtilization", traffic.cpu),
        ("MemoryUtilization", traffic.memory),
        ("GPUUtilization", traffic.gpu),
        ("GPUMemoryUtilization", traffic.gpu_memory),
    ):
        if most is not None:
            _publish(site, "/aws/sagemaker/Endpoints", name, variant, _daily(most))


def _job(site: Site, job: sagemaker.Job) -> None:
    end = datetime.now(UTC) - timedelta(days=job.ended)
    times = [end - timedelta(minutes=minutes) for minutes in range(5, int(job.hours * 60) + 5, 5)]
    for number in range(1, job.instances + 1):
        host = {"Host": f"{job.name}/algo-{number}"}
        for name, busy in zip(("GPUUtilization", "GPUMemoryUtilization"), JOBS[job.name], strict=True):
            _publish(site, "/aws/sagemaker/TrainingJobs", name, host, [(time, busy) for time in times])


def _daily(most: float) -> list[Point]:
    """A value for every hour, with the greatest by day."""
    return [(time, most if 8 <= time.hour < 18 else 0.4 * most) for time in _hours()]


def _nightly(most: float) -> list[Point]:
    """A value for one hour of each night."""
    return [(time, most) for time in _hours() if time.hour == 2]


def _hours() -> Iterator[datetime]:
    now = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
    return (now - timedelta(hours=hours) for hours in range(DAYS * 24, 0, -1))


def _publish(site: Site, namespace: str, name: str, dimensions: Mapping[str, str], points: Sequence[Point]) -> None:
    pairs = [{"Name": key, "Value": value} for key, value in dimensions.items()]
    data: list[dict[str, Any]] = [
        {"MetricName": name, "Dimensions": pairs, "Timestamp": time, "Value": value} for time, value in points
    ]
    for start in range(0, len(data), _BATCH):
        site.client("cloudwatch").put_metric_data(Namespace=namespace, MetricData=data[start : start + _BATCH])
