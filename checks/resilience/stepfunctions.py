"""State machines: what happens when a task fails."""

from auditor import MEDIUM, Findings, check
from auditor.definitions import State
from auditor.members import every, some, those
from auditor.resources.stepfunctions import StateMachine

_TASK = """
        AWS::StepFunctions::StateMachine:
          Definition:
            StartAt: Train
            States:
              Train:
                Type: Task
                Resource: arn:aws:states:::sagemaker:createTrainingJob.sync
                End: true
                %s
              Tell:
                Type: Task
                Resource: arn:aws:states:::sns:publish
                Retry: [{ErrorEquals: [States.ALL]}]
                End: true
        """
_WITHIN = """
        AWS::StepFunctions::StateMachine:
          Definition:
            StartAt: Both
            States:
              Both:
                Type: Parallel
                Branches:
                  - StartAt: Train
                    States: {Train: {Type: Task, Resource: "arn:aws:states:::lambda:invoke", End: true}}
                End: true
                %s
              Tell: {Type: Fail}
        """
_TEXT = """
        AWS::StepFunctions::StateMachine:
          DefinitionString: '{"StartAt": "Each", "States": {"Each": {"Type": "Map", "End": true, "ItemProcessor": {
            "StartAt": "Infer", "States": {"Infer": {"Type": "Task", "End": true, %s
            "Resource": "arn:aws:states:::lambda:invoke"}}}}}}'
        """
_RETRY = "Retry: [{ErrorEquals: [States.ALL], BackoffRate: %s, MaxAttempts: %d}]"
_CATCH = "Catch: [{ErrorEquals: [States.ALL], Next: Tell}]"
_APPROVAL = """
        AWS::StepFunctions::StateMachine:
          Definition:
            StartAt: Approve
            States:
              Approve:
                Type: Task
                Resource: arn:aws:states:::sqs:sendMessage.waitForTaskToken
                Parameters: {QueueUrl: approvals, MessageBody: {"token.$": $$.Task.Token}}
                End: true
        """


@check(
    "stepfunctions-retry-missing",
    title="Step Functions task states retry with exponential backoff",
    severity=MEDIUM,
    bad=(
        _TASK % "",
        _TASK % "Retry: []",
        _TASK % (_RETRY % (2, 0)),
        _TASK % (_RETRY % (1, 5)),
        _WITHIN % _CATCH,
        _TEXT % "",
    ),
    good=(
        _TASK % (_RETRY % (2, 3)),
        _TASK % "Retry: [{ErrorEquals: [States.TaskFailed]}]",
        _WITHIN % (_RETRY % (1.5, 3)),
        _TEXT % '"Retry": [{"ErrorEquals": ["Lambda.TooManyRequestsException"]}],',
        _APPROVAL,
    ),
)
def retry_missing(machine: StateMachine) -> Findings:
    """Throttling and lost spot capacity pass by themselves; without a retry they end a workflow that ran for hours.

    A Retry on a Map or Parallel state counts for what is in it. Tasks that wait for somebody's answer are left out.

    Fix: give each Task state a Retry for the errors that pass, with IntervalSeconds, a BackoffRate of 2 and
    JitterStrategy FULL, so that all runs do not come back at once.
    """
    for state in those(machine.definition.states, _is_worth_a_retry):
        if not state.is_tried_again:
            yield machine.fail(f"does not try {state.name} again when it fails", at=state.block.at("Retry"))
        elif _never_backs_off(state):
            yield machine.fail(f"tries {state.name} again without growing delays", at=state.block.at("Retry"))


def _is_worth_a_retry(state: State) -> bool:
    return every(
        lambda: state.type == "Task",
        lambda: not state.is_tried_again or _never_backs_off(state),
        lambda: not state.waits_for_answer,
    )


def _never_backs_off(state: State) -> bool:
    """Whether it is tried several times more, each after the same delay."""
    several = those(state.retriers, lambda retrier: retrier.max_attempts > 1)
    return bool(several) and not some(several, lambda retrier: retrier.backoff_rate > 1)


@check(
    "stepfunctions-catch-missing",
    title="Step Functions task, map and parallel states catch errors and have a fallback",
    severity=MEDIUM,
    bad=(_TASK % "", _TASK % "Catch: []", _WITHIN % (_RETRY % (2, 3)), _TEXT % ""),
    good=(_TASK % _CATCH, _WITHIN % _CATCH, _TEXT % '"Catch": [{"ErrorEquals": ["States.ALL"], "Next": "Other"}],'),
)
def catch_missing(machine: StateMachine) -> Findings:
    """An error that nothing catches ends the run where it is: no clean-up, no message, resources left running.

    A Catch on a Map or Parallel state counts for what is in it. States that run only after an error was caught need
    none.

    Fix: give the state a Catch for States.ALL that leads to a state which cleans up, tells somebody and then fails.
    """
    told: set[str] = set()
    for state in those(machine.definition.states, _may_end_the_run):
        outermost = [state, *state.ancestors][-1]
        if outermost.name not in told:
            told.add(outermost.name)
            within = f" in {outermost.name}" if outermost is not state else ""
            yield machine.fail(f"does not catch errors of {state.name}{within}", at=outermost.block.at("Catch"))


def _may_end_the_run(state: State) -> bool:
    return every(lambda: state.type == "Task", lambda: not state.is_caught, lambda: not state.is_fallback)
