"""CloudWatch Logs."""

from typing import Annotated

from auditor.resources.base import Resource
from auditor.resources.fields import NOWHERE, From


class LogGroup(Resource, cfn="AWS::Logs::LogGroup", tf="aws_cloudwatch_log_group"):
    """A log group."""

    retention_in_days: Annotated[int | None, From(live="retentionInDays")] = None
    log_group_class: Annotated[str, From(live="logGroupClass")] = "STANDARD"
    stored_bytes: Annotated[float | None, From(cfn=NOWHERE, tf=NOWHERE, live="storedBytes")] = None
