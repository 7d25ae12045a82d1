"""Alarms, metric filters and dashboards."""

import re
from typing import Final

from auditor import LOW, MEDIUM, Findings, Inventory, Undecided, check
from auditor.definitions.content import reference
from auditor.knowledge.alerts import tells_someone
from auditor.knowledge.filterpatterns import counts
from auditor.members import every, known_first, some, sure, those
from auditor.resources import emr, glue, kinesis, stepfunctions
from auditor.resources.account import Account
from auditor.resources.base import Resource
from auditor.resources.cloudtrail import Trail
from auditor.resources.cloudwatch import Alarm, AnyAlarm, CompositeAlarm, Dashboard
from auditor.resources.events import Rule
from auditor.resources.logs import LogGroup, MetricFilter
from auditor.resources.sagemaker import Endpoint
from auditor.values import Reference

_ALARM = "AWS::CloudWatch::Alarm: {Namespace: AWS/Lambda, MetricName: Errors, %s}"
_TOPIC = "'arn:aws:sns:eu-west-1:123456789012:oncall'"
_PART_OF = """
        Resources:
          Errors: {Type: AWS::CloudWatch::Alarm, Properties: {Namespace: AWS/Lambda, MetricName: Errors}}
          Service:
            Type: AWS::CloudWatch::CompositeAlarm
            Properties: {AlarmRule: !Sub 'ALARM(${Errors})', AlarmActions: [%s]}
        """


@check(
    "cloudwatch-alarm-action-missing",
    title="CloudWatch alarms have enabled actions for the ALARM state",
    severity=MEDIUM,
    fixable="makes the alarm do what its actions say",
    uses=(CompositeAlarm, Endpoint, Rule),
    bad=(
        _ALARM % "Statistic: Sum",
        _ALARM % f"OKActions: [{_TOPIC}]",
        _ALARM % "AlarmActions: []",
        _ALARM % f"AlarmActions: [{_TOPIC}], ActionsEnabled: false",
        "AWS::CloudWatch::CompositeAlarm: {AlarmRule: 'ALARM(errors)'}",
        _PART_OF % "",
    ),
    good=(
        _ALARM % f"AlarmActions: [{_TOPIC}]",
        f"AWS::CloudWatch::CompositeAlarm: {{AlarmRule: 'ALARM(errors)', AlarmActions: [{_TOPIC}]}}",
        _PART_OF % _TOPIC,
    ),
)
def alarm_action_missing(alarm: Alarm | CompositeAlarm, inventory: Inventory) -> Findings:
    """An alarm without an action changes its colour in a console that nobody looks at.

    An alarm passes that a composite alarm with actions, an EventBridge rule, or the automatic rollback of an endpoint
    acts on.

    Fix: set AlarmActions to the ARN of an SNS topic that somebody is subscribed to, and ActionsEnabled to true.
    """
    if every(lambda: alarm.actions_enabled, lambda: bool(alarm.has_alarm_actions)) or _is_acted_on(alarm, inventory):
        return
    if alarm.has_alarm_actions:
        yield alarm.fail("has its actions switched off", at="actions_enabled", expected="true")
    else:
        yield alarm.fail("has no action for the ALARM state", at="alarm_actions")


def _is_acted_on(alarm: AnyAlarm, inventory: Inventory) -> bool:
    rollbacks = inventory.referring(Endpoint, _rollback_alarms, to=alarm)
    return tells_someone(alarm, inventory) or some(rollbacks, lambda _: True)


def _rollback_alarms(endpoint: Endpoint) -> tuple[str, ...]:
    deployment = endpoint.deployment_config
    return known_first(deployment.auto_rollback_alarms, lambda one: one.alarm_name) if deployment else ()


_FILTERED = """
        Resources:
          Audit: {Type: AWS::Logs::LogGroup}
          Trail:
            Type: AWS::CloudTrail::Trail
            Properties:
              {S3BucketName: audit, IsLogging: true, IsMultiRegionTrail: true, CloudWatchLogsLogGroupArn: %s}
          Unauthorized:
            Type: AWS::Logs::MetricFilter
            Properties:
              LogGroupName: %s
              FilterPattern: '%s'
              MetricTransformations: [{MetricName: Unauthorized, MetricNamespace: Audit, MetricValue: "1"}]
          Intruder:
            Type: AWS::CloudWatch::Alarm
            Properties: {Namespace: Audit, MetricName: %s, AlarmActions: [%s]}
        """
_OF_CIS = '{ ($.errorCode = "*UnauthorizedOperation") || ($.errorCode = "AccessDenied*") }'
_OLDER = (
    '{ (($.errorCode="*UnauthorizedOperation") || ($.errorCode="AccessDenied*")) && '
    '($.sourceIPAddress != "delivery.logs.amazonaws.com") && ($.eventName != "HeadBucket") }'
)
_GROUP = "!GetAtt Audit.Arn"

# What CloudTrail logs of a call that is refused, in the words of several services, and of one that is not.
_CALL: Final = {
    "eventVersion": "1.11",
    "eventType": "AwsApiCall",
    "eventCategory": "Management",
    "eventSource": "ec2.amazonaws.com",
    "eventName": "RunInstances",
    "awsRegion": "us-east-1",
    "sourceIPAddress": "192.0.2.7",
    "userAgent": "aws-cli/2.17.0",
    "managementEvent": True,
    "readOnly": False,
    "userIdentity": {"type": "AssumedRole", "arn": "arn:aws:sts::123456789012:assumed-role/train/i-1"},
}
_REFUSED: Final = tuple(
    {**_CALL, "errorCode": code, "errorMessage": "You are not authorized to perform this operation."}
    for code in ("Client.UnauthorizedOperation", "AccessDenied", "AccessDeniedException")
)


@check(
    "cloudwatch-metric-filter-unauthorized-api",
    title="A log metric filter and alarm exist for unauthorized API calls",
    severity=LOW,
    uses=(Trail, MetricFilter, LogGroup, Alarm, CompositeAlarm, Rule),
    bad=(
        _FILTERED % (_GROUP, "!Ref Audit", '{ $.errorCode = "AccessDenied*" }', "Unauthorized", _TOPIC),
        _FILTERED % (_GROUP, "!Ref Audit", _OF_CIS, "Other", _TOPIC),
        _FILTERED % (_GROUP, "!Ref Audit", _OF_CIS, "Unauthorized", ""),
        _FILTERED % (_GROUP, "other", _OF_CIS, "Unauthorized", _TOPIC),
        _FILTERED % (_GROUP, "!Ref Audit", "", "Unauthorized", _TOPIC),
        _FILTERED % ("!Ref AWS::NoValue", "!Ref Audit", _OF_CIS, "Unauthorized", _TOPIC),
    ),
    good=(
        _FILTERED % (_GROUP, "!Ref Audit", _OF_CIS, "Unauthorized", _TOPIC),
        _FILTERED % (_GROUP, "!Ref Audit", _OLDER, "Unauthorized", _TOPIC),
        _FILTERED
        % (_GROUP, "!Ref Audit", "{$.errorCode=AccessDenied*||$.errorCode=*Unauthorized*}", "Unauthorized", _TOPIC),
        _FILTERED
        % ("'arn:aws:logs:eu-west-1:1:log-group:t:*'", "t", "?Unauthorized ?AccessDenied", "Unauthorized", _TOPIC),
    ),
)
def metric_filter_unauthorized_api(account: Account, inventory: Inventory) -> Findings:
    """Somebody who tries out stolen credentials is refused many times before he finds what they are good for.

    Fix: let a multi-region trail deliver to a log group, give that a metric filter with the pattern
    { ($.errorCode = "*UnauthorizedOperation") || ($.errorCode = "AccessDenied*") } and set an alarm with an action on
    the filter's metric.
    """
    trails = those(
        inventory.declared(Trail, near=account),
        lambda trail: every(lambda: trail.is_multi_region_trail, lambda: trail.is_logging),
    )
    if not trails:
        raise Undecided("it has no multi-region trail, as cloudtrail-multi-region says", elsewhere=True)
    groups = known_first(trails, lambda trail: trail.cloud_watch_logs_log_group_arn)
    filters = those(
        inventory.beside(MetricFilter, account),
        lambda one: some(groups, lambda group: _is_of_group(one, group, inventory)),
    )
    counting = those(filters, lambda one: _counts_refusals(one.filter_pattern))
    trail = next(iter(trails))
    if not some(groups, lambda _: True):
        yield account.fail("has no multi-region trail that delivers to a log group", at=trail)
    elif not some(counting, lambda _: True):
        yield account.fail("has no metric filter that counts unauthorized calls in the log of its trail", at=trail)
    elif not some(counting, lambda one: _has_alarm(one, inventory)):
        what = "counts unauthorized calls, and no alarm on that reaches somebody"
        yield account.fail(what, at=next(iter(counting)))


def _counts_refusals(pattern: str) -> bool:
    return all(counts(pattern, call) for call in _REFUSED) and not counts(pattern, _CALL)


def _is_of_group(one: MetricFilter, arn: str, inventory: Inventory) -> bool:
    """Whether a metric filter is of a log group, which a trail names by its ARN and the filter by its name."""
    if not isinstance(arn, Reference):
        arn = reference(arn.removesuffix(":*"), one.raw)
    if not isinstance(arn, Reference) and not isinstance(one.log_group_name, Reference):
        return arn.rpartition(":log-group:")[2] == one.log_group_name
    group = inventory.get(LogGroup, arn)
    return group is not None and group.answers_to(one.log_group_name)


def _has_alarm(one: MetricFilter, inventory: Inventory) -> bool:
    metrics = one.metric_transformations

    def is_on_it(alarm: Alarm) -> bool:
        return some(metrics, lambda metric: alarm.reads(metric.metric_namespace, metric.metric_name))

    alarms = those(inventory.beside(Alarm, one), is_on_it)
    return some(alarms, lambda alarm: tells_someone(alarm, inventory))


# Namespaces of AWS's services, agents and usual security filters: what is measured there is no business.
_TECHNICAL: Final = re.compile(
    r"/?aws/|CWAgent|System/|ContainerInsights|ECS/|LambdaInsights|Glue$|Windows|Log-?Metrics|CloudTrail|CIS|Audit|Prometheus",
    re.IGNORECASE,
)


@check(
    "cloudwatch-business-metric-alarm-missing",
    title="At least one alarm watches a custom business metric of ML workloads",
    severity=LOW,
    uses=(Alarm, Endpoint),
    inputs=("live",),
)
def business_metric_alarm_missing(account: Account, inventory: Inventory) -> Findings:
    """A model can answer fast and without errors, and no longer do what it is for: find fraud, sell, spare complaints.

    Accounts count that have SageMaker endpoints; metrics count whose namespace is your own.

    Fix: publish a figure that the business knows, such as fraud found an hour, with PutMetricData, and set an alarm
    on it.
    """
    if not some(inventory.all(Endpoint, near=account), lambda _: True):
        raise Undecided("it has no SageMaker endpoint", elsewhere=True)
    if not some(inventory.all(Alarm, near=account), _is_about_business):
        yield account.fail("has SageMaker endpoints, and no alarm on a metric of your own")


def _is_about_business(alarm: Alarm) -> bool:
    return some(alarm.readings, lambda one: not _TECHNICAL.match(one.namespace or "AWS/"))


# What there may be in an account, and the namespaces of its metrics, as they stand in a dashboard's body.
_WORKLOADS: Final[tuple[tuple[type[Resource], str, tuple[str, ...]], ...]] = (
    (Endpoint, "SageMaker endpoints", ("AWS/SageMaker", "aws/sagemaker/Endpoints")),
    (glue.Job, "Glue jobs", ("Glue", "AWS/Glue")),
    (stepfunctions.StateMachine, "state machines", ("AWS/States",)),
    (kinesis.Stream, "Kinesis streams", ("AWS/Kinesis",)),
    (emr.Cluster, "EMR clusters", ("AWS/ElasticMapReduce",)),
)


@check(
    "cloudwatch-ml-dashboard-missing",
    title="A dashboard covers the ML and data workloads",
    severity=LOW,
    uses=(Dashboard, *(cls for cls, _, _ in _WORKLOADS)),
    inputs=("live",),
)
def ml_dashboard_missing(account: Account, inventory: Inventory) -> Findings:
    """In an outage people look at what there is to see; where nothing was prepared, they look for it first.

    Fix: make a CloudWatch dashboard with the metrics of what is named: latency and errors of endpoints, failed jobs and
    executions, the age of records.
    """
    dashboards = inventory.all(Dashboard, near=account)

    def is_unseen(workload: tuple[type[Resource], str, tuple[str, ...]]) -> bool:
        cls, _, namespaces = workload
        return every(
            lambda: some(inventory.all(cls, near=account), lambda _: True),
            lambda: not some(dashboards, lambda one: any(_shows(one, namespace) for namespace in namespaces)),
        )

    unseen = those(_WORKLOADS, is_unseen)
    if unseen:
        named = [what for _, what, _ in sure(unseen, lambda _: True)]
        yield account.fail(f"has no dashboard that shows {', '.join(named)}")


def _shows(dashboard: Dashboard, namespace: str) -> bool:
    """Whether a namespace is in its body: in quotes, which a query within the JSON escapes, or in a list of sources."""
    return re.search(rf"""["'{{]{re.escape(namespace)}[\\"',]""", dashboard.dashboard_body) is not None
