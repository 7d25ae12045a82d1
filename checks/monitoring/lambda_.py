"""What can be seen of functions."""

from auditor import LOW, Findings, check
from auditor.resources.lambda_ import Function


@check(
    "lambda-xray-tracing",
    title="Lambda functions trace requests with X-Ray",
    severity=LOW,
    bad=("AWS::Lambda::Function: {Runtime: python3.13}", "AWS::Lambda::Function: {TracingConfig: {Mode: PassThrough}}"),
    good="AWS::Lambda::Function: {TracingConfig: {Mode: Active}}",
)
def xray_tracing(function: Function) -> Findings:
    """A trace shows which of the services that a request goes through is slow or fails.

    Fix: set the Mode of TracingConfig to Active, and allow the function's role xray:PutTraceSegments and
    xray:PutTelemetryRecords.
    """
    if function.tracing_mode != "Active":
        yield function.fail("does not trace requests", at="tracing_mode", expected="Active")
