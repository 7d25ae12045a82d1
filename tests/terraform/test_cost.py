"""What Terraform users write otherwise than the examples of the checks of cost."""

from __future__ import annotations

from pathlib import Path

import pytest

from auditor.definitions.blocks import reference
from auditor.values import Reference
from tests.builders import raw
from tests.support import hcl, statuses

_TABLE = """
variable "name" {}
resource "aws_dynamodb_table" "events" {
  for_each      = toset(["raw"])
  name          = var.name
  read_capacity = 50
}
resource "aws_appautoscaling_target" "events" {
  for_each           = toset(["Read", "Write"])
  resource_id        = "table/${aws_dynamodb_table.events["raw"].name}"
  scalable_dimension = "dynamodb:table:${each.key}CapacityUnits"
}
"""
_SERVICE = """
resource "aws_ecs_service" "backfill" {
  name            = "backfill"
  launch_type     = "FARGATE"
  task_definition = aws_ecs_task_definition.backfill.arn
  %s
  tags = { workload = "batch" }
}
resource "aws_ecs_task_definition" "backfill" {
  family = "backfill"
}
"""
_TASK_NODES = """
resource "aws_emr_cluster" "spark" {
  name = "spark"
}
resource "aws_emr_instance_group" "task" {
  cluster_id    = aws_emr_cluster.spark.id
  instance_type = "r5.2xlarge"
  %s
}
"""
_WAREHOUSE = """
resource "aws_emr_cluster" "spark" {
  name = "spark"
  configurations = %s
}
"""
_HIVE = 'jsonencode([{ Classification = "hive-site", Properties = { "hive.metastore.warehouse.dir" = "%s:///w" } }])'
_ENVIRONMENTS = """
resource "aws_batch_compute_environment" "spot" {
  compute_resources {
    type = "SPOT"
  }
}
resource "aws_batch_compute_environment" "training" {
  compute_resources {
    type = "EC2"
  }
}
resource "aws_batch_job_queue" "training" {
  compute_environments = %s
}
"""
_SCRATCH = """
resource "aws_s3_bucket" "scratch" {
  bucket = "emr-scratch"
}
resource "aws_s3_bucket_lifecycle_configuration" "scratch" {
  bucket = aws_s3_bucket.scratch.id
  rule {
    status = "Enabled"
    filter {
      %s
    }
    expiration {
      days = 7
    }
  }
}
"""
_JOB = """
variable "name" {}
resource "aws_glue_job" "features" {
  name = var.name
}
resource "aws_scheduler_schedule" "nightly" {
  schedule_expression = "rate(1 day)"
  target {
    arn   = "arn:aws:scheduler:::aws-sdk:glue:startJobRun"
    input = %s
  }
}
"""
_WORKBENCH = """
variable "other" {}
resource "aws_instance" "workbench" {
  instance_type = "m5.large"
  tags          = { env = "dev" }
}
resource "aws_cloudwatch_event_rule" "evening" {
  schedule_expression = "rate(1 day)"
  is_enabled          = %s
}
resource "aws_cloudwatch_event_target" "evening" {
  rule  = aws_cloudwatch_event_rule.evening.name
  arn   = "arn:aws:ssm:us-east-1::automation-definition/AWS-StopEC2Instance"
  input = %s
}
"""
_ALARMS = """
variable "name" {}
resource "aws_cloudwatch_metric_alarm" "errors" {
  alarm_name = var.name
}
resource "aws_cloudwatch_composite_alarm" "service" {
  alarm_name    = "service"
  alarm_rule    = "ALARM(${aws_cloudwatch_metric_alarm.errors.alarm_name})"
  alarm_actions = ["arn:aws:sns:eu-west-1:123456789012:oncall"]
}
"""
_TRAIL = """
variable "name" {}
resource "aws_s3_bucket" "models" {
  bucket = "${var.name}-models"
  tags   = { sensitivity = "confidential" }
}
resource "aws_cloudtrail" "audit" {
  s3_bucket_name        = "audit"
  is_multi_region_trail = true
  event_selector {
    data_resource {
      type   = "AWS::S3::Object"
      values = ["arn:aws:s3:::${aws_s3_bucket.models.id}/"]
    }
  }
}
"""
_STOPPED = "jsonencode({ InstanceId = [%s] })"


@pytest.mark.parametrize(
    ("check", "text", "expected"),
    [
        ("dynamodb-autoscaling-missing", _TABLE, ["pass"]),
        ("ecs-fargate-spot-missing", _SERVICE % "", ["pass"]),  # the provider starts no task unless it is told how many
        ("ecs-fargate-spot-missing", _SERVICE % "desired_count = 1", ["fail"]),
        ("emr-task-nodes-spot", _TASK_NODES % 'bid_price = "0.5"', ["pass"]),
        ("emr-task-nodes-spot", _TASK_NODES % 'bid_price = ""', ["fail"]),
        ("emr-hdfs-persistent-data", _WAREHOUSE % (_HIVE % "hdfs"), ["fail"]),
        ("emr-hdfs-persistent-data", _WAREHOUSE % '"https://example.com/settings.json"', ["unknown"]),
        (
            "batch-compute-spot-missing",
            _ENVIRONMENTS % "[aws_batch_compute_environment.spot.arn, aws_batch_compute_environment.training.arn]",
            ["pass", "pass"],
        ),
        (
            "batch-compute-spot-missing",
            _ENVIRONMENTS % "[aws_batch_compute_environment.training.arn]",
            ["fail", "pass"],
        ),
        ("s3-bucket-temp-data-expiration", _SCRATCH % "object_size_greater_than = 0", ["pass"]),
        ("s3-bucket-temp-data-expiration", _SCRATCH % "object_size_greater_than = 1024", ["fail"]),
        ("s3-bucket-temp-data-expiration", _SCRATCH % "and {\n object_size_less_than = 1024\n }", ["fail"]),
        ("cloudwatch-alarm-action-missing", _ALARMS, ["pass", "pass"]),
        ("cloudtrail-s3-data-events", _TRAIL, ["pass"]),
        ("glue-job-unorchestrated", _JOB % "jsonencode({ JobName = aws_glue_job.features.name })", ["pass"]),
        ("ec2-instance-dev-no-schedule", _WORKBENCH % ("true", _STOPPED % "aws_instance.workbench.id"), ["pass"]),
        ("ec2-instance-dev-no-schedule", _WORKBENCH % ("false", _STOPPED % "aws_instance.workbench.id"), ["fail"]),
        ("ec2-instance-dev-no-schedule", _WORKBENCH % ("true", _STOPPED % '"i-1"'), ["fail"]),
        ("ec2-instance-dev-no-schedule", _WORKBENCH % ("true", _STOPPED % '"i-1", var.other'), ["unknown"]),
        (
            "ec2-instance-dev-no-schedule",
            _WORKBENCH % ("true", '"{\\"InstanceId\\": [\\"${var.other}\\"]}"'),
            ["unknown"],
        ),
    ],
)
def test_ways_of_writing(check: str, text: str, expected: list[str], tmp_path: Path) -> None:
    assert sorted(statuses(hcl(tmp_path, text), check).values()) == expected


@pytest.mark.parametrize(
    ("text", "target", "attribute"),
    [
        ("${Function.Arn}", "Function", "Arn"),
        ("${Nested.Outputs.Arn}", "Nested", "Outputs.Arn"),
        ("${aws_lambda_function.score}", "aws_lambda_function.score", None),
        ("${aws_lambda_function.score.arn}", "aws_lambda_function.score", "arn"),
        ('${aws_lambda_function.score["a.b"].arn}', 'aws_lambda_function.score["a.b"]', "arn"),
        ("${aws_eks_cluster.ml[0].identity[0].oidc}", "aws_eks_cluster.ml[0]", "identity[0].oidc"),
        ('${module.a["x"].module.b.aws_s3_bucket.c.id}', 'module.a["x"].module.b.aws_s3_bucket.c', "id"),
    ],
)
def test_references_within_texts(text: str, target: str, attribute: str | None) -> None:
    found = reference(text, raw("aws_sfn_state_machine", "aws_sfn_state_machine.m", dialect="tf"))
    assert isinstance(found, Reference)
    assert (found.target, found.attribute) == (target, attribute)
