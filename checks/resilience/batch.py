"""Batch jobs: what happens when one fails or hangs."""

from auditor import LOW, Findings, check
from auditor.resources.batch import JobDefinition


@check(
    "batch-job-retry",
    title="Batch job definitions retry with a limit and time out",
    severity=LOW,
    bad=(
        "AWS::Batch::JobDefinition: {Type: container}",
        "AWS::Batch::JobDefinition: {Type: container, RetryStrategy: {Attempts: 3}}",
        "AWS::Batch::JobDefinition: {Type: container, RetryStrategy: {Attempts: 1}, Timeout: "
        "{AttemptDurationSeconds: 3600}}",
    ),
    good="AWS::Batch::JobDefinition: {Type: container, RetryStrategy: {Attempts: 3}, Timeout: "
    "{AttemptDurationSeconds: 3600}}",
)
def job_retry(job: JobDefinition) -> Findings:
    """A lost spot instance ends a job that is tried once only, and one that hangs pays for its instance forever.

    Fix: set RetryStrategy to 2 to 5 Attempts, with EvaluateOnExit for what is worth another try, and Timeout to a few
    times what the job takes.
    """
    if job.attempts < 2:
        yield job.fail("is not tried again when it fails", at="attempts")
    if job.attempt_duration_seconds is None:
        yield job.fail("has no timeout, and may run forever", at="attempt_duration_seconds")
