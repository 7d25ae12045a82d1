"""What Terraform users write otherwise than the examples of the data-protection checks."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support import hcl, statuses

_SECRETS = """
resource "aws_lambda_function" "features" {
  function_name = "features"
  role          = "arn:aws:iam::111122223333:role/features"
  environment {
    variables = { VALUE = %s }
  }
}
resource "aws_iam_access_key" "deployer" {
  user = "deployer"
}
resource "random_password" "db" {
  length = 20
}
"""
_LISTENER = """
resource "aws_lb_listener" "models" {
  load_balancer_arn = aws_lb.models.arn
  %s
  default_action {
    type = "forward"
  }
}
resource "aws_lb" "models" {
  load_balancer_type = "%s"
}
"""
_DATABASE = """
resource "aws_db_instance" "features" {
  instance_class = "db.m6g.large"
  %s
}
ephemeral "random_password" "db" {
  length = 20
}
"""
_WAREHOUSE = 'resource "aws_redshift_cluster" "w" { master_password_wo = "Hunter2-hunter2" }'
_RULE = """
resource "aws_lb_listener" "plain" {
  load_balancer_arn = "arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/app/models/1"
  port              = 80
  protocol          = "HTTP"
  default_action {
    type = "redirect"
    redirect {
      protocol    = "HTTPS"
      status_code = "HTTP_301"
    }
  }
}
resource "%s" "models" {
  listener_arn = aws_lb_listener.plain.arn
  action {
    type = "%s"
  }
}
"""
_TASK = """
resource "aws_ecs_task_definition" "train" {
  family                = "train"
  container_definitions = %s
}
"""
_JOB = """
resource "aws_batch_job_definition" "train" {
  name                 = "train"
  type                 = "container"
  container_properties = jsonencode(%s)
}
"""
_CONNECTION = """
resource "aws_glue_connection" "app" {
  name                  = "app"
  connection_properties = { JDBC_CONNECTION_URL = "jdbc:mysql://db:3306/app", %s }
}
variable "password" {}
"""
_LAUNCHED = """
resource "aws_launch_configuration" "train" {
  image_id         = "ami-0abcdef1234567890"
  instance_type    = "g5.xlarge"
  user_data_base64 = base64encode("export DB_PASSWORD=hunter2")
}
"""
_ROLE = """
resource "aws_iam_role" "this" {
  %s
  assume_role_policy = "{}"
}
"""
_BRONZE = (
    _ROLE
    + """
resource "aws_s3_bucket" "b" {
  bucket = "acme-raw-data"
}
resource "aws_s3_bucket_policy" "b" {
  bucket = aws_s3_bucket.b.id
  policy = jsonencode({
    Statement = [{
      Effect    = "Allow"
      Principal = { AWS = aws_iam_role.this.arn }
      Action    = "s3:PutObject"
      Resource  = "${aws_s3_bucket.b.arn}/*"
    }]
  })
}
"""
)
_WRITES = """
resource "aws_iam_policy" "lake" {
  policy = jsonencode({
    Statement = [{ Effect = "Allow", Action = "s3:PutObject", Resource = "arn:aws:s3:::acme-raw-data/*" }]
  })
}
"""
_ATTACHED = (
    _ROLE
    + _WRITES
    + """
resource "aws_iam_policy_attachment" "lake" {
  name       = "lake"
  roles      = [aws_iam_role.this.name]
  policy_arn = aws_iam_policy.lake.arn
}
"""
)
_OF_A_USER = """
resource "aws_iam_user" "analyst" {
  name = "analyst"
}
resource "aws_iam_user_policy" "lake" {
  user   = aws_iam_user.analyst.name
  policy = jsonencode({
    Statement = [{ Effect = "Allow", Action = "s3:PutObject", Resource = "arn:aws:s3:::acme-raw-data/*" }]
  })
}
"""
_UNKNOWN_NAME = 'name = var.name\n}\nvariable "name" {'

_TLS = """
resource "aws_s3_bucket" "b" {}
resource "aws_s3_bucket_policy" "b" {
  bucket = aws_s3_bucket.b.id
  policy = data.aws_iam_policy_document.b.json
}
data "aws_iam_policy_document" "b" {
  statement {
    effect    = "Deny"
    actions   = ["s3:*"]
    resources = [%s"${aws_s3_bucket.b.arn}/*"]
    principals {
      type        = "*"
      identifiers = ["*"]
    }
    condition {
      test     = "Bool"
      variable = "aws:SecureTransport"
      values   = ["false"]
    }
  }
}
"""


@pytest.mark.parametrize(
    ("check", "text", "name", "status"),
    [
        ("lambda-env-secrets", _SECRETS % "aws_iam_access_key.deployer.secret", "features", "fail"),
        ("lambda-env-secrets", _SECRETS % '"key=${aws_iam_access_key.deployer.secret}"', "features", "fail"),
        ("lambda-env-secrets", _SECRETS % "random_password.db.result", "features", "fail"),
        ("lambda-env-secrets", _SECRETS % "sha256(random_password.db.result)", "features", "unknown"),
        ("lambda-env-secrets", _SECRETS % "aws_iam_access_key.deployer.id", "features", "pass"),
        ("ec2-instance-user-data-secrets", _LAUNCHED, "train", "fail"),
        ("elb-listener-secure-protocol", _LISTENER % ('protocol = "http"', "application"), "models", "fail"),
        ("elb-listener-secure-protocol", _LISTENER % ("", "application"), "models", "fail"),
        ("elb-listener-secure-protocol", _LISTENER % ("", "gateway"), "models", None),
        ("elb-listener-secure-protocol", _RULE % ("aws_lb_listener_rule", "forward"), "plain", "fail"),
        ("elb-listener-secure-protocol", _RULE % ("aws_alb_listener_rule", "forward"), "plain", "fail"),
        ("elb-listener-secure-protocol", _RULE % ("aws_lb_listener_rule", "fixed-response"), "plain", "pass"),
        (
            "ecs-task-env-secrets",
            _TASK % 'jsonencode([{ Name = "a", Environment = [{ Name = "DB_PASSWORD", Value = "hunter2" }] }])',
            "train",
            "fail",
        ),
        (
            "ecs-task-env-secrets",
            _TASK % r'"[{\"Environment\": [{\"Name\": \"DB_PASSWORD\", \"Value\": \"hunter2\"}]}]"',
            "train",
            "fail",
        ),
        ("batch-job-secrets", _JOB % '{ Command = ["train", "--api-key=hunter2"] }', "train", "fail"),
        ("batch-job-secrets", _JOB % '{ Command = ["train"] }', "train", "pass"),
        ("glue-connection-secrets", _CONNECTION % 'USERNAME = "etl", PASSWORD = var.password', "app", "fail"),
        ("glue-connection-secrets", _CONNECTION % "USERNAME = null, PASSWORD = null", "app", "pass"),
        ("glue-connection-secrets", _CONNECTION % 'USERNAME = "", PASSWORD = ""', "app", "pass"),
        ("glue-connection-secrets", _CONNECTION % 'USERNAME = "etl", SECRET_ID = null', "app", "fail"),
        ("glue-connection-secrets", _CONNECTION % 'USERNAME = "etl", SECRET_ID = "prod/db"', "app", "pass"),
        ("database-password-plaintext", _DATABASE % 'password_wo = "hunter2-hunter2"', "features", "fail"),
        (
            "database-password-plaintext",
            _DATABASE % "password_wo = ephemeral.random_password.db.result",
            "features",
            "unknown",
        ),
        ("database-password-plaintext", _WAREHOUSE, "w", "fail"),
        ("s3-datalake-bronze-mutable", _BRONZE % 'name = "analyst"', "b", "fail"),
        ("s3-datalake-bronze-mutable", _BRONZE % 'name = "lake-ingest"', "b", "pass"),
        ("s3-datalake-bronze-mutable", _BRONZE % _UNKNOWN_NAME, "b", "unknown"),
        ("s3-datalake-bronze-mutable", _ATTACHED % 'name = "analyst"', "this", "fail"),
        ("s3-datalake-bronze-mutable", _ATTACHED % 'name = "lake-ingest"', "this", "pass"),
        ("s3-datalake-bronze-mutable", _ATTACHED % _UNKNOWN_NAME, "this", "unknown"),
        ("s3-datalake-bronze-mutable", _OF_A_USER, "analyst", "fail"),
        ("s3-bucket-secure-transport", _TLS % "aws_s3_bucket.b.arn, ", "b", "pass"),
        ("s3-bucket-secure-transport", _TLS % "", "b", "fail"),
    ],
)
def test_configurations(tmp_path: Path, check: str, text: str, name: str, status: str | None) -> None:
    found = {address.partition(".")[2]: verdict for address, verdict in statuses(hcl(tmp_path, text), check).items()}
    assert found.get(name) == status
