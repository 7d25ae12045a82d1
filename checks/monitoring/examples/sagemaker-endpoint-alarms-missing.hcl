# bad
resource "aws_sagemaker_endpoint" "churn" {
  name                 = "churn"
  endpoint_config_name = "churn-7"
}

resource "aws_sns_topic" "oncall" {
  name = "oncall"
}

resource "aws_cloudwatch_metric_alarm" "slow" {
  alarm_name          = "churn-slow"
  namespace           = "AWS/SageMaker"
  metric_name         = "ModelLatency"
  statistic           = "Average"
  comparison_operator = "GreaterThanThreshold"
  threshold           = 200000
  period              = 300
  evaluation_periods  = 1
  alarm_actions       = [aws_sns_topic.oncall.arn]

  dimensions = {
    EndpointName = aws_sagemaker_endpoint.churn.name
    VariantName  = "AllTraffic"
  }
}

resource "aws_cloudwatch_metric_alarm" "failing" {
  alarm_name          = "churn-failing"
  namespace           = "AWS/SageMaker"
  metric_name         = "Invocation5XXErrors"
  statistic           = "Sum"
  comparison_operator = "GreaterThanThreshold"
  threshold           = 0
  period              = 300
  evaluation_periods  = 1
  alarm_actions       = [aws_sns_topic.oncall.arn]

  dimensions = {
    EndpointName = aws_sagemaker_endpoint.churn.name
    VariantName  = "AllTraffic"
  }
}

# bad
resource "aws_sagemaker_endpoint" "churn" {
  name                 = "churn"
  endpoint_config_name = "churn-7"
}

resource "aws_sns_topic" "oncall" {
  name = "oncall"
}

resource "aws_cloudwatch_metric_alarm" "slow" {
  alarm_name          = "churn-slow"
  namespace           = "AWS/SageMaker"
  metric_name         = "ModelLatency"
  statistic           = "Average"
  comparison_operator = "GreaterThanThreshold"
  threshold           = 200000
  period              = 300
  evaluation_periods  = 1
  alarm_actions       = [aws_sns_topic.oncall.arn]

  dimensions = {
    EndpointName = aws_sagemaker_endpoint.churn.name
    VariantName  = "AllTraffic"
  }
}

resource "aws_cloudwatch_metric_alarm" "failing" {
  alarm_name          = "churn-failing"
  namespace           = "AWS/SageMaker"
  metric_name         = "Invocation5XXErrors"
  statistic           = "Sum"
  comparison_operator = "GreaterThanThreshold"
  threshold           = 0
  period              = 300
  evaluation_periods  = 1
  alarm_actions       = [aws_sns_topic.oncall.arn]

  dimensions = {
    EndpointName = aws_sagemaker_endpoint.churn.name
    VariantName  = "AllTraffic"
  }
}

resource "aws_appautoscaling_policy" "more" {
  name               = "churn-more"
  policy_type        = "StepScaling"
  service_namespace  = "sagemaker"
  resource_id        = "endpoint/${aws_sagemaker_endpoint.churn.name}/variant/AllTraffic"
  scalable_dimension = "sagemaker:variant:DesiredInstanceCount"

  step_scaling_policy_configuration {
    adjustment_type = "ChangeInCapacity"

    step_adjustment {
      metric_interval_lower_bound = 0
      scaling_adjustment          = 1
    }
  }
}

resource "aws_cloudwatch_metric_alarm" "busy" {
  alarm_name          = "churn-busy"
  namespace           = "AWS/SageMaker"
  metric_name         = "InvocationsPerInstance"
  statistic           = "Sum"
  comparison_operator = "GreaterThanThreshold"
  threshold           = 1000
  period              = 300
  evaluation_periods  = 1
  alarm_actions       = [aws_appautoscaling_policy.more.arn]

  dimensions = {
    EndpointName = aws_sagemaker_endpoint.churn.name
    VariantName  = "AllTraffic"
  }
}

# good
resource "aws_sagemaker_endpoint" "churn" {
  name                 = "churn"
  endpoint_config_name = "churn-7"
}

resource "aws_sns_topic" "oncall" {
  name = "oncall"
}

resource "aws_cloudwatch_metric_alarm" "slow" {
  alarm_name          = "churn-slow"
  namespace           = "AWS/SageMaker"
  metric_name         = "ModelLatency"
  statistic           = "Average"
  comparison_operator = "GreaterThanThreshold"
  threshold           = 200000
  period              = 300
  evaluation_periods  = 1
  alarm_actions       = [aws_sns_topic.oncall.arn]

  dimensions = {
    EndpointName = aws_sagemaker_endpoint.churn.name
    VariantName  = "AllTraffic"
  }
}

resource "aws_cloudwatch_metric_alarm" "failing" {
  alarm_name          = "churn-failing"
  namespace           = "AWS/SageMaker"
  metric_name         = "Invocation5XXErrors"
  statistic           = "Sum"
  comparison_operator = "GreaterThanThreshold"
  threshold           = 0
  period              = 300
  evaluation_periods  = 1
  alarm_actions       = [aws_sns_topic.oncall.arn]

  dimensions = {
    EndpointName = aws_sagemaker_endpoint.churn.name
    VariantName  = "AllTraffic"
  }
}

resource "aws_cloudwatch_metric_alarm" "busy" {
  alarm_name          = "churn-busy"
  namespace           = "AWS/SageMaker"
  metric_name         = "InvocationsPerInstance"
  statistic           = "Sum"
  comparison_operator = "GreaterThanThreshold"
  threshold           = 1000
  period              = 300
  evaluation_periods  = 1
  alarm_actions       = [aws_sns_topic.oncall.arn]

  dimensions = {
    EndpointName = aws_sagemaker_endpoint.churn.name
    VariantName  = "AllTraffic"
  }
}
