"""Glue jobs: what happens when one fails or hangs."""

from typing import Final

from auditor import LOW, Findings, Inventory, check
from auditor.definitions import State
from auditor.members import flat, known_first, those
from auditor.resources.glue import Job, JobHistory
from auditor.resources.stepfunctions import StateMachine

_DEFAULT: Final = 2_880  # minutes: what a job gets that asks for no timeout, but for the newest versions of Glue
_HOUR: Final = 60
_TIMES: Final = 10  # as long as the longest run: more is no timeout that would tell of a job that hangs
_MOST: Final = 5

_JOB = "AWS::Glue::Job: {Command: {Name: glueetl, ScriptLocation: 's3://code/a.py'}, Role: role%s}"
_STARTED = """
        Resources:
          Features: {Type: AWS::Glue::Job, Properties: {Role: role, Command: {Name: glueetl}, Timeout: 60}}
          Nightly:
            Type: AWS::StepFunctions::StateMachine
            Properties:
              Definition:
                StartAt: Features
                States:
                  Features:
                    Type: Task
                    Resource: arn:aws:states:::glue:startJobRun.sync
                    Parameters: {JobName: !Ref Features}
                    End: true
                    %s
        """


@check(
    "glue-job-retry-timeout",
    title="Glue jobs retry a limited number of times and have a timeout close to their real duration",
    severity=LOW,
    uses=(JobHistory, StateMachine),
    bad=(
        _JOB % "",
        _JOB % ", MaxRetries: 0, Timeout: 60",
        _JOB % ", MaxRetries: 10, Timeout: 60",
        _JOB % ", MaxRetries: 1, Timeout: 2880",
        _STARTED % "",
    ),
    good=(
        _JOB % ", MaxRetries: 1, Timeout: 60",
        "AWS::Glue::Job: {MaxRetries: 1, Command: {Name: gluestreaming, ScriptLocation: 's3://code/a.py'}, Role: role}",
        _STARTED % ("Retry: [{ErrorEquals: [States.ALL], MaxAttempts: 2}]"),
    ),
)
def job_retry_timeout(job: Job, inventory: Inventory) -> Findings:
    """A job that fails once leaves its consumers without data, and one that hangs is billed for up to two days.

    Runs of the job show how long it really takes, where there are any; streaming jobs need no timeout.

    Fix: set MaxRetries to 1 or 2 (or a Retry on the state that starts the job) and Timeout to two or three times what
    it takes.
    """
    if job.max_retries == 0:
        if not inventory.referring(StateMachine, _retried_jobs, to=job):
            yield job.fail("is not run again when it fails", at="max_retries")
    elif job.max_retries > _MOST:
        yield job.fail(f"is run again up to {job.max_retries} times when it fails", at="max_retries")
    if job.command_name == "gluestreaming":
        return
    if job.timeout is None or job.timeout >= _DEFAULT:
        yield job.fail("has no timeout that would end it before hours or days of hanging", at="timeout")
        return
    if job.timeout > _HOUR and (longest := _longest_minutes(job, inventory)) and job.timeout > _TIMES * longest:
        message = f"has a timeout of {job.timeout} minutes, and never took more than {longest:.0f}"
        yield job.fail(message, at="timeout")


def _retried_jobs(machine: StateMachine) -> tuple[str, ...]:
    """The jobs that a machine starts and tries again."""
    return flat(machine.definition.states, _retried_job)


def _retried_job(state: State) -> tuple[str, ...]:
    starts = those(state.integrations, lambda call: (call.service, call.action) == ("glue", "startJobRun"))
    if not starts or not state.is_tried_again:
        return ()
    return (state.arguments.reference("JobName"),)


def _longest_minutes(job: Job, inventory: Inventory) -> float | None:
    """How long its longest run that succeeded took; None where there was none."""
    histories = inventory.referring(JobHistory, lambda history: history.address, to=job)
    runs = flat(histories, lambda history: history.runs)
    ended = those(runs, lambda run: run.job_run_state == "SUCCEEDED")
    return max((seconds / 60 for seconds in known_first(ended, lambda run: run.execution_time)), default=None)
