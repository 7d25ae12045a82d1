"""Lambda functions: what becomes of events that a function fails on."""

from typing import Final

from auditor import MEDIUM, Findings, Inventory, check
from auditor.members import some
from auditor.policy import Statement
from auditor.resources.lambda_ import EventInvokeConfig, Function, Permission, ResourcePolicy
from auditor.resources.scheduler import Schedule

# Services that call functions asynchronously (Lambda developer guide, "Invoking Lambda with events from other AWS
# services").
_ASYNCHRONOUS: Final = frozenset(
    f"{service}.amazonaws.com"
    for service in ("s3", "sns", "events", "scheduler", "ses", "iot", "logs", "config", "codecommit", "codepipeline")
)

_ROLE = "Runtime: python3.12, Handler: a.b, Role: role"
_CALLED = """
        Resources:
          Ingest: {Type: AWS::Lambda::Function, Properties: {%s}}
          Called:
            Type: AWS::Lambda::Permission
            Properties: {FunctionName: %s, Action: "lambda:InvokeFunction", Principal: %s}
        """
_HANDLED = """
          Handling:
            Type: AWS::Lambda::EventInvokeConfig
            Properties: {FunctionName: !Ref Ingest, Qualifier: $LATEST, %s}
        """


@check(
    "lambda-dead-letter-queue",
    title="Asynchronous Lambda functions have a dead-letter queue or failure destination",
    severity=MEDIUM,
    uses=(EventInvokeConfig, Permission, ResourcePolicy, Schedule),
    bad=(
        _CALLED % (_ROLE, "!GetAtt Ingest.Arn", "s3.amazonaws.com"),
        _CALLED % (_ROLE, "!Ref Ingest", "events.amazonaws.com"),
        _CALLED.rstrip() % (_ROLE, "!Ref Ingest", "sns.amazonaws.com") + _HANDLED % "MaximumRetryAttempts: 1",
    ),
    good=(
        _CALLED % (_ROLE + ", DeadLetterConfig: {TargetArn: queue}", "!Ref Ingest", "s3.amazonaws.com"),
        _CALLED.rstrip() % (_ROLE, "!Ref Ingest", "sns.amazonaws.com")
        + _HANDLED % "DestinationConfig: {OnFailure: {Destination: queue}}",
        _CALLED % (_ROLE, "!Ref Ingest", "apigateway.amazonaws.com"),
    ),
)
def dead_letter_queue(function: Function, inventory: Inventory) -> Findings:
    """Lambda tries an asynchronous call three times and then drops the event: that file is never ingested.

    Functions that S3, SNS, EventBridge and the like may call, or that have settings for asynchronous calls, are judged.

    Fix: set DeadLetterConfig to a queue, or better an OnFailure destination in an EventInvokeConfig, and watch it.
    """
    if function.dead_letter_target:
        return
    settings = inventory.referring(EventInvokeConfig, lambda settings: settings.function_name, to=function)
    if some(settings, lambda one: one.on_failure is not None):
        return
    if settings or _is_called_asynchronously(function, inventory):
        yield function.fail("drops events that it fails on", at="dead_letter_target")


def _is_called_asynchronously(function: Function, inventory: Inventory) -> bool:
    permissions = inventory.referring(Permission, lambda permission: permission.function_name, to=function)
    if some(permissions, lambda permission: permission.principal in _ASYNCHRONOUS):
        return True
    policies = inventory.referring(ResourcePolicy, lambda policy: policy.resource_arn, to=function)
    if some(policies, lambda policy: some(policy.policy_document.statements, _admits)):
        return True
    return bool(inventory.referring(Schedule, lambda schedule: schedule.target_arn, to=function))


def _admits(statement: Statement) -> bool:
    """Whether it lets a service in that calls asynchronously."""
    return statement.allows() and some(
        statement.principals, lambda principal: principal[0] == "Service" and principal[1].is_one_of(*_ASYNCHRONOUS)
    )
