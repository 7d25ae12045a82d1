"""Notebooks, models, endpoints, training jobs."""

from __future__ import annotations

from dataclasses import replace

import pytest

from auditor.resources.sagemaker import EndpointConfig, NotebookInstance
from tests.sources.account.services.reading import Reading, Reads
from tests.sources.account.services.support import ACCOUNT, REGION, one, scan

_ARN = f"arn:aws:sagemaker:{REGION}:{ACCOUNT}"
_ROLE = f"arn:aws:iam::{ACCOUNT}:role/SageMaker"
_THEN = "2024-05-01T00:00:00Z"
_PACKAGE = f"{_ARN}:model-package/fraud/7"
_TAGS = [{"Key": "team", "Value": "ml"}]


class TestSageMaker(Reads):
    cases = (
        Reading(
            "AWS::SageMaker::NotebookInstance",
            f"{_ARN}:notebook-instance/lab",
            "ListNotebookInstances",
            {
                "ListNotebookInstances": {
                    "NotebookInstances": [
                        {
                            "NotebookInstanceName": "lab",
                            "NotebookInstanceArn": f"{_ARN}:notebook-instance/lab",
                            "NotebookInstanceStatus": "InService",
                        }
                    ]
                },
                "DescribeNotebookInstance": {
                    "InstanceType": "ml.g5.xlarge",
                    "RoleArn": _ROLE,
                    "SubnetId": "subnet-1",
                    "SecurityGroups": ["sg-1"],
                    "RootAccess": "Disabled",
                    "DirectInternetAccess": "Disabled",
                    "KmsKeyId": "key",
                    "NotebookInstanceLifecycleConfigName": "stop",
                    "PlatformIdentifier": "notebook-al2-v3",
                    "InstanceMetadataServiceConfiguration": {"MinimumInstanceMetadataServiceVersion": "2"},
                    "CreationTime": _THEN,
                    "LastModifiedTime": _THEN,
                },
                "GetResources": {
                    "ResourceTagMappingList": [{"ResourceARN": f"{_ARN}:notebook-instance/lab", "Tags": _TAGS}]
                },
            },
            {"Tags": _TAGS},
            empty={"NotebookInstances": []},
            token="NextToken",
            gone={"DescribeNotebookInstance": "ValidationException"},
            needs=("ResourceARN", "Key", "Value"),
            title="lab",
            service="sagemaker",
            reads={
                "instance_type": "ml.g5.xlarge",
                "role_arn": _ROLE,
                "subnet_id": "subnet-1",
                "security_group_ids": ("sg-1",),
                "root_access": "Disabled",
                "direct_internet_access": "Disabled",
                "kms_key_id": "key",
                "lifecycle_config_name": "stop",
                "platform_identifier": "notebook-al2-v3",
                "minimum_instance_metadata_service_version": "2",
                "notebook_instance_status": "InService",
            },
        ),
        Reading(
            "AWS::SageMaker::Model",
            f"{_ARN}:model/fraud",
            "ListModels",
            {
                "ListModels": {
                    "Models": [{"ModelName": "fraud", "ModelArn": f"{_ARN}:model/fraud", "CreationTime": _THEN}]
                },
                "DescribeModel": {
                    "ModelName": "fraud",
                    "ModelArn": f"{_ARN}:model/fraud",
                    "CreationTime": _THEN,
                    "ExecutionRoleArn": _ROLE,
                    "EnableNetworkIsolation": True,
                    "VpcConfig": {"Subnets": ["subnet-1"], "SecurityGroupIds": ["sg-1"]},
                    "PrimaryContainer": {
                        "Image": "image:latest",
                        "ImageConfig": {"RepositoryAccessMode": "Vpc"},
                        "Mode": "MultiModel",
                        "MultiModelConfig": {"ModelCacheSetting": "Enabled"},
                        "ModelDataUrl": "s3://models/fraud",
                        "ModelPackageName": _PACKAGE,
                    },
                    "Containers": [
                        {
                            "ModelDataSource": {
                                "S3DataSource": {
                                    "S3Uri": "s3://models/x",
                                    "S3DataType": "S3Prefix",
                                    "CompressionType": "None",
                                }
                            }
                        }
                    ],
                },
            },
            {},
            empty={"Models": []},
            token="NextToken",
            gone={"DescribeModel": "ValidationException"},
            title="fraud",
            service="sagemaker",
            reads={
                "execution_role_arn": _ROLE,
                "enable_network_isolation": True,
                "vpc_config.subnets": ("subnet-1",),
                "vpc_config.security_group_ids": ("sg-1",),
                "primary_container.image": "image:latest",
                "primary_container.repository_access_mode": "Vpc",
                "primary_container.mode": "MultiModel",
                "primary_container.multi_model_config": {"ModelCacheSetting": "Enabled"},
                "primary_container.model_data_url": "s3://models/fraud",
                "primary_container.model_package_name": _PACKAGE,
                "containers.0.model_data_source_uri": "s3://models/x",
                "containers.0.repository_access_mode": "Platform",
            },
        ),
        Reading(
            "AWS::SageMaker::Endpoint",
            f"{_ARN}:endpoint/fraud",
            "ListEndpoints",
            {
                "ListEndpoints": {
                    "Endpoints": [
                        {
                            "EndpointName": "fraud",
                            "EndpointArn": f"{_ARN}:endpoint/fraud",
                            "EndpointStatus": "InService",
                            "CreationTime": _THEN,
                            "LastModifiedTime": _THEN,
                        }
                    ]
                },
                "DescribeEndpoint": {
                    "EndpointName": "fraud",
                    "EndpointArn": f"{_ARN}:endpoint/fraud",
                    "EndpointStatus": "InService",
                    "EndpointConfigName": "fraud-2",
                    "CreationTime": _THEN,
                    "LastModifiedTime": _THEN,
                    "LastDeploymentConfig": {
                        "BlueGreenUpdatePolicy": {
                            "TrafficRoutingConfiguration": {"Type": "CANARY", "WaitIntervalInSeconds": 60},
                            "TerminationWaitInSeconds": 300,
                        },
                        "AutoRollbackConfiguration": {"Alarms": [{"AlarmName": "errors"}]},
                    },
                },
                "DescribeEndpointConfig": {
                    "EndpointConfigName": "fraud-2",
                    "EndpointConfigArn": f"{_ARN}:endpoint-config/fraud-2",
                    "CreationTime": _THEN,
                    "ProductionVariants": [{"VariantName": "all", "ModelName": "fraud"}],
                },
                "GetResources": {"ResourceTagMappingList": [{"ResourceARN": f"{_ARN}:endpoint/fraud", "Tags": _TAGS}]},
            },
            {"Tags": _TAGS},
            empty={"Endpoints": []},
            token="NextToken",
            needs=("ResourceARN", "Key", "Value"),
            title="fraud",
            service="sagemaker",
            reads={
                "endpoint_name": "fraud",
                "endpoint_config_name": "fraud-2",
                "endpoint_status": "InService",
                "deployment_config.blue_green_update_policy.traffic_routing_type": "CANARY",
                "deployment_config.blue_green_update_policy.termination_wait_in_seconds": 300,
                "deployment_config.auto_rollback_alarms.0.alarm_name": "errors",
                "deployment_config.rolling_update_policy": None,
            },
        ),
    )

    def test_denied(self, case, scripted):
        own = {name: answer for name, answer in case.answers.items() if name != "DescribeEndpointConfig"}
        super().test_denied(replace(case, answers=own), scripted)  # a configuration is a resource of its own


@pytest.mark.usefixtures("moto")
def test_a_configuration_in_use(scripted):
    endpoint = TestSageMaker.cases[2]
    variant = {
        "VariantName": "all",
        "ModelName": "fraud",
        "InstanceType": "ml.g5.xlarge",
        "InitialInstanceCount": 2,
        "ManagedInstanceScaling": {"Status": "ENABLED", "MinInstanceCount": 1},
    }
    config = {
        **endpoint.answers["DescribeEndpointConfig"],
        "ProductionVariants": [variant],
        "DataCaptureConfig": {
            "EnableCapture": True,
            "InitialSamplingPercentage": 20,
            "DestinationS3Uri": "s3://b",
            "CaptureOptions": [{"CaptureMode": "Input"}],
        },
    }
    scripted({**endpoint.answers, "DescribeEndpointConfig": config})
    read = EndpointConfig(one(scan("AWS::SageMaker::EndpointConfig"), "AWS::SageMaker::EndpointConfig"))
    assert (read.production_variants[0].model_name, read.production_variants[0].variant_name) == ("fraud", "all")
    scaling, capture = read.production_variants[0].managed_instance_scaling, read.data_capture_config
    assert scaling and (scaling.status, scaling.min_instance_count) == ("ENABLED", 1)
    assert capture and (capture.enable_capture, capture.initial_sampling_percentage) == (True, 20)


def test_notebooks_in_a_simulated_account(aws):
    common = {"InstanceType": "ml.t3.medium", "RoleArn": _ROLE}
    for number in range(3):
        aws("sagemaker").create_notebook_instance(NotebookInstanceName=f"lab{number}", **common)
    found = scan("AWS::SageMaker::NotebookInstance")
    assert (found.gaps, found.notices) == ([], [])
    assert [NotebookInstance(raw).instance_type for raw in found.raws] == ["ml.t3.medium"] * 3
    assert found.calls["sagemaker:ListNotebookInstances"] == 1
