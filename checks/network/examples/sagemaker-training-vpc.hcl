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
        Parameters = {
          "TrainingJobName.$"    = "$.name"
          EnableNetworkIsolation = true
        }
        End = true
      }
    }
  })
}

# bad
resource "aws_sagemaker_pipeline" "training" {
  pipeline_name         = "training"
  pipeline_display_name = "training"
  role_arn              = "arn:aws:iam::123456789012:role/training"
  pipeline_definition = jsonencode({
    Version = "2020-12-01"
    Steps = [{
      Name      = "Train"
      Type      = "Training"
      Arguments = { VpcConfig = { Subnets = [] } }
    }]
  })
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
        Parameters = {
          "TrainingJobName.$" = "$.name"
          VpcConfig = {
            Subnets          = ["subnet-0123456789abcdef0"]
            SecurityGroupIds = ["sg-0123456789abcdef0"]
          }
        }
        End = true
      }
    }
  })
}
