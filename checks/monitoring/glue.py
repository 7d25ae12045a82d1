"""What Glue logs, and who is told when it fails."""

import re

from auditor import MEDIUM, Findings, Inventory, check
from auditor.knowledge.alerts import ALERTS, Happening, alarms_on, is_told, look
from auditor.members import either, every, known_first, some
from auditor.resources.glue import Crawler, Job

_JOB = "AWS::Glue::Job: {Name: features, Role: role, Command: {Name: %s}, %s}"
_ARGUMENTS = "DefaultArguments: {%s}"
_LOGS = '"--enable-continuous-cloudwatch-log": "true"'
_METRICS = '"--enable-metrics": "true"'
_SPARK = ("glueetl", "gluestreaming")


@check(
    "glue-job-logging",
    title="Glue jobs write continuous logs and metrics",
    severity=MEDIUM,
    bad=(
        _JOB % ("glueetl", "MaxRetries: 1"),
        _JOB % ("glueetl", _ARGUMENTS % _LOGS),
        _JOB % ("gluestreaming", _ARGUMENTS % _METRICS),
        _JOB % ("glueetl", _ARGUMENTS % '"--enable-continuous-cloudwatch-log": "false", "--enable-metrics": ""'),
        _JOB % ("glueetl", "GlueVersion: '5.0'"),
    ),
    good=(
        _JOB % ("glueetl", _ARGUMENTS % f"{_LOGS}, {_METRICS}"),
        _JOB % ("glueetl", _ARGUMENTS % f'{_LOGS}, "--enable-observability-metrics": "true"'),
        _JOB % ("glueetl", "GlueVersion: '5.0', " + _ARGUMENTS % '"--enable-metrics": ""'),
        _JOB % ("pythonshell", "MaxCapacity: 1"),
    ),
)
def job_logging(job: Job) -> Findings:
    """Without continuous logs nobody sees what a job does before it has failed, and without metrics why it is slow.

    Python shell and Ray jobs have their own logs, and jobs of Glue 5.0 and above always write them as they run.

    Fix: set the default arguments --enable-continuous-cloudwatch-log and --enable-metrics to "true".
    """
    if job.command_name not in _SPARK:
        return
    continuous = either(lambda: _logs_by_itself(job), lambda: _is_on(job, "--enable-continuous-cloudwatch-log"))
    measured = either(lambda: _is_on(job, "--enable-metrics"), lambda: _is_on(job, "--enable-observability-metrics"))
    if not continuous:
        yield job.fail("writes no continuous logs", at="default_arguments")
    if not measured:
        yield job.fail("writes no metrics", at="default_arguments")


def _logs_by_itself(job: Job) -> bool:
    version = re.match(r"\d+", job.glue_version or "")
    return version is not None and int(version[0]) >= 5


def _is_on(job: Job, argument: str) -> bool:
    """Whether a switch is there; an empty value switches it on, too."""
    values = known_first(
        (job.non_overridable_arguments, job.default_arguments), lambda arguments: arguments.get(argument)
    )
    return some(values, lambda value: value.lower() != "false")


_TOLD = """
        Resources:
          Job: {Type: AWS::Glue::Job, Properties: {Name: features, Role: role, Command: {Name: glueetl}}}
          Oncall: {Type: AWS::SNS::Topic}
          Rule:
            Type: AWS::Events::Rule
            Properties:
              EventPattern: {source: [aws.glue], %s}
              Targets: [%s]
              %s
        """
_STATES = "detail-type: [Glue Job State Change], detail: {state: [%s]%s}"
_TO = "{Id: oncall, Arn: !Ref Oncall}"


@check(
    "glue-job-failure-notification",
    title="Failures of Glue jobs, crawlers and workflows notify someone",
    severity=MEDIUM,
    uses=ALERTS,
    bad=(
        _TOLD % (_STATES % ("SUCCEEDED", ""), _TO, ""),
        _TOLD % (_STATES % ("FAILED", ", jobName: [ingest]"), _TO, ""),
        _TOLD % (_STATES % ("FAILED", ""), _TO, "State: DISABLED"),
        _TOLD % (_STATES % ("FAILED", ""), "", ""),
        _TOLD.replace(
            "Type: AWS::Glue::Job, Properties: {Name: features, ", "Type: AWS::Glue::Crawler, Properties: {"
        ).replace(", Command: {Name: glueetl}", ", Targets: {}")
        % (_STATES % ("FAILED", ""), _TO, ""),
    ),
    good=(
        _TOLD % (_STATES % ("FAILED, TIMEOUT", ""), _TO, ""),
        _TOLD % (_STATES % ("{anything-but: SUCCEEDED}", ", jobName: [{prefix: feat}]"), _TO, ""),
        _TOLD % (_STATES % ("FAILED", ", jobName: [!Ref Job]"), _TO, "State: ENABLED"),
        _TOLD % ("detail: {state: [FAILED]}", _TO, ""),
    ),
)
def job_failure_notification(work: Job | Crawler, inventory: Inventory) -> Findings:
    """A job that fails leaves yesterday's data in place, on which models are trained and decisions made.

    A workflow consists of jobs and crawlers, so telling of theirs tells of its failures.

    Fix: add an EventBridge rule on "Glue Job State Change" with the states FAILED and TIMEOUT ("Glue Crawler State
    Change" with Failed for crawlers) and an SNS topic as its target.
    """
    look(work, inventory, *ALERTS)
    if isinstance(work, Crawler):
        failure = Happening("aws.glue", "Glue Crawler State Change", "crawlerName", "state", "Failed")
    else:
        failure = Happening("aws.glue", "Glue Job State Change", "jobName", "state", "FAILED")
    untold = every(
        lambda: not is_told(failure, work, inventory),
        lambda: not some(alarms_on(work, lambda alarm: alarm.values_of("JobName"), inventory), lambda _: True),
    )
    if untold:
        yield work.fail("tells nobody when it fails")
