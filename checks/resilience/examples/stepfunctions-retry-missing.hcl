# bad
resource "aws_sfn_state_machine" "training" {
  name     = "training"
  role_arn = "arn:aws:iam::123456789012:role/training"
  definition = jsonencode({
    StartAt = "Train"
    States = {
      Train = {
        Type     = "Task"
        Resource = "arn:aws:states:::sagemaker:createTrainingJob.sync"
        End      = true
      }
    }
  })
}

# bad
resource "aws_sfn_state_machine" "training" {
  name     = "training"
  role_arn = "arn:aws:iam::123456789012:role/training"
  definition = jsonencode({
    StartAt = "Train"
    States = {
      Train = {
        Type     = "Task"
        Resource = "arn:aws:states:::sagemaker:createTrainingJob.sync"
        Retry    = [{ ErrorEquals = ["States.ALL"], BackoffRate = 1, MaxAttempts = 5 }]
        End      = true
      }
    }
  })
}

# bad
resource "aws_sfn_state_machine" "inference" {
  name       = "inference"
  role_arn   = "arn:aws:iam::123456789012:role/inference"
  definition = <<-JSON
    {
      "StartAt": "Each",
      "States": {
        "Each": {
          "Type": "Map",
          "ItemProcessor": {
            "StartAt": "Infer",
            "States": {
              "Infer": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "End": true}
            }
          },
          "End": true
        }
      }
    }
  JSON
}

# good
resource "aws_sfn_state_machine" "training" {
  name     = "training"
  role_arn = "arn:aws:iam::123456789012:role/training"
  definition = jsonencode({
    StartAt = "Train"
    States = {
      Train = {
        Type     = "Task"
        Resource = "arn:aws:states:::sagemaker:createTrainingJob.sync"
        Retry = [{
          ErrorEquals     = ["SageMaker.AmazonSageMakerException"]
          IntervalSeconds = 10
          BackoffRate     = 2
          MaxAttempts     = 3
          JitterStrategy  = "FULL"
        }]
        End = true
      }
    }
  })
}

# good
resource "aws_sfn_state_machine" "approval" {
  name     = "approval"
  role_arn = "arn:aws:iam::123456789012:role/approval"
  definition = jsonencode({
    StartAt = "Approve"
    States = {
      Approve = {
        Type     = "Task"
        Resource = "arn:aws:states:::sqs:sendMessage.waitForTaskToken"
        Parameters = {
          QueueUrl    = "https://sqs.us-east-1.amazonaws.com/123456789012/approvals"
          MessageBody = { "token.$" = "$$.Task.Token" }
        }
        End = true
      }
    }
  })
}
