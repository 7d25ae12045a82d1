"""What EMR logs."""

from auditor import MEDIUM, Findings, check
from auditor.members import either
from auditor.resources.emr import Cluster, ServerlessApplication

_MONITORING = "AWS::EMRServerless::Application: {ReleaseLabel: emr-7.1.0, MonitoringConfiguration: {%s}}"
_UNMANAGED = "ManagedPersistenceMonitoringConfiguration: {Enabled: false}"


@check(
    "emr-logging",
    title="EMR clusters and serverless applications write logs",
    severity=MEDIUM,
    bad=(
        "AWS::EMR::Cluster: {Name: features, ReleaseLabel: emr-7.1.0}",
        _MONITORING % _UNMANAGED,
        _MONITORING % f"{_UNMANAGED}, CloudWatchLoggingConfiguration: {{Enabled: false}}",
    ),
    good=(
        "AWS::EMR::Cluster: {Name: features, LogUri: s3://acme-logs/emr/}",
        "AWS::EMRServerless::Application: {ReleaseLabel: emr-7.1.0}",
        _MONITORING % f"{_UNMANAGED}, S3MonitoringConfiguration: {{LogUri: s3://acme-logs/emr/}}",
        _MONITORING % f"{_UNMANAGED}, CloudWatchLoggingConfiguration: {{Enabled: true}}",
    ),
)
def logging(where: Cluster | ServerlessApplication) -> Findings:
    """The logs of Spark and Hadoop are on the nodes, and go with them: why a job failed can't be found out afterwards.

    EMR Serverless keeps logs for 30 days by itself, unless that is switched off.

    Fix: set LogUri to a prefix in S3; for a serverless application, S3MonitoringConfiguration or
    CloudWatchLoggingConfiguration.
    """
    if isinstance(where, Cluster):
        if not where.log_uri:
            yield where.fail("keeps no logs in S3", at="log_uri")
        return
    keeps_logs = either(
        lambda: where.managed_logging, lambda: where.log_uri is not None, lambda: where.cloudwatch_logging
    )
    if not keeps_logs:
        yield where.fail("keeps no logs", at="managed_logging")
