"""Data Pipeline: pipelines with their definitions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from auditor.secrets import hidden, looks_like
from auditor.sources.account.regular import Batch, Call, Listing, regular

_GONE = ("PipelineDeletedException", "PipelineNotFoundException")


def _as_declared(pipeline: dict[str, Any]) -> Mapping[str, Any]:
    """CloudFormation's shape, with secrets hidden: a field is named by its key, a parameter by its id."""
    definition = pipeline.get("Definition")
    read = {key: value for key, value in pipeline.items() if key not in ("Definition", "Fields")}
    if "Fields" in pipeline:
        states = (field.get("StringValue") for field in pipeline["Fields"] if field.get("Key") == "@pipelineState")
        read["State"] = next(states, None)
    if not isinstance(definition, dict):  # unknown
        return {**read, "PipelineObjects": definition, "ParameterValues": definition}
    objects = [
        {**one, "Fields": [_hide(field, "Key") for field in one.get("Fields") or ()]}
        for one in definition.get("PipelineObjects") or ()
    ]
    values = [_hide(value, "Id") for value in definition.get("ParameterValues") or ()]
    return {**read, "PipelineObjects": objects, "ParameterValues": values}


def _hide(value: Mapping[str, Any], named_by: str) -> Mapping[str, Any]:
    text, name = value.get("StringValue") or "", value.get(named_by) or ""
    return {**value, "StringValue": hidden(text, name)} if looks_like(text, name) else value


# DescribePipelines leaves nobody out quietly: one that is gone fails the call for all, so the state of the others is
# unknown then.
regular(
    "datapipeline",
    "AWS::DataPipeline::Pipeline",
    Listing("ListPipelines", "PipelineIdList"),
    describe=Batch("DescribePipelines", "PipelineDescriptionList", "pipelineIds", "{Id}", "{PipelineId}", size=25),
    more=(
        Call(
            "GetPipelineDefinition",
            "",
            {"pipelineId": "{Id}"},
            into="Definition",
            gone=_GONE,
            tells=("PipelineObjects", "ParameterValues"),
        ),
    ),
    reshape=_as_declared,
    arn="arn:{partition}:datapipeline:{region}:{account}:pipeline/{Id}",
    title="{Name}",
    names=("{Id}",),
    pascal=True,
)
