# bad
resource "aws_sfn_state_machine" "deploy" {
  name     = "deploy"
  role_arn = "arn:aws:iam::111122223333:role/deploy"
  definition = jsonencode({
    StartAt = "Evaluate"
    States = {
      Evaluate = {
        Type       = "Task"
        Resource   = "arn:aws:states:::lambda:invoke"
        Parameters = { FunctionName = "score" }
        Next       = "Deploy"
      }
      Deploy = {
        Type       = "Task"
        Resource   = "arn:aws:states:::sagemaker:updateEndpoint"
        Parameters = { EndpointName = "churn", EndpointConfigName = "churn-2" }
        End        = true
      }
    }
  })
}

# bad
resource "aws_sagemaker_pipeline" "churn" {
  pipeline_name         = "churn"
  pipeline_display_name = "churn"
  role_arn              = "arn:aws:iam::111122223333:role/pipeline"
  pipeline_definition = jsonencode({
    Version = "2020-12-01"
    Steps   = [{ Name = "DeployModel", Type = "Lambda", Arguments = {} }]
  })
}

# good
resource "aws_sfn_state_machine" "deploy" {
  name     = "deploy"
  role_arn = "arn:aws:iam::111122223333:role/deploy"
  definition = jsonencode({
    StartAt = "Evaluate"
    States = {
      Evaluate = {
        Type       = "Task"
        Resource   = "arn:aws:states:::lambda:invoke"
        Parameters = { FunctionName = "score" }
        Next       = "GoodEnough"
      }
      GoodEnough = {
        Type    = "Choice"
        Choices = [{ Variable = "$.accuracy", NumericGreaterThan = 0.9, Next = "Ask" }]
      }
      Ask = {
        Type       = "Task"
        Resource   = "arn:aws:states:::sqs:sendMessage.waitForTaskToken"
        Parameters = { QueueUrl = "approvals", MessageBody = { "Token.$" = "$$.Task.Token" } }
        Next       = "Deploy"
      }
      Deploy = {
        Type       = "Task"
        Resource   = "arn:aws:states:::sagemaker:updateEndpoint"
        Parameters = { EndpointName = "churn", EndpointConfigName = "churn-2" }
        End        = true
      }
    }
  })
}

# good
resource "aws_sagemaker_pipeline" "churn" {
  pipeline_name         = "churn"
  pipeline_display_name = "churn"
  role_arn              = "arn:aws:iam::111122223333:role/pipeline"
  pipeline_definition = jsonencode({
    Version = "2020-12-01"
    Steps   = [{ Name = "Register", Type = "RegisterModel", Arguments = {} }]
  })
}

# good
resource "aws_sfn_state_machine" "deploy" {
  name     = "deploy"
  role_arn = "arn:aws:iam::111122223333:role/deploy"
  definition = jsonencode({
    StartAt = "Update"
    States = {
      Update = {
        Type       = "Task"
        Resource   = "arn:aws:states:::sagemaker:updateEndpoint"
        Parameters = { EndpointName = "churn", EndpointConfigName = "churn-2" }
        End        = true
      }
    }
  })
}

resource "aws_cloudwatch_event_rule" "approved" {
  name = "approved"
  event_pattern = jsonencode({
    source        = ["aws.sagemaker"]
    "detail-type" = ["SageMaker Model Package State Change"]
    detail        = { ModelApprovalStatus = ["Approved"] }
  })
}

resource "aws_cloudwatch_event_target" "deploy" {
  rule     = aws_cloudwatch_event_rule.approved.name
  arn      = aws_sfn_state_machine.deploy.arn
  role_arn = "arn:aws:iam::111122223333:role/events"
}
