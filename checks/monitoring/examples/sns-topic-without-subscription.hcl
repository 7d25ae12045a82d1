# bad
resource "aws_sns_topic" "oncall" {
  name = "oncall"
}

resource "aws_cloudwatch_metric_alarm" "late" {
  alarm_name          = "events-late"
  namespace           = "AWS/Kinesis"
  metric_name         = "GetRecords.IteratorAgeMilliseconds"
  statistic           = "Maximum"
  comparison_operator = "GreaterThanThreshold"
  threshold           = 60000
  period              = 300
  evaluation_periods  = 1
  alarm_actions       = [aws_sns_topic.oncall.arn]

  dimensions = {
    StreamName = "events"
  }
}

resource "aws_sns_topic" "costs" {
  name = "costs"
}

resource "aws_sns_topic_subscription" "costs" {
  topic_arn = aws_sns_topic.costs.arn
  protocol  = "email"
  endpoint  = "costs@example.com"
}

# bad
resource "aws_sns_topic" "oncall" {
  name = "oncall"
}

resource "aws_cloudwatch_event_rule" "failed" {
  name = "glue-failed"
  event_pattern = jsonencode({
    source      = ["aws.glue"]
    detail-type = ["Glue Job State Change"]
    detail      = { state = ["FAILED", "TIMEOUT"] }
  })
}

resource "aws_cloudwatch_event_target" "oncall" {
  rule = aws_cloudwatch_event_rule.failed.name
  arn  = aws_sns_topic.oncall.arn
}

resource "aws_sns_topic" "costs" {
  name = "costs"
}

resource "aws_sns_topic_subscription" "costs" {
  topic_arn = aws_sns_topic.costs.arn
  protocol  = "email"
  endpoint  = "costs@example.com"
}

# good
resource "aws_sns_topic" "oncall" {
  name = "oncall"
}

resource "aws_cloudwatch_metric_alarm" "late" {
  alarm_name          = "events-late"
  namespace           = "AWS/Kinesis"
  metric_name         = "GetRecords.IteratorAgeMilliseconds"
  statistic           = "Maximum"
  comparison_operator = "GreaterThanThreshold"
  threshold           = 60000
  period              = 300
  evaluation_periods  = 1
  alarm_actions       = [aws_sns_topic.oncall.arn]

  dimensions = {
    StreamName = "events"
  }
}

resource "aws_sns_topic_subscription" "oncall" {
  topic_arn = aws_sns_topic.oncall.arn
  protocol  = "email"
  endpoint  = "oncall@example.com"
}

# good
resource "aws_sns_topic" "oncall" {
  name = "oncall"
}

resource "aws_cloudwatch_event_rule" "failed" {
  name = "glue-failed"
  event_pattern = jsonencode({
    source      = ["aws.glue"]
    detail-type = ["Glue Job State Change"]
    detail      = { state = ["FAILED", "TIMEOUT"] }
  })
}

resource "aws_cloudwatch_event_target" "oncall" {
  rule = aws_cloudwatch_event_rule.failed.name
  arn  = aws_sns_topic.oncall.arn
}

resource "aws_sns_topic_subscription" "oncall" {
  topic_arn = aws_sns_topic.oncall.arn
  protocol  = "sqs"
  endpoint  = "arn:aws:sqs:us-east-1:123456789012:oncall"
}
