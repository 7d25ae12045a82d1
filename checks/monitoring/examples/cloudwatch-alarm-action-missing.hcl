# bad
resource "aws_cloudwatch_metric_alarm" "errors" {
  alarm_name          = "scoring-errors"
  namespace           = "AWS/Lambda"
  metric_name         = "Errors"
  statistic           = "Sum"
  comparison_operator = "GreaterThanThreshold"
  threshold           = 0
  period              = 300
  evaluation_periods  = 1
}

# bad
resource "aws_sns_topic" "oncall" {
  name = "oncall"
}

resource "aws_cloudwatch_metric_alarm" "errors" {
  alarm_name          = "scoring-errors"
  namespace           = "AWS/Lambda"
  metric_name         = "Errors"
  statistic           = "Sum"
  comparison_operator = "GreaterThanThreshold"
  threshold           = 0
  period              = 300
  evaluation_periods  = 1
  actions_enabled     = false
  alarm_actions       = [aws_sns_topic.oncall.arn]
}

# bad
resource "aws_cloudwatch_composite_alarm" "scoring" {
  alarm_name = "scoring"
  alarm_rule = "ALARM(scoring-errors) OR ALARM(scoring-latency)"
}

# good
resource "aws_sns_topic" "oncall" {
  name = "oncall"
}

resource "aws_cloudwatch_metric_alarm" "errors" {
  alarm_name          = "scoring-errors"
  namespace           = "AWS/Lambda"
  metric_name         = "Errors"
  statistic           = "Sum"
  comparison_operator = "GreaterThanThreshold"
  threshold           = 0
  period              = 300
  evaluation_periods  = 1
  alarm_actions       = [aws_sns_topic.oncall.arn]
}

# good
resource "aws_sns_topic" "oncall" {
  name = "oncall"
}

resource "aws_cloudwatch_metric_alarm" "errors" {
  alarm_name          = "scoring-errors"
  namespace           = "AWS/Lambda"
  metric_name         = "Errors"
  statistic           = "Sum"
  comparison_operator = "GreaterThanThreshold"
  threshold           = 0
  period              = 300
  evaluation_periods  = 1
}

resource "aws_cloudwatch_composite_alarm" "scoring" {
  alarm_name    = "scoring"
  alarm_rule    = "ALARM(${aws_cloudwatch_metric_alarm.errors.alarm_name})"
  alarm_actions = [aws_sns_topic.oncall.arn]
}
