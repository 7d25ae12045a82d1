"""SageMaker: notebooks, domains, models, endpoints, jobs, pipelines."""

import re
from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any, Literal

from auditor.definitions import Block, Job, PipelineDefinition, Training, tuned
from auditor.definitions.content import reference
from auditor.definitions.jobs import PROCESSING, TRANSFORM
from auditor.knowledge.container_images import ImageReference
from auditor.members import if_known, in_turn, known_first, those
from auditor.resources.base import Resource, Struct
from auditor.resources.fields import NOWHERE, From
from auditor.resources.sagemaker_studio import DomainUserSettings
from auditor.resources.tags import Tags
from auditor.values import Undecided

# Nitro families with local storage that neither have a "d" in their name for it nor are of an i, d, h or x2 family
# (EC2 DescribeInstanceTypes: InstanceStorageSupported, Hypervisor).
_LOCAL_STORAGE = re.compile(
    r"(g5|g6|g6e|g6f|g7|g7e|gr6|gr6f|p5|p5e|p5en|p6-b200|p6-b300|trn1|trn1n|trn2|trn2u|i3en|i[4-9]\w*|im4gn|is4gen"
    r"|(?!mac)[a-z]+\d+[a-z]*d[a-z]*)"
)


def has_local_storage(instance_type: str) -> bool:
    """Whether instances of a type, such as `ml.g5.xlarge`, have storage of their own, which they encrypt themselves."""
    return _LOCAL_STORAGE.fullmatch(instance_type.removeprefix("ml.").partition(".")[0]) is not None


class VpcConfig(Struct):
    """The subnets and security groups of a VPC in which something runs."""

    subnets: Annotated[tuple[str, ...], From(tf=("subnets", "subnet_ids"))] = ()
    security_group_ids: tuple[str, ...] = ()


class NetworkConfig(Struct):
    """How the containers of a processing or monitoring job are connected."""

    enable_network_isolation: bool = False
    enable_inter_container_traffic_encryption: bool = False
    vpc_config: VpcConfig | None = None


_IMDS = "InstanceMetadataServiceConfiguration.MinimumInstanceMetadataServiceVersion"


class NotebookInstance(Resource, cfn="AWS::SageMaker::NotebookInstance", tf="aws_sagemaker_notebook_instance"):
    """A notebook instance."""

    instance_type: str
    role_arn: str
    root_access: Literal["Enabled", "Disabled"] = "Enabled"
    direct_internet_access: Literal["Enabled", "Disabled"] = "Enabled"
    kms_key_id: str | None = None
    subnet_id: str | None = None
    security_group_ids: Annotated[tuple[str, ...], From(tf="security_groups", live="SecurityGroups")] = ()
    minimum_instance_metadata_service_version: Annotated[
        str,
        From(
            cfn=_IMDS,
            tf="instance_metadata_service_configuration.minimum_instance_metadata_service_version",
            live=_IMDS,
        ),
    ] = "1"
    platform_identifier: str | None = None
    lifecycle_config_name: Annotated[str | None, From(live="NotebookInstanceLifecycleConfigName")] = None
    notebook_instance_status: Annotated[str, From(cfn=None, tf=None)]
    creation_time: Annotated[datetime, From(cfn=None, tf=None)]
    last_modified_time: Annotated[datetime, From(cfn=None, tf=None)]
    tags: Tags = Tags({})

    @property
    def runs(self) -> bool:
        """Whether it is paid by the hour, as far as that is known: what is declared is judged as if it always ran."""
        return if_known(self, "notebook_instance_status") in (None, "InService")


class NotebookOpening(Resource, cfn="api:SageMaker::NotebookOpening"):
    """When a notebook instance was last opened in the last `OPENING_DAYS` days, by CloudTrail; never who opened it."""

    notebook_instance_name: str
    last_opened: datetime


OPENING_DAYS = 30
"""How far back the events are read of which `NotebookOpening` is made."""


class Domain(Resource, cfn="AWS::SageMaker::Domain", tf="aws_sagemaker_domain"):
    """A Studio domain."""

    app_network_access_type: Literal["PublicInternetOnly", "VpcOnly"] = "PublicInternetOnly"
    auth_mode: Literal["SSO", "IAM"]
    vpc_id: str | None = None
    subnet_ids: tuple[str, ...] = ()
    kms_key_id: str | None = None
    default_user_settings: DomainUserSettings | None = None
    tags: Tags = Tags({})


class Container(Struct):
    """A container of a model."""

    image: str | None = None
    image_reference: Annotated[ImageReference, From(cfn="", tf="", live="")]
    repository_access_mode: Annotated[
        Literal["Platform", "Vpc"],
        From(
            cfn="ImageConfig.RepositoryAccessMode",
            tf="image_config.repository_access_mode",
            live="ImageConfig.RepositoryAccessMode",
        ),
    ] = "Platform"
    mode: Literal["SingleModel", "MultiModel"] = "SingleModel"
    multi_model_config: Any = None
    model_data_url: str | None = None
    model_data_source_uri: Annotated[
        str | None,
        From(
            cfn="ModelDataSource.S3DataSource.S3Uri",
            tf="model_data_source.s3_data_source.s3_uri",
            live="ModelDataSource.S3DataSource.S3Uri",
        ),
    ] = None
    model_package_name: str | None = None
    environment: Any = None

    @property
    def artifact_buckets(self) -> tuple[str, ...]:
        """The buckets that its model is in, undecided as `known_first` is."""
        asked: tuple[Callable[[], str | None], ...] = (lambda: self.model_data_url, lambda: self.model_data_source_uri)
        return known_first(asked, lambda ask: self._bucket_of(ask()))

    def _bucket_of(self, url: str | None) -> str | None:
        if url is None:
            return None
        if not url.startswith("s3://"):
            raise Undecided("where its model is does not begin with s3://")
        return reference(url.removeprefix("s3://").partition("/")[0], self._raw)


class Model(Resource, cfn="AWS::SageMaker::Model", tf="aws_sagemaker_model"):
    """A model that endpoints and transform jobs run."""

    enable_network_isolation: bool = False
    execution_role_arn: str | None = None
    vpc_config: VpcConfig | None = None
    primary_container: Container | None = None
    containers: Annotated[tuple[Container, ...], From(tf="container")] = ()

    @property
    def all_containers(self) -> tuple[Container, ...]:
        """Its one container, or those of its inference pipeline."""
        return in_turn(known_first((self,), lambda model: model.primary_container), self.containers)


class InstanceScaling(Struct):
    """SageMaker's own scaling of a variant's instances."""

    status: Literal["ENABLED", "DISABLED"] | None = None
    min_instance_count: int | None = None


class ProductionVariant(Struct):
    """Instances, or a serverless configuration, that serve one model."""

    variant_name: str | None = None
    model_name: str | None = None
    instance_type: str | None = None
    initial_instance_count: int | None = None
    serverless_config: Any = None
    managed_instance_scaling: InstanceScaling | None = None

    @property
    def has_local_storage(self) -> bool:
        """Its instances have local storage, which they encrypt themselves; a KMS key is refused then.

        SageMaker CreateEndpointConfig, KmsKeyId.
        """
        return has_local_storage(self.instance_type or "")


class CaptureOption(Struct):
    """Whether requests, answers or both are recorded."""

    capture_mode: str


class DataCapture(Struct):
    """Which share of an endpoint's requests and answers is recorded."""

    enable_capture: Annotated[bool, From(tf_default=False)] = True
    initial_sampling_percentage: int
    capture_options: tuple[CaptureOption, ...] = ()

    @property
    def modes(self) -> set[str]:
        """What is recorded: Input, Output."""
        modes = [option.capture_mode for option in self.capture_options]
        return {"Input", "Output"} if "InputAndOutput" in modes else set(modes)


class EndpointConfig(Resource, cfn="AWS::SageMaker::EndpointConfig", tf="aws_sagemaker_endpoint_configuration"):
    """What an endpoint runs on; live, only those that an endpoint uses."""

    kms_key_id: Annotated[str | None, From(tf="kms_key_arn")] = None
    production_variants: tuple[ProductionVariant, ...] = ()
    async_inference_config: Any = None
    data_capture_config: DataCapture | None = None
    tags: Annotated[Tags, From(live=NOWHERE)] = Tags({})  # live, an endpoint has its own

    def instance_variants(self) -> tuple[ProductionVariant, ...]:
        """The variants that are not serverless."""
        return those(self.production_variants, lambda variant: variant.serverless_config is None)


class Alarm(Struct):
    """An alarm that a deployment watches."""

    alarm_name: str


class BlueGreenUpdate(Struct):
    """How a new fleet takes over from the old one."""

    traffic_routing_type: Annotated[
        str,
        From(
            cfn="TrafficRoutingConfiguration.Type",
            tf="traffic_routing_configuration.type",
            live="TrafficRoutingConfiguration.Type",
        ),
    ] = "ALL_AT_ONCE"
    termination_wait_in_seconds: int = 0


class Deployment(Struct):
    """How an update of an endpoint is rolled out, and what rolls it back."""

    auto_rollback_alarms: Annotated[
        tuple[Alarm, ...],
        From(
            cfn="AutoRollbackConfiguration.Alarms",
            tf="auto_rollback_configuration.alarms",
            live="AutoRollbackConfiguration.Alarms",
        ),
    ] = ()
    blue_green_update_policy: BlueGreenUpdate | None = None
    rolling_update_policy: Any = None


class RunningVariant(Struct):
    """What an endpoint runs of a variant now (SageMaker DescribeEndpoint, ProductionVariantSummary)."""

    variant_name: str
    current_instance_count: int | None = None
    current_serverless_config: Any = None


class Endpoint(Resource, cfn="AWS::SageMaker::Endpoint", tf="aws_sagemaker_endpoint"):
    """An endpoint."""

    production_variants: Annotated[tuple[RunningVariant, ...], From(cfn=None, tf=None)]
    endpoint_name: Annotated[str | None, From(tf="name")] = None
    endpoint_config_name: str
    deployment_config: Annotated[Deployment | None, From(live="LastDeploymentConfig")] = None
    endpoint_status: Annotated[str, From(cfn=None, tf=None)]
    creation_time: Annotated[datetime, From(cfn=None, tf=None)]
    last_modified_time: Annotated[datetime, From(cfn=None, tf=None)]
    tags: Tags = Tags({})


def _ended(start: datetime | None, end: datetime | None) -> tuple[datetime, datetime]:
    """The times of a job that has ended; there is nothing to judge of one that has not."""
    if start is None or end is None:
        raise Undecided("it has not ended yet", elsewhere=True)
    return start, end


class InputChannel(Struct):
    """Data that a job reads; without a mode of its own, in that of the job."""

    input_mode: str | None = None
    s3_uri: Annotated[str | None, From(live="DataSource.S3DataSource.S3Uri")] = None


class StatusTransition(Struct):
    """What a job was doing for a while (SageMaker DescribeTrainingJob, SecondaryStatusTransitions)."""

    status: str
    start_time: datetime
    end_time: datetime | None = None


class TrainingJob(Resource, cfn="api:SageMaker::TrainingJob"):
    """A training job of the last 30 days that no tuning job started."""

    role_arn: str | None = None
    billable_time_in_seconds: int | None = None
    hyper_parameters: Any = None
    environment: Any = None
    training_job_status: str
    training_start_time: datetime | None = None
    training_end_time: datetime | None = None
    training_time_in_seconds: int | None = None
    input_data_config: tuple[InputChannel, ...] = ()
    training_input_mode: Annotated[str, From(live="AlgorithmSpecification.TrainingInputMode")] = "File"
    secondary_status_transitions: tuple[StatusTransition, ...] = ()

    @property
    def ran(self) -> tuple[datetime, datetime]:
        """When it began and ended; undecided while it has not."""
        return _ended(self.training_start_time, self.training_end_time)

    experiment_name: Annotated[str | None, From(live="ExperimentConfig.ExperimentName")] = None

    @property
    def trainings(self) -> tuple[Training, ...]:
        """Itself."""
        return (Training(self.title, Block(self.raw.properties, self.raw), self.billable_time_in_seconds),)


class HyperParameterTuningJob(Resource, cfn="api:SageMaker::HyperParameterTuningJob"):
    """A tuning job of the last 30 days, with the training jobs that it started."""

    training_job_definition: Any = None
    training_job_definitions: Any = None

    @property
    def trainings(self) -> tuple[Training, ...]:
        """What it trains with."""
        return tuned(self.title, Block(self.raw.properties, self.raw))


class ProcessingJob(Resource, cfn="AWS::SageMaker::ProcessingJob"):
    """A processing job; live, of the last 30 days and not of AutoML."""

    instance_type: Annotated[
        str | None,
        From(
            cfn="ProcessingResources.ClusterConfig.InstanceType", live="ProcessingResources.ClusterConfig.InstanceType"
        ),
    ] = None
    instance_count: Annotated[
        int | None,
        From(
            cfn="ProcessingResources.ClusterConfig.InstanceCount",
            live="ProcessingResources.ClusterConfig.InstanceCount",
        ),
    ] = None
    processing_start_time: Annotated[datetime | None, From(cfn=None)] = None
    processing_end_time: Annotated[datetime | None, From(cfn=None)] = None

    @property
    def job(self) -> Job:
        """What it is asked to do."""
        return Job(self.title, Block(self.raw.properties, self.raw), PROCESSING)

    @property
    def ran(self) -> tuple[datetime, datetime]:
        """When it began and ended; undecided while it has not."""
        return _ended(self.processing_start_time, self.processing_end_time)


class TransformJob(Resource, cfn="api:SageMaker::TransformJob"):
    """A batch transform job of the last 30 days that AutoML did not start."""

    model_name: str
    instance_type: Annotated[str | None, From(live="TransformResources.InstanceType")] = None
    instance_count: Annotated[int | None, From(live="TransformResources.InstanceCount")] = None
    transform_start_time: datetime | None = None
    transform_end_time: datetime | None = None

    @property
    def job(self) -> Job:
        """What it is asked to do."""
        return Job(self.title, Block(self.raw.properties, self.raw), TRANSFORM)

    @property
    def ran(self) -> tuple[datetime, datetime]:
        """When it began and ended; undecided while it has not."""
        return _ended(self.transform_start_time, self.transform_end_time)


class DefinitionLocation(Struct):
    """The file in S3 that a pipeline's definition is taken from."""

    version: Annotated[str | None, From(tf="version_id")] = None


class Pipeline(Resource, cfn="AWS::SageMaker::Pipeline", tf="aws_sagemaker_pipeline"):
    """A pipeline."""

    pipeline_name: str
    role_arn: str
    definition: Annotated[
        PipelineDefinition, From(cfn="PipelineDefinition", tf="pipeline_definition", live="PipelineDefinition")
    ]
    definition_s3_location: Annotated[
        DefinitionLocation | None,
        From(cfn="PipelineDefinition.PipelineDefinitionS3Location", tf="pipeline_definition_s3_location", live=NOWHERE),
    ] = None
    last_execution_time: Annotated[datetime | None, From(cfn=None, tf=None)] = None
    tags: Tags = Tags({})

    @property
    def trainings(self) -> tuple[Training, ...]:
        """The trainings among its steps."""
        return self.definition.trainings


class Execution(Struct):
    """One run of a pipeline."""

    start_time: datetime | None = None
    pipeline_execution_status: str


class PipelineHistory(Resource, cfn="api:SageMaker::PipelineHistory"):
    """The last runs of a pipeline, newest first; it answers to the pipeline's name and ARN."""

    executions: tuple[Execution, ...] = ()


class TrialComponent(Resource, cfn="api:SageMaker::TrialComponent"):
    """A step of an experiment of the last 30 days, such as a training job, by the ARN of what it tracks."""

    source_arn: Annotated[str | None, From(live="TrialComponentSource.SourceArn")] = None


class Association(Resource, cfn="api:SageMaker::Association"):
    """An edge of the lineage graph, made in the last 30 days."""

    source_arn: str
    destination_arn: str
    association_type: str | None = None

    def other_end(self, arn: str) -> str:
        """What it ties to one of its ends."""
        return self.destination_arn if self.source_arn == arn else self.source_arn
