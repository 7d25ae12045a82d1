"""What state machines give away."""

from auditor import CRITICAL, Findings, check
from auditor.resources.stepfunctions import StateMachine
from auditor.resources.texts import plaintext, secrets_within

_TEXT = """
        AWS::StepFunctions::StateMachine:
          DefinitionString: '{"StartAt": "Load", "States": {"Load": {"Type": "Task", "End": true,
            "Resource": "arn:aws:states:::glue:startJobRun.sync",
            "Parameters": {"JobName": "load", "Arguments": {%s}}}}}'
        """
_MAP = """
        AWS::StepFunctions::StateMachine:
          Definition:
            StartAt: Train
            States:
              Train:
                Type: Task
                Resource: arn:aws:states:::ecs:runTask.sync
                Parameters: {Overrides: {ContainerOverrides: [{Environment: [{Name: DB_PASSWORD, %s}]}]}}
                End: true
        """


@check(
    "stepfunctions-definition-secrets",
    title="Step Functions definitions hold no credentials",
    severity=CRITICAL,
    bad=(
        _TEXT % '"--password": "hunter2"',
        _TEXT % '"--url": "jdbc:postgresql://db/x?user=app&password=hunter2"',
        _MAP % "Value: hunter2",
    ),
    good=(
        _TEXT % '"--secret-arn": "arn:aws:secretsmanager:eu-west-1:111122223333:secret:db", "--date.$": "$.date"',
        _MAP % '"Value.$": $.password',
        "AWS::StepFunctions::StateMachine: {Definition: {StartAt: A, States: {A: {Type: Pass, End: true}}}}",
    ),
)
def definition_secrets(machine: StateMachine) -> Findings:
    """The definition is shown in the console to everybody who may see the machine, and in the history of every run.

    Fix: let the task read the secret itself, from Secrets Manager, and pass it the secret's ARN; for HTTP tasks use a
    connection of EventBridge. Then change the secret.
    """
    yield from plaintext(machine, secrets_within(machine.definition.block), "its definition")
