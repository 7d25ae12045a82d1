"""EventBridge Scheduler."""

from __future__ import annotations

from auditor.sources.account.regular import Call, Listing, regular

# An account can have a million schedules. Only those that call an AWS service themselves, to stop an instance say, tell
# by what they send what it is about.
regular(
    "scheduler",
    "AWS::Scheduler::Schedule",
    Listing("ListSchedules", "Schedules", {"State": "ENABLED"}),
    more=(
        Call(
            "GetSchedule",
            "{ScheduleExpression: ScheduleExpression, Input: Target.Input}",
            {"Name": "{Name}", "GroupName": "{GroupName}"},
            into="Details",
            gone=("ResourceNotFoundException",),
            when="contains(Target.Arn, ':aws-sdk:')",
        ),
    ),
    arn="{Arn}",
    title="{Name}",
)
