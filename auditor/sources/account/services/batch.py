"""Batch: compute environments, job queues, and the job definitions that count."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from auditor.raw import Raw
from auditor.sources.account.collector import Api, collector
from auditor.sources.account.regular import Call, Listing, regular

regular(
    "batch",
    "AWS::Batch::ComputeEnvironment",
    Listing("DescribeComputeEnvironments", "ComputeEnvironments[?Status!='DELETING' && Status!='DELETED']"),
    arn="{ComputeEnvironmentArn}",
    title="{ComputeEnvironmentName}",
    pascal=True,
)

regular(
    "batch",
    "AWS::Batch::JobQueue",
    Listing("DescribeJobQueues", "JobQueues[?Status!='DELETING' && Status!='DELETED']"),
    more=(
        Call(
            "ListJobs",
            "length(JobSummaryList || `[]`) > `0`",
            {"jobQueue": "{JobQueueArn}", "jobStatus": "RUNNING"},
            into="HasRunningJobs",
        ),
    ),
    arn="{JobQueueArn}",
    title="{JobQueueName}",
    pascal=True,
)


@collector("batch", types=("AWS::Batch::JobDefinition",), operations=("DescribeJobDefinitions",), pascal=True)
def job_definitions(api: Api) -> Iterator[Raw]:
    """The newest active revision of each job definition, which is what runs unless somebody asks for another."""
    newest: dict[str, Mapping[str, Any]] = {}
    for definition in api.pages("DescribeJobDefinitions", "JobDefinitions", status="ACTIVE"):
        name = definition["JobDefinitionName"]
        if name not in newest or newest[name]["Revision"] < definition["Revision"]:
            newest[name] = definition
    for name, definition in newest.items():
        arn = definition["JobDefinitionArn"]
        yield api.raw("AWS::Batch::JobDefinition", arn, definition, names=(name,), title=name)
