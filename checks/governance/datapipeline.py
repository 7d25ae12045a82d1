"""Data Pipeline, which AWS closed to new customers in 2024."""

from auditor import MEDIUM, Findings, check
from auditor.resources.datapipeline import Pipeline


@check(
    "datapipeline-deprecated",
    title="No AWS Data Pipeline pipelines are in use (service in maintenance; use Step Functions, MWAA or Glue)",
    severity=MEDIUM,
    bad=(
        "AWS::DataPipeline::Pipeline: {Name: nightly}",
        "AWS::DataPipeline::Pipeline: {Name: nightly, Activate: true, ParameterObjects: []}",
    ),
    good="AWS::DataPipeline::Pipeline: {Name: nightly, Activate: false}",
)
def datapipeline_deprecated(pipeline: Pipeline) -> Findings:
    """The service gets no new features or regions and its console is gone; when it ends, what it moves stops moving.

    Pipelines that are not activated, or have finished, do not count.

    Fix: move the work to Step Functions, Glue or MWAA (AWS has a guide for each activity), then delete the pipeline.
    """
    if pipeline.is_activated and pipeline.state not in ("FINISHED", "INACTIVE", "PENDING"):
        yield pipeline.fail("runs on AWS Data Pipeline, which is in maintenance")
