"""Model Monitor: schedules and the definitions of what they run."""

from __future__ import annotations

from auditor.sources.account.regular import Call, Listing, regular

_GONE = ("ResourceNotFound", "ValidationException")

regular(
    "sagemaker",
    "AWS::SageMaker::MonitoringSchedule",
    Listing("ListMonitoringSchedules", "MonitoringScheduleSummaries"),
    describe=Call("DescribeMonitoringSchedule", "", {"MonitoringScheduleName": "{MonitoringScheduleName}"}, gone=_GONE),
    more=(
        Call(
            "ListMonitoringAlerts",
            "MonitoringAlertSummaries",
            {"MonitoringScheduleName": "{MonitoringScheduleName}"},
            into="MonitoringAlerts",
            gone=("ResourceNotFound",),
            pages=True,
        ),
    ),
    arn="{MonitoringScheduleArn}",
    title="{MonitoringScheduleName}",
)

for _kind in ("DataQuality", "ModelQuality", "ModelBias", "ModelExplainability"):
    regular(
        "sagemaker",
        f"AWS::SageMaker::{_kind}JobDefinition",
        Listing(f"List{_kind}JobDefinitions", "JobDefinitionSummaries"),
        describe=Call(
            f"Describe{_kind}JobDefinition", "", {"JobDefinitionName": "{MonitoringJobDefinitionName}"}, gone=_GONE
        ),
        arn="{MonitoringJobDefinitionArn}",
        title="{MonitoringJobDefinitionName}",
    )
