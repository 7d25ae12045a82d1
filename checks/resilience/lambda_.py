"""Lambda functions: what becomes of events that a function fails on."""

import re
from typing import Final

from auditor import MEDIUM, Findings, Inventory, check
from auditor.members import flat, in_turn, some
from auditor.policy import Statement
from auditor.resources.lambda_ import Alias, EventInvokeConfig, Function, Permission, ResourcePolicy
from auditor.resources.scheduler import Schedule

# Services that call functions asynchronously (Lambda developer guide, "Invoking Lambda with events from other AWS
# services"); some are named with their region, as `logs.eu-west-1.amazonaws.com`.
_ASYNCHRONOUS: Final = re.compile(
    r"(s3|sns|events|scheduler|ses|iot|logs|config|codecommit|codepipeline)(\.[a-z0-9-]+)?\.amazonaws\.com(\.cn)?"
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
_ALIAS = """
          Live: {Type: AWS::Lambda::Alias, Properties: {FunctionName: !Ref Ingest, FunctionVersion: "1", Name: live}}
        """


@check(
    "lambda-dead-letter-queue",
    title="Asynchronous Lambda functions have a dead-letter queue or failure destination",
    severity=MEDIUM,
    uses=(Alias, EventInvokeConfig, Permission, ResourcePolicy, Schedule),
    bad=(
        _CALLED % (_ROLE, "!GetAtt Ingest.Arn", "s3.amazonaws.com"),
        _CALLED % (_ROLE, "!Ref Ingest", "events.amazonaws.com"),
        _CALLED % (_ROLE, "!Ref Ingest", "logs.eu-west-1.amazonaws.com"),
        _CALLED.rstrip() % (_ROLE, "!Ref Ingest", "sns.amazonaws.com") + _HANDLED % "MaximumRetryAttempts: 1",
        _CALLED.rstrip() % (_ROLE, "!Ref Live", "s3.amazonaws.com") + _ALIAS,
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
    aliases = inventory.referring(Alias, lambda alias: alias.function_name, to=function)
    called: tuple[Function | Alias, ...] = in_turn((function,), aliases)
    settings = flat(called, lambda one: inventory.referring(EventInvokeConfig, _settings_of, to=one))
    if some(settings, lambda one: one.on_failure is not None):
        return
    if settings or some(called, lambda one: _is_called_asynchronously(one, inventory)):
        yield function.fail("drops events that it fails on", at="dead_letter_target")


def _settings_of(settings: EventInvokeConfig) -> str:
    return settings.function_name


def _is_called_asynchronously(function: Function | Alias, inventory: Inventory) -> bool:
    permissions = inventory.referring(Permission, lambda permission: permission.function_name, to=function)
    if some(permissions, lambda permission: _is_asynchronous(permission.principal)):
        return True
    policies = inventory.referring(ResourcePolicy, lambda policy: policy.resource_arn, to=function)
    if some(policies, lambda policy: some(policy.policy_document.statements, _admits)):
        return True
    return bool(inventory.referring(Schedule, lambda schedule: schedule.target_arn, to=function))


def _admits(statement: Statement) -> bool:
    """Whether it lets a service in that calls asynchronously."""
    return statement.allows() and some(
        statement.principals, lambda principal: principal[0] == "Service" and _is_asynchronous(principal[1].text)
    )


def _is_asynchronous(service: str) -> bool:
    return _ASYNCHRONOUS.fullmatch(service) is not None
