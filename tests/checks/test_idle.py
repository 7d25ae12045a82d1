"""What is called idle, throttled or too slow by its metrics, in a simulated account."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
import pytest
from moto.cloudwatch.models import Statistics

from auditor.config import Config
from auditor.raw import Collected
from auditor.scan import scan_account
from tests.support import by_title, judge, statuses
from tests.usage import publish

IMAGE = "ami-12c6146b"


@pytest.fixture
def gpus(aws: Any, answers: dict[str, Any]) -> Any:
    """Starts GPU instances that have been running for a month, and gives their ids."""
    month_ago = datetime.now(UTC) - timedelta(days=30)

    def aged(answer: Any) -> Any:
        for reservation in answer["Reservations"]:
            for instance in reservation["Instances"]:
                instance["LaunchTime"] = month_ago
        return answer

    answers["DescribeInstances"] = aged

    def started(kind: str = "p3.8xlarge") -> str:
        answer = aws("ec2").run_instances(ImageId=IMAGE, MinCount=1, MaxCount=1, InstanceType=kind)
        number: str = answer["Instances"][0]["InstanceId"]
        return number

    return started


def only(found: dict[str, Any]) -> Any:
    (value,) = found.values()
    return value


def busy_gpu(cloudwatch: Any, instance: str, index: int, percent: float) -> None:
    dimensions = {"InstanceId": instance, "InstanceType": "p3.8xlarge", "index": str(index), "name": "Tesla V100"}
    publish(cloudwatch, "CWAgent", "nvidia_smi_utilization_gpu", dimensions, percent)


def quiet_host(cloudwatch: Any, instance: str, cpu: float = 1, network: float = 1000) -> None:
    for name, value in (("CPUUtilization", cpu), ("NetworkIn", network), ("NetworkOut", network)):
        publish(cloudwatch, "AWS/EC2", name, {"InstanceId": instance}, value)


def test_gpus_that_do_nothing_are_idle(aws: Any, gpus: Any, scan: Any) -> None:
    cloudwatch, instance = aws("cloudwatch"), gpus()
    for index in range(4):
        busy_gpu(cloudwatch, instance, index, 0.5)
    quiet_host(cloudwatch, instance, cpu=70)
    verdict = only(judge(scan("ec2-gpu-idle"), "ec2-gpu-idle"))
    (finding,) = verdict.findings
    assert finding.message == "is a p3.8xlarge whose GPUs were at most 0.5 % busy in 7 days"
    assert finding.saving.low == finding.saving.high == 8935.2
    assert (finding.saving.confidence, finding.saving.kind) == ("high", "idle")


def test_an_idle_spot_gpu_saves_no_more_than_its_spot_price(aws: Any, gpus: Any, scan: Any, answers: Any) -> None:
    cloudwatch, instance, aged = aws("cloudwatch"), gpus(), answers["DescribeInstances"]

    def on_spot(answer: Any) -> Any:
        answer["Reservations"][0]["Instances"][0]["InstanceLifecycle"] = "spot"
        return aged(answer)

    answers["DescribeInstances"] = on_spot
    for index in range(4):
        busy_gpu(cloudwatch, instance, index, 0.5)
    (finding,) = only(judge(scan("ec2-gpu-idle"), "ec2-gpu-idle")).findings
    assert 0 < finding.saving.high < 8935.2
    assert "on spot capacity" in finding.saving.basis


def test_one_busy_gpu_is_enough_whatever_the_processors_do(aws: Any, gpus: Any, scan: Any) -> None:
    cloudwatch, instance = aws("cloudwatch"), gpus()
    busy_gpu(cloudwatch, instance, 0, 0)
    busy_gpu(cloudwatch, instance, 3, 80)
    quiet_host(cloudwatch, instance)
    assert list(statuses(scan("ec2-gpu-idle"), "ec2-gpu-idle").values()) == ["pass"]


def test_without_an_agent_processors_and_network_stand_in_and_the_words_say_so(aws: Any, gpus: Any, scan: Any) -> None:
    quiet_host(aws("cloudwatch"), gpus())
    (finding,) = only(judge(scan("ec2-gpu-idle"), "ec2-gpu-idle")).findings
    assert "looks idle: no figures of its GPUs are published" in finding.message
    assert finding.saving.confidence == "medium"


@pytest.mark.parametrize("busy", [{"cpu": 40}, {"network": 1e9}])
def test_a_busy_host_is_not_idle(aws: Any, gpus: Any, scan: Any, busy: dict[str, float]) -> None:
    quiet_host(aws("cloudwatch"), gpus(), **busy)
    assert list(statuses(scan("ec2-gpu-idle"), "ec2-gpu-idle").values()) == ["pass"]


def test_few_figures_are_no_evidence(aws: Any, gpus: Any, scan: Any) -> None:
    instance = gpus()
    publish(aws("cloudwatch"), "AWS/EC2", "CPUUtilization", {"InstanceId": instance}, 1, days=2)
    verdict = only(judge(scan("ec2-gpu-idle"), "ec2-gpu-idle"))
    assert verdict.status.value == "unknown"
    assert "only 48 of 336 hours" in verdict.reason


def test_denied_metrics_are_unknown(aws: Any, gpus: Any, scan: Any, deny: Any) -> None:
    quiet_host(aws("cloudwatch"), gpus())
    deny("GetMetricData")
    found = scan("ec2-gpu-idle")
    verdict = only(judge(found, "ec2-gpu-idle"))
    assert verdict.status.value == "unknown"
    assert "cloudwatch:GetMetricData was denied" in verdict.reason
    assert [gap.operation for gap in found.gaps] == ["GetMetricData"]


def test_instances_without_gpus_are_not_asked_about(gpus: Any, scan: Any) -> None:
    gpus("m5.large")
    found = scan("ec2-gpu-idle")
    assert "cloudwatch:GetMetricData" not in found.calls
    assert list(statuses(found, "ec2-gpu-idle").values()) == ["pass"]


def test_whether_gpus_are_seen(aws: Any, gpus: Any, scan: Any, deny: Any) -> None:
    seen, unseen = gpus(), gpus()
    busy_gpu(aws("cloudwatch"), seen, 0, 50)
    check = "ec2-gpu-monitoring-missing"
    found = {arn.rpartition("/")[2]: status for arn, status in statuses(scan(check), check).items()}
    assert found == {seen: "pass", unseen: "fail"}
    deny("ListMetrics")
    assert set(statuses(scan(check), check).values()) == {"unknown"}


# --- endpoints ------------------------------------------------------------------------------------------------------


@pytest.fixture
def endpoint(aws: Any, answers: dict[str, Any]) -> Any:
    """Makes an endpoint of two variants that has been there for a month."""
    sagemaker = aws("sagemaker")

    def aged(answer: Any) -> Any:
        answer["CreationTime"] = datetime.now(UTC) - timedelta(days=30)
        answer["ProductionVariants"] = [
            {"VariantName": name, "CurrentInstanceCount": 2, "CurrentWeight": 1.0} for name in ("blue", "green")
        ]
        return answer

    answers["DescribeEndpoint"] = aged

    def made(name: str, **tags: str) -> None:
        role = "arn:aws:iam::123456789012:role/models"
        sagemaker.create_model(ModelName=f"{name}-model", ExecutionRoleArn=role, PrimaryContainer={"Image": "image"})
        variants = [
            {
                "VariantName": variant,
                "ModelName": f"{name}-model",
                "InstanceType": "ml.g4dn.4xlarge",
                "InitialInstanceCount": 1,
            }
            for variant in ("blue", "green")
        ]
        sagemaker.create_endpoint_config(EndpointConfigName=f"{name}-config", ProductionVariants=variants)
        pairs = [{"Key": key.replace("_", "-"), "Value": value} for key, value in tags.items()]
        sagemaker.create_endpoint(EndpointName=name, EndpointConfigName=f"{name}-config", Tags=pairs)

    return made


def requests(aws: Any, name: str, variant: str, metric: str, values: Any) -> None:
    publish(aws("cloudwatch"), "AWS/SageMaker", metric, {"EndpointName": name, "VariantName": variant}, values)


def test_a_forgotten_endpoint_costs_all_its_instances(endpoint: Any, scan: Any) -> None:
    endpoint("forgotten")
    (finding,) = only(judge(scan("sagemaker-endpoint-idle"), "sagemaker-endpoint-idle")).findings
    assert finding.message == "had no request in 14 days"
    assert finding.saving.high == round(4 * 1.505 * 730, 2)


def test_requests_to_one_of_two_variants_are_requests(aws: Any, endpoint: Any, scan: Any) -> None:
    endpoint("used")
    requests(aws, "used", "green", "Invocations", lambda hour: 3 if hour == 100 else None)
    assert list(statuses(scan("sagemaker-endpoint-idle"), "sagemaker-endpoint-idle").values()) == ["pass"]


def test_a_young_endpoint_is_not_called_idle(endpoint: Any, scan: Any, answers: dict[str, Any]) -> None:
    endpoint("young")
    older = answers["DescribeEndpoint"]
    answers["DescribeEndpoint"] = lambda answer: {**older(answer), "CreationTime": datetime.now(UTC)}
    verdict = only(judge(scan("sagemaker-endpoint-idle"), "sagemaker-endpoint-idle"))
    assert verdict.status.value == "unknown"
    assert "has not been there for 14 days" in verdict.reason


def test_an_endpoint_without_metrics_is_unknown(endpoint: Any, scan: Any, deny: Any) -> None:
    endpoint("forgotten")
    deny("GetMetricData")
    assert list(statuses(scan("sagemaker-endpoint-idle"), "sagemaker-endpoint-idle").values()) == ["unknown"]


@pytest.fixture
def percentiles(monkeypatch: pytest.MonkeyPatch) -> None:
    """Moto has none; of values that are all the same, each is the maximum."""
    of = Statistics.get_statistics_for_type

    def told(self: Statistics, stat: str) -> Any:
        if not stat.startswith("p"):
            return of(self, stat)
        self.stats.append("Maximum")
        return self.maximum

    monkeypatch.setattr(Statistics, "get_statistics_for_type", told)


@pytest.mark.parametrize(
    ("errors", "latency", "words"),
    [(0, 50_000, []), (5, 50_000, ["fails 5 %"]), (0, 250_000, ["took more than 100 ms"])],
)
def test_targets_of_an_endpoint(
    aws: Any, endpoint: Any, scan: Any, percentiles: None, errors: float, latency: float, words: list[str]
) -> None:
    endpoint("slow")
    for metric, value in (("Invocations", 100), ("Invocation5XXErrors", errors), ("ModelLatency", latency)):
        requests(aws, "slow", "blue", metric, value)
    verdict = only(judge(scan("sagemaker-endpoint-slo-breach"), "sagemaker-endpoint-slo-breach"))
    assert verdict.status.value == ("fail" if words else "pass")
    assert all(word in finding.message for word, finding in zip(words, verdict.findings, strict=True))


def test_targets_are_of_a_tag_or_the_configuration(aws: Any, endpoint: Any, scan: Any, percentiles: None) -> None:
    endpoint("tagged", latency_target_ms="300")
    endpoint("plain")
    for name in ("tagged", "plain"):
        requests(aws, name, "blue", "Invocations", 100)
        requests(aws, name, "blue", "ModelLatency", 250_000)
    check = "sagemaker-endpoint-slo-breach"
    found: Collected = scan(check)
    assert by_title(judge(found, check)) == {"tagged": "pass", "plain": "fail"}
    relaxed = Config(endpoint_latency_ms=500)
    assert by_title(judge(found, check, relaxed)) == {"tagged": "pass", "plain": "pass"}


# --- streams --------------------------------------------------------------------------------------------------------


def test_throttled_streams(aws: Any, scan: Any, deny: Any) -> None:
    for name in ("calm", "hot"):
        aws("kinesis").create_stream(StreamName=name, ShardCount=1)
    dimensions = {"StreamName": "hot"}
    publish(aws("cloudwatch"), "AWS/Kinesis", "WriteProvisionedThroughputExceeded", dimensions, [7])
    check = "kinesis-stream-throttled"
    verdicts = {verdict.resource.title: verdict for verdict in judge(scan(check), check).values()}
    assert by_title(verdicts) == {"calm": "pass", "hot": "fail"}
    assert verdicts["hot"].findings[0].message == "refused 7 writes in 14 days"
    deny("GetMetricData")
    assert set(statuses(scan(check), check).values()) == {"unknown"}


# --- a whole scan, which asks only for what the checks read ---------------------------------------------------------


def test_a_whole_scan(aws: Any, gpus: Any, endpoint: Any) -> None:
    quiet_host(aws("cloudwatch"), gpus())
    endpoint("forgotten")
    aws("kinesis").create_stream(StreamName="calm", ShardCount=1)
    wanted = ("ec2-gpu-idle", "ec2-gpu-monitoring-missing", "sagemaker-endpoint-idle", "kinesis-stream-throttled")
    report = scan_account(Config(select=wanted), regions=["us-east-1"], session=boto3.Session())
    assert {result.check: result.status.value for result in report.results} == {
        "ec2-gpu-idle": "fail",
        "ec2-gpu-monitoring-missing": "fail",
        "sagemaker-endpoint-idle": "fail",
        "kinesis-stream-throttled": "pass",
    }
    assert report.calls["cloudwatch:GetMetricData"] == 1
    assert report.inputs[0]["metrics"] == 7  # three of the host, two of the endpoint, two of the stream
    assert report.summary.saving_high == pytest.approx(8935.2 + 4 * 1.505 * 730)
