"""What SageMaker's training jobs cost for what they use of their instances."""

import math
import re
from collections import Counter
from dataclasses import dataclass
from operator import itemgetter

from auditor import HIGH, LOW, MEDIUM, Findings, Inventory, Undecided, check
from auditor.config import Config
from auditor.definitions import Training
from auditor.members import either, every, flat, known_first, some, those
from auditor.pricing import fleets, savings, sizing
from auditor.pricing.book import HOURS_PER_MONTH, InstanceType
from auditor.pricing.saving import Saving
from auditor.resources.ec2 import type_details
from auditor.resources.sagemaker import HyperParameterTuningJob, Pipeline, TrainingJob
from auditor.resources.stepfunctions import StateMachine
from auditor.utilisation.series import Series, highest
from auditor.utilisation.services.sagemaker import TrainingLoad
from checks.cost.gpu import PREVIOUS

_STEP = """
        AWS::StepFunctions::StateMachine:
          Definition:
            StartAt: Train
            States:
              Train:
                Type: Task
                Resource: arn:aws:states:::sagemaker:createTrainingJob.sync
                Parameters:
                  AlgorithmSpecification: {TrainingImage: "763104351884.dkr.ecr.eu-west-1.amazonaws.com/%s"}
                  ResourceConfig: {InstanceType: %s, InstanceCount: %s, VolumeSizeInGB: 50}
                End: true
        """
_PYTORCH = "pytorch-training:2.4-gpu-py311"


@dataclass(frozen=True, slots=True)
class _Run:
    """How a training job that has ended used its GPUs.

    Attributes:
        name: the type of its instances.
        kind: what that has.
        count: how many there were.
        hours: that it was billed.
        busy: of an instance, the most that its GPUs did in five minutes, their percentages added up.
        memory: of an instance, the most that was used of its GPUs' memory, likewise.
    """

    name: str
    kind: InstanceType
    count: int
    hours: float
    busy: float
    memory: float


def _run(job: TrainingJob, inventory: Inventory) -> _Run | None:
    """None where it trained without GPUs.

    Raises:
        Undecided: it still runs, or there are not enough figures of its GPUs.
    """
    (training,) = job.trainings
    machines = tuple(training.fleet)
    if not any(_has_gpu(name) for name, _ in machines):
        return None
    if len(machines) > 1:
        raise Undecided("its instances are of several types, whose figures are not told apart")
    start, end = job.ran
    load = TrainingLoad.of(job, inventory)

    def most(hosts: tuple[Series, ...]) -> float:
        return highest(host.during(start, end) for host in hosts).maximum()

    name, count = machines[0]
    kind = type_details(name)
    if kind is None:
        return None
    return _Run(name, kind, count, (job.billable_time_in_seconds or 0) / 3600, most(load.gpu), most(load.gpu_memory))


def _has_gpu(name: str) -> bool:
    kind = type_details(name)
    return kind is not None and kind.has_gpu


@check(
    "sagemaker-training-gpu-underutilized",
    title="SageMaker training jobs use the GPUs they pay for",
    severity=HIGH,
    uses=(TrainingLoad,),
    inputs=("live",),
)
def training_gpu_underutilized(job: TrainingJob, inventory: Inventory, config: Config) -> Findings:
    """A GPU that waits for data, or is far too large for the model, costs as much as a busy one.

    Fix: feed it faster first (more loader workers, larger batches, FastFile or FSx input); where that does not help,
    train on the next smaller type.
    """
    run = _run(job, inventory)
    if run is None:
        return
    busy, memory = run.busy / run.kind.gpu_count, run.memory / run.kind.gpu_count
    if max(busy, memory) >= config.oversized_utilization:
        return
    target = sizing.smaller(run.name, job.scope.region, "training")
    saving = target and sizing.replaced(run.name, target, run.count, job.scope.region, hours=run.hours)
    hint = "" if saving else "; its family has no smaller type, so what it saves depends on another family"
    yield job.fail(
        f"used at most {busy:.0f} % of its GPUs and {memory:.0f} % of their memory on {run.name}{hint}",
        saving=saving or None,
    )


@check(
    "sagemaker-training-multi-gpu-oversized",
    title="Multi-GPU training instances are needed for the job",
    severity=HIGH,
    uses=(TrainingLoad,),
    inputs=("live",),
)
def training_multi_gpu_oversized(job: TrainingJob, inventory: Inventory) -> Findings:
    """Code that is not written for several GPUs uses one of them, and the others are paid for as well.

    Fix: train on the type of the family with as many GPUs as the job uses (ml.p3.2xlarge has a quarter of the price of
    ml.p3.8xlarge), or make the job use all of them, with a distribution library.
    """
    run = _run(job, inventory)
    if run is None or run.kind.gpu_count <= 1:
        return
    needed = max(1, math.ceil(max(run.busy, run.memory) / 100))
    if needed >= run.kind.gpu_count:
        return
    target = sizing.with_gpus(run.name, needed, job.scope.region, "training")
    if target:
        saving = sizing.replaced(run.name, target, run.count, job.scope.region, hours=run.hours)
        yield job.fail(
            f"used no more than {needed} of the {run.kind.gpu_count:g} GPUs of {run.name} at any time (together at most"
            f" {run.busy:.0f} % busy, {run.memory:.0f} % of one's memory); {target} has enough",
            saving=saving,
        )


@check(
    "sagemaker-training-previous-generation-gpu",
    title="SageMaker training jobs do not use previous-generation GPU instances (p2, p3, g3, g4dn)",
    severity=MEDIUM,
    bad=(
        _STEP % (_PYTORCH, "ml.p3.8xlarge", "1"),
        """
        AWS::SageMaker::Pipeline:
          PipelineDefinition:
            PipelineDefinitionBody: '{"Steps": [{"Name": "Train", "Type": "Training", "Arguments": {
              "ResourceConfig": {"InstanceType": "ml.g4dn.xlarge", "InstanceCount": 2}}}]}'
        """,
    ),
    good=(_STEP % (_PYTORCH, "ml.g6.12xlarge", "1"), _STEP % ("xgboost:1.7", "ml.m5.xlarge", "1")),
)
def training_previous_generation_gpu(
    work: TrainingJob | HyperParameterTuningJob | StateMachine | Pipeline,
) -> Findings:
    """Newer GPUs train the same model in less time, mostly for less money; p2 and p3 can hardly be started any more.

    Fix: train on ml.g5, ml.g6 or ml.g6e, or on ml.p4d or ml.p5 where GPUs are linked, and compare the time that the
    job takes: the finding says up to which ratio it pays.
    """
    for training, name, count in those(_machines(work), lambda one: _family(one[1]) in PREVIOUS):
        saving = None
        if training.billable_seconds is not None:
            hours = training.billable_seconds / 3600
            region = work.scope.region
            saving = savings.previous_generation_gpu(name, region, count=count, hours=hours, component="training")
        hint = "" if saving else "; what a newer one saves depends on how long it trains and how much faster that is"
        yield work.fail(
            f"trains{_step(training, work)} on {name}, of a previous generation{hint}",
            at=training.at("ResourceConfig"),
            saving=saving,
        )


_TRAINIUM = ("trn1",)
_REPLACED_BY_TRAINIUM = re.compile(r"(p3|p3dn|p4d|p4de|p5|p5e|p5en|g5)")
_SUPPORTED = re.compile(r"pytorch|tensorflow|huggingface", re.IGNORECASE)
_OTHERS = re.compile(r"xgboost|scikit-learn|sklearn|mxnet|chainer|lightgbm|catboost|blazingtext|deepar", re.IGNORECASE)
_LARGE_GPUS = 4
_LARGE_HOURS = 24


@check(
    "sagemaker-training-trainium-candidate",
    title="Large GPU training jobs with a supported framework consider Trainium",
    severity=LOW,
    bad=(_STEP % (_PYTORCH, "ml.p4d.24xlarge", "2"), _STEP % ("tensorflow-training:2.14", "ml.g5.4xlarge", "8")),
    good=(
        _STEP % (_PYTORCH, "ml.trn1.32xlarge", "2"),
        _STEP % (_PYTORCH, "ml.g5.xlarge", "1"),
        _STEP % ("mxnet-training:1.9", "ml.p3.8xlarge", "2"),
    ),
)
def training_trainium_candidate(
    work: TrainingJob | HyperParameterTuningJob | StateMachine | Pipeline,
) -> Findings:
    """AWS promises up to 50 % lower cost of training on Trainium than on comparable GPUs, for PyTorch and TensorFlow.

    Fix: try the model on ml.trn1 with AWS Neuron, which most transformers run on as they are, and compare the time that
    the job takes: the finding says up to which ratio it pays.
    """
    for training, name, count in those(_machines(work), lambda one: _could_use_trainium(*one)):
        hours = (training.billable_seconds or 0) / 3600
        saving = _on_trainium(name, count, work.scope.region, hours) if hours else None
        hint = "" if saving else "; what it saves depends on how long it trains there"
        yield work.fail(
            f"trains{_step(training, work)} on {count} x {name}, and Trainium was not considered{hint}",
            at=training.at("ResourceConfig"),
            saving=saving,
        )


def _could_use_trainium(training: Training, name: str, count: int) -> bool:
    """Whether it is large, of a framework that Trainium runs, and an hour there costs less."""
    kind = type_details(name)
    if kind is None or not _REPLACED_BY_TRAINIUM.fullmatch(kind.family):
        return False
    return every(
        lambda: either(lambda: kind.gpu_count * count >= _LARGE_GPUS, lambda: _is_long(training)),
        lambda: _on_trainium(name) is not None,
        lambda: _is_supported(training),
    )


def _on_trainium(name: str, count: int = 1, region: str | None = None, hours: float = HOURS_PER_MONTH) -> Saving | None:
    return sizing.accelerator(name, _TRAINIUM, count, region, hours=hours, component="training")


def _is_long(training: Training) -> bool:
    return (training.billable_seconds or 0) >= _LARGE_HOURS * 3600


def _is_supported(training: Training) -> bool:
    image = training.image
    if _SUPPORTED.search(image):
        return True
    if not image or _OTHERS.search(image):
        return False
    raise Undecided("which framework its image holds is not known")


def _machines(
    work: TrainingJob | HyperParameterTuningJob | StateMachine | Pipeline,
) -> tuple[tuple[Training, str, int], ...]:
    """The trainings with the types and numbers of their instances, undecided as `flat` is."""
    return flat(work.trainings, lambda one: known_first(one.fleet, lambda machines: (one, *machines)))


def _family(name: str) -> str:
    return name.removeprefix("ml.").partition(".")[0]


def _step(training: Training, work: TrainingJob | HyperParameterTuningJob | StateMachine | Pipeline) -> str:
    return "" if training.name == work.title else f" in {training.name}"


_MANY_JOBS = 3
_LONG_DOWNLOAD = 300
"""Seconds of a download that is worth a thought: some 50 GB, at what an instance reads from S3."""


@check(
    "sagemaker-training-repeated-dataset-download",
    title="SageMaker training jobs share large datasets (EFS, FSx, streaming) instead of copying them to each",
    severity=LOW,
    inputs=("live",),
    uses=(TrainingJob,),
)
def training_repeated_dataset_download(job: TrainingJob, inventory: Inventory) -> Findings:
    """In File mode every job first copies its whole dataset, and all its instances are paid for while they wait.

    Fix: set InputMode to FastFile, which reads objects when they are needed; or keep the dataset on FSx for Lustre or
    EFS, which all jobs read from.
    """
    copied = _copied(job)
    if not copied:
        return
    counts, every_copy = inventory.remembered(job, _copies, lambda: _copies(job, inventory))
    often = [(uri, counts[uri]) for uri in copied if counts[uri] >= _MANY_JOBS]
    if not often:
        some(every_copy, lambda _: False)  # undecided where there may be more jobs
        return
    (training,) = job.trainings
    seconds = _downloading(job)
    fleet = list(training.fleet)
    saving = None
    if len(fleet) == 1:
        remark = "the time that it waited for its data, of which streaming leaves some"
        hours = fleet[0][1] * seconds / 3600
        saving = fleets.fewer(fleet[0][0], hours, job.scope.region, remark=remark, confidence="medium", kind="")
    uri, jobs = max(often, key=itemgetter(1))
    hint = "" if saving else "; what that costs depends on the price of its instances"
    yield job.fail(
        f"waited {seconds / 60:.0f} minutes for a copy of {uri}, as {jobs - 1} other jobs did in 30 days{hint}",
        saving=saving,
    )


def _copies(job: TrainingJob, inventory: Inventory) -> tuple[Counter[str], tuple[str, ...]]:
    """How many jobs beside it copied each dataset; and all of these, undecided where there may be more."""
    every_copy = flat(inventory.beside(TrainingJob, job), _copied)
    return Counter(tuple.__iter__(every_copy)), every_copy


def _copied(job: TrainingJob) -> tuple[str, ...]:
    """The datasets in S3 that a job copied in File mode, where that took long."""
    if _downloading(job) < _LONG_DOWNLOAD:
        return ()
    mode = job.training_input_mode
    in_files = those(job.input_data_config, lambda channel: (channel.input_mode or mode) == "File")
    return tuple(dict.fromkeys(known_first(in_files, lambda channel: channel.s3_uri)))


def _downloading(job: TrainingJob) -> float:
    """Seconds that it copied data for, before it could train."""
    return sum(
        (one.end_time - one.start_time).total_seconds()
        for one in job.secondary_status_transitions
        if one.status == "Downloading" and one.end_time
    )
