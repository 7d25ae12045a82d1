"""What is recorded of models and trainings, whether anybody watches them, and who is told."""

from typing import Final

from auditor import LOW, MEDIUM, Findings, Inventory, Undecided, check
from auditor.config import Config
from auditor.knowledge.alerts import ALERTS, Happening, alarms_on, is_told, look
from auditor.knowledge.environment import is_development
from auditor.members import every, known_first, some, those
from auditor.resources.sagemaker import (
    DataCapture,
    Endpoint,
    EndpointConfig,
    HyperParameterTuningJob,
    Pipeline,
    TrainingJob,
)
from auditor.resources.sagemaker_monitoring import (
    DataQualityJobDefinition,
    ModelQualityJobDefinition,
    MonitoringSchedule,
)
from auditor.resources.stepfunctions import StateMachine

_PIPELINE = """
        AWS::SageMaker::Pipeline:
          PipelineName: churn
          RoleArn: role
          PipelineDefinition:
            PipelineDefinitionBody: '{"Steps": [{"Name": "Train", "Type": "Training", "Arguments": {%s}}]}'
        """
_MACHINE = """
        AWS::StepFunctions::StateMachine:
          Definition:
            StartAt: Train
            States:
              Train:
                Type: Task
                Resource: "arn:aws:states:::sagemaker:createTrainingJob.sync"
                Parameters: {AlgorithmSpecification: {TrainingImage: %s%s}}
                End: true
        """
_OWN = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/churn:7"
_XGBOOST = "685385470294.dkr.ecr.eu-west-1.amazonaws.com/sagemaker-xgboost:1.7-1"
_LOSS = "MetricDefinitions: [{Name: loss, Regex: 'loss=(.*)'}]"


@check(
    "sagemaker-training-metrics-missing",
    title="Custom training jobs publish loss and accuracy metrics",
    severity=LOW,
    bad=(
        _PIPELINE % f'"AlgorithmSpecification": {{"TrainingImage": "{_OWN}"}}',
        _PIPELINE % f'"AlgorithmSpecification": {{"TrainingImage": "{_OWN}", "MetricDefinitions": []}}',
        _MACHINE % (_OWN, ""),
    ),
    good=(
        _PIPELINE % f'"AlgorithmSpecification": {{"TrainingImage": "{_XGBOOST}"}}',
        _PIPELINE % '"AlgorithmSpecification": {"AlgorithmName": "arn"}',
        _PIPELINE
        % f'"AlgorithmSpecification": {{"TrainingImage": "{_OWN}"}}, "Environment": {{"MLFLOW_TRACKING_URI": "arn"}}',
        _MACHINE % (_OWN, f", {_LOSS}"),
    ),
)
def training_metrics_missing(work: TrainingJob | HyperParameterTuningJob | StateMachine | Pipeline) -> Findings:
    """Without a curve of the loss nobody sees that a training has stopped learning, and pays for it until the end.

    Fix: give AlgorithmSpecification MetricDefinitions whose regular expressions find loss and accuracy in the log, or
    log them to an experiment or to MLflow.
    """
    for training in those(work.trainings, lambda training: not training.publishes_metrics):
        step = "" if training.name == work.title else f" in {training.name}"
        yield work.fail(f"trains without publishing metrics{step}", at=training.at("AlgorithmSpecification"))


_VARIANTS = "ProductionVariants: [{VariantName: a, ModelName: m, InstanceType: ml.m5.large, InitialInstanceCount: 2}]"
_CAPTURE = (
    "AWS::SageMaker::EndpointConfig: {" + _VARIANTS + ", DataCaptureConfig: {InitialSamplingPercentage: %s, "
    "DestinationS3Uri: 's3://capture', CaptureOptions: [%s]%s}}"
)
_BOTH = "{CaptureMode: Input}, {CaptureMode: Output}"


@check(
    "sagemaker-endpoint-data-capture",
    title="Production endpoints capture request and response data",
    severity=MEDIUM,
    uses=(Endpoint,),
    bad=(
        f"AWS::SageMaker::EndpointConfig: {{{_VARIANTS}}}",
        _CAPTURE % ("100", _BOTH, ", EnableCapture: false"),
        _CAPTURE % ("0", _BOTH, ""),
        _CAPTURE % ("100", "{CaptureMode: Input}", ", EnableCapture: true"),
    ),
    good=(
        _CAPTURE % ("20", _BOTH, ""),
        _CAPTURE % ("100", "{CaptureMode: InputAndOutput}", ", EnableCapture: true"),
        "AWS::SageMaker::EndpointConfig: {ProductionVariants: [{ServerlessConfig: {MemorySizeInMB: 1024}}]}",
        f"AWS::SageMaker::EndpointConfig: {{{_VARIANTS}, AsyncInferenceConfig: {{OutputConfig: {{}}}}}}",
    ),
)
def endpoint_data_capture(endpoint_config: EndpointConfig, inventory: Inventory, config: Config) -> Findings:
    """What was asked and answered is what drift is found in, and what the next model is trained with.

    A serverless endpoint cannot capture, and an asynchronous one has its answers in S3 anyway, so both pass.

    Fix: add a DataCaptureConfig with CaptureOptions Input and Output, a sampling percentage, and a bucket that is
    encrypted.
    """
    capture = endpoint_config.data_capture_config
    if endpoint_config.async_inference_config or _captures(capture):
        return
    if not some(endpoint_config.instance_variants(), lambda _: True):
        return
    users = inventory.referring(Endpoint, lambda endpoint: endpoint.endpoint_config_name, to=endpoint_config)
    if is_development(endpoint_config, config) or (users and not some(users, lambda one: _is_production(one, config))):
        raise Undecided("it is for development", elsewhere=True)
    what = "captures no requests and answers" if _is_off(capture) else "does not capture both requests and answers"
    yield endpoint_config.fail(what, at="data_capture_config")


def _is_off(capture: DataCapture | None) -> bool:
    return capture is None or not capture.enable_capture or capture.initial_sampling_percentage == 0


def _captures(capture: DataCapture | None) -> bool:
    return capture is not None and every(lambda: not _is_off(capture), lambda: capture.modes == {"Input", "Output"})


def _is_production(endpoint: Endpoint, config: Config) -> bool:
    return not is_development(endpoint, config)


_ENDPOINT = """
        Resources:
          Config:
            Type: AWS::SageMaker::EndpointConfig
            Properties: {ProductionVariants: [{VariantName: a, ModelName: m, InstanceType: ml.m5.large}]}
          Churn:
            Type: AWS::SageMaker::Endpoint
            Properties: {EndpointConfigName: !GetAtt Config.EndpointConfigName%s}
        """
_SCHEDULED = """
          Watch:
            Type: AWS::SageMaker::MonitoringSchedule
            Properties:
              EndpointName: %s
              MonitoringScheduleConfig: {MonitoringType: %s, MonitoringJobDefinitionName: job}
        """
_BY_DEFINITION = """
          Watch:
            Type: AWS::SageMaker::MonitoringSchedule
            Properties:
              MonitoringScheduleConfig:
                {MonitoringType: %s, MonitoringJobDefinitionName: !GetAtt Job.JobDefinitionArn}
          Job:
            Type: AWS::SageMaker::%sJobDefinition
            Properties:
              %sJobInput: {EndpointInput: {EndpointName: !GetAtt Churn.EndpointName, LocalPath: /opt/ml}}
        """
_INLINE = """
          Watch:
            Type: AWS::SageMaker::MonitoringSchedule
            Properties:
              MonitoringScheduleConfig:
                MonitoringJobDefinition:
                  MonitoringInputs: [{EndpointInput: {EndpointName: %s, LocalPath: /opt/ml}}]
        """
_JobDefinition = DataQualityJobDefinition | ModelQualityJobDefinition
_DEFINITIONS: Final[dict[str, type[_JobDefinition]]] = {
    "DataQuality": DataQualityJobDefinition,
    "ModelQuality": ModelQualityJobDefinition,
}
_MONITORS = (MonitoringSchedule, *_DEFINITIONS.values())


def _examples(kind: str, other: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Bad and good examples for a kind of monitoring; the other kind is not enough."""
    bad = (
        _ENDPOINT % "" + _SCHEDULED % ("!GetAtt Churn.EndpointName", other),
        _ENDPOINT % "" + _SCHEDULED % ("orders", kind),
        _ENDPOINT % "" + _BY_DEFINITION % (other, other, other),
    )
    good = (
        _ENDPOINT % "" + _SCHEDULED % ("!GetAtt Churn.EndpointName", kind),
        _ENDPOINT % ", EndpointName: churn" + _SCHEDULED % ("churn", kind),
        _ENDPOINT % "" + _BY_DEFINITION % (kind, kind, kind),
    )
    return bad, good


_DATA, _QUALITY = _examples("DataQuality", "ModelBias"), _examples("ModelQuality", "DataQuality")
_DATA = (
    (_DATA[0][0], _DATA[0][1], _ENDPOINT % "" + _INLINE % "orders"),
    (*_DATA[1], _ENDPOINT % "" + _INLINE % "!GetAtt Churn.EndpointName"),
)


@check(
    "sagemaker-endpoint-data-drift-monitor",
    title="Production endpoints have a data quality monitoring schedule",
    severity=MEDIUM,
    uses=(EndpointConfig, *_MONITORS),
    bad=_DATA[0],
    good=_DATA[1],
)
def endpoint_data_drift_monitor(endpoint: Endpoint, inventory: Inventory, config: Config) -> Findings:
    """Requests that differ from what a model was trained with get answers that look like any other, and are wrong.

    Serverless and asynchronous endpoints can't be monitored so, and pass.

    Fix: make a baseline of the training data, a DataQualityJobDefinition for the endpoint and a MonitoringSchedule with
    the MonitoringType DataQuality.
    """
    if _lacks_monitor(endpoint, "DataQuality", inventory, config):
        yield endpoint.fail("has no schedule that watches its data for drift")


@check(
    "sagemaker-endpoint-model-quality-monitor",
    title="Production endpoints have model quality (accuracy) monitoring against ground truth",
    severity=MEDIUM,
    uses=(EndpointConfig, *_MONITORS),
    bad=_QUALITY[0],
    good=_QUALITY[1],
)
def endpoint_model_quality_monitor(endpoint: Endpoint, inventory: Inventory, config: Config) -> Findings:
    """Only a comparison with what turned out to be true shows that a model has become less accurate.

    Serverless and asynchronous endpoints can't be monitored so, and pass.

    Fix: collect the outcomes in S3, make a ModelQualityJobDefinition with them as GroundTruthS3Input, and a
    MonitoringSchedule with the MonitoringType ModelQuality.
    """
    if _lacks_monitor(endpoint, "ModelQuality", inventory, config):
        yield endpoint.fail("has no schedule that compares its answers with what turned out to be true")


def _lacks_monitor(endpoint: Endpoint, kind: str, inventory: Inventory, config: Config) -> bool:
    if is_development(endpoint, config):
        raise Undecided("it is for development", elsewhere=True)
    look(endpoint, inventory, MonitoringSchedule)
    named = inventory.referring(MonitoringSchedule, lambda schedule: schedule.endpoints, to=endpoint)
    if some(named, lambda schedule: _monitors(schedule, kind)):
        return False
    others = those(inventory.beside(MonitoringSchedule, endpoint), lambda one: not one.endpoints)
    running = those(others, lambda schedule: _monitors(schedule, kind))
    if some(running, lambda schedule: _is_about(endpoint, _job_of(schedule, kind, inventory))):
        return False
    return _can_be_monitored(endpoint, inventory)


def _job_of(schedule: MonitoringSchedule, kind: str, inventory: Inventory) -> _JobDefinition | None:
    """What a schedule runs; undecided where that is declared elsewhere, as it may be about any endpoint."""
    return inventory.get(_DEFINITIONS[kind], schedule.monitoring_job_definition_name, near=schedule)


def _is_about(endpoint: Endpoint, job: _JobDefinition | None) -> bool:
    return job is not None and endpoint.answers_to(job.endpoint_name)


def _monitors(schedule: MonitoringSchedule, kind: str) -> bool:
    """Whether a schedule is of a kind and not stopped; one with a job of its own and no kind is of data quality."""
    return every(
        lambda: (schedule.monitoring_type or "DataQuality") == kind,
        lambda: schedule.monitoring_schedule_status not in ("Stopped", "Failed"),
    )


def _can_be_monitored(endpoint: Endpoint, inventory: Inventory) -> bool:
    settings = inventory.get(EndpointConfig, endpoint.endpoint_config_name, near=endpoint)
    return settings is not None and every(
        lambda: not settings.async_inference_config, lambda: some(settings.instance_variants(), lambda _: True)
    )


_TOPIC = "AlarmActions: ['arn:aws:sns:eu-west-1:123456789012:oncall']"
_SCHEDULE = """
        Resources:
          Watch:
            Type: AWS::SageMaker::MonitoringSchedule
            Properties:
              MonitoringScheduleName: churn-drift
              MonitoringScheduleConfig: {MonitoringJobDefinitionName: job, MonitoringType: DataQuality}
          Drift:
            Type: AWS::CloudWatch::Alarm
            Properties:
              Namespace: aws/sagemaker/Endpoints/data-metrics
              MetricName: feature_baseline_drift_age
              Dimensions: [{Name: Endpoint, Value: churn}, {Name: MonitoringSchedule, Value: %s}]
              %s
        """
_VIOLATION_RULE = """
          Rule:
            Type: AWS::Events::Rule
            Properties:
              EventPattern:
                source: [aws.sagemaker]
                detail-type: [SageMaker Processing Job State Change]
                detail: {ProcessingJobStatus: [%s]}
              Targets: [{Id: oncall, Arn: "arn:aws:sns:eu-west-1:123456789012:oncall"}]
        """
# An execution that finds violations is a processing job that ends with this message.
_VIOLATION: Final = Happening(
    "aws.sagemaker",
    "SageMaker Processing Job State Change",
    "MonitoringScheduleArn",
    "ProcessingJobStatus",
    "Completed",
)


@check(
    "sagemaker-drift-alarm-missing",
    title="Monitoring violations raise an alarm that reaches someone",
    severity=MEDIUM,
    uses=ALERTS,
    bad=(
        _SCHEDULE % ("churn-drift", "AlarmActions: []"),
        _SCHEDULE % ("orders-drift", _TOPIC),
        _SCHEDULE % ("churn-drift", "AlarmActions: []") + _VIOLATION_RULE % "Failed",
    ),
    good=(
        _SCHEDULE % ("churn-drift", _TOPIC),
        _SCHEDULE % ("!GetAtt Watch.MonitoringScheduleName", _TOPIC),
        _SCHEDULE % ("churn-drift", "AlarmActions: []") + _VIOLATION_RULE % "Completed, Failed",
    ),
)
def drift_alarm_missing(schedule: MonitoringSchedule, inventory: Inventory) -> Findings:
    """Violations are written to a file in S3, where they stay until somebody looks for another reason.

    Fix: let the monitor publish metrics, and set an alarm with an action on those of the schedule
    (aws/sagemaker/Endpoints/data-metrics and its like), or a rule on the end of its processing jobs.
    """
    look(schedule, inventory, *ALERTS)
    alarms = alarms_on(schedule, lambda alarm: alarm.values_of("MonitoringSchedule"), inventory)
    if not some(alarms, lambda _: True) and not is_told(_VIOLATION, schedule, inventory):
        yield schedule.fail("finds drift, and tells nobody")


_WATCHED = """
        Resources:
          Churn: {Type: AWS::SageMaker::Endpoint, Properties: {EndpointConfigName: churn, EndpointName: churn}}
        %s
        """
_ENDPOINT_ALARM = """
          %s:
            Type: AWS::CloudWatch::Alarm
            Properties:
              Namespace: AWS/SageMaker
              MetricName: %s
              Dimensions: [{Name: EndpointName, Value: %s}, {Name: VariantName, Value: AllTraffic}]
              AlarmActions: ['%s']
"""
_ONCALL = "arn:aws:sns:eu-west-1:123456789012:oncall"
_SCALING = "arn:aws:autoscaling:eu-west-1:123456789012:scalingPolicy:7:resource/sagemaker/endpoint/churn"
_LATENCY = _ENDPOINT_ALARM % ("Slow", "ModelLatency", "!GetAtt Churn.EndpointName", _ONCALL)
_ERRORS = _ENDPOINT_ALARM % ("Failing", "Invocation5XXErrors", "churn", _ONCALL)
_CALLS = _ENDPOINT_ALARM % ("Idle", "Invocations", "churn", _ONCALL)
_RATE = """
          Failing:
            Type: AWS::CloudWatch::Alarm
            Properties:
              AlarmActions: ['arn:aws:sns:eu-west-1:123456789012:oncall']
              Metrics:
                - {Id: rate, Expression: 100 * errors / calls}
                - Id: errors
                  ReturnData: false
                  MetricStat: {Metric: {Namespace: AWS/SageMaker, MetricName: Invocation5XXErrors, Dimensions: &churn
                    [{Name: EndpointName, Value: churn}]}}
"""
_SIGNS: Final = (
    ("latency", ("ModelLatency", "OverheadLatency", "FirstChunkLatency", "TotalProcessingTime", "TimeInBacklog")),
    (
        "errors",
        (
            "Invocation5XXErrors",
            "Invocation4XXErrors",
            "InvocationModelErrors",
            "InvocationsFailures",
            "InvocationFailures",
            "ExpiredRequests",
        ),
    ),
    (
        "invocations",
        (
            "Invocations",
            "InvocationsPerInstance",
            "InvocationsPerCopy",
            "InvocationsProcessed",
            "ConcurrentRequestsPerModel",
            "ConcurrentRequestsPerCopy",
            "ApproximateBacklogSize",
            "ApproximateBacklogSizePerInstance",
        ),
    ),
)


@check(
    "sagemaker-endpoint-alarms-missing",
    title="Production endpoints have alarms on latency, error rate and invocations",
    severity=MEDIUM,
    uses=ALERTS,
    bad=(
        _WATCHED % (_LATENCY + _ERRORS),
        _WATCHED % (_LATENCY + _ERRORS + _ENDPOINT_ALARM % ("Busy", "InvocationsPerInstance", "churn", _SCALING)),
        _WATCHED % (_ENDPOINT_ALARM % ("Slow", "ModelLatency", "orders", _ONCALL)),
    ),
    good=(_WATCHED % (_LATENCY + _ERRORS + _CALLS), _WATCHED % (_LATENCY + _RATE + _CALLS)),
)
def endpoint_alarms_missing(endpoint: Endpoint, inventory: Inventory, config: Config) -> Findings:
    """An endpoint that is slow, fails, or is no longer asked is noticed by its users first.

    Alarms count that reach somebody; those that only scale an endpoint don't.

    Fix: add alarms with an action on ModelLatency, Invocation5XXErrors and Invocations of AWS/SageMaker for the
    endpoint and its variant.
    """
    if is_development(endpoint, config):
        raise Undecided("it is for development", elsewhere=True)
    look(endpoint, inventory, *ALERTS)
    alarms = alarms_on(endpoint, lambda alarm: alarm.values_of("EndpointName"), inventory)
    missing = known_first(
        _SIGNS, lambda sign: None if some(alarms, lambda alarm: alarm.reads("AWS/SageMaker", *sign[1])) else sign[0]
    )
    if missing:
        yield endpoint.fail(f"has no alarm on {', '.join(tuple.__iter__(missing))} that reaches somebody")


_NOTIFIED = """
        Resources:
          Churn: {Type: AWS::SageMaker::%s, Properties: {%s}}
          Rule:
            Type: AWS::Events::Rule
            Properties:
              EventPattern: {source: [aws.sagemaker], %s}
              Targets: [%s]
        """
_A_PIPELINE = ("Pipeline", "PipelineName: churn, RoleArn: role, PipelineDefinition: {}")
_AN_ENDPOINT = ("Endpoint", "EndpointConfigName: churn")
_PIPELINE_ENDS = (
    "detail-type: [SageMaker Model Building Pipeline Execution Status Change], "
    "detail: {currentPipelineExecutionStatus: [%s]%s}"
)
_TO = "{Id: oncall, Arn: 'arn:aws:sns:eu-west-1:123456789012:oncall'}"
_TO_LOG = "{Id: log, Arn: 'arn:aws:logs:eu-west-1:123456789012:log-group:/aws/events/ml'}"


@check(
    "sagemaker-pipeline-failure-notification",
    title="Failures of training jobs, pipelines and endpoints notify someone",
    severity=MEDIUM,
    uses=ALERTS,
    bad=(
        _NOTIFIED % (*_A_PIPELINE, _PIPELINE_ENDS % ("Succeeded", ""), _TO),
        _NOTIFIED % (*_A_PIPELINE, _PIPELINE_ENDS % ("Failed", ""), _TO_LOG),
        _NOTIFIED % (*_A_PIPELINE, _PIPELINE_ENDS % ("Failed", ", pipelineArn: [{suffix: pipeline/x}]"), ""),
        _NOTIFIED % (*_AN_ENDPOINT, _PIPELINE_ENDS % ("Failed", ""), _TO),
    ),
    good=(
        _NOTIFIED % (*_A_PIPELINE, _PIPELINE_ENDS % ("Failed", ""), _TO),
        _NOTIFIED % (*_A_PIPELINE, _PIPELINE_ENDS % ("{anything-but: Succeeded}", ""), _TO),
        _NOTIFIED % (*_A_PIPELINE, "detail-type: [{prefix: SageMaker}]", _TO),
        _NOTIFIED % (*_AN_ENDPOINT, "detail-type: [SageMaker Endpoint State Change]", _TO),
    ),
)
def pipeline_failure_notification(work: Pipeline | Endpoint, inventory: Inventory, config: Config) -> Findings:
    """A training that fails leaves the old model in place; nobody notices until its answers are noticeably bad.

    Trainings outside of pipelines are not looked at: people start them, and see how they end.

    Fix: add an EventBridge rule on "SageMaker Model Building Pipeline Execution Status Change" with the status Failed,
    or on "SageMaker Endpoint State Change" with FAILED for an endpoint, and an SNS topic as its target.
    """
    if is_development(work, config):
        raise Undecided("it is for development", elsewhere=True)
    look(work, inventory, *ALERTS)
    failure = _PIPELINE_FAILED if isinstance(work, Pipeline) else _ENDPOINT_FAILED
    if not is_told(failure, work, inventory):
        yield work.fail("tells nobody when it fails")


_PIPELINE_FAILED: Final = Happening(
    "aws.sagemaker",
    "SageMaker Model Building Pipeline Execution Status Change",
    "pipelineArn",
    "currentPipelineExecutionStatus",
    "Failed",
    lists_it=True,
)
_ENDPOINT_FAILED: Final = Happening(
    "aws.sagemaker", "SageMaker Endpoint State Change", "EndpointName", "EndpointStatus", "FAILED", lists_it=True
)
