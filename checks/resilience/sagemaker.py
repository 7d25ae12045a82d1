"""What SageMaker does when a machine or a zone fails."""

from typing import Final

from auditor import LOW, MEDIUM, Findings, Inventory, Undecided, check
from auditor.definitions import Training
from auditor.members import every, place, some, those
from auditor.resources.base import Resource
from auditor.resources.sagemaker import (
    Endpoint,
    EndpointConfig,
    HyperParameterTuningJob,
    Pipeline,
    ProductionVariant,
    TrainingJob,
)
from auditor.resources.stepfunctions import StateMachine


@check(
    "sagemaker-endpoint-instance-count",
    title="Production variants of real-time endpoints start with at least two instances",
    severity=MEDIUM,
    bad="""
        AWS::SageMaker::EndpointConfig:
          ProductionVariants: [{VariantName: a, ModelName: m, InstanceType: ml.m5.large, InitialInstanceCount: 1}]
        """,
    good=(
        """
        AWS::SageMaker::EndpointConfig:
          ProductionVariants: [{VariantName: a, ModelName: m, InstanceType: ml.m5.large, InitialInstanceCount: 2}]
        """,
        """
        AWS::SageMaker::EndpointConfig:
          ProductionVariants: [{VariantName: a, ModelName: m, ServerlessConfig: {MaxConcurrency: 5}}]
        """,
        """
        AWS::SageMaker::EndpointConfig:
          AsyncInferenceConfig: {OutputConfig: {S3OutputPath: "s3://results"}}
          ProductionVariants: [{VariantName: a, ModelName: m, InstanceType: ml.m5.large, InitialInstanceCount: 1}]
        """,
    ),
)
def endpoint_instance_count(config: EndpointConfig) -> Findings:
    """SageMaker spreads instances over availability zones; with one, the failure of a machine or zone ends the service.

    Fix: set InitialInstanceCount to 2 or more, and the minimum of its autoscaling, too. An asynchronous endpoint keeps
    requests in a queue meanwhile, and a serverless one has no instances, so both pass.
    """
    if config.async_inference_config:
        return
    for variant in those(config.instance_variants(), _is_alone):
        count = variant.initial_instance_count
        at = place(variant, "initial_instance_count")
        yield config.fail(f"starts a variant with {count} instance{'' if count == 1 else 's'}", at=at)


def _is_alone(variant: ProductionVariant) -> bool:
    return variant.initial_instance_count is not None and variant.initial_instance_count < 2


_BLUE_GREEN = "BlueGreenUpdatePolicy: {TrafficRoutingConfiguration: {Type: %s}}"
_ALARMS = "AutoRollbackConfiguration: {Alarms: [{AlarmName: errors}]}"
_ENDPOINT = "AWS::SageMaker::Endpoint: {EndpointConfigName: serving, DeploymentConfig: {%s}}"
_SERVED = """
        Resources:
          Serving:
            Type: AWS::SageMaker::EndpointConfig
            Properties: {ProductionVariants: [{VariantName: a, ModelName: m, %s}]}
          Fraud:
            Type: AWS::SageMaker::Endpoint
            Properties: {EndpointConfigName: !GetAtt Serving.EndpointConfigName%s}
        """
_INSTANCES = "InstanceType: ml.m5.large, InitialInstanceCount: 2"
_UPDATED = _SERVED % (
    _INSTANCES,
    ", DeploymentConfig: {BlueGreenUpdatePolicy: {TrafficRoutingConfiguration: {Type: %s}}}",
)
_REAL_TIME = _SERVED % (_INSTANCES, "")
_SERVERLESS = _SERVED % ("ServerlessConfig: {MaxConcurrency: 5, MemorySizeInMB: 2048}", "")


@check(
    "sagemaker-endpoint-deployment-guardrails",
    title="SageMaker endpoint updates use blue/green or rolling deployment with automatic rollback on alarms",
    severity=MEDIUM,
    uses=(EndpointConfig,),
    bad=(
        _REAL_TIME,
        _UPDATED % "CANARY",
    ),
    good=(
        _ENDPOINT % f"{_BLUE_GREEN % 'CANARY'}, {_ALARMS}",
        _ENDPOINT % ("RollingUpdatePolicy: {MaximumBatchSize: {Type: CAPACITY_PERCENT, Value: 20}}, " + _ALARMS),
        _SERVERLESS,
    ),
)
def endpoint_deployment_guardrails(endpoint: Endpoint, inventory: Inventory) -> Findings:
    """A bad model or container that an update brings serves all requests until somebody notices and rolls it back.

    Serverless endpoints have no such settings and are left out.

    Fix: set DeploymentConfig with BlueGreenUpdatePolicy or RollingUpdatePolicy, and in AutoRollbackConfiguration alarms
    of the endpoint's Invocation5XXErrors and ModelLatency.
    """
    config = endpoint.deployment_config
    if config is not None and config.auto_rollback_alarms:
        return
    if not _is_serverless(endpoint, inventory):
        at = "deployment_config" if config is None else "deployment_config.auto_rollback_alarms"
        yield endpoint.fail("is updated without an alarm that rolls the update back", at=at)


def _is_serverless(endpoint: Endpoint, inventory: Inventory) -> bool:
    serving = inventory.get(EndpointConfig, endpoint.endpoint_config_name, near=endpoint)
    return serving is not None and some(
        serving.production_variants, lambda variant: variant.serverless_config is not None
    )


@check(
    "sagemaker-endpoint-canary-shifting",
    title="SageMaker endpoint deployments shift traffic in canary or linear steps, not all at once",
    severity=LOW,
    uses=(EndpointConfig,),
    bad=(
        _REAL_TIME,
        _UPDATED % "ALL_AT_ONCE",
    ),
    good=(
        _ENDPOINT % (_BLUE_GREEN % "CANARY"),
        _ENDPOINT % (_BLUE_GREEN % "LINEAR"),
        _ENDPOINT % "RollingUpdatePolicy: {MaximumBatchSize: {Type: CAPACITY_PERCENT, Value: 20}}",
        _SERVERLESS,
    ),
)
def endpoint_canary_shifting(endpoint: Endpoint, inventory: Inventory) -> Findings:
    """When all traffic moves at once, every caller meets a fault of the new version before an alarm can tell of it.

    Fix: set TrafficRoutingConfiguration to Type CANARY with a CanarySize of about 10 percent and a
    WaitIntervalInSeconds in which alarms can speak, or use RollingUpdatePolicy.
    """
    config = endpoint.deployment_config
    if config is not None and config.rolling_update_policy is not None:
        return
    policy = config and config.blue_green_update_policy
    if policy and policy.traffic_routing_type != "ALL_AT_ONCE":
        return
    if not _is_serverless(endpoint, inventory):
        at = place(policy, "traffic_routing_type") if policy else "deployment_config"
        yield endpoint.fail("moves all traffic at once to what an update brings", at=at)


Work = TrainingJob | HyperParameterTuningJob | StateMachine | Pipeline

_STATE = """
        AWS::StepFunctions::StateMachine:
          Definition:
            StartAt: Train
            States:
              Train:
                Type: Task
                Resource: arn:aws:states:::sagemaker:createTrainingJob.sync
                Parameters: {EnableManagedSpotTraining: %s, StoppingCondition: {MaxRuntimeInSeconds: %d}%s}
                End: true
        """
_STEP = """
        AWS::SageMaker::Pipeline:
          PipelineDefinition:
            PipelineDefinitionBody: '{"Steps": [{"Name": "Train", "Type": "Training", "Arguments": {
              "EnableManagedSpotTraining": %s, "StoppingCondition": {"MaxRuntimeInSeconds": %d}%s}}]}'
        """
_CHECKPOINTS = ", CheckpointConfig: {S3Uri: 's3://checkpoints/a'}"
_IN_STEP = ', "CheckpointConfig": {"S3Uri": "s3://checkpoints/a"}'
_LONG: Final = 4 * 3_600
_DEFAULT_LIMIT: Final = 86_400


@check(
    "sagemaker-training-spot-checkpoint",
    title="Spot training jobs write checkpoints to S3",
    severity=MEDIUM,
    bad=(_STATE % ("true", 3600, ""), _STEP % ("true", 3600, ""), _STATE % ("true", 3600, ", CheckpointConfig: {}")),
    good=(
        _STATE % ("true", 3600, _CHECKPOINTS),
        _STEP % ("true", 3600, _IN_STEP),
        _STATE % ("false", 3600, ""),
        _STEP % ("false", 3600, ""),
    ),
)
def training_spot_checkpoint(work: Work) -> Findings:
    """Spot capacity may be taken back at any time, and a training without checkpoints then begins from the start.

    Fix: set CheckpointConfig to a folder in S3, and let the training code save to and load from /opt/ml/checkpoints.
    """
    wanting = those(work.trainings, lambda one: every(lambda: one.uses_spot, lambda: not one.writes_checkpoints))
    for training in wanting:
        at = training.at("CheckpointConfig")
        yield work.fail(f"trains on spot capacity without checkpoints{_step(training, work)}", at=at)


@check(
    "sagemaker-training-checkpoint-missing",
    title="Long training jobs write checkpoints to S3",
    severity=MEDIUM,
    bad=(_STATE % ("false", 43200, ""), _STEP % ("false", 172800, "")),
    good=(
        _STATE % ("false", 43200, _CHECKPOINTS),
        _STEP % ("false", 43200, _IN_STEP),
        _STATE % ("false", 3600, ""),
        _STEP % ("true", 43200, ""),
    ),
)
def training_checkpoint_missing(work: Work) -> Findings:
    """When a machine fails after hours, a training without checkpoints has to begin from the start.

    Long is more than four hours: what a job took, or what its StoppingCondition lets it take. Trainings on spot
    capacity are judged by sagemaker-training-spot-checkpoint.

    Fix: set CheckpointConfig to a folder in S3, and let the training code save to and load from /opt/ml/checkpoints.
    """
    for training in those(work.trainings, lambda one: _needs_checkpoints(one, isinstance(work, TrainingJob))):
        at = training.at("CheckpointConfig")
        yield work.fail(f"trains for hours without checkpoints{_step(training, work)}", at=at)


def _needs_checkpoints(training: Training, is_job: bool) -> bool:
    return every(
        lambda: not training.writes_checkpoints,
        lambda: not training.uses_spot,
        lambda: _is_long(training, is_job),
    )


def _is_long(training: Training, is_job: bool) -> bool:
    """Whether it takes more than four hours; the limit of a day is what many leave as it comes, and tells nothing."""
    if is_job and training.billable_seconds is not None:
        return training.billable_seconds > _LONG
    if training.longest_seconds == _DEFAULT_LIMIT:
        raise Undecided("how long it trains is not known: its limit is a day, as is the default")
    return training.longest_seconds > _LONG


def _step(training: Training, work: Resource) -> str:
    return "" if training.name == work.title else f" in {training.name}"
