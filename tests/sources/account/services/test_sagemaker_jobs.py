"""Processing and transform jobs, pipelines, lineage."""

from __future__ import annotations

import json
from typing import Any

import pytest

from auditor.resources.sagemaker import Pipeline
from auditor.values import Unknown
from tests.sources.account.services.reading import Reading, Reads, noting
from tests.sources.account.services.support import ACCOUNT, REGION, one, scan

_ARN = f"arn:aws:sagemaker:{REGION}:{ACCOUNT}"
_ROLE = f"arn:aws:iam::{ACCOUNT}:role/SageMaker"
_THEN = "2024-05-01T00:00:00Z"
_PIPELINES = {
    "PipelineSummaries": [
        {
            "PipelineName": "train",
            "PipelineArn": f"{_ARN}:pipeline/train",
            "RoleArn": _ROLE,
            "LastExecutionTime": _THEN,
        }
    ]
}
_JOB = {"ProcessingJobName": "clean", "ProcessingJobArn": f"{_ARN}:processing-job/clean"}
_LISTED = {**_JOB, "CreationTime": _THEN, "ProcessingJobStatus": "Completed"}
_PROCESSING = {
    **_LISTED,
    "AppSpecification": {"ImageUri": "image"},
    "ProcessingResources": {
        "ClusterConfig": {"InstanceType": "ml.g5.xlarge", "InstanceCount": 1, "VolumeSizeInGB": 30}
    },
    "ProcessingStartTime": _THEN,
}


class TestJobs(Reads):
    cases = (
        Reading(
            "AWS::SageMaker::ProcessingJob",
            f"{_ARN}:processing-job/clean",
            "ListProcessingJobs",
            {"ListProcessingJobs": {"ProcessingJobSummaries": [_LISTED]}, "DescribeProcessingJob": _PROCESSING},
            {},
            empty={"ProcessingJobSummaries": []},
            token="NextToken",
            gone={"DescribeProcessingJob": "ResourceNotFound"},
            title="clean",
            service="sagemaker",
            reads={"instance_type": "ml.g5.xlarge", "instance_count": 1, "processing_end_time": None},
        ),
        Reading(
            "api:SageMaker::TransformJob",
            f"{_ARN}:transform-job/score",
            "ListTransformJobs",
            {
                "ListTransformJobs": {
                    "TransformJobSummaries": [
                        {
                            "TransformJobName": "score",
                            "TransformJobArn": f"{_ARN}:transform-job/score",
                            "CreationTime": _THEN,
                            "TransformJobStatus": "Completed",
                        }
                    ]
                },
                "DescribeTransformJob": {
                    "TransformJobName": "score",
                    "TransformJobArn": f"{_ARN}:transform-job/score",
                    "TransformJobStatus": "Completed",
                    "ModelName": "fraud",
                    "TransformInput": {"DataSource": {"S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": "s3://b"}}},
                    "TransformResources": {"InstanceType": "ml.g5.xlarge", "InstanceCount": 2},
                    "CreationTime": _THEN,
                },
            },
            {},
            empty={"TransformJobSummaries": []},
            token="NextToken",
            gone={"DescribeTransformJob": "ResourceNotFound"},
            title="score",
            service="sagemaker",
            reads={"model_name": "fraud", "instance_type": "ml.g5.xlarge", "instance_count": 2},
        ),
        Reading(
            "AWS::SageMaker::Pipeline",
            f"{_ARN}:pipeline/train",
            "ListPipelines",
            {
                "ListPipelines": _PIPELINES,
                "DescribePipeline": {
                    "PipelineName": "train",
                    "PipelineStatus": "Active",
                    "PipelineDefinition": json.dumps(
                        {
                            "Steps": [
                                {"Name": "fit", "Type": "Training", "Arguments": {"EnableManagedSpotTraining": True}}
                            ]
                        }
                    ),
                },
                "GetResources": {
                    "ResourceTagMappingList": [
                        {"ResourceARN": f"{_ARN}:pipeline/train", "Tags": [{"Key": "a", "Value": "b"}]}
                    ]
                },
            },
            {"Tags": [{"Key": "a", "Value": "b"}]},
            empty={"PipelineSummaries": []},
            token="NextToken",
            gone={"DescribePipeline": "ResourceNotFound"},
            needs=("PipelineName", "PipelineArn", "ResourceARN", "Key", "Value"),
            title="train",
            service="sagemaker",
            reads={"pipeline_name": "train", "role_arn": _ROLE, "trainings.0.name": "fit"},
        ),
        Reading(
            "api:SageMaker::PipelineHistory",
            f"{_ARN}:pipeline/train",
            "ListPipelines",
            {
                "ListPipelines": _PIPELINES,
                "ListPipelineExecutions": {
                    "PipelineExecutionSummaries": [{"PipelineExecutionStatus": "Failed", "StartTime": _THEN}]
                },
            },
            {},
            empty={"PipelineSummaries": []},
            gone={"ListPipelineExecutions": "ResourceNotFound"},
            needs=("PipelineName", "PipelineArn", "LastExecutionTime"),
            title="train",
            service="sagemaker",
            reads={"executions.0.pipeline_execution_status": "Failed"},
        ),
        Reading(
            "api:SageMaker::TrialComponent",
            f"{_ARN}:experiment-trial-component/fit",
            "ListTrialComponents",
            {
                "ListTrialComponents": {
                    "TrialComponentSummaries": [
                        {
                            "TrialComponentName": "fit",
                            "TrialComponentArn": f"{_ARN}:experiment-trial-component/fit",
                            "TrialComponentSource": {"SourceArn": f"{_ARN}:training-job/fit"},
                        }
                    ]
                }
            },
            {},
            empty={"TrialComponentSummaries": []},
            token="NextToken",
            needs=("TrialComponentArn",),
            title="fit",
            service="sagemaker",
            reads={"source_arn": f"{_ARN}:training-job/fit"},
        ),
        Reading(
            "api:SageMaker::Association",
            f"{_ARN}:experiment-trial-component/fit->{_ARN}:artifact/1",
            "ListAssociations",
            {
                "ListAssociations": {
                    "AssociationSummaries": [
                        {
                            "SourceArn": f"{_ARN}:experiment-trial-component/fit",
                            "DestinationArn": f"{_ARN}:artifact/1",
                            "AssociationType": "Produced",
                        }
                    ]
                }
            },
            {},
            empty={"AssociationSummaries": []},
            token="NextToken",
            needs=("SourceArn", "DestinationArn"),
            title="fit -> 1",
            service="sagemaker",
            reads={"association_type": "Produced", "destination_arn": f"{_ARN}:artifact/1"},
        ),
    )


pytestmark = pytest.mark.usefixtures("moto")


def test_jobs_of_automl_are_left_out(scripted):
    scripted(
        {
            "ListProcessingJobs": {"ProcessingJobSummaries": [_LISTED]},
            "DescribeProcessingJob": {**_PROCESSING, "AutoMLJobArn": f"{_ARN}:automl-job/x"},
        }
    )
    assert scan("AWS::SageMaker::ProcessingJob").raws == []


def test_jobs_are_of_a_window_and_the_newest_first(scripted):
    asked: list[Any] = []
    scripted({"ListProcessingJobs": noting(asked, {"ProcessingJobSummaries": []})})
    scan("AWS::SageMaker::ProcessingJob")
    assert (asked[0]["SortBy"], asked[0]["SortOrder"]) == ("CreationTime", "Descending")
    assert "CreationTimeAfter" in asked[0]


def test_a_pipeline_that_never_ran_has_no_history(scripted):
    (pipeline,) = _PIPELINES["PipelineSummaries"]
    never = {key: value for key, value in pipeline.items() if key != "LastExecutionTime"}
    scripted({"ListPipelines": {"PipelineSummaries": [never]}})
    found = scan("api:SageMaker::PipelineHistory")
    assert (found.raws, found.gaps) == ([], [])


def test_pipelines_are_listed_once_for_their_history_too(scripted):
    scripted({**TestJobs.cases[2].answers, **TestJobs.cases[3].answers})
    found = scan("AWS::SageMaker::Pipeline", "api:SageMaker::PipelineHistory")
    assert found.calls["sagemaker:ListPipelines"] == 1
    assert len(found.raws) == 2


def test_a_denied_history_is_unknown(scripted):
    scripted({**TestJobs.cases[3].answers, "ListPipelineExecutions": "AccessDeniedException"})
    found = scan("api:SageMaker::PipelineHistory")
    assert isinstance(one(found, "api:SageMaker::PipelineHistory").properties["Executions"], Unknown)


def test_pipelines_in_a_simulated_account(aws):
    for number in range(3):
        aws("sagemaker").create_pipeline(
            PipelineName=f"p{number}", PipelineDefinition='{"Steps": []}', RoleArn=_ROLE, ClientRequestToken="t" * 32
        )
    found = scan("AWS::SageMaker::Pipeline")
    assert (found.gaps, found.notices) == ([], [])
    assert sorted(Pipeline(raw).pipeline_name for raw in found.raws) == ["p0", "p1", "p2"]
    assert all(Pipeline(raw).trainings == () for raw in found.raws)
