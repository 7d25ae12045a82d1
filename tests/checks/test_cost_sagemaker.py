"""What SageMaker costs for nothing: notebooks, Studio, jobs and endpoints, by what an account tells of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import boto3
import pytest

from auditor.config import Config
from auditor.findings import Verdict
from auditor.raw import Collected, Gap, Raw, Scope
from auditor.scan import scan_account
from auditor.sources.account.origin import LiveOrigin
from auditor.utilisation.services.sagemaker import (
    EndpointLoad,
    EndpointRequests,
    EndpointWork,
    ProcessingLoad,
    TrainingLoad,
    TransformLoad,
)
from auditor.values import Unknown
from tests.support import by_title, hcl, judge, plan, statuses, template
from tests.usage import publish, usage
from tools.build_terraform_plans import recorded

ACCOUNT, REGION = "123456789012", "us-east-1"
SCOPE = Scope(f"{ACCOUNT}/{REGION}", "account", ACCOUNT, REGION)
NOW = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
ROLE = f"arn:aws:iam::{ACCOUNT}:role/SageMaker"
DENIED = Unknown("cloudwatch:GetMetricData was denied")


def ago(**time: float) -> datetime:
    return NOW - timedelta(**time)


def live(type: str, name: str, properties: Mapping[str, Any], *names: str) -> Raw:
    """A resource in the shape that its collector gives it."""
    arn = f"arn:aws:sagemaker:{REGION}:{ACCOUNT}:{type.rpartition('::')[2].lower()}/{name}"
    return Raw(type, arn, properties, SCOPE, LiveOrigin(type, arn, ACCOUNT, REGION), "live", (name, *names), title=name)


def denied(cls: Any, owner: Raw) -> Raw:
    """Usage that CloudWatch did not tell."""
    return Raw(cls.cfn, owner.id, dict.fromkeys(cls.metrics(), DENIED), owner.scope, owner.origin, "live")


def only(raws: Iterable[Raw], check: str, config: Config | None = None) -> Verdict:
    """The one verdict of a check."""
    (verdict,) = judge(Collected(raws=list(raws)), check, config).values()
    return verdict


def status(raws: Iterable[Raw], check: str) -> str:
    return only(raws, check).status.value


# --- notebooks ------------------------------------------------------------------------------------------------------


def notebook(**more: Any) -> Raw:
    properties = {
        "NotebookInstanceName": "research",
        "InstanceType": "ml.g5.xlarge",
        "NotebookInstanceStatus": "InService",
        "LastModifiedTime": ago(days=40),
        **more,
    }
    return live("AWS::SageMaker::NotebookInstance", "research", properties)


def script(name: str, stops: bool) -> Raw:
    properties = {"OnStart": [{"Content": "hidden", "StopsWhenIdle": stops}]}
    return live("AWS::SageMaker::NotebookInstanceLifecycleConfig", name, properties)


AUTOSTOP = "sagemaker-notebook-autostop-missing"


def test_a_notebook_that_nothing_stops_costs_the_hours_that_nobody_works() -> None:
    (finding,) = only([notebook(Tags=[])], AUTOSTOP).findings
    assert finding.message == "is not stopped when nobody uses it"
    assert finding.saving
    assert finding.saving.high == finding.saving.low * 1.0 == pytest.approx(1.41 * (730 - 260), abs=0.01)
    assert "assumed to be needed 260 of 730 hours" in finding.saving.basis
    assert (finding.saving.confidence, finding.saving.kind) == ("medium", "idle")


def test_a_stopped_notebook_has_no_figure() -> None:
    (finding,) = only([notebook(NotebookInstanceStatus="Stopped", Tags=[])], AUTOSTOP).findings
    assert finding.saving is None
    assert "depends on" in finding.message


@pytest.mark.parametrize(("stops", "expected"), [(True, "pass"), (False, "fail")])
def test_a_lifecycle_configuration_counts_if_it_stops_the_notebook(stops: bool, expected: str) -> None:
    instance = notebook(NotebookInstanceLifecycleConfigName="scripts", Tags=[])
    assert status([instance, script("scripts", stops)], AUTOSTOP) == expected


def test_a_schedule_may_stop_a_notebook() -> None:
    properties = {
        "State": "ENABLED",
        "Target": {"Arn": "arn:aws:scheduler:::aws-sdk:sagemaker:stopNotebookInstance"},
        "Details": {"ScheduleExpression": "cron(0 20 * * ? *)", "Input": '{"NotebookInstanceName": "research"}'},
    }
    assert status([notebook(Tags=[]), live("AWS::Scheduler::Schedule", "nightly", properties)], AUTOSTOP) == "pass"


def test_autostop_in_a_simulated_account(aws: Any, scan: Any, deny: Any) -> None:
    aws("sagemaker").create_notebook_instance(NotebookInstanceName="bad", InstanceType="ml.t3.large", RoleArn=ROLE)
    assert by_title(judge(scan(AUTOSTOP), AUTOSTOP)) == {"bad": "fail"}
    deny("DescribeNotebookInstance")
    assert by_title(judge(scan(AUTOSTOP), AUTOSTOP)) == {"bad": "unknown"}


IDLE = "sagemaker-notebook-idle"


def opening(when: datetime, name: str = "research") -> Raw:
    return live("api:SageMaker::NotebookOpening", name, {"NotebookInstanceName": name, "LastOpened": when})


def test_a_notebook_that_nobody_opened_is_idle() -> None:
    (finding,) = only([notebook(), opening(ago(days=20)), opening(ago(days=1), "other")], IDLE).findings
    assert finding.message == "runs, and nobody opened it in 14 days"
    assert finding.saving
    assert (finding.saving.high, finding.saving.confidence) == (pytest.approx(1.41 * 730), "medium")


def test_a_notebook_that_is_opened_or_stopped_is_not_idle() -> None:
    assert status([notebook(), opening(ago(days=3))], IDLE) == "pass"
    assert status([notebook(NotebookInstanceStatus="Stopped")], IDLE) == "pass"


def test_a_notebook_that_was_just_started_is_not_judged() -> None:
    assert "less than 14 days ago" in only([notebook(LastModifiedTime=ago(days=2))], IDLE).reason


def test_whoever_looks_back_further_than_events_are_read_does_not_know() -> None:
    assert "events are read for 30 days" in only([notebook()], IDLE, Config(idle_days=60)).reason


def test_openings_that_could_not_be_read() -> None:
    gap = Gap(
        "cloudtrail", "LookupEvents", "AccessDenied", "", ACCOUNT, REGION, types=("api:SageMaker::NotebookOpening",)
    )
    (verdict,) = judge(Collected(raws=[notebook()], gaps=[gap]), IDLE).values()
    assert verdict.status.value == "unknown"
    assert "LookupEvents was denied" in verdict.reason


def test_gpus_to_explore_with(aws: Any, scan: Any, deny: Any) -> None:
    check = "sagemaker-notebook-gpu-instance"
    for name, kind in (("gpu", "ml.p3.2xlarge"), ("plain", "ml.m5.xlarge")):
        aws("sagemaker").create_notebook_instance(NotebookInstanceName=name, InstanceType=kind, RoleArn=ROLE)
    verdicts = judge(scan(check), check)
    assert by_title(verdicts) == {"gpu": "fail", "plain": "pass"}
    (finding,) = next(one for one in verdicts.values() if one.findings).findings
    assert finding.saving
    assert 0 < finding.saving.high < 3.825 * 730
    assert finding.saving.confidence == "low"
    deny("DescribeNotebookInstance")  # the list tells the type
    assert by_title(judge(scan(check), check)) == {"gpu": "fail", "plain": "pass"}


# --- Studio ---------------------------------------------------------------------------------------------------------


def app(**more: Any) -> Raw:
    properties = {
        "DomainId": "d-1",
        "AppType": "JupyterLab",
        "Status": "InService",
        "CreationTime": ago(days=9),
        "LastUserActivityTimestamp": ago(days=5),
        "LastHealthCheckTimestamp": ago(minutes=5),
        "ResourceSpec": {"InstanceType": "ml.m5.xlarge"},
        **more,
    }
    return live("AWS::SageMaker::App", "default", properties)


STUDIO = "sagemaker-studio-app-idle"


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({}, "runs and was last used 5 days ago"),
        ({"LastUserActivityTimestamp": ago(hours=30)}, "runs and was last used (30|31) hours ago"),
        ({"LastUserActivityTimestamp": None}, "runs and was never used since it started 9 days ago"),
        ({"ResourceSpec": {}}, "runs and was last used 5 days ago; what it costs depends on its instance type"),
    ],
)
def test_apps_that_nobody_uses(more: dict[str, Any], message: str) -> None:
    (finding,) = only([app(**more)], STUDIO).findings
    assert re.fullmatch(message, finding.message)
    assert bool(finding.saving) == ("depends" not in message)


@pytest.mark.parametrize(
    "more",
    [
        {"LastUserActivityTimestamp": ago(hours=2)},
        {"CreationTime": ago(hours=2)},
        {"Status": "Pending"},
        {"ResourceSpec": {"InstanceType": "system"}},
    ],
)
def test_apps_in_use(more: dict[str, Any]) -> None:
    assert status([app(**more)], STUDIO) == "pass"


def test_a_health_check_is_no_use() -> None:
    verdict = only([app(LastHealthCheckTimestamp=ago(days=5))], STUDIO)
    assert verdict.status.value == "unknown"
    assert "health check" in verdict.reason


def test_domains_that_stop_idle_apps(tmp_path: Path) -> None:
    check = "sagemaker-domain-idle-shutdown"
    idle = "{AppLifecycleManagement: {IdleSettings: {LifecycleManagement: ENABLED}}}"
    text = f"""
Parameters: {{Value: {{Type: String}}}}
Resources:
  Scripted:
    Type: AWS::SageMaker::Domain
    Properties:
      DefaultUserSettings:
        JupyterLabAppSettings: {{LifecycleConfigArns: [arn:aws:sagemaker:eu-west-1:1:studio-lifecycle-config/x]}}
        CodeEditorAppSettings: {idle}
  Unknown:
    Type: AWS::SageMaker::Domain
    Properties: {{DefaultUserSettings: !Ref Value}}
  Good:
    Type: AWS::SageMaker::Domain
    Properties: {{DefaultUserSettings: {{JupyterLabAppSettings: {idle}, CodeEditorAppSettings: {idle}}}}}
"""
    found = statuses(template(tmp_path, text), check)
    assert found == {"Scripted": "unknown", "Unknown": "unknown", "Good": "pass"}


def test_domains_in_a_simulated_account(aws: Any, scan: Any, deny: Any) -> None:
    check = "sagemaker-domain-idle-shutdown"
    aws("sagemaker").create_domain(
        DomainName="lab", AuthMode="IAM", DefaultUserSettings={"ExecutionRole": ROLE}, SubnetIds=["s"], VpcId="v"
    )
    verdict = only(scan(check).raws, check)
    assert [one.message.partition(";")[0] for one in verdict.findings] == [
        "does not stop JupyterLab apps that nobody uses",
        "does not stop Code Editor apps that nobody uses",
    ]
    deny("DescribeDomain")
    assert by_title(judge(scan(check), check)) == {"lab": "unknown"}


# --- training -------------------------------------------------------------------------------------------------------


def training(name: str = "job", kind: str = "ml.p3.8xlarge", count: int = 1, hours: float = 10, **more: Any) -> Raw:
    properties = {
        "TrainingJobName": name,
        "TrainingJobStatus": "Completed",
        "TrainingStartTime": ago(days=2),
        "TrainingEndTime": ago(days=2) + timedelta(hours=hours),
        "BillableTimeInSeconds": int(hours * 3600),
        "TrainingTimeInSeconds": int(hours * 3600),
        "AlgorithmSpecification": {"TrainingImage": "1.dkr.ecr.us-east-1.amazonaws.com/pytorch-training:2.4-gpu"},
        "ResourceConfig": {"InstanceType": kind, "InstanceCount": count, "VolumeSizeInGB": 50},
        **more,
    }
    return live("api:SageMaker::TrainingJob", name, properties)


def gpus(job: Raw, busy: Any, memory: Any) -> Raw:
    """The same of each of a job's instances: sums over their GPUs."""
    hosts = [f"{job.title}/algo-{number + 1}" for number in range(job.properties["ResourceConfig"]["InstanceCount"])]
    return usage(TrainingLoad, job, gpu=dict.fromkeys(hosts, busy), gpu_memory=dict.fromkeys(hosts, memory))


UNDERUSED, OVERSIZED = "sagemaker-training-gpu-underutilized", "sagemaker-training-multi-gpu-oversized"


def test_the_chapters_own_example_saves_three_quarters() -> None:
    job = training()
    (finding,) = only([job, gpus(job, 95, 80)], OVERSIZED).findings
    assert "used no more than 1 of the 4 GPUs of ml.p3.8xlarge" in finding.message
    assert "ml.p3.2xlarge has enough" in finding.message
    assert finding.saving
    assert finding.saving.high == pytest.approx((14.688 - 3.825) * 10, abs=0.01)
    assert (finding.saving.kind, finding.saving.confidence) == ("oversize", "medium")


def test_memory_of_gpus_is_needed_as_much_as_their_work() -> None:
    job = training()
    assert status([job, gpus(job, 95, 360)], OVERSIZED) == "pass"
    assert status([job, gpus(job, 360, 95)], OVERSIZED) == "pass"


def test_one_busy_instance_of_several_is_enough() -> None:
    job = training(count=2)
    load = usage(TrainingLoad, job, gpu={"job/algo-1": 5.0, "job/algo-2": 380.0}, gpu_memory={"job/algo-1": 5.0})
    assert status([job, load], OVERSIZED) == "pass"


def test_jobs_that_use_little_of_their_gpus() -> None:
    job = training(kind="ml.g5.4xlarge", hours=20)
    (finding,) = only([job, gpus(job, 30, 20)], UNDERUSED).findings
    assert finding.message == "used at most 30 % of its GPUs and 20 % of their memory on ml.g5.4xlarge"
    assert finding.saving
    assert finding.saving.high == pytest.approx((2.03 - 1.52) * 20, abs=0.01)
    assert status([job, gpus(job, 30, 60)], UNDERUSED) == "pass"
    assert status([job, gpus(job, 60, 20)], UNDERUSED) == "pass"


def test_the_smallest_of_a_family_has_no_figure() -> None:
    job = training(kind="ml.g5.xlarge")
    (finding,) = only([job, gpus(job, 10, 10)], UNDERUSED).findings
    assert finding.saving is None
    assert "depends on another family" in finding.message


@pytest.mark.parametrize("check", [UNDERUSED, OVERSIZED])
def test_too_little_to_judge_a_job_by(check: str) -> None:
    job = training()
    assert status([job, denied(TrainingLoad, job)], check) == "unknown"
    assert "too little to judge by" in only([job, gpus(job, lambda at: 5 if at % 2 else None, 5)], check).reason
    short = training(hours=0.05)
    assert "less than the 300 seconds" in only([short, gpus(short, 5, 5)], check).reason
    old = training(TrainingStartTime=ago(days=20), TrainingEndTime=ago(days=19))
    assert "before the 14 days" in only([old, gpus(old, 5, 5)], check).reason


@pytest.mark.parametrize("check", [UNDERUSED, OVERSIZED])
def test_jobs_without_gpus_pass_and_running_ones_are_not_judged(check: str) -> None:
    assert status([training(kind="ml.m5.xlarge")], check) == "pass"
    running = training()
    running.properties = {name: value for name, value in running.properties.items() if name != "TrainingEndTime"}
    assert judge(Collected(raws=[running]), check) == {}


def test_previous_generations_cost_what_their_jobs_ran() -> None:
    check = "sagemaker-training-previous-generation-gpu"
    (finding,) = only([training(count=2)], check).findings
    assert finding.message == "trains on ml.p3.8xlarge, of a previous generation"
    assert finding.saving
    assert finding.saving.low == 0 < finding.saving.high <= 14.688 * 2 * 10
    assert "break-even" in finding.saving.basis
    assert status([training(kind="ml.g6.xlarge")], check) == "pass"


def test_trainium(tmp_path: Path) -> None:
    check = "sagemaker-training-trainium-candidate"
    (finding,) = only([training(kind="ml.p4d.24xlarge")], check).findings
    assert finding.saving
    assert 0 < finding.saving.high < 25.251286 * 10
    assert status([training(kind="ml.p3.2xlarge", hours=30)], check) == "fail"
    assert status([training(kind="ml.p3.2xlarge", hours=3)], check) == "pass"
    own: dict[str, Any] = {
        "AlgorithmSpecification": {"TrainingImage": f"{ACCOUNT}.dkr.ecr.us-east-1.amazonaws.com/churn:7"}
    }
    assert "which framework" in only([training(kind="ml.p4d.24xlarge", **own)], check).reason
    assert status([training(kind="ml.g4dn.xlarge", **own)], check) == "pass"


SPOT = "sagemaker-training-managed-spot"


def test_what_spot_saved_before_goes_before_what_is_published() -> None:
    spot: dict[str, Any] = {
        "EnableManagedSpotTraining": True,
        "BillableTimeInSeconds": 4000,
        "TrainingTimeInSeconds": 10_000,
    }
    jobs = [training("dear"), training("cheap", **spot), training("cheaper", **{**spot, "BillableTimeInSeconds": 2000})]
    verdicts = judge(Collected(raws=jobs), SPOT)
    assert by_title(verdicts) == {"dear": "fail", "cheap": "pass", "cheaper": "pass"}
    (finding,) = verdicts[jobs[0].id].findings
    assert finding.saving
    assert "up to 70% (what spot saved 2 of this account's own jobs on this type)" in finding.saving.basis
    assert finding.saving.high == pytest.approx(14.688 * 10 * 0.7, abs=0.01)


def test_spot_jobs_on_other_types_tell_nothing() -> None:
    other = training("cheap", kind="ml.g5.xlarge", EnableManagedSpotTraining=True, BillableTimeInSeconds=1)
    dear = training("dear")
    (finding,) = judge(Collected(raws=[dear, other]), SPOT)[dear.id].findings
    assert finding.saving
    assert "own jobs" not in finding.saving.basis


DOWNLOADS = "sagemaker-training-repeated-dataset-download"


def copying(name: str, *, seconds: float = 600, uri: str = "s3://lake/images", **channel: Any) -> Raw:
    data = {"DataSource": {"S3DataSource": {"S3Uri": uri}}, **channel}
    moved = {"Status": "Downloading", "StartTime": ago(days=2), "EndTime": ago(days=2) + timedelta(seconds=seconds)}
    return training(name, "ml.p3.2xlarge", 2, InputDataConfig=[data], SecondaryStatusTransitions=[moved])


def test_datasets_that_many_jobs_copy() -> None:
    jobs = [copying(name) for name in "abc"]
    verdicts = judge(Collected(raws=[*jobs, copying("d", uri="s3://lake/other")]), DOWNLOADS)
    assert by_title(verdicts) == {"a": "fail", "b": "fail", "c": "fail", "d": "pass"}
    (finding,) = verdicts[jobs[0].id].findings
    assert finding.message == "waited 10 minutes for a copy of s3://lake/images, as 2 other jobs did in 30 days"
    assert finding.saving
    assert (finding.saving.low, finding.saving.kind) == (0, "")
    assert finding.saving.high == pytest.approx(3.825 * 2 * 600 / 3600, abs=0.01)


@pytest.mark.parametrize("channel", [{"InputMode": "FastFile"}, {"seconds": 60}])
def test_datasets_that_stream_or_are_small(channel: dict[str, Any]) -> None:
    found = judge(Collected(raws=[copying(name, **channel) for name in "abc"]), DOWNLOADS)
    assert set(by_title(found).values()) == {"pass"}


def test_few_copies_are_no_proof_where_jobs_are_not_known() -> None:
    gap = Gap("sagemaker", "ListTrainingJobs", "Throttling", "", ACCOUNT, REGION, types=("api:SageMaker::TrainingJob",))
    (verdict,) = judge(Collected(raws=[copying("a")], gaps=[gap]), DOWNLOADS).values()
    assert verdict.status.value == "unknown"


# --- processing and transform ---------------------------------------------------------------------------------------


def processing(kind: str = "ml.g4dn.xlarge", hours: float = 5) -> Raw:
    properties = {
        "ProcessingJobName": "prepare",
        "ProcessingResources": {"ClusterConfig": {"InstanceType": kind, "InstanceCount": 2}},
        "ProcessingStartTime": ago(days=1),
        "ProcessingEndTime": ago(days=1) + timedelta(hours=hours),
    }
    return live("AWS::SageMaker::ProcessingJob", "prepare", properties)


def transform(kind: str = "ml.g4dn.xlarge", hours: float = 5) -> Raw:
    properties = {
        "TransformJobName": "score",
        "ModelName": "churn",
        "TransformResources": {"InstanceType": kind, "InstanceCount": 2},
        "TransformStartTime": ago(days=1),
        "TransformEndTime": ago(days=1) + timedelta(hours=hours),
    }
    return live("api:SageMaker::TransformJob", "score", properties)


JOBS = pytest.mark.parametrize(
    ("check", "make", "load"),
    [
        ("sagemaker-processing-gpu-instance", processing, ProcessingLoad),
        ("sagemaker-transform-gpu-instance", transform, TransformLoad),
    ],
)


@JOBS
def test_jobs_whose_gpus_wait(check: str, make: Any, load: Any) -> None:
    job = make()
    (finding,) = only([job, usage(load, job, gpu={"one": 0.0, "two": 3.0})], check).findings
    assert "on ml.g4dn.xlarge without using its GPUs" in finding.message
    assert finding.saving
    assert finding.saving.high == pytest.approx((0.7364 - 0.204) * 2 * 5, abs=0.01)


@JOBS
def test_jobs_whose_gpus_work(check: str, make: Any, load: Any) -> None:
    job = make()
    assert status([job, usage(load, job, gpu={"one": 0.0, "two": 70.0})], check) == "pass"
    assert status([make("ml.m5.xlarge")], check) == "pass"


@JOBS
def test_jobs_of_which_nothing_is_measured(check: str, make: Any, load: Any) -> None:
    job = make()
    assert status([job, denied(load, job)], check) == "unknown"
    assert status([job, usage(load, job, gpu={})], check) == "unknown"
    assert status([job, usage(load, job, gpu={"one": lambda at: None})], check) == "unknown"


def test_an_image_of_ones_own_may_need_a_gpu(tmp_path: Path) -> None:
    text = """
Resources:
  Nightly:
    Type: AWS::SageMaker::Pipeline
    Properties:
      PipelineDefinition:
        PipelineDefinitionBody: '{"Steps": [{"Name": "Embed", "Type": "Processing", "Arguments": {
          "AppSpecification": {"ImageUri": "123456789012.dkr.ecr.eu-west-1.amazonaws.com/embed:7"},
          "ProcessingResources": {"ClusterConfig": {"InstanceType": "ml.g5.xlarge", "InstanceCount": 1}}}}]}'
"""
    assert statuses(template(tmp_path, text), "sagemaker-processing-gpu-instance") == {"Nightly": "unknown"}


def test_the_number_of_instances_may_be_decided_by_the_run(tmp_path: Path) -> None:
    text = """
Resources:
  Nightly:
    Type: AWS::StepFunctions::StateMachine
    Properties:
      Definition:
        StartAt: Prepare
        States:
          Prepare:
            Type: Task
            Resource: arn:aws:states:::sagemaker:createProcessingJob.sync
            Parameters:
              AppSpecification: {ImageUri: "1.dkr.ecr.eu-west-1.amazonaws.com/sagemaker-scikit-learn:1.2-1-cpu-py3"}
              ProcessingResources: {ClusterConfig: {InstanceType: ml.g5.xlarge, InstanceCount.$: $.count}}
            End: true
"""
    assert statuses(template(tmp_path, text), "sagemaker-processing-gpu-instance") == {"Nightly": "fail"}


# --- endpoints ------------------------------------------------------------------------------------------------------


def endpoint(name: str = "churn", kind: str = "ml.m5.4xlarge", count: int = 1, **variant: Any) -> list[Raw]:
    """An endpoint of one variant, with its configuration and its model."""
    served = {"VariantName": "a", "ModelName": f"{name}-model", "InstanceType": kind, "InitialInstanceCount": count}
    return [
        live(
            "AWS::SageMaker::Endpoint",
            name,
            {
                "EndpointName": name,
                "EndpointConfigName": f"{name}-config",
                "EndpointStatus": "InService",
                "CreationTime": ago(days=40),
                "ProductionVariants": [{"VariantName": "a", "CurrentInstanceCount": count}],
                "Tags": [],
            },
        ),
        live("AWS::SageMaker::EndpointConfig", f"{name}-config", {"ProductionVariants": [{**served, **variant}]}),
        live("AWS::SageMaker::Model", f"{name}-model", {"PrimaryContainer": {"Image": "xgboost:1.7"}}),
    ]


def load(owner: Raw, cpu: float, memory: float = 10, **gpu: float) -> Raw:
    """Sums over cores or GPUs, of the variant a."""
    return usage(EndpointLoad, owner, cpu={"a": cpu}, memory={"a": memory}, **{key: {"a": gpu[key]} for key in gpu})


SIZE = "sagemaker-endpoint-oversized"


def test_an_endpoint_that_is_never_half_busy() -> None:
    raws = endpoint(count=2)
    (finding,) = only([*raws, load(raws[0], 16 * 20)], SIZE).findings
    assert "processors 20 %, memory 10 %; ml.m5.2xlarge is enough" in finding.message
    assert finding.saving
    assert finding.saving.high == pytest.approx((0.922 - 0.461) * 2 * 730, abs=0.01)


@pytest.mark.parametrize(("cpu", "memory"), [(16 * 50, 10), (16 * 10, 50)])
def test_an_endpoint_that_is_busy(cpu: float, memory: float) -> None:
    raws = endpoint()
    assert status([*raws, load(raws[0], cpu, memory)], SIZE) == "pass"


def test_a_smaller_type_must_be_enough() -> None:
    raws = endpoint(kind="ml.p3.8xlarge")  # the next smaller has a quarter of everything
    assert status([*raws, load(raws[0], 32 * 30, 10, gpu=4 * 30, gpu_memory=40)], SIZE) == "pass"
    assert status([*raws, load(raws[0], 32 * 10, 10, gpu=4 * 15, gpu_memory=40)], SIZE) == "fail"


def test_gpus_without_figures_are_no_evidence() -> None:
    raws = endpoint(kind="ml.g5.4xlarge")
    verdict = only(
        [*raws, usage(EndpointLoad, raws[0], cpu={"a": 5.0}, memory={"a": 5.0}, gpu={"a": lambda at: None})], SIZE
    )
    assert verdict.status.value == "unknown"
    raws = endpoint()
    assert status([*raws, denied(EndpointLoad, raws[0])], SIZE) == "unknown"


SCALED = "sagemaker-endpoint-autoscaling-missing"


def scaling(variant: str = "a", **more: Any) -> list[Raw]:
    name = {"ServiceNamespace": "sagemaker", "ResourceId": f"endpoint/churn/variant/{variant}"}
    return [
        live(
            "AWS::ApplicationAutoScaling::ScalableTarget",
            variant,
            {**name, "MinCapacity": 1, "ScheduledActions": [], **more},
        ),
        live("AWS::ApplicationAutoScaling::ScalingPolicy", "busy", {**name, "PolicyType": "TargetTrackingScaling"}),
    ]


def test_endpoints_that_scale() -> None:
    raws = endpoint(count=4)
    assert status([*raws, *scaling()], SCALED) == "pass"
    assert status([*raws, *scaling("b")], SCALED) == "fail"
    assert status([*raws, scaling()[0]], SCALED) == "fail"
    assert status(endpoint(ManagedInstanceScaling={"Status": "ENABLED"}), SCALED) == "pass"


def test_what_scaling_saves_is_what_its_quiet_hours_do_not_need() -> None:
    raws = endpoint(count=4)
    by_day = usage(EndpointRequests, raws[0], invocations={"a": lambda hour: 700 if hour % 24 < 12 else None})
    (finding,) = only([*raws, by_day], SCALED).findings
    assert finding.message == "always runs 4 x ml.m5.4xlarge for its variant a, whatever is asked of it"
    assert finding.saving
    # at its busiest all four are needed, in the other half of the hours one
    assert finding.saving.high == pytest.approx(0.922 * 730 * 3 / 2, abs=0.01)
    assert finding.saving.low == 0
    (finding,) = only([*raws, denied(EndpointRequests, raws[0])], SCALED).findings
    assert finding.saving is None
    assert "depends on how its requests come and go" in finding.message


def test_scaling_that_could_not_be_read() -> None:
    types = ("AWS::ApplicationAutoScaling::ScalableTarget",)
    gap = Gap("application-autoscaling", "DescribeScalableTargets", "AccessDenied", "", ACCOUNT, REGION, types=types)
    found = judge(Collected(raws=endpoint(), gaps=[gap]), SCALED)
    assert {one.status.value for one in found.values()} == {"unknown"}


UNNAMED = """
resource "aws_sagemaker_endpoint_configuration" "churn" {
  production_variants {
    variant_name           = "a"
    model_name             = "churn"
    instance_type          = "ml.m5.xlarge"
    initial_instance_count = 2
  }
}
resource "aws_sagemaker_endpoint" "churn" {
  endpoint_config_name = aws_sagemaker_endpoint_configuration.churn.name
}
resource "aws_appautoscaling_target" "churn" {
  service_namespace  = "sagemaker"
  scalable_dimension = "sagemaker:variant:DesiredInstanceCount"
  resource_id        = "endpoint/${aws_sagemaker_endpoint.churn.%s}/variant/a"
  min_capacity       = 2
  max_capacity       = 6
}
"""
POLICY = """
resource "aws_appautoscaling_policy" "churn" {
  name               = "busy"
  policy_type        = "TargetTrackingScaling"
  service_namespace  = "sagemaker"
  scalable_dimension = "sagemaker:variant:DesiredInstanceCount"
  resource_id        = aws_appautoscaling_target.churn.%s
}
"""


@pytest.mark.parametrize("attribute", ["name", "id"])
def test_terraform_may_leave_the_name_of_an_endpoint_to_the_provider(attribute: str, tmp_path: Path) -> None:
    assert statuses(hcl(tmp_path, UNNAMED % attribute), SCALED) == {"aws_sagemaker_endpoint.churn": "fail"}
    for of_target in ("resource_id", "id"):
        found = statuses(hcl(tmp_path, UNNAMED % attribute + POLICY % of_target), SCALED)
        assert found == {"aws_sagemaker_endpoint.churn": "pass"}


@pytest.mark.parametrize("attribute", ["name", "id"])
def test_a_plan_does_not_know_what_an_endpoint_without_a_name_is_scaled_by(attribute: str, tmp_path: Path) -> None:
    plans = recorded(SCALED)["plans"]["good-0"]
    for change in plans["resource_changes"]:
        unknown = {"aws_sagemaker_endpoint": "name", "aws_appautoscaling_target": "resource_id"}.get(change["type"])
        if unknown:
            del change["change"]["after"][unknown]
            change["change"]["after_unknown"][unknown] = True
    for resource in plans["configuration"]["root_module"]["resources"]:
        if resource["type"] == "aws_sagemaker_endpoint":
            del resource["expressions"]["name"]
        if resource["type"] == "aws_appautoscaling_target":
            endpoint = "aws_sagemaker_endpoint.churn"
            resource["expressions"]["resource_id"] = {"references": [f"{endpoint}.{attribute}", endpoint]}
    assert statuses(plan(tmp_path, plans), SCALED) == {"aws_sagemaker_endpoint.churn": "unknown"}


def test_a_template_without_any_scaling_leaves_it_to_another(tmp_path: Path) -> None:
    text = """
Resources:
  Config:
    Type: AWS::SageMaker::EndpointConfig
    Properties:
      ProductionVariants: [{VariantName: a, ModelName: m, InstanceType: ml.m5.large, InitialInstanceCount: 1}]
  Churn: {Type: AWS::SageMaker::Endpoint, Properties: {EndpointConfigName: !GetAtt Config.EndpointConfigName}}
"""
    assert statuses(template(tmp_path, text), SCALED) == {}


SPORADIC = "sagemaker-endpoint-serverless-candidate"


def work(owner: Raw, every: int, milliseconds: float = 100) -> Raw:
    """A request in each of so many hours."""
    return usage(
        EndpointWork,
        owner,
        invocations={"a": lambda hour: 1 if hour % every == 0 else None},
        model_time={"a": lambda hour: milliseconds * 1000 if hour % every == 0 else None},
    )


def test_sporadic_requests() -> None:
    raws = endpoint(kind="ml.m5.large")
    (finding,) = only([*raws, work(raws[0], 24)], SPORADIC).findings
    assert finding.message.startswith("was asked something in only 4% of the hours of 14 days")
    assert finding.saving
    assert (finding.saving.low, finding.saving.high) == (0, pytest.approx(0.115 * 730, abs=0.01))
    # 14 requests of 0.1 s in 14 days, a month of which has 730 hours, at 6 GB
    assert f"less {14 * 0.1 * 730 / 336 * 6:.2f} GB-seconds" in finding.saving.basis


def test_sporadic_requests_to_gpus_let_them_scale_to_zero() -> None:
    raws = endpoint(kind="ml.g5.xlarge")
    (finding,) = only([*raws, work(raws[0], 24)], SPORADIC).findings
    assert finding.saving
    assert finding.saving.high == pytest.approx(1.41 * 730 * 23 / 24, abs=0.01)


def test_requests_at_most_hours_none_at_all_or_scaled_to_zero() -> None:
    raws = endpoint(kind="ml.m5.large")
    assert status([*raws, work(raws[0], 2)], SPORADIC) == "pass"
    assert status([*raws, usage(EndpointWork, raws[0], invocations={"a": lambda hour: None})], SPORADIC) == "pass"
    assert status([*raws, work(raws[0], 24), *scaling(MinCapacity=0)], SPORADIC) == "pass"
    assert status([*raws, denied(EndpointWork, raws[0])], SPORADIC) == "unknown"


SHARED = "sagemaker-endpoint-multi-model-candidate"


def quiet(*names: str, cpu: float = 2 * 5) -> list[Raw]:
    made = [endpoint(name, "ml.m5.large") for name in names]
    return [raw for raws in made for raw in (*raws, load(raws[0], cpu))]


def test_endpoints_that_could_share_instances() -> None:
    verdicts = judge(Collected(raws=[*quiet("a", "b", "c"), *quiet("busy", cpu=2 * 60)]), SHARED)
    assert by_title(verdicts) == {"a": "fail", "b": "fail", "c": "fail", "busy": "pass"}
    findings = [finding for verdict in verdicts.values() for finding in verdict.findings]
    assert "as 2 others with the same container on ml.m5.large were" in findings[0].message
    # together 15 % of one instance: two of three are not needed
    assert sum(one.saving.high for one in findings if one.saving) == pytest.approx(0.115 * 730 * 2, abs=0.05)


def test_two_endpoints_are_not_many_and_other_containers_are_others() -> None:
    assert set(by_title(judge(Collected(raws=quiet("a", "b")), SHARED)).values()) == {"pass"}
    raws = quiet("a", "b", "c")
    other = next(raw for raw in raws if raw.title == "c-model")
    other.properties = {"PrimaryContainer": {"Image": "sklearn:1"}}
    assert set(by_title(judge(Collected(raws=raws), SHARED)).values()) == {"pass"}
    raws = endpoint()
    assert status([*raws, denied(EndpointLoad, raws[0])], SHARED) == "unknown"


PREDICTION = "sagemaker-endpoint-cost-per-prediction"


def requests(owner: Raw, an_hour: float) -> Raw:
    return usage(EndpointRequests, owner, invocations={"a": an_hour})


def test_predictions_above_and_below_their_target() -> None:
    raws = endpoint(kind="ml.m5.large")
    (finding,) = only([*raws, requests(raws[0], 1)], PREDICTION).findings
    assert finding.message.startswith("costs $0.12 a prediction")
    assert finding.saving
    assert finding.saving.high == pytest.approx((0.115 - 0.05) * 730, abs=0.01)
    assert status([*raws, requests(raws[0], 100)], PREDICTION) == "pass"
    assert status([*raws, requests(raws[0], 0)], PREDICTION) == "pass"
    assert status([*raws, denied(EndpointRequests, raws[0])], PREDICTION) == "unknown"


def test_the_target_of_a_tag() -> None:
    raws = endpoint(kind="ml.m5.large")
    for value, expected in (("0.2", "pass"), ("0.01", "fail"), ("cheap", "unknown")):
        tags = [{"Key": "cost-per-prediction-target", "Value": value}]
        raws[0].properties = {**raws[0].properties, "Tags": tags}
        assert status([*raws, requests(raws[0], 1)], PREDICTION) == expected


DEVELOPMENT = "sagemaker-endpoint-dev-always-on"


def test_development_endpoints() -> None:
    raws = endpoint(kind="ml.g5.xlarge", count=2)
    assert status(raws, DEVELOPMENT) == "pass"
    raws[0].properties = {**raws[0].properties, "Tags": [{"Key": "Environment", "Value": "dev"}]}
    (finding,) = only(raws, DEVELOPMENT).findings
    assert finding.saving
    assert finding.saving.high == pytest.approx(2 * 1.41 * (730 - 260), abs=0.01)
    assert status([*raws, *scaling(ScheduledActions=[{"Schedule": "cron(0 20 * * ? *)"}])], DEVELOPMENT) == "pass"
    raws[0].properties = {**raws[0].properties, "Tags": Unknown("tag:GetResources was denied")}
    assert status(raws, DEVELOPMENT) == "unknown"


@pytest.mark.parametrize(
    ("check", "kind", "highest"),
    [
        ("sagemaker-endpoint-inferentia-candidate", "ml.g5.xlarge", (1.41 - 0.99) * 2 * 730),
        ("sagemaker-endpoint-previous-generation", "ml.p3.2xlarge", 3.825 * 2 * 730),
        ("sagemaker-endpoint-previous-generation", "ml.c4.xlarge", 0.25 * 2 * 730),
    ],
)
def test_types_with_successors(check: str, kind: str, highest: float) -> None:
    (finding,) = only(endpoint(kind=kind, count=2), check).findings
    assert finding.saving
    assert 0 == finding.saving.low <= finding.saving.high <= highest + 0.01
    assert "break-even" in finding.saving.basis


# --- whole scans ask for what the checks read ------------------------------------------------------------------------


def test_a_whole_scan(aws: Any, answers: dict[str, Any]) -> None:
    sagemaker, cloudwatch = aws("sagemaker"), aws("cloudwatch")
    sagemaker.create_model(ModelName="m", ExecutionRoleArn=ROLE, PrimaryContainer={"Image": "image"})
    variant = {"VariantName": "a", "ModelName": "m", "InstanceType": "ml.m5.4xlarge", "InitialInstanceCount": 1}
    sagemaker.create_endpoint_config(EndpointConfigName="c", ProductionVariants=[variant])
    sagemaker.create_endpoint(EndpointName="dev-churn", EndpointConfigName="c")
    running = [{"VariantName": "a", "CurrentInstanceCount": 1, "CurrentWeight": 1.0}]
    answers["DescribeEndpoint"] = lambda one: {**one, "CreationTime": ago(days=40), "ProductionVariants": running}
    place = {"EndpointName": "dev-churn", "VariantName": "a"}
    for metric, value in (("CPUUtilization", 16.0), ("MemoryUtilization", 3.0)):
        publish(cloudwatch, "/aws/sagemaker/Endpoints", metric, place, value)
    publish(cloudwatch, "AWS/SageMaker", "Invocations", place, lambda hour: 2 if hour % 24 == 0 else None)
    wanted = (SIZE, SPORADIC, PREDICTION, DEVELOPMENT, SCALED)
    report = scan_account(Config(select=wanted), regions=[REGION], session=boto3.Session())
    assert {result.check: result.status.value for result in report.results} == dict.fromkeys(wanted, "fail")
    # of all on one endpoint, that which stops it counts
    assert report.summary.saving_high == pytest.approx(0.922 * (730 - 260), abs=0.01)


def test_a_whole_scan_of_jobs(aws: Any, answers: dict[str, Any], failing: Any) -> None:
    job = training(kind="ml.g5.xlarge").properties
    aws("sagemaker").create_training_job(
        TrainingJobName="job",
        RoleArn=ROLE,
        AlgorithmSpecification={"TrainingImage": "pytorch-training:2.4-gpu", "TrainingInputMode": "File"},
        OutputDataConfig={"S3OutputPath": "s3://models"},
        ResourceConfig=job["ResourceConfig"],
        StoppingCondition={"MaxRuntimeInSeconds": 3600},
    )
    answers["DescribeTrainingJob"] = lambda one: {**one, **job}
    for metric, value in (("GPUUtilization", 5.0), ("GPUMemoryUtilization", 5.0)):
        publish(aws("cloudwatch"), "/aws/sagemaker/TrainingJobs", metric, {"Host": "job/algo-1"}, value)
    report = scan_account(Config(select=(UNDERUSED, OVERSIZED)), regions=[REGION], session=boto3.Session())
    found = {result.check: (result.status.value, result.reason) for result in report.results}
    assert found[OVERSIZED][0] == found[UNDERUSED][0] == "unknown"  # a value an hour is too few for five minutes each
    assert "too little to judge by" in found[UNDERUSED][1]


def test_gpus_of_transform_jobs_are_found_by_the_job(aws: Any, answers: dict[str, Any]) -> None:
    job = transform(hours=12).properties
    aws("sagemaker").create_transform_job(
        TransformJobName="score",
        ModelName="churn",
        TransformInput={"DataSource": {"S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": "s3://lake/in"}}},
        TransformOutput={"S3OutputPath": "s3://lake/out"},
        TransformResources=job["TransformResources"],
    )
    answers["DescribeTransformJob"] = lambda one: {**one, **job}
    for host in ("score/i-0a1b", "other/i-0c2d"):
        publish(aws("cloudwatch"), "/aws/sagemaker/TransformJobs", "GPUUtilization", {"Host": host}, 1.0)
    check = "sagemaker-transform-gpu-instance"
    report = scan_account(Config(select=(check,)), regions=[REGION], session=boto3.Session())
    assert report.inputs[0]["metrics"] == 1
    (result,) = report.results
    assert "too little to judge by" in result.reason  # a value an hour is too few for five minutes each
