"""The model registry, inference components and experiments, feature groups, HyperPod clusters, human reviews."""

from __future__ import annotations

import json
from typing import Any

import pytest

from auditor.resources.sagemaker_models import ModelPackage, ModelPackageGroup
from auditor.values import ABSENT
from tests.sources.account.services.reading import Reading, Reads, noting
from tests.sources.account.services.support import ACCOUNT, REGION, one, scan

_ARN = f"arn:aws:sagemaker:{REGION}:{ACCOUNT}"
_ROLE = f"arn:aws:iam::{ACCOUNT}:role/SageMaker"
_THEN = "2024-05-01T00:00:00Z"
_LATER = "2024-05-02T00:00:00Z"
_POLICY = json.dumps(
    {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}]}
)
_GROUP = {
    "ModelPackageGroupName": "fraud",
    "ModelPackageGroupArn": f"{_ARN}:model-package-group/fraud",
    "CreationTime": _THEN,
    "ModelPackageGroupStatus": "Completed",
}
_PACKAGE: dict[str, Any] = {
    "ModelPackageArn": f"{_ARN}:model-package/fraud/7",
    "ModelPackageGroupName": "fraud",
    "ModelPackageVersion": 7,
    "ModelApprovalStatus": "Approved",
    "ModelPackageStatus": "Completed",
    "CreationTime": _THEN,
}
_DESCRIBED_PACKAGE: dict[str, Any] = {
    "ModelPackageName": "fraud",
    "ModelPackageArn": _PACKAGE["ModelPackageArn"],
    "CreationTime": _THEN,
    "ModelPackageStatus": "Completed",
    "ModelPackageStatusDetails": {"ValidationStatuses": []},
    "LastModifiedTime": _LATER,
}
_EXPERIMENT = {
    "Name": "Shadow",
    "Type": "ShadowMode",
    "Status": "Running",
    "CreationTime": _THEN,
    "LastModifiedTime": _THEN,
}
_TAGS = [{"Key": "expiry", "Value": "2025-01-01"}]
_CLUSTER = {
    "ClusterArn": f"{_ARN}:cluster/abcdefghijkl",
    "ClusterName": "pretrain",
    "CreationTime": _THEN,
    "ClusterStatus": "InService",
}


class TestModels(Reads):
    cases = (
        Reading(
            "AWS::SageMaker::ModelPackageGroup",
            _GROUP["ModelPackageGroupArn"],
            "ListModelPackageGroups",
            {
                "ListModelPackageGroups": {"ModelPackageGroupSummaryList": [_GROUP]},
                "GetModelPackageGroupPolicy": {"ResourcePolicy": _POLICY},
            },
            {"ModelPackageGroupPolicy": _POLICY},
            empty={"ModelPackageGroupSummaryList": []},
            token="NextToken",
            title="fraud",
            service="sagemaker",
            reads={"model_package_group_name": "fraud"},
        ),
        Reading(
            "AWS::SageMaker::ModelPackage",
            _PACKAGE["ModelPackageArn"],
            "ListModelPackages",
            {
                "ListModelPackages": {"ModelPackageSummaryList": [_PACKAGE]},
                "DescribeModelPackage": _DESCRIBED_PACKAGE,
            },
            {"Approval": {"LastModifiedTime": _LATER}},
            empty={"ModelPackageSummaryList": []},
            token="NextToken",
            gone={"DescribeModelPackage": "ValidationException"},
            title="7",
            service="sagemaker",
            reads={"model_package_group_name": "fraud", "model_approval_status": "Approved"},
        ),
        Reading(
            "AWS::SageMaker::InferenceComponent",
            f"{_ARN}:inference-component/llm",
            "ListInferenceComponents",
            {
                "ListInferenceComponents": {
                    "InferenceComponents": [
                        {
                            "InferenceComponentArn": f"{_ARN}:inference-component/llm",
                            "InferenceComponentName": "llm",
                            "EndpointArn": f"{_ARN}:endpoint/chat",
                            "EndpointName": "chat",
                            "VariantName": "all",
                            "CreationTime": _THEN,
                            "LastModifiedTime": _THEN,
                        }
                    ]
                }
            },
            {},
            empty={"InferenceComponents": []},
            token="NextToken",
            title="llm",
            service="sagemaker",
            reads={"endpoint_name": "chat"},
        ),
        Reading(
            "AWS::SageMaker::InferenceExperiment",
            f"{_ARN}:inference-experiment/shadow",
            "ListInferenceExperiments",
            {
                "ListInferenceExperiments": {"InferenceExperiments": [_EXPERIMENT]},
                "DescribeInferenceExperiment": {
                    **_EXPERIMENT,
                    "Arn": f"{_ARN}:inference-experiment/shadow",
                    "EndpointMetadata": {"EndpointName": "chat"},
                    "ModelVariants": [],
                    "KmsKey": "key",
                    "DataStorageConfig": {"Destination": "s3://captured", "KmsKey": "other"},
                },
            },
            {},
            empty={"InferenceExperiments": []},
            token="NextToken",
            gone={"DescribeInferenceExperiment": "ResourceNotFound"},
            title="Shadow",
            service="sagemaker",
            reads={"kms_key": "key", "data_storage_kms_key": "other"},
        ),
        Reading(
            "AWS::SageMaker::FeatureGroup",
            f"{_ARN}:feature-group/clicks",
            "ListFeatureGroups",
            {
                "ListFeatureGroups": {
                    "FeatureGroupSummaries": [
                        {
                            "FeatureGroupName": "clicks",
                            "FeatureGroupArn": f"{_ARN}:feature-group/clicks",
                            "CreationTime": _THEN,
                        }
                    ]
                },
                "DescribeFeatureGroup": {
                    "FeatureGroupArn": f"{_ARN}:feature-group/clicks",
                    "FeatureGroupName": "clicks",
                    "RecordIdentifierFeatureName": "id",
                    "EventTimeFeatureName": "at",
                    "FeatureDefinitions": [{"FeatureName": "id", "FeatureType": "String"}],
                    "CreationTime": _THEN,
                    "NextToken": "",
                    "OnlineStoreConfig": {"EnableOnlineStore": True, "SecurityConfig": {"KmsKeyId": "online"}},
                    "OfflineStoreConfig": {"S3StorageConfig": {"S3Uri": "s3://features", "KmsKeyId": "offline"}},
                },
            },
            {},
            empty={"FeatureGroupSummaries": []},
            token="NextToken",
            gone={"DescribeFeatureGroup": "ResourceNotFound"},
            title="clicks",
            service="sagemaker",
            reads={
                "online_store_config.kms_key_id": "online",
                "online_store_config.storage_type": "Standard",
                "offline_store_config.kms_key_id": "offline",
            },
        ),
        Reading(
            "AWS::SageMaker::Cluster",
            _CLUSTER["ClusterArn"],
            "ListClusters",
            {
                "ListClusters": {"ClusterSummaries": [_CLUSTER]},
                "DescribeCluster": {
                    "ClusterArn": _CLUSTER["ClusterArn"],
                    "ClusterStatus": "InService",
                    "InstanceGroups": [
                        {
                            "InstanceGroupName": "gpu",
                            "InstanceType": "ml.p5.48xlarge",
                            "CurrentCount": 4,
                            "InstanceStorageConfigs": [
                                {"EbsVolumeConfig": {"VolumeSizeInGB": 500, "VolumeKmsKeyId": "key"}}
                            ],
                        }
                    ],
                    "VpcConfig": {"Subnets": ["subnet-1"], "SecurityGroupIds": ["sg-1"]},
                    "NodeRecovery": "None",
                },
                "GetResources": {"ResourceTagMappingList": [{"ResourceARN": _CLUSTER["ClusterArn"], "Tags": _TAGS}]},
            },
            {"Tags": _TAGS},
            empty={"ClusterSummaries": []},
            token="NextToken",
            gone={"DescribeCluster": "ResourceNotFound"},
            needs=("ResourceARN", "Key", "Value", "EbsVolumeConfig"),
            title="pretrain",
            service="sagemaker",
            reads={
                "instance_groups.0.instance_type": "ml.p5.48xlarge",
                "instance_groups.0.instance_count": 4,
                "instance_groups.0.instance_storage_configs.0.volume_kms_key_id": "key",
                "vpc_config.subnets": ("subnet-1",),
                "node_recovery": "None",
                "auto_scaling_mode": None,
            },
        ),
        Reading(
            "api:SageMaker::FlowDefinition",
            f"{_ARN}:flow-definition/review",
            "ListFlowDefinitions",
            {
                "ListFlowDefinitions": {
                    "FlowDefinitionSummaries": [
                        {
                            "FlowDefinitionName": "review",
                            "FlowDefinitionArn": f"{_ARN}:flow-definition/review",
                            "FlowDefinitionStatus": "Active",
                            "CreationTime": _THEN,
                        }
                    ]
                },
                "DescribeFlowDefinition": {
                    "FlowDefinitionArn": f"{_ARN}:flow-definition/review",
                    "FlowDefinitionName": "review",
                    "FlowDefinitionStatus": "Active",
                    "CreationTime": _THEN,
                    "RoleArn": _ROLE,
                    "OutputConfig": {"S3OutputPath": "s3://reviews", "KmsKeyId": "key"},
                },
            },
            {},
            empty={"FlowDefinitionSummaries": []},
            token="NextToken",
            gone={"DescribeFlowDefinition": "ResourceNotFound"},
            title="review",
            service="sagemaker",
            reads={"kms_key_id": "key"},
        ),
    )


pytestmark = pytest.mark.usefixtures("moto")


def test_a_policy_is_read(scripted):
    scripted(TestModels.cases[0].answers)
    found = scan("AWS::SageMaker::ModelPackageGroup")
    policy = ModelPackageGroup(one(found, "AWS::SageMaker::ModelPackageGroup")).model_package_group_policy
    assert policy is not None
    assert len(policy.public()) == 1


def test_a_group_without_a_policy(scripted):
    scripted({**TestModels.cases[0].answers, "GetModelPackageGroupPolicy": "ValidationException"})
    found = scan("AWS::SageMaker::ModelPackageGroup")
    assert found.gaps == []
    raw = one(found, "AWS::SageMaker::ModelPackageGroup")
    assert raw.properties["ModelPackageGroupPolicy"] is ABSENT
    assert ModelPackageGroup(raw).model_package_group_policy is None


def test_only_approved_packages_are_described(scripted):
    scripted({"ListModelPackages": {"ModelPackageSummaryList": [{**_PACKAGE, "ModelApprovalStatus": "Rejected"}]}})
    found = scan("AWS::SageMaker::ModelPackage")
    assert "sagemaker:DescribeModelPackage" not in found.calls
    assert ModelPackage(one(found, "AWS::SageMaker::ModelPackage")).last_modified_time is None


def test_packages_of_every_kind_are_asked_for(scripted):
    asked: list[Any] = []
    scripted({"ListModelPackages": noting(asked, {"ModelPackageSummaryList": []})})
    scan("AWS::SageMaker::ModelPackage")
    assert asked[0]["ModelPackageType"] == "Both"


def test_groups_in_a_simulated_account(aws, scripted):
    for number in range(3):
        aws("sagemaker").create_model_package_group(ModelPackageGroupName=f"g{number}")
    scripted({"GetModelPackageGroupPolicy": "ValidationException"})  # which moto has not
    found = scan("AWS::SageMaker::ModelPackageGroup")
    assert (found.gaps, found.notices) == ([], [])
    assert sorted(raw.title for raw in found.raws) == ["g0", "g1", "g2"]
