"""SQS queues: what becomes of messages that nobody can process."""

import re
from typing import Final

from auditor import MEDIUM, Findings, Inventory, check
from auditor.knowledge.environment import words_of
from auditor.members import in_turn, some, those
from auditor.resources.cloudwatch import Alarm
from auditor.resources.lambda_ import EventInvokeConfig, Function
from auditor.resources.sqs import Queue
from auditor.values import known

_DEAD: Final = re.compile(r"dlq|dead(?!line)|redrive|undeliver|(?<![a-z])(failed|failures?|errors?)(?![a-z])")
# What tells that a queue is not empty; NumberOfMessagesSent does not count what is moved to a dead-letter queue.
_FILLS: Final = (
    *("ApproximateNumberOfMessagesVisible", "ApproximateNumberOfMessagesNotVisible", "ApproximateAgeOfOldestMessage"),
    "NumberOfMessagesReceived",
)

_QUEUES = """
        Resources:
          Work:
            Type: AWS::SQS::Queue
            Properties: {RedrivePolicy: {deadLetterTargetArn: !GetAtt Failed.Arn, maxReceiveCount: 3}}
          Failed: {Type: AWS::SQS::Queue}
        """
_ALARM = """
          Watch:
            Type: AWS::CloudWatch::Alarm
            Properties:
              Namespace: AWS/SQS
              MetricName: %s
              Dimensions: [{Name: QueueName, Value: !GetAtt Failed.QueueName}]
              AlarmActions: [topic]
        """


@check(
    "sqs-dead-letter-queue",
    title="SQS queues have a dead-letter queue, and an alarm watches it",
    severity=MEDIUM,
    uses=(Queue, Alarm, Function, EventInvokeConfig),
    bad=(
        "AWS::SQS::Queue: {QueueName: frames}",
        "AWS::SQS::Queue: {VisibilityTimeout: 60}",
        "Resources: {DeadlineQueue: {Type: AWS::SQS::Queue}}",
    ),
    good=(
        _QUEUES.rstrip() + _ALARM % "ApproximateNumberOfMessagesVisible",
        _QUEUES.rstrip() + _ALARM % "ApproximateAgeOfOldestMessage",
        "AWS::SQS::Queue: {QueueName: frames-dlq}",
    ),
)
def dead_letter_queue(queue: Queue, inventory: Inventory) -> Findings:
    """A message that fails every time is tried again until it expires, costs each time, and then is lost unseen.

    Queues that are dead-letter queues themselves, by their use or their name, are left out.

    Fix: set RedrivePolicy to a second queue and a maxReceiveCount of 3 to 5, and an alarm on that queue's
    ApproximateNumberOfMessagesVisible.
    """
    redrive = queue.redrive_policy
    if redrive is None:
        if not _takes_dead_letters(queue, inventory):
            yield queue.fail("has no dead-letter queue", at="redrive_policy")
        return
    dead = inventory.get(Queue, redrive.dead_letter_target_arn)
    if dead is not None and not _is_watched(dead, inventory):
        len(inventory.all(Alarm, near=queue))  # undecided where alarms may be elsewhere
        yield queue.fail(f"has the dead-letter queue {dead.title}, which no alarm watches", at="redrive_policy")


def _takes_dead_letters(queue: Queue, inventory: Inventory) -> bool:
    """Whether another queue's, or a function's, failures go to it."""
    return bool(
        _DEAD.search(words_of(queue))
        or inventory.referring(Queue, _failures_of_queue, to=queue)
        or inventory.referring(Function, lambda function: function.dead_letter_target, to=queue)
        or inventory.referring(EventInvokeConfig, lambda settings: settings.on_failure, to=queue)
        or known(queue.raw.unknown_name)
    )


def _failures_of_queue(queue: Queue) -> str | None:
    return queue.redrive_policy.dead_letter_target_arn if queue.redrive_policy else None


def _is_watched(queue: Queue, inventory: Inventory) -> bool:
    """Whether an alarm reads a metric that tells that messages are in a queue, of this one or of each."""

    def of_each() -> tuple[Alarm, ...]:
        return those(inventory.beside(Alarm, queue), lambda alarm: alarm.queries_all)

    alarms = in_turn(inventory.referring(Alarm, _queues, to=queue), inventory.remembered(queue, _is_watched, of_each))
    return some(alarms, lambda alarm: alarm.reads("AWS/SQS", *_FILLS))


def _queues(alarm: Alarm) -> tuple[str, ...]:
    return alarm.values_of("QueueName")
