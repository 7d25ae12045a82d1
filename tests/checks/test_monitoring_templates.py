"""The monitoring pillar on templates, beyond the examples: unknown values, conditions, parts, several templates."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support import hcl, judge, plan, statuses, template
from tools.build_terraform_plans import recorded

ALARM = """
Parameters: {Topic: {Type: String}, Enabled: {Type: String}}
Conditions: {Tell: !Equals [!Ref Enabled, "yes"]}
Resources:
  Late:
    Type: AWS::CloudWatch::Alarm
    Properties: {Namespace: AWS/Kinesis, MetricName: IncomingBytes, %s}
"""


@pytest.mark.parametrize(
    ("properties", "expected"),
    [
        ("AlarmActions: [!Ref Topic]", "pass"),
        ("AlarmActions: !Ref Topic", "unknown"),
        ("AlarmActions: [!Ref Topic], ActionsEnabled: !Ref Enabled", "unknown"),
        ("AlarmActions: [!If [Tell, !Ref Topic, !Ref AWS::NoValue]]", "unknown"),
        ("AlarmActions: [!If [Tell, !Ref Topic, arn:a]]", "pass"),
        ("AlarmActions: !If [Tell, [!Ref Topic], !Ref AWS::NoValue]", "unknown"),
        ("OKActions: [!Ref Topic]", "fail"),
        ("ActionsEnabled: !If [Tell, true, false]", "fail"),
    ],
)
def test_alarm_actions(properties: str, expected: str, tmp_path: Path) -> None:
    collected = template(tmp_path, ALARM % properties)
    assert statuses(collected, "cloudwatch-alarm-action-missing") == {"Late": expected}


COMPOSITE = """
Parameters: {Stage: {Type: String}}
Resources:
  Late: {Type: AWS::CloudWatch::Alarm, Properties: {Namespace: AWS/Kinesis, MetricName: IncomingBytes, AlarmName: late}}
  Service:
    Type: AWS::CloudWatch::CompositeAlarm
    Properties: {AlarmActions: ["arn:aws:sns:eu-west-1:123456789012:oncall"], AlarmRule: %s}
"""


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("'ALARM(late) AND NOT OK(other)'", "pass"),
        ("""'ALARM("late")'""", "pass"),
        ("!Sub 'ALARM(${Late}) OR ALARM(other)'", "pass"),
        ("!Sub 'ALARM(${Late.Arn})'", "pass"),
        ("'ALARM(later)'", "fail"),
        ("!Sub 'ALARM(late-${Stage})'", "unknown"),
        ("!Ref Stage", "unknown"),
    ],
)
def test_composite_alarms(rule: str, expected: str, tmp_path: Path) -> None:
    collected = template(tmp_path, COMPOSITE % rule)
    assert statuses(collected, "cloudwatch-alarm-action-missing")["Late"] == expected


BY_RULE = """
Resources:
  Late: {Type: AWS::CloudWatch::Alarm, Properties: {Namespace: AWS/Kinesis, MetricName: IncomingBytes}}
  Other: {Type: AWS::CloudWatch::Alarm, Properties: {Namespace: AWS/Kinesis, MetricName: IncomingBytes}}
  Rule:
    Type: AWS::Events::Rule
    Properties:
      EventPattern: {source: [aws.cloudwatch], detail-type: [CloudWatch Alarm State Change], %s}
      Targets: [{Id: oncall, Arn: "arn:aws:sns:eu-west-1:123456789012:oncall"}]
"""


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ("detail: {state: {value: [ALARM]}}", "pass"),
        ("detail: {alarmName: [!Ref Late]}", "pass"),
        ("detail: {alarmName: [!Ref Other]}", "fail"),
        ("resources: [!GetAtt Late.Arn]", "pass"),
        ("resources: [!GetAtt Other.Arn]", "fail"),
    ],
)
def test_alarms_that_a_rule_tells_of(more: str, expected: str, tmp_path: Path) -> None:
    assert statuses(template(tmp_path, BY_RULE % more), "cloudwatch-alarm-action-missing")["Late"] == expected


STREAM = """
Parameters: {Name: {Type: String}}
Resources:
  Clicks: {Type: AWS::Kinesis::Stream, Properties: {Name: %s}}
  %s
"""
WATCHED = """
  A%d:
    Type: AWS::CloudWatch::Alarm
    Properties:
      Namespace: AWS/Kinesis
      MetricName: %s
      Dimensions: [{Name: StreamName, Value: %s}]
      AlarmActions: [arn:aws:sns:eu-west-1:123456789012:oncall]
"""
METRICS = ("GetRecords.IteratorAgeMilliseconds", "WriteProvisionedThroughputExceeded")


@pytest.mark.parametrize(
    ("name", "watched", "expected"),
    [
        ("clicks", "clicks", "pass"),
        ("clicks", "!Ref Clicks", "pass"),
        ("!Ref Name", "!Ref Clicks", "pass"),
        ("!Ref Name", "clicks", "unknown"),
        ("clicks", "!Ref Name", "unknown"),
        ("clicks", "orders", "fail"),
    ],
)
def test_stream_alarms(name: str, watched: str, expected: str, tmp_path: Path) -> None:
    alarms = "".join(WATCHED % (number, metric, watched) for number, metric in enumerate(METRICS))
    collected = template(tmp_path, STREAM % (name, alarms))
    assert statuses(collected, "kinesis-iterator-age-alarm") == {"Clicks": expected}


@pytest.mark.parametrize(
    ("check_id", "resource"),
    [
        ("kinesis-iterator-age-alarm", "AWS::Kinesis::Stream, Properties: {Name: a}"),
        ("stepfunctions-failure-alarm", "AWS::StepFunctions::StateMachine, Properties: {RoleArn: a}"),
        ("glue-job-failure-notification", "AWS::Glue::Job, Properties: {Name: a, Role: a, Command: {}}"),
        ("sagemaker-endpoint-alarms-missing", "AWS::SageMaker::Endpoint, Properties: {EndpointConfigName: a}"),
        ("sagemaker-endpoint-data-drift-monitor", "AWS::SageMaker::Endpoint, Properties: {EndpointConfigName: a}"),
        ("sagemaker-endpoint-model-quality-monitor", "AWS::SageMaker::Endpoint, Properties: {EndpointConfigName: a}"),
        ("sagemaker-pipeline-failure-notification", "AWS::SageMaker::Pipeline, Properties: {PipelineName: a}"),
        ("sagemaker-drift-alarm-missing", "AWS::SageMaker::MonitoringSchedule, Properties: {EndpointName: a}"),
    ],
)
def test_what_watches_may_be_in_another_template(check_id: str, resource: str, tmp_path: Path) -> None:
    collected = template(tmp_path, f"Resources: {{One: {{Type: {resource}}}}}")
    assert statuses(collected, check_id) == {"One": "unknown"}


@pytest.mark.parametrize(
    "check_id",
    ["cloudtrail-s3-data-events", "cloudwatch-metric-filter-unauthorized-api", "sns-topic-without-subscription"],
)
def test_what_a_template_does_not_use_is_not_judged(check_id: str, tmp_path: Path) -> None:
    text = "Resources: {Models: {Type: AWS::S3::Bucket}, Topic: {Type: AWS::SNS::Topic}}"
    assert statuses(template(tmp_path, text), check_id) == {}


@pytest.mark.parametrize(
    ("tag", "name", "expected"),
    [
        ("prod", "churn", {"One": "fail"}),
        ("dev", "churn", {}),
        ("Development", "churn", {}),
        ("production", "churn-test", {"One": "fail"}),
        ("", "churn-test", {}),
        ("", "ChurnDev", {}),
        ("", "latest-developer-churn", {"One": "fail"}),
        ("!Ref Stage", "churn", {"One": "unknown"}),
    ],
)
def test_endpoints_for_development(tag: str, name: str, expected: dict[str, str], tmp_path: Path) -> None:
    tags = f", Tags: [{{Key: Environment, Value: {tag}}}]" if tag else ""
    text = f"""
Parameters: {{Stage: {{Type: String}}}}
Resources:
  One: {{Type: AWS::SageMaker::Endpoint, Properties: {{EndpointConfigName: a, EndpointName: {name}{tags}}}}}
  Other: {{Type: AWS::CloudWatch::Alarm, Properties: {{Namespace: AWS/Lambda, MetricName: Errors}}}}
"""
    assert statuses(template(tmp_path, text), "sagemaker-endpoint-alarms-missing") == expected


BALANCER = """
Parameters: {Kind: {Type: String}}
Resources:
  Front: {Type: AWS::ElasticLoadBalancingV2::LoadBalancer, Properties: {Type: %s}}
  %s
"""
LISTENER = (
    "Listens: {Type: AWS::ElasticLoadBalancingV2::Listener, Properties: {LoadBalancerArn: !Ref Front, Protocol: %s}}"
)


@pytest.mark.parametrize(
    ("kind", "listener", "expected"),
    [
        ("network", LISTENER % "TLS", "fail"),
        ("network", LISTENER % "TCP", "pass"),
        ("network", "", "unknown"),
        ("gateway", "", "pass"),
        ("!Ref Kind", LISTENER % "TCP", "unknown"),
    ],
)
def test_balancers_that_cannot_log(kind: str, listener: str, expected: str, tmp_path: Path) -> None:
    collected = template(tmp_path, BALANCER % (kind, listener))
    assert statuses(collected, "elb-access-logging") == {"Front": expected}


TOLD = """
Resources:
  Job: {Type: AWS::Glue::Job, Properties: {Name: features, Role: r, Command: {}}}
  Log: {Type: AWS::Logs::LogGroup}
  Oncall: {Type: AWS::SNS::Topic}
  Rule:
    Type: AWS::Events::Rule
    Properties: {EventPattern: {source: [aws.glue]}, Targets: [{Id: a, Arn: %s}], EventBusName: %s}
"""


@pytest.mark.parametrize(
    ("target", "bus", "expected"),
    [
        ("!Ref Oncall", "default", "pass"),
        ("!Ref Oncall", "!Ref AWS::NoValue", "pass"),
        ("!Ref Oncall", "orders", "fail"),
        ("!GetAtt Log.Arn", "default", "fail"),
        ("!ImportValue topic", "default", "unknown"),
    ],
)
def test_rules_that_reach_somebody(target: str, bus: str, expected: str, tmp_path: Path) -> None:
    collected = template(tmp_path, TOLD % (target, bus))
    assert statuses(collected, "glue-job-failure-notification") == {"Job": expected}


MONITORED = """
resource "aws_sagemaker_endpoint_configuration" "churn" {
  production_variants {
    model_name             = "churn"
    instance_type          = "ml.m6i.large"
    initial_instance_count = 2
  }
}

resource "aws_sagemaker_endpoint" "churn" {
  endpoint_config_name = aws_sagemaker_endpoint_configuration.churn.name
}

resource "aws_sagemaker_monitoring_schedule" "watch" {
  monitoring_schedule_config {
    monitoring_job_definition_name = "declared-elsewhere"
    monitoring_type                = "%s"
  }
}
"""


@pytest.mark.parametrize(
    ("check", "kind", "expected"),
    [
        ("sagemaker-endpoint-data-drift-monitor", "DataQuality", "unknown"),
        ("sagemaker-endpoint-data-drift-monitor", "ModelQuality", "fail"),
        ("sagemaker-endpoint-model-quality-monitor", "ModelQuality", "unknown"),
        ("sagemaker-endpoint-model-quality-monitor", "DataQuality", "fail"),
    ],
)
def test_a_schedule_of_what_is_declared_elsewhere(check: str, kind: str, expected: str, tmp_path: Path) -> None:
    """It may be of any endpoint."""
    assert statuses(hcl(tmp_path, MONITORED % kind), check) == {"aws_sagemaker_endpoint.churn": expected}


@pytest.mark.parametrize(
    ("references", "expected"),
    [
        (["aws_sfn_state_machine.training.arn"], "pass"),
        (["aws_sfn_state_machine.training.arn", "aws_sns_topic.oncall.name"], "pass"),
        (["aws_sfn_state_machine.training.arn", "aws_sns_topic.oncall.arn"], "unknown"),
        (["aws_sfn_state_machine.training.arn", "var.other"], "unknown"),
        (["aws_sfn_state_machine.training.name"], "unknown"),
        (["aws_sns_topic.oncall.arn"], "fail"),
    ],
)
def test_planned_dimensions_that_are_not_known(references: list[str], expected: str, tmp_path: Path) -> None:
    """A plan says what an unknown map refers to, but not under which keys."""
    data = recorded("stepfunctions-failure-alarm")["plans"]["good-0"]
    for resource in data["configuration"]["root_module"]["resources"]:
        if resource["type"] == "aws_cloudwatch_metric_alarm":
            resource["expressions"]["dimensions"] = {"references": references}
    found = statuses(plan(tmp_path, data), "stepfunctions-failure-alarm")
    assert found == {"aws_sfn_state_machine.training": expected}


@pytest.mark.parametrize(
    ("references", "expected"),
    [
        (["aws_cloudwatch_event_rule.failed.name"], "pass"),
        (["var.rule"], "unknown"),
    ],
)
def test_a_planned_target_of_a_rule_without_a_name(references: list[str], expected: str, tmp_path: Path) -> None:
    """The provider makes its name when it makes the rule."""
    data = recorded("glue-job-failure-notification")["plans"]["good-0"]
    for change in (entry["change"] for entry in data["resource_changes"]):
        for argument in ({"name": "glue-failed"}, {"rule": "glue-failed"}):
            if argument.items() <= change["after"].items():
                (name,) = argument
                del change["after"][name]
                change["after_unknown"][name] = True
    for resource in data["configuration"]["root_module"]["resources"]:
        if "rule" in resource["expressions"]:
            resource["expressions"]["rule"] = {"references": references}
        if resource["type"] == "aws_cloudwatch_event_rule":
            del resource["expressions"]["name"]
    assert statuses(plan(tmp_path, data), "glue-job-failure-notification") == {"aws_glue_job.features": expected}


def test_containers_are_judged_one_by_one(tmp_path: Path) -> None:
    text = """
    Parameters: {Driver: {Type: String}}
    Resources:
      Task:
        Type: AWS::ECS::TaskDefinition
        Properties:
          ContainerDefinitions:
            - {Name: a, Image: a, LogConfiguration: {LogDriver: !Ref Driver}}
            - {Name: b, Image: b, LogConfiguration: {LogDriver: none}}
            - {Name: c, Image: c}
    """
    (verdict,) = judge(template(tmp_path, text), "ecs-task-logging").values()
    assert [(finding.message, finding.path[1:]) for finding in verdict.findings] == [
        ("keeps no log of b", (1, "LogConfiguration", "LogDriver")),
        ("keeps no log of c", (2, "LogConfiguration")),
    ]
