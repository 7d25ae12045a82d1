"""What state machines log, and who is told when they fail."""

from auditor import LOW, MEDIUM, Findings, Inventory, check
from auditor.knowledge.alerts import ALERTS, Happening, alarms_on, is_told, look
from auditor.members import either, every, known_first, some
from auditor.resources.stepfunctions import StateMachine

_MACHINE = "AWS::StepFunctions::StateMachine: {RoleArn: role, %s}"
_LEVEL = "LoggingConfiguration: {Level: %s, Destinations: [{CloudWatchLogsLogGroup: {LogGroupArn: group}}]}"


@check(
    "stepfunctions-logging",
    title="Step Functions state machines log executions",
    severity=MEDIUM,
    bad=(
        _MACHINE % "StateMachineType: EXPRESS",
        _MACHINE % _LEVEL % "'OFF'",
        _MACHINE % _LEVEL % "OFF",
        _MACHINE % "LoggingConfiguration: {IncludeExecutionData: true}",
    ),
    good=(_MACHINE % _LEVEL % "ALL", _MACHINE % _LEVEL % "ERROR"),
)
def logging(machine: StateMachine) -> Findings:
    """Executions of express workflows leave no history but the log, those of standard ones lose it after 90 days.

    Fix: set LoggingConfiguration with a log group and a Level of ERROR or ALL, and allow the role to deliver logs.
    """
    if machine.logging_level not in ("ALL", "ERROR", "FATAL"):  # YAML takes an OFF without quotes for false
        yield machine.fail("does not log its executions", at="logging_level")


@check(
    "stepfunctions-xray-tracing",
    title="Step Functions state machines trace executions with X-Ray",
    severity=LOW,
    bad=(_MACHINE % "StateMachineType: STANDARD", _MACHINE % "TracingConfiguration: {Enabled: false}"),
    good=_MACHINE % "TracingConfiguration: {Enabled: true}",
)
def xray_tracing(machine: StateMachine) -> Findings:
    """A trace shows which of the services that a workflow calls is slow or fails.

    Fix: set Enabled of TracingConfiguration to true, and allow the role xray:PutTraceSegments.
    """
    if not machine.tracing:
        yield machine.fail("does not trace executions", at="tracing", expected="true")


_WATCHED = """
        Resources:
          Machine: {Type: AWS::StepFunctions::StateMachine, Properties: {RoleArn: role}}
          Oncall: {Type: AWS::SNS::Topic}
        %s
        """
_ALARM = """
          %s:
            Type: AWS::CloudWatch::Alarm
            Properties:
              Namespace: AWS/States
              MetricName: %s
              Dimensions: [{Name: StateMachineArn, Value: !Ref Machine}]
              AlarmActions: [%s]
"""
_RULE = """
          Rule:
            Type: AWS::Events::Rule
            Properties:
              EventPattern:
                source: [aws.states]
                detail-type: [Step Functions Execution Status Change]
                detail: {status: [%s]%s}
              Targets: [{Arn: !Ref Oncall, Id: oncall}]
"""
_BOTH_ALARMS = _ALARM % ("Failed", "ExecutionsFailed", "!Ref Oncall") + _ALARM % (
    "Late",
    "ExecutionsTimedOut",
    "!Ref Oncall",
)
_ENDINGS = (
    ("failed", "ExecutionsFailed", "FAILED"),
    ("timed-out", "ExecutionsTimedOut", "TIMED_OUT"),
)


@check(
    "stepfunctions-failure-alarm",
    title="Failed and timed-out Step Functions executions raise an alarm or notify someone",
    severity=MEDIUM,
    uses=ALERTS,
    bad=(
        _WATCHED % (_ALARM % ("Failed", "ExecutionsFailed", "!Ref Oncall")),
        _WATCHED % (_ALARM % ("Failed", "ExecutionsFailed", "") + _ALARM % ("Late", "ExecutionsTimedOut", "")),
        _WATCHED % (_RULE % ("SUCCEEDED", "")),
        _WATCHED % (_RULE % ("FAILED, TIMED_OUT", ", stateMachineArn: ['arn:aws:states:eu-west-1:1:stateMachine:x']")),
        _WATCHED % (_RULE % ("FAILED", "")),
        (_WATCHED % (_RULE % ("FAILED, TIMED_OUT", ""))).replace("{RoleArn: role}", "{StateMachineType: EXPRESS}"),
    ),
    good=(
        _WATCHED % _BOTH_ALARMS,
        _WATCHED % (_RULE % ("FAILED, TIMED_OUT, ABORTED", "")),
        _WATCHED % (_RULE % ("{anything-but: [RUNNING, SUCCEEDED]}", ", stateMachineArn: [!Ref Machine]")),
        _WATCHED % (_RULE % ("FAILED", "") + _ALARM % ("Late", "ExecutionsTimedOut", "!Ref Oncall")),
    ),
)
def failure_alarm(machine: StateMachine, inventory: Inventory) -> Findings:
    """A pipeline that fails at night is noticed by whoever misses its results, days later.

    Express workflows send no events, so only alarms count for them.

    Fix: add alarms on ExecutionsFailed and ExecutionsTimedOut of AWS/States with an action, or a rule on "Step
    Functions Execution Status Change" that tells a topic. Give the definition TimeoutSeconds, so that what takes too
    long times out; let the rule match SUCCEEDED, too, where somebody waits for the result.
    """
    look(machine, inventory, *ALERTS)
    alarms = alarms_on(machine, lambda alarm: alarm.values_of("StateMachineArn"), inventory)

    def is_known(metric: str, status: str) -> bool:
        change = Happening("aws.states", "Step Functions Execution Status Change", "stateMachineArn", "status", status)
        return either(
            lambda: some(alarms, lambda alarm: alarm.reads("AWS/States", metric)),
            lambda: every(lambda: machine.state_machine_type != "EXPRESS", lambda: is_told(change, machine, inventory)),
        )

    missing = known_first(_ENDINGS, lambda one: None if is_known(one[1], one[2]) else one[0])
    if missing:
        what = " and ".join(tuple.__iter__(missing))
        yield machine.fail(f"tells nobody of its {what} executions")
