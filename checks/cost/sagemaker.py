"""What SageMaker's training and endpoints cost."""

from collections import defaultdict

from auditor import HIGH, Findings, Inventory, Resource, Undecided, check
from auditor.members import flat, if_known, known_first, place, those
from auditor.pricing import savings
from auditor.resources.ec2 import type_details
from auditor.resources.sagemaker import (
    EndpointConfig,
    HyperParameterTuningJob,
    Pipeline,
    ProductionVariant,
    TrainingJob,
)
from auditor.resources.stepfunctions import StateMachine


@check(
    "sagemaker-training-managed-spot",
    title="Training and tuning jobs use managed spot capacity",
    severity=HIGH,
    uses=(TrainingJob,),
    bad=(
        """
        AWS::StepFunctions::StateMachine:
          Definition:
            StartAt: Train
            States:
              Train:
                Type: Task
                Resource: arn:aws:states:::sagemaker:createTrainingJob.sync
                Parameters: {ResourceConfig: {InstanceType: ml.g5.xlarge, InstanceCount: 1, VolumeSizeInGB: 50}}
                End: true
        """,
        """
        AWS::SageMaker::Pipeline:
          PipelineDefinition:
            PipelineDefinitionBody: '{"Steps": [{"Name": "Train", "Type": "Training", "Arguments": {
              "EnableManagedSpotTraining": false}}]}'
        """,
    ),
    good="""
        AWS::StepFunctions::StateMachine:
          DefinitionString: '{"StartAt": "Train", "States": {"Train": {"Type": "Task", "End": true,
            "Resource": "arn:aws:states:::sagemaker:createTrainingJob.sync",
            "Parameters": {"EnableManagedSpotTraining": true}}}}'
        """,
)
def training_managed_spot(
    work: TrainingJob | HyperParameterTuningJob | StateMachine | Pipeline, inventory: Inventory
) -> Findings:
    """Managed spot training costs up to 90 % less, and SageMaker itself waits and starts again after an interruption.

    Fix: set EnableManagedSpotTraining to true, a CheckpointConfig, and MaxWaitTimeInSeconds in StoppingCondition.
    """
    for training in those(work.trainings, lambda training: training.on_demand):
        realised = inventory.remembered(work, _realised, lambda: _realised(work, inventory))
        saving = training.saving(work.scope.region, realised)
        step = "" if training.name == work.title else f" in {training.name}"
        hint = "" if saving else "; what spot saves depends on how long it trains, and on what"
        yield work.fail(f"trains on demand{step}{hint}", at=training, expected="true", saving=saving)


def _realised(work: Resource, inventory: Inventory) -> dict[str, tuple[float, int]]:
    """What spot saved of the jobs beside it that used it, by instance type, as a share; and how many they were.

    It is 1 - BillableTimeInSeconds / TrainingTimeInSeconds (SageMaker DescribeTrainingJob), of all jobs together.
    """
    seconds: defaultdict[str, list[tuple[int, int]]] = defaultdict(list)
    for kind, billable, trained in tuple.__iter__(flat(inventory.beside(TrainingJob, work), _on_spot)):
        seconds[kind].append((billable, trained))
    return {
        kind: (max(0.0, 1 - sum(paid for paid, _ in pairs) / sum(ran for _, ran in pairs)), len(pairs))
        for kind, pairs in seconds.items()
    }


def _on_spot(job: TrainingJob) -> tuple[tuple[str, int, int], ...]:
    """The types of a job that has ended and used spot capacity, with the seconds that it was billed and that it ran."""
    billable, trained = job.billable_time_in_seconds, job.training_time_in_seconds
    if billable is None or not trained:
        return ()
    on_spot = those(job.trainings, lambda training: training.uses_spot)
    return flat(on_spot, lambda training: known_first(training.instance_types, lambda kind: (kind, billable, trained)))


@check(
    "sagemaker-endpoint-training-gpu",
    title="Real-time inference does not run on training GPUs (p3, p4, p5)",
    severity=HIGH,
    bad="""
        AWS::SageMaker::EndpointConfig:
          ProductionVariants: [{VariantName: a, ModelName: m, InstanceType: ml.p3.2xlarge, InitialInstanceCount: 2}]
        """,
    good="""
        AWS::SageMaker::EndpointConfig:
          ProductionVariants: [{VariantName: a, ModelName: m, InstanceType: ml.g5.xlarge, InitialInstanceCount: 2}]
        """,
)
def endpoint_training_gpu(config: EndpointConfig) -> Findings:
    """GPUs of the P families are built and priced for training; inference with the same memory costs less on G or Inf.

    Fix: serve from ml.g5, ml.g6, ml.g6e or ml.inf2, after a load test of your model on the new type.
    """
    if config.async_inference_config:
        return
    for variant in those(config.instance_variants(), _on_training_gpu):
        count = if_known(variant, "initial_instance_count")
        name = variant.instance_type or ""
        saving = savings.training_gpu_endpoint(name, count, config.scope.region) if count else None
        hint = "" if saving else "; what another type saves depends on how many instances run"
        at = place(variant, "instance_type")
        yield config.fail(f"serves from {name}, which has GPUs for training{hint}", at=at, saving=saving)


def _on_training_gpu(variant: ProductionVariant) -> bool:
    """Whether a cheaper type with as much accelerator memory is known."""
    kind = type_details(variant.instance_type)
    if kind is None or not kind.has_gpu or not kind.family.startswith("p"):
        return False
    if savings.training_gpu_endpoint(kind.name, 1) is None:
        raise Undecided(
            f"no cheaper type for inference has the GPU memory of {kind.name}; the model may need all of it"
        )
    return True
