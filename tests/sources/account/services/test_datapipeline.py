"""Data Pipeline."""

from __future__ import annotations

import pytest

from auditor.resources.datapipeline import Pipeline
from auditor.values import Undecided
from tests.sources.account.services.reading import Reading, Reads
from tests.sources.account.services.support import ACCOUNT, REGION, one, scan

_TYPE = "AWS::DataPipeline::Pipeline"
_ARN = f"arn:aws:datapipeline:{REGION}:{ACCOUNT}:pipeline/df-1"
_LISTED = {"pipelineIdList": [{"id": "df-1", "name": "nightly"}], "hasMoreResults": False}


def _described(name="df-1"):
    fields = [{"key": "@pipelineState", "stringValue": "SCHEDULED"}, {"key": "@sphere", "stringValue": "PIPELINE"}]
    return {"pipelineDescriptionList": [{"pipelineId": name, "name": "nightly", "fields": fields}]}


_DEFINITION = {
    "pipelineObjects": [
        {
            "id": "db",
            "name": "db",
            "fields": [
                {"key": "*password", "stringValue": "correct-horse"},
                {"key": "type", "stringValue": "JdbcDatabase"},
            ],
        }
    ],
    "parameterValues": [
        {"id": "myAccessKey", "stringValue": "AKIAIOSFODNN7EXAMPLE"},
        {"id": "myBucket", "stringValue": "s3://b"},
    ],
}


class TestDataPipeline(Reads):
    cases = (
        Reading(
            _TYPE,
            _ARN,
            "ListPipelines",
            {
                "ListPipelines": _LISTED,
                "DescribePipelines": _described(),
                "GetPipelineDefinition": _DEFINITION,
            },
            {},
            empty={"pipelineIdList": [], "hasMoreResults": False},
            token="marker",
            more="hasMoreResults",
            gone={"GetPipelineDefinition": "PipelineDeletedException"},
            needs=("id", "name"),
            title="nightly",
            service="datapipeline",
            reads={
                "name": "nightly",
                "state": "SCHEDULED",
                "pipeline_objects.0.id": "db",
                "pipeline_objects.0.fields.1.string_value": "JdbcDatabase",
                "parameter_values.1.string_value": "s3://b",
            },
        ),
    )


pytestmark = pytest.mark.usefixtures("moto")


def test_no_secret_is_kept(scripted):
    scripted(TestDataPipeline.cases[0].answers)
    found = scan(_TYPE)
    assert "correct-horse" not in repr(found)
    assert "AKIAIOSFODNN7EXAMPLE" not in repr(found)
    pipeline = Pipeline(one(found, _TYPE))
    assert "looks like" in (pipeline.pipeline_objects[0].fields[0].string_value or "")
    assert "an AWS access key id" in (pipeline.parameter_values[0].string_value or "")


def test_one_call_describes_many(scripted):
    ids = [f"df-{number}" for number in range(30)]
    asked = []

    def describe(params):
        asked.append(len(params["pipelineIds"]))
        every = [_described(name)["pipelineDescriptionList"][0] for name in params["pipelineIds"]]
        return {"pipelineDescriptionList": every}

    scripted(
        {
            "ListPipelines": {"pipelineIdList": [{"id": name, "name": name} for name in ids], "hasMoreResults": False},
            "DescribePipelines": describe,
            "GetPipelineDefinition": {},
        }
    )
    found = scan(_TYPE)
    assert len(found.raws) == 30
    assert sorted(asked) == [5, 25]


def test_a_denied_description_leaves_the_definition(scripted):
    scripted({**TestDataPipeline.cases[0].answers, "DescribePipelines": "AccessDeniedException"})
    pipeline = Pipeline(one(scan(_TYPE), _TYPE))
    assert pipeline.pipeline_objects[0].id == "db"
    with pytest.raises(Undecided, match="DescribePipelines was denied"):
        pipeline.state  # noqa: B018


def test_a_denied_definition_leaves_the_description(scripted):
    scripted({**TestDataPipeline.cases[0].answers, "GetPipelineDefinition": "AccessDeniedException"})
    pipeline = Pipeline(one(scan(_TYPE), _TYPE))
    assert pipeline.state == "SCHEDULED"
    for field in ("pipeline_objects", "parameter_values"):
        with pytest.raises(Undecided, match="GetPipelineDefinition was denied"):
            getattr(pipeline, field)


def test_pipelines_in_a_simulated_account(aws):
    for number in range(3):
        aws("datapipeline").create_pipeline(name=f"p{number}", uniqueId=f"u{number}")
    found = scan(_TYPE)
    assert (found.gaps, found.notices) == ([], [])
    assert sorted(raw.title for raw in found.raws) == ["p0", "p1", "p2"]
    assert {Pipeline(raw).state for raw in found.raws} == {"PENDING"}
