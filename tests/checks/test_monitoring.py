"""The monitoring pillar on a simulated account: what is logged, what is watched, and who is told."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from auditor.config import Config
from auditor.engine import evaluate
from auditor.findings import Status
from auditor.inventory import Inventory
from auditor.raw import Collected, Gap, Raw, Scope
from auditor.registry import load_checks
from auditor.values import Unknown
from tests.builders import raw
from tests.sources.account.conftest import REGION
from tests.support import by_title, judge, statuses

ACCOUNT = "123456789012"
ROOT = f"arn:aws:iam::{ACCOUNT}:root"
ONCALL = f"arn:aws:sns:{REGION}:{ACCOUNT}:oncall"


def alarm(aws: Any, metric: str, namespace: str = "AWS/Kinesis", *actions: str, **dimensions: str) -> None:
    aws("cloudwatch").put_metric_alarm(
        AlarmName=f"{metric}-{len(dimensions)}-{len(actions)}",
        Namespace=namespace,
        MetricName=metric,
        Dimensions=[{"Name": name, "Value": value} for name, value in dimensions.items()],
        Statistic="Sum",
        Period=60,
        EvaluationPeriods=1,
        Threshold=1,
        ComparisonOperator="GreaterThanThreshold",
        AlarmActions=list(actions),
    )


def rule(aws: Any, pattern: dict[str, Any], target: str = ONCALL, state: str = "ENABLED") -> None:
    events = aws("events")
    events.put_rule(Name="rule", EventPattern=json.dumps(pattern), State=state)
    events.put_targets(Rule="rule", Targets=[{"Id": "one", "Arn": target}])


# --- one resource, one setting ----------------------------------------------------------------------------------------


def _trail(aws: Any, good: bool) -> None:
    aws("s3").create_bucket(Bucket="audit-logs")
    aws("cloudtrail").create_trail(Name="trail", S3BucketName="audit-logs")
    if good:
        aws("cloudtrail").start_logging(Name="trail")


def _load_balancer(aws: Any, good: bool) -> None:
    vpc = aws("ec2").create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    subnets = [
        aws("ec2").create_subnet(VpcId=vpc, CidrBlock=f"10.0.{n}.0/24", AvailabilityZone=f"{REGION}{zone}")["Subnet"]
        for n, zone in enumerate("ab")
    ]
    made = aws("elbv2").create_load_balancer(Name="trail", Subnets=[one["SubnetId"] for one in subnets])
    aws("elbv2").modify_load_balancer_attributes(
        LoadBalancerArn=made["LoadBalancers"][0]["LoadBalancerArn"],
        Attributes=[{"Key": "access_logs.s3.enabled", "Value": str(good).lower()}],
    )


def _classic(aws: Any, good: bool) -> None:
    listener = {"Protocol": "tcp", "LoadBalancerPort": 80, "InstancePort": 80}
    elb = aws("elb")
    elb.create_load_balancer(LoadBalancerName="trail", Listeners=[listener], AvailabilityZones=[f"{REGION}a"])
    log = {"Enabled": good, "S3BucketName": "logs", "EmitInterval": 5, "S3BucketPrefix": "elb"}
    elb.modify_load_balancer_attributes(LoadBalancerName="trail", LoadBalancerAttributes={"AccessLog": log})


def _detector(aws: Any, good: bool) -> None:
    aws("guardduty").create_detector(Enable=good)


def _s3_protection(aws: Any, good: bool) -> None:
    features = [{"Name": "S3_DATA_EVENTS", "Status": "ENABLED" if good else "DISABLED"}]
    aws("guardduty").create_detector(Enable=True, Features=features)


def _cluster(aws: Any, good: bool) -> None:
    settings = [{"name": "containerInsights", "value": "enhanced" if good else "disabled"}]
    aws("ecs").create_cluster(clusterName="trail", settings=settings)


def _task(aws: Any, good: bool) -> None:
    log = {"logConfiguration": {"logDriver": "awslogs", "options": {"awslogs-group": "a"}}} if good else {}
    container = {"name": "score", "image": "score", "memory": 9, **log}
    aws("ecs").register_task_definition(family="trail", containerDefinitions=[container])


def _job(aws: Any, good: bool) -> None:
    switches = ("--enable-continuous-cloudwatch-log", "--enable-metrics")
    arguments = dict.fromkeys(switches, "true" if good else "false")
    aws("glue").create_job(Name="trail", Role="r", Command={"Name": "glueetl"}, DefaultArguments=arguments)


def _delivery(aws: Any, good: bool) -> None:
    logging = {"Enabled": good, "LogGroupName": "a", "LogStreamName": "b"}
    destination = {"RoleARN": "arn:aws:iam::123456789012:role/f", "BucketARN": "arn:aws:s3:::lake"}
    aws("firehose").create_delivery_stream(
        DeliveryStreamName="trail",
        ExtendedS3DestinationConfiguration={**destination, "CloudWatchLoggingOptions": logging},
    )


def _machine(aws: Any, good: bool) -> None:
    group = f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:states:*"
    logging = {"level": "ERROR", "destinations": [{"cloudWatchLogsLogGroup": {"logGroupArn": group}}]}
    aws("stepfunctions").create_state_machine(
        name="trail",
        definition=json.dumps({"StartAt": "a", "States": {"a": {"Type": "Succeed"}}}),
        roleArn=f"arn:aws:iam::{ACCOUNT}:role/states",
        **({"loggingConfiguration": logging, "tracingConfiguration": {"enabled": True}} if good else {}),
    )


def _plain_alarm(aws: Any, good: bool) -> None:
    alarm(aws, "IncomingBytes", "AWS/Kinesis", *([ONCALL] if good else []))


Setup = Callable[[Any, bool], None]
SETTINGS: tuple[tuple[str, Setup, str], ...] = (
    ("cloudtrail-logging-stopped", _trail, "GetTrailStatus"),
    ("elb-access-logging", _load_balancer, "DescribeLoadBalancerAttributes"),
    ("elb-access-logging", _classic, "DescribeLoadBalancerAttributes"),
    ("guardduty-s3-protection", _s3_protection, "GetDetector"),
    ("ecs-cluster-container-insights", _cluster, "DescribeClusters"),
    ("ecs-task-logging", _task, "DescribeTaskDefinition"),
    ("firehose-error-logging", _delivery, "DescribeDeliveryStream"),
    ("stepfunctions-logging", _machine, "DescribeStateMachine"),
    ("stepfunctions-xray-tracing", _machine, "DescribeStateMachine"),
)
LISTED_WHOLE = (
    ("glue-job-logging", _job),
    ("cloudwatch-alarm-action-missing", _plain_alarm),
)


@pytest.mark.parametrize(("check_id", "make"), [*((one[0], one[1]) for one in SETTINGS), *LISTED_WHOLE])
@pytest.mark.parametrize("good", [True, False])
def test_a_setting(scan: Any, aws: Any, check_id: str, make: Setup, good: bool) -> None:
    make(aws, good)
    assert set(statuses(scan(check_id), check_id).values()) == {"pass" if good else "fail"}


@pytest.mark.parametrize(("check_id", "make", "operation"), SETTINGS)
def test_a_setting_that_may_not_be_read(
    scan: Any, aws: Any, deny: Any, check_id: str, make: Setup, operation: str
) -> None:
    make(aws, True)
    deny(operation)
    found = judge(scan(check_id), check_id)
    assert {verdict.status for verdict in found.values()} == {Status.UNKNOWN}
    assert operation in next(iter(found.values())).reason


def test_an_alarm_whose_action_is_part_of_something_else(scan: Any, aws: Any) -> None:
    check_id = "cloudwatch-alarm-action-missing"
    alarm(aws, "IncomingBytes")
    assert by_title(judge(scan(check_id), check_id)) == {"IncomingBytes-0-0": "fail"}
    pattern = {"source": ["aws.cloudwatch"], "detail": {"state": {"value": ["ALARM"]}}}
    rule(aws, {**pattern, "detail": {"alarmName": [{"prefix": "Outgoing"}]}})
    assert by_title(judge(scan(check_id), check_id)) == {"IncomingBytes-0-0": "fail"}
    rule(aws, {**pattern, "detail": {"alarmName": [{"prefix": "Incoming"}], "state": {"value": ["ALARM"]}}})
    assert by_title(judge(scan(check_id), check_id)) == {"IncomingBytes-0-0": "pass"}
    rule(aws, pattern, target=f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:/aws/events/alarms")
    assert by_title(judge(scan(check_id), check_id)) == {"IncomingBytes-0-0": "fail"}


# --- GuardDuty and CloudTrail -----------------------------------------------------------------------------------------


def test_a_region_without_a_detector_fails_and_one_with_it_is_not_judged(scan: Any, aws: Any, deny: Any) -> None:
    check_id = "guardduty-enabled"
    assert by_title(judge(scan(check_id), check_id)) == {REGION: "fail"}
    _detector(aws, good=False)
    assert set(statuses(scan(check_id), check_id).values()) == {"fail"}
    (detector,) = aws("guardduty").list_detectors()["DetectorIds"]
    aws("guardduty").update_detector(DetectorId=detector, Enable=True)
    assert by_title(judge(scan(check_id), check_id)) == {detector: "pass"}
    deny("ListDetectors")
    assert by_title(judge(scan(check_id), check_id)) == {REGION: "unknown"}


OBJECTS = {"Field": "resources.type", "Equals": ["AWS::S3::Object"]}
DATA = {"Field": "eventCategory", "Equals": ["Data"]}


def basic(values: list[str], kind: str = "All") -> dict[str, Any]:
    selector = {"ReadWriteType": kind, "DataResources": [{"Type": "AWS::S3::Object", "Values": values}]}
    return {"EventSelectors": [selector]}


def advanced(*conditions: dict[str, Any]) -> dict[str, Any]:
    return {"AdvancedEventSelectors": [{"FieldSelectors": [DATA, OBJECTS, *conditions]}]}


@pytest.mark.parametrize(
    ("selectors", "expected"),
    [
        (basic(["arn:aws:s3"]), "pass"),
        (basic(["arn:aws:s3:::"]), "pass"),
        (basic(["arn:aws:s3:::acme-models/", "arn:aws:s3:::acme-raw/"]), "pass"),
        (basic(["arn:aws:s3:::acme-models/"]), "fail"),
        (basic(["arn:aws:s3:::acme-models/v1/", "arn:aws:s3:::acme-raw/"]), "fail"),
        (basic(["arn:aws:s3"], "ReadOnly"), "fail"),
        (basic(["arn:aws:s3"], "WriteOnly"), "fail"),
        (advanced(), "pass"),
        (advanced({"Field": "resources.ARN", "StartsWith": ["arn:aws:s3:::acme-"]}), "pass"),
        (advanced({"Field": "resources.ARN", "StartsWith": ["arn:aws:s3:::acme-raw/"]}), "fail"),
        (advanced({"Field": "resources.ARN", "NotStartsWith": ["arn:aws:s3:::acme-raw/"]}), "fail"),
        (advanced({"Field": "readOnly", "Equals": ["true"]}), "fail"),
        (advanced({"Field": "eventName", "Equals": ["PutObject"]}), "fail"),
    ],
)
def test_data_events(selectors: dict[str, Any], expected: str) -> None:
    check = load_checks()["cloudtrail-s3-data-events"]
    account = raw("account", ROOT, scope=EVERYWHERE)
    buckets = [
        raw("AWS::S3::Bucket", f"arn:aws:s3:::{name}", {"Tags": []}, names=(name,), title=name, scope=EVERYWHERE)
        for name in ("audit-logs", "acme-models", "acme-raw")
    ]
    for is_logging, status in ((True, expected), (False, "fail")):
        trail = {"IsMultiRegionTrail": True, "IsLogging": is_logging, **selectors}
        raws = [account, *buckets, live("AWS::CloudTrail::Trail", "trail", **trail)]
        (verdict,) = evaluate(Inventory(Collected(raws=raws)), [check], Config())
        assert verdict.status.value == status


def test_data_events_that_nobody_needs_or_may_read(scan: Any, aws: Any, deny: Any) -> None:
    check_id = "cloudtrail-s3-data-events"
    assert statuses(scan(check_id), check_id) == {}
    _trail(aws, good=True)
    assert statuses(scan(check_id), check_id) == {}
    aws("s3").create_bucket(Bucket="acme-models")
    verdict = judge(scan(check_id), check_id)[ROOT]
    assert verdict.findings[0].message == "has no trail that records reads and writes of what is in acme-models"
    deny("GetEventSelectors")
    assert statuses(scan(check_id), check_id) == {ROOT: "unknown"}


@pytest.fixture
def audited(aws: Any) -> Callable[..., None]:
    """A trail that delivers to a log group, and what is asked for of a filter and an alarm on it."""
    aws("s3").create_bucket(Bucket="audit-logs")
    logs = aws("logs")
    logs.create_log_group(logGroupName="trail")
    group = f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:trail:*"
    role = f"arn:aws:iam::{ACCOUNT}:role/trail"
    delivery = {"CloudWatchLogsLogGroupArn": group, "CloudWatchLogsRoleArn": role}
    aws("cloudtrail").create_trail(Name="trail", S3BucketName="audit-logs", IsMultiRegionTrail=True, **delivery)
    aws("cloudtrail").start_logging(Name="trail")

    def make(pattern: str = "", *actions: str) -> None:
        counted = [{"metricName": "Refused", "metricNamespace": "Audit", "metricValue": "1"}]
        logs.put_metric_filter(
            logGroupName="trail", filterName="f", filterPattern=pattern, metricTransformations=counted
        )
        alarm(aws, "Refused", "Audit", *actions)

    return make


REFUSED = '{ ($.errorCode = "*UnauthorizedOperation") || ($.errorCode = "AccessDenied*") }'


def test_metric_filter(scan: Any, audited: Any, deny: Any) -> None:
    check_id = "cloudwatch-metric-filter-unauthorized-api"
    words = []
    for arguments in ((), ('{ $.errorCode = "AccessDenied*" }',), (REFUSED,), (REFUSED, ONCALL)):
        audited(*arguments)
        verdict = judge(scan(check_id), check_id)[ROOT]
        words.append(verdict.findings[0].message if verdict.findings else verdict.status.value)
    nothing = "has no metric filter that counts unauthorized calls in the log of its trail"
    assert words == [nothing, nothing, "counts unauthorized calls, and no alarm on that reaches somebody", "pass"]
    deny("DescribeAlarms")
    assert statuses(scan(check_id), check_id) == {ROOT: "unknown"}


def test_metric_filter_without_a_trail_is_not_judged(scan: Any, moto: None) -> None:
    check_id = "cloudwatch-metric-filter-unauthorized-api"
    assert statuses(scan(check_id), check_id) == {}


# --- who is told ------------------------------------------------------------------------------------------------------


def test_stream_alarms(scan: Any, aws: Any, deny: Any) -> None:
    check_id = "kinesis-iterator-age-alarm"
    aws("kinesis").create_stream(StreamName="clicks", ShardCount=1)
    alarm(aws, "GetRecords.IteratorAgeMilliseconds", "AWS/Kinesis", ONCALL, StreamName="clicks")
    alarm(aws, "WriteProvisionedThroughputExceeded", "AWS/Kinesis", ONCALL, StreamName="orders")
    (verdict,) = judge(scan(check_id), check_id).values()
    assert verdict.findings[0].message == "has no alarm on throttling that reaches somebody"
    alarm(aws, "WriteProvisionedThroughputExceeded", "AWS/Kinesis", ONCALL, StreamName="clicks")
    assert by_title(judge(scan(check_id), check_id)) == {"clicks": "pass"}
    deny("DescribeAlarms")
    assert by_title(judge(scan(check_id), check_id)) == {"clicks": "unknown"}


MACHINE = f"arn:aws:states:{REGION}:{ACCOUNT}:stateMachine:trail"


@pytest.mark.parametrize(
    ("detail", "state", "expected"),
    [
        ({"status": ["FAILED", "TIMED_OUT"]}, "ENABLED", "pass"),
        ({"status": ["FAILED", "TIMED_OUT"], "stateMachineArn": [MACHINE]}, "ENABLED", "pass"),
        ({"status": ["FAILED", "TIMED_OUT"], "stateMachineArn": [f"{MACHINE}2"]}, "ENABLED", "fail"),
        ({"status": ["FAILED", "TIMED_OUT"]}, "DISABLED", "fail"),
        ({"status": ["FAILED"]}, "ENABLED", "fail"),
        ({"status": [{"anything-but": ["RUNNING"]}]}, "ENABLED", "pass"),
    ],
)
def test_state_machine_rules(scan: Any, aws: Any, detail: dict[str, Any], state: str, expected: str) -> None:
    check_id = "stepfunctions-failure-alarm"
    _machine(aws, good=True)
    rule(aws, {"source": ["aws.states"], "detail": detail}, state=state)
    assert statuses(scan(check_id), check_id) == {MACHINE: expected}


def test_state_machine_alarms(scan: Any, aws: Any, deny: Any) -> None:
    check_id = "stepfunctions-failure-alarm"
    _machine(aws, good=True)
    verdict = judge(scan(check_id), check_id)[MACHINE]
    assert verdict.findings[0].message == "tells nobody of its failed and timed-out executions"
    for metric in ("ExecutionsFailed", "ExecutionsTimedOut"):
        alarm(aws, metric, "AWS/States", ONCALL, StateMachineArn=MACHINE)
    assert statuses(scan(check_id), check_id) == {MACHINE: "pass"}
    deny("ListRules")
    assert statuses(scan(check_id), check_id) == {MACHINE: "pass"}
    deny("DescribeAlarms")
    assert statuses(scan(check_id), check_id) == {MACHINE: "unknown"}


def test_glue_failures(scan: Any, aws: Any, deny: Any, scripted: Any) -> None:
    check_id = "glue-job-failure-notification"
    scripted({"GetCrawlerMetrics": {"CrawlerMetricsList": []}})  # moto lacks it
    _job(aws, good=True)
    aws("glue").create_database(DatabaseInput={"Name": "lake"})
    aws("glue").create_crawler(
        Name="crawler", Role="r", DatabaseName="lake", Targets={"S3Targets": [{"Path": "s3://a"}]}
    )
    assert by_title(judge(scan(check_id), check_id)) == {"trail": "fail", "crawler": "fail"}
    kinds = {"detail-type": ["Glue Job State Change"], "detail": {"state": ["FAILED"]}}
    rule(aws, {"source": ["aws.glue"], **kinds})
    assert by_title(judge(scan(check_id), check_id)) == {"trail": "pass", "crawler": "fail"}
    deny("ListTargetsByRule")
    assert by_title(judge(scan(check_id), check_id)) == {"trail": "unknown", "crawler": "fail"}


def test_topics(scan: Any, aws: Any, deny: Any) -> None:
    check_id = "sns-topic-without-subscription"
    for name in ("oncall", "unused"):
        aws("sns").create_topic(Name=name)
    alarm(aws, "IncomingBytes", "AWS/Kinesis", ONCALL)
    (verdict,) = judge(scan(check_id), check_id).values()
    assert (verdict.resource.title, verdict.findings[0].message) == ("oncall", "has no subscription")
    aws("sns").subscribe(TopicArn=ONCALL, Protocol="sqs", Endpoint=f"arn:aws:sqs:{REGION}:{ACCOUNT}:q")
    assert by_title(judge(scan(check_id), check_id)) == {"oncall": "pass"}
    deny("ListSubscriptions")
    assert by_title(judge(scan(check_id), check_id)) == {"oncall": "unknown"}


# --- what moto lacks, in the shape that the collectors give -----------------------------------------------------------


def live(kind: str, name: str, **properties: Any) -> Raw:
    arn = f"arn:aws:x:{REGION}:{ACCOUNT}:{kind.rpartition(':')[2].lower()}/{name}"
    return raw(kind, arn, properties, names=(name,), title=name, scope=PLACE)


PLACE = Scope(f"{ACCOUNT}/{REGION}", "account", ACCOUNT, REGION)
EVERYWHERE = Scope(f"{ACCOUNT}/global", "account", ACCOUNT, "global")
NOT_SAID = Unknown("sagemaker:Describe was denied")
ENVIRONMENT = "AWS::MWAA::Environment"
LOGS = {f"{kind}Logs": {"Enabled": True} for kind in ("Scheduler", "Worker", "Webserver", "DagProcessing", "Task")}
TOPIC = "AWS::SNS::Topic"
ENDPOINT, CONFIG = "AWS::SageMaker::Endpoint", "AWS::SageMaker::EndpointConfig"
SCHEDULE, QUALITY = "AWS::SageMaker::MonitoringSchedule", "AWS::SageMaker::ModelQualityJobDefinition"
REAL_TIME = {"ProductionVariants": [{"VariantName": "a", "ModelName": "m", "InstanceType": "ml.m5.large"}]}
SERVERLESS = {"ProductionVariants": [{"VariantName": "a", "ServerlessConfig": {"MaxConcurrency": 5}}]}
BOTH = [{"CaptureMode": "Input"}, {"CaptureMode": "Output"}]
ALARM = "AWS::CloudWatch::Alarm"
OWN_IMAGE = {"TrainingImage": f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com/churn:7"}


def endpoint(name: str = "churn", **properties: Any) -> Raw:
    return live(ENDPOINT, name, **{"EndpointName": name, "EndpointConfigName": "settings", "Tags": [], **properties})


def on_endpoint(metric: str, *actions: str) -> Raw:
    dimensions = [{"Name": "EndpointName", "Value": "churn"}, {"Name": "VariantName", "Value": "a"}]
    properties = {"Namespace": "AWS/SageMaker", "MetricName": metric, "Dimensions": dimensions}
    return live(ALARM, metric, **properties, AlarmActions=list(actions))


def on_event(detail_type: str, **detail: Any) -> Raw:
    pattern = {"source": ["aws.sagemaker"], "detail-type": [detail_type], "detail": detail}
    return live("AWS::Events::Rule", "rule", EventPattern=json.dumps(pattern), Targets=[{"Id": "1", "Arn": ONCALL}])


SETTINGS_OF = live(CONFIG, "settings", **REAL_TIME)
WATCH = {"EndpointName": "churn", "MonitoringScheduleStatus": "Scheduled"}
TRIO = [on_endpoint(metric, ONCALL) for metric in ("ModelLatency", "Invocation5XXErrors", "Invocations")]
OTHER = endpoint("orders")
PIPELINE_END = "SageMaker Model Building Pipeline Execution Status Change"
DRIFT = live(SCHEDULE, "drift", MonitoringScheduleName="drift")


def drift_alarm(schedule: str) -> Raw:
    dimensions = [{"Name": "Endpoint", "Value": "churn"}, {"Name": "MonitoringSchedule", "Value": schedule}]
    return live(ALARM, "a", Namespace="n", MetricName="m", Dimensions=dimensions, AlarmActions=[ONCALL])


@pytest.mark.parametrize(
    ("check_id", "raws", "expected"),
    [
        ("mwaa-logging", [live(ENVIRONMENT, "air", LoggingConfiguration=LOGS)], "pass"),
        ("mwaa-logging", [live(ENVIRONMENT, "air", LoggingConfiguration={**LOGS, "TaskLogs": NOT_SAID})], "unknown"),
        ("mwaa-logging", [live(ENVIRONMENT, "air", LoggingConfiguration={})], "fail"),
        ("emr-logging", [live("AWS::EMR::Cluster", "c", LogUri="s3n://logs/emr/")], "pass"),
        ("emr-logging", [live("AWS::EMR::Cluster", "c")], "fail"),
        ("emr-logging", [live("AWS::EMR::Cluster", "c", LogUri=NOT_SAID)], "unknown"),
        ("emr-logging", [live("AWS::EMRServerless::Application", "a", MonitoringConfiguration=NOT_SAID)], "unknown"),
        ("lambda-xray-tracing", [live("AWS::Lambda::Function", "f", TracingConfig={"Mode": "Active"})], "pass"),
        ("lambda-xray-tracing", [live("AWS::Lambda::Function", "f", TracingConfig={"Mode": "PassThrough"})], "fail"),
        ("lambda-xray-tracing", [live("AWS::Lambda::Function", "f", TracingConfig=NOT_SAID)], "unknown"),
        ("guardduty-s3-protection", [live("AWS::GuardDuty::Detector", "d", Enable=True)], "unknown"),
        (
            "sns-topic-without-subscription",
            [
                raw(TOPIC, ONCALL, scope=PLACE),
                live(ALARM, "a", AlarmActions=[ONCALL]),
                live("AWS::SNS::Subscription", "s", TopicArn=ONCALL, Protocol="email", Confirmed=False),
            ],
            "fail",
        ),
        ("sagemaker-endpoint-data-capture", [SETTINGS_OF], "fail"),
        ("sagemaker-endpoint-data-capture", [SETTINGS_OF, endpoint(Tags=[{"Key": "env", "Value": "dev"}])], None),
        ("sagemaker-endpoint-data-capture", [SETTINGS_OF, endpoint(Tags=NOT_SAID)], "unknown"),
        ("sagemaker-endpoint-data-capture", [live(CONFIG, "settings", **SERVERLESS)], "pass"),
        (
            "sagemaker-endpoint-data-capture",
            [
                live(
                    CONFIG,
                    "settings",
                    **REAL_TIME,
                    DataCaptureConfig={"InitialSamplingPercentage": 5, "CaptureOptions": BOTH},
                )
            ],
            "pass",
        ),
        ("sagemaker-endpoint-data-drift-monitor", [SETTINGS_OF, endpoint()], "fail"),
        ("sagemaker-endpoint-data-drift-monitor", [SETTINGS_OF, endpoint(), live(SCHEDULE, "s", **WATCH)], "pass"),
        (
            "sagemaker-endpoint-data-drift-monitor",
            [SETTINGS_OF, endpoint(), live(SCHEDULE, "s", **{**WATCH, "MonitoringScheduleStatus": "Stopped"})],
            "fail",
        ),
        (
            "sagemaker-endpoint-data-drift-monitor",
            [SETTINGS_OF, endpoint(), live(SCHEDULE, "s", **{**WATCH, "EndpointName": NOT_SAID})],
            "unknown",
        ),
        ("sagemaker-endpoint-data-drift-monitor", [live(CONFIG, "settings", **SERVERLESS), endpoint()], "pass"),
        ("sagemaker-endpoint-data-drift-monitor", [endpoint("churn-dev")], None),
        ("sagemaker-endpoint-model-quality-monitor", [SETTINGS_OF, endpoint(), live(SCHEDULE, "s", **WATCH)], "fail"),
        (
            "sagemaker-endpoint-model-quality-monitor",
            [
                SETTINGS_OF,
                endpoint(),
                live(QUALITY, "job", ModelQualityJobInput={"EndpointInput": {"EndpointName": "churn"}}),
                live(SCHEDULE, "s", MonitoringType="ModelQuality", MonitoringJobDefinitionName="job"),
            ],
            "pass",
        ),
        ("sagemaker-drift-alarm-missing", [DRIFT], "fail"),
        ("sagemaker-drift-alarm-missing", [DRIFT, drift_alarm("drift")], "pass"),
        ("sagemaker-drift-alarm-missing", [DRIFT, drift_alarm("other")], "fail"),
        (
            "sagemaker-drift-alarm-missing",
            [DRIFT, on_event("SageMaker Processing Job State Change", ProcessingJobStatus=["Completed"])],
            "pass",
        ),
        ("sagemaker-endpoint-alarms-missing", [endpoint()], "fail"),
        ("sagemaker-endpoint-alarms-missing", [endpoint(), *TRIO], "pass"),
        ("sagemaker-endpoint-alarms-missing", [endpoint(), *TRIO[:2]], "fail"),
        ("sagemaker-endpoint-alarms-missing", [endpoint(), *TRIO[:2], on_endpoint("Invocations")], "fail"),
        ("sagemaker-endpoint-alarms-missing", [endpoint(EndpointName=NOT_SAID), *TRIO], "pass"),
        ("sagemaker-endpoint-alarms-missing", [endpoint(), live(ALARM, "a", MetricName=NOT_SAID)], "unknown"),
        ("sagemaker-pipeline-failure-notification", [endpoint()], "fail"),
        ("sagemaker-pipeline-failure-notification", [endpoint(), on_event("SageMaker Endpoint State Change")], "pass"),
        (
            "sagemaker-pipeline-failure-notification",
            [endpoint(), on_event("SageMaker Endpoint State Change", EndpointName=["orders"])],
            "fail",
        ),
        (
            "sagemaker-pipeline-failure-notification",
            [
                live("AWS::SageMaker::Pipeline", "p", PipelineName="p", Tags=[]),
                on_event(PIPELINE_END, currentPipelineExecutionStatus=["Failed"], pipelineArn=[{"suffix": "/p"}]),
            ],
            "pass",
        ),
        (
            "sagemaker-training-metrics-missing",
            [live("api:SageMaker::TrainingJob", "j", AlgorithmSpecification=OWN_IMAGE)],
            "fail",
        ),
        (
            "sagemaker-training-metrics-missing",
            [
                live(
                    "api:SageMaker::TrainingJob",
                    "j",
                    AlgorithmSpecification={**OWN_IMAGE, "MetricDefinitions": [{"Name": "loss", "Regex": "x"}]},
                )
            ],
            "pass",
        ),
        (
            "sagemaker-training-metrics-missing",
            [live("api:SageMaker::TrainingJob", "j", AlgorithmSpecification=NOT_SAID)],
            "unknown",
        ),
        ("cloudwatch-business-metric-alarm-missing", [endpoint(), *TRIO], "fail"),
        ("cloudwatch-business-metric-alarm-missing", TRIO, None),
        (
            "cloudwatch-business-metric-alarm-missing",
            [endpoint(), live(ALARM, "fraud", Namespace="Fraud", MetricName="FoundPerHour")],
            "pass",
        ),
        ("cloudwatch-business-metric-alarm-missing", [endpoint(), live(ALARM, "a", MetricName=NOT_SAID)], "unknown"),
        ("cloudwatch-ml-dashboard-missing", [endpoint()], "fail"),
        ("cloudwatch-ml-dashboard-missing", [], "pass"),
        (
            "cloudwatch-ml-dashboard-missing",
            [endpoint(), live("AWS::CloudWatch::Dashboard", "d", DashboardBody='[["AWS/SageMaker", "ModelLatency"]]')],
            "pass",
        ),
        (
            "cloudwatch-ml-dashboard-missing",
            [
                endpoint(),
                live("AWS::Kinesis::Stream", "clicks"),
                live("AWS::CloudWatch::Dashboard", "d", DashboardBody='[["AWS/SageMaker", "ModelLatency"]]'),
            ],
            "fail",
        ),
        (
            "cloudwatch-ml-dashboard-missing",
            [endpoint(), live("AWS::CloudWatch::Dashboard", "d", DashboardBody=NOT_SAID)],
            "unknown",
        ),
    ],
)
def test_what_is_collected(check_id: str, raws: list[Raw], expected: str | None) -> None:
    judged = load_checks()[check_id].types
    account = raw("account", ROOT, scope=EVERYWHERE)
    found = evaluate(Inventory(Collected(raws=[account, *raws])), [load_checks()[check_id]], Config())
    assert [verdict.status.value for verdict in found] == ([expected] if expected else []), judged


@pytest.mark.parametrize(
    "check_id",
    [
        "sagemaker-endpoint-alarms-missing",
        "sagemaker-pipeline-failure-notification",
        "cloudwatch-business-metric-alarm-missing",
        "cloudwatch-ml-dashboard-missing",
    ],
)
def test_what_could_not_be_listed_is_unknown(check_id: str) -> None:
    account = raw("account", ROOT, scope=EVERYWHERE)
    kinds = (ALARM, "AWS::Events::Rule", "AWS::CloudWatch::Dashboard")
    gap = Gap("x", "List", "AccessDenied", "no", account=ACCOUNT, region=REGION, types=kinds)
    found = evaluate(Inventory(Collected(raws=[account, endpoint()], gaps=[gap])), [load_checks()[check_id]], Config())
    assert [verdict.status.value for verdict in found] == ["unknown"]


def test_a_dashboard_that_shows_some_names_the_others() -> None:
    check = load_checks()["cloudwatch-ml-dashboard-missing"]
    account = raw("account", ROOT, scope=EVERYWHERE)
    raws = [account, endpoint(), live("AWS::Glue::Job", "job"), live("AWS::EMR::Cluster", "c")]
    (verdict,) = evaluate(Inventory(Collected(raws=raws)), [check], Config())
    assert verdict.findings[0].message == "has no dashboard that shows SageMaker endpoints, Glue jobs, EMR clusters"
