"""Glue: jobs and their runs, crawlers, triggers, workflows, development endpoints, sessions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from auditor.raw import Raw
from auditor.sources.account.collector import Api, collector
from auditor.sources.account.regular import Listing, regular
from auditor.values import ABSENT, Unknown

MOST_RUNS = 100
"""How many runs of a job are looked at, the newest first."""

_ARN = "arn:{partition}:glue:{region}:{account}"
_JOBS = Listing("GetJobs", "Jobs", shared=True)
_RUNNING = "Sessions[?contains(['PROVISIONING', 'READY'], Status)]"

# What is read of a run; its arguments may hold anything.
_RUN = (
    "JobRuns[].{JobRunState: JobRunState, StartedOn: StartedOn, TriggerName: TriggerName, Attempt: Attempt,"
    " ExecutionTime: ExecutionTime, DPUSeconds: DPUSeconds, MaxCapacity: MaxCapacity, WorkerType: WorkerType,"
    ' NumberOfWorkers: NumberOfWorkers, Bookmark: Arguments."--job-bookmark-option"}'
)

regular("glue", "AWS::Glue::Job", _JOBS, tagging="glue:job", arn=f"{_ARN}:job/{{Name}}", title="{Name}")


@collector("glue", types=("api:Glue::JobHistory",), operations=("GetJobs", "GetJobRuns"))
def job_history(api: Api) -> Iterator[Raw]:
    """The last runs of every job, from one page."""

    def runs(job: Mapping[str, Any]) -> tuple[str, Any]:
        gone = ("EntityNotFoundException",)
        return job["Name"], api.ask("GetJobRuns", _RUN, gone=gone, JobName=job["Name"], MaxResults=MOST_RUNS)

    for name, found in api.each(runs, api.pages(_JOBS.operation, _JOBS.key, shared=_JOBS.shared)):
        if found is not None:
            arn = f"arn:{api.partition}:glue:{api.region}:{api.account}:job/{name}"
            yield api.raw("api:Glue::JobHistory", arn, {"Runs": found}, names=(name,), title=name)


@collector(
    "glue", types=("AWS::Glue::Crawler",), operations=("GetCrawlers",), details={"GetCrawlerMetrics": ("Metrics",)}
)
def crawlers(api: Api) -> Iterator[Raw]:
    """Every crawler, with how long it usually runs: one call tells that of all."""
    metrics: Any = None
    for crawler in api.pages("GetCrawlers", "Crawlers"):
        if metrics is None:
            metrics = api.ask_all("GetCrawlerMetrics", "CrawlerMetricsList", resource="how long crawlers run")
            if not isinstance(metrics, Unknown):
                metrics = {one.get("CrawlerName"): one for one in metrics}
        name = crawler["Name"]
        own = metrics if isinstance(metrics, Unknown) else metrics.get(name, ABSENT)
        arn = f"arn:{api.partition}:glue:{api.region}:{api.account}:crawler/{name}"
        yield api.raw("AWS::Glue::Crawler", arn, {**crawler, "Metrics": own}, names=(name,), title=name)


regular(
    "glue", "AWS::Glue::Trigger", Listing("GetTriggers", "Triggers"), arn=f"{_ARN}:trigger/{{Name}}", title="{Name}"
)

regular(
    "glue",
    "AWS::Glue::Workflow",
    Listing("ListWorkflows", "Workflows[].{Name: @}"),
    arn=f"{_ARN}:workflow/{{Name}}",
    title="{Name}",
)

regular(
    "glue",
    "AWS::Glue::DevEndpoint",
    Listing("GetDevEndpoints", "DevEndpoints[?Status!='TERMINATING']"),
    arn=f"{_ARN}:devEndpoint/{{EndpointName}}",
    title="{EndpointName}",
)

regular(
    "glue",
    "api:Glue::Session",
    Listing("ListSessions", _RUNNING),
    arn=f"{_ARN}:session/{{Id}}",
    title="{Id}",
)

regular(
    "glue",
    "AWS::Glue::SecurityConfiguration",
    Listing("GetSecurityConfigurations", "SecurityConfigurations"),
    arn=f"{_ARN}:securityConfiguration/{{Name}}",  # made up: it has none
    title="{Name}",
)

regular(
    "glue",
    "AWS::Glue::MLTransform",
    Listing("GetMLTransforms", "Transforms[?Status!='DELETING']"),
    arn=f"{_ARN}:mlTransform/{{TransformId}}",
    title="{Name}",
    names=("{TransformId}",),
)
