# bad
resource "aws_sqs_queue" "frames" {
  name = "frames"
}

# bad
resource "aws_sqs_queue" "frames" {
  name_prefix                = "frames-"
  visibility_timeout_seconds = 60
}

# good
resource "aws_sqs_queue" "failed" {
  name = "frames-failed"
}

resource "aws_sqs_queue" "frames" {
  name = "frames"
  redrive_policy = jsonencode({
    deadLetterTargetArn = aws_sqs_queue.failed.arn
    maxReceiveCount     = 3
  })
}

resource "aws_cloudwatch_metric_alarm" "failed" {
  alarm_name          = "frames-failed"
  namespace           = "AWS/SQS"
  metric_name         = "ApproximateNumberOfMessagesVisible"
  statistic           = "Maximum"
  comparison_operator = "GreaterThanThreshold"
  threshold           = 0
  period              = 300
  evaluation_periods  = 1
  alarm_actions       = ["arn:aws:sns:us-east-1:123456789012:on-call"]
  dimensions = {
    QueueName = aws_sqs_queue.failed.name
  }
}

# good
resource "aws_sqs_queue" "failed" {
  name = "labels-undelivered"
}

resource "aws_sqs_queue" "labels" {
  name = "labels"
}

resource "aws_sqs_queue_redrive_policy" "labels" {
  queue_url = aws_sqs_queue.labels.id
  redrive_policy = jsonencode({
    deadLetterTargetArn = aws_sqs_queue.failed.arn
    maxReceiveCount     = 3
  })
}

resource "aws_cloudwatch_metric_alarm" "failed" {
  alarm_name          = "labels-undelivered"
  comparison_operator = "GreaterThanThreshold"
  threshold           = 0
  evaluation_periods  = 1
  alarm_actions       = ["arn:aws:sns:us-east-1:123456789012:on-call"]
  metric_query {
    id          = "visible"
    return_data = true
    metric {
      namespace   = "AWS/SQS"
      metric_name = "ApproximateNumberOfMessagesVisible"
      stat        = "Maximum"
      period      = 300
      dimensions = {
        QueueName = aws_sqs_queue.failed.name
      }
    }
  }
}
