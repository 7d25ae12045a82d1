"""Studio, and the scripts that run when something starts."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime

import pytest

from auditor.resources.sagemaker_studio import NotebookLifecycleConfig, StudioLifecycleConfig, stops_when_idle
from tests.sources.account.services.reading import Reading, Reads
from tests.sources.account.services.support import ACCOUNT, REGION, one, scan

_ARN = f"arn:aws:sagemaker:{REGION}:{ACCOUNT}"
_ROLE = f"arn:aws:iam::{ACCOUNT}:role/SageMaker"
_IDLE = "2024-05-01T00:00:00Z"


def _encoded(script: str) -> str:
    return base64.b64encode(script.encode()).decode()


class TestStudio(Reads):
    cases = (
        Reading(
            "AWS::SageMaker::Domain",
            f"{_ARN}:domain/d-1",
            "ListDomains",
            {
                "ListDomains": {
                    "Domains": [
                        {"DomainArn": f"{_ARN}:domain/d-1", "DomainId": "d-1", "DomainName": "ml"},
                        {"DomainArn": f"{_ARN}:domain/d-2", "DomainId": "d-2", "Status": "Deleting"},
                    ]
                },
                "DescribeDomain": {
                    "DomainId": "d-1",
                    "AuthMode": "IAM",
                    "AppNetworkAccessType": "VpcOnly",
                    "VpcId": "vpc-1",
                    "SubnetIds": ["subnet-1"],
                    "KmsKeyId": "key",
                    "DefaultUserSettings": {
                        "ExecutionRole": _ROLE,
                        "JupyterLabAppSettings": {
                            "DefaultResourceSpec": {"InstanceType": "ml.g5.xlarge"},
                            "AppLifecycleManagement": {
                                "IdleSettings": {"LifecycleManagement": "ENABLED", "IdleTimeoutInMinutes": 60}
                            },
                        },
                        "CodeEditorAppSettings": {},
                    },
                },
                "GetResources": {
                    "ResourceTagMappingList": [
                        {"ResourceARN": f"{_ARN}:domain/d-1", "Tags": [{"Key": "team", "Value": "ml"}]}
                    ]
                },
            },
            {"Tags": [{"Key": "team", "Value": "ml"}]},
            empty={"Domains": []},
            token="NextToken",
            gone={"DescribeDomain": "ResourceNotFound"},
            needs=("DomainArn", "DomainId", "ResourceARN", "Status", "Key", "Value"),
            title="ml",
            service="sagemaker",
            reads={
                "auth_mode": "IAM",
                "app_network_access_type": "VpcOnly",
                "vpc_id": "vpc-1",
                "subnet_ids": ("subnet-1",),
                "kms_key_id": "key",
                "default_user_settings.execution_role": _ROLE,
                "default_user_settings.jupyter_lab_app_settings.instance_type": "ml.g5.xlarge",
                "default_user_settings.jupyter_lab_app_settings.idle_settings.lifecycle_management": "ENABLED",
                "default_user_settings.jupyter_lab_app_settings.idle_settings.idle_timeout_in_minutes": 60,
                "default_user_settings.code_editor_app_settings.idle_settings": None,
            },
        ),
        Reading(
            "AWS::SageMaker::UserProfile",
            f"{_ARN}:user-profile/d-1/ana",
            "ListUserProfiles",
            {
                "ListUserProfiles": {"UserProfiles": [{"DomainId": "d-1", "UserProfileName": "Ana"}]},
                "DescribeUserProfile": {
                    "UserProfileArn": f"{_ARN}:user-profile/d-1/ana",
                    "UserSettings": {
                        "ExecutionRole": _ROLE,
                        "CodeEditorAppSettings": {"DefaultResourceSpec": {"InstanceType": "ml.t3.medium"}},
                    },
                },
            },
            {},
            empty={"UserProfiles": []},
            token="NextToken",
            gone={"DescribeUserProfile": "ResourceNotFound"},
            needs=("DomainId", "UserProfileName"),
            title="Ana",
            service="sagemaker",
            reads={
                "domain_id": "d-1",
                "user_settings.execution_role": _ROLE,
                "user_settings.code_editor_app_settings.instance_type": "ml.t3.medium",
                "user_settings.jupyter_lab_app_settings": None,
            },
        ),
        Reading(
            "AWS::SageMaker::Space",
            f"{_ARN}:space/d-1/ana",
            "ListSpaces",
            {
                "ListSpaces": {
                    "Spaces": [
                        {
                            "DomainId": "d-1",
                            "SpaceName": "ana",
                            "Status": "InService",
                            "SpaceSettingsSummary": {"AppType": "JupyterLab"},
                        }
                    ]
                }
            },
            {},
            empty={"Spaces": []},
            token="NextToken",
            needs=("DomainId", "SpaceName"),
            title="ana",
            service="sagemaker",
            reads={"domain_id": "d-1", "app_type": "JupyterLab"},
        ),
        Reading(
            "AWS::SageMaker::App",
            f"{_ARN}:app/d-1/ana/JupyterLab/default",
            "ListApps",
            {
                "ListApps": {
                    "Apps": [
                        {
                            "DomainId": "d-1",
                            "SpaceName": "ana",
                            "AppType": "JupyterLab",
                            "AppName": "default",
                            "Status": "InService",
                            "CreationTime": _IDLE,
                        },
                        {
                            "DomainId": "d-1",
                            "UserProfileName": "ana",
                            "AppType": "KernelGateway",
                            "AppName": "old",
                            "Status": "Deleted",
                        },
                    ]
                },
                "DescribeApp": {"ResourceSpec": {"InstanceType": "ml.g5.xlarge"}, "LastUserActivityTimestamp": _IDLE},
            },
            {"LastUserActivityTimestamp": _IDLE},
            empty={"Apps": []},
            token="NextToken",
            gone={"DescribeApp": "ResourceNotFound"},
            needs=("DomainId", "AppType", "AppName", "Status"),
            title="JupyterLab default of ana",
            service="sagemaker",
            reads={
                "app_type": "JupyterLab",
                "space_name": "ana",
                "user_profile_name": None,
                "instance_type": "ml.g5.xlarge",
                "status": "InService",
            },
        ),
        Reading(
            "AWS::SageMaker::NotebookInstanceLifecycleConfig",
            f"{_ARN}:notebook-instance-lifecycle-config/stop",
            "ListNotebookInstanceLifecycleConfigs",
            {
                "ListNotebookInstanceLifecycleConfigs": {
                    "NotebookInstanceLifecycleConfigs": [
                        {
                            "NotebookInstanceLifecycleConfigName": "stop",
                            "NotebookInstanceLifecycleConfigArn": f"{_ARN}:notebook-instance-lifecycle-config/stop",
                        }
                    ]
                },
                "DescribeNotebookInstanceLifecycleConfig": {
                    "OnCreate": [{"Content": _encoded("pip install pandas")}],
                    "OnStart": [{"Content": _encoded("python autostop.py --time 3600")}],
                },
            },
            {},
            empty={"NotebookInstanceLifecycleConfigs": []},
            token="NextToken",
            gone={"DescribeNotebookInstanceLifecycleConfig": "ValidationException"},
            title="stop",
            service="sagemaker",
            needs=("NotebookInstanceLifecycleConfigArn", "NotebookInstanceLifecycleConfigName"),
            reads={"on_create.0.stops_when_idle": False, "on_start.0.stops_when_idle": True},
        ),
        Reading(
            "AWS::SageMaker::StudioLifecycleConfig",
            f"{_ARN}:studio-lifecycle-config/setup",
            "ListStudioLifecycleConfigs",
            {
                "ListStudioLifecycleConfigs": {
                    "StudioLifecycleConfigs": [
                        {
                            "StudioLifecycleConfigName": "setup",
                            "StudioLifecycleConfigArn": f"{_ARN}:studio-lifecycle-config/setup",
                        }
                    ]
                },
                "DescribeStudioLifecycleConfig": {"StudioLifecycleConfigContent": _encoded("git clone x")},
            },
            {},
            empty={"StudioLifecycleConfigs": []},
            token="NextToken",
            gone={"DescribeStudioLifecycleConfig": "ResourceNotFound"},
            needs=("StudioLifecycleConfigArn", "StudioLifecycleConfigName"),
            title="setup",
            service="sagemaker",
        ),
    )


SECRET = "export DB_PASSWORD=correct-horse-battery"


@pytest.mark.usefixtures("moto")
def test_no_script_is_kept(scripted):
    name = "NotebookInstanceLifecycleConfig"
    scripted(
        {
            f"List{name}s": {f"{name}s": [{f"{name}Name": "n", f"{name}Arn": "arn:n"}]},
            f"Describe{name}": {"OnStart": [{"Content": _encoded(SECRET)}]},
            "ListStudioLifecycleConfigs": {
                "StudioLifecycleConfigs": [{"StudioLifecycleConfigName": "s", "StudioLifecycleConfigArn": "arn:s"}]
            },
            "DescribeStudioLifecycleConfig": {"StudioLifecycleConfigContent": _encoded(SECRET)},
        }
    )
    found = scan("AWS::SageMaker::NotebookInstanceLifecycleConfig", "AWS::SageMaker::StudioLifecycleConfig")
    assert "horse" not in repr(found)
    assert _encoded(SECRET) not in repr(found)
    notebook = NotebookLifecycleConfig(one(found, "AWS::SageMaker::NotebookInstanceLifecycleConfig"))
    studio = StudioLifecycleConfig(one(found, "AWS::SageMaker::StudioLifecycleConfig"))
    for script in (notebook.on_start[0].content or "", studio.studio_lifecycle_config_content):
        assert "a secret" in script


@pytest.mark.parametrize(
    ("script", "stops"),
    [
        ("python3 $DIR/autostop.py --time 3600 --ignore-connections", True),
        ("aws sagemaker stop-notebook-instance --notebook-instance-name me", True),
        ("client.stop_notebook_instance(NotebookInstanceName=name)", True),
        ("wget https://raw.githubusercontent.com/x/auto-stop-idle/on-start.sh", True),
        ("pip install torch", False),
        ("", False),
    ],
)
def test_scripts_that_stop(script, stops):
    assert stops_when_idle(script) is stops
    assert stops_when_idle(_encoded(script)) is stops


def test_when_notebooks_were_last_opened_and_nothing_of_who_did(moto, scripted):
    def event(name, day):
        told = {"userIdentity": {"userName": "ana"}, "requestParameters": {"notebookInstanceName": name}}
        return {
            "EventTime": datetime(2026, 11, day, 10, tzinfo=UTC),
            "Username": "ana",
            "CloudTrailEvent": json.dumps(told),
        }

    failed = {
        "EventTime": datetime(2026, 11, 23, tzinfo=UTC),
        "CloudTrailEvent": json.dumps({"requestParameters": None}),
    }
    first = {"Events": [event("research", 20), failed, event("other", 19)], "NextToken": "more"}
    scripted({"LookupEvents": [first, {"Events": [event("research", 18)]}]})
    found = scan("api:SageMaker::NotebookOpening")
    opened = {raw.properties["NotebookInstanceName"]: raw.properties["LastOpened"] for raw in found.raws}
    assert {name: when.day for name, when in opened.items()} == {"research": 20, "other": 19}
    assert "ana" not in str([raw.properties for raw in found.raws])
