"""What SageMaker's processing and batch transform jobs cost."""

import re
from collections.abc import Callable

from auditor import MEDIUM, Finding, Findings, Inventory, Undecided, check
from auditor.definitions import Job, processings, transforms
from auditor.members import if_known, known_first, some, those
from auditor.pricing import sizing
from auditor.pricing.book import Component
from auditor.resources.ec2 import type_details
from auditor.resources.sagemaker import Model, Pipeline, ProcessingJob, TransformJob
from auditor.resources.stepfunctions import StateMachine
from auditor.utilisation.series import highest
from auditor.utilisation.services.sagemaker import ProcessingLoad, TransformLoad

_IDLE_GPU = 10
"""Percentage of each GPU up to which a job does not need one."""
_WITHOUT_GPUS = ("c5", "r5")
"""Families for work without GPUs: compute, or memory, optimized."""

# Images of AWS's own that have nothing for a GPU to do: algorithms and frameworks for CPUs, and builds for them.
_FOR_CPUS = re.compile(
    r"/(sagemaker-(scikit-learn|spark-processing|data-wrangler-container|model-monitor-analyzer|clarify-processing)"
    r"|linear-learner|factorization-machines|kmeans|knn|pca|lda|ntm|randomcutforest|ipinsights)(:|@|$)|:[^/]*\bcpu\b"
)

_FOR_GPUS = re.compile(r"gpu|cuda|cu1\d\d|neuron|tritonserver|djl-inference|vllm", re.IGNORECASE)

_Work = ProcessingJob | TransformJob | StateMachine | Pipeline
_Loads = tuple[ProcessingLoad, ...] | tuple[TransformLoad, ...]

_PROCESSING_STEP = """
        AWS::StepFunctions::StateMachine:
          Definition:
            StartAt: Prepare
            States:
              Prepare:
                Type: Task
                Resource: arn:aws:states:::sagemaker:createProcessingJob.sync
                Parameters:
                  AppSpecification: {ImageUri: "141502667606.dkr.ecr.eu-west-1.amazonaws.com/%s"}
                  ProcessingResources: {ClusterConfig: {InstanceType: %s, InstanceCount: 1, VolumeSizeInGB: 50}}
                End: true
        """
_SKLEARN = "sagemaker-scikit-learn:1.2-1-cpu-py3"


@check(
    "sagemaker-processing-gpu-instance",
    title="Data preprocessing does not run on GPU instances",
    severity=MEDIUM,
    uses=(ProcessingLoad,),
    bad=(
        _PROCESSING_STEP % (_SKLEARN, "ml.g4dn.xlarge"),
        """
        AWS::SageMaker::Pipeline:
          PipelineDefinition:
            PipelineDefinitionBody: '{"Steps": [{"Name": "Prepare", "Type": "Processing", "Arguments": {
              "AppSpecification": {"ImageUri": "1.dkr.ecr.eu-west-1.amazonaws.com/sagemaker-spark-processing:3.3-cpu"},
              "ProcessingResources": {"ClusterConfig": {"InstanceType": "ml.p3.2xlarge", "InstanceCount": 2}}}}]}'
        """,
    ),
    good=_PROCESSING_STEP % (_SKLEARN, "ml.m5.xlarge"),
)
def processing_gpu_instance(work: ProcessingJob | StateMachine | Pipeline, inventory: Inventory) -> Findings:
    """Reading, cleaning and joining data is work for processors and memory; a GPU beside them waits, and is paid for.

    Fix: run the job on ml.c5, ml.m5 or ml.r5 of as many vCPUs.
    """
    jobs = (work.job,) if isinstance(work, ProcessingJob) else processings(work.definition)
    loads = inventory.referring(ProcessingLoad, lambda load: load.raw.id, work)
    for job in those(jobs, lambda job: _wastes_gpus(job, work, loads, lambda: is_for_cpus(job.image))):
        yield _wasted(job, work, "processing", "prepares data")


_TRANSFORM_STEP = """
        Resources:
          Scores:
            Type: AWS::SageMaker::Model
            Properties:
              ModelName: scores
              PrimaryContainer: {Image: "763104351884.dkr.ecr.eu-west-1.amazonaws.com/%s"}
          Nightly:
            Type: AWS::StepFunctions::StateMachine
            Properties:
              Definition:
                StartAt: Score
                States:
                  Score:
                    Type: Task
                    Resource: arn:aws:states:::sagemaker:createTransformJob.sync
                    Parameters: {ModelName: %s, TransformResources: {InstanceType: %s, InstanceCount: 1}}
                    End: true
        """


@check(
    "sagemaker-transform-gpu-instance",
    title="Batch inference runs on compute optimized instances unless the model needs a GPU",
    severity=MEDIUM,
    uses=(Model, TransformLoad),
    bad=(
        _TRANSFORM_STEP % ("pytorch-inference:2.4-cpu-py311", "scores", "ml.g5.xlarge"),
        _TRANSFORM_STEP % (_SKLEARN, "!GetAtt Scores.ModelName", "ml.p3.2xlarge"),
    ),
    good=_TRANSFORM_STEP % ("pytorch-inference:2.4-gpu-py311", "scores", "ml.c5.2xlarge"),
)
def transform_gpu_instance(work: TransformJob | StateMachine | Pipeline, inventory: Inventory) -> Findings:
    """Nobody waits for a batch: what a model without need for a GPU takes longer on processors costs less all the same.

    Fix: run the transform on ml.c5 of as many vCPUs; keep a GPU for models that make use of it.
    """
    jobs = (work.job,) if isinstance(work, TransformJob) else transforms(work.definition)
    loads = inventory.referring(TransformLoad, lambda load: load.raw.id, work)

    def runs_on_cpus(job: Job) -> bool:
        model = inventory.get(Model, job.model_name, near=work)
        images = known_first(model.all_containers, lambda container: container.image) if model else ()
        return bool(images) and not some(images, lambda image: not is_for_cpus(image))

    for job in those(jobs, lambda job: _wastes_gpus(job, work, loads, lambda: runs_on_cpus(job))):
        yield _wasted(job, work, "transform", "runs its model")


def _wastes_gpus(job: Job, work: _Work, loads: _Loads, by_image: Callable[[], bool]) -> bool:
    """Whether a job has GPUs that it does not use; where that is not measured, its image may have no use for them."""
    kind = type_details(job.instance_type)
    if kind is None or not kind.has_gpu:
        return False
    if isinstance(work, ProcessingJob | TransformJob) and loads:
        start, end = work.ran
        series = [host.during(start, end) for load in loads for host in load.gpu]
        return highest(series).maximum() / kind.gpu_count < _IDLE_GPU
    return by_image()


def is_for_cpus(image: str) -> bool:
    """Whether an image has nothing for a GPU to do, as its name says.

    Raises:
        Undecided: its name does not say.
    """
    if _FOR_CPUS.search(image):
        return True
    if _FOR_GPUS.search(image):
        return False
    raise Undecided("whether its image makes use of a GPU is not known before it runs")


def _wasted(job: Job, work: _Work, component: Component, does: str) -> Finding:
    name, region = job.instance_type, work.scope.region
    target = sizing.general_purpose(name, _WITHOUT_GPUS, region, component)
    saving = None
    if target and isinstance(work, ProcessingJob | TransformJob):
        start, end = if_known(work, "ran") or (None, None)
        if start and end:
            hours = (end - start).total_seconds() / 3600
            saving = sizing.replaced(name, target, job.instance_count, region, hours=hours)
    hint = "" if saving else "; what another type saves depends on how long it runs"
    step = "" if job.name == work.title else f" in {job.name}"
    return work.fail(f"{does}{step} on {name} without using its GPUs{hint}", at=job, saving=saving)
