"""Collectors for SageMaker: notebooks, models, endpoints with what they run on, training and tuning jobs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from auditor.raw import Raw
from auditor.sources.account.collector import AllBut, Api, Incomplete, collector
from auditor.sources.account.regular import Call, Listing, regular
from auditor.sources.account.services.tagging import TAGS_OPERATION, tags_by_arn, tags_of
from auditor.values import Unknown

JOB_DAYS = 30
"""How many days of training jobs are read."""
MOST_JOBS = 1_000
"""How many training jobs of a region are described, the newest first; the others are listed with all else unknown."""

# What Describe says of a resource that was deleted since it was listed.
_GONE = ("ValidationException", "ResourceNotFound")


def _described(
    api: Api,
    type: str,
    kind: str,
    listing: str,
    items: str,
    params: Mapping[str, Any] | None = None,
    leads_to: tuple[str, ...] | None = None,
) -> Iterator[Raw]:
    """List a kind of resource and describe each.

    Args:
        kind: the beginning of its keys, such as `Model`.
        items: JMESPath of the items in the list.
        leads_to: the types that are found through the descriptions.
    """
    key = f"{kind}Name"

    def describe(listed: Mapping[str, Any]) -> tuple[Mapping[str, Any], Any]:
        return listed, api.ask(f"Describe{kind}", gone=_GONE, types=leads_to, **{key: listed[key]})

    for listed, described in api.each(describe, api.pages(listing, items, **(params or {}))):
        if described is not None:
            yield _raw(api, type, api.merge(listed, described), listed[f"{kind}Arn"], listed[key])


def _raw(api: Api, type: str, properties: Mapping[str, Any], arn: str, name: str) -> Raw:
    return api.raw(type, arn, properties, names=(name,), title=name)


def _tagged(raw: Raw, tags: dict[str, Any] | Unknown) -> Raw:
    known = raw.properties
    more = {"Tags": tags_of(tags, raw.id)}
    raw.properties = (
        Incomplete({**known, **more}, known.unknown) if isinstance(known, Incomplete) else {**known, **more}
    )
    return raw


regular(
    "sagemaker",
    "AWS::SageMaker::NotebookInstance",
    Listing("ListNotebookInstances", "NotebookInstances[?NotebookInstanceStatus!='Deleting']"),
    describe=Call("DescribeNotebookInstance", "", {"NotebookInstanceName": "{NotebookInstanceName}"}, gone=_GONE),
    tagging="sagemaker:notebook-instance",
    arn="{NotebookInstanceArn}",
    title="{NotebookInstanceName}",
)

regular(
    "sagemaker",
    "AWS::SageMaker::Model",
    Listing("ListModels", "Models"),
    describe=Call("DescribeModel", "", {"ModelName": "{ModelName}"}, gone=_GONE),
    arn="{ModelArn}",
    title="{ModelName}",
)


@collector(
    "sagemaker",
    types=("AWS::SageMaker::Endpoint", "AWS::SageMaker::EndpointConfig"),
    operations=("ListEndpoints",),
    details={
        "DescribeEndpoint": AllBut(
            ("AWS::SageMaker::Endpoint", "EndpointName", "EndpointStatus", "CreationTime", "LastModifiedTime", "Tags")
        ),
        "DescribeEndpointConfig": ("AWS::SageMaker::EndpointConfig",),
        TAGS_OPERATION: ("Tags",),
    },
)
def endpoints(api: Api) -> Iterator[Raw]:
    """Every endpoint, and the configurations in use: others are left over from deployments and run nothing."""
    used: dict[str, None] = {}
    tags: dict[str, Any] | Unknown | None = None
    for raw in _described(
        api,
        "AWS::SageMaker::Endpoint",
        "Endpoint",
        "ListEndpoints",
        "Endpoints[?EndpointStatus!='Deleting']",
        leads_to=("AWS::SageMaker::EndpointConfig",),
    ):
        config = raw.properties.get("EndpointConfigName")
        if isinstance(config, str) and raw.properties.get("EndpointStatus") != "Failed":
            used[config] = None
        tags = tags_by_arn(api, "sagemaker:endpoint") if tags is None else tags
        yield _tagged(raw, tags)

    def describe(name: str) -> tuple[str, Any]:
        return name, api.ask("DescribeEndpointConfig", gone=_GONE, EndpointConfigName=name)

    for name, described in api.each(describe, used):
        if described is None:
            continue
        arn = f"arn:{api.partition}:sagemaker:{api.region}:{api.account}:endpoint-config/{name.lower()}"
        properties = api.merge({"EndpointConfigName": name, "EndpointConfigArn": arn}, described)
        yield _raw(api, "AWS::SageMaker::EndpointConfig", properties, properties["EndpointConfigArn"], name)


@collector(
    "sagemaker",
    types=("api:SageMaker::TrainingJob", "api:SageMaker::HyperParameterTuningJob"),
    operations=("ListTrainingJobs", "ListHyperParameterTuningJobs"),
    details={
        "DescribeTrainingJob": ("api:SageMaker::TrainingJob",),  # whoever started it
        "DescribeHyperParameterTuningJob": ("api:SageMaker::HyperParameterTuningJob",),
    },
)
def training_jobs(api: Api) -> Iterator[Raw]:
    """Training and tuning jobs of the last 30 days, without the training jobs that tuning jobs started."""
    window: dict[str, Any] = {
        "CreationTimeAfter": datetime.now(UTC) - timedelta(days=JOB_DAYS),
        "SortBy": "CreationTime",
        "SortOrder": "Descending",
    }
    tuning: list[str] = []
    kind = "HyperParameterTuningJob"
    for raw in _described(api, f"api:SageMaker::{kind}", kind, f"List{kind}s", f"{kind}Summaries", window):
        tuning.append(re.escape(raw.title))
        yield raw
    started_by_tuning = re.compile(rf"({'|'.join(tuning)})-\d{{3,}}-[0-9a-f]{{8}}") if tuning else None

    def describe(item: tuple[int, Mapping[str, Any]]) -> tuple[Mapping[str, Any], Any]:
        number, listed = item
        if number >= MOST_JOBS:
            return listed, Unknown(f"only the newest {MOST_JOBS:,} training jobs of a region are looked at")
        return listed, api.ask("DescribeTrainingJob", gone=_GONE, TrainingJobName=listed["TrainingJobName"])

    jobs = (
        listed
        for listed in api.pages("ListTrainingJobs", "TrainingJobSummaries", **window)
        if not (started_by_tuning and started_by_tuning.fullmatch(listed["TrainingJobName"]))
    )
    for listed, described in api.each(describe, enumerate(jobs)):
        if described is None or (isinstance(described, Mapping) and _by_others(described)):
            continue
        properties = api.merge(listed, described)
        yield _raw(api, "api:SageMaker::TrainingJob", properties, listed["TrainingJobArn"], listed["TrainingJobName"])


def _by_others(job: Mapping[str, Any]) -> bool:
    """Started by a tuning job, which is judged itself, or by AutoML, whose jobs nobody can set."""
    return bool(job.get("TuningJobArn") or job.get("AutoMLJobArn"))
