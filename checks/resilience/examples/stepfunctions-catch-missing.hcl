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
        Catch    = [{ ErrorEquals = ["States.ALL"], Next = "Tell" }]
        End      = true
      }
      Tell = {
        Type     = "Task"
        Resource = "arn:aws:states:::sns:publish"
        Parameters = {
          TopicArn    = "arn:aws:sns:us-east-1:123456789012:on-call"
          "Message.$" = "$.Cause"
        }
        Next = "Failed"
      }
      Failed = { Type = "Fail" }
    }
  })
}
