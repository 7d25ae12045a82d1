# bad
resource "aws_kinesis_stream" "events" {
  name        = "events"
  shard_count = 4
}

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
    StreamName = aws_kinesis_stream.events.name
  }
}

# bad
resource "aws_kinesis_stream" "events" {
  name        = "events"
  shard_count = 4
}

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
    StreamName = aws_kinesis_stream.events.name
  }
}

resource "aws_cloudwatch_metric_alarm" "throttled" {
  alarm_name          = "orders-throttled"
  namespace           = "AWS/Kinesis"
  metric_name         = "WriteProvisionedThroughputExceeded"
  statistic           = "Sum"
  comparison_operator = "GreaterThanThreshold"
  threshold           = 0
  period              = 300
  evaluation_periods  = 1
  alarm_actions       = [aws_sns_topic.oncall.arn]

  dimensions = {
    StreamName = "orders"
  }
}

# good
resource "aws_kinesis_stream" "events" {
  name        = "events"
  shard_count = 4
}

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
    StreamName = aws_kinesis_stream.events.name
  }
}

resource "aws_cloudwatch_metric_alarm" "throttled" {
  alarm_name          = "events-throttled"
  namespace           = "AWS/Kinesis"
  metric_name         = "WriteProvisionedThroughputExceeded"
  statistic           = "Sum"
  comparison_operator = "GreaterThanThreshold"
  threshold           = 0
  period              = 300
  evaluation_periods  = 1
  alarm_actions       = [aws_sns_topic.oncall.arn]

  dimensions = {
    StreamName = aws_kinesis_stream.events.name
  }
}

# good
resource "aws_kinesis_stream" "events" {
  name        = "events"
  shard_count = 4
}

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
    StreamName = aws_kinesis_stream.events.name
  }
}

resource "aws_cloudwatch_metric_alarm" "throttled" {
  alarm_name          = "events-throttled"
  comparison_operator = "GreaterThanThreshold"
  threshold           = 0
  evaluation_periods  = 1
  alarm_actions       = [aws_sns_topic.oncall.arn]

  metric_query {
    id          = "throttled"
    expression  = "reads + writes"
    return_data = true
  }

  metric_query {
    id = "reads"

    metric {
      namespace   = "AWS/Kinesis"
      metric_name = "ReadProvisionedThroughputExceeded"
      stat        = "Sum"
      period      = 300
      dimensions  = { StreamName = aws_kinesis_stream.events.name }
    }
  }

  metric_query {
    id = "writes"

    metric {
      namespace   = "AWS/Kinesis"
      metric_name = "WriteProvisionedThroughputExceeded"
      stat        = "Sum"
      period      = 300
      dimensions  = { StreamName = aws_kinesis_stream.events.name }
    }
  }
}
