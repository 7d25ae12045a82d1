"""EventBridge Scheduler."""

from typing import Annotated, Any

from auditor.resources.base import Resource
from auditor.resources.fields import From


class Schedule(Resource, cfn="AWS::Scheduler::Schedule", tf="aws_scheduler_schedule"):
    """A schedule; when it calls and with what is told of those whose target is an operation of an AWS service.

    The input is JSON, or what Terraform encodes as such.
    """

    schedule_expression: Annotated[str, From(live="Details.ScheduleExpression")]
    state: str = "ENABLED"
    target_arn: Annotated[str, From(cfn="Target.Arn", tf="target.arn", live="Target.Arn")]
    target_input: Annotated[Any, From(cfn="Target.Input", tf="target.input", live="Details.Input")] = None
