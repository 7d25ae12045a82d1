"""CloudWatch Logs: what is stored for nobody."""

from auditor import LOW, Findings, check
from auditor.config import Config
from auditor.pricing.savings import log_retention
from auditor.resources.logs import LogGroup

_RETENTIONS = (1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653)
"""The days that RetentionInDays may be (CloudWatch Logs PutRetentionPolicy)."""


@check(
    "cloudwatch-log-group-retention",
    title="CloudWatch log groups expire their logs",
    severity=LOW,
    fixable="deletes what is older",
    bad="AWS::Logs::LogGroup: {LogGroupName: /aws/sagemaker/TrainingJobs}",
    good=(
        "AWS::Logs::LogGroup: {RetentionInDays: 90}",
        "AWS::Logs::LogGroup: {LogGroupClass: DELIVERY}",
    ),
)
def log_group_retention(group: LogGroup, config: Config) -> Findings:
    """Logs are kept, and paid for, for ever unless a retention is set.

    Fix: set RetentionInDays: 90 days suit most applications (log-retention-days in the configuration); archive to S3
    what law or audit wants longer.
    """
    if group.retention_in_days or group.log_group_class == "DELIVERY":
        return
    saving = log_retention(group.stored_bytes, group.scope.region)
    depends = "" if saving else "; what that costs depends on how much it will store"
    days = next((days for days in _RETENTIONS if days >= config.log_retention_days), _RETENTIONS[-1])
    yield group.fail(f"keeps its logs for ever{depends}", at="retention_in_days", expected=str(days), saving=saving)
