"""SNS topics and subscriptions."""

from __future__ import annotations

import json

from auditor.inventory import Inventory
from auditor.resources.sns import Subscription, Topic
from tests.sources.account.services.support import ACCOUNT, REGION, Behaviour, Case, scan

_TOPIC = f"arn:aws:sns:{REGION}:{ACCOUNT}:oncall"
_POLICY = json.dumps({"Version": "2012-10-17", "Statement": []})


def _subscription(arn: str, endpoint: str = "team@example.com") -> dict[str, str]:
    return {
        "SubscriptionArn": arn,
        "Owner": ACCOUNT,
        "Protocol": "email",
        "Endpoint": endpoint,
        "TopicArn": _TOPIC,
    }


class TestSns(Behaviour):
    cases = (
        Case(
            "AWS::SNS::Topic",
            _TOPIC,
            "ListTopics",
            {
                "ListTopics": {"Topics": [{"TopicArn": _TOPIC}]},
                "GetTopicAttributes": {
                    "Attributes": {"TopicArn": _TOPIC, "Policy": _POLICY, "SQSSuccessFeedbackRoleArn": "role"}
                },
            },
            {"Policy": _POLICY, "SQSSuccessFeedbackRoleArn": "role"},
            token="NextToken",
            gone={"GetTopicAttributes": "NotFound"},
            needs=("TopicArn",),
            title="oncall",
        ),
        Case(
            "AWS::SNS::Subscription",
            f"{_TOPIC}:a72e",
            "ListSubscriptions",
            {"ListSubscriptions": {"Subscriptions": [_subscription(f"{_TOPIC}:a72e")]}},
            {"TopicArn": _TOPIC, "Protocol": "email", "Confirmed": True},
            token="NextToken",
            needs=("TopicArn", "Protocol", "SubscriptionArn"),
            title="oncall to email",
        ),
    )

    def test_who_logs_deliveries(self, scripted) -> None:
        scripted(dict(self.cases[0].answers))
        (topic,) = Inventory(scan("AWS::SNS::Topic")).of(Topic)
        assert (topic.sqs_success_feedback_role_arn, topic.http_success_feedback_role_arn) == ("role", None)

    def test_subscriptions_that_nobody_confirmed(self, scripted) -> None:
        pending = [_subscription("PendingConfirmation"), _subscription("PendingConfirmation", "b@example.com")]
        scripted({"ListSubscriptions": {"Subscriptions": pending}})
        found = scan("AWS::SNS::Subscription")
        first, second = Inventory(found).of(Subscription)
        assert first.address != second.address
        assert (first.confirmed, first.protocol, first.topic_arn) == (False, "email", _TOPIC)
        assert "example.com" not in repr(found)


def test_what_moto_has(aws):
    sns = aws("sns")
    topic = sns.create_topic(Name="oncall", Attributes={"KmsMasterKeyId": "alias/ml"})["TopicArn"]
    sns.subscribe(TopicArn=topic, Protocol="https", Endpoint="https://user:hunter2@example.com")
    found = scan("AWS::SNS::Topic", "AWS::SNS::Subscription")
    assert (found.gaps, found.notices) == ([], [])
    inventory = Inventory(found)
    (one,) = inventory.of(Topic)
    assert (one.kms_master_key_id, one.policy is not None) == ("alias/ml", True)
    assert one.sqs_success_feedback_role_arn is None
    (subscription,) = inventory.of(Subscription)
    assert inventory.get(Topic, subscription.topic_arn) is one
    assert "hunter2" not in repr(found)
