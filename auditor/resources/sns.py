"""SNS: topics and subscriptions."""

from typing import Annotated

from auditor.policy import Policy
from auditor.resources.base import Resource, Struct
from auditor.resources.fields import NOWHERE, From, Part


class DeliveryLogging(Struct):
    """That deliveries by one protocol are logged."""

    protocol: str
    success_feedback_role_arn: str | None = None


class InlineSubscription(Struct):
    """A subscription within a topic."""

    protocol: str


class Topic(Resource, cfn="AWS::SNS::Topic", tf="aws_sns_topic"):
    """A topic (SNS GetTopicAttributes)."""

    kms_master_key_id: str | None = None
    policy: Annotated[
        Policy | None,
        From(cfn=NOWHERE),
        Part("AWS::SNS::TopicPolicy", "Topics", "PolicyDocument"),
        Part("AWS::SNS::TopicInlinePolicy", "TopicArn", "PolicyDocument"),
        Part("aws_sns_topic_policy", "arn", "policy"),
    ] = None
    inline_subscriptions: Annotated[
        tuple[InlineSubscription, ...], From(cfn="Subscription", tf=NOWHERE, live=NOWHERE)
    ] = ()
    # Who logs deliveries: CloudFormation has a list by protocol, the others an attribute for each.
    delivery_status_logging: Annotated[tuple[DeliveryLogging, ...], From(tf=NOWHERE, live=NOWHERE)] = ()
    application_success_feedback_role_arn: Annotated[str | None, From(cfn=NOWHERE)] = None
    firehose_success_feedback_role_arn: Annotated[str | None, From(cfn=NOWHERE)] = None
    http_success_feedback_role_arn: Annotated[str | None, From(cfn=NOWHERE, live="HTTPSuccessFeedbackRoleArn")] = None
    lambda_success_feedback_role_arn: Annotated[str | None, From(cfn=NOWHERE)] = None
    sqs_success_feedback_role_arn: Annotated[str | None, From(cfn=NOWHERE, live="SQSSuccessFeedbackRoleArn")] = None


class Subscription(Resource, cfn="AWS::SNS::Subscription", tf="aws_sns_topic_subscription"):
    """A subscription of a topic, which may be another account's (SNS ListSubscriptions)."""

    topic_arn: str
    protocol: str
    confirmed: Annotated[bool, From(cfn=NOWHERE, tf=NOWHERE)] = True
