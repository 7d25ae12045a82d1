# bad
resource "aws_sagemaker_monitoring_schedule" "churn" {
  name = "churn-drift"

  monitoring_schedule_config {
    monitoring_job_definition_name = "churn-drift"
    monitoring_type                = "DataQuality"

    schedule_config {
      schedule_expression = "cron(0 * ? * * *)"
    }
  }
}

resource "aws_cloudwatch_metric_alarm" "drift" {
  alarm_name          = "churn-drift"
  namespace           = "aws/sagemaker/Endpoints/data-metrics"
  metric_name         = "feature_baseline_drift_age"
  statistic           = "Maximum"
  comparison_operator = "GreaterThanThreshold"
  threshold           = 0
  period              = 300
  evaluation_periods  = 1

  dimensions = {
    Endpoint           = "churn"
    MonitoringSchedule = aws_sagemaker_monitoring_schedule.churn.name
  }
}

# bad
resource "aws_sagemaker_monitoring_schedule" "churn" {
  name = "churn-drift"

  monitoring_schedule_config {
    monitoring_job_definition_name = "churn-drift"
    monitoring_type                = "DataQuality"

    schedule_config {
      schedule_expression = "cron(0 * ? * * *)"
    }
  }
}

resource "aws_sns_topic" "oncall" {
  name = "oncall"
}

resource "aws_cloudwatch_metric_alarm" "drift" {
  alarm_name          = "orders-drift"
  namespace           = "aws/sagemaker/Endpoints/data-metrics"
  metric_name         = "feature_baseline_drift_age"
  statistic           = "Maximum"
  comparison_operator = "GreaterThanThreshold"
  threshold           = 0
  period              = 300
  evaluation_periods  = 1
  alarm_actions       = [aws_sns_topic.oncall.arn]

  dimensions = {
    Endpoint           = "orders"
    MonitoringSchedule = "orders-drift"
  }
}

# bad
resource "aws_sagemaker_monitoring_schedule" "churn" {
  name = "churn-drift"

  monitoring_schedule_config {
    monitoring_job_definition_name = "churn-drift"
    monitoring_type                = "DataQuality"

    schedule_config {
      schedule_expression = "cron(0 * ? * * *)"
    }
  }
}

resource "aws_sns_topic" "oncall" {
  name = "oncall"
}

resource "aws_cloudwatch_event_rule" "violations" {
  name = "drift-found"
  event_pattern = jsonencode({
    source      = ["aws.sagemaker"]
    detail-type = ["SageMaker Processing Job State Change"]
    detail      = { ProcessingJobStatus = ["Failed"] }
  })
}

resource "aws_cloudwatch_event_target" "oncall" {
  rule = aws_cloudwatch_event_rule.violations.name
  arn  = aws_sns_topic.oncall.arn
}

# good
resource "aws_sagemaker_monitoring_schedule" "churn" {
  name = "churn-drift"

  monitoring_schedule_config {
    monitoring_job_definition_name = "churn-drift"
    monitoring_type                = "DataQuality"

    schedule_config {
      schedule_expression = "cron(0 * ? * * *)"
    }
  }
}

resource "aws_sns_topic" "oncall" {
  name = "oncall"
}

resource "aws_cloudwatch_metric_alarm" "drift" {
  alarm_name          = "churn-drift"
  namespace           = "aws/sagemaker/Endpoints/data-metrics"
  metric_name         = "feature_baseline_drift_age"
  statistic           = "Maximum"
  comparison_operator = "GreaterThanThreshold"
  threshold           = 0
  period              = 300
  evaluation_periods  = 1
  alarm_actions       = [aws_sns_topic.oncall.arn]

  dimensions = {
    Endpoint           = "churn"
    MonitoringSchedule = aws_sagemaker_monitoring_schedule.churn.name
  }
}

# good
resource "aws_sagemaker_monitoring_schedule" "churn" {
  name = "churn-drift"

  monitoring_schedule_config {
    monitoring_job_definition_name = "churn-drift"
    monitoring_type                = "DataQuality"

    schedule_config {
      schedule_expression = "cron(0 * ? * * *)"
    }
  }
}

resource "aws_sns_topic" "oncall" {
  name = "oncall"
}

resource "aws_cloudwatch_event_rule" "violations" {
  name = "drift-found"
  event_pattern = jsonencode({
    source      = ["aws.sagemaker"]
    detail-type = ["SageMaker Processing Job State Change"]
    detail      = { ProcessingJobStatus = ["Completed", "Failed"] }
  })
}

resource "aws_cloudwatch_event_target" "oncall" {
  rule = aws_cloudwatch_event_rule.violations.name
  arn  = aws_sns_topic.oncall.arn
}
