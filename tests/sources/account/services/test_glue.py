"""Glue: jobs and their runs, crawlers, triggers, workflows, development endpoints, sessions.

moto's Glue needs an extra (pyparsing) that is not installed.
"""

from __future__ import annotations

import pytest

from auditor.resources.glue import Arguments, Job
from auditor.values import Undecided, Unknown
from tests.sources.account.services.reading import Reading, Reads
from tests.sources.account.services.support import ACCOUNT, REGION, one, scan

_ARN = f"arn:aws:glue:{REGION}:{ACCOUNT}"
_ROLE = f"arn:aws:iam::{ACCOUNT}:role/Glue"
_THEN = "2024-05-01T00:00:00Z"
_TAGS = [{"Key": "team", "Value": "data"}]
_JOB = {
    "Name": "clean",
    "Role": _ROLE,
    "Command": {"Name": "glueetl", "ScriptLocation": "s3://scripts/clean.py"},
    "DefaultArguments": {"--job-bookmark-option": "job-bookmark-enable", "--db-password": "correct-horse"},
    "NonOverridableArguments": {"--stage": "prod"},
    "MaxRetries": 1,
    "Timeout": 60,
    "MaxCapacity": 10.0,
    "NumberOfWorkers": 10,
    "WorkerType": "G.1X",
    "SecurityConfiguration": "kms",
    "GlueVersion": "4.0",
}
_RUN = {
    "Id": "jr_1",
    "JobName": "clean",
    "JobRunState": "SUCCEEDED",
    "StartedOn": _THEN,
    "TriggerName": "nightly",
    "ExecutionTime": 300,
    "DPUSeconds": 3000.0,
    "Arguments": {"--job-bookmark-option": "job-bookmark-disable", "--token": "correct-horse"},
}


class TestGlue(Reads):
    cases = (
        Reading(
            "AWS::Glue::Job",
            f"{_ARN}:job/clean",
            "GetJobs",
            {
                "GetJobs": {"Jobs": [_JOB]},
                "GetResources": {"ResourceTagMappingList": [{"ResourceARN": f"{_ARN}:job/clean", "Tags": _TAGS}]},
            },
            {"Tags": _TAGS},
            empty={"Jobs": []},
            token="NextToken",
            needs=("Name", "ResourceARN", "Key", "Value"),
            title="clean",
            service="glue",
            reads={
                "role": _ROLE,
                "command_name": "glueetl",
                "max_retries": 1,
                "timeout": 60,
                "max_capacity": 10.0,
                "number_of_workers": 10,
                "worker_type": "G.1X",
                "security_configuration": "kms",
                "glue_version": "4.0",
                "execution_class": "STANDARD",
                "default_arguments.names": ("--job-bookmark-option", "--db-password"),
            },
        ),
        Reading(
            "api:Glue::JobHistory",
            f"{_ARN}:job/clean",
            "GetJobs",
            {"GetJobs": {"Jobs": [_JOB]}, "GetJobRuns": {"JobRuns": [_RUN]}},
            {},
            empty={"Jobs": []},
            gone={"GetJobRuns": "EntityNotFoundException"},
            needs=("Name",),
            title="clean",
            service="glue",
            reads={
                "runs.0.job_run_state": "SUCCEEDED",
                "runs.0.trigger_name": "nightly",
                "runs.0.execution_time": 300,
                "runs.0.dpu_seconds": 3000.0,
                "runs.0.bookmark": "job-bookmark-disable",
                "runs.0.attempt": 0,
            },
        ),
        Reading(
            "AWS::Glue::Crawler",
            f"{_ARN}:crawler/raw",
            "GetCrawlers",
            {
                "GetCrawlers": {
                    "Crawlers": [
                        {
                            "Name": "raw",
                            "Schedule": {"ScheduleExpression": "cron(0 1 * * ? *)"},
                            "Targets": {"S3Targets": [{"Path": "s3://raw", "EventQueueArn": "arn:aws:sqs:::q"}]},
                            "SchemaChangePolicy": {"UpdateBehavior": "LOG", "DeleteBehavior": "LOG"},
                            "CrawlerSecurityConfiguration": "kms",
                            "LastCrawl": {"Status": "SUCCEEDED", "StartTime": _THEN},
                        }
                    ]
                },
                "GetCrawlerMetrics": {"CrawlerMetricsList": [{"CrawlerName": "raw", "MedianRuntimeSeconds": 90.0}]},
            },
            {},
            empty={"Crawlers": []},
            token="NextToken",
            needs=("Name",),
            title="raw",
            service="glue",
            reads={
                "schedule": "cron(0 1 * * ? *)",
                "s3_targets.0.event_queue_arn": "arn:aws:sqs:::q",
                "update_behavior": "LOG",
                "delete_behavior": "LOG",
                "security_configuration": "kms",
                "last_crawl.status": "SUCCEEDED",
                "median_runtime_seconds": 90.0,
            },
        ),
        Reading(
            "AWS::Glue::Trigger",
            f"{_ARN}:trigger/nightly",
            "GetTriggers",
            {
                "GetTriggers": {
                    "Triggers": [
                        {
                            "Name": "nightly",
                            "Type": "CONDITIONAL",
                            "WorkflowName": "etl",
                            "Actions": [{"JobName": "clean"}],
                            "Predicate": {"Conditions": [{"CrawlerName": "raw", "CrawlState": "SUCCEEDED"}]},
                        }
                    ]
                }
            },
            {},
            empty={"Triggers": []},
            token="NextToken",
            needs=("Name",),
            title="nightly",
            service="glue",
            reads={
                "workflow_name": "etl",
                "actions.0.job_name": "clean",
                "conditions.0.crawler_name": "raw",
            },
        ),
        Reading(
            "AWS::Glue::Workflow",
            f"{_ARN}:workflow/etl",
            "ListWorkflows",
            {"ListWorkflows": {"Workflows": ["etl"]}},
            {},
            empty={},
            token="NextToken",
            title="etl",
            service="glue",
            reads={"name": "etl"},
        ),
        Reading(
            "AWS::Glue::DevEndpoint",
            f"{_ARN}:devEndpoint/dev",
            "GetDevEndpoints",
            {
                "GetDevEndpoints": {
                    "DevEndpoints": [
                        {
                            "EndpointName": "dev",
                            "NumberOfNodes": 5,
                            "WorkerType": "Standard",
                            "SecurityConfiguration": "kms",
                            "CreatedTimestamp": _THEN,
                        }
                    ]
                }
            },
            {},
            empty={"DevEndpoints": []},
            token="NextToken",
            needs=("EndpointName",),
            title="dev",
            service="glue",
            reads={"number_of_nodes": 5, "worker_type": "Standard", "security_configuration": "kms"},
        ),
        Reading(
            "api:Glue::Session",
            f"{_ARN}:session/s-1",
            "ListSessions",
            {
                "ListSessions": {
                    "Sessions": [
                        {"Id": "s-1", "Status": "READY", "CreatedOn": _THEN, "NumberOfWorkers": 5, "IdleTimeout": 60},
                        {"Id": "s-0", "Status": "STOPPED", "CreatedOn": _THEN},
                    ]
                }
            },
            {},
            empty={"Sessions": []},
            token="NextToken",
            needs=("Id",),
            title="s-1",
            service="glue",
            reads={"number_of_workers": 5, "idle_timeout": 60, "max_capacity": None},
        ),
        Reading(
            "AWS::Glue::SecurityConfiguration",
            f"{_ARN}:securityConfiguration/kms",
            "GetSecurityConfigurations",
            {
                "GetSecurityConfigurations": {
                    "SecurityConfigurations": [
                        {
                            "Name": "kms",
                            "EncryptionConfiguration": {
                                "S3Encryption": [{"S3EncryptionMode": "SSE-KMS"}],
                                "CloudWatchEncryption": {"CloudWatchEncryptionMode": "SSE-KMS"},
                                "JobBookmarksEncryption": {"JobBookmarksEncryptionMode": "CSE-KMS"},
                            },
                        }
                    ]
                }
            },
            {},
            empty={"SecurityConfigurations": []},
            token="NextToken",
            needs=("Name",),
            title="kms",
            service="glue",
            reads={
                "s3_encryptions.0.mode": "SSE-KMS",
                "cloudwatch_encryption_mode": "SSE-KMS",
                "job_bookmarks_encryption_mode": "CSE-KMS",
            },
        ),
        Reading(
            "AWS::Glue::MLTransform",
            f"{_ARN}:mlTransform/tfm-1",
            "GetMLTransforms",
            {
                "GetMLTransforms": {
                    "Transforms": [
                        {
                            "TransformId": "tfm-1",
                            "Name": "match",
                            "TransformEncryption": {"MlUserDataEncryption": {"MlUserDataEncryptionMode": "SSE-KMS"}},
                        }
                    ]
                }
            },
            {},
            empty={"Transforms": []},
            token="NextToken",
            needs=("TransformId",),
            title="match",
            service="glue",
            reads={"user_data_encryption_mode": "SSE-KMS"},
        ),
    )


pytestmark = pytest.mark.usefixtures("moto")


def test_jobs_are_listed_once_for_their_history_too(scripted):
    scripted(TestGlue.cases[1].answers)
    found = scan("AWS::Glue::Job", "api:Glue::JobHistory")
    assert found.calls["glue:GetJobs"] == 1
    assert len(found.raws) == 2


def test_no_argument_that_is_a_secret_is_kept(scripted):
    scripted(TestGlue.cases[1].answers)
    found = scan("AWS::Glue::Job", "api:Glue::JobHistory")
    assert "correct-horse" not in repr(found)
    job = Job(one(found, "AWS::Glue::Job"))
    assert "looks like" in (job.default_arguments.get("--db-password") or "")
    assert job.default_arguments.get("--job-bookmark-option") == "job-bookmark-enable"
    assert job.default_arguments.get("--other") is None
    assert job.non_overridable_arguments.get("--stage") == "prod"


def test_an_argument_that_a_template_does_not_know():
    with pytest.raises(Undecided, match="a parameter"):
        Arguments({"--stage": Unknown("a parameter")}).get("--stage")


def test_one_page_of_runs_is_read(scripted):
    asked = []

    def runs(params):
        asked.append(params)
        return {"JobRuns": [_RUN], "NextToken": "more"}

    scripted({"GetJobs": {"Jobs": [_JOB]}, "GetJobRuns": runs})
    scan("api:Glue::JobHistory")
    assert [(one["JobName"], one["MaxResults"]) for one in asked] == [("clean", 100)]


def test_crawler_metrics_are_asked_once_for_all(scripted):
    scripted(
        {
            "GetCrawlers": {"Crawlers": [{"Name": "a"}, {"Name": "b"}]},
            "GetCrawlerMetrics": {"CrawlerMetricsList": [{"CrawlerName": "a"}]},
        }
    )
    found = scan("AWS::Glue::Crawler")
    assert found.calls["glue:GetCrawlerMetrics"] == 1
    assert [raw.title for raw in found.raws] == ["a", "b"]
