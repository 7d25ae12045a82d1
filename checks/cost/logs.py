"""CloudWatch Logs: what is stored for nobody."""

from auditor import LOW, Findings, check
from auditor.pricing.savings import log_retention
from auditor.resources.logs import LogGroup


@check(
    "cloudwatch-log-group-retention",
    title="CloudWatch log groups expire their logs",
    severity=LOW,
    bad="AWS::Logs::LogGroup: {LogGroupName: /aws/sagemaker/TrainingJobs}",
    good=(
        "AWS::Logs::LogGroup: {RetentionInDays: 90}",
        "AWS::Logs::LogGroup: {LogGroupClass: DELIVERY}",
    ),
)
def log_group_retention(group: LogGroup) -> Findings:
    """Logs are kept, and paid for, for ever unless a retention is set.

    Fix: set RetentionInDays: 90 days suit most applications; archive to S3 what law or audit wants longer.
    """
    if group.retention_in_days or group.log_group_class == "DELIVERY":
        return
    saving = log_retention(group.stored_bytes, group.scope.region)
    depends = "" if saving else "; what that costs depends on how much it will store"
    yield group.fail(f"keeps its logs for ever{depends}", at="retention_in_days", saving=saving)
