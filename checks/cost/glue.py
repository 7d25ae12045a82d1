"""Glue jobs and development endpoints: DPU-hours that do no work."""

from datetime import timedelta
from typing import Final

from auditor import HIGH, LOW, MEDIUM, Findings, Inventory, check
from auditor.clock import now
from auditor.config import Config
from auditor.knowledge.glue_runs import DAYS, dpu_hours, recent
from auditor.knowledge.glue_starts import STARTERS, is_started
from auditor.members import either, every, if_decided, if_known, known_first, some
from auditor.pricing import usage
from auditor.pricing.book import HOURS_PER_MONTH
from auditor.pricing.saving import Saving
from auditor.resources.glue import Action, DevEndpoint, Job, JobHistory, JobRun, Session, Trigger, dpus_of
from auditor.utilisation.services.glue import JobLoad

_BOOKMARK: Final = "--job-bookmark-option"
_ON: Final = ("job-bookmark-enable", "job-bookmark-pause")
_SPARK: Final = ("glueetl", "gluestreaming")
_RECURRING: Final = 4  # runs in 30 days: once a week
_READ_AGAIN: Final = 0.5  # the share of what a run reads that it may have read before
_FEWEST: Final = 2  # workers that a Spark job can have
_DEFAULT: Final = 10  # workers that a job gets that asks for none
_SHORT: Final = 300  # seconds
_SHELL: Final = 0.0625  # DPUs of the smaller of the two sizes of a Python shell job

_DPU: Final = ("Glue", "Spark ETL / crawler / dev endpoint DPU")

_JOB = "AWS::Glue::Job: {Command: {Name: %s, ScriptLocation: 's3://code/a.py'}, Role: role%s}"
_NIGHTLY = """
        Resources:
          Features:
            Type: AWS::Glue::Job
            Properties: {Role: role, Command: {Name: %s, ScriptLocation: "s3://code/a.py"}%s}
          Nightly:
            Type: AWS::Glue::Trigger
            Properties: {Type: SCHEDULED, Schedule: cron(0 1 * * ? *), Actions: [{JobName: !Ref Features%s}]}
        """
_SET = ', %s: {"--job-bookmark-option": %s}'


@check(
    "glue-job-bookmark-disabled",
    title="Recurring Glue batch jobs use bookmarks and do not process old data again",
    severity=MEDIUM,
    uses=(JobHistory, *STARTERS),
    bad=(
        _NIGHTLY % ("glueetl", "", ""),
        _NIGHTLY % ("glueetl", _SET % ("DefaultArguments", "job-bookmark-disable"), ""),
        _NIGHTLY % ("glueetl", ', DefaultArguments: {"--enable-metrics": ""}', ', Arguments: {"--day": "1"}'),
    ),
    good=(
        _NIGHTLY % ("glueetl", _SET % ("DefaultArguments", "job-bookmark-enable"), ""),
        _NIGHTLY % ("glueetl", _SET % ("NonOverridableArguments", "job-bookmark-enable"), ""),
        _NIGHTLY % ("glueetl", "", _SET % ("Arguments", "job-bookmark-enable")),
        _NIGHTLY % ("pythonshell", "", ""),
        _NIGHTLY % ("gluestreaming", "", ""),
        _JOB % ("glueetl", ""),
    ),
)
def job_bookmark_disabled(job: Job, inventory: Inventory) -> Findings:
    """Without a bookmark every run reads all files that there ever were, and takes longer each time.

    Fix: set the default argument --job-bookmark-option to job-bookmark-enable, and give each source a
    transformation_ctx in the script. A job that has to read everything is a case for a suppression.
    """
    if job.command_name != "glueetl":
        return
    runs = recent(job, inventory)
    if every(
        lambda: not _is_bookmarked(job),
        lambda: not inventory.referring(Trigger, _jobs_started_with_bookmarks, job),
        lambda: not some(runs, lambda run: run.bookmark in _ON),
        lambda: either(lambda: _often(runs), lambda: is_started(job, inventory)),
    ):
        hours = if_decided(lambda: dpu_hours(runs))
        remark = f"its runs of {DAYS} days; how much of what each reads is old is not known"
        saving = _fewer(job, hours, low=0.0, high=_READ_AGAIN, remark=remark)
        hint = "" if saving else "; what a bookmark saves depends on how much of its data is old"
        yield job.fail(f"runs again and again without a job bookmark{hint}", at="default_arguments", saving=saving)


def _is_bookmarked(job: Job) -> bool:
    sets = (job.non_overridable_arguments, job.default_arguments)
    return some(sets, lambda arguments: arguments.get(_BOOKMARK) in _ON)


def _often(runs: tuple[JobRun, ...]) -> bool:
    return len(runs) >= _RECURRING


def _jobs_started_with_bookmarks(trigger: Trigger) -> tuple[str, ...]:
    return known_first(trigger.actions, _bookmarked_job)


def _bookmarked_job(action: Action) -> str | None:
    return action.job_name if action.arguments.get(_BOOKMARK) in _ON else None


def _fewer(job: Job, dpu_hours: float | None, *, low: float, high: float, remark: str = "") -> Saving | None:
    """Take a share less of a job's DPU-hours of a month, at the price of its class; None where these are not known."""
    flex = if_known(job, "execution_class") == "FLEX"
    return usage.glue(dpu_hours, job.scope.region, low=low, high=high, remark=remark, flex=flex) if dpu_hours else None


_METRICS = '"--enable-metrics": "true"'
_SCALED = ', GlueVersion: "4.0", WorkerType: G.1X, NumberOfWorkers: %s, DefaultArguments: {%s}'
_SCALES = '"--enable-auto-scaling": "true"'


@check(
    "glue-job-dpu-overprovisioned",
    title="Glue jobs use the workers they are given, with auto scaling for varying load",
    severity=MEDIUM,
    uses=(JobLoad, JobHistory),
    bad=(
        _JOB % ("glueetl", _SCALED % (40, _METRICS)),
        _JOB % ("gluestreaming", _SCALED % (20, '"--enable-auto-scaling": "false"')),
        _JOB % ("glueetl", ", MaxCapacity: 50"),
    ),
    good=(
        _JOB % ("glueetl", _SCALED % (40, _SCALES)),
        _JOB % ("glueetl", _SCALED % (5, _METRICS)),
        _JOB % ("pythonshell", ", MaxCapacity: 1"),
        _JOB % ("glueetl", ""),
    ),
)
def job_dpu_overprovisioned(job: Job, inventory: Inventory, config: Config) -> Findings:
    """Workers that have no task are billed like the others.

    Where a job publishes metrics, by the executors that its tasks needed in 95 of 100 hours; where nothing is
    measured, jobs with more than glue-workers workers of a fixed number are named.

    Fix: set --enable-auto-scaling to true (Glue 3.0 and later), which makes the number of workers a maximum, or lower
    it; --enable-metrics shows what a job needs.
    """
    if job.command_name not in _SPARK or (job.default_arguments.get("--enable-auto-scaling") or "").lower() == "true":
        return
    workers = job.number_of_workers or job.max_capacity or _DEFAULT
    if workers <= _FEWEST:
        return
    load = JobLoad.where_measured(job, inventory)
    if load and load.needed_executors.hours_with_data:
        needed = max(_FEWEST, load.needed_executors.percentile(95) + 1)  # and the driver
        if 100 * needed / workers <= config.oversized_utilization:
            hours = if_decided(lambda: dpu_hours(recent(job, inventory)))
            share = 1 - needed / workers
            saving = _fewer(job, hours, low=share, high=share)
            hint = "" if saving else "; what fewer save depends on how long it runs"
            message = f"has {workers:g} workers, and needed at most {needed:g} in 95 of 100 hours{hint}"
            yield job.fail(message, at="number_of_workers", saving=saving)
    elif workers > config.glue_workers:
        hint = "what scaling saves depends on how many a run needs"
        yield job.fail(f"has {workers:g} workers in every run, as it does not scale; {hint}", at="number_of_workers")


@check(
    "glue-job-spark-too-small",
    title="Tiny Glue Spark jobs run as Python shell jobs",
    severity=LOW,
    uses=(JobHistory,),
    inputs=("live",),
)
def job_spark_too_small(job: Job, inventory: Inventory) -> Findings:
    """A Spark job takes two DPUs at least, and a Python shell job a sixteenth of one.

    Jobs are meant whose runs of 30 days all took less than five minutes on at most two workers.

    Fix: rewrite the script with pandas or awswrangler, and run it as a pythonshell job, or in a Lambda function.
    """
    if job.command_name != "glueetl":
        return
    runs = recent(job, inventory)
    if not runs or some(runs, _needs_spark):
        return
    hours = dpu_hours(runs)
    dpus = dpus_of(job.worker_type or "G.1X", _FEWEST)
    remark = "if the same work takes as long without Spark; nothing if it takes a whole DPU twice as long"
    saving = _fewer(job, hours, low=0.0, high=1 - _SHELL / dpus, remark=remark) if dpus else None
    hint = "" if saving else "; what that saves depends on how long it runs"
    yield job.fail(
        f"ran {len(runs)} times in {DAYS} days, each for less than five minutes on two workers at most{hint}",
        at="command_name",
        saving=saving,
    )


def _needs_spark(run: JobRun) -> bool:
    """Whether a run was long or large, or did not succeed, so that it tells nothing."""
    workers = run.number_of_workers or run.max_capacity or _DEFAULT
    succeeded = run.job_run_state == "SUCCEEDED" and run.execution_time is not None
    return not succeeded or (run.execution_time or 0) >= _SHORT or workers > _FEWEST


@check(
    "glue-dev-endpoint-running",
    title="No Glue development endpoints are left running",
    severity=HIGH,
    uses=(Session,),
    bad=(
        "AWS::Glue::DevEndpoint: {RoleArn: role}",
        "AWS::Glue::DevEndpoint: {RoleArn: role, NumberOfNodes: 2}",
        "AWS::Glue::DevEndpoint: {RoleArn: role, WorkerType: G.2X, NumberOfWorkers: 3}",
    ),
    good="AWS::Glue::DevEndpoint: {RoleArn: role, WorkerType: G.1X, NumberOfWorkers: 0}",
)
def dev_endpoint_running(endpoint: DevEndpoint | Session, config: Config) -> Findings:
    """A development endpoint is billed by the second until it is deleted, five DPUs if nothing else is said.

    In an account, endpoints and interactive sessions are meant that are older than a day.

    Fix: delete the endpoint and work in Glue interactive sessions, which end after an idle timeout; set that of
    sessions to an hour (%idle_timeout 60).
    """
    dpus = _dpus(endpoint)
    made = if_decided(lambda: endpoint.created_on if isinstance(endpoint, Session) else endpoint.created_timestamp)
    if dpus == 0 or (made and now() - made < timedelta(days=1)):
        return
    saving = None
    if dpus:
        hours = dpus * HOURS_PER_MONTH
        least = 1 - config.working_hours / HOURS_PER_MONTH
        remark = f"the least is if it is needed for {config.working_hours:g} of {HOURS_PER_MONTH} hours"
        saving = usage.less(*_DPU, hours, endpoint.scope.region, low=least, remark=remark, kind="idle")
    hint = "" if saving else "; what it costs depends on its workers"
    yield endpoint.fail(f"is billed until somebody deletes it{hint}", saving=saving)


def _dpus(endpoint: DevEndpoint | Session) -> float | None:
    """Its DPUs; None where its workers' are not known."""
    workers = endpoint.number_of_workers
    if workers is not None:
        return dpus_of(endpoint.worker_type or "Standard", workers)
    if isinstance(endpoint, Session):
        return endpoint.max_capacity
    return 5 if endpoint.number_of_nodes is None else endpoint.number_of_nodes
