"""What becomes of SageMaker models: the registry, inference components and experiments, features, clusters."""

from datetime import datetime, timedelta
from typing import Annotated, Any, Literal

from auditor.policy import Policy
from auditor.resources.base import Resource, Struct
from auditor.resources.fields import NOWHERE, From, Part
from auditor.resources.sagemaker import VpcConfig
from auditor.resources.tags import Tags

_AT_ONCE = timedelta(minutes=1)


class ModelPackageGroup(Resource, cfn="AWS::SageMaker::ModelPackageGroup", tf="aws_sagemaker_model_package_group"):
    """A model of the registry, with all its versions."""

    model_package_group_name: str
    model_package_group_policy: Annotated[
        Policy | None,
        From(tf=NOWHERE),
        Part("aws_sagemaker_model_package_group_policy", "model_package_group_name", "resource_policy"),
    ] = None


class ModelPackage(Resource, cfn="AWS::SageMaker::ModelPackage"):
    """A version of a model of the registry; one outside of a group needs no approval."""

    model_package_group_name: str | None = None
    model_approval_status: Literal["Approved", "Rejected", "PendingManualApproval"] | None = None
    creation_time: Annotated[datetime, From(cfn=None)]
    last_modified_time: Annotated[datetime | None, From(cfn=NOWHERE, live="Approval.LastModifiedTime")] = None

    @property
    def approved_at_once(self) -> bool:
        """Whether it was made as an approved version of its group, and not approved later."""
        if self.model_package_group_name is None or self.model_approval_status != "Approved":
            return False
        changed = self.last_modified_time
        return changed is None or changed - self.creation_time < _AT_ONCE


class InferenceComponent(Resource, cfn="AWS::SageMaker::InferenceComponent"):
    """A model that shares an endpoint's instances with others."""

    endpoint_name: str


class InferenceExperiment(Resource, cfn="AWS::SageMaker::InferenceExperiment"):
    """A shadow test of a new model on an endpoint's requests."""

    kms_key: str | None = None
    data_storage_kms_key: Annotated[
        str | None, From(cfn="DataStorageConfig.KmsKey", live="DataStorageConfig.KmsKey")
    ] = None
    data_storage_config: Any = None


class OnlineStore(Struct):
    """Where a feature group's newest values are read with low latency."""

    kms_key_id: Annotated[
        str | None,
        From(cfn="SecurityConfig.KmsKeyId", tf="security_config.kms_key_id", live="SecurityConfig.KmsKeyId"),
    ] = None
    storage_type: Literal["Standard", "InMemory"] = "Standard"
    enable_online_store: bool = False


class OfflineStore(Struct):
    """Where a feature group's history is kept in S3."""

    kms_key_id: Annotated[
        str | None,
        From(cfn="S3StorageConfig.KmsKeyId", tf="s3_storage_config.kms_key_id", live="S3StorageConfig.KmsKeyId"),
    ] = None


class FeatureGroup(Resource, cfn="AWS::SageMaker::FeatureGroup", tf="aws_sagemaker_feature_group"):
    """A feature group."""

    online_store_config: OnlineStore | None = None
    offline_store_config: OfflineStore | None = None


class StorageConfig(Struct):
    """A volume or file system of a HyperPod instance; the key is that of a volume."""

    ebs_volume_config: Any = None
    volume_kms_key_id: Annotated[
        str | None, From(cfn="EbsVolumeConfig.VolumeKmsKeyId", live="EbsVolumeConfig.VolumeKmsKeyId")
    ] = None


class InstanceGroup(Struct):
    """Instances of one type in a HyperPod cluster."""

    instance_group_name: str
    instance_type: str | None = None
    instance_count: Annotated[int | None, From(live="CurrentCount")] = None
    instance_storage_configs: tuple[StorageConfig, ...] = ()
    override_vpc_config: VpcConfig | None = None
    on_start_deep_health_checks: tuple[str, ...] = ()
    training_plan_arn: str | None = None


class HyperPodCluster(Resource, cfn="AWS::SageMaker::Cluster"):
    """A HyperPod cluster."""

    instance_groups: tuple[InstanceGroup, ...] = ()
    vpc_config: VpcConfig | None = None
    node_recovery: Literal["Automatic", "None"] = "Automatic"
    auto_scaling_mode: Annotated[str | None, From(cfn="AutoScaling.Mode", live="AutoScaling.Mode")] = None
    tags: Tags = Tags({})


class FlowDefinition(Resource, cfn="api:SageMaker::FlowDefinition", tf="aws_sagemaker_flow_definition"):
    """A workflow in which people review predictions (Augmented AI)."""

    kms_key_id: Annotated[str | None, From(tf="output_config.kms_key_id", live="OutputConfig.KmsKeyId")] = None
