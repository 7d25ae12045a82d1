"""SageMaker Model Monitor: schedules, what they run, and what they found."""

from typing import Annotated

from auditor.members import known_first
from auditor.resources.base import Resource, Struct
from auditor.resources.fields import NOWHERE, From
from auditor.resources.sagemaker import NetworkConfig


class MonitoringInput(Struct):
    """What a schedule's own job looks at."""

    endpoint_name: Annotated[
        str | None,
        From(cfn="EndpointInput.EndpointName", tf="endpoint_input.endpoint_name", live="EndpointInput.EndpointName"),
    ] = None


class MonitoringJob(Struct):
    """The job that a schedule describes itself, instead of naming a job definition."""

    inputs: Annotated[tuple[MonitoringInput, ...], From(cfn="MonitoringInputs", live="MonitoringInputs")] = ()
    network_config: NetworkConfig | None = None
    instance_count: Annotated[
        int | None,
        From(
            cfn="MonitoringResources.ClusterConfig.InstanceCount",
            tf="monitoring_resources.cluster_config.instance_count",
            live="MonitoringResources.ClusterConfig.InstanceCount",
        ),
    ] = None


class MonitoringAlert(Struct):
    """What SageMaker itself says of a schedule's violations, and where it shows it."""

    monitoring_alert_name: str
    alert_status: str


class MonitoringSchedule(Resource, cfn="AWS::SageMaker::MonitoringSchedule", tf="aws_sagemaker_monitoring_schedule"):
    """A schedule on which an endpoint is watched for drift, quality, bias or explainability."""

    monitoring_type: Annotated[
        str | None,
        From(
            cfn="MonitoringScheduleConfig.MonitoringType",
            tf="monitoring_schedule_config.monitoring_type",
            live="MonitoringType",
        ),
    ] = None
    monitoring_job_definition_name: Annotated[
        str | None,
        From(
            cfn="MonitoringScheduleConfig.MonitoringJobDefinitionName",
            tf="monitoring_schedule_config.monitoring_job_definition_name",
            live="MonitoringJobDefinitionName",
        ),
    ] = None
    monitoring_job_definition: Annotated[
        MonitoringJob | None,
        From(
            cfn="MonitoringScheduleConfig.MonitoringJobDefinition",
            tf="monitoring_schedule_config.monitoring_job_definition",
            live="MonitoringScheduleConfig.MonitoringJobDefinition",
        ),
    ] = None
    schedule_expression: Annotated[
        str | None,
        From(
            cfn="MonitoringScheduleConfig.ScheduleConfig.ScheduleExpression",
            tf="monitoring_schedule_config.schedule_config.schedule_expression",
            live="MonitoringScheduleConfig.ScheduleConfig.ScheduleExpression",
        ),
    ] = None
    endpoint_name: Annotated[str | None, From(tf=NOWHERE)] = None
    monitoring_schedule_name: Annotated[str | None, From(tf="name")] = None
    monitoring_schedule_status: Annotated[str, From(cfn=NOWHERE, tf=NOWHERE)] = "Scheduled"
    last_execution_status: Annotated[
        str | None, From(cfn=None, tf=None, live="LastMonitoringExecutionSummary.MonitoringExecutionStatus")
    ] = None
    monitoring_alerts: Annotated[tuple[MonitoringAlert, ...], From(cfn=None, tf=None)] = ()

    @property
    def endpoints(self) -> tuple[str, ...]:
        """The endpoints that it names itself; its job definition may name one instead."""
        job = self.monitoring_job_definition
        inputs = known_first(job.inputs, lambda one: one.endpoint_name) if job else ()
        return (self.endpoint_name,) if self.endpoint_name else inputs


_CLUSTER = "JobResources.ClusterConfig"
_TF_CLUSTER = "job_resources.cluster_config"


class JobDefinition(Resource):
    """What a monitoring schedule runs; one class for each kind of monitoring."""

    network_config: NetworkConfig | None = None
    instance_count: Annotated[
        int | None,
        From(cfn=f"{_CLUSTER}.InstanceCount", tf=f"{_TF_CLUSTER}.instance_count", live=f"{_CLUSTER}.InstanceCount"),
    ] = None
    volume_kms_key_id: Annotated[
        str | None,
        From(
            cfn=f"{_CLUSTER}.VolumeKmsKeyId", tf=f"{_TF_CLUSTER}.volume_kms_key_id", live=f"{_CLUSTER}.VolumeKmsKeyId"
        ),
    ] = None


class DataQualityJobDefinition(
    JobDefinition, cfn="AWS::SageMaker::DataQualityJobDefinition", tf="aws_sagemaker_data_quality_job_definition"
):
    """What looks for drift of the data."""

    endpoint_name: Annotated[
        str | None,
        From(
            cfn="DataQualityJobInput.EndpointInput.EndpointName",
            tf="data_quality_job_input.endpoint_input.endpoint_name",
            live="DataQualityJobInput.EndpointInput.EndpointName",
        ),
    ] = None
    output_kms_key_id: Annotated[
        str | None,
        From(
            cfn="DataQualityJobOutputConfig.KmsKeyId",
            tf="data_quality_job_output_config.kms_key_id",
            live="DataQualityJobOutputConfig.KmsKeyId",
        ),
    ] = None


class ModelQualityJobDefinition(JobDefinition, cfn="AWS::SageMaker::ModelQualityJobDefinition"):
    """What compares predictions with what turned out to be true."""

    endpoint_name: Annotated[
        str | None,
        From(
            cfn="ModelQualityJobInput.EndpointInput.EndpointName",
            live="ModelQualityJobInput.EndpointInput.EndpointName",
        ),
    ] = None
    ground_truth_uri: Annotated[
        str | None,
        From(cfn="ModelQualityJobInput.GroundTruthS3Input.S3Uri", live="ModelQualityJobInput.GroundTruthS3Input.S3Uri"),
    ] = None
    output_kms_key_id: Annotated[
        str | None, From(cfn="ModelQualityJobOutputConfig.KmsKeyId", live="ModelQualityJobOutputConfig.KmsKeyId")
    ] = None


class ModelBiasJobDefinition(JobDefinition, cfn="AWS::SageMaker::ModelBiasJobDefinition"):
    """What looks for bias."""

    endpoint_name: Annotated[
        str | None,
        From(cfn="ModelBiasJobInput.EndpointInput.EndpointName", live="ModelBiasJobInput.EndpointInput.EndpointName"),
    ] = None
    output_kms_key_id: Annotated[
        str | None, From(cfn="ModelBiasJobOutputConfig.KmsKeyId", live="ModelBiasJobOutputConfig.KmsKeyId")
    ] = None


class ModelExplainabilityJobDefinition(JobDefinition, cfn="AWS::SageMaker::ModelExplainabilityJobDefinition"):
    """What tells which features a model's predictions rest on."""

    endpoint_name: Annotated[
        str | None,
        From(
            cfn="ModelExplainabilityJobInput.EndpointInput.EndpointName",
            live="ModelExplainabilityJobInput.EndpointInput.EndpointName",
        ),
    ] = None
    output_kms_key_id: Annotated[
        str | None,
        From(cfn="ModelExplainabilityJobOutputConfig.KmsKeyId", live="ModelExplainabilityJobOutputConfig.KmsKeyId"),
    ] = None
