"""SageMaker: notebooks, domains, models, endpoints, training."""

import re
from typing import Annotated, Any, Literal

from auditor.definitions import PipelineDefinition, Training, tuned
from auditor.members import those
from auditor.resources.base import Resource, Struct
from auditor.resources.fields import From
from auditor.resources.tags import Tags

# Nitro families with local storage that neither have a "d" in their name for it nor are of an i, d, h or x2 family
# (EC2 DescribeInstanceTypes: InstanceStorageSupported, Hypervisor).
_LOCAL_STORAGE = re.compile(
    r"(g5|g6|g6e|g6f|g7|g7e|gr6|gr6f|p5|p5e|p5en|p6-b200|p6-b300|trn1|trn1n|trn2|trn2u|i3en|i[4-9]\w*|im4gn|is4gen"
    r"|(?!mac)[a-z]+\d+[a-z]*d[a-z]*)"
)


class NotebookInstance(Resource, cfn="AWS::SageMaker::NotebookInstance", tf="aws_sagemaker_notebook_instance"):
    """A notebook instance."""

    root_access: Literal["Enabled", "Disabled"] = "Enabled"
    direct_internet_access: Literal["Enabled", "Disabled"] = "Enabled"
    kms_key_id: str | None = None
    subnet_id: str | None = None
    tags: Tags = Tags({})


class Domain(Resource, cfn="AWS::SageMaker::Domain", tf="aws_sagemaker_domain"):
    """A Studio domain."""

    app_network_access_type: Literal["PublicInternetOnly", "VpcOnly"] = "PublicInternetOnly"


class Model(Resource, cfn="AWS::SageMaker::Model", tf="aws_sagemaker_model"):
    """A model that endpoints and transform jobs run."""

    enable_network_isolation: bool = False


class ProductionVariant(Struct):
    """Instances, or a serverless configuration, that serve one model."""

    instance_type: str | None = None
    initial_instance_count: int | None = None
    serverless_config: Any = None

    @property
    def has_local_storage(self) -> bool:
        """Its instances have local storage, which they encrypt themselves; a KMS key is refused then.

        SageMaker CreateEndpointConfig, KmsKeyId.
        """
        family = (self.instance_type or "").removeprefix("ml.").partition(".")[0]
        return _LOCAL_STORAGE.fullmatch(family) is not None


class EndpointConfig(Resource, cfn="AWS::SageMaker::EndpointConfig", tf="aws_sagemaker_endpoint_configuration"):
    """What an endpoint runs on; live, only those that an endpoint uses."""

    kms_key_id: Annotated[str | None, From(tf="kms_key_arn")] = None
    production_variants: tuple[ProductionVariant, ...] = ()
    async_inference_config: Any = None

    def instance_variants(self) -> tuple[ProductionVariant, ...]:
        """The variants that are not serverless."""
        return those(self.production_variants, lambda variant: variant.serverless_config is None)


class Endpoint(Resource, cfn="AWS::SageMaker::Endpoint", tf="aws_sagemaker_endpoint"):
    """An endpoint."""

    tags: Tags = Tags({})


class TrainingJob(Resource, cfn="api:SageMaker::TrainingJob"):
    """A training job of the last 30 days that no tuning job started."""

    billable_time_in_seconds: int | None = None

    @property
    def trainings(self) -> tuple[Training, ...]:
        """Itself."""
        return (Training(self.title, self.raw.properties, self.raw, (), self.billable_time_in_seconds),)


class HyperParameterTuningJob(Resource, cfn="api:SageMaker::HyperParameterTuningJob"):
    """A tuning job of the last 30 days, with the training jobs that it started."""

    @property
    def trainings(self) -> tuple[Training, ...]:
        """What it trains with."""
        return tuned(self.title, self.raw.properties, self.raw).trainings


class Pipeline(Resource, cfn="AWS::SageMaker::Pipeline", tf="aws_sagemaker_pipeline"):
    """A pipeline."""

    definition: Annotated[PipelineDefinition, From(cfn="PipelineDefinition", tf="pipeline_definition")]

    @property
    def trainings(self) -> tuple[Training, ...]:
        """The trainings among its steps."""
        return self.definition.trainings
