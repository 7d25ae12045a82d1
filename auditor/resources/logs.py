"""CloudWatch Logs."""

from typing import Annotated

from auditor.policy import Policy
from auditor.resources.base import Resource, Struct
from auditor.resources.fields import NOWHERE, From


class LogGroup(Resource, cfn="AWS::Logs::LogGroup", tf="aws_cloudwatch_log_group"):
    """A log group."""

    retention_in_days: Annotated[int | None, From(live="retentionInDays")] = None
    log_group_class: Annotated[str, From(live="logGroupClass")] = "STANDARD"
    stored_bytes: Annotated[float | None, From(cfn=NOWHERE, tf=NOWHERE, live="storedBytes")] = None
    kms_key_id: Annotated[str | None, From(live="kmsKeyId")] = None
    resource_policy_document: Annotated[Policy | None, From(tf=NOWHERE, live=None)] = None


class MetricTransformation(Struct):
    """What a metric filter counts into."""

    metric_name: Annotated[str, From(tf="name", live="MetricName")]
    metric_namespace: Annotated[str, From(tf="namespace", live="MetricNamespace")]


class MetricFilter(Resource, cfn="AWS::Logs::MetricFilter", tf="aws_cloudwatch_log_metric_filter"):
    """A filter that counts the events of a log group that match its pattern."""

    filter_pattern: Annotated[str, From(tf="pattern")] = ""
    log_group_name: str
    metric_transformations: Annotated[tuple[MetricTransformation, ...], From(tf="metric_transformation")] = ()


class SubscriptionFilter(Resource, cfn="AWS::Logs::SubscriptionFilter", tf="aws_cloudwatch_log_subscription_filter"):
    """Where a log group's events go, gzipped; nobody collects those of an account, a call for each log group."""

    destination_arn: str


class ResourcePolicy(Resource, cfn="AWS::Logs::ResourcePolicy", tf="aws_cloudwatch_log_resource_policy"):
    """A policy that lets services or other accounts use the region's log groups."""

    policy_document: Policy
