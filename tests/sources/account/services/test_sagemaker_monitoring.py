"""Model Monitor."""

from __future__ import annotations

from typing import Any

import pytest

from tests.sources.account.services.reading import Reading, Reads
from tests.sources.account.services.support import ACCOUNT, REGION, scan

_ARN = f"arn:aws:sagemaker:{REGION}:{ACCOUNT}"
_ROLE = f"arn:aws:iam::{ACCOUNT}:role/SageMaker"
_THEN = "2024-05-01T00:00:00Z"
_CLUSTER = {"InstanceCount": 2, "InstanceType": "ml.m5.large", "VolumeSizeInGB": 20}
_NETWORK = {"EnableNetworkIsolation": True, "VpcConfig": {"Subnets": ["subnet-1"], "SecurityGroupIds": ["sg-1"]}}
_INPUT = {"EndpointInput": {"EndpointName": "fraud", "LocalPath": "/opt"}}
_OUTPUTS = {"MonitoringOutputs": [{"S3Output": {"S3Uri": "s3://o", "LocalPath": "/opt"}}]}
_SCHEDULE = {
    "MonitoringScheduleName": "drift",
    "MonitoringScheduleArn": f"{_ARN}:monitoring-schedule/drift",
    "CreationTime": _THEN,
    "LastModifiedTime": _THEN,
    "MonitoringScheduleStatus": "Scheduled",
    "EndpointName": "fraud",
}
_ALERT = {
    "MonitoringAlertName": "violations",
    "CreationTime": _THEN,
    "LastModifiedTime": _THEN,
    "AlertStatus": "InAlert",
    "DatapointsToAlert": 1,
    "EvaluationPeriod": 1,
    "Actions": {"ModelDashboardIndicator": {"Enabled": True}},
}


def _definition(kind: str, **changes: Any) -> Reading:
    """A job definition of a kind of monitoring."""
    arn = f"{_ARN}:{kind.lower()}-job-definition/nightly"
    extra: dict[str, Any] = {"GroundTruthS3Input": {}} if kind == "ModelQuality" else {}
    return Reading(
        f"AWS::SageMaker::{kind}JobDefinition",
        arn,
        f"List{kind}JobDefinitions",
        {
            f"List{kind}JobDefinitions": {
                "JobDefinitionSummaries": [
                    {
                        "MonitoringJobDefinitionName": "nightly",
                        "MonitoringJobDefinitionArn": arn,
                        "CreationTime": _THEN,
                        "EndpointName": "fraud",
                    }
                ]
            },
            f"Describe{kind}JobDefinition": {
                "JobDefinitionArn": arn,
                "JobDefinitionName": "nightly",
                "CreationTime": _THEN,
                f"{kind}AppSpecification": {
                    "ImageUri": "image",
                    **({"ConfigUri": "s3://c"} if kind in ("ModelBias", "ModelExplainability") else {}),
                },
                f"{kind}JobInput": {**_INPUT, **extra, **({"GroundTruthS3Input": {}} if kind == "ModelBias" else {})},
                f"{kind}JobOutputConfig": {
                    **_OUTPUTS,
                    "KmsKeyId": "output",
                },
                "JobResources": {"ClusterConfig": {**_CLUSTER, "VolumeKmsKeyId": "volume"}},
                "NetworkConfig": _NETWORK,
                "RoleArn": _ROLE,
            },
        },
        {},
        empty={"JobDefinitionSummaries": []},
        token="NextToken",
        gone={f"Describe{kind}JobDefinition": "ResourceNotFound"},
        title="nightly",
        service="sagemaker",
        reads={
            "endpoint_name": "fraud",
            "output_kms_key_id": "output",
            "volume_kms_key_id": "volume",
            "instance_count": 2,
            "network_config.enable_network_isolation": True,
            "network_config.enable_inter_container_traffic_encryption": False,
            "network_config.vpc_config.subnets": ("subnet-1",),
        },
    )


class TestMonitoring(Reads):
    cases = (
        Reading(
            "AWS::SageMaker::MonitoringSchedule",
            _SCHEDULE["MonitoringScheduleArn"],
            "ListMonitoringSchedules",
            {
                "ListMonitoringSchedules": {
                    "MonitoringScheduleSummaries": [
                        {**_SCHEDULE, "MonitoringType": "DataQuality", "MonitoringJobDefinitionName": "nightly"}
                    ]
                },
                "DescribeMonitoringSchedule": {
                    **_SCHEDULE,
                    "MonitoringType": "DataQuality",
                    "MonitoringScheduleConfig": {
                        "ScheduleConfig": {"ScheduleExpression": "cron(0 * ? * * *)"},
                        "MonitoringType": "DataQuality",
                        "MonitoringJobDefinition": {
                            "MonitoringInputs": [{"EndpointInput": _INPUT["EndpointInput"]}],
                            "MonitoringOutputConfig": _OUTPUTS,
                            "MonitoringResources": {"ClusterConfig": _CLUSTER},
                            "MonitoringAppSpecification": {"ImageUri": "image"},
                            "NetworkConfig": _NETWORK,
                            "RoleArn": _ROLE,
                        },
                    },
                    "LastMonitoringExecutionSummary": {
                        "MonitoringScheduleName": "drift",
                        "ScheduledTime": _THEN,
                        "CreationTime": _THEN,
                        "LastModifiedTime": _THEN,
                        "MonitoringExecutionStatus": "CompletedWithViolations",
                    },
                },
                "ListMonitoringAlerts": {"MonitoringAlertSummaries": [_ALERT]},
            },
            {},
            empty={"MonitoringScheduleSummaries": []},
            token="NextToken",
            gone={"DescribeMonitoringSchedule": "ResourceNotFound", "ListMonitoringAlerts": "ResourceNotFound"},
            title="drift",
            service="sagemaker",
            reads={
                "monitoring_type": "DataQuality",
                "monitoring_job_definition_name": "nightly",
                "monitoring_job_definition.network_config.enable_network_isolation": True,
                "monitoring_job_definition.instance_count": 2,
                "schedule_expression": "cron(0 * ? * * *)",
                "endpoint_name": "fraud",
                "monitoring_schedule_status": "Scheduled",
                "last_execution_status": "CompletedWithViolations",
                "monitoring_alerts.0.monitoring_alert_name": "violations",
                "monitoring_alerts.0.alert_status": "InAlert",
            },
        ),
        _definition("DataQuality"),
        _definition("ModelQuality"),
        _definition("ModelBias"),
        _definition("ModelExplainability"),
    )


@pytest.mark.usefixtures("moto")
def test_job_definitions_in_a_simulated_account(aws):
    for number in range(3):
        aws("sagemaker").create_data_quality_job_definition(
            JobDefinitionName=f"d{number}",
            DataQualityAppSpecification={"ImageUri": "image"},
            DataQualityJobInput=_INPUT,
            DataQualityJobOutputConfig=_OUTPUTS,
            JobResources={"ClusterConfig": _CLUSTER},
            RoleArn=_ROLE,
        )
    found = scan("AWS::SageMaker::DataQualityJobDefinition")
    assert (found.gaps, found.notices) == ([], [])
    assert sorted(raw.title for raw in found.raws) == ["d0", "d1", "d2"]
