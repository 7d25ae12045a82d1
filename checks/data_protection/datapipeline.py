"""What Data Pipeline definitions give away."""

from auditor import HIGH, Findings, check
from auditor.members import flat, in_turn
from auditor.resources.datapipeline import Pipeline
from auditor.resources.texts import plaintext, secrets_of

_OBJECT = "AWS::DataPipeline::Pipeline: {Name: p, PipelineObjects: [{Id: db, Name: db, Fields: [%s]}]}"


@check(
    "datapipeline-secrets",
    title="Data Pipeline definitions hold no credentials",
    severity=HIGH,
    bad=(
        _OBJECT % "{Key: type, StringValue: RdsDatabase}, {Key: '*password', StringValue: hunter2}",
        _OBJECT % "{Key: connectionString, StringValue: 'jdbc:mysql://db/x?user=app&password=hunter2'}",
        "AWS::DataPipeline::Pipeline: {Name: p, ParameterValues: [{Id: myDbPassword, StringValue: hunter2}]}",
    ),
    good=(
        _OBJECT % "{Key: type, StringValue: RdsDatabase}, {Key: '*password', StringValue: '#{*myDbPassword}'}",
        _OBJECT % "{Key: runsOn, RefValue: worker}",
        "AWS::DataPipeline::Pipeline: {Name: p, ParameterValues: [{Id: myBucket, StringValue: 's3://data'}]}",
    ),
)
def pipeline_secrets(pipeline: Pipeline) -> Findings:
    """Everybody who may read a pipeline's definition reads its fields and the values of its parameters.

    Fix: let the activity fetch the secret from Secrets Manager with the role of its resource, or give a parameter whose
    id begins with an asterisk its value when the pipeline is activated. Then change the secret.
    """
    secrets = in_turn(*(flat(each, secrets_of) for each in (pipeline.pipeline_objects, pipeline.parameter_values)))
    yield from plaintext(pipeline, secrets, "its definition")
