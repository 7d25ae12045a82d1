# bad
resource "aws_sagemaker_pipeline" "churn" {
  pipeline_name         = "churn"
  pipeline_display_name = "churn"
  role_arn              = "arn:aws:iam::123456789012:role/training"
  pipeline_definition = jsonencode({
    Version = "2020-12-01"
    Steps = [
      {
        Name      = "Done"
        Type      = "Fail"
        Arguments = { ErrorMessage = "no training yet" }
      }
    ]
  })
}

resource "aws_sns_topic" "oncall" {
  name = "oncall"
}

resource "aws_cloudwatch_event_rule" "failed" {
  name = "churn-failed"
  event_pattern = jsonencode({
    source      = ["aws.sagemaker"]
    detail-type = ["SageMaker Model Building Pipeline Execution Status Change"]
    detail      = { currentPipelineExecutionStatus = ["Succeeded"] }
  })
}

resource "aws_cloudwatch_event_target" "oncall" {
  rule = aws_cloudwatch_event_rule.failed.name
  arn  = aws_sns_topic.oncall.arn
}

# bad
resource "aws_sagemaker_pipeline" "churn" {
  pipeline_name         = "churn"
  pipeline_display_name = "churn"
  role_arn              = "arn:aws:iam::123456789012:role/training"
  pipeline_definition = jsonencode({
    Version = "2020-12-01"
    Steps = [
      {
        Name      = "Done"
        Type      = "Fail"
        Arguments = { ErrorMessage = "no training yet" }
      }
    ]
  })
}

resource "aws_cloudwatch_log_group" "events" {
  name = "/aws/events/training"
}

resource "aws_cloudwatch_event_rule" "failed" {
  name = "churn-failed"
  event_pattern = jsonencode({
    source      = ["aws.sagemaker"]
    detail-type = ["SageMaker Model Building Pipeline Execution Status Change"]
    detail      = { currentPipelineExecutionStatus = ["Failed"] }
  })
}

resource "aws_cloudwatch_event_target" "log" {
  rule = aws_cloudwatch_event_rule.failed.name
  arn  = aws_cloudwatch_log_group.events.arn
}

# bad
resource "aws_sagemaker_endpoint" "churn" {
  name                 = "churn"
  endpoint_config_name = "churn-7"
}

resource "aws_sns_topic" "oncall" {
  name = "oncall"
}

resource "aws_cloudwatch_event_rule" "failed" {
  name = "churn-failed"
  event_pattern = jsonencode({
    source      = ["aws.sagemaker"]
    detail-type = ["SageMaker Model Building Pipeline Execution Status Change"]
    detail      = { currentPipelineExecutionStatus = ["Failed"] }
  })
}

resource "aws_cloudwatch_event_target" "oncall" {
  rule = aws_cloudwatch_event_rule.failed.name
  arn  = aws_sns_topic.oncall.arn
}

# good
resource "aws_sagemaker_pipeline" "churn" {
  pipeline_name         = "churn"
  pipeline_display_name = "churn"
  role_arn              = "arn:aws:iam::123456789012:role/training"
  pipeline_definition = jsonencode({
    Version = "2020-12-01"
    Steps = [
      {
        Name      = "Done"
        Type      = "Fail"
        Arguments = { ErrorMessage = "no training yet" }
      }
    ]
  })
}

resource "aws_sns_topic" "oncall" {
  name = "oncall"
}

resource "aws_cloudwatch_event_rule" "failed" {
  name = "churn-failed"
  event_pattern = jsonencode({
    source      = ["aws.sagemaker"]
    detail-type = ["SageMaker Model Building Pipeline Execution Status Change"]
    detail      = { currentPipelineExecutionStatus = ["Failed"] }
  })
}

resource "aws_cloudwatch_event_target" "oncall" {
  rule = aws_cloudwatch_event_rule.failed.name
  arn  = aws_sns_topic.oncall.arn
}

# good
resource "aws_sagemaker_endpoint" "churn" {
  name                 = "churn"
  endpoint_config_name = "churn-7"
}

resource "aws_sns_topic" "oncall" {
  name = "oncall"
}

resource "aws_cloudwatch_event_rule" "failed" {
  name = "churn-failed"
  event_pattern = jsonencode({
    source      = ["aws.sagemaker"]
    detail-type = ["SageMaker Endpoint State Change"]
    detail = {
      EndpointName   = [aws_sagemaker_endpoint.churn.name]
      EndpointStatus = ["FAILED"]
    }
  })
}

resource "aws_cloudwatch_event_target" "oncall" {
  rule = aws_cloudwatch_event_rule.failed.name
  arn  = aws_sns_topic.oncall.arn
}
