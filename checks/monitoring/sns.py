"""Whether anybody hears what alarms and rules say."""

from auditor import MEDIUM, Findings, Inventory, Undecided, check
from auditor.knowledge.alerts import look
from auditor.members import either, known_first, some
from auditor.resources.cloudwatch import Alarm, CompositeAlarm
from auditor.resources.events import Rule
from auditor.resources.sns import Subscription, Topic

_USED = """
        Resources:
          Oncall: {Type: AWS::SNS::Topic, Properties: {%s}}
          Late:
            Type: AWS::CloudWatch::Alarm
            Properties: {Namespace: AWS/Kinesis, MetricName: IncomingBytes, AlarmActions: [!Ref Oncall]}
          Other: {Type: AWS::SNS::Topic}
          Someone:
            Type: AWS::SNS::Subscription
            Properties: {TopicArn: !Ref %s, Protocol: email, Endpoint: oncall@example.com}
        """
_BY_RULE = """
        Resources:
          Oncall: {Type: AWS::SNS::Topic}
          Failed:
            Type: AWS::Events::Rule
            Properties: {EventPattern: {source: [aws.glue]}, Targets: [{Id: oncall, Arn: !Ref Oncall}]}
          Someone:
            Type: AWS::SNS::Subscription
            Properties: {TopicArn: %s, Protocol: sqs, Endpoint: queue}
        """


@check(
    "sns-topic-without-subscription",
    title="SNS topics used by alarms and workflows have a confirmed subscription",
    severity=MEDIUM,
    uses=(Alarm, CompositeAlarm, Rule, Subscription),
    bad=(_USED % ("", "Other"), _BY_RULE % "arn:aws:sns:eu-west-1:123456789012:other"),
    good=(
        _USED % ("", "Oncall"),
        _USED % ("Subscription: [{Protocol: email, Endpoint: oncall@example.com}]", "Other"),
        _BY_RULE % "!Ref Oncall",
    ),
)
def topic_without_subscription(topic: Topic, inventory: Inventory) -> Findings:
    """An alarm that nobody is subscribed to goes off unheard, and whoever set it up relies on it.

    Topics count that an alarm or an EventBridge rule sends to. Whether an e-mail subscription of a template gets
    confirmed is not known before it is deployed.

    Fix: subscribe an address, a queue or a chat to the topic, and confirm the subscription where AWS asks for it.
    """
    if not _is_used(topic, inventory):
        raise Undecided("no alarm and no rule sends to it", elsewhere=True)
    if topic.inline_subscriptions:
        return
    look(topic, inventory, Subscription)
    subscriptions = inventory.referring(Subscription, lambda one: one.topic_arn, to=topic)
    if not some(subscriptions, lambda one: one.confirmed):
        waits = bool(subscriptions)
        yield topic.fail("has only subscriptions that nobody confirmed" if waits else "has no subscription")


def _is_used(topic: Topic, inventory: Inventory) -> bool:
    return either(
        lambda: bool(inventory.referring(Alarm, lambda alarm: alarm.alarm_actions, to=topic)),
        lambda: bool(inventory.referring(CompositeAlarm, lambda alarm: alarm.alarm_actions, to=topic)),
        lambda: bool(inventory.referring(Rule, _targets, to=topic)),
    )


def _targets(rule: Rule) -> tuple[str, ...]:
    return known_first(rule.targets, lambda target: target.arn)
