"""Data Pipeline: pipelines."""

from typing import Annotated, Any

from auditor.resources.base import Resource, Struct
from auditor.resources.fields import NOWHERE, From, Part


class ObjectField(Struct):
    """A field of an object; what looks like a secret in a live one is hidden."""

    key: str
    string_value: str | None = None


class PipelineObject(Struct):
    """An activity, a resource or a schedule of a pipeline."""

    id: str
    fields: Annotated[tuple[ObjectField, ...], From(tf="field")] = ()


class ParameterValue(Struct):
    """The value of a parameter; what looks like a secret in a live one is hidden."""

    id: str
    string_value: str | None = None


class Pipeline(Resource, cfn="AWS::DataPipeline::Pipeline", tf="aws_datapipeline_pipeline"):
    """A pipeline."""

    name: str
    activate: Annotated[bool, From(tf=None, live=NOWHERE)] = True
    state: Annotated[str | None, From(cfn=NOWHERE, tf=NOWHERE)] = None
    pipeline_objects: Annotated[
        tuple[PipelineObject, ...],
        From(tf=NOWHERE),
        Part("aws_datapipeline_pipeline_definition", by="pipeline_id", take="pipeline_object"),
    ] = ()
    definition: Annotated[
        Any,
        From(cfn=NOWHERE, tf=NOWHERE, live=NOWHERE),
        Part("aws_datapipeline_pipeline_definition", by="pipeline_id"),
    ] = None
    parameter_values: Annotated[
        tuple[ParameterValue, ...],
        From(tf=NOWHERE),
        Part("aws_datapipeline_pipeline_definition", by="pipeline_id", take="parameter_value"),
    ] = ()

    @property
    def is_activated(self) -> bool:
        """Whether it was told to run; Terraform's provider does so when it puts a definition."""
        return self.definition is not None if self.raw.dialect == "tf" else self.activate
