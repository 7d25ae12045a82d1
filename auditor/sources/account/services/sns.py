"""SNS: topics and subscriptions."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256

from auditor.raw import Raw
from auditor.sources.account.collector import Api, collector
from auditor.sources.account.regular import Call, Listing, regular

regular(
    "sns",
    "AWS::SNS::Topic",
    Listing("ListTopics", "Topics"),
    describe=Call("GetTopicAttributes", "Attributes", {"TopicArn": "{TopicArn}"}, gone=("NotFound",)),
    arn="{TopicArn}",
    title="{TopicArn!n}",
)


@collector("sns", types=("AWS::SNS::Subscription",), operations=("ListSubscriptions",))
def subscriptions(api: Api) -> Iterator[Raw]:
    """Every subscription, without its endpoint: that is somebody's address, or may hold a password.

    One that nobody confirmed has no ARN yet, so it gets one of its own.
    """
    for listed in api.pages("ListSubscriptions", "Subscriptions"):
        topic, protocol, arn = listed["TopicArn"], listed["Protocol"], listed["SubscriptionArn"]
        confirmed = arn.startswith("arn:")
        if not confirmed:
            arn = f"{topic}:pending-{protocol}-{sha256(listed.get('Endpoint', '').encode()).hexdigest()[:8]}"
        properties = {"TopicArn": topic, "Protocol": protocol, "Confirmed": confirmed}
        yield api.raw("AWS::SNS::Subscription", arn, properties, title=f"{topic.rpartition(':')[2]} to {protocol}")
