"""Processing and transform jobs, pipelines with their last runs, and the lineage of what they made."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from auditor.raw import Raw
from auditor.sources.account.collector import Api, collector
from auditor.sources.account.regular import Ago, Call, Listing, regular
from auditor.sources.account.services.sagemaker import JOB_DAYS, MOST_JOBS

MOST_EXECUTIONS = 20
"""How many runs of a pipeline are looked at, the newest first."""

_GONE = ("ResourceNotFound", "ValidationException")
_NEWEST_FIRST = {"CreationTimeAfter": Ago(JOB_DAYS), "SortBy": "CreationTime", "SortOrder": "Descending"}
_PIPELINES = Listing("ListPipelines", "PipelineSummaries", shared=True)

regular(
    "sagemaker",
    "AWS::SageMaker::ProcessingJob",
    Listing("ListProcessingJobs", "ProcessingJobSummaries", _NEWEST_FIRST, most=MOST_JOBS),
    describe=Call("DescribeProcessingJob", "", {"ProcessingJobName": "{ProcessingJobName}"}, gone=_GONE),
    drop="AutoMLJobArn",  # nobody can set what AutoML starts
    arn="{ProcessingJobArn}",
    title="{ProcessingJobName}",
)

regular(
    "sagemaker",
    "api:SageMaker::TransformJob",
    Listing("ListTransformJobs", "TransformJobSummaries", _NEWEST_FIRST, most=MOST_JOBS),
    describe=Call("DescribeTransformJob", "", {"TransformJobName": "{TransformJobName}"}, gone=_GONE),
    drop="AutoMLJobArn",
    arn="{TransformJobArn}",
    title="{TransformJobName}",
)

regular(
    "sagemaker",
    "AWS::SageMaker::Pipeline",
    _PIPELINES,
    describe=Call("DescribePipeline", "", {"PipelineName": "{PipelineName}"}, gone=_GONE),
    drop="PipelineStatus=='Deleting'",
    tagging="sagemaker:pipeline",
    arn="{PipelineArn}",
    title="{PipelineName}",
)


@collector(
    "sagemaker", types=("api:SageMaker::PipelineHistory",), operations=("ListPipelines", "ListPipelineExecutions")
)
def pipeline_history(api: Api) -> Iterator[Raw]:
    """The last runs of every pipeline that ran at all."""

    def runs(pipeline: Mapping[str, Any]) -> tuple[Mapping[str, Any], Any]:
        return pipeline, api.ask(
            "ListPipelineExecutions",
            "PipelineExecutionSummaries",
            gone=_GONE,
            PipelineName=pipeline["PipelineName"],
            SortBy="CreationTime",
            SortOrder="Descending",
            MaxResults=MOST_EXECUTIONS,
        )

    listed = api.pages(_PIPELINES.operation, _PIPELINES.key, shared=_PIPELINES.shared)
    for pipeline, executions in api.each(runs, (one for one in listed if one.get("LastExecutionTime"))):
        if executions is not None:
            name, arn = pipeline["PipelineName"], pipeline["PipelineArn"]
            properties = {"Executions": executions}
            yield api.raw("api:SageMaker::PipelineHistory", arn, properties, names=(name,), title=name)


regular(
    "sagemaker",
    "api:SageMaker::TrialComponent",
    Listing("ListTrialComponents", "TrialComponentSummaries", {"CreatedAfter": Ago(JOB_DAYS)}),
    arn="{TrialComponentArn}",
    title="{TrialComponentName}",
)

regular(
    "sagemaker",
    "api:SageMaker::Association",
    Listing("ListAssociations", "AssociationSummaries", {"CreatedAfter": Ago(JOB_DAYS)}),
    arn="{SourceArn}->{DestinationArn}",  # an edge has no ARN of its own
    title="{SourceArn!n} -> {DestinationArn!n}",
)
