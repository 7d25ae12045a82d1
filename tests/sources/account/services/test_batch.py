"""Batch compute environments, job queues and job definitions."""

from __future__ import annotations

from typing import Any

from auditor.inventory import Inventory
from auditor.resources.batch import ComputeEnvironment, JobDefinition, JobQueue
from tests.sources.account.services.support import ACCOUNT, REGION, Behaviour, Case, scan

_ARN = f"arn:aws:batch:{REGION}:{ACCOUNT}"
_QUEUE: dict[str, Any] = {
    "jobQueueArn": f"{_ARN}:job-queue/train",
    "jobQueueName": "train",
    "state": "ENABLED",
    "priority": 1,
    "computeEnvironmentOrder": [{"order": 1, "computeEnvironment": "gpu"}],
}
_DEFINITION: dict[str, Any] = {
    "jobDefinitionArn": f"{_ARN}:job-definition/train:2",
    "jobDefinitionName": "train",
    "revision": 2,
    "status": "ACTIVE",
    "type": "container",
    "containerProperties": {
        "image": "model:latest",
        "privileged": True,
        "command": ["python", "train.py"],
        "environment": [{"name": "DB_PASSWORD", "value": "hunter2hunter2"}],
    },
    "parameters": {"epochs": "3"},
    "retryStrategy": {"attempts": 3},
    "timeout": {"attemptDurationSeconds": 600},
}


class TestBatch(Behaviour):
    cases = (
        Case(
            "AWS::Batch::ComputeEnvironment",
            f"{_ARN}:compute-environment/gpu",
            "DescribeComputeEnvironments",
            {
                "DescribeComputeEnvironments": {
                    "computeEnvironments": [
                        {
                            "computeEnvironmentArn": f"{_ARN}:compute-environment/gpu",
                            "computeEnvironmentName": "gpu",
                            "computeResources": {
                                "type": "EC2",
                                "allocationStrategy": "BEST_FIT",
                                "minvCpus": 4,
                                "maxvCpus": 64,
                                "instanceTypes": ["g5.xlarge"],
                                "subnets": [],
                            },
                            "tags": {"team": "ml"},
                        }
                    ]
                }
            },
            {"Tags": {"team": "ml"}},
            token="nextToken",
            needs=("computeEnvironmentArn", "computeEnvironmentName", "type", "maxvCpus", "subnets"),
            title="gpu",
        ),
        Case(
            "AWS::Batch::JobQueue",
            _QUEUE["jobQueueArn"],
            "DescribeJobQueues",
            {
                "DescribeJobQueues": {"jobQueues": [_QUEUE]},
                "ListJobs": {"jobSummaryList": [{"jobId": "1", "jobName": "a"}]},
            },
            {"HasRunningJobs": True},
            token="nextToken",
            needs=(*_QUEUE, "order", "computeEnvironment", "jobSummaryList", "jobId", "jobName"),
            title="train",
        ),
        Case(
            "AWS::Batch::JobDefinition",
            _DEFINITION["jobDefinitionArn"],
            "DescribeJobDefinitions",
            {"DescribeJobDefinitions": {"jobDefinitions": [_DEFINITION]}},
            {"Revision": 2},
            token="nextToken",
            needs=("jobDefinitionArn", "jobDefinitionName", "revision", "type"),
            title="train",
        ),
    )

    def test_what_is_read(self, scripted) -> None:
        for case in self.cases:
            scripted(case.answers)
        found = scan(*(case.type for case in self.cases))
        inventory = Inventory(found)
        (environment,), (queue,), (job,) = (
            inventory.of(ComputeEnvironment),
            inventory.of(JobQueue),
            inventory.of(JobDefinition),
        )
        assert (environment.compute_type, environment.allocation_strategy) == ("EC2", "BEST_FIT")
        assert (environment.minv_cpus, environment.instance_types) == (4, ("g5.xlarge",))
        assert (queue.has_running_jobs, queue.compute_environment_order[0].compute_environment) == (True, "gpu")
        assert inventory.get(ComputeEnvironment, "gpu") is environment
        container = job.container_properties
        assert container is not None
        assert (container.image, container.privileged) == ("model:latest", True)
        assert (container.command, container.environment[0].name) == (("python", "train.py"), "DB_PASSWORD")
        assert (job.attempts, job.attempt_duration_seconds, job.parameters) == (3, 600, {"epochs": "3"})
        assert "hunter2" not in repr([raw.properties for raw in found.raws])


def test_only_the_newest_revision_counts(moto, scripted):
    revisions = [
        {**_DEFINITION, "revision": number, "jobDefinitionArn": f"{_ARN}:job-definition/train:{number}"}
        for number in (9, 10, 2)
    ]
    scripted({"DescribeJobDefinitions": {"jobDefinitions": revisions}})
    (raw,) = scan("AWS::Batch::JobDefinition").raws
    assert raw.id.endswith("train:10")


def test_an_idle_queue(moto, scripted):
    scripted({"DescribeJobQueues": {"jobQueues": [_QUEUE]}, "ListJobs": {"jobSummaryList": []}})
    (queue,) = Inventory(scan("AWS::Batch::JobQueue")).of(JobQueue)
    assert queue.has_running_jobs is False


def test_what_moto_has(aws):
    batch = aws("batch")
    batch.register_job_definition(
        jobDefinitionName="train", type="container", containerProperties={"image": "x", "vcpus": 1, "memory": 9}
    )
    batch.create_compute_environment(computeEnvironmentName="own", type="UNMANAGED", serviceRole=_role(aws))
    batch.create_job_queue(
        jobQueueName="train",
        state="ENABLED",
        priority=1,
        computeEnvironmentOrder=[{"order": 1, "computeEnvironment": "own"}],
    )
    found = scan("AWS::Batch::ComputeEnvironment", "AWS::Batch::JobQueue", "AWS::Batch::JobDefinition")
    assert (found.gaps, found.notices) == ([], [])
    inventory = Inventory(found)
    assert [(one.title, one.compute_type) for one in inventory.of(ComputeEnvironment)] == [("own", None)]
    assert [(one.title, one.has_running_jobs) for one in inventory.of(JobQueue)] == [("train", False)]
    (job,) = inventory.of(JobDefinition)
    assert (job.attempt_duration_seconds, job.container_properties is not None) == (None, True)


def _role(aws):
    return aws("iam").create_role(RoleName="batch", AssumeRolePolicyDocument="{}")["Role"]["Arn"]
