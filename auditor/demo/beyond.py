"""What moto does not simulate, which the account then has none of and answers so itself; and what it does slowly."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

NOTHING = frozenset(
    {
        "accessanalyzer:ListAnalyzers",
        "backup:ListProtectedResources",
        "cloudformation:ListStacks",  # simulated, but only with a library that weighs more than the demo
        "cloudtrail:LookupEvents",
        "compute-optimizer:GetEBSVolumeRecommendations",
        "compute-optimizer:GetEC2InstanceRecommendations",
        "compute-optimizer:GetECSServiceRecommendations",
        "compute-optimizer:GetIdleRecommendations",
        "compute-optimizer:GetLambdaFunctionRecommendations",
        "compute-optimizer:GetRDSDatabaseRecommendations",
        "cost-optimization-hub:ListEnrollmentStatuses",
        "dlm:GetLifecyclePolicies",
        "ec2:DescribeReservedInstances",
        "glue:GetResourcePolicies",
        "glue:ListDataQualityResults",
        "glue:ListDataQualityRulesets",
        "glue:ListSchemas",
        "mwaa:ListEnvironments",
        "opensearch:DescribeReservedInstances",
        "rds:DescribeReservedDBInstances",
        "redshift-serverless:ListWorkgroups",
        "redshift:DescribeReservedNodes",
        "sagemaker:ListApps",
        "sagemaker:ListAssociations",
        "sagemaker:ListMonitoringSchedules",
        "sagemaker:ListNotebookInstanceLifecycleConfigs",
        "sagemaker:ListStudioLifecycleConfigs",
        "sagemaker:ListUserProfiles",
        "savingsplans:DescribeSavingsPlans",
    }
)
"""Lists that are empty here."""


def answer_the_rest(session: Any) -> None:
    """Let clients that a `boto3.Session` makes from now on have an empty answer where moto has none."""
    session.events.register_last("before-call", _answer)  # after what counts calls


def _answer(model: Any, **_: Any) -> tuple[Any, dict[str, Any]] | None:
    from botocore.awsrequest import AWSResponse

    if f"{model.service_model.service_name}:{model.name}" not in NOTHING:
        return None
    return AWSResponse("", 200, {}, None), {}


@contextmanager
def metrics_by_an_index() -> Iterator[None]:
    """Inside the block, moto finds a metric's values without going through all others for every hour."""
    from moto.cloudwatch.models import CloudWatchBackend

    slow = CloudWatchBackend.get_metric_data

    def quick(self: Any, queries: list[Any], start_time: Any, end_time: Any, scan_by: str) -> list[Any]:
        values: defaultdict[Any, list[Any]] = defaultdict(list)
        for value in self.get_all_metrics():
            values[value.name, frozenset((one.name, one.value) for one in value.dimensions)].append(value)
        answers = []
        for query in queries:
            metric = query["MetricStat"]["Metric"]
            key = metric["MetricName"], frozenset((one["Name"], one["Value"]) for one in metric["Dimensions"])
            only = SimpleNamespace(get_all_metrics=lambda key=key: values[key])
            answers += slow(only, [query], start_time, end_time, scan_by)  # type: ignore[arg-type]
        return answers

    with patch.object(CloudWatchBackend, "get_metric_data", quick):
        yield
