# bad
resource "aws_kinesis_analytics_application" "clicks" {
  name = "clicks"
}

# bad
resource "aws_kinesisanalyticsv2_application" "clicks" {
  name                   = "clicks"
  runtime_environment    = "SQL-1_0"
  service_execution_role = "arn:aws:iam::111122223333:role/clicks"
}

# good
resource "aws_kinesisanalyticsv2_application" "clicks" {
  name                   = "clicks"
  runtime_environment    = "FLINK-1_20"
  service_execution_role = "arn:aws:iam::111122223333:role/clicks"
}
